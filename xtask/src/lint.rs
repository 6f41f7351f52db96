//! `cargo xtask lint`: formatting, lints and documentation, each with warnings as errors.

use std::path::Path;
use std::process::Command;

use crate::Outcome;
use crate::command::{Error, cargo, require_component, succeeds};

/// Runs all of it, whatever fails on the way.
pub(crate) fn run(root: &Path) -> Result<Outcome, Error> {
    require_component(root, "fmt", "rustfmt")?;
    require_component(root, "clippy", "clippy")?;
    let commands = [
        cargo(root, &["fmt", "--all", "--check"]),
        clippy(root, &["--workspace"]),
        clippy(root, &["--package", "bootshift", "--no-default-features"]),
        documentation(root),
    ];
    let mut outcome = Outcome::Green;
    for mut command in commands {
        if !succeeds(&mut command)? {
            outcome = Outcome::Red;
        }
    }
    eprintln!(
        "\n{}",
        if outcome == Outcome::Green { "formatting, lints and documentation: fine" } else { "lint failed" }
    );
    Ok(outcome)
}

fn clippy(root: &Path, selection: &[&str]) -> Command {
    let mut command = cargo(root, &["clippy"]);
    command.args(selection).args(["--all-targets", "--", "-D", "warnings"]);
    command
}

fn documentation(root: &Path) -> Command {
    let mut command = cargo(root, &["doc", "--workspace", "--no-deps"]);
    command.env("RUSTDOCFLAGS", "-D warnings");
    command
}
