//! A connection to one database, on which one statement runs at a time.

use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustls::ClientConfig;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_postgres::config::SslMode as DriverSslMode;
use tokio_postgres::{CancelToken, Client, Config, NoTls, SimpleQueryMessage, SimpleQueryRow};

use super::error::{ConnectError, Location, ServerError, StatementError};
use super::login::{self, ClearText, HandshakeStream, Login};
use super::meter::{Meter, Metered};
use super::transport::{Attempt, SslMode, Transport};

/// The application name that the server shows.
pub(super) const APPLICATION_NAME: &str = concat!("bootshift ", env!("CARGO_PKG_VERSION"));

/// The maximum time to wait until the server confirms a cancellation; limited by the statement timeout.
const CANCEL_TIMEOUT: Duration = Duration::from_secs(5);

/// SQLSTATE of a refused login: from servers that require TLS, and from Redshift for a wrong password.
const INVALID_AUTHORIZATION: &str = "28000";
/// SQLSTATE of a wrong password in later versions of PostgreSQL
/// (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
const INVALID_PASSWORD: &str = "28P01";

/// A row of text; `None` is NULL.
pub(super) type Row = Vec<Option<String>>;

/// Where to log in, and how.
#[derive(Clone)]
pub struct Access {
    /// The host name.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The user.
    pub user: String,
    /// The user's password.
    pub password: Option<SecretString>,
    /// The TLS mode.
    pub sslmode: SslMode,
    /// Whether the password is sent in clear text if the server requests it: over TLS, or with [`SslMode::Disable`].
    pub allow_cleartext_password: bool,
    /// The TLS configuration: see [`client_config`](super::client_config).
    pub tls: Arc<ClientConfig>,
    /// The timeout of a connection.
    pub connect_timeout: Duration,
    /// The timeout of a statement.
    pub statement_timeout: Duration,
    /// How long a run waits for another run on the same setup; zero does not wait.
    pub lock_timeout: Duration,
    /// Becomes true when the user interrupts.
    pub interrupt: watch::Receiver<bool>,
}

impl Access {
    /// Whether the user has interrupted.
    pub(super) fn is_interrupted(&self) -> bool {
        *self.interrupt.borrow()
    }

    /// Waits for a duration, or until the user interrupts.
    pub(super) async fn pause(&self, pause: Duration) -> Result<(), ConnectError> {
        let mut interrupt = self.interrupt.clone();
        tokio::select! {
            () = tokio::time::sleep(pause) => Ok(()),
            () = interrupted(&mut interrupt) => Err(ConnectError::Interrupted),
        }
    }

    fn clear_text(&self, is_encrypted: bool) -> ClearText {
        if !self.allow_cleartext_password {
            ClearText::NotAllowed
        } else if is_encrypted || self.sslmode == SslMode::Disable {
            ClearText::Allowed
        } else {
            ClearText::NotEncrypted
        }
    }
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("user", &self.user)
            .field("password", &"<REDACTED>")
            .field("sslmode", &self.sslmode)
            .finish_non_exhaustive()
    }
}

/// A connection.
pub(super) struct Session {
    client: Client,
    meter: Arc<Meter>,
    access: Access,
    database: String,
    attempt: Attempt,
}

/// The step of catalog queries, for messages.
const CATALOG: &str = "Query the catalog";

/// The first statement of every session. Without it, queries could call functions that other users have created in
/// `public`, which are preferred to those of the catalog if their argument types match better.
const PREPARE: &str = "SET search_path TO pg_catalog";

impl Session {
    /// Logs in to a database, and prepares the session.
    pub(super) async fn connect(access: &Access, database: &str) -> Result<Self, ConnectError> {
        let session = Self::log_in(access, database).await?;
        session.step("Set search_path", PREPARE).await?;
        Ok(session)
    }

    /// Logs in to a database.
    pub(super) async fn log_in(access: &Access, database: &str) -> Result<Self, ConnectError> {
        if access.is_interrupted() {
            return Err(ConnectError::Interrupted);
        }
        let mut interrupt = access.interrupt.clone();
        let is_reached = AtomicBool::new(false);
        let connecting = async {
            let mut attempts = access.sslmode.attempts().iter().peekable();
            loop {
                let Some(attempt) = attempts.next() else { return Err(ConnectError::TlsRefused) };
                let has_more = attempts.peek().is_some();
                let transport =
                    Transport::open(&access.host, access.port, *attempt, &access.tls, &is_reached).await;
                if matches!(transport, Err(ConnectError::TlsRefused)) && has_more {
                    continue;
                }
                let is_encrypted = transport.as_ref().is_ok_and(Transport::is_encrypted);
                let attempt = if is_encrypted { Attempt::Tls } else { Attempt::Plain };
                let handshake = Self::start_login(access, database, transport?).await?;
                // A wrong password is not sent again over a less secure connection.
                let was_asked = !handshake.is_refused_unasked();
                let may_retry = has_more && !was_asked;
                match Self::finish_login(access, database, attempt, handshake).await {
                    Err(ConnectError::Refused(error))
                        if may_retry && error.sqlstate == INVALID_AUTHORIZATION => {}
                    Err(ConnectError::Refused(error))
                        if was_asked
                            && [INVALID_AUTHORIZATION, INVALID_PASSWORD].contains(&&*error.sqlstate) =>
                    {
                        return Err(ConnectError::WrongPassword(error));
                    }
                    result => return result,
                }
            }
        };
        tokio::select! {
            result = timeout(access.connect_timeout, connecting) => {
                result.unwrap_or_else(|_| Err(ConnectError::Timeout {
                    seconds: access.connect_timeout.as_secs(),
                    server: format!("{}:{}", access.host, access.port),
                    database: is_reached.load(Ordering::Relaxed).then(|| database.to_owned()),
                }))
            }
            () = interrupted(&mut interrupt) => Err(ConnectError::Interrupted),
        }
    }

    /// Whether the connection uses TLS.
    pub(super) fn is_encrypted(&self) -> bool {
        self.attempt == Attempt::Tls
    }

    async fn start_login(
        access: &Access,
        database: &str,
        transport: Transport,
    ) -> Result<HandshakeStream<Transport>, ConnectError> {
        let login = Login {
            user: &access.user,
            password: access.password.as_ref(),
            database,
            application_name: APPLICATION_NAME,
            clear_text: access.clear_text(transport.is_encrypted()),
        };
        login::start(transport, &login).await
    }

    async fn finish_login(
        access: &Access,
        database: &str,
        attempt: Attempt,
        handshake: HandshakeStream<Transport>,
    ) -> Result<Self, ConnectError> {
        let meter = Meter::new();
        let stream = Metered::new(handshake, &meter);
        let mut config = Config::new();
        config
            .user(&access.user)
            .dbname(database)
            .application_name(APPLICATION_NAME)
            .ssl_mode(DriverSslMode::Disable);
        if let Some(password) = &access.password {
            config.password(password.expose_secret());
        }
        let (client, connection) =
            config.connect_raw(stream, NoTls).await.map_err(|error| refused(access, &error))?;
        // It ends when the client is dropped or the stream fails; the client reports errors.
        tokio::spawn(connection);
        Ok(Self { client, meter, access: access.clone(), database: database.to_owned(), attempt })
    }

    /// Runs a query, and returns its rows.
    pub(super) async fn rows(&self, sql: &str) -> Result<Vec<Row>, StatementError> {
        rows_of(&self.step(CATALOG, sql).await?)
    }

    /// Runs two queries in one message, to save a round trip.
    pub(super) async fn rows_of_two(
        &self,
        first: &str,
        second: &str,
    ) -> Result<(Vec<Row>, Vec<Row>), StatementError> {
        let messages = self.step(CATALOG, &format!("{first};\n{second}")).await?;
        let is_end = |message: &SimpleQueryMessage| matches!(message, SimpleQueryMessage::CommandComplete(_));
        let end = messages.iter().position(is_end).unwrap_or(messages.len());
        let (first, second) = messages.split_at(end);
        Ok((rows_of(first)?, rows_of(second)?))
    }

    /// Runs a query for a single row; returns it with its column names.
    pub(super) async fn named_row(&self, sql: &str) -> Result<Option<(Vec<String>, Row)>, StatementError> {
        let messages = self.step(CATALOG, sql).await?;
        let Some(row) = messages.iter().find_map(row_of) else { return Ok(None) };
        let names = row.columns().iter().map(|column| column.name().to_owned()).collect();
        Ok(Some((names, values(row)?)))
    }

    /// Runs a statement whose errors name it elsewhere.
    pub(super) async fn run(&self, sql: &str) -> Result<Vec<SimpleQueryMessage>, StatementError> {
        self.run_as(None, sql).await
    }

    /// Runs a statement; errors name `step`.
    pub(super) async fn step(
        &self,
        step: &'static str,
        sql: &str,
    ) -> Result<Vec<SimpleQueryMessage>, StatementError> {
        self.run_as(Some(step), sql).await
    }

    async fn run_as(
        &self,
        step: Option<&'static str>,
        sql: &str,
    ) -> Result<Vec<SimpleQueryMessage>, StatementError> {
        self.meter.reset();
        if self.access.is_interrupted() {
            return Err(StatementError::Interrupted { cancelled: true });
        }
        let mut interrupt = self.access.interrupt.clone();
        let seconds = self.access.statement_timeout.as_secs();
        let query = self.client.simple_query(sql);
        tokio::pin!(query);
        let was_interrupted = tokio::select! {
            result = &mut query => return result.map_err(|error| self.failed(&error)),
            () = tokio::time::sleep(self.access.statement_timeout) => false,
            () = interrupted(&mut interrupt) => true,
        };
        let result = self.cancel(query).await;
        match result {
            // It completed before the cancellation. The next statement reports an interrupt.
            Some(Ok(messages)) => Ok(messages),
            Some(Err(StatementError::Lost(why))) => Err(StatementError::Lost(why)),
            result if was_interrupted => Err(StatementError::Interrupted { cancelled: result.is_some() }),
            result => {
                let location = Location { step, database: self.database.clone() };
                Err(StatementError::Timeout { seconds, cancelled: result.is_some(), location })
            }
        }
    }

    /// Waits for a duration, or until the user interrupts.
    pub(super) async fn pause(&self, pause: Duration) -> Result<(), StatementError> {
        let mut interrupt = self.access.interrupt.clone();
        tokio::select! {
            () = tokio::time::sleep(pause) => Ok(()),
            () = interrupted(&mut interrupt) => Err(StatementError::Interrupted { cancelled: true }),
        }
    }

    /// Requests the server to cancel the statement, and waits for the response. `None` if there is none in time.
    async fn cancel(
        &self,
        query: Pin<&mut impl Future<Output = Result<Vec<SimpleQueryMessage>, tokio_postgres::Error>>>,
    ) -> Option<Result<Vec<SimpleQueryMessage>, StatementError>> {
        let token = self.client.cancel_token();
        let asking = async {
            // The response to the statement shows whether it was cancelled.
            let _ = request_cancel(&self.access, self.attempt, token).await;
            query.await
        };
        let limit = CANCEL_TIMEOUT.min(self.access.statement_timeout);
        timeout(limit, asking).await.ok().map(|result| result.map_err(|error| self.failed(&error)))
    }

    fn failed(&self, error: &tokio_postgres::Error) -> StatementError {
        match (server_error(&self.access, error), self.meter.violation()) {
            (Some(error), _) => StatementError::Server(error),
            (None, Some(violation)) => StatementError::Lost(violation.to_owned()),
            (None, None) if error.is_closed() => StatementError::Lost("closed by the server".to_owned()),
            (None, None) => StatementError::Lost(chain(error)),
        }
    }

    /// Closes the connection; the server notices a moment later.
    pub(super) async fn close(self) {
        let Self { client, .. } = self;
        drop(client);
        tokio::task::yield_now().await;
    }
}

async fn request_cancel(access: &Access, attempt: Attempt, token: CancelToken) -> Result<(), ConnectError> {
    let is_reached = AtomicBool::new(false);
    let transport = Transport::open(&access.host, access.port, attempt, &access.tls, &is_reached).await?;
    token.cancel_query_raw(transport, NoTls).await.map_err(|error| refused(access, &error))
}

/// Completes when the user interrupts.
async fn interrupted(interrupt: &mut watch::Receiver<bool>) {
    if interrupt.wait_for(|interrupted| *interrupted).await.is_err() {
        // The sender is gone, so there will be no interrupt.
        std::future::pending::<()>().await;
    }
}

fn server_error(access: &Access, error: &tokio_postgres::Error) -> Option<ServerError> {
    let error = error.as_db_error()?;
    let error = ServerError::new(error.code().code(), error.message());
    Some(match &access.password {
        Some(password) => error.hiding_password(password.expose_secret()),
        None => error,
    })
}

fn refused(access: &Access, error: &tokio_postgres::Error) -> ConnectError {
    match server_error(access, error) {
        Some(error) => ConnectError::Refused(error),
        None if error.is_closed() => ConnectError::Lost(io::ErrorKind::UnexpectedEof.into()),
        None => ConnectError::Lost(io::Error::other(chain(error))),
    }
}

fn row_of(message: &SimpleQueryMessage) -> Option<&SimpleQueryRow> {
    match message {
        SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    }
}

/// The rows among the messages.
pub(super) fn rows_of(messages: &[SimpleQueryMessage]) -> Result<Vec<Row>, StatementError> {
    messages.iter().filter_map(row_of).map(values).collect()
}

fn values(row: &SimpleQueryRow) -> Result<Row, StatementError> {
    (0..row.len())
        .map(|column| match row.try_get(column) {
            Ok(value) => Ok(value.map(str::to_owned)),
            Err(_) => Err(StatementError::Lost("the server sent text that is not valid UTF-8".to_owned())),
        })
        .collect()
}

/// An error with its sources, on one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        let more = inner.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        source = inner.source();
    }
    ServerError::new("", &text).message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_of_access_redacts_the_password() {
        let sslmode = SslMode::Disable;
        let (_, interrupt) = watch::channel(false);
        let access = Access {
            host: "cluster.example.com".to_owned(),
            port: 5439,
            user: "admin".to_owned(),
            password: Some(SecretString::from("Xyzzy7Plugh9Frotz")),
            sslmode,
            allow_cleartext_password: false,
            tls: super::super::client_config(sslmode, None).expect("no authorities"),
            connect_timeout: Duration::from_secs(1),
            statement_timeout: Duration::from_secs(1),
            lock_timeout: Duration::ZERO,
            interrupt,
        };
        let shown = format!("{access:?}");
        assert!(shown.contains("admin") && !shown.contains("Xyzzy"), "{shown}");
    }
}
