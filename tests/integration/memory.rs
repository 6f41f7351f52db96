//! The memory of the command is at most ten times the size of the text, in any format.

use std::fmt::Write as _;
use std::fs;
use std::process::{Command, Output};

use serde_json::Value;

/// The maximum size of a text.
const LARGEST: usize = 16 << 20;

/// The memory limit of the command in KiB, set with `ulimit`.
const ALLOWED: usize = 10 * LARGEST / 1024;

/// Slightly fewer values than the limit of a text.
const VALUES: usize = 199_000;

const PAYLOAD: &str = "type: Redshift\nautoBootstrap: true\nconfig:\n  host: HOST\n  database: immuta\n  \
                       initialDatabase: dev\n  authenticationType: userPassword\n  username: u\n  password: Secret1x\n";

/// Numbered pieces between a start and an end.
fn pieces(start: &str, count: usize, piece: impl Fn(usize) -> String, end: &str) -> String {
    let mut text = start.to_owned();
    for at in 0..count {
        text.push_str(&piece(at));
    }
    text + end
}

/// A text, repeated up to 16 MiB.
fn filled(piece: &str) -> String {
    piece.repeat(LARGEST / piece.len())
}

struct Checked {
    output: Output,
}

impl Checked {
    fn report(&self) -> Value {
        serde_json::from_slice(&self.output.stdout).expect("JSON")
    }
}

/// The output of the command for a text, within the memory limit.
fn check(name: &str, text: &str, format: &str) -> Checked {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join(name);
    fs::write(&file, text).expect("a file");
    let mut limited = Command::new("sh");
    limited.args(["-c", "ulimit -d \"$0\" && exec \"$@\"", &ALLOWED.to_string()]);
    limited.arg(env!("CARGO_BIN_EXE_bootshift")).args(["check", "--format", format]).arg(&file);
    // Each thread has a stack, and there may be many.
    let output = limited.env("RAYON_NUM_THREADS", "1").output().expect("the command runs");
    let code = output.status.code();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(matches!(code, Some(0 | 1)), "{name} as {format}: {code:?}: {said}");
    Checked { output }
}

/// The codes of the first diagnostics, their number, and the number of errors in the summary.
fn found(report: &Value) -> (Vec<&str>, usize, u64) {
    let files = report["files"].as_array().expect("files");
    let codes = files.iter().flat_map(|file| file["diagnostics"].as_array().expect("diagnostics"));
    let codes: Vec<&str> = codes.map(|one| one["code"].as_str().expect("a code")).collect();
    let count = codes.len();
    (codes.into_iter().take(1).collect(), count, report["summary"]["errors"].as_u64().expect("a count"))
}

#[test]
#[ignore = "takes a minute; `cargo xtask test` runs it"]
fn memory_is_bounded_for_many_errors() {
    let keys = pieces("{\"type\":\"Redshift\",", VALUES, |at| format!("\"k{at}\":1,"), "\"k\":1}");
    let list = pieces("[", VALUES - 1, |_| "{},".to_owned(), "{}]");
    let credentials =
        "{\"type\":\"Redshift\",\"config\":{\"authenticationType\":\"okta\",\"username\":1,\"password\":2}},";
    let mixed = pieces("[", VALUES / 6, |_| credentials.to_owned(), "{}]");
    let blanks = pieces("{\"config\":{", VALUES - 1, |at| format!("\"${{K{at}}}\":1,"), "\"k\":1}}");
    let tests = pieces(
        "{\"status\":\"x\",\"validationResults\":{\"validationTests\":[",
        VALUES - 9,
        |_| "{},".to_owned(),
        "{}]}}",
    );
    for (name, text) in [
        ("keys.json", &keys),
        ("list.json", &list),
        ("mixed.json", &mixed),
        ("blanks.json", &blanks),
        ("tests.json", &tests),
    ] {
        let report = check(name, text, "json").report();
        let (_, listed, errors) = found(&report);
        assert_eq!(listed, 1001, "{name}");
        assert_eq!(report["files"][0]["valid"], false, "{name}");
        assert!(
            errors + report["summary"]["warnings"].as_u64().expect("a count") > 90_000,
            "{name}: {errors}"
        );
    }
    for format in ["human", "sarif", "github"] {
        let checked = check("list.json", &list, format);
        let said = String::from_utf8(checked.output.stdout).expect("UTF-8");
        assert!(said.len() < LARGEST / 8 && said.contains("not listed: "), "{format}");
    }
}

#[test]
#[ignore = "takes a minute; `cargo xtask test` runs it"]
fn memory_is_bounded_for_many_documents() {
    let stream = |host: &dyn Fn(usize) -> String| {
        let document = |at| format!("---\n{}", PAYLOAD.replace("HOST", &host(at)));
        pieces("", 10_000, document, "")
    };
    // Ten thousand valid documents, each with a literal password.
    let good = check("good.yaml", &stream(&|at| format!("h{at}.example.com")), "json").report();
    assert_eq!(
        (found(&good).2, &good["summary"]["documents"], &good["summary"]["warnings"]),
        (0, &10_000.into(), &10_000.into())
    );
    let conflicts = check("conflicts.yaml", &stream(&|_| "h".to_owned()), "json").report();
    assert_eq!(found(&conflicts), (vec!["integration-conflict"], 1001, 9999));
    for (name, text) in
        [("dashes.yaml", filled("---\n")), ("passwords.yaml", filled("--- {config: {password: Secret1x}}\n"))]
    {
        let report = check(name, &text, "json").report();
        assert_eq!(found(&report), (vec!["too-large"], 1, 1), "{name}");
    }
}

#[test]
#[ignore = "takes a minute; `cargo xtask test` runs it"]
fn memory_is_bounded_for_hostile_texts() {
    let anchors = (0..900_000).fold(String::new(), |mut text, at| {
        let _ = writeln!(text, "k{at}: &a{at} 1");
        text
    });
    let aliases = pieces("", 8, |_| format!("---\n- &a [{}]\n- *a\n", "1,".repeat(8000)), "");
    for (name, text) in [
        ("brackets.json", filled("[")),
        ("dashes.yaml", filled("- ")),
        ("twice.json", format!("{{{}\"k\":1}}", "\"k\":1,".repeat(VALUES))),
        ("scalar.yaml", format!("config:\n  password: {}", "a".repeat(LARGEST - 30))),
        ("host.json", format!("{{\"config\":{{\"host\":\"{}\"}}}}", "a".repeat(LARGEST - 30))),
        ("key.yaml", format!("{}: 1\n", "k".repeat(LARGEST - 30))),
        ("blank.yaml", filled("\n")),
        ("spaces.yaml", filled("\u{A0}\n")),
        ("conflict.yaml", filled("<<<<<<<\n")),
        ("flow.yaml", format!("--- [{}]", "a: b,".repeat(79_000))),
        ("anchors.yaml", anchors),
        ("aliases.yaml", aliases),
    ] {
        check(name, &text, "json");
    }
}

#[test]
#[ignore = "takes a minute; `cargo xtask test` runs it"]
fn memory_is_bounded_for_tokens_and_long_names() {
    let username = PAYLOAD.replace("username: u", &format!("username: \"{}\"", "x\u{A0}".repeat(4 << 20)));
    let host = PAYLOAD.replace("HOST", &format!("\"{}\"", "\u{A0}\u{200B}".repeat(3 << 20)));
    for (name, text) in [
        ("keys.yaml", format!("[{}", "a: ".repeat(1 << 20))),
        ("username.yaml", username),
        ("host.yaml", host),
    ] {
        check(name, &text, "json");
    }
}
