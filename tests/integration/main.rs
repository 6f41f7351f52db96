//! Tests of the crate through its public API, and of its command. They need nothing but Rust.

mod cli;
mod dependencies;
mod edit;
mod every_property;
mod examples;
mod file_names;
mod fixtures;
#[cfg(unix)]
mod fuzz_inputs;
mod js;
mod lsp;
#[cfg(target_os = "linux")]
mod memory;
mod program;
mod properties;
mod readme;
mod schemas;
mod script;
mod secrets;
mod structure;
