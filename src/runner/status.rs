//! `status`: the live state of a setup, and its drift.

use super::Target;
use super::account_login;
use super::inspect::{drift, fixable, inspect, state};
use super::plan_error::PlanError;
use super::response::{Outcome, Phase, RunReport, Status, TestStatus, ValidationTest};
use super::run_lock::{Action, RunLock};
use super::session::Opening;
use super::snapshot::Snapshot;
use super::validation::{MATCH_TEST, Stop, TRUST_TEST, VERSION_TEST, locked, stopped};
use crate::script::SETUP_VERSION;

/// Reports the live state of a setup, and its drift; changes nothing. The outcome is [`Outcome::Done`] if the setup is
/// complete.
pub async fn status(target: &Target) -> RunReport {
    let mut tests = Vec::new();
    // A distant cluster takes time for each connection, so they are opened together.
    let database = target.payload.database.folded();
    let database = (!target.payload.same_database()).then(|| Opening::start(&target.access, &database));
    let account = account_login::open(target);
    match inspect(target, database, &mut tests).await {
        Err(stop) => unknown_state(stop, tests),
        Ok((session, mut snapshot)) => {
            let status = state(&snapshot);
            let mut pending = 0;
            tests.extend(snapshot.trust_errors().map(|trust_error| {
                // The run lock may belong to other setups.
                let severity =
                    if trust_error.is_of_run_lock() { TestStatus::Warning } else { TestStatus::Failed };
                ValidationTest::new(TRUST_TEST, severity, Some(trust_error.to_string()))
            }));
            let contradictions = snapshot.contradictions().into_iter();
            tests.extend(contradictions.map(|error| ValidationTest::failed(MATCH_TEST, error.to_string())));
            match status {
                Status::Enabled | Status::RecurringValidationError => {
                    // If it is another setup, the effects of the statements of this payload are irrelevant.
                    if let Some(difference) = snapshot.difference_test() {
                        tests.push(difference);
                    } else {
                        match account_login::test(target, &session, &snapshot, &[], account).await {
                            Ok(password) => snapshot.password = password,
                            Err(error) => return unknown_state(error.into(), tests),
                        }
                        pending = fixable(&snapshot, &target.payload);
                        tests.extend(version_test(&snapshot));
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
                            "`{user}` cannot see whether nothing is set up, or whether a run is in progress or did \
                             not finish: run this command as a superuser"
                        ),
                    ));
                    return RunReport {
                        status: None,
                        tests,
                        changes: 0,
                        pending: 0,
                        outcome: Outcome::Refused,
                    };
                }
                Status::Deleted => tests.push(ValidationTest::failed(
                    Phase::Setup.whole(),
                    "nothing is set up; run `bootshift apply` to set it up",
                )),
                Status::Creating | Status::Editing | Status::Deleting => {
                    tests.extend(snapshot.run_lock.iter().map(|run_lock| {
                        ValidationTest::failed(Phase::Setup.whole(), locked(run_lock).to_string())
                    }));
                }
                Status::CreateError | Status::EditError | Status::DeleteError => {
                    tests.extend(snapshot.run_lock.iter().map(|run_lock| unfinished(&snapshot, run_lock)));
                }
            }
            session.close().await;
            let mut report =
                RunReport { status: Some(status), tests, changes: 0, pending, outcome: Outcome::Done };
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

/// The test of the version of the setup, if it is not the current one.
fn version_test(snapshot: &Snapshot) -> Option<ValidationTest> {
    let version = snapshot.live.version.filter(|version| *version != SETUP_VERSION)?;
    if snapshot.live.is_of_later_version() {
        return Some(ValidationTest::failed(VERSION_TEST, PlanError::OfLaterVersion(version).to_string()));
    }
    let message = format!(
        "this setup was created by an earlier version of Bootshift (setup version {version}, now {SETUP_VERSION}): run \
         `bootshift apply` to upgrade it. Until then, impersonation does not work on Serverless and Multi-AZ clusters"
    );
    Some(ValidationTest::new(VERSION_TEST, TestStatus::Warning, Some(message)))
}

/// The test of an unfinished run, of this payload or of another one. A change has two payloads, so it is not compared.
fn unfinished(snapshot: &Snapshot, run_lock: &RunLock) -> ValidationTest {
    let difference = snapshot.difference(None).filter(|_| run_lock.action != Action::Edit);
    let message = match difference {
        Some(difference) => difference.to_string(),
        None => format!("a run ({}) did not finish: {}", run_lock.action.name(), run_lock.action.next_step()),
    };
    ValidationTest::failed(Phase::Setup.whole(), message)
}

/// The report if the live state could not be determined.
fn unknown_state(stop: Stop, tests: Vec<ValidationTest>) -> RunReport {
    RunReport { status: None, ..stopped(stop, Action::Apply, tests) }
}
