//! Paths for code scanning and annotations: relative to the root of the repository, with `/`.

use std::path::Path;

use super::source::STDIN;
use super::system::System;

/// The environment variable with the folder of the checkout in a job on GitHub:
/// <https://docs.github.com/en/actions/reference/workflows-and-actions/variables>.
const WORKSPACE: &str = "GITHUB_WORKSPACE";

/// The folder that the paths of a report are relative to.
pub(super) struct Root<'s, S> {
    system: &'s S,
    is_windows: bool,
    /// The folder of the checkout without links, and as the variable has it; none where there is no variable.
    workspace: Vec<Parts>,
    /// The working directory, which is assumed to be the repository if the variable is not set.
    current: Option<Parts>,
}

impl<'s, S: System> Root<'s, S> {
    pub(super) fn of(system: &'s S) -> Self {
        let is_windows = system.is_separator('\\');
        let parts = |path: &Path| Parts::of(&path.to_string_lossy(), is_windows);
        let current = system.current_dir().ok().map(|path| parts(&path));
        let workspace = system.env(WORKSPACE).filter(|path| !path.is_empty());
        let workspace = workspace.map_or_else(Vec::new, |path| {
            let path = Path::new(&path);
            let without_links = system.canonicalize(path).ok();
            without_links.iter().map(|path| parts(path)).chain([parts(path)]).collect()
        });
        Self { system, is_windows, workspace, current }
    }

    /// The path of a file that the user named `name`, or that was found under this name.
    pub(super) fn relative(&self, name: &str) -> String {
        let current = match &self.current {
            Some(current) if name != STDIN => current,
            _ => return name.to_owned(),
        };
        let named = current.join(name);
        // A link is resolved to the file in the repository; a link to a file outside is reported as itself.
        let behind_links = || {
            let path = self.system.canonicalize(Path::new(name)).ok()?;
            Some(Parts::of(&path.to_string_lossy(), self.is_windows))
        };
        let behind_links = if self.workspace.is_empty() { None } else { behind_links() };
        let mut paths = behind_links.iter().chain([&named]);
        let below = paths.find_map(|path| self.workspace.iter().find_map(|folder| path.below(folder)));
        below.or_else(|| named.below(current)).unwrap_or_else(|| name.to_owned())
    }
}

/// The parts of a path, without `.` and `..`. An absolute path begins with an empty part, or with a drive.
#[derive(Clone, Debug)]
struct Parts {
    parts: Vec<String>,
    /// Whether `\` is a separator, and letter case is ignored.
    is_windows: bool,
}

impl Parts {
    fn of(path: &str, is_windows: bool) -> Self {
        let mut parts = Self { parts: Vec::new(), is_windows };
        // Windows marks paths without links.
        parts.push(path.strip_prefix(r"\\?\").filter(|_| is_windows).unwrap_or(path));
        parts
    }

    /// Resolves `path` relative to this path.
    fn join(&self, path: &str) -> Self {
        let is_drive = self.is_windows && path.as_bytes().get(1) == Some(&b':');
        if is_drive || path.starts_with(self.separators()) {
            return Self::of(path, self.is_windows);
        }
        let mut joined = self.clone();
        joined.push(path);
        joined
    }

    fn push(&mut self, path: &str) {
        for part in path.split(self.separators()) {
            match part {
                "" if self.parts.is_empty() => self.parts.push(String::new()),
                ".." if self.parts.len() > 1 => drop(self.parts.pop()),
                // Above the root is the root.
                "" | "." | ".." => {}
                part => self.parts.push(part.to_owned()),
            }
        }
    }

    /// The path relative to `folder`, if it is below it.
    fn below(&self, folder: &Self) -> Option<String> {
        let is_same = |(own, other): (&String, &String)| {
            own == other || self.is_windows && own.eq_ignore_ascii_case(other)
        };
        let (above, below) = self.parts.split_at_checked(folder.parts.len())?;
        (!below.is_empty() && above.iter().zip(&folder.parts).all(is_same)).then(|| below.join("/"))
    }

    const fn separators(&self) -> &'static [char] {
        if self.is_windows { &['/', '\\'] } else { &['/'] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn below(folder: &str, current: &str, path: &str, is_windows: bool) -> Option<String> {
        Parts::of(current, is_windows).join(path).below(&Parts::of(folder, is_windows))
    }

    #[test]
    fn path_is_relative_to_the_repository_root() {
        for (current, path, expected) in [
            ("/w/r", "a.yaml", Some("a.yaml")),
            ("/w/r/sub", "a b.yaml", Some("sub/a b.yaml")),
            ("/w/r/sub", "./x//../a.yaml", Some("sub/a.yaml")),
            ("/w/r/sub", "../a.yaml", Some("a.yaml")),
            ("/w/r/sub", "/w/r/other/a.yaml", Some("other/a.yaml")),
            ("/w/r/sub", "../../outside.yaml", None),
            ("/w/r/sub", "../../../../../../w/r/a.yaml", Some("a.yaml")),
            ("/w/r2", "a.yaml", None),
            ("/w", "r", None),
            ("/w/r", r"a\b.yaml", Some(r"a\b.yaml")),
        ] {
            assert_eq!(below("/w/r/", current, path, false).as_deref(), expected, "{path} in {current}");
        }
    }

    #[test]
    fn windows_paths_ignore_separator_and_letter_case() {
        for (current, path, expected) in [
            (r"D:\a\r\sub", r"x\a.yaml", Some("sub/x/a.yaml")),
            (r"d:\a\r\sub", "x/a.yaml", Some("sub/x/a.yaml")),
            (r"D:\a\r\sub", r"D:\A\R\Other\a.yaml", Some("Other/a.yaml")),
            (r"D:\a\r\sub", r"..\a.yaml", Some("a.yaml")),
            (r"\\?\D:\a\r\sub", "a.yaml", Some("sub/a.yaml")),
            (r"D:\a\r\sub", r"C:\a\r\a.yaml", None),
        ] {
            assert_eq!(below(r"D:\a\r", current, path, true).as_deref(), expected, "{path} in {current}");
        }
    }
}
