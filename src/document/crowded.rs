//! Whether a YAML collection is too crowded for the parser: it holds all tokens of an outermost `[…]` or `{…}` at once,
//! since that could be a key, and each takes over a hundred bytes, even behind a mistake.

use std::cell::Cell;
use std::str::CharIndices;

use saphyr_parser::{Event, Parser};

use super::Limits;

/// The most indicators that the parser may meet before it hands on a collection. There are up to four tokens an indicator.
pub(super) const INDICATORS: usize = 160_000;

/// How many characters the parser may have taken before it needs them.
const LOOKAHEAD: usize = 64;

/// The first indicator that is too much for the parser.
pub(super) fn collection(text: &str, base: usize, limits: &Limits) -> Option<usize> {
    // Hardly any text has so many indicators altogether.
    let altogether = Seen::default();
    let from = text.find(['[', '{']).filter(|_| text.len() > INDICATORS)?;
    Characters::new(text, from, &altogether).last();
    altogether.crowded.get()?;
    let seen = Seen::default();
    let mut parser = Parser::new_from_iter(Characters::new(text, base, &seen));
    // What comes behind more documents or values than may be there is not read: keys count, and so do the ends of
    // collections.
    let (mut documents, mut nodes) = (limits.documents, limits.values.saturating_mul(3));
    while let Some(Ok((event, _))) = parser.next_event() {
        let left = if matches!(event, Event::DocumentStart(_)) { &mut documents } else { &mut nodes };
        *left = left.checked_sub(1)?;
        seen.hand_on();
    }
    seen.crowded.get()
}

/// What the parser has taken since it last handed on something.
#[derive(Default)]
struct Seen {
    /// How many characters of the text.
    characters: Cell<usize>,
    /// The last of them that is an opening bracket.
    bracket: Cell<usize>,
    /// The indicators since then, if there is a bracket: nothing else is held.
    indicators: Cell<Option<usize>>,
    /// Where there was one too many.
    crowded: Cell<Option<usize>>,
}

impl Seen {
    /// The parser has handed on something, so that it holds nothing but what it has looked at in advance.
    fn hand_on(&self) {
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

/// The characters of a text, up to the indicator that is one too many.
struct Characters<'t> {
    text: &'t str,
    from: usize,
    rest: CharIndices<'t>,
    seen: &'t Seen,
    /// The character before, and the one before that is not blank.
    before: char,
    word: char,
}

impl<'t> Characters<'t> {
    fn new(text: &'t str, from: usize, seen: &'t Seen) -> Self {
        let rest = text.get(from..).unwrap_or_default().char_indices();
        Self { text, from, rest, seen, before: '\n', word: '\n' }
    }

    /// Whether a token may begin here in a collection that no separator before it accounts for. In doubt it may.
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
