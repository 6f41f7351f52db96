//! Reading, editing and fixing a text.

use serde::Serialize;
use serde_json::Value;
use tsify::Tsify;

use super::document::Document;
use super::functions::{Failure, check_options, old_payload};
use super::given::{Words, word};
use super::options::FixOptions;
use crate::check::{self, Applicability};
use crate::document::{Documents, LineIndex, Node, OffsetEncoding, Syntax};
use crate::edit::{self, EditError};
use crate::report::{TextEdit, place_edits};
use crate::text::shown::enumerate;

/// A text after its fixes were applied.
#[derive(Clone, Debug, PartialEq, Serialize, Tsify)]
pub struct Fixed {
    /// The text. Everything outside of the fixes is unchanged.
    pub text: String,
    /// How many fixes were applied.
    pub applied: usize,
}

impl From<EditError> for Failure {
    fn from(error: EditError) -> Self {
        Self::new(error.to_string())
    }
}

/// The value at a JSON pointer in the first document, if there is one.
///
/// # Errors
/// The pointer is invalid.
pub fn get(document: &Document, pointer: &str) -> Result<Option<Value>, Failure> {
    Ok(edit::get(&document.documents, pointer)?.map(Node::to_json))
}

/// The edits that set a value at a JSON pointer in the first document.
///
/// # Errors
/// The pointer is invalid, or the text cannot be edited there.
pub fn set(document: &Document, pointer: &str, value: &Value) -> Result<Vec<TextEdit>, Failure> {
    Ok(placed(document, &edit::set(&document.documents, pointer, value)?))
}

/// The edits that remove the member at a JSON pointer in the first document.
///
/// # Errors
/// As for [`set`].
pub fn remove(document: &Document, pointer: &str) -> Result<Vec<TextEdit>, Failure> {
    Ok(placed(document, &edit::remove(&document.documents, pointer)?))
}

fn placed(document: &Document, edits: &[check::Edit]) -> Vec<TextEdit> {
    let lines = LineIndex::new(document.documents.text());
    place_edits(edits, &lines, OffsetEncoding::Utf16)
}

/// Applies fixes, and those that this reveals, until there are none.
///
/// # Errors
/// As for [`check`](super::check).
pub fn fix(document: &Document, old: Option<&Document>, options: &FixOptions) -> Result<Fixed, Failure> {
    let old = old.map(old_payload).transpose()?;
    let Document { documents, path } = document;
    let applicability = if options.r#unsafe { Applicability::Unsafe } else { Applicability::Safe };
    let options = check_options(&options.check, old.as_ref(), path.as_deref())?;
    let checked = check::check(documents, &options);
    let all = |_: &Documents<'_>, checked: &[check::Checked]| vec![true; checked.len()];
    let fixed = check::fix(documents, &checked, &options, applicability, &all);
    Ok(match fixed {
        Some(fixed) => Fixed { text: fixed.documents.text().to_owned(), applied: fixed.fixes },
        None => Fixed { text: documents.text().to_owned(), applied: 0 },
    })
}

/// The first document in another syntax.
///
/// # Errors
/// The syntax is unknown, the text cannot be parsed, or JSON has no such value.
pub fn convert(document: &Document, syntax: &str) -> Result<String, Failure> {
    let syntax: Syntax = word(syntax).map_err(|Words(words)| {
        Failure::new(format!("unknown syntax; expected {}", enumerate(words, "or")))
    })?;
    Ok(edit::convert(&document.documents, syntax)?)
}
