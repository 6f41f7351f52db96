//! `cargo xtask differential`: Bootshift beside ajv, check-jsonschema and the npm package yaml on generated documents,
//! and yaml-language-server on the fixtures. `tests/differential/README.md` says what is compared.
//!
//! The report goes to standard output as Markdown; what is going on goes to standard error.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Args;

use crate::Outcome;
use crate::command::{Error, cargo, step, succeeds, target_folder};
use crate::peers::Peers;
use crate::tools::npm_ci;

/// Where the comparison is, a package of its own.
pub(crate) const FOLDER: &str = "tests/differential";

/// What to compare.
#[derive(Args)]
pub(crate) struct Options {
    /// How many payloads to generate, and how many YAML streams of anything
    #[arg(long, default_value_t = Self::default().documents)]
    documents: u32,
    /// What to generate them from
    #[arg(long, default_value_t = Self::default().seed)]
    seed: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self { documents: 100_000, seed: 20_261_124 }
    }
}

/// Installs the peers, compiles the example that represents Bootshift, compares, prints.
pub(crate) fn run(root: &Path, options: &Options) -> Result<Outcome, Error> {
    let folder = root.join(FOLDER);
    npm_ci(&folder)?;
    let peers = Peers::install(root)?;
    // Not optimized, so that what may not overflow is checked as well.
    step(&mut cargo(root, "build --package bootshift --example judge"))?;
    let mut generated = Command::new("node");
    generated
        .arg("compare.mjs")
        .args(["--documents", &options.documents.to_string(), "--seed", &options.seed.to_string()])
        .arg("--judge")
        .arg(judge()?)
        .arg("--check-jsonschema")
        .arg(&peers.check_jsonschema);
    let mut editor = Command::new("node");
    editor.args(["--test", "test/language-server.test.js"]);
    let mut outcome = Outcome::Green;
    for command in [&mut generated, &mut editor] {
        if !succeeds(command.current_dir(&folder).stdin(Stdio::null()))? {
            outcome = Outcome::Red;
        }
    }
    Ok(outcome)
}

/// The example that represents Bootshift.
fn judge() -> Result<PathBuf, Error> {
    Ok(target_folder()?.join("debug/examples/judge").with_extension(env::consts::EXE_EXTENSION))
}
