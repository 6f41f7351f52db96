//! `cargo xtask build`: the command for release, the same on every machine.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;
use crate::command::{Error, cargo, output, succeeds, target_folder};
use crate::notices::Notices;

/// Builds the command, writes the licences of its parts beside it, and prints its path.
pub(crate) fn run(root: &Path, native: bool) -> Result<Outcome, Error> {
    let mut build =
        cargo(root, &["build", "--locked", "--release", "--package", "bootshift", "--bin", "bootshift"]);
    if native {
        build.args(["--features", "native"]);
    }
    build.env("CARGO_ENCODED_RUSTFLAGS", machine_independent(root));
    if !succeeds(&mut build)? {
        return Ok(Outcome::Red);
    }
    let folder = target_folder()?.join("release");
    Notices::of_crates(root, if native { &["--features", "native"] } else { &[] })?.write(&folder)?;
    println!("{}", folder.join("bootshift").with_extension(env::consts::EXE_EXTENSION).display());
    Ok(Outcome::Green)
}

/// Flags, as `CARGO_ENCODED_RUSTFLAGS` takes them, that keep the paths of this machine out of what is compiled.
pub(crate) fn machine_independent(root: &Path) -> OsString {
    let home = env::home_dir().unwrap_or_default();
    let cargo_home = env::var_os("CARGO_HOME").map_or_else(|| home.join(".cargo"), PathBuf::from);
    let sysroot = output(
        Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())).args(["--print", "sysroot"]),
    );
    [
        (cargo_home, "cargo"),
        (PathBuf::from(sysroot.unwrap_or_default()), "rust"),
        (root.to_owned(), "bootshift"),
    ]
    .into_iter()
    .filter(|(folder, _)| !folder.as_os_str().is_empty())
    .map(|(folder, name)| format!("--remap-path-prefix={}={name}", folder.display()))
    .collect::<Vec<_>>()
    .join("\u{1f}")
    .into()
}
