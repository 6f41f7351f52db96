//! Finds the cause of a syntax error, if it is a character that looks like another, or a template.
//!
//! The parsers only report its consequence, such as a missing colon or an extra bracket. So each guess is tried: if the
//! text can be parsed further with the character or the template replaced, the guess was the cause.

mod guesses;

use self::guesses::{Character, alternatives, fitting, guesses};
use super::fixes;
use super::{Document, Member, Node, NodeKind, Span, Syntax, character, lines};
use crate::characters::{Class, named};
use crate::diagnostic::{Code, Diagnostic, Edit, edited};
use crate::placeholder;

/// The maximum number of bytes that are parsed again for the guesses at one text.
const BYTES: usize = 4 << 20;

/// The maximum number of guesses at one error.
const GUESSES: usize = 8;

/// The number of lines before an error that are searched: a parser may notice the error only at the next key.
const LINES_BEFORE: usize = 2;

/// The number of bytes before and after an error that are searched.
const WINDOW: usize = 4096;

/// Replaces the syntax errors of `documents` by their causes. Returns whether any cause was found. `read` parses a text
/// with the parser that produced `documents`.
pub(super) fn explain(
    text: &str,
    syntax: Syntax,
    documents: &mut [Document],
    read: &dyn Fn(&str) -> Vec<Document>,
) -> bool {
    if text.len() > BYTES {
        return false;
    }
    let mut is_explained = false;
    let mut hints =
        Hints { text, syntax, read, readable: readable(documents), budget: BYTES, lookalikes: None };
    if syntax == Syntax::Yaml && may_mislead(text) {
        for document in documents.iter_mut() {
            let Some(problem) = document.root.as_ref().and_then(|root| hints.indentation_of_keys(root))
            else {
                continue;
            };
            document.root = None;
            document.problems = vec![problem];
            is_explained = true;
        }
    }
    if is_explained {
        return true;
    }
    let errors = syntax_errors(documents);
    if errors.is_empty() {
        return false;
    }
    for problem in documents.iter_mut().filter_map(|document| document.problems.last_mut()) {
        if problem.code == Code::Syntax
            && let Some(hint) = hints.of(problem, &errors)
        {
            *problem = hint;
            is_explained = true;
        }
    }
    is_explained
}

/// The number of documents that can be parsed.
fn readable(documents: &[Document]) -> usize {
    documents.iter().filter(|document| document.root.is_some()).count()
}

/// The positions of the syntax errors of documents.
fn syntax_errors(documents: &[Document]) -> Vec<usize> {
    let problems = documents.iter().flat_map(|document| &document.problems);
    problems.filter(|problem| problem.code == Code::Syntax).map(|problem| problem.span.start).collect()
}

struct Hints<'t> {
    text: &'t str,
    syntax: Syntax,
    read: &'t dyn Fn(&str) -> Vec<Document>,
    /// The number of documents that can be parsed.
    readable: usize,
    budget: usize,
    /// The characters in the indentation that are not spaces, and the number of lines with them; computed once.
    lookalikes: Option<(Vec<Edit>, usize)>,
}

impl Hints<'_> {
    /// The problem with its cause, if one is found.
    fn of(&mut self, problem: &Diagnostic, errors: &[usize]) -> Option<Diagnostic> {
        self.line_at_once(problem, errors)
            .or_else(|| self.indentation(problem, errors))
            .or_else(|| self.character(problem, errors, Guesses::Here))
            .or_else(|| self.template(problem, errors))
            .or_else(|| self.character(problem, errors, Guesses::Near))
    }

    /// A template or another placeholder in the line of the problem.
    fn template(&mut self, problem: &Diagnostic, errors: &[usize]) -> Option<Diagnostic> {
        let line = self.near(problem, self.line(problem.span.start));
        let at = problem.span.start - line.start;
        let line_text = self.text.get(line.start..line.end)?;
        let mut found = placeholder::in_line(line_text);
        // A JSON error is reported where it is, so that a placeholder before it is part of a string.
        found.retain(|(place, ..)| self.syntax == Syntax::Yaml || place.end > at);
        let start =
            placeholder::at_start(line_text.get(at..)?).map(|(length, open)| (at..at + length, open, false));
        for found in [found, start.into_iter().collect()] {
            let Some((_, open, is_template)) = found.first() else { continue };
            let length: usize = found.iter().map(|(place, ..)| place.len()).sum();
            let is_alone = length == line_text.trim().len();
            let stand_in = |length: usize| match self.syntax {
                _ if is_alone => " ".repeat(length),
                Syntax::Json => format!("\"{}\"", "x".repeat(length.saturating_sub(2))),
                Syntax::Yaml => "x".repeat(length),
            };
            let replacements: Vec<Edit> = found
                .iter()
                .map(|(place, ..)| {
                    let span = Span::new(line.start + place.start, line.start + place.end);
                    Edit { span, text: stand_in(place.len()) }
                })
                .collect();
            if self.rest(&replacements, problem, errors).is_some() {
                let is_value = *open == "{{" && !is_alone;
                return Some(unresolved(problem, open, *is_template, is_value));
            }
        }
        let end = character(self.text, line.start + WINDOW).start;
        let (span, open) = placeholder::over_lines(self.text.get(line.start..end)?)?;
        let span = Span::new(line.start + span.start, line.start + span.end);
        let blank = |byte| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { ' ' };
        let blanks = self.text.get(span.start..span.end)?.bytes().map(blank).collect();
        self.rest(&[Edit { span, text: blanks }], problem, errors)
            .map(|_| unresolved(problem, open, true, false))
    }

    /// All invisible characters in the line of the problem at once: replacing one of them may not be enough.
    fn line_at_once(&mut self, problem: &Diagnostic, errors: &[usize]) -> Option<Diagnostic> {
        let line = self.near(problem, self.line(problem.span.start));
        let mut runs = guesses(self.text, self.syntax, line);
        runs.retain(|run| run.first().is_some_and(Character::leaves_nothing));
        if runs.len() < 2 {
            return None;
        }
        let in_place = |to: &str| {
            runs.iter().flatten().map(|one| Edit { span: one.span, text: to.to_owned() }).collect()
        };
        let fitting = runs.iter().flat_map(|run| fitting(self.text, run)).collect();
        let is_break = |one: &Character| one.class == Class::LineBreak;
        let breaks = runs.iter().flatten().all(is_break).then(|| in_place("\n"));
        let candidates = [fitting, in_place(" ")].into_iter().chain(breaks);
        let (rest, replacements) = self.best(candidates, problem, errors)?;
        let first = runs.first().filter(|_| rest.is_clean)?;
        Some(misused(problem, first, &replacements, true))
    }

    /// All characters in the indentation of lines that are not spaces.
    fn indentation(&mut self, problem: &Diagnostic, errors: &[usize]) -> Option<Diagnostic> {
        let text = self.text;
        let found = self.lookalikes.take();
        let (places, count) = found.unwrap_or_else(|| lines::lookalikes(text, Span::new(0, text.len())));
        let best =
            if places.is_empty() { None } else { self.best(indentations(text, &places), problem, errors) };
        self.lookalikes = Some((places, count));
        let (rest, places) = best?;
        // A superfluous character in one line is handled like any other character.
        is_indentation(&places, count).then(|| misindented(text, &places, count, problem, rest.is_clean))?
    }

    /// The same for a document that was parsed without an error, but has keys that start with such characters: one problem
    /// instead of one per key.
    fn indentation_of_keys(&mut self, root: &Node) -> Option<Diagnostic> {
        let part = Span::new(self.line(root.span.start).start, self.line(root.span.end).end);
        if !may_mislead(self.text.get(part.start..part.end)?) {
            return None;
        }
        let (places, count) = lines::lookalikes(self.text, part);
        if !places.iter().any(|edit| has_key_at(root, edit.span.start)) {
            return None;
        }
        let problem = Diagnostic::new(Code::Syntax, "", part, "");
        for places in indentations(self.text, &places) {
            let (candidate, _) = self.replaced(&places, &problem)?;
            if syntax_errors(&(self.read)(&candidate)).is_empty() {
                // A superfluous character in one line belongs to its key.
                let is_it = is_indentation(&places, count);
                return is_it.then(|| misindented(self.text, &places, count, &problem, true))?;
            }
        }
        None
    }

    /// A misleading character near the problem, or exactly at it.
    fn character(&mut self, problem: &Diagnostic, errors: &[usize], which: Guesses) -> Option<Diagnostic> {
        let at = problem.span.start;
        let is_here = |guess: &&Vec<Character>| guess.iter().any(|one| one.span.start == at);
        let mut guesses = guesses(self.text, self.syntax, lines_near(self.text, at));
        let distance = |guess: &Vec<Character>| guess.iter().map(|one| one.span.start.abs_diff(at)).min();
        guesses.sort_by_key(distance);
        let guesses = guesses.iter().filter(|guess| which == Guesses::Near || is_here(guess));
        for guess in guesses.take(GUESSES) {
            let candidates = alternatives(self.text, guess);
            if let Some((rest, replacements)) = self.best(candidates, problem, errors) {
                return Some(misused(problem, guess, &replacements, rest.is_clean));
            }
        }
        None
    }

    /// The replacements after which most of the text can be parsed; of equal ones, the first.
    fn best(
        &mut self,
        candidates: impl IntoIterator<Item = Vec<Edit>>,
        problem: &Diagnostic,
        errors: &[usize],
    ) -> Option<(Rest, Vec<Edit>)> {
        let rests = candidates.into_iter().filter_map(|replacements| {
            self.rest(&replacements, problem, errors).map(|rest| (rest, replacements))
        });
        rests.min_by_key(|(rest, _)| rest.length)
    }

    /// The part of `part` that is near the problem, in whole characters.
    fn near(&self, problem: &Diagnostic, part: Span) -> Span {
        near(self.text, problem.span.start, part)
    }

    /// The line of a byte, without its end.
    fn line(&self, at: usize) -> Span {
        line(self.text, at)
    }

    /// The rest of the text that cannot be parsed with the replacements, which are in text order, if they leave fewer errors
    /// up to the problem.
    fn rest(&mut self, replacements: &[Edit], problem: &Diagnostic, errors: &[usize]) -> Option<Rest> {
        let (candidate, place) = self.replaced(replacements, problem)?;
        let is_before = |limit: usize| move |error: &&usize| **error <= limit;
        let documents = (self.read)(&candidate);
        let now = syntax_errors(&documents);
        let is_further = now.iter().filter(is_before(place)).count()
            < errors.iter().filter(is_before(problem.span.start)).count();
        // Earlier documents may have errors of their own.
        let next = now.iter().find(|error| **error > place);
        let is_suspicious = |error: &usize| {
            let guesses = guesses(&candidate, self.syntax, lines_near(&candidate, *error));
            guesses.iter().flatten().any(Character::leaves_nothing)
        };
        is_further.then(|| Rest {
            length: next.map_or(0, |error| candidate.len() - error),
            is_clean: readable(&documents) >= self.readable && next.is_none_or(is_suspicious),
        })
    }

    /// The text with the replacements, and the position of the problem in it; `None` if the budget is spent.
    fn replaced(&mut self, replacements: &[Edit], problem: &Diagnostic) -> Option<(String, usize)> {
        self.budget = self.budget.checked_sub(self.text.len())?;
        let before = replacements.iter().filter(|edit| edit.span.end <= problem.span.start);
        let place = before.fold(problem.span.start, |place, Edit { span, text }| {
            place + text.len() - (span.end - span.start)
        });
        Some((edited(self.text, replacements), place))
    }
}

/// Which guesses are tried.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Guesses {
    /// Only guesses exactly at the problem.
    Here,
    Near,
}

/// The rest of the text after a guess.
struct Rest {
    /// The bytes from the next error to the end of the text.
    length: usize,
    /// Whether the guess caused no new error: there is no next error, or it has a possible cause near it, and every document
    /// that could be parsed still can.
    is_clean: bool,
}

/// Whether the text may contain a misleading character.
fn may_mislead(text: &str) -> bool {
    !text.is_ascii() || text.contains(|c| Class::in_syntax(c).is_some())
}

/// The lines that may contain the cause of an error reported at `at`.
fn lines_near(text: &str, at: usize) -> Span {
    let Span { mut start, end } = line(text, at);
    for _ in 0..LINES_BEFORE {
        start = line(text, start.saturating_sub(1)).start;
    }
    near(text, at, Span::new(start, end))
}

/// The part of `part` that is near a byte, in whole characters.
fn near(text: &str, at: usize, part: Span) -> Span {
    let start = part.start.max(at.saturating_sub(WINDOW));
    let end = part.end.min(at + WINDOW);
    Span::new(character(text, start).start, character(text, end).start)
}

/// The line of a byte, without its end.
fn line(text: &str, at: usize) -> Span {
    let bytes = text.as_bytes();
    let is_break = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let at = at.min(bytes.len());
    let start = bytes.iter().take(at).rposition(is_break).map_or(0, |at| at + 1);
    let end = bytes.iter().skip(at).position(is_break).map_or(bytes.len(), |length| at + length);
    Span::new(start, end)
}

/// The possible replacements for characters in the indentation that are not spaces, the more likely first: spaces or nothing.
fn indentations(text: &str, places: &[Edit]) -> [Vec<Edit>; 2] {
    let nothing = places.iter().map(|edit| Edit { span: edit.span, text: String::new() }).collect();
    let first = places.first().and_then(|edit| text.get(edit.span.start..)?.chars().next());
    let is_space =
        first.and_then(Class::in_syntax).is_some_and(|class| matches!(class, Class::Blank | Class::Space));
    if is_space { [places.to_vec(), nothing] } else { [nothing, places.to_vec()] }
}

/// Whether replacements in `count` lines concern the indentation, and not one superfluous character.
fn is_indentation(places: &[Edit], count: usize) -> bool {
    count > 1 || places.iter().all(|edit| !edit.text.is_empty())
}

/// Whether a key of an object starts at a byte.
fn has_key_at(node: &Node, at: usize) -> bool {
    let is_here = |member: &Member| member.key_span.start == at || has_key_at(&member.value, at);
    match &node.kind {
        NodeKind::Object(members) => members.iter().any(is_here),
        NodeKind::Array(items) => items.iter().any(|item| has_key_at(item, at)),
        _ => false,
    }
}

/// The problem of a placeholder that starts with `open`.
///
/// A placeholder for a value can be quoted instead; a statement or a comment cannot.
fn unresolved(problem: &Diagnostic, open: &str, is_template: bool, is_value: bool) -> Diagnostic {
    let (message, help) = if is_template {
        let help = if is_value {
            "render the template first, then check the result; or put the placeholder in quotes"
        } else {
            "render the template first, then check the result"
        };
        (format!("unrendered template: `{open}` is not valid YAML or JSON"), help)
    } else {
        (
            format!("unresolved placeholder: `{open}` must be quoted here"),
            "put it in quotes, or fill it in first",
        )
    };
    Diagnostic { fix: None, message, ..problem.clone() }.with_help(help)
}

/// The problem of `count` lines whose indentation is not made of spaces.
fn misindented(
    text: &str,
    places: &[Edit],
    count: usize,
    problem: &Diagnostic,
    is_safe: bool,
) -> Option<Diagnostic> {
    let Edit { span: first, text: to } = places.first()?;
    let c = text.get(first.start..)?.chars().next()?;
    let run = places.iter().scan(first.start, |end, Edit { span, .. }| {
        let continues = span.start == *end;
        *end = span.end;
        continues.then_some(span.end)
    });
    let span = Span::new(first.start, run.last().unwrap_or(first.end));
    let (place, help) = match to.as_str() {
        "" => (format!("in the indentation of {count} lines"), "remove it from all of them"),
        _ if count > 1 => (
            format!("in place of a space, in the indentation of {count} lines"),
            "indent with ordinary spaces",
        ),
        _ => ("in place of a space".to_owned(), "write an ordinary space"),
    };
    let message = format!("{} {place}", named(c));
    let diagnostic = Diagnostic { message, span, ..problem.clone() };
    Some(diagnostic.with_help(help).with_fix(Some(fixes::replaced(places.to_vec(), is_safe))))
}

/// The problem of characters that were used instead of others.
fn misused(problem: &Diagnostic, guess: &[Character], replacements: &[Edit], is_clean: bool) -> Diagnostic {
    let (Some(first), Some(Edit { text: to, .. })) = (guess.first(), replacements.first()) else {
        return problem.clone();
    };
    let end = if matches!(first.class, Class::Quote(_)) { first } else { guess.last().unwrap_or(first) };
    let (place, help) = match to.as_str() {
        "" => ("in the text".to_owned(), "remove it".to_owned()),
        " " => ("in place of a space".to_owned(), "write an ordinary space".to_owned()),
        "\n" => ("in place of a line break".to_owned(), "insert a line break".to_owned()),
        other => (format!("in place of `{}`", other.trim_end()), format!("write `{}`", other.trim_end())),
    };
    let is_safe = is_clean && first.leaves_nothing();
    let span = Span::new(first.span.start, end.span.end);
    let message = format!("{} {place}", named(first.c));
    Diagnostic { message, span, ..problem.clone() }
        .with_help(help)
        .with_fix(Some(fixes::replaced(replacements.to_vec(), is_safe)))
}
