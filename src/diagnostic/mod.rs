//! What is said about a document: by what reads it, and by what checks it.

mod code;
mod fix;

pub use code::{Code, Severity, UnknownCode};
pub(crate) use fix::edited;
pub use fix::{Applicability, Edit, Fix, apply};

use crate::text::{Located, Span};
use crate::words::text;

/// One mistake, or one thing worth knowing, at its place. Holds no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// What kind.
    pub code: Code,
    /// How bad.
    pub severity: Severity,
    /// One line in the user's terms.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
    /// The JSON pointer (RFC 6901) to the value or key; empty for the document.
    pub pointer: String,
    /// The key that is missing or unknown, or whose value is wrong, where it is known and may be shown.
    pub property: Option<String>,
    /// Where it stands in the text.
    pub span: Span,
    /// How the text can be changed so that it goes away.
    pub fix: Option<Fix>,
    /// Other places that belong to it, such as the first of two equal keys.
    pub related: Vec<Related>,
}

/// Another place that belongs to a diagnostic. Holds no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Related {
    /// What is there, in a few words: "first defined here".
    pub message: String,
    /// The name of the file, where it is another one than the diagnostic's.
    pub path: Option<String>,
    /// Where it stands in the text of that file.
    pub place: Located,
}

impl Related {
    /// A place in the text that the diagnostic is about.
    #[must_use]
    pub fn new(place: Located, message: impl Into<String>) -> Self {
        Self { message: text(message.into()), path: None, place }
    }

    /// The same place in the file of this name.
    #[must_use]
    pub fn in_file(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }
}

impl Diagnostic {
    /// A diagnostic of the code's own severity, without help.
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

    /// The same with help.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(text(help.into()));
        self
    }

    /// The same about this key.
    #[must_use]
    pub fn with_property(mut self, key: impl Into<String>) -> Self {
        self.property = Some(key.into());
        self
    }

    /// The same with a fix, if there is one.
    #[must_use]
    pub fn with_fix(mut self, fix: Option<Fix>) -> Self {
        self.fix = fix;
        self
    }

    /// The same with another place that belongs to it.
    #[must_use]
    pub fn with_related(mut self, related: Related) -> Self {
        self.related.push(related);
        self
    }

    /// The same with another severity.
    #[must_use]
    pub fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }
}
