//! Confirmations and password prompts on a terminal, and Ctrl-C.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::harness::{Bench, ORDINARY, assert_same};
use redshift_emulator::{DATABASE, PASSWORD, SUPERUSER};
use testkit::words::original;

/// The timeout for expected events, long enough for a busy machine. Without Enter a command would wait forever.
const TIMEOUT: Duration = Duration::from_secs(120);

const CTRL_C: &str = "\u{3}";

/// A shell on its own terminal, with `script` of util-linux, which the test types into.
pub(crate) struct Typist {
    child: Child,
    keys: ChildStdin,
    screen: Arc<Mutex<String>>,
    reader: JoinHandle<()>,
}

impl Typist {
    /// Runs a line of shell on a new terminal. Ctrl-C does not end the shell.
    pub(crate) fn start(line: &str, folder: &Path) -> Self {
        let mut child = Command::new("script")
            .args([
                "--quiet",
                "--return",
                "--flush",
                "--command",
                &format!("trap : INT; {line}"),
                "/dev/null",
            ])
            .env("SHELL", "/bin/sh")
            .env("TERM", "dumb")
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("`script` of util-linux");
        let keys = child.stdin.take().expect("a pipe");
        let mut output = child.stdout.take().expect("a pipe");
        let screen = Arc::new(Mutex::new(String::new()));
        let shown = Arc::clone(&screen);
        let reader = thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(length @ 1..) = output.read(&mut bytes) {
                shown.lock().expect("a screen").push_str(&String::from_utf8_lossy(&bytes[..length]));
            }
        });
        Self { child, keys, screen, reader }
    }

    fn screen(&self) -> String {
        original(self.screen.lock().expect("a screen").clone())
    }

    /// Waits until the screen shows a text.
    pub(crate) fn wait_for(&mut self, text: &str) -> String {
        let deadline = Instant::now() + TIMEOUT;
        while !self.screen().contains(text) {
            let is_over = self.child.try_wait().expect("its state").is_some();
            assert!(!is_over && Instant::now() < deadline, "{text:?} never came: {}", self.screen());
            thread::sleep(Duration::from_millis(5));
        }
        self.screen()
    }

    /// Types.
    pub(crate) fn type_keys(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).and_then(|()| self.keys.flush()).expect("a terminal");
    }

    /// Waits until the shell has ended, without further input; returns the whole screen.
    pub(crate) fn end(mut self) -> String {
        let deadline = Instant::now() + TIMEOUT;
        while self.child.try_wait().expect("its state").is_none() {
            if Instant::now() > deadline {
                let screen = self.screen();
                let _ = self.child.kill();
                panic!("it does not end: {screen}");
            }
            thread::sleep(Duration::from_millis(5));
        }
        let Self { screen, reader, .. } = self;
        reader.join().expect("the reader");
        let screen = original(screen.lock().expect("a screen").clone());
        assert!(!screen.contains("defect"), "a panic: {screen}");
        assert!(!screen.contains(PASSWORD), "a secret: {screen}");
        screen
    }
}

/// A line of shell that runs the command, and then prints its exit code and the mode of the terminal.
pub(crate) fn shell(command: &Command) -> String {
    let quoted = |text: &std::ffi::OsStr| {
        let text = text.to_str().expect("UTF-8");
        format!("'{}'", text.replace('\'', "'\\''"))
    };
    let mut line = "env".to_owned();
    for (name, value) in command.get_envs() {
        let name = name.to_str().expect("UTF-8");
        let _ = match value {
            Some(value) => write!(line, " {name}={}", quoted(value)),
            None => write!(line, " -u {name}"),
        };
    }
    // The process of the shell becomes that of the command.
    let _ = write!(line, " sh -c 'echo \"pid=$$\"; exec \"$@\"' sh {}", quoted(command.get_program()));
    for argument in command.get_args() {
        let _ = write!(line, " {}", quoted(argument));
    }
    format!("{line}; echo \"exit=$?\"; stty -a")
}

/// The command with text output and the superuser as login user.
fn command(bench: &Bench, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bootshift"));
    command.args(arguments).args(["--user", SUPERUSER, "--sslmode", "disable"]).current_dir(bench.folder());
    command
}

fn assert_untouched(bench: &Bench, before: &str, screen: &str) {
    assert_ended(bench, before, screen, "exit=130");
}

fn assert_ended(bench: &Bench, before: &str, screen: &str, exit: &str) {
    assert!(screen.contains(exit), "{screen}");
    assert!(screen.contains("nothing was changed"), "{screen}");
    let state = screen.split(exit).nth(1).expect("the output of stty");
    assert!(
        state.split_whitespace().any(|word| word == "echo"),
        "the terminal shows no more what is typed: {screen}"
    );
    assert!(state.split_whitespace().any(|word| word == "isig"), "Ctrl-C is no more than a key: {screen}");
    bench.wait_for_sessions(0);
    assert_same(&bench.dump(DATABASE), before, "nothing was changed");
}

/// Ctrl-C at the confirmation ends the command without Enter.
#[test]
fn ctrl_c_at_the_confirmation_interrupts() {
    let bench = Bench::new();
    bench.payload("payload", &ORDINARY);
    let before = bench.dump(DATABASE);
    for (verb, keys) in [("apply", CTRL_C), ("apply", "y\u{3}")] {
        let mut apply = command(&bench, &[verb, "payload.json"]);
        apply.env("PGPASSWORD", PASSWORD);
        let mut typist = Typist::start(&shell(&apply), bench.folder());
        typist.wait_for("Apply this plan? [y/N]");
        typist.type_keys(keys);
        assert_untouched(&bench, &before, &typist.end());
    }
    // Also for a signal that is not from the keyboard, and for `remove`.
    bench.run(&["apply", "payload.json", "--yes"]).expect(0);
    let before = bench.dump(DATABASE);
    let mut remove = command(&bench, &["remove", "payload.json"]);
    remove.env("PGPASSWORD", PASSWORD);
    let mut typist = Typist::start(&shell(&remove), bench.folder());
    let screen = typist.wait_for("Remove this setup? [y/N]");
    interrupt(&screen);
    assert_untouched(&bench, &before, &typist.end());
}

/// Sends the signal to the command, whose process number is on the screen.
fn interrupt(screen: &str) {
    let pid = screen.split("pid=").nth(1).and_then(|rest| rest.split_whitespace().next()).expect("a number");
    assert!(Command::new("kill").args(["-INT", pid]).status().expect("kill").success());
}

#[test]
fn only_y_confirms() {
    let bench = Bench::new();
    bench.payload("payload", &ORDINARY);
    let before = bench.dump(DATABASE);
    let answered = |keys: &str, format: &str| {
        let mut apply = command(&bench, &["apply", "payload.json", "--format", format]);
        apply.env("PGPASSWORD", PASSWORD);
        let mut typist = Typist::start(&shell(&apply), bench.folder());
        typist.wait_for("Apply this plan? [y/N]");
        typist.type_keys(keys);
        typist.end()
    };
    // The last one is the end of the input.
    for no in ["\r", "n\r", "yep\r", "\u{4}"] {
        assert_ended(&bench, &before, &answered(no, "human"), "exit=3");
    }
    // JSON output still has its report.
    for (no, exit) in [("n\r", "exit=3"), (CTRL_C, "exit=130")] {
        let screen = answered(no, "json");
        assert_ended(&bench, &before, &screen, exit);
        let answer =
            screen.lines().filter(|line| line.starts_with('{') && !line.contains("\"event\"")).count();
        assert_eq!(answer, 1, "{screen}");
    }
    let screen = answered("Yes\r", "human");
    assert!(screen.contains("exit=0") && screen.contains("enabled: payload.json"), "{screen}");
}

/// Ctrl-C at the password prompt also restores the echo of the terminal.
#[test]
fn ctrl_c_at_the_password_prompt_interrupts() {
    let bench = Bench::new();
    bench.payload("payload", &ORDINARY);
    let before = bench.dump(DATABASE);
    bench.emulator.reset_log();
    for is_key in [true, false] {
        let mut status = command(&bench, &["apply", "payload.json"]);
        status.env_remove("PGPASSWORD");
        let mut typist = Typist::start(&shell(&status), bench.folder());
        let screen = typist.wait_for("Password for awsuser: ");
        if is_key {
            typist.type_keys("half of a pass");
            typist.type_keys(CTRL_C);
        } else {
            // Input after the signal could be echoed, because the echo is restored.
            interrupt(&screen);
        }
        let screen = typist.end();
        assert!(!screen.contains("half of"), "{screen}");
        assert_untouched(&bench, &before, &screen);
    }
    assert!(bench.emulator.log().connections.is_empty(), "no connection was made");
    // Without an interrupt the password is read: text that Ctrl-U erases is not part of it, and an empty line is an error.
    for (keys, exit, shown) in [
        (format!("oops\u{15}{PASSWORD}\r"), "exit=1", "nothing is set up"),
        ("\u{4}".to_owned(), "exit=2", "cannot read the password: "),
    ] {
        let mut status = command(&bench, &["status", "payload.json"]);
        status.env_remove("PGPASSWORD");
        let mut typist = Typist::start(&shell(&status), bench.folder());
        typist.wait_for("Password for awsuser: ");
        typist.type_keys(&keys);
        let screen = typist.end();
        assert!(screen.contains(exit) && screen.contains(shown), "{screen}");
        assert!(screen.split_whitespace().any(|word| word == "echo"), "{screen}");
    }
}

/// An interrupt during the inspection prevents the confirmation.
#[test]
fn no_confirmation_is_requested_after_an_interrupt() {
    let bench = Bench::new();
    let folder = tempfile::tempdir().expect("a folder");
    let silent = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let text = std::fs::read_to_string(bench.payload("a", &ORDINARY)).expect("a payload");
    std::fs::write(folder.path().join("a.json"), &text).expect("a payload");
    let port = silent.local_addr().expect("an address").port();
    let hanging = text
        .replace("127.0.0.1", "localhost")
        .replace(&format!("\"port\": {}", bench.emulator.port()), &format!("\"port\": {port}"));
    std::fs::write(folder.path().join("b.json"), hanging).expect("a payload");
    let before = bench.dump(DATABASE);
    let mut apply = command(
        &bench,
        &[
            "apply",
            ".",
            "--connect-timeout",
            "3600",
            "--allow-host",
            "127.0.0.1",
            "--allow-host",
            "localhost",
        ],
    );
    apply.env("PGPASSWORD", PASSWORD);
    let mut typist = Typist::start(&shell(&apply), folder.path());
    typist.wait_for("Create the system account");
    typist.wait_for("waiting for 1 of 2: localhost:");
    typist.type_keys(CTRL_C);
    let screen = typist.end();
    assert!(!screen.contains("Apply this plan?"), "{screen}");
    assert_untouched(&bench, &before, &screen);
}
