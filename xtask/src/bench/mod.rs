//! `cargo xtask bench`: whole processes side by side with pinned peers, the package in Node.js, the page in
//! Chromium, then the core alone.
//!
//! The report goes to standard output as Markdown; what is going on goes to standard error.

#[cfg(unix)]
mod latency;
mod measure;
mod payloads;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::thread;

use clap::Args;

use self::measure::{Contender, Timing};
use crate::Outcome;
use crate::command::{Error, cargo, output, step, succeeds, target_folder};
use crate::npm;
use crate::page;
use crate::peers::Peers;
use crate::programs::{CHROMIUM, INITDB, NODE, NPM, PYTHON, Program};

/// The published schema of a full payload, which the peers validate against.
const SCHEMA: &str = "schema/payload.schema.json";
/// How often each contender runs on one file; the work is short, so noise weighs more.
const ROUNDS_ONE: usize = 21;
/// How often each contender runs on many files.
const ROUNDS_MANY: usize = 9;
/// How often Bootshift alone runs on each number of files.
const ROUNDS_LINEAR: usize = 5;
/// How many files "many" is.
const MANY: usize = 1_000;
/// The least factor by which one file has to be faster than check-jsonschema.
const BAR_ONE: f64 = 50.0;
/// The least factor by which many files have to be faster than Sourcemeta's.
const BAR_MANY: f64 = 2.0;

const OURS: &str = "bootshift check";
const SOURCEMETA: &str = "jsonschema validate";
const SOURCEMETA_FAST: &str = "jsonschema validate --fast";
const CHECK_JSONSCHEMA: &str = "check-jsonschema";
/// What no process of Rust can be faster than.
const FLOOR: &str = "an empty process of Rust";
/// What nothing that reads the files can be faster than.
const READING: &str = "cat";
/// How large the streams of many documents are, in MiB; a file has 16 at most.
const STREAMS: [usize; 3] = [1, 4, 15];
/// More values than one of its documents has.
const VALUES: usize = 32;

/// What to measure.
#[allow(clippy::struct_excessive_bools, reason = "options of the command line")]
#[derive(Args)]
pub(crate) struct Options {
    /// Go up to 100,000 files where the time is to grow linearly
    #[arg(long)]
    full: bool,
    /// Leave out the benchmarks of the core (criterion)
    #[arg(long)]
    no_core: bool,
    /// Measure the package in Node.js and the page in Chromium alone
    #[arg(long)]
    node: bool,
    /// Measure `apply` and `status` on the emulator with a latency of 50 ms alone
    #[cfg(unix)]
    #[arg(long)]
    latency: bool,
    /// A commit to build and measure beside this checkout
    #[cfg(unix)]
    #[arg(long, requires = "latency", value_name = "REV")]
    beside: Option<String>,
}

impl Options {
    /// The programs that this needs.
    pub(crate) fn programs(&self) -> &'static [Program] {
        #[cfg(unix)]
        if self.latency {
            return &[INITDB];
        }
        if self.node { &[NODE, NPM, CHROMIUM] } else { &[NODE, NPM, PYTHON, CHROMIUM] }
    }
}

/// Installs the peers, builds the command, measures, prints.
pub(crate) fn run(root: &Path, options: &Options) -> Result<Outcome, Error> {
    #[cfg(unix)]
    if options.latency {
        return latency::run(root, options.beside.as_deref()).map(|()| Outcome::Green);
    }
    if options.node {
        return in_node(root, &Folder::create()?.0);
    }
    let schema = root.join(SCHEMA);
    if !schema.is_file() {
        return Err(format!("{} is missing: the peers have nothing to validate against", schema.display()));
    }
    let peers = Peers::install(root)?;
    let bootshift = build(root)?;
    let folder = Folder::create()?;
    let floor = empty_process(&folder.0)?;
    let tools =
        Tools { bootshift: &bootshift, floor: &floor, peers: &peers, schema: &schema, folder: &folder.0 };
    tools.must_judge_alike()?;

    println!("## Whole processes\n\n{}\n", surroundings(root, &peers));
    one_file(&tools)?;
    many_files(&tools)?;
    linearity(&tools, if options.full { &[MANY, 10_000, 100_000] } else { &[MANY, 10_000] })?;
    streams(&tools)?;
    let package = in_node(root, &folder.0)?;
    if options.no_core {
        return Ok(package);
    }
    let core = succeeds(&mut cargo(root, "bench --package bootshift --bench core"))?;
    Ok(if core { package } else { Outcome::Red })
}

/// The package beside what JavaScript has today.
fn in_node(root: &Path, folder: &Path) -> Result<Outcome, Error> {
    npm::pack(root)?;
    let files = [("valid.yaml", payloads::valid(0)), ("wrong.yaml", payloads::invalid())];
    let mut node = Command::new("node");
    node.arg("bench/node.mjs").current_dir(root.join("pkg"));
    for (name, text) in files {
        let path = folder.join(name);
        write(&path, &text)?;
        node.arg(path);
    }
    page::build(root)?;
    let mut chromium = Command::new("node");
    chromium.arg("bench/page.mjs").current_dir(root.join("www")).env("CHROMIUM", CHROMIUM.path()?);
    Ok(Outcome::from(succeeds(&mut node)? && succeeds(&mut chromium)?))
}

fn one_file(tools: &Tools<'_>) -> Result<(), Error> {
    let text = payloads::valid(0);
    write(&tools.folder.join("one.yaml"), &text)?;
    let timings = measure::interleaved(&tools.contenders(&["one.yaml".to_owned()]), ROUNDS_ONE)?;
    let (lines, bytes) = (text.lines().count(), text.len());
    println!("### One YAML file, {lines} lines, {bytes} bytes; {ROUNDS_ONE} interleaved rounds\n");
    println!("{}", measure::table(&timings, OURS));
    verdict(&timings, CHECK_JSONSCHEMA, BAR_ONE);
    println!();
    Ok(())
}

fn many_files(tools: &Tools<'_>) -> Result<(), Error> {
    let names = payloads::write(tools.folder, MANY)?;
    let bytes = payloads::bytes(MANY);
    let timings = measure::interleaved(&tools.contenders(&names), ROUNDS_MANY)?;
    println!(
        "### {MANY} different YAML files named as arguments, {bytes} bytes; {ROUNDS_MANY} interleaved rounds\n"
    );
    println!("{}", measure::table(&timings, OURS));
    verdict(&timings, SOURCEMETA, BAR_MANY);
    verdict(&timings, SOURCEMETA_FAST, BAR_MANY);
    println!();
    Ok(())
}

/// One file of many documents.
fn streams(tools: &Tools<'_>) -> Result<(), Error> {
    println!("### One file of many YAML documents, bootshift alone; median of {ROUNDS_LINEAR}\n");
    println!(
        "| MiB | documents | time, ms | a document, µs | peak memory, MiB |\n| ---: | ---: | ---: | ---: | ---: |"
    );
    for mebibytes in STREAMS {
        let (text, documents) = payloads::stream(mebibytes << 20);
        let path = tools.folder.join("stream.yaml");
        write(&path, &text)?;
        // Such streams exceed the default limits.
        let (documents_allowed, values_allowed) = (documents.to_string(), (documents * VALUES).to_string());
        let limits = ["--max-documents", &documents_allowed, "--max-values", &values_allowed];
        let arguments = ["check", "stream.yaml"].into_iter().chain(limits).map(str::to_owned).collect();
        let contender = Contender::new(OURS, tools.bootshift, arguments, tools.folder);
        let timing = &measure::interleaved(std::slice::from_ref(&contender), ROUNDS_LINEAR)?[0];
        let memory = measure::peak_memory(&contender)?;
        println!("| {mebibytes} | {documents} | {}", measure::linear_row(timing, documents, memory));
    }
    println!();
    Ok(())
}

fn linearity(tools: &Tools<'_>, counts: &[usize]) -> Result<(), Error> {
    println!("### A folder of files, bootshift alone; median of {ROUNDS_LINEAR}\n");
    println!("| files | time, ms | a file, µs | peak memory, MiB |\n| ---: | ---: | ---: | ---: |");
    for &count in counts {
        let folder = tools.folder.join(format!("many-{count}"));
        fs::create_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        payloads::write(&folder, count)?;
        let arguments = vec!["check".to_owned(), ".".to_owned()];
        let contender = Contender::new(OURS, tools.bootshift, arguments, &folder);
        let timing = &measure::interleaved(std::slice::from_ref(&contender), ROUNDS_LINEAR)?[0];
        let memory = measure::peak_memory(&contender)?;
        println!("| {count} | {}", measure::linear_row(timing, count, memory));
        fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    println!();
    Ok(())
}

fn verdict(timings: &[Timing], peer: &str, bar: f64) {
    if let Some(factor) = measure::factor(timings, peer, OURS) {
        let word = if factor >= bar { "met" } else { "missed" };
        println!("- {factor:.1} times faster than `{peer}`; the bar is {bar}: {word}");
    }
}

/// The programs to measure, and where they run.
struct Tools<'a> {
    bootshift: &'a Path,
    floor: &'a Path,
    peers: &'a Peers,
    schema: &'a Path,
    folder: &'a Path,
}

impl Tools<'_> {
    /// Every program on the same files, and what is the least that can be: reading them, and nothing at all.
    fn contenders(&self, files: &[String]) -> Vec<Contender> {
        let schema = self.schema.to_string_lossy().into_owned();
        let with = |name, program: &Path, arguments: &[&str]| {
            let all = arguments.iter().map(|&a| a.to_owned()).chain(files.iter().cloned()).collect();
            Contender::new(name, program, all, self.folder)
        };
        vec![
            with(OURS, self.bootshift, &["check"]),
            with(SOURCEMETA, &self.peers.sourcemeta, &["validate", &schema]),
            with(SOURCEMETA_FAST, &self.peers.sourcemeta, &["validate", "--fast", &schema]),
            with(CHECK_JSONSCHEMA, &self.peers.check_jsonschema, &["--schemafile", &schema]),
            with(READING, Path::new(READING), &[]),
            Contender::new(FLOOR, self.floor, Vec::new(), self.folder),
        ]
    }

    /// A peer that accepts anything would be quick for nothing: all take the valid payload, none the wrong one.
    fn must_judge_alike(&self) -> Result<(), Error> {
        for (name, text, valid) in
            [("valid.yaml", payloads::valid(0), true), ("invalid.yaml", payloads::invalid(), false)]
        {
            write(&self.folder.join(name), &text)?;
            for contender in self.contenders(&[name.to_owned()]) {
                if ![FLOOR, READING].contains(&contender.name) && contender.accepts()? != valid {
                    let judged = if valid { "refuses a valid payload" } else { "accepts a wrong payload" };
                    return Err(format!("`{}` {judged}: nothing to compare", contender.name));
                }
            }
        }
        Ok(())
    }
}

/// Compiles a program that does nothing.
fn empty_process(folder: &Path) -> Result<PathBuf, Error> {
    let (source, program) = (folder.join("empty.rs"), folder.join("empty"));
    write(&source, "fn main() {}\n")?;
    let mut rustc = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc.args(["-O", "-C", "panic=abort", "-o"]).arg(&program).arg(&source);
    step(&mut rustc)?;
    Ok(program)
}

/// A folder for the payloads, removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn create() -> Result<Self, Error> {
        let path = env::temp_dir().join(format!("bootshift-bench-{}", process::id()));
        fs::create_dir(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            eprintln!("warning: {} was not removed: {error}", self.0.display());
        }
    }
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

/// Builds the release binary, which lies beside the folder of this one.
fn build(root: &Path) -> Result<PathBuf, Error> {
    step(&mut cargo(root, "build --release --package bootshift --bin bootshift"))?;
    let binary = target_folder()?.join("release/bootshift").with_extension(env::consts::EXE_EXTENSION);
    if binary.is_file() { Ok(binary) } else { Err(format!("{} is missing", binary.display())) }
}

/// What the figures depend on.
fn surroundings(root: &Path, peers: &Peers) -> String {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let processor = fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    });
    let said = |program: &str, argument: &str| {
        output(Command::new(program).arg(argument).current_dir(root)).unwrap_or_else(|| "unknown".to_owned())
    };
    format!(
        "- machine: {cores} cores, {}, {}\n- bootshift {}, {}\n- peers: {}",
        processor.as_deref().unwrap_or(env::consts::ARCH),
        said("uname", "-sr"),
        output(Command::new("git").args(["describe", "--always", "--dirty"]).current_dir(root))
            .unwrap_or_else(|| "outside of git".to_owned()),
        said("rustc", "--version"),
        peers.versions,
    )
}
