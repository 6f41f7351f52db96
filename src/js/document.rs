//! A text that is read once, for all that is asked of it.

use super::options::ParseOptions;
use crate::document::{Documents, Syntax};

/// The name of a text that has none.
pub(super) const UNNAMED: &str = "<input>";

/// A text that has been read, with the name of its file if it has one.
#[derive(Clone, Debug)]
pub struct Document {
    pub(super) documents: Documents<'static>,
    pub(super) path: Option<String>,
}

impl Document {
    /// Reads a text. Never fails: what is wrong with the text is in the report.
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

/// Reads a text without a name, within the default limits.
impl From<&str> for Document {
    fn from(text: &str) -> Self {
        Self::parse(text, &ParseOptions::default())
    }
}
