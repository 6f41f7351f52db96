//! Measures `apply` and `status` on the emulator with a latency: `latency NAME=BINARY...`. The binaries run in turn. `just
//! bench-latency` builds them, without optimization: the latency takes most of the time.
#![allow(clippy::print_stdout, reason = "it prints the figures")]

use std::error::Error;
use std::process::Command;
use std::time::{Duration, Instant};

use redshift_emulator::{DATABASE, Emulator, Options, PASSWORD, SUPERUSER};

/// The time that each response of the server takes.
const LATENCY: Duration = Duration::from_millis(50);
/// How often each command runs.
const ROUNDS: usize = 5;
/// The commands, in the order in which they run: a fresh setup, then its status. What follows is not measured.
const MEASURED: [&[&str]; 2] = [&["apply", "--yes"], &["status"]];
const AFTERWARDS: &[&str] = &["remove", "--yes"];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let binaries: Vec<(&str, &str)> = arguments
        .iter()
        .map(|pair| pair.split_once('=').ok_or("expected NAME=BINARY"))
        .collect::<Result<_, _>>()?;
    let emulator = Emulator::start(Options::default())?;
    let folder = tempfile::tempdir()?;
    let payload = folder.path().join("payload.yaml");
    let (host, port) = (emulator.host(), emulator.port());
    std::fs::write(
        &payload,
        format!(
            "type: Redshift\nautoBootstrap: false\nconfig:\n  host: {host}\n  port: {port}\n  database: immuta\n  \
             initialDatabase: {DATABASE}\n  impersonation:\n    enabled: true\n    role: immuta_impersonation\n  \
             authenticationType: userPassword\n  username: immuta_system_account\n  password: Zq8-Jkvz-Xm31-pQ\n"
        ),
    )?;
    let run = |binary: &str, arguments: &[&str]| -> Result<(u128, usize), Box<dyn Error>> {
        let mut command = Command::new(binary);
        command.args(arguments).arg(&payload).args(["--user", SUPERUSER, "--sslmode", "disable"]);
        emulator.reset_log();
        let start = Instant::now();
        let output = command.env("PGPASSWORD", PASSWORD).output()?;
        let time = start.elapsed().as_millis();
        if !output.status.success() {
            let printed = String::from_utf8_lossy(&output.stderr);
            return Err(
                format!("`{binary} {}` failed; it may have other options:\n{printed}", arguments[0]).into()
            );
        }
        let log = emulator.log();
        Ok((time, log.round_trips + log.connecting))
    };

    // For each binary and command, the time and the round trips of each round.
    let mut runs = vec![[const { Vec::new() }; MEASURED.len()]; binaries.len()];
    for _ in 0..ROUNDS {
        for ((_, binary), runs) in binaries.iter().zip(&mut runs) {
            emulator.latency(LATENCY);
            for (arguments, runs) in MEASURED.iter().zip(runs) {
                runs.push(run(binary, arguments)?);
            }
            emulator.latency(Duration::ZERO);
            run(binary, AFTERWARDS)?;
        }
    }

    println!("| command | commit | median, ms | fastest | slowest | round trips |");
    println!("| --- | --- | ---: | ---: | ---: | ---: |");
    for (at, arguments) in MEASURED.iter().enumerate() {
        for ((name, _), runs) in binaries.iter().zip(&mut runs) {
            let runs = &mut runs[at];
            runs.sort_unstable();
            let ((median, trips), slowest) = (runs[ROUNDS / 2], runs[ROUNDS - 1].0);
            println!("| `{}` | {name} | {median} | {} | {slowest} | {trips} |", arguments[0], runs[0].0);
        }
    }
    Ok(())
}
