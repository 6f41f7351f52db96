//! Converts the parser's marks to byte offsets.

use saphyr_parser::Marker;

use crate::document::character;
use crate::text::position::BYTE_ORDER_MARK;

/// Turns the parser's marks, which count characters, into byte offsets. The marks nearly always move
/// forward, so that walking from the last one is linear.
pub(super) struct Marks<'t> {
    text: &'t str,
    pub(super) base: usize,
    ascii: bool,
    /// How many characters the marks are ahead: the parser counts bytes instead of characters in directives.
    ahead: usize,
    characters: usize,
    byte: usize,
}

impl<'t> Marks<'t> {
    pub(super) fn new(text: &'t str, base: usize) -> Self {
        let ascii = text.get(base..).is_some_and(str::is_ascii);
        Self { text, base, ascii, ahead: 0, characters: 0, byte: base }
    }

    pub(super) fn byte(&mut self, marker: Marker) -> usize {
        if self.ascii {
            return (self.base + marker.index()).min(self.text.len());
        }
        let index = marker.index().saturating_sub(self.ahead);
        while self.characters < index && self.byte < self.text.len() {
            self.forward();
        }
        while self.characters > index && self.byte > self.base {
            self.backward();
        }
        self.byte
    }

    /// The byte after the `---` of a document. Its directives may have moved the marks ahead.
    pub(super) fn document_start(&mut self, end: Marker, previous: usize) -> usize {
        let marked = self.byte(end);
        if !self.ascii
            && let Some(byte) = self.directives_end(previous, marked)
        {
            while self.byte > byte {
                self.backward();
            }
            while self.byte < byte {
                self.forward();
            }
            self.ahead = end.index().saturating_sub(self.characters);
        }
        self.byte(end)
    }

    /// The byte after the first `---` at the start of a line between `previous` and the marked position, which may be too
    /// far ahead. The search stops there: searching the rest of the text for each document would take quadratic time.
    /// Byte order marks may precede the `---`.
    fn directives_end(&self, previous: usize, marked: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let starts_line = |at: usize| {
            let before = self.text.get(self.base..at)?.trim_end_matches(BYTE_ORDER_MARK);
            Some(before.is_empty() || before.ends_with(['\n', '\r']))
        };
        let is_start = |at: &usize| {
            let is_whole = bytes.get(at + 3).is_none_or(u8::is_ascii_whitespace);
            bytes.get(*at..at + 3) == Some(b"---") && is_whole && starts_line(*at) == Some(true)
        };
        (previous..marked.min(bytes.len())).find(is_start).map(|at| at + 3)
    }

    fn backward(&mut self) {
        self.byte = character(self.text, self.byte - 1).start;
        self.characters -= 1;
    }

    fn forward(&mut self) {
        self.byte = character(self.text, self.byte).end;
        self.characters += 1;
    }
}
