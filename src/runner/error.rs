//! What goes wrong between the runner and the server.

use std::fmt;
use std::io;

/// Why there is no connection.
#[derive(Debug)]
pub(super) enum ConnectError {
    /// Nothing answers at the host and port.
    Unreachable(io::Error),
    /// The connection broke before the log-in was over.
    Lost(io::Error),
    /// What answers is no such server; why.
    NoServer(&'static str),
    /// The server refuses TLS.
    TlsRefused,
    /// The TLS handshake failed.
    Handshake(io::Error),
    /// The server's certificate is not to be trusted; why.
    Certificate(String),
    /// The server asks for the password in clear text, over a connection without TLS.
    ClearText,
    /// The server asks for a password, and there is none.
    PasswordMissing,
    /// The server asks for a token of an identity provider (code 14).
    IdentityProvider,
    /// It took longer than the connection timeout, in seconds.
    Timeout(u64),
    /// The server refuses the log-in.
    Refused(ServerError),
    /// The server has asked for the password, and refuses the one that it was given.
    WrongPassword(ServerError),
    /// Interrupted.
    Interrupted,
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(error) => write!(
                f,
                "nothing answers there ({error}); look at host and port, and whether the cluster lets this machine in"
            ),
            Self::Lost(error) if is_closed(error) => {
                f.write_str("the server closed the connection before the log-in was over")
            }
            Self::Lost(error) => write!(f, "the connection broke before the log-in was over ({error})"),
            Self::NoServer(why) => write!(f, "what answers there is no Redshift: {why}"),
            Self::TlsRefused => f.write_str(
                "the server refuses TLS, or somebody in between does; --sslmode disable does without, and sends \
                 everything in the clear",
            ),
            Self::Handshake(error) if is_closed(error) => f.write_str(
                "the server closed the connection instead of a TLS handshake; look at host and port, and at what \
                 stands in between",
            ),
            Self::Handshake(error) => write!(
                f,
                "there is no TLS connection to it ({error}); look at host and port, and at what stands in between"
            ),
            Self::Certificate(why) => write!(f, "its certificate is not to be trusted: {why}"),
            Self::ClearText => f.write_str(
                "the server asks for the password in clear text, and there is no TLS: it has not been sent; --sslmode \
                 require insists on TLS",
            ),
            Self::PasswordMissing => f.write_str(
                "the server asks for a password: set PGPASSWORD, or name a file with --password-file",
            ),
            Self::IdentityProvider => f.write_str(
                "the server asks for a token of an identity provider, which Bootshift cannot get; log in with a user \
                 and password, or with temporary credentials (`aws redshift get-cluster-credentials`)",
            ),
            Self::Timeout(seconds) => {
                write!(f, "the server did not let us in within {seconds} s; --connect-timeout waits longer")
            }
            Self::Refused(error) | Self::WrongPassword(error) => error.fmt(f),
            Self::Interrupted => f.write_str("interrupted"),
        }
    }
}

impl std::error::Error for ConnectError {}

/// Whether the other side has closed the connection. Which error tells of it is a matter of chance.
fn is_closed(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof)
}

/// What the server says of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ServerError {
    /// The SQLSTATE: <https://www.postgresql.org/docs/8.0/errcodes-appendix.html>; `unknown` where the server gives
    /// something else, which may be anything.
    pub(super) sqlstate: String,
    /// The message, printable, cut where it is long.
    pub(super) message: String,
}

/// The shortest piece of a secret that nobody may see, in characters.
const PIECE: usize = 6;

/// The longest message that is shown, in characters.
const LONGEST: usize = 500;

impl ServerError {
    pub(super) fn new(sqlstate: &str, message: &str) -> Self {
        let mut shown: String =
            message.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect();
        if message.chars().nth(LONGEST).is_some() {
            shown.push('…');
        }
        let is_sqlstate = sqlstate.len() == 5 && sqlstate.bytes().all(|b| b.is_ascii_alphanumeric());
        let sqlstate = if is_sqlstate { sqlstate } else { "unknown" };
        Self { sqlstate: sqlstate.to_owned(), message: shown }
    }

    /// The same without its message if that shows a piece of the statement that nobody may see.
    pub(super) fn hiding(self, sql: &str) -> Self {
        let clause = sql.rsplit_once(" PASSWORD ").map_or(sql, |(_, clause)| clause);
        let characters: Vec<char> = clause.to_ascii_lowercase().chars().filter(|c| *c != '\'').collect();
        let message = self.message.to_ascii_lowercase();
        let shows = |piece: &[char]| message.contains(&piece.iter().collect::<String>());
        if characters.windows(PIECE).any(shows) { self.without_message() } else { self }
    }

    /// The same without its message if that shows the password that somebody logged in by. Of a piece of it nothing
    /// can be said: it may be a word, and most of these messages are about passwords.
    pub(super) fn hiding_password(self, password: &str) -> Self {
        let is_long = password.chars().count() >= PIECE;
        if is_long && self.message.contains(password) { self.without_message() } else { self }
    }

    fn without_message(self) -> Self {
        Self { message: "what the server says shows the password, so it is left out".to_owned(), ..self }
    }
}

impl fmt::Display for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server says: {} (SQLSTATE {})", self.message, self.sqlstate)
    }
}

/// Why a statement did not end well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum StatementError {
    /// The server refuses it.
    Server(ServerError),
    /// The connection broke, or the server talks nonsense. Whether the statement ran is not known.
    Lost(String),
    /// It took longer than the statement timeout, in seconds. Whether it ran is not known unless it was cancelled.
    Timeout {
        /// The timeout.
        seconds: u64,
        /// Whether the server has confirmed that it stopped.
        cancelled: bool,
    },
    /// The user interrupted it.
    Interrupted {
        /// Whether the server has confirmed that it stopped.
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

    /// Whether it is not known if the statement ran.
    pub(super) const fn is_uncertain(&self) -> bool {
        match self {
            Self::Server(_) => false,
            Self::Lost(_) => true,
            Self::Timeout { cancelled, .. } | Self::Interrupted { cancelled } => !*cancelled,
        }
    }
}

impl fmt::Display for StatementError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server(error) => error.fmt(f),
            Self::Lost(why) => write!(f, "the connection was lost: {why}"),
            Self::Timeout { seconds, cancelled: true } => {
                write!(f, "it was cancelled after {seconds} s; --statement-timeout waits longer")
            }
            Self::Timeout { seconds, cancelled: false } => {
                write!(f, "there was no answer within {seconds} s; --statement-timeout waits longer")
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
    fn a_message_that_quotes_the_password_is_left_out() {
        let sql = "CREATE USER \"u\" PASSWORD 'md5153c434b4b77c89e6b94f12c5393af5b'";
        let error = ServerError::new("42601", "syntax error at or near \"md5153c\"").hiding(sql);
        assert!(!error.message.contains("md5153"), "{error}");
        assert_eq!(error.sqlstate, "42601");
        let error = ServerError::new("42710", "user \"u\" already exists").hiding(sql);
        assert_eq!(error.message, "user \"u\" already exists");
    }

    /// A server that somebody else speaks for can put there what it likes: the password, or what a terminal obeys.
    #[test]
    fn a_sqlstate_is_five_letters_or_digits_and_nothing_else_is_shown() {
        for sqlstate in ["42501", "57P03", "XX000"] {
            assert_eq!(
                ServerError::new(sqlstate, "a").to_string(),
                format!("the server says: a (SQLSTATE {sqlstate})")
            );
        }
        for other in ["", "4250", "425011", "Xyzzy7Plugh9Frotz", "\u{1b}[31m", "42 01", "4250é"] {
            assert_eq!(ServerError::new(other, "a").to_string(), "the server says: a (SQLSTATE unknown)");
        }
    }

    #[test]
    fn messages_are_printable_and_short() {
        let error = ServerError::new("XX000", &format!("a\n\u{1b}[31m{}", "x".repeat(9000)));
        assert!(!error.message.contains('\u{1b}') && error.message.chars().count() == LONGEST + 1);
    }
}
