//! Fixes with lines and columns.

use crate::check::{Edit, Fix};
use crate::document::{LineIndex, OffsetEncoding, Range};

/// A [`Fix`] with lines and columns.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PlacedFix {
    /// Its title.
    pub(super) title: String,
    /// The ranges and their replacements.
    pub(super) edits: Vec<(Range, String)>,
}

pub(super) fn place(fix: &Fix, lines: &LineIndex<'_>, offsets: OffsetEncoding) -> PlacedFix {
    let edit = |Edit { span, text }: &Edit| (lines.range(*span, offsets), text.clone());
    PlacedFix { title: fix.title.clone(), edits: fix.edits.iter().map(edit).collect() }
}
