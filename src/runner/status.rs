//! `status`: what stands, and what of it is not as it should be.

use super::Target;
use super::account_login;
use super::known::Known;
use super::look::{drift, fixable, look, state};
use super::response::{End, Outcome, Phase, Status, TestStatus, ValidationTest};
use super::run_lock::{Claim, Work};
use super::validation::{BELIEF_TEST, SAME_TEST, Stop, busy, stopped};

/// What stands, and what of it is not as it should be; changes nothing. The end is [`End::Done`] if the set-up is
/// there and whole.
pub async fn status(target: &Target) -> Outcome {
    let mut tests = Vec::new();
    match look(target, &mut tests).await {
        Err(stop) => unknown(stop, tests),
        Ok((session, mut known)) => {
            let status = state(&known);
            let mut due = 0;
            tests.extend(known.doubts().map(|doubt| {
                // The run lock may be of other set-ups.
                let severity = if doubt.is_of_run_lock() { TestStatus::Warning } else { TestStatus::Failed };
                ValidationTest::new(BELIEF_TEST, severity, Some(doubt.to_string()))
            }));
            let contradictions = known.contradictions().into_iter();
            tests.extend(
                contradictions.map(|obstacle| ValidationTest::failed(SAME_TEST, obstacle.to_string())),
            );
            match status {
                Status::Enabled | Status::RecurringValidationError => {
                    // Of another set-up it says nothing that this payload's statements have no effect.
                    if let Some(difference) = known.difference_test() {
                        tests.push(difference);
                    } else {
                        match account_login::look(target, &session, &known, &[]).await {
                            Ok(password) => known.password = password,
                            Err(error) => return unknown(error.into(), tests),
                        }
                        due = fixable(&known);
                        tests.extend(drift(&known));
                        tests.extend(account_login::tests(&target.payload, &known));
                    }
                }
                Status::Deleted if !known.reads_claims => {
                    session.close().await;
                    let user = &known.cluster.login;
                    tests.push(ValidationTest::failed(
                        Phase::InitialValidation.test("Current State"),
                        format!(
                            "`{user}` is not allowed to see whether nothing is set up, or a run is in progress or did \
                             not finish: run this command as a superuser"
                        ),
                    ));
                    return Outcome { status: None, tests, changes: 0, due: 0, end: End::Refused };
                }
                Status::Deleted => tests.push(ValidationTest::failed(
                    Phase::SetUp.whole(),
                    "nothing is set up; run `bootshift apply` to set it up",
                )),
                Status::Creating | Status::Editing | Status::Deleting => {
                    tests.extend(
                        known.claim.iter().map(|claim| {
                            ValidationTest::failed(Phase::SetUp.whole(), busy(claim).to_string())
                        }),
                    );
                }
                Status::CreateError | Status::EditError | Status::DeleteError => {
                    tests.extend(known.claim.iter().map(|claim| unfinished(&known, claim)));
                }
            }
            session.close().await;
            let mut outcome = Outcome { status: Some(status), tests, changes: 0, due, end: End::Done };
            if outcome.failures().next().is_some() {
                outcome.end = End::Refused;
                if outcome.status == Some(Status::Enabled) {
                    outcome.status = Some(Status::RecurringValidationError);
                }
            }
            outcome
        }
    }
}

/// A run that did not finish: of this payload, or of another one. A change is of two, neither of which is another.
fn unfinished(known: &Known, claim: &Claim) -> ValidationTest {
    let difference = known.difference(None).filter(|_| claim.work != Work::Edit);
    let message = match difference {
        Some(difference) => difference.to_string(),
        None => format!("a run ({}) did not finish: {}", claim.work.name(), claim.work.ways_out()),
    };
    ValidationTest::failed(Phase::SetUp.whole(), message)
}

/// The outcome where the state could not be found out.
fn unknown(stop: Stop, tests: Vec<ValidationTest>) -> Outcome {
    Outcome { status: None, ..stopped(stop, Work::Apply, tests) }
}
