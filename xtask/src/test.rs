//! `cargo xtask test`: all tests, in suites.

use std::cell::LazyCell;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;

use clap::{Args, ValueEnum};

use crate::Outcome;
use crate::adoption;
use crate::command::{Error, cargo, require_crates, require_wasm_target, step, target_folder};
use crate::lint;
use crate::npm;
use crate::page;
use crate::programs::{
    self, CHROMEDRIVER, CHROMIUM, CURL, GIT, INITDB, NODE, NPM, PGBOUNCER, PSQL, PYTHON, Program, SCRIPT,
};
use crate::reworded;
use crate::test_runs::{Tests, WHOLE, node_tests};
use crate::tools::{WasmBindgen, npm_ci, pip_install};

/// A part of the tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Suite {
    /// Core and command
    Core,
    /// The emulator of Redshift, and on it the runner, scripts, attacks, and the commands in the book
    Redshift,
    /// Scripts with drivers from PyPI and npm, and through pgbouncer
    Clients,
    /// The binding for JavaScript, in Node.js and in Chromium
    Binding,
    /// Other validators, readers and editors on the same documents
    Differential,
    /// The published schemas in validators, editors, generators and forms
    SchemaTools,
    /// The npm package
    Package,
    /// The page, in Chromium
    Page,
    /// Hooks, action, workflows and packages, as users install them
    Adoption,
    /// Runner, language server and page with changed messages; runs with `--whole` or by its name
    Reworded,
}

impl Suite {
    /// The programs that it needs.
    const fn programs(self) -> &'static [Program] {
        match self {
            Self::Core => &[GIT],
            Self::Redshift => &[CURL, GIT, SCRIPT, PYTHON, INITDB, PSQL],
            Self::Clients => &[NODE, NPM, PYTHON, INITDB, PSQL, PGBOUNCER],
            Self::Binding => &[NODE, CHROMIUM, CHROMEDRIVER],
            Self::Differential | Self::SchemaTools => &[NODE, NPM, PYTHON],
            Self::Package | Self::Page => &[NODE, NPM, CHROMIUM],
            Self::Adoption => &[GIT, NODE, NPM, PYTHON],
            Self::Reworded => &[GIT, SCRIPT, NODE, NPM, INITDB, PSQL, CHROMIUM],
        }
    }

    /// Its name on the command line.
    fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

/// What to test.
#[derive(Args, Debug, Default)]
pub(crate) struct Options {
    /// The suites to run instead of all
    #[arg(value_name = "SUITE")]
    suites: Vec<Suite>,
    /// Leave out a suite
    #[arg(long, value_name = "SUITE")]
    skip: Vec<Suite>,
    /// Run the slow suites as a whole, of which a slice runs otherwise: every fault at every statement, many more cases of
    /// every property, attacks and runs on every kind of cluster, `reworded`, the differential at full length
    #[arg(long)]
    whole: bool,
}

impl Options {
    /// The suites to run, in the order in which they run.
    fn suites(&self) -> Vec<Suite> {
        let is_chosen = |suite: &Suite| {
            let is_default = self.suites.is_empty() && (self.whole || *suite != Suite::Reworded);
            (is_default || self.suites.contains(suite)) && !self.skip.contains(suite)
        };
        Suite::value_variants().iter().copied().filter(is_chosen).collect()
    }
}

/// The packages from PyPI that two suites need.
const CLIENTS: &str = include_str!("../../tests/redshift/clients/requirements.txt");
const SCHEMA_TOOLS: &str = include_str!("../../tests/schema-tools/requirements.txt");

/// Tests of the command, which the commands of the packages have to pass too.
const COMMAND: &str = "test --package bootshift --test integration --no-fail-fast -- cli:: readme::";

/// The cases of each property in a run of the whole, ten times those of most.
const WHOLE_CASES: &str = "2000";

/// Makes sure that there is what the suites need; then runs them, whatever fails on the way, and closes with
/// `N passed, N failed`. A command that fails without a failed test of its own (it does not compile, say) counts as one
/// failure.
pub(crate) fn run(root: &Path, options: &Options) -> Result<Outcome, Error> {
    let suites = options.suites();
    if suites.is_empty() {
        return Err("no suite is left to run".to_owned());
    }
    let needed: Vec<Program> = suites.iter().flat_map(|suite| suite.programs()).copied().collect();
    programs::require(&needed)?;
    require_crates(root)?;
    let mut tests = Tests::default();
    thread::scope(|scope| {
        // What we give away is linked and optimized for minutes, mostly by one thread; meanwhile other suites run.
        let [package, page, adoption] =
            [Suite::Package, Suite::Page, Suite::Adoption].map(|suite| suites.contains(&suite));
        let build = move || {
            let tarball = npm::pack(root)?;
            if adoption { adoption::build(root).map(|()| tarball) } else { Ok(tarball) }
        };
        let thread = (package || page || adoption).then(|| scope.spawn(build));
        let join = || thread.ok_or("nothing is built")?.join().unwrap_or_else(|panic| resume_unwind(panic));
        let package = LazyCell::new(join);
        for suite in suites {
            tests.suite(suite.name());
            let outcome = run_suite(root, suite, options.whole, &|| package.clone(), &mut tests);
            outcome.unwrap_or_else(|error| tests.fail(error));
        }
    });
    Ok(tests.close())
}

/// Runs a suite. `package` waits for what is built meanwhile, and gives the tarball of the npm package.
fn run_suite(
    root: &Path,
    suite: Suite,
    whole: bool,
    package: &dyn Fn() -> Result<PathBuf, Error>,
    tests: &mut Tests,
) -> Result<(), Error> {
    let run_cargo = |tests: &mut Tests, arguments: &str, variables: &[(&str, &str)]| {
        let mut command = cargo(root, arguments);
        if whole {
            command.envs([WHOLE, ("PROPTEST_CASES", WHOLE_CASES)]);
        }
        tests.run(command.envs(variables.iter().copied()))
    };
    match suite {
        Suite::Core => run_cargo(
            tests,
            "test --workspace --exclude redshift-emulator --no-fail-fast -- --include-ignored",
            &[],
        ),
        Suite::Redshift => {
            // A command for both, so that they have the same dependencies.
            let packages = "test --package bootshift --package redshift-emulator --no-fail-fast";
            run_cargo(tests, &format!("{packages} --test redshift --test emulator --test command"), &[])?;
            for kind in ["serverless", "multi-az"].into_iter().filter(|_| whole) {
                let on_kind = "-- attacks:: runner::scenarios:: runner::faults::";
                run_cargo(
                    tests,
                    &format!("{packages} --test redshift {on_kind}"),
                    &[("BOOTSHIFT_CLUSTER", kind)],
                )?;
            }
            Ok(())
        }
        Suite::Clients => {
            npm_ci(&root.join("tests/redshift/clients"))?;
            let mut command = cargo(root, "test --package bootshift --test redshift -- --ignored clients::");
            command
                .env("BOOTSHIFT_CLIENTS", pip_install("clients", CLIENTS)?)
                .env("PGBOUNCER", PGBOUNCER.path()?);
            tests.run(&mut command)
        }
        Suite::Binding => {
            require_wasm_target(root)?;
            let runner = WasmBindgen::install(root)?.test_runner;
            let binding = || {
                let mut command =
                    cargo(root, "test --package bootshift --no-default-features --features wasm");
                command.args(["--test", "wasm", "--target", "wasm32-unknown-unknown"]);
                command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", &runner);
                command
            };
            tests.run(&mut binding())?;
            let mut in_browser = binding();
            in_browser.env("WASM_BINDGEN_USE_BROWSER", "1").env("CHROMEDRIVER", CHROMEDRIVER.path()?);
            tests.run(&mut in_browser)
        }
        Suite::Differential => {
            let folder = root.join("tests/differential");
            npm_ci(&folder)?;
            tests.run(&mut node_tests(root, &folder, whole)?)?;
            if whole && lint::just(root, &["differential"])? == Outcome::Red {
                tests.fail("just differential".to_owned());
            }
            Ok(())
        }
        Suite::SchemaTools => {
            let folder = root.join("tests/schema-tools");
            npm_ci(&folder)?;
            step(&mut cargo(root, "build --package bootshift --example judge"))?;
            let tools = pip_install("schema-tools", SCHEMA_TOOLS)?;
            tests.run(node_tests(root, &folder, whole)?.env("BOOTSHIFT_SCHEMA_TOOLS", tools))
        }
        Suite::Package => {
            let (folder, tarball) = (root.join("pkg"), package()?);
            tests.run(node_tests(root, &folder, whole)?.env("BOOTSHIFT_TARBALL", tarball))?;
            let command = format!("node {}", folder.join("dist/bin.cjs").display());
            run_cargo(tests, COMMAND, &[("BOOTSHIFT_COMMAND", &command)])
        }
        Suite::Page => {
            package()?;
            page::build(root)?;
            tests.run(&mut node_tests(root, &root.join("www"), whole)?)
        }
        Suite::Adoption => {
            tests.run(&mut adoption::tests(root, &package()?)?)?;
            // What the wheel contains.
            let command = target_folder()?.join("release/bootshift").display().to_string();
            run_cargo(tests, COMMAND, &[("BOOTSHIFT_COMMAND", &command)])
        }
        Suite::Reworded => reworded::run(root, tests),
    }
}
