//! Programs that the tasks need and that Cargo does not bring: found, or installed where that can be done, or named.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::command::{Error, cargo_program, output, succeeds};

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

/// Makes sure that there are Node.js and npm, and that what `package-lock.json` in `folder` names is installed.
pub(crate) fn npm_ci(folder: &Path) -> Result<(), Error> {
    if output(Command::new("npm").arg("--version")).is_none() {
        return Err("this needs Node.js 20 or later with npm; install it from https://nodejs.org".to_owned());
    }
    let lock = folder.join("package-lock.json");
    let installed = folder.join("node_modules/.bootshift-lock");
    let wanted = fs::read(&lock).map_err(|error| format!("{}: {error}", lock.display()))?;
    if fs::read(&installed).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    let mut command = Command::new("npm");
    command
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        .current_dir(folder)
        .stdin(Stdio::null());
    if !succeeds(&mut command)? {
        return Err(format!("`npm ci` failed in {}", folder.display()));
    }
    fs::write(&installed, wanted).map_err(|error| format!("{}: {error}", installed.display()))
}

/// A browser and its driver.
pub(crate) struct Chromium {
    /// The browser.
    pub(crate) browser: PathBuf,
    /// What the tests of wasm-bindgen drive it with.
    pub(crate) driver: PathBuf,
}

impl Chromium {
    /// Those of the machine; on Debian, root installs them.
    pub(crate) fn install() -> Result<Self, Error> {
        if let Some(found) = Self::find() {
            return Ok(found);
        }
        install_packages(&["chromium", "chromium-driver"]);
        Self::find().ok_or_else(|| {
            "this needs Chromium and its driver; install them (on Debian: `apt-get install chromium chromium-driver`), \
             or name them in CHROMIUM and CHROMEDRIVER"
                .to_owned()
        })
    }

    fn find() -> Option<Self> {
        let browser = named("CHROMIUM")
            .or_else(|| ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(on_path))?;
        let driver = named("CHROMEDRIVER").or_else(|| on_path("chromedriver"))?;
        Some(Self { browser, driver })
    }
}

/// Makes sure that there are the programs of a PostgreSQL server, which the Redshift emulator is made of.
pub(crate) fn require_postgresql() -> Result<(), Error> {
    if has_postgresql() {
        return Ok(());
    }
    install_packages(&["postgresql"]);
    if has_postgresql() {
        return Ok(());
    }
    Err("the tests of the runner need the programs of a PostgreSQL server; install them (on Debian: `apt-get install \
         postgresql`), or name their folder in PGBIN"
        .to_owned())
}

fn has_postgresql() -> bool {
    let named = env::var_os("PGBIN").map(PathBuf::from).filter(|path| path.join("initdb").is_file());
    let debian = || {
        let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
        versions.flatten().map(|entry| entry.path().join("bin")).find(|path| path.join("initdb").is_file())
    };
    named.or_else(debian).or_else(|| on_path("initdb")).is_some()
}

/// A connection pooler, which clients connect through; on Debian, root installs it.
pub(crate) fn require_pgbouncer() -> Result<PathBuf, Error> {
    // Debian has it where only root searches.
    let find = || {
        let debian = PathBuf::from("/usr/sbin/pgbouncer");
        named("PGBOUNCER")
            .or_else(|| on_path("pgbouncer"))
            .or_else(|| Some(debian).filter(|path| path.is_file()))
    };
    if let Some(found) = find() {
        return Ok(found);
    }
    install_packages(&["pgbouncer"]);
    find().ok_or_else(|| {
        "the tests of clients need pgbouncer; install it (on Debian: `apt-get install pgbouncer`), or name it in PGBOUNCER"
            .to_owned()
    })
}

/// On Debian, root installs packages; elsewhere nothing happens.
pub(crate) fn install_packages(names: &[&str]) {
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null());
        matches!(succeeds(&mut command), Ok(true))
    };
    if is_root() && apt(&["update", "-qq"]) {
        apt(&[&["install", "-y", "-qq", "--no-install-recommends"], names].concat());
    }
}

fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from).filter(|path| path.is_file())
}

fn on_path(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(name)).find(|path| path.is_file())
}

fn is_root() -> bool {
    output(Command::new("id").arg("-u")).as_deref() == Some("0")
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
