//! Manual changes are reported, and repaired if that loses no data.

use super::harness::{Bench, Case, ORDINARY, OTHER_SECRET, Run, assert_same};
use redshift_emulator::{DATABASE, PASSWORD, SUPERUSER};

/// How a manual change is repaired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fix {
    /// `apply` repairs it.
    Fixed,
    /// `apply` fails, or reports that it is not repaired; this SQL repairs it.
    ByHand(&'static str),
}

use Fix::{ByHand, Fixed};

/// SQL in `immuta`, the statement whose effect it undoes, and the repair.
const DRIFTS: &[(&str, &str, Fix)] = &[
    ("DROP VIEW immuta_system.user_profile", "Create the view user_profile", Fixed),
    (
        "CREATE OR REPLACE VIEW immuta_system.user_profile AS SELECT p.immuta__userid, p.immuta__groups, \
         p.immuta__attributes, p.immuta__projects, p.immuta__tables FROM immuta_system.profile p",
        "Create the view user_profile",
        Fixed,
    ),
    (
        "REVOKE SELECT ON immuta_system.user_profile FROM PUBLIC",
        "Grant SELECT on user_profile to PUBLIC",
        Fixed,
    ),
    (
        "GRANT SELECT ON immuta_system.profile TO PUBLIC",
        "Revoke all privileges on profile from PUBLIC",
        Fixed,
    ),
    (
        "GRANT SELECT ON immuta_system.profile TO mallory",
        "Revoke all privileges on profile from PUBLIC",
        ByHand("REVOKE SELECT ON immuta_system.profile FROM mallory"),
    ),
    (
        "GRANT INSERT ON immuta_system.impersonation_grant TO \"group immuta_impersonation\"; \
         GRANT \"group immuta_impersonation\" TO mallory",
        "Revoke all privileges on the impersonation state from PUBLIC",
        ByHand(
            "REVOKE INSERT ON immuta_system.impersonation_grant FROM \"group immuta_impersonation\"; \
             REVOKE \"group immuta_impersonation\" FROM mallory",
        ),
    ),
    (
        "GRANT UPDATE ON immuta_system.bootstrap TO PUBLIC",
        "Revoke all privileges on the marker from PUBLIC",
        // A table that PUBLIC could write is not trusted.
        ByHand("REVOKE UPDATE ON immuta_system.bootstrap FROM PUBLIC"),
    ),
    (
        "REVOKE SELECT ON immuta_system.bootstrap FROM immuta_system_account",
        "Grant SELECT on the marker to the system account",
        Fixed,
    ),
    (
        "ALTER TABLE immuta_system.profile ADD COLUMN more TEXT",
        "Create the table profile",
        ByHand("ALTER TABLE immuta_system.profile DROP COLUMN more"),
    ),
    (
        "DROP TABLE immuta_system.impersonation_session CASCADE",
        "Create the table impersonation_session",
        Fixed,
    ),
    ("DROP TABLE immuta_system.profile CASCADE", "Create the table profile", Fixed),
    (
        "REVOKE EXECUTE ON FUNCTION immuta_functions.list_contains(VARCHAR, VARCHAR) FROM PUBLIC",
        "Grant EXECUTE on list_contains to PUBLIC",
        Fixed,
    ),
    ("DROP FUNCTION immuta_functions.list_contains", "Create the function list_contains", Fixed),
    (
        "CREATE OR REPLACE FUNCTION immuta_functions.list_contains(VARCHAR, VARCHAR) RETURNS BOOLEAN IMMUTABLE AS \
         'SELECT TRUE' LANGUAGE sql",
        "Create the function list_contains",
        Fixed,
    ),
    (
        "DROP PROCEDURE immuta_procedures.impersonate_user(VARCHAR)",
        "Create the procedure impersonate_user",
        Fixed,
    ),
    (
        "ALTER PROCEDURE immuta_procedures.grant_impersonation(VARCHAR) SECURITY INVOKER",
        "Create the procedure grant_impersonation",
        Fixed,
    ),
    (
        "CREATE OR REPLACE PROCEDURE immuta_procedures.revoke_impersonation(grantee VARCHAR) AS 'BEGIN END' LANGUAGE \
         plpgsql SECURITY DEFINER SET search_path TO pg_catalog",
        "Create the procedure revoke_impersonation",
        Fixed,
    ),
    (
        "GRANT EXECUTE ON PROCEDURE immuta_procedures.impersonate_user(VARCHAR) TO PUBLIC",
        "Revoke all privileges on impersonate_user from PUBLIC",
        Fixed,
    ),
    (
        "REVOKE EXECUTE ON PROCEDURE immuta_procedures.impersonate_user(VARCHAR) FROM \"group immuta_impersonation\"",
        "Grant EXECUTE on impersonate_user to the group",
        Fixed,
    ),
    (
        "REVOKE EXECUTE ON PROCEDURE immuta_procedures.grant_impersonation(VARCHAR) FROM immuta_system_account",
        "Grant EXECUTE on grant_impersonation to the system account",
        Fixed,
    ),
    (
        "REVOKE CREATE ON SCHEMA immuta_functions FROM immuta_system_account",
        "Grant CREATE and USAGE on the three schemas to the system account",
        Fixed,
    ),
    ("REVOKE USAGE ON SCHEMA immuta_system FROM PUBLIC", "Grant USAGE on the three schemas to PUBLIC", Fixed),
    (
        "REVOKE UPDATE ON immuta_system.profile FROM immuta_system_account",
        "Grant read and write access on profile to the system account",
        Fixed,
    ),
    (
        "ALTER DEFAULT PRIVILEGES FOR ROLE immuta_system_account REVOKE SELECT ON TABLES FROM PUBLIC",
        "Grant SELECT on future views of the system account to PUBLIC",
        Fixed,
    ),
    (
        "ALTER DEFAULT PRIVILEGES FOR ROLE awsuser IN SCHEMA immuta_procedures REVOKE EXECUTE ON FUNCTIONS FROM \
         immuta_system_account",
        "Grant EXECUTE on future procedures to the system account",
        Fixed,
    ),
    (
        "REVOKE CREATE ON DATABASE immuta FROM immuta_system_account",
        "Grant CREATE and TEMPORARY on the database to the system account",
        Fixed,
    ),
    ("GRANT CREATE ON DATABASE immuta TO PUBLIC", "Revoke all privileges on the database from PUBLIC", Fixed),
    ("REVOKE TEMP ON DATABASE immuta FROM PUBLIC", "Grant TEMPORARY on the database to PUBLIC", Fixed),
    ("DROP SCHEMA immuta_functions CASCADE", "Create the schema immuta_functions", Fixed),
    ("DROP SCHEMA immuta_procedures CASCADE", "Create the schema immuta_procedures", Fixed),
    ("DROP TABLE immuta_system.impersonation_grant CASCADE", "Create the table impersonation_grant", Fixed),
    (
        "GRANT EXECUTE ON PROCEDURE immuta_procedures.impersonate_user(VARCHAR) TO immuta_system_account",
        "Revoke EXECUTE on impersonate_user, granted by the default privilege, from the system account",
        Fixed,
    ),
    (
        "GRANT EXECUTE ON PROCEDURE immuta_procedures.grant_impersonation(VARCHAR) TO PUBLIC",
        "Revoke all privileges on grant_impersonation from PUBLIC",
        Fixed,
    ),
    (
        "GRANT EXECUTE ON PROCEDURE immuta_procedures.revoke_impersonation(VARCHAR) TO PUBLIC",
        "Revoke all privileges on revoke_impersonation from PUBLIC",
        Fixed,
    ),
    (
        "REVOKE EXECUTE ON PROCEDURE immuta_procedures.revoke_impersonation(VARCHAR) FROM immuta_system_account",
        "Grant EXECUTE on revoke_impersonation to the system account",
        Fixed,
    ),
    (
        "ALTER DEFAULT PRIVILEGES FOR ROLE immuta_system_account IN SCHEMA immuta_functions REVOKE EXECUTE ON \
         FUNCTIONS FROM PUBLIC",
        "Grant EXECUTE on future functions of the system account to PUBLIC",
        Fixed,
    ),
    (
        "DROP OWNED BY immuta_system_account; DROP ROLE immuta_system_account",
        "Create the system account",
        Fixed,
    ),
    (
        "ALTER ROLE immuta_system_account PASSWORD 'md5153c434b4b77c89e6b94f12c5393af5b'",
        "Set the system account's password",
        Fixed,
    ),
    ("ALTER ROLE immuta_system_account PASSWORD NULL", "Set the system account's password", Fixed),
    (
        "CREATE TABLE public.kept AS SELECT * FROM immuta_system.bootstrap; DELETE FROM immuta_system.bootstrap",
        "Write the marker",
        ByHand("INSERT INTO immuta_system.bootstrap SELECT * FROM public.kept; DROP TABLE public.kept"),
    ),
    (
        "DROP OWNED BY \"group immuta_impersonation\"; DROP ROLE \"group immuta_impersonation\"",
        "Create the impersonation group",
        Fixed,
    ),
];

/// Effects that cannot be undone alone: without the database nothing is set up, and without `immuta_system` or the
/// marker table nothing proves what Bootshift created.
const WHOLE: [&str; 3] =
    ["Create the database", "Create the schema immuta_system", "Create the marker table"];

/// Undoes every effect of a setup once.
fn assert_complete(bench: &Bench, payload: &str) {
    let plan = bench.run(&["apply", payload, "--dry-run"]).expect(0);
    let plan: serde_json::Value =
        serde_json::from_str(plan.stdout.lines().next().expect("a plan")).expect("JSON");
    for statement in plan["statements"].as_array().expect("statements") {
        let summary = statement["summary"].as_str().expect("a summary");
        let is_undone = DRIFTS.iter().any(|(_, undone, _)| *undone == summary);
        assert!(is_undone || WHOLE.contains(&summary), "no drift undoes: {summary}");
    }
}

#[test]
fn manual_changes_are_reported_and_repaired() {
    let bench = Bench::new();
    let path = bench.payload("payload", &ORDINARY);
    let payload = path.to_str().expect("a path");
    assert_complete(&bench, payload);
    bench.admin(DATABASE, "CREATE ROLE mallory LOGIN");
    bench.run(&["apply", payload, "--yes"]).expect(0);
    let stands = bench.dump("immuta");
    for (change, summary, fix) in DRIFTS {
        for sql in change.split("; ") {
            bench.admin("immuta", sql);
        }
        let drifted = bench.dump("immuta");
        assert_ne!(drifted, stands, "{change}: it changes nothing");
        bench.emulator.reset_log();
        let status = bench.run(&["status", payload]).expect(1);
        assert_eq!(bench.writes(), [""; 0], "{change}: looking changes nothing");
        assert_eq!(status.status(), "recurringValidationError", "{change}");
        let named = status.failures();
        assert!(
            named.iter().any(|failure| failure.starts_with(&format!("Setup: {summary}:"))),
            "{change}: {named:#?}"
        );
        let run = bench.run(&["apply", payload, "--yes"]);
        match fix {
            Fixed => assert_eq!(run.expect(0).status(), "enabled", "{change}"),
            ByHand(undo) => {
                assert!(!run.expect(3).failures().is_empty(), "{change}");
                for sql in undo.split("; ") {
                    bench.admin("immuta", sql);
                }
            }
        }
        assert_same(&bench.dump("immuta"), &stands, change);
        assert_eq!(bench.run(&["status", payload]).expect(0).status(), "enabled", "{change}");
    }
}

/// Without the marker nothing proves what Bootshift created, so nothing is changed.
#[test]
fn setup_without_marker_is_not_changed() {
    let bench = Bench::new();
    let path = bench.payload("payload", &ORDINARY);
    let payload = path.to_str().expect("a path");
    bench.run(&["apply", payload, "--yes"]).expect(0);
    bench.admin("immuta", "ALTER TABLE immuta_system.bootstrap RENAME TO elsewhere");
    let status = bench.run(&["status", payload]).expect(1);
    assert!(
        status.failures().iter().any(|failure| failure.contains("Create the marker table")),
        "{status:#?}"
    );
    let before = bench.dump("immuta");
    for command in ["apply", "remove"] {
        let run = bench.run(&[command, payload, "--yes"]).expect(3);
        assert!(run.failures().join("\n").contains("the database `immuta` already exists"), "{run:#?}");
    }
    assert_same(&bench.dump("immuta"), &before, "nothing is touched");

    // Neither does a marker of an ordinary user.
    bench.admin("immuta", "ALTER TABLE immuta_system.elsewhere RENAME TO bootstrap");
    bench.admin("immuta", "ALTER TABLE immuta_system.bootstrap OWNER TO immuta_system_account");
    let run = bench.run(&["remove", payload, "--yes"]).expect(3);
    assert!(run.failures().join("\n").contains("immuta_system.bootstrap"), "{run:#?}");
    bench.admin("immuta", "ALTER TABLE immuta_system.bootstrap OWNER TO awsuser");

    // A marker of another setup is reported.
    bench.admin("immuta", "UPDATE immuta_system.bootstrap SET user_name = 'somebody'");
    for command in ["apply", "remove"] {
        let run = bench.run(&[command, payload, "--yes"]).expect(3);
        assert!(run.failures().join("\n").contains("has the user `somebody`"), "{run:#?}");
    }
}

/// A change that is not made yet is not an error of the existing setup.
#[test]
fn dry_run_of_a_change_reports_the_current_status() {
    let bench = Bench::new();
    let old = bench.payload("old", &ORDINARY).display().to_string();
    bench.run(&["apply", &old, "--yes"]).expect(0);
    let changes = [
        Case { user: "renamed", ..ORDINARY },
        Case { group: Some("renamed"), ..ORDINARY },
        Case { group: None, ..ORDINARY },
        Case { password: OTHER_SECRET, ..ORDINARY },
    ];
    for (damage, status) in [(None, "enabled"), (Some("REVOKE SELECT"), "recurringValidationError")] {
        if let Some(damage) = damage {
            bench.admin("immuta", &format!("{damage} ON immuta_system.user_profile FROM PUBLIC"));
        }
        for change in changes {
            let new = bench.payload("new", &change).display().to_string();
            let dry = ["apply", &new, "--old", &old, "--dry-run"];
            let run = bench.run(&dry).expect(0);
            assert_eq!(run.status(), status, "{change:?}");
            let plan: serde_json::Value =
                serde_json::from_str(run.stdout.lines().next().expect("a plan")).expect("JSON");
            let due = match plan["statements"].as_array().expect("statements").len() {
                1 => "1 statement is pending".to_owned(),
                due => format!("{due} statements are pending"),
            };
            let run = for_people(&dry).expect(0);
            let wanted = (format!("{status}: "), format!(" (nothing was changed, {due})"));
            let line = run.stdout.lines().last().expect("a line");
            assert!(line.starts_with(&wanted.0) && line.ends_with(&wanted.1), "{wanted:?}: {run:#?}");
        }
    }
}

/// A run with text output.
fn for_people(arguments: &[&str]) -> Run {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_bootshift"));
    command.args(arguments).args(["--user", SUPERUSER, "--sslmode", "disable"]).env("PGPASSWORD", PASSWORD);
    Run::of(command.stdin(std::process::Stdio::null()).output().expect("the command runs"))
}

/// Unexpected privileges are reported with the statements that revoke them; `apply` is only suggested for what it can
/// repair.
#[test]
fn unexpected_table_privileges_are_reported() {
    const FIXES: &str = "run `bootshift apply` to repair it";
    let bench = Bench::new();
    let payload = bench.payload("payload", &ORDINARY).display().to_string();
    let execute =
        |who, statement: &str| bench.execute(who, ORDINARY.database, &[statement]).expect(statement);
    let (admin, bob) = ((SUPERUSER, PASSWORD), ("b\"ob", "Bob-Passw0rd"));
    let people = [
        "CREATE USER \"b\"\"ob\" PASSWORD 'Bob-Passw0rd'",
        "CREATE USER carol PASSWORD 'Carol-Passw0rd'",
        "CREATE GROUP readers",
        "ALTER GROUP readers ADD USER carol",
    ];
    bench.execute(admin, DATABASE, &people).expect("users");
    bench.run(&["apply", &payload, "--yes"]).expect(0);
    let stands = bench.dump(ORDINARY.database);
    for (grants, named) in [
        (&["GRANT ALL ON immuta_system.profile TO \"b\"\"ob\""][..], &["the user `b\"ob` can access"][..]),
        (&["GRANT SELECT ON immuta_system.bootstrap TO GROUP readers"], &["the group `readers` can access"]),
        (
            &[
                "GRANT SELECT ON immuta_system.impersonation_grant TO \"b\"\"ob\" WITH GRANT OPTION",
                "bob: GRANT SELECT ON immuta_system.impersonation_grant TO carol",
                "GRANT SELECT ON immuta_system.impersonation_session TO immuta_system_account",
            ],
            &[
                "the user `b\"ob` can access",
                "as `b\"ob` (the grantor)",
                "the user `immuta_system_account` can access",
            ],
        ),
    ] {
        for grant in grants {
            match grant.strip_prefix("bob: ") {
                Some(grant) => execute(bob, grant),
                None => execute(admin, grant),
            }
        }
        let status = for_people(&["status", &payload]).expect(1);
        assert!(!status.stdout.contains(FIXES), "{status:#?}");
        let failures = bench.run(&["apply", &payload, "--yes"]).expect(3).failures().join("\n");
        assert!(!for_people(&["status", &payload]).expect(1).stdout.contains(FIXES));
        for part in named {
            assert!(failures.contains(part) && status.stderr.contains(part), "{part}: {failures}");
        }
        for (at, _) in failures.match_indices("run `") {
            let (statement, rest) = failures[at + 5..].split_once('`').expect("its end");
            execute(if rest.starts_with(", as `b") { bob } else { admin }, statement);
        }
        assert_same(&bench.dump(ORDINARY.database), &stands, "all of it");
        bench.run(&["status", &payload]).expect(0);
    }
    // `apply` revokes privileges of PUBLIC.
    execute(admin, "GRANT SELECT ON immuta_system.profile TO PUBLIC");
    let status = for_people(&["status", &payload]).expect(1);
    assert!(
        status.stdout.contains(FIXES) && status.stderr.contains("`PUBLIC` (all users) can access"),
        "{status:#?}"
    );
    bench.run(&["apply", &payload, "--yes"]).expect(0);
    // It is not suggested if it would fail.
    bench.admin(ORDINARY.database, "ALTER TABLE immuta_system.profile ADD COLUMN more TEXT");
    let status = for_people(&["status", &payload]).expect(1);
    assert!(!status.stdout.contains(FIXES), "{status:#?}");
    bench.run(&["apply", &payload, "--yes"]).expect(3);
}
