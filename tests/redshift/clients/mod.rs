//! Drivers from PyPI and npm run the scripts on the Redshift emulator, statement by statement as their documentation does it, and
//! log in as the account, also through pgbouncer. `cargo xtask test clients` installs them.

mod pgbouncer;
mod refusals;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use redshift_emulator::{DATABASE, Emulator, Options, PASSWORD, SUPERUSER};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The password of the account.
const SECRET: &str = "Xyzzy7Plugh9Frotz";

/// The folder of the Python drivers, set by `cargo xtask test clients`.
const DRIVERS: &str = "BOOTSHIFT_CLIENTS";

/// The names in a payload.
#[derive(Clone, Copy, Debug)]
struct Names {
    database: &'static str,
    user: &'static str,
    group: &'static str,
}

const ORDINARY: Names =
    Names { database: "immuta", user: "immuta_system_account", group: "immuta_impersonation" };

/// Names with quotes, injected SQL, and the parameters of every driver.
const HOSTILE: Names = Names {
    database: "Im\"mu'ta\\'; DROP TABLE canary; -- %s",
    user: "Ad\"min'É\\'; -- /* $$ $é$ :x ?",
    group: "Gr\"o'up\\'; */ $$ $é$ -- A %s %(x)s 50% ? :x $1",
};

/// How the password is written in a script.
const FORMS: [&str; 2] = ["md5", "sha256"];

/// What happened in a session.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Ran {
    /// How many statements succeeded.
    statements: usize,
    /// The first value of the last one, or the error.
    result: Result<Option<String>, String>,
}

struct Bench {
    emulator: Emulator,
    folder: TempDir,
}

impl Bench {
    fn new() -> Self {
        let emulator = Emulator::start(Options::default()).expect("an emulator");
        Self { emulator, folder: tempfile::tempdir().expect("a folder") }
    }

    /// Writes a payload; returns its path.
    fn payload(&self, names: Names) -> PathBuf {
        let payload = json!({ "type": "Redshift", "autoBootstrap": false, "config": {
            "host": self.emulator.host(),
            "port": self.emulator.port(),
            "database": names.database,
            "initialDatabase": DATABASE,
            "impersonation": { "enabled": true, "role": names.group },
            "authenticationType": "userPassword",
            "username": names.user,
            "password": SECRET,
        }});
        let path = self.folder.path().join("payload.json");
        std::fs::write(&path, payload.to_string()).expect("a payload");
        path
    }

    /// Runs the command with the payload of these names.
    fn try_bootshift(&self, names: Names, command: &[&str], options: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_bootshift"))
            .args(command)
            .arg(self.payload(names))
            .args(options)
            .env("PGPASSWORD", PASSWORD)
            .stdin(Stdio::null())
            .output()
            .expect("the command runs")
    }

    #[track_caller]
    fn bootshift(&self, names: Names, command: &[&str], options: &[&str]) -> String {
        let output = self.try_bootshift(names, command, options);
        assert!(output.status.success(), "{command:?}: {output:?}");
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// Runs a command of the runner as the superuser.
    fn try_runner(&self, names: Names, command: &str, options: &[&str]) -> Output {
        let login = ["--user", SUPERUSER, "--sslmode", "disable"];
        self.try_bootshift(names, &[command], &[&login, options].concat())
    }

    #[track_caller]
    fn runner(&self, names: Names, command: &str, options: &[&str]) {
        let output = self.try_runner(names, command, options);
        assert!(output.status.success(), "{command}: {output:?}");
    }

    /// The sessions in which the superuser runs a script.
    fn script(&self, names: Names, kind: &str, form: &str) -> Vec<Value> {
        let text = self.bootshift(names, &["script", kind], &["--format", "json", "--password", form]);
        let script: Value = serde_json::from_str(&text).expect("JSON");
        let stages = script["stages"].as_array().expect("stages").iter();
        let session = |stage: &Value| {
            let statements = stage["statements"].as_array().expect("statements");
            let sql: Vec<&str> =
                statements.iter().filter_map(|statement| statement["sql"].as_str()).collect();
            superuser(stage["database"].as_str().expect("a database"), &sql)
        };
        stages.map(session).collect()
    }

    /// Runs sessions with a driver.
    fn run(&self, driver: &str, sessions: &[Value]) -> Vec<Ran> {
        run_at(driver, self.emulator.port(), sessions)
    }

    /// The catalog, without the password of the account.
    fn dump(&self, database: &str) -> String {
        let database = database.to_ascii_lowercase();
        let dump =
            self.emulator.block_on(self.emulator.catalog_dump(&database, "immuta_system")).expect("a dump");
        let is_password =
            |column: &str| ["md5", "SCRAM", "sha256"].iter().any(|form| column.starts_with(form));
        let line = |line: &str| {
            let columns = line.split('|').map(|column| if is_password(column.trim()) { "…" } else { column });
            columns.collect::<Vec<_>>().join("|") + "\n"
        };
        dump.lines().map(line).collect()
    }
}

/// A session of the superuser.
fn superuser(database: &str, statements: &[&str]) -> Value {
    session((SUPERUSER, PASSWORD), database, statements)
}

fn session((user, password): (&str, &str), database: &str, statements: &[&str]) -> Value {
    json!({ "user": user, "password": password, "database": database, "statements": statements })
}

/// The login of the account.
fn login(names: Names) -> Value {
    session((names.user, SECRET), &names.database.to_ascii_lowercase(), &["SELECT current_user"])
}

/// Runs sessions on a port of the loopback interface.
#[track_caller]
fn run_at(driver: &str, port: u16, sessions: &[Value]) -> Vec<Ran> {
    let output = start(driver, port, sessions);
    assert!(output.status.success(), "{driver}: {}", String::from_utf8_lossy(&output.stderr));
    let results: Vec<Value> = serde_json::from_slice(&output.stdout).expect("JSON");
    let ran = |result: &Value| Ran {
        statements: usize::try_from(result["ran"].as_u64().expect("a number")).expect("a number"),
        result: match result["error"].as_str() {
            Some(error) => Err(error.to_owned()),
            None => Ok(result["value"].as_str().map(str::to_owned)),
        },
    };
    results.iter().map(ran).collect()
}

/// Runs the program of a driver to its end.
fn start(driver: &str, port: u16, sessions: &[Value]) -> Output {
    let programs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/redshift/clients");
    let mut command = if driver == "node-postgres" {
        let mut node = Command::new("node");
        node.arg(programs.join("client.mjs"));
        node
    } else {
        let drivers = std::env::var_os(DRIVERS)
            .expect("`cargo xtask test clients` installs the drivers and runs these tests");
        let mut python = Command::new(PathBuf::from(drivers).join("python"));
        python.arg(programs.join("client.py"));
        python
    };
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the driver starts");
    let request = json!({ "driver": driver, "host": "127.0.0.1", "port": port, "sessions": sessions });
    let mut input = child.stdin.take().expect("an input");
    input.write_all(request.to_string().as_bytes()).expect("the driver reads");
    drop(input);
    child.wait_with_output().expect("the driver ends")
}

/// Panics if a statement failed.
#[track_caller]
fn assert_succeeded(ran: &[Ran], context: &str) {
    assert!(ran.iter().all(|ran| ran.result.is_ok()), "{context}: {ran:#?}");
}

/// Sets up and removes with every kind of names and passwords. The result is that of `apply`, and the account can log in, or
/// with a sha256 password cannot for the given reason.
fn round_trips(driver: &str, sha256: Result<(), &str>) {
    let bench = Bench::new();
    let before = bench.dump(DATABASE);
    for names in [ORDINARY, HOSTILE] {
        bench.runner(names, "apply", &["--yes"]);
        let applied = bench.dump(names.database);
        bench.runner(names, "remove", &["--yes"]);
        for form in FORMS {
            let context = format!("{driver}: {names:?}, {form}");
            assert_succeeded(&bench.run(driver, &bench.script(names, "all", form)), &context);
            assert_eq!(bench.dump(names.database), applied, "{context}");
            bench.runner(names, "status", &[]);
            match sha256 {
                Err(reason) if form == "sha256" => {
                    let output = start(driver, bench.emulator.port(), &[login(names)]);
                    // node-postgres exits.
                    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
                    assert!(said.contains(reason), "{context}: {said}");
                }
                _ => {
                    let ran = bench.run(driver, &[login(names)]);
                    assert_eq!(ran[0].result, Ok(Some(names.user.to_owned())), "{context}");
                }
            }
            assert_succeeded(&bench.run(driver, &bench.script(names, "delete", form)), &context);
            assert_eq!(bench.dump(DATABASE), before, "{context}");
        }
    }
}

#[test]
#[ignore = "`cargo xtask test clients` installs the drivers and runs these tests"]
fn redshift_connector_sets_up_and_removes() {
    pgbouncer::round_trips("redshift_connector");
    round_trips("redshift_connector", Ok(()));
}

#[test]
#[ignore = "`cargo xtask test clients` installs the drivers and runs these tests"]
fn psycopg_sets_up_and_removes() {
    pgbouncer::round_trips("psycopg");
    round_trips("psycopg", Err("authentication method 13 not supported"));
}

#[test]
#[ignore = "`cargo xtask test clients` installs the drivers and runs these tests"]
fn psycopg2_sets_up_and_removes() {
    pgbouncer::round_trips("psycopg2");
    round_trips("psycopg2", Err("authentication method 13 not supported"));
}

#[test]
#[ignore = "`cargo xtask test clients` installs the drivers and runs these tests"]
fn asyncpg_sets_up_and_removes() {
    pgbouncer::round_trips("asyncpg");
    round_trips("asyncpg", Err("unsupported authentication method requested by the server: 13"));
}

#[test]
#[ignore = "`cargo xtask test clients` installs the drivers and runs these tests"]
fn pg8000_sets_up_and_removes() {
    pgbouncer::round_trips("pg8000");
    round_trips("pg8000", Err("Authentication method 13 not recognized by pg8000."));
}

#[test]
#[ignore = "`cargo xtask test clients` installs the drivers and runs these tests"]
fn node_postgres_sets_up_and_removes() {
    pgbouncer::round_trips("node-postgres");
    round_trips("node-postgres", Err("Unknown authenticationOk message type 13"));
}
