//! The password of the system account: whether it is that of the payload.

use std::sync::Arc;
use std::time::Duration;

use bootshift::check::{Body, Options, check};
use bootshift::operation::Operation;
use bootshift::runner::{Access, ApplyOptions, SslMode, Target, client_config, prepare_apply};
use secrecy::SecretString;
use tokio::sync::watch;

use super::harness::{Bench, Case, HOSTILE, ORDINARY, OTHER_SECRET, Run, SECRET};
use redshift_emulator::{DATABASE, Fault, Options as Cluster, PASSWORD, SUPERUSER, What};
use testkit::words::original;

/// The variable of the password in the payload.
const VARIABLE: &str = "BOOTSHIFT_TEST_ROTATED_PASSWORD";
const ROTATED: Case = Case { password: "${BOOTSHIFT_TEST_ROTATED_PASSWORD}", ..ORDINARY };
const DRIFT: &str = "Setup: Set the system account's password:";
const LOGIN: &str = "System Account: Login With The Payload's Password:";

/// Runs the command with a value of the variable.
fn with(bench: &Bench, password: &str, arguments: &[&str]) -> Run {
    bench.emulator.reset_log();
    let mut command = bench.command(arguments);
    let run = Run::of(command.env(VARIABLE, password).output().expect("the command runs"));
    // Redshift locks an account after five in a row.
    assert!(bench.logins(ORDINARY.user).1 <= 1, "more than one failed login: {run:#?}");
    run
}

fn logs_in(bench: &Bench, user: &str, password: &str) -> bool {
    bench.execute((user, password), DATABASE, &[]).is_ok()
}

/// The statements that change the password of a user.
fn alterations(bench: &Bench) -> usize {
    bench.writes().iter().filter(|sql| sql.starts_with("ALTER USER")).count()
}

/// The status and message of the login test.
fn login_test(run: &Run) -> (String, String) {
    let answer = run.answer();
    let tests = answer["validationResults"]["validationTests"].as_array().expect("tests").clone();
    let found = tests.iter().find(|test| test["name"] == LOGIN.trim_end_matches(':'));
    let found = found.unwrap_or_else(|| panic!("no login test: {run:#?}"));
    let text = |key: &str| found[key].as_str().unwrap_or_default().to_owned();
    (text("status"), text("message"))
}

#[test]
fn rotated_password_is_drift_that_apply_repairs() {
    let bench = Bench::new();
    for case in [ROTATED, Case { database: DATABASE, ..ROTATED }, Case { user: HOSTILE.user, ..ROTATED }] {
        let path = bench.payload("payload", &case);
        let payload = path.to_str().expect("a path");
        let apply = ["apply", payload, "--yes"];
        let change = ["apply", payload, "--old", payload, "--yes"];
        let status = |password: &str| with(&bench, password, &["status", payload]);
        with(&bench, SECRET, &apply).expect(0);
        assert_eq!(login_test(&status(SECRET).expect(0)).0, "passed");
        let mut in_force = SECRET;
        for command in [&apply[..], &change] {
            let next = if in_force == SECRET { OTHER_SECRET } else { SECRET };
            let drifted = status(next).expect(1);
            assert_eq!(drifted.status(), "recurringValidationError");
            assert!(drifted.failures().iter().any(|failure| failure.starts_with(DRIFT)), "{drifted:#?}");
            assert_eq!(bench.writes(), [""; 0], "looking changes nothing");

            let plan: Vec<&str> =
                command.iter().map(|word| if *word == "--yes" { "--dry-run" } else { word }).collect();
            let plan = with(&bench, next, &plan).expect(0);
            assert!(plan.stdout.contains("Set the system account's password"), "{plan:#?}");
            assert_eq!(plan.status(), "recurringValidationError");
            assert_eq!(bench.writes(), [""; 0], "a dry run changes nothing");

            let repaired = with(&bench, next, command).expect(0);
            assert_eq!(repaired.status(), "enabled");
            assert_eq!(alterations(&bench), 1);
            assert_eq!(login_test(&repaired).0, "passed", "a run that repaired it tries it");
            assert!(logs_in(&bench, case.user, next) && !logs_in(&bench, case.user, in_force));

            for command in [&apply[..], &change] {
                with(&bench, next, command).expect(0);
                assert_eq!(bench.writes(), [""; 0], "there is nothing to do");
            }
            status(next).expect(0);
            status(in_force).expect(1);
            in_force = next;
        }
        with(&bench, in_force, &["remove", payload, "--yes"]).expect(0);
    }
}

/// The account of an unfinished setup has the password of that run.
#[test]
fn completed_setup_has_the_password_of_the_last_run() {
    let bench = Bench::new();
    let path = bench.payload("payload", &ROTATED);
    let payload = path.to_str().expect("a path");
    for at in ["CREATE DATABASE", "CREATE TABLE immuta_system.profile"] {
        let fault = Fault::on(at, What::Error { sqlstate: "58030".to_owned(), message: "no".to_owned() });
        bench.emulator.inject(fault);
        with(&bench, SECRET, &["apply", payload, "--yes"]).expect(3);
        with(&bench, OTHER_SECRET, &["apply", payload, "--yes"]).expect(0);
        assert!(logs_in(&bench, ORDINARY.user, OTHER_SECRET), "{at}");
        with(&bench, OTHER_SECRET, &["remove", payload, "--yes"]).expect(0);
    }
}

/// A change of something else also sets a rotated password.
#[test]
fn change_sets_a_rotated_password() {
    let bench = Bench::new();
    let [old, new] = [("old", Case { group: None, ..ROTATED }), ("new", ROTATED)]
        .map(|(name, case)| bench.payload(name, &case).display().to_string());
    with(&bench, SECRET, &["apply", &old, "--yes"]).expect(0);
    let change = ["apply", new.as_str(), "--old", &old, "--yes"];
    assert_eq!(with(&bench, OTHER_SECRET, &change).expect(0).status(), "enabled");
    assert_eq!(alterations(&bench), 1);
    assert!(logs_in(&bench, ORDINARY.user, OTHER_SECRET));
    // A rename always sets the password, so no login that could fail is tested.
    let renamed = bench.payload("renamed", &Case { user: "another_account", ..ROTATED });
    let renamed = renamed.to_str().expect("a path");
    with(&bench, SECRET, &["apply", renamed, "--old", &new, "--yes"]).expect(0);
    assert_eq!(bench.logins("another_account"), (1, 0));
    assert_eq!(bench.logins(ORDINARY.user), (0, 0));
    assert!(logs_in(&bench, "another_account", SECRET));
}

/// A wrong password of an existing account is reported, but not changed.
#[test]
fn password_of_an_existing_account_is_not_changed() {
    let bench = Bench::new();
    let statement = format!("CREATE USER {} PASSWORD '{SECRET}'", ORDINARY.user);
    bench.execute((SUPERUSER, PASSWORD), DATABASE, &[&statement]).expect("a user");
    let path = bench.payload("payload", &ROTATED);
    let payload = path.to_str().expect("a path");
    let apply = ["apply", payload, "--yes", "--existing-user"];
    for command in [&apply[..], &apply, &["status", payload], &["apply", payload, "--old", payload, "--yes"]]
    {
        let exit = if command[0] == "status" { 1 } else { 3 };
        let run = with(&bench, OTHER_SECRET, command).expect(exit);
        assert_eq!(run.status(), "recurringValidationError");
        assert_eq!(run.failures().len(), 1, "{run:#?}");
        assert!(run.failures()[0].starts_with(LOGIN), "{run:#?}");
        assert_eq!(alterations(&bench), 0);
    }
    assert!(logs_in(&bench, ORDINARY.user, SECRET));
    // The setup itself is complete with the right password.
    with(&bench, SECRET, &["status", payload]).expect(0);
    with(&bench, SECRET, &apply).expect(0);
    assert_eq!(bench.writes(), [""; 0]);
    // Without a password it cannot be tested; an existing account does not require one.
    let mut command = bench.command(&[&apply[..2], &["--dry-run", "--existing-user"]].concat());
    let run = Run::of(command.env_remove(VARIABLE).output().expect("the command runs")).expect(0);
    assert_eq!(login_test(&run).0, "warning");
    with(&bench, SECRET, &["remove", payload, "--yes"]).expect(0);
    bench.admin(DATABASE, &format!("DROP ROLE {}", ORDINARY.user));
}

/// An existing user with the name of the account is not tested.
#[test]
fn passwords_are_not_tested_on_unrelated_users() {
    let bench = Bench::new();
    bench.admin(DATABASE, &format!("CREATE ROLE {} LOGIN", ORDINARY.user));
    let path = bench.payload("payload", &ROTATED);
    let payload = path.to_str().expect("a path");
    with(&bench, SECRET, &["status", payload]).expect(1);
    assert_eq!(bench.logins(ORDINARY.user), (0, 0));
    with(&bench, SECRET, &["apply", payload, "--yes"]).expect(3);
    assert_eq!(bench.logins(ORDINARY.user), (0, 0));

    // Nor is one that is not proven to be created by the setup any more.
    bench.admin(DATABASE, &format!("DROP ROLE {}", ORDINARY.user));
    with(&bench, SECRET, &["apply", payload, "--yes"]).expect(0);
    bench.admin(ORDINARY.database, "ALTER TABLE immuta_system.bootstrap RENAME TO elsewhere");
    let status = with(&bench, SECRET, &["status", payload]).expect(1);
    assert_eq!(status.status(), "recurringValidationError", "{status:#?}");
    assert_eq!(bench.logins(ORDINARY.user), (0, 0));
}

/// Login errors other than a wrong password are not drift: setting the password would not help.
#[test]
fn login_errors_other_than_wrong_password_are_warnings() {
    let bench = Bench::new();
    let path = bench.payload("payload", &ROTATED);
    let payload = path.to_str().expect("a path");
    with(&bench, SECRET, &["apply", payload, "--yes"]).expect(0);
    let user = ORDINARY.user;
    for (sql, undo, status, exits, says) in [
        (
            format!("ALTER ROLE {user} CONNECTION LIMIT 0"),
            format!("ALTER ROLE {user} CONNECTION LIMIT -1"),
            "warning",
            (0, 0),
            "too many connections",
        ),
        (
            "REVOKE CONNECT ON DATABASE immuta FROM PUBLIC".to_owned(),
            "GRANT CONNECT ON DATABASE immuta TO PUBLIC".to_owned(),
            "warning",
            (0, 0),
            "permission denied",
        ),
        (
            format!("ALTER ROLE {user} VALID UNTIL '2001-01-01'"),
            format!("ALTER ROLE {user} VALID UNTIL 'infinity'"),
            "failed",
            (1, 3),
            "VALID UNTIL",
        ),
    ] {
        bench.admin(DATABASE, &sql);
        for (command, exit) in [(&["status", payload][..], exits.0), (&["apply", payload, "--yes"], exits.1)]
        {
            let run = with(&bench, SECRET, command).expect(exit);
            let (found, message) = login_test(&run);
            assert_eq!(found, status, "{sql}: {run:#?}");
            assert!(message.contains(says), "{sql}: {message}");
            assert_eq!(alterations(&bench), 0, "{sql}");
        }
        bench.admin(DATABASE, &undo);
        with(&bench, SECRET, &["status", payload]).expect(0);
    }
}

/// An empty plan reports if the account cannot log in.
#[test]
fn plan_reports_a_failed_login_of_the_account() {
    let bench = Bench::new();
    let path = bench.payload("payload", &ORDINARY);
    let payload = path.to_str().expect("a path");
    bench.run(&["apply", payload, "--yes"]).expect(0);
    bench.admin(DATABASE, &format!("ALTER ROLE {} VALID UNTIL '2001-01-01'", ORDINARY.user));
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_bootshift"));
    command.args(["apply", payload, "--yes", "--user", SUPERUSER, "--sslmode", "disable"]);
    let output = command.env("PGPASSWORD", PASSWORD).stdin(std::process::Stdio::null()).output();
    let run = Run::of(output.expect("the command runs")).expect(3);
    assert!(run.stdout.contains("only the login of the system account fails"), "{run:#?}");
    assert!(!run.stdout.contains("everything is set up"), "{run:#?}");
}

/// Okta accounts have no password, so a run only tests that the old one is not valid any more.
#[test]
fn account_without_password_is_not_tested() {
    let bench = Bench::new();
    let old = bench.payload("old", &ROTATED).display().to_string();
    let okta = bench.payload("okta", &Case { okta: true, ..ROTATED }).display().to_string();
    with(&bench, SECRET, &["apply", &okta, "--yes"]).expect(0);
    for command in [&["status", &okta][..], &["apply", &okta, "--yes"]] {
        with(&bench, OTHER_SECRET, command).expect(0);
        assert_eq!(bench.logins(ORDINARY.user), (0, 0));
    }
    with(&bench, SECRET, &["remove", &okta, "--yes"]).expect(0);
    with(&bench, SECRET, &["apply", &old, "--yes"]).expect(0);
    let change = ["apply", okta.as_str(), "--old", &old, "--yes"];
    with(&bench, SECRET, &change).expect(0);
    assert!(!logs_in(&bench, ORDINARY.user, SECRET));
    with(&bench, SECRET, &change).expect(0);
    assert_eq!(bench.writes(), [""; 0]);
    // The reverse change sets one again.
    with(&bench, SECRET, &["apply", &old, "--old", &okta, "--yes"]).expect(0);
    assert!(logs_in(&bench, ORDINARY.user, SECRET));
}

/// A login with the same password is not repeated as a test.
#[test]
fn login_user_is_not_tested_again() {
    let bench = Bench::new();
    let path = bench.payload("payload", &Case { user: SUPERUSER, ..ROTATED });
    let payload = path.to_str().expect("a path");
    with(&bench, PASSWORD, &["apply", payload, "--yes"]).expect(0);
    let status = with(&bench, PASSWORD, &["status", payload]).expect(0);
    assert_eq!(login_test(&status).0, "passed");
    assert_eq!(bench.logins(SUPERUSER), (2, 0), "one per database");
    // If the login password differs from that of the payload, the latter is tested.
    let status = with(&bench, SECRET, &["status", payload]).expect(1);
    assert_eq!(login_test(&status).0, "failed");
    assert_eq!(bench.logins(SUPERUSER), (2, 1));
}

/// Immuta uses the credentials of an automatic setup only once, so later changes are not drift.
#[test]
fn credentials_of_an_automatic_setup_are_not_tested() {
    let bench = Bench::new();
    let statement = format!("CREATE USER {} PASSWORD '{SECRET}'", ORDINARY.user);
    bench.execute((SUPERUSER, PASSWORD), DATABASE, &[&statement]).expect("a user");
    let path = bench.payload("payload", &ROTATED);
    let text = std::fs::read_to_string(&path).expect("a payload");
    std::fs::write(&path, text.replace("\"autoBootstrap\": false", "\"autoBootstrap\": true"))
        .expect("a payload");
    let payload = path.to_str().expect("a path");
    for command in [&["apply", payload, "--yes", "--existing-user"][..], &["status", payload]] {
        assert_eq!(with(&bench, OTHER_SECRET, command).expect(0).status(), "enabled");
        assert_eq!(bench.logins(ORDINARY.user), (0, 0));
    }
    with(&bench, SECRET, &["remove", payload, "--yes"]).expect(0);
    bench.admin(DATABASE, &format!("DROP ROLE {}", ORDINARY.user));
}

/// Passwords that are stored as SHA-256 are tested as well.
#[test]
fn a_password_stored_as_sha256_is_tried() {
    let bench = Bench::new();
    let path = bench.payload("payload", &ROTATED);
    let payload = path.to_str().expect("a path");
    with(&bench, OTHER_SECRET, &["apply", payload, "--yes"]).expect(0);
    let statement = format!("ALTER USER {} PASSWORD 'sha256|{SECRET}'", ORDINARY.user);
    bench.execute((SUPERUSER, PASSWORD), DATABASE, &[&statement]).expect("a password");
    with(&bench, SECRET, &["status", payload]).expect(0);
    let run = with(&bench, OTHER_SECRET, &["status", payload]).expect(1);
    assert!(run.failures().iter().any(|failure| failure.starts_with(DRIFT)), "{run:#?}");
    with(&bench, OTHER_SECRET, &["apply", payload, "--yes"]).expect(0);
}

/// A locked account cannot log in with the right password either. If the login user cannot see that it is locked, the
/// message has the statement that unlocks it.
#[test]
fn locked_account_is_reported() {
    let bench = Bench::new();
    bench.emulator.lock_out_after(5);
    let path = bench.payload("payload", &ROTATED);
    let payload = path.to_str().expect("a path");
    with(&bench, SECRET, &["apply", payload, "--yes"]).expect(0);
    // A single run does not lock the account, and a successful login resets the count.
    for _ in 0..4 {
        with(&bench, OTHER_SECRET, &["status", payload]).expect(1);
    }
    with(&bench, SECRET, &["status", payload]).expect(0);
    for _ in 0..5 {
        assert!(!logs_in(&bench, ORDINARY.user, OTHER_SECRET));
    }
    bench.emulator.reset_log();
    for _ in 0..2 {
        let (sqlstate, message) = ("42501".to_owned(), "permission denied".to_owned());
        bench.emulator.inject(Fault::on("SHOW USER LOCKOUT", What::Error { sqlstate, message }));
    }
    let mut command = bench.command(&["apply", payload, "--yes"]);
    let run = Run::of(command.env(VARIABLE, SECRET).output().expect("the command runs")).expect(3);
    let (status, message) = login_test(&run);
    assert_eq!(status, "failed", "{run:#?}");
    let statement = message.split('`').find(|part| part.starts_with("ALTER USER")).expect("a statement");
    let statement = statement.replace('…', SECRET);
    bench.execute((SUPERUSER, PASSWORD), DATABASE, &[&statement]).expect(&message);
    with(&bench, SECRET, &["status", payload]).expect(0);
}

/// An unset variable is an error before anything is tested.
#[test]
fn unset_secrets_are_reported_before_connecting() {
    let bench = Bench::new();
    let path = bench.payload("payload", &ROTATED);
    let payload = path.to_str().expect("a path");
    with(&bench, SECRET, &["apply", payload, "--yes"]).expect(0);
    for arguments in [&["status", payload][..], &["apply", payload, "--yes"]] {
        bench.emulator.reset_log();
        let mut command = bench.command(arguments);
        let run = Run::of(command.env_remove(VARIABLE).output().expect("the command runs")).expect(1);
        assert!(run.stderr.contains("error[unresolved-secret]") && run.stderr.contains(VARIABLE), "{run:#?}");
        assert_eq!(bench.logins(ORDINARY.user), (0, 0));
        assert_eq!(bench.writes(), [""; 0]);
    }
}

/// The command checks the variable first, but a program that uses the crate may not. An account is never created with the
/// dummy password.
#[test]
fn account_is_not_created_with_an_unresolved_password() {
    let bench = Bench::new();
    let text = std::fs::read_to_string(bench.payload("payload", &ROTATED)).expect("a payload");
    let options = Options { operation: Some(Operation::Create), ..Options::default() };
    let body = check(&text.as_str().into(), &options).remove(0).body;
    let Some(Body::Payload(payload)) = body else { panic!("no payload: {text}") };
    let (_interrupt, interrupt) = watch::channel(false);
    for (value, expected) in [(None, "is not set"), (Some(""), "is set but empty")] {
        let target = Target {
            payload: payload.clone(),
            old: None,
            access: Access {
                host: bench.emulator.host().to_owned(),
                port: bench.emulator.port(),
                user: SUPERUSER.to_owned(),
                password: Some(SecretString::from(PASSWORD)),
                sslmode: SslMode::Disable,
                allow_cleartext_password: false,
                tls: client_config(SslMode::Disable, None).expect("nothing to read"),
                connect_timeout: Duration::from_secs(60),
                statement_timeout: Duration::from_secs(60),
                lock_timeout: Duration::ZERO,
                interrupt: interrupt.clone(),
            },
            options: ApplyOptions::default(),
            env: Arc::new(move |_| value.map(str::to_owned)),
        };
        let Err(report) = bench.emulator.block_on(prepare_apply(target, &mut |_| {})) else {
            panic!("it continues without a password")
        };
        let failures: Vec<_> =
            report.failures().filter_map(|test| test.message.clone()).map(original).collect();
        assert!(failures.iter().any(|message| message.contains(expected)), "{failures:?}");
    }
    assert_eq!(bench.writes(), [""; 0]);
}

/// Redshift locks an account after several failed logins in a row; a new password alone does not unlock it.
#[test]
fn locked_account_is_unlocked() {
    let bench = Bench::of(Cluster { lockout: Some(2), ..Cluster::default() });
    let path = bench.payload("payload", &ORDINARY);
    let payload = path.to_str().expect("a path");
    bench.run(&["apply", payload, "--yes"]).expect(0);
    for _ in 0..2 {
        bench.execute((ORDINARY.user, OTHER_SECRET), ORDINARY.database, &[]).expect_err("a wrong password");
    }
    let failures = bench.run(&["status", payload]).expect(1).failures();
    let [failure] = &failures[..] else { panic!("one failure: {failures:#?}") };
    assert!(failure.contains("is locked") && failure.contains("`bootshift apply` unlocks it"), "{failure}");
    bench.run(&["apply", payload, "--yes"]).expect(0);
    bench.execute((ORDINARY.user, ORDINARY.password), ORDINARY.database, &[]).expect("the account logs in");
    bench.run(&["status", payload]).expect(0);

    // The password of an existing account is never changed.
    let existing = Case { user: "existing", database: "other", group: None, ..ORDINARY };
    let user = format!("CREATE USER existing PASSWORD '{SECRET}'");
    bench.execute((SUPERUSER, PASSWORD), DATABASE, &[&user]).expect("a user");
    let path = bench.payload("existing", &existing);
    let payload = path.to_str().expect("a path");
    bench.run(&["apply", payload, "--existing-user", "--yes"]).expect(0);
    for _ in 0..2 {
        bench.execute((existing.user, OTHER_SECRET), DATABASE, &[]).expect_err("a wrong password");
    }
    let failures = bench.run(&["status", payload, "--existing-user"]).expect(1).failures().join("\n");
    assert!(
        failures.contains("unlock it as a superuser with `ALTER USER \"existing\" LOGIN PASSWORD"),
        "{failures}"
    );
}
