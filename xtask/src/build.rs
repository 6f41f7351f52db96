//! `cargo xtask build` and `cargo xtask wheel`: the command for release, the same on every machine.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use crate::Outcome;
use crate::command::{Error, at, cargo, remove, rustc, step, target_folder};
use crate::notices::Notices;
use crate::tools::PackagingTools;

/// Builds the command, writes the licenses of its parts beside it, and prints its path.
pub(crate) fn run(root: &Path, native: bool) -> Result<Outcome, Error> {
    let selection: &[&str] = if native { &["--features", "native"] } else { &[] };
    let mut build = cargo(root, "build --locked --release --package bootshift --bin bootshift");
    step(build.args(selection).env("CARGO_ENCODED_RUSTFLAGS", machine_independent(root)?))?;
    let folder = target_folder()?.join("release");
    Notices::of_crates(root, selection)?.write(&folder)?;
    println!("{}", folder.join("bootshift").with_extension(env::consts::EXE_EXTENSION).display());
    Ok(Outcome::Green)
}

/// Builds the command as a wheel for Python, so that pipx and pre-commit have it without a compiler; prints its path.
pub(crate) fn wheel(root: &Path, options: &[String]) -> Result<Outcome, Error> {
    let tools = PackagingTools::install()?;
    if options.iter().any(|option| option == "--zig") {
        tools.install_zig()?;
    }
    let folder = target_folder()?.join("wheels");
    // Only one may be there, or it could be an old one that is found.
    remove(&folder)?;
    // `license-files` of pyproject.toml names it.
    Notices::of_crates(root, &[])?.write(root)?;
    let mut maturin = tools.command("maturin", &[])?;
    maturin.args(["build", "--release", "--strip", "--out"]).arg(&folder).args(options).current_dir(root);
    maturin.env("CARGO_ENCODED_RUSTFLAGS", machine_independent(root)?);
    step(maturin.env("CARGO_TARGET_DIR", target_folder()?))?;
    let mut built = fs::read_dir(&folder).map_err(at(&folder))?;
    let wheel = built.next().ok_or("maturin left no wheel")?.map_err(at(&folder))?;
    println!("{}", wheel.path().display());
    Ok(Outcome::Green)
}

/// Flags, as `CARGO_ENCODED_RUSTFLAGS` takes them, that keep the paths of this machine out of what is compiled.
pub(crate) fn machine_independent(root: &Path) -> Result<OsString, Error> {
    let home = env::home_dir().unwrap_or_default();
    let cargo_home = env::var_os("CARGO_HOME").map_or_else(|| home.join(".cargo"), PathBuf::from);
    let sysroot = PathBuf::from(rustc(root, &["--print", "sysroot"])?);
    let version = rustc(root, &["-vV"])?;
    let commit = version.lines().find_map(|line| line.strip_prefix("commit-hash: ")).unwrap_or("unknown");
    // The last that fits counts. Where the component rust-src is installed, the sources of Rust's library have a path
    // of this machine; elsewhere that of the machine that built Rust.
    let (library, source) = (sysroot.join("lib/rustlib/src/rust"), format!("/rustc/{commit}"));
    let folders = [
        (cargo_home, "cargo"),
        (sysroot.clone(), "rust"),
        (root.to_owned(), "bootshift"),
        (library, &*source),
    ];
    let absolute = folders.iter().filter(|(folder, _)| folder.is_absolute());
    let flags = absolute.map(|(folder, name)| format!("--remap-path-prefix={}={name}", folder.display()));
    Ok(flags.collect::<Vec<_>>().join("\u{1f}").into())
}
