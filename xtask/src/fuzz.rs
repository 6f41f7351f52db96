//! `cargo xtask fuzz`: tries the properties of `fuzz/properties` on what libFuzzer makes up, and keeps what is worth
//! keeping in `fuzz/corpus`, which `cargo xtask test` tries again.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Args;

use crate::Outcome;
use crate::command::{Error, output, succeeds, target_folder};

/// What is fuzzed, each with the bytes that its inputs have at most.
const TARGETS: [(&str, usize); 6] = [
    ("documents", 2048),
    ("check", 2048),
    ("scripts", 512),
    ("requests", 2048),
    ("wire", 8192),
    ("double", 2048),
];

#[derive(Args)]
pub(crate) struct Options {
    /// What to fuzz; without it, everything, one after the other
    targets: Vec<String>,
    /// How long to go on with each, in seconds
    #[arg(long, default_value_t = 1800)]
    seconds: u32,
    /// How many executions of each, at most
    #[arg(long, default_value_t = 20_000_000)]
    runs: u32,
}

/// Fuzzes, then adds to the corpus what reaches more than it did.
pub(crate) fn run(root: &Path, options: &Options) -> Result<Outcome, Error> {
    if output(Command::new("cargo").args(["+nightly", "fuzz", "--version"])).is_none() {
        return Err(
            "this needs a nightly compiler and cargo-fuzz: `rustup toolchain install nightly`, then \
                    `cargo install cargo-fuzz`"
                .to_owned(),
        );
    }
    if let Some(unknown) =
        options.targets.iter().find(|name| TARGETS.iter().all(|(target, _)| target != name))
    {
        let known = TARGETS.map(|(target, _)| target).join(", ");
        return Err(format!("`{unknown}` is none of what is fuzzed: {known}"));
    }
    let mut outcome = Outcome::Green;
    for (target, longest) in TARGETS {
        if options.targets.is_empty() || options.targets.iter().any(|name| name == target) {
            let fuzzer = Fuzzer::new(root, target, longest)?;
            let limits = [format!("-max_total_time={}", options.seconds), format!("-runs={}", options.runs)];
            // The first folder takes what is found.
            let is_right = fuzzer.run([&fuzzer.found, &fuzzer.kept, &fuzzer.seeds], &limits)?;
            // How often a place is reached matters to the search, and not to what is kept.
            let is_kept = fuzzer.run(
                [&fuzzer.kept, &fuzzer.found, &fuzzer.seeds],
                &["-merge=1".to_owned(), "-use_counters=0".to_owned()],
            )?;
            if !(is_right && is_kept) {
                outcome = Outcome::Red;
            }
        }
    }
    Ok(outcome)
}

struct Fuzzer<'a> {
    root: &'a Path,
    target: &'static str,
    longest: usize,
    /// What is committed.
    kept: PathBuf,
    /// What earlier runs here have found.
    found: PathBuf,
    /// The fixtures, in the form of the target.
    seeds: PathBuf,
}

impl<'a> Fuzzer<'a> {
    fn new(root: &'a Path, target: &'static str, longest: usize) -> Result<Self, Error> {
        let scratch = target_folder()?.join("fuzz");
        let fuzzer = Self {
            root,
            target,
            longest,
            kept: root.join("fuzz/corpus").join(target),
            found: scratch.join("found").join(target),
            seeds: scratch.join("seeds").join(target),
        };
        for folder in [&fuzzer.kept, &fuzzer.found, &fuzzer.seeds] {
            fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        }
        // The bytes in front of the text, as the properties read them.
        let prefix = match target {
            "documents" => "",
            "check" => "?",
            "requests" => "A\0\0",
            _ => return Ok(fuzzer),
        };
        let fixtures = root.join("tests/fixtures");
        seed(&fixtures, prefix, longest, &fuzzer.seeds)
            .map_err(|error| format!("{}: {error}", fixtures.display()))?;
        Ok(fuzzer)
    }

    /// Runs libFuzzer on folders of inputs; tells whether it found nothing wrong.
    fn run(&self, corpora: [&PathBuf; 3], limits: &[String]) -> Result<bool, Error> {
        let mut command = Command::new("cargo");
        command
            // Nothing here is unsafe: a sanitizer would only slow it down.
            .args(["+nightly", "fuzz", "run", "--sanitizer", "none", self.target])
            .args(corpora)
            .arg("--")
            .arg(format!("-dict={}", self.root.join("fuzz/dictionaries").join(self.dictionary()).display()))
            .args([
                format!("-max_len={}", self.longest),
                "-timeout=20".to_owned(),
                "-rss_limit_mb=1024".to_owned(),
            ])
            .args(["-print_final_stats=1"])
            .args(limits)
            .current_dir(self.root)
            .stdin(Stdio::null());
        succeeds(&mut command)
    }

    fn dictionary(&self) -> &'static str {
        match self.target {
            "double" | "scripts" => "sql.dict",
            "wire" => "protocol.dict",
            _ => "payload.dict",
        }
    }
}

/// Writes the documents of the fixtures, each behind `prefix`, into a folder.
fn seed(fixtures: &Path, prefix: &str, longest: usize, seeds: &Path) -> io::Result<()> {
    for entry in fs::read_dir(fixtures)? {
        let path = entry?.path();
        if path.is_dir() {
            seed(&path, prefix, longest, seeds)?;
            continue;
        }
        let mut bytes = prefix.as_bytes().to_vec();
        bytes.extend(fs::read(&path)?);
        if bytes.len() <= longest {
            let folder = path.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            fs::write(seeds.join(format!("{folder}-{name}")), bytes)?;
        }
    }
    Ok(())
}
