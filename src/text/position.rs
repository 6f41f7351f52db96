//! Byte spans, and lines and columns for people.

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

/// The unit of the offsets of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
pub enum OffsetEncoding {
    /// Bytes of the UTF-8 text.
    #[serde(rename = "utf-8")]
    Utf8,
    /// Code units of a JavaScript string.
    #[serde(rename = "utf-16")]
    Utf16,
}

/// A position in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The offset from 0, in the report's [`OffsetEncoding`].
    pub offset: usize,
}

/// A range of positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Range {
    /// The first character.
    pub start: Position,
    /// The character after the last.
    pub end: Position,
}

/// A span with its lines and columns, which can be shown without the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Located {
    utf8: Range,
    utf16: Range,
}

impl Located {
    /// The bytes.
    #[must_use]
    pub const fn span(&self) -> Span {
        Span::new(self.utf8.start.offset, self.utf8.end.offset)
    }

    /// The positions of both ends.
    #[must_use]
    pub const fn range(&self, encoding: OffsetEncoding) -> Range {
        match encoding {
            OffsetEncoding::Utf8 => self.utf8,
            OffsetEncoding::Utf16 => self.utf16,
        }
    }
}

/// The number of bytes between two [`Count`]s of the index.
const STRIDE: usize = 512;

/// A byte order mark, which editors do not show: it is not a column, but three bytes and one UTF-16 unit.
pub(crate) const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// Whether a character is a byte order mark: only at the start of the text.
pub(crate) const fn is_mark(at: usize, c: char) -> bool {
    at == 0 && c == BYTE_ORDER_MARK
}

/// The amount of text before a byte.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    /// The number of line breaks.
    breaks: usize,
    characters: usize,
    utf16: usize,
}

/// Converts byte offsets to lines and columns: built once per text, then logarithmic in its length. Lines end at `\n`,
/// `\r\n` or a lone `\r`. It takes a fraction of the memory of the text, whatever the lines.
#[derive(Debug)]
pub struct LineIndex<'a> {
    text: &'a str,
    /// The counts before every [`STRIDE`]th byte.
    counts: Vec<Count>,
}

impl<'a> LineIndex<'a> {
    /// Indexes the lines of `text`.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let mut index = Self { text, counts: Vec::with_capacity(text.len() / STRIDE + 1) };
        let mut count = Count::default();
        for from in (0..=text.len()).step_by(STRIDE) {
            index.counts.push(count);
            count = index.counted(count, from, from + STRIDE);
        }
        index
    }

    /// The position of a byte offset. An offset inside a character or after the text is rounded down.
    #[must_use]
    pub fn position(&self, offset: usize, encoding: OffsetEncoding) -> Position {
        let offset = self.floor(offset);
        let count = self.count(offset);
        let start = self.line_start(count.breaks).unwrap_or_default();
        let mark = usize::from(count.breaks == 0 && offset > 0 && self.text.starts_with(BYTE_ORDER_MARK));
        Position {
            line: count.breaks + 1,
            column: count.characters - self.count(start).characters - mark + 1,
            offset: match encoding {
                OffsetEncoding::Utf8 => offset,
                OffsetEncoding::Utf16 => count.utf16,
            },
        }
    }

    /// The positions of both ends of a span.
    #[must_use]
    pub fn range(&self, span: Span, encoding: OffsetEncoding) -> Range {
        Range { start: self.position(span.start, encoding), end: self.position(span.end, encoding) }
    }

    /// The span with its lines and columns, which can be kept without the text.
    #[must_use]
    pub fn locate(&self, span: Span) -> Located {
        Located {
            utf8: self.range(span, OffsetEncoding::Utf8),
            utf16: self.range(span, OffsetEncoding::Utf16),
        }
    }

    /// The span of a line (from 1) without its line break and without a byte order mark; the empty span at
    /// the end of the text for a line that does not exist.
    #[must_use]
    pub fn line_span(&self, line: usize) -> Span {
        let Some(start) = line.checked_sub(1).and_then(|before| self.line_start(before)) else {
            return Span::new(self.text.len(), self.text.len());
        };
        let end = self.line_start(line).unwrap_or(self.text.len());
        let line_text = self.text.get(start..end).unwrap_or_default();
        let shown = line_text.strip_suffix('\n').unwrap_or(line_text);
        let shown = shown.strip_suffix('\r').unwrap_or(shown);
        let mark =
            if start == 0 && shown.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 };
        Span::new(start + mark, start + shown.len())
    }

    /// The text before a byte.
    fn count(&self, offset: usize) -> Count {
        let stride = offset / STRIDE;
        self.counted(self.counts.get(stride).copied().unwrap_or_default(), stride * STRIDE, offset)
    }

    /// Adds the text from one byte up to another to a count.
    fn counted(&self, mut count: Count, from: usize, to: usize) -> Count {
        let bytes = self.text.as_bytes();
        for at in from..to.min(bytes.len()) {
            let byte = bytes.get(at).copied().unwrap_or_default();
            count.breaks += usize::from(self.is_break(at));
            // Every byte but a continuation starts a character; those of four bytes are surrogate pairs.
            count.characters += usize::from(byte & 0xC0 != 0x80);
            count.utf16 += usize::from(byte & 0xC0 != 0x80) + usize::from(byte >= 0xF0);
        }
        count
    }

    /// Whether the byte at an offset is the last of a line.
    fn is_break(&self, at: usize) -> bool {
        let byte = |at: usize| self.text.as_bytes().get(at).copied();
        byte(at) == Some(b'\n') || (byte(at) == Some(b'\r') && byte(at + 1) != Some(b'\n'))
    }

    /// The start of the line after this number of line breaks, if it exists.
    fn line_start(&self, breaks: usize) -> Option<usize> {
        if breaks == 0 {
            return Some(0);
        }
        let stride = self.counts.partition_point(|count| count.breaks < breaks).checked_sub(1)?;
        let mut left = breaks - self.counts.get(stride)?.breaks;
        for at in stride * STRIDE..self.text.len() {
            left -= usize::from(self.is_break(at));
            if left == 0 {
                return Some(at + 1);
            }
        }
        None
    }

    fn floor(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str, offset: usize) -> (usize, usize, usize) {
        let index = LineIndex::new(text);
        let utf8 = index.position(offset, OffsetEncoding::Utf8);
        let utf16 = index.position(offset, OffsetEncoding::Utf16);
        assert_eq!((utf8.line, utf8.column), (utf16.line, utf16.column));
        (utf8.line, utf8.column, utf16.offset)
    }

    #[test]
    fn every_kind_of_line_break_ends_a_line() {
        let text = "a\nb\r\nc\rd";
        assert_eq!(place(text, 0), (1, 1, 0));
        assert_eq!(place(text, 1), (1, 2, 1));
        assert_eq!(place(text, 2), (2, 1, 2));
        assert_eq!(place(text, 4), (2, 3, 4));
        assert_eq!(place(text, 5), (3, 1, 5));
        assert_eq!(place(text, 7), (4, 1, 7));
        assert_eq!(place(text, 99), (4, 2, 8));
        let index = LineIndex::new(text);
        let lines: Vec<_> = (0..=5).map(|n| index.line_span(n)).map(|s| &text[s.start..s.end]).collect();
        assert_eq!(lines, ["", "a", "b", "c", "d", ""]);
    }

    #[test]
    fn columns_count_characters_and_offsets_units() {
        let text = "é𝄞x\n𝄞y";
        assert_eq!(place(text, 2), (1, 2, 1));
        assert_eq!(place(text, 4), (1, 2, 1), "inside a character: its start");
        assert_eq!(place(text, 6), (1, 3, 3));
        assert_eq!(place(text, text.len()), (2, 3, 8));
    }

    #[test]
    fn located_span_does_not_need_the_text() {
        let located = LineIndex::new("a\n𝄞é: b").locate(Span::new(6, 8));
        assert_eq!(located.span(), Span::new(6, 8));
        let start = |encoding| {
            let Position { line, column, offset } = located.range(encoding).start;
            (line, column, offset)
        };
        assert_eq!(start(OffsetEncoding::Utf8), (2, 2, 6));
        assert_eq!(start(OffsetEncoding::Utf16), (2, 2, 4));
        assert_eq!(located.range(OffsetEncoding::Utf16).end.column, 3);
    }

    #[test]
    fn byte_order_mark_is_not_a_column() {
        let text = "\u{FEFF}ab\nc";
        assert_eq!(place(text, 0), (1, 1, 0));
        assert_eq!(place(text, 3), (1, 1, 1));
        assert_eq!(place(text, 4), (1, 2, 2));
        assert_eq!(place(text, 6), (2, 1, 4));
        assert_eq!(LineIndex::new(text).line_span(1), Span::new(3, 5));
    }

    #[test]
    fn long_lines_match_a_simple_count() {
        let text: String = "aé𝄞\u{FEFF}".chars().cycle().take(5000).collect();
        let index = LineIndex::new(&text);
        let mut utf16 = 0;
        for (n, (offset, c)) in text.char_indices().enumerate() {
            let position = index.position(offset, OffsetEncoding::Utf16);
            assert_eq!((position.line, position.column, position.offset), (1, n + 1, utf16));
            utf16 += c.len_utf16();
        }
        assert_eq!(index.position(text.len(), OffsetEncoding::Utf16).offset, utf16);
    }

    #[test]
    fn empty_text_has_one_line() {
        assert_eq!(place("", 0), (1, 1, 0));
        assert_eq!(LineIndex::new("").line_span(1), Span::new(0, 0));
    }
}
