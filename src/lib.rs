//! Bootshift checks the payloads that configure an Immuta integration for Amazon Redshift, and writes the SQL
//! that sets up Redshift for it.
//!
//! ```text
//! text ──document──▶ tree with positions ──check──▶ report
//!                                           └────▶ Payload ──script──▶ Script ──▶ SQL text
//!                                                     ├──request──▶ HTTP request, curl
//!                                                     └──redact───▶ what GET would return
//! ```
//!
//! Data flows one way, and the core does no I/O: files, streams and the environment are handled by the command line
//! (feature `cli`) and the runner (feature `native`). A [`Payload`](payload::Payload) can only be created from a checked
//! document, so no later step checks again. Secrets have a type that cannot be printed.
//!
//! ```
//! use bootshift::check::{self, Body};
//! use bootshift::script::{Flavor, ScriptKind, ScriptOptions, script};
//!
//! let text = r#"
//! type: Redshift
//! autoBootstrap: false
//! config:
//!   host: cluster.example.com
//!   database: immuta
//!   initialDatabase: dev
//!   authenticationType: userPassword
//!   username: immuta_system
//!   password: ${REDSHIFT_PASSWORD}
//! "#;
//! let checked = check::check(&text.into(), &check::Options::default());
//! assert!(checked[0].diagnostics.is_empty());
//! let Some(Body::Payload(payload)) = &checked[0].body else { panic!("a payload") };
//!
//! let env = |name: &str| (name == "REDSHIFT_PASSWORD").then(|| "Correct1horse".to_owned());
//! let script = script(ScriptKind::InitialCreate, payload, None, &ScriptOptions::default(), &env)?;
//! let files = script.render(Flavor::Plain);
//! assert_eq!(files[0].name, "1-initial-create.sql");
//! assert!(files[0].text.contains("CREATE DATABASE \"immuta\";"));
//! # Ok::<(), bootshift::script::ScriptError>(())
//! ```
#![forbid(unsafe_code)]
// docs.rs shows the features that items require.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod characters;
pub mod check;
#[cfg(all(feature = "cli", any(feature = "wasm", not(target_family = "wasm"))))]
pub mod cli;
pub mod diagnostic;
pub mod document;
pub mod edit;
mod encoding;
#[cfg(feature = "cli")]
mod files;
#[cfg(feature = "wasm")]
pub mod js;
#[cfg(all(feature = "cli", not(target_family = "wasm")))]
pub mod lsp;
pub mod operation;
pub mod payload;
mod placeholder;
mod platform;
pub mod report;
pub mod request;
#[cfg(feature = "native")]
pub mod runner;
mod schema;
pub mod schemas;
pub mod script;
pub mod sql;
pub mod text;
// The module of the command line has its own binding.
#[cfg(all(feature = "wasm", target_family = "wasm", not(feature = "cli")))]
pub mod wasm;
mod words;
