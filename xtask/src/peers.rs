//! The validators to measure against and to compare with, in pinned versions.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{Error, output};
use crate::python::PackagingTools;
use crate::tools::npm_ci;

/// Where the peers are.
pub(crate) struct Peers {
    /// The script, which `xtask/packaging/requirements.txt` pins.
    pub(crate) check_jsonschema: PathBuf,
    /// The native binary in the npm package, not the Node.js program around it, which costs 90 ms.
    pub(crate) sourcemeta: PathBuf,
    /// What they say they are.
    pub(crate) versions: String,
}

impl Peers {
    /// Installs what is not there yet.
    pub(crate) fn install(root: &Path) -> Result<Self, Error> {
        let bin = PackagingTools::install()?.bin;
        let check_jsonschema = bin.join("check-jsonschema");
        let folder = root.join("xtask/peers");
        npm_ci(&folder)?;
        let sourcemeta = folder
            .join("node_modules/@sourcemeta/jsonschema/build/github-releases")
            .join(sourcemeta_binary()?);
        let version = |program: &Path, argument| {
            output(Command::new(program).arg(argument))
                .ok_or_else(|| format!("{} does not run; remove it and try again", program.display()))
        };
        let versions = format!(
            "{} ({}); Sourcemeta jsonschema {}",
            version(&check_jsonschema, "--version")?.replace(", version", ""),
            version(&bin.join("python"), "--version")?,
            version(&sourcemeta, "version")?,
        );
        Ok(Self { check_jsonschema, sourcemeta, versions })
    }
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
