//! Searching for short strings. The standard library gets ready for long ones, which browsers would have to download.

/// Where `part` first stands in `text`.
pub(crate) fn find(text: &str, part: &str) -> Option<usize> {
    text.as_bytes().windows(part.len()).position(|window| window == part.as_bytes())
}

/// The text before and behind the first `part`.
pub(crate) fn split_once<'t>(text: &'t str, part: &str) -> Option<(&'t str, &'t str)> {
    let at = find(text, part)?;
    Some((text.get(..at)?, text.get(at + part.len()..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_several() {
        assert_eq!(find("abcabc", "bc"), Some(1));
        assert_eq!(find("ab", "abc"), None);
        assert_eq!(split_once("é://ü://", "://"), Some(("é", "ü://")));
        assert_eq!(split_once("a:b", "://"), None);
    }
}
