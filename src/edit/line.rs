//! Lines and indentation of a text.

use crate::document::{Node, NodeKind, Span, Syntax};
use crate::text::position::BYTE_ORDER_MARK;

/// The indentation of a text that has none to follow.
const INDENTATION: &str = "  ";

/// A text as lines.
#[derive(Clone, Copy)]
pub(super) struct Lines<'t> {
    text: &'t str,
    /// The first byte after a byte order mark.
    pub(super) base: usize,
}

impl<'t> Lines<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let base = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 };
        Self { text, base }
    }

    /// The first line break of the text.
    pub(super) fn line_break(self) -> &'static str {
        match self.text.find(['\n', '\r']).and_then(|at| self.text.get(at..)) {
            Some(rest) if rest.starts_with("\r\n") => "\r\n",
            Some(rest) if rest.starts_with('\r') => "\r",
            _ => "\n",
        }
    }

    pub(super) fn byte(self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// The text between two positions.
    pub(super) fn between(self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// Where the line of a position starts.
    pub(super) fn start(self, at: usize) -> usize {
        let before = self.between(0, at);
        before.rfind(['\n', '\r']).map_or(self.base, |line_break| line_break + 1).min(at)
    }

    /// Where the line of a position ends, without its line break.
    pub(super) fn end(self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        at + rest.find(['\n', '\r']).unwrap_or(rest.len())
    }

    /// Where the line after the one that ends at a position starts.
    pub(super) fn next(self, end: usize) -> usize {
        match (self.byte(end), self.byte(end + 1)) {
            (Some(b'\r'), Some(b'\n')) => end + 2,
            (Some(_), _) => end + 1,
            (None, _) => end,
        }
    }

    /// Where the line before the one that starts at a position ends.
    pub(super) fn end_of_previous(self, start: usize) -> usize {
        if self.between(0, start).ends_with("\r\n") { start - 2 } else { start.saturating_sub(1) }
    }

    /// The number of characters before a position on its line.
    pub(super) fn column(self, at: usize) -> usize {
        self.between(self.start(at), at).chars().count()
    }

    /// Whether only whitespace is before a position on its line.
    pub(super) fn is_first(self, at: usize) -> bool {
        is_blank(self.between(self.start(at), at))
    }

    /// Whether the rest of a line is blank or a comment.
    pub(super) fn is_last(self, at: usize) -> bool {
        let rest = self.between(at, self.end(at));
        is_blank(rest) || rest.trim_start_matches([' ', '\t']).starts_with('#')
    }

    /// The whitespace at the start of a position's line.
    pub(super) fn indentation(self, at: usize) -> &'t str {
        let line = self.between(self.start(at), at);
        let content = line.trim_start_matches([' ', '\t']);
        line.get(..line.len() - content.len()).unwrap_or_default()
    }

    /// The position before the spaces and tabs that precede a position.
    pub(super) fn skip_back(self, at: usize) -> usize {
        self.between(0, at).trim_end_matches([' ', '\t']).len()
    }

    /// The position after spaces and tabs.
    pub(super) fn skip_blanks(self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        at + rest.len() - rest.trim_start_matches([' ', '\t']).len()
    }

    /// The position after whitespace, line breaks and comments.
    pub(super) fn skip_space(self, mut at: usize) -> usize {
        while let Some(byte) = self.byte(at) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => at += 1,
                b'#' => at = self.end(at),
                _ => break,
            }
        }
        at
    }
}

pub(super) fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' ' | b'\t'))
}

/// One level of indentation: that of the first indented object.
pub(super) fn unit(lines: Lines<'_>, root: &Node, syntax: Syntax) -> String {
    let found = match syntax {
        Syntax::Json => root.members().first().map(|first| {
            let inner = lines.indentation(first.key_span.start);
            let is_alone = lines.is_first(first.key_span.start);
            inner.get(lines.indentation(root.span.start).len()..).filter(|_| is_alone)
        }),
        Syntax::Yaml => Some(yaml_unit(lines, root)),
    };
    found.flatten().filter(|unit| !unit.is_empty()).unwrap_or(INDENTATION).to_owned()
}

fn yaml_unit<'t>(lines: Lines<'t>, root: &Node) -> Option<&'t str> {
    root.members().iter().find_map(|member| {
        let Node { span, origin, kind } = &member.value;
        let is_object = matches!(kind, NodeKind::Object(_)) && span == origin;
        let is_below = is_object && lines.is_first(span.start) && lines.is_first(member.key_span.start);
        let Span { start, .. } = *span;
        let inner = lines.indentation(start).get(lines.column(member.key_span.start)..);
        inner.filter(|_| is_below)
    })
}
