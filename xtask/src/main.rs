//! Build automation: the tasks that no single tool does. `justfile` has the recipes that run one tool.
#![forbid(unsafe_code)]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "talking to the terminal is what it is for")]

mod adoption;
mod archive;
mod artefacts;
mod bench;
mod build;
mod clients;
mod command;
mod differential;
mod docs;
mod lint;
mod notices;
mod npm;
mod page;
mod peers;
mod programs;
mod python;
mod reworded;
mod supply;
mod test;
mod test_runs;
mod tools;
mod wheel;
mod words;

use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::programs::{
    CHROMEDRIVER, CHROMIUM, CURL, GIT, INITDB, NODE, NPM, PGBOUNCER, PSQL, PYTHON, Program, SCRIPT,
};

/// Build automation for Bootshift.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run every test and compile every feature; the last line counts the tests
    Test(test::Options),
    /// Run the tests of the runner with other words in place of all summaries, names of tests and messages
    Reworded,
    /// Check formatting, lints and documentation
    Lint,
    /// Run `test`, then `lint`
    Ci,
    /// Build the command for release, the same on every machine; the last line is its path
    Build {
        /// With the runner
        #[arg(long)]
        native: bool,
    },
    /// Build the npm package; the last line is the path of its tarball
    Npm,
    /// Build the command as a wheel for Python; the last line is its path
    Wheel(wheel::Options),
    /// Build the wheel, and pack its command with all that belongs to it; the last lines are the paths of both
    Archive(wheel::Options),
    /// Check that released files have the expected size, contain the required files, and no debug information
    Artefacts {
        /// Crates, wheels, npm packages, archives
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Try the hooks, the action, the workflows and the packages as users meet them; a part of `test`
    Adoption,
    /// Run the scripts with drivers from PyPI and npm, which it installs, and through pgbouncer; a part of `test`
    Clients,
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
    /// Measure against pinned peers, which it installs, and the core alone
    Bench(bench::Options),
    /// Compare with other validators, readers and editors, which it installs, on generated documents
    Differential(differential::Options),
}

impl Task {
    /// The programs that it needs.
    fn programs(&self) -> &'static [Program] {
        match self {
            Self::Test(_) | Self::Ci => {
                &[CURL, GIT, SCRIPT, NODE, NPM, PYTHON, INITDB, PSQL, PGBOUNCER, CHROMIUM, CHROMEDRIVER]
            }
            Self::Reworded => &[GIT, SCRIPT, NODE, NPM, INITDB, PSQL, CHROMIUM],
            Self::Lint | Self::Adoption => &[GIT, NODE, NPM, PYTHON],
            Self::Npm | Self::Site | Self::Serve { .. } => &[NODE, NPM],
            Self::Docs | Self::Wheel(_) | Self::Archive(_) => &[PYTHON],
            Self::Clients => &[NODE, NPM, PYTHON, INITDB, PSQL, PGBOUNCER],
            Self::Differential(_) => &[NODE, NPM, PYTHON],
            Self::Bench(options) => options.programs(),
            Self::Build { .. } | Self::Artefacts { .. } => &[],
        }
    }
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
    let task = Arguments::parse().task;
    let outcome = programs::require(task.programs()).and_then(|()| run(root, task));
    match outcome {
        Ok(Outcome::Green) => ExitCode::SUCCESS,
        Ok(Outcome::Red) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::from(2)
        }
    }
}

fn run(root: &Path, task: Task) -> Result<Outcome, command::Error> {
    match task {
        Task::Test(options) => test::run(root, options),
        Task::Reworded => reworded::run(root),
        Task::Lint => lint::run(root),
        Task::Ci => test::run(root, test::Options::default()).and_then(|tests| {
            let lints = lint::run(root)?;
            Ok(if tests == Outcome::Green { lints } else { tests })
        }),
        Task::Build { native } => build::run(root, native),
        Task::Npm => npm::run(root),
        Task::Wheel(options) => wheel::run(root, &options),
        Task::Archive(options) => archive::run(root, &options),
        Task::Artefacts { files } => artefacts::run(root, &files),
        Task::Adoption => adoption::run(root),
        Task::Clients => clients::run(root),
        Task::Site => page::site(root),
        Task::Serve { port } => page::serve(root, port),
        Task::Docs => docs::run(root),
        Task::Bench(options) => bench::run(root, &options),
        Task::Differential(options) => differential::run(root, &options),
    }
}
