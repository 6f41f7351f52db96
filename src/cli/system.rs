//! What the commands need of the world around them.
//!
//! There are two of it: the operating system, and a JavaScript host. Everything else of the command line is the
//! same code for both, so that the two cannot differ in what they read, say and return.

use std::io;
use std::path::{Path, PathBuf};

use super::args::Color;

/// How much of a file that is too large is read, in bytes: enough to guess what it is.
pub(super) const PREFIX: usize = 1 << 16;

/// The world around a command.
///
/// Errors are those of the operating system; of their kinds, `NotFound`, `PermissionDenied`, `IsADirectory` and
/// `BrokenPipe` are handled separately; for others, the text is shown.
pub(super) trait System {
    /// The columns of the terminal for help texts, where clap cannot find them out itself.
    fn columns(&self) -> Option<usize>;

    /// The value of an environment variable, if it is set; invalid Unicode is replaced with U+FFFD.
    fn env(&self, name: &str) -> Option<String>;

    /// The working directory.
    fn current_dir(&self) -> io::Result<PathBuf>;

    /// The kind of file at a path; links are followed.
    fn kind(&self, path: &Path) -> io::Result<FileKind>;

    /// The absolute path without links.
    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf>;

    /// Reads a file, but no more than one byte beyond `limit`; of one that is known to be longer only [`PREFIX`].
    fn read(&self, path: &Path, limit: usize) -> io::Result<Bytes>;

    /// Reads standard input, but no more than one byte beyond `limit`.
    fn read_stdin(&self, limit: usize) -> io::Result<Bytes>;

    /// Goes through what is in a directory and below, in the order of the names, but not to hidden files and those
    /// that an ignore file names. Links are named, not followed.
    fn walk(&self, directory: &Path, found: &mut dyn FnMut(Result<&Path, ignore::Error>));

    /// Makes a directory and those above it, where there are none.
    fn create_dir_all(&self, path: &Path) -> io::Result<()>;

    /// Writes to a device, a pipe and the like.
    fn write_into(&self, path: &Path, text: &str) -> io::Result<()>;

    /// Writes each file whole, and either all or none; what stood in their places is replaced. What a run that was
    /// killed left beside them is removed. An error comes with the index of the file.
    fn replace(&self, files: &[NewFile<'_>]) -> Result<(), (usize, io::Error)>;

    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Whether a stream takes colours: `choice`, then `NO_COLOR` and its like, then whether it is a terminal.
    fn is_coloured(&self, stream: Stream, choice: Color) -> bool;

    /// Writes all of it out.
    fn print(&self, stream: Stream, bytes: &[u8]) -> io::Result<()>;

    /// Whether a character separates the parts of a path.
    fn is_separator(&self, character: char) -> bool;

    /// `work` on each item, beside each other where that is possible; the results in the order of the items.
    fn map<T: Sync, R: Send>(&self, items: &[T], work: impl Fn(&Self, &T) -> R + Send + Sync) -> Vec<R>;

    /// Whether there is a directory at a path.
    fn is_dir(&self, path: &Path) -> bool {
        matches!(self.kind(path), Ok(FileKind::Directory))
    }

    /// Whether the last part of a path is a link.
    fn is_link(&self, path: &Path) -> bool {
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let own =
            self.canonicalize(parent).ok().zip(path.file_name()).map(|(parent, name)| parent.join(name));
        own != self.canonicalize(path).ok()
    }

    /// Whether there is a regular file at a path.
    fn is_file(&self, path: &Path) -> bool {
        matches!(self.kind(path), Ok(FileKind::File))
    }
}

/// What there may be at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A device, a pipe and the like.
    Other,
}

/// What was read.
pub(super) struct Bytes {
    /// The bytes, as far as the limit allows.
    pub(super) bytes: Vec<u8>,
    /// The length of the whole in bytes, where it is known beforehand.
    pub(super) length: Option<u64>,
}

/// A file to write.
#[derive(Clone, Debug)]
pub(super) struct NewFile<'a> {
    /// Its place.
    pub(super) path: PathBuf,
    /// Its content.
    pub(super) text: &'a str,
    /// Who may read and write it.
    pub(super) mode: Mode,
}

/// Who may read and write a new file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// The default permissions.
    Default = 0,
    /// Its owner alone.
    Secret = 1,
    /// Those who may read and write the file that it replaces, which has to be one that may be written. What is
    /// replaced is the target of links.
    Kept = 2,
}

/// One of the two streams that are written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}
