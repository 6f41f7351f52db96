//! Errors of the connection and of statements.

use std::fmt;
use std::io;

use super::local::LocalError;

/// Why a connection failed.
#[derive(Debug)]
pub(super) enum ConnectError {
    /// The connection to the host and port failed.
    Unreachable(io::Error),
    /// The host name cannot be resolved.
    Unresolved(io::Error),
    /// This machine refuses the connection, before anything reaches the server.
    LocalError(LocalError, io::Error),
    /// The connection was lost during login.
    ConnectionLost(io::Error),
    /// The server is not Redshift; why.
    NotRedshift(&'static str),
    /// The server refuses TLS.
    TlsRefused,
    /// The TLS handshake failed.
    Handshake(io::Error),
    /// The server certificate is invalid; why.
    Certificate(String),
    /// The server requests the password in clear text, which the user has not allowed.
    ClearTextNotAllowed,
    /// The server requests the password in clear text, which is allowed only over TLS, on a connection without TLS.
    ClearTextNotEncrypted,
    /// The server requires a password, and none was given.
    PasswordMissing,
    /// The server requires a token of an identity provider (code 14).
    IdentityProvider,
    /// The connection timeout expired.
    Timeout {
        /// The timeout.
        seconds: u64,
        /// Host and port.
        server: String,
        /// The database, if the server was reached and the login timed out.
        database: Option<String>,
    },
    /// The server refuses the login.
    Refused(ServerError),
    /// The server rejects the password.
    WrongPassword(ServerError),
    /// Interrupted.
    Interrupted,
}

impl ConnectError {
    /// The error of a connection to an address.
    pub(super) fn network(error: io::Error) -> Self {
        match LocalError::of(&error) {
            Some(local) => Self::LocalError(local, error),
            None => Self::Unreachable(error),
        }
    }

    /// The error of a name lookup. A resolver that cannot open a file or socket may report an unknown name, so
    /// `can_open` is whether this machine can open one.
    pub(super) fn resolution(error: io::Error, can_open: io::Result<()>) -> Self {
        let limit = |error: &io::Error| {
            LocalError::of(error)
                .filter(|local| matches!(local, LocalError::ProcessFiles | LocalError::SystemFiles))
        };
        if let Some(local) = limit(&error) {
            return Self::LocalError(local, error);
        }
        match can_open.map_err(|error| (limit(&error), error)) {
            Err((Some(local), error)) => Self::LocalError(local, error),
            _ => Self::Unresolved(error),
        }
    }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(error) => write!(
                f,
                "connection failed ({error}); check the host, the port and the security groups of the cluster"
            ),
            Self::Unresolved(error) => write!(
                f,
                "cannot resolve the host name ({error}); check `host`, and the DNS and VPN of this machine"
            ),
            Self::LocalError(local, error) => {
                write!(f, "this machine cannot open the connection ({error}): {}", local.advice())
            }
            Self::ConnectionLost(error) if is_closed(error) => {
                f.write_str("the server closed the connection during login")
            }
            Self::ConnectionLost(error) => write!(f, "the connection was lost during login ({error})"),
            Self::NotRedshift(why) => write!(f, "the server is not Amazon Redshift: {why}"),
            Self::TlsRefused => f.write_str(
                "the server, or a proxy in between, does not support TLS; to connect unencrypted, pass `--sslmode \
                 disable`",
            ),
            Self::Handshake(error) if is_closed(error) => f.write_str(
                "the server closed the connection during the TLS handshake; check the host, the port and any proxy \
                 in between",
            ),
            Self::Handshake(error) => write!(
                f,
                "TLS handshake failed ({error}); check the host, the port and any proxy in between"
            ),
            Self::Certificate(why) => write!(f, "invalid server certificate: {why}"),
            Self::ClearTextNotAllowed => f.write_str(
                "the server requests the password in clear text, which would reveal it to the operator of the server; \
                 it was not sent. If you trust the server with the password, pass `--allow-cleartext-password`",
            ),
            Self::ClearTextNotEncrypted => f.write_str(
                "the server requests the password in clear text over a connection without TLS; it was not sent. To \
                 require TLS, pass `--sslmode require`",
            ),
            Self::PasswordMissing => f.write_str(
                "the server requires a password: set `PGPASSWORD`, or pass `--password-file`",
            ),
            Self::IdentityProvider => f.write_str(
                "the server requires a token of an identity provider, which is not supported; log in with a user and \
                 password, or with temporary credentials (`aws redshift get-cluster-credentials`)",
            ),
            Self::Timeout { seconds, server, database: None } => write!(
                f,
                "connection to {server} timed out after {seconds} s (see `--connect-timeout`); check the host, the \
                 port, firewalls and security groups"
            ),
            Self::Timeout { seconds, server, database: Some(database) } => write!(
                f,
                "connected to {server}, but login to `{database}` timed out after {seconds} s (see `--connect-timeout`)"
            ),
            Self::Refused(error) | Self::WrongPassword(error) => error.fmt(f),
            Self::Interrupted => f.write_str("interrupted"),
        }
    }
}

impl std::error::Error for ConnectError {}

/// Whether the server has closed the connection. Which error reports that depends on timing.
fn is_closed(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof)
}

/// An error of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ServerError {
    /// The SQLSTATE (<https://www.postgresql.org/docs/8.0/errcodes-appendix.html>), or `unknown` if the server sent
    /// something else.
    pub(super) sqlstate: String,
    /// The message without control characters, truncated if it is long.
    pub(super) message: String,
}

/// The shortest fragment of a secret that must not be shown, in characters.
const MIN_FRAGMENT_CHARS: usize = 6;

/// The maximum length of a message, in characters.
const MAX_MESSAGE_CHARS: usize = 500;

impl ServerError {
    pub(super) fn new(sqlstate: &str, message: &str) -> Self {
        let mut shown: String =
            message.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_MESSAGE_CHARS).collect();
        if message.chars().nth(MAX_MESSAGE_CHARS).is_some() {
            shown.push('…');
        }
        let is_sqlstate = sqlstate.len() == 5 && sqlstate.bytes().all(|b| b.is_ascii_alphanumeric());
        let sqlstate = if is_sqlstate { sqlstate } else { "unknown" };
        Self { sqlstate: sqlstate.to_owned(), message: shown }
    }

    /// Omits the message if it contains a fragment of a password clause.
    pub(super) fn hiding(self, clause: &str) -> Self {
        let characters: Vec<char> = clause.to_ascii_lowercase().chars().filter(|c| *c != '\'').collect();
        let message = self.message.to_ascii_lowercase();
        let shows = |piece: &[char]| message.contains(&piece.iter().collect::<String>());
        if characters.windows(MIN_FRAGMENT_CHARS).any(shows) { self.without_message() } else { self }
    }

    /// Omits the message if it contains the login password. Fragments are not checked: one may be an ordinary word, and
    /// most of these messages are about passwords.
    pub(super) fn hiding_password(self, password: &str) -> Self {
        let is_long = password.chars().count() >= MIN_FRAGMENT_CHARS;
        if is_long && self.message.contains(password) { self.without_message() } else { self }
    }

    fn without_message(self) -> Self {
        Self { message: "message omitted because it contains the password".to_owned(), ..self }
    }
}

impl fmt::Display for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "server error: {} (SQLSTATE {})", self.message, self.sqlstate)
    }
}

/// A step in a database, for messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Location {
    /// The step, unless the message names it elsewhere.
    pub(super) step: Option<&'static str>,
    pub(super) database: String,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.step {
            Some(step) => write!(f, "`{step}` in `{}`", self.database),
            None => write!(f, "in `{}`", self.database),
        }
    }
}

/// Why a statement failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum StatementError {
    /// The server reported an error.
    Server(ServerError),
    /// The connection was lost, or the server violated the protocol. It is unknown whether the statement ran.
    ConnectionLost(String),
    /// The statement timeout expired. It is unknown whether the statement ran, unless it was cancelled.
    Timeout {
        /// The timeout.
        seconds: u64,
        /// Whether the server has confirmed the cancellation.
        cancelled: bool,
        /// The step that timed out.
        location: Location,
    },
    /// The user interrupted it.
    Interrupted {
        /// Whether the server has confirmed the cancellation.
        cancelled: bool,
    },
}

impl StatementError {
    /// The SQLSTATE, if the server gave one.
    pub(super) fn sqlstate(&self) -> Option<&str> {
        match self {
            Self::Server(error) => Some(&error.sqlstate),
            _ => None,
        }
    }

    /// Whether the server reported one of these SQLSTATEs.
    pub(super) fn is_one_of(&self, states: &[&str]) -> bool {
        self.sqlstate().is_some_and(|state| states.contains(&state))
    }

    /// Whether it is unknown if the statement ran.
    pub(super) const fn is_uncertain(&self) -> bool {
        match self {
            Self::Server(_) => false,
            Self::ConnectionLost(_) => true,
            Self::Timeout { cancelled, .. } | Self::Interrupted { cancelled } => !*cancelled,
        }
    }
}

impl fmt::Display for StatementError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server(error) => error.fmt(f),
            Self::ConnectionLost(why) => write!(f, "the connection was lost: {why}"),
            Self::Timeout { seconds, cancelled: true, location } => {
                write!(f, "{location}: cancelled after {seconds} s (see `--statement-timeout`)")
            }
            Self::Timeout { seconds, cancelled: false, location } => {
                write!(f, "{location}: no response within {seconds} s (see `--statement-timeout`)")
            }
            Self::Interrupted { .. } => f.write_str("interrupted"),
        }
    }
}

impl std::error::Error for StatementError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn message_that_contains_the_password_is_omitted() {
        let clause = "'md5153c434b4b77c89e6b94f12c5393af5b'";
        let error = ServerError::new("42601", "syntax error at or near \"md5153c\"").hiding(clause);
        assert!(!error.message.contains("md5153"), "{error}");
        assert_eq!(error.sqlstate, "42601");
        let error = ServerError::new("42710", "user \"u\" already exists").hiding(clause);
        assert_eq!(error.message, "user \"u\" already exists");
    }

    /// A hostile server can send anything as SQLSTATE: the password, or escape sequences for the terminal.
    #[test]
    fn malformed_sqlstate_is_replaced_by_unknown() {
        for sqlstate in ["42501", "57P03", "XX000"] {
            assert_eq!(
                ServerError::new(sqlstate, "a").to_string(),
                format!("server error: a (SQLSTATE {sqlstate})")
            );
        }
        for other in ["", "4250", "425011", "Xyzzy7Plugh9Frotz", "\u{1b}[31m", "42 01", "4250é"] {
            assert_eq!(ServerError::new(other, "a").to_string(), "server error: a (SQLSTATE unknown)");
        }
    }

    #[test]
    fn timeout_names_step_database_and_option() {
        let location = |step| Location { step, database: "dev".to_owned() };
        let timeout = |step, cancelled| {
            StatementError::Timeout { seconds: 20, cancelled, location: location(step) }.to_string()
        };
        assert_eq!(
            timeout(Some("Query the catalog"), true),
            "`Query the catalog` in `dev`: cancelled after 20 s (see `--statement-timeout`)"
        );
        assert_eq!(timeout(None, false), "in `dev`: no response within 20 s (see `--statement-timeout`)");
        for database in [None, Some("dev".to_owned())] {
            let names_it = database.is_some();
            let server = "cluster.example.com:5439".to_owned();
            let said = ConnectError::Timeout { seconds: 30, server, database }.to_string();
            for part in ["cluster.example.com:5439", "after 30 s", "--connect-timeout"] {
                assert!(said.contains(part), "{said}");
            }
            assert_eq!(said.contains("`dev`"), names_it, "{said}");
        }
    }

    /// A process without a free file descriptor cannot read the resolver configuration, and some resolvers then report
    /// an unknown name.
    #[cfg(unix)]
    #[test]
    fn name_lookup_without_file_descriptors_is_a_local_error() {
        use rustix::io::Errno;

        let unknown = || io::Error::other("failed to lookup address information: Name or service not known");
        assert!(matches!(ConnectError::resolution(unknown(), Ok(())), ConnectError::Unresolved(_)));
        let denied = || Err(Errno::ACCESS.into());
        assert!(matches!(ConnectError::resolution(unknown(), denied()), ConnectError::Unresolved(_)));
        for (number, local) in
            [(Errno::MFILE, LocalError::ProcessFiles), (Errno::NFILE, LocalError::SystemFiles)]
        {
            for error in [
                ConnectError::resolution(unknown(), Err(number.into())),
                ConnectError::resolution(number.into(), Ok(())),
            ] {
                assert!(matches!(error, ConnectError::LocalError(found, _) if found == local), "{error}");
                assert!(!error.to_string().contains("cluster"), "{error}");
            }
        }
    }

    #[test]
    fn message_is_printable_and_truncated() {
        let error = ServerError::new("XX000", &format!("a\n\u{1b}[31m{}", "x".repeat(9000)));
        assert!(!error.message.contains('\u{1b}') && error.message.chars().count() == MAX_MESSAGE_CHARS + 1);
    }
}
