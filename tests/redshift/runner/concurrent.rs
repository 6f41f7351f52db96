//! Two runs on the same setup at once: one works, the other says so, and nothing else happens.
//!
//! Pairs of runs start with delays from a seed. By default there are a few of them; with `BOOTSHIFT_WHOLE`
//! (`cargo xtask test --whole`) there are 500 on a provisioned cluster and 100 on each other kind, which takes minutes.

use std::process::Child;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::harness::{Bench, ORDINARY, Run, assert_same};
use redshift_emulator::{DATABASE, Fault, Kind, Options, Outcome, PASSWORD, SUPERUSER, What};

/// What a run does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Apply,
    Remove,
}

impl Action {
    const fn name(self) -> &'static str {
        match self {
            Self::Apply => "apply",
            Self::Remove => "remove",
        }
    }

    /// Whether the setup exists after it.
    const fn result(self) -> bool {
        matches!(self, Self::Apply)
    }
}

/// Why the other run has done nothing.
const REFUSALS: [&str; 4] = [
    "another run (",
    "another run has just ended: run the same command again",
    "another run has changed the setup since the plan was made: run the same command again",
    "the objects that are also dropped have changed since the plan was made: run the same command again",
];

/// Pseudorandom numbers (`SplitMix64`).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % limit
    }
}

/// A cluster, and what it looks like with the setup and without.
struct Fixture {
    bench: Bench,
    payload: String,
    without: String,
    with: String,
    exists: bool,
}

/// How many pairs ended in which way.
#[derive(Debug, Default)]
struct Tally {
    /// One of them had the lock of the other.
    refused: AtomicU64,
    /// They ran one after the other.
    successive: AtomicU64,
}

impl Fixture {
    fn new(kind: Kind) -> Self {
        let bench = Bench::of(Options { kind, ..Options::default() });
        let payload = bench.payload("payload", &ORDINARY).display().to_string();
        let without = bench.dump(DATABASE);
        bench.run(&["apply", &payload, "--yes"]).expect(0);
        let with = bench.dump(DATABASE) + &bench.dump_of(&ORDINARY);
        Self { bench, payload, without, with, exists: true }
    }

    fn start(&self, action: Action) -> Child {
        self.bench.start(&[action.name(), &self.payload, "--yes", "--lock-timeout", "0"])
    }

    /// The number of successful statements that start like this.
    fn done(&self, start: &str) -> usize {
        let log = self.bench.emulator.log();
        let is_done = |outcome: &Outcome| *outcome == Outcome::Done;
        log.statements.iter().filter(|it| it.sql.starts_with(start) && is_done(&it.outcome)).count()
    }

    /// Runs two actions, the second one after a delay.
    fn pair(&mut self, actions: [Action; 2], delay: Duration, tally: &Tally) {
        let context = format!("{actions:?} after {delay:?}, with a setup: {}", self.exists);
        self.bench.emulator.reset_log();
        let first = self.start(actions[0]);
        thread::sleep(delay);
        let second = self.start(actions[1]);
        let runs = [first, second].map(|run| Run::of(run.wait_with_output().expect("an end")));
        let context = format!("{context}: {runs:#?}");

        let mut succeeded = Vec::new();
        for (action, run) in actions.iter().zip(&runs) {
            assert!(!run.stdout.contains("\"event\":\"lock\""), "it has waited: {context}");
            if run.exit == Some(0) {
                succeeded.push(*action);
                continue;
            }
            assert_eq!(run.exit, Some(3), "{context}");
            let failures = run.failures();
            let is_refusal = |failure: &String| REFUSALS.iter().any(|refusal| failure.contains(refusal));
            assert!(failures.len() == 1 && failures.iter().all(is_refusal), "{context}");
            assert!(!run.stdout.contains("\"event\":\"statement\""), "it has run a statement: {context}");
        }
        assert!(!succeeded.is_empty(), "none has worked: {context}");
        let counter = if succeeded.len() == 1 { &tally.refused } else { &tally.successive };
        counter.fetch_add(1, Ordering::Relaxed);

        // Each object was created or dropped at most once, by one of them.
        let existed = self.exists;
        let (created, dropped) = (self.done("CREATE DATABASE"), self.done("DROP DATABASE"));
        assert!(created <= 1 && dropped <= 1, "{created} created, {dropped} dropped: {context}");
        let cluster = self.bench.dump(DATABASE);
        self.exists = cluster != self.without;
        assert_eq!(
            i32::from(existed) + i32::from(created == 1) - i32::from(dropped == 1),
            i32::from(self.exists),
            "{created} created, {dropped} dropped: {context}"
        );
        // The state is that after the successful runs, in one order or the other.
        assert!(succeeded.iter().any(|action| action.result() == self.exists), "{context}");
        if self.exists {
            assert_same(&(cluster + &self.bench.dump_of(&ORDINARY)), &self.with, &context);
        }
        let locks = "SELECT nspname FROM pg_namespace WHERE nspname = 'bootshift_lock'";
        let locks = self.bench.emulator.block_on(self.bench.emulator.admin(DATABASE, locks));
        assert!(locks.expect("schemas").is_empty(), "the lock was left: {context}");
    }
}

/// Runs pairs on a kind of cluster, in several threads with their own emulators.
fn pairs(kind: Kind, part: u64, whole: u64) {
    const THREADS: u64 = 2;
    let all = if std::env::var_os("BOOTSHIFT_WHOLE").is_some() { whole } else { part };
    let tally = Tally::default();
    thread::scope(|scope| {
        for number in 0..THREADS {
            let tally = &tally;
            scope.spawn(move || {
                let mut fixture = Fixture::new(kind);
                let mut random = Random(number);
                for _ in (number..all).step_by(usize::try_from(THREADS).expect("a small number")) {
                    // The same action twice, which has something to do; or one that undoes the other.
                    let due = if fixture.exists { Action::Remove } else { Action::Apply };
                    let actions = match random.below(4) {
                        0 => [Action::Apply, Action::Remove],
                        1 => [Action::Remove, Action::Apply],
                        _ => [due, due],
                    };
                    // Half of them start at the same moment.
                    let delay = random.below(2) * random.below(400);
                    fixture.pair(actions, Duration::from_millis(delay), tally);
                }
            });
        }
    });
    println!("{kind:?}: {all} pairs, {tally:?}");
}

#[test]
fn of_two_runs_one_works_and_the_other_says_so() {
    pairs(Kind::Provisioned, 10, 500);
}

#[test]
fn of_two_runs_one_works_on_other_kinds_of_clusters() {
    for kind in [Kind::Serverless, Kind::MultiAz] {
        pairs(kind, 4, 100);
    }
}

/// What happens between the inspection of a run and its run lock.
#[test]
fn plan_that_is_outdated_when_the_lock_is_acquired_is_not_executed() {
    const LOCK: &str = "CREATE SCHEMA bootshift_lock";
    let mut fixture = Fixture::new(Kind::Provisioned);
    // The actions of others, that of the run, its exit code, and whether the setup exists afterwards.
    for (others, action, exit, exists) in [
        (&[Action::Remove] as &[Action], Action::Remove, 0, false),
        (&[Action::Apply], Action::Apply, 0, true),
        (&[Action::Remove, Action::Apply], Action::Remove, 0, false),
        (&[Action::Apply, Action::Remove], Action::Apply, 0, true),
    ] {
        let context = format!("{others:?} during {action:?}");
        let bench = &fixture.bench;
        bench.emulator.reset_log();
        bench.emulator.inject(Fault::on(LOCK, What::Delay(Duration::from_secs(4))));
        let run = fixture.start(action);
        wait_for(bench, LOCK);
        for other in others {
            bench.run(&[other.name(), &fixture.payload, "--yes"]).expect(0);
        }
        let works = fixture.done("CREATE DATABASE") + fixture.done("DROP DATABASE");
        Run::of(run.wait_with_output().expect("an end")).expect(exit);
        let works = fixture.done("CREATE DATABASE") + fixture.done("DROP DATABASE") - works;
        assert_eq!(works, others.len() - 1, "{context}");
        fixture.exists = fixture.bench.dump(DATABASE) != fixture.without;
        assert_eq!(fixture.exists, exists, "{context}");
    }
    // A user who creates an object with a name of the setup.
    let bench = &fixture.bench;
    bench.run(&["remove", &fixture.payload, "--yes"]).expect(0);
    bench.emulator.reset_log();
    bench.emulator.inject(Fault::on(LOCK, What::Delay(Duration::from_secs(3))));
    let run = fixture.start(Action::Apply);
    wait_for(bench, LOCK);
    let user = format!("CREATE USER {} PASSWORD 'Other-Passw0rd'", ORDINARY.user);
    bench.execute((SUPERUSER, PASSWORD), DATABASE, &[&user]).expect("a user");
    let failures = Run::of(run.wait_with_output().expect("an end")).expect(3).failures().join("\n");
    assert!(failures.contains(&format!("the user `{}` already exists", ORDINARY.user)), "{failures}");
    bench.admin(DATABASE, &format!("DROP ROLE {}", ORDINARY.user));
    assert_same(&bench.dump(DATABASE), &fixture.without, "nothing was left");
}

/// Waits until a statement has arrived.
fn wait_for(bench: &Bench, text: &str) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !bench.emulator.log().texts().iter().any(|sql| sql.contains(text)) {
        assert!(Instant::now() < deadline, "{text} never came");
        thread::sleep(Duration::from_millis(5));
    }
}
