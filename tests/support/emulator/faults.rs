//! What tests inject, and what they are told of what went by.

use std::time::Duration;

use super::frame::ServerError;

/// When a fault strikes. It strikes once. Counts start at 1 and anew with `reset_log`.
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
    /// At the next statement that holds this text.
    Containing(String),
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// The connection is cut; the server never sees the statement.
    CutBefore,
    /// The server runs the statement to its end; then the connection is cut, without an answer.
    CutAfter,
    /// The server fails the statement without running it; a transaction is aborted by that as by any error.
    Error {
        /// The SQLSTATE.
        sqlstate: String,
        /// The message.
        message: String,
    },
    /// Nothing happens from here on: no statement runs, no answer comes, the connection stands.
    StallBefore,
    /// The server runs the statement to its end; the answer never comes, the connection stands.
    StallAfter,
    /// The answer comes so much later.
    Delay(Duration),
    /// The server crashes before the statement, with all connections, and starts again.
    RestartBefore,
    /// The server crashes after the statement and before the answer, and starts again.
    RestartAfter,
    /// All connections are cut before the statement; the server lives.
    DropAll,
}

/// Something that goes wrong once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// When.
    pub(crate) when: When,
    /// What.
    pub(crate) what: What,
}

impl Fault {
    /// At the `number`-th statement over all connections.
    pub(crate) const fn at(number: usize, what: What) -> Self {
        Self { when: When::Statement(number), what }
    }

    /// At the next statement that holds `text`.
    pub(crate) fn on(text: impl Into<String>, what: What) -> Self {
        Self { when: When::Containing(text.into()), what }
    }

    /// At the `statement`-th statement of the `connection`-th connection.
    pub(crate) const fn on_connection(connection: usize, statement: usize, what: What) -> Self {
        Self { when: When::OnConnection { connection, statement }, what }
    }
}

/// A server that means harm, or is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hostile {
    /// Rows without end in answer to the first query.
    EndlessRows,
    /// Notices without end in answer to the first query.
    EndlessNotices,
    /// A message that says it is 2 GiB long, and comes slowly, in answer to the first query.
    GiantMessage,
    /// Bytes that are no messages, in answer to the first query.
    Garbage,
    /// No answer to the first query.
    Silence,
    /// A message that says it is 2 GiB long in answer to the first packet.
    GiantMessageAtStartup,
    /// Bytes that are no messages in answer to the first packet.
    GarbageAtStartup,
    /// No answer to the first packet, which may be the one that asks for TLS.
    SilenceAtStartup,
}

/// How the emulator answers a client that asks for TLS.
#[derive(Clone, Debug, Default)]
pub(crate) enum Tls {
    /// It refuses, as a server without TLS does, or somebody in between who strips it.
    #[default]
    Refused,
    /// It has TLS.
    On(std::sync::Arc<rustls::ServerConfig>),
    /// As [`Tls::On`], but somebody in between answers with a message in the clear right behind the consent
    /// (CVE-2021-23222), which a client must not take for the server's.
    Stuffed(std::sync::Arc<rustls::ServerConfig>),
    /// It answers with an error, as servers before TLS did.
    Error,
}

/// How clients prove who they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum AuthRequest {
    /// As the password is stored: md5, or the digest of code 13 where it is stored as sha256.
    #[default]
    AsStored,
    /// The emulator asks for the password in clear text, as a server in the middle would to get at it.
    ClearText,
    /// It asks for SASL, which Redshift does not speak.
    Sasl,
}

/// How a client did prove who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Auth {
    /// It did not come to that.
    None,
    /// In clear text.
    ClearText,
    /// By md5, code 5.
    Md5,
    /// By the digest of code 13.
    Sha256,
}

/// A connection that a client made.
#[derive(Clone, Debug)]
pub(crate) struct Connection {
    /// Its number, from 1.
    pub(crate) number: usize,
    /// Who, as the client said.
    pub(crate) user: String,
    /// The database.
    pub(crate) database: String,
    /// `application_name`
    pub(crate) application_name: String,
    /// Whether it is encrypted.
    pub(crate) tls: bool,
    /// How it was authenticated, or tried to be.
    pub(crate) auth: Auth,
    /// Whether it came to be ready for queries.
    pub(crate) ready: bool,
}

/// What became of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Not known, or nothing yet: cut or stalled before the server saw it, or running.
    Open,
    /// The server ran it. The client may have no answer, if a fault took it.
    Done,
    /// The server, or the emulator in its place, refused it.
    Failed(ServerError),
}

/// A statement that a client sent: one message.
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
    /// What PostgreSQL got instead.
    pub(crate) translated: String,
    /// What became of it.
    pub(crate) outcome: Outcome,
}

/// What went by since `reset_log`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log {
    /// The connections in their order.
    pub(crate) connections: Vec<Connection>,
    /// The statements in their order.
    pub(crate) statements: Vec<Statement>,
    /// Groups of messages that a `ReadyForQuery` answered; those of connecting are not among them.
    pub(crate) round_trips: usize,
    /// Round trips of connecting: packets of the client's that were answered until it was ready.
    pub(crate) connecting: usize,
    /// Requests to cancel a statement.
    pub(crate) cancels: usize,
}

impl Log {
    /// The texts of the statements in their order.
    pub(crate) fn texts(&self) -> Vec<&str> {
        self.statements.iter().map(|statement| statement.sql.as_str()).collect()
    }
}
