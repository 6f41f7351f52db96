//! The book and the READMEs: every command in them is run and has the output that they show, every code has examples, and
//! every chapter is linked.
//!
//! `BOOTSHIFT_BOOK=write` writes the output into the pages that show another one, lists them, and fails, so that you
//! review them.

pub(crate) mod codes;
pub(crate) mod constructs;
pub(crate) mod page;
pub(crate) mod shell;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::thread;

use bootshift::check::{Code, explain_http};
use page::{Action, blocks, matches, with_gap, with_outputs};
use serde_json::Value;

use crate::support::rows::rows;

/// Pages whose JavaScript is run, by the tests of the package (`pkg/test/node.test.js`) and of other tools
/// (`tests/schema-tools`).
const JAVASCRIPT: [&str; 3] = ["book/src/start-javascript.md", "book/src/tools.md", "pkg/README.md"];

/// The page that [`codes`] generates.
const CODES: &str = "book/src/codes.md";

/// The page that [`constructs`] generates.
const CONSTRUCTS: &str = "book/src/constructs.md";

/// Pages with commands that are not chapters.
const READMES: [&str; 4] = ["README.md", "examples/README.md", "pkg/README.md", "www/README.md"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Whether to write the pages.
fn writes() -> bool {
    std::env::var_os("BOOTSHIFT_BOOK").is_some_and(|task| task == "write")
}

/// The chapters in `book/src`, without the summary.
fn chapters() -> BTreeSet<String> {
    let entries = fs::read_dir(root().join("book/src")).expect("the book");
    let names = entries.map(|entry| entry.expect("a file").file_name().into_string().expect("a name"));
    let is_chapter =
        |name: &String| name != "SUMMARY.md" && Path::new(name).extension().is_some_and(|end| end == "md");
    names.filter(is_chapter).collect()
}

/// Every page with commands, except for the generated one.
fn pages() -> Vec<String> {
    let chapters = chapters().into_iter().map(|name| format!("book/src/{name}"));
    READMES.map(str::to_owned).into_iter().chain(chapters).filter(|page| page != CODES).collect()
}

/// Runs the commands of a page. Returns the page with the actual output, and the differences from what it shows.
fn tried(page: &str, text: &str) -> (String, Vec<String>) {
    let blocks = match blocks(text) {
        Ok(blocks) => blocks,
        Err(mistake) => return (text.to_owned(), vec![format!("{page}:{mistake}")]),
    };
    let ran = shell::run(root(), &blocks);
    let mut failures = Vec::new();
    let mut outputs = Vec::new();
    for command in &ran {
        let place = format!("{page}:{}: `{}`", command.line, command.command.text);
        let said = command.output.join("\n");
        if command.exit != Some(command.command.exit) {
            let exit = command.exit.map_or_else(|| "not run".to_owned(), |exit| format!("exit {exit}"));
            failures.push(format!("{place}: {exit}, not {}:\n{said}", command.command.exit));
        }
        let Some(shown) = &command.command.output else { continue };
        let is_wrong = command.exit != Some(command.command.exit);
        if is_wrong || matches(shown, &command.output) {
            outputs.push(shown.clone());
        } else {
            outputs.push(with_gap(shown, &command.output));
            failures.push(format!("{place} shows\n{}\nbut the output is\n{said}", shown.join("\n")));
        }
    }
    (with_outputs(text, &outputs).expect("the blocks are read"), failures)
}

/// What is said of a page that was written.
fn written_page(page: &str) -> String {
    format!("{page} is written: review it, and run the test again")
}

/// Fails if a generated page is not up to date, and writes it if that is wanted.
fn assert_generated(name: &str, page: &str) {
    if read(name) != page {
        assert!(
            writes(),
            "{name} is not up to date: `BOOTSHIFT_BOOK=write cargo test --test redshift book::` writes it"
        );
        fs::write(root().join(name), page).expect("the page is written");
        panic!("{}", written_page(name));
    }
}

fn assert_none(failures: &[String]) {
    let hint = if writes() {
        ""
    } else {
        "\n\nIf the commands are right, `BOOTSHIFT_BOOK=write cargo test --test redshift book::` writes their output into the pages."
    };
    assert!(failures.is_empty(), "{}{hint}", failures.join("\n\n"));
}

/// Whether a word of a command assigns a literal secret to a variable, which the shell would keep in its history.
fn types_a_secret(word: &str) -> bool {
    const SECRETS: [&str; 4] = ["PASSWORD", "SECRET", "TOKEN", "KEY"];
    let Some((name, value)) = word.split_once('=') else { return false };
    let name = name.trim_start_matches(['`', '(']);
    let is_variable =
        name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    let value = value.trim_start_matches(['"', '\'']);
    // A value from elsewhere is not typed, and neither is an empty one.
    let is_typed = !value.is_empty() && !value.starts_with(['$', '`', '…']);
    is_variable && SECRETS.iter().any(|secret| name.contains(secret)) && is_typed
}

#[test]
fn pages_contain_no_literal_secret_assignments() {
    for word in ["PGPASSWORD=Correct1horse", "MY_TOKEN_2='x'", "`API_KEY=x`", "(IMMUTA_PASSWORD=\"x"] {
        assert!(types_a_secret(word), "{word}");
    }
    for word in
        ["PGPASSWORD=", "PGPASSWORD=\"$(cat", "MY_TOKEN=$OTHER", "EDITOR=vi", "--password=md5", "export"]
    {
        assert!(!types_a_secret(word), "{word}");
    }
    let more = ["CONTRIBUTING.md", "xtask/packaging/pypi.md", CODES].map(str::to_owned);
    for page in pages().into_iter().chain(more) {
        let text = read(&page);
        let found: Vec<&str> = text.split_whitespace().filter(|word| types_a_secret(word)).collect();
        assert!(found.is_empty(), "{page}: {found:?}");
    }
}

#[test]
fn commands_have_the_shown_output() {
    let failures: Vec<String> = thread::scope(|scope| {
        let pages: Vec<_> = pages()
            .into_iter()
            .map(|page| {
                scope.spawn(move || {
                    let text = read(&page);
                    let (written, failures) = tried(&page, &text);
                    if writes() && written != text {
                        fs::write(root().join(&page), &written).expect("the page is written");
                        let mut failures = tried(&page, &written).1;
                        failures.push(written_page(&page));
                        return failures;
                    }
                    failures
                })
            })
            .collect();
        pages.into_iter().flat_map(|page| page.join().expect("a page")).collect()
    });
    assert_none(&failures);
}

/// Fails for a code without a section, and for a changed explanation or output.
#[test]
fn every_code_has_an_explanation_and_examples() {
    let skeleton = codes::page(root());
    let (page, failures) = tried(CODES, &skeleton);
    let wrong: Vec<_> = failures.into_iter().filter(|failure| !failure.contains("` shows\n")).collect();
    assert_none(&wrong);
    for code in Code::ALL {
        let section = page.split_once(&format!("\n## {code}\n")).expect("a section").1;
        let section = section.split_once("\n## ").map_or(section, |(section, _)| section);
        let (wrong, right) = section.split_once("\nRight").expect("a right one");
        let said = format!("{}[{code}]: ", code.severity().as_str());
        assert!(
            wrong.contains(&format!("\n{said}")) || wrong.contains(&format!(": {said}")),
            "{code}: {wrong}"
        );
        assert!(!right.contains(&said), "{code}: {right}");
    }
    assert_generated(CODES, &page);
}

#[test]
fn page_of_constructs_is_generated_from_its_data() {
    let page = constructs::page(&rows());
    assert_generated(CONSTRUCTS, &page);
}

#[test]
fn javascript_is_only_on_pages_that_tests_run() {
    for page in pages().iter().filter(|page| !JAVASCRIPT.contains(&page.as_str())) {
        let blocks = blocks(&read(page)).expect("a page");
        let script = blocks.iter().find(|block| ["js", "ts"].contains(&block.language.as_str()));
        assert!(script.is_none(), "{page}: {script:?}");
    }
}

/// A shell keeps its commands in its history.
#[test]
fn commands_contain_no_secrets() {
    for page in pages() {
        for block in blocks(&read(&page)).expect("a page") {
            if !["console", "sh"].contains(&block.language.as_str()) {
                continue;
            }
            for word in block.body.iter().flat_map(|line| line.split_whitespace()) {
                let Some((name, value)) = word.split_once('=') else { continue };
                let is_secret = ["PASSWORD", "SECRET", "TOKEN", "KEY"].iter().any(|end| name.ends_with(end));
                assert!(!is_secret || value.is_empty() || value.starts_with("\"$"), "{page}: {word}");
            }
        }
    }
}

/// Readers do not see the comment that names a file, so the text must name it.
#[test]
fn every_file_is_named_in_the_text_above() {
    let mut failures = Vec::new();
    for page in pages() {
        let text = read(&page);
        let mut above = String::new();
        for line in text.lines() {
            match line.trim().strip_prefix("<!-- file: ").and_then(|name| name.strip_suffix(" -->")) {
                Some(name) if !above.contains(name) => failures.push(format!("{page}: {name}")),
                Some(_) => {}
                None => above.push_str(line),
            }
        }
    }
    assert!(failures.is_empty(), "no text above names {failures:#?}");
}

#[test]
fn every_chapter_is_in_the_summary() {
    let summary = read("book/src/SUMMARY.md");
    let linked = summary.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
    let linked: Vec<String> = linked.map(|(name, _)| name.to_owned()).collect();
    let once: BTreeSet<String> = linked.iter().cloned().collect();
    assert_eq!(once.len(), linked.len(), "duplicate chapter in the summary");
    assert_eq!(once, chapters());
}

/// The documents in the chapter on the API are equal to those on the vendor's page.
#[test]
fn api_chapter_has_all_vendor_examples() {
    let vendor = root().join("tests/fixtures/vendor");
    let json = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
    let shown: Vec<(String, Value)> = blocks(&read("book/src/api.md"))
        .expect("a page")
        .into_iter()
        .filter_map(|block| match block.action {
            Action::Write(name) => Some((name, json(&block.body.join("\n")))),
            _ => None,
        })
        .collect();
    for entry in fs::read_dir(vendor).expect("the fixtures") {
        let path = entry.expect("a file").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.extension().is_none_or(|end| end != "json") || name == "index.json" {
            continue;
        }
        let theirs = json(&read(&path));
        // One payload serves several calls.
        assert!(shown.iter().any(|(_, document)| *document == theirs), "{name} is not shown");
        let of_the_name = shown.iter().filter(|(shown, _)| *shown == name);
        for (_, document) in of_the_name {
            assert_eq!(*document, theirs, "{name}");
        }
    }
}

/// `check` explains each row of the table.
#[test]
fn check_explains_every_http_error_of_the_book() {
    let page = read("book/src/troubleshooting.md");
    let mut rows = 0;
    for line in page.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let ["", status, message, _, _, ""] = cells.as_slice() else { continue };
        let Ok(status) = status.parse() else { continue };
        assert!(explain_http(status, &message.replace('…', "x")).is_some(), "{line}");
        rows += 1;
    }
    assert_eq!(rows, 11);
}

/// The book lists the attacks that the tests run.
#[test]
fn threat_model_lists_every_attack() {
    let page = read("book/src/threat-model.md");
    let source = read("tests/redshift/attacks/table.rs");
    let names = source.split("name: \"").skip(1).filter_map(|rest| rest.split_once('"'));
    let names: Vec<&str> = names.map(|(name, _)| name).filter(|name| !name.is_empty()).collect();
    assert!(names.len() > 30, "{names:?}");
    for name in names {
        assert!(page.contains(name), "{name}");
    }
    // The attacks on the runner.
    let source = read("tests/redshift/runner/trust.rs") + &read("tests/redshift/runner/races.rs");
    let tests = source.split("#[test]\nfn ").skip(1).filter_map(|rest| rest.split_once('('));
    let tests: Vec<&str> = tests.map(|(name, _)| name).collect();
    assert!(tests.len() > 10, "{tests:?}");
    for name in tests {
        assert!(page.contains(&format!("`{name}`")), "{name}");
    }
}

/// The threat model names only tests that exist, in Rust and JavaScript.
#[test]
fn tests_named_in_the_threat_model_exist() {
    let page = read("book/src/threat-model.md");
    let spans = page.split('`').skip(1).step_by(2);
    let is_test = |span: &&str| {
        span.matches('_').count() > 2 && span.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
    };
    let named: BTreeSet<&str> = spans.filter(is_test).collect();
    assert!(named.len() > 40, "{named:?}");
    let sources: String = ["tests", "src", "xtask/tests"].into_iter().map(rust_below).collect();
    for name in named {
        assert!(sources.contains(&format!("fn {name}(")), "{name}");
    }
    for row in page.lines().filter(|line| line.contains(".test.js`")) {
        let code: Vec<&str> = row.split('`').skip(1).step_by(2).collect();
        assert!(read(code[1]).contains(&format!("test(\"{}\"", code[0])), "{row}");
    }
}

/// All Rust sources in a folder and its subfolders, concatenated.
fn rust_below(folder: &str) -> String {
    let entries =
        fs::read_dir(root().join(folder)).expect("a folder").map(|entry| entry.expect("a file").path());
    entries
        .map(|path| match path.extension() {
            _ if path.is_dir() => rust_below(path.to_str().expect("a path")),
            Some(end) if end == "rs" => fs::read_to_string(path).expect("a source"),
            _ => String::new(),
        })
        .collect()
}

/// Every fact has one of the labels that the page explains.
#[test]
fn every_fact_has_a_label() {
    let page = read("book/src/facts.md");
    let (labels, tables) = page.split_once("\n## ").expect("the labels come first");
    let cells = |line: &str| -> Option<Vec<String>> {
        let line = line.strip_prefix("| ")?.strip_suffix('|')?;
        Some(line.split(" | ").map(|cell| cell.trim().to_owned()).collect())
    };
    let is_row = |row: &Vec<String>| !row[0].starts_with("---");
    let known: BTreeSet<String> =
        labels.lines().filter_map(cells).filter(is_row).skip(1).map(|row| row[0].clone()).collect();
    let facts: Vec<_> =
        tables.lines().filter_map(cells).filter(is_row).filter(|row| row[0] != "fact").collect();
    assert!(facts.len() > 50, "{}", facts.len());
    for fact in facts {
        assert!(known.contains(&fact[1]), "{fact:?}");
    }
}
