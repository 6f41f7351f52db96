//! The validators to measure against and to compare with: installed from their registries, at pinned versions, into a cache outside
//! of the checkout.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::command::{Error, output, succeeds};
use crate::tools::{cache, fingerprint};

const REQUIREMENTS: &str = include_str!("../peers/requirements.txt");
const PACKAGE: &str = include_str!("../peers/package.json");
const PACKAGE_LOCK: &str = include_str!("../peers/package-lock.json");
/// Marks a complete installation.
const DONE: &str = "installed";

/// Where the peers are.
pub(crate) struct Peers {
    /// The script in its virtual environment.
    pub(crate) check_jsonschema: PathBuf,
    /// The native binary in the npm package, not the Node.js program around it, which costs 90 ms.
    pub(crate) sourcemeta: PathBuf,
    /// What they say they are.
    pub(crate) versions: String,
}

impl Peers {
    /// Installs what is not there yet.
    pub(crate) fn install() -> Result<Self, Error> {
        let folder =
            cache()?.join(format!("peers-{:016x}", fingerprint(&[REQUIREMENTS, PACKAGE, PACKAGE_LOCK])));
        if !folder.join(DONE).is_file() {
            eprintln!("installing the peers into {}", folder.display());
            install_into(&folder)?;
        }
        Self::at(&folder)
    }

    fn at(folder: &Path) -> Result<Self, Error> {
        let check_jsonschema = folder.join("venv/bin/check-jsonschema");
        let sourcemeta = folder
            .join("node_modules/@sourcemeta/jsonschema/build/github-releases")
            .join(sourcemeta_binary()?);
        let version = |program: &Path, argument| {
            output(Command::new(program).arg(argument).current_dir(folder)).ok_or_else(|| {
                format!("{} does not run; remove {} and try again", program.display(), folder.display())
            })
        };
        let versions = format!(
            "{} ({}); Sourcemeta jsonschema {}",
            version(&check_jsonschema, "--version")?.replace(", version", ""),
            version(&folder.join("venv/bin/python"), "--version")?,
            version(&sourcemeta, "version")?,
        );
        Ok(Self { check_jsonschema, sourcemeta, versions })
    }
}

fn install_into(folder: &Path) -> Result<(), Error> {
    // What a broken installation left would be taken for installed.
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let files =
        [("requirements.txt", REQUIREMENTS), ("package.json", PACKAGE), ("package-lock.json", PACKAGE_LOCK)];
    for (name, text) in files {
        fs::write(folder.join(name), text).map_err(|error| format!("{name}: {error}"))?;
    }
    let step = |program: &str, arguments: &[&str], needs: &str| {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null());
        match succeeds(&mut command) {
            Ok(true) => Ok(()),
            _ => Err(format!("`{program} {}` failed; it needs {needs}", arguments.join(" "))),
        }
    };
    step("python3", &["-m", "venv", "venv"], "Python 3.10 or later with venv (Debian: python3-venv)")?;
    let pip = folder.join("venv/bin/pip");
    step(
        &pip.to_string_lossy(),
        &[
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
            "--requirement",
            "requirements.txt",
        ],
        "PyPI",
    )?;
    step(
        "npm",
        &["ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        "Node.js 16 or later, and the npm registry",
    )?;
    fs::write(folder.join(DONE), "").map_err(|error| format!("{DONE}: {error}"))
}

fn sourcemeta_binary() -> Result<String, Error> {
    let system = match env::consts::OS {
        "linux" => "linux",
        "macos" => "darwin",
        other => return Err(format!("the bench runs on Linux and macOS, not on {other}")),
    };
    let architecture = match env::consts::ARCH {
        "aarch64" => "arm64",
        other => other,
    };
    let libc = if cfg!(target_env = "musl") { "-musl" } else { "" };
    Ok(format!("jsonschema-{system}-{architecture}{libc}"))
}
