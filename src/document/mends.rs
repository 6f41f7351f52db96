//! The mends of what is wrong with the text itself.

use crate::diagnostic::{Certainty, Edit, Mend};
use crate::text::Span;

/// A text that can be read once these characters are removed or replaced.
pub(super) fn replaced(edits: Vec<Edit>, is_safe: bool) -> Mend {
    let certainty = if is_safe { Certainty::Certain } else { Certainty::Likely };
    Mend::new("Replace the suspicious characters", certainty, edits)
}

/// A text without what is too much in it.
pub(super) fn without(span: Span, what: &str) -> Mend {
    let edit = Edit { span, text: String::new() };
    Mend::new(format!("Remove the {what}"), Certainty::Certain, vec![edit])
}

/// A word of JSON in lower case, where it is spelt otherwise.
pub(super) fn json_word(text: &str, span: Span) -> Option<Mend> {
    let word = text.get(span.start..span.end)?;
    let right = ["true", "false", "null"].into_iter().find(|right| right.eq_ignore_ascii_case(word))?;
    let edit = Edit { span, text: right.to_owned() };
    Some(Mend::new(format!("Write `{right}`"), Certainty::Certain, vec![edit]))
}

/// Quotes around a key of JSON that is a word.
pub(crate) fn json_key(text: &str, span: Span) -> Option<Mend> {
    let word = text.get(span.start..span.end)?;
    let is_word = word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let insert = |at| Edit { span: Span::new(at, at), text: "\"".to_owned() };
    let is_key = is_word && text.get(span.end..)?.trim_start().starts_with(':');
    is_key.then(|| {
        Mend::new("Put the key in quotes", Certainty::Certain, vec![insert(span.start), insert(span.end)])
    })
}
