//! Computes the spans of nodes from the parser's marks.

use saphyr_parser::{ScalarStyle, Span as MarkerSpan};

use super::Reader;
use crate::document::Span;
use crate::document::tree::Slot;

impl Reader<'_> {
    /// The span of a scalar without its properties.
    pub(super) fn scalar_span(
        &mut self,
        value: &str,
        style: ScalarStyle,
        properties: bool,
        span: MarkerSpan,
    ) -> Span {
        if style == ScalarStyle::Plain && value.is_empty() {
            let at = if properties { self.marks.byte(span.end) } else { self.previous };
            // A document with only an anchor or a tag is an explicit `null`.
            let is_document = properties && self.tree.slot() == Slot::Root;
            return Span::new(if is_document { self.marks.byte(span.start) } else { at }, at);
        }
        let mut start = self.marks.byte(span.start);
        if properties {
            start = self.skip_properties(start);
        }
        match style {
            ScalarStyle::Plain => Span::new(start, self.marks.byte(span.end).max(start)),
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Span::new(start, self.quoted_end(start)),
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let end = self.marks.byte(span.end);
                // Without content at the end of the text, the mark is at the header itself.
                let bare = value.bytes().all(|b| b == b'\n') && matches!(self.byte(start), Some(b'|' | b'>'));
                let start = if properties || bare { start } else { self.block_header(start) };
                let lines = self.text.get(start..end).unwrap_or_default();
                Span::new(start, start + lines.trim_end().len())
            }
        }
    }

    /// The byte after a closing bracket. Its mark starts at the bracket, or at the comma before it if there is one, and ends
    /// after the whitespace that follows.
    pub(super) fn bracket_end(&mut self, span: MarkerSpan) -> usize {
        let at = self.marks.byte(span.start);
        if self.byte(at) == Some(b',') { self.skip_space(at + 1) + 1 } else { at + 1 }
    }

    /// The byte after the closing quote of the string that starts at `start`.
    pub(super) fn quoted_end(&self, start: usize) -> usize {
        let bytes = self.text.as_bytes();
        let quote = self.byte(start);
        let mut at = start + 1;
        while let Some(&byte) = bytes.get(at) {
            if byte == b'\\' && quote == Some(b'"') {
                at += 2;
            } else if Some(byte) != quote {
                at += 1;
            } else if byte == b'\'' && self.byte(at + 1) == Some(b'\'') {
                at += 2;
            } else {
                return at + 1;
            }
        }
        bytes.len()
    }

    /// The `|` or `>` of the block scalar whose first line is marked at `content`.
    pub(super) fn block_header(&self, content: usize) -> usize {
        let between = self.text.get(self.previous..content).unwrap_or_default();
        // Only blank lines are between the header and the content.
        let header = between.trim_end();
        let line = header.rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let mut word = self.previous + line;
        let end = self.previous + header.len();
        loop {
            while word < end && matches!(self.byte(word), Some(b' ' | b'\t')) {
                word += 1;
            }
            if word >= end {
                return content;
            }
            if matches!(self.byte(word), Some(b'|' | b'>')) {
                return word;
            }
            while word < end && !matches!(self.byte(word), Some(b' ' | b'\t')) {
                word += 1;
            }
        }
    }

    /// Moves `previous` over the indicators before a node: `-`, `?`, `:` or `,`.
    pub(super) fn skip_indicators(&mut self) {
        let flow = self.tree.top().is_some_and(|frame| frame.flow);
        let slot = self.tree.slot();
        let indicator = match slot {
            Slot::Root => return,
            Slot::Item | Slot::Key if flow => b',',
            Slot::Item => b'-',
            Slot::Key => b'?',
            Slot::Value => b':',
        };
        self.skip_indicator(indicator);
        if slot == Slot::Key && flow {
            self.skip_indicator(b'?');
        }
    }

    pub(super) fn skip_indicator(&mut self, indicator: u8) {
        let next = self.skip_space(self.previous);
        let alone = matches!(indicator, b',' | b':')
            || matches!(self.byte(next + 1), None | Some(b' ' | b'\t' | b'\n' | b'\r'));
        if self.byte(next) == Some(indicator) && alone {
            self.previous = next + 1;
        }
    }

    /// The position after the anchor and the tag at `at`.
    pub(super) fn skip_properties(&self, mut at: usize) -> usize {
        while let Some(b'&' | b'!') = self.byte(at) {
            let verbatim = self.byte(at) == Some(b'!') && self.byte(at + 1) == Some(b'<');
            while let Some(byte) = self.byte(at) {
                let ends = match byte {
                    b' ' | b'\t' | b'\n' | b'\r' => true,
                    b',' | b'[' | b']' | b'{' | b'}' => !verbatim,
                    _ => false,
                };
                if ends {
                    break;
                }
                at += 1;
            }
            at = self.skip_space(at);
        }
        at
    }

    /// The position after whitespace, line breaks and comments.
    pub(super) fn skip_space(&self, mut at: usize) -> usize {
        while let Some(byte) = self.byte(at) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => at += 1,
                b'#' => {
                    while !matches!(self.byte(at), None | Some(b'\n' | b'\r')) {
                        at += 1;
                    }
                }
                _ => break,
            }
        }
        at
    }

    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }
}
