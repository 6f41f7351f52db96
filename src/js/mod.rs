//! The functions of the package as JavaScript calls them: a document and options in, data out. What a value looks like on
//! the other side is derived from these types, so that the TypeScript declarations cannot drift from them.
//!
//! Nothing here knows a JavaScript value; the binding over it is thin, and all of this is tested on the host.

mod document;
mod functions;
mod options;
mod shapes;
#[cfg(test)]
mod tests;

pub use document::Document;
pub use functions::{Failure, check, check_files, redact, request, script, script_files};
pub use options::{
    CheckOptions, InputFile, ParseOptions, RedactOptions, RequestFormat, RequestOptions, ScriptFilesOptions,
    ScriptOptions,
};
pub use shapes::*;
