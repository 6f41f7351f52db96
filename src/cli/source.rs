//! The files that the arguments name, and their content.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use super::system::{Bytes, FileKind, Mode, NewFile, System};
use crate::check::{self, Checked, Code, Diagnostic, Options, Origin};
use crate::document::encrypted::encrypted_text;
use crate::document::{Documents, Limits, Span, Syntax};
use crate::encoding;
use crate::files::reason;
use crate::text::printable;

/// The name of standard input in messages.
pub(super) const STDIN: &str = "<stdin>";

/// A file or standard input.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// The file; `None` for standard input.
    path: Option<PathBuf>,
    /// The name to show.
    pub(super) name: String,
    /// Whether it was passed as an argument; otherwise it was found in a directory.
    pub(super) is_named: bool,
    origin: Origin,
    syntax: Option<Syntax>,
}

/// The content of a [`Source`].
pub(super) struct Content {
    /// The parsed text. If it is not UTF-8, the part that can be shown; if it is too large, empty.
    pub(super) documents: Documents<'static>,
    /// Whether the text looks like a document of the API, if its bytes show this.
    may_be_ours: Option<bool>,
}

impl Source {
    /// A file, or standard input for `-`.
    pub(super) fn named(path: &Path, stdin_name: Option<&str>) -> Self {
        if path.as_os_str() == "-" {
            let origin = if stdin_name.is_some() { Origin::File } else { Origin::Text };
            let name = stdin_name.unwrap_or(STDIN).to_owned();
            let syntax = Syntax::of_path(&name);
            Self { path: None, name, is_named: true, origin, syntax }
        } else {
            Self { is_named: true, ..Self::found(path.to_owned()) }
        }
    }

    fn found(path: PathBuf) -> Self {
        let name = path.display().to_string();
        let syntax = Syntax::of_path(&name);
        Self { path: Some(path), name, is_named: false, origin: Origin::File, syntax }
    }

    /// Whether it is a link that was found in a directory.
    pub(super) fn is_found_link<S: System>(&self, system: &S) -> bool {
        !self.is_named && self.path.as_deref().is_some_and(|path| system.is_link(path))
    }

    /// Whether this is standard input.
    pub(super) const fn is_stdin(&self) -> bool {
        self.path.is_none()
    }

    /// Reads it, but no more than `limits` allow.
    pub(super) fn read<S: System>(&self, system: &S, limits: &Limits) -> io::Result<Content> {
        let read = match &self.path {
            None => system.read_stdin(limits.bytes)?,
            Some(path) => system.read(path, limits.bytes)?,
        };
        Ok(self.content(read, limits))
    }

    /// Checks the documents of its content.
    pub(super) fn check(&self, content: &Content, options: &Options<'_>) -> Vec<Checked> {
        self.check_those(content, options, &|_| true)
    }

    /// Checks only the documents that `is_ours` accepts.
    pub(super) fn check_those(
        &self,
        content: &Content,
        options: &Options<'_>,
        is_ours: &dyn Fn(&Checked) -> bool,
    ) -> Vec<Checked> {
        let options = Options { origin: self.origin, ..options.clone() };
        check::check_those(&content.documents, &options, is_ours)
    }

    /// Applies the safe fixes of the documents that `is_wanted` accepts, and writes the file. Returns the number of fixes and
    /// the remaining diagnostics.
    ///
    /// # Errors
    /// The file cannot be written: it and `content` are unchanged.
    pub(super) fn fix<S: System>(
        &self,
        system: &S,
        content: &mut Content,
        checked: Vec<Checked>,
        options: &Options<'_>,
        is_wanted: &dyn Fn(&Checked, &Content) -> bool,
    ) -> Result<(usize, Vec<Checked>), (Vec<Checked>, io::Error)> {
        let Some(path) = &self.path else { return Ok((0, checked)) };
        let options = &Options { origin: self.origin, ..options.clone() };
        let wanted = |documents: &Documents<'_>, checked: &[Checked]| {
            let own = if self.is_named { Vec::new() } else { check::recognize(documents) };
            let is_own = |document: &Checked| self.is_named || own.get(document.index) == Some(&true);
            checked.iter().map(|document| is_wanted(document, content) && is_own(document)).collect()
        };
        let safe = check::Applicability::Safe;
        let Some(fixed) = check::fix(&content.documents, &checked, options, safe, &wanted) else {
            return Ok((0, checked));
        };
        let file = NewFile { path: path.clone(), text: fixed.documents.text(), mode: Mode::Kept };
        if let Err((_, error)) = Self::is_replaceable(system, path).and_then(|()| system.replace(&[file])) {
            return Err((checked, error));
        }
        content.documents = fixed.documents;
        Ok((fixed.fixes, fixed.checked))
    }

    fn content(&self, Bytes { bytes, length }: Bytes, limits: &Limits) -> Content {
        let limit = limits.bytes;
        if let Some(length) = length.filter(|length| *length > limit as u64) {
            return too_large(&bytes, &format!("the file has {length} bytes; the limit is {limit}"));
        }
        if bytes.len() > limit {
            return too_large(&bytes, &format!("the file has more than {limit} bytes, the limit"));
        }
        if encoding::binary(&bytes).is_some() {
            return not_utf8(&bytes, 0);
        }
        match String::from_utf8(bytes) {
            Ok(text) if encoding::is_utf16_of_ascii(&text) => not_utf8(text.as_bytes(), 0),
            Ok(text) => Content { documents: Documents::parse(text, self.syntax, limits), may_be_ours: None },
            Err(error) => not_utf8(error.as_bytes(), error.utf8_error().valid_up_to()),
        }
    }
}

impl Content {
    /// Whether the text looks like a document of the API, even if it has syntax errors.
    pub(super) fn may_be_ours(&self) -> bool {
        self.may_be_ours.unwrap_or_else(|| check::may_be_ours(self.documents.text()))
    }
}

fn too_large(bytes: &[u8], message: &str) -> Content {
    let problem = Diagnostic::new(Code::TooLarge, "", Span::default(), message);
    let may_be_ours = Some(check::may_be_ours(&String::from_utf8_lossy(bytes)));
    Content { documents: Documents::refused("", problem), may_be_ours }
}

fn not_utf8(bytes: &[u8], valid: usize) -> Content {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let problem = encrypted_text(&text, "the text", Span::new(0, 0)).unwrap_or_else(|| {
        let (message, help) = encoding::binary(bytes).unwrap_or_else(|| {
            let message = if encoding::is_utf16(bytes) { encoding::UTF_16 } else { "the text is not UTF-8" };
            (message.to_owned(), "save the file as UTF-8")
        });
        Diagnostic::new(Code::Syntax, "", Span::new(valid, valid), message).with_help(help)
    });
    // For UTF-16, ASCII without the zero bytes is enough to recognize a payload.
    let letters: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
    let may_be_ours = Some(check::may_be_ours(&String::from_utf8_lossy(&letters)));
    Content { documents: Documents::refused(text, problem), may_be_ours }
}

/// Why there is nothing to check at a path.
pub(super) struct PathError {
    /// The path.
    pub(super) path: PathBuf,
    /// The reason.
    pub(super) message: String,
}

/// The sources that the arguments name, in their order, each once.
pub(super) fn collect<S: System>(
    system: &S,
    paths: &[PathBuf],
    stdin_name: Option<&str>,
) -> (Vec<Source>, Vec<PathError>) {
    let seen = (paths.len() > 1).then(HashMap::new);
    let mut collection = Collection { system, sources: Vec::new(), errors: Vec::new(), seen };
    for path in paths {
        if path.as_os_str() != "-" && system.is_dir(path) {
            collection.walk(path);
        } else {
            collection.push(Source::named(path, stdin_name));
        }
    }
    (collection.sources, collection.errors)
}

struct Collection<'a, S> {
    system: &'a S,
    sources: Vec<Source>,
    errors: Vec<PathError>,
    /// The index of each file in the sources; `None` if no file can be named twice.
    seen: Option<HashMap<PathBuf, usize>>,
}

impl<S: System> Collection<'_, S> {
    fn push(&mut self, source: Source) {
        if let Some(seen) = &mut self.seen {
            // A file that can't be found is reported when it is read.
            let key = source.path.as_deref().map_or_else(
                || PathBuf::from("-"),
                |path| self.system.canonicalize(path).unwrap_or_else(|_| path.to_owned()),
            );
            if let Some(earlier) = seen.get(&key).and_then(|index| self.sources.get_mut(*index)) {
                earlier.is_named |= source.is_named;
                return;
            }
            seen.insert(key, self.sources.len());
        }
        self.sources.push(source);
    }

    fn walk(&mut self, directory: &Path) {
        let mut is_empty = true;
        let system = self.system;
        system.walk(directory, &mut |found| match found {
            Ok(path) => {
                if has_extension(path) && system.is_file(path) {
                    is_empty = false;
                    let shown = path.strip_prefix("./").unwrap_or(path);
                    self.push(Source::found(shown.to_owned()));
                }
            }
            Err(error) => {
                is_empty = false;
                self.errors.push(walk_error(directory, &error));
            }
        });
        if is_empty {
            let message = "no `*.json`, `*.yaml` or `*.yml` files in this directory".to_owned();
            self.errors.push(PathError { path: directory.to_owned(), message });
        }
    }
}

fn has_extension(path: &Path) -> bool {
    path.extension().is_some_and(|extension| {
        ["json", "yaml", "yml"].iter().any(|known| extension.eq_ignore_ascii_case(known))
    })
}

fn walk_error(directory: &Path, error: &ignore::Error) -> PathError {
    let mut at = error;
    let mut path = directory.to_owned();
    loop {
        match at {
            ignore::Error::WithPath { path: place, err } => {
                path.clone_from(place);
                at = err;
            }
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => at = err,
            other => {
                let message = other.io_error().map_or_else(|| other.to_string(), reason);
                return PathError { path, message };
            }
        }
    }
}

/// A path for a message. An argument that is not a path may contain a secret and is not repeated.
pub(super) fn shown<S: System>(system: &S, path: &Path) -> String {
    let text = path.display().to_string();
    if system.kind(path).is_ok() {
        return printable(&text);
    }
    match NotAPath::of(&text) {
        None => without_value(&text),
        Some(NotAPath::Payload) => "a path that looks like a payload".to_owned(),
        Some(NotAPath::Url) => "a path that looks like a URL".to_owned(),
    }
}

/// An argument that is not a path.
enum NotAPath {
    /// A payload.
    Payload,
    /// A URL or a part of one, which may contain a password or a token.
    Url,
}

impl NotAPath {
    fn of(text: &str) -> Option<Self> {
        let is_payload = text.contains(['\n', '{', '"']) || text.contains(": ") || text.len() > 1024;
        if is_payload {
            Some(Self::Payload)
        } else {
            (has_scheme(text) || has_user_info(text)).then_some(Self::Url)
        }
    }
}

/// Whether the text contains a URL with any scheme; `jdbc:redshift://…` has two. A single letter before the colon is a
/// Windows drive. One of the two slashes may be missing, because paths are normalized.
fn has_scheme(text: &str) -> bool {
    let is_of_scheme = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
    text.match_indices(":/")
        .any(|(at, _)| text.as_bytes()[..at].iter().rev().take_while(|byte| is_of_scheme(byte)).count() > 1)
}

/// Whether the text may contain a user with a password: `user:password@host`.
fn has_user_info(text: &str) -> bool {
    text.split(['/', '\\', ' ']).any(|part| part.rsplit_once('@').is_some_and(|(user, _)| user.contains(':')))
}

/// The path without what follows a `=`, which may be the value of a connection parameter, an option or a variable.
fn without_value(text: &str) -> String {
    match text.split_once('=') {
        Some((name, value)) if !value.is_empty() => format!("{}=…", printable(name)),
        _ => printable(text),
    }
}

/// `cannot read PATH: REASON`, for an argument that may not be a path.
pub(super) fn unreadable<S: System>(system: &S, path: &Path, reason: &str) -> String {
    let text = path.display().to_string();
    let is_there = system.kind(path).is_ok();
    match NotAPath::of(&text).filter(|_| !is_there) {
        Some(NotAPath::Payload) => {
            "expected a path, found what looks like a payload; pass a file name, or `-` to read standard input"
                .to_owned()
        }
        Some(NotAPath::Url) => {
            "expected a path, found what looks like a URL; download the file first, and pass its name or pipe it in with `-`"
                .to_owned()
        }
        None => {
            // Only an argument after `--` gets here.
            let is_late_option = text.starts_with("--") && !is_there;
            let help = if is_late_option { "; options must come before `--`" } else { "" };
            let shown = if is_there { printable(&text) } else { without_value(&text) };
            format!("cannot read {shown}: {reason}{help}")
        }
    }
}

impl Source {
    /// Fails for a device, a pipe or the like, which cannot be replaced.
    fn is_replaceable<S: System>(system: &S, path: &Path) -> Result<(), (usize, io::Error)> {
        match system.kind(path) {
            Ok(FileKind::File) => Ok(()),
            Ok(_) => Err((0, io::Error::other("not a regular file"))),
            Err(error) => Err((0, error)),
        }
    }

    /// The message for a failure to write it.
    pub(super) fn unwritable(&self, error: &io::Error) -> String {
        format!("cannot write {}: {}", printable(&self.name), reason(error))
    }

    /// The message for a failure to read it.
    pub(super) fn unreadable<S: System>(&self, system: &S, error: &io::Error) -> String {
        match &self.path {
            None => format!("cannot read standard input: {}", reason(error)),
            Some(path) => unreadable(system, path, &reason(error)),
        }
    }
}
