//! Merge conflict markers, which version control writes around lines that it could not merge:
//! <https://git-scm.com/docs/git-merge#_how_conflicts_are_presented>. Mercurial and Subversion write the same.

use std::cell::OnceCell;

use super::{Document, LineIndex, NodeKind, Span};
use crate::diagnostic::{Code, Diagnostic, Related};

/// The length of a marker.
const LENGTH: usize = 7;

/// The maximum number of markers that are reported: a conflict has three or four.
const REPORTED: usize = 400;

const HELP: &str =
    "resolve the conflict, and remove the lines that start with `<<<<<<<`, `=======` and `>>>>>>>`";

/// Replaces the problems of a document by its unresolved merge conflict, if it has one and could not be parsed, or parses
/// as something that was not intended.
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
    // The document that contains the conflict: one without a tree is the last, where parsing stopped.
    let at = first.span.start;
    let contains_marker = |document: &&mut Document| {
        document.root.as_ref().is_none_or(|root| root.span.start <= at && at <= root.span.end)
    };
    if let Some(document) = documents.iter_mut().find(contains_marker) {
        document.root = None;
        document.problems = problems;
    }
}

/// Whether a text contains a complete conflict.
fn has_conflict(text: &str) -> bool {
    let mut characters = markers(text).map(|(character, _)| character);
    // Few texts have the character, and searching for it is fast.
    text.contains('<') && characters.any(|c| c == '<') && characters.any(|c| c == '>')
}

/// One problem per conflict; a stray marker is a problem of its own.
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

/// The markers with their character and span: each is at the start of a line, followed by a name or nothing.
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
