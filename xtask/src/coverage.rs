//! `cargo xtask coverage`: which lines the tests of the crate on this machine run, by module.

use std::collections::BTreeMap;
use std::ops::AddAssign;
use std::path::Path;

use serde_json::Value;

use crate::Outcome;
use crate::command::{Error, output, require_curl, require_llvm_tools, succeeds, target_folder};
use crate::test::reproducible;
use crate::tools::{Subcommand, require_postgresql};

/// One build with all that compiles on this machine.
const FEATURES: [&str; 4] = ["--package", "bootshift", "--features", "native,wasm"];

/// How much of what there is was run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Share {
    covered: u64,
    count: u64,
}

impl AddAssign for Share {
    fn add_assign(&mut self, other: Self) {
        self.covered += other.covered;
        self.count += other.count;
    }
}

impl Share {
    fn of(summary: &Value) -> Self {
        let number = |key: &str| summary[key].as_u64().unwrap_or_default();
        Self { covered: number("covered"), count: number("count") }
    }

    /// In tenths of a per cent, cut off: 100 % is all of it.
    fn percent(self) -> String {
        let permille = (self.covered * 1000).checked_div(self.count).unwrap_or(1000);
        format!("{}.{}", permille / 10, permille % 10)
    }
}

/// Lines and functions of a module.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Coverage {
    lines: Share,
    functions: Share,
}

/// Runs the tests, writes the lines that none runs beside the build, and prints a table.
pub(crate) fn run(root: &Path) -> Result<Outcome, Error> {
    require_llvm_tools(root)?;
    require_curl()?;
    require_postgresql()?;
    let tests = Subcommand::LLVM_COV.command(root, &["test", "--no-report", "--no-fail-fast"])?;
    let green = succeeds(reproducible(tests).args(FEATURES))?;
    let report = |arguments: &[&str]| {
        Subcommand::LLVM_COV.command(root, &[&["report", "--package", "bootshift"], arguments].concat())
    };
    let json = output(&mut report(&["--json", "--summary-only"])?).ok_or("`cargo llvm-cov report` failed")?;
    let json = serde_json::from_str(&json).map_err(|error| format!("cargo llvm-cov: {error}"))?;
    println!("{}", table(&modules(&json)));
    let folder = target_folder()?.join("coverage");
    if !succeeds(report(&["--html", "--output-dir"])?.arg(&folder))? {
        return Err("`cargo llvm-cov report --html` failed".to_owned());
    }
    eprintln!("every line: {}", folder.join("html/index.html").display());
    Ok(if green { Outcome::Green } else { Outcome::Red })
}

/// What was run of each module: a folder of `src/`, or a file in it.
fn modules(report: &Value) -> BTreeMap<String, Coverage> {
    let mut modules: BTreeMap<String, Coverage> = BTreeMap::new();
    let files = report["data"][0]["files"].as_array();
    for file in files.into_iter().flatten() {
        let name = file["filename"].as_str().unwrap_or_default().replace('\\', "/");
        // Tests, and what they share, are not what is measured.
        let Some((outside, inside)) = name.rsplit_once("/src/") else { continue };
        if outside.ends_with("/crates/redshift-emulator")
            || inside.ends_with("/tests.rs")
            || inside.contains("/tests/")
        {
            continue;
        }
        let module = inside.split('/').next().unwrap_or_default().trim_end_matches(".rs");
        let entry = modules.entry(module.to_owned()).or_default();
        entry.lines += Share::of(&file["summary"]["lines"]);
        entry.functions += Share::of(&file["summary"]["functions"]);
    }
    modules
}

fn table(modules: &BTreeMap<String, Coverage>) -> String {
    let mut all = Coverage::default();
    let row = |name: &str, Coverage { lines, functions }: Coverage| {
        format!("| {name} | {} | {} % | {} % |", lines.count, lines.percent(), functions.percent())
    };
    let mut rows = vec![
        "| module | lines | run | functions run |".to_owned(),
        "| --- | ---: | ---: | ---: |".to_owned(),
    ];
    for (name, coverage) in modules {
        rows.push(row(&format!("`{name}`"), *coverage));
        all.lines += coverage.lines;
        all.functions += coverage.functions;
    }
    rows.push(row("all", all));
    rows.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coverage_is_summed_by_module() {
        let report: Value = serde_json::from_str(
            r#"{"data": [{"files": [
                {"filename": "/x/src/sql/a.rs", "summary":
                    {"lines": {"count": 10, "covered": 9}, "functions": {"count": 1, "covered": 1}}},
                {"filename": "/x/src/sql/b.rs", "summary":
                    {"lines": {"count": 2, "covered": 2}, "functions": {"count": 2, "covered": 1}}},
                {"filename": "/x/src/sql/tests.rs", "summary": {"lines": {"count": 50, "covered": 50}}},
                {"filename": "/x/src/main.rs", "summary": {"lines": {"count": 1, "covered": 0}}}
            ]}]}"#,
        )
        .expect("JSON");
        assert_eq!(
            table(&modules(&report)),
            "| module | lines | run | functions run |\n| --- | ---: | ---: | ---: |\n\
             | `main` | 1 | 0.0 % | 100.0 % |\n\
             | `sql` | 12 | 91.6 % | 66.6 % |\n\
             | all | 13 | 84.6 % | 66.6 % |"
        );
    }
}
