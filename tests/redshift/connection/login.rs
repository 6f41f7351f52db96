//! Logins, and the messages of failed ones.

use tokio_postgres::NoTls;

use super::certificates::Authority;
use super::{Bench, PASSWORD, SUPERUSER, by_name, start};
use redshift_emulator::{Auth, AuthRequest, Emulator, Tls};

/// A user whose password is stored as sha256.
const DIGEST_USER: &str = "digest_user";
/// The password.
const DIGEST_PASSWORD: &str = "Vq3kWzJ8xTgR";

/// Runs a statement as the superuser.
fn execute(emulator: &Emulator, sql: &str) {
    emulator.block_on(async {
        let (client, connection) =
            tokio_postgres::connect(&emulator.url(), NoTls).await.expect("a connection");
        tokio::spawn(connection);
        client.simple_query(sql).await.expect("a statement");
    });
}

/// Users whose password is stored as sha256, which the driver does not support, log in with the digest of code 13, with
/// and without TLS, and get clear errors.
#[test]
fn users_stored_as_sha256_log_in_by_digest() {
    let emulator = start();
    execute(&emulator, &format!("CREATE USER {DIGEST_USER} PASSWORD 'sha256|{DIGEST_PASSWORD}' CREATEUSER"));
    emulator.with_tls(Tls::On(Authority::new("Good").good(rustls::ALL_VERSIONS)));
    for mode in ["disable", "require"] {
        let arguments = ["--sslmode", mode];
        emulator.reset_log();
        Bench::of(DIGEST_USER, Some(DIGEST_PASSWORD)).passes(by_name(&emulator), &arguments);
        let connections = emulator.log().connections;
        let is_right = |auth, ready| {
            let connections = super::connections(&emulator);
            assert!(!connections.is_empty());
            assert!(
                connections.iter().all(|c| c.auth == auth && c.ready == ready),
                "{mode}: {connections:?}"
            );
        };
        is_right(Auth::Sha256, true);
        assert!(connections.iter().all(|c| c.tls == (mode == "require")), "{connections:?}");
        emulator.reset_log();
        let output = Bench::of(DIGEST_USER, Some("Yw5-Kbnq-Vgt7")).refused(by_name(&emulator), &arguments);
        assert!(output.contains("password authentication failed"), "{output}");
        is_right(Auth::Sha256, false);
        emulator.reset_log();
        let output = Bench::of(DIGEST_USER, None).refused(by_name(&emulator), &arguments);
        assert!(output.contains("PGPASSWORD"), "{output}");
        is_right(Auth::None, false);
    }
    // Redshift never requests more than the digest.
    emulator.request_auth(AuthRequest::ClearText);
    let bench = Bench::of(DIGEST_USER, Some(DIGEST_PASSWORD));
    bench.passes(by_name(&emulator), &["--sslmode", "require", "--allow-cleartext-password"]);
}

/// Each error has a distinct message.
#[test]
fn login_errors_are_distinguished() {
    let emulator = start();
    let wrong = Some("Yw5-Kbnq-Vgt7");
    let failed = |user: &str| format!("password authentication failed for user \"{user}\" (SQLSTATE 28000)");
    for (user, password, database, reason) in [
        (SUPERUSER, wrong, "dev", failed(SUPERUSER)),
        ("nobody_at_all", Some(PASSWORD), "dev", failed("nobody_at_all")),
        (SUPERUSER, None, "dev", "set `PGPASSWORD`, or pass `--password-file`".to_owned()),
        (SUPERUSER, Some(""), "dev", "set `PGPASSWORD`, or pass `--password-file`".to_owned()),
        (
            SUPERUSER,
            Some(PASSWORD),
            "nowhere",
            "database \"nowhere\" does not exist (SQLSTATE 3D000)".to_owned(),
        ),
    ] {
        let bench = Bench { database, ..Bench::of(user, password) };
        let output = bench.refused(by_name(&emulator), &["--sslmode", "disable"]);
        assert!(output.contains(&reason), "{user}: {output}");
    }
}

/// A damaged password from a CI system is neither reported as unset, nor sent.
#[test]
fn invalid_password_variable_is_reported() {
    let emulator = start();
    let disable = ["--sslmode", "disable"];
    let run =
        |password: &str| Bench::of(SUPERUSER, Some(password)).run(by_name(&emulator), "status", &disable);
    let empty = run("");
    assert!(empty.stderr.contains("warning: `PGPASSWORD` is empty, which counts as not set"), "{empty:?}");
    assert_eq!(empty.code, Some(3), "{empty:?}");
    let unset = Bench::of(SUPERUSER, None).run(by_name(&emulator), "status", &disable);
    assert!(!unset.stderr.contains("counts as not set"), "{unset:?}");
    emulator.reset_log();
    for (password, output) in [
        ("\r\n", "is set but blank"),
        ("\u{FEFF}", "is set but blank"),
        ("Zq8-Jk\u{FFFD}pQ", "is not valid UTF-8"),
        ("$(XYZZY_PLUGH)", "contains a placeholder that was not replaced"),
    ] {
        let run = run(password);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.stderr.contains(&format!("the environment variable `PGPASSWORD` {output}")), "{run:?}");
    }
    assert!(emulator.log().connections.is_empty(), "no connection was made");
}

/// A CI system may add characters to a password. But they may be part of it, so it is sent with a warning.
#[test]
fn suspicious_password_is_a_warning() {
    let emulator = start();
    let disable = ["--sslmode", "disable"];
    let bench = Bench::of(SUPERUSER, None);
    let path = bench.folder.path().join("password");
    let path_text = path.to_string_lossy().into_owned();
    for (password, output) in [
        ("\"Zq8-JkxpQ\"", "starts and ends with a quote"),
        ("Zq8-JkxpQ ", "starts or ends with whitespace or an invisible character"),
        ("changeme", "looks like a placeholder that was not replaced"),
    ] {
        emulator.reset_log();
        let run = Bench::of(SUPERUSER, Some(password)).run(by_name(&emulator), "status", &disable);
        let warning = format!("warning: `PGPASSWORD` {output}; it is used as it is");
        assert!(run.stderr.contains(&warning), "{run:?}");
        assert!(run.stderr.contains("password authentication failed"), "{run:?}");
        std::fs::write(&path, password).expect("a file");
        let by_file = [&disable[..], &["--password-file", &path_text]].concat();
        let run = bench.run(by_name(&emulator), "status", &by_file);
        let warning = format!("warning: the password in the file {output}; it is used as it is");
        assert!(run.stderr.contains(&warning), "{run:?}");
        assert!(!run.all().contains("Zq8-Jk") && !run.all().contains("changeme"), "{run:?}");
        assert_eq!(super::connections(&emulator).len(), 2, "it is sent");
    }
    let right = Bench::of(SUPERUSER, Some(PASSWORD)).run(by_name(&emulator), "status", &disable);
    assert!(!right.stderr.contains("it is used as it is"), "{right:?}");
}

/// Byte order marks and Windows line ends are not part of the password.
#[test]
fn password_file_with_windows_line_ends_is_read() {
    let emulator = start();
    let bench = Bench::of(SUPERUSER, None);
    let file = |bytes: &[u8]| {
        let path = bench.folder.path().join("password");
        std::fs::write(&path, bytes).expect("a file");
        path.to_string_lossy().into_owned()
    };
    let mark = "\u{FEFF}";
    for text in [
        format!("{mark}{PASSWORD}"),
        format!("{mark}{PASSWORD}\r\n"),
        format!("{mark}{PASSWORD}\nmore\n"),
        format!("{PASSWORD}\r"),
        format!("{PASSWORD}\rmore\r"),
    ] {
        let path = file(text.as_bytes());
        bench.passes(by_name(&emulator), &["--sslmode", "disable", "--password-file", &path]);
        let run =
            bench.run(by_name(&emulator), "status", &["--sslmode", "disable", "--password-file", &path]);
        assert_eq!(run.stderr.contains("more than one line"), text.contains("more"), "{run:?}");
    }
    emulator.reset_log();
    let utf16 =
        |text: &str, bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    for (bytes, output) in [
        (utf16(&format!("{mark}{PASSWORD}\r\n"), u16::to_le_bytes), "is UTF-16: save it as UTF-8"),
        (utf16(&format!("{mark}{PASSWORD}"), u16::to_be_bytes), "is UTF-16: save it as UTF-8"),
        (utf16(PASSWORD, u16::to_le_bytes), "is UTF-16: save it as UTF-8"),
        ([PASSWORD.as_bytes(), b"\xE9\n"].concat(), "is not UTF-8: save it as UTF-8"),
        (Vec::new(), "is empty"),
        (b"\r\n \t\n".to_vec(), "is empty"),
        (mark.as_bytes().to_vec(), "is empty"),
        (format!("{mark}\n{PASSWORD}\n").into_bytes(), "the first line of the password file is empty"),
    ] {
        let path = file(&bytes);
        let run =
            bench.run(by_name(&emulator), "status", &["--sslmode", "disable", "--password-file", &path]);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.stderr.contains(output), "{output}: {run:?}");
        let shown = super::shown_in(PASSWORD.trim_start_matches("Bootshift"), &run.all());
        assert_eq!(shown, None, "{run:?}");
    }
    assert!(emulator.log().connections.is_empty(), "no connection was made");
}

/// As in libpq, a password file should not be readable by other users.
#[cfg(unix)]
#[test]
fn password_file_readable_by_others_is_a_warning() {
    use std::os::unix::fs::PermissionsExt as _;
    let emulator = start();
    let bench = Bench::of(SUPERUSER, None);
    let file = bench.folder.path().join("password");
    std::fs::write(&file, PASSWORD).expect("a file");
    let path = file.to_string_lossy().into_owned();
    for (mode, is_open) in [(0o600, false), (0o400, false), (0o604, true), (0o640, true), (0o620, true)] {
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).expect("permissions");
        let run =
            bench.run(by_name(&emulator), "status", &["--sslmode", "disable", "--password-file", &path]);
        let is_warned = run.stderr.contains("is readable by other users: run `chmod 600 ");
        assert_eq!(is_warned, is_open, "{mode:o}: {run:?}");
    }
}

/// Authentication requests that Redshift does not have get no response.
#[test]
fn sasl_request_is_rejected() {
    let emulator = start();
    emulator.request_auth(AuthRequest::Sasl);
    let output = Bench::new().refused(by_name(&emulator), &["--sslmode", "disable"]);
    assert!(output.contains("it requests an authentication method that Redshift does not have"), "{output}");
    assert!(emulator.log().connections.iter().all(|c| c.auth == Auth::None && !c.ready));
}
