//! Runs the statements of a plan in order. Transactions are retried after a conflict.

use std::time::Duration;

use super::conclude::redact_error;
use super::error::StatementError;
use super::identity::Changes;
use super::notice::{Notice, Notify, Progress};
use super::plan::{self, Boundary, boundary};
use super::run::Prepared;
use super::run_lock::{Action, RunLock};
use super::run_progress::{Failure, OBJECT_IN_USE, RunProgress};
use super::session::Session;
use crate::script::{Effect, Object, Statement};

impl Prepared {
    pub(super) async fn execute(
        &self,
        initial: &Session,
        progress: &mut RunProgress,
        notify: Notify<'_>,
    ) -> Result<(), Failure> {
        for stage in &self.stages {
            let database = stage.database.folded();
            let own;
            let is_initial = database == self.target.payload.initial_database.folded();
            let session = if is_initial {
                initial
            } else {
                own = Session::connect(&self.target.access, &database)
                    .await
                    .map_err(|error| Failure::connect(&database, &error))?;
                &own
            };
            for transaction in plan::transactions(&stage.statements) {
                self.execute_together(session, is_initial, &database, transaction, progress, notify).await?;
                if !(is_initial && is_transaction(transaction)) {
                    let noted = self.record(initial, transaction).await;
                    noted.map_err(|error| Failure::update_run_lock(&error))?;
                }
            }
        }
        Ok(())
    }

    /// Runs a transaction, or a single statement outside of one. After a conflict with another session, nothing has taken
    /// effect, and it is retried.
    async fn execute_together(
        &self,
        session: &Session,
        is_initial: bool,
        database: &str,
        statements: &[Statement],
        progress: &mut RunProgress,
        notify: Notify<'_>,
    ) -> Result<(), Failure> {
        const ATTEMPTS: usize = 4;
        let start = (progress.number, progress.shown);
        for attempt in 1.. {
            let Err((statement, error)) =
                self.try_together(session, is_initial, database, statements, progress, notify).await
            else {
                break;
            };
            if progress.is_in_transaction() && matches!(error, StatementError::Server(_)) {
                // If this fails, closing the connection rolls back the transaction.
                let _ = session.run("ROLLBACK").await;
            }
            let is_conflict = error.sqlstate().is_some_and(|state| CONFLICT.contains(&state));
            if !is_conflict || attempt == ATTEMPTS || session.pause(CONFLICT_RETRY_INTERVAL).await.is_err() {
                return Err(Failure::statement(statement, &redact_error(&self.stages, error)));
            }
            progress.rewind(start);
        }
        Ok(())
    }

    /// Records in the run lock what statements have created or dropped. A change records nothing.
    async fn record(&self, initial: &Session, statements: &[Statement]) -> Result<(), StatementError> {
        if self.action == Action::Edit {
            return Ok(());
        }
        RunLock::record(initial, &self.snapshot.made().names, Changes::by(statements)).await
    }

    /// Runs statements; on error returns the one that failed. For a transaction in `initialDatabase`, the run lock is
    /// updated in the same transaction.
    async fn try_together<'s>(
        &self,
        session: &Session,
        is_initial: bool,
        database: &str,
        statements: &'s [Statement],
        progress: &mut RunProgress,
        notify: Notify<'_>,
    ) -> Result<(), (&'s Statement, StatementError)> {
        for (at, statement) in statements.iter().enumerate() {
            progress.number += 1;
            if boundary(statement).is_none() {
                progress.shown += 1;
                notify(Notice::Statement(Progress {
                    number: progress.shown,
                    total: progress.total,
                    database: database.to_owned(),
                    summary: statement.summary().to_owned(),
                }));
            }
            run_statement(session, statement).await.map_err(|error| (statement, error))?;
            progress.done(statement);
            let is_last = statements.get(at + 1).and_then(boundary) == Some(Boundary::Commit);
            if is_initial && is_last {
                let noted = self.record(session, statements).await;
                noted.map_err(|error| (statement, error))?;
            }
        }
        Ok(())
    }
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

async fn run_statement(session: &Session, statement: &Statement) -> Result<(), StatementError> {
    /// The server notices that our own connection to a database was closed with a short delay.
    const ATTEMPTS: usize = 20;
    const PAUSE: Duration = Duration::from_millis(250);
    for attempt in 1.. {
        let Err(error) = session.run(&statement.sql).await else { return Ok(()) };
        // Concurrent CREATE DATABASE statements also conflict for a short time.
        let is_of_database = matches!(
            statement.id.effect(),
            Effect::Creates(Object::Database) | Effect::Drops(Object::Database)
        );
        let is_in_use = is_of_database && error.sqlstate() == Some(OBJECT_IN_USE);
        if is_in_use && attempt < ATTEMPTS {
            tokio::time::sleep(PAUSE).await;
            continue;
        }
        return Err(error);
    }
    Ok(())
}
