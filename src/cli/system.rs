//! The environment of the commands: files, streams and variables.
//!
//! There are two implementations: the operating system and a JavaScript host. All other code of the command line is
//! shared, so that both behave the same.

use std::io;
use std::path::{Path, PathBuf};

use super::args::Color;

/// How much of a file that is too large is read, in bytes: enough to guess what it is.
pub(super) const PREFIX: usize = 1 << 16;

/// The environment of a command.
///
/// Errors are those of the operating system; of their kinds, `NotFound`, `PermissionDenied`, `IsADirectory` and
/// `BrokenPipe` are handled separately; for others, the text is shown.
pub(super) trait System {
    /// The width of the terminal for help texts, if clap cannot detect it.
    fn columns(&self) -> Option<usize>;

    /// The value of an environment variable, if it is set; invalid Unicode is replaced with U+FFFD.
    fn env(&self, name: &str) -> Option<String>;

    /// The working directory.
    fn current_dir(&self) -> io::Result<PathBuf>;

    /// The kind of file at a path; links are followed.
    fn kind(&self, path: &Path) -> io::Result<FileKind>;

    /// The absolute path without links.
    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf>;

    /// Reads a file up to one byte beyond `limit`; if it is known to be longer, reads only [`PREFIX`] bytes.
    fn read(&self, path: &Path, limit: usize) -> io::Result<Bytes>;

    /// Reads standard input up to one byte beyond `limit`.
    fn read_stdin(&self, limit: usize) -> io::Result<Bytes>;

    /// Walks a directory recursively, in the order of the names, without hidden and ignored files. Links are reported, not
    /// followed.
    fn walk(&self, directory: &Path, found: &mut dyn FnMut(Result<&Path, ignore::Error>));

    /// Creates a directory and its parents, if they do not exist.
    fn create_dir_all(&self, path: &Path) -> io::Result<()>;

    /// Writes to a device, a pipe or the like.
    fn write_into(&self, path: &Path, text: &str) -> io::Result<()>;

    /// Writes all files, or none of them; existing files are replaced. Removes temporary files of runs that were killed. An
    /// error has the index of the file.
    fn replace(&self, files: &[NewFile<'_>]) -> Result<(), (usize, io::Error)>;

    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Whether to use color on a stream: according to `choice`, then to `NO_COLOR` and similar variables, then to whether it
    /// is a terminal.
    fn is_colored(&self, stream: Stream, choice: Color) -> bool;

    /// Writes all of the bytes.
    fn print(&self, stream: Stream, bytes: &[u8]) -> io::Result<()>;

    /// Whether a character separates the parts of a path.
    fn is_separator(&self, character: char) -> bool;

    /// Runs `work` on each item, in parallel if possible. The results are in the order of the items.
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

/// The kind of file at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A device, a pipe or the like.
    Other,
}

/// The bytes of a file.
pub(super) struct Bytes {
    /// The bytes, up to the limit.
    pub(super) bytes: Vec<u8>,
    /// The length of the file in bytes, if it is known without reading it.
    pub(super) length: Option<u64>,
}

/// A file to write.
#[derive(Clone, Debug)]
pub(super) struct NewFile<'a> {
    /// Its path.
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
    /// Only its owner.
    Secret = 1,
    /// The permissions of the file that it replaces, which must be writable. Links are followed.
    Kept = 2,
}

/// An output stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}
