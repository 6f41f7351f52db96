//! The command line over a JavaScript host, compiled to WebAssembly.

use std::cell::RefCell;
use std::ffi::OsString;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use wasm_bindgen::prelude::wasm_bindgen;

use super::args::Color;
use super::system::{Bytes, FileKind, NewFile, PREFIX, Stream, System};
use super::walk::{self, Entry, Tree};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/**
 * The environment of the command line. Paths are those that the user passed, or start with one of them and continue with `/`.
 * A method that fails throws a {@link HostError}.
 */
export interface Host {
  /** The columns of the terminal, or of the environment variable `COLUMNS`. */
  columns(): number | undefined;
  /** The value of an environment variable; invalid Unicode is replaced with U+FFFD. */
  env(name: string): string | undefined;
  /** The working directory. */
  cwd(): string;
  /** The user's home directory. */
  home(): string | undefined;
  /** Whether a character separates the parts of a path. */
  isSeparator(character: string): boolean;
  /** The kind of file at a path; links are followed. */
  kind(path: string): "file" | "directory" | "other";
  /** The absolute path without links. */
  realPath(path: string): string;
  /** The names in a directory, in any order. Those of directories end with `/`, but not those of links to one. */
  list(path: string): string[];
  /** Reads a file up to one byte beyond `limit`; if it is known to be longer, reads only `prefix` bytes. */
  read(path: string, limit: number, prefix: number): HostBytes;
  /** Reads standard input up to one byte beyond `limit`. */
  readStdin(limit: number): HostBytes;
  /** Creates a directory and its parents, if they do not exist. */
  createDirectories(path: string): void;
  /** Writes to a device or a pipe. */
  writeInto(path: string, text: string): void;
  /**
   * Writes all files, or none of them; existing files are replaced. Modes: 0, the default permissions of new files; 1,
   * only the owner; 2, the permissions of the file that is replaced (links are followed), if it is writable. The error
   * names the file.
   */
  replace(paths: string[], texts: string[], modes: Uint8Array): void;
  /** Whether a stream supports color according to the environment: 1 is standard output, 2 standard error. */
  isColored(stream: number): boolean;
  /** Writes all of the bytes to a stream: 1 is standard output, 2 standard error. */
  write(stream: number, bytes: Uint8Array): void;
}

/** The bytes that a {@link Host} has read. */
export interface HostBytes {
  /** The bytes, up to the limit. */
  bytes: Uint8Array;
  /** The length of the file, if it is known without reading it. */
  length?: number;
}

/** Why a {@link Host} failed. */
export interface HostError {
  /** The name of the system's error, such as `ENOENT`. */
  code?: string;
  /** The message of the system. */
  message: string;
  /** For `replace`: the index of the file. */
  index?: number;
}
"#;

#[wasm_bindgen]
extern "C" {
    /// The JavaScript object that reaches files, streams and the environment.
    #[wasm_bindgen(typescript_type = "Host")]
    #[derive(Clone, Debug)]
    pub type Host;

    #[wasm_bindgen(method)]
    fn columns(this: &Host) -> Option<u32>;
    #[wasm_bindgen(method, js_name = env)]
    fn variable(this: &Host, name: &str) -> Option<String>;
    #[wasm_bindgen(method, catch)]
    fn cwd(this: &Host) -> Result<String, HostError>;
    #[wasm_bindgen(method)]
    fn home(this: &Host) -> Option<String>;
    #[wasm_bindgen(method, js_name = isSeparator)]
    fn separates(this: &Host, character: char) -> bool;
    #[wasm_bindgen(method, catch, js_name = kind)]
    fn kind_of(this: &Host, path: &str) -> Result<String, HostError>;
    #[wasm_bindgen(method, catch, js_name = realPath)]
    fn real_path(this: &Host, path: &str) -> Result<String, HostError>;
    #[wasm_bindgen(method, catch, js_name = list)]
    fn names(this: &Host, path: &str) -> Result<Vec<String>, HostError>;
    #[wasm_bindgen(method, catch, js_name = read)]
    fn read_file(this: &Host, path: &str, limit: f64, prefix: f64) -> Result<HostBytes, HostError>;
    #[wasm_bindgen(method, catch, js_name = readStdin)]
    fn stdin(this: &Host, limit: f64) -> Result<HostBytes, HostError>;
    #[wasm_bindgen(method, catch, js_name = createDirectories)]
    fn create_directories(this: &Host, path: &str) -> Result<(), HostError>;
    #[wasm_bindgen(method, catch, js_name = writeInto)]
    fn write_to(this: &Host, path: &str, text: &str) -> Result<(), HostError>;
    #[wasm_bindgen(method, catch, js_name = replace)]
    fn replace_all(
        this: &Host,
        paths: Vec<String>,
        texts: Vec<String>,
        modes: &[u8],
    ) -> Result<(), HostError>;
    #[wasm_bindgen(method, catch, js_name = remove)]
    fn remove_file(this: &Host, path: &str) -> Result<(), HostError>;
    #[wasm_bindgen(method, js_name = isColored)]
    fn has_colors(this: &Host, stream: u8) -> bool;
    #[wasm_bindgen(method, catch)]
    fn write(this: &Host, stream: u8, bytes: &[u8]) -> Result<(), HostError>;

    #[wasm_bindgen(typescript_type = "HostBytes")]
    type HostBytes;
    #[wasm_bindgen(method, getter)]
    fn bytes(this: &HostBytes) -> Vec<u8>;
    #[wasm_bindgen(method, getter)]
    fn length(this: &HostBytes) -> Option<f64>;

    #[wasm_bindgen(typescript_type = "HostError")]
    type HostError;
    #[wasm_bindgen(method, getter)]
    fn code(this: &HostError) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn message(this: &HostError) -> String;
    #[wasm_bindgen(method, getter)]
    fn index(this: &HostError) -> Option<u32>;
}

thread_local! {
    /// The host that reports a panic.
    static WITNESS: RefCell<Option<Host>> = const { RefCell::new(None) };
}

/// Runs a command: `args` are those after the program's name. Returns the exit code.
///
/// A panic is written to the host's standard error; then the call throws a `WebAssembly.RuntimeError`.
#[wasm_bindgen(js_name = run)]
#[must_use]
pub fn run_command(args: Vec<String>, host: &Host) -> u8 {
    WITNESS.set(Some(host.clone()));
    std::panic::set_hook(Box::new(|panic| {
        let words = super::last_words(panic);
        // The panic may come from a call into the host; then it cannot be reported.
        let host = WITNESS.try_with(|witness| witness.try_borrow().ok().and_then(|host| host.clone()));
        if let Ok(Some(host)) = host {
            let _ = host.write(Stream::Err.number(), words.as_bytes());
        }
    }));
    let args = std::iter::once("bootshift".to_owned()).chain(args).map(OsString::from);
    super::run(host, args).code()
}

impl Stream {
    /// Its file descriptor.
    const fn number(self) -> u8 {
        match self {
            Self::Out => 1,
            Self::Err => 2,
        }
    }
}

impl System for Host {
    fn columns(&self) -> Option<usize> {
        // Without a terminal: the width that clap uses.
        Some(Host::columns(self).map_or(usize::MAX, |columns| columns as usize))
    }

    fn env(&self, name: &str) -> Option<String> {
        self.variable(name)
    }

    fn current_dir(&self) -> io::Result<PathBuf> {
        Ok(self.cwd()?.into())
    }

    fn kind(&self, path: &Path) -> io::Result<FileKind> {
        Ok(match self.kind_of(&path.to_string_lossy())?.as_str() {
            "file" => FileKind::File,
            "directory" => FileKind::Directory,
            _ => FileKind::Other,
        })
    }

    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        Ok(self.real_path(&path.to_string_lossy())?.into())
    }

    #[expect(clippy::cast_precision_loss, reason = "limits are far below 2^53")]
    fn read(&self, path: &Path, limit: usize) -> io::Result<Bytes> {
        Ok(self.read_file(&path.to_string_lossy(), limit as f64, PREFIX as f64)?.into())
    }

    #[expect(clippy::cast_precision_loss, reason = "limits are far below 2^53")]
    fn read_stdin(&self, limit: usize) -> io::Result<Bytes> {
        Ok(self.stdin(limit as f64)?.into())
    }

    fn walk(&self, directory: &Path, found: &mut dyn FnMut(Result<&Path, ignore::Error>)) {
        walk::walk(self, directory, found);
    }

    fn create_dir_all(&self, path: &Path) -> io::Result<()> {
        Ok(self.create_directories(&path.to_string_lossy())?)
    }

    fn write_into(&self, path: &Path, text: &str) -> io::Result<()> {
        Ok(self.write_to(&path.to_string_lossy(), text)?)
    }

    fn replace(&self, files: &[NewFile<'_>]) -> Result<(), (usize, io::Error)> {
        let paths = files.iter().map(|file| file.path.to_string_lossy().into_owned()).collect();
        let texts = files.iter().map(|file| file.text.to_owned()).collect();
        let modes: Vec<u8> = files.iter().map(|file| file.mode as u8).collect();
        self.replace_all(paths, texts, &modes)
            .map_err(|error| (error.index().unwrap_or(0) as usize, error.into()))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        Ok(self.remove_file(&path.to_string_lossy())?)
    }

    fn is_colored(&self, stream: Stream, choice: Color) -> bool {
        match choice {
            Color::Auto => self.has_colors(stream.number()),
            Color::Always => true,
            Color::Never => false,
        }
    }

    fn print(&self, stream: Stream, bytes: &[u8]) -> io::Result<()> {
        Ok(self.write(stream.number(), bytes)?)
    }

    fn is_separator(&self, character: char) -> bool {
        self.separates(character)
    }

    fn map<T: Sync, R: Send>(&self, items: &[T], work: impl Fn(&Self, &T) -> R + Send + Sync) -> Vec<R> {
        items.iter().map(|item| work(self, item)).collect()
    }
}

impl Tree for Host {
    fn list(&self, directory: &Path) -> io::Result<Vec<Entry>> {
        let names = self.names(&directory.to_string_lossy())?;
        let entry = |name: String| match name.strip_suffix('/') {
            Some(name) => Entry { name: name.to_owned(), is_directory: true },
            None => Entry { name, is_directory: false },
        };
        Ok(names.into_iter().map(entry).collect())
    }

    fn content(&self, path: &Path) -> io::Result<Vec<u8>> {
        Ok(self.read_file(&path.to_string_lossy(), f64::INFINITY, f64::INFINITY)?.bytes())
    }

    fn home_dir(&self) -> Option<PathBuf> {
        self.home().map(PathBuf::from)
    }
}

impl From<HostBytes> for Bytes {
    fn from(read: HostBytes) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a length is a whole number"
        )]
        let length = read.length().map(|length| length as u64);
        Self { bytes: read.bytes(), length }
    }
}

impl From<HostError> for io::Error {
    fn from(error: HostError) -> Self {
        let kind = match error.code().as_deref() {
            Some("ENOENT") => ErrorKind::NotFound,
            Some("EACCES" | "EPERM") => ErrorKind::PermissionDenied,
            Some("EISDIR") => ErrorKind::IsADirectory,
            Some("EPIPE") => ErrorKind::BrokenPipe,
            _ => ErrorKind::Other,
        };
        Self::new(kind, error.message())
    }
}
