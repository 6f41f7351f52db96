//! Mends with lines and columns.

#[cfg(feature = "mend")]
use crate::check::Edit;
use crate::check::Mend;
#[cfg(feature = "mend")]
use crate::document::Range;
use crate::document::{LineIndex, OffsetEncoding};

/// A [`Mend`] with lines and columns; without the feature `mend` there is none.
#[cfg(feature = "mend")]
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PlacedMend {
    /// What it does.
    pub(super) title: String,
    /// What is replaced, and by what.
    pub(super) edits: Vec<(Range, String)>,
}

#[cfg(not(feature = "mend"))]
pub(super) type PlacedMend = Mend;

#[cfg(feature = "mend")]
pub(super) fn place(mend: &Mend, lines: &LineIndex<'_>, offsets: OffsetEncoding) -> PlacedMend {
    let edit = |Edit { span, text }: &Edit| (lines.range(*span, offsets), text.clone());
    PlacedMend { title: mend.title.clone(), edits: mend.edits.iter().map(edit).collect() }
}

#[cfg(not(feature = "mend"))]
pub(super) fn place(mend: &Mend, _: &LineIndex<'_>, _: OffsetEncoding) -> PlacedMend {
    match *mend {}
}
