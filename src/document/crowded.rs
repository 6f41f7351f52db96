//! Detects YAML collections with too many tokens: the parser buffers all tokens of an outermost `[…]` or `{…}`, because
//! that could be a key, and each token takes over a hundred bytes, even after an error.

use std::cell::Cell;
use std::str::CharIndices;

use saphyr_parser::{Event, Parser};

use super::Limits;

/// The maximum number of indicators before the parser emits a collection. There are up to four tokens per indicator.
pub(super) const INDICATORS: usize = 160_000;

/// The number of characters that the parser may read ahead.
const LOOKAHEAD: usize = 64;

/// The first indicator beyond the limit.
pub(super) fn collection(text: &str, base: usize, limits: &Limits) -> Option<usize> {
    // Few texts have that many indicators in total.
    let altogether = Seen::default();
    let from = text.find(['[', '{']).filter(|_| text.len() > INDICATORS)?;
    Characters::new(text, from, &altogether).last();
    altogether.crowded.get()?;
    let seen = Seen::default();
    let mut parser = Parser::new_from_iter(Characters::new(text, base, &seen));
    // Text beyond the limits for documents and values is not parsed. Keys and ends of collections are events too.
    let (mut documents, mut nodes) = (limits.documents, limits.values.saturating_mul(3));
    while let Some(Ok((event, _))) = parser.next_event() {
        let left = if matches!(event, Event::DocumentStart(_)) { &mut documents } else { &mut nodes };
        *left = left.checked_sub(1)?;
        seen.event_emitted();
    }
    seen.crowded.get()
}

/// What the parser has read since it last emitted an event.
#[derive(Default)]
struct Seen {
    /// The number of characters of the text.
    characters: Cell<usize>,
    /// The last of them that is an opening bracket.
    bracket: Cell<usize>,
    /// The number of indicators since then, if there is a bracket: only then does the parser buffer.
    indicators: Cell<Option<usize>>,
    /// The position of the first one beyond the limit.
    crowded: Cell<Option<usize>>,
}

impl Seen {
    /// The parser has emitted an event, so that it buffers only what it has read ahead.
    fn event_emitted(&self) {
        let is_ahead =
            self.indicators.get().is_some() && self.bracket.get() + LOOKAHEAD >= self.characters.get();
        self.indicators.set(is_ahead.then_some(0));
    }

    fn take(&self, at: usize, is_bracket: bool, is_indicator: bool) {
        self.characters.set(self.characters.get() + 1);
        if is_bracket {
            self.bracket.set(self.characters.get());
            self.indicators.set(self.indicators.get().or(Some(0)));
        }
        if let Some(count) = self.indicators.get().filter(|_| is_indicator) {
            self.indicators.set(Some(count + 1));
            if count == INDICATORS {
                self.crowded.set(Some(at));
            }
        }
    }
}

/// The characters of a text, up to the first indicator beyond the limit.
struct Characters<'t> {
    text: &'t str,
    from: usize,
    rest: CharIndices<'t>,
    seen: &'t Seen,
    /// The previous character, and the previous one that is not blank.
    before: char,
    word: char,
}

impl<'t> Characters<'t> {
    fn new(text: &'t str, from: usize, seen: &'t Seen) -> Self {
        let rest = text.get(from..).unwrap_or_default().char_indices();
        Self { text, from, rest, seen, before: '\n', word: '\n' }
    }

    /// Whether a token may start here that no separator before it has counted. If in doubt, it may.
    fn is_indicator(&self, at: usize, c: char) -> bool {
        let next = self.text.as_bytes().get(at + 1);
        let is_before_blank = next.is_none_or(u8::is_ascii_whitespace);
        match c {
            ',' | '[' | '{' => true,
            ':' => {
                is_before_blank
                    || next.is_some_and(|next| b",[]{}".contains(next))
                    || matches!(self.word, '"' | '\'' | ']' | '}')
            }
            '?' => is_before_blank,
            '&' | '*' | '!' => !self.before.is_alphanumeric(),
            '"' | '\'' => matches!(self.word, '"' | '\''),
            '#' => self.before.is_ascii_whitespace(),
            // The markers of documents, and directives.
            '-' | '.' | '%' => matches!(self.before, '\n' | '\r'),
            _ => false,
        }
    }
}

impl Iterator for Characters<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        if self.seen.crowded.get().is_some() {
            return None;
        }
        let (index, c) = self.rest.next()?;
        let at = self.from + index;
        self.seen.take(at, matches!(c, '[' | '{'), self.is_indicator(at, c));
        self.before = c;
        if !c.is_ascii_whitespace() {
            self.word = c;
        }
        Some(c)
    }
}
