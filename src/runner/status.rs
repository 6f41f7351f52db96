//! `status`: what stands, and what of it is not as it should be.

use super::Target;
use super::account_login;
use super::snapshot::Snapshot;
use super::inspect::{drift, fixable, inspect, state};
use super::response::{Outcome, RunReport, Phase, Status, TestStatus, ValidationTest};
use super::run_lock::{RunLock, Action};
use super::validation::{TRUST_TEST, MATCH_TEST, Stop, locked, stopped};

/// What stands, and what of it is not as it should be; changes nothing. The end is [`End::Done`] if the set-up is
/// there and whole.
pub async fn status(target: &Target) -> RunReport {
    let mut tests = Vec::new();
    match inspect(target, &mut tests).await {
        Err(stop) => unknown_state(stop, tests),
        Ok((session, mut snapshot)) => {
            let status = state(&snapshot);
            let mut pending = 0;
            tests.extend(snapshot.trust_errors().map(|trust_error| {
                // The run lock may be of other set-ups.
                let severity = if trust_error.is_of_run_lock() { TestStatus::Warning } else { TestStatus::Failed };
                ValidationTest::new(TRUST_TEST, severity, Some(trust_error.to_string()))
            }));
            let contradictions = snapshot.contradictions().into_iter();
            tests.extend(
                contradictions.map(|error| ValidationTest::failed(MATCH_TEST, error.to_string())),
            );
            match status {
                Status::Enabled | Status::RecurringValidationError => {
                    // Of another set-up it says nothing that this payload's statements have no effect.
                    if let Some(difference) = snapshot.difference_test() {
                        tests.push(difference);
                    } else {
                        match account_login::test(target, &session, &snapshot, &[]).await {
                            Ok(password) => snapshot.password = password,
                            Err(error) => return unknown_state(error.into(), tests),
                        }
                        pending = fixable(&snapshot);
                        tests.extend(drift(&snapshot));
                        tests.extend(account_login::tests(&target.payload, &snapshot));
                    }
                }
                Status::Deleted if !snapshot.can_read_run_locks => {
                    session.close().await;
                    let user = &snapshot.cluster.login;
                    tests.push(ValidationTest::failed(
                        Phase::InitialValidation.test("Current State"),
                        format!(
                            "`{user}` is not allowed to see whether nothing is set up, or a run is in progress or did \
                             not finish: run this command as a superuser"
                        ),
                    ));
                    return RunReport { status: None, tests, changes: 0, pending: 0, outcome: Outcome::Refused };
                }
                Status::Deleted => tests.push(ValidationTest::failed(
                    Phase::Setup.whole(),
                    "nothing is set up; run `bootshift apply` to set it up",
                )),
                Status::Creating | Status::Editing | Status::Deleting => {
                    tests.extend(
                        snapshot.run_lock.iter().map(|run_lock| {
                            ValidationTest::failed(Phase::Setup.whole(), locked(run_lock).to_string())
                        }),
                    );
                }
                Status::CreateError | Status::EditError | Status::DeleteError => {
                    tests.extend(snapshot.run_lock.iter().map(|run_lock| unfinished(&snapshot, run_lock)));
                }
            }
            session.close().await;
            let mut report = RunReport { status: Some(status), tests, changes: 0, pending, outcome: Outcome::Done };
            if report.failures().next().is_some() {
                report.outcome = Outcome::Refused;
                if report.status == Some(Status::Enabled) {
                    report.status = Some(Status::RecurringValidationError);
                }
            }
            report
        }
    }
}

/// A run that did not finish: of this payload, or of another one. A change is of two, neither of which is another.
fn unfinished(snapshot: &Snapshot, run_lock: &RunLock) -> ValidationTest {
    let difference = snapshot.difference(None).filter(|_| run_lock.action != Action::Edit);
    let message = match difference {
        Some(difference) => difference.to_string(),
        None => format!("a run ({}) did not finish: {}", run_lock.action.name(), run_lock.action.next_step()),
    };
    ValidationTest::failed(Phase::Setup.whole(), message)
}

/// The outcome where the state could not be found out.
fn unknown_state(stop: Stop, tests: Vec<ValidationTest>) -> RunReport {
    RunReport { status: None, ..stopped(stop, Action::Apply, tests) }
}
