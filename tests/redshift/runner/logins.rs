//! Attacks by a payload on the passwords of the user that runs it: each attack fails, and succeeds with the option that
//! disables the protection.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::harness::{Bench, Case, ORDINARY, Run, SECRET};
use redshift_emulator::{Auth, AuthRequest, DATABASE, PASSWORD, SUPERUSER};

/// A secret that is unrelated to payloads. Its value is the password of the superuser, so a leak results in a login.
const TOKEN: &str = "BOOTSHIFT_TEST_TOKEN";

/// Runs the command without `--user`: the login user is the account of the payload.
fn run(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bootshift"));
    command.args(arguments).args(["--sslmode", "disable"]).env_remove("PGPASSWORD").current_dir(folder);
    command.envs(environment.iter().copied()).stdin(Stdio::null());
    Run::of(command.output().expect("the command runs"))
}

/// A payload with the superuser as account, and a password from a variable.
fn automatic(bench: &Bench, variable: &str) -> PathBuf {
    let path = bench.payload("automatic", &Case { user: SUPERUSER, ..ORDINARY });
    let text = std::fs::read_to_string(&path).expect("a payload");
    let text = text
        .replace("\"autoBootstrap\": false", "\"autoBootstrap\": true")
        .replace(&format!("\"{SECRET}\""), &format!("\"${{{variable}}}\""));
    std::fs::write(&path, text).expect("a payload");
    path
}

fn authentications(bench: &Bench) -> Vec<Auth> {
    bench.emulator.log().connections.iter().map(|connection| connection.auth).collect()
}

/// A payload must not send other secrets of a CI job to a host of its author.
#[test]
fn payload_cannot_reference_arbitrary_variables() {
    let bench = Bench::new();
    for variable in [TOKEN, "PGPASSWORD"] {
        let path = automatic(&bench, variable);
        let payload = path.to_str().expect("a path");
        let environment = [(variable, PASSWORD)];
        for arguments in [
            &["status", payload] as &[&str],
            &["apply", payload, "--dry-run"],
            &["apply", payload, "--yes"],
            &["remove", payload, "--yes"],
            &["apply", payload, "--yes", "--allow-env", "BOOTSHIFT_TEST"],
        ] {
            bench.emulator.reset_log();
            let run = run(bench.folder(), arguments, &environment).expect(1);
            assert!(run.stderr.contains("error[unresolved-secret]"), "{run:#?}");
            assert!(run.stderr.contains(&format!("`{variable}` may not be read for a payload")), "{run:#?}");
            assert!(run.stderr.contains(&format!("--allow-env {variable}")), "{run:#?}");
            assert_eq!(authentications(&bench), [], "{arguments:?}");
        }
        // Without the protection the secret is sent to the host.
        bench.emulator.reset_log();
        bench.emulator.request_auth(AuthRequest::ClearText);
        let taken = ["apply", payload, "--dry-run", "--allow-env", variable, "--allow-cleartext-password"];
        run(bench.folder(), &taken, &environment).expect(0);
        assert!(authentications(&bench).contains(&Auth::ClearText));
        bench.emulator.request_auth(AuthRequest::AsStored);
    }
}

/// Nor if the variable is for an account that is created, tested or changed.
#[test]
fn variable_of_the_account_requires_permission() {
    let bench = Bench::new();
    let token = Case { password: "${BOOTSHIFT_TEST_TOKEN}", ..ORDINARY };
    let (path, right) = (bench.payload("token", &token), bench.payload("right", &ORDINARY));
    let (payload, right) = (path.to_str().expect("a path"), right.to_str().expect("a path"));
    let with_token = |arguments: &[&str]| {
        Run::of(bench.command(arguments).env(TOKEN, SECRET).output().expect("the command runs"))
    };
    bench.run(&["apply", right, "--yes"]).expect(0);
    for arguments in [
        &["status", payload] as &[&str],
        &["apply", payload, "--yes"],
        &["apply", payload, "--old", right, "--yes"],
        &["apply", right, "--old", payload, "--yes"],
    ] {
        bench.emulator.reset_log();
        let run = with_token(arguments).expect(1);
        assert!(run.stderr.contains(TOKEN) && run.stderr.contains("--allow-env"), "{run:#?}");
        assert_eq!(authentications(&bench), [], "{arguments:?}");
        let run = with_token(&[arguments, &["--allow-env", TOKEN]].concat()).expect(0);
        assert_eq!(run.status(), "enabled");
        assert!(bench.logins(ORDINARY.user).0 > 0, "{arguments:?}: the password was tried");
    }
    with_token(&["remove", payload, "--yes", "--allow-env", TOKEN]).expect(0);
    // Nor for an existing account that is tested.
    for command in ["status", "apply", "remove"] {
        bench.emulator.reset_log();
        let consent = if command == "status" { "--yes" } else { "--dry-run" };
        let run = with_token(&[command, payload, consent, "--existing-user"]);
        assert_eq!(run.stderr.contains(&format!("--allow-env {TOKEN}")), command != "remove", "{run:#?}");
        assert_eq!(bench.logins(ORDINARY.user), (0, 0), "{command}");
        assert_eq!(authentications(&bench).is_empty(), command != "remove", "{command}");
    }
    // An Okta account has no password.
    let okta = bench.payload("okta", &Case { okta: true, ..token });
    bench.run(&["apply", okta.to_str().expect("a path"), "--dry-run"]).expect(0);
}

/// The test login of the account must not send its password in clear text either.
#[test]
fn account_password_is_not_tested_in_clear_text() {
    let bench = Bench::new();
    let path = bench.payload("payload", &ORDINARY);
    let payload = path.to_str().expect("a path");
    bench.run(&["apply", payload, "--yes"]).expect(0);
    bench.emulator.reset_log();
    bench.emulator.request_auth(AuthRequest::ClearText);
    bench.run(&["status", payload]).expect(3);
    assert!(authentications(&bench).iter().all(|auth| *auth == Auth::None));
    bench.run(&["status", payload, "--allow-cleartext-password"]).expect(0);
    assert_eq!(bench.logins(ORDINARY.user), (1, 0));
}

/// A folder with a payload, and one that an attacker has added for another host.
fn two_hosts(bench: &Bench) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let ours =
        std::fs::read_to_string(bench.payload("ours", &Case { group: None, ..ORDINARY })).expect("a payload");
    std::fs::write(folder.path().join("a.json"), &ours).expect("a payload");
    std::fs::write(folder.path().join("b.json"), ours.replace("127.0.0.1", "LocalHost")).expect("a payload");
    folder
}

/// A payload that an attacker adds to a folder must not receive the password of `--user`.
#[test]
fn several_hosts_require_permission_before_connecting() {
    let bench = Bench::new();
    let folder = two_hosts(&bench);
    let run = |arguments: &[&str]| {
        bench.emulator.reset_log();
        Run::of(bench.command(arguments).current_dir(folder.path()).output().expect("the command runs"))
    };
    let port = bench.emulator.port();
    let hosts = format!("127.0.0.1:{port}, localhost:{port}");
    for command in [&["status", "."] as &[&str], &["apply", ".", "--dry-run"], &["remove", ".", "--dry-run"]]
    {
        let refused = run(command).expect(2);
        assert!(refused.stderr.contains("2 hosts") && refused.stderr.contains(&hosts), "{refused:#?}");
        assert!(
            refused.stderr.contains("--allow-host HOST") && refused.stderr.contains("--yes"),
            "{refused:#?}"
        );
        assert_eq!(authentications(&bench), [], "{command:?}");
        // `--allow-host` of one host excludes the other, even with `--yes`.
        let named = [command, &["--allow-host", "127.0.0.1", "--yes"]].concat();
        let refused = run(&named).expect(2);
        assert!(refused.stderr.contains("b.json: the host `LocalHost` is not allowed by"), "{refused:#?}");
        assert_eq!(authentications(&bench), [], "{command:?}");
        // Each of these disables the protection.
        for agreed in [&["--yes"] as &[&str], &["--allow-host", "127.0.0.1", "--allow-host", "localhost"]] {
            let through = run(&[command, agreed].concat());
            assert!(matches!(through.exit, Some(0 | 1)), "{through:#?}");
            assert!(authentications(&bench).len() >= 2, "{command:?}");
        }
    }
    // A single host needs neither, but can be allowed.
    for (arguments, exit) in [
        (&["status", "a.json"] as &[&str], 1),
        (&["status", "a.json", "--allow-host", "127.0.0.1"], 1),
        (&["status", "a.json", "--allow-host", "cluster.example.com"], 2),
        (&["apply", "a.json", "--yes", "--allow-host", "cluster.example.com"], 2),
        (&["status", "a.json", "--allow-host", "https://127.0.0.1"], 2),
        (&["status", "a.json", "--allow-host", ""], 2),
        (&["status", "a.json", "--allow-env", "${A}"], 2),
        (&["status", "a.json", "--allow-env", "*"], 2),
    ] {
        run(arguments).expect(exit);
        assert_eq!(authentications(&bench).is_empty(), exit == 2, "{arguments:?}");
    }
}

/// One host has several spellings, but another name of the same machine is another host.
#[test]
fn allowed_hosts_are_compared_in_canonical_form() {
    let bench = Bench::new();
    let text = std::fs::read_to_string(bench.payload("payload", &Case { group: None, ..ORDINARY }))
        .expect("a payload");
    let path = bench.folder().join("spelled.json");
    for (named, host, is_named) in [
        ("LOCALHOST.", "localhost", true),
        ("localhost", "LocalHost.", true),
        ("0:0:0:0:0:0:0:1", "::1", true),
        ("::1", "0000:0000:0000:0000:0000:0000:0000:0001", true),
        ("127.0.0.1", "localhost", false),
        ("127.0.0.1", "0x7f000001", false),
        ("127.0.0.1", "127.0.0.1.example.com", false),
        ("127.0.0.1", "::ffff:127.0.0.1", false),
        ("::1", "::1:1", false),
        ("localhost", "localhost.localdomain", false),
        ("localhost", "localhost_", false),
        ("localhost", "xlocalhost", false),
    ] {
        std::fs::write(&path, text.replace("127.0.0.1", host)).expect("a payload");
        bench.emulator.reset_log();
        let run =
            bench.run(&["status", "spelled.json", "--yes", "--allow-host", named, "--connect-timeout", "5"]);
        let expected = format!("the host `{host}` is not allowed by `--allow-host`");
        assert_eq!(run.stderr.contains(&expected), !is_named, "{named}, {host}: {run:#?}");
        assert_eq!(run.exit == Some(2), !is_named, "{named}, {host}: {run:#?}");
        assert!(is_named || authentications(&bench).is_empty(), "{named}, {host}");
    }
}

/// Also if each payload has its own account: one variable would be sent to two hosts.
#[test]
fn several_hosts_of_automatic_payloads_require_confirmation() {
    let bench = Bench::new();
    let ours = std::fs::read_to_string(automatic(&bench, "BOOTSHIFT_TEST_PASSWORD")).expect("a payload");
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("a.json"), &ours).expect("a payload");
    std::fs::write(folder.path().join("b.json"), ours.replace("127.0.0.1", "localhost")).expect("a payload");
    let environment = [("BOOTSHIFT_TEST_PASSWORD", PASSWORD)];
    bench.emulator.reset_log();
    let refused = run(folder.path(), &["status", "."], &environment).expect(2);
    assert!(refused.stderr.contains("2 hosts"), "{refused:#?}");
    assert_eq!(authentications(&bench), []);
    run(folder.path(), &["status", ".", "--yes"], &environment).expect(1);
    assert!(authentications(&bench).len() >= 2);
}

/// Even with `--yes`, hosts and sources of passwords are shown before the first login.
#[test]
fn hosts_and_variables_are_shown_before_the_first_login() {
    let bench = Bench::new();
    let path = bench.payload("payload", &Case { password: "${BOOTSHIFT_TEST_PASSWORD}", ..ORDINARY });
    let payload = path.to_str().expect("a path");
    let server = format!("{}:{}", bench.emulator.host(), bench.emulator.port());
    let ours = format!("logging in to {server} as {SUPERUSER} (password from PGPASSWORD)");
    let account = format!("{} (password from BOOTSHIFT_TEST_PASSWORD)", ORDINARY.user);
    for (arguments, shown) in [
        (&["status", payload] as &[&str], format!("{ours}, {account}")),
        (&["apply", payload, "--yes"], format!("{ours}, {account}")),
        (&["remove", payload, "--yes"], ours.clone()),
    ] {
        // Whether or not the login succeeds.
        for (password, is_let_in) in [(PASSWORD, true), ("Wrong-Passw0rd", false)] {
            let mut command = bench.command(arguments);
            command.env("BOOTSHIFT_TEST_PASSWORD", SECRET).env("PGPASSWORD", password);
            let run = Run::of(command.output().expect("the command runs"));
            let line = run.stderr.lines().find(|line| line.contains("logging in to"));
            assert!(line.is_some_and(|line| line.starts_with(&format!("{shown}, for "))), "{run:#?}");
            assert_eq!(run.exit == Some(3), !is_let_in, "{run:#?}");
        }
    }
    let own = automatic(&bench, "BOOTSHIFT_TEST_PASSWORD");
    let arguments = ["status", own.to_str().expect("a path")];
    let run = run(bench.folder(), &arguments, &[("BOOTSHIFT_TEST_PASSWORD", PASSWORD)]).expect(1);
    let shown =
        format!("logging in to {server} as {SUPERUSER} (password from BOOTSHIFT_TEST_PASSWORD), for ");
    assert!(run.stderr.contains(&shown), "{run:#?}");
}

/// On a terminal, the confirmation comes before the first login.
#[cfg(target_os = "linux")]
#[test]
fn several_hosts_are_confirmed_on_a_terminal() {
    use super::terminal::{Typist, shell};

    let bench = Bench::new();
    let folder = two_hosts(&bench);
    let before = bench.dump(DATABASE);
    for (keys, exit) in [("n\r", "exit=3"), ("\u{3}", "exit=130"), ("y\r", "exit=1")] {
        bench.emulator.reset_log();
        let mut status = Command::new(env!("CARGO_BIN_EXE_bootshift"));
        status.args(["status", ".", "--user", SUPERUSER, "--sslmode", "disable"]).env("PGPASSWORD", PASSWORD);
        let mut typist = Typist::start(&shell(&status), folder.path());
        let screen = typist.wait_for("Log in to these 2 hosts? [y/N]");
        for name in ["a.json", "b.json"] {
            assert!(screen.contains(&format!(", for {name}\r\n")), "{screen}");
        }
        assert_eq!(authentications(&bench), [], "no connection before the confirmation");
        typist.type_keys(keys);
        let screen = typist.end();
        assert!(screen.contains(&format!("{exit}\r\n")), "{screen}");
        assert_eq!(authentications(&bench).is_empty(), keys != "y\r", "{screen}");
    }
    assert_eq!(bench.dump(DATABASE), before);
}
