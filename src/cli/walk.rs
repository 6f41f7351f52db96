//! Walks a directory whose files the `ignore` crate cannot access.
//!
//! The result is that of `ignore::WalkBuilder` with `require_git(false)`, sorted by file names: the crate parses the rules,
//! and this module applies them in the same order. A test compares both.

mod excludes;
mod rules;

use std::io;
use std::path::{Path, PathBuf};

use ignore::Error;

use self::rules::Matcher;
use super::system::System;

/// The file system for a walk.
pub(super) trait Tree: System {
    /// The names in a directory.
    fn list(&self, directory: &Path) -> io::Result<Vec<Entry>>;

    /// The content of a file.
    fn content(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// The user's home directory.
    fn home_dir(&self) -> Option<PathBuf>;
}

/// An entry of a directory.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    /// Its name.
    pub(super) name: String,
    /// Whether it is a directory, and not a link to one.
    pub(super) is_directory: bool,
}

/// Walks `root` recursively.
pub(super) fn walk(tree: &impl Tree, root: &Path, found: &mut dyn FnMut(Result<&Path, Error>)) {
    let (mut matcher, error) = Matcher::new(tree, root);
    if let Some(error) = error {
        found(Err(error));
    }
    found(Ok(root));
    directory(tree, root, &mut matcher, found);
}

fn directory(
    tree: &impl Tree,
    path: &Path,
    matcher: &mut Matcher,
    found: &mut dyn FnMut(Result<&Path, Error>),
) {
    let mut entries = match tree.list(path) {
        Ok(entries) => entries,
        Err(error) => return found(Err(unreadable(path, &error))),
    };
    entries.sort_unstable();
    matcher.enter(tree, path);
    for entry in entries {
        let place = path.join(&entry.name);
        if matcher.excludes(&place, &entry) {
            continue;
        }
        found(Ok(&place));
        if entry.is_directory {
            directory(tree, &place, matcher, found);
        }
    }
    matcher.leave();
}

fn unreadable(path: &Path, error: &io::Error) -> Error {
    let text = format!("IO error for operation on {}: {error}", path.display());
    let error = Error::Io(io::Error::new(error.kind(), text));
    Error::WithPath { path: path.to_owned(), err: Box::new(error) }
}

#[cfg(test)]
mod tests;
