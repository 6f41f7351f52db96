//! Changes to a text after which a diagnostic is gone. They hold no secret: what they write is a key, a value of the
//! schema, a quote, or a name that the diagnostic shows as well.

use crate::text::Span;
use crate::words;

/// How sure it is that the author meant what a [`Mend`] writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// Nothing is lost, and nothing else can have been meant: may be applied without asking.
    Certain,
    /// A guess, or something goes away: for somebody to look at first.
    Likely,
}

/// A replacement in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The bytes that go away; empty for an insertion.
    pub span: Span,
    /// What comes in their place.
    pub text: String,
}

/// A change to the text that mends one diagnostic. Holds no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mend {
    /// What it does, in a few words: "Change to `host`".
    pub title: String,
    /// How sure it is.
    pub certainty: Certainty,
    /// Its edits, in the order of the text, which do not overlap.
    pub edits: Vec<Edit>,
}

impl Mend {
    pub(crate) fn new(title: impl Into<String>, certainty: Certainty, edits: Vec<Edit>) -> Self {
        Self { title: words::text(title.into()), certainty, edits }
    }

    /// Whether it may be applied without asking.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        self.certainty == Certainty::Certain
    }

    /// Whether it changes a byte that `other` changes too, or inserts at the same place.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        let touch = |a: Span, b: Span| a.start < b.end && b.start < a.end || a.start == b.start;
        self.edits.iter().any(|edit| other.edits.iter().any(|one| touch(edit.span, one.span)))
    }
}

/// The text after mends that do not overlap.
#[must_use]
pub fn apply(text: &str, mends: &[&Mend]) -> String {
    let mut edits: Vec<&Edit> = mends.iter().flat_map(|mend| &mend.edits).collect();
    edits.sort_by_key(|edit| edit.span);
    edited(text, edits)
}

/// The text after edits in its order that do not overlap.
pub(crate) fn edited<'e>(text: &str, edits: impl IntoIterator<Item = &'e Edit>) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut at = 0;
    for edit in edits {
        let Some(before) = text.get(at..edit.span.start) else { continue };
        out.push_str(before);
        out.push_str(&edit.text);
        at = edit.span.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}
