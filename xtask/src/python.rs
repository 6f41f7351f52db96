//! Programs and drivers from PyPI: of pinned versions, in virtual environments below the cache.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::iter;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::command::{Error, step};
use crate::programs::PYTHON;
use crate::tools::{cache, fingerprint};

const REQUIREMENTS: &str = include_str!("../packaging/requirements.txt");
const CLIENTS: &str = include_str!("../../tests/redshift/clients/requirements.txt");
/// A linker, with the C library of every version of Linux.
const ZIG: &str = "ziglang==0.17.1";
/// Marks a complete installation.
const DONE: &str = "installed";

/// The virtual environment: maturin, pre-commit, check-jsonschema, codespell, just, lychee and zizmor.
pub(crate) struct PackagingTools {
    /// Where its programs are.
    pub(crate) bin: PathBuf,
}

impl PackagingTools {
    /// Installs what is not there yet.
    pub(crate) fn install() -> Result<Self, Error> {
        Ok(Self { bin: install("packaging", REQUIREMENTS)? })
    }

    /// Installs the linker that makes programs for older systems than this one; 90 MB that no test needs.
    pub(crate) fn install_zig(&self) -> Result<(), Error> {
        step(pip_install(&self.bin).arg(ZIG))
    }

    /// The search path with its programs first.
    pub(crate) fn path(&self) -> Result<OsString, Error> {
        let path = env::var_os("PATH").unwrap_or_default();
        env::join_paths(iter::once(self.bin.clone()).chain(env::split_paths(&path)))
            .map_err(|error| error.to_string())
    }

    /// One of its programs.
    pub(crate) fn command(&self, name: &str) -> Command {
        let mut command = Command::new(self.bin.join(name));
        command.stdin(Stdio::null());
        command
    }
}

/// Installs the drivers that the scripts are run with; returns the folder of their Python.
pub(crate) fn install_clients() -> Result<PathBuf, Error> {
    install("clients", CLIENTS)
}

/// Installs what is not there yet into a virtual environment; returns the folder of its programs.
fn install(name: &str, requirements: &str) -> Result<PathBuf, Error> {
    let folder = cache()?.join(format!("{name}-{:016x}", fingerprint(&[requirements])));
    let bin = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
    if !folder.join(DONE).is_file() {
        eprintln!("installing packages from PyPI into {}", folder.display());
        install_into(&folder, &bin, requirements)?;
    }
    Ok(bin)
}

fn install_into(folder: &Path, bin: &Path, requirements: &str) -> Result<(), Error> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    // What a broken installation left would be taken for installed.
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(failed)?;
    }
    fs::create_dir_all(folder).map_err(failed)?;
    let list = folder.join("requirements.txt");
    fs::write(&list, requirements).map_err(failed)?;
    let python = PYTHON.path()?;
    step(Command::new(python).args(["-m", "venv"]).arg(folder))?;
    step(pip_install(bin).args(["--no-deps", "--requirement"]).arg(&list))?;
    fs::write(folder.join(DONE), "").map_err(failed)
}

/// pip, which is to install what follows, and to compile nothing.
fn pip_install(bin: &Path) -> Command {
    let mut pip = Command::new(bin.join("python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:"])
        .stdout(Stdio::null());
    pip
}
