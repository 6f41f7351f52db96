//! The command line over the operating system.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice};
use ignore::WalkBuilder;
use rayon::prelude::*;

use super::args::Color;
use super::replace::replace;
use super::system::{Bytes, FileKind, NewFile, PREFIX, Stream, System};

/// The exit code after a panic: Rust's own, which a program that is built to abort would not have.
const PANICKED: i32 = 101;

/// Runs the command that the process was started with.
#[must_use]
pub fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|panic| {
        // If standard error is closed, the error cannot be reported.
        let _ = io::stderr().write_all(super::last_words(panic).as_bytes());
        std::process::exit(PANICKED);
    }));
    super::run(&Native, std::env::args_os()).into()
}

/// The operating system.
pub(super) struct Native;

impl System for Native {
    fn columns(&self) -> Option<usize> {
        None
    }

    fn env(&self, name: &str) -> Option<String> {
        variable(name)
    }

    fn current_dir(&self) -> io::Result<PathBuf> {
        std::env::current_dir()
    }

    fn kind(&self, path: &Path) -> io::Result<FileKind> {
        let metadata = fs::metadata(path)?;
        Ok(if metadata.is_file() {
            FileKind::File
        } else if metadata.is_dir() {
            FileKind::Directory
        } else {
            FileKind::Other
        })
    }

    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        path.canonicalize()
    }

    fn read(&self, path: &Path, limit: usize) -> io::Result<Bytes> {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(ErrorKind::IsADirectory.into());
        }
        read(file, metadata.is_file().then_some(metadata.len()), limit)
    }

    fn read_stdin(&self, limit: usize) -> io::Result<Bytes> {
        read(io::stdin().lock(), None, limit)
    }

    fn walk(&self, directory: &Path, found: &mut dyn FnMut(Result<&Path, ignore::Error>)) {
        for entry in WalkBuilder::new(directory).require_git(false).sort_by_file_name(Ord::cmp).build() {
            match entry {
                Ok(entry) => found(Ok(entry.path())),
                Err(error) => found(Err(error)),
            }
        }
    }

    fn create_dir_all(&self, path: &Path) -> io::Result<()> {
        fs::create_dir_all(path)
    }

    fn write_into(&self, path: &Path, text: &str) -> io::Result<()> {
        fs::OpenOptions::new().write(true).open(path)?.write_all(text.as_bytes())
    }

    fn replace(&self, files: &[NewFile<'_>]) -> Result<(), (usize, io::Error)> {
        replace(files)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn is_colored(&self, stream: Stream, choice: Color) -> bool {
        ColorChoice::from(choice).write_global();
        let choice = match stream {
            Stream::Out => AutoStream::choice(&io::stdout()),
            Stream::Err => AutoStream::choice(&io::stderr()),
        };
        choice != ColorChoice::Never
    }

    fn print(&self, stream: Stream, bytes: &[u8]) -> io::Result<()> {
        match stream {
            Stream::Out => {
                let mut out = io::stdout().lock();
                out.write_all(bytes)?;
                out.flush()
            }
            Stream::Err => io::stderr().lock().write_all(bytes),
        }
    }

    fn is_separator(&self, character: char) -> bool {
        std::path::is_separator(character)
    }

    fn map<T: Sync, R: Send>(&self, items: &[T], work: impl Fn(&Self, &T) -> R + Send + Sync) -> Vec<R> {
        match items {
            // One is not worth the threads.
            [item] => vec![work(self, item)],
            items => items.par_iter().map(|item| work(self, item)).collect(),
        }
    }
}

impl From<Color> for ColorChoice {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => Self::Auto,
            Color::Always => Self::Always,
            Color::Never => Self::Never,
        }
    }
}

/// The value of an environment variable, as [`System::env`] has it.
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

fn read(reader: impl Read, length: Option<u64>, limit: usize) -> io::Result<Bytes> {
    let is_too_long = length.is_some_and(|length| length > limit as u64);
    let most = if is_too_long { PREFIX } else { limit + 1 };
    let capacity = length.map_or(0, |length| usize::try_from(length).unwrap_or(most)).min(most);
    let mut bytes = Vec::with_capacity(capacity + 1);
    reader.take(most as u64).read_to_end(&mut bytes)?;
    Ok(Bytes { bytes, length })
}
