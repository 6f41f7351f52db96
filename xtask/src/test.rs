//! `cargo xtask test`: the tests, and everything that only has to compile.

use std::env;
use std::fs;
use std::io;
use std::ops::AddAssign;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;

use crate::Outcome;
use crate::adoption;
use crate::command::{
    Error, WASM, cargo, described, require_crates, require_curl, require_wasm_target, streams, succeeds,
    target_folder,
};
use crate::differential;
use crate::npm;
use crate::page;
use crate::tools::{Chromium, WasmBindgen, npm_ci, require_postgresql};

/// Tests of the crate on this machine, in this order.
const NATIVE: [&[&str]; 4] = [
    &["test", "--workspace", "--no-fail-fast"],
    &[
        "test",
        "--package",
        "bootshift",
        "--no-default-features",
        "--lib",
        "--test",
        "examples",
        "--test",
        "fixtures",
        "--test",
        "lexer",
        "--test",
        "script",
        "--no-fail-fast",
    ],
    &["test", "--package", "bootshift", "--no-default-features", "--features", "wasm", "--test", "wire"],
    &[
        "test",
        "--package",
        "bootshift",
        "--features",
        "native",
        "--lib",
        "--test",
        "attacks",
        "--test",
        "book",
        "--test",
        "cli",
        "--test",
        "connection",
        "--test",
        "corpus",
        "--test",
        "double",
        "--test",
        "file_names",
        "--test",
        "lsp",
        "--test",
        "properties",
        "--test",
        "runner",
        "--no-fail-fast",
    ],
];

/// Tests that do what a user does with the runner, whatever the words.
const REWORDED: &[&str] =
    &["test", "--package", "bootshift", "--features", "native", "--test", "runner", "--no-fail-fast"];

/// Tests of the binding, which run in WebAssembly.
const BINDING: &[&str] = &[
    "test",
    "--package",
    "bootshift",
    "--no-default-features",
    "--features",
    "wasm",
    "--test",
    "wasm",
    "--target",
    WASM,
];

/// Tests of the command, which the package's own command has to pass too.
const COMMAND: &[&str] =
    &["test", "--package", "bootshift", "--test", "cli", "--test", "readme", "--no-fail-fast"];

/// What has to compile though no test runs it: the core without an operating system.
const CHECKS: [&[&str]; 1] =
    [&["check", "--package", "bootshift", "--lib", "--no-default-features", "--target", WASM]];

/// After how many milliseconds a file of tests in Node.js is ended, several times what the longest takes: the others
/// still run, and the one that hangs is named.
const FILE_LIMIT: &str = "--test-timeout=300000";

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

/// How much to test.
#[derive(Args, Clone, Copy, Debug, Default)]
pub(crate) struct Options {
    /// The slow suites as a whole, of which a slice is run otherwise: every fault at every statement, many more cases of
    /// every property, the runner with other words, the differential at full length
    #[arg(long)]
    whole: bool,
}

/// The cases of each property in a run of the whole, ten times those of most.
const WHOLE_CASES: &str = "2000";

/// Runs all of it, whatever fails on the way, and closes with `N passed, N failed`. A command that fails without
/// a failed test of its own (it does not compile, say) counts as one failure.
pub(crate) fn run(root: &Path, options: Options) -> Result<Outcome, Error> {
    require_crates(root)?;
    require_wasm_target(root)?;
    require_curl()?;
    require_postgresql()?;
    let chromium = Chromium::install()?;
    let tools = WasmBindgen::install(root)?;
    let mut tests = Tests::default();
    for arguments in NATIVE {
        let mut command = reproducible(cargo(root, arguments));
        if options.whole {
            command.envs([("BOOTSHIFT_WHOLE", "1"), ("PROPTEST_CASES", WHOLE_CASES)]);
        }
        tests.run(&mut command, cargo_result)?;
    }
    for arguments in CHECKS {
        tests.require(&mut cargo(root, arguments))?;
    }
    tests.run(&mut binding(root, &tools), cargo_result)?;
    tests.run(
        binding(root, &tools).env("WASM_BINDGEN_USE_BROWSER", "1").env("CHROMEDRIVER", &chromium.driver),
        cargo_result,
    )?;
    let differential = root.join(differential::FOLDER);
    match npm_ci(&differential) {
        Ok(()) => tests.run(&mut node_tests(&differential, &chromium)?, node_result)?,
        Err(error) => tests.fail(error),
    }
    match npm::pack(root) {
        Ok(tarball) => {
            package(root, &tarball, &chromium, &mut tests)?;
            match page::build(root) {
                Ok(_) => tests.run(&mut node_tests(&root.join("www"), &chromium)?, node_result)?,
                Err(error) => tests.fail(format!("cargo xtask site: {error}")),
            }
            match adoption::tests(root, &tarball) {
                Ok(mut command) => tests.run(&mut command, cargo_result)?,
                Err(error) => tests.fail(format!("cargo xtask adoption: {error}")),
            }
        }
        Err(error) => tests.fail(format!("cargo xtask npm: {error}")),
    }
    if options.whole {
        tests.run(&mut with_other_words(root)?, cargo_result)?;
        if differential::run(root, &differential::Options::default())? == Outcome::Red {
            tests.fail("cargo xtask differential".to_owned());
        }
    }
    Ok(tests.close())
}

/// Runs the tests of the runner where every summary of a statement, name of a test and message is another one: nothing may
/// depend on words.
pub(crate) fn reworded(root: &Path) -> Result<Outcome, Error> {
    require_postgresql()?;
    let mut tests = Tests::default();
    tests.run(&mut with_other_words(root)?, cargo_result)?;
    Ok(tests.close())
}

fn with_other_words(root: &Path) -> Result<Command, Error> {
    let flags = env::var("RUSTFLAGS").unwrap_or_default();
    let mut command = cargo(root, REWORDED);
    command
        .env("RUSTFLAGS", format!("{flags} --cfg bootshift_reworded"))
        .env("CARGO_TARGET_DIR", target_folder()?.join("reworded"));
    Ok(command)
}

/// Property tests try the same cases in every run, so that what is green here is green there, and do not shrink
/// what fails for ever. `PROPTEST_RNG_SEED` and `PROPTEST_CASES` in the environment try others and more.
pub(crate) fn reproducible(mut command: Command) -> Command {
    for (variable, value) in [("PROPTEST_RNG_SEED", "20261123"), ("PROPTEST_MAX_SHRINK_TIME", "60000")] {
        if env::var_os(variable).is_none() {
            command.env(variable, value);
        }
    }
    command
}

/// The tests of the npm package.
fn package(root: &Path, tarball: &Path, chromium: &Chromium, tests: &mut Tests) -> Result<(), Error> {
    let folder = root.join("pkg");
    tests.run(node_tests(&folder, chromium)?.env("BOOTSHIFT_TARBALL", tarball), node_result)?;
    let command = format!("node {}", folder.join("dist/bin.js").display());
    tests.run(cargo(root, COMMAND).env("BOOTSHIFT_COMMAND", command), cargo_result)
}

/// Node.js on the tests of a folder, which find the native command and the browser in the environment.
fn node_tests(folder: &Path, chromium: &Chromium) -> Result<Command, Error> {
    let mut command = Command::new("node");
    command
        .args(["--test", "--test-reporter=tap", FILE_LIMIT])
        .args(test_files(folder)?)
        .current_dir(folder)
        .env("BOOTSHIFT_BIN", native_command()?)
        .env("CHROMIUM", &chromium.browser);
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

/// The tests of the binding, under Node.js unless the environment asks for a browser.
fn binding(root: &Path, tools: &WasmBindgen) -> Command {
    let mut command = cargo(root, BINDING);
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", &tools.test_runner);
    command
}

/// What has run so far.
#[derive(Default)]
struct Tests {
    total: Count,
    /// The commands that failed, each with the names of the tests in it that did.
    broken: Vec<String>,
}

impl Tests {
    /// Runs tests, counting what `result` reads from the lines that they print.
    fn run(&mut self, command: &mut Command, result: fn(&str) -> Option<Count>) -> Result<(), Error> {
        let mut count = Count::default();
        let mut failures = Failures::default();
        let success = streams(command, |line| {
            count += result(line).unwrap_or_default();
            failures.read(line);
        })?;
        self.total += count;
        if !success {
            self.total.failed += u64::from(count.failed == 0);
            self.broken.push(described(command));
            self.broken.extend(failures.lines.into_iter().map(|line| format!("  {line}")));
        }
        Ok(())
    }

    /// Runs a command that has to succeed; it counts as a test only when it fails.
    fn require(&mut self, command: &mut Command) -> Result<(), Error> {
        if !succeeds(command)? {
            self.fail(described(command));
        }
        Ok(())
    }

    fn fail(&mut self, what: String) {
        self.total.failed += 1;
        self.broken.push(what);
    }

    /// Names what failed, and counts.
    fn close(self) -> Outcome {
        if !self.broken.is_empty() {
            eprintln!("\nfailed:\n{}", self.broken.join("\n"));
        }
        println!("{} passed, {} failed", self.total.passed, self.total.failed);
        if self.broken.is_empty() { Outcome::Green } else { Outcome::Red }
    }
}

/// The tests of one command that failed, and why where the runner says so right behind the name: what a test printed is far
/// above the end of the output, which is what CI shows.
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
fn node_result(line: &str) -> Option<Count> {
    let (word, number) = line.strip_prefix("# ")?.split_once(' ')?;
    let number = number.parse().ok()?;
    match word {
        "pass" => Some(Count { passed: number, failed: 0 }),
        "fail" | "cancelled" => Some(Count { passed: 0, failed: number }),
        _ => None,
    }
}

/// Reads a line of the form `test result: ok. 3 passed; 0 failed; 0 ignored; …`; `None` for any other.
fn cargo_result(line: &str) -> Option<Count> {
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
        assert_eq!(cargo_result(ok), Some(Count { passed: 12, failed: 0 }));
        let failed = "test result: FAILED. 7 passed; 2 failed; 0 ignored; 0 measured; 1 filtered out; finished in 1.20s";
        assert_eq!(cargo_result(failed), Some(Count { passed: 7, failed: 2 }));
    }

    #[test]
    fn keeps_the_reason_that_node_gives() {
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
    fn reads_the_result_lines_of_node() {
        assert_eq!(node_result("# pass 12"), Some(Count { passed: 12, failed: 0 }));
        assert_eq!(node_result("# fail 1"), Some(Count { passed: 0, failed: 1 }));
        for line in ["# tests 13", "# Subtest: pass 1", "pass 12", "# pass", "ok 1 - # pass 3"] {
            assert_eq!(node_result(line), None, "{line}");
        }
    }

    /// The end of a long output is what one reads.
    #[test]
    fn names_the_tests_that_failed() {
        assert_eq!(failed_test("test runner::a_cut ... FAILED"), Some("runner::a_cut"));
        assert_eq!(failed_test("not ok 15 - a worker"), Some("a worker"));
        assert_eq!(failed_test("    not ok 1 - inside"), Some("inside"));
        for line in ["test runner::a_cut ... ok", "ok 15 - not ok 3 - x", "test result: FAILED. 0 passed"] {
            assert_eq!(failed_test(line), None, "{line}");
        }
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
            assert_eq!(cargo_result(line), None, "{line}");
        }
    }
}
