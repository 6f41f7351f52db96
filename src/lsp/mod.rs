//! The language server (feature `cli`): diagnostics, hover, completion and fixes for editors, over any pair of
//! streams, by the Language Server Protocol 3.17,
//! <https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/>.
//!
//! It is a thin layer over the core: diagnostics and fixes come from [`crate::check`], descriptions of keys from the
//! schemas. Documents that are not Bootshift's get nothing. Nothing is logged, and no message of the server contains a
//! value of a document, except the names that diagnostics show.

mod action;
mod completion;
mod cursor;
mod document;
mod frame;
mod hover;
mod names;
mod params;
mod positions;
mod server;
mod uri;

pub use names::FILE_NAMES;
pub use server::{ServerExit, serve};
