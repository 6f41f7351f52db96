//! Byte spans, and the lines and columns that people read.

use serde::Serialize;

/// A half-open range of byte offsets into the text (UTF-8), from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Span {
    /// The span from `start` up to `end`.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Whether `other` lies within this span.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// What the offsets of a report count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum OffsetEncoding {
    /// Bytes of the UTF-8 text.
    #[serde(rename = "utf-8")]
    Utf8,
    /// Code units of a JavaScript string.
    #[serde(rename = "utf-16")]
    Utf16,
}

/// A place in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The offset from 0, in the report's [`OffsetEncoding`].
    pub offset: usize,
}

/// From a place up to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Range {
    /// The first character.
    pub start: Position,
    /// The character after the last.
    pub end: Position,
}

/// Turns byte offsets into lines and columns: built once a text, then logarithmic in its lines.
#[derive(Debug)]
pub struct LineIndex<'a> {
    text: &'a str,
    line_starts: Vec<usize>,
}
