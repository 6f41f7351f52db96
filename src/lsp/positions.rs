//! Positions of the protocol: lines from 0, and columns in the units of the negotiated encoding.

use lsp_types::{Position, PositionEncodingKind, Range};

use crate::document::{LineIndex, OffsetEncoding, Span};

/// The unit of a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Bytes of UTF-8.
    Utf8,
    /// Code units of UTF-16, which every client supports.
    #[default]
    Utf16,
    /// Characters.
    Utf32,
}

impl Encoding {
    /// The cheapest one that the client supports.
    pub(super) fn agreed(offered: &[&str]) -> Self {
        let supports = |kind: PositionEncodingKind| offered.contains(&kind.as_str());
        if supports(PositionEncodingKind::UTF8) {
            Self::Utf8
        } else if supports(PositionEncodingKind::UTF32) && !supports(PositionEncodingKind::UTF16) {
            Self::Utf32
        } else {
            Self::Utf16
        }
    }

    /// The name in the protocol.
    pub(super) const fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    fn width(self, c: char) -> usize {
        match self {
            Self::Utf8 => c.len_utf8(),
            Self::Utf16 => c.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// Converts between bytes and positions of a text.
pub(super) struct PositionMap<'t> {
    text: &'t str,
    lines: LineIndex<'t>,
    encoding: Encoding,
}

impl<'t> PositionMap<'t> {
    pub(super) fn new(text: &'t str, encoding: Encoding) -> Self {
        Self { text, lines: LineIndex::new(text), encoding }
    }

    /// The position of a byte.
    pub(super) fn position(&self, offset: usize) -> Position {
        let place = self.lines.position(offset, OffsetEncoding::Utf8);
        let start = self.start(place.line);
        let utf16 = |offset| self.lines.position(offset, OffsetEncoding::Utf16).offset;
        // The index counts the characters before a byte, so that a text of one long line is fast.
        let column = match self.encoding {
            Encoding::Utf8 => place.offset - start,
            Encoding::Utf16 => utf16(place.offset) - utf16(start),
            Encoding::Utf32 => place.column - 1 + usize::from(start == 0 && offset > 0 && self.has_mark()),
        };
        Position { line: narrow(place.line - 1), character: narrow(column) }
    }

    pub(super) fn range(&self, span: Span) -> Range {
        Range { start: self.position(span.start), end: self.position(span.end) }
    }

    /// The byte at a position; after the end of a line its end, after the last line the end of the text.
    pub(super) fn offset(&self, position: Position) -> usize {
        let line = position.line as usize + 1;
        let end = self.lines.line_span(line).end;
        let start = self.start(line);
        if line > 1 && start == 0 {
            return self.text.len();
        }
        let mut left = position.character as usize;
        let mut offset = start;
        for c in self.text.get(start..end).unwrap_or_default().chars() {
            let width = self.encoding.width(c);
            if width > left {
                break;
            }
            left -= width;
            offset += c.len_utf8();
        }
        offset
    }

    /// The bytes of a range, also of one that ends before it starts.
    pub(super) fn span(&self, range: Range) -> Span {
        let (start, end) = (self.offset(range.start), self.offset(range.end));
        Span::new(start.min(end), start.max(end))
    }

    /// Whether the text starts with a byte order mark, which is not a visible column.
    fn has_mark(&self) -> bool {
        self.text.starts_with('\u{FEFF}')
    }

    /// The start of a line, counted from 1. The first line includes its byte order mark, which is a character to the
    /// protocol. 0 for a line that does not exist.
    fn start(&self, line: usize) -> usize {
        if line == 1 { 0 } else { self.lines.line_span(line).start }
    }
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_round_trip_through_positions() {
        let text = "\u{FEFF}a\u{1d11e}\u{e9}x\r\n\r\n\u{1d11e}\ry";
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            let places = PositionMap::new(text, encoding);
            for (offset, c) in text.char_indices().chain([(text.len(), ' ')]) {
                if c != '\n' {
                    assert_eq!(places.offset(places.position(offset)), offset, "{encoding:?}");
                }
            }
        }
        let place = |encoding, needle: char| {
            let Position { line, character } =
                PositionMap::new(text, encoding).position(text.find(needle).expect("it is there"));
            (line, character)
        };
        assert_eq!(place(Encoding::Utf8, 'x'), (0, 10));
        assert_eq!(place(Encoding::Utf16, 'x'), (0, 5));
        assert_eq!(place(Encoding::Utf32, 'x'), (0, 4));
        assert_eq!(place(Encoding::Utf16, 'y'), (3, 0));
    }

    #[test]
    fn positions_outside_the_text_are_clamped() {
        let places = PositionMap::new("ab\n\u{1d11e}", Encoding::Utf16);
        let offset = |line, character| places.offset(Position { line, character });
        assert_eq!(offset(0, 9), 2);
        assert_eq!(offset(1, 1), 3, "inside of a pair: before it");
        assert_eq!(offset(7, 0), 7);
        assert_eq!(PositionMap::new("", Encoding::Utf16).offset(Position { line: 3, character: 3 }), 0);
        let span = places.span(Range { start: Position { line: 1, character: 0 }, end: Position::default() });
        assert_eq!(span, Span::new(0, 3), "a range that ends before it starts is swapped");
    }

    #[test]
    fn negotiated_encoding_is_supported_by_client() {
        for (offered, agreed) in [
            (&[] as &[_], Encoding::Utf16),
            (&["utf-16"], Encoding::Utf16),
            (&["utf-16", "utf-8"], Encoding::Utf8),
            (&["utf-7", "utf-32"], Encoding::Utf32),
            (&["utf-7"], Encoding::Utf16),
        ] {
            assert_eq!(Encoding::agreed(offered), agreed, "{offered:?}");
        }
    }
}
