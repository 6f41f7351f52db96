//! `cargo xtask reproduce`: builds what is given away twice, from nothing, and compares.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sha2::{Digest, Sha256};

use crate::Outcome;
use crate::command::{Error, checkout_files, succeeds, target_folder};

/// What the package's build leaves: the modules, and what goes into the tarball.
const BUILT: [&str; 3] = ["pkg/build", "pkg/dist", "target/npm"];

/// The files of a build by their names, each with its hash.
type Hashes = BTreeMap<String, String>;

/// Builds in two folders of different depth, the second with a `CARGO_HOME` and a time zone of its own.
pub(crate) fn run(root: &Path) -> Result<Outcome, Error> {
    let folder = target_folder()?.join("reproduce");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    let [flat, deep] = ["one", "the second/of two folders"].map(|name| folder.join(name));
    // Both at once: the checkout may change meanwhile.
    copy_checkout(root, &flat)?;
    copy_checkout(root, &deep)?;
    let first = build(&flat, &[])?;
    let home = folder.join("cargo");
    let second = build(&deep, &[("CARGO_HOME", &home), ("TZ", Path::new("Asia/Kathmandu"))])?;

    let names: Vec<&String> =
        first.keys().chain(second.keys().filter(|name| !first.contains_key(*name))).collect();
    let mut differing = 0;
    for name in &names {
        match (first.get(*name), second.get(*name)) {
            (Some(one), Some(other)) if one == other => println!("{one}  {name}"),
            (one, other) => {
                differing += 1;
                let shown = |hash: Option<&String>| hash.map_or("missing", String::as_str).to_owned();
                println!("DIFFERS  {name}\n  {}\n  {}", shown(one), shown(other));
            }
        }
    }
    println!("{} files, {differing} differ", names.len());
    if differing > 0 {
        eprintln!("both builds are below {}", folder.display());
        return Ok(Outcome::Red);
    }
    // Gigabytes that are not needed any more.
    fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(Outcome::Green)
}

/// Builds the command and the package in a copy, and gives what came out.
fn build(copy: &Path, environment: &[(&str, &Path)]) -> Result<Hashes, Error> {
    let mut hashes = Hashes::new();
    for (name, arguments) in
        [("bootshift", &["build"] as &[&str]), ("bootshift, feature native", &["build", "--native"])]
    {
        task(copy, arguments, environment)?;
        let binary = copy.join("target/release/bootshift").with_extension(env::consts::EXE_EXTENSION);
        hashes.insert(name.to_owned(), hash(&binary)?);
    }
    task(copy, &["npm"], environment)?;
    for folder in BUILT {
        for file in files(&copy.join(folder))? {
            let name = file.strip_prefix(copy).unwrap_or(&file).display().to_string();
            hashes.insert(name, hash(&file)?);
        }
    }
    Ok(hashes)
}

/// Runs a task of the copy, by Cargo as from a shell: nothing of this one's build is to reach it.
fn task(copy: &Path, arguments: &[&str], environment: &[(&str, &Path)]) -> Result<(), Error> {
    let mut cargo = Command::new("cargo");
    cargo.arg("xtask").args(arguments).current_dir(copy).stdin(Stdio::null());
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        // Rustup's own stay: they say which toolchain this is.
        if text == "CARGO" || text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(name);
        }
    }
    cargo.env_remove("CARGO_TARGET_DIR").envs(environment.iter().copied());
    if succeeds(&mut cargo)? { Ok(()) } else { Err(format!("the build in {} failed", copy.display())) }
}

/// The files of the checkout, with changes that are not committed.
pub(crate) fn copy_checkout(root: &Path, copy: &Path) -> Result<(), Error> {
    for name in checkout_files(root)? {
        let target = copy.join(&name);
        let parent = target.parent().expect("it lies in the copy");
        fs::create_dir_all(parent)
            .and_then(|()| fs::copy(root.join(&name), &target).map(drop))
            .map_err(|error| format!("{}: {error}", target.display()))?;
    }
    Ok(())
}

/// The files below a folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() { files.extend(self::files(&path)?) } else { files.push(path) }
    }
    Ok(files)
}

fn hash(file: &Path) -> Result<String, Error> {
    let bytes = fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let digits: Vec<String> = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(digits.concat())
}
