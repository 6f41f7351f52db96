//! Attacks by an ordinary user of the cluster, to make `remove` drop objects that Bootshift did not create, or to block
//! it. Each attack succeeds after its protection has been removed manually.

use super::harness::{Bench, Case, ORDINARY};
use redshift_emulator::{DATABASE, Fault, PASSWORD, SUPERUSER, What};

const MALLORY: (&str, &str) = ("mallory", "Example-Passw0rd");
const ADMIN: (&str, &str) = (SUPERUSER, PASSWORD);

/// An existing database that is not only used for Immuta.
const SALES: Case = Case { database: "sales", ..ORDINARY };

/// Forges a run lock that records the database `sales` as created by a dead run.
const PLANTED_CLAIM: &[&str] = &[
    "CREATE TABLE bootshift_lock.run (work VARCHAR(16), database_name VARCHAR(127), database_created INTEGER, \
     user_name VARCHAR(127), user_created INTEGER, group_name VARCHAR(127), group_created INTEGER, login VARCHAR(127), \
     process INTEGER, session_start VARCHAR(32), database_id BIGINT, user_id BIGINT, group_id BIGINT)",
    "INSERT INTO bootshift_lock.run VALUES ('apply', 'sales', 1, 'immuta_system_account', 0, 'immuta_impersonation', \
     0, 'awsuser', 1, '2026-01-01 00:00:00', 0, 0, 0)",
];

/// Forges a marker that records the database `sales` as created.
const PLANTED_MARKER: &[&str] = &[
    "CREATE SCHEMA immuta_system",
    "CREATE TABLE immuta_system.bootstrap (bootshift_version VARCHAR(32), mode VARCHAR(32), database_name \
     VARCHAR(127), database_created BOOLEAN, user_name VARCHAR(127), user_created BOOLEAN, group_name VARCHAR(127), \
     group_created BOOLEAN)",
    "INSERT INTO immuta_system.bootstrap VALUES ('0.1.0', 'native', 'sales', TRUE, 'immuta_system_account', FALSE, \
     'immuta_impersonation', TRUE)",
];

/// A cluster with a database `sales`; Mallory can create schemas in `sales` and `dev`.
pub(super) struct Fixture {
    pub(super) bench: Bench,
    pub(super) payload: String,
}

impl Fixture {
    pub(super) fn new() -> Self {
        let bench = Bench::new();
        bench.admin(DATABASE, "CREATE DATABASE sales OWNER awsuser");
        let user = format!("CREATE USER {} PASSWORD '{}'", MALLORY.0, MALLORY.1);
        let more = ["GRANT CREATE ON DATABASE dev TO mallory", "GRANT CREATE ON DATABASE sales TO mallory"];
        bench.execute(ADMIN, DATABASE, &[&[user.as_str()], &more[..]].concat()).expect("Mallory");
        let payload = bench.payload("sales", &SALES).display().to_string();
        Self { bench, payload }
    }

    pub(super) fn has_database(&self) -> bool {
        self.bench.dump(DATABASE).lines().any(|line| line.starts_with("database") && line.contains("sales"))
    }

    /// Leaves an unfinished run that correctly records the database as existing.
    pub(super) fn leave_a_run(&self) {
        self.bench.emulator.inject(Fault::on("CREATE TABLE immuta_system.profile", What::DropAll));
        self.bench.run(&["apply", &self.payload, "--yes", "--existing-database"]).expect(3);
        self.bench.wait_for_sessions(0);
    }

    /// Runs a command that must fail without changes; returns its failures.
    fn refused(&self, command: &[&str]) -> String {
        self.bench.emulator.reset_log();
        let run =
            self.bench.run(&[command, &[&self.payload, "--yes", "--lock-timeout", "0"]].concat()).expect(3);
        assert_eq!(self.bench.writes(), [""; 0], "{command:?}");
        run.failures().join("\n")
    }

    /// Whether a query since the last reset of the log contains this text.
    fn reads(&self, text: &str) -> bool {
        self.bench.emulator.log().texts().iter().any(|sql| sql.contains(text))
    }

    pub(super) fn mallory(&self, database: &str, statements: &[&str]) -> Result<(), String> {
        self.bench.execute(MALLORY, database, statements)
    }
}

const FORGE: &str = "UPDATE bootshift_lock.run SET database_created = 1";

/// Default privileges of any grantee do not give access to the run lock.
#[test]
fn default_privileges_do_not_open_the_run_lock() {
    let fixture = Fixture::new();
    let bench = &fixture.bench;
    bench.execute(ADMIN, DATABASE, &["CREATE GROUP \"the analysts\" WITH USER mallory"]).expect("a group");
    for to in ["PUBLIC", "mallory", "\"group the analysts\""] {
        for objects in ["TABLES", "SCHEMAS"] {
            let open = |verb: &str, word: &str| {
                format!("ALTER DEFAULT PRIVILEGES FOR ROLE awsuser {verb} ALL ON {objects} {word} {to}")
            };
            bench.admin(DATABASE, &open("GRANT", "TO"));
            // Without an explicit REVOKE there is access: for tables, in any schema that Mallory uses.
            if objects == "TABLES" {
                bench
                    .execute(ADMIN, DATABASE, &["CREATE TABLE public.run AS SELECT 0 AS database_created"])
                    .expect(to);
                fixture.mallory(DATABASE, &["UPDATE public.run SET database_created = 1"]).expect(to);
                bench.admin(DATABASE, "DROP TABLE public.run");
            }
            fixture.leave_a_run();
            for forge in
                [FORGE, "SELECT 1 FROM bootshift_lock.run", "CREATE TABLE bootshift_lock.more (a INTEGER)"]
            {
                let denied = fixture.mallory(DATABASE, &[forge]).expect_err(forge);
                assert!(denied.contains("42501"), "{to}, {objects}: {denied}");
            }
            bench.run(&["remove", &fixture.payload, "--yes"]).expect(0);
            bench.admin(DATABASE, &open("REVOKE", "FROM"));
            assert!(fixture.has_database(), "{to}, {objects}");
        }
    }
    assert!(!bench.dump(DATABASE).contains("bootshift_lock"), "the last run drops it");
}

/// A run lock that another user can write, or owns, is not trusted. Without that check, Mallory can make `remove` drop
/// the database.
#[test]
fn run_lock_writable_by_others_is_not_trusted() {
    const OPEN: &str = "GRANT USAGE ON SCHEMA bootshift_lock TO PUBLIC; ";
    for (open, close, expected) in [
        (
            "GRANT UPDATE, SELECT ON bootshift_lock.run TO mallory",
            "REVOKE ALL ON bootshift_lock.run FROM mallory",
            "the user `mallory` can change it",
        ),
        (
            "GRANT UPDATE, SELECT ON bootshift_lock.run TO PUBLIC",
            "REVOKE ALL ON bootshift_lock.run FROM PUBLIC",
            "`PUBLIC` (all users) can change it",
        ),
        (
            "GRANT SELECT, UPDATE (database_created) ON bootshift_lock.run TO mallory",
            "REVOKE UPDATE (database_created) ON bootshift_lock.run FROM mallory",
            "the user `mallory` can change it",
        ),
        (
            "ALTER TABLE bootshift_lock.run OWNER TO mallory",
            "ALTER TABLE bootshift_lock.run OWNER TO awsuser",
            "the table `bootshift_lock.run` belongs to the user `mallory`",
        ),
    ] {
        let fixture = Fixture::new();
        fixture.leave_a_run();
        fixture.bench.admin(DATABASE, &format!("{OPEN}{open}"));
        fixture.mallory(DATABASE, &[FORGE]).expect(open);
        for command in [&["apply"] as &[&str], &["remove"], &["remove", "--existing-database"]] {
            let failures = fixture.refused(command);
            assert!(
                failures.contains(&format!("bootshift_lock.run is not trusted: {expected}")),
                "{open}: {failures}"
            );
        }
        let status = fixture.bench.run(&["status", &fixture.payload]).expect(1);
        assert!(status.stdout.contains("bootshift_lock.run is not trusted"), "{status:#?}");
        assert!(fixture.has_database(), "{open}");

        // After a REVOKE it is trusted, but it does not override `--existing-database`.
        fixture.bench.admin(DATABASE, close);
        let failures = fixture.refused(&["remove", "--existing-database"]);
        assert!(
            failures.contains(
                "states that Bootshift created the database `sales`, but `--existing-database` states"
            ),
            "{open}: {failures}"
        );
        assert!(fixture.has_database(), "{open}");
        fixture.bench.run(&["remove", &fixture.payload, "--yes"]).expect(0);
        assert!(!fixture.has_database(), "{open}: the attack succeeds");
    }
}

/// Nor is one with a schema in which other users can create tables: then no run could drop the schema.
#[test]
fn run_lock_in_a_schema_open_to_others_is_not_trusted() {
    let fixture = Fixture::new();
    fixture.leave_a_run();
    fixture.bench.admin(DATABASE, "GRANT ALL ON SCHEMA bootshift_lock TO mallory");
    for command in ["apply", "remove"] {
        let failures = fixture.refused(&[command]);
        for expected in [
            "bootshift_lock.run is not trusted: the user `mallory` can change it",
            "`REVOKE ALL PRIVILEGES ON SCHEMA bootshift_lock FROM \"mallory\"`",
        ] {
            assert!(failures.contains(expected), "{failures}");
        }
    }
    fixture
        .mallory(DATABASE, &["CREATE TABLE bootshift_lock.hers (a INTEGER)"])
        .expect("the attack succeeds");
    fixture.bench.execute(ADMIN, DATABASE, &["DROP TABLE bootshift_lock.hers"]).expect("it is dropped");
    let close = "REVOKE ALL PRIVILEGES ON SCHEMA bootshift_lock FROM \"mallory\"";
    fixture.bench.execute(ADMIN, DATABASE, &[close]).expect("the statement in the message");
    fixture.bench.run(&["remove", &fixture.payload, "--yes"]).expect(0);
    assert!(fixture.has_database());
}

/// Nor is one that a role can change, which only a system view shows. The emulator has that view, but no roles.
#[test]
fn run_lock_writable_by_a_role_is_not_trusted() {
    let granted = |privilege: &str| {
        format!(
            "SET allow_system_table_mods = on; CREATE OR REPLACE VIEW pg_catalog.svv_relation_privileges AS SELECT * FROM pg_catalog.svv_of_users \
             UNION ALL SELECT CAST('bootshift_lock' AS varchar(128)), CAST('run' AS varchar(128)), \
             CAST('{privilege}' AS varchar(128)), 7, CAST('auditors' AS varchar(128)), CAST('role' AS varchar(128)), FALSE; \
             GRANT SELECT ON pg_catalog.svv_relation_privileges, pg_catalog.svv_of_users TO PUBLIC"
        )
    };
    let fixture = Fixture::new();
    fixture.leave_a_run();
    fixture.bench.admin(
        DATABASE,
        "SET allow_system_table_mods = on; ALTER VIEW pg_catalog.svv_relation_privileges RENAME TO svv_of_users",
    );
    for privilege in ["INSERT", "UPDATE", "DELETE", "ALTER", "TRUNCATE", "DROP"] {
        fixture.bench.admin(DATABASE, &granted(privilege));
        for command in ["apply", "remove"] {
            let failures = fixture.refused(&[command]);
            let expected = "bootshift_lock.run is not trusted: the role `auditors` can change it";
            assert!(failures.contains(expected), "{privilege}: {failures}");
        }
    }
    fixture.bench.admin(DATABASE, FORGE);
    fixture.bench.admin(DATABASE, &granted("SELECT"));
    fixture.bench.run(&["remove", &fixture.payload, "--yes"]).expect(0);
    assert!(!fixture.has_database(), "the attack succeeds");
}

/// An empty schema with the reserved name is not a lock, and a run does not wait for it.
#[test]
fn schema_with_the_name_of_the_run_lock_is_reported() {
    let fixture = Fixture::new();
    fixture.bench.execute(ADMIN, DATABASE, &["CREATE SCHEMA bootshift_lock"]).expect("a schema");
    for command in [&["apply", "--existing-database"] as &[&str], &["remove"]] {
        let failures = fixture.refused(command);
        let expected = "the schema `bootshift_lock`, a reserved name, exists without the table `run`";
        assert!(failures.contains(expected), "{command:?}: {failures}");
    }
}

/// A run lock whose schema an ordinary user created is not trusted, and does not block runs permanently.
#[test]
fn run_lock_created_by_an_ordinary_user_is_not_trusted() {
    let fixture = Fixture::new();
    let claim: &[&[&str]] = &[&["CREATE SCHEMA bootshift_lock"], PLANTED_CLAIM];
    fixture.mallory(DATABASE, &claim.concat()).expect("a claim");
    for command in ["apply", "remove"] {
        let failures = fixture.refused(&[command]);
        for expected in [
            "the schema `bootshift_lock` belongs to the user `mallory`",
            "drop it as a superuser (`DROP SCHEMA bootshift_lock CASCADE`)",
        ] {
            assert!(failures.contains(expected), "{failures}");
        }
        assert!(!fixture.reads("FROM bootshift_lock.run"), "{command}: to read is to trust");
    }
    let status = fixture.bench.run(&["status", &fixture.payload]).expect(1);
    assert!(status.stdout.contains("bootshift_lock.run is not trusted"), "{status:#?}");
    fixture
        .bench
        .execute(ADMIN, DATABASE, &["DROP SCHEMA bootshift_lock CASCADE"])
        .expect("the statement in the message");
    fixture.bench.run(&["apply", &fixture.payload, "--yes", "--existing-database"]).expect(0);
    fixture.bench.run(&["remove", &fixture.payload, "--yes"]).expect(0);
    assert!(fixture.has_database());

    fixture.mallory(DATABASE, &claim.concat()).expect("a claim");
    fixture.bench.admin(DATABASE, "ALTER SCHEMA bootshift_lock OWNER TO awsuser");
    fixture.bench.admin(DATABASE, "ALTER TABLE bootshift_lock.run OWNER TO awsuser");
    fixture.bench.run(&["remove", &fixture.payload, "--yes"]).expect(0);
    assert!(!fixture.has_database(), "the attack succeeds");
}

/// Nor is one that a user creates between the inspection and the lock of a run.
#[test]
fn run_lock_created_during_a_run_is_not_trusted() {
    let fixture = Fixture::new();
    fixture
        .bench
        .emulator
        .inject(Fault::on("CAST(s.starttime", What::Delay(std::time::Duration::from_secs(3))));
    let run = fixture.bench.start(&["apply", &fixture.payload, "--yes", "--existing-database"]);
    let asked = || fixture.bench.emulator.log().texts().iter().any(|sql| sql.contains("CAST(s.starttime"));
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while !asked() {
        assert!(std::time::Instant::now() < deadline, "it writes no claim");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    fixture
        .mallory(
            DATABASE,
            &["CREATE SCHEMA bootshift_lock", "CREATE TABLE bootshift_lock.run (database_name INTEGER)"],
        )
        .expect("a table");
    let run = super::harness::Run::of(run.wait_with_output().expect("an end")).expect(3);
    let failures = run.failures().join("\n");
    assert!(failures.contains("the schema `bootshift_lock` belongs to the user `mallory`"), "{failures}");
    let log = fixture.bench.emulator.log();
    assert!(
        !log.texts().iter().any(|sql| sql.contains("FROM bootshift_lock.run")),
        "an untrusted table is not read"
    );
}

/// A run lock whose privileges cannot be revoked is not created: here an event trigger grants them again.
#[test]
fn run_lock_that_cannot_be_restricted_is_not_created() {
    let fixture = Fixture::new();
    fixture.bench.admin(
        DATABASE,
        "CREATE FUNCTION pg_catalog.bootshift_reopen() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS \
         'BEGIN GRANT ALL ON SCHEMA bootshift_lock TO mallory; END'; \
         CREATE EVENT TRIGGER reopen ON ddl_command_end WHEN TAG IN ('REVOKE') EXECUTE FUNCTION \
         pg_catalog.bootshift_reopen()",
    );
    let run = fixture.bench.run(&["apply", &fixture.payload, "--yes", "--existing-database"]).expect(3);
    let failures = run.failures().join("\n");
    assert!(
        failures.contains("bootshift_lock.run is not trusted: the user `mallory` can change it"),
        "{failures}"
    );
    assert!(!fixture.bench.dump(DATABASE).contains("bootshift_lock"), "it was not created");
    fixture.bench.admin(DATABASE, "DROP EVENT TRIGGER reopen");
    fixture.bench.run(&["apply", &fixture.payload, "--yes", "--existing-database"]).expect(0);
}

/// A forged marker is not trusted. Without that check, it makes `remove` drop the database.
#[test]
fn marker_created_by_an_ordinary_user_is_not_trusted() {
    for right in ["GRANT CREATE ON DATABASE sales TO mallory", "ALTER DATABASE sales OWNER TO mallory"] {
        let fixture = Fixture::new();
        fixture.bench.admin(DATABASE, right);
        fixture.mallory("sales", PLANTED_MARKER).expect("a marker");
        for command in
            [&["apply", "--existing-database"] as &[&str], &["remove"], &["remove", "--existing-database"]]
        {
            let failures = fixture.refused(command);
            let expected = "immuta_system.bootstrap is not trusted: the schema `immuta_system` belongs to the user `mallory`";
            assert!(failures.contains(expected), "{failures}");
            assert!(!fixture.reads("FROM immuta_system.bootstrap"), "{command:?}: to read is to trust");
        }
        let status = fixture.bench.run(&["status", &fixture.payload]).expect(1);
        assert!(
            status.failures().join("\n").contains("immuta_system.bootstrap is not trusted"),
            "{status:#?}"
        );
        // The owner of the schema can replace a table of a superuser.
        fixture.bench.admin("sales", "ALTER TABLE immuta_system.bootstrap OWNER TO awsuser");
        assert!(
            fixture.refused(&["remove"]).contains("the schema `immuta_system` belongs to the user `mallory`")
        );
        assert!(fixture.has_database());

        fixture.bench.admin("sales", "ALTER SCHEMA immuta_system OWNER TO awsuser");
        fixture.bench.run(&["remove", &fixture.payload, "--yes"]).expect(0);
        assert!(!fixture.has_database(), "the attack succeeds");
    }
}

/// A marker that other users can write is not trusted; and after a REVOKE it does not override `--existing-database`.
#[test]
fn marker_writable_by_others_is_not_trusted() {
    const FORGE: &str = "UPDATE immuta_system.bootstrap SET database_created = TRUE";
    for (open, close, expected) in [
        (
            "ALTER DEFAULT PRIVILEGES FOR ROLE awsuser GRANT ALL ON TABLES TO mallory",
            "REVOKE ALL ON ALL TABLES IN SCHEMA immuta_system FROM mallory",
            "the user `mallory` can change it",
        ),
        (
            "ALTER DEFAULT PRIVILEGES FOR ROLE awsuser GRANT ALL ON TABLES TO \"group analysts\"",
            "REVOKE ALL ON ALL TABLES IN SCHEMA immuta_system FROM \"group analysts\"",
            "the group `analysts` can change it",
        ),
    ] {
        let fixture = Fixture::new();
        fixture.bench.execute(ADMIN, "sales", &["CREATE GROUP analysts WITH USER mallory"]).expect("a group");
        fixture.bench.admin("sales", open);
        let run = fixture.bench.run(&["apply", &fixture.payload, "--yes", "--existing-database"]).expect(3);
        let failures = run.failures().join("\n");
        assert!(
            failures.contains(&format!("immuta_system.bootstrap is not trusted: {expected}")),
            "{failures}"
        );
        fixture.mallory("sales", &[FORGE]).expect(open);
        assert!(fixture.refused(&["remove"]).contains(expected), "{open}");
        assert!(fixture.has_database(), "{open}");
        fixture.bench.admin("sales", close);
        let failures = fixture.refused(&["remove", "--existing-database"]);
        assert!(
            failures.contains("but `--existing-database` states that it existed before"),
            "{open}: {failures}"
        );
        fixture.bench.run(&["remove", &fixture.payload, "--yes"]).expect(0);
        assert!(!fixture.has_database(), "{open}: the attack succeeds");
    }
}

/// A contradiction between the marker and an option is an error.
#[test]
fn marker_that_contradicts_an_option_is_an_error() {
    let bench = Bench::new();
    let path = bench.payload("payload", &ORDINARY);
    let payload = path.to_str().expect("a path");
    bench.run(&["apply", payload, "--yes"]).expect(0);
    for (option, expected) in [
        (
            "--existing-database",
            "states that Bootshift created the database `immuta`, but `--existing-database`",
        ),
        (
            "--existing-user",
            "states that Bootshift created the user `immuta_system_account`, but `--existing-user`",
        ),
    ] {
        for command in ["apply", "remove"] {
            bench.emulator.reset_log();
            let run = bench.run(&[command, payload, "--yes", option]).expect(3);
            assert!(run.failures().join("\n").contains(expected), "{command}: {run:#?}");
            assert_eq!(bench.writes(), [""; 0], "{command} {option}");
        }
        let run = bench.run(&["status", payload, option]).expect(1);
        assert!(run.failures().join("\n").contains(expected), "{run:#?}");
    }
    // The options of the setup itself do not contradict it, nor do no options.
    bench.run(&["remove", payload, "--yes"]).expect(0);
    bench.admin(DATABASE, "CREATE DATABASE sales OWNER awsuser");
    let path = bench.payload("sales", &SALES);
    let payload = path.to_str().expect("a path");
    bench.run(&["apply", payload, "--yes", "--existing-database"]).expect(0);
    bench.run(&["apply", payload, "--yes"]).expect(0);
    bench.run(&["remove", payload, "--yes", "--existing-database"]).expect(0);
}

/// `initialDatabase` is never dropped, whatever a record contains.
#[test]
fn marker_that_records_the_initial_database_is_an_error() {
    const CLAIM: &str = "UPDATE immuta_system.bootstrap SET database_created = ";
    let bench = Bench::new();
    let path = bench.payload("payload", &Case { database: DATABASE, ..ORDINARY });
    let payload = path.to_str().expect("a path");
    bench.run(&["apply", payload, "--yes"]).expect(0);
    bench.admin(DATABASE, &format!("{CLAIM} TRUE"));
    for command in ["apply", "remove"] {
        bench.emulator.reset_log();
        let run = bench.run(&[command, payload, "--yes"]).expect(3);
        let expected =
            "states that Bootshift created the database `dev`, but it is also the `initialDatabase`";
        assert!(run.failures().join("\n").contains(expected), "{command}: {run:#?}");
        assert_eq!(bench.writes(), [""; 0], "{command}");
    }
    bench.admin(DATABASE, &format!("{CLAIM} FALSE"));
    bench.run(&["remove", payload, "--yes"]).expect(0);
}

/// The plan of a removal shows the record because of which it drops cluster-wide objects, and its owner.
#[test]
fn plan_of_a_removal_names_its_proof() {
    let bench = Bench::new();
    let path = bench.payload("payload", &ORDINARY);
    let payload = path.to_str().expect("a path");
    let plan = || bench.plan(&["remove", payload]);
    let expected = |record: &str| {
        format!(
            "Created by Bootshift according to {record} (owned by `awsuser`): the database `immuta`, the user \
             `immuta_system_account` and the group `immuta_impersonation`.\n"
        )
    };
    bench.emulator.inject(Fault::on("CREATE TABLE immuta_system.profile", What::DropAll));
    bench.run(&["apply", payload, "--yes"]).expect(3);
    bench.wait_for_sessions(0);
    let shown = plan();
    assert!(shown.contains(&expected("bootshift_lock.run")), "{shown}");
    bench.run(&["apply", payload, "--yes"]).expect(0);
    let shown = plan();
    assert!(shown.contains(&expected("immuta_system.bootstrap")), "{shown}");
    bench.run(&["remove", payload, "--yes"]).expect(0);
    assert!(!plan().contains("Created by Bootshift"));
}

/// Existing schemas with the names of those for short-lived procedures do not block a removal, and their procedures are
/// not called.
#[test]
fn existing_reserved_names_do_not_block_a_removal() {
    let fixture = Fixture::new();
    let squat: Vec<String> = [("bootshift_guard", "check_marker"), ("bootshift_guard", "check_database")]
        .into_iter()
        .chain([("bootshift_cleanup", "remove_existing")])
        .map(|(schema, procedure)| {
            format!(
                "CREATE PROCEDURE {schema}.{procedure}() AS $$ BEGIN RAISE EXCEPTION 'hers'; END $$ LANGUAGE plpgsql"
            )
        })
        .collect();
    let schemas = ["CREATE SCHEMA bootshift_guard", "CREATE SCHEMA bootshift_cleanup"].map(str::to_owned);
    let statements: Vec<String> = schemas.into_iter().chain(squat).collect();
    let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
    for is_finished in [true, false] {
        if is_finished {
            fixture.bench.run(&["apply", &fixture.payload, "--yes", "--existing-database"]).expect(0);
        } else {
            fixture.leave_a_run();
        }
        for database in [DATABASE, "sales"] {
            // Those of the last iteration still exist if nothing needed the name.
            fixture.bench.admin(database, "DROP SCHEMA IF EXISTS bootshift_guard, bootshift_cleanup CASCADE");
            fixture.mallory(database, &statements).expect("squatted");
        }
        fixture.bench.run(&["remove", &fixture.payload, "--yes"]).expect(0);
    }
    // Without the first statement of the script, the second one fails.
    fixture.mallory("sales", &["CREATE SCHEMA bootshift_guard"]).err();
    let blocked =
        fixture.bench.execute(ADMIN, "sales", &["CREATE SCHEMA bootshift_guard"]).expect_err("blocked");
    assert!(blocked.contains("42P06"), "{blocked}");
}

/// A function in `public` is not called, even if its argument types match better than those of the catalog function.
#[test]
fn functions_in_public_are_never_called() {
    const IS_SUPERUSER: &str = "SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = 'mallory' AND rolsuper";
    let fixture = Fixture::new();
    let bench = &fixture.bench;
    for database in [DATABASE, "sales"] {
        bench.admin(
            database,
            "CREATE FUNCTION public.array_to_string(aclitem[], text) RETURNS text LANGUAGE plpgsql AS \
             'BEGIN ALTER ROLE mallory SUPERUSER; RETURN pg_catalog.array_to_string($1, $2); END'; \
             ALTER FUNCTION public.array_to_string(aclitem[], text) OWNER TO mallory",
        );
    }
    let is_superuser = || {
        !bench.emulator.block_on(bench.emulator.admin(DATABASE, IS_SUPERUSER)).expect("an answer").is_empty()
    };
    bench.emulator.reset_log();
    bench.run(&["apply", &fixture.payload, "--yes", "--existing-database"]).expect(0);
    bench.run(&["status", &fixture.payload]).expect(0);
    bench.run(&["remove", &fixture.payload, "--yes", "--dry-run"]).expect(0);
    assert!(!is_superuser());
    // Every session runs this first.
    let log = bench.emulator.log();
    for (at, statement) in log.statements.iter().enumerate() {
        let is_first = log.statements[..at].iter().all(|earlier| earlier.connection != statement.connection);
        assert!(!is_first || statement.sql == "SET search_path TO pg_catalog", "{statement:?}");
    }
    // The same query in a session without it.
    let query =
        log.texts().into_iter().find(|sql| sql.contains("array_to_string(c.relacl")).expect("a query");
    let unqualified = query.replace("pg_catalog.array_to_string", "array_to_string");
    bench.execute(ADMIN, "sales", &[&unqualified]).expect("rows");
    assert!(is_superuser(), "the attack succeeds");
}

/// A view in place of the marker of another setup is not read: its code would run with the privileges of the reader. Nor
/// is a table of an ordinary user trusted. Neither blocks a removal.
#[test]
fn untrusted_marker_in_another_database_is_not_read() {
    const RECORD: &str = "SELECT user_name, group_name FROM immuta_system.bootstrap";
    let names = "'immuta_system_account' AS user_name, 'immuta_impersonation' AS group_name";
    let view = |columns: &str| format!("CREATE VIEW immuta_system.bootstrap AS SELECT {columns}");
    let becomes_hers = view(
        "CAST(pg_catalog.set_config('session_authorization', 'mallory', false) AS VARCHAR) AS user_name, \
         CAST('' AS VARCHAR) AS group_name",
    );
    let takes_the_path = view(
        "CAST(pg_catalog.set_config('search_path', 'hers, pg_catalog', false) AS VARCHAR) AS user_name, \
         CAST('' AS VARCHAR) AS group_name",
    );
    let fails =
        view("CAST(1 / (pg_catalog.length(current_user) - 7) AS VARCHAR) AS user_name, '' AS group_name");
    let lies = format!("CREATE TABLE immuta_system.bootstrap AS SELECT {names}");
    for record in [&becomes_hers, &takes_the_path, &fails, &lies] {
        let fixture = Fixture::new();
        let bench = &fixture.bench;
        bench.run(&["apply", &fixture.payload, "--yes", "--existing-database"]).expect(0);
        fixture.mallory(DATABASE, &["CREATE SCHEMA immuta_system", record]).expect(record);
        // Also with an existing user, whose setup is searched for.
        let other = bench.payload("other", &Case { database: "other", ..ORDINARY });
        let other = other.to_str().expect("a path");
        for (command, exit) in [(["apply", other], 3), (["remove", &fixture.payload], 0)] {
            let run = bench.run(&[&command[..], &["--yes"]].concat()).expect(exit);
            for expected in
                ["its marker was not read", "the schema `immuta_system` belongs to the user `mallory`"]
            {
                assert!(run.stdout.contains(expected), "{record}: {run:#?}");
            }
        }
        assert!(!bench.dump("sales").contains("immuta_system"), "{record}: it is removed");

        // Reading it anyway changes the user, or returns forged data.
        let read = [RECORD, "SELECT 1 / (CASE WHEN current_user = 'mallory' THEN 0 ELSE 1 END)"];
        let harm = bench.execute(ADMIN, DATABASE, &read);
        assert_eq!(harm.is_err(), *record == becomes_hers || *record == fails, "{record}: {harm:?}");
    }
}

/// A view is never read as a marker, not even of a superuser.
#[test]
fn marker_that_is_a_view_is_not_trusted() {
    let fixture = Fixture::new();
    let row = "SELECT CAST('0.1.0' AS VARCHAR(32)) AS bootshift_version, CAST('native' AS VARCHAR(32)) AS mode, \
               CAST('sales' AS VARCHAR(127)) AS database_name, TRUE AS database_created, \
               CAST('immuta_system_account' AS VARCHAR(127)) AS user_name, FALSE AS user_created, \
               CAST('immuta_impersonation' AS VARCHAR(127)) AS group_name, TRUE AS group_created";
    fixture.bench.admin(
        "sales",
        &format!(
            "CREATE SCHEMA immuta_system AUTHORIZATION awsuser; CREATE VIEW immuta_system.bootstrap AS {row}; \
             ALTER VIEW immuta_system.bootstrap OWNER TO awsuser"
        ),
    );
    let failures = fixture.refused(&["remove"]);
    assert!(failures.contains("immuta_system.bootstrap is not trusted: it is not a table"), "{failures}");
    fixture.bench.admin(
        "sales",
        "ALTER VIEW immuta_system.bootstrap RENAME TO hers; CREATE TABLE immuta_system.bootstrap AS SELECT * FROM \
         immuta_system.hers; ALTER TABLE immuta_system.bootstrap OWNER TO awsuser",
    );
    fixture.bench.run(&["remove", &fixture.payload, "--yes"]).expect(0);
    assert!(!fixture.has_database(), "as a table it is trusted");
}

/// Runs work on a cluster without a list of sessions; there the user must state that a run has ended.
#[test]
fn runs_work_without_list_of_sessions() {
    let bench = Bench::new();
    let path = bench.payload("payload", &Case { group: None, ..ORDINARY });
    let payload = path.to_str().expect("a path");
    let close = || {
        for _ in 0..20 {
            for query in ["stv_sessions s WHERE s.process", "sys_session_history h"] {
                let (sqlstate, message) = ("42501".to_owned(), "permission denied".to_owned());
                bench.emulator.inject(Fault::on(query, What::Error { sqlstate, message }));
            }
        }
    };
    close();
    bench.run(&["apply", payload, "--yes"]).expect(0);
    bench.run(&["remove", payload, "--yes"]).expect(0);
    bench.emulator.inject(Fault::on("CREATE TABLE immuta_system.profile", What::DropAll));
    bench.run(&["apply", payload, "--yes"]).expect(3);
    bench.wait_for_sessions(0);
    let run = bench.run(&["apply", payload, "--yes", "--lock-timeout", "0"]).expect(3);
    let failures = run.failures().join("\n");
    assert!(failures.contains("This cluster does not report"), "{failures}");
    let told =
        failures.split('`').find(|part| part.starts_with("UPDATE bootshift_lock.run")).expect("a statement");
    bench.execute(ADMIN, DATABASE, &[told]).expect(told);
    bench.run(&["apply", payload, "--yes"]).expect(0);
    bench.run(&["remove", payload, "--yes"]).expect(0);
    assert!(bench.emulator.clear_faults().len() < 30, "they were queried");
}
