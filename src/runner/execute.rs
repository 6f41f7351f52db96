//! The statements of a plan, one after the other: transactions are tried again after a conflict.

use std::time::Duration;

use super::run_progress::{RunProgress, Failure, OBJECT_IN_USE};
use super::conclude::redact_error;
use super::error::StatementError;
use super::identity::Changes;
use super::notice::{Notice, Notify, Progress};
use super::plan::{self, Boundary, boundary};
use super::run::Prepared;
use super::run_lock::{RunLock, Action};
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
                    let noted = self.note(initial, transaction).await;
                    noted.map_err(|error| Failure::note(&error))?;
                }
            }
        }
        Ok(())
    }

    /// Runs a transaction, or a statement that is none. If it is in conflict with another session's work, nothing of it has
    /// taken effect, and it is tried again.
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
                // The connection goes, and the transaction with it, whatever becomes of this.
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

    /// Notes in the claim what statements have made or dropped. That of a change claims nothing.
    async fn note(&self, initial: &Session, statements: &[Statement]) -> Result<(), StatementError> {
        if self.action == Action::Edit {
            return Ok(());
        }
        RunLock::note(initial, &self.snapshot.made().names, Changes::by(statements)).await
    }

    /// Runs statements; gives the one that failed. What a transaction in `initialDatabase` makes or drops is noted in it.
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
                let noted = self.note(session, statements).await;
                noted.map_err(|error| (statement, error))?;
            }
        }
        Ok(())
    }
}

/// SQLSTATEs of a conflict with another session: `serialization_failure`, `deadlock_detected`; `internal_error`, by which
/// Redshift tells of one in the catalog and of a violation of serializable isolation
/// (<https://docs.aws.amazon.com/redshift/latest/dg/c_serial_isolation-serializable-isolation-troubleshooting.html>); and
/// `unique_violation`, of two that make rows of the catalog at once.
const CONFLICT: [&str; 4] = ["40001", "40P01", "XX000", "23505"];
const CONFLICT_RETRY_INTERVAL: Duration = Duration::from_millis(300);

/// Whether the statements begin and end a transaction.
fn is_transaction(statements: &[Statement]) -> bool {
    statements.last().and_then(boundary) == Some(Boundary::Commit)
}

async fn run_statement(session: &Session, statement: &Statement) -> Result<(), StatementError> {
    /// Our own connection to a database ends a moment before the server knows.
    const ATTEMPTS: usize = 20;
    const PAUSE: Duration = Duration::from_millis(250);
    for attempt in 1.. {
        let Err(error) = session.run(&statement.sql).await else { return Ok(()) };
        // Two that make databases are in each other's way as well, for a moment.
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
