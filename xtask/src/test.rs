//! `cargo xtask test`: the tests, and everything that only has to compile.

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
    for command in &broken {
        eprintln!("failed: cargo {command}");
    }
    println!("{} passed, {} failed", total.passed, total.failed);
    Ok(if broken.is_empty() { Outcome::Green } else { Outcome::Red })
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
