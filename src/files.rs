//! Reads small files, and describes I/O errors.

#[cfg(feature = "native")]
use std::fs::File;
use std::io;
#[cfg(feature = "native")]
use std::{io::Read as _, path::Path};

/// The maximum size of a password or certificate file in bytes. A device may be endless.
#[cfg(feature = "native")]
const LIMIT: u64 = 4 << 20;

/// Reads a file that is not a payload.
///
/// # Errors
/// It cannot be read, or is too large.
#[cfg(feature = "native")]
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LIMIT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LIMIT {
        return Err(io::Error::other(format!("file is larger than {LIMIT} bytes")));
    }
    Ok(bytes)
}

/// Why a file cannot be read or written.
pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or directory".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "is a directory".to_owned(),
        _ => error.to_string(),
    }
}

/// Whether users other than its owner can read or write a file.
#[cfg(feature = "native")]
pub(crate) fn is_open_to_others(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        path.metadata().is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o077 != 0)
    }
    // Elsewhere, access control lists determine who can read a file.
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}
