//! Wall times of whole processes.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::command::Error;

/// Rounds that are not counted, for caches to fill.
const WARM_UP: usize = 2;

/// A process to measure.
pub(super) struct Contender {
    pub(super) name: &'static str,
    program: PathBuf,
    arguments: Vec<String>,
    folder: PathBuf,
}

impl Contender {
    pub(super) fn new(name: &'static str, program: &Path, arguments: Vec<String>, folder: &Path) -> Self {
        Self { name, program: program.to_owned(), arguments, folder: folder.to_owned() }
    }

    /// Whether it exits with 0.
    pub(super) fn accepts(&self) -> Result<bool, Error> {
        let status = self.command().status().map_err(|error| self.not_started(&error))?;
        Ok(status.success())
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).current_dir(&self.folder);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    fn run(&self) -> Result<Duration, Error> {
        let mut command = self.command();
        let start = Instant::now();
        let status = command.status().map_err(|error| self.not_started(&error))?;
        let time = start.elapsed();
        if status.success() { Ok(time) } else { Err(format!("`{}` ended with {status}", self.name)) }
    }

    fn not_started(&self, error: &std::io::Error) -> Error {
        format!("cannot run {}: {error}", self.program.display())
    }
}

/// What a contender took.
pub(super) struct Timing {
    name: &'static str,
    /// In ascending order; never empty.
    times: Vec<Duration>,
}

impl Timing {
    fn median(&self) -> Duration {
        let middle = self.times.len() / 2;
        if self.times.len() % 2 == 1 {
            self.times[middle]
        } else {
            (self.times[middle - 1] + self.times[middle]) / 2
        }
    }
}

/// Runs the contenders in turn, round after round, so that a disturbance of the machine meets all of them.
pub(super) fn interleaved(contenders: &[Contender], rounds: usize) -> Result<Vec<Timing>, Error> {
    let mut timings: Vec<_> = contenders
        .iter()
        .map(|contender| Timing { name: contender.name, times: Vec::with_capacity(rounds) })
        .collect();
    for round in 0..WARM_UP + rounds {
        for (contender, timing) in contenders.iter().zip(&mut timings) {
            let time = contender.run()?;
            if round >= WARM_UP {
                timing.times.push(time);
            }
        }
    }
    for timing in &mut timings {
        timing.times.sort_unstable();
    }
    Ok(timings)
}

/// How many times longer `name` takes than `than`, by the medians.
pub(super) fn factor(timings: &[Timing], name: &str, than: &str) -> Option<f64> {
    let median = |name| timings.iter().find(|timing| timing.name == name).map(Timing::median);
    Some(median(name)?.as_secs_f64() / median(than)?.as_secs_f64())
}

/// The timings as a Markdown table, with factors relative to `base`.
pub(super) fn table(timings: &[Timing], base: &str) -> String {
    let mut text =
        "| command | median, ms | min | max | ratio |\n| --- | ---: | ---: | ---: | ---: |\n".to_owned();
    for timing in timings {
        let (fastest, slowest) = (timing.times[0], timing.times[timing.times.len() - 1]);
        let factor = factor(timings, timing.name, base).unwrap_or(f64::NAN);
        let _ = writeln!(
            text,
            "| `{}` | {:.2} | {:.2} | {:.2} | {factor:.2} |",
            timing.name,
            milliseconds(timing.median()),
            milliseconds(fastest),
            milliseconds(slowest),
        );
    }
    text
}

/// The cells of one number of files, after the number itself.
pub(super) fn linear_row(timing: &Timing, files: usize, memory: Option<u64>) -> String {
    let files = u32::try_from(files).unwrap_or(u32::MAX);
    let memory = memory.map_or_else(|| "unknown".to_owned(), |kib| format!("{:.1}", kib_to_mib(kib)));
    let each = timing.median().as_secs_f64() * 1e6 / f64::from(files);
    format!("{:.1} | {each:.1} | {memory} |", milliseconds(timing.median()))
}

/// The most memory that a run held, in KiB, by looking at it while it runs; `None` where there is no `/proc`.
pub(super) fn peak_memory(contender: &Contender) -> Result<Option<u64>, Error> {
    let mut child = contender.command().spawn().map_err(|error| contender.not_started(&error))?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    while child.try_wait().map_err(|error| error.to_string())?.is_none() {
        peak = fs::read_to_string(&status).ok().and_then(|text| high_water_mark(&text)).max(peak);
        thread::sleep(Duration::from_millis(1));
    }
    Ok(peak)
}

fn high_water_mark(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn kib_to_mib(kib: u64) -> f64 {
    f64::from(u32::try_from(kib).unwrap_or(u32::MAX)) / 1024.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timing(name: &'static str, milliseconds: &[u64]) -> Timing {
        Timing { name, times: milliseconds.iter().copied().map(Duration::from_millis).collect() }
    }

    #[test]
    fn median_of_an_even_number_is_the_mean_of_the_middle() {
        assert_eq!(timing("a", &[1, 2, 9]).median(), Duration::from_millis(2));
        assert_eq!(timing("a", &[1, 2, 4, 9]).median(), Duration::from_millis(3));
    }

    #[test]
    fn factors_are_relative_to_the_base() {
        let timings = [timing("ours", &[2]), timing("peer", &[100])];
        assert_eq!(factor(&timings, "peer", "ours"), Some(50.0));
        assert_eq!(factor(&timings, "unknown", "ours"), None);
        assert!(table(&timings, "ours").contains("| `peer` | 100.00 | 100.00 | 100.00 | 50.00 |"));
    }

    #[test]
    fn peak_memory_is_read_from_the_process_status() {
        assert_eq!(high_water_mark("Name:\tx\nVmPeak:\t  10 kB\nVmHWM:\t    2048 kB\n"), Some(2048));
        assert_eq!(high_water_mark("Name:\tx\n"), None);
        assert!((kib_to_mib(2048) - 2.0).abs() < f64::EPSILON);
    }

    #[test]
    fn failing_process_is_not_measured() {
        let contender = Contender::new("false", Path::new("/bin/false"), Vec::new(), Path::new("/"));
        assert!(interleaved(&[contender], 1).is_err());
    }
}
