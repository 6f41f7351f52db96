//! How diagnostics name values and list alternatives.

use crate::text::pointer::segments;
use crate::text::shown::{enumerate, show};

/// The alternatives as a message lists them: `a`, `a or b`, `one of a, b, c`, each in backticks.
pub(super) fn alternatives<S: AsRef<str>>(words: &[S]) -> String {
    if words.len() <= 2 {
        return enumerate(words, "or");
    }
    let words: Vec<String> = words.iter().map(|word| show(word.as_ref())).collect();
    format!("one of {}", words.join(", "))
}

/// The name of the value at `pointer` in a message: as in Immuta's documentation, without `config`.
pub(super) fn name(pointer: &str) -> String {
    let mut path = String::new();
    for segment in segments(pointer) {
        let is_index = segment.bytes().all(|b| b.is_ascii_digit());
        if is_index {
            path.push('[');
        } else if path == "config" {
            path.clear();
        } else if !path.is_empty() {
            path.push('.');
        }
        path.push_str(&segment);
        if is_index {
            path.push(']');
        }
    }
    if path.is_empty() { "the document".to_owned() } else { show(&path) }
}
