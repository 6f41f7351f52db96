//! Diagnostics, which the parsers and the checks report.

mod code;
mod fix;

pub use code::{Code, Severity, UnknownCode};
pub(crate) use fix::edited;
pub use fix::{Applicability, Edit, Fix, apply};

use crate::text::{Located, Span};
use crate::words::text;

/// A problem or a note at a location of the text. Contains no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// The kind of problem.
    pub code: Code,
    /// The severity.
    pub severity: Severity,
    /// The message, one line.
    pub message: String,
    /// How to solve the problem, one line.
    pub help: Option<String>,
    /// The JSON pointer (RFC 6901) to the value or key; empty for the document.
    pub pointer: String,
    /// The key that is missing or unknown, or whose value is invalid, if it is known and may be shown.
    pub property: Option<String>,
    /// The location in the text.
    pub span: Span,
    /// An edit of the text that solves the problem.
    pub fix: Option<Fix>,
    /// Related locations, such as the first of two duplicate keys.
    pub related: Vec<Related>,
}

/// A related location of a diagnostic. Contains no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Related {
    /// A short description: "first defined here".
    pub message: String,
    /// The name of the file, if it is not the file of the diagnostic.
    pub path: Option<String>,
    /// The location in the text of that file.
    pub place: Located,
}

impl Related {
    /// A location in the text of the diagnostic.
    #[must_use]
    pub fn new(place: Located, message: impl Into<String>) -> Self {
        Self { message: text(message.into()), path: None, place }
    }

    /// Sets the name of the file, if it is not the file of the diagnostic.
    #[must_use]
    pub fn in_file(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }
}

impl Diagnostic {
    /// A diagnostic with the default severity of the code, without help.
    #[must_use]
    pub fn new(code: Code, pointer: impl Into<String>, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: text(message.into()),
            help: None,
            pointer: pointer.into(),
            property: None,
            span,
            fix: None,
            related: Vec::new(),
        }
    }

    /// Adds a help.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(text(help.into()));
        self
    }

    /// Sets the key that it is about.
    #[must_use]
    pub fn with_property(mut self, key: impl Into<String>) -> Self {
        self.property = Some(key.into());
        self
    }

    /// Adds a fix, if there is one.
    #[must_use]
    pub fn with_fix(mut self, fix: Option<Fix>) -> Self {
        self.fix = fix;
        self
    }

    /// Adds a related location.
    #[must_use]
    pub fn with_related(mut self, related: Related) -> Self {
        self.related.push(related);
        self
    }

    /// Sets the severity.
    #[must_use]
    pub fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }
}
