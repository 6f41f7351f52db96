//! Running other programs.

use std::env;
use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Why a task could not go on, for people.
pub(crate) type Error = String;

/// The target that the core has to compile for, beside the host.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// `cargo` in the workspace, the one that runs this task, with colours where somebody sees them.
pub(crate) fn cargo(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root).args(arguments).stdin(Stdio::null());
    if env::var_os("CARGO_TERM_COLOR").is_none() && io::stderr().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    command
}

/// Shows the command and runs it; tells whether it succeeded.
pub(crate) fn succeeds(command: &mut Command) -> Result<bool, Error> {
    announce(command);
    let status = command.status().map_err(|error| not_started(command, &error))?;
    Ok(status.success())
}

/// Shows the command and runs it; passes each line of its standard output on at once, and to `each_line`.
pub(crate) fn streams(command: &mut Command, mut each_line: impl FnMut(&str)) -> Result<bool, Error> {
    announce(command);
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| not_started(command, &error))?;
    let mut output = BufReader::new(child.stdout.take().expect("stdout is piped"));
    let mut stdout = io::stdout().lock();
    let mut line = Vec::new();
    loop {
        line.clear();
        let length = output.read_until(b'\n', &mut line).map_err(|error| error.to_string())?;
        if length == 0 {
            break;
        }
        // Nobody may be reading any more; the tests still have to end.
        let _ = stdout.write_all(&line).and_then(|()| stdout.flush());
        each_line(String::from_utf8_lossy(&line).trim_end());
    }
    let status = child.wait().map_err(|error| error.to_string())?;
    Ok(status.success())
}

/// Runs the command without showing it, and gives its standard output; `None` if it failed or is not there.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Makes sure that the standard library for [`WASM`] is installed.
pub(crate) fn require_wasm_target(root: &Path) -> Result<(), Error> {
    let sysroot = output(
        Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
            .args(["--print", "sysroot"])
            .current_dir(root),
    )
    .ok_or("`rustc --print sysroot` failed; install Rust from https://rustup.rs")?;
    if PathBuf::from(sysroot).join("lib/rustlib").join(WASM).join("lib").is_dir() {
        return Ok(());
    }
    rustup(root, &["target", "add", WASM])
}

/// Makes sure that `cargo <name>` works, which the rustup component `component` brings.
pub(crate) fn require_component(root: &Path, name: &str, component: &str) -> Result<(), Error> {
    if output(&mut cargo(root, &[name, "--version"])).is_some() {
        return Ok(());
    }
    rustup(root, &["component", "add", component])
}

/// Makes sure that there is a curl to run the written commands with.
pub(crate) fn require_curl() -> Result<(), Error> {
    match output(Command::new("curl").arg("--version")) {
        Some(_) => Ok(()),
        None => Err("the tests run the commands that `request` writes, and there is no curl; install it \
                     (on Debian: `apt-get install curl`)"
            .to_owned()),
    }
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

fn announce(command: &Command) {
    eprintln!("\n==> {}", described(command));
}

fn not_started(command: &Command, error: &io::Error) -> Error {
    format!("cannot run `{}`: {error}", command.get_program().to_string_lossy())
}
