//! Build automation: the tasks that no single tool does. `justfile` has the recipes that run one tool.
#![forbid(unsafe_code)]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "talking to the terminal is what it is for")]

mod adoption;
mod build;
mod command;
mod lint;
mod notices;
mod npm;
mod page;
mod programs;
mod reworded;
mod test;
mod test_runs;
mod tools;

use std::env;
use std::path::Path;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::programs::{GIT, NODE, NPM, PYTHON};

/// Build automation for Bootshift.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run the tests; the last line counts them
    Test(test::Options),
    /// Check formatting, lints and documentation
    Lint,
    /// Build the command for release, the same on every machine; the last line is its path
    Build {
        /// With the runner
        #[arg(long)]
        native: bool,
    },
    /// Build the npm package; the last line is the path of its tarball
    Npm,
    /// Build the command as a wheel for Python; the last line is its path. `xtask/archive.sh` also packs an archive
    Wheel {
        /// Options of maturin, such as `--target` and `--compatibility`; `--zig` installs that linker
        #[arg(allow_hyphen_values = true, trailing_var_arg = true)]
        options: Vec<String>,
    },
    /// Run a recipe of the justfile with the pinned tools, which it installs
    Just {
        /// The recipe, and its arguments; none lists the recipes
        #[arg(value_name = "RECIPE", allow_hyphen_values = true, trailing_var_arg = true)]
        arguments: Vec<String>,
    },
    /// Build the page; the last line is its folder, which can be served below any path
    Site,
    /// Build the page, serve it on the loopback and print its address
    Serve {
        /// The port; 0 takes a free one
        #[arg(long, default_value_t = 8080)]
        port: u16,
    },
    /// Build the book and the documentation of the crate; the last line is the folder of the book
    Docs,
}

/// What a task that ran to its end found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Everything is right.
    Green,
    /// Something is wrong, and has been reported.
    Red,
}

impl From<bool> for Outcome {
    fn from(success: bool) -> Self {
        if success { Self::Green } else { Self::Red }
    }
}

fn main() -> ExitCode {
    // Cargo says where the checkout is now; it may have been elsewhere when this was compiled.
    let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let root = Path::new(&manifest).parent().expect("xtask lies in the workspace");
    match run(root, Arguments::parse().task) {
        Ok(Outcome::Green) => ExitCode::SUCCESS,
        Ok(Outcome::Red) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::from(2)
        }
    }
}

/// Runs a task, after it has made sure that there are the programs that the task needs.
fn run(root: &Path, task: Task) -> Result<Outcome, command::Error> {
    let with = programs::require;
    match task {
        Task::Test(options) => test::run(root, &options),
        Task::Lint => with(&[GIT, NODE, NPM, PYTHON]).and_then(|()| lint::run(root)),
        Task::Build { native } => build::run(root, native),
        Task::Npm => with(&[NODE, NPM]).and_then(|()| npm::run(root)),
        Task::Wheel { options } => with(&[PYTHON]).and_then(|()| build::wheel(root, &options)),
        Task::Just { arguments } => with(&[PYTHON]).and_then(|()| lint::just(root, &arguments)),
        Task::Site => with(&[NODE, NPM]).and_then(|()| page::site(root)),
        Task::Serve { port } => with(&[NODE, NPM]).and_then(|()| page::serve(root, port)),
        Task::Docs => with(&[PYTHON]).and_then(|()| lint::just(root, &["docs"])),
    }
}
