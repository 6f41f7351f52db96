//! Any failure at any statement: the report is correct, and the same command completes the run.
//!
//! The points are generated: an undisturbed run determines the number of statements, and each of them gets each kind of
//! failure. That takes minutes: without `BOOTSHIFT_WHOLE` (`cargo xtask test --whole`) every [`SLICE`]th point is tested.

use std::collections::HashMap;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::harness::{Bench, Case, ORDINARY, OTHER_SECRET, Run, assert_same};
use redshift_emulator::{DATABASE, Fault, Outcome, Statement, What};

/// A failure at a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Failure {
    CutBefore,
    CutAfter,
    ServerError,
    Stall,
    Interrupt,
    Kill,
    Restart,
}

const FAILURES: [Failure; 7] = [
    Failure::CutBefore,
    Failure::CutAfter,
    Failure::ServerError,
    Failure::Stall,
    Failure::Interrupt,
    Failure::Kill,
    Failure::Restart,
];

impl Failure {
    fn what(self) -> What {
        match self {
            Self::CutBefore => What::CutBefore,
            Self::CutAfter => What::CutAfter,
            Self::ServerError => What::Error {
                // An error that is not retried.
                sqlstate: "58030".to_owned(),
                message: "injected error".to_owned(),
            },
            Self::Stall | Self::Interrupt | Self::Kill => What::StallBefore,
            Self::Restart => What::RestartAfter,
        }
    }
}

/// Less than the number of failures, so that every statement gets one, and not a divisor of it, so that neighbors get different
/// ones.
const SLICE: usize = 6;

/// The operation of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operation {
    Apply,
    Change,
    Remove,
}

const OLD: Case = Case { group: None, ..ORDINARY };
const NEW: Case = Case { user: "other_account", password: OTHER_SECRET, ..ORDINARY };

/// An emulator with the payloads of an operation.
struct Fixture {
    bench: Bench,
    operation: Operation,
    old: String,
    new: String,
}

impl Fixture {
    fn new(operation: Operation) -> Self {
        let bench = Bench::new();
        let [old, new] = [("old", &OLD), ("new", &NEW)]
            .map(|(name, case)| bench.payload(name, case).display().to_string());
        Self { bench, operation, old, new }
    }

    /// The state before the operation.
    fn prepare(&self) {
        match self.operation {
            Operation::Apply => {}
            Operation::Change => drop(self.bench.run(&["apply", &self.old, "--yes"]).expect(0)),
            Operation::Remove => drop(self.bench.run(&["apply", &self.new, "--yes"]).expect(0)),
        }
        self.bench.emulator.reset_log();
    }

    fn arguments(&self) -> Vec<&str> {
        match self.operation {
            Operation::Apply => vec!["apply", &self.new, "--yes"],
            Operation::Change => vec!["apply", &self.new, "--old", &self.old, "--yes"],
            Operation::Remove => vec!["remove", &self.new, "--yes"],
        }
    }

    fn dump(&self) -> String {
        match self.operation {
            Operation::Remove => self.bench.dump(DATABASE),
            // User, group and database are in both.
            Operation::Apply | Operation::Change => self.bench.dump(DATABASE) + &self.bench.dump_of(&NEW),
        }
    }

    /// Removes everything.
    fn clear(&self) {
        if self.operation != Operation::Remove {
            self.bench.run(&["remove", &self.new, "--yes"]).expect(0);
        }
    }

    /// Runs the operation with a failure at a statement. A statement times out after `seconds`.
    fn disturbed(&self, statement: usize, failure: Failure, seconds: u32) -> Run {
        let emulator = &self.bench.emulator;
        emulator.inject(Fault::at(statement, failure.what()));
        let mut arguments = self.arguments();
        let seconds = match failure {
            Failure::Stall | Failure::Interrupt => seconds.to_string(),
            _ => "20".to_owned(),
        };
        arguments.extend(["--statement-timeout", &seconds]);
        let signal = match failure {
            Failure::Interrupt => "-INT",
            Failure::Kill => "-KILL",
            _ => return self.bench.run(&arguments),
        };
        let child = self.bench.start(&arguments);
        let deadline = Instant::now() + Duration::from_secs(20);
        while emulator.log().statements.len() < statement && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(2));
        }
        let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().expect("kill");
        assert!(sent.success());
        Run::of(child.wait_with_output().expect("an end"))
    }

    /// Runs the same command again, after the server has noticed the end of the first run.
    fn again(&self) -> Run {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let run = self.bench.run(&self.arguments());
            // After a restart, the server may not accept connections yet.
            let is_busy = run.exit != Some(0)
                && run.failures().iter().any(|failure| {
                    failure.contains("another run") || failure.contains("closed the connection during login")
                });
            if !is_busy || Instant::now() > deadline {
                return run;
            }
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// The number of committed statements according to the emulator.
    fn committed(&self) -> usize {
        let mut open: HashMap<usize, usize> = HashMap::new();
        let mut committed = 0;
        for statement in &self.bench.emulator.log().statements {
            let is_bookkeeping =
                ["SELECT", "SET search_path", "SHOW"].iter().any(|verb| statement.sql.starts_with(verb))
                    || statement.sql.contains("bootshift_lock");
            if statement.outcome != Outcome::Done || is_bookkeeping {
                continue;
            }
            match statement.sql.as_str() {
                "BEGIN" => drop(open.insert(statement.connection, 0)),
                "COMMIT" => committed += open.remove(&statement.connection).unwrap_or_default(),
                "ROLLBACK" => drop(open.remove(&statement.connection)),
                _ => match open.get_mut(&statement.connection) {
                    Some(count) => *count += 1,
                    None => committed += 1,
                },
            }
        }
        committed
    }

    /// Compares the report of a failed run with the log of the emulator.
    fn assert_true(&self, run: &Run, context: &str) {
        let failures = run.failures().join("\n").replace(" 1 statement took", " 1 statements took");
        assert!(!failures.is_empty(), "{context}: no account: {run:#?}");
        let reported = failures.split(" statements took effect before it").next().and_then(|before| {
            (before.len() < failures.len())
                .then(|| before.rsplit(' ').next()?.parse::<usize>().ok())
                .flatten()
        });
        let committed = self.committed();
        match reported {
            Some(reported) if failures.contains("it is unknown whether") => {
                assert!(
                    reported <= committed,
                    "{context}: {reported} reported, {committed} committed: {run:#?}"
                );
            }
            Some(reported) => assert_eq!(reported, committed, "{context}: {run:#?}"),
            // The report has no number if no statement was run, or all were.
            None if failures.contains("Nothing was changed") => {
                assert_eq!(committed, 0, "{context}: {run:#?}");
            }
            None => {}
        }
    }
}

/// Tests every statement of an operation with failures, in several threads with their own emulators.
fn every_point(operation: Operation) {
    const THREADS: usize = 3;
    let fixture = Fixture::new(operation);
    fixture.prepare();
    fixture.bench.run(&fixture.arguments()).expect(0);
    let statements = fixture.bench.emulator.log().statements.len();
    let wanted = fixture.dump();
    fixture.clear();
    let before = fixture.bench.dump(DATABASE);
    drop(fixture);

    let next = AtomicUsize::new(0);
    let points = statements * FAILURES.len();
    let slice = if std::env::var_os("BOOTSHIFT_WHOLE").is_some() { 1 } else { SLICE };
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                let fixture = Fixture::new(operation);
                loop {
                    let point = next.fetch_add(slice, Ordering::Relaxed);
                    if point >= points {
                        break;
                    }
                    let (statement, failure) = (point / FAILURES.len() + 1, FAILURES[point % FAILURES.len()]);
                    one_point(&fixture, statement, failure, &wanted, &before);
                }
            });
        }
    });
    println!("{operation:?}: {statements} statements, {} points", points.div_ceil(slice));
    assert!(statements > 10, "{statements} statements");
}

fn one_point(fixture: &Fixture, statement: usize, failure: Failure, wanted: &str, before: &str) {
    let context = format!("{:?}, {failure:?} at statement {statement}", fixture.operation);
    // On a busy machine an earlier statement may time out: then it is repeated with a longer timeout.
    let is_triggered = [1, 2, 4, 8, 16, 32].into_iter().any(|seconds| {
        fixture.prepare();
        let run = fixture.disturbed(statement, failure, seconds);
        let is_triggered = fixture.bench.emulator.clear_faults().is_empty();
        if is_triggered {
            assert_report(fixture, &run, statement, failure, &context);
        }
        let again = fixture.again();
        assert_eq!(again.exit, Some(0), "{context}: again: {again:#?}\nafter {run:#?}");
        assert_same(&fixture.dump(), wanted, &context);
        fixture.clear();
        assert_same(&fixture.bench.dump(DATABASE), before, &format!("{context}: removed"));
        is_triggered
    });
    assert!(is_triggered, "{context}: the fault was not triggered");
}

/// The exit code of a disturbed run, and its report.
fn assert_report(fixture: &Fixture, run: &Run, statement: usize, failure: Failure, context: &str) {
    // If the probes fail together, they are run one by one. Without the text of the view, there is a warning.
    const PROBES: [&str; 2] = ["SELECT 'schema' AS kind, CAST(nspname", "SELECT pg_get_viewdef"];
    let log = fixture.bench.emulator.log();
    let Statement { sql, connection, .. } = &log.statements[statement - 1];
    let is_of_probes = |sql: &str| PROBES.iter().any(|probe| sql.starts_with(probe));
    // A session sets its search path in the message of its first query. If that is the one of the probes, they follow.
    let mut later = log.statements[statement..].iter().filter(|later| later.connection == *connection);
    let is_before_probes = sql.starts_with("SET search_path") && later.any(|later| is_of_probes(&later.sql));
    if failure == Failure::ServerError && (is_of_probes(sql) || is_before_probes) {
        assert_eq!(run.exit, Some(0), "{context}: {run:#?}");
        return;
    }
    let exit = match failure {
        Failure::Kill => None,
        Failure::Interrupt => Some(130),
        _ => Some(3),
    };
    assert_eq!(run.exit, exit, "{context} ({sql}): {run:#?}");
    if failure != Failure::Kill {
        fixture.assert_true(run, context);
    }
}

#[test]
fn every_point_of_a_setup() {
    every_point(Operation::Apply);
}

#[test]
fn every_point_of_a_change() {
    every_point(Operation::Change);
}

#[test]
fn every_point_of_a_removal() {
    every_point(Operation::Remove);
}
