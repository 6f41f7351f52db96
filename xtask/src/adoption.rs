//! `cargo xtask adoption`: the hooks, the action, the workflows and the packages, tried as users meet them.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::Outcome;
use crate::archive;
use crate::build::machine_independent;
use crate::command::{Error, cargo, require_crates, succeeds, target_folder};
use crate::npm;
use crate::python::PackagingTools;
use crate::wheel;

/// Builds what is tried, and tries it.
pub(crate) fn run(root: &Path) -> Result<Outcome, Error> {
    require_crates(root)?;
    let mut build = cargo(root, "build --package bootshift --bin bootshift");
    if !succeeds(&mut build)? {
        return Ok(Outcome::Red);
    }
    let tarball = npm::pack(root)?;
    Ok(Outcome::from(succeeds(&mut tests(root, &tarball)?)?))
}

/// The tests (`xtask/tests/adoption`), which find in the environment what they try. The native command has to be
/// compiled for debugging.
pub(crate) fn tests(root: &Path, tarball: &Path) -> Result<Command, Error> {
    let tools = PackagingTools::install()?;
    let built = archive::build(root, &wheel::Options::default())?;
    // A copy: Cargo puts the one that it compiles for the crate's own check in the place of the first.
    let target = target_folder()?;
    let name = Path::new("bootshift").with_extension(env::consts::EXE_EXTENSION);
    let native = target.join("adoption").join(&name);
    fs::create_dir_all(target.join("adoption"))
        .and_then(|()| fs::copy(target.join("debug").join(&name), &native))
        .map_err(|error| format!("the native command: {error}"))?;
    let mut command = cargo(root, "test --package xtask --test adoption --no-fail-fast");
    command
        .env("BOOTSHIFT_PACKAGING_TOOLS", tools.bin)
        .env("BOOTSHIFT_TARBALL", tarball)
        .env("BOOTSHIFT_WHEEL", built.wheel)
        .env("BOOTSHIFT_ARCHIVE", built.archive)
        .env("BOOTSHIFT_BIN", native)
        .env("BOOTSHIFT_TARGET", target)
        // What the hook compiles has the dependencies in common with the wheel, so it has to have the flags too.
        .env("BOOTSHIFT_RUSTFLAGS", machine_independent(root));
    Ok(command)
}
