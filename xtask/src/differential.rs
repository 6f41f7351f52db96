//! `cargo xtask differential`: Bootshift beside ajv, check-jsonschema and the npm package yaml on generated documents,
//! and yaml-language-server on the fixtures. `tests/differential/README.md` says what is compared.
//!
//! The report goes to standard output as Markdown; what is going on goes to standard error.

use std::env;
use std::path::Path;
use std::process::Command;

use clap::Args;

use crate::Outcome;
use crate::command::{Error, cargo, step, succeeds, target_folder};
use crate::tools::{PackagingTools, npm_ci};

/// Where the comparison is, a package of its own.
pub(crate) const FOLDER: &str = "tests/differential";

/// What to compare.
#[derive(Args, Default)]
pub(crate) struct Options {
    /// How many payloads to generate, and how many YAML streams of anything; 100,000 if not given
    #[arg(long)]
    documents: Option<u32>,
    /// What to generate them from
    #[arg(long)]
    seed: Option<u32>,
}

/// Installs the peers, compiles the example that represents Bootshift, compares, prints.
pub(crate) fn run(root: &Path, options: &Options) -> Result<Outcome, Error> {
    let folder = root.join(FOLDER);
    npm_ci(&folder)?;
    // Not optimized, so that what may not overflow is checked as well.
    step(&mut cargo(root, "build --package bootshift --example judge"))?;
    let judge = target_folder()?.join("debug/examples/judge").with_extension(env::consts::EXE_EXTENSION);
    let peer = PackagingTools::install()?.bin.join("check-jsonschema");
    let mut generated = Command::new("node");
    generated.arg("compare.mjs").arg("--judge").arg(judge).arg("--check-jsonschema").arg(peer);
    generated.args(options.documents.map(|number| format!("--documents={number}")));
    generated.args(options.seed.map(|number| format!("--seed={number}")));
    let mut editor = Command::new("node");
    editor.args(["--test", "test/language-server.test.js"]);
    let is_same = succeeds(generated.current_dir(&folder))?;
    Ok(Outcome::from(succeeds(editor.current_dir(&folder))? && is_same))
}
