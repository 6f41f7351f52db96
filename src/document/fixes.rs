//! Fixes for problems of the text itself.

use crate::diagnostic::{Applicability, Edit, Fix};
use crate::text::Span;

/// Replaces or removes suspicious characters.
pub(super) fn replaced(edits: Vec<Edit>, is_safe: bool) -> Fix {
    let applicability = if is_safe { Applicability::Safe } else { Applicability::Unsafe };
    Fix::new("Replace the suspicious characters", applicability, edits)
}

/// Removes superfluous text.
pub(super) fn without(span: Span, what: &str) -> Fix {
    let edit = Edit { span, text: String::new() };
    Fix::new(format!("Remove the {what}"), Applicability::Safe, vec![edit])
}

/// Writes `true`, `false` or `null` in lower case.
pub(super) fn json_word(text: &str, span: Span) -> Option<Fix> {
    let word = text.get(span.start..span.end)?;
    let right = ["true", "false", "null"].into_iter().find(|right| right.eq_ignore_ascii_case(word))?;
    let edit = Edit { span, text: right.to_owned() };
    Some(Fix::new(format!("Write `{right}`"), Applicability::Safe, vec![edit]))
}

/// Puts an unquoted JSON key in quotes, if it is an identifier.
pub(crate) fn json_key(text: &str, span: Span) -> Option<Fix> {
    let word = text.get(span.start..span.end)?;
    let is_word = word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let insert = |at| Edit { span: Span::new(at, at), text: "\"".to_owned() };
    let is_key = is_word && text.get(span.end..)?.trim_start().starts_with(':');
    is_key.then(|| {
        Fix::new("Put the key in quotes", Applicability::Safe, vec![insert(span.start), insert(span.end)])
    })
}
