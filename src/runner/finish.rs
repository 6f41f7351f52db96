//! The end of a run: verifies the result, or reports where the run failed.

use std::fmt::Write as _;

use super::account_login;
use super::error::StatementError;
use super::inspect::{drift, edited, live_state};
use super::plan::{self, boundary};
use super::response::{Outcome, Phase, RunReport, Status, ValidationTest};
use super::run::Prepared;
use super::run_lock::{Action, RunLock};
use super::run_progress::{Blocker, Failure, RunProgress};
use super::session::Session;
use super::validation::{Stop, TRUST_TEST, error_status, stopped};
use crate::script::{Stage, Statement};

impl Prepared {
    /// Verifies the result with the session in `initialDatabase`, and that in `database` if it is still open.
    pub(super) async fn verify(
        self,
        session: &Session,
        own: Option<Session>,
        progress: &RunProgress,
    ) -> RunReport {
        let Self { target, action, mut snapshot, mut tests, stages, .. } = self;
        let database = snapshot.new_marker.names.database.clone();
        let verified = async {
            if action == Action::Remove {
                return Ok(Vec::new());
            }
            if action == Action::Edit {
                (snapshot.setup, snapshot.unresolved) =
                    plan::setup(&target.payload, &edited(&snapshot), &*target.env)?;
            }
            snapshot.cluster.has_database = true;
            let (payload, cluster, setup) = (&target.payload, &snapshot.cluster, &snapshot.setup);
            let live = live_state(&target, payload, session, own.as_ref(), cluster, setup);
            if has_secret(&stages) {
                let login = async { Ok(account_login::log_in_after_set(&target, cluster).await?) };
                let (live, password) = tokio::try_join!(live, login)?;
                snapshot.live = live;
                snapshot.password = account_login::after_set(&target, session, password).await;
            } else {
                snapshot.live = live.await?;
            }
            let mut tests: Vec<_> = snapshot
                .trust_errors()
                .map(|trust_error| ValidationTest::failed(TRUST_TEST, trust_error.to_string()))
                .collect();
            tests.extend(drift(&snapshot));
            tests.extend(account_login::tests(&target.payload, &snapshot));
            Ok::<_, Stop>(tests)
        };
        match verified.await {
            Ok(found) => {
                tests.extend(found);
                let mut report = RunReport {
                    status: Some(if action == Action::Remove { Status::Deleted } else { Status::Enabled }),
                    tests,
                    changes: progress.committed,
                    pending: 0,
                    outcome: Outcome::Done,
                };
                if report.failures().next().is_some() {
                    report.status = Some(error_status(action));
                    report.outcome = Outcome::PartialFailure;
                    // If the marker exists, the run lock is not needed as proof.
                    if snapshot.live.marker.is_some() && RunLock::release(session, &database).await.is_ok() {
                        report.status = Some(Status::RecurringValidationError);
                    }
                } else if let Err(error) = RunLock::release(session, &database).await {
                    let error = redact_error(&stages, error);
                    // The next run, or `status`, finds an unfinished run.
                    let failed = matches!(error, StatementError::Interrupted { .. });
                    report.status = Some(error_status(action));
                    report.outcome = if failed { Outcome::Interrupted } else { Outcome::PartialFailure };
                    report.tests.push(ValidationTest::failed(
                        Phase::Bootstrap.test("Release the run lock"),
                        format!(
                            "all statements took effect, but the lock `bootshift_lock.run` was not released: {error}. \
                             Run the same command again"
                        ),
                    ));
                }
                report
            }
            Err(stop) => {
                let report = stopped(redact_stop(&stages, stop), action, tests);
                let outcome = if report.outcome == Outcome::Interrupted {
                    Outcome::Interrupted
                } else {
                    Outcome::PartialFailure
                };
                // The statements took effect, and the run lock was not released.
                RunReport {
                    status: Some(error_status(action)),
                    changes: progress.committed,
                    outcome,
                    ..report
                }
            }
        }
    }

    pub(super) fn failed(
        self,
        failure: &Failure,
        progress: &RunProgress,
        blockers: Vec<ValidationTest>,
    ) -> RunReport {
        // Like all counts here, without BEGIN and COMMIT.
        let statements = self.stages.iter().flat_map(|stage| &stage.statements).skip(progress.number);
        let rest = statements.filter(|statement| boundary(statement).is_none()).count();
        let counted =
            |count| if count == 1 { "1 statement".to_owned() } else { format!("{count} statements") };
        let mut tests = self.tests;
        let mut message = format!("{}. ", failure.message.trim_end_matches('.'));
        let _ = match (progress.committed, failure.is_uncertain) {
            (0, false) => write!(message, "Nothing was changed"),
            (committed, false) => write!(message, "{} took effect before it", counted(committed)),
            (committed, true) => {
                write!(
                    message,
                    "{} took effect before it; it is unknown whether this statement, or its transaction, took effect",
                    counted(committed)
                )
            }
        };
        if progress.rolled_back() > 0 && !failure.is_uncertain {
            let _ =
                write!(message, "; its transaction ({}) was rolled back", counted(progress.rolled_back()));
        }
        let advice = if failure.blocked_by == Some(Blocker::Objects) {
            "Remove the dependent objects or privileges, then run the same command again to complete the rest"
        } else {
            "Run the same command again to complete the rest"
        };
        let _ = write!(
            message,
            "; {} not run. {advice}",
            if rest == 1 { "1 was".to_owned() } else { format!("{rest} were") }
        );
        tests.push(ValidationTest::failed(failure.test.clone(), message));
        tests.extend(blockers);
        let outcome = if failure.is_interrupted { Outcome::Interrupted } else { Outcome::PartialFailure };
        RunReport {
            status: Some(error_status(self.action)),
            tests,
            changes: progress.committed,
            pending: 0,
            outcome,
        }
    }
}

/// Redacts passwords in an error: a server may quote the statement that sets one, in this or in a later error.
pub(super) fn redact_error(stages: &[Stage], error: StatementError) -> StatementError {
    let StatementError::Server(error) = error else { return error };
    let statements = stages.iter().flat_map(|stage| &stage.statements);
    let clauses = statements.filter_map(|statement| statement.password.as_ref());
    StatementError::Server(clauses.fold(error, |error, clause| error.hiding(&clause.to_string())))
}

/// Like [`redact_error`], for the error that stops a run.
pub(super) fn redact_stop(stages: &[Stage], stop: Stop) -> Stop {
    match stop {
        Stop::Statement(error) => Stop::Statement(redact_error(stages, error)),
        stop => stop,
    }
}

/// Whether the stages set a password.
pub(super) fn has_secret(stages: &[Stage]) -> bool {
    stages.iter().flat_map(|stage| &stage.statements).any(Statement::is_secret)
}
