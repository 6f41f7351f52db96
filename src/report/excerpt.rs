//! The source line of a diagnostic, with everything redacted that must not be shown.
//!
//! The check determines which spans of the text can be shown ([`Checked::visible`](crate::check::Checked)). Of the rest
//! only whitespace and the punctuation of the syntax is kept: a value becomes `<REDACTED>`, other words `…`, and comments
//! are removed. For a text that is too broken to have a tree no values are shown, only keys that every payload can have.
//!
//! The work for one line is bounded, however long the line is.

use std::ops::Range;

use crate::document::{LineIndex, OffsetEncoding, Span};
use crate::schema::{is_property, may_be_secret};
use crate::text::shown::is_disturbing;

/// Replaces a redacted value.
const REDACTED: &str = "<REDACTED>";
/// Replaces other redacted words, and omitted parts of a long line.
const ELLIPSIS: &str = "…";
/// The number of bytes before and after the position that are considered.
const WINDOW: usize = 1024;
/// The maximum number of characters shown of a line.
const WIDTH: usize = 100;
/// The number of characters shown before the position in a long line.
const BEFORE: usize = 30;
/// The maximum number of punctuation bytes kept next to visible text.
const PUNCTUATION: usize = 64;
/// The same if it may be the start or the end of a secret: too little to reveal anything.
const STRAY_PUNCTUATION: usize = 3;

/// A redacted line.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Excerpt {
    /// The number of the line, from 1.
    pub line: usize,
    /// The column of the position in the original text, in characters from 1.
    pub column: usize,
    /// The line, redacted and shortened.
    pub text: String,
    /// The bytes of `text` for the span; empty for a position between characters.
    pub caret: Range<usize>,
}

/// The first line of `span`, redacted. `visible` is sorted and disjoint.
#[must_use]
pub fn excerpt(text: &str, lines: &LineIndex<'_>, visible: &[Span], span: Span) -> Excerpt {
    let start = lines.position(span.start, OffsetEncoding::Utf8);
    let line = lines.line_span(start.line);
    let place = start.offset.clamp(line.start, line.end);
    let end = span.end.clamp(place, line.end);
    let window = Span::new(
        floor(text, place.saturating_sub(WINDOW).max(line.start)),
        floor(text, line.end.min(place + WINDOW)),
    );
    let mut mask = Mask::new(text, line, window, Span::new(place, end));
    mask.run(visible);
    let (text, caret) = shorten(mask.out.text.trim_end(), mask.out.caret());
    Excerpt { line: start.line, column: start.column, text, caret }
}

/// The nearest start of a character at or before `offset`.
fn floor(text: &str, mut offset: usize) -> usize {
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// The redacted line under construction, with the position of the caret.
#[derive(Debug)]
struct Out {
    text: String,
    target: Span,
    start: Option<usize>,
    end: Option<usize>,
}

impl Out {
    /// Writes `shown` for the source bytes of `source`.
    fn push(&mut self, source: Span, shown: &str) {
        if self.start.is_none() && self.target.start < source.end {
            self.start = Some(self.text.len());
        }
        self.text.push_str(shown);
        if source.start < self.target.end && self.target.end <= source.end {
            self.end = Some(self.text.len());
        }
    }

    fn caret(&self) -> Range<usize> {
        let length = self.text.trim_end().len();
        let start = self.start.unwrap_or(length).min(length);
        let end = if self.target.start == self.target.end { start } else { self.end.unwrap_or(length) };
        start..end.clamp(start, length)
    }
}

struct Mask<'a> {
    text: &'a str,
    line: Span,
    window: Span,
    /// The last key shown, without quotes.
    key: &'a str,
    out: Out,
}

impl<'a> Mask<'a> {
    fn new(text: &'a str, line: Span, window: Span, target: Span) -> Self {
        let out = Out { text: String::new(), target, start: None, end: None };
        Self { text, line, window, key: "", out }
    }

    fn slice(&self, span: Span) -> &'a str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    fn run(&mut self, visible: &[Span]) {
        let first = visible.partition_point(|span| span.end <= self.window.start);
        let shown: Vec<Span> = visible
            .iter()
            .skip(first)
            .take_while(|span| span.start < self.window.end)
            .map(|span| Span::new(span.start.max(self.window.start), span.end.min(self.window.end)))
            .collect();
        let shown = if shown.is_empty() { self.known_key().into_iter().collect() } else { shown };
        let mut at = self.window.start;
        let mut follows_visible = false;
        for span in shown {
            self.gap(Span::new(at, span.start), follows_visible, true);
            self.visible(span);
            at = span.end;
            follows_visible = true;
        }
        self.gap(Span::new(at, self.window.end), follows_visible, false);
    }

    /// The key at the start of a line, if every payload can have it.
    fn known_key(&self) -> Option<Span> {
        if self.window.start != self.line.start {
            return None;
        }
        let line = self.slice(self.window);
        let quoted = line.trim_start_matches([' ', '\t', '{', '[', ',', '-', '?']);
        let bare = quoted.strip_prefix(['"', '\'']).unwrap_or(quoted);
        let length = bare.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (word, rest) = bare.split_at_checked(length)?;
        let rest = match quoted.len() - bare.len() {
            0 => rest,
            _ => rest.strip_prefix(['"', '\''])?,
        };
        let is_key = rest.trim_start().starts_with(':') && is_property(word);
        let start = self.window.start + (line.len() - quoted.len());
        is_key.then(|| Span::new(start, self.window.start + (line.len() - rest.len())))
    }

    fn visible(&mut self, span: Span) {
        self.key = self.slice(span).trim_matches(['"', '\'']);
        self.copy(span);
    }

    /// Copies visible text, without characters that would disturb a terminal.
    fn copy(&mut self, span: Span) {
        for (at, c) in self.slice(span).char_indices() {
            let start = span.start + at;
            let source = Span::new(start, start + c.len_utf8());
            if c.is_whitespace() {
                self.out.push(source, " ");
            } else if is_disturbing(c) {
                self.out.push(source, "\u{FFFD}");
            } else {
                self.out.push(source, self.slice(source));
            }
        }
    }

    /// Writes the text between or next to visible spans.
    fn gap(&mut self, gap: Span, follows_visible: bool, precedes_visible: bool) {
        let text = self.slice(gap);
        if text.is_empty() {
            return;
        }
        // The meaning of a part of a gap is unknown.
        let is_whole_before = follows_visible || gap.start == self.line.start;
        let is_whole_behind = precedes_visible || gap.end == self.line.end;
        let lead = if is_whole_before { lead(text, follows_visible) } else { 0 };
        let (before, hidden) = text.split_at(lead);
        self.copy(Span::new(gap.start, gap.start + lead));
        let starts_word = before.is_empty() && !follows_visible || before.ends_with(char::is_whitespace);
        if hidden.is_empty() || (hidden.starts_with('#') && starts_word && !precedes_visible) {
            return;
        }
        let tail = if is_whole_behind { tail(hidden, follows_visible, precedes_visible) } else { 0 };
        let trailing = Span::new(gap.end - tail, gap.end);
        let is_value = before.contains(':') && follows_visible;
        let is_secret = is_value && may_be_secret(self.key);
        let token = if is_secret { REDACTED } else { ELLIPSIS };
        self.out.push(Span::new(gap.start + lead, trailing.start), token);
        self.copy(trailing);
    }
}

/// The number of bytes of whitespace and punctuation at the start of a gap.
fn lead(gap: &str, follows_visible: bool) -> usize {
    // After the colon of a key comes a redacted value.
    let is_value = gap.trim_start().starts_with(':');
    let allowed = if follows_visible && !is_value { PUNCTUATION } else { STRAY_PUNCTUATION };
    let mut punctuation = 0;
    let mut characters = gap.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let is_spaced = characters.peek().is_none_or(|(_, next)| next.is_whitespace());
        let is_punctuation = match c {
            '{' | '}' | '[' | ']' | ',' => true,
            ':' => is_spaced || (follows_visible && punctuation == 0),
            '-' | '?' => is_spaced,
            other if other.is_whitespace() => continue,
            _ => false,
        };
        punctuation += 1;
        if !is_punctuation || punctuation > allowed {
            return at;
        }
    }
    gap.len()
}

/// The number of bytes of whitespace and punctuation at the end of a gap.
fn tail(hidden: &str, follows_visible: bool, precedes_visible: bool) -> usize {
    let is_tail = |c: char| c.is_whitespace() || matches!(c, '{' | '}' | '[' | ']' | ',');
    let rest = hidden.trim_end_matches(is_tail);
    let tail = hidden.get(rest.len()..).unwrap_or_default();
    let punctuation = tail.chars().filter(|c| !c.is_whitespace()).count();
    let allowed = if precedes_visible {
        PUNCTUATION
    } else if follows_visible && rest.ends_with(['"', '\'']) {
        STRAY_PUNCTUATION
    } else {
        0
    };
    if punctuation <= allowed { tail.len() } else { 0 }
}

/// Shortens a long line around the caret.
fn shorten(text: &str, caret: Range<usize>) -> (String, Range<usize>) {
    let length = text.chars().count();
    if length <= WIDTH {
        return (text.to_owned(), caret);
    }
    let before = text.get(..caret.start).unwrap_or_default().chars().count();
    let first = if before <= WIDTH - BEFORE { 0 } else { before - BEFORE };
    let first = first.min(length - WIDTH);
    let offset = |character: usize| text.char_indices().nth(character).map_or(text.len(), |(at, _)| at);
    let (from, to) = (offset(first), offset(first + WIDTH));
    let mut shown = String::new();
    if from > 0 {
        shown.push_str(ELLIPSIS);
    }
    let shift = |at: usize| at.clamp(from, to) - from + shown.len();
    let caret = shift(caret.start)..shift(caret.end);
    shown.push_str(text.get(from..to).unwrap_or_default());
    if to < text.len() {
        shown.push_str(ELLIPSIS);
    }
    (shown, caret)
}
