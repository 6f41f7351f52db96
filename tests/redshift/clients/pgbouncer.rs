//! pgbouncer in front of the emulator.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use redshift_emulator::{DATABASE, Emulator, PASSWORD, SUPERUSER};
use tempfile::TempDir;

use super::{Bench, HOSTILE, Names, ORDINARY, SECRET, assert_succeeded, login, run_at, session, superuser};

/// The program, set by `cargo xtask test clients`.
const PROGRAM: &str = "PGBOUNCER";

/// A running pooler. Dropping it stops it.
pub(crate) struct Pooler {
    port: u16,
    process: Child,
    folder: TempDir,
}

impl Pooler {
    /// Starts a pooler for the superuser and the accounts, with these lines in its configuration.
    pub(crate) fn start(emulator: &Emulator, settings: &str) -> Self {
        let program = std::env::var_os(PROGRAM).unwrap_or_else(|| "pgbouncer".into());
        let folder = tempfile::tempdir().expect("a folder");
        let port =
            TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a free port").port();
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let users = [(SUPERUSER, PASSWORD), (ORDINARY.user, SECRET), (HOSTILE.user, SECRET)]
            .map(|(user, password)| format!("{} {}\n", quoted(user), quoted(password)));
        let list = folder.path().join("users.txt");
        fs::write(&list, users.concat()).expect("the users");
        let configuration = folder.path().join("pgbouncer.ini");
        let text = format!(
            "[databases]\n* = host={} port={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             unix_socket_dir =\nauth_type = md5\nauth_file = {}\n{settings}\n",
            emulator.host(),
            emulator.port(),
            list.display()
        );
        fs::write(&configuration, text).expect("the configuration");
        let mut command = Command::new(program);
        command.arg(&configuration);
        let owner = |path: &Path| std::os::unix::fs::MetadataExt::uid(&fs::metadata(path).expect("metadata"));
        if owner(folder.path()) == 0 {
            // It does not run as root.
            fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("permissions");
            command.args(["-u", "nobody"]);
        }
        let log = fs::File::create(folder.path().join("log")).expect("a log");
        let process = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("pgbouncer starts: `cargo xtask test clients` installs it");
        let pooler = Self { port, process, folder };
        let deadline = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < deadline, "{}", pooler.log());
            thread::sleep(Duration::from_millis(20));
        }
        pooler
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).expect("a log")
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The settings in the book.
fn settings_of_the_book() -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("book/src/troubleshooting.md");
    let page = fs::read_to_string(page).expect("the page");
    let (_, rest) = page.split_once("```ini\n[pgbouncer]\n").expect("the settings on the page");
    rest.split_once("```").expect("their end").0.to_owned()
}

/// With the settings in the book, a driver does through the pooler what it does without.
pub(crate) fn round_trips(driver: &str) {
    let bench = Bench::new();
    let pooler = Pooler::start(&bench.emulator, &settings_of_the_book());
    let before = bench.dump(DATABASE);
    for names in [ORDINARY, HOSTILE] {
        let context = format!("{driver} and pgbouncer: {names:?}");
        let run = |sessions: &[_]| run_at(driver, pooler.port(), sessions);
        assert_succeeded(&run(&bench.script(names, "all", "md5")), &context);
        bench.runner(names, "status", &[]);
        for ran in run(&[login(names), login(names)]) {
            assert_eq!(ran.result, Ok(Some(names.user.to_owned())), "{context}");
        }
        assert_succeeded(&run(&bench.script(names, "delete", "md5")), &context);
        assert_eq!(bench.dump(DATABASE), before, "{context}");
    }
}

/// Runs statements through a pooler with the settings, in groups of sessions, each group in a process. Returns the results.
fn run(driver: &str, settings: &str, processes: &[&[&str]]) -> Vec<Result<Option<String>, String>> {
    let bench = Bench::new();
    let pooler = Pooler::start(&bench.emulator, settings);
    let run = |statements: &&[&str]| {
        let sessions: Vec<_> = statements.iter().map(|statement| superuser(DATABASE, &[statement])).collect();
        run_at(driver, pooler.port(), &sessions)
    };
    processes.iter().flat_map(run).map(|ran| ran.result).collect()
}

#[track_caller]
fn assert_says(results: &[Result<Option<String>, String>], words: &str) {
    let error = results.last().expect("a result").as_ref().expect_err("an error");
    assert!(error.contains(words), "{error}");
}

const SET: &str = "SET immuta.session TO 'word'";
const GET: &str = "SELECT CURRENT_SETTING('immuta.session', FALSE)";

/// By default, pgbouncer resets a session with `DISCARD ALL`, which Redshift does not have, and ignores the failure.
#[test]
#[ignore = "`cargo xtask test clients` installs the drivers and runs these tests"]
fn sessions_keep_variables_and_prepared_statements_by_default() {
    let word = Ok(Some("word".to_owned()));
    assert_eq!(run("psycopg", "", &[&[SET, GET]])[1], word);
    assert_ne!(run("psycopg", &settings_of_the_book(), &[&[SET, GET]])[1], word);
    // asyncpg counts its statements in a process, redshift_connector in a session.
    let results = run("asyncpg", "", &[&[GET], &[GET]]);
    assert_says(&results, "prepared statement \"__asyncpg_stmt_1__\" already exists");
    let reused = settings_of_the_book().replace("server_lifetime = 0", "");
    let results = run("redshift_connector", &reused, &[&[GET, GET]]);
    assert_says(&results, "prepared statement \"redshift_connector_statement_");
    let results = run("redshift_connector", "", &[&[GET]]);
    assert_says(&results, "unsupported startup parameter: client_protocol_version");
}

/// With transaction pooling, the second client has the identity of the first one, which is still connected.
#[test]
#[ignore = "`cargo xtask test clients` installs the drivers and runs these tests"]
fn transaction_pooling_shares_session_variables_between_clients() {
    let bench = Bench::new();
    let pooler = Pooler::start(&bench.emulator, "pool_mode = transaction");
    bench.emulator.block_on(async {
        let connect = async || {
            let mut config = tokio_postgres::Config::new();
            config.host("127.0.0.1").port(pooler.port()).user(SUPERUSER).password(PASSWORD).dbname(DATABASE);
            let (client, connection) = config.connect(tokio_postgres::NoTls).await.expect("a connection");
            tokio::spawn(connection);
            client
        };
        let (first, second) = (connect().await, connect().await);
        first.simple_query(SET).await.expect("it is set");
        let messages = second.simple_query(GET).await.expect("a response");
        let value = messages.iter().find_map(|message| match message {
            tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0),
            _ => None,
        });
        assert_eq!(value, Some("word"));
        drop(first);
    });
}

/// The pooler keeps the session in which a script ran, so the database cannot be dropped.
#[test]
#[ignore = "`cargo xtask test clients` installs the drivers and runs these tests"]
fn pooled_session_blocks_a_removal_by_default() {
    let bench = Bench::new();
    let pooler = Pooler::start(&bench.emulator, "");
    assert_succeeded(&run_at("psycopg", pooler.port(), &bench.script(ORDINARY, "all", "md5")), "psycopg");
    let ran = run_at("psycopg", pooler.port(), &bench.script(ORDINARY, "delete", "md5"));
    let error = ran[1].result.clone().expect_err("an error");
    assert!(error.contains("database \"immuta\" is being accessed by other users"), "{error}");
    // The runner names the session, waits, and gives up.
    let output = bench.try_runner(ORDINARY, "remove", &["--yes", "--lock-timeout", "6"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("for sessions in `immuta` to end: process "), "{said}");
    assert!(said.contains(" of `awsuser`, connected since 20"), "{said}");
}

/// pgbouncer cannot log in as a user whose password is stored as SHA-256. The reason is only in its log.
#[test]
#[ignore = "`cargo xtask test clients` installs the drivers and runs these tests"]
fn sha256_passwords_are_not_supported() {
    let bench = Bench::new();
    let Names { user, .. } = ORDINARY;
    let pooler = Pooler::start(&bench.emulator, "query_wait_timeout = 3");
    assert_succeeded(&bench.run("psycopg", &bench.script(ORDINARY, "initial-create", "sha256")), "psycopg");
    let ran = run_at("psycopg", pooler.port(), &[session((user, SECRET), DATABASE, &["SELECT 1"])]);
    let error = ran[0].result.clone().expect_err("an error");
    assert!(error.contains("query_wait_timeout"), "{error}");
    assert!(pooler.log().contains("unknown/unsupported auth method: 13"), "{}", pooler.log());
}
