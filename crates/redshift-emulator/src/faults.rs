//! Faults to inject, and the log.

use std::fmt;
use std::time::Duration;

use super::protocol::ServerError;
use redshift_lexer::Kind;

/// When a fault is triggered. It is triggered once. Counts start at 1, and again with `reset_log`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// At this statement, counted over all connections.
    Statement(usize),
    /// At this statement of this connection.
    OnConnection {
        /// The number of the connection.
        connection: usize,
        /// The number of the statement in it.
        statement: usize,
    },
    /// At the next statement that contains this text.
    Containing(String),
}

/// The effect of a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The connection is closed; the server does not receive the statement.
    CutBefore,
    /// The server completes the statement, and those after it in the message; then the connection is closed without a
    /// response.
    CutAfter,
    /// The statement fails without running; as with any error, the transaction is aborted.
    Error {
        /// The SQLSTATE.
        sqlstate: String,
        /// The message.
        message: String,
    },
    /// No statement runs and no response is sent from here on; the connection stays open.
    StallBefore,
    /// The server completes the statement, and those after it in the message; no response is sent, and the connection stays
    /// open.
    StallAfter,
    /// The response is delayed by this duration.
    Delay(Duration),
    /// The server crashes before the statement, with all connections, and restarts.
    RestartBefore,
    /// The server crashes after the statement and before the response, and restarts.
    RestartAfter,
    /// All connections are closed before the statement; the server keeps running.
    DropAll,
}

/// A fault that is triggered once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// When it is triggered.
    pub when: When,
    /// Its effect.
    pub what: What,
}

impl Fault {
    /// At the `number`-th statement over all connections.
    #[must_use]
    pub const fn at(number: usize, what: What) -> Self {
        Self { when: When::Statement(number), what }
    }

    /// At the next statement that contains `text`.
    pub fn on(text: impl Into<String>, what: What) -> Self {
        Self { when: When::Containing(text.into()), what }
    }

    /// At the `statement`-th statement of the `connection`-th connection.
    #[must_use]
    pub const fn on_connection(connection: usize, statement: usize, what: What) -> Self {
        Self { when: When::OnConnection { connection, statement }, what }
    }
}

/// A hostile server, or one that is not Redshift.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hostile {
    /// Endless rows in response to the first query.
    EndlessRows,
    /// Endless notices in response to the first query.
    EndlessNotices,
    /// A slow message with a length of 2 GiB in response to the first query.
    GiantMessage,
    /// Invalid messages in response to the first query.
    Garbage,
    /// No response to the first query.
    Silence,
    /// A message with a length of 2 GiB in response to the first packet.
    GiantMessageAtStartup,
    /// Invalid messages in response to the first packet.
    GarbageAtStartup,
    /// No response to the first packet, which may be the TLS request.
    SilenceAtStartup,
}

/// The response of the emulator to the TLS request.
#[derive(Clone, Debug, Default)]
pub enum Tls {
    /// Refuses TLS, like a server without TLS, or an attacker in between.
    #[default]
    Refused,
    /// Accepts TLS.
    On(std::sync::Arc<rustls::ServerConfig>),
    /// Like [`Tls::On`], but an attacker in between injects a clear-text message after the response (CVE-2021-23222), which
    /// a client must not accept.
    Stuffed(std::sync::Arc<rustls::ServerConfig>),
    /// Responds with an error, like servers that do not support the request.
    Error,
}

/// The authentication request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AuthRequest {
    /// Depends on how the password is stored: md5, or the digest of code 13 for sha256.
    #[default]
    AsStored,
    /// The password in clear text, like an attacker in between.
    ClearText,
    /// SASL, which Redshift does not support.
    Sasl,
}

/// How a client authenticated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// It did not authenticate.
    None,
    /// With the password in clear text.
    ClearText,
    /// With md5, code 5.
    Md5,
    /// With the digest of code 13.
    Sha256,
}

/// A connection of a client.
#[derive(Clone, Debug)]
pub struct Connection {
    /// Its number, from 1.
    pub number: usize,
    /// The user in the startup message.
    pub user: String,
    /// The database.
    pub database: String,
    /// `application_name`
    pub application_name: String,
    /// Whether it uses TLS.
    pub tls: bool,
    /// The authentication, successful or not.
    pub auth: Auth,
    /// Whether it was ready for queries.
    pub ready: bool,
}

/// The result of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Unknown: the fault was before the server received it, or it is running.
    Open,
    /// The server completed it. With a fault, the client may not have a response.
    Done,
    /// The server or the emulator reported an error.
    Failed(ServerError),
}

/// A statement of a client, of which a message may have several. `Debug` does not show passwords.
#[derive(Clone)]
pub struct Statement {
    /// Its number over all connections, from 1.
    pub number: usize,
    /// The number of the connection.
    pub connection: usize,
    /// The user of the connection.
    pub user: String,
    /// The database of the connection.
    pub database: String,
    /// The text as the client sent it.
    pub sql: String,
    /// The text that was sent to PostgreSQL.
    pub translated: String,
    /// Its result.
    pub outcome: Outcome,
}

impl fmt::Debug for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Statement")
            .field("number", &self.number)
            .field("connection", &self.connection)
            .field("user", &self.user)
            .field("database", &self.database)
            .field("sql", &without_passwords(&self.sql))
            .field("outcome", &self.outcome)
            .finish_non_exhaustive()
    }
}

/// The text with `********` for what `PASSWORD` is followed by.
fn without_passwords(sql: &str) -> String {
    let Ok(mut tokens) = redshift_lexer::lex(sql) else { return "SQL that cannot be read".to_owned() };
    tokens.retain(|token| token.kind != Kind::Comment);
    let mut shown = String::new();
    let mut end = 0;
    for pair in tokens.windows(2) {
        let [first, second] = pair else { continue };
        if first.raw.eq_ignore_ascii_case("PASSWORD") && second.kind == Kind::Literal {
            shown.push_str(&sql[end..second.span.start]);
            shown.push_str("'********'");
            end = second.span.end;
        }
    }
    shown + &sql[end..]
}

/// The log since `reset_log`.
#[derive(Clone, Debug, Default)]
pub struct Log {
    /// The connections in order.
    pub connections: Vec<Connection>,
    /// The statements in order.
    pub statements: Vec<Statement>,
    /// The number of `ReadyForQuery` responses, without those of connecting.
    pub round_trips: usize,
    /// Round trips of connecting: packets of the client with a response until it was ready.
    pub connecting: usize,
    /// The number of requests to cancel a statement.
    pub cancels: usize,
}

impl Log {
    /// The texts of the statements in order.
    #[must_use]
    pub fn texts(&self) -> Vec<&str> {
        self.statements.iter().map(|statement| statement.sql.as_str()).collect()
    }
}

#[test]
fn debug_output_of_a_statement_has_no_password() {
    let sql = r"CREATE USER u PASSWORD 'Abcdefg1' CREATEDB; ALTER USER u PASSWORD /* new */ 'x\'y'";
    let shown = "CREATE USER u PASSWORD '********' CREATEDB; ALTER USER u PASSWORD /* new */ '********'";
    assert_eq!(without_passwords(sql), shown);
    assert_eq!(without_passwords("ALTER USER u PASSWORD 'Abcdefg1"), "SQL that cannot be read");
}
