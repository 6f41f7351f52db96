//! The rules that leave files out.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use ignore::{Error, Match};

use super::{Entry, Tree, excludes};
use crate::cli::system::FileKind;

/// The rules of a directory, in their rank.
type Rules = [Gitignore; RANKS];

/// `.ignore`, `.gitignore` and `.git/info/exclude`: what the first of them says of a path, in whatever directory,
/// counts more than what the next says.
const RANKS: usize = 3;

/// The rules that apply to a directory of the walk.
pub(super) struct Matcher {
    /// Where the walk begins.
    root: PathBuf,
    /// The same without links; `None` where that is unknown, and then nothing is known of the parents either.
    absolute: Option<PathBuf>,
    /// Those of the directories above the walk, the nearest first.
    parents: Vec<Rules>,
    /// Those of the walk's own directories, the nearest last.
    own: Vec<Rules>,
    /// Those of git's user.
    global: Gitignore,
}

impl Matcher {
    /// The rules above `root`, and what is wrong with them.
    pub(super) fn new(tree: &impl Tree, root: &Path) -> (Self, Option<Error>) {
        let absolute = tree.canonicalize(root).ok();
        let mut errors = Vec::new();
        let mut parents = Vec::new();
        // From the root of the file system on, which is the order of what is said of them.
        let above = absolute.iter().flat_map(|path| path.ancestors().skip(1));
        // Above a drive of Windows there is nothing.
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
        // What is wrong with them keeps nothing from being found.
        let (rules, _) = rules(tree, directory);
        self.own.push(rules);
    }

    /// Takes the rules of the last directory back.
    pub(super) fn leave(&mut self) {
        self.own.pop();
    }

    /// Whether something is left out.
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

/// Where a repository keeps what its work trees share.
fn common_git_directory(tree: &impl Tree, directory: &Path) -> Option<PathBuf> {
    let git = directory.join(".git");
    match tree.kind(&git) {
        Ok(FileKind::File) => {}
        Ok(_) => return Some(git),
        Err(_) => return None,
    }
    // In a work tree it is a file that says where its own directory is, and that says where the common one is.
    let first_line = |path: &Path| {
        let text = String::from_utf8(tree.content(path).ok()?).ok()?;
        Some(text.lines().next()?.to_owned())
    };
    let own = PathBuf::from(first_line(&git)?.strip_prefix("gitdir: ")?);
    let common = first_line(&own.join("commondir"))?;
    Some(if common.starts_with('.') { own.join(common) } else { PathBuf::from(common) })
}

/// The rules in one file, for what is below `directory`. A file that is not there or can't be read has none.
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

/// Many errors as one.
fn partial(mut errors: Vec<Error>) -> Option<Error> {
    if errors.len() > 1 { Some(Error::Partial(errors)) } else { errors.pop() }
}
