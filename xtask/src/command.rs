//! Running other programs.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, BufRead, BufReader, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// Why a task could not go on, for people.
pub(crate) type Error = String;

/// The target that the core has to compile for, beside the host.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// How long tests may take, several times what the longest take on two cores: those that hang have to be named.
const LIMIT: Duration = Duration::from_secs(20 * 60);

/// Between two looks at tests that say nothing.
const PAUSE: Duration = Duration::from_millis(50);

/// An error of a file or a folder.
pub(crate) fn at(path: &Path) -> impl Fn(io::Error) -> Error {
    move |error| format!("{}: {error}", path.display())
}

/// The text of a file of the checkout.
pub(crate) fn read(root: &Path, name: &str) -> Result<String, Error> {
    fs::read_to_string(root.join(name)).map_err(at(Path::new(name)))
}

/// Removes a folder, if it is there.
pub(crate) fn remove(folder: &Path) -> Result<(), Error> {
    if folder.exists() { fs::remove_dir_all(folder).map_err(at(folder)) } else { Ok(()) }
}

/// Whether a file was written after another.
pub(crate) fn is_newer(file: &Path, other: &Path) -> bool {
    let written = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified());
    matches!((written(file), written(other)), (Ok(file), Ok(other)) if file > other)
}

/// `cargo` in the workspace, the one that runs this task, with color on a terminal.
pub(crate) fn cargo(root: &Path, arguments: &str) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root).args(arguments.split_whitespace()).stdin(Stdio::null());
    if env::var_os("CARGO_TERM_COLOR").is_none() && io::stderr().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    command
}

/// What `rustc` prints.
pub(crate) fn rustc(root: &Path, arguments: &[&str]) -> Result<String, Error> {
    let mut rustc = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    output(rustc.args(arguments).current_dir(root))
        .ok_or_else(|| "rustc does not run; install Rust from https://rustup.rs".to_owned())
}

/// Prints the command and runs it; returns whether it succeeded.
pub(crate) fn succeeds(command: &mut Command) -> Result<bool, Error> {
    announce(command);
    let status = command.status().map_err(|error| not_started(command, &error))?;
    Ok(status.success())
}

/// Prints the command and runs it; an error if it fails.
pub(crate) fn step(command: &mut Command) -> Result<(), Error> {
    if succeeds(command.stdin(Stdio::null()))? {
        Ok(())
    } else {
        Err(format!("`{}` failed", described(command)))
    }
}

/// Shows the command and runs it; passes each line of its standard output on at once, and to `each_line`. A command
/// that takes longer than [`LIMIT`] is ended and has failed.
pub(crate) fn streams(command: &mut Command, each_line: impl FnMut(&str)) -> Result<bool, Error> {
    announce(command);
    stream_until(command, Instant::now() + LIMIT, each_line)
}

/// Ends what is left of the command and of its group, after the deadline or its own end.
fn stream_until(
    command: &mut Command,
    deadline: Instant,
    mut each_line: impl FnMut(&str),
) -> Result<bool, Error> {
    // From a terminal, Ctrl-C has to reach what runs; elsewhere, a group of its own is what can be ended whole.
    let has_group = cfg!(unix) && !io::stderr().is_terminal();
    #[cfg(unix)]
    if has_group {
        std::os::unix::process::CommandExt::process_group(command, 0);
    }
    let started = command.stdout(Stdio::piped()).spawn();
    let mut child = started.map_err(|error| not_started(command, &error))?;
    let output_of_child = child.stdout.take().expect("stdout is piped");
    let (sender, lines) = mpsc::channel();
    // Not joined: child processes of the command may keep its output open.
    thread::spawn(move || {
        let mut lines = BufReader::new(output_of_child).split(b'\n').map_while(Result::ok);
        lines.try_for_each(|line| sender.send(line))
    });
    let success = loop {
        match lines.recv_timeout(PAUSE) {
            Ok(line) => {
                let line = String::from_utf8_lossy(&line);
                // The reader may be gone; the tests still have to end.
                let _ = writeln!(io::stdout(), "{line}");
                each_line(line.trim_end());
                continue;
            }
            Err(RecvTimeoutError::Disconnected) => thread::sleep(PAUSE),
            Err(RecvTimeoutError::Timeout) => {}
        }
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            break status.success();
        }
        if Instant::now() >= deadline {
            eprintln!("`{}` did not end in time", described(command));
            break false;
        }
    };
    if has_group {
        output(Command::new("kill").args(["-KILL", "--", &format!("-{}", child.id())]));
    }
    let _ = child.kill().and_then(|()| child.wait());
    Ok(success)
}

/// Runs the command without showing it, and gives its standard output; `None` if it failed or is not there.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Makes sure that the crates of every target and feature are downloaded: Cargo by itself gets what one build needs,
/// and some tests ask it offline about all of them.
pub(crate) fn require_crates(root: &Path) -> Result<(), Error> {
    step(&mut cargo(root, "fetch --locked"))
}

/// Makes sure that the standard library for [`WASM`] is installed.
pub(crate) fn require_wasm_target(root: &Path) -> Result<(), Error> {
    let sysroot = PathBuf::from(rustc(root, &["--print", "sysroot"])?);
    if sysroot.join("lib/rustlib").join(WASM).join("lib").is_dir() {
        return Ok(());
    }
    step(Command::new("rustup").args(["target", "add", WASM]).current_dir(root))
}

/// The command as one would type it, but for the folder of its program.
pub(crate) fn described(command: &Command) -> String {
    let words: Vec<_> = command.get_args().map(OsStr::to_string_lossy).collect();
    let program = Path::new(command.get_program()).file_stem().unwrap_or_default().to_string_lossy();
    format!("{program} {}", words.join(" "))
}

/// Cargo's target folder, which this program was built into.
pub(crate) fn target_folder() -> Result<PathBuf, Error> {
    let this = env::current_exe().map_err(|error| error.to_string())?;
    // target/debug/xtask
    let folder = this.ancestors().nth(2).map(Path::to_owned);
    folder.ok_or_else(|| format!("{} is in no target folder", this.display()))
}

/// The files of the checkout that fit one of the patterns, relative to it: those that git tracks, and new ones that it does
/// not ignore.
pub(crate) fn checkout_files(root: &Path, patterns: &str) -> Result<Vec<String>, Error> {
    let mut git = Command::new("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--"])
        .args(patterns.split(' '));
    let listed = output(git.current_dir(root)).ok_or("`git ls-files` failed; this needs a clone")?;
    let exists = |name: &&str| !name.is_empty() && root.join(name).is_file();
    Ok(listed.split('\0').filter(exists).map(str::to_owned).collect())
}

fn announce(command: &Command) {
    eprintln!("\n==> {}", described(command));
}

fn not_started(command: &Command, error: &io::Error) -> Error {
    format!("cannot run `{}`: {error}", command.get_program().to_string_lossy())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn run(script: &str, each_line: impl FnMut(&str)) -> Result<bool, Error> {
        let mut shell = Command::new("sh");
        let soon = Instant::now() + Duration::from_secs(1);
        stream_until(shell.args(["-c", script]).stdin(Stdio::null()), soon, each_line)
    }

    #[test]
    fn every_line_of_output_is_forwarded() {
        let mut lines = Vec::new();
        let success = run("echo one; printf two", |line| lines.push(line.to_owned()));
        assert_eq!((success, lines), (Ok(true), vec!["one".to_owned(), "two".to_owned()]));
        assert_eq!(run("exit 3", |_| ()), Ok(false));
    }

    /// A browser or a server that a test does not stop must not block the run.
    #[test]
    fn background_processes_are_not_waited_for() {
        assert_eq!(run("sleep 600 & echo started", |_| ()), Ok(true));
    }

    #[test]
    fn hanging_command_fails() {
        assert_eq!(run("sleep 600", |_| ()), Ok(false));
    }
}
