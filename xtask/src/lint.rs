//! `cargo xtask lint`, `docs` and `just`: recipes of the justfile, with the tools that they need.

use std::path::Path;
use std::process::Command;

use crate::Outcome;
use crate::command::{Error, cargo, output, step, succeeds};
use crate::npm;
use crate::tools::{PackagingTools, mdbook, npm_ci};

/// Runs all lints, whatever fails on the way.
pub(crate) fn run(root: &Path) -> Result<Outcome, Error> {
    for (name, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if output(&mut cargo(root, &format!("{name} --version"))).is_none() {
            step(Command::new("rustup").args(["component", "add", component]).current_dir(root))?;
        }
    }
    npm::types(root)?;
    for folder in ["www", "tests/differential", "tests/schema-tools"] {
        npm_ci(&root.join(folder))?;
    }
    just(root, &["lint"])
}

/// Runs a recipe with the tools of `xtask/packaging/requirements.txt`, and mdBook if it builds the book.
pub(crate) fn just(root: &Path, recipe: &[impl AsRef<str>]) -> Result<Outcome, Error> {
    let recipe: Vec<&str> = recipe.iter().map(AsRef::as_ref).collect();
    let others = if recipe.first().is_some_and(|name| ["docs", "lint"].contains(name)) {
        vec![mdbook()?]
    } else {
        Vec::new()
    };
    let mut just = PackagingTools::install()?.command("just", &others)?;
    Ok(Outcome::from(succeeds(just.args(recipe).current_dir(root))?))
}
