//! `cargo xtask wheel`: the command as a wheel for Python, so that pipx and pre-commit have it without a compiler.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Outcome;
use crate::build::machine_independent;
use crate::command::{Error, step, target_folder};
use crate::notices::Notices;
use crate::python::PackagingTools;

/// What a wheel is to be built for.
#[derive(Default, clap::Args)]
pub(crate) struct Options {
    /// The target, instead of this machine
    #[arg(long)]
    pub(crate) target: Option<String>,
    /// The oldest Linux that the wheel is for, such as `manylinux_2_17`; links by zig, which it installs
    #[arg(long)]
    compatibility: Option<String>,
}

/// Builds the wheel and prints its path.
pub(crate) fn run(root: &Path, options: &Options) -> Result<Outcome, Error> {
    println!("{}", build(root, options)?.display());
    Ok(Outcome::Green)
}

/// Builds the wheel, as reproducibly as `cargo xtask build` does the command; gives its path.
pub(crate) fn build(root: &Path, options: &Options) -> Result<PathBuf, Error> {
    let tools = PackagingTools::install()?;
    if options.compatibility.is_some() {
        tools.install_zig()?;
    }
    let folder = target_folder()?.join("wheels");
    // Only one may be there, or it could be an old one that is found.
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    // `license-files` of pyproject.toml names it.
    Notices::of_crates(root, &[] as &[&str])?.write(root)?;
    let mut maturin = tools.command("maturin");
    maturin
        .args(["build", "--release", "--strip", "--out"])
        .arg(&folder)
        .current_dir(root)
        .env("CARGO_ENCODED_RUSTFLAGS", machine_independent(root))
        .env("CARGO_TARGET_DIR", target_folder()?)
        // maturin looks for zig there.
        .env("PATH", tools.path()?);
    if let Some(target) = &options.target {
        maturin.args(["--target", target]);
    }
    if let Some(compatibility) = &options.compatibility {
        maturin.args(["--zig", "--compatibility", compatibility]);
    }
    step(&mut maturin)?;
    let built = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    built
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|extension| extension == "whl"))
        .ok_or_else(|| format!("maturin left no wheel in {}", folder.display()))
}
