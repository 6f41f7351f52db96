//! A text that is parsed once, for all functions.

use super::options::ParseOptions;
use crate::document::{Documents, Syntax};

/// The name of an unnamed text.
pub(super) const UNNAMED: &str = "<input>";

/// A parsed text, with the name of its file if it has one.
#[derive(Clone, Debug)]
pub struct Document {
    pub(super) documents: Documents<'static>,
    pub(super) path: Option<String>,
}

impl Document {
    /// Parses a text. Never fails: problems of the text are in the report.
    #[must_use]
    pub fn parse(text: impl Into<String>, options: &ParseOptions) -> Self {
        let syntax = options.syntax.or_else(|| options.path.as_deref().and_then(Syntax::of_path));
        let documents = Documents::parse(text.into(), syntax, &options.limits());
        Self { documents, path: options.path.clone() }
    }

    /// The name to show.
    pub(super) fn name(&self) -> &str {
        self.path.as_deref().unwrap_or(UNNAMED)
    }
}

/// Parses an unnamed text, within the default limits.
impl From<&str> for Document {
    fn from(text: &str) -> Self {
        Self::parse(text, &ParseOptions::default())
    }
}
