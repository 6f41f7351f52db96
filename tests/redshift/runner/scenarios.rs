//! The results of runs.

use super::harness::{Bench, Case, HOSTILE, ORDINARY, OTHER_SECRET, Run, SECRET, assert_same};
use redshift_emulator::{DATABASE, Fault, PASSWORD, SUPERUSER, What};

/// Runs a command with or without the variable of the password.
fn with_variable(bench: &Bench, arguments: &[&str], value: Option<&str>) -> Run {
    const VARIABLE: &str = "BOOTSHIFT_TEST_PASSWORD";
    let mut command = bench.command(arguments);
    command.env_remove(VARIABLE).envs(value.map(|value| (VARIABLE, value)));
    Run::of(command.output().expect("the command runs"))
}

/// Sets up a case, checks its status, sets it up again, and removes it.
fn round_trip(bench: &Bench, case: &Case, mode: &[&str]) {
    let context = format!("{case:?} {mode:?}");
    let before = bench.dump(DATABASE);
    let path = bench.payload("payload", case);
    let payload = path.to_str().expect("a path");
    let with = |arguments: &[&str]| bench.run(&[arguments, mode].concat());

    let plan = with(&["apply", payload, "--dry-run"]).expect(0);
    assert_eq!(plan.status(), "deleted", "{context}");
    assert_same(&bench.dump(DATABASE), &before, &format!("{context}: a dry run"));

    assert_eq!(with(&["apply", payload, "--yes"]).expect(0).status(), "enabled", "{context}");
    assert_eq!(with(&["status", payload]).expect(0).status(), "enabled", "{context}");
    let stands = bench.dump_of(case);

    bench.emulator.reset_log();
    assert_eq!(with(&["apply", payload, "--yes"]).expect(0).status(), "enabled", "{context}");
    assert_eq!(bench.writes(), [""; 0], "{context}: there was nothing to do");
    assert_same(&bench.dump_of(case), &stands, &context);

    assert_eq!(with(&["remove", payload, "--yes"]).expect(0).status(), "deleted", "{context}");
    assert_same(&bench.dump(DATABASE), &before, &format!("{context}: removed"));
    assert_eq!(with(&["status", payload]).expect(1).status(), "deleted", "{context}");

    bench.emulator.reset_log();
    assert_eq!(with(&["remove", payload, "--yes"]).expect(0).status(), "deleted", "{context}");
    assert_eq!(bench.writes(), [""; 0], "{context}: there was nothing to remove");
}

#[test]
fn setup_and_removal_leave_no_trace() {
    let bench = Bench::new();
    for names in [ORDINARY, HOSTILE] {
        for okta in [false, true] {
            for group in [None, names.group] {
                let case = Case { okta, group, ..names };
                round_trip(&bench, &case, &[]);
                round_trip(&bench, &Case { database: DATABASE, ..case }, &[]);
            }
        }
    }
    // An existing database other than `initialDatabase`.
    bench.admin(DATABASE, "CREATE DATABASE sales OWNER awsuser");
    let case = Case { database: "sales", ..ORDINARY };
    let path = bench.payload("payload", &case);
    let payload = path.to_str().expect("a path");
    let before = bench.dump("sales");
    let refused = bench.run(&["apply", payload, "--yes"]).expect(3);
    assert!(refused.failures().join("\n").contains("`sales` already exists"), "{refused:#?}");
    bench.run(&["apply", payload, "--yes", "--existing-database"]).expect(0);
    // The marker records the mode.
    bench.run(&["apply", payload, "--yes"]).expect(0);
    bench.run(&["status", payload]).expect(0);
    bench.run(&["remove", payload, "--yes"]).expect(0);
    assert_same(&bench.dump("sales"), &before, "an existing database is kept");
}

/// Redshift stores names in lower case, but does not fold the database name of a connection, including
/// `initialDatabase`.
#[test]
fn upper_case_names_refer_to_the_stored_databases() {
    let bench = Bench::new();
    let before = bench.dump(DATABASE);
    for database in ["IMMUTA", "DEV"] {
        let [old, new] = [("old", ORDINARY.password), ("new", OTHER_SECRET)].map(|(name, password)| {
            let path = bench.payload(name, &Case { database, password, ..ORDINARY });
            let text = std::fs::read_to_string(&path).expect("a payload");
            std::fs::write(
                &path,
                text.replace("\"initialDatabase\": \"dev\"", "\"initialDatabase\": \"DEV\""),
            )
            .expect("a payload");
            path.display().to_string()
        });
        bench.run(&["apply", &old, "--yes"]).expect(0);
        bench.run(&["apply", &new, "--old", &old, "--yes"]).expect(0);
        let answer = bench.run(&["status", &new]).expect(0).answer();
        let tests = answer["validationResults"]["validationTests"].as_array().expect("tests");
        let mut tried =
            tests.iter().filter(|test| test["name"] == "System Account: Login With The Payload's Password");
        assert_eq!(tried.next().expect("the account is tried")["status"], "passed", "{answer:#}");
        bench.run(&["remove", &new, "--yes"]).expect(0);
        assert_same(&bench.dump(DATABASE), &before, database);
    }
}

/// For every pair of authentication, account and impersonation, a change results in the setup of the new payload.
#[test]
fn change_results_in_the_setup_of_the_new_payload() {
    let bench = Bench::new();
    let before = bench.dump(DATABASE);
    let names = HOSTILE;
    let (other_user, other_group) = ("aD\"min'É\\", "other\\\"'");
    let mut runs = 0;
    for (old_okta, old_group) in [(false, None), (false, names.group), (true, None), (true, names.group)] {
        let old = Case { okta: old_okta, group: old_group, ..names };
        for user in [names.user, other_user] {
            for okta in [false, true] {
                for group in [None, names.group, Some(other_group)] {
                    let new = Case { user, okta, group, password: OTHER_SECRET, ..names };
                    let context = format!("{old:?} to {new:?}");
                    let [old_path, new_path] = [("old", &old), ("new", &new)]
                        .map(|(name, case)| bench.payload(name, case).display().to_string());
                    bench.run(&["apply", &new_path, "--yes"]).expect(0);
                    let wanted = bench.dump_of(&new);
                    bench.run(&["remove", &new_path, "--yes"]).expect(0);

                    bench.run(&["apply", &old_path, "--yes"]).expect(0);
                    let change = ["apply", new_path.as_str(), "--old", old_path.as_str(), "--yes"];
                    bench.run(&change).expect(0);
                    assert_same(&bench.dump_of(&new), &wanted, &context);
                    assert_eq!(bench.run(&["status", &new_path]).expect(0).status(), "enabled", "{context}");

                    bench.emulator.reset_log();
                    bench.run(&change).expect(0);
                    assert_eq!(bench.writes(), [""; 0], "{context}: the change is in force");
                    bench.run(&["remove", &new_path, "--yes"]).expect(0);
                    assert_same(&bench.dump(DATABASE), &before, &context);
                    runs += 1;
                }
            }
        }
    }
    println!("{runs} pairings");
    assert_eq!(runs, 48);
}

/// CI systems may set an unknown secret to an empty or odd value: this is an error of the payload, with its location,
/// before anything is sent.
#[test]
fn unresolved_variable_is_a_payload_error() {
    let bench = Bench::new();
    let path = bench.payload("payload", &Case { password: "${BOOTSHIFT_TEST_PASSWORD}", ..ORDINARY });
    let payload = path.to_str().expect("a path");
    let automatic = path.with_file_name("automatic.json");
    let text = std::fs::read_to_string(&path).expect("a payload");
    std::fs::write(&automatic, text.replace("\"autoBootstrap\": false", "\"autoBootstrap\": true"))
        .expect("a payload");
    let run = |arguments: &[&str], value: Option<&str>| with_variable(&bench, arguments, value);
    bench.emulator.reset_log();
    for (value, expected) in [
        (None, "is not set"),
        (Some(""), "is set but empty"),
        (Some(" \n"), "is set but blank"),
        (Some("${XYZZY_PLUGH}"), "contains a placeholder that was not replaced"),
    ] {
        for arguments in [
            &["apply", payload, "--yes"] as &[&str],
            &["apply", payload, "--dry-run"],
            &["status", payload],
            &["apply", automatic.to_str().expect("a path"), "--yes"],
        ] {
            let run = run(arguments, value).expect(1);
            assert!(
                run.stderr.contains("error[unresolved-secret]") && run.stderr.contains(expected),
                "{run:#?}"
            );
            assert!(run.stderr.contains(".json:"), "the place: {run:#?}");
            assert_eq!(run.stdout, "", "{run:#?}");
            assert!(!run.stderr.contains("XYZZY"), "{run:#?}");
        }
    }
    assert!(bench.emulator.log().connections.is_empty(), "no connection was made");
    // The login user is the account of the payload.
    for arguments in [&["status"] as &[&str], &["remove", "--yes"]] {
        let mut own = std::process::Command::new(env!("CARGO_BIN_EXE_bootshift"));
        own.args(arguments).arg(&automatic).args(["--sslmode", "disable"]).env("BOOTSHIFT_TEST_PASSWORD", "");
        let own =
            Run::of(own.stdin(std::process::Stdio::null()).output().expect("the command runs")).expect(1);
        assert!(own.stderr.contains("is set but empty"), "{own:#?}");
    }
    // An existing account keeps its password, so none is needed. If it does not exist, the test reports that.
    let kept = run(&["apply", payload, "--dry-run", "--existing-user"], Some("")).expect(3);
    assert!(
        kept.failures().join("\n").contains("System Account Exists: the user `immuta_system_account`"),
        "{kept:#?}"
    );
}

/// If one payload of a folder has a placeholder, nothing is done.
#[test]
fn placeholder_in_one_payload_prevents_all_runs() {
    let bench = Bench::new();
    bench.payload("whole", &ORDINARY);
    let open = bench.payload("open", &Case { database: "${XYZZY_DB}", ..ORDINARY });
    let text = std::fs::read_to_string(&open).expect("a payload");
    std::fs::write(&open, text.replace(bench.emulator.host(), "other.example.com")).expect("a payload");
    bench.emulator.reset_log();
    let folder = bench.folder().to_str().expect("a path");
    for arguments in
        [&["apply", folder, "--yes"] as &[&str], &["status", folder], &["remove", folder, "--yes"]]
    {
        let run = bench.run(arguments).expect(1);
        assert!(run.stderr.contains("error[placeholder]"), "{run:#?}");
        assert_eq!(run.stdout, "", "{run:#?}");
    }
    assert!(bench.emulator.log().connections.is_empty(), "no connection was made");
}

/// Nor if one cannot be parsed. Other files are ignored, even if they are malformed.
#[test]
fn unreadable_payload_prevents_all_runs() {
    let bench = Bench::new();
    bench.payload("whole", &ORDINARY);
    let folder = bench.folder();
    std::fs::write(folder.join("other.yaml"), "image: [\n").expect("a file");
    bench.run(&["apply", folder.to_str().expect("a path"), "--dry-run"]).expect(0);
    for (name, text) in [
        ("broken.yaml", "type: Redshift\nautoBootstrap: false\nconfig:\n  host: [\n"),
        ("broken.json", "{\"type\": \"Redshift\", \"autoBootstrap\": false,"),
    ] {
        std::fs::write(folder.join(name), text).expect("a file");
        bench.emulator.reset_log();
        let folder = folder.to_str().expect("a path");
        for arguments in
            [&["apply", folder, "--yes"] as &[&str], &["status", folder], &["remove", folder, "--yes"]]
        {
            let run = bench.run(arguments).expect(1);
            assert!(run.stderr.contains("error[syntax]") && run.stderr.contains(name), "{run:#?}");
            assert_eq!(run.stdout, "", "{run:#?}");
        }
        assert!(bench.emulator.log().connections.is_empty(), "no connection was made");
        std::fs::remove_file(bench.folder().join(name)).expect("it goes");
    }
}

/// Commands that do not create an account do not require its password.
#[test]
fn password_is_not_required_unless_used() {
    let bench = Bench::new();
    let path = bench.payload("payload", &Case { password: "${BOOTSHIFT_TEST_PASSWORD}", ..ORDINARY });
    let payload = path.to_str().expect("a path");
    let run = |arguments: &[&str], value: Option<&str>| with_variable(&bench, arguments, value);
    let before = bench.dump(DATABASE);
    for value in [None, Some(""), Some("${XYZZY_PLUGH}")] {
        // Nothing is set up.
        assert_eq!(run(&["remove", payload, "--yes"], value).expect(0).status(), "deleted");
        run(&["apply", payload, "--yes"], Some(SECRET)).expect(0);
        // Bootshift created the account, which contradicts the option: that is reported, not the missing password.
        let status = run(&["status", payload, "--existing-user"], value).expect(1);
        assert!(
            status.failures().join("\n").contains("`--existing-user` states that it existed before"),
            "{status:#?}"
        );
        assert_eq!(run(&["remove", payload, "--yes"], value).expect(0).status(), "deleted");
        assert_same(&bench.dump(DATABASE), &before, "removed without a password");
        // An unfinished run can be removed without a password, but not completed.
        bench.emulator.inject(Fault::on("CREATE DATABASE", What::CutBefore));
        run(&["apply", payload, "--yes"], Some(SECRET)).expect(3);
        run(&["remove", payload, "--yes", "--lock-timeout", "60"], value).expect(0);
        assert_same(&bench.dump(DATABASE), &before, "taken back without a password");
    }
    // An existing account needs none; its login cannot be tested.
    let user = format!("CREATE USER {} PASSWORD '{SECRET}'", ORDINARY.user);
    bench.execute((SUPERUSER, PASSWORD), DATABASE, &[&user]).expect("a user");
    for command in
        [&["apply", payload, "--yes"] as &[&str], &["status", payload], &["apply", payload, "--yes"]]
    {
        let run = run(&[command, &["--existing-user"]].concat(), None).expect(0);
        assert_eq!(run.status(), "enabled");
        let warned =
            run.stdout.contains("cannot check whether the account can log in with the payload's password");
        assert!(warned, "{run:#?}");
    }
    // Other errors are still reported.
    bench.admin("immuta", "DROP FUNCTION immuta_functions.list_contains(varchar, varchar)");
    let drifted = run(&["status", payload, "--existing-user"], None).expect(1);
    assert!(drifted.failures().join("\n").contains("list_contains"), "{drifted:#?}");
}

/// The value of a password is checked, because a hash shows nothing about it; the value is not shown.
#[test]
fn password_value_is_checked_before_it_is_hashed() {
    let bench = Bench::new();
    let path = bench.payload("payload", &Case { password: "${BOOTSHIFT_TEST_PASSWORD}", ..ORDINARY });
    let payload = path.to_str().expect("a path");
    let run = |arguments: &[&str], value: &str| with_variable(&bench, arguments, Some(value));
    for (value, expected) in [
        ("Xyzzy7Plugh9Frotz\n", "ends with a line break"),
        ("\"Xyzzy7Plugh9Frotz\"", "quotes around it"),
        ("md5153c434b4b77c89e6b94f12c5393af5b", "an MD5 hash"),
    ] {
        for arguments in [&["apply", payload, "--dry-run"] as &[&str], &["status", payload]] {
            let run = run(arguments, value);
            let warnings: Vec<&str> =
                run.stderr.lines().filter(|line| line.starts_with("warning: ")).collect();
            assert_eq!(warnings.len(), 1, "{run:#?}");
            assert!(
                warnings[0].contains("BOOTSHIFT_TEST_PASSWORD") && warnings[0].contains(expected),
                "{run:#?}"
            );
            assert!(!run.stderr.contains("153c43"), "{run:#?}");
        }
    }
    let right = run(&["apply", payload, "--yes"], SECRET).expect(0);
    assert!(!right.stderr.contains("warning"), "{right:#?}");
    // A removal needs no password, so it is not checked.
    let removed = run(&["remove", payload, "--yes"], "short").expect(0);
    assert!(!removed.stderr.contains("warning"), "{removed:#?}");
}

/// A change whose old password is unset sets the new one.
#[test]
fn unresolved_old_password_counts_as_different() {
    let bench = Bench::new();
    let old = bench.payload("old", &Case { password: "${BOOTSHIFT_TEST_PASSWORD}", ..ORDINARY });
    let new = bench.payload("new", &Case { password: OTHER_SECRET, ..ORDINARY });
    let (old, new) = (old.to_str().expect("a path"), new.to_str().expect("a path"));
    let run = |arguments: &[&str], value: &str| with_variable(&bench, arguments, Some(value));
    run(&["apply", old, "--yes"], SECRET).expect(0);
    bench.emulator.reset_log();
    run(&["apply", new, "--old", old, "--yes"], "").expect(0);
    let set = bench.writes().into_iter().filter(|sql| sql.starts_with("ALTER USER")).count();
    assert_eq!(set, 1, "{:#?}", bench.writes());
    // In the reverse change there is no password to set, and the account keeps its own.
    bench.emulator.reset_log();
    run(&["apply", old, "--old", new, "--yes"], "").expect(1);
    assert_eq!(bench.writes(), [""; 0]);
}

/// Existing objects with names of the setup are reported, and not changed.
#[test]
fn existing_objects_are_reported_and_not_changed() {
    for (what, sql, undo) in [
        ("the database `immuta`", "CREATE DATABASE immuta", "DROP DATABASE immuta"),
        (
            "the user `immuta_system_account`",
            "CREATE ROLE immuta_system_account LOGIN",
            "DROP ROLE immuta_system_account",
        ),
        (
            "the group `immuta_impersonation`",
            "CREATE ROLE \"group immuta_impersonation\"",
            "DROP ROLE \"group immuta_impersonation\"",
        ),
        (
            "the schema `bootshift_lock` belongs to the user `mallory`",
            "CREATE ROLE mallory LOGIN; CREATE SCHEMA bootshift_lock AUTHORIZATION mallory",
            "DROP SCHEMA bootshift_lock; DROP ROLE mallory",
        ),
    ] {
        let bench = Bench::new();
        bench.admin(DATABASE, sql);
        let before = bench.dump(DATABASE);
        let path = bench.payload("foreign", &ORDINARY);
        let payload = path.to_str().expect("a path");
        for command in ["apply", "remove"] {
            bench.emulator.reset_log();
            let run = bench.run(&[command, payload, "--yes"]).expect(3);
            let failures = run.failures().join("\n");
            assert!(failures.contains(what), "{what}: {run:#?}");
            assert_eq!(failures.contains("Automatic Bootstrap"), command == "apply", "{failures}");
            assert_eq!(bench.writes(), [""; 0], "{what}");
        }
        assert_same(&bench.dump(DATABASE), &before, what);
        for sql in undo.split("; ") {
            bench.admin(DATABASE, sql);
        }
    }
    // In an existing database: schemas with the names of the setup.
    let bench = Bench::new();
    let case = Case { database: DATABASE, ..ORDINARY };
    let path = bench.payload("foreign", &case);
    let payload = path.to_str().expect("a path");
    bench.admin(DATABASE, "CREATE SCHEMA immuta_functions");
    for command in ["apply", "remove"] {
        let run = bench.run(&[command, payload, "--yes"]).expect(3);
        assert!(run.failures().join("\n").contains("the schema `immuta_functions`"), "{run:#?}");
    }
    bench.admin(DATABASE, "DROP SCHEMA immuta_functions");
}
