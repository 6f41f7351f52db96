//! What the fuzzers found worth keeping (`fuzz/corpus`), tried again without them: the same properties, on a stable
//! compiler.

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

/// Holds a property against every file of its corpus; names the file that it fails on.
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
fn documents_of_the_corpus_are_read() {
    replay("documents", documents::hold);
}

#[test]
fn documents_of_the_corpus_are_checked() {
    replay("check", check::hold);
}

#[test]
fn requests_of_the_corpus_are_rendered() {
    replay("requests", requests::hold);
}

#[test]
fn names_of_the_corpus_make_scripts() {
    replay("scripts", scripts::hold);
}

#[test]
fn servers_of_the_corpus_do_no_harm() {
    replay("wire", wire::hold);
}

#[test]
fn clients_of_the_corpus_do_no_harm_to_the_emulator() {
    replay("emulator", emulator::hold);
}
