//! The scripts for psql run in psql with any settings of the user; and scripts that are sent as one string.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use redshift_emulator::{DATABASE, Emulator, Options};

const PAYLOAD: &str = "\
type: Redshift
autoBootstrap: false
config:
  host: cluster.example.com
  database: Immuta_Up
  initialDatabase: DEV
  authenticationType: userPassword
  username: immuta_é
  password: Xyzzy7Plugh9Frotz
";

/// Settings in a user's `psqlrc` that a script for psql must override.
const SETTINGS: [&str; 6] = [
    "\\set ON_ERROR_ROLLBACK on\n\\unset ON_ERROR_STOP\n\\set AUTOCOMMIT off\n\\set FETCH_COUNT 1",
    "\\set SINGLELINE on",
    "\\set SINGLESTEP on",
    "\\set ECHO all",
    "\\set ECHO errors",
    "\\pset format html\n\\pset null x\n\\x on\n\\timing on\n\\set VERBOSITY verbose\n\\set bootshift_condition f\n\
     SET search_path TO nowhere;\nSET enable_case_sensitive_identifier TO on;\nBEGIN;",
];

/// How a script is passed to psql.
#[derive(Clone, Copy, Debug)]
enum How {
    File,
    Input,
    String,
}

struct Bench {
    emulator: Emulator,
    folder: TempDir,
}

/// A run of psql.
#[derive(Debug)]
struct Run {
    exit: Option<i32>,
    said: String,
}

impl Bench {
    fn new() -> Self {
        let emulator = Emulator::start(Options::default()).expect("an emulator");
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("payload.yaml"), PAYLOAD).expect("a payload");
        Self { emulator, folder }
    }

    /// Writes a script; returns the folder of its files.
    fn script(&self, kind: &str, flavor: &str) -> PathBuf {
        let folder = self.folder.path().join(kind);
        let output = Command::new(env!("CARGO_BIN_EXE_bootshift"))
            .args(["script", kind, "payload.yaml", "--flavor", flavor, "-o"])
            .arg(format!("{}/", folder.display()))
            .current_dir(self.folder.path())
            .output()
            .expect("the command runs");
        assert!(output.status.success(), "{output:?}");
        folder
    }

    /// Runs a file of a script with a `psqlrc` of these lines.
    fn psql(&self, database: &str, file: &PathBuf, how: How, settings: &str) -> Run {
        let rc = self.folder.path().join("psqlrc");
        fs::write(&rc, format!("{settings}\n")).expect("a psqlrc");
        let text = fs::read_to_string(file).expect("a script");
        let (user, password) = self.emulator.superuser();
        let mut psql = Command::new(program());
        psql.args(["-h", self.emulator.host(), "-U", user, "-d", database, "-p"])
            .arg(self.emulator.port().to_string())
            .env("PGPASSWORD", password)
            .env("PSQLRC", rc)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        match how {
            How::File => psql.arg("-f").arg(file),
            How::String => psql.arg("-c").arg(&text),
            How::Input => psql.stdin(Stdio::piped()),
        };
        let mut child = psql.spawn().expect("the tests need psql: in $PGBIN or PATH");
        if let Some(mut input) = child.stdin.take() {
            // psql may exit before it has read everything.
            let _ = input.write_all(text.as_bytes());
        }
        Run::of(&child.wait_with_output().expect("psql runs"))
    }

    /// Runs a script of the psql flavor.
    fn run(&self, kind: &str, how: How, settings: &str) -> Run {
        let file = self.script(kind, "psql").join(format!("{kind}.psql"));
        self.psql(DATABASE, &file, how, settings)
    }

    fn dump(&self) -> String {
        self.emulator.block_on(self.emulator.catalog_dump(DATABASE, "immuta_system")).expect("a dump")
    }

    fn has_database(&self) -> bool {
        self.emulator.block_on(self.emulator.catalog_dump("immuta_up", "immuta_system")).is_ok()
    }
}

impl Run {
    fn of(output: &Output) -> Self {
        let said = [&output.stdout[..], &output.stderr].concat();
        let run = Self { exit: output.status.code(), said: String::from_utf8(said).expect("UTF-8") };
        assert!(!run.said.contains("'md5"), "the hash of the password is shown: {}", run.said);
        run
    }

    #[track_caller]
    fn exits(self, exit: i32, context: &str) -> Self {
        assert_eq!(self.exit, Some(exit), "{context}: {}", self.said);
        self
    }
}

/// psql, beside the programs of the server or in `PATH`.
fn program() -> PathBuf {
    let beside = std::env::var_os("PGBIN").map(|folder| PathBuf::from(folder).join("psql"));
    beside.filter(|path| path.is_file()).unwrap_or_else(|| PathBuf::from("psql"))
}

#[test]
fn psql_scripts_ignore_user_settings() {
    let bench = Bench::new();
    let before = bench.dump();
    // Single-step mode reads confirmations from standard input, which may be the script.
    let by_input = [("", How::Input), ("\\set SINGLESTEP on", How::Input)];
    for (settings, how) in SETTINGS.map(|settings| (settings, How::File)).into_iter().chain(by_input) {
        let context = format!("{settings:?}, {how:?}");
        bench.run("all", how, settings).exits(0, &context);
        assert!(bench.has_database(), "{context}");
        if settings.contains("ECHO") || settings.contains("ON_ERROR_STOP") {
            // A failure ends the script, and is not shown.
            let again = bench.run("all", how, settings).exits(3, &context);
            assert!(again.said.contains("user \"immuta_é\" already exists"), "{context}: {}", again.said);
        }
        bench.run(if settings.is_empty() { "delete" } else { "cleanup" }, how, settings).exits(0, &context);
        assert_eq!(bench.dump(), before, "{context}");
    }
}

/// A new connection uses the encoding of the terminal, but the script is UTF-8: in other encodings, `é` is two characters.
#[test]
fn scripts_for_psql_are_read_as_utf_8() {
    let bench = Bench::new();
    bench.emulator.reset_log();
    bench.run("all", How::File, "\\setenv PGCLIENTENCODING LATIN1").exits(0, "LATIN1");
    let log = bench.emulator.log();
    let texts: Vec<String> = log.texts().iter().map(|text| text.to_ascii_lowercase()).collect();
    let sets = |text: &String| text.starts_with("set client_encoding to 'utf8'");
    assert_eq!(texts.iter().filter(|text| sets(text)).count(), 2, "once a stage: {texts:?}");
    assert!(
        texts.iter().position(sets) < texts.iter().position(|text| text.starts_with("begin")),
        "{texts:?}"
    );
}

/// Verifies what the header of the file, the help and the book state about `psql -c "$(cat FILE)"`.
#[test]
fn script_sent_as_one_string_can_be_continued() {
    for goes_on in [true, false] {
        let bench = Bench::new();
        let before = bench.dump();
        let file = bench.script("initial-create", "plain").join("1-initial-create.sql");
        let run = bench.psql(DATABASE, &file, How::String, "").exits(1, "one string");
        assert!(run.said.contains("CREATE DATABASE cannot run inside a transaction block"), "{}", run.said);
        assert!(bench.dump().contains("immuta_é") && !bench.has_database());

        if goes_on {
            let text = fs::read_to_string(&file).expect("the script");
            let at = text.find("CREATE DATABASE \"").expect("the statement");
            let rest = file.with_file_name("rest.sql");
            fs::write(&rest, &text[at..]).expect("a file");
            bench.psql(DATABASE, &rest, How::File, "\\set ON_ERROR_STOP on").exits(0, "the rest");
        } else {
            bench.run("cleanup", How::File, "").exits(0, "cleanup");
            assert_eq!(bench.dump(), before);
            bench.psql(DATABASE, &file, How::File, "\\set ON_ERROR_STOP on").exits(0, "anew");
        }
        let second = bench.script("create", "plain").join("1-create.sql");
        bench.psql("immuta_up", &second, How::String, "").exits(0, "all of it is one transaction");
        bench.run("delete", How::File, "").exits(0, "delete");
        assert_eq!(bench.dump(), before);
    }
}

/// A removal sent as one string changes nothing.
#[test]
fn removal_sent_as_one_string_changes_nothing() {
    let bench = Bench::new();
    bench.run("all", How::File, "").exits(0, "all");
    let before = bench.dump();
    let file = bench.script("delete", "plain").join("2-delete.sql");
    let run = bench.psql(DATABASE, &file, How::String, "").exits(1, "one string");
    assert!(run.said.contains("DROP DATABASE cannot run inside a transaction block"), "{}", run.said);
    assert_eq!(bench.dump(), before);
    assert!(bench.has_database());
}
