//! Fixes and edits with lines and columns.

use serde::Serialize;

use crate::check::{self, Applicability, Edit};
use crate::document::{LineIndex, OffsetEncoding, Position};

/// A change to the text that resolves a diagnostic, with lines and columns. Contains no secret.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[non_exhaustive]
pub struct Fix {
    /// A short description: "Change to `host`".
    pub title: String,
    /// Whether it may be applied without review.
    pub applicability: Applicability,
    /// The edits, in the order of the text; they do not overlap.
    pub edits: Vec<TextEdit>,
}

/// A replacement of a part of a text.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[non_exhaustive]
pub struct TextEdit {
    /// The first character to replace.
    pub start: Position,
    /// The character after the last one to replace; the same as `start` for an insertion.
    pub end: Position,
    /// The new text; empty for a removal.
    pub text: String,
}

/// The edits with lines and columns.
pub(crate) fn place_edits(edits: &[Edit], lines: &LineIndex<'_>, offsets: OffsetEncoding) -> Vec<TextEdit> {
    let place = |Edit { span, text }: &Edit| {
        let range = lines.range(*span, offsets);
        TextEdit { start: range.start, end: range.end, text: text.clone() }
    };
    edits.iter().map(place).collect()
}

pub(super) fn place(fix: &check::Fix, lines: &LineIndex<'_>, offsets: OffsetEncoding) -> Fix {
    let check::Fix { title, applicability, edits } = fix;
    let edits = place_edits(edits, lines, offsets);
    Fix { title: title.clone(), applicability: *applicability, edits }
}
