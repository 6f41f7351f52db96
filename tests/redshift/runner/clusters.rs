//! Several payloads at once: the order and attribution of the output.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read};
use std::net::{IpAddr, Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use super::harness::{Bench, Case, ORDINARY, Run};
use redshift_emulator::{DATABASE, PASSWORD, SUPERUSER};
use testkit::words::original;

/// The timeout for expected events, long enough for a busy machine.
const TIMEOUT: Duration = Duration::from_secs(120);

/// A host that accepts connections and never responds.
struct Silent(TcpListener);

impl Silent {
    fn at(address: impl Into<IpAddr>) -> Self {
        Self(TcpListener::bind((address.into(), 0)).expect("a port"))
    }

    fn port(&self) -> u16 {
        self.0.local_addr().expect("an address").port()
    }
}

/// Writes the payload of a setup on a host.
fn write(folder: &Path, name: &str, host: &str, port: u16) {
    std::fs::write(folder.join(name), payload(host, port)).expect("a payload");
}

fn payload(host: &str, port: u16) -> String {
    format!(
        "type: Redshift\nautoBootstrap: false\nconfig:\n  host: {host}\n  port: {port}\n  database: immuta\n  \
         initialDatabase: dev\n  authenticationType: userPassword\n  username: immuta_system_account\n  password: \
         ${{SECRET_PASSWORD}}\n"
    )
}

/// A folder of payloads: the cluster of `a.yaml` responds, and that of `b.yaml` never does.
fn one_of_two_hangs(bench: &Bench) -> (TempDir, Silent) {
    let folder = tempfile::tempdir().expect("a folder");
    let silent = Silent::at(Ipv4Addr::LOCALHOST);
    write(folder.path(), "a.yaml", "127.0.0.1", bench.emulator.port());
    // Only one integration per host is allowed, so this is another name of the same machine.
    write(folder.path(), "b.yaml", "localhost", silent.port());
    (folder, silent)
}

/// The command on a folder; it hangs until the test ends it.
fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = hasty(folder, arguments);
    command.args(["--connect-timeout", "3600"]);
    command
}

fn hasty(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bootshift"));
    command
        .args(arguments)
        .args([".", "--user", SUPERUSER, "--sslmode", "disable"])
        .env("PGPASSWORD", PASSWORD)
        .env("SECRET_PASSWORD", super::harness::SECRET)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    // Several hosts must be confirmed.
    if arguments[0] == "status" || arguments.contains(&"--dry-run") {
        command.arg("--yes");
    }
    command
}

/// The lines of a stream as they arrive.
fn lines(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(stream).lines() {
            let _ = sender.send(original(line.expect("UTF-8")));
        }
    });
    receiver
}

/// A command whose lines are read while it runs.
struct Running {
    child: Child,
    out: Receiver<String>,
    err: Receiver<String>,
}

impl Running {
    fn start(mut command: Command) -> Self {
        let mut child = command.spawn().expect("the command starts");
        let out = lines(child.stdout.take().expect("a pipe"));
        let err = lines(child.stderr.take().expect("a pipe"));
        Self { child, out, err }
    }

    /// Waits for a line of a stream.
    fn wait_for(stream: &Receiver<String>, is_it: impl Fn(&str) -> bool) -> String {
        let deadline = Instant::now() + TIMEOUT;
        let mut before = Vec::new();
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match stream.recv_timeout(left) {
                Ok(line) if is_it(&line) => return line,
                Ok(line) => before.push(line),
                Err(error) => panic!("it never came ({error}); before: {before:#?}"),
            }
        }
    }

    fn interrupt(&self) {
        let sent = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        assert!(sent.expect("kill").success());
    }

    /// Its exit code, and the remaining output.
    fn end(mut self) -> (Option<i32>, Vec<String>, Vec<String>) {
        let exit = self.child.wait().expect("an end").code();
        (exit, self.out.iter().collect(), self.err.iter().collect())
    }
}

fn json(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
}

/// The payload of an event.
fn named(event: &Value) -> (u64, String) {
    let index = event["payload"].as_u64().unwrap_or_else(|| panic!("no index: {event}"));
    let path = event["path"].as_str().unwrap_or_else(|| panic!("no path: {event}"));
    (index, path.to_owned())
}

/// With many clusters, results are not delayed by the slowest one.
#[test]
fn reports_are_shown_while_another_host_hangs() {
    let bench = Bench::new();
    for (arguments, shown) in [
        (&["status"] as &[&str], "nothing is set up: a.yaml"),
        (&["apply", "--dry-run"], "nothing is set up: a.yaml (nothing was changed, "),
        (&["remove", "--dry-run"], "nothing is set up: a.yaml (nothing was changed)"),
        (&["remove", "--yes"], "nothing is set up: a.yaml (nothing was changed)"),
    ] {
        let (folder, silent) = one_of_two_hangs(&bench);
        let mut running = Running::start(command(folder.path(), arguments));
        Running::wait_for(&running.out, |line| line.contains(shown));
        let waiting = format!("waiting for 1 of 2: localhost:{} (", silent.port());
        let line = Running::wait_for(&running.err, |line| line.starts_with(&waiting));
        assert!(line.ends_with("b.yaml)"), "{line}");
        assert_eq!(running.child.try_wait().expect("its state"), None, "{arguments:?}: it still waits");
        drop(silent);
        let (exit, _, err) = running.end();
        assert_eq!(exit, Some(3), "{arguments:?}: {err:#?}");
        assert!(err.iter().any(|line| line.contains("b.yaml: Initial Validation")), "{err:#?}");
    }
}

/// In JSON, events are immediate, and reports are in the order of the payloads.
#[test]
fn events_are_immediate_and_reports_are_in_order() {
    let bench = Bench::new();
    let folder = tempfile::tempdir().expect("a folder");
    let silent = Silent::at(Ipv4Addr::LOCALHOST);
    write(folder.path(), "a.yaml", "localhost", silent.port());
    write(folder.path(), "b.yaml", "127.0.0.1", bench.emulator.port());
    let mut running = Running::start(command(folder.path(), &["status", "--format", "json"]));
    let outcome = Running::wait_for(&running.out, |line| json(line)["event"] == "outcome");
    let outcome = json(&outcome);
    assert_eq!((named(&outcome).0, &outcome["outcome"]["status"]), (1, &Value::from("deleted")), "{outcome}");
    let waiting = json(&Running::wait_for(&running.out, |line| json(line)["event"] == "waiting"));
    assert_eq!(
        (named(&waiting).0, waiting["server"].as_str()),
        (0, Some(&*format!("localhost:{}", silent.port())))
    );
    assert_eq!(running.child.try_wait().expect("its state"), None, "it still waits");
    drop(silent);
    let (exit, out, _) = running.end();
    assert_eq!(exit, Some(3));
    let answers: Vec<Value> =
        out.iter().map(|line| json(line)).filter(|line| line.get("event").is_none()).collect();
    let order: Vec<u64> = answers.iter().map(|answer| named(answer).0).collect();
    assert_eq!(order, [0, 1], "{answers:#?}");
    assert_eq!(answers[1]["status"], "deleted");
}

/// CI systems interpret some lines of a log as commands, and a pull request can choose paths: so no line starts with one.
#[cfg(not(windows))]
#[test]
fn no_line_of_text_output_starts_with_a_path() {
    let bench = Bench::new();
    let folder = tempfile::tempdir().expect("a folder");
    let port = bench.emulator.port();
    let (first, second) = (payload("localhost", port), payload("127.0.0.1", port));
    let second = second.replace("database: immuta", "database: \"::notice::c\"");
    let second = second.replace("immuta_system_account", "other_account");
    std::fs::write(folder.path().join("::notice::a.yaml"), first).expect("a payload");
    std::fs::write(folder.path().join("::notice::b.yaml"), second).expect("a payload");
    for arguments in
        [&["apply", "--dry-run"] as &[&str], &["apply", "--yes"], &["status"], &["remove", "--yes"]]
    {
        let output = command(folder.path(), arguments).env_remove("CI").output().expect("it runs");
        let run = Run::of(output);
        let lines: Vec<&str> = run.stdout.lines().chain(run.stderr.lines()).collect();
        assert!(lines.iter().any(|line| line.contains("::notice::a.yaml")), "{run:#?}");
        let from_outside = lines.iter().find(|line| line.trim_start().starts_with("::"));
        assert_eq!(from_outside, None, "{run:#?}");
    }
}

/// Each line and each event identifies its payload, even for several payloads in one file.
#[test]
fn progress_and_events_name_the_payload() {
    let bench = Bench::new();
    let folder = tempfile::tempdir().expect("a folder");
    let port = bench.emulator.port();
    // Two setups on one cluster, with two host names.
    let second = payload("localhost", port)
        .replace("database: immuta", "database: other")
        .replace("immuta_system_account", "other_account");
    std::fs::write(folder.path().join("both.yaml"), format!("{}---\n{second}", payload("127.0.0.1", port)))
        .expect("payloads");
    let one_at_a_time = ["--yes", "--jobs", "1"];

    let run = Run::of(command(folder.path(), &["apply"]).args(one_at_a_time).output().expect("it runs"));
    let run = run.expect(0);
    for number in [1, 2] {
        let name = format!("both.yaml (document {number})");
        assert!(run.stdout.contains(&format!("enabled: {name} (")), "{run:#?}");
        let progress = format!("] {name}: dev: ");
        let is_progress = |line: &str| line.starts_with("[1/") && line.contains(&progress);
        assert!(run.stderr.lines().any(is_progress), "{run:#?}");
    }
    let unnamed = run.stderr.lines().find(|line| !line.contains("both.yaml (document "));
    assert_eq!(unnamed, None, "{run:#?}");

    for arguments in
        [&["remove", "--yes"] as &[&str], &["status"], &["apply", "--dry-run"], &["apply", "--yes"]]
    {
        let json_one_at_a_time = ["--format", "json", "--jobs", "1"];
        let run =
            Run::of(command(folder.path(), arguments).args(json_one_at_a_time).output().expect("it runs"));
        let events: Vec<Value> = run.stdout.lines().map(json).collect();
        let kinds: BTreeSet<(u64, &str)> = events
            .iter()
            .map(|event| {
                let (index, path) = named(event);
                assert!(path.ends_with("both.yaml"), "{event}");
                (index, event["event"].as_str().unwrap_or("answer"))
            })
            .collect();
        let expected: &[&str] = match arguments {
            ["status"] => &["answer", "outcome"],
            [_, "--dry-run"] => &["answer", "outcome", "plan"],
            _ => &["answer", "outcome", "plan", "statement"],
        };
        let expected: BTreeSet<(u64, &str)> =
            [0, 1].into_iter().flat_map(|index| expected.iter().map(move |&kind| (index, kind))).collect();
        assert_eq!(kinds, expected, "{arguments:?}: {run:#?}");
    }
}

/// An interrupt does not report an error for each payload that was not started.
#[test]
fn interrupt_reports_the_number_of_payloads_not_started() {
    for arguments in [&["status"] as &[&str], &["apply", "--yes"], &["remove", "--dry-run"]] {
        for format in ["human", "json"] {
            let folder = tempfile::tempdir().expect("a folder");
            let silent = Silent::at(Ipv4Addr::LOCALHOST);
            write(folder.path(), "a.yaml", "127.0.0.1", silent.port());
            for name in ["b", "c", "d"] {
                write(folder.path(), &format!("{name}.yaml"), &format!("{name}.invalid"), 5439);
            }
            let mut command = command(folder.path(), arguments);
            let running = Running::start({
                command.args(["--jobs", "1", "--format", format]);
                command
            });
            let _connection = silent.0.accept().expect("it connects to the first");
            running.interrupt();
            let (exit, out, err) = running.end();
            assert_eq!(exit, Some(130), "{arguments:?}: {err:#?}");
            let counts = err.iter().filter(|line| line.contains("3 of 4 payloads not started")).count();
            assert_eq!(counts, 1, "{arguments:?}: {err:#?}");
            let others = ["b.yaml", "c.yaml", "d.yaml"];
            if format == "human" {
                // The hosts of all payloads are shown before.
                let expected = err.iter().chain(&out).filter(|line| !line.contains("logging in to"));
                let named = expected.clone().find(|line| others.iter().any(|other| line.contains(other)));
                assert_eq!(named, None, "{arguments:?}");
                assert!(
                    err.iter().any(|line| line.contains("a.yaml: ") && line.contains("interrupted")),
                    "{err:#?}"
                );
            } else {
                let answers: Vec<Value> =
                    out.iter().map(|line| json(line)).filter(|line| line.get("event").is_none()).collect();
                let order: Vec<u64> = answers.iter().map(|answer| named(answer).0).collect();
                assert_eq!(order, [0, 1, 2, 3], "{arguments:?}");
                for answer in answers {
                    assert_eq!(answer["validationResults"]["status"], "failed", "{answer}");
                }
            }
        }
    }
}

/// Limits of this machine are not reported as errors of the cluster, and the message contains a remedy.
#[cfg(target_os = "linux")]
#[test]
fn local_limits_are_reported() {
    const HOSTS: u8 = 12;
    let folder = tempfile::tempdir().expect("a folder");
    let silent: Vec<Silent> = (1..=HOSTS)
        .map(|number| {
            let address = Ipv4Addr::new(127, 0, 0, number);
            let silent = Silent::at(address);
            write(folder.path(), &format!("{number}.yaml"), &address.to_string(), silent.port());
            silent
        })
        .collect();
    let limited = |files: u8, jobs: u8| {
        let status = hasty(folder.path(), &["status", "--connect-timeout", "1"]);
        let mut limited = Command::new("sh");
        limited.args(["-c", "ulimit -n $0 && exec \"$@\"", &files.to_string()]).arg(status.get_program());
        limited.args(status.get_args()).args(["--jobs", &jobs.to_string()]);
        limited.current_dir(folder.path()).stdin(Stdio::null());
        for (name, value) in status.get_envs() {
            limited.env(name, value.expect("a value"));
        }
        Run::of(limited.output().expect("it runs"))
    };
    let run = limited(18, HOSTS).expect(3);
    assert!(run.stderr.contains("this machine cannot open the connection (Too many open files"), "{run:#?}");
    let blamed: Vec<&str> = run.stderr.lines().filter(|line| line.contains("Too many open files")).collect();
    for line in blamed {
        assert!(line.contains("`ulimit -n`") && line.contains("--jobs"), "{line}");
        assert!(!line.contains("connection failed"), "{line}");
    }
    // The remedy works.
    let run = limited(18, 2).expect(3);
    assert!(!run.stderr.contains("Too many open files"), "{run:#?}");
    // Even with very few files it ends with a message, not with a panic, which `Run::of` detects.
    for files in 5..=12 {
        let run = limited(files, HOSTS);
        let is_reported = run.stderr.contains("Too many open files") && run.stderr.contains("ulimit -n");
        assert!(is_reported && matches!(run.exit, Some(2 | 3)), "{files}: {run:#?}");
    }
    drop(silent);
}

/// While waiting for confirmation, at most `--jobs` connections are open; after it, all payloads are processed.
#[cfg(target_os = "linux")]
#[test]
fn payloads_awaiting_confirmation_keep_at_most_jobs_connections() {
    use super::terminal::{Typist, shell};

    let bench = Bench::new();
    let other = Case { database: "other", user: "other_account", group: None, ..ORDINARY };
    let first = bench.payload("a", &Case { group: None, ..ORDINARY });
    let folder = tempfile::tempdir().expect("a folder");
    let second = std::fs::read_to_string(bench.payload("b", &other)).expect("a payload");
    std::fs::write(folder.path().join("b.json"), second.replace("127.0.0.1", "localhost"))
        .expect("a payload");
    std::fs::copy(first, folder.path().join("a.json")).expect("a copy");
    for (jobs, kept) in [(1, 0), (2, 2)] {
        let mut apply = command(folder.path(), &["apply", "--jobs", &jobs.to_string()]);
        apply.args(["--allow-host", "127.0.0.1", "--allow-host", "localhost"]);
        let mut typist = Typist::start(&shell(&apply), folder.path());
        typist.wait_for("Apply this plan? [y/N]");
        bench.wait_for_sessions(kept);
        typist.type_keys("y\r");
        let screen = typist.end();
        assert!(screen.contains("exit=0"), "{screen}");
        for name in ["a.json", "b.json"] {
            assert!(screen.contains(&format!("enabled: {name}")), "{screen}");
        }
        let run = command(folder.path(), &["remove", "--yes", "--jobs", "1"]).output().expect("it runs");
        Run::of(run).expect(0);
    }
    assert!(!bench.dump(DATABASE).contains("other_account"));
}
