//! What each driver says for a script that is not run statement by statement; the book quotes it.

use std::path::Path;

use redshift_emulator::DATABASE;
use serde_json::{Value, json};

use super::{Bench, ORDINARY, Ran, superuser};

const IN_TRANSACTION: &str = "CREATE DATABASE cannot run inside a transaction block";

/// Runs a session on an emulator of its own; returns what it did, and whether anything has changed.
fn run(driver: &str, statements: &[&str], transactions: &str) -> (Ran, bool) {
    let bench = Bench::new();
    let before = bench.dump(DATABASE);
    let mut session = superuser(DATABASE, statements);
    session["transactions"] = json!(transactions);
    let ran = bench.run(driver, &[session]).remove(0);
    let is_changed = bench.dump(DATABASE) != before;
    (ran, is_changed)
}

#[track_caller]
fn assert_says(driver: &str, ran: &Ran, words: &str) {
    let error = ran.result.as_ref().expect_err(driver);
    assert!(error.contains(words), "{driver}: {error}");
    assert_is_in_the_book(words);
}

/// The table of the page has the words.
fn assert_is_in_the_book(words: &str) {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("book/src/troubleshooting.md");
    let page = std::fs::read_to_string(page).expect("the page");
    assert!(page.contains(words), "the book does not quote: {words}");
}

/// The file of the first script.
fn first_script() -> String {
    let bench = Bench::new();
    let folder = bench.payload(ORDINARY).with_file_name("script");
    bench.bootshift(ORDINARY, &["script", "initial-create"], &["-o", &format!("{}/", folder.display())]);
    std::fs::read_to_string(folder.join("1-initial-create.sql")).expect("a script")
}

#[test]
#[ignore = "`cargo xtask test clients` installs the drivers and runs these tests"]
fn script_as_one_string_is_refused_by_the_server_or_by_redshift_connector() {
    let whole = first_script();
    for driver in ["psycopg", "psycopg2", "asyncpg", "pg8000", "node-postgres"] {
        let (ran, is_changed) = run(driver, &[&whole], "off");
        assert_says(driver, &ran, IN_TRANSACTION);
        assert!(is_changed, "{driver}");
    }
    let (ran, is_changed) = run("redshift_connector", &[&whole], "off");
    assert_says("redshift_connector", &ran, "cannot insert multiple commands into a prepared statement");
    assert!(!is_changed);
}

/// The statements of the first script.
fn statements() -> Vec<String> {
    let sessions = Bench::new().script(ORDINARY, "initial-create", "md5");
    let statements = sessions[0]["statements"].as_array().expect("statements");
    statements.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[test]
#[ignore = "`cargo xtask test clients` installs the drivers and runs these tests"]
fn transactions_of_drivers_are_refused() {
    let statements = statements();
    let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
    for driver in ["redshift_connector", "psycopg", "pg8000"] {
        let (ran, is_changed) = run(driver, &statements, "on");
        assert_says(driver, &ran, IN_TRANSACTION);
        assert!(is_changed, "{driver}");
    }
    // It does not begin another transaction after the script's COMMIT.
    assert_eq!(run("psycopg2", &statements, "on").0.result, Ok(None));
    for (driver, words) in [
        ("psycopg", "SAVEPOINT is not supported"),
        ("asyncpg", "cannot use Connection.transaction() in a manually started transaction"),
    ] {
        let (ran, is_changed) = run(driver, &statements, "each");
        assert_says(driver, &ran, words);
        assert!(!is_changed, "{driver}");
    }
}

/// A script may consist of comments only.
#[test]
#[ignore = "`cargo xtask test clients` installs the drivers and runs these tests"]
fn comments_alone_are_an_empty_query() {
    for (driver, words) in [
        ("redshift_connector", Some("query was empty")),
        ("psycopg", None),
        ("psycopg2", Some("can't execute an empty query")),
        ("asyncpg", Some("'NoneType' object has no attribute 'decode'")),
        ("pg8000", None),
        ("node-postgres", None),
    ] {
        let (ran, _) = run(driver, &["-- nothing to do\n"], "off");
        match words {
            Some(words) => assert_says(driver, &ran, words),
            None => assert_eq!(ran.result, Ok(None), "{driver}"),
        }
    }
}
