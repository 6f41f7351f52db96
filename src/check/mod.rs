//! A document against its schema, against the rules that no schema can say, and against the other documents
//! of the run.

mod diagnostic;
pub mod suggest;

pub use diagnostic::{Code, Diagnostic, Severity};

use crate::document::{Limits, Span, Syntax};
use crate::operation::Operation;
use crate::payload::{Credentials, Payload};

/// Where a text comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Origin {
    /// A file, which may be under version control.
    #[default]
    File,
    /// A stream, an editor, a call.
    Text,
}

/// How to check.
#[derive(Clone, Debug, Default)]
pub struct Options<'a> {
    /// The operation; `None` to tell it from each document.
    pub operation: Option<Operation>,
    /// JSON or YAML; `None` to tell it from the text.
    pub syntax: Option<Syntax>,
    /// Where the text comes from.
    pub origin: Origin,
    /// The payload that an update, an edit or a delete starts from.
    pub old: Option<&'a Payload>,
    /// For `delete`: how the integration was made, where `old` does not tell.
    pub auto_bootstrap: Option<bool>,
    /// What hostile text may cost.
    pub limits: Limits,
}

/// What a document holds once it is known to be right.
#[derive(Clone, Debug)]
pub enum Body {
    /// A full payload.
    Payload(Payload),
    /// The credentials of a `DELETE`.
    Credentials(Credentials),
    /// A `DELETE` without a body.
    Empty,
    /// A response: one integration, a list, a status or an error.
    Response,
}

/// A document that has been checked.
#[derive(Debug)]
pub struct Checked {
    /// The place in the stream, from 0.
    pub index: usize,
    /// The operation it was checked for; `None` where the text tells none.
    pub operation: Option<Operation>,
    /// What there is to say, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// The content; `None` if there is an error among the diagnostics.
    pub body: Option<Body>,
    /// The `host` of a payload with its place, for [`conflicts`]; kept when other parts are wrong.
    pub host: Option<(String, Span)>,
    /// The spans of the text that an excerpt may show: known keys, unknown keys, and values that are no
    /// secret; sorted, disjoint. Everything else but white space and punctuation is hidden.
    pub visible: Vec<Span>,
}

impl Checked {
    /// Whether no diagnostic is an error.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.diagnostics.iter().all(|d| d.severity != Severity::Error)
    }
}

/// Checks every document of `text`.
#[must_use]
pub fn check(text: &str, options: &Options<'_>) -> Vec<Checked> {
    let _ = (text, options);
    unimplemented!()
}

/// Adds `integration-conflict` to each payload whose host an earlier one of the run configures. `files` are
/// the names to show, with the documents of each.
pub fn conflicts(files: &mut [(String, Vec<Checked>)]) {
    let _ = files;
    unimplemented!()
}
