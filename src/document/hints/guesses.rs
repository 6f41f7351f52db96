//! The characters of a text that look like characters of the syntax, and their possible replacements.

use super::line;
use crate::characters::Class;
use crate::diagnostic::Edit;
use crate::document::{Span, Syntax};
use crate::text::position::is_mark;

/// A character of the text.
pub(super) struct Character {
    pub(super) span: Span,
    pub(super) c: char,
    pub(super) class: Class,
}

impl Character {
    /// Whether it is invisible here.
    pub(super) fn leaves_nothing(&self) -> bool {
        self.class.is_unseen() || self.class == Class::Selector
    }
}

/// The characters of a part of the text that may have been meant as others. Each group is replaced as a whole: a run of
/// one class, or all quotes of a line.
pub(super) fn guesses(text: &str, syntax: Syntax, part: Span) -> Vec<Vec<Character>> {
    let mut guesses: Vec<Vec<Character>> = Vec::new();
    // The index of the group with the quotes of this line.
    let mut quotes: Option<usize> = None;
    let mut string = JsonString::at(text, part.start);
    for (index, c) in text.get(part.start..part.end).unwrap_or_default().char_indices() {
        let at = part.start + index;
        let is_in_string = syntax == Syntax::Json && string.is_open;
        string.pass(c);
        if c == '\n' {
            quotes = None;
        }
        let Some(class) = Class::in_syntax(c).filter(|_| !is_mark(at, c)) else { continue };
        // A control character in a JSON string is reported by the parser: it must be escaped.
        if is_in_string && c.is_ascii() {
            continue;
        }
        let one = Character { span: Span::new(at, at + c.len_utf8()), c, class };
        let is_quote = matches!(class, Class::Quote(_));
        let continues = |run: &Vec<Character>| {
            run.last().is_some_and(|last| last.span.end == at && last.class == class && !is_quote)
        };
        let last = guesses.len().checked_sub(1).filter(|_| guesses.last().is_some_and(continues));
        let place = if is_quote { quotes } else { last };
        if let Some(run) = place.and_then(|place| guesses.get_mut(place)) {
            run.push(one);
        } else {
            if is_quote {
                quotes = Some(guesses.len());
            }
            guesses.push(vec![one]);
        }
    }
    guesses
}

/// Tracks whether a position is inside a JSON string, which cannot span lines.
#[derive(Default)]
struct JsonString {
    is_open: bool,
    is_escaped: bool,
}

impl JsonString {
    /// The state at the start of a part of the text.
    fn at(text: &str, start: usize) -> Self {
        let mut string = Self::default();
        text.get(line(text, start).start..start).unwrap_or_default().chars().for_each(|c| string.pass(c));
        string
    }

    fn pass(&mut self, c: char) {
        match c {
            '\n' | '\r' => *self = Self::default(),
            '"' if !self.is_escaped => self.is_open = !self.is_open,
            _ => {}
        }
        self.is_escaped = c == '\\' && !self.is_escaped;
    }
}

/// The replacement for invisible characters that fits their context: a space if one is needed after an indicator or
/// between words, otherwise nothing.
pub(super) fn fitting(text: &str, run: &[Character]) -> Vec<Edit> {
    let (Some(first), Some(last)) = (run.first(), run.last()) else { return Vec::new() };
    let before = text.get(..first.span.start).and_then(|before| before.chars().next_back());
    let after = text.get(last.span.end..).and_then(|after| after.chars().next());
    let is_between = !before.is_none_or(char::is_whitespace) && !after.is_none_or(char::is_whitespace);
    let is_space = matches!(first.class, Class::Blank | Class::Space | Class::LineBreak);
    let is_needed = is_between && (is_space || matches!(before, Some(':' | '-' | ',' | '?')));
    let to = if is_needed { " " } else { "" };
    run.iter().map(|one| Edit { span: one.span, text: to.to_owned() }).collect()
}

/// The possible replacements for the characters of a guess, the most likely first.
pub(super) fn alternatives(text: &str, guess: &[Character]) -> Vec<Vec<Edit>> {
    let same = |to: &str| guess.iter().map(|one| Edit { span: one.span, text: to.to_owned() }).collect();
    let one_by_one = || {
        let replacement = |one: &Character| {
            let text = replacement(one.class, text.get(one.span.end..).unwrap_or_default());
            Edit { span: one.span, text }
        };
        guess.iter().map(replacement).collect()
    };
    match guess.first().map(|first| first.class) {
        Some(Class::Blank | Class::Space) => vec![same(" "), same("")],
        Some(Class::LineBreak) => vec![same("\n"), same(" "), same("")],
        Some(Class::Invisible | Class::Joiner | Class::Selector) => vec![same(""), same(" ")],
        _ => vec![one_by_one()],
    }
}

/// The replacement for a visible character, which is followed by `after`.
fn replacement(class: Class, after: &str) -> String {
    match class {
        Class::Quote(straight) => straight.to_string(),
        Class::Dash => "-".to_owned(),
        // A fullwidth form replaces a character and a space.
        Class::Wide(narrow @ (':' | ',')) if after.starts_with(|c: char| !c.is_whitespace()) => {
            format!("{narrow} ")
        }
        Class::Wide(narrow) => narrow.to_string(),
        _ => String::new(),
    }
}
