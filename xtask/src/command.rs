//! Running other programs.

use std::env;
use std::ffi::{OsStr, OsString};
use std::io::{self, BufRead, BufReader, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::{self, Command, Stdio};
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

/// The Cargo that runs this task.
pub(crate) fn cargo_program() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// `cargo` in the workspace, the one that runs this task, with color on a terminal.
pub(crate) fn cargo(root: &Path, arguments: &str) -> Command {
    let mut command = Command::new(cargo_program());
    command.current_dir(root).args(arguments.split_whitespace()).stdin(Stdio::null());
    if env::var_os("CARGO_TERM_COLOR").is_none() && io::stderr().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    command
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

fn stream_until(
    command: &mut Command,
    deadline: Instant,
    mut each_line: impl FnMut(&str),
) -> Result<bool, Error> {
    let mut child = Child::start(command.stdout(Stdio::piped()))?;
    let output = child.process.stdout.take().expect("stdout is piped");
    let (sender, lines) = mpsc::channel();
    // Not joined: child processes of the command may keep its output open.
    thread::spawn(move || {
        for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    let mut stdout = io::stdout().lock();
    loop {
        match lines.recv_timeout(PAUSE) {
            Ok(line) => {
                // The reader may be gone; the tests still have to end.
                let _ = writeln!(stdout, "{}", String::from_utf8_lossy(&line)).and_then(|()| stdout.flush());
                each_line(String::from_utf8_lossy(&line).trim_end());
            }
            Err(RecvTimeoutError::Timeout) if child.runs()? && Instant::now() < deadline => {}
            Err(_) => break,
        }
    }
    child.wait_until(deadline)
}

/// A command that runs, and is not left running.
struct Child {
    process: process::Child,
    description: String,
}

impl Child {
    fn start(command: &mut Command) -> Result<Self, Error> {
        // From a terminal, Ctrl-C has to reach what runs; elsewhere, a group of its own is what can be ended whole.
        #[cfg(unix)]
        if !io::stderr().is_terminal() {
            std::os::unix::process::CommandExt::process_group(command, 0);
        }
        match command.spawn() {
            Ok(process) => Ok(Self { process, description: described(command) }),
            Err(error) => Err(not_started(command, &error)),
        }
    }

    fn runs(&mut self) -> Result<bool, Error> {
        self.process.try_wait().map(|status| status.is_none()).map_err(|error| error.to_string())
    }

    /// Whether the command succeeded; one that goes on past the deadline did not.
    fn wait_until(&mut self, deadline: Instant) -> Result<bool, Error> {
        while self.runs()? {
            if Instant::now() >= deadline {
                eprintln!("`{}` did not end in time", self.description);
                return Ok(false);
            }
            thread::sleep(PAUSE);
        }
        self.process.wait().map(|status| status.success()).map_err(|error| error.to_string())
    }
}

impl Drop for Child {
    /// Ends the command and the other processes of its group.
    fn drop(&mut self) {
        if cfg!(unix) && !io::stderr().is_terminal() {
            let group = format!("-{}", self.process.id());
            output(Command::new("kill").args(["-KILL", "--", &group]));
        }
        let _ = self.process.kill().and_then(|()| self.process.wait());
    }
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
    if rustlib(root)?.join(WASM).join("lib").is_dir() {
        return Ok(());
    }
    rustup(root, &["target", "add", WASM])
}

/// Where the toolchain keeps what it has for each target.
fn rustlib(root: &Path) -> Result<PathBuf, Error> {
    let sysroot = output(
        Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
            .args(["--print", "sysroot"])
            .current_dir(root),
    )
    .ok_or("`rustc --print sysroot` failed; install Rust from https://rustup.rs")?;
    Ok(PathBuf::from(sysroot).join("lib/rustlib"))
}

/// Makes sure that `cargo <name>` works, which the rustup component `component` brings.
pub(crate) fn require_component(root: &Path, name: &str, component: &str) -> Result<(), Error> {
    if output(&mut cargo(root, &format!("{name} --version"))).is_some() {
        return Ok(());
    }
    rustup(root, &["component", "add", component])
}

fn rustup(root: &Path, arguments: &[&str]) -> Result<(), Error> {
    let mut command = Command::new("rustup");
    if matches!(succeeds(command.args(arguments).current_dir(root)), Ok(true)) {
        return Ok(());
    }
    Err(format!(
        "this needs `rustup {}`, which did not work; run it, or install what it brings",
        arguments.join(" ")
    ))
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
    this.ancestors()
        .nth(2)
        .map(Path::to_owned)
        .ok_or_else(|| format!("{} is in no target folder", this.display()))
}

/// The files of the checkout, relative to it: those that git tracks, and new ones that it does not ignore.
pub(crate) fn checkout_files(root: &Path) -> Result<Vec<String>, Error> {
    let listed = output(
        Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(root),
    )
    .ok_or("`git ls-files` failed; this needs a clone")?;
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

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]).stdin(Stdio::null());
        command
    }

    fn soon() -> Instant {
        Instant::now() + Duration::from_secs(1)
    }

    #[test]
    fn every_line_of_output_is_forwarded() {
        let mut lines = Vec::new();
        let success =
            stream_until(&mut shell("echo one; printf two"), soon(), |line| lines.push(line.to_owned()));
        assert_eq!((success, lines), (Ok(true), vec!["one".to_owned(), "two".to_owned()]));
        assert_eq!(stream_until(&mut shell("exit 3"), soon(), |_| ()), Ok(false));
    }

    /// A browser or a server that a test does not stop must not block the run.
    #[test]
    fn background_processes_are_not_waited_for() {
        let success = stream_until(&mut shell("sleep 600 & echo started"), soon(), |_| ());
        assert_eq!(success, Ok(true));
    }

    #[test]
    fn hanging_command_fails() {
        assert_eq!(stream_until(&mut shell("sleep 600"), soon(), |_| ()), Ok(false));
    }
}
