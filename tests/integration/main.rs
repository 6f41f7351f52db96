//! Tests of the crate through its public API, and of its command.
//!
//! `cargo test` runs those that need nothing but Rust; the feature `native` adds those on the Redshift emulator, which needs the
//! programs of a PostgreSQL server.

mod dependencies;
mod every_property;
mod examples;
mod properties;
mod schemas;
mod script;
mod secrets;
mod structure;
mod support;

#[cfg(feature = "cli")]
mod cli;
#[cfg(feature = "cli")]
mod file_names;
#[cfg(feature = "cli")]
mod fixtures;
#[cfg(feature = "cli")]
mod lsp;
#[cfg(all(feature = "cli", target_os = "linux"))]
mod memory;
#[cfg(feature = "cli")]
mod readme;

#[cfg(feature = "wasm")]
mod js;

#[cfg(all(feature = "native", unix))]
mod attacks;
#[cfg(all(feature = "native", unix))]
mod book;
#[cfg(all(feature = "native", unix))]
mod clients;
#[cfg(all(feature = "native", unix))]
mod connection;
#[cfg(all(feature = "native", unix))]
mod constructs;
#[cfg(all(feature = "native", unix))]
mod emulator;
#[cfg(all(feature = "native", unix))]
mod fuzz_inputs;
#[cfg(all(feature = "native", unix))]
mod runner;
