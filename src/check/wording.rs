//! How diagnostics name the values of a payload.

use crate::text::pointer::segments;
use crate::text::shown::show;

/// How a message names the value at `pointer`: as the documentation does, with `config` left out.
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
