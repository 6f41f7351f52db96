//! The names of documents. Each is returned to the client unchanged; its content only determines how the text is parsed.

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};

/// The client's name of a document. It can be any text: several editors send a plain path with blanks, brackets and
/// letters that are not allowed in a URI.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(transparent)]
pub(super) struct Uri(String);

impl Uri {
    pub(super) fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it names a file, as a URI or by its path alone.
    pub(super) fn is_file(&self) -> bool {
        self.parts().0.is_none_or(|scheme| scheme.eq_ignore_ascii_case("file"))
    }

    /// Its path, with `/` as separator and without escapes. It is only used to match names, and need not be a valid path of
    /// the system.
    pub(super) fn path(&self) -> String {
        let (scheme, rest) = self.parts();
        // The text after `//` is a server, unless there is nothing else.
        let path = match rest.strip_prefix("//").filter(|_| scheme.is_some()) {
            Some(rest) => rest.find('/').map_or(rest, |at| &rest[at..]),
            None => rest,
        };
        // Files have neither query nor fragment, but their name may contain these characters.
        let path = if self.is_file() { path } else { path.split(['?', '#']).next().unwrap_or_default() };
        percent_decode_str(path).decode_utf8_lossy().replace('\\', "/")
    }

    /// The scheme, and the text after it. A single letter is a drive.
    fn parts(&self) -> (Option<&str>, &str) {
        let is_scheme = |scheme: &str| {
            scheme.len() > 1
                && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
        };
        match self.0.split_once(':') {
            Some((scheme, rest)) if is_scheme(scheme) => (Some(scheme), rest),
            _ => (None, &self.0),
        }
    }
}

/// A path relative to the innermost of `folders` that contains it; the whole path if none does.
pub(super) fn below<'p>(path: &'p str, folders: &[String]) -> &'p str {
    let inside = |folder: &String| path.strip_prefix(folder.trim_end_matches('/'))?.strip_prefix('/');
    folders.iter().filter_map(inside).min_by_key(|rest| rest.len()).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_is_extracted_from_every_form() {
        for (uri, path, is_file) in [
            ("file:///w/a%20b.yaml", "/w/a b.yaml", true),
            ("file:///w/a b.yaml", "/w/a b.yaml", true),
            ("FILE:///w/a[1].yaml", "/w/a[1].yaml", true),
            ("file:///w/\u{fc}.yaml", "/w/\u{fc}.yaml", true),
            ("file:///w/%C3%BC%2Eyaml", "/w/\u{fc}.yaml", true),
            ("file:///w/u\u{308}.yaml", "/w/u\u{308}.yaml", true),
            ("file:///w/100%.yaml", "/w/100%.yaml", true),
            ("file:///w/%FF.yaml", "/w/\u{FFFD}.yaml", true),
            ("file:///w/a#1?.yaml", "/w/a#1?.yaml", true),
            ("file:/w/a.yaml", "/w/a.yaml", true),
            ("file:///c%3A/w/a.yaml", "/c:/w/a.yaml", true),
            ("file:///C:\\w\\a.yaml", "/C:/w/a.yaml", true),
            ("file://C:/w/a.yaml", "/w/a.yaml", true),
            ("file://server/share/a.yaml", "/share/a.yaml", true),
            ("file://a.yaml", "a.yaml", true),
            ("C:\\w\\a.yaml", "C:/w/a.yaml", true),
            ("\\\\server\\share\\a.yaml", "//server/share/a.yaml", true),
            ("/w/a:b.yaml", "/w/a:b.yaml", true),
            ("a.yaml", "a.yaml", true),
            ("untitled:Untitled-1", "Untitled-1", false),
            ("untitled:/w/immuta.yaml", "/w/immuta.yaml", false),
            ("vscode-notebook-cell:/w/a.ipynb#W0sZ.yaml", "/w/a.ipynb", false),
            ("vscode-vfs://github/o/r/a.yaml?x=/b.json", "/o/r/a.yaml", false),
            ("git:/w/a.yaml?{\"path\":\"/w/b.json\"}", "/w/a.yaml", false),
            ("", "", true),
            (":", ":", true),
        ] {
            let uri = Uri::new(uri);
            assert_eq!((uri.path().as_str(), uri.is_file()), (path, is_file), "{uri:?}");
        }
    }

    #[test]
    fn path_is_relative_to_the_innermost_folder() {
        let folders = ["/w".to_owned(), "/w/in ner/".to_owned(), String::new()];
        for (path, seen) in
            [("/w/a", "a"), ("/w/in ner/a", "a"), ("/w/inner", "inner"), ("/wa/b", "wa/b"), ("c:/b", "c:/b")]
        {
            assert_eq!(below(path, &folders), seen);
        }
        assert_eq!(below("/wa/b", &folders[..2]), "/wa/b");
    }
}
