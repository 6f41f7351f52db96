//! The lines that version control writes around what it could not merge:
//! <https://git-scm.com/docs/git-merge#_how_conflicts_are_presented>. Mercurial and Subversion write the same.

use std::cell::OnceCell;

use super::{Document, LineIndex, NodeKind, Span};
use crate::diagnostic::{Code, Diagnostic, Related};

/// How often the character of a marker is repeated.
const LENGTH: usize = 7;

/// The most markers that are looked at: a conflict has three or four.
const REPORTED: usize = 400;

const HELP: &str =
    "resolve the conflict, and remove the lines that start with `<<<<<<<`, `=======` and `>>>>>>>`";

/// Says of a text that could not be read, or was read as something that it cannot have been meant to be, that it holds
/// an unresolved conflict, if it does: that is all there is to say about it.
pub(super) fn name(text: &str, documents: &mut [Document]) {
    let is_broken = documents.iter().any(|document| match &document.root {
        None => document.problems.iter().any(|problem| problem.code == Code::Syntax),
        Some(root) => matches!(root.kind, NodeKind::String { .. }),
    });
    if !is_broken && !has_conflict(text) {
        return;
    }
    let problems = problems(text);
    let Some(first) = problems.first() else { return };
    // The document that the conflict stands in: without a tree it is the last, where reading ended.
    let at = first.span.start;
    let is_around = |document: &&mut Document| {
        document.root.as_ref().is_none_or(|root| root.span.start <= at && at <= root.span.end)
    };
    if let Some(document) = documents.iter_mut().find(is_around) {
        document.root = None;
        document.problems = problems;
    }
}

/// Whether a whole conflict stands in a text.
fn has_conflict(text: &str) -> bool {
    let mut characters = markers(text).map(|(character, _)| character);
    // Hardly any text has the character, and to look for one is quick.
    text.contains('<') && characters.any(|c| c == '<') && characters.any(|c| c == '>')
}

/// One problem a conflict; a marker that is left over is one of its own.
fn problems(text: &str) -> Vec<Diagnostic> {
    let lines = OnceCell::new();
    let mut problems: Vec<Diagnostic> = Vec::new();
    let mut is_open = false;
    for (character, span) in markers(text).take(REPORTED) {
        let meaning = match character {
            '|' => "the common ancestor begins here",
            '=' => "the other side begins here",
            _ => "the conflict ends here",
        };
        let conflict = problems.last_mut().filter(|_| is_open && character != '<');
        if let Some(conflict) = conflict {
            let place = lines.get_or_init(|| LineIndex::new(text)).locate(span);
            conflict.related.push(Related::new(place, meaning));
        } else {
            let marker = character.to_string().repeat(LENGTH);
            let problem =
                Diagnostic::new(Code::Syntax, "", span, format!("unresolved merge conflict: `{marker}`"));
            problems.push(problem.with_help(HELP));
            is_open = true;
        }
        is_open &= character != '>';
    }
    problems
}

/// The markers, each by its character and its place: at the beginning of a line, followed by a name or nothing.
fn markers(text: &str) -> impl Iterator<Item = (char, Span)> {
    let body = text.trim_start_matches(super::BYTE_ORDER_MARK);
    let mut at = text.len() - body.len();
    body.split_inclusive(['\n', '\r']).filter_map(move |line| {
        let start = at;
        at += line.len();
        let character = line.chars().next().filter(|c| matches!(c, '<' | '|' | '=' | '>'))?;
        let rest = line.trim_start_matches(character);
        let is_marker =
            line.len() - rest.len() == LENGTH && rest.chars().next().is_none_or(char::is_whitespace);
        is_marker.then(|| (character, Span::new(start, start + LENGTH)))
    })
}
