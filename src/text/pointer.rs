//! JSON pointers (RFC 6901).

use std::borrow::Cow;

/// The pointer to the member `key` of the object at `pointer`.
pub(crate) fn join(pointer: &str, key: &str) -> String {
    let mut joined = String::with_capacity(pointer.len() + 1 + key.len());
    joined.push_str(pointer);
    push(&mut joined, key);
    joined
}

/// The pointer with these keys.
pub(crate) fn pointer(keys: &[&str]) -> String {
    let mut pointer = String::new();
    for key in keys {
        push(&mut pointer, key);
    }
    pointer
}

/// Appends the member `key`.
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
pub(crate) fn segments(pointer: &str) -> impl Iterator<Item = Cow<'_, str>> {
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
        // Pointers that were created here have no other `~`.
        key.push(if part.starts_with('1') { '/' } else { '~' });
        key.push_str(part.get(1..).unwrap_or_default());
    }
    Cow::Owned(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_round_trip_through_pointer() {
        let keys = ["config", "a/b~c", "~1", "", "0"];
        let pointer = pointer(&keys);
        assert_eq!(pointer, "/config/a~1b~0c/~01//0");
        assert_eq!(segments(&pointer).collect::<Vec<_>>(), keys);
        assert_eq!(segments("").count(), 0);
    }
}
