//! `cargo xtask artefacts`: released files have the expected size, contain the required files, and no debug information.
//!
//! For years, an npm package contained a debug build of 26 MB: <https://github.com/tamasfe/taplo/issues/660>.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self, Command};

use object::{Object, ObjectSection};

use crate::Outcome;
use crate::command::{Error, output, target_folder};

/// A kind of artefact.
struct Kind {
    /// How the name of its file ends.
    ending: &'static str,
    /// Its smallest and largest size, in bytes.
    size: (u64, u64),
    /// How the paths of the files end that it must contain.
    required: &'static [&'static str],
    /// What no path in it may contain.
    forbidden: &'static [&'static str],
}

/// About twice their current size, so that growth is noticed and reviewed. The first matching file ending applies.
const KINDS: [Kind; 5] = [
    Kind {
        ending: ".crate",
        size: (200_000, 1_000_000),
        required: &[
            "/Cargo.lock",
            "/LICENSE-APACHE",
            "/LICENSE-MIT",
            "/README.md",
            "/askama.toml",
            "/schema/payload.schema.json",
            "/schema/payload.types.schema.json",
            "/src/main.rs",
            "/templates/objects/marker.sql",
        ],
        forbidden: &["/fuzz/", "/node_modules/", "/pkg/", "/www/", "/xtask/", "/.github/"],
    },
    Kind {
        ending: ".whl",
        size: (800_000, 3_000_000),
        required: &[
            "/scripts/bootshift",
            "/licenses/LICENSE-APACHE",
            "/licenses/LICENSE-MIT",
            "/licenses/licenses.txt",
        ],
        forbidden: &[".py"],
    },
    Kind {
        ending: ".tgz",
        size: (500_000, 2_000_000),
        required: &[
            "/LICENSE-APACHE",
            "/LICENSE-MIT",
            "/README.md",
            "/dist/bin.js",
            "/dist/bootshift.wasm",
            "/dist/index.d.ts",
            "/dist/licenses.txt",
            "/schema/payload.schema.json",
            "/schema/payload.types.schema.json",
        ],
        forbidden: &["/node_modules/", "/src/", "/test/", ".map"],
    },
    Kind {
        ending: ".tar.gz",
        size: (800_000, 3_000_000),
        required: &["/LICENSE-APACHE", "/LICENSE-MIT", "/README.md", "/bootshift", "/licenses.txt"],
        forbidden: &[],
    },
    // Windows: programs alone.
    Kind { ending: ".exe", size: (1_000_000, 10_000_000), required: &[], forbidden: &[] },
];

/// Checks each file, and prints what is wrong, or its size.
pub(crate) fn run(root: &Path, files: &[PathBuf]) -> Result<Outcome, Error> {
    let mut outcome = Outcome::Green;
    for file in files {
        let findings = findings(root, file)?;
        for finding in &findings {
            eprintln!("error: {}: {finding}", file.display());
            outcome = Outcome::Red;
        }
        if findings.is_empty() {
            println!("{}: {} bytes, fine", file.display(), size(file)?);
        }
    }
    Ok(outcome)
}

/// What is wrong with an artefact.
fn findings(root: &Path, file: &Path) -> Result<Vec<String>, Error> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let Some(kind) = KINDS.iter().find(|kind| name.ends_with(kind.ending)) else {
        let endings: Vec<_> = KINDS.iter().map(|kind| kind.ending).collect();
        return Ok(vec![format!("unknown kind of file; expected {}", endings.join(", "))]);
    };
    let mut findings = Vec::new();
    let (size, (least, most)) = (size(file)?, kind.size);
    if !(least..=most).contains(&size) {
        findings.push(format!("has {size} bytes; from {least} to {most} are expected"));
    }
    let folder = target_folder()?.join("artefacts").join(format!("{}-{name}", process::id()));
    unpack(file, &folder)?;
    let mut names = Vec::new();
    for path in files_below(&folder)? {
        let inside = path.strip_prefix(&folder).unwrap_or(&path);
        let shown = format!("/{}", inside.to_string_lossy().replace('\\', "/"));
        let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        findings.extend(debugging(&bytes).map(|what| format!("{shown} {what}")));
        findings.extend(
            local_path(root, &bytes).map(|what| format!("{shown} has {what}, a path of this machine")),
        );
        findings.extend(
            kind.forbidden.iter().filter(|part| shown.contains(**part)).map(|_| format!("contains {shown}")),
        );
        names.push(shown);
    }
    for wanted in kind.required {
        let fits = |path: &&String| path.ends_with(wanted) || path.ends_with(&format!("{wanted}.exe"));
        if !names.iter().any(|path| fits(&path)) {
            findings.push(format!("is missing {wanted}"));
        }
    }
    fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(findings)
}

fn size(file: &Path) -> Result<u64, Error> {
    fs::metadata(file).map(|metadata| metadata.len()).map_err(|error| format!("{}: {error}", file.display()))
}

/// Unpacks a file into a new folder; a program is copied.
fn unpack(file: &Path, folder: &Path) -> Result<(), Error> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(failed)?;
    }
    fs::create_dir_all(folder).map_err(failed)?;
    let extension = file.extension().unwrap_or_default();
    let mut unpack = if extension == "exe" {
        fs::copy(file, folder.join(file.file_name().unwrap_or_default())).map_err(failed)?;
        return Ok(());
    } else if extension == "whl" {
        let mut python = Command::new(if cfg!(windows) { "python" } else { "python3" });
        python.args(["-m", "zipfile", "-e"]).arg(file).arg(folder);
        python
    } else {
        let mut tar = Command::new("tar");
        tar.arg("-xzf").arg(file).arg("-C").arg(folder);
        tar
    };
    output(&mut unpack).map(drop).ok_or_else(|| format!("{} cannot be unpacked", file.display()))
}

/// The files below a folder.
fn files_below(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() { files.extend(files_below(&path)?) } else { files.push(path) }
    }
    files.sort_unstable();
    Ok(files)
}

/// What is wrong with the sections of a program (ELF, Mach-O, PE) or a WebAssembly module; `None` for any other file too.
fn debugging(bytes: &[u8]) -> Option<String> {
    let Ok(file) = object::File::parse(bytes) else {
        return bytes.starts_with(b"\0asm").then(|| "is not valid WebAssembly".to_owned());
    };
    let mut names = file.sections().filter_map(|section| section.name().map(str::to_owned).ok());
    let name = names.find(|name| {
        let name = name.trim_start_matches(['.', '_']);
        name.starts_with("debug") || name.starts_with("zdebug") || name == "name"
    })?;
    Some(format!("has {name}, which is for debuggers"))
}

/// A path of this machine that appears in a file: that of the checkout, or of Cargo's sources.
fn local_path(root: &Path, bytes: &[u8]) -> Option<String> {
    let sources = Path::new(".cargo").join("registry").join("src");
    let home = std::env::home_dir().map(|home| home.join(sources));
    [Some(root.to_owned()), home]
        .into_iter()
        .flatten()
        .map(|path| path.display().to_string())
        .find(|path| bytes.windows(path.len()).any(|window| window == path.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Any program of Rust's debug profile has such sections on Linux, and this is one.
    #[cfg(target_os = "linux")]
    #[test]
    fn debug_sections_of_a_program_are_found() {
        let this = fs::read(std::env::current_exe().expect("a program")).expect("its bytes");
        assert!(debugging(&this).is_some_and(|section| section.starts_with("has .debug")));
        assert_eq!(debugging(b"#!/bin/sh\n"), None);
    }

    #[test]
    fn name_section_of_wasm_is_found() {
        // A section of types, then custom ones.
        let mut module = b"\0asm\x01\0\0\0\x01\x01\0\0\x08\x07sources".to_vec();
        assert_eq!(debugging(&module), None);
        module.extend(b"\0\x05\x04name");
        assert_eq!(debugging(&module).as_deref(), Some("has name, which is for debuggers"));
        module.pop();
        assert_eq!(debugging(&module).as_deref(), Some("is not valid WebAssembly"));
    }

    #[test]
    fn paths_of_the_build_machine_are_found() {
        let root = Path::new("/somewhere/bootshift");
        assert_eq!(local_path(root, b"panicked at bootshift/src/lib.rs"), None);
        assert!(local_path(root, b"panicked at /somewhere/bootshift/src/lib.rs").is_some());
    }
}
