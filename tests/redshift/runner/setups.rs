//! Several setups with the same `initialDatabase`: a run on one does not affect the others.

use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

use super::harness::{Bench, Case, ORDINARY, OTHER_SECRET, Run, SECRET, assert_same};
use redshift_emulator::{DATABASE, Fault, PASSWORD, SUPERUSER, What};

const A: Case =
    Case { database: "a", user: "account_a", group: Some("group_a"), password: SECRET, okta: false };
const B: Case =
    Case { database: "b", user: "account_b", group: Some("group_b"), password: SECRET, okta: false };

/// The note about an unfinished run of another setup.
fn notes(run: &Run) -> Vec<String> {
    let answer = run.answer();
    let tests = answer["validationResults"]["validationTests"].as_array().expect("tests").clone();
    let notes = tests.iter().filter(|test| test["name"] == "Other Setups: No Unfinished Run");
    notes
        .map(|test| {
            let message = test["message"].as_str().expect("a message");
            let is_at_work = message.ends_with("is in progress");
            assert_eq!(test["status"], if is_at_work { "skipped" } else { "warning" });
            message.to_owned()
        })
        .collect()
}

/// How a run on A was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Left {
    Apply,
    Edit,
    Remove,
}

impl Left {
    const fn status(self) -> &'static str {
        match self {
            Self::Apply => "createError",
            Self::Edit => "editError",
            Self::Remove => "deleteError",
        }
    }

    const fn work(self) -> &'static str {
        match self {
            Self::Apply => {
                "a run (apply) of the setup in the database `a`, which is another setup, did not finish"
            }
            Self::Edit => {
                "a run (edit) of the setup in the database `a`, which is another setup, did not finish"
            }
            Self::Remove => {
                "a run (remove) of the setup in the database `a`, which is another setup, did not finish"
            }
        }
    }
}

struct Fixture {
    bench: Bench,
    a: String,
    other_a: String,
    b: String,
    other_b: String,
}

impl Fixture {
    fn new() -> Self {
        let bench = Bench::new();
        let [a, other_a, b, other_b] = [
            ("a", A),
            ("other_a", Case { group: None, ..A }),
            ("b", B),
            ("other_b", Case { user: "other_account_b", group: None, password: OTHER_SECRET, ..B }),
        ]
        .map(|(name, case)| bench.payload(name, &case).display().to_string());
        Self { bench, a, other_a, b, other_b }
    }

    /// Kills a run on A.
    fn leave(&self, left: Left) {
        let (arguments, at) = match left {
            Left::Apply => (vec!["apply", &self.a, "--yes"], "CREATE DATABASE"),
            Left::Edit => {
                self.bench.run(&["apply", &self.a, "--yes"]).expect(0);
                (vec!["apply", &self.other_a, "--old", &self.a, "--yes"], "UPDATE immuta_system.bootstrap")
            }
            Left::Remove => {
                self.bench.run(&["apply", &self.a, "--yes"]).expect(0);
                (vec!["remove", &self.a, "--yes"], "DROP DATABASE")
            }
        };
        // Without any connection the run lock is not released.
        self.bench.emulator.inject(Fault::on(at, What::DropAll));
        self.bench.run(&arguments).expect(3);
        let deadline = Instant::now() + Duration::from_secs(20);
        while self.status_of_a() != left.status() {
            assert!(Instant::now() < deadline, "{left:?}: {}", self.status_of_a());
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn status_of_a(&self) -> String {
        self.bench.run(&["status", &self.a]).expect(1).status()
    }

    /// Runs a command on B while a run on A is unfinished; A is not changed.
    fn beside(&self, left: Left, arguments: &[&str], exit: i32) -> Run {
        let run = self.bench.run(arguments).expect(exit);
        let context = format!("{left:?}, {arguments:?}: {run:#?}");
        let notes = notes(&run);
        assert!(matches!(notes.as_slice(), [note] if note.starts_with(left.work())), "{context}");
        assert_eq!(self.status_of_a(), left.status(), "{context}");
        run
    }
}

#[test]
fn unfinished_run_affects_only_the_status_of_its_own_setup() {
    let fixture = Fixture::new();
    let bench = &fixture.bench;
    let before = bench.dump(DATABASE);
    for left in [Left::Apply, Left::Edit, Left::Remove] {
        fixture.leave(left);
        // B is not set up.
        assert_eq!(fixture.beside(left, &["status", &fixture.b], 1).status(), "deleted");
        assert_eq!(fixture.beside(left, &["remove", &fixture.b, "--yes"], 0).status(), "deleted");
        // B is set up, and its status is checked.
        assert_eq!(fixture.beside(left, &["apply", &fixture.b, "--yes"], 0).status(), "enabled");
        assert_eq!(fixture.beside(left, &["status", &fixture.b], 0).status(), "enabled");
        bench.emulator.reset_log();
        assert_eq!(bench.run(&["apply", &fixture.b, "--yes"]).expect(0).status(), "enabled");
        assert_eq!(bench.writes(), [""; 0], "{left:?}: there is nothing to do");
        // B is changed, and removed.
        let change = ["apply", fixture.other_b.as_str(), "--old", &fixture.b, "--yes"];
        assert_eq!(fixture.beside(left, &change, 0).status(), "enabled");
        assert_eq!(fixture.beside(left, &["status", &fixture.other_b], 0).status(), "enabled");
        assert_eq!(fixture.beside(left, &["remove", &fixture.other_b, "--yes"], 0).status(), "deleted");
        // A is completed, or removed.
        let (finish, status) = match left {
            Left::Apply => (vec!["apply", &fixture.a, "--yes"], "enabled"),
            Left::Edit => (vec!["apply", &fixture.other_a, "--old", &fixture.a, "--yes"], "enabled"),
            Left::Remove => (vec!["remove", &fixture.a, "--yes"], "deleted"),
        };
        assert_eq!(bench.run(&finish).expect(0).status(), status, "{left:?}");
        let payload = if left == Left::Edit { &fixture.other_a } else { &fixture.a };
        bench.run(&["remove", payload, "--yes"]).expect(0);
        assert_same(&bench.dump(DATABASE), &before, &format!("{left:?}"));
    }
}

/// An unfinished run is completed with its own payload and command.
#[test]
fn unfinished_run_names_the_command_that_completes_it() {
    let fixture = Fixture::new();
    let bench = &fixture.bench;
    let renamed = bench.payload("renamed", &Case { user: "another", ..A }).display().to_string();
    let failures = |arguments: &[&str], exit| bench.run(arguments).expect(exit).failures().join("\n");
    let ways = [
        (Left::Apply, "run `bootshift apply` to complete it, or `bootshift remove` to undo it"),
        (Left::Edit, "run `bootshift apply` with the same `--old` to complete it"),
        (Left::Remove, "run `bootshift remove` to complete it"),
    ];
    for (left, ways) in ways {
        fixture.leave(left);
        for payload in [&fixture.a, &fixture.other_a] {
            let reported = failures(&["status", payload], 1);
            assert!(reported.contains(ways), "{left:?}: {reported}");
            assert!(left == Left::Remove || !reported.contains("a run (remove)"), "{reported}");
        }
        if left == Left::Apply {
            let (status, apply, remove) = (["status", &renamed], ["apply", &renamed], ["remove", &renamed]);
            for (arguments, exit) in [(status, 1), (apply, 3), (remove, 3)] {
                let consent = if exit == 1 { &[][..] } else { &["--yes"] };
                let reported = failures(&[&arguments[..], consent].concat(), exit);
                let wanted = "an unfinished run (apply) of another payload has the user `account_a`, but the payload \
                              has the user `another`: with the payload of that run, run `bootshift apply` to complete it";
                assert!(reported.contains(wanted) && !reported.contains("--old"), "{reported}");
            }
            let reported = failures(&["apply", &renamed, "--old", &fixture.a, "--yes"], 3);
            assert!(
                reported.contains("with the payload of that run, run `bootshift apply` to complete it"),
                "{reported}"
            );
        }
        let finish = match left {
            Left::Apply => vec!["apply", &fixture.a, "--yes"],
            Left::Edit => vec!["apply", &fixture.other_a, "--old", &fixture.a, "--yes"],
            Left::Remove => vec!["remove", &fixture.a, "--yes"],
        };
        bench.run(&finish).expect(0);
        if left == Left::Apply {
            let reported = failures(&["apply", &renamed, "--yes"], 3);
            assert!(
                reported.contains("use the payload of that setup, or change the setup with `--old`"),
                "{reported}"
            );
            for (arguments, exit) in [(&["status", &renamed][..], 1), (&["remove", &renamed, "--yes"], 3)] {
                let reported = failures(arguments, exit);
                assert!(reported.contains("use the payload of that setup"), "{reported}");
                assert!(!reported.contains("--old"), "{reported}");
            }
        }
        if left != Left::Remove {
            let payload = if left == Left::Edit { &fixture.other_a } else { &fixture.a };
            bench.run(&["remove", payload, "--yes"]).expect(0);
        }
    }
}

/// Two unfinished runs are each completed with their own payload.
#[test]
fn unfinished_runs_of_two_setups_are_independent() {
    let fixture = Fixture::new();
    let bench = &fixture.bench;
    let before = bench.dump(DATABASE);
    fixture.leave(Left::Apply);
    bench.emulator.inject(Fault::on("CREATE TABLE immuta_system.profile", What::CutBefore));
    bench.run(&["apply", &fixture.b, "--yes"]).expect(3);
    assert_eq!(fixture.status_of_a(), "createError");
    let status = bench.run(&["status", &fixture.b]).expect(1);
    assert!(["createError", "creating"].contains(&status.status().as_str()), "{status:#?}");
    let deadline = Instant::now() + Duration::from_secs(20);
    while bench.run(&["status", &fixture.b]).expect(1).status() == "creating" && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(20));
    }
    // A payload with another account conflicts with the unfinished run of its own database, not with the other one.
    let refused = bench.run(&["apply", &fixture.other_b, "--yes"]).expect(3);
    assert!(refused.failures().join("\n").contains("`account_b`"), "{refused:#?}");
    bench.run(&["remove", &fixture.a, "--yes"]).expect(0);
    assert_eq!(bench.run(&["apply", &fixture.b, "--yes"]).expect(0).status(), "enabled");
    bench.run(&["remove", &fixture.b, "--yes"]).expect(0);
    assert_same(&bench.dump(DATABASE), &before, "both are gone");
}

/// A session in the database of A prevents it from being dropped.
#[test]
fn failed_removal_does_not_affect_another_setup() {
    let fixture = Fixture::new();
    let bench = &fixture.bench;
    for payload in [&fixture.a, &fixture.b] {
        bench.run(&["apply", payload, "--yes"]).expect(0);
    }
    let session = bench.emulator.block_on(bench.connect((SUPERUSER, PASSWORD), "a")).expect("a session");
    // Without the timeout it would be retried, because it may be a closing session of the run itself.
    bench.run(&["remove", &fixture.a, "--yes", "--statement-timeout", "3"]).expect(3);
    assert_eq!(fixture.beside(Left::Remove, &["status", &fixture.b], 0).status(), "enabled");
    drop(session);
    bench.run(&["remove", &fixture.a, "--yes"]).expect(0);
    let status = bench.run(&["status", &fixture.b]).expect(0);
    assert_eq!(notes(&status), [""; 0]);
}

/// A run in progress on A and a run on B do not affect each other.
#[test]
fn run_in_progress_does_not_block_another_setup() {
    let fixture = Fixture::new();
    let bench = &fixture.bench;
    bench
        .emulator
        .inject(Fault::on("CREATE TABLE immuta_system.profile", What::Delay(Duration::from_secs(6))));
    let first = bench.start(&["apply", &fixture.a, "--yes"]);
    let deadline = Instant::now() + Duration::from_secs(20);
    while !bench.emulator.log().texts().iter().any(|sql| sql.contains("CREATE TABLE immuta_system.profile")) {
        assert!(Instant::now() < deadline);
        thread::sleep(Duration::from_millis(5));
    }
    let second = bench.run(&["apply", &fixture.b, "--yes"]).expect(0);
    assert_eq!(second.status(), "enabled");
    assert!(notes(&second).iter().any(|note| note.contains("is in progress")), "{second:#?}");
    assert_eq!(bench.run(&["status", &fixture.a]).expect(1).status(), "creating");
    let first = Run::of(first.wait_with_output().expect("an end")).expect(0);
    assert_eq!(first.status(), "enabled");
    for payload in [&fixture.a, &fixture.b] {
        assert_eq!(notes(&bench.run(&["status", payload]).expect(0)), [""; 0]);
        bench.run(&["remove", payload, "--yes"]).expect(0);
    }
}

/// A run only waits for runs of its own setup, not for other runs that start or continue in the meantime.
#[test]
fn run_does_not_wait_for_another_setup() {
    let fixture = Fixture::new();
    let bench = &fixture.bench;
    let until_at_work = |process: Child, fault| {
        let deadline = Instant::now() + Duration::from_secs(60);
        while !bench.emulator.log().texts().iter().any(|sql| sql.contains(fault)) {
            assert!(Instant::now() < deadline);
            thread::sleep(Duration::from_millis(5));
        }
        process
    };
    let fault = "CREATE TABLE immuta_system.profile";
    bench.emulator.inject(Fault::on(fault, What::StallBefore));
    let mut hanging = until_at_work(bench.start(&["apply", &fixture.b, "--yes"]), fault);
    bench.emulator.reset_log();
    bench.emulator.inject(Fault::on(fault, What::Delay(Duration::from_secs(2))));
    let first = until_at_work(bench.start(&["apply", &fixture.a, "--yes"]), fault);
    let second = bench.run(&["apply", &fixture.a, "--yes", "--lock-timeout", "60"]).expect(0);
    assert!(second.stdout.contains("\"event\":\"lock\""), "it waits for the first: {second:#?}");
    assert_eq!(second.status(), "enabled", "{second:#?}");
    Run::of(first.wait_with_output().expect("an end")).expect(0);
    hanging.kill().expect("it hangs");
    hanging.wait().expect("an end");
}

/// Ordinary users cannot read the run locks. So they cannot see whether their run is unfinished, but they can see the
/// status of a complete setup.
#[test]
fn status_is_unknown_without_access_to_the_run_lock() {
    let fixture = Fixture::new();
    let bench = &fixture.bench;
    let reader = ("reader", "Reader-Passw0rd");
    let statement = format!("CREATE USER {} PASSWORD '{}' CREATEDB", reader.0, reader.1);
    bench.execute((SUPERUSER, PASSWORD), DATABASE, &[&statement]).expect("a user");
    bench.emulator.inject(Fault::on("CREATE DATABASE", What::CutBefore));
    bench.run(&["apply", &fixture.a, "--yes"]).expect(3);
    let payload = bench.payload("own", &Case { group: None, database: "own", ..ORDINARY });
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_bootshift"));
    command.args(["status", payload.to_str().expect("a path"), "--user", reader.0, "--sslmode", "disable"]);
    command.args(["--format", "json"]).env("PGPASSWORD", reader.1).stdin(std::process::Stdio::null());
    let run = Run::of(command.output().expect("the command runs")).expect(3);
    assert!(run.answer()["status"].is_null(), "{run:#?}");
    assert!(run.failures().join("\n").contains("`reader` cannot see"), "{run:#?}");
    assert!(notes(&run)[0].contains("`reader` is not allowed to read `bootshift_lock.run`"), "{run:#?}");
    assert_eq!(bench.run(&["status", payload.to_str().expect("a path")]).expect(1).status(), "deleted");
}

/// Existing objects may be intended, or belong to another setup; so the message never suggests to drop them.
#[test]
fn existing_objects_are_reported_with_a_safe_option() {
    let bench = Bench::new();
    let case = Case { group: None, ..ORDINARY };
    let path = bench.payload("payload", &case);
    let payload = path.to_str().expect("a path");
    bench.admin(DATABASE, "CREATE DATABASE immuta OWNER awsuser");
    let user = format!("CREATE USER {} PASSWORD '{SECRET}'", ORDINARY.user);
    bench.execute((SUPERUSER, PASSWORD), DATABASE, &[&user]).expect("a user");
    for command in ["apply", "remove"] {
        let failures = bench.run(&[command, payload, "--yes"]).expect(3).failures();
        let [database, user] = failures.as_slice() else { panic!("{failures:#?}") };
        assert!(database.contains("pass `--existing-database`"), "{database}");
        assert!(user.contains("pass `--existing-user`"), "{user}");
        for failure in &failures {
            assert!(!failure.contains("remove it") && !failure.contains("drop it"), "{failure}");
        }
    }
    bench.run(&["apply", payload, "--yes", "--existing-database", "--existing-user"]).expect(0);
}

#[test]
fn account_or_group_of_another_setup_is_reported() {
    for is_whole in [true, false] {
        let bench = Bench::new();
        let [a, b, c] =
            [("a", A), ("b", Case { database: "b", ..A }), ("c", Case { database: "c", group: None, ..A })]
                .map(|(name, case)| bench.payload(name, &case).display().to_string());
        if !is_whole {
            bench.emulator.inject(Fault::on("CREATE DATABASE", What::CutBefore));
        }
        bench.run(&["apply", &a, "--yes"]).expect(if is_whole { 0 } else { 3 });
        for command in ["apply", "remove"] {
            let failures = bench.run(&[command, &b, "--yes"]).expect(3).failures();
            let [user, group] = failures.as_slice() else { panic!("{failures:#?}") };
            let of_a = "of the setup in the database `a`, and is not changed";
            assert!(
                user.contains(&format!("`account_a` already exists: it is the account {of_a}")),
                "{user}"
            );
            assert!(group.contains(&format!("it is the impersonation group {of_a}")), "{group}");
            assert!(user.contains("--existing-user"), "{user}");
        }
        bench.run(&["apply", &c, "--yes", "--existing-user"]).expect(0);
        // A change to its name fails in the same way.
        if is_whole {
            let [old, new] = [("old", B), ("new", Case { user: A.user, group: B.group, ..B })]
                .map(|(name, case)| bench.payload(name, &case).display().to_string());
            bench.run(&["apply", &old, "--yes"]).expect(0);
            let failures =
                bench.run(&["apply", &new, "--old", &old, "--yes"]).expect(3).failures().join("\n");
            assert!(failures.contains("it is the account of the setup in the database `"), "{failures}");
            assert!(failures.contains("Choose another name"), "{failures}");
        }
    }
}
