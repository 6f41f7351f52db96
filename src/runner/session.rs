//! A connection to one database, on which one statement runs at a time.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::Stream;
use rustls::ClientConfig;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tokio_postgres::config::SslMode as DriverSslMode;
use tokio_postgres::{CancelToken, Client, Config, NoTls, SimpleQueryMessage};

use super::error::{ConnectError, Location, ServerError, StatementError};
use super::facts::unexpected_response;
use super::login::{self, ClearText, HandshakeStream, Login};
pub(super) use super::message::{Response, Row, named_row, rows_of};
use super::message::{Responses, Unanswered};
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

    fn login<'a>(&'a self, database: &'a str, clear_text: ClearText) -> Login<'a> {
        let (user, password) = (&self.user, self.password.as_ref());
        Login { user, password, database, application_name: APPLICATION_NAME, clear_text }
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
    /// Whether [`PREPARE`] has run.
    is_prepared: AtomicBool,
}

/// The step of catalog queries, for messages.
const CATALOG: &str = "Query the catalog";

/// The first statement of every session, sent with the first message. Without it, queries could call functions that other
/// users have created in `public`, which are preferred to those of the catalog if their argument types match better.
const PREPARE: &str = "SET search_path TO pg_catalog";

impl Session {
    /// Logs in to a database.
    pub(super) async fn connect(access: &Access, database: &str) -> Result<Self, ConnectError> {
        // Futures of runs would be large with it.
        Box::pin(Self::connect_when(access, database, std::future::ready(()))).await
    }

    /// Logs in to a database. The password is not sent before `allowed` completes, which does not count as time of the
    /// connection.
    async fn connect_when(
        access: &Access,
        database: &str,
        allowed: impl Future<Output = ()>,
    ) -> Result<Self, ConnectError> {
        if access.is_interrupted() {
            return Err(ConnectError::Interrupted);
        }
        let mut interrupt = access.interrupt.clone();
        let is_reached = AtomicBool::new(false);
        let timed_out = || ConnectError::Timeout {
            seconds: access.connect_timeout.as_secs(),
            server: format!("{}:{}", access.host, access.port),
            database: is_reached.load(Ordering::Relaxed).then(|| database.to_owned()),
        };
        let connecting = async {
            let mut deadline = Instant::now() + access.connect_timeout;
            let mut allowed = Some(Box::pin(allowed));
            let mut attempts = access.sslmode.attempts().iter().peekable();
            loop {
                let Some(attempt) = attempts.next() else { return Err(ConnectError::TlsRefused) };
                let has_more = attempts.peek().is_some();
                let opening = async {
                    let transport =
                        Transport::open(&access.host, access.port, *attempt, &access.tls, &is_reached)
                            .await?;
                    let is_encrypted = transport.is_encrypted();
                    let clear_text = access.clear_text(is_encrypted);
                    let started = login::start(transport, &access.login(database, clear_text)).await?;
                    Ok((started, clear_text, is_encrypted))
                };
                let opened = timeout_at(deadline, opening).await.unwrap_or_else(|_| Err(timed_out()));
                if matches!(opened, Err(ConnectError::TlsRefused)) && has_more {
                    continue;
                }
                let (started, clear_text, is_encrypted) = opened?;
                let attempt = if is_encrypted { Attempt::Tls } else { Attempt::Plain };
                if let Some(allowed) = allowed.take() {
                    let start = Instant::now();
                    allowed.await;
                    deadline += start.elapsed();
                }
                let mut was_asked = false;
                let logging_in = async {
                    let handshake = started.answer(&access.login(database, clear_text)).await?;
                    // A wrong password is not sent again over a less secure connection.
                    was_asked = !handshake.is_refused_unasked();
                    Self::finish_login(access, database, attempt, handshake).await
                };
                let result = timeout_at(deadline, logging_in).await.unwrap_or_else(|_| Err(timed_out()));
                match result {
                    Err(ConnectError::Refused(error))
                        if has_more && !was_asked && error.sqlstate == INVALID_AUTHORIZATION => {}
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
            result = connecting => result,
            () = interrupted(&mut interrupt) => Err(ConnectError::Interrupted),
        }
    }

    /// Whether the connection uses TLS.
    pub(super) fn is_encrypted(&self) -> bool {
        self.attempt == Attempt::Tls
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
        Ok(Self {
            client,
            meter,
            access: access.clone(),
            database: database.to_owned(),
            attempt,
            is_prepared: AtomicBool::new(false),
        })
    }

    /// Runs a query, and returns its rows.
    pub(super) async fn rows(&self, sql: &str) -> Result<Vec<Row>, StatementError> {
        let [rows] = self.rows_of_each([sql]).await;
        rows
    }

    /// Runs independent queries, and returns the rows of each.
    pub(super) async fn rows_of_each<const N: usize>(
        &self,
        queries: [&str; N],
    ) -> [Result<Vec<Row>, StatementError>; N] {
        self.query_each(queries).await.map(|response| rows_of(&response?))
    }

    /// Runs independent queries in one message. If one fails, the rest is sent again.
    pub(super) async fn query_each<const N: usize>(
        &self,
        queries: [&str; N],
    ) -> [Result<Response, StatementError>; N] {
        let mut responses = Vec::with_capacity(N);
        while responses.len() < N {
            let rest = &queries[responses.len()..];
            match self.send(Some(CATALOG), rest, &mut |response| responses.push(Ok(response))).await {
                Ok(()) => {}
                Err(error @ StatementError::Server(_)) => responses.push(Err(error)),
                Err(error) => responses.resize_with(N, || Err(error.clone())),
            }
        }
        let mut responses = responses.into_iter();
        std::array::from_fn(|_| responses.next().unwrap_or_else(|| Err(unexpected_response())))
    }

    /// Runs statements in one message; errors name `step`. Returns the response to the last one.
    pub(super) async fn step(
        &self,
        step: &'static str,
        statements: &[&str],
    ) -> Result<Response, StatementError> {
        let mut last = Vec::new();
        self.send(Some(step), statements, &mut |response| last = response).await?;
        Ok(last)
    }

    /// Rolls back a transaction after an error. If this fails, the end of the session rolls it back.
    pub(super) async fn roll_back(&self) {
        // In a transaction with an error, nothing else can run.
        let _ = self.send_as_is(None, &["ROLLBACK"], &mut drop).await;
    }

    /// Sends statements in one message. The server runs them in order until one fails; `done` is called after each that
    /// has not. Without BEGIN, they are one transaction. Errors name `step`, or else the caller names the statement.
    pub(super) async fn send(
        &self,
        step: Option<&'static str>,
        statements: &[&str],
        done: &mut (dyn FnMut(Response) + Send),
    ) -> Result<(), StatementError> {
        if self.is_prepared.load(Ordering::Relaxed) {
            return self.send_as_is(step, statements, done).await;
        }
        let mut is_first = true;
        let prepared = [&[PREPARE], statements].concat();
        let mut done = |response| {
            if !std::mem::take(&mut is_first) {
                done(response);
            }
        };
        self.send_as_is(step, &prepared, &mut done).await?;
        // After an error, it was rolled back with the rest.
        self.is_prepared.store(true, Ordering::Relaxed);
        Ok(())
    }

    async fn send_as_is(
        &self,
        step: Option<&'static str>,
        statements: &[&str],
        done: &mut (dyn FnMut(Response) + Send),
    ) -> Result<(), StatementError> {
        self.meter.reset();
        if self.access.is_interrupted() {
            return Err(StatementError::Interrupted { cancelled: true });
        }
        let mut interrupt = self.access.interrupt.clone();
        let responses = self.client.simple_query_raw(&statements.join(";\n")).await;
        let responses = responses.map_err(|error| self.failed(&error))?;
        let mut responses = Responses::new(responses, statements.len());
        loop {
            let was_interrupted = tokio::select! {
                response = responses.next() => match response.map_err(|error| self.unanswered(error))? {
                    Some(response) => {
                        done(response);
                        continue;
                    }
                    None => return Ok(()),
                },
                // It starts again with each statement.
                () = sleep(self.access.statement_timeout) => false,
                () = interrupted(&mut interrupt) => true,
            };
            return match self.cancel(&mut responses, done).await {
                // All completed before the cancellation. The next statement reports an interrupt.
                Some(Ok(())) => Ok(()),
                Some(Err(StatementError::ConnectionLost(why))) => Err(StatementError::ConnectionLost(why)),
                result if was_interrupted => Err(StatementError::Interrupted { cancelled: result.is_some() }),
                result => Err(StatementError::Timeout {
                    seconds: self.access.statement_timeout.as_secs(),
                    cancelled: result.is_some(),
                    location: Location { step, database: self.database.clone() },
                }),
            };
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

    /// Requests the server to cancel the current statement, and waits for the end of the message. `None` if there is none in
    /// time.
    async fn cancel(
        &self,
        responses: &mut Responses<impl Stream<Item = Result<SimpleQueryMessage, tokio_postgres::Error>>>,
        done: &mut (dyn FnMut(Response) + Send),
    ) -> Option<Result<(), StatementError>> {
        let token = self.client.cancel_token();
        let asking = async {
            // The response to the statement shows whether it was cancelled.
            let _ = request_cancel(&self.access, self.attempt, token).await;
            while let Some(response) = responses.next().await? {
                done(response);
            }
            Ok(())
        };
        let limit = CANCEL_TIMEOUT.min(self.access.statement_timeout);
        timeout(limit, asking).await.ok().map(|result| result.map_err(|error| self.unanswered(error)))
    }

    fn unanswered(&self, error: Unanswered) -> StatementError {
        match error {
            Unanswered::Failed(error) => self.failed(&error),
            Unanswered::WrongNumber => unexpected_response(),
        }
    }

    fn failed(&self, error: &tokio_postgres::Error) -> StatementError {
        match (server_error(&self.access, error), self.meter.violation()) {
            (Some(error), _) => StatementError::Server(error),
            (None, Some(violation)) => StatementError::ConnectionLost(violation.to_owned()),
            (None, None) if error.is_closed() => {
                StatementError::ConnectionLost("closed by the server".to_owned())
            }
            (None, None) => StatementError::ConnectionLost(chain(error)),
        }
    }

    /// Closes the connection; the server notices a moment later.
    pub(super) async fn close(self) {
        let Self { client, .. } = self;
        drop(client);
        tokio::task::yield_now().await;
    }
}

/// A connection that is opened in the background. Its password is only sent when it is [finished](Self::finish): a wrong
/// one counts as a failed login, of which a run must not cause several. One that is not finished has not failed: psql also
/// disconnects when the server requests a password, to ask the user for it.
pub(super) struct Opening {
    task: JoinHandle<Result<Session, ConnectError>>,
    allow: Option<oneshot::Sender<()>>,
}

impl Opening {
    pub(super) fn start(access: &Access, database: &str) -> Self {
        let (access, database) = (access.clone(), database.to_owned());
        let (allow, allowed) = oneshot::channel();
        let task = tokio::spawn(async move {
            let allowed = async {
                if allowed.await.is_err() {
                    // It was dropped, and the task is about to be aborted.
                    std::future::pending::<()>().await;
                }
            };
            Session::connect_when(&access, &database, allowed).await
        });
        Self { task, allow: Some(allow) }
    }

    /// Allows the password to be sent from now on.
    pub(super) fn allow(&mut self) {
        if let Some(allow) = self.allow.take() {
            let _ = allow.send(());
        }
    }

    /// The session.
    pub(super) async fn finish(mut self) -> Result<Session, ConnectError> {
        self.allow();
        // The task does not panic, and is only aborted with the runtime.
        (&mut self.task).await.unwrap_or(Err(ConnectError::Interrupted))
    }
}

impl Drop for Opening {
    fn drop(&mut self) {
        self.task.abort();
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
        None if error.is_closed() => ConnectError::ConnectionLost(io::ErrorKind::UnexpectedEof.into()),
        None => ConnectError::ConnectionLost(io::Error::other(chain(error))),
    }
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
