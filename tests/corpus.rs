//! Tests the properties of the fuzzers on their corpus (`fuzz/corpus`), with a stable compiler.

#[path = "../fuzz/properties/check.rs"]
mod check;
#[path = "../fuzz/properties/documents.rs"]
mod documents;
#[path = "../fuzz/properties/emulator.rs"]
mod emulator;
#[allow(dead_code)] // other tests use the rest
#[path = "support/lexer.rs"]
mod lexer;
#[path = "support/payload.rs"]
mod payload;
#[path = "../fuzz/properties/requests.rs"]
mod requests;
#[path = "../fuzz/properties/scripts.rs"]
mod scripts;
#[path = "../fuzz/properties/wire.rs"]
mod wire;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

/// Tests a property on every file of its corpus, and names the files on which it fails.
fn replay(target: &str, hold: fn(&[u8])) {
    let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "fuzz", "corpus", target].iter().collect();
    let mut tried = 0;
    for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("a file of the corpus").path();
        let data = fs::read(&path).expect("its bytes");
        let outcome = catch_unwind(AssertUnwindSafe(|| hold(&data)));
        assert!(outcome.is_ok(), "{target} fails on {}", path.display());
        tried += 1;
    }
    assert!(tried > 20, "{tried} files");
}

#[test]
fn corpus_documents_are_parsed() {
    replay("documents", documents::hold);
}

#[test]
fn corpus_documents_are_checked() {
    replay("check", check::hold);
}

#[test]
fn corpus_requests_are_rendered() {
    replay("requests", requests::hold);
}

#[test]
fn corpus_names_are_quoted_in_scripts() {
    replay("scripts", scripts::hold);
}

#[test]
fn corpus_server_messages_are_handled() {
    replay("wire", wire::hold);
}

#[test]
fn emulator_handles_corpus_client_messages() {
    replay("emulator", emulator::hold);
}
