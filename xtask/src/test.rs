//! `cargo xtask test`: the tests, and everything that only has to compile.

use std::panic::resume_unwind;
use std::path::Path;
use std::process::Command;
use std::thread;

use clap::Args;

use crate::Outcome;
use crate::adoption;
use crate::clients;
use crate::command::{Error, cargo, require_crates, require_wasm_target};
use crate::differential;
use crate::npm;
use crate::page;
use crate::programs::CHROMEDRIVER;
use crate::reworded;
use crate::test_runs::{Tests, cargo_result, node_result, node_tests};
use crate::tools::{WasmBindgen, npm_ci};

/// Suites of the crate on this machine, in this order, each with its commands. All have the same features, so the crate is
/// compiled once.
const NATIVE: [(&str, &[&str]); 2] = [
    (
        "core and command",
        &["test --workspace --exclude redshift-emulator --no-fail-fast -- --include-ignored"],
    ),
    (
        "on the emulator of Redshift",
        &[
            "test --package bootshift --package redshift-emulator --test redshift --test emulator --test command --no-fail-fast",
        ],
    ),
];

/// Tests of the binding, which run in WebAssembly.
const BINDING: &str = "test --package bootshift --no-default-features --features wasm --test wasm \
                       --target wasm32-unknown-unknown";

/// Tests of the command, which the package's own command has to pass too.
const COMMAND: &str = "test --package bootshift --test integration --no-fail-fast -- cli:: readme::";

/// What runs on every kind of cluster: attacks, runs and their faults, on those kinds that have no `STV_` and `SVV_`.
const ON_EVERY_KIND: &str = "test --package bootshift --test redshift --no-fail-fast \
                             -- attacks:: runner::scenarios:: runner::faults::";

/// What has to compile though no test runs it: the core without an operating system.
const CHECKS: [&str; 1] =
    ["check --package bootshift --lib --no-default-features --target wasm32-unknown-unknown"];

/// How much to test.
#[derive(Args, Clone, Copy, Debug, Default)]
pub(crate) struct Options {
    /// The slow suites as a whole, of which a slice is run otherwise: every fault at every statement, many more cases of
    /// every property, attacks and runs on every kind of cluster, `reworded`, the differential at full length
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
    let tools = WasmBindgen::install(root)?;
    let mut tests = Tests::default();
    // The modules of the package are linked and optimized for minutes, each by one thread; meanwhile the crate is tested.
    let package = thread::scope(|scope| {
        let package = scope.spawn(|| npm::pack(root));
        crate_suites(root, options, &mut tests)
            .map(|()| package.join().unwrap_or_else(|panic| resume_unwind(panic)))
    })?;
    tests.suite("bindings");
    for arguments in CHECKS {
        tests.require(&mut cargo(root, arguments))?;
    }
    tests.run(&mut binding(root, &tools), cargo_result)?;
    tests.run(
        binding(root, &tools).env("WASM_BINDGEN_USE_BROWSER", "1").env("CHROMEDRIVER", CHROMEDRIVER.path()?),
        cargo_result,
    )?;
    tests.suite("differential");
    let differential = root.join(differential::FOLDER);
    match npm_ci(&differential) {
        Ok(()) => tests.run(&mut node_tests(&differential)?, node_result)?,
        Err(error) => tests.fail(error),
    }
    tests.suite("npm package");
    match package {
        Ok(tarball) => {
            package_suite(root, &tarball, &mut tests)?;
            tests.suite("page");
            match page::build(root) {
                Ok(_) => tests.run(&mut node_tests(&root.join("www"))?, node_result)?,
                Err(error) => tests.fail(format!("cargo xtask site: {error}")),
            }
            tests.suite("hooks, action and packages");
            match adoption::tests(root, &tarball) {
                Ok(mut command) => tests.run(&mut command, cargo_result)?,
                Err(error) => tests.fail(format!("cargo xtask adoption: {error}")),
            }
        }
        Err(error) => tests.fail(format!("cargo xtask npm: {error}")),
    }
    if options.whole {
        for (suite, kind) in [("Redshift Serverless", "serverless"), ("Redshift Multi-AZ", "multi-az")] {
            tests.suite(suite);
            tests.run(cargo(root, ON_EVERY_KIND).env("BOOTSHIFT_CLUSTER", kind), cargo_result)?;
        }
        reworded::tests(root, &mut tests)?;
        tests.suite("differential, 100,000 documents");
        if differential::run(root, &differential::Options::default())? == Outcome::Red {
            tests.fail("cargo xtask differential".to_owned());
        }
    }
    Ok(tests.close())
}

/// The suites of the crate on this machine.
fn crate_suites(root: &Path, options: Options, tests: &mut Tests) -> Result<(), Error> {
    for (suite, commands) in NATIVE {
        tests.suite(suite);
        for arguments in commands {
            let mut command = cargo(root, arguments);
            if options.whole {
                command.envs([("BOOTSHIFT_WHOLE", "1"), ("PROPTEST_CASES", WHOLE_CASES)]);
            }
            tests.run(&mut command, cargo_result)?;
        }
    }
    tests.suite("drivers and poolers");
    match clients::tests(root) {
        Ok(mut command) => tests.run(&mut command, cargo_result)?,
        Err(error) => tests.fail(format!("cargo xtask clients: {error}")),
    }
    Ok(())
}

/// The tests of the npm package.
fn package_suite(root: &Path, tarball: &Path, tests: &mut Tests) -> Result<(), Error> {
    let folder = root.join("pkg");
    tests.run(node_tests(&folder)?.env("BOOTSHIFT_TARBALL", tarball), node_result)?;
    let command = format!("node {}", folder.join("dist/bin.js").display());
    tests.run(cargo(root, COMMAND).env("BOOTSHIFT_COMMAND", command), cargo_result)
}

/// The tests of the binding, under Node.js unless the environment asks for a browser.
fn binding(root: &Path, tools: &WasmBindgen) -> Command {
    let mut command = cargo(root, BINDING);
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", &tools.test_runner);
    command
}
