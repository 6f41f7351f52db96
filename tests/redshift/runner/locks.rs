//! The run lock, missing privileges, and several payloads.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio_postgres::SimpleQueryMessage;

use super::harness::{Bench, Case, ORDINARY, OTHER_SECRET, Run, SECRET, assert_same};
use redshift_emulator::{self, DATABASE, Fault, Hostile, Kind, PASSWORD, SUPERUSER, What};

/// Waits until a statement has arrived.
fn wait_for(bench: &Bench, text: &str) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !bench.emulator.log().texts().iter().any(|sql| sql.contains(text)) {
        assert!(Instant::now() < deadline, "{text} never came");
        thread::sleep(Duration::from_millis(5));
    }
}

/// The events of a kind.
fn events(run: &Run, kind: &str) -> Vec<serde_json::Value> {
    let events = run.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON"));
    events.filter(|event: &serde_json::Value| event["event"] == kind).collect()
}

/// The number before a text.
fn number_before(text: &str, words: &str) -> usize {
    let Some((before, _)) = text.split_once(words) else { return 0 };
    let digits = before.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    digits.parse().unwrap_or_else(|_| panic!("{words}: {text}"))
}

/// The statements that took effect, were rolled back, failed and were not run add up to the plan.
#[test]
fn failed_run_accounts_for_every_statement_of_the_plan() {
    let bench = Bench::new();
    let path = bench.payload("payload", &ORDINARY);
    let payload = path.to_str().expect("a path");
    for (at, fails) in [
        ("CREATE USER", 1),
        ("CREATE GROUP", 1),
        ("CREATE DATABASE", 1),
        ("CREATE SCHEMA immuta_system", 1),
        ("CREATE VIEW immuta_system.user_profile", 1),
        ("GRANT SELECT ON TABLE immuta_system.bootstrap", 1),
    ] {
        let error = What::Error { sqlstate: "57014".to_owned(), message: "stop".to_owned() };
        bench.emulator.inject(Fault::on(at, error));
        let run = bench.run(&["apply", payload, "--yes"]).expect(3);
        let plan = events(&run, "plan").swap_remove(0);
        let planned = plan["statements"].as_array().expect("statements").len();
        let failures = run.failures().join("\n");
        let failures = failures
            .replace(" 1 statement", " 1 statements")
            .replace("(1 statement", "(1 statements")
            .replace(" 1 was not", " 1 were not");
        let reported = number_before(&failures, " statements took effect before it")
            + number_before(&failures, " statements) was rolled back")
            + number_before(&failures, " were not run");
        assert_eq!(reported + fails, planned, "{at}: {failures}");
        bench.run(&["remove", payload, "--yes"]).expect(0);
    }
}

/// The progress of a run has the statements of the plan.
#[test]
fn run_executes_the_statements_of_its_plan() {
    let bench = Bench::new();
    let [old, new] = [("old", ORDINARY), ("new", Case { group: None, ..ORDINARY })]
        .map(|(name, case)| bench.payload(name, &case).display().to_string());
    let change = vec!["apply", &new, "--old", &old, "--yes"];
    for command in [vec!["apply", &old, "--yes"], change, vec!["remove", &new, "--yes"]] {
        let run = bench.run(&command).expect(0);
        let plan = events(&run, "plan").swap_remove(0);
        let planned = plan["statements"].as_array().expect("statements");
        let run = events(&run, "statement");
        assert_eq!(run.len(), planned.len(), "{command:?}");
        for (at, (event, statement)) in run.iter().zip(planned).enumerate() {
            assert_eq!(event["summary"], statement["summary"], "{command:?}");
            assert_eq!(event["number"], at + 1, "{command:?}");
            assert_eq!(event["total"], planned.len(), "{command:?}");
        }
    }
}

#[test]
fn second_run_reports_the_lock_holder_and_changes_nothing() {
    let bench = Bench::new();
    let path = bench.payload("payload", &ORDINARY);
    let payload = path.to_str().expect("a path");
    bench
        .emulator
        .inject(Fault::on("CREATE TABLE immuta_system.profile", What::Delay(Duration::from_secs(3))));
    let first = bench.start(&["apply", payload, "--yes"]);
    wait_for(&bench, "CREATE TABLE immuta_system.profile");
    for command in ["apply", "remove"] {
        let second = bench.run(&[command, payload, "--yes", "--lock-timeout", "0"]).expect(3);
        let failures = second.failures().join("\n");
        assert!(failures.contains("another run (apply) is in progress: process "), "{failures}");
        assert!(failures.contains("of `awsuser`, connected since 20"), "{failures}");
        assert_eq!(failures.contains("Automatic Bootstrap"), command == "apply", "{failures}");
        assert!(second.answer()["status"].is_null(), "the other run determines the status: {second:#?}");
        assert!(!second.stdout.contains("\"event\":\"lock\""), "it does not wait: {second:#?}");
    }
    let status = bench.run(&["status", payload]).expect(1);
    assert_eq!(status.status(), "creating");
    let failures = status.failures().join("\n");
    assert!(failures.contains("`SELECT pg_terminate_backend("), "{failures}");
    let first = Run::of(first.wait_with_output().expect("an end")).expect(0);
    assert_eq!(first.status(), "enabled");
    assert_eq!(bench.run(&["status", payload]).expect(0).status(), "enabled");
}

/// Overlapping pipelines: the second run waits for the first, and has nothing to do.
#[test]
fn second_run_waits_for_the_first() {
    let bench = Bench::new();
    let path = bench.payload("payload", &ORDINARY);
    let payload = path.to_str().expect("a path");
    for dry in [false, true] {
        bench.emulator.reset_log();
        let delay = What::Delay(Duration::from_secs(2));
        bench.emulator.inject(Fault::on("CREATE TABLE immuta_system.profile", delay));
        let first = bench.start(&["apply", payload, "--yes"]);
        wait_for(&bench, "CREATE TABLE immuta_system.profile");
        let consent = if dry { "--dry-run" } else { "--yes" };
        let second = bench.run(&["apply", payload, consent, "--lock-timeout", "60"]).expect(0);
        assert_eq!(second.status(), "enabled", "{second:#?}");
        let waits = events(&second, "lock");
        let [wait] = waits.as_slice() else { panic!("{second:#?}") };
        assert_eq!(
            (&wait["work"], &wait["login"], &wait["isSeen"]),
            (&"apply".into(), &SUPERUSER.into(), &true.into())
        );
        assert!(wait["since"].as_str().is_some_and(|since| since.starts_with("20")), "{wait}");
        assert!(wait["seconds"].as_u64().is_some_and(|seconds| (1..=60).contains(&seconds)), "{wait}");
        assert!(
            !second.stdout.contains("\"event\":\"statement\""),
            "there was nothing left to do: {second:#?}"
        );
        Run::of(first.wait_with_output().expect("an end")).expect(0);
        bench.run(&["remove", payload, "--yes"]).expect(0);
    }
}

/// Waiting for a run that hangs is limited: the message has its user, its start and a remedy. The run lock of a dead
/// session is stolen after the server has noticed.
#[test]
fn run_lock_of_a_dead_session_is_stolen() {
    let bench = Bench::new();
    let path = bench.payload("payload", &ORDINARY);
    let payload = path.to_str().expect("a path");
    bench.emulator.inject(Fault::on("CREATE TABLE immuta_system.profile", What::StallBefore));
    let mut first = bench.start(&["apply", payload, "--yes"]);
    wait_for(&bench, "CREATE TABLE immuta_system.profile");
    let begun = Instant::now();
    let second = bench.run(&["apply", payload, "--yes", "--lock-timeout", "2"]).expect(3);
    assert!(begun.elapsed() >= Duration::from_secs(2), "it did not wait");
    let failures = second.failures().join("\n");
    for part in [
        "No Other Run: another run (apply) is in progress: process ",
        "of `awsuser`, connected since 20",
        "did not end within 2 s",
        "--lock-timeout",
        "SELECT pg_terminate_backend(",
    ] {
        assert!(failures.contains(part), "{part}: {failures}");
    }
    assert!(!second.stdout.contains("\"event\":\"statement\""), "it changed something: {second:#?}");

    // Ctrl-C ends the wait.
    let asked = |bench: &Bench| {
        bench.emulator.log().texts().iter().filter(|sql| sql.contains("FROM bootshift_lock.run")).count()
    };
    let before = asked(&bench);
    let waiting = bench.start(&["remove", payload, "--yes", "--lock-timeout", "3600"]);
    let deadline = Instant::now() + Duration::from_secs(60);
    while asked(&bench) < before + 3 {
        assert!(Instant::now() < deadline, "it does not ask again");
        thread::sleep(Duration::from_millis(5));
    }
    let sent = std::process::Command::new("kill").args(["-INT", &waiting.id().to_string()]).status();
    assert!(sent.expect("kill").success());
    let interrupted = Run::of(waiting.wait_with_output().expect("an end")).expect(130);
    assert!(interrupted.answer()["status"].is_null(), "{interrupted:#?}");

    // The text output has the user of the run.
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_bootshift"));
    command.args([
        "remove",
        payload,
        "--yes",
        "--lock-timeout",
        "2",
        "--user",
        SUPERUSER,
        "--sslmode",
        "disable",
    ]);
    let output = command.env("PGPASSWORD", PASSWORD).stdin(std::process::Stdio::null()).output();
    let waited = Run::of(output.expect("the command runs")).expect(3);
    let line = waited.stderr.lines().find(|line| line.contains("for another run (apply) of `awsuser`"));
    let line = line.unwrap_or_else(|| panic!("{waited:#?}"));
    assert!(
        line.contains("connected since 20")
            && line.starts_with("waiting up to 2 s (see `--lock-timeout`) for"),
        "{line}"
    );

    first.kill().expect("it is killed");
    first.wait().expect("an end");
    let third = bench.run(&["apply", payload, "--yes", "--lock-timeout", "60"]).expect(0);
    assert_eq!(third.status(), "enabled", "{third:#?}");
    assert_eq!(bench.run(&["status", payload]).expect(0).status(), "enabled");
}

/// A message such as "cancelled after 20 s" is useless without the step.
#[test]
fn timeout_names_step_database_and_option() {
    let bench = Bench::new();
    // Creating a database may take longer than the timeout.
    bench.admin(DATABASE, "CREATE DATABASE sales OWNER awsuser");
    let path = bench.payload("payload", &Case { database: "sales", ..ORDINARY });
    let payload = path.to_str().expect("a path");
    let apply = ["apply", payload, "--yes", "--existing-database"];
    for (fault, arguments, expected) in [
        (
            Fault::on("SELECT pg_catalog.version()", What::StallBefore),
            &["status", payload] as &[&str],
            "Catalog: `Query the catalog` in `dev`: ",
        ),
        (
            Fault::on("CREATE TABLE bootshift_lock.run", What::StallBefore),
            &apply,
            "`Create bootshift_lock.run` in `dev`: ",
        ),
        (
            Fault::on("CREATE TABLE immuta_system.profile", What::StallBefore),
            &apply,
            "Bootstrap: Create the table profile: in `sales`: ",
        ),
    ] {
        bench.emulator.reset_log();
        bench.emulator.inject(fault);
        let run = bench.run(&[arguments, &["--statement-timeout", "3"]].concat()).expect(3);
        let failures = run.failures().join("\n");
        assert!(failures.contains(expected), "{failures}");
        assert!(failures.contains(" 3 s (see `--statement-timeout`)"), "{failures}");
        bench.run(&["remove", payload, "--yes", "--existing-database", "--lock-timeout", "60"]).expect(0);
    }
    bench.emulator.hostile(Some(Hostile::SilenceAtStartup));
    let run = bench.run(&["status", payload, "--connect-timeout", "1"]).expect(3);
    let failures = run.failures().join("\n");
    assert!(run.answer()["status"].is_null(), "{run:#?}");
    let server =
        format!("connected to {}:{}, but login to `dev`", bench.emulator.host(), bench.emulator.port());
    assert!(failures.contains(&server) && failures.contains("--connect-timeout"), "{failures}");
}

/// Of several concurrent runs, one executes, and the others wait for it and have nothing to do.
#[test]
fn only_one_of_several_concurrent_runs_executes() {
    let bench = Bench::new();
    let path = bench.payload("payload", &ORDINARY);
    let payload = path.to_str().expect("a path");
    for _ in 0..5 {
        let runs = [(); 3].map(|()| bench.start(&["apply", payload, "--yes", "--lock-timeout", "60"]));
        let runs = runs.map(|run| Run::of(run.wait_with_output().expect("an end")).expect(0));
        let works = runs.iter().filter(|run| run.stdout.contains("\"event\":\"statement\"")).count();
        assert_eq!(works, 1, "{runs:#?}");
        assert_eq!(bench.run(&["status", payload]).expect(0).status(), "enabled");
        bench.run(&["remove", payload, "--yes"]).expect(0);
    }
}

/// An unfinished run is reported by `status`, and removed by `remove`.
#[test]
fn unfinished_run_can_be_completed_or_removed() {
    let bench = Bench::new();
    let before = bench.dump(DATABASE);
    let path = bench.payload("payload", &ORDINARY);
    let payload = path.to_str().expect("a path");
    for text in ["REVOKE ALL PRIVILEGES ON DATABASE", "CREATE TABLE immuta_system.profile", "CREATE DATABASE"]
    {
        bench.emulator.inject(Fault::on(text, What::CutAfter));
        bench.run(&["apply", payload, "--yes"]).expect(3);
        // The server notices the end of the run with a short delay.
        let deadline = Instant::now() + Duration::from_secs(20);
        let status = || bench.run(&["status", payload]).expect(1).status();
        while status() == "creating" && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(20));
        }
        assert_eq!(status(), "createError", "{text}");
        let other = bench.payload("other", &Case { user: "somebody_else", ..ORDINARY });
        let refused = bench.run(&["apply", other.to_str().expect("a path"), "--yes"]).expect(3);
        assert!(refused.failures().join("\n").contains("an unfinished run"), "{refused:#?}");
        bench.run(&["remove", payload, "--yes"]).expect(0);
        assert_same(&bench.dump(DATABASE), &before, text);
    }
}

/// An object that another user creates after the inspection is never treated as created by Bootshift.
#[test]
fn objects_created_concurrently_are_never_adopted() {
    let bench = Bench::new();
    let path = bench.payload("payload", &ORDINARY);
    let payload = path.to_str().expect("a path");
    bench.emulator.inject(Fault::on(
        "CREATE DATABASE",
        What::Error {
            sqlstate: "42P04".to_owned(),
            message: "database \"immuta\" already exists".to_owned(),
        },
    ));
    bench.run(&["apply", payload, "--yes"]).expect(3);
    bench.admin(DATABASE, "CREATE DATABASE immuta");
    bench.admin("immuta", "CREATE TABLE public.theirs (a int)");
    let run = bench.run(&["apply", payload, "--yes"]).expect(3);
    assert!(run.failures().join("\n").contains("the database `immuta` already exists"), "{run:#?}");
    // Nor is a schema without a marker.
    bench.admin("immuta", "CREATE SCHEMA immuta_system");
    let run = bench.run(&["remove", payload, "--yes"]).expect(3);
    assert!(run.failures().join("\n").contains("the schema `immuta_system`"), "{run:#?}");
    bench.admin("immuta", "DROP SCHEMA immuta_system");
    // Objects that the first run created are dropped, and the other ones are kept.
    bench.run(&["remove", payload, "--yes"]).expect(0);
    bench.admin("immuta", "SELECT * FROM public.theirs");
    let stands = bench.dump(DATABASE);
    assert!(
        !stands.contains("immuta_system_account") && !stands.contains("immuta_impersonation"),
        "{stands}"
    );
}

/// `status` needs no privileges to write, and plans report the missing privileges.
#[test]
fn user_without_privileges_can_run_status() {
    let bench = Bench::new();
    let path = bench.payload("payload", &ORDINARY);
    let payload = path.to_str().expect("a path");
    bench.admin(DATABASE, "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    let url = "CREATE USER reader PASSWORD 'Reader-Passw0rd'";
    bench.emulator.block_on(async {
        let mut config = tokio_postgres::Config::new();
        let (user, password) = bench.emulator.superuser();
        config
            .host(bench.emulator.host())
            .port(bench.emulator.port())
            .user(user)
            .password(password)
            .dbname(DATABASE);
        let (client, connection) = config.connect(tokio_postgres::NoTls).await.expect("a connection");
        tokio::spawn(connection);
        client.simple_query(url).await.expect("a user");
    });
    let reader = |arguments: &[&str]| {
        let mut command = bench.command(arguments);
        let position = command.get_args().position(|argument| argument == "--user").expect("--user") + 1;
        let mut arguments: Vec<_> = command.get_args().map(std::ffi::OsStr::to_owned).collect();
        arguments[position] = "reader".into();
        let mut as_reader = std::process::Command::new(command.get_program());
        as_reader.args(arguments).env("PGPASSWORD", "Reader-Passw0rd").stdin(std::process::Stdio::null());
        command = as_reader;
        Run::of(command.output().expect("the command runs"))
    };
    let case = Case { group: None, ..ORDINARY };
    let without = bench.payload("without", &case);
    let without = without.to_str().expect("a path");
    let run = reader(&["apply", without, "--dry-run"]).expect(3);
    assert!(run.stdout.contains("does not have CREATEDB"), "{run:#?}");
    let run = reader(&["apply", payload, "--dry-run"]).expect(3);
    assert!(
        run.failures().join("\n").contains("creating or dropping groups requires a superuser"),
        "{run:#?}"
    );
    reader(&["status", payload]).expect(1);
    // Every run requires the lock.
    bench.admin(DATABASE, "ALTER ROLE reader CREATEDB CREATEROLE");
    bench.emulator.reset_log();
    for command in ["apply", "remove"] {
        if command == "remove" {
            bench.run(&["apply", without, "--yes"]).expect(0);
            let failures = reader(&["status", without]).expect(3).failures().join("\n");
            assert!(failures.contains("(SQLSTATE 42501). Log in as a superuser"), "{failures}");
            bench.admin("immuta", "GRANT SELECT ON immuta_system.bootstrap TO reader");
            bench.emulator.reset_log();
        }
        for consent in ["--dry-run", "--yes"] {
            let failures = reader(&[command, without, consent]).expect(3).failures().join("\n");
            let wanted = "`reader` does not have CREATE on the database `dev`, which the run lock (`bootshift_lock.run`) \
                          requires: run `GRANT CREATE ON DATABASE \"dev\" TO \"reader\"` as a superuser";
            assert!(failures.contains(wanted), "{command}: {failures}");
            assert!(!failures.contains("42501"), "{command}: {failures}");
        }
        assert_eq!(bench.writes(), [""; 0]);
    }
    // Privileges of roles are not visible, so the run is attempted.
    let roles = "CREATE OR REPLACE VIEW pg_catalog.svv_user_grants AS SELECT 0 AS user_id, CAST('reader' AS varchar(128)) AS \
                 user_name, 1 AS role_id, CAST('helpers' AS varchar(128)) AS role_name, false AS admin_option";
    bench.admin(DATABASE, roles);
    let run = reader(&["remove", without, "--dry-run"]).expect(0);
    assert!(run.stdout.contains("unless one of its roles grants it"), "{run:#?}");
    bench.run(&["remove", without, "--yes"]).expect(0);
    bench.admin(DATABASE, "GRANT CREATE ON DATABASE dev TO reader");
    reader(&["apply", without, "--dry-run"]).expect(0);
}

/// `autoBootstrap: true`: the login user is the account of the payload, and is kept.
#[test]
fn automatic_payload_logs_in_with_its_own_credentials() {
    let bench = Bench::new();
    let (user, password) = bench.emulator.superuser();
    let case = Case { user, password, ..ORDINARY };
    let path = bench.payload("automatic", &case);
    let text = std::fs::read_to_string(&path).expect("a payload");
    std::fs::write(&path, text.replace("\"autoBootstrap\": false", "\"autoBootstrap\": true"))
        .expect("a payload");
    let payload = path.to_str().expect("a path");
    let before = bench.dump(DATABASE);
    let run = |command: &str, more: &[&str]| {
        let mut process = std::process::Command::new(env!("CARGO_BIN_EXE_bootshift"));
        process
            .args([command, payload, "--sslmode", "disable", "--format", "json"])
            .args(more)
            .env_remove("PGPASSWORD")
            .stdin(std::process::Stdio::null());
        Run::of(process.output().expect("the command runs"))
    };
    assert_eq!(run("apply", &["--yes"]).expect(0).status(), "enabled");
    assert_eq!(run("status", &[]).expect(0).status(), "enabled");
    assert_eq!(run("remove", &["--yes"]).expect(0).status(), "deleted");
    assert_same(&bench.dump(DATABASE), &before, "the account that logs in stays");
    // Without a terminal and `--yes`.
    let run = run("apply", &[]);
    assert_eq!(run.exit, Some(2), "{run:#?}");
    assert!(run.stderr.contains("--yes"), "{run:#?}");
}

/// The first line of the file takes precedence over the environment.
#[test]
fn password_file_is_used() {
    let bench = Bench::new();
    let path = bench.payload("payload", &ORDINARY);
    let file = path.with_file_name("password");
    let (user, password) = bench.emulator.superuser();
    let run = |text: &str| {
        std::fs::write(&file, text).expect("a file");
        let mut process = std::process::Command::new(env!("CARGO_BIN_EXE_bootshift"));
        process
            .arg("status")
            .arg(&path)
            .args(["--sslmode", "disable", "--format", "json", "--user", user, "--password-file"])
            .arg(&file)
            .env("PGPASSWORD", "another")
            .stdin(std::process::Stdio::null());
        Run::of(process.output().expect("the command runs"))
    };
    for text in [password.to_owned(), format!("{password}\n"), format!("{password}\r\nmore\n")] {
        assert_eq!(run(&text).expect(1).status(), "deleted");
    }
    run(&format!("\n{password}\n")).expect(2);
    let wrong = run(OTHER_SECRET).expect(3);
    assert!(wrong.failures().join("\n").contains("password"), "{wrong:#?}");
}

/// A missing login user is an error before anything is sent.
#[test]
fn login_user_is_required() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, automatic: bool, credentials: &str| {
        let payload = format!(
            "{{type: Redshift, autoBootstrap: {automatic}, config: {{host: cluster.invalid, database: immuta, \
             initialDatabase: dev, {credentials}}}}}"
        );
        std::fs::write(folder.path().join(name), payload).expect("a payload");
    };
    let account = "authenticationType: userPassword, username: immuta_system, password: ";
    write("manual.yaml", false, &format!("{account}Abcdefgh1"));
    write("automatic.yaml", true, &format!("{account}\"${{BOOTSHIFT_TEST_UNSET_PASSWORD}}\""));
    write(
        "okta.yaml",
        true,
        "authenticationType: okta, okta: {username: immuta, password: Abcdefgh1, appId: 0oa1, idpHost: \
         example.okta.com, role: admin}",
    );
    for (arguments, reason) in [
        (&["manual.yaml"] as &[&str], "--user NAME"),
        (&["okta.yaml"], "--user NAME"),
        (&["automatic.yaml"], "BOOTSHIFT_TEST_UNSET_PASSWORD"),
        (&["automatic.yaml", "--password-file", "manual.yaml"], "`--password-file` requires `--user`"),
        (&["manual.yaml", "--user", "admin", "--password-file", "missing"], "cannot read the password file"),
    ] {
        let mut process = std::process::Command::new(env!("CARGO_BIN_EXE_bootshift"));
        process.arg("status").args(arguments).env_remove("PGPASSWORD").current_dir(folder.path());
        let run = Run::of(process.stdin(std::process::Stdio::null()).output().expect("the command runs"));
        // 3 would be a connection error; an unset variable is an error of the payload.
        let run = run.expect(if reason == "BOOTSHIFT_TEST_UNSET_PASSWORD" { 1 } else { 2 });
        assert!(run.stderr.contains(reason), "{arguments:?}: {run:#?}");
    }
}

/// Temporary credentials have a user name with a prefix, and okta accounts have no password.
#[test]
fn temporary_credentials_set_up_an_okta_account() {
    let bench = Bench::new();
    bench.admin(
        DATABASE,
        "CREATE ROLE \"IAMA:ops@example.com:admins\" LOGIN SUPERUSER PASSWORD \
         'md58a061355c766a3ee16862e44c2289f3e'",
    );
    let case = Case { okta: true, ..ORDINARY };
    let path = bench.payload("okta", &case);
    let run = |arguments: &[&str]| {
        let mut process = std::process::Command::new(env!("CARGO_BIN_EXE_bootshift"));
        process
            .args(arguments)
            .args([path.to_str().expect("a path"), "--sslmode", "disable", "--format", "json"])
            .args(["--user", "IAMA:ops@example.com:admins"])
            .env("PGPASSWORD", "Temp/+Passw0rd=")
            .stdin(std::process::Stdio::null());
        Run::of(process.output().expect("the command runs"))
    };
    assert_eq!(run(&["apply", "--yes"]).expect(0).status(), "enabled");
    assert_eq!(run(&["status"]).expect(0).status(), "enabled");
    assert_eq!(run(&["remove", "--yes"]).expect(0).status(), "deleted");
}

/// A server may quote a statement with a password in the error of another statement.
#[test]
fn later_error_shows_no_password() {
    let bench = Bench::new();
    let path = bench.payload("payload", &ORDINARY);
    let payload = path.to_str().expect("a path");
    bench.run(&["apply", payload, "--yes"]).expect(0);
    let log = bench.emulator.log();
    let statement =
        log.texts().into_iter().find(|sql| sql.starts_with("CREATE USER")).expect("the account").to_owned();
    bench.run(&["remove", payload, "--yes"]).expect(0);
    let hash = statement.split('\'').nth(1).expect("a hash").to_owned();
    for (at, message) in ["CREATE GROUP", "SELECT 'schema' AS kind", "DELETE FROM bootshift_lock.run"]
        .into_iter()
        .flat_map(|at| [(at, statement.clone()), (at, hash.to_ascii_uppercase())])
    {
        bench.emulator.inject(Fault::on(at, What::Error { sqlstate: "57014".to_owned(), message }));
        let run = bench.run(&["apply", payload, "--yes"]).expect(3);
        let shown = run.stdout.to_ascii_lowercase() + &run.stderr.to_ascii_lowercase();
        assert!(!shown.contains(&hash[3..9]), "{run:#?}");
        bench.run(&["remove", payload, "--yes"]).expect(0);
    }
}

/// A failed query is not drift.
#[test]
fn status_is_unknown_if_the_cluster_cannot_be_queried() {
    let bench = Bench::new();
    let path = bench.payload("payload", &ORDINARY);
    let payload = path.to_str().expect("a path");
    bench.run(&["apply", payload, "--yes"]).expect(0);
    for statement in 1..=3 {
        bench.emulator.reset_log();
        bench.emulator.inject(Fault::at(statement, What::CutBefore));
        let run = bench.run(&["status", payload]).expect(3);
        assert!(run.answer()["status"].is_null(), "{run:#?}");
        let applied = {
            bench.emulator.reset_log();
            bench.emulator.inject(Fault::at(statement, What::CutBefore));
            bench.run(&["apply", payload, "--yes"]).expect(3)
        };
        assert!(applied.answer()["status"].is_null(), "the status is unknown: {applied:#?}");
    }
    bench.run(&["status", payload]).expect(0);
}

/// Immuta requires `enable_case_sensitive_identifier` to be off; if it is on, the names in the scripts differ.
#[test]
fn case_sensitive_identifiers_are_rejected() {
    let bench = Bench::new();
    let path = bench.payload("payload", &ORDINARY);
    let payload = path.to_str().expect("a path");
    bench.emulator.case_sensitive(true);
    for command in [&["apply", payload, "--yes"] as &[&str], &["status", payload]] {
        let run = bench.run(command).expect(3);
        assert!(run.failures().join("\n").contains("Identifiers Are Case-Insensitive"), "{run:#?}");
    }
    assert_eq!(bench.writes(), [""; 0]);
    bench.emulator.case_sensitive(false);
    bench.run(&["apply", payload, "--yes"]).expect(0);
}

/// A directory with several clusters; the reports are in the order of the names.
#[test]
fn payloads_of_several_clusters_run_concurrently() {
    let benches = [(); 2].map(|()| Bench::new());
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bench) in ["a", "b"].into_iter().zip(&benches) {
        let path = bench.payload(name, &ORDINARY);
        let text = std::fs::read_to_string(path).expect("a payload");
        // Only one integration per host is allowed; the emulator has two names.
        let text = if name == "b" { text.replace("127.0.0.1", "localhost") } else { text };
        std::fs::write(folder.path().join(format!("{name}.json")), text).expect("a payload");
    }
    std::fs::write(folder.path().join("other.json"), "{\"name\": \"no payload\"}").expect("a file");
    let payloads = folder.path().to_str().expect("a path");
    for (command, status) in [("apply", "enabled"), ("remove", "deleted")] {
        let run = benches[0].run(&[command, payloads, "--yes", "--jobs", "2"]).expect(0);
        let answers: Vec<serde_json::Value> = run
            .stdout
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .filter(|value: &serde_json::Value| value.get("status").is_some())
            .collect();
        let hosts: Vec<_> =
            answers.iter().map(|answer| answer["config"]["host"].as_str().unwrap_or_default()).collect();
        assert_eq!(hosts, ["127.0.0.1", "localhost"]);
        assert!(answers.iter().all(|answer| answer["status"] == status), "{answers:#?}");
    }
    // If one payload has an error, nothing is done.
    std::fs::write(folder.path().join("c.json"), "{\"type\": \"Redshift\", \"autoBootstrap\": false}")
        .expect("a file");
    benches[0].emulator.reset_log();
    let run = benches[0].run(&["apply", payloads, "--yes"]);
    assert_eq!(run.exit, Some(1), "{run:#?}");
    assert!(benches[0].emulator.log().connections.is_empty(), "no connection was made");
    assert!(!run.stdout.contains(SECRET) && !run.stderr.contains(SECRET));
}

/// Errors of concurrent changes by another run are retried.
#[test]
fn concurrent_changes_are_inspected_again() {
    let bench = Bench::new();
    let path = bench.payload("payload", &ORDINARY);
    let payload = path.to_str().expect("a path");
    bench.run(&["apply", payload, "--yes"]).expect(0);
    for sqlstate in ["42P01", "XX000", "3F000", "40001", "55006", "57P01"] {
        for at in ["SELECT 'schema' AS kind", "FROM immuta_system.bootstrap"] {
            let message = "cache lookup failed".to_owned();
            bench.emulator.inject(Fault::on(at, What::Error { sqlstate: sqlstate.to_owned(), message }));
            assert_eq!(bench.run(&["status", payload]).expect(0).status(), "enabled", "{sqlstate} at {at}");
            assert!(bench.emulator.clear_faults().is_empty(), "{sqlstate} at {at}");
        }
    }
    // A permanent error is reported in the end.
    bench.admin("immuta", "ALTER TABLE immuta_system.bootstrap RENAME COLUMN group_name TO gone");
    let run = bench.run(&["status", payload]).expect(3);
    assert!(run.failures().join("\n").contains("Initial Validation: Catalog"), "{run:#?}");
    bench.admin("immuta", "ALTER TABLE immuta_system.bootstrap RENAME COLUMN gone TO group_name");
    // The database is dropped after it was seen. `status` has a session in it by then, which prevents that.
    bench.emulator.reset_log();
    let seen = "SELECT pg_catalog.version() AS";
    bench.emulator.inject(Fault::on(seen, What::Delay(Duration::from_secs(3))));
    let plan = bench.start(&["apply", payload, "--dry-run"]);
    wait_for(&bench, seen);
    bench.admin(DATABASE, "DROP DATABASE immuta");
    let run = Run::of(plan.wait_with_output().expect("an end")).expect(3);
    let failures = run.failures().join("\n");
    assert!(failures.contains("the user `immuta_system_account` already exists"), "{failures}");
}

/// `status` succeeds at any point of another run, and so does a run that starts in parallel.
#[test]
fn status_succeeds_at_any_point_of_another_run() {
    let bench = Bench::new();
    let path = bench.payload("payload", &ORDINARY);
    let payload = path.to_str().expect("a path");
    for work in ["apply", "remove", "apply", "remove"] {
        let running = bench.start(&[work, payload, "--yes", "--lock-timeout", "60"]);
        for _ in 0..4 {
            let status = bench.run(&["status", payload]);
            assert!(matches!(status.exit, Some(0 | 1)), "{work}: {status:#?}");
        }
        let removal = bench.run(&["remove", payload, "--dry-run", "--lock-timeout", "60"]);
        assert_eq!(removal.exit, Some(0), "{work}: {removal:#?}");
        Run::of(running.wait_with_output().expect("an end")).expect(0);
    }
}

/// After a conflict with another session the transaction is retried; a permanent conflict is reported.
#[test]
fn conflict_with_another_session_is_retried() {
    let bench = Bench::new();
    let path = bench.payload("payload", &ORDINARY);
    let payload = path.to_str().expect("a path");
    let before = bench.dump(DATABASE);
    bench.run(&["apply", payload, "--yes"]).expect(0);
    let wanted = bench.dump_of(&ORDINARY);
    bench.run(&["remove", payload, "--yes"]).expect(0);
    let conflict = |at: &str, sqlstate: &str| {
        let message = "conflict with concurrent transaction".to_owned();
        bench.emulator.inject(Fault::on(at, What::Error { sqlstate: sqlstate.to_owned(), message }));
    };
    for sqlstate in ["40001", "40P01", "XX000", "23505"] {
        for at in [
            "CREATE USER",
            "CREATE DATABASE",
            "CREATE VIEW immuta_system.user_profile",
            "GRANT SELECT ON TABLE immuta_system.bootstrap",
        ] {
            conflict(at, sqlstate);
            bench.emulator.reset_log();
            let run = bench.run(&["apply", payload, "--yes"]).expect(0);
            let made = bench.writes().iter().filter(|sql| sql.starts_with(at)).count();
            assert!(made >= 2, "{sqlstate} at {at}: {run:#?}");
            assert_same(&bench.dump_of(&ORDINARY), &wanted, &format!("{sqlstate} at {at}"));
            for at in ["DROP DATABASE", "DROP USER"] {
                conflict(at, sqlstate);
            }
            bench.run(&["remove", payload, "--yes"]).expect(0);
            assert_same(&bench.dump(DATABASE), &before, &format!("{sqlstate} at {at}"));
        }
    }
    for _ in 0..4 {
        conflict("CREATE VIEW immuta_system.user_profile", "40001");
    }
    let run = bench.run(&["apply", payload, "--yes"]).expect(3);
    assert!(run.failures().join("\n").contains("SQLSTATE 40001"), "{run:#?}");
    bench.run(&["remove", payload, "--yes"]).expect(0);
    assert_same(&bench.dump(DATABASE), &before, "taken back");
}

/// Concurrent setups only conflict temporarily.
#[test]
fn several_setups_run_concurrently() {
    let bench = Bench::new();
    let before = bench.dump(DATABASE);
    let payloads = ["one", "two", "three"].map(|name| {
        let case = Case { database: name, user: name, group: None, ..ORDINARY };
        bench.payload(name, &case).display().to_string()
    });
    for (work, status) in [("apply", "enabled"), ("remove", "deleted")] {
        let runs =
            payloads.each_ref().map(|payload| bench.start(&[work, payload, "--yes", "--lock-timeout", "60"]));
        for run in runs {
            assert_eq!(Run::of(run.wait_with_output().expect("an end")).expect(0).status(), status);
        }
    }
    assert_same(&bench.dump(DATABASE), &before, "all are gone");
}

/// A cluster of a kind with a setup whose database has a session of the account.
fn used_setup(kind: Kind) -> (Bench, String, tokio_postgres::Client) {
    let bench = Bench::of(redshift_emulator::Options { kind, ..redshift_emulator::Options::default() });
    let payload = bench.payload("payload", &ORDINARY).display().to_string();
    bench.run(&["apply", &payload, "--yes"]).expect(0);
    let account = (ORDINARY.user, ORDINARY.password);
    let open = bench.emulator.block_on(bench.connect(account, ORDINARY.database)).expect("a session");
    (bench, payload, open)
}

/// The event that says for which sessions a removal waits.
fn wait_of(run: &Run) -> Value {
    let mut waits = events(run, "sessions");
    assert_eq!(waits.len(), 1, "{run:#?}");
    waits.remove(0)
}

/// A database with sessions is not dropped. The run says for whom it waits, on every kind of cluster, and gives up.
#[test]
fn removal_waits_for_sessions_for_a_limited_time() {
    for kind in [Kind::Provisioned, Kind::Serverless, Kind::MultiAz] {
        let (bench, payload, open) = used_setup(kind);
        let begun = Instant::now();
        let refused = bench.run(&["remove", &payload, "--yes", "--lock-timeout", "6"]).expect(3);
        assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
        let wait = wait_of(&refused);
        assert_eq!(wait["database"], ORDINARY.database);
        assert_eq!(wait["sessions"][0]["user"], ORDINARY.user, "{kind:?}: {wait}");
        let process = wait["sessions"][0]["process"].as_i64().expect("a process");
        let failures = refused.failures().join("\n");
        for part in [
            format!("process {process} of `{}` has been connected to the database `immuta`", ORDINARY.user),
            format!("SELECT pg_terminate_backend({process})"),
        ] {
            assert!(failures.contains(&part), "{kind:?}: {failures}");
        }
        drop(open);
        bench.run(&["remove", &payload, "--yes"]).expect(0);
    }
}

/// Where no list of sessions is open, the run says that it waits, and how a superuser finds them.
#[test]
fn removal_waits_for_sessions_that_are_not_listed() {
    for kind in [Kind::Provisioned, Kind::Serverless, Kind::MultiAz] {
        let (bench, payload, open) = used_setup(kind);
        for _ in 0..40 {
            for list in ["FROM pg_catalog.stv_sessions", "FROM pg_catalog.sys_session_history"] {
                let (sqlstate, message) = ("42501".to_owned(), "permission denied".to_owned());
                bench.emulator.inject(Fault::on(list, What::Error { sqlstate, message }));
            }
        }
        let refused = bench.run(&["remove", &payload, "--yes", "--lock-timeout", "6"]).expect(3);
        let wait = wait_of(&refused);
        assert!(wait["sessions"].is_null(), "{kind:?}: {wait}");
        let query = wait["query"].as_str().expect("a query");
        let failures = refused.failures().join("\n");
        assert!(failures.contains(&format!("a superuser finds them with `{query}`")), "{kind:?}: {failures}");
        bench.emulator.clear_faults();
        let found = bench.emulator.block_on(async {
            let admin = bench.connect((SUPERUSER, PASSWORD), DATABASE).await.expect("a session");
            admin.simple_query(query).await.expect("the sessions")
        });
        let rows = found.iter().filter(|message| matches!(message, SimpleQueryMessage::Row(_))).count();
        assert_eq!(rows, 1, "{kind:?}: {found:?}");
        drop(open);
        bench.run(&["remove", &payload, "--yes"]).expect(0);
    }
}
