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
    let selection: &[&str] = if native { &["--features", "native"] } else { &[] };
    let mut build = cargo(root, "build --locked --release --package bootshift --bin bootshift");
    build.args(selection).env("CARGO_ENCODED_RUSTFLAGS", machine_independent(root));
    if !succeeds(&mut build)? {
        return Ok(Outcome::Red);
    }
    let folder = target_folder()?.join("release");
    Notices::of_crates(root, selection)?.write(&folder)?;
    println!("{}", folder.join("bootshift").with_extension(env::consts::EXE_EXTENSION).display());
    Ok(Outcome::Green)
}

/// Flags, as `CARGO_ENCODED_RUSTFLAGS` takes them, that keep the paths of this machine out of what is compiled.
pub(crate) fn machine_independent(root: &Path) -> OsString {
    let home = env::home_dir().unwrap_or_default();
    let cargo_home = env::var_os("CARGO_HOME").map_or_else(|| home.join(".cargo"), PathBuf::from);
    let rustc = |arguments: &[&str]| {
        let mut rustc = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
        output(rustc.args(arguments).current_dir(root)).unwrap_or_default()
    };
    let sysroot = PathBuf::from(rustc(&["--print", "sysroot"]));
    let version = rustc(&["-vV"]);
    let commit = version.lines().find_map(|line| line.strip_prefix("commit-hash: ")).unwrap_or("unknown");
    // The last that fits counts. Where the component rust-src is installed, the sources of Rust's library have a path
    // of this machine; elsewhere that of the machine that built Rust.
    let library = (sysroot.join("lib/rustlib/src/rust"), format!("/rustc/{commit}"));
    [
        (cargo_home, "cargo".to_owned()),
        (sysroot, "rust".to_owned()),
        (root.to_owned(), "bootshift".to_owned()),
        library,
    ]
    .into_iter()
    .filter(|(folder, _)| folder.is_absolute())
    .map(|(folder, name)| format!("--remap-path-prefix={}={name}", folder.display()))
    .collect::<Vec<_>>()
    .join("\u{1f}")
    .into()
}
