//! Faults that tests inject, and the log.

use std::time::Duration;

use super::frame::ServerError;

/// When a fault is triggered. It is triggered once. Counts start at 1, and again with `reset_log`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum When {
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
pub(crate) enum What {
    /// The connection is closed; the server does not receive the statement.
    CutBefore,
    /// The server completes the statement; then the connection is closed without a response.
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
    /// The server completes the statement; no response is sent, and the connection stays open.
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
pub(crate) struct Fault {
    /// When it is triggered.
    pub(crate) when: When,
    /// Its effect.
    pub(crate) what: What,
}

impl Fault {
    /// At the `number`-th statement over all connections.
    pub(crate) const fn at(number: usize, what: What) -> Self {
        Self { when: When::Statement(number), what }
    }

    /// At the next statement that contains `text`.
    pub(crate) fn on(text: impl Into<String>, what: What) -> Self {
        Self { when: When::Containing(text.into()), what }
    }

    /// At the `statement`-th statement of the `connection`-th connection.
    pub(crate) const fn on_connection(connection: usize, statement: usize, what: What) -> Self {
        Self { when: When::OnConnection { connection, statement }, what }
    }
}

/// A hostile server, or one that is not Redshift.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hostile {
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
pub(crate) enum Tls {
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
pub(crate) enum AuthRequest {
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
pub(crate) enum Auth {
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
pub(crate) struct Connection {
    /// Its number, from 1.
    pub(crate) number: usize,
    /// The user in the startup message.
    pub(crate) user: String,
    /// The database.
    pub(crate) database: String,
    /// `application_name`
    pub(crate) application_name: String,
    /// Whether it uses TLS.
    pub(crate) tls: bool,
    /// The authentication, successful or not.
    pub(crate) auth: Auth,
    /// Whether it was ready for queries.
    pub(crate) ready: bool,
}

/// The result of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Unknown: the fault was before the server received it, or it is running.
    Open,
    /// The server completed it. With a fault, the client may not have a response.
    Done,
    /// The server or the emulator reported an error.
    Failed(ServerError),
}

/// A statement of a client: one message.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    /// Its number over all connections, from 1.
    pub(crate) number: usize,
    /// The number of the connection.
    pub(crate) connection: usize,
    /// The user of the connection.
    pub(crate) user: String,
    /// The database of the connection.
    pub(crate) database: String,
    /// The text as the client sent it.
    pub(crate) sql: String,
    /// The text that was sent to PostgreSQL.
    pub(crate) translated: String,
    /// Its result.
    pub(crate) outcome: Outcome,
}

/// The log since `reset_log`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log {
    /// The connections in order.
    pub(crate) connections: Vec<Connection>,
    /// The statements in order.
    pub(crate) statements: Vec<Statement>,
    /// The number of `ReadyForQuery` responses, without those of connecting.
    pub(crate) round_trips: usize,
    /// Round trips of connecting: packets of the client with a response until it was ready.
    pub(crate) connecting: usize,
    /// The number of requests to cancel a statement.
    pub(crate) cancels: usize,
}

impl Log {
    /// The texts of the statements in order.
    pub(crate) fn texts(&self) -> Vec<&str> {
        self.statements.iter().map(|statement| statement.sql.as_str()).collect()
    }
}
