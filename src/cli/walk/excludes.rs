//! The global ignore file of git, which applies to all repositories.

use std::path::{Path, PathBuf};

use ignore::gitignore::Gitignore;

use super::{Tree, rules};
use crate::cli::system::FileKind;

/// The user's rules, for files below the working directory.
pub(super) fn global(tree: &impl Tree) -> Gitignore {
    let directory = tree.current_dir().ok();
    let path = path(tree).filter(|path| matches!(tree.kind(path), Ok(FileKind::File)));
    match directory.zip(path) {
        Some((directory, path)) => rules::read(tree, &directory, &path).0,
        None => Gitignore::empty(),
    }
}

/// The path of `core.excludesFile` in git's settings, or its default.
fn path(tree: &impl Tree) -> Option<PathBuf> {
    let variable = |name| tree.env(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = tree.home_dir();
    let user = variable("XDG_CONFIG_HOME").or_else(|| home.as_ref().map(|home| home.join(".config")));
    let settings = [
        variable("GIT_CONFIG_GLOBAL"),
        home.as_ref().map(|home| home.join(".gitconfig")),
        user.as_ref().map(|user| user.join("git/config")),
        Some(variable("GIT_CONFIG_SYSTEM").unwrap_or_else(|| PathBuf::from("/etc/gitconfig"))),
    ];
    let named = settings.into_iter().flatten().find_map(|path| excludes_file(&tree.content(&path).ok()?));
    match named {
        Some(path) => Some(expand_tilde(&path, home.as_deref())),
        None => user.map(|user| user.join("git/ignore")),
    }
}

/// The value of the first `excludesFile`, in any section.
fn excludes_file(settings: &[u8]) -> Option<String> {
    settings.split(|byte| *byte == b'\n').find_map(|line| {
        // A line that is not UTF-8 may contain the setting, but not a usable path.
        let line = std::str::from_utf8(line).ok()?;
        let (name, value) = line.split_once('=')?;
        let value = value.trim();
        let value = value.strip_prefix('"').unwrap_or(value);
        let value = value.strip_suffix('"').unwrap_or(value).trim();
        let is_path = !value.is_empty() && !value.contains(char::is_whitespace);
        (name.trim().eq_ignore_ascii_case("excludesfile") && is_path).then(|| value.to_owned())
    })
}

/// `~` is the home directory.
fn expand_tilde(path: &str, home: Option<&Path>) -> PathBuf {
    home.map_or_else(|| PathBuf::from(path), |home| PathBuf::from(path.replace('~', &home.to_string_lossy())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn core_excludes_file_is_read_from_git_config() {
        for (settings, path) in [
            ("[core]\n\texcludesFile = /a/b\n", Some("/a/b")),
            ("[core]\nexcludesfile=\"~/x\"\r\n", Some("~/x")),
            ("[core]\neditor = vi\nEXCLUDESFILE = \" /a \"", Some("/a")),
            ("[core]\nexcludesfile = /a b\n", None),
            ("[core]\nexcludesfile =\n", None),
            ("[core]\nexcludesfiles = /a\n", None),
            ("[core]\n# excludesfile = /a\n", None),
            ("", None),
        ] {
            assert_eq!(excludes_file(settings.as_bytes()).as_deref(), path, "{settings}");
        }
        assert_eq!(expand_tilde("~/x", Some(Path::new("/home/a"))), Path::new("/home/a/x"));
    }
}
