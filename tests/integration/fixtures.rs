//! Checks the documents next to the rules, `src/check/rules/CODE.md`, and those in `tests/raw` against their expectations;
//! also the examples of the vendor's page, `tests/fixtures/vendor`.
//!
//! `tests/README.md` describes the format. `BOOTSHIFT_MDTEST=write` updates the expected diagnostics in the Markdown.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::thread;

use assert_cmd::Command;
use bootshift::check::{self, Body, Checked, Code, Options, Origin, Severity};
use bootshift::document::{Documents, Limits, LineIndex, Node, NodeKind, OffsetEncoding, Syntax};
use bootshift::operation::Operation;
use bootshift::payload::Payload;
use bootshift::report::human::HumanReport;
use bootshift::report::{Input, Report};
use bootshift::script::{ScriptKind, ScriptOptions, script};
use serde::Deserialize;
use tempfile::TempDir;
use testkit::mdtest::{Case, cases};

/// The codes that `check` does not report, because they need the environment.
const NOT_FROM_CHECK: [Code; 1] = [Code::UnresolvedSecret];

/// The minimum number of documents, so that none is lost unnoticed.
const MIN_DOCUMENTS: usize = 575;

/// The minimum number of documents per code with a diagnostic, and of near misses.
const MIN_PER_KIND: usize = 2;

/// The length of the pieces of a secret that must not appear in any output.
const PIECE: usize = 6;

// ---------------------------------------------------------------------------------------------------------
// Files

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The Markdown next to the rule of a code.
fn markdown(code: Code) -> PathBuf {
    root().join("src/check/rules").join(code.as_str().replace('-', "_")).with_extension("md")
}

fn raw() -> PathBuf {
    root().join("tests/raw")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("a directory entry").path())
        .collect();
    paths.sort();
    paths
}

fn extension(path: &Path) -> &str {
    path.extension().and_then(|extension| extension.to_str()).unwrap_or_default()
}

fn syntax(path: &Path) -> Syntax {
    if extension(path) == "json" { Syntax::Json } else { Syntax::Yaml }
}

/// A document and its expectation.
struct Fixture {
    /// `missing-property/host.yaml`
    path: String,
    text: String,
    /// The payload to compare with: the path and the text.
    old: Option<(String, String)>,
    expected: Expected,
}

impl Fixture {
    fn syntax(&self) -> Syntax {
        syntax(Path::new(&self.path))
    }
}

/// The documents of one run, and the code that they belong to.
struct Run {
    code: Code,
    fixtures: Vec<Fixture>,
}

impl Run {
    /// Whether the code is expected.
    fn fires(&self) -> bool {
        let mut lines = self.fixtures.iter().flat_map(|fixture| &fixture.expected.diagnostics);
        lines.any(|line| line.split_whitespace().any(|word| word == self.code.as_str()))
    }

    fn name(&self) -> &str {
        &self.fixtures[0].path
    }

    /// The command that checks the run in a directory with all documents.
    fn command(&self, folder: &Path, format: &str) -> Command {
        let expected = &self.fixtures[0].expected;
        let mut command = bootshift();
        command.current_dir(folder).args(["check", "--format", format]);
        if let Some(operation) = expected.operation {
            command.args(["--operation", operation.name()]);
        }
        if let Some((old, _)) = &self.fixtures[0].old {
            command.args(["--old", old]);
        }
        if let Some(auto_bootstrap) = expected.auto_bootstrap {
            command.args(["--auto-bootstrap", &auto_bootstrap.to_string()]);
        }
        if expected.origin == Origin::Text {
            command.arg("-").write_stdin(self.fixtures[0].text.clone());
        } else {
            command.args(self.fixtures.iter().map(|fixture| &fixture.path));
        }
        command
    }
}

/// A directory with all documents.
fn written(runs: &[Run]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for fixture in runs.iter().flat_map(|run| &run.fixtures) {
        let files =
            [Some((&fixture.path, &fixture.text)), fixture.old.as_ref().map(|(path, text)| (path, text))];
        for (path, text) in files.into_iter().flatten() {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("a document");
        }
    }
    folder
}

/// The path below `tests/raw`, with `/`.
fn relative(path: &Path) -> String {
    let path = path.strip_prefix(raw()).expect("a path below the fixtures");
    path.iter().map(|part| part.to_str().expect("a name in UTF-8")).collect::<Vec<_>>().join("/")
}

/// The program, with a clean environment.
fn bootshift() -> Command {
    let mut command = Command::from_std(crate::program::bootshift());
    command.env_remove("CLICOLOR_FORCE").env("NO_COLOR", "1");
    command
}

/// All runs, in the order of the codes.
fn runs() -> Vec<Run> {
    let mut runs = Vec::new();
    for &code in Code::ALL {
        runs.extend(cases(&read(&markdown(code))).iter().filter_map(|case| run_of(code, case)));
        let folder = raw().join(code.as_str());
        if !folder.exists() {
            continue;
        }
        for path in entries(&folder) {
            if path.is_dir() {
                let fixtures = entries(&path).iter().filter_map(|path| fixture(path)).collect::<Vec<_>>();
                assert!(fixtures.len() > 1, "{}: a directory must contain several documents", path.display());
                runs.push(Run { code, fixtures });
            } else if let Some(fixture) = fixture(&path) {
                runs.push(Run { code, fixtures: vec![fixture] });
            }
        }
    }
    runs
}

/// The run of a case; `None` if it has no document.
fn run_of(code: Code, case: &Case) -> Option<Run> {
    let document = case.document()?;
    let name = format!("{code}/{}", case.name);
    let fixture = Fixture {
        path: format!("{name}.{}", document.language),
        text: document.text.clone(),
        old: case.beside().map(|(file, text)| (format!("{name}.{file}"), text.to_owned())),
        expected: Expected::of(case.block("expect").map_or("", |block| &block.text), &name),
    };
    Some(Run { code, fixtures: vec![fixture] })
}

/// The fixture at `path`, below `tests/raw`; `None` for an expectation.
fn fixture(path: &Path) -> Option<Fixture> {
    match extension(path) {
        "expect" => {
            let documents = ["json", "yaml"].map(|extension| path.with_extension(extension).exists());
            assert!(
                documents != [true, true],
                "{}: a JSON and a YAML document share one expectation",
                path.display()
            );
            assert!(documents != [false, false], "{}: an expectation without a document", path.display());
            None
        }
        "json" | "yaml" => {
            let sidecar = path.with_extension("expect");
            assert!(sidecar.exists(), "{}: a document without an expectation", path.display());
            let expected = Expected::of(&read(&sidecar), &sidecar.display().to_string());
            Some(Fixture { path: relative(path), text: read(path), old: None, expected })
        }
        _ => panic!("{}: neither a document nor an expectation", path.display()),
    }
}

// ---------------------------------------------------------------------------------------------------------
// The expectations

/// A parsed expectation.
struct Expected {
    /// Whether the human report is a snapshot.
    has_snapshot: bool,
    operation: Option<Operation>,
    detected: Option<Operation>,
    auto_bootstrap: Option<bool>,
    origin: Origin,
    limits: Limits,
    documents: usize,
    secrets: Vec<String>,
    /// `[@DOCUMENT ]LINE:COLUMN-LINE:COLUMN severity code [pointer]`, sorted.
    diagnostics: Vec<String>,
}

impl Expected {
    fn of(text: &str, source: &str) -> Self {
        let mut expected = Self {
            has_snapshot: false,
            operation: None,
            detected: None,
            auto_bootstrap: None,
            origin: Origin::File,
            limits: Limits::default(),
            documents: 1,
            secrets: Vec::new(),
            diagnostics: Vec::new(),
        };
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let bad = || -> ! { panic!("{source}: invalid line `{line}`") };
            let number = |value: &str| value.parse::<usize>().unwrap_or_else(|_| bad());
            let operation = |value: &str| value.parse::<Operation>().unwrap_or_else(|_| bad());
            match line.split_once(": ") {
                Some(("operation", value)) => expected.operation = Some(operation(value)),
                Some(("detected", value)) => expected.detected = Some(operation(value)),
                Some(("report", "snapshot")) => expected.has_snapshot = true,
                Some(("auto-bootstrap", value)) => {
                    expected.auto_bootstrap = Some(value.parse().unwrap_or_else(|_| bad()));
                }
                Some(("origin", "text")) => expected.origin = Origin::Text,
                Some(("max-bytes", value)) => expected.limits.bytes = number(value),
                Some(("max-depth", value)) => expected.limits.depth = number(value),
                Some(("max-alias-nodes", value)) => expected.limits.alias_nodes = number(value),
                Some(("max-values", value)) => expected.limits.values = number(value),
                Some(("max-documents", value)) => expected.limits.documents = number(value),
                Some(("max-diagnostics", value)) => expected.limits.diagnostics = number(value),
                Some(("documents", value)) => expected.documents = number(value),
                Some(("secret", value)) => expected.secrets.push(value.to_owned()),
                _ => {
                    let words = line.trim_start_matches('@').split(' ').collect::<Vec<_>>();
                    let code = words.iter().find(|word| Code::ALL.iter().any(|code| code.as_str() == **word));
                    if code.is_none() || !is_diagnostic(line) {
                        bad();
                    }
                    expected.diagnostics.push(line.to_owned());
                }
            }
        }
        expected.diagnostics.sort();
        expected
    }

    /// Whether any expected diagnostic is an error.
    fn has_error(&self) -> bool {
        self.diagnostics.iter().any(|line| line.split(' ').any(|word| word == Severity::Error.as_str()))
    }
}

/// Whether a line of an expectation is a diagnostic.
fn is_diagnostic(line: &str) -> bool {
    line.starts_with(|c: char| c == '@' || c.is_ascii_digit())
}

// ---------------------------------------------------------------------------------------------------------
// The checks

/// Parses a file.
fn documents(path: &Path) -> Documents<'static> {
    Documents::parse(read(path), Some(syntax(path)), &Limits::default())
}

/// Reads a valid payload.
fn payload(text: &str, path: &Path) -> Payload {
    let documents = Documents::parse(text, Some(syntax(path)), &Limits::default());
    let checked = check::check(&documents, &Options::default());
    match checked.into_iter().next().and_then(|checked| checked.body) {
        Some(Body::Payload(payload)) => payload,
        _ => panic!("{}: no valid payload", path.display()),
    }
}

fn check_fixture(fixture: &Fixture) -> Vec<Checked> {
    let expected = &fixture.expected;
    let old = fixture.old.as_ref().map(|(path, text)| payload(text, Path::new(path)));
    let options = Options {
        operation: expected.operation,
        origin: expected.origin,
        old: old.as_ref(),
        auto_bootstrap: expected.auto_bootstrap,
    };
    check::check(&Documents::parse(&fixture.text, Some(fixture.syntax()), &expected.limits), &options)
}

/// Checks the documents of the run, also against each other.
fn check_run(run: &Run) -> Vec<(String, Vec<Checked>)> {
    let mut files: Vec<(String, Vec<Checked>)> =
        run.fixtures.iter().map(|fixture| (fixture.path.clone(), check_fixture(fixture))).collect();
    check::conflicts(&mut files);
    files
}

/// `LINE:COLUMN`, both from 1, the column in characters. A byte-order mark does not count as a column.
fn position(text: &str, offset: usize) -> String {
    let before = &text[..offset];
    let before = before.strip_prefix('\u{feff}').unwrap_or(before);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.matches('\n').count() + 1;
    format!("{line}:{}", before[line_start..].chars().count() + 1)
}

/// A diagnostic in the format of an expectation.
fn line(document: usize, range: &str, severity: &str, code: &str, pointer: &str) -> String {
    let document = if document == 0 { String::new() } else { format!("@{document} ") };
    format!("{document}{range} {severity} {code} {pointer}").trim_end().to_owned()
}

/// The diagnostics in the format of an expectation, in the order of the text.
fn lines(text: &str, checked: &[Checked]) -> Vec<String> {
    let mut lines = Vec::new();
    for checked in checked {
        for diagnostic in &checked.diagnostics {
            let span = diagnostic.span;
            let range = format!("{}-{}", position(text, span.start), position(text, span.end));
            let severity = diagnostic.severity.as_str();
            lines.push(line(checked.index, &range, severity, diagnostic.code.as_str(), &diagnostic.pointer));
        }
    }
    lines
}

/// The missing and the unexpected lines; empty if there are none.
fn difference(expected: &[String], actual: &[String]) -> String {
    let mut difference = String::new();
    let mut actual = actual.to_vec();
    for line in expected {
        if let Some(at) = actual.iter().position(|other| other == line) {
            actual.swap_remove(at);
        } else {
            writeln!(difference, "    - {line}").expect("writing to a string");
        }
    }
    actual.sort();
    for line in actual {
        writeln!(difference, "    + {line}").expect("writing to a string");
    }
    difference
}

/// Panics with all failures, if there are any.
fn report(what: &str, failures: &[String]) {
    assert!(
        failures.is_empty(),
        "{} fixtures {what} (- expected, + found):\n\n{}",
        failures.len(),
        failures.join("\n")
    );
}

#[test]
fn every_code_has_documents_with_it_and_near_misses() {
    let runs = runs();
    let mut counts: BTreeMap<Code, [usize; 2]> = BTreeMap::new();
    for run in &runs {
        counts.entry(run.code).or_default()[usize::from(run.fires())] += 1;
    }
    for &code in Code::ALL.iter().filter(|code| !NOT_FROM_CHECK.contains(code)) {
        let [near, firing] = counts.get(&code).copied().unwrap_or_default();
        let where_they_are = "in src/check/rules/*.md and tests/raw";
        assert!(
            firing >= MIN_PER_KIND,
            "`{code}`: {firing} of {MIN_PER_KIND} documents with it {where_they_are}"
        );
        assert!(near >= MIN_PER_KIND, "`{code}`: {near} of {MIN_PER_KIND} near misses {where_they_are}");
    }
    let documents: usize = runs.iter().map(|run| run.fixtures.len()).sum();
    assert!(documents >= MIN_DOCUMENTS, "only {documents} documents");
    println!("{documents} documents in {} runs", runs.len());
    for syntax in [Syntax::Json, Syntax::Yaml] {
        let all = runs.iter().flat_map(|run| &run.fixtures);
        let documents = all.filter(|fixture| fixture.syntax() == syntax).count();
        assert!(documents * 4 > MIN_DOCUMENTS, "only {documents} documents are {syntax:?}");
    }
    for code in NOT_FROM_CHECK {
        assert_eq!(counts[&code][1], 0, "`check` never reports `{code}`");
    }
    for folder in entries(&raw()) {
        let name = relative(&folder);
        assert!(Code::ALL.iter().any(|code| code.as_str() == name), "unknown code `{name}`");
    }
}

/// Replaces the expected diagnostics in the Markdown by the actual ones.
fn write_expectations() {
    for &code in Code::ALL {
        let path = markdown(code);
        let text = read(&path);
        let mut written: Vec<String> = text.lines().map(str::to_owned).collect();
        for case in cases(&text).iter().rev() {
            let Some(run) = run_of(code, case) else { continue };
            let [fixture] = &run.fixtures[..] else { continue };
            let found = lines(&fixture.text, &check_run(&run)[0].1);
            if difference(&fixture.expected.diagnostics, &found).is_empty() {
                continue;
            }
            let Some(document) = case.document() else { continue };
            if let Some(block) = case.block("expect") {
                let others = block.text.lines().filter(|line| !is_diagnostic(line)).map(str::to_owned);
                written.splice(block.lines.clone(), others.chain(found));
            } else {
                let after = case.block("console").unwrap_or(document).lines.end + 1;
                let block = [String::new(), "```expect".to_owned()].into_iter().chain(found);
                written.splice(after..after, block.chain(["```".to_owned()]));
            }
        }
        fs::write(&path, written.join("\n") + "\n").expect("write the Markdown");
    }
}

#[test]
fn documents_have_exactly_the_expected_diagnostics() {
    if std::env::var_os("BOOTSHIFT_MDTEST").is_some_and(|task| task == "write") {
        write_expectations();
    }
    let mut failures = Vec::new();
    for run in runs() {
        for (fixture, (name, checked)) in run.fixtures.iter().zip(&check_run(&run)) {
            let mut failure = difference(&fixture.expected.diagnostics, &lines(&fixture.text, checked));
            if checked.len() != fixture.expected.documents {
                let expected = fixture.expected.documents;
                writeln!(failure, "    - {expected} documents\n    + {}", checked.len()).expect("a string");
            }
            let detected = checked.first().and_then(|checked| checked.operation);
            let expected = fixture.expected.detected.or(fixture.expected.operation);
            if expected.is_some() && expected != detected {
                writeln!(failure, "    - {expected:?}\n    + {detected:?}").expect("a string");
            }
            if !failure.is_empty() {
                failures.push(format!("{name}\n{failure}"));
            }
        }
    }
    report(
        "have other diagnostics; `BOOTSHIFT_MDTEST=write cargo test --test integration fixtures::documents` writes them, for you to \
         review",
        &failures,
    );
}

#[test]
fn diagnostics_are_sorted_and_have_the_severity_of_their_code() {
    for run in runs() {
        for fixture in &run.fixtures {
            let name = &fixture.path;
            let index = LineIndex::new(&fixture.text);
            for checked in check_fixture(fixture) {
                let starts: Vec<usize> = checked.diagnostics.iter().map(|d| d.span.start).collect();
                assert!(starts.is_sorted(), "{name}: {starts:?}");
                for diagnostic in &checked.diagnostics {
                    assert!(!diagnostic.message.is_empty() && !diagnostic.message.contains('\n'), "{name}");
                    // It is an error if the value cannot be used with the character.
                    let may_be_worse = diagnostic.code == Code::SuspiciousCharacter;
                    assert!(
                        diagnostic.severity <= diagnostic.code.severity() || may_be_worse,
                        "{name}: {}",
                        diagnostic.code
                    );
                    let range = index.range(diagnostic.span, OffsetEncoding::Utf8);
                    let start = format!("{}:{}", range.start.line, range.start.column);
                    assert_eq!(start, position(&fixture.text, diagnostic.span.start), "{name}");
                    assert_eq!(range.end.offset, diagnostic.span.end, "{name}");
                }
                let is_placeholder = |found: &check::Diagnostic| found.code == Code::Placeholder;
                let is_final = checked.is_valid() && !checked.diagnostics.iter().any(is_placeholder);
                assert_eq!(
                    checked.body.is_some(),
                    is_final,
                    "{name}: there must be a body if and only if the document is valid and has no placeholders"
                );
                let disjoint = checked.visible.windows(2).all(|pair| pair[0].end <= pair[1].start);
                assert!(disjoint, "{name}: the visible spans must be sorted and disjoint");
            }
        }
    }
}

// ---------------------------------------------------------------------------------------------------------
// The examples of the vendor's page

/// A line of `vendor/index.json`.
#[derive(Deserialize)]
struct Vendor {
    file: String,
    operation: String,
    detected: Option<String>,
    codes: BTreeSet<String>,
}

fn vendor() -> Vec<Vendor> {
    serde_json::from_str(&read(&root().join("tests/fixtures/vendor/index.json")))
        .expect("the index of the vendor's examples")
}

/// The JSON and the YAML of each example.
fn vendor_paths(example: &Vendor) -> [PathBuf; 2] {
    ["json", "yaml"]
        .map(|extension| root().join("tests/fixtures/vendor").join(format!("{}.{extension}", example.file)))
}

#[test]
fn vendor_index_is_complete() {
    let listed: BTreeSet<PathBuf> = vendor().iter().flat_map(vendor_paths).collect();
    let index = root().join("tests/fixtures/vendor/index.json");
    let existing: BTreeSet<PathBuf> =
        entries(&root().join("tests/fixtures/vendor")).into_iter().filter(|path| *path != index).collect();
    assert_eq!(listed, existing);
}

#[test]
fn vendor_examples_are_valid_for_their_operation() {
    for example in vendor() {
        let operation: Operation = example.operation.parse().expect("an operation");
        let mut values = Vec::new();
        for path in vendor_paths(&example) {
            let documents = documents(&path);
            let options = Options { operation: Some(operation), ..Options::default() };
            let checked = check::check(&documents, &options);
            assert_eq!(checked.len(), 1, "{}", path.display());
            assert!(checked[0].is_valid(), "{}: {:#?}", path.display(), checked[0].diagnostics);
            let codes: BTreeSet<String> =
                checked[0].diagnostics.iter().map(|diagnostic| diagnostic.code.to_string()).collect();
            assert_eq!(codes, example.codes, "{}", path.display());
            values.extend(documents.iter().cloned());
        }
        let json = values[0].root.as_ref().map(Node::to_json);
        assert_eq!(
            json,
            values[1].root.as_ref().map(Node::to_json),
            "{}: JSON and YAML differ",
            example.file
        );
    }
}

#[test]
fn operation_of_vendor_examples_is_inferred() {
    for example in vendor() {
        for path in vendor_paths(&example) {
            let checked = check::check(&documents(&path), &Options::default());
            let detected = checked[0].operation.map(|operation| operation.name().to_owned());
            assert_eq!(detected, example.detected, "{}", path.display());
            assert!(checked[0].is_valid(), "{}: {:#?}", path.display(), checked[0].diagnostics);
        }
    }
}

#[test]
fn vendor_payloads_result_in_every_kind_of_script() {
    let old = root().join("tests/fixtures/vendor/create-manual-user-password.json");
    let old = payload(&read(&old), &old);
    for example in vendor() {
        let operation: Operation = example.operation.parse().expect("an operation");
        if operation.body_kind() != bootshift::operation::BodyKind::Payload {
            continue;
        }
        for path in vendor_paths(&example) {
            let payload = payload(&read(&path), &path);
            for kind in ScriptKind::ALL {
                let name = format!("{}: {}", path.display(), kind.name());
                let script = script(kind, &payload, Some(&old), &ScriptOptions::default(), &|_| None);
                let script = script.unwrap_or_else(|error| panic!("{name}: {error:?}"));
                assert_eq!(script.kind, kind, "{name}");
                let statements: usize = script.stages.iter().map(|stage| stage.statements.len()).sum();
                let unchanged = kind == ScriptKind::Edit && payload_is_same(&payload, &old);
                assert_eq!(statements == 0, unchanged, "{name}: {statements} statements");
            }
        }
    }
}

/// Whether an edit from `old` to `new` changes nothing: the examples differ only in authentication and impersonation.
fn payload_is_same(new: &Payload, old: &Payload) -> bool {
    let group = |payload: &Payload| match &payload.impersonation {
        Some(bootshift::payload::Impersonation::Enabled { role }) => Some(role.clone()),
        _ => None,
    };
    let is_okta =
        |payload: &Payload| matches!(payload.authentication, bootshift::payload::Authentication::Okta(_));
    is_okta(new) == is_okta(old) && group(new) == group(old)
}

// ---------------------------------------------------------------------------------------------------------
// The program

/// Calls `job` for each of `runs`, on one thread per processor.
fn each_in_parallel(runs: &[Run], job: impl Fn(&Run) -> Vec<String> + Sync) -> Vec<String> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let job = &job;
        let workers: Vec<_> = runs
            .chunks(runs.len().div_ceil(threads))
            .map(|chunk| scope.spawn(move || chunk.iter().flat_map(job).collect::<Vec<_>>()))
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a thread that does not panic")).collect()
    })
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// Collects the values of all keys `password`.
fn passwords(node: &Node, into: &mut Vec<String>) {
    for member in node.members() {
        match member.value.as_str() {
            Some(value) if member.key == "password" => into.push(value.to_owned()),
            _ => passwords(&member.value, into),
        }
    }
    if let NodeKind::Array(items) = &node.kind {
        for item in items {
            passwords(item, into);
        }
    }
}

fn pieces(secret: &str) -> Vec<String> {
    let characters: Vec<char> = secret.chars().collect();
    characters.windows(PIECE).map(|window| window.iter().collect()).collect()
}

#[test]
fn expectations_list_every_secret() {
    for run in runs() {
        for fixture in &run.fixtures {
            let name = &fixture.path;
            let mut values = Vec::new();
            let syntax = Some(fixture.syntax());
            for document in &Documents::parse(&fixture.text, syntax, &Limits::default()) {
                document.root.iter().for_each(|root| passwords(root, &mut values));
            }
            for value in values {
                let is_reference = value.starts_with("${") && value.ends_with('}');
                let is_redaction = ["<REDACTED>", "REDACTED"].contains(&value.as_str());
                let is_long = value.chars().count() >= PIECE;
                assert!(
                    !is_long || is_reference || is_redaction || fixture.expected.secrets.contains(&value),
                    "{name}: a password that the expectation does not list as `secret`"
                );
            }
            for secret in &fixture.expected.secrets {
                assert!(!pieces(secret).is_empty(), "{name}: `{secret}` is too short to search for");
            }
        }
    }
}

#[test]
fn diagnostics_and_visible_spans_contain_no_secret() {
    for run in runs() {
        for fixture in &run.fixtures {
            let mut shown = Vec::new();
            for checked in check_fixture(fixture) {
                for diagnostic in &checked.diagnostics {
                    shown.extend([diagnostic.message.clone(), diagnostic.pointer.clone()]);
                    shown.extend(diagnostic.help.clone());
                }
                let visible = checked.visible.iter();
                shown.extend(visible.map(|span| fixture.text[span.start..span.end].to_owned()));
                let user = match &checked.body {
                    Some(Body::Payload(payload)) => Some(payload.authentication.username().as_str()),
                    _ => None,
                };
                // A user name is not a secret, even if it is the same as the password.
                if !fixture.expected.secrets.iter().any(|secret| Some(secret.as_str()) == user) {
                    shown.push(format!("{checked:?}"));
                }
            }
            for piece in fixture.expected.secrets.iter().flat_map(|secret| pieces(secret)) {
                let leak = shown.iter().find(|text| text.contains(&piece));
                assert_eq!(leak, None, "{}: `{piece}`", fixture.path);
            }
        }
    }
}

/// The human report of a run.
fn human(run: &Run, files: &[(String, Vec<Checked>)]) -> String {
    let mut out = String::new();
    for (fixture, (path, checked)) in run.fixtures.iter().zip(files) {
        HumanReport::new(false).write(&Input { path, text: &fixture.text, checked }, &mut out);
    }
    out
}

#[test]
fn reports_contain_no_secret() {
    let runs = runs();
    let with_secrets =
        runs.iter().filter(|run| run.fixtures.iter().any(|fixture| !fixture.expected.secrets.is_empty()));
    assert!(with_secrets.count() >= 20, "too few documents contain a secret");
    for run in runs {
        let files = check_run(&run);
        let mut report = Report::new(OffsetEncoding::Utf8);
        for (fixture, (path, checked)) in run.fixtures.iter().zip(&files) {
            report.add(&Input { path, text: &fixture.text, checked });
        }
        let human = human(&run, &files);
        let is_clean = files.iter().flat_map(|(_, checked)| checked).all(|one| one.diagnostics.is_empty());
        assert_eq!(human.is_empty(), is_clean, "{}", run.name());
        let formats = [
            ("human", human),
            ("json", report.to_json()),
            ("sarif", report.to_sarif()),
            ("github", report.to_github()),
        ];
        for piece in run.fixtures.iter().flat_map(|fixture| &fixture.expected.secrets).flat_map(|s| pieces(s))
        {
            for (format, text) in &formats {
                assert!(!text.contains(&piece), "{} as {format}: `{piece}` in\n{text}", run.name());
            }
        }
    }
}

/// Whether the run needs limits other than the defaults.
fn needs_limits(run: &Run) -> bool {
    run.fixtures[0].expected.limits != Limits::default()
}

#[test]
fn program_output_contains_no_secret() {
    let runs = runs();
    let folder = written(&runs);
    let failures = each_in_parallel(&runs, |run| {
        let mut failures = Vec::new();
        for format in ["human", "json", "sarif", "github"] {
            let output = run.command(folder.path(), format).output().expect("the program runs");
            let shown = text(&output.stdout) + &text(&output.stderr);
            if !matches!(output.status.code(), Some(0 | 1)) {
                failures.push(format!("{} as {format}: {}\n{shown}", run.name(), output.status));
            }
            let is_clean = run.fixtures.iter().all(|fixture| fixture.expected.diagnostics.is_empty());
            let has_output = ["json", "sarif"].contains(&format) || !is_clean;
            if has_output && shown.trim().is_empty() && !needs_limits(run) {
                failures.push(format!("{} as {format}: no output", run.name()));
            }
            for secret in run.fixtures.iter().flat_map(|fixture| &fixture.expected.secrets) {
                if let Some(piece) = pieces(secret).into_iter().find(|piece| shown.contains(piece.as_str())) {
                    failures.push(format!("{} as {format}: `{piece}` in\n{shown}", run.name()));
                }
            }
        }
        failures
    });
    report("show a secret", &failures);
}

/// The diagnostics of the program with `--format json`, in the format of an expectation, and the exit code.
fn program(folder: &Path, run: &Run) -> Result<(Vec<Vec<String>>, Option<i32>), String> {
    #[derive(Deserialize)]
    struct Report {
        files: Vec<File>,
    }
    #[derive(Deserialize)]
    struct File {
        path: String,
        document: usize,
        diagnostics: Vec<Diagnostic>,
    }
    #[derive(Deserialize)]
    struct Diagnostic {
        code: String,
        severity: String,
        pointer: String,
        start: Position,
        end: Position,
    }
    #[derive(Deserialize)]
    struct Position {
        line: usize,
        column: usize,
    }
    let Output { status, stdout, stderr } = run.command(folder, "json").output().expect("the program runs");
    let report: Report = serde_json::from_slice(&stdout)
        .map_err(|error| format!("    invalid JSON: {error}\n{}{}", text(&stdout), text(&stderr)))?;
    let mut lines = vec![Vec::new(); run.fixtures.len()];
    for file in report.files {
        let at = run.fixtures.iter().position(|fixture| fixture.path == file.path).unwrap_or(0);
        for d in file.diagnostics {
            let range = format!("{}:{}-{}:{}", d.start.line, d.start.column, d.end.line, d.end.column);
            lines[at].push(line(file.document, &range, &d.severity, &d.code, &d.pointer));
        }
    }
    Ok((lines, status.code()))
}

#[test]
fn program_reports_the_same_diagnostics_and_exit_code() {
    let mut runs = runs();
    // The program has no options for the limits.
    runs.retain(|run| !needs_limits(run));
    let folder = written(&runs);
    let failures = each_in_parallel(&runs, |run| {
        let mut failure = String::new();
        match program(folder.path(), run) {
            Err(error) => failure = error,
            Ok((found, exit)) => {
                for (fixture, found) in run.fixtures.iter().zip(&found) {
                    failure += &difference(&fixture.expected.diagnostics, found);
                }
                let expected = i32::from(run.fixtures.iter().any(|fixture| fixture.expected.has_error()));
                if exit != Some(expected) {
                    writeln!(failure, "    - exit {expected}\n    + exit {exit:?}").expect("a string");
                }
            }
        }
        if failure.is_empty() { Vec::new() } else { vec![format!("{}\n{failure}", run.name())] }
    });
    report("differ on the command line", &failures);
}

#[test]
fn human_report_of_each_code_matches_its_snapshot() {
    let runs = runs();
    for code in Code::ALL.iter().copied().filter(|code| !NOT_FROM_CHECK.contains(code)) {
        let has_snapshot = |run: &&Run| run.code == code && run.fixtures[0].expected.has_snapshot;
        let matching: Vec<&Run> = runs.iter().filter(has_snapshot).collect();
        let [run] = matching[..] else { panic!("{code}: exactly one document must have `report: snapshot`") };
        assert!(run.fires(), "{}: no diagnostic `{code}`", run.name());
        insta::assert_snapshot!(code.as_str(), human(run, &check_run(run)));
    }
}
