//! The loop in the chapter on the Data API of the book: runs a script, and stops on failures.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use super::config;
use crate::support::data_api::{DataApi, End};
use redshift_emulator::{DATABASE, Emulator, Options, PASSWORD, SUPERUSER};

/// The password of the account; no output may contain it or its hash.
const SECRET: &str = "Xyzzy7Plugh9Frotz";

const PAYLOAD: &str = "\
type: Redshift
autoBootstrap: false
config:
  host: cluster.example.com
  database: Immuta_Up
  initialDatabase: Dev
  impersonation: { enabled: true, role: Impersonators }
  authenticationType: userPassword
  username: immuta_é
  password: ${REDSHIFT_PASSWORD}
";

/// Sends every request in order, without waiting for its end.
const NAIVE: &str = r#"
import boto3, json, sys

client = boto3.client("redshift-data")
for stage in json.load(open(sys.argv[1], encoding="utf-8"))["stages"]:
    for request in stage["requests"]:
        submit = {"ExecuteStatement": client.execute_statement, "BatchExecuteStatement": client.batch_execute_statement}
        submit[request["action"]](**request["parameters"], WorkgroupName="analytics", **json.loads(sys.argv[2]))
"#;

/// An emulator, a stub of the Data API for it, and a folder with the loop of the chapter.
struct Bench {
    emulator: Emulator,
    api: DataApi,
    folder: TempDir,
}

/// A run of a program.
#[derive(Debug)]
struct Run {
    exit: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Bench {
    fn new() -> Self {
        let emulator = Emulator::start(Options::default()).expect("an emulator");
        let api = DataApi::start(config(&emulator, SUPERUSER, PASSWORD, DATABASE)).expect("a stub");
        let folder = tempfile::tempdir().expect("a folder");
        let bench = Self { emulator, api, folder };
        bench.write("data-api.py", &the_chapters_loop());
        bench.write("naive.py", NAIVE);
        bench.write("payload.yaml", PAYLOAD);
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("a file");
    }

    /// Writes a script for the Data API; returns its file.
    fn script(&self, kind: &str, rest: &[&str]) -> PathBuf {
        let file = self.path(&format!("{kind}.json"));
        let output = Command::new(env!("CARGO_BIN_EXE_bootshift"))
            .args(["script", kind, "payload.yaml", "--flavor", "data-api", "-o"])
            .arg(&file)
            .args(rest)
            .current_dir(self.folder.path())
            .env("REDSHIFT_PASSWORD", SECRET)
            .output()
            .expect("the command runs");
        assert!(output.status.success(), "{output:?}");
        file
    }

    fn python(&self, program: &str, arguments: &[&str], file: &Path) -> Run {
        let output = Command::new("python3")
            .arg(self.path(program))
            .arg(file)
            .args(arguments)
            .envs(self.api.environment())
            .stdin(Stdio::null())
            .output()
            .expect("the tests need Python 3: python3 in PATH");
        Run::of(output)
    }

    /// Runs the loop of the chapter.
    fn run(&self, file: &Path) -> Run {
        self.python("data-api.py", &["--workgroup-name", "analytics"], file)
    }

    /// Runs the loop that does not wait; returns the statements that it sent.
    fn run_naively(&self, file: &Path, parameters: &str) {
        let run = self.python("naive.py", &[parameters], file);
        assert_eq!(run.exit, Some(0), "{run:?}");
        self.api.settle();
    }

    fn dump(&self) -> String {
        self.emulator.block_on(self.emulator.catalog_dump(DATABASE, "immuta_system")).expect("a dump")
    }

    fn admin(&self, database: &str, sql: &str) {
        self.emulator
            .block_on(self.emulator.admin(database, sql))
            .unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    }

    fn has_database(&self) -> bool {
        self.emulator.block_on(self.emulator.catalog_dump("immuta_up", "immuta_system")).is_ok()
    }

    /// Makes the proof before the removal fail.
    fn change_the_marker(&self, database: &str) {
        self.admin(database, "UPDATE immuta_system.bootstrap SET user_name = 'another'");
    }

    /// The statements that were sent, with their results.
    fn sent(&self) -> Vec<(String, Option<End>)> {
        let submitted = self.api.submitted().into_iter();
        submitted.map(|(one, end)| (one.sqls.join(";\n"), end)).collect()
    }
}

impl Run {
    fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        let run =
            Self { exit: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) };
        for said in [&run.stdout, &run.stderr] {
            assert!(!said.contains("PASSWORD") && !said.contains(SECRET), "a secret is shown: {run:?}");
        }
        run
    }

    #[track_caller]
    fn exits(self, exit: i32) -> Self {
        assert_eq!(self.exit, Some(exit), "{self:#?}");
        self
    }
}

/// The program in the chapter.
fn the_chapters_loop() -> String {
    let chapter = Path::new(env!("CARGO_MANIFEST_DIR")).join("book/src/data-api.md");
    let chapter = fs::read_to_string(chapter).expect("the chapter");
    let (_, rest) =
        chapter.split_once("<!-- file: data-api.py -->\n```python\n").expect("the program of the chapter");
    rest.split_once("\n```\n").expect("its end").0.to_owned() + "\n"
}

#[test]
fn loop_runs_setup_and_removal() {
    let bench = Bench::new();
    let before = bench.dump();
    let run = bench.run(&bench.script("all", &[])).exits(0);
    assert!(run.stdout.contains("stage 2 of 2: BatchExecuteStatement in immuta_up: FINISHED"), "{run:?}");
    assert!(bench.has_database());
    let run = bench.run(&bench.script("delete", &[])).exits(0);
    assert!(run.stdout.contains("stage 2 of 2: ExecuteStatement in dev: FINISHED"), "{run:?}");
    assert_eq!(bench.dump(), before);
    // Each was sent after the previous one had ended.
    assert!(bench.sent().iter().all(|(_, end)| matches!(end, Some(End::Finished(_)))), "{:?}", bench.sent());
}

/// The reason why the chapter has its own loop.
#[test]
fn database_is_dropped_despite_a_failed_proof_without_waiting() {
    let bench = Bench::new();
    bench.run(&bench.script("all", &[])).exits(0);
    bench.change_the_marker("immuta_up");
    let before = bench.sent().len();
    bench.run_naively(&bench.script("delete", &[]), "{}");
    let sent = bench.sent();
    let (proof, end) = &sent[before];
    assert!(proof.contains("CALL bootshift_guard.check_marker()"), "{proof}");
    assert!(
        matches!(end, Some(End::Failed(reason)) if reason.contains("immuta_system.bootstrap")),
        "{end:?}"
    );
    assert_eq!(sent[before + 1], ("DROP DATABASE \"Immuta_Up\"".to_owned(), Some(End::Finished(0))));
    assert!(!bench.has_database(), "the danger is gone: does the chapter still need its loop?");
}

#[test]
fn loop_stops_before_drop_database_if_the_proof_fails() {
    for kind in ["delete", "cleanup"] {
        let bench = Bench::new();
        bench.run(&bench.script("all", &[])).exits(0);
        bench.change_the_marker("immuta_up");
        let before = bench.dump();
        let run = bench.run(&bench.script(kind, &[])).exits(1);
        assert!(
            run.stderr.starts_with("error: stage 1 of ")
                && run.stderr.contains(": FAILED: ERROR: immuta_system."),
            "{run:?}"
        );
        assert!(bench.has_database());
        assert_eq!(bench.dump(), before);
        let sent = bench.sent();
        assert!(sent.iter().all(|(sql, _)| !sql.contains("DROP DATABASE")), "{sent:?}");
    }
}

#[test]
fn loop_stops_at_an_aborted_statement() {
    let bench = Bench::new();
    bench.run(&bench.script("all", &[])).exits(0);
    bench.api.abort();
    let before = bench.sent().len();
    let run = bench.run(&bench.script("delete", &[])).exits(1);
    assert!(run.stderr.ends_with(": ABORTED: no reason given\n"), "{run:?}");
    assert_eq!(bench.sent().len(), before + 1);
    assert!(bench.has_database());
}

/// The conditions of a cleanup, at each point where a setup may have failed.
#[test]
fn loop_skips_a_missing_database() {
    let bench = Bench::new();
    let before = bench.dump();
    let left_out = |run: &Run| run.stdout.matches("skipped, because the database does not exist").count();
    let run = bench.run(&bench.script("cleanup", &[])).exits(0);
    assert_eq!(left_out(&run), 2, "{run:?}");
    bench.run(&bench.script("initial-create", &[])).exits(0);
    let run = bench.run(&bench.script("cleanup", &[])).exits(0);
    assert_eq!(left_out(&run), 0, "{run:?}");
    assert_eq!(bench.dump(), before);
}

/// In an existing database, proof and removal are one batch.
#[test]
fn failed_batch_changes_nothing_unless_auto_commit() {
    let bench = Bench::new();
    let options = ["--existing-database"];
    bench.write("payload.yaml", &PAYLOAD.replace("Immuta_Up", "DEV"));
    bench.run(&bench.script("all", &options)).exits(0);
    bench.change_the_marker(DATABASE);
    let before = bench.dump();
    let removal = bench.script("delete", &options);
    bench.run(&removal).exits(1);
    assert_eq!(bench.dump(), before);
    bench.run_naively(&removal, r#"{"ExecutionMode": "AUTO_COMMIT"}"#);
    assert!(!bench.dump().contains("immuta_system"), "what the chapter says of AUTO_COMMIT is not so");
}

#[test]
fn loop_sends_nothing_for_an_empty_script() {
    let bench = Bench::new();
    let file = bench.script("edit", &["--from", "payload.yaml"]);
    let text = fs::read_to_string(&file).expect("the script");
    assert_eq!(serde_json::from_str::<Value>(&text).expect("JSON")["stages"], serde_json::json!([]));
    let run = bench.run(&file).exits(0);
    assert_eq!((run.stdout.as_str(), bench.sent().len()), ("nothing to do\n", 0));
    // A file that is not such a script is reported, without a traceback.
    for (name, text) in
        [("a.sql", "SELECT 1;\n"), ("a.json", "[]"), ("b.json", "{\"stages\":[{\"name\":\"x\"}]}")]
    {
        bench.write(name, text);
        let run = bench.run(&bench.path(name)).exits(1);
        assert!(run.stderr.contains("is not a script that `bootshift script"), "{run:?}");
        assert!(!run.stderr.contains("Traceback"), "{run:?}");
    }
}

/// The stub rejects the same requests as the service, so that tests are not more lenient.
#[test]
fn stub_validates_requests_like_the_service_model() {
    let bench = Bench::new();
    let cases = [
        (r#""Sqls": []"#, "Database"),
        (r#""Sqls": ["SELECT 1"], "Sql": "SELECT 1""#, "Database"),
        (r#""Sqls": ["SELECT 1"]"#, "database"),
        (&format!(r#""Sqls": [{}]"#, vec![r#""SELECT 1""#; 41].join(", ")), "Database"),
        (&format!(r#""Sqls": ["SELECT '{}'"]"#, "x".repeat(100_000)), "Database"),
    ];
    for (sqls, database) in cases {
        let request =
            format!(r#""action": "BatchExecuteStatement", "parameters": {{ {sqls}, "{database}": "dev" }}"#);
        bench.write("wrong.json", &format!(r#"{{ "stages": [{{ "requests": [{{ {request} }}] }}] }}"#));
        let run = bench.python("naive.py", &["{}"], &bench.path("wrong.json"));
        assert_eq!(run.exit, Some(1), "{sqls:.60}");
    }
    assert_eq!(bench.sent().len(), 0);
}
