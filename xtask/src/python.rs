//! Programs from PyPI that build and try the packages: of pinned versions, in a virtual environment below the cache.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::iter;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::command::{Error, output, succeeds};
use crate::tools::{cache, fingerprint, install_packages};

const REQUIREMENTS: &str = include_str!("../packaging/requirements.txt");
/// A linker, with the C library of every version of Linux.
const ZIG: &str = "ziglang==0.17.1";
/// Marks a complete installation.
const DONE: &str = "installed";

/// The virtual environment: maturin, pre-commit, check-jsonschema and zizmor.
pub(crate) struct PackagingTools {
    /// Where its programs are.
    pub(crate) bin: PathBuf,
}

impl PackagingTools {
    /// Installs what is not there yet.
    pub(crate) fn install() -> Result<Self, Error> {
        let folder = cache()?.join(format!("packaging-{:016x}", fingerprint(&[REQUIREMENTS])));
        if !folder.join(DONE).is_file() {
            eprintln!("installing what builds and tries the packages into {}", folder.display());
            install_into(&folder)?;
        }
        Ok(Self::at(&folder))
    }

    fn at(folder: &Path) -> Self {
        Self { bin: folder.join(if cfg!(windows) { "Scripts" } else { "bin" }) }
    }

    /// Installs the linker that makes programs for older systems than this one; 90 MB that no test needs.
    pub(crate) fn install_zig(&self) -> Result<(), Error> {
        if succeeds(self.pip_install().arg(ZIG))? {
            Ok(())
        } else {
            Err(format!("{ZIG} could not be installed from PyPI"))
        }
    }

    /// pip, which is to install what follows, and to compile nothing.
    fn pip_install(&self) -> Command {
        let mut pip = self.command("python");
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:"])
            .stdout(Stdio::null());
        pip
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

fn install_into(folder: &Path) -> Result<(), Error> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    // What a broken installation left would be taken for installed.
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(failed)?;
    }
    fs::create_dir_all(folder).map_err(failed)?;
    let requirements = folder.join("requirements.txt");
    fs::write(&requirements, REQUIREMENTS).map_err(failed)?;
    let needs = "the packages are tried with programs from PyPI: this needs Python 3.11 or later with venv (Debian: \
                 `apt-get install python3-venv`) and PyPI";
    if !makes_venv(folder)? {
        install_packages(&["python3-venv"]);
        if !makes_venv(folder)? {
            return Err(needs.to_owned());
        }
    }
    let mut pip = PackagingTools::at(folder).pip_install();
    if !succeeds(pip.args(["--no-deps", "--requirement"]).arg(&requirements))? {
        return Err(format!("pip failed; {needs}"));
    }
    fs::write(folder.join(DONE), "").map_err(failed)
}

/// Makes the environment, with the Python of this machine; returns whether one is available.
fn makes_venv(folder: &Path) -> Result<bool, Error> {
    let is_there = |name: &&str| output(Command::new(name).arg("--version")).is_some();
    let Some(python) = ["python3", "python"].into_iter().find(is_there) else { return Ok(false) };
    succeeds(Command::new(python).args(["-m", "venv"]).arg(folder).stdin(Stdio::null()))
}
