//! Objects with the name of one that a run has created, or was to create, are not the run's own: a killed run leaves a run
//! lock, and other users may use the names before it is completed. Each attack succeeds after the number in the run lock
//! is set manually.

use super::harness::{Bench, ORDINARY};
use redshift_emulator::{DATABASE, Fault, PASSWORD, SUPERUSER, What};

const ADMIN: (&str, &str) = (SUPERUSER, PASSWORD);
const VICTIM: (&str, &str) = ("victim", "Example-Passw0rd");
const MALLORY: (&str, &str) = ("mallory", "Example-Passw0rd");

struct Fixture {
    bench: Bench,
    payload: String,
}

impl Fixture {
    fn new() -> Self {
        let bench = Bench::new();
        for (name, password, more) in [(VICTIM.0, VICTIM.1, " CREATEDB"), (MALLORY.0, MALLORY.1, "")] {
            let user = format!("CREATE USER {name} PASSWORD '{password}'{more}");
            bench.execute(ADMIN, DATABASE, &[&user]).expect(name);
        }
        let payload = bench.payload("payload", &ORDINARY).display().to_string();
        Self { bench, payload }
    }

    /// Kills a run before or after a statement.
    fn cut_off(&self, command: &str, statement: &str, what: What) {
        self.bench.emulator.inject(Fault::on(statement, what));
        self.bench.run(&[command, &self.payload, "--yes"]).expect(3);
        assert!(self.bench.emulator.clear_faults().is_empty(), "{statement} is not run");
        self.bench.wait_for_sessions(0);
    }

    /// Runs a command that must fail without changes; returns its failures.
    fn refused(&self, command: &[&str]) -> String {
        self.bench.emulator.reset_log();
        let run = self.bench.run(&[command, &[&self.payload, "--yes"]].concat()).expect(3);
        assert_eq!(self.bench.writes(), [""; 0], "{command:?}");
        run.failures().join("\n")
    }

    fn done(&self, command: &[&str]) {
        self.bench.run(&[command, &[&self.payload, "--yes"]].concat()).expect(0);
    }

    fn has(&self, kind: &str, name: &str) -> bool {
        let catalog = match kind {
            "database" => "pg_catalog.pg_database WHERE datname",
            "user" => "pg_catalog.pg_user WHERE usename",
            _ => "pg_catalog.pg_group WHERE groname",
        };
        let query = format!("SELECT 1 FROM {catalog} = '{name}'");
        let rows = self.bench.emulator.block_on(self.bench.emulator.admin(DATABASE, &query));
        !rows.expect("an answer").is_empty()
    }

    /// Sets a number in the run lock to that of the existing object.
    fn forge(&self, column: &str, number: &str) {
        self.bench.admin(DATABASE, &format!("UPDATE bootshift_lock.run SET {column} = ({number})"));
    }
}

const DATABASE_NUMBER: &str = "SELECT oid FROM pg_database WHERE datname = 'immuta'";
const USER_NUMBER: &str = "SELECT usesysid FROM pg_user WHERE usename = 'immuta_system_account'";
const GROUP_NUMBER: &str = "SELECT grosysid FROM pg_group WHERE groname = 'immuta_impersonation'";
const NEW_USER: &str = "CREATE USER immuta_system_account PASSWORD 'Xyzzy7Plugh9Frotz'";

/// Content of another user's database: something, or nothing yet.
const HOLDINGS: [&[&str]; 4] = [
    &["CREATE TABLE public.orders (a INTEGER)"],
    &["CREATE SCHEMA sales"],
    &["CREATE PROCEDURE public.p() AS $$ BEGIN RETURN; END $$ LANGUAGE plpgsql"],
    &[],
];

#[test]
fn database_created_after_a_killed_setup_is_not_dropped() {
    for statement in ["CREATE USER", "CREATE DATABASE"] {
        for holding in HOLDINGS {
            let fixture = Fixture::new();
            fixture.cut_off("apply", statement, What::CutBefore);
            fixture.bench.execute(VICTIM, DATABASE, &["CREATE DATABASE immuta"]).expect("a database");
            fixture.bench.execute(VICTIM, "immuta", holding).expect("holding");
            for command in ["apply", "remove"] {
                let failures = fixture.refused(&[command]);
                assert!(failures.contains("the database `immuta` already exists"), "{failures}");
            }
            fixture.done(&["remove", "--existing-database"]);
            assert!(fixture.has("database", "immuta") && !fixture.has("user", ORDINARY.user), "{holding:?}");
        }
    }
    // The run lock of a run that has created nothing, but records that it has.
    let fixture = Fixture::new();
    fixture.cut_off("apply", "CREATE DATABASE", What::CutBefore);
    fixture.bench.execute(VICTIM, DATABASE, &["CREATE DATABASE immuta"]).expect("a database");
    fixture.forge("database_id", DATABASE_NUMBER);
    fixture.done(&["remove"]);
    assert!(!fixture.has("database", "immuta"), "the attack succeeds");
}

#[test]
fn database_created_after_a_killed_removal_is_not_dropped() {
    for (statement, what) in [("DROP DATABASE", What::CutAfter), ("DROP GROUP", What::CutBefore)] {
        for holding in HOLDINGS {
            let fixture = Fixture::new();
            fixture.done(&["apply"]);
            fixture.cut_off("remove", statement, what.clone());
            fixture.bench.execute(VICTIM, DATABASE, &["CREATE DATABASE immuta"]).expect("a database");
            fixture.bench.execute(VICTIM, "immuta", holding).expect("holding");
            let failures = fixture.refused(&["remove"]);
            assert!(failures.contains("the database `immuta` already exists"), "{failures}");
            fixture.done(&["remove", "--existing-database"]);
            assert!(fixture.has("database", "immuta") && !fixture.has("user", ORDINARY.user), "{holding:?}");
        }
    }
    let fixture = Fixture::new();
    fixture.done(&["apply"]);
    fixture.cut_off("remove", "DROP GROUP", What::CutBefore);
    // Nor one of the same owner, which is not the dropped one.
    fixture.bench.execute(ADMIN, DATABASE, &["CREATE DATABASE immuta"]).expect("a database");
    assert!(fixture.refused(&["remove"]).contains("the database `immuta` already exists"));
    fixture.forge("database_id", DATABASE_NUMBER);
    fixture.done(&["remove"]);
    assert!(!fixture.has("database", "immuta"), "the attack succeeds");
    // Nor one that is created after the removal of a setup that had not created it yet.
    let fixture = Fixture::new();
    fixture.cut_off("apply", "CREATE DATABASE", What::CutBefore);
    fixture.cut_off("remove", "CALL bootshift_cleanup", What::CutBefore);
    fixture.bench.execute(ADMIN, DATABASE, &["CREATE DATABASE immuta"]).expect("a database");
    assert!(fixture.refused(&["remove"]).contains("the database `immuta` already exists"));
    fixture.done(&["remove", "--existing-database"]);
    assert!(fixture.has("database", "immuta") && !fixture.has("user", ORDINARY.user));
}

#[test]
fn user_created_after_a_killed_run_is_not_dropped() {
    for command in ["apply", "remove"] {
        for forged in [false, true] {
            let fixture = Fixture::new();
            if command == "apply" {
                fixture.cut_off(command, "CREATE USER", What::CutBefore);
            } else {
                fixture.done(&["apply"]);
                // The transaction is committed, with the numbers in the run lock.
                fixture.bench.emulator.inject(Fault::on("DELETE FROM bootshift_lock.run", What::CutBefore));
                fixture.bench.run(&["remove", &fixture.payload, "--yes"]).expect(3);
                fixture.bench.wait_for_sessions(0);
            }
            fixture
                .bench
                .execute(ADMIN, DATABASE, &[NEW_USER, "CREATE GROUP immuta_impersonation"])
                .expect("a user");
            if forged {
                fixture.forge("user_id", USER_NUMBER);
                fixture.forge("group_id", GROUP_NUMBER);
                fixture.done(&["remove"]);
                assert!(!fixture.has("user", ORDINARY.user), "{command}: the attack succeeds");
                assert!(!fixture.has("group", "immuta_impersonation"), "{command}: the attack succeeds");
                continue;
            }
            let failures = fixture.refused(&["apply"]);
            for expected in
                ["the user `immuta_system_account` already", "the group `immuta_impersonation` already"]
            {
                assert!(failures.contains(expected), "{command}: {failures}");
            }
            let failures = fixture.refused(&["remove"]);
            assert!(failures.contains("the user `immuta_system_account` already exists"), "{failures}");
            let run = fixture.bench.run(&["remove", &fixture.payload, "--yes", "--existing-user"]).expect(0);
            assert!(run.stdout.contains("the group `immuta_impersonation` already exists"), "{run:#?}");
            assert!(fixture.has("user", ORDINARY.user) && fixture.has("group", "immuta_impersonation"));
        }
    }
}

/// A user that was dropped and created again is another one.
#[test]
fn user_recreated_after_a_killed_run_is_not_dropped() {
    let fixture = Fixture::new();
    fixture.cut_off("apply", "CREATE DATABASE", What::CutBefore);
    fixture.bench.execute(ADMIN, DATABASE, &["DROP USER immuta_system_account", NEW_USER]).expect("a user");
    for command in ["apply", "remove"] {
        let failures = fixture.refused(&[command]);
        assert!(failures.contains("the user `immuta_system_account` already exists"), "{failures}");
        assert!(!failures.contains("the group"), "that is the run's: {failures}");
    }
    fixture.done(&["apply", "--existing-user"]);
    fixture.done(&["remove"]);
    assert!(fixture.has("user", ORDINARY.user) && !fixture.has("group", "immuta_impersonation"));
}

const INTRUSION: &[&str] = &["CREATE TABLE public.m (a INTEGER)"];

/// A database that the run has recorded is dropped with objects that others have created in it since, which the plan
/// lists.
#[test]
fn database_of_a_killed_run_is_dropped_with_its_content() {
    for (command, finishes) in [("remove", true), ("apply", false)] {
        let fixture = Fixture::new();
        fixture.cut_off("apply", "REVOKE ALL PRIVILEGES ON DATABASE", What::CutBefore);
        fixture.bench.execute(MALLORY, "immuta", INTRUSION).expect("a table");
        if finishes {
            fixture.bench.admin("immuta", "CREATE SCHEMA immuta_system AUTHORIZATION mallory");
        } else {
            fixture.done(&[command]);
        }
        let run = fixture.bench.run(&["remove", &fixture.payload, "--yes", "--dry-run"]).expect(0);
        assert!(run.stdout.contains("alsoDropped") && run.stdout.contains("mallory"), "{run:#?}");
        fixture.done(&["remove"]);
        assert!(!fixture.has("database", "immuta") && !fixture.has("user", ORDINARY.user));
    }
}

/// A database without a recorded number is not proven if it contains something: its first object is reported.
#[test]
fn content_of_a_database_of_a_killed_run_is_reported() {
    for command in ["apply", "remove"] {
        let fixture = Fixture::new();
        fixture.cut_off("apply", "UPDATE bootshift_lock.run SET database_id", What::CutBefore);
        fixture.bench.execute(MALLORY, "immuta", INTRUSION).expect("a table");
        for attempt in ["apply", "remove"] {
            let failures = fixture.refused(&[attempt]);
            for expected in ["the table `public.m` of `mallory`", "`DROP TABLE \"public\".\"m\"`"] {
                assert!(failures.contains(expected), "{failures}");
            }
        }
        fixture
            .bench
            .execute(ADMIN, "immuta", &["DROP TABLE public.m"])
            .expect("the statement in the message");
        fixture.done(&[command]);
        assert_eq!(fixture.has("database", "immuta"), command == "apply");
    }
}
