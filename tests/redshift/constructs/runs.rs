//! What the commands of the runner send to an emulator.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde::Deserialize;

use super::extract::{Use, uses};
use crate::runner::harness::{Bench, Case, ORDINARY, OTHER_SECRET};
use crate::support::rows::Place;
use redshift_emulator::{
    Auth, DATABASE, Emulator, Fault, Kind, Options, PASSWORD, SUPERUSER, Statement, What,
};

#[derive(Deserialize)]
struct Stage {
    database: String,
    statements: Vec<String>,
}

const ADMIN: (&str, &str) = (SUPERUSER, PASSWORD);

/// An edit changes everything.
const OTHER: Case =
    Case { user: "other_account", password: OTHER_SECRET, group: Some("other_group"), ..ORDINARY };

/// Commands on an emulator.
type Situation = fn(&Bench);

/// What the commands of the runner send in every situation.
pub(crate) fn all() -> BTreeSet<Use> {
    let mut all = BTreeSet::new();
    let situations: [(Kind, Situation); 8] = [
        (Kind::Provisioned, whole_life),
        (Kind::Serverless, whole_life),
        (Kind::Provisioned, existing_database),
        (Kind::Provisioned, earlier_setup),
        (Kind::Provisioned, unfinished_run),
        (Kind::Provisioned, objects_of_others),
        (Kind::Provisioned, other_logins),
        (Kind::Provisioned, examined),
    ];
    for (kind, situation) in situations {
        let bench = Bench::of(Options { kind, ..Options::default() });
        situation(&bench);
        all.extend(sent(&bench));
    }
    all
}

/// `doctor`.
fn examined(bench: &Bench) {
    let path = bench.payload("payload", &ORDINARY);
    bench.run(&["doctor", path.to_str().expect("a path")]).expect(0);
}

/// The statements of Bootshift that an emulator has received.
pub(crate) fn statements(emulator: &Emulator) -> Vec<Statement> {
    let log = emulator.log();
    let is_ours = |statement: &Statement| {
        let connection = &log.connections[statement.connection - 1];
        connection.application_name.starts_with("bootshift ")
    };
    log.statements.iter().filter(|statement| is_ours(statement)).cloned().collect()
}

fn sent(bench: &Bench) -> BTreeSet<Use> {
    let mut all = BTreeSet::new();
    for statement in statements(&bench.emulator) {
        let sql = &statement.sql;
        let is_runners = sql.contains("bootshift_lock")
            || ["BEGIN", "COMMIT", "ROLLBACK", "SET "].iter().any(|start| sql.starts_with(start));
        all.extend(uses(sql, !is_runners));
    }
    let log = bench.emulator.log();
    for connection in
        log.connections.iter().filter(|connection| connection.application_name.starts_with("bootshift "))
    {
        let method = match connection.auth {
            Auth::Md5 => "md5",
            Auth::Sha256 => "code 13",
            Auth::None | Auth::ClearText => continue,
        };
        all.insert((Place::Protocol, format!("authentication: {method}")));
    }
    all
}

/// The kind of messages, and the codes of errors that the runner distinguishes.
pub(crate) fn in_sources() -> BTreeSet<Use> {
    let mut all = BTreeSet::new();
    for (_, source) in sources() {
        let code = source.split("#[cfg(test)]").next().unwrap_or_default();
        if code.contains(".simple_query") {
            all.insert((Place::Protocol, "simple query".to_owned()));
        }
        let is_code = |text: &&str| {
            text.len() == 5
                && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
                && text.bytes().any(|byte| byte.is_ascii_digit() || byte == b'X')
        };
        for code in code.split('"').filter(is_code) {
            all.insert((Place::Protocol, format!("SQLSTATE {code}")));
        }
    }
    all
}

/// The system relations that the queries of the runner name, whether a test sends them or not.
pub(crate) fn relations_in_sources() -> BTreeSet<Use> {
    let mut all = BTreeSet::new();
    for (_, source) in sources() {
        for name in source.split("FROM pg_catalog.").chain(source.split("JOIN pg_catalog.")).skip(1) {
            let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len());
            if name[..end].contains('_') {
                all.insert((Place::Runner, name[..end].to_owned()));
            }
        }
    }
    all
}

/// The sources of the runner, with their paths in its folder.
pub(crate) fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/runner");
    let mut all = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("a file").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(&root).expect("below the folder").display().to_string();
                all.push((name, std::fs::read_to_string(path).expect("a source")));
            }
        }
    }
    all
}

/// The first name of a system relation that is not available everywhere.
pub(crate) fn restricted(text: &str) -> Option<&str> {
    let text = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    text.into_iter().find(|word| {
        let word = word.to_ascii_lowercase();
        ["stl_", "stv_", "svcs_", "svl_"].iter().any(|start| word.starts_with(start))
    })
}

fn payload(bench: &Bench, name: &str, case: &Case) -> String {
    bench.payload(name, case).display().to_string()
}

/// A setup is created, inspected, changed and removed.
pub(crate) fn whole_life(bench: &Bench) {
    let [first, other, closed] =
        [("first", ORDINARY), ("other", OTHER), ("closed", Case { group: None, ..ORDINARY })]
            .map(|(name, case)| payload(bench, name, &case));
    bench.run(&["apply", &first, "--yes"]).expect(0);
    bench.run(&["apply", &first, "--yes"]).expect(0);
    bench.run(&["status", &first]).expect(0);
    for (new, old) in [(&other, &first), (&closed, &other), (&first, &closed)] {
        bench.run(&["apply", new, "--old", old, "--yes"]).expect(0);
    }
    bench.run(&["remove", &first, "--yes"]).expect(0);
}

/// The same in an existing database, with another kind of credentials.
fn existing_database(bench: &Bench) {
    bench.admin(DATABASE, "CREATE DATABASE immuta");
    let okta = Case { okta: true, group: None, ..ORDINARY };
    let [first, other] = [("first", okta), ("other", Case { okta: true, ..OTHER })]
        .map(|(name, case)| payload(bench, name, &case));
    bench.run(&["apply", &first, "--existing-database", "--yes"]).expect(0);
    bench.run(&["status", &first, "--existing-database"]).expect(0);
    bench.run(&["apply", &other, "--old", &first, "--existing-database", "--yes"]).expect(0);
    bench.run(&["remove", &other, "--existing-database", "--yes"]).expect(0);
}

/// A setup of an earlier version is upgraded.
fn earlier_setup(bench: &Bench) {
    let setups: BTreeMap<String, Vec<Stage>> =
        serde_json::from_str(include_str!("../runner/earlier/setup-version-1.json")).expect("JSON");
    let path = payload(bench, "payload", &ORDINARY);
    for stage in &setups["with impersonation"] {
        let statements: Vec<&str> = stage.statements.iter().map(String::as_str).collect();
        bench.execute(ADMIN, &stage.database, &statements).expect("the setup");
    }
    bench.run(&["status", &path]).expect(0);
    bench.run(&["apply", &path, "--yes"]).expect(0);
}

/// A statement fails, and a run dies before its end.
fn unfinished_run(bench: &Bench) {
    let path = payload(bench, "payload", &ORDINARY);
    let error = What::Error { sqlstate: "42601".to_owned(), message: "syntax error".to_owned() };
    bench.emulator.inject(Fault::on("CREATE TABLE immuta_system.profile", error));
    bench.run(&["apply", &path, "--yes"]).expect(3);
    for (command, at) in [("apply", "CREATE SCHEMA immuta_system"), ("remove", "DROP DATABASE")] {
        bench.emulator.inject(Fault::on(at, What::DropAll));
        bench.run(&[command, &path, "--yes"]).expect(3);
        bench.wait_for_sessions(0);
        bench.run(&["status", &path]).expect(1);
    }
    bench.run(&["remove", &path, "--yes"]).expect(0);
}

/// Others have objects in the database, and are connected to it; then the account and the group have privileges elsewhere.
fn objects_of_others(bench: &Bench) {
    let path = payload(bench, "payload", &ORDINARY);
    bench.run(&["apply", &path, "--yes"]).expect(0);
    let table = "CREATE TABLE public.orders (a INTEGER)";
    bench.execute(ADMIN, ORDINARY.database, &[table]).expect("a table");
    bench.emulator.block_on(async {
        let _session = bench.connect(ADMIN, ORDINARY.database).await.expect("a session");
        let mut command = bench.command(&["remove", &path, "--yes", "--statement-timeout", "2"]);
        let removed = tokio::task::spawn_blocking(move || command.output().expect("it runs")).await;
        assert_eq!(removed.expect("it ends").status.code(), Some(3));
    });
    let statements = [
        table,
        "GRANT SELECT ON public.orders TO immuta_system_account",
        "GRANT SELECT ON public.orders TO GROUP immuta_impersonation",
    ];
    bench.execute(ADMIN, DATABASE, &statements).expect("privileges");
    bench.run(&["remove", &path, "--yes"]).expect(3);
}

/// The user who logs in is no superuser; the password of the account is not that of the payload, or stored as SHA-256.
fn other_logins(bench: &Bench) {
    let path = payload(bench, "payload", &Case { group: None, ..ORDINARY });
    let other = payload(bench, "other", &Case { group: None, password: OTHER_SECRET, ..ORDINARY });
    let user = format!("CREATE USER bob PASSWORD '{OTHER_SECRET}'");
    bench.execute(ADMIN, DATABASE, &[&user]).expect("a user");
    let mut command = Command::new(env!("CARGO_BIN_EXE_bootshift"));
    command.args(["status", &path, "--user", "bob", "--sslmode", "disable"]).env("PGPASSWORD", OTHER_SECRET);
    assert_eq!(command.output().expect("it runs").status.code(), Some(1));
    bench.run(&["apply", &path, "--yes"]).expect(0);
    bench.run(&["status", &other]).expect(1);
    let sha256 = format!("ALTER USER {} PASSWORD 'sha256|{}'", ORDINARY.user, ORDINARY.password);
    bench.execute(ADMIN, DATABASE, &[&sha256]).expect("a password");
    bench.run(&["status", &path]).expect(0);
}
