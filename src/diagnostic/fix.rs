//! Changes to a text after which a diagnostic is gone. They hold no secret: what they write is a key, a value of the
//! schema, a quote, or a name that the diagnostic shows as well.

use crate::text::Span;
use crate::words;

/// Whether a [`Fix`] may be applied without review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applicability {
    /// The fix loses nothing and there is no other reading: it can be applied automatically.
    Safe,
    /// The fix is a guess or removes something: it needs review.
    Unsafe,
}

/// A replacement in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The bytes that go away; empty for an insertion.
    pub span: Span,
    /// What comes in their place.
    pub text: String,
}

/// A change to the text that fixes one diagnostic. Holds no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fix {
    /// What it does, in a few words: "Change to `host`".
    pub title: String,
    /// Whether it may be applied without review.
    pub applicability: Applicability,
    /// Its edits, in the order of the text, which do not overlap.
    pub edits: Vec<Edit>,
}

impl Fix {
    pub(crate) fn new(title: impl Into<String>, applicability: Applicability, edits: Vec<Edit>) -> Self {
        Self { title: words::text(title.into()), applicability, edits }
    }

    /// Whether it may be applied without asking.
    #[must_use]
    pub fn is_safe(&self) -> bool {
        self.applicability == Applicability::Safe
    }

    /// Whether it changes a byte that `other` changes too, or inserts at the same place.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        let touch = |a: Span, b: Span| a.start < b.end && b.start < a.end || a.start == b.start;
        self.edits.iter().any(|edit| other.edits.iter().any(|one| touch(edit.span, one.span)))
    }
}

/// The text after fixes that do not overlap.
#[must_use]
pub fn apply(text: &str, fixes: &[&Fix]) -> String {
    let mut edits: Vec<&Edit> = fixes.iter().flat_map(|fix| &fix.edits).collect();
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
