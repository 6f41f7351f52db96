//! `cargo xtask test`: the tests, and everything that only has to compile.

use std::env;
use std::fs;
use std::ops::AddAssign;
use std::path::Path;

use crate::Outcome;
use crate::command::{Error, WASM, cargo, require_curl, require_wasm_target, streams, succeeds};

/// Tests run, in this order.
const TESTS: [&[&str]; 2] = [
    &["test", "--workspace", "--no-fail-fast"],
    &["test", "--package", "bootshift", "--no-default-features", "--no-fail-fast"],
];

/// What has to compile though no test runs it: the core and its JavaScript binding without an operating system,
/// and the features that are off by default.
const CHECKS: [&[&str]; 3] = [
    &["check", "--package", "bootshift", "--lib", "--no-default-features", "--target", WASM],
    &[
        "check",
        "--package",
        "bootshift",
        "--lib",
        "--no-default-features",
        "--features",
        "wasm",
        "--target",
        WASM,
    ],
    &["check", "--package", "bootshift", "--features", "native"],
];

/// The package that links the core and nothing else.
const PROBE: &str = "bootshift-probe";
/// The crates that no symbol of the core may come from.
const REGEX_ENGINES: [&str; 2] = ["regex_automata", "fancy_regex"];

/// How many tests ended which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    passed: u64,
    failed: u64,
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Runs all of it, whatever fails on the way, and closes with `N passed, N failed`. A command that fails without
/// a failed test of its own (it does not compile, say) counts as one failure.
pub(crate) fn run(root: &Path) -> Result<Outcome, Error> {
    require_wasm_target(root)?;
    require_curl()?;
    let mut total = Count::default();
    let mut broken = Vec::new();
    for arguments in TESTS {
        let mut count = Count::default();
        let success = streams(&mut cargo(root, arguments), |line| {
            count += test_result(line).unwrap_or_default();
        })?;
        if !success && count.failed == 0 {
            count.failed = 1;
        }
        if !success {
            broken.push(arguments.join(" "));
        }
        total += count;
    }
    for arguments in CHECKS {
        if !succeeds(&mut cargo(root, arguments))? {
            total.failed += 1;
            broken.push(arguments.join(" "));
        }
    }
    if !regex_free(root)? {
        total.failed += 1;
        broken.push("build --package bootshift-probe".to_owned());
    }
    for command in &broken {
        eprintln!("failed: cargo {command}");
    }
    println!("{} passed, {} failed", total.passed, total.failed);
    Ok(if broken.is_empty() { Outcome::Green } else { Outcome::Red })
}

/// Whether the core, linked for WebAssembly, has no regex engine in it. The jsonschema crate depends on two; they
/// are more than half of the size that they would come to, and the linker drops them as long as no schema has a
/// `pattern`.
fn regex_free(root: &Path) -> Result<bool, Error> {
    if !succeeds(&mut cargo(root, &["build", "--package", PROBE, "--profile", "wasm", "--target", WASM]))? {
        return Ok(false);
    }
    let this = env::current_exe().map_err(|error| error.to_string())?;
    // Cargo puts the profiles of the host beside the folders of other targets, or below one of its own.
    let binary = this
        .ancestors()
        .skip(2)
        .take(2)
        .map(|folder| folder.join(WASM).join("wasm").join(PROBE).with_extension("wasm"))
        .find(|path| path.is_file())
        .ok_or_else(|| format!("no {PROBE}.wasm near {}", this.display()))?;
    let bytes = fs::read(&binary).map_err(|error| format!("{}: {error}", binary.display()))?;
    // Symbol names are in the file; if they were not, the engines could hide.
    if !mentions(&bytes, "bootshift") {
        return Err(format!("{} has no symbol names", binary.display()));
    }
    let engines: Vec<_> = REGEX_ENGINES.into_iter().filter(|engine| mentions(&bytes, engine)).collect();
    eprintln!("the core as WebAssembly: {} KiB before wasm-opt", bytes.len() / 1024);
    if !engines.is_empty() {
        eprintln!("error: a regex engine is linked into the core: {}", engines.join(", "));
    }
    Ok(engines.is_empty())
}

fn mentions(bytes: &[u8], name: &str) -> bool {
    bytes.windows(name.len()).any(|window| window == name.as_bytes())
}

/// Reads a line of the form `test result: ok. 3 passed; 0 failed; 0 ignored; …`; `None` for any other.
fn test_result(line: &str) -> Option<Count> {
    let (_, numbers) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let number = |word: &str| {
        numbers.split("; ").find_map(|part| part.strip_suffix(word)?.trim_end().parse::<u64>().ok())
    };
    Some(Count { passed: number("passed")?, failed: number("failed")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_result_lines_of_cargo_test() {
        let ok =
            "test result: ok. 12 passed; 0 failed; 3 ignored; 0 measured; 0 filtered out; finished in 0.04s";
        assert_eq!(test_result(ok), Some(Count { passed: 12, failed: 0 }));
        let failed = "test result: FAILED. 7 passed; 2 failed; 0 ignored; 0 measured; 1 filtered out; finished in 1.20s";
        assert_eq!(test_result(failed), Some(Count { passed: 7, failed: 2 }));
    }

    #[test]
    fn finds_a_name_among_bytes() {
        assert!(mentions(b"\0asm_ZN14regex_automata4meta", "regex_automata"));
        assert!(!mentions(b"\0asm", "regex_automata"));
    }

    #[test]
    fn passes_over_other_lines() {
        for line in [
            "",
            "running 3 tests",
            "test result: none",
            "test a ... ok",
            "note: test result: ok. 1 passed; 0 failed",
        ] {
            assert_eq!(test_result(line), None, "{line}");
        }
    }
}
