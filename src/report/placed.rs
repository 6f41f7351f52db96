//! Mends with lines and columns.

use crate::check::{Edit, Mend};
use crate::document::{LineIndex, OffsetEncoding, Range};

/// A [`Mend`] with lines and columns.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PlacedMend {
    /// What it does.
    pub(super) title: String,
    /// What is replaced, and by what.
    pub(super) edits: Vec<(Range, String)>,
}

pub(super) fn place(mend: &Mend, lines: &LineIndex<'_>, offsets: OffsetEncoding) -> PlacedMend {
    let edit = |Edit { span, text }: &Edit| (lines.range(*span, offsets), text.clone());
    PlacedMend { title: mend.title.clone(), edits: mend.edits.iter().map(edit).collect() }
}
