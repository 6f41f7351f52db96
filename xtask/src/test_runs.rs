//! Runs of tests by Cargo and by Node.js: what they come to, and which failed.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::ops::AddAssign;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::command::{Error, described, streams, succeeds, target_folder};
use crate::programs::CHROMIUM;

/// After how many milliseconds a file of tests in Node.js is ended, several times what the longest takes: the others
/// still run, and the one that hangs is named.
const FILE_LIMIT: &str = "--test-timeout=300000";

/// How many tests ended which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    passed: u64,
    failed: u64,
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// A part of the tests with a name.
struct Suite {
    name: &'static str,
    count: Count,
    start: Instant,
    time: Duration,
}

/// What has run so far.
#[derive(Default)]
pub(crate) struct Tests {
    suites: Vec<Suite>,
    /// The commands that failed, each with the names of the tests in it that did.
    broken: Vec<String>,
}

impl Tests {
    /// Begins a suite: what runs from now on belongs to it.
    pub(crate) fn suite(&mut self, name: &'static str) {
        self.suites.push(Suite {
            name,
            count: Count::default(),
            start: Instant::now(),
            time: Duration::ZERO,
        });
    }

    /// Adds to the counts and the time of the suite.
    fn add(&mut self, count: Count) {
        if let Some(suite) = self.suites.last_mut() {
            suite.count += count;
            suite.time = suite.start.elapsed();
        }
    }

    /// Runs tests, counting what `result` reads from the lines that they print.
    pub(crate) fn run(
        &mut self,
        command: &mut Command,
        result: fn(&str) -> Option<Count>,
    ) -> Result<(), Error> {
        let mut count = Count::default();
        let mut failures = Failures::default();
        let success = streams(command, |line| {
            count += result(line).unwrap_or_default();
            failures.read(line);
        })?;
        if !success {
            count.failed = count.failed.max(1);
        }
        self.add(count);
        if !success {
            self.broken.push(described(command));
            self.broken.extend(failures.lines.into_iter().map(|line| format!("  {line}")));
        }
        Ok(())
    }

    /// Runs a command that has to succeed; it counts as a test only when it fails.
    pub(crate) fn require(&mut self, command: &mut Command) -> Result<(), Error> {
        if succeeds(command)? {
            self.add(Count::default());
        } else {
            self.fail(described(command));
        }
        Ok(())
    }

    pub(crate) fn fail(&mut self, what: String) {
        self.add(Count { passed: 0, failed: 1 });
        self.broken.push(what);
    }

    /// Names what failed, and prints a table of the suites and the sum.
    pub(crate) fn close(self) -> Outcome {
        if !self.broken.is_empty() {
            eprintln!("\nfailed:\n{}", self.broken.join("\n"));
        }
        println!("\n{}", self.summary());
        Outcome::from(self.broken.is_empty())
    }

    fn summary(&self) -> String {
        let mut text = format!("{:<32} {:>7} {:>7} {:>8}\n", "suite", "passed", "failed", "seconds");
        let mut total = Count::default();
        for Suite { name, count, time, .. } in &self.suites {
            let seconds = time.as_secs();
            let _ = writeln!(text, "{name:<32} {:>7} {:>7} {seconds:>8}", count.passed, count.failed);
            total += *count;
        }
        let _ = write!(text, "{} passed, {} failed", total.passed, total.failed);
        text
    }
}

/// The failed tests of one command, with the reason if the runner prints it after the name: CI shows only the end of the
/// output, and what a test prints is far above.
#[derive(Default)]
struct Failures {
    lines: Vec<String>,
    /// How many more lines of the reason to keep.
    reason: usize,
}

impl Failures {
    /// The lines kept of a reason.
    const REASON: usize = 20;

    fn read(&mut self, line: &str) {
        if let Some(name) = failed_test(line) {
            self.lines.push(name.to_owned());
            self.reason = if line.trim_start().starts_with("not ok ") { Self::REASON } else { 0 };
        } else if line.trim() == "..." {
            self.reason = 0;
        } else if self.reason > 0 {
            self.lines.push(line.to_owned());
            self.reason -= 1;
        }
    }
}

/// The name of the test that a line of Cargo's or Node's test runner says has failed.
fn failed_test(line: &str) -> Option<&str> {
    let line = line.trim_start();
    match line.strip_prefix("test ") {
        Some(test) => test.strip_suffix(" ... FAILED"),
        None => line.strip_prefix("not ok ")?.split_once(" - ").map(|(_, name)| name),
    }
}

/// Reads a line of Node's test runner, such as `# pass 12`; `None` for any other.
pub(crate) fn node_result(line: &str) -> Option<Count> {
    let (word, number) = line.strip_prefix("# ")?.split_once(' ')?;
    let number = number.parse().ok()?;
    match word {
        "pass" => Some(Count { passed: number, failed: 0 }),
        "fail" | "cancelled" => Some(Count { passed: 0, failed: number }),
        _ => None,
    }
}

/// Reads a line of the form `test result: ok. 3 passed; 0 failed; 0 ignored; …`; `None` for any other.
pub(crate) fn cargo_result(line: &str) -> Option<Count> {
    let (_, numbers) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let number = |word: &str| {
        numbers.split("; ").find_map(|part| part.strip_suffix(word)?.trim_end().parse::<u64>().ok())
    };
    Some(Count { passed: number("passed")?, failed: number("failed")? })
}

/// Node.js on the tests of a folder, which find the native command and the browser in the environment.
pub(crate) fn node_tests(folder: &Path) -> Result<Command, Error> {
    let mut command = Command::new("node");
    command
        .args(["--test", "--test-reporter=tap", FILE_LIMIT])
        .args(test_files(folder)?)
        .current_dir(folder)
        .env("BOOTSHIFT_BIN", native_command()?)
        .env("CHROMIUM", CHROMIUM.path()?);
    Ok(command)
}

/// The test files of a folder, relative to it. Node.js 20 knows no globs.
fn test_files(folder: &Path) -> Result<Vec<String>, Error> {
    let tests = folder.join("test");
    let failed = |error: io::Error| format!("{}: {error}", tests.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(&tests).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".test.js") {
            files.push(format!("test/{name}"));
        }
    }
    files.sort_unstable();
    Ok(files)
}

/// The command that the tests of the workspace have compiled.
fn native_command() -> Result<PathBuf, Error> {
    Ok(target_folder()?.join("debug").join("bootshift").with_extension(env::consts::EXE_EXTENSION))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summary_has_a_line_for_each_suite_and_ends_with_the_sum() {
        let mut tests = Tests::default();
        tests.suite("core");
        tests.add(Count { passed: 3, failed: 0 });
        tests.suite("page");
        tests.add(Count { passed: 2, failed: 1 });
        tests.fail("npm run build".to_owned());
        let summary = tests.summary();
        let words: Vec<Vec<&str>> = summary.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(words[1..3], [["core", "3", "0", "0"], ["page", "2", "2", "0"]]);
        assert!(summary.ends_with("\n5 passed, 2 failed"), "{summary}");
    }

    #[test]
    fn result_lines_of_cargo_test_are_parsed() {
        let ok =
            "test result: ok. 12 passed; 0 failed; 3 ignored; 0 measured; 0 filtered out; finished in 0.04s";
        assert_eq!(cargo_result(ok), Some(Count { passed: 12, failed: 0 }));
        let failed = "test result: FAILED. 7 passed; 2 failed; 0 ignored; 0 measured; 1 filtered out; finished in 1.20s";
        assert_eq!(cargo_result(failed), Some(Count { passed: 7, failed: 2 }));
    }

    #[test]
    fn reasons_of_failed_node_tests_are_kept() {
        let mut failures = Failures::default();
        for line in [
            "not ok 1 - packs",
            "  ---",
            "  error: 'no'",
            "  ...",
            "ok 2 - reads",
            "test a::b ... FAILED",
            "x",
        ] {
            failures.read(line);
        }
        assert_eq!(failures.lines, ["packs", "  ---", "  error: 'no'", "a::b"]);
    }

    #[test]
    fn result_lines_of_node_are_parsed() {
        assert_eq!(node_result("# pass 12"), Some(Count { passed: 12, failed: 0 }));
        assert_eq!(node_result("# fail 1"), Some(Count { passed: 0, failed: 1 }));
        for line in ["# tests 13", "# Subtest: pass 1", "pass 12", "# pass", "ok 1 - # pass 3"] {
            assert_eq!(node_result(line), None, "{line}");
        }
    }

    /// The end of a long output is what one reads.
    #[test]
    fn failed_tests_are_named() {
        assert_eq!(failed_test("test runner::a_cut ... FAILED"), Some("runner::a_cut"));
        assert_eq!(failed_test("not ok 15 - a worker"), Some("a worker"));
        assert_eq!(failed_test("    not ok 1 - inside"), Some("inside"));
        for line in ["test runner::a_cut ... ok", "ok 15 - not ok 3 - x", "test result: FAILED. 0 passed"] {
            assert_eq!(failed_test(line), None, "{line}");
        }
    }

    #[test]
    fn other_lines_are_ignored() {
        for line in [
            "",
            "running 3 tests",
            "test result: none",
            "test a ... ok",
            "note: test result: ok. 1 passed; 0 failed",
        ] {
            assert_eq!(cargo_result(line), None, "{line}");
        }
    }
}
