//! The connection to the server: trust, secrets, and resistance to hostile servers.

mod certificates;
mod hostile;
mod impostor;
mod login;
mod tls;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use impostor::{Impostor, Then};
use md5::{Digest as _, Md5};
use redshift_emulator::{Connection, DATABASE, Emulator, Fault, Log, Options, PASSWORD, SUPERUSER, What};
use serde_json::Value;
use tempfile::TempDir;

/// The password of the account in the payload.
const ACCOUNT_PASSWORD: &str = "Zq8-Jkvz-Xm31-pQ";
/// The account in the payload.
const ACCOUNT: &str = "immuta_system_account";
/// The exit code of a failed connection.
const REFUSED: i32 = 3;

/// The limit of the data segment of the command, in KiB, including the stacks of its threads.
const MEMORY: u32 = 200_000;
/// The maximum time of a run with any server. Runs that time out take about 10 seconds; the rest is for busy machines.
const MAX_TIME: Duration = Duration::from_secs(40);

/// The payload files of a test, with the login user and password of its runs.
struct Bench {
    folder: TempDir,
    user: String,
    password: Option<String>,
    database: &'static str,
    environment: Vec<(&'static str, PathBuf)>,
    runs: AtomicUsize,
}

/// The result of a run.
struct Run {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Bench {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a folder"),
            user: SUPERUSER.to_owned(),
            password: Some(PASSWORD.to_owned()),
            database: DATABASE,
            environment: Vec::new(),
            runs: AtomicUsize::new(0),
        }
    }

    /// A bench with another login.
    fn of(user: &str, password: Option<&str>) -> Self {
        Self { user: user.to_owned(), password: password.map(str::to_owned), ..Self::new() }
    }

    /// Writes a file for the test; returns its path.
    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).expect("a file");
        path
    }

    /// Runs a command on a payload for the host, with limits of time and memory. The output must never contain a fragment of
    /// a password.
    fn run(&self, (host, port): (&str, u16), command: &str, arguments: &[&str]) -> Run {
        let payload = format!(
            "type: Redshift\nautoBootstrap: false\nconfig:\n  host: {host}\n  port: {port}\n  database: immuta\n  \
             initialDatabase: {}\n  authenticationType: userPassword\n  username: {ACCOUNT}\n  password: \
             {ACCOUNT_PASSWORD}\n",
            self.database
        );
        let number = self.runs.fetch_add(1, Ordering::Relaxed);
        let payload = self.file(&format!("{number}.yaml"), &payload);
        let mut program = Command::new("sh");
        program.args(["-c", &format!("ulimit -d {MEMORY} && exec \"$@\""), "sh"]);
        program.arg(env!("CARGO_BIN_EXE_bootshift")).args(command.split_whitespace()).arg(payload);
        program.args(["--user", &self.user]).args(arguments);
        // With one thread per processor, the stacks could exceed the limit.
        program.env("TOKIO_WORKER_THREADS", "2").env_remove("PGPASSWORD");
        program.envs(self.password.as_ref().map(|password| ("PGPASSWORD", password)));
        program.envs(self.environment.iter().map(|(name, value)| (name, value)));
        let run = Run::of(&mut program);
        assert!(!run.all().contains("has a defect"), "{command} {arguments:?}: {run:?}");
        for secret in self.secrets() {
            let shown = shown_in(&secret, &run.all());
            assert_eq!(shown, None, "{command} {arguments:?} shows a piece of {secret}: {run:?}");
        }
        run
    }

    /// The secrets: the passwords, and their md5 forms, which can also be used to log in.
    fn secrets(&self) -> Vec<String> {
        let mut secrets = vec![ACCOUNT_PASSWORD.to_owned(), md5_form(ACCOUNT_PASSWORD, ACCOUNT)];
        if let Some(password) = &self.password {
            secrets.extend([password.clone(), md5_form(password, &self.user)]);
        }
        secrets
    }

    /// `status` succeeds.
    fn passes(&self, place: (&str, u16), arguments: &[&str]) {
        let run = self.run(place, "apply --dry-run", arguments);
        assert_eq!(run.code, Some(0), "{arguments:?}: {run:?}");
    }

    /// `status` fails, with text and JSON output; returns the reason.
    fn refused(&self, place: (&str, u16), arguments: &[&str]) -> String {
        let json = [arguments, &["--format", "json"]].concat();
        let (run, run_json) = std::thread::scope(|scope| {
            let run = scope.spawn(|| self.run(place, "apply --dry-run", arguments));
            let run_json = self.run(place, "status", &json);
            (run.join().expect("a run"), run_json)
        });
        assert_eq!(
            (run.code, run_json.code),
            (Some(REFUSED), Some(REFUSED)),
            "{arguments:?}: {run:?} {run_json:?}"
        );
        let reason = run_json.failure();
        let shown = run.stderr.lines().find(|line| line.starts_with("error: "));
        assert!(shown.is_some_and(|line| line.ends_with(&reason)), "{arguments:?}: {run:?} {run_json:?}");
        reason
    }
}

impl Run {
    fn of(program: &mut Command) -> Self {
        let mut child = program
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("a run");
        let start = Instant::now();
        while child.try_wait().expect("a state").is_none() {
            if start.elapsed() > MAX_TIME {
                let _ = child.kill();
                panic!("still running after {MAX_TIME:?}: {program:?}");
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let Output { status, stdout, stderr } = child.wait_with_output().expect("an end");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        Self { code: status.code(), stdout: text(stdout), stderr: text(stderr) }
    }

    /// The whole output.
    fn all(&self) -> String {
        format!("{}\n{}", self.stdout, self.stderr)
    }

    /// The objects of the JSON output.
    fn objects(&self) -> Vec<Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }

    /// The only failed test in the JSON output.
    fn failure(&self) -> String {
        let objects = self.objects();
        let outcome = objects.last().unwrap_or_else(|| panic!("no outcome: {self:?}"));
        let tests = outcome["validationResults"]["validationTests"].as_array().expect("tests");
        let failures: Vec<&Value> = tests.iter().filter(|test| test["status"] == "failed").collect();
        let [failure] = failures.as_slice() else { panic!("one failure: {self:?}") };
        failure["message"].as_str().expect("a message").to_owned()
    }
}

impl std::fmt::Debug for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "exit code {:?}\n{}", self.code, self.all())
    }
}

/// The first fragment of a secret in a text, case-insensitively.
fn shown_in(secret: &str, text: &str) -> Option<String> {
    const PIECE: usize = 6;
    let (secret, text) = (secret.to_ascii_lowercase(), text.to_ascii_lowercase());
    let letters: Vec<char> = secret.chars().collect();
    letters.windows(PIECE).map(|piece| piece.iter().collect()).find(|piece: &String| text.contains(piece))
}

/// The form in which PostgreSQL stores a password, without the `md5` before it.
fn md5_form(password: &str, user: &str) -> String {
    use std::fmt::Write as _;
    let digest = Md5::new().chain_update(password).chain_update(user).finalize();
    digest.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The connections to `initialDatabase`. `status` opens others at the same time, but sends no password on them before it has
/// logged in.
fn connections(emulator: &Emulator) -> Vec<Connection> {
    emulator.log().connections.into_iter().filter(|connection| connection.database == DATABASE).collect()
}

fn start() -> Emulator {
    Emulator::start(Options::default()).expect("an emulator")
}

/// The host name and port of the emulator.
fn by_name(emulator: &Emulator) -> (&'static str, u16) {
    ("localhost", emulator.port())
}

/// Server errors may quote a statement with a password, in part or whole.
#[test]
fn server_messages_never_show_a_password() {
    let (emulator, bench) = (start(), Bench::new());
    let hash = md5_form(ACCOUNT_PASSWORD, ACCOUNT);
    for quoted in [
        format!("syntax error at or near \"md5{hash}\""),
        format!("CREATE USER \"{ACCOUNT}\" PASSWORD 'md5{hash}'"),
        format!("line 1:\n{}…", &hash[..12]),
        format!("{}{hash}", "x".repeat(480)),
    ] {
        for format in ["human", "json"] {
            let what = What::Error { sqlstate: "42601".to_owned(), message: quoted.clone() };
            emulator.inject(Fault::on("CREATE USER", what));
            let arguments = ["--sslmode", "disable", "--format", format];
            let run = bench.run(by_name(&emulator), "apply --yes", &arguments);
            assert_eq!(run.code, Some(REFUSED), "{run:?}");
            assert!(run.all().contains("42601"), "{run:?}");
            assert_eq!(emulator.clear_faults(), [], "the fault was triggered");
        }
    }
    // A server that received the password may send it back.
    for code in [3, 5] {
        let echo = format!("SFATAL\0C28000\0Mthe password \"{PASSWORD}\" is wrong\0\0");
        let answers = vec![
            impostor::request(code, &[7; 4][..if code == 5 { 4 } else { 0 }]),
            impostor::message(b'E', echo.as_bytes()),
        ];
        let impostor = Impostor::start(answers, Then::Close);
        let arguments = ["--sslmode", "disable", "--allow-cleartext-password"];
        let output = bench.refused(impostor.place(), &arguments);
        assert!(output.contains("28000"), "{output}");
        assert_eq!(impostor.heard().contains(PASSWORD), code == 3);
    }
    // Nor in a successful run.
    let run = bench.run(by_name(&emulator), "apply --yes", &["--sslmode", "disable"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(emulator.log().texts().iter().any(|sql| sql.contains(&hash)), "the statement contains the hash");
}

/// With a high latency, round trips take most of the time. Their number does not depend on that of the statements, because
/// a transaction is one message. `just bench-latency` measures the time.
#[test]
fn setup_and_status_need_few_round_trips() {
    let (emulator, bench) = (start(), Bench::new());
    for (command, most) in [("apply --yes", 20), ("status", 9)] {
        emulator.reset_log();
        let run = bench.run(by_name(&emulator), command, &["--sslmode", "disable"]);
        assert_eq!(run.code, Some(0), "{run:?}");
        let log = emulator.log();
        let Log { round_trips, connecting, connections, statements, .. } = &log;
        println!(
            "{command}: {} statements, {round_trips} round trips, and {connecting} to open {} connections",
            statements.len(),
            connections.len()
        );
        assert!(round_trips + connecting <= most, "{command}: {:#?}", log.texts());
    }
}
