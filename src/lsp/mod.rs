//! The language server (feature `cli`): diagnostics, hover, completion and fixes for editors, over any pair of
//! streams, by the Language Server Protocol 3.17,
//! <https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/>.
//!
//! It is thin over the core: what is wrong, and how to fix it, [`crate::check`] says; what a key means, the schemas
//! say. Documents that are none of Bootshift's get nothing at all. Nothing is logged, and no message of the server
//! holds a value of a document, but for the names that diagnostics show.

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
pub use server::{End, serve};
