//! `cargo xtask lint`: formatting, lints and documentation, each with warnings as errors, and what the project is made
//! of.

use std::path::Path;
use std::process::Command;

use crate::Outcome;
use crate::command::{Error, cargo, require_component, succeeds};
use crate::differential;
use crate::docs;
use crate::npm;
use crate::python::PackagingTools;
use crate::supply;
use crate::tools::npm_ci;
use crate::words;

/// Runs all of it, whatever fails on the way.
pub(crate) fn run(root: &Path) -> Result<Outcome, Error> {
    require_component(root, "fmt", "rustfmt")?;
    require_component(root, "clippy", "clippy")?;
    // The types of the package are made from the compiled core.
    npm::pack(root)?;
    let [package, page, comparison] = ["pkg", "www", differential::FOLDER].map(|name| root.join(name));
    npm_ci(&page)?;
    npm_ci(&comparison)?;
    let commands = [
        cargo(root, "fmt --all --check"),
        clippy(root, "--workspace --all-targets"),
        // No test by default, so it is none of all targets.
        clippy(root, "--package xtask --test adoption"),
        clippy(root, "--package bootshift --no-default-features --lib"),
        clippy(root, "--package bootshift --no-default-features --features wasm --all-targets"),
        clippy(root, "--package bootshift --features native --all-targets"),
        clippy(
            root,
            "--package bootshift --no-default-features --features wasm --lib --test wasm --target wasm32-unknown-unknown",
        ),
        clippy(
            root,
            "--package bootshift --no-default-features --features cli,wasm --lib --target wasm32-unknown-unknown",
        ),
        docs::documentation(root),
        npm_lint(&package),
        npm_lint(&page),
        npm_lint(&comparison),
        justfile(root)?,
    ];
    let mut outcome = supply::run(root)?;
    if words::run(root)? == Outcome::Red {
        outcome = Outcome::Red;
    }
    for mut command in commands {
        if !succeeds(&mut command)? {
            outcome = Outcome::Red;
        }
    }
    if docs::book(root)?.1 == Outcome::Red {
        outcome = Outcome::Red;
    }
    eprintln!(
        "\n{}",
        if outcome == Outcome::Green {
            "formatting, lints, documentation and dependencies: fine"
        } else {
            "lint failed"
        }
    );
    Ok(outcome)
}

fn clippy(root: &Path, selection: &str) -> Command {
    let mut command = cargo(root, "clippy");
    command.args(selection.split_whitespace()).args(["--", "-D", "warnings"]);
    command
}

/// Whether the justfile is valid, and formatted.
fn justfile(root: &Path) -> Result<Command, Error> {
    let mut just = PackagingTools::install()?.command("just");
    just.args(["--unstable", "--fmt", "--check"]).current_dir(root);
    Ok(just)
}

/// Lints, formatting and, where there are some, types of a folder with JavaScript.
fn npm_lint(folder: &Path) -> Command {
    let mut command = Command::new("npm");
    command.args(["run", "--silent", "lint"]).current_dir(folder);
    command
}
