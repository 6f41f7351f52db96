//! Tools that tasks install: into a cache outside of the checkout, or as npm packages.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::command::{Error, cargo_program, step, succeeds};

/// Where the folders that outlive a checkout go.
pub(crate) fn cache() -> Result<PathBuf, Error> {
    let given = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    given
        .or_else(|| env::home_dir().map(|home| home.join(".cache")))
        .map(|folder| folder.join("bootshift"))
        .ok_or_else(|| "no place for a cache: set XDG_CACHE_HOME".to_owned())
}

/// A fingerprint of what is to be installed (FNV-1a), so that other pins go elsewhere.
pub(crate) fn fingerprint(pins: &[&str]) -> u64 {
    let bytes = pins.iter().flat_map(|text| text.bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Programs of `wasm-bindgen-cli`.
pub(crate) struct WasmBindgen {
    /// Makes the glue.
    pub(crate) cli: PathBuf,
    /// Runs tests.
    pub(crate) test_runner: PathBuf,
}

impl WasmBindgen {
    /// Those of the version that the lock file has: they have to be of the same. Compiles them into the cache if
    /// they are not there, which takes some minutes, once.
    pub(crate) fn install(root: &Path) -> Result<Self, Error> {
        let version = locked_version(root, "wasm-bindgen")?;
        let folder = cache()?.join(format!("wasm-bindgen-{version}"));
        let tools = Self {
            cli: folder.join("bin/wasm-bindgen"),
            test_runner: folder.join("bin/wasm-bindgen-test-runner"),
        };
        if tools.cli.is_file() && tools.test_runner.is_file() {
            return Ok(tools);
        }
        install("wasm-bindgen-cli", &version, &[], &folder)?;
        Ok(tools)
    }
}

/// What makes HTML of the book.
pub(crate) struct Mdbook(PathBuf);

impl Mdbook {
    /// Compiles it into the cache if it is not there, which takes some minutes, once. What serves and watches is
    /// left out.
    pub(crate) fn install() -> Result<Self, Error> {
        const VERSION: &str = "0.5.4";
        let folder = cache()?.join(format!("mdbook-{VERSION}"));
        let path = folder.join("bin/mdbook").with_extension(env::consts::EXE_EXTENSION);
        if !path.is_file() {
            install("mdbook", VERSION, &["--no-default-features", "--features", "search"], &folder)?;
        }
        Ok(Self(path))
    }

    pub(crate) fn command(&self) -> Command {
        Command::new(&self.0)
    }
}

/// Compiles a package into a folder of the cache: with the dependencies that its authors locked, or with those that
/// fit if the registry does not have some of them yet, as an outdated mirror.
fn install(package: &str, version: &str, features: &[&str], folder: &Path) -> Result<(), Error> {
    for locked in [&["--locked"][..], &[]] {
        let mut install = Command::new(cargo_program());
        install
            .args(["install", package, "--version", version])
            .args(features)
            .args(locked)
            .arg("--root")
            .arg(folder)
            .env_remove("CARGO_TARGET_DIR")
            .stdin(Stdio::null());
        if succeeds(&mut install)? {
            return Ok(());
        }
    }
    Err(format!("`cargo install {package} --version {version}` failed"))
}

/// The version of `package` in `Cargo.lock`.
fn locked_version(root: &Path, package: &str) -> Result<String, Error> {
    let lock = fs::read_to_string(root.join("Cargo.lock")).map_err(|error| format!("Cargo.lock: {error}"))?;
    version_in(&lock, package).ok_or_else(|| format!("Cargo.lock has no {package}"))
}

fn version_in(lock: &str, package: &str) -> Option<String> {
    let (_, entry) = lock.split_once(&format!("name = \"{package}\"\nversion = \""))?;
    Some(entry.split_once('"')?.0.to_owned())
}

/// Makes sure that what `package-lock.json` in `folder` names is installed.
pub(crate) fn npm_ci(folder: &Path) -> Result<(), Error> {
    let lock = folder.join("package-lock.json");
    let installed = folder.join("node_modules/.bootshift-lock");
    let wanted = fs::read(&lock).map_err(|error| format!("{}: {error}", lock.display()))?;
    if fs::read(&installed).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    let mut command = Command::new("npm");
    command
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        .current_dir(folder);
    step(&mut command)?;
    fs::write(&installed, wanted).map_err(|error| format!("{}: {error}", installed.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_is_read_from_the_lock_file() {
        let lock = "[[package]]\nname = \"wasm-bindgen-shared\"\nversion = \"1.0.0\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"x\"\n";
        assert_eq!(version_in(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(version_in(lock, "wasm"), None);
    }
}
