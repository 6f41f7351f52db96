//! The functions of the npm package: they take a document and options, and return data. The TypeScript declarations are
//! derived from these types, so that they cannot diverge.
//!
//! Nothing here uses JavaScript values: the binding on top is thin, and all of this is tested natively.

mod document;
mod edits;
mod functions;
mod given;
mod options;
#[cfg(test)]
mod tests;
mod types;

pub use document::Document;
pub use edits::{Fixed, convert, fix, get, remove, set};
pub use functions::{Failure, check, check_files, redact, request, script, script_files};
pub use given::{Given, GivenOptions, ReadOptions};
pub use options::{
    CheckOptions, FixOptions, InputFile, ParseOptions, RedactOptions, RequestFormat, RequestOptions,
    ScriptFilesOptions, ScriptOptions,
};
pub use types::*;
