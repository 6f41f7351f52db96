//! `cargo xtask fuzz`: tries the properties of `fuzz/properties` on what libFuzzer makes up, and keeps what is worth
//! keeping in `fuzz/corpus`, which `cargo xtask test` tries again.

use std::fs;
use std::io::{self, BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use clap::Args;

use crate::Outcome;
use crate::command::{Error, described, output, succeeds, target_folder};
use crate::mdtest::cases;

/// What is fuzzed, each with the bytes that its inputs have at most.
const TARGETS: [(&str, usize); 6] = [
    ("documents", 2048),
    ("check", 2048),
    ("scripts", 512),
    ("requests", 2048),
    ("wire", 8192),
    ("emulator", 2048),
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
    /// Learn nothing from comparisons, which takes up to half of the time: for many executions on a good corpus
    #[arg(long)]
    no_trace_compares: bool,
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
    let mut summaries = Vec::new();
    for (target, longest) in TARGETS {
        if options.targets.is_empty() || options.targets.iter().any(|name| name == target) {
            let fuzzer = Fuzzer::new(root, target, longest, options.no_trace_compares)?;
            let limits = [format!("-max_total_time={}", options.seconds), format!("-runs={}", options.runs)];
            // The first folder takes what is found.
            let (is_right, progress) =
                follow(&mut fuzzer.command([&fuzzer.found, &fuzzer.kept, &fuzzer.seeds], &limits))?;
            summaries.push(format!("{target}: {}", progress.summary()));
            // How often a place is reached matters to the search, and not to what is kept.
            let is_kept = succeeds(&mut fuzzer.command(
                [&fuzzer.kept, &fuzzer.found, &fuzzer.seeds],
                &["-merge=1".to_owned(), "-use_counters=0".to_owned()],
            ))?;
            if !(is_right && is_kept) {
                outcome = Outcome::Red;
            }
        }
    }
    println!("{}", summaries.join("\n"));
    Ok(outcome)
}

/// Runs a fuzzer, passes on its output and records its progress; returns whether it found no failure.
fn follow(command: &mut Command) -> Result<(bool, Progress), Error> {
    eprintln!("\n==> {}", described(command));
    let failed = |error: io::Error| format!("cargo fuzz: {error}");
    let mut fuzzer = command.stderr(Stdio::piped()).spawn().map_err(failed)?;
    let said = fuzzer.stderr.take().expect("stderr is piped");
    let mut progress = Progress::default();
    let mut start = None;
    for line in BufReader::new(said).split(b'\n') {
        let line = String::from_utf8_lossy(&line.map_err(failed)?).into_owned();
        eprintln!("{line}");
        if line.starts_with('#') {
            // Compiling comes before the first line of this kind.
            progress.read(&line, start.get_or_insert_with(Instant::now).elapsed());
        }
    }
    Ok((fuzzer.wait().map_err(failed)?.success(), progress))
}

/// How far a fuzzer came.
#[derive(Debug, Default, PartialEq, Eq)]
struct Progress {
    executions: u64,
    time: Duration,
    /// How many places of the code were reached, and when the last of them was.
    places: (u64, Duration),
    /// The same, for places with the number of times that they were reached.
    features: (u64, Duration),
}

impl Progress {
    /// Reads a line such as `#4096 NEW cov: 812 ft: 2210 corp: 99/12Kb exec/s: 2048 rss: 60Mb`, said after `time`.
    fn read(&mut self, line: &str, time: Duration) {
        let mut words = line.trim_start_matches('#').split_whitespace();
        let Some(executions) = words.next().and_then(|number| number.parse().ok()) else { return };
        (self.executions, self.time) = (executions, time);
        while let Some(word) = words.next() {
            let reached = match word {
                "cov:" => &mut self.places,
                "ft:" => &mut self.features,
                _ => continue,
            };
            let number = words.next().and_then(|number| number.parse().ok()).unwrap_or_default();
            if number > reached.0 {
                *reached = (number, time);
            }
        }
    }

    fn summary(&self) -> String {
        let Self { executions, time, places, features } = self;
        format!(
            "{executions} executions in {} s, {} a second; {} places, the last new one after {} s; {} features, the last \
             new one after {} s",
            time.as_secs(),
            executions / time.as_secs().max(1),
            places.0,
            places.1.as_secs(),
            features.0,
            features.1.as_secs(),
        )
    }
}

struct Fuzzer<'a> {
    root: &'a Path,
    target: &'static str,
    longest: usize,
    /// Where a build without traces of comparisons goes, if that is wanted.
    no_trace_compares: Option<PathBuf>,
    /// What is committed.
    kept: PathBuf,
    /// What earlier runs here have found.
    found: PathBuf,
    /// The fixtures, in the form of the target.
    seeds: PathBuf,
}

impl<'a> Fuzzer<'a> {
    fn new(
        root: &'a Path,
        target: &'static str,
        longest: usize,
        no_trace_compares: bool,
    ) -> Result<Self, Error> {
        let scratch = target_folder()?.join("fuzz");
        let fuzzer = Self {
            root,
            target,
            longest,
            no_trace_compares: no_trace_compares.then(|| scratch.join("no-trace-compares")),
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
        for folder in ["tests/fixtures", "tests/raw", "src/check/rules"] {
            seed(&root.join(folder), prefix, longest, &fuzzer.seeds)
                .map_err(|error| format!("{folder}: {error}"))?;
        }
        Ok(fuzzer)
    }

    /// libFuzzer on folders of inputs.
    fn command(&self, corpora: [&PathBuf; 3], limits: &[String]) -> Command {
        let mut command = Command::new("cargo");
        command
            // Nothing here is unsafe: a sanitizer would only slow it down.
            .args(["+nightly", "fuzz", "run", "--sanitizer", "none"]);
        if let Some(folder) = &self.no_trace_compares {
            command.arg("--no-trace-compares").arg("--target-dir").arg(folder);
        }
        command
            .arg(self.target)
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
        command
    }

    fn dictionary(&self) -> &'static str {
        match self.target {
            "emulator" | "scripts" => "sql.dict",
            "wire" => "protocol.dict",
            _ => "payload.dict",
        }
    }
}

/// Writes the documents below a folder, those in Markdown among them, each after `prefix`, into another.
fn seed(documents: &Path, prefix: &str, longest: usize, seeds: &Path) -> io::Result<()> {
    for entry in fs::read_dir(documents)? {
        let path = entry?.path();
        if path.is_dir() {
            seed(&path, prefix, longest, seeds)?;
            continue;
        }
        let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let write = |name: String, document: &[u8]| {
            let bytes = [prefix.as_bytes(), document].concat();
            if bytes.len() <= longest { fs::write(seeds.join(name), bytes) } else { Ok(()) }
        };
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("json" | "yaml") => {
                let folder = path.parent().map(name).unwrap_or_default();
                write(format!("{folder}-{}", name(&path)), &fs::read(&path)?)?;
            }
            Some("md") => {
                for case in cases(&fs::read_to_string(&path)?) {
                    if let Some(document) = case.document() {
                        write(format!("{}-{}", name(&path), case.name), document.text.as_bytes())?;
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_of_the_last_new_coverage_is_kept() {
        let mut progress = Progress::default();
        let lines = [
            (0, "#900\tINITED cov: 800 ft: 2000 corp: 90/10Kb exec/s: 0 rss: 60Mb"),
            (
                5,
                "#4096\tNEW    cov: 812 ft: 2210 corp: 99/12Kb lim: 21 exec/s: 819 rss: 60Mb L: 9/21 MS: 1 CopyPart-",
            ),
            (
                7,
                "#5000\tNEW    cov: 812 ft: 2211 corp: 100/12Kb lim: 21 exec/s: 714 rss: 60Mb L: 9/21 MS: 1 CopyPart-",
            ),
            (9, "#9000\tREDUCE cov: 812 ft: 2211 corp: 100/11Kb lim: 21 exec/s: 1000 rss: 60Mb"),
            (10, "#10000\tDONE   cov: 812 ft: 2211 corp: 100/11Kb lim: 21 exec/s: 1000 rss: 60Mb"),
            (11, "###### Recommended dictionary. ######"),
        ];
        for (time, line) in lines {
            progress.read(line, Duration::from_secs(time));
        }
        assert_eq!(
            progress.summary(),
            "10000 executions in 10 s, 1000 a second; 812 places, the last new one after 5 s; 2211 features, the last \
             new one after 7 s"
        );
    }
}
