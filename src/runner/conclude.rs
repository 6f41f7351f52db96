//! The end of a run: what stands after it, or where it stopped.

use std::fmt::Write as _;

use super::account::{Account, Failure, Holding};
use super::account_login;
use super::error::StatementError;
use super::look::{drift, edited, standing};
use super::plan::{self, boundary};
use super::response::{End, Outcome, Phase, Status, ValidationTest};
use super::run::Prepared;
use super::run_lock::{Claim, Work};
use super::session::Session;
use super::validation::{BELIEF_TEST, Stop, error_status, stopped};
use crate::script::{Stage, Statement};

impl Prepared {
    pub(super) async fn verify(self, session: &Session, account: &Account) -> Outcome {
        let Self { target, work, mut known, mut tests, stages, .. } = self;
        let database = known.wanted.names.database.clone();
        let verified = async {
            if work == Work::Remove {
                return Ok(Vec::new());
            }
            if work == Work::Edit {
                (known.set_up, known.unresolved) =
                    plan::set_up(&target.payload, &edited(&known), &*target.env)?;
            }
            known.cluster.has_database = true;
            known.standing =
                standing(&target, &target.payload, session, &known.cluster, &known.set_up).await?;
            if has_secret(&stages) {
                known.password = account_login::verify(&target, session, &known).await?;
            }
            let mut tests: Vec<_> =
                known.doubts().map(|doubt| ValidationTest::failed(BELIEF_TEST, doubt.to_string())).collect();
            tests.extend(drift(&known));
            tests.extend(account_login::tests(&target.payload, &known));
            Ok::<_, Stop>(tests)
        };
        match verified.await {
            Ok(found) => {
                tests.extend(found);
                let mut outcome = Outcome {
                    status: Some(if work == Work::Remove { Status::Deleted } else { Status::Enabled }),
                    tests,
                    changes: account.stands,
                    due: 0,
                    end: End::Done,
                };
                if outcome.failures().next().is_some() {
                    outcome.status = Some(error_status(work));
                    outcome.end = End::PartWay;
                    // Where the marker stands, it is proof enough.
                    if known.standing.marker.is_some() && Claim::drop(session, &database).await.is_ok() {
                        outcome.status = Some(Status::RecurringValidationError);
                    }
                } else if let Err(error) = Claim::drop(session, &database).await {
                    let error = discreet(&stages, error);
                    // All is done but this: the next run, or `status`, finds an unfinished run.
                    let failed = matches!(error, StatementError::Interrupted { .. });
                    outcome.status = Some(error_status(work));
                    outcome.end = if failed { End::Interrupted } else { End::PartWay };
                    outcome.tests.push(ValidationTest::failed(
                        Phase::Bootstrap.test("Release the run lock"),
                        format!(
                            "all statements took effect, but the lock `bootshift_lock.run` was not released: {error}. \
                             Run the same command again"
                        ),
                    ));
                }
                outcome
            }
            Err(stop) => {
                let outcome = stopped(discreet_stop(&stages, stop), work, tests);
                let end = if outcome.end == End::Interrupted { End::Interrupted } else { End::PartWay };
                // What was done is done, and the claim of the run still stands.
                Outcome { status: Some(error_status(work)), changes: account.stands, end, ..outcome }
            }
        }
    }

    pub(super) fn failed(self, failure: &Failure, account: &Account, held: Vec<ValidationTest>) -> Outcome {
        // As all that is counted here: without what begins and ends transactions.
        let statements = self.stages.iter().flat_map(|stage| &stage.statements).skip(account.number);
        let rest = statements.filter(|statement| boundary(statement).is_none()).count();
        let counted =
            |count| if count == 1 { "1 statement".to_owned() } else { format!("{count} statements") };
        let mut tests = self.tests;
        let mut message = format!("{}. ", failure.message.trim_end_matches('.'));
        let _ = match (account.stands, failure.is_uncertain) {
            (0, false) => write!(message, "Nothing was changed"),
            (stands, false) => write!(message, "{} took effect before it", counted(stands)),
            (stands, true) => {
                write!(
                    message,
                    "{} took effect before it; it is unknown whether this statement took effect",
                    counted(stands)
                )
            }
        };
        if account.rolled_back() > 0 && !failure.is_uncertain {
            let _ = write!(message, "; its transaction ({}) was rolled back", counted(account.rolled_back()));
        }
        let advice = if failure.held_by == Some(Holding::Objects) {
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
        tests.extend(held);
        let end = if failure.is_interrupted { End::Interrupted } else { End::PartWay };
        Outcome { status: Some(error_status(self.work)), tests, changes: account.stands, due: 0, end }
    }
}

/// The error without what it shows of a password: a server may quote the statement of it, at once or later.
pub(super) fn discreet(stages: &[Stage], error: StatementError) -> StatementError {
    let StatementError::Server(error) = error else { return error };
    let statements = stages.iter().flat_map(|stage| &stage.statements);
    let clauses = statements.filter_map(|statement| statement.password.as_ref());
    StatementError::Server(clauses.fold(error, |error, clause| error.hiding(&clause.to_string())))
}

/// The same of a run that such an error ends.
pub(super) fn discreet_stop(stages: &[Stage], stop: Stop) -> Stop {
    match stop {
        Stop::Statement(error) => Stop::Statement(discreet(stages, error)),
        stop => stop,
    }
}

/// Whether the stages set a password.
pub(super) fn has_secret(stages: &[Stage]) -> bool {
    stages.iter().flat_map(|stage| &stage.statements).any(Statement::is_secret)
}
