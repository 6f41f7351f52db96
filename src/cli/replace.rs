//! Atomic replacement of several files: all of them are written, or none.
//!
//! Each is written to a temporary file in its directory, and renamed when all are complete. A run that is killed before that
//! leaves temporary files, which may contain a password or its hash: the next run that writes to the directory removes them.
//! A file that is still being written is locked.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tempfile::{NamedTempFile, TempPath};

use super::system::{Mode, NewFile};

/// The start of the names of temporary files.
const PREFIX: &str = ".bootshift-";
/// How many letters and digits follow.
const RANDOM: usize = 6;

/// Replaces the files. An error has the index of the file; then all files are unchanged.
pub(super) fn replace(files: &[NewFile<'_>]) -> Result<(), (usize, io::Error)> {
    remove_leftovers(files);
    let mut ready = Vec::new();
    for (index, file) in files.iter().enumerate() {
        ready.push(Replacement::prepare(file).map_err(|error| (index, error))?);
    }
    for (index, replacement) in ready.iter().enumerate() {
        replacement.look().map_err(|error| (index, error))?;
    }
    let is_alone = ready.len() == 1;
    let mut done: Vec<Done> = Vec::new();
    for (index, replacement) in ready.into_iter().enumerate() {
        match replacement.put(is_alone) {
            Ok(replaced) => done.push(replaced),
            Err(error) => {
                done.into_iter().rev().for_each(Done::undo);
                return Err((index, error));
            }
        }
    }
    Ok(())
}

/// A complete temporary file. It is removed if it is not renamed.
struct Replacement {
    temporary: NamedTempFile,
    place: PathBuf,
}

impl Replacement {
    fn prepare(file: &NewFile<'_>) -> io::Result<Self> {
        let is_kept = file.mode == Mode::Kept;
        let place = if is_kept { file.path.canonicalize()? } else { file.path.clone() };
        // Renaming does not check whether the file is writable.
        let old = if is_kept { Some(OpenOptions::new().write(true).open(&place)?.metadata()?) } else { None };
        let mut temporary = temporary(directory(&place), file.mode)?;
        temporary.write_all(file.text.as_bytes())?;
        if let Some(old) = old {
            #[cfg(unix)]
            {
                use std::os::unix::fs::{MetadataExt as _, fchown};
                // Permission to write a file does not imply permission to change its owner.
                let _ = fchown(temporary.as_file(), Some(old.uid()), Some(old.gid()));
            }
            temporary.as_file().set_permissions(old.permissions())?;
        }
        temporary.as_file().sync_all()?;
        Ok(Self { temporary, place })
    }

    /// Fails if it is known that it cannot be renamed.
    fn look(&self) -> io::Result<()> {
        match fs::symlink_metadata(&self.place) {
            Ok(metadata) if metadata.is_dir() => Err(ErrorKind::IsADirectory.into()),
            _ => Ok(()),
        }
    }

    /// Renames it. Keeps the old file for a rollback, unless it `is_alone`.
    fn put(self, is_alone: bool) -> io::Result<Done> {
        let Self { temporary, place } = self;
        let old = if is_alone { None } else { second_name(&place)? };
        temporary.persist(&place).map_err(|error| error.error)?;
        Ok(Done { place, old })
    }
}

/// A file that has been replaced.
struct Done {
    place: PathBuf,
    /// The old file.
    old: Option<TempPath>,
}

impl Done {
    /// Restores the old file.
    fn undo(self) {
        // The cause has been reported already.
        let _ = match self.old {
            Some(old) => old.persist(&self.place).map_err(|error| error.error),
            None => fs::remove_file(&self.place),
        };
    }
}

/// A hard link to the existing file, if there is one.
fn second_name(place: &Path) -> io::Result<Option<TempPath>> {
    match builder().make_in(directory(place), |path| fs::hard_link(place, path)) {
        Ok(named) => Ok(Some(named.into_temp_path())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        // Not every file system has links.
        Err(_) => {
            let mut copy = temporary(directory(place), Mode::Secret)?;
            io::copy(&mut File::open(place)?, &mut copy)?;
            copy.as_file().set_permissions(fs::metadata(place)?.permissions())?;
            Ok(Some(copy.into_temp_path()))
        }
    }
}

fn directory(place: &Path) -> &Path {
    place.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn builder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).rand_bytes(RANDOM);
    builder
}

/// A new file that is locked as long as it is open.
fn temporary(directory: &Path, mode: Mode) -> io::Result<NamedTempFile> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(if mode == Mode::Default { 0o666 } else { 0o600 });
    }
    // Opened here, for what `tempfile` says of a failure names the temporary file.
    let temporary = builder().make_in(directory, |path| options.open(path))?;
    // Without locks, no other process can find it unlocked either.
    let _ = temporary.as_file().try_lock();
    Ok(temporary)
}

/// The directories in which this process has looked for leftovers: `check --fix` writes its files one by one, and a
/// directory may have many.
static LOOKED_AT: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Removes temporary files of runs that were killed, from the directories of the files.
fn remove_leftovers(files: &[NewFile<'_>]) {
    let directories: BTreeSet<PathBuf> = files
        .iter()
        // A file that is written in place may be the target of a link.
        .map(|file| file.path.canonicalize().unwrap_or_else(|_| file.path.clone()))
        .map(|place| directory(&place).to_owned())
        .collect();
    let mut looked_at = LOOKED_AT.lock().unwrap_or_else(PoisonError::into_inner);
    let new: Vec<&PathBuf> = directories.iter().filter(|directory| !looked_at.contains(*directory)).collect();
    for entry in new.iter().flat_map(fs::read_dir).flatten().flatten() {
        let is_ours =
            entry.file_name().to_str().and_then(|name| name.strip_prefix(PREFIX)).is_some_and(|random| {
                random.len() == RANDOM && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
            });
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_ours && is_file && File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok()) {
            // A file that cannot be removed belongs to another user.
            let _ = fs::remove_file(entry.path());
        }
    }
    looked_at.extend(directories);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: PathBuf, text: &str) -> NewFile<'_> {
        NewFile { path, text, mode: Mode::Secret }
    }

    fn names(directory: &Path) -> Vec<String> {
        let entries = fs::read_dir(directory).expect("a directory").flatten();
        let mut names: Vec<_> =
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn replaced_files_are_restored_if_a_later_file_fails() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("a"), "old").expect("a file");
        let path = |name: &str| folder.path().join(name);
        let replacements: Vec<_> = [file(path("a"), "1"), file(path("b"), "2")]
            .iter()
            .map(|file| Replacement::prepare(file).expect("a temporary file"))
            .collect();
        let done: Vec<_> =
            replacements.into_iter().map(|replacement| replacement.put(false).expect("a place")).collect();
        assert_eq!(fs::read_to_string(path("a")).expect("a file"), "1");
        done.into_iter().rev().for_each(Done::undo);
        assert_eq!(fs::read_to_string(path("a")).expect("a file"), "old");
        assert_eq!(names(folder.path()), ["a"]);
        // An impossible path is detected only when renaming.
        let failure = replace(&[file(path("a"), "1"), file(path("new"), "2"), file(path("b\0"), "3")]);
        assert_eq!(failure.expect_err("no place").0, 2);
        assert_eq!(fs::read_to_string(path("a")).expect("a file"), "old");
        assert_eq!(names(folder.path()), ["a"]);
    }

    #[test]
    fn temporary_file_in_use_is_not_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().join("a");
        let alive = temporary(folder.path(), Mode::Secret).expect("a temporary file");
        fs::write(folder.path().join(".bootshift-Dead01"), "md5…").expect("a file");
        for name in [".bootshift-notes", ".bootshift-notes.md"] {
            fs::write(folder.path().join(name), "mine").expect("a file");
        }
        replace(&[file(place, "1")]).expect("a place");
        let own = alive.path().file_name().expect("a name").to_string_lossy().into_owned();
        let mut left = [own.as_str(), ".bootshift-notes", ".bootshift-notes.md", "a"];
        left.sort_unstable();
        assert_eq!(names(folder.path()), left);
    }
}
