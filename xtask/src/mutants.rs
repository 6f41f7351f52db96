//! `cargo xtask mutants`: changes the code that decides and that writes SQL, one place after the other, and sees whether
//! a test notices. `.cargo/mutants.toml` says what is changed and which tests are run.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use clap::Args;
use serde_json::Value;

use crate::Outcome;
use crate::command::{Error, succeeds, target_folder};
use crate::test::reproducible;
use crate::tools::Subcommand;

#[derive(Args)]
pub(crate) struct Options {
    /// Which files and folders to change, such as `src/sql`; without it, all that the settings name
    paths: Vec<String>,
    /// A part of the work: `0/4` to `3/4` are all of it
    #[arg(long, value_name = "PART/PARTS")]
    shard: Option<String>,
}

/// How many mutants came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
    /// A test failed.
    caught: u64,
    /// The tests timed out.
    endless: u64,
    /// Every test passed.
    missed: u64,
    /// It does not compile.
    unviable: u64,
}

/// Tries the mutants, prints a table by file and names every one that no test noticed.
pub(crate) fn run(root: &Path, options: &Options) -> Result<Outcome, Error> {
    let folder = target_folder()?.join("mutants");
    let report = folder.join("mutants.out/outcomes.json");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    // That of an earlier run would be taken for this one's.
    let _ = fs::remove_file(&report);
    let mut mutants = Subcommand::MUTANTS.command(root, &["--no-shuffle", "--output"])?;
    mutants.arg(&folder);
    if !options.paths.is_empty() {
        // `--file` would add to the files of the settings, and `--re` does not keep to what it names.
        let here = folder.join("settings.toml");
        let settings = settings_for(&options.paths, &read(&root.join(".cargo/mutants.toml"))?)?;
        fs::write(&here, settings).map_err(|error| format!("{}: {error}", here.display()))?;
        mutants.arg("--config").arg(here);
    }
    if let Some(shard) = &options.shard {
        mutants.args(["--shard", shard]);
    }
    // Each mutant is compiled separately; no debug information and no shrunk inputs are needed.
    mutants.envs([
        ("CARGO_PROFILE_DEV_DEBUG", "0"),
        ("CARGO_INCREMENTAL", "1"),
        ("PROPTEST_MAX_SHRINK_ITERS", "0"),
    ]);
    // It fails both for a missed mutant and if no mutant could be tried: the report has the cause.
    let _ = succeeds(&mut reproducible(mutants))?;
    let report = fs::read_to_string(&report).map_err(|_| "`cargo mutants` has tried nothing")?;
    let report = serde_json::from_str(&report).map_err(|error| format!("cargo mutants: {error}"))?;
    let (files, missed) = outcomes(&report)?;
    println!("{}", table(&files));
    for name in &missed {
        println!("no test notices: {name}");
    }
    Ok(if missed.is_empty() { Outcome::Green } else { Outcome::Red })
}

fn read(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// The settings with other files and folders to change.
fn settings_for(paths: &[String], settings: &str) -> Result<String, Error> {
    const KEY: &str = "examine_globs = [";
    let paths = paths.iter().map(|path| path.replace('\\', "/"));
    let globs: Vec<String> = paths
        .map(|path| path.trim_end_matches('/').to_owned())
        .flat_map(|path| [format!("{path}/**"), path])
        .collect();
    let mut found = false;
    let lines = settings.lines().map(|line| {
        let is_it = line.starts_with(KEY);
        found |= is_it;
        if is_it { format!("examine_globs = {globs:?}\n") } else { format!("{line}\n") }
    });
    let settings = lines.collect();
    if found { Ok(settings) } else { Err(format!(".cargo/mutants.toml has no line `{KEY}…]`")) }
}

/// What the mutants of each file came to, and the names of those that were missed.
fn outcomes(report: &Value) -> Result<(BTreeMap<String, Tally>, Vec<String>), Error> {
    let mut files: BTreeMap<String, Tally> = BTreeMap::new();
    let mut missed = Vec::new();
    for outcome in report["outcomes"].as_array().into_iter().flatten() {
        let mutant = &outcome["scenario"]["Mutant"];
        let (Some(file), Some(name)) = (mutant["file"].as_str(), mutant["name"].as_str()) else {
            if outcome["summary"] == "Success" {
                continue;
            }
            return Err("the tests fail without a mutant already".to_owned());
        };
        let tally = files.entry(file.to_owned()).or_default();
        match outcome["summary"].as_str() {
            Some("CaughtMutant") => tally.caught += 1,
            Some("Timeout") => tally.endless += 1,
            Some("Unviable") => tally.unviable += 1,
            Some("MissedMutant") => {
                tally.missed += 1;
                missed.push(name.to_owned());
            }
            _ => return Err(format!("cargo mutants does not say what came of `{name}`")),
        }
    }
    if files.is_empty() {
        return Err("there is nothing to change there".to_owned());
    }
    Ok((files, missed))
}

fn table(files: &BTreeMap<String, Tally>) -> String {
    let mut all = Tally::default();
    let row = |name: &str, Tally { caught, endless, missed, unviable }: Tally| {
        format!("| {name} | {caught} | {endless} | {missed} | {unviable} |")
    };
    let mut rows = vec![
        "| file | caught | endless | missed | not compiled |".to_owned(),
        "| --- | ---: | ---: | ---: | ---: |".to_owned(),
    ];
    for (name, tally) in files {
        rows.push(row(&format!("`{name}`"), *tally));
        all.caught += tally.caught;
        all.endless += tally.endless;
        all.missed += tally.missed;
        all.unviable += tally.unviable;
    }
    rows.push(row("all", all));
    rows.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A report of cargo-mutants in which the mutants of `src/a.rs` came to `summaries`.
    fn report(baseline: &str, summaries: &[&str]) -> Value {
        let mutant = |(number, summary): (usize, &&str)| {
            let name = format!("src/a.rs:{number}:1: replace == with !=");
            serde_json::json!({
                "scenario": { "Mutant": { "file": "src/a.rs", "name": name } },
                "summary": summary,
            })
        };
        let mut outcomes = vec![serde_json::json!({ "scenario": "Baseline", "summary": baseline })];
        outcomes.extend(summaries.iter().enumerate().map(mutant));
        serde_json::json!({ "outcomes": outcomes })
    }

    #[test]
    fn missed_mutants_are_listed_and_others_counted() {
        let report =
            report("Success", &["CaughtMutant", "MissedMutant", "Timeout", "Unviable", "CaughtMutant"]);
        let (files, missed) = outcomes(&report).expect("a report");
        assert_eq!(missed, ["src/a.rs:1:1: replace == with !="]);
        assert_eq!(
            table(&files),
            "| file | caught | endless | missed | not compiled |\n| --- | ---: | ---: | ---: | ---: |\n\
             | `src/a.rs` | 2 | 1 | 1 | 1 |\n| all | 2 | 1 | 1 | 1 |"
        );
    }

    #[test]
    fn path_arguments_replace_those_in_the_settings() {
        let settings = settings_for(
            &["src/sql/".to_owned(), "src/a.rs".to_owned()],
            "a = 1\nexamine_globs = [\"x\"]\nb = 2\n",
        );
        let expected =
            "a = 1\nexamine_globs = [\"src/sql/**\", \"src/sql\", \"src/a.rs/**\", \"src/a.rs\"]\nb = 2\n";
        assert_eq!(settings.as_deref(), Ok(expected));
        assert!(settings_for(&[], "a = 1\n").is_err());
    }

    /// Where nothing was tried, nothing was missed either; it must not look like success.
    #[test]
    fn run_without_mutants_is_an_error() {
        assert!(outcomes(&report("Failure", &[])).is_err());
        assert!(outcomes(&report("Success", &[])).is_err());
        assert!(outcomes(&report("Success", &["Failure"])).is_err());
    }
}
