//! Runs of tests by Cargo and by Node.js: what they come to, and which failed.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::ops::AddAssign;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::Outcome;
use crate::command::{Error, cargo, described, step, streams, target_folder};
use crate::programs::CHROMIUM;

/// The variable with which tests that take minutes run as a whole.
pub(crate) const WHOLE: (&str, &str) = ("BOOTSHIFT_WHOLE", "1");

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

/// What has run so far.
#[derive(Default)]
pub(crate) struct Tests {
    /// The suites, each with the time at which it began.
    suites: Vec<(String, Count, Instant)>,
    /// The commands that failed, each with the names of the tests in it that did.
    broken: Vec<String>,
}

impl Tests {
    /// Begins a suite: what runs from now on belongs to it.
    pub(crate) fn suite(&mut self, name: String) {
        self.suites.push((name, Count::default(), Instant::now()));
    }

    fn add(&mut self, added: Count) {
        if let Some((_, count, _)) = self.suites.last_mut() {
            *count += added;
        }
    }

    /// Runs tests of Cargo or of Node.js, and counts them.
    pub(crate) fn run(&mut self, command: &mut Command) -> Result<(), Error> {
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
        let mut text = format!("{:<12} {:>7} {:>7} {:>8}\n", "suite", "passed", "failed", "seconds");
        let mut total = Count::default();
        let ends = self.suites.iter().skip(1).map(|(_, _, start)| *start).chain([Instant::now()]);
        for ((name, count, start), end) in self.suites.iter().zip(ends) {
            let seconds = (end - *start).as_secs();
            let _ = writeln!(text, "{name:<12} {:>7} {:>7} {seconds:>8}", count.passed, count.failed);
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

/// Reads a line of Cargo's test runner, such as `test result: ok. 3 passed; 0 failed; 0 ignored; …`, or of that of Node.js, such
/// as `# pass 12`; `None` for any other.
fn result(line: &str) -> Option<Count> {
    if let Some((word, number)) = line.strip_prefix("# ").and_then(|rest| rest.split_once(' ')) {
        let number = number.parse().ok()?;
        return match word {
            "pass" => Some(Count { passed: number, failed: 0 }),
            "fail" | "cancelled" => Some(Count { passed: 0, failed: number }),
            _ => None,
        };
    }
    let (_, numbers) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let number = |word| numbers.split("; ").find_map(|part| part.strip_suffix(word)?.parse().ok());
    Some(Count { passed: number(" passed")?, failed: number(" failed")? })
}

/// Node.js on the tests of a folder, which find the command and the browser in the environment. A file that takes several times
/// as long as the longest is ended: the others still run, and the one that hangs is named.
pub(crate) fn node_tests(root: &Path, folder: &Path, whole: bool) -> Result<Command, Error> {
    let limit = if whole { "--test-timeout=1800000" } else { "--test-timeout=300000" };
    let mut command = Command::new("node");
    command
        .args(["--test", "--test-reporter=tap", limit])
        .args(test_files(folder)?)
        .current_dir(folder)
        .env("BOOTSHIFT_BIN", native_command(root)?)
        .envs(whole.then_some(WHOLE))
        .envs(CHROMIUM.path().map(|path| ("CHROMIUM", path)));
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

/// The command as the tests of the crate compile it.
pub(crate) fn native_command(root: &Path) -> Result<PathBuf, Error> {
    step(&mut cargo(root, "test --package bootshift --test integration --no-run"))?;
    Ok(target_folder()?.join("debug").join("bootshift").with_extension(env::consts::EXE_EXTENSION))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summary_has_a_line_for_each_suite_and_ends_with_the_sum() {
        let mut tests = Tests::default();
        tests.suite("core".to_owned());
        tests.add(Count { passed: 3, failed: 0 });
        tests.suite("page".to_owned());
        tests.add(Count { passed: 2, failed: 1 });
        tests.fail("npm run build".to_owned());
        let summary = tests.summary();
        let words: Vec<Vec<&str>> = summary.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(words[1..3], [["core", "3", "0", "0"], ["page", "2", "2", "0"]]);
        assert!(summary.ends_with("\n5 passed, 2 failed"), "{summary}");
    }

    #[test]
    fn counts_are_read() {
        let cargo = |rest: &str| result(&format!("test result: {rest}; 0 measured; finished in 1.20s"));
        assert_eq!(cargo("ok. 12 passed; 0 failed; 3 ignored"), Some(Count { passed: 12, failed: 0 }));
        assert_eq!(cargo("FAILED. 7 passed; 2 failed; 0 ignored"), Some(Count { passed: 7, failed: 2 }));
        assert_eq!(result("# pass 12"), Some(Count { passed: 12, failed: 0 }));
        assert_eq!(result("# fail 1"), Some(Count { passed: 0, failed: 1 }));
        for line in
            ["", "test result: none", "note: test result: ok. 1 passed; 0 failed", "# tests 13", "pass 12"]
        {
            assert_eq!(result(line), None, "{line}");
        }
    }

    #[test]
    fn failed_tests_are_named_with_the_reasons_of_node() {
        let mut failures = Failures::default();
        for line in [
            "test runner::a ... ok",
            "ok 15 - not ok 3 - x",
            "    not ok 1 - packs",
            "  error: 'no'",
            "  ...",
            "ok 2 - reads",
            "test runner::b ... FAILED",
            "test result: FAILED. 0 passed",
        ] {
            failures.read(line);
        }
        assert_eq!(failures.lines, ["packs", "  error: 'no'", "runner::b"]);
    }
}
