//! `cargo xtask bench --latency`: `apply` and `status` on the emulator with a latency, beside another commit.
//!
//! Both are built without optimization: the latency takes most of the time.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use redshift_emulator::{DATABASE, Emulator, PASSWORD, SUPERUSER};

use super::{Folder, write};
use crate::command::{Error, cargo, output, step, target_folder};

/// The time that each response of the server takes.
const LATENCY: Duration = Duration::from_millis(50);
/// How often each command runs.
const ROUNDS: usize = 5;
/// The commands, in the order in which they run: a fresh setup, then its status.
const MEASURED: [&[&str]; 2] = [&["apply", "--yes"], &["status"]];

/// A binary, and what it took.
struct Contender {
    name: String,
    binary: PathBuf,
    /// For each measured command, the time and the round trips of each round.
    runs: [Vec<(Duration, usize)>; MEASURED.len()],
}

/// Builds the commands, runs them in turn, and prints the medians.
pub(super) fn run(root: &Path, beside: Option<&str>) -> Result<(), Error> {
    let folder = Folder::create()?;
    let mut contenders = Vec::new();
    if let Some(revision) = beside {
        contenders.push(Contender::new(revision, build_revision(root, revision, &folder.0)?));
    }
    contenders.push(Contender::new("this checkout", build(root, &target_folder()?, &folder.0.join("ours"))?));
    let emulator =
        Emulator::start(redshift_emulator::Options::default()).map_err(|error| error.to_string())?;
    let payload = folder.0.join("payload.yaml");
    write(&payload, &payload_of(&emulator))?;
    for _ in 0..ROUNDS {
        for contender in &mut contenders {
            contender.round(&emulator, &payload)?;
        }
    }
    println!(
        "| command | commit | median, ms | fastest | slowest | round trips |\n| --- | --- | ---: | ---: | ---: | ---: |"
    );
    for (at, command) in MEASURED.iter().enumerate() {
        for contender in &contenders {
            println!("| `{}` | {} | {} |", command[0], contender.name, cells(&contender.runs[at]));
        }
    }
    Ok(())
}

impl Contender {
    fn new(name: &str, binary: PathBuf) -> Self {
        Self { name: name.to_owned(), binary, runs: [Vec::new(), Vec::new()] }
    }

    /// Sets up, asks for the status, and removes the setup, which is not measured.
    fn round(&mut self, emulator: &Emulator, payload: &Path) -> Result<(), Error> {
        emulator.latency(LATENCY);
        for (at, arguments) in MEASURED.iter().enumerate() {
            emulator.reset_log();
            let start = Instant::now();
            self.command(arguments, payload)?;
            let time = start.elapsed();
            let log = emulator.log();
            self.runs[at].push((time, log.round_trips + log.connecting));
        }
        emulator.latency(Duration::ZERO);
        self.command(&["remove", "--yes"], payload)
    }

    fn command(&self, arguments: &[&str], payload: &Path) -> Result<(), Error> {
        let mut command = Command::new(&self.binary);
        command.args(arguments).arg(payload).args(["--user", SUPERUSER, "--sslmode", "disable"]);
        let output = command.env("PGPASSWORD", PASSWORD).output().map_err(|error| error.to_string())?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(format!(
            "`bootshift {}` of {} failed; it may have other options:\n{said}",
            arguments[0], self.name
        ))
    }
}

/// The medians, and the fastest and slowest run.
fn cells(runs: &[(Duration, usize)]) -> String {
    let mut times: Vec<u128> = runs.iter().map(|(time, _)| time.as_millis()).collect();
    let mut trips: Vec<usize> = runs.iter().map(|(_, trips)| *trips).collect();
    times.sort_unstable();
    trips.sort_unstable();
    let middle = runs.len() / 2;
    format!("{} | {} | {} | {}", times[middle], times[0], times[times.len() - 1], trips[middle])
}

fn payload_of(emulator: &Emulator) -> String {
    format!(
        "type: Redshift\nautoBootstrap: false\nconfig:\n  host: {}\n  port: {}\n  database: immuta\n  initialDatabase: \
         {DATABASE}\n  impersonation:\n    enabled: true\n    role: immuta_impersonation\n  authenticationType: userPassword\n  username: immuta_system_account\n  password: Zq8-Jkvz-Xm31-pQ\n",
        emulator.host(),
        emulator.port()
    )
}

/// Builds the command of a commit in a temporary worktree. The dependencies are those of this checkout, as far as they are
/// the same.
fn build_revision(root: &Path, revision: &str, folder: &Path) -> Result<PathBuf, Error> {
    let target = target_folder()?;
    let commit = output(
        Command::new("git")
            .args(["rev-parse", "--short", "--verify"])
            .arg(format!("{revision}^{{commit}}"))
            .current_dir(root),
    )
    .ok_or_else(|| format!("`{revision}` is not a commit"))?;
    let worktree = target.join(format!("latency-{commit}"));
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        step(command.arg("worktree").args(arguments).arg(&worktree).current_dir(root))
    };
    // One that an interrupted run has left.
    if worktree.exists() {
        git(&["remove", "--force"])?;
    }
    step(
        Command::new("git")
            .args(["worktree", "add", "--detach"])
            .arg(&worktree)
            .arg(&commit)
            .current_dir(root),
    )?;
    let built = build(&worktree, &target, &folder.join("theirs"));
    git(&["remove", "--force"])?;
    built
}

/// Builds the command with the runner in a checkout, and copies it, because the next build replaces it.
fn build(checkout: &Path, target: &Path, copy: &Path) -> Result<PathBuf, Error> {
    let mut build = cargo(checkout, "build --package bootshift --features native --bin bootshift");
    step(build.arg("--target-dir").arg(target))?;
    let binary = target.join("debug/bootshift").with_extension(env::consts::EXE_EXTENSION);
    fs::copy(&binary, copy).map_err(|error| format!("{}: {error}", binary.display()))?;
    Ok(copy.to_owned())
}
