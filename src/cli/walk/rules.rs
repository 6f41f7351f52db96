//! The rules of ignore files.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use ignore::{Error, Match};

use super::{Entry, Tree, excludes};
use crate::cli::system::FileKind;

/// The rules of a directory, by precedence.
type Rules = [Gitignore; RANKS];

/// `.ignore`, `.gitignore` and `.git/info/exclude`: each takes precedence over the next, in all directories.
const RANKS: usize = 3;

/// The rules that apply to a directory of the walk.
pub(super) struct Matcher {
    /// The directory where the walk starts.
    root: PathBuf,
    /// The same with links resolved; `None` if it is unknown, in which case the parents are unknown, too.
    absolute: Option<PathBuf>,
    /// The rules of the directories above it, the nearest first.
    parents: Vec<Rules>,
    /// The rules of the directories in the walk, the nearest last.
    own: Vec<Rules>,
    /// The user's global rules.
    global: Gitignore,
}

impl Matcher {
    /// The rules above `root`, and their errors.
    pub(super) fn new(tree: &impl Tree, root: &Path) -> (Self, Option<Error>) {
        let absolute = tree.canonicalize(root).ok();
        let mut errors = Vec::new();
        let mut parents = Vec::new();
        // From the root of the file system, which is the order of the errors.
        let above = absolute.iter().flat_map(|path| path.ancestors().skip(1));
        // A Windows drive has no parent.
        let above: Vec<&Path> = above.filter(|directory| !directory.as_os_str().is_empty()).collect();
        for directory in above.into_iter().rev() {
            let (rules, error) = rules(tree, directory);
            errors.extend(error);
            parents.insert(0, rules);
        }
        let global = excludes::global(tree);
        (Self { root: root.to_owned(), absolute, parents, own: Vec::new(), global }, partial(errors))
    }

    /// Adds the rules of a directory that the walk goes into.
    pub(super) fn enter(&mut self, tree: &impl Tree, directory: &Path) {
        // Errors in them do not end the walk.
        let (rules, _) = rules(tree, directory);
        self.own.push(rules);
    }

    /// Removes the rules of the last directory.
    pub(super) fn leave(&mut self) {
        self.own.pop();
    }

    /// Whether an entry is ignored.
    pub(super) fn excludes(&self, path: &Path, entry: &Entry) -> bool {
        match self.matched(path.strip_prefix("./").unwrap_or(path), entry.is_directory) {
            Match::None => entry.name.starts_with('.'),
            Match::Ignore(()) => true,
            Match::Whitelist(()) => false,
        }
    }

    fn matched(&self, path: &Path, is_directory: bool) -> Match<()> {
        let root = self.root.strip_prefix("./").unwrap_or(&self.root);
        let below = path.strip_prefix(root).unwrap_or(path);
        let absolute = self.absolute.as_ref().map(|absolute| absolute.join(below));
        let by_rank = (0..RANKS).map(|rank| {
            let own = self.own.iter().rev().map(|rules| rules[rank].matched(path, is_directory));
            let parents = absolute.iter().flat_map(|absolute| {
                self.parents.iter().map(move |rules| rules[rank].matched(absolute, is_directory))
            });
            first(own.chain(parents))
        });
        let global = std::iter::once_with(|| self.global.matched(path, is_directory));
        first(by_rank.chain(global)).map(drop)
    }
}

fn first<T>(matches: impl Iterator<Item = Match<T>>) -> Match<T> {
    matches.into_iter().find(|found| !found.is_none()).unwrap_or(Match::None)
}

/// The rules in a directory, and their errors.
fn rules(tree: &impl Tree, directory: &Path) -> (Rules, Option<Error>) {
    let mut errors = Vec::new();
    let mut file = |path: PathBuf| {
        let (rules, error) = read(tree, directory, &path);
        errors.extend(error);
        rules
    };
    let ignore = file(directory.join(".ignore"));
    let git = file(directory.join(".gitignore"));
    let exclude = common_git_directory(tree, directory)
        .map_or_else(Gitignore::empty, |git| file(git.join("info/exclude")));
    ([ignore, git, exclude], partial(errors))
}

/// The directory that the work trees of a repository share.
fn common_git_directory(tree: &impl Tree, directory: &Path) -> Option<PathBuf> {
    let git = directory.join(".git");
    match tree.kind(&git) {
        Ok(FileKind::File) => {}
        Ok(_) => return Some(git),
        Err(_) => return None,
    }
    // In a work tree, `.git` is a file with the path of its own directory, which contains the path of the shared one.
    let first_line = |path: &Path| {
        let text = String::from_utf8(tree.content(path).ok()?).ok()?;
        Some(text.lines().next()?.to_owned())
    };
    let own = PathBuf::from(first_line(&git)?.strip_prefix("gitdir: ")?);
    let common = first_line(&own.join("commondir"))?;
    Some(if common.starts_with('.') { own.join(common) } else { PathBuf::from(common) })
}

/// The rules in one file, for files below `directory`. A file that does not exist or cannot be read has none.
pub(super) fn read(tree: &impl Tree, directory: &Path, path: &Path) -> (Gitignore, Option<Error>) {
    let Ok(bytes) = tree.content(path) else { return (Gitignore::empty(), None) };
    let mut builder = GitignoreBuilder::new(directory);
    let mut errors = Vec::new();
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    for (number, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        let error = match std::str::from_utf8(line) {
            Ok(line) => {
                builder.add_line(Some(path.to_owned()), line.strip_suffix('\r').unwrap_or(line)).err()
            }
            Err(_) => {
                Some(Error::Io(io::Error::new(ErrorKind::InvalidData, "stream did not contain valid UTF-8")))
            }
        };
        let Some(error) = error else { continue };
        let is_end = error.is_io();
        let error = Error::WithLineNumber { line: number, err: Box::new(error) };
        errors.push(Error::WithPath { path: path.to_owned(), err: Box::new(error) });
        if is_end {
            break;
        }
    }
    let mut error = partial(errors).filter(|error| !error.is_io());
    let rules = builder.build().unwrap_or_else(|wrong| {
        error = partial(error.take().into_iter().chain([wrong]).collect());
        Gitignore::empty()
    });
    (rules, error)
}

/// Combines errors into one.
fn partial(mut errors: Vec<Error>) -> Option<Error> {
    if errors.len() > 1 { Some(Error::Partial(errors)) } else { errors.pop() }
}
