//! Tools of pinned versions that tasks install: into a cache outside of the checkout, or as npm packages.

use std::env;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::iter;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{Error, at, cargo, read, remove, step, succeeds};
use crate::programs::PYTHON;

const MDBOOK: &str = "0.5.4";
/// A linker, with the C library of every version of Linux.
const ZIG: &str = "ziglang==0.17.1";
/// In a complete installation, the requirements that it satisfies.
const INSTALLED: &str = "installed.txt";

/// Where the folders that outlive a checkout go.
fn cache() -> Result<PathBuf, Error> {
    let given = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let folder = given.or_else(|| Some(env::home_dir()?.join(".cache")));
    folder.map(|folder| folder.join("bootshift")).ok_or("no place for a cache: set XDG_CACHE_HOME".to_owned())
}

/// Programs of `wasm-bindgen-cli`.
pub(crate) struct WasmBindgen {
    /// Makes the glue.
    pub(crate) cli: PathBuf,
    /// Runs tests.
    pub(crate) test_runner: PathBuf,
}

impl WasmBindgen {
    /// Those of the version that the lock file has: they have to be of the same.
    pub(crate) fn install(root: &Path) -> Result<Self, Error> {
        let lock = read(root, "Cargo.lock")?;
        let entry = lock.split_once("name = \"wasm-bindgen\"\nversion = \"");
        let version =
            entry.and_then(|(_, rest)| rest.split('"').next()).ok_or("Cargo.lock has no wasm-bindgen")?;
        let bin = cargo_install("wasm-bindgen", "wasm-bindgen-cli", version, &[])?;
        Ok(Self { cli: bin.join("wasm-bindgen"), test_runner: bin.join("wasm-bindgen-test-runner") })
    }
}

/// The folder of mdBook, which makes HTML of the book; what serves and watches is left out.
pub(crate) fn mdbook() -> Result<PathBuf, Error> {
    cargo_install("mdbook", "mdbook", MDBOOK, &["--no-default-features", "--features", "search"])
}

/// Compiles a package into the cache if it is not there, which takes some minutes, once; gives the folder of its programs.
/// The dependencies are those that its authors locked, or those that fit if the registry does not have some of them yet, as
/// an outdated mirror.
fn cargo_install(program: &str, package: &str, version: &str, features: &[&str]) -> Result<PathBuf, Error> {
    let folder = cache()?.join(format!("{program}-{version}"));
    let bin = folder.join("bin");
    if bin.join(program).with_extension(env::consts::EXE_EXTENSION).is_file() {
        return Ok(bin);
    }
    for locked in [&["--locked"][..], &[]] {
        let mut install = cargo(Path::new("."), "install");
        install.args([package, "--version", version]).args(features).args(locked);
        if succeeds(install.arg("--root").arg(&folder).env_remove("CARGO_TARGET_DIR"))? {
            return Ok(bin);
        }
    }
    Err(format!("`cargo install {package} --version {version}` failed"))
}

/// The programs of `xtask/packaging/requirements.txt`.
pub(crate) struct PackagingTools {
    /// Where they are.
    pub(crate) bin: PathBuf,
}

impl PackagingTools {
    /// Installs what is not there yet.
    pub(crate) fn install() -> Result<Self, Error> {
        Ok(Self { bin: pip_install("packaging", include_str!("../packaging/requirements.txt"))? })
    }

    /// Installs the linker that makes programs for older systems than this one; 90 MB that no test needs.
    pub(crate) fn install_zig(&self) -> Result<(), Error> {
        step(pip(&self.bin).arg(ZIG))
    }

    /// One of its programs, which finds the others, and those of more folders.
    pub(crate) fn command(&self, name: &str, folders: &[PathBuf]) -> Result<Command, Error> {
        let path = env::var_os("PATH").unwrap_or_default();
        let path = iter::once(&self.bin).chain(folders).cloned().chain(env::split_paths(&path));
        let mut command = Command::new(self.bin.join(name));
        command.env("PATH", env::join_paths(path).map_err(|error| error.to_string())?);
        Ok(command)
    }
}

/// Installs packages from PyPI into a virtual environment if they are not there yet; returns the folder of its programs.
pub(crate) fn pip_install(name: &str, requirements: &str) -> Result<PathBuf, Error> {
    let mut hasher = DefaultHasher::new();
    requirements.hash(&mut hasher);
    let folder = cache()?.join(format!("{name}-{:016x}", hasher.finish()));
    let bin = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let installed = folder.join(INSTALLED);
    if fs::read_to_string(&installed).is_ok_and(|found| found == requirements) {
        return Ok(bin);
    }
    eprintln!("installing packages from PyPI into {}", folder.display());
    // What a broken installation left would be taken for installed.
    remove(&folder)?;
    fs::create_dir_all(&folder).map_err(at(&folder))?;
    let list = folder.join("requirements.txt");
    fs::write(&list, requirements).map_err(at(&list))?;
    step(Command::new(PYTHON.path()?).args(["-m", "venv"]).arg(&folder))?;
    step(pip(&bin).args(["--no-deps", "--requirement"]).arg(&list))?;
    fs::write(&installed, requirements).map_err(at(&installed))?;
    Ok(bin)
}

/// pip, which is to install what follows, and to compile nothing. What it says is not for standard output.
fn pip(bin: &Path) -> Command {
    let mut pip = Command::new(bin.join("python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:"]);
    pip.stdout(std::io::stderr());
    pip
}

/// Makes sure that what `package-lock.json` in `folder` names is installed.
pub(crate) fn npm_ci(folder: &Path) -> Result<(), Error> {
    let lock = folder.join("package-lock.json");
    let installed = folder.join("node_modules/.bootshift-lock");
    let wanted = fs::read(&lock).map_err(at(&lock))?;
    if fs::read(&installed).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
    step(npm.current_dir(folder))?;
    fs::write(&installed, wanted).map_err(at(&installed))
}
