//! The suite `adoption`: the hooks, the action, the workflows and the packages, tried as users meet them.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::build::machine_independent;
use crate::command::{Error, at, cargo, step, target_folder};
use crate::test_runs::native_command;
use crate::tools::PackagingTools;

/// Builds the wheel and the archive, optimized, which takes minutes.
pub(crate) fn build(root: &Path) -> Result<(), Error> {
    let mut archive = Command::new("bash");
    archive.arg("xtask/archive.sh").current_dir(root);
    step(archive.env("CARGO_TARGET_DIR", target_folder()?))
}

/// The tests (`xtask/tests/adoption`) of what has been built, which find it in the environment.
pub(crate) fn tests(root: &Path, tarball: &Path) -> Result<Command, Error> {
    let tools = PackagingTools::install()?;
    let target = target_folder()?;
    // A copy: Cargo puts the one that it compiles for the crate's own check in the place of the first.
    let name = Path::new("bootshift").with_extension(env::consts::EXE_EXTENSION);
    let native = target.join("adoption").join(&name);
    fs::create_dir_all(target.join("adoption")).map_err(at(&target))?;
    fs::copy(native_command(root)?, &native).map_err(at(&native))?;
    let mut command = cargo(root, "test --package xtask --test adoption --no-fail-fast");
    command
        .env("BOOTSHIFT_PACKAGING_TOOLS", tools.bin)
        .env("BOOTSHIFT_TARBALL", tarball)
        .env("BOOTSHIFT_BIN", native)
        .env("BOOTSHIFT_TARGET", target)
        // What the hook compiles has the dependencies in common with the wheel, so it has to have the flags too.
        .env("BOOTSHIFT_RUSTFLAGS", machine_independent(root)?);
    Ok(command)
}
