//! The command.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use tokio_postgres::NoTls;

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_redshift-emulator"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A started emulator, which ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn sqlstate(url: &str, sql: &str) -> Option<String> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("a connection");
    tokio::spawn(connection);
    let error = client.simple_query(sql).await.err()?;
    error.code().map(|code| code.code().to_owned())
}

/// Divides by the number of other users that a user sees.
const OTHER_USERS: &str = "CREATE USER u PASSWORD DISABLE; SET SESSION AUTHORIZATION u; \
    SELECT 1 / COUNT(*) FROM pg_user WHERE usename <> CURRENT_USER";

/// Drops a user whose default privileges are revoked.
const DROPPED_USER: &str = "CREATE USER u PASSWORD DISABLE; \
    ALTER DEFAULT PRIVILEGES FOR USER u GRANT SELECT ON TABLES TO PUBLIC; \
    ALTER DEFAULT PRIVILEGES FOR USER u REVOKE SELECT ON TABLES FROM PUBLIC; DROP USER u";

#[tokio::test]
async fn options_configure_the_emulator() {
    for (switches, sql, expected) in [
        (&[] as &[&str], "SELECT 1 FROM stv_sessions", None),
        (&["--serverless"], "SELECT 1 FROM stv_sessions", Some("42501")),
        (&["--multi-az"], "SELECT 1 FROM svv_user_grants", Some("42501")),
        (&["--lockout", "9"], "SHOW USER LOCKOUT", None),
        (&["--metadata-security"], OTHER_USERS, Some("22012")),
        (&[], OTHER_USERS, None),
        (&["--conflicts", "1"], "CREATE SCHEMA s", Some("XX000")),
        (&["--default-privileges-remain"], DROPPED_USER, Some("55006")),
        (&[], DROPPED_USER, None),
    ] {
        let mut running = Running(command(switches).spawn().expect("the command runs"));
        let mut url = String::new();
        let stdout = running.0.stdout.take().expect("standard output");
        BufReader::new(stdout).read_line(&mut url).expect("an address");
        assert!(url.starts_with("postgres://awsuser:") && url.ends_with("/dev\n"), "{url:?}");
        assert_eq!(sqlstate(url.trim(), sql).await.as_deref(), expected, "{switches:?}");
    }
}

#[test]
fn contradictory_and_unknown_arguments_are_rejected() {
    for arguments in
        [&["--serverless", "--multi-az"] as &[&str], &["--lockout", "1"], &["--port", "x"], &["5439"]]
    {
        let output = command(arguments).output().expect("the command runs");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
}
