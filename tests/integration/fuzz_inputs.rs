//! Tests the properties of the fuzzers with a stable compiler, on their seeds (`fuzz/seeds`) and on what once failed
//! (`fuzz/regressions`).

#[path = "../../fuzz/properties/check.rs"]
mod check;
#[path = "../../fuzz/properties/documents.rs"]
mod documents;
#[path = "../../fuzz/properties/emulator.rs"]
mod emulator;
#[path = "../../fuzz/properties/requests.rs"]
mod requests;
#[path = "../../fuzz/properties/scripts.rs"]
mod scripts;
#[path = "../../fuzz/properties/wire.rs"]
mod wire;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

/// The maximum number of seeds of a target. The fuzzer finds more by itself.
const MOST_SEEDS: usize = 40;

/// Tests a property on every seed and every regression, and names the files on which it fails.
fn replay(target: &str, hold: fn(&[u8])) {
    let seeds = inputs("seeds", target);
    assert!((1..=MOST_SEEDS).contains(&seeds.len()), "{target} has {} seeds", seeds.len());
    for path in seeds.iter().chain(&inputs("regressions", target)) {
        let data = fs::read(path).expect("its bytes");
        let outcome = catch_unwind(AssertUnwindSafe(|| hold(&data)));
        assert!(outcome.is_ok(), "{target} fails on {}", path.display());
    }
}

/// The files of a target in `fuzz/seeds` or `fuzz/regressions`; not every target has regressions.
fn inputs(kind: &str, target: &str) -> Vec<PathBuf> {
    let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "fuzz", kind, target].iter().collect();
    let entries = fs::read_dir(&folder).map(Vec::from_iter).unwrap_or_default();
    entries.into_iter().map(|entry| entry.expect("a file").path()).collect()
}

#[test]
fn documents_are_parsed() {
    replay("documents", documents::hold);
}

#[test]
fn documents_are_checked() {
    replay("check", check::hold);
}

#[test]
fn requests_are_rendered() {
    replay("requests", requests::hold);
}

#[test]
fn names_are_quoted_in_scripts() {
    replay("scripts", scripts::hold);
}

#[test]
fn server_messages_are_handled() {
    replay("wire", wire::hold);
}

#[test]
fn emulator_handles_client_messages() {
    replay("emulator", emulator::hold);
}
