//! Runs the statements of a plan in order. Transactions are retried after a conflict.
//!
//! A transaction is sent in one message, because a distant cluster takes time for each round trip. Only the ID of an
//! object that it creates must be known before it is recorded, so then the record and COMMIT are a second message.

use std::borrow::Cow;
use std::time::Duration;

use tokio::time::Instant;

use super::connected;
use super::error::StatementError;
use super::finish::redact_error;
use super::identity::{CatalogIds, Changes};
use super::notice::{InUse, Notice, Notify};
use super::plan::{self, Boundary, boundary};
use super::run::Prepared;
use super::run_lock::{Action, RunLock, UPDATE};
use super::run_progress::{Failure, OBJECT_IN_USE, RunProgress};
use super::session::{Opening, Response, Session};
use crate::script::{Effect, Object, Place, Statement};

/// A session in `initialDatabase` or in `database`.
#[derive(Clone, Copy)]
struct Destination<'p> {
    session: &'p Session,
    database: &'p str,
    is_initial: bool,
    /// The database that a removal drops.
    dropped: &'p str,
    /// The maximum time to wait for sessions in it.
    timeout: Duration,
}

/// A statement of a message.
pub(super) struct Part<'s> {
    /// The statement of the plan; that before it, for a statement about the run lock.
    pub(super) statement: &'s Statement,
    sql: Cow<'s, str>,
    pub(super) is_of_run_lock: bool,
}

impl<'s> Part<'s> {
    fn of(statement: &'s Statement) -> Self {
        Self { statement, sql: Cow::Borrowed(&statement.sql), is_of_run_lock: false }
    }

    fn of_run_lock(statement: &'s Statement, sql: String) -> Self {
        Self { statement, sql: Cow::Owned(sql), is_of_run_lock: true }
    }

    fn is_commit(&self) -> bool {
        !self.is_of_run_lock && boundary(self.statement) == Some(Boundary::Commit)
    }
}

/// A statement that failed.
struct Failed<'s> {
    statement: &'s Statement,
    error: StatementError,
    /// Whether the server may have committed it.
    is_uncertain: bool,
}

impl Prepared {
    /// Runs the plan. Returns the session in `database`, if the last statements ran in it.
    pub(super) async fn execute(
        &self,
        initial: &Session,
        progress: &mut RunProgress,
        notify: Notify<'_>,
    ) -> Result<Option<Session>, Failure> {
        let mut own = None;
        let mut opening = None;
        for stage in &self.stages {
            let database = stage.database.folded();
            let is_initial = database == self.target.payload.initial_database.folded();
            if is_initial {
                // Its database may be dropped.
                own = None;
            } else if own.is_none() {
                let opening =
                    opening.take().unwrap_or_else(|| Opening::start(&self.target.access, &database));
                own = Some(opening.finish().await.map_err(|error| Failure::connect(&database, &error))?);
            }
            let session = own.as_ref().unwrap_or(initial);
            let to = Destination {
                session,
                database: &database,
                is_initial,
                dropped: &self.snapshot.marker().names.database,
                timeout: self.target.access.lock_timeout.max(OWN_SESSION),
            };
            // What the run lock does not record yet.
            let mut update = None;
            for transaction in plan::transactions(&stage.statements) {
                if !is_transaction(transaction) || !is_initial {
                    self.record(initial, &mut update).await?;
                }
                self.execute_together(to, transaction, update.take(), progress, notify).await?;
                if self.is_used_after(transaction) {
                    let database = self.target.payload.database.folded();
                    opening.insert(Opening::start(&self.target.access, &database)).allow();
                }
                if !(is_initial && is_transaction(transaction)) {
                    update = self.update(initial, transaction).await?;
                }
            }
            self.record(initial, &mut update).await?;
        }
        Ok(own)
    }

    /// Whether the statements create `database`, and later ones run in it.
    fn is_used_after(&self, statements: &[Statement]) -> bool {
        let creates = |statement: &Statement| statement.id.effect() == Effect::Creates(Object::Database);
        statements.iter().any(creates) && self.stages.iter().any(|stage| stage.place == Place::Database)
    }

    /// Runs a transaction, or a single statement outside of one. After a conflict with another session, nothing has taken
    /// effect, and it is retried.
    async fn execute_together(
        &self,
        to: Destination<'_>,
        statements: &[Statement],
        update: Option<String>,
        progress: &mut RunProgress,
        notify: Notify<'_>,
    ) -> Result<(), Failure> {
        const ATTEMPTS: usize = 4;
        let start = progress.position();
        for attempt in 1.. {
            let tried = self.try_together(to, statements, update.as_deref(), progress, notify).await;
            let Err(Failed { statement, error, is_uncertain }) = tried else { break };
            if is_transaction(statements) && matches!(error, StatementError::Server(_)) {
                to.session.roll_back().await;
            }
            if !error.is_one_of(&CONFLICT)
                || attempt == ATTEMPTS
                || to.session.pause(CONFLICT_RETRY_INTERVAL).await.is_err()
            {
                if is_uncertain {
                    // The rest of the message may have run, too.
                    progress.number = start.0 + statements.len();
                }
                return Err(Failure::statement(statement, &redact_error(&self.stages, error), is_uncertain));
            }
            progress.rewind(start);
        }
        Ok(())
    }

    /// What statements create or drop. A change records nothing.
    fn changes(&self, statements: &[Statement]) -> Changes {
        if self.action == Action::Edit { Changes::default() } else { Changes::by(statements) }
    }

    /// The statement that records in the run lock what statements have created or dropped.
    async fn update(&self, initial: &Session, statements: &[Statement]) -> Result<Option<String>, Failure> {
        let (names, changes) = (&self.snapshot.marker().names, self.changes(statements));
        if changes.is_none() {
            return Ok(None);
        }
        let mut ids = CatalogIds::default();
        if changes.needs_ids() {
            let query = CatalogIds::query(names);
            let response = initial.step(UPDATE, &[&query]).await;
            let read = response.and_then(|response| CatalogIds::read(&response));
            ids = read.map_err(|error| Failure::update_run_lock(&error))?;
        }
        Ok(Some(RunLock::update(names, changes, ids)))
    }

    /// Updates the run lock, if there is something to record.
    async fn record(&self, initial: &Session, update: &mut Option<String>) -> Result<(), Failure> {
        let Some(update) = update.take() else { return Ok(()) };
        let updated = initial.step(UPDATE, &[&update]).await;
        updated.map(drop).map_err(|error| Failure::update_run_lock(&error))
    }
    /// Sends a transaction, or a single statement outside of one. A transaction in `initialDatabase` also updates the run
    /// lock. An update about earlier statements goes before it, in its own transaction.
    async fn try_together<'s>(
        &self,
        to: Destination<'_>,
        statements: &'s [Statement],
        update: Option<&str>,
        progress: &mut RunProgress,
        notify: Notify<'_>,
    ) -> Result<(), Failed<'s>> {
        let mut parts = Vec::new();
        if let (Some(update), Some(first)) = (update, statements.first()) {
            let update = ["BEGIN", update, "COMMIT"].map(str::to_owned);
            parts.extend(update.map(|sql| Part::of_run_lock(first, sql)));
        }
        parts.extend(statements.iter().map(Part::of));
        let changes = self.changes(statements);
        if let [.., last, commit] = statements
            && is_transaction(statements)
            && to.is_initial
            && !changes.is_none()
        {
            let names = &self.snapshot.marker().names;
            let mut ids = CatalogIds::default();
            parts.pop();
            if changes.needs_ids() {
                parts.push(Part::of_run_lock(last, CatalogIds::query(names)));
                let response = send(to, &parts, progress, notify).await?;
                ids = CatalogIds::read(&response).map_err(|error| Failed {
                    statement: last,
                    error,
                    is_uncertain: false,
                })?;
                parts.clear();
            }
            parts.extend([Part::of_run_lock(last, RunLock::update(names, changes, ids)), Part::of(commit)]);
        }
        send(to, &parts, progress, notify).await.map(drop)
    }
}

/// Sends statements in one message. Returns the response to the last one.
async fn send<'s>(
    to: Destination<'_>,
    parts: &[Part<'s>],
    progress: &mut RunProgress,
    notify: Notify<'_>,
) -> Result<Response, Failed<'s>> {
    const PAUSE: Duration = Duration::from_millis(250);
    let begun = Instant::now();
    let mut is_shown = false;
    let statements: Vec<&str> = parts.iter().map(|part| &*part.sql).collect();
    let mut at = 0;
    let mut last = Vec::new();
    progress.begin(&parts[at], to.database, notify);
    loop {
        let mut done = |response| {
            progress.done(&parts[at]);
            last = response;
            if at + 1 < parts.len() {
                at += 1;
                progress.begin(&parts[at], to.database, notify);
            }
        };
        let Err(error) = to.session.send(None, &statements, &mut done).await else { break };
        let statement = parts[at].statement;
        // Concurrent CREATE DATABASE statements also conflict for a short time.
        if is_in_use(statement, &error) && begun.elapsed() < to.timeout {
            if !is_shown && begun.elapsed() >= SHOWN_AFTER && drops_database(statement) {
                is_shown = show_sessions(to, begun, notify).await;
            }
            if let Err(error) = to.session.pause(PAUSE).await {
                return Err(Failed { statement, error, is_uncertain: false });
            }
            continue;
        }
        let commits = parts.len() == 1 || parts.iter().any(Part::is_commit);
        let is_uncertain = commits && error.is_uncertain();
        return Err(Failed { statement, error, is_uncertain });
    }
    Ok(last)
}

/// The server notices with a short delay that our own connection to a database was closed.
const OWN_SESSION: Duration = Duration::from_secs(5);
/// When the run says that it waits for sessions.
const SHOWN_AFTER: Duration = Duration::from_secs(1);

/// Notifies of the sessions in the database that is dropped. Returns `false` if none is listed, and our own may be the
/// one that the server still has.
async fn show_sessions(to: Destination<'_>, begun: Instant, notify: Notify<'_>) -> bool {
    let sessions = connected::sessions(to.session, to.dropped).await.ok().flatten();
    let is_other = sessions.is_some() || begun.elapsed() >= OWN_SESSION / 2;
    if is_other {
        notify(Notice::InUse(InUse {
            database: to.dropped.to_owned(),
            sessions,
            query: connected::query(to.dropped),
            timeout: to.timeout.saturating_sub(begun.elapsed()),
        }));
    }
    is_other
}

fn drops_database(statement: &Statement) -> bool {
    matches!(statement.id.effect(), Effect::Drops(Object::Database))
}

/// Whether a database cannot be created or dropped because another session uses it, or its template.
fn is_in_use(statement: &Statement, error: &StatementError) -> bool {
    let effect = statement.id.effect();
    let is_of_database =
        matches!(effect, Effect::Creates(Object::Database) | Effect::Drops(Object::Database));
    is_of_database && error.is_one_of(&[OBJECT_IN_USE])
}

/// SQLSTATEs of a conflict with another session: `serialization_failure`, `deadlock_detected`; `internal_error`, which
/// Redshift reports for conflicts in the catalog and violations of serializable isolation
/// (<https://docs.aws.amazon.com/redshift/latest/dg/c_serial_isolation-serializable-isolation-troubleshooting.html>); and
/// `unique_violation`, if both insert the same catalog row.
pub(super) const CONFLICT: [&str; 4] = ["40001", "40P01", "XX000", "23505"];
const CONFLICT_RETRY_INTERVAL: Duration = Duration::from_millis(300);

/// Whether the statements are a transaction.
fn is_transaction(statements: &[Statement]) -> bool {
    statements.last().and_then(boundary) == Some(Boundary::Commit)
}
