//! How diagnostics name and show things.

use std::borrow::Cow;

/// The most characters of a value or key that a message shows.
const SHOWN_CHARACTERS: usize = 60;

/// `text` in backticks, for a message: one line, of sane length, without control or invisible characters.
pub(super) fn show(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARACTERS) {
        None => quoted(text),
        Some((end, _)) => quoted(&format!("{}…", &text[..end])),
    }
}

/// `text` in backticks, whole: for names that people need to find again.
pub(super) fn quoted(text: &str) -> String {
    let mut shown = String::with_capacity(text.len() + 2);
    shown.push('`');
    for c in text.chars() {
        match c {
            ' '..='~' => shown.push(c),
            other => shown.extend(other.escape_debug()),
        }
    }
    shown.push('`');
    shown
}

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

/// The pointer to the member `key` of the object at `pointer`.
pub(super) fn join(pointer: &str, key: &str) -> String {
    let mut joined = String::with_capacity(pointer.len() + 1 + key.len());
    joined.push_str(pointer);
    push(&mut joined, key);
    joined
}

/// The pointer to what `keys` lead to.
pub(super) fn pointer(keys: &[&str]) -> String {
    let mut pointer = String::new();
    for key in keys {
        push(&mut pointer, key);
    }
    pointer
}

/// Goes on to the member `key`.
pub(crate) fn push(pointer: &mut String, key: &str) {
    pointer.push('/');
    if !key.contains(['~', '/']) {
        pointer.push_str(key);
        return;
    }
    for c in key.chars() {
        match c {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}

/// The keys and indices of a pointer.
pub(super) fn segments(pointer: &str) -> impl Iterator<Item = Cow<'_, str>> {
    pointer.split('/').skip(1).map(unescaped)
}

fn unescaped(segment: &str) -> Cow<'_, str> {
    let mut parts = segment.split('~');
    let first = parts.next().unwrap_or_default();
    if first.len() == segment.len() {
        return Cow::Borrowed(segment);
    }
    let mut key = first.to_owned();
    for part in parts {
        // A pointer of ours has no other `~` than these two.
        key.push(if part.starts_with('1') { '/' } else { '~' });
        key.push_str(part.get(1..).unwrap_or_default());
    }
    Cow::Owned(key)
}

/// The words with `separator` between them. The standard library's `join` unrolls itself for every length of the
/// separator.
pub(crate) fn joined<S: AsRef<str>>(words: impl IntoIterator<Item = S>, separator: &str) -> String {
    let mut text = String::new();
    for word in words {
        if !text.is_empty() {
            text.push_str(separator);
        }
        text.push_str(word.as_ref());
    }
    text
}

/// `a`, `a or b`, `a, b or c`, each in backticks, with `conjunction` before the last.
pub(super) fn enumerate<S: AsRef<str>>(words: &[S], conjunction: &str) -> String {
    let quoted: Vec<String> = words.iter().map(|word| show(word.as_ref())).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} {conjunction} {last}", joined(rest, ", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_leads_back_to_its_keys() {
        let keys = ["config", "a/b~c", "~1", "", "0"];
        let pointer = pointer(&keys);
        assert_eq!(pointer, "/config/a~1b~0c/~01//0");
        assert_eq!(segments(&pointer).collect::<Vec<_>>(), keys);
        assert_eq!(segments("").count(), 0);
    }
}
