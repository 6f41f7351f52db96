//! Fixes: edits of a text that resolve a diagnostic. They contain no secrets: they only write keys, values of the schema,
//! quotes, and names that the diagnostic shows too.

use serde::Serialize;

use crate::text::Span;
use crate::words;

/// Whether a [`Fix`] may be applied without review. The safe ones come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Applicability {
    /// The fix loses nothing and is unambiguous: it can be applied automatically.
    Safe,
    /// The fix is a guess or removes something: it needs review.
    Unsafe,
}

/// A replacement of a part of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The bytes to replace; empty for an insertion.
    pub span: Span,
    /// The new text.
    pub text: String,
}

impl Edit {
    /// Replaces the bytes from `start` to `end`.
    pub(crate) fn new(start: usize, end: usize, text: impl Into<String>) -> Self {
        Self { span: Span::new(start, end), text: text.into() }
    }

    /// The edit that turns a text into another: of what is between their common start and their common end.
    pub(crate) fn between(old: &str, new: &str) -> Self {
        let same = |(a, b): &(char, char)| a == b;
        let start: usize = old.chars().zip(new.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
        let (old_rest, new_rest) = (old.split_at(start).1, new.split_at(start).1);
        let ends = old_rest.chars().rev().zip(new_rest.chars().rev());
        let end: usize = ends.take_while(same).map(|(c, _)| c.len_utf8()).sum();
        Self::new(start, old.len() - end, new_rest.split_at(new_rest.len() - end).0)
    }
}

/// A change to the text that resolves one diagnostic. Contains no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fix {
    /// A short description: "Change to `host`".
    pub title: String,
    /// Whether it may be applied without review.
    pub applicability: Applicability,
    /// The edits, in the order of the text; they do not overlap.
    pub edits: Vec<Edit>,
}

impl Fix {
    pub(crate) fn new(title: impl Into<String>, applicability: Applicability, edits: Vec<Edit>) -> Self {
        Self { title: words::text(title.into()), applicability, edits }
    }

    /// Whether it may be applied without review.
    #[must_use]
    pub fn is_safe(&self) -> bool {
        self.applicability == Applicability::Safe
    }

    /// Whether it changes a byte that `other` also changes, or inserts at the same position.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        let touch = |a: Span, b: Span| a.start < b.end && b.start < a.end || a.start == b.start;
        self.edits.iter().any(|edit| other.edits.iter().any(|one| touch(edit.span, one.span)))
    }
}

/// Applies fixes that do not overlap.
#[must_use]
pub fn apply(text: &str, fixes: &[&Fix]) -> String {
    let mut edits: Vec<&Edit> = fixes.iter().flat_map(|fix| &fix.edits).collect();
    edits.sort_by_key(|edit| edit.span);
    edited(text, edits)
}

/// Applies edits in the order of the text that do not overlap.
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
