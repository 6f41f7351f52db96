//! Payloads, and runs of the command on an emulator.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use bootshift::check::{Options, check};
use bootshift::operation::Operation;
use serde_json::{Value, json};
use tempfile::TempDir;

use redshift_emulator::{self, DATABASE, Emulator, PASSWORD, SUPERUSER};
use testkit::words::original;

/// The password of the system account.
pub(crate) const SECRET: &str = "Xyzzy7Plugh9Frotz";
/// Another password.
pub(crate) const OTHER_SECRET: &str = "Quux4Waldo8Garply";

/// The content of a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Case {
    pub(crate) database: &'static str,
    pub(crate) user: &'static str,
    pub(crate) password: &'static str,
    pub(crate) okta: bool,
    pub(crate) group: Option<&'static str>,
}

/// Ordinary names.
pub(crate) const ORDINARY: Case = Case {
    database: "immuta",
    user: "immuta_system_account",
    password: SECRET,
    okta: false,
    group: Some("immuta_impersonation"),
};

/// Names with quotes and injected SQL.
pub(crate) const HOSTILE: Case = Case {
    database: "Im\"mu'ta\\'; DROP TABLE canary; --",
    user: "Ad\"min'É\\'; -- /* $$ $é$",
    password: SECRET,
    okta: false,
    group: Some("Gr\"o'up\\'; */ $$ $é$ -- A"),
};

/// An emulator with a folder for payloads.
pub(crate) struct Bench {
    pub(crate) emulator: Emulator,
    folder: TempDir,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self::of(crate::support::cluster::options())
    }

    pub(crate) fn of(options: redshift_emulator::Options) -> Self {
        let emulator = Emulator::start(options).expect("an emulator");
        Self { emulator, folder: tempfile::tempdir().expect("a folder") }
    }

    /// Writes the payload of a case; returns its path.
    pub(crate) fn payload(&self, name: &str, case: &Case) -> PathBuf {
        let mut config = json!({
            "host": self.emulator.host(),
            "port": self.emulator.port(),
            "database": case.database,
            "initialDatabase": DATABASE,
            "impersonation": match case.group {
                Some(group) => json!({ "enabled": true, "role": group }),
                None => json!({ "enabled": false }),
            },
        });
        let credentials = if case.okta {
            json!({ "authenticationType": "okta", "okta": {
                "username": case.user, "password": case.password, "appId": "0oa1", "idpHost": "example.okta.com",
                "role": "admin",
            }})
        } else {
            json!({ "authenticationType": "userPassword", "username": case.user, "password": case.password })
        };
        for (key, value) in credentials.as_object().expect("an object") {
            config[key] = value.clone();
        }
        let payload = json!({ "type": "Redshift", "autoBootstrap": false, "config": config });
        let path = self.folder.path().join(format!("{name}.json"));
        std::fs::write(&path, format!("{payload:#}")).expect("a payload");
        path
    }

    /// The command with the superuser as login user and JSON output.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bootshift"));
        command
            .args(arguments)
            .args(["--user", SUPERUSER, "--sslmode", "disable", "--format", "json"])
            .env("PGPASSWORD", PASSWORD)
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        command
    }

    /// Runs the command.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        Run::of(self.command(arguments).output().expect("the command runs"))
    }

    /// The plan as text, from a dry run.
    pub(crate) fn plan(&self, arguments: &[&str]) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bootshift"));
        command
            .args(arguments)
            .args(["--dry-run", "--user", SUPERUSER, "--sslmode", "disable"])
            .env("PGPASSWORD", PASSWORD)
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        Run::of(command.output().expect("the command runs")).expect(0).stdout
    }

    /// Starts the command.
    pub(crate) fn start(&self, arguments: &[&str]) -> Child {
        self.command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command starts")
    }

    /// The folder of the payloads.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Waits until this number of clients is logged in; the server notices a closed connection with a short delay.
    pub(crate) fn wait_for_sessions(&self, wanted: usize) {
        let deadline = Instant::now() + Duration::from_secs(120);
        let count = "SELECT process FROM pg_catalog.stv_sessions WHERE process <> pg_backend_pid()";
        loop {
            let sessions =
                self.emulator.block_on(self.emulator.admin(DATABASE, count)).expect("sessions").len();
            if sessions == wanted {
                return;
            }
            assert!(Instant::now() < deadline, "{sessions} sessions, not {wanted}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// A dump of the cluster and of a database.
    pub(crate) fn dump(&self, database: &str) -> String {
        self.emulator.block_on(self.emulator.catalog_dump(database, "immuta_system")).expect("a dump")
    }

    /// The dump for a case.
    pub(crate) fn dump_of(&self, case: &Case) -> String {
        self.dump(&case.database.to_ascii_lowercase())
    }

    /// The statements that may change something.
    pub(crate) fn writes(&self) -> Vec<String> {
        let log = self.emulator.log();
        let reads =
            |sql: &&str| ["SELECT", "SET search_path", "SHOW"].iter().any(|verb| sql.starts_with(verb));
        log.texts().into_iter().filter(|sql| !reads(sql)).map(str::to_owned).collect()
    }

    /// Runs statements with the rules of Redshift, as a user of the emulator; returns the SQLSTATE of the one that fails.
    pub(crate) fn execute(
        &self,
        (user, password): (&str, &str),
        database: &str,
        statements: &[&str],
    ) -> Result<(), String> {
        self.emulator.block_on(async {
            let client = self.connect((user, password), database).await?;
            for sql in statements {
                client.batch_execute(sql).await.map_err(|error| format!("{sql}: {error:?}"))?;
            }
            Ok(())
        })
    }

    /// A session of a user.
    pub(crate) async fn connect(
        &self,
        (user, password): (&str, &str),
        database: &str,
    ) -> Result<tokio_postgres::Client, String> {
        let mut config = tokio_postgres::Config::new();
        config.host(self.emulator.host()).port(self.emulator.port());
        config.user(user).password(password).dbname(database);
        let connected = config.connect(tokio_postgres::NoTls).await;
        let (client, connection) = connected.map_err(|error| format!("{error:?}"))?;
        tokio::spawn(connection);
        Ok(client)
    }

    /// The numbers of successful and failed logins of a user since the last reset of the log. A connection on which no
    /// password was sent is neither.
    pub(crate) fn logins(&self, user: &str) -> (usize, usize) {
        let log = self.emulator.log();
        let logins =
            log.connections.iter().filter(|it| it.user == user && it.auth != redshift_emulator::Auth::None);
        let (well, failed): (Vec<_>, Vec<_>) = logins.partition(|it| it.ready);
        (well.len(), failed.len())
    }

    /// Runs SQL as the owner of the cluster, bypassing the rules.
    pub(crate) fn admin(&self, database: &str, sql: &str) {
        self.emulator
            .block_on(self.emulator.admin(database, sql))
            .unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    }
}

/// A finished run.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) exit: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    pub(crate) fn of(output: Output) -> Self {
        let text = |bytes| original(String::from_utf8(bytes).expect("UTF-8"));
        let run =
            Self { exit: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) };
        // The part of the superuser's password that is not in the name of the command.
        for secret in [SECRET, OTHER_SECRET, PASSWORD.trim_start_matches("Bootshift")] {
            let letters: Vec<char> = secret.chars().collect();
            for piece in letters.windows(6) {
                let piece: String = piece.iter().collect();
                assert!(
                    !run.stdout.contains(&piece) && !run.stderr.contains(&piece),
                    "a secret is shown: {run:?}"
                );
            }
        }
        assert!(!run.stderr.contains("defect"), "a panic: {run:?}");
        run
    }

    pub(crate) fn expect(self, exit: i32) -> Self {
        assert_eq!(self.exit, Some(exit), "{self:#?}");
        self
    }

    /// The last object, which has the format of the response of the API.
    pub(crate) fn answer(&self) -> Value {
        let last = self.stdout.lines().last().unwrap_or_else(|| panic!("no answer: {self:#?}"));
        let options = Options { operation: Some(Operation::Get), ..Options::default() };
        // Unlike in the API, the status is null if the cluster could not be inspected.
        let known = last.replace("\"status\":null", "\"status\":\"enabled\"");
        for document in check(&known.into(), &options) {
            let errors: Vec<_> = document.diagnostics.iter().collect();
            assert!(document.is_valid(), "not as the schema has it: {errors:?}\n{last}");
        }
        serde_json::from_str(last).expect("JSON")
    }

    pub(crate) fn status(&self) -> String {
        self.answer()["status"].as_str().expect("a status").to_owned()
    }

    /// The messages of the tests that failed, with their names.
    pub(crate) fn failures(&self) -> Vec<String> {
        let answer = self.answer();
        let tests = answer["validationResults"]["validationTests"].as_array().expect("tests").clone();
        let failed = tests.iter().filter(|test| test["status"] == "failed");
        failed
            .map(|test| {
                format!(
                    "{}: {}",
                    test["name"].as_str().unwrap_or_default(),
                    test["message"].as_str().unwrap_or_default()
                )
            })
            .collect()
    }
}

/// Panics with the lines that differ.
pub(crate) fn assert_same(found: &str, wanted: &str, context: &str) {
    let only = |one: &str, other: &str| {
        one.lines()
            .filter(|line| !other.lines().any(|o| o == *line))
            .fold(String::new(), |all, line| all + "\n  " + line)
    };
    assert!(
        found == wanted,
        "{context}:\nonly found:{}\nonly wanted:{}",
        only(found, wanted),
        only(wanted, found)
    );
}
