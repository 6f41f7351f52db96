//! Setups that earlier versions of Bootshift created: `status` reports the version, `apply` upgrades them without losing data, and
//! `remove` removes them.
//!
//! `earlier/setup-version-1.json` is what `bootshift script all` wrote at commit 7286d03.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::harness::{Bench, Case, ORDINARY, SECRET, assert_same};
use redshift_emulator::{DATABASE, PASSWORD, SUPERUSER};

#[derive(Deserialize)]
struct Stage {
    database: String,
    statements: Vec<String>,
}

const PROFILE: &str = "INSERT INTO immuta_system.profile (immuta__userid) VALUES ('mia'), ('vic')";

/// The payload of a setup and the options for it.
fn subject(name: &str) -> (Case, &'static [&'static str]) {
    match name {
        "with impersonation" => (ORDINARY, &[]),
        "without impersonation" => (Case { group: None, ..ORDINARY }, &[]),
        "in an existing database" => (ORDINARY, &["--existing-database"]),
        name => panic!("no subject for the setup {name}"),
    }
}

/// The names of the setups of version 1, and their statements.
fn setups() -> BTreeMap<String, Vec<Stage>> {
    serde_json::from_str(include_str!("earlier/setup-version-1.json")).expect("JSON")
}

/// A cluster with a setup of version 1 that is in use.
fn cluster(name: &str, stages: &[Stage]) -> Bench {
    let bench = Bench::new();
    let (case, options) = subject(name);
    if options.contains(&"--existing-database") {
        bench.admin(DATABASE, "CREATE DATABASE immuta");
    }
    for stage in stages {
        let statements: Vec<&str> = stage.statements.iter().map(String::as_str).collect();
        bench.execute((SUPERUSER, PASSWORD), &stage.database, &statements).expect("the setup of version 1");
    }
    bench
        .execute((SUPERUSER, PASSWORD), DATABASE, &["CREATE USER mia PASSWORD 'Example-Passw0rd'"])
        .expect("mia");
    let mut used = vec![PROFILE];
    if case.group.is_some() {
        used.push("CALL immuta_procedures.grant_impersonation('mia')");
    }
    bench.execute((case.user, SECRET), "immuta", &used).expect("the setup is used");
    bench
}

fn warnings(bench: &Bench, arguments: &[&str]) -> Vec<String> {
    let answer = bench.run(arguments).expect(0).answer();
    let tests = answer["validationResults"]["validationTests"].as_array().expect("tests").clone();
    let warnings = tests.iter().filter(|test| test["status"] == "warning");
    warnings.map(|test| test["message"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn setup_of_an_earlier_version_is_reported_and_upgraded() {
    for (name, stages) in setups() {
        println!("{name}");
        let (case, options) = subject(&name);
        let bench = cluster(&name, &stages);
        let payload = bench.payload("payload", &case);
        let payload = payload.to_str().expect("a path");
        let with = |command: &[&'static str]| [command, &[payload], options].concat();

        let [warning] = &warnings(&bench, &with(&["status"]))[..] else { panic!("one warning") };
        assert!(
            warning.contains("earlier version") && warning.contains("run `bootshift apply` to upgrade it"),
            "{warning}"
        );

        let plan = bench.plan(&with(&["apply"]));
        assert!(plan.contains("earlier version of Bootshift, from version 1 to version 2"), "{plan}");
        let report = bench.run(&with(&["apply", "--yes"])).expect(0);
        assert_eq!(report.status(), "enabled", "{report:#?}");
        assert_eq!(warnings(&bench, &with(&["status"])), Vec::<String>::new());
        assert_eq!(bench.run(&with(&["apply", "--yes"])).expect(0).status(), "enabled");
        assert!(
            bench.writes().iter().filter(|sql| sql.starts_with("ALTER TABLE")).count() == 1,
            "one upgrade"
        );

        // Nothing was lost, and impersonation works.
        let mut statements =
            vec!["SELECT 1 / COUNT(*) FROM immuta_system.profile WHERE immuta__userid = 'vic'"];
        if case.group.is_some() {
            bench
                .execute(
                    ("mia", "Example-Passw0rd"),
                    "immuta",
                    &[
                        "CALL immuta_procedures.impersonate_user('vic')",
                        "SELECT 1 / COUNT(*) FROM immuta_system.user_profile WHERE immuta__userid = 'vic'",
                    ],
                )
                .expect("mia impersonates");
            statements.push("CALL immuta_procedures.revoke_impersonation('mia')");
        }
        bench.execute((case.user, SECRET), "immuta", &statements).expect("the system account");

        // The result equals a new setup, except that only a column with a default can be added.
        let upgraded = bench
            .dump_of(&case)
            .replace("setup_version | integer | t |  | 2 |", "setup_version | integer | t |  | - |");
        let fresh = Bench::new();
        let payload = fresh.payload("payload", &case);
        let payload = payload.to_str().expect("a path");
        if options.contains(&"--existing-database") {
            fresh.admin(DATABASE, "CREATE DATABASE immuta");
        }
        fresh.run(&[&["apply", "--yes", payload], options].concat()).expect(0);
        fresh
            .execute((SUPERUSER, PASSWORD), DATABASE, &["CREATE USER mia PASSWORD 'Example-Passw0rd'"])
            .expect("mia");
        fresh.execute((case.user, SECRET), "immuta", &[PROFILE]).expect("the profile");
        assert_same(&upgraded, &fresh.dump_of(&case), &name);
    }
}

#[test]
fn setup_of_an_earlier_version_is_removed() {
    for (name, stages) in setups() {
        let (case, options) = subject(&name);
        let bench = cluster(&name, &stages);
        let payload = bench.payload("payload", &case);
        let payload = payload.to_str().expect("a path");
        let report = bench.run(&[&["remove", "--yes", payload], options].concat());
        assert_eq!(report.expect(0).status(), "deleted", "{name}");
    }
}

#[test]
fn change_of_an_earlier_setup_requires_its_upgrade() {
    let setups = setups();
    let bench = cluster("with impersonation", &setups["with impersonation"]);
    let old = bench.payload("old", &ORDINARY);
    let new = bench.payload("new", &Case { group: None, ..ORDINARY });
    let (old, new) = (old.to_str().expect("a path"), new.to_str().expect("a path"));
    let failures = bench.run(&["apply", "--yes", new, "--old", old]).expect(3).failures();
    assert!(failures.iter().any(|failure| failure.contains("with the old payload first")), "{failures:#?}");
    bench.run(&["apply", "--yes", old]).expect(0);
    bench.run(&["apply", "--yes", new, "--old", old]).expect(0);
}

#[test]
fn setup_of_a_later_version_is_refused() {
    let bench = Bench::new();
    let payload = bench.payload("payload", &ORDINARY);
    let payload = payload.to_str().expect("a path");
    bench.run(&["apply", "--yes", payload]).expect(0);
    bench.admin("immuta", "UPDATE immuta_system.bootstrap SET setup_version = setup_version + 1");
    for command in ["apply", "remove"] {
        let failures = bench.run(&[command, "--yes", payload]).expect(3).failures();
        assert!(failures.iter().any(|failure| failure.contains("update Bootshift")), "{failures:#?}");
    }
    assert_eq!(bench.run(&["status", payload]).expect(1).status(), "recurringValidationError");
}
