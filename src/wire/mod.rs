//! The five verbs as JavaScript calls them: text and options in, JSON out. What a value looks like on the other
//! side is derived from these types, so that the TypeScript declarations cannot drift from them.
//!
//! Nothing here knows a JavaScript value; the binding over it is thin, and all of this is tested on the host.

mod options;
pub mod rows;
mod shapes;
mod verbs;

pub use options::{
    CheckOptions, InputFile, RedactOptions, RequestFormat, RequestOptions, ScriptFilesOptions, ScriptOptions,
};
pub use shapes::*;
pub use verbs::{Failure, check, check_files, explain, names, redact, request, schema, script, script_files};
