//! `status`: what stands, and what of it is not as it should be.

use super::Target;
use super::claim::Work;
use super::look::{drift, look, state};
use super::response::{End, Outcome, Status, ValidationTest};
use super::validation::{busy, stopped};

/// What stands, and what of it is not as it should be; changes nothing. The end is [`End::Done`] if the set-up is
/// there and whole.
pub async fn status(target: &Target) -> Outcome {
    let mut tests = Vec::new();
    match look(target, &mut tests).await {
        // What stands is not known.
        Err(stop) => {
            Outcome { status: Status::RecurringValidationError, ..stopped(stop, Work::Apply, tests) }
        }
        Ok((session, known)) => {
            let status = state(&known);
            match status {
                Status::Enabled | Status::RecurringValidationError => {
                    // Of another set-up it says nothing that this payload's statements have no effect.
                    match known.difference_test() {
                        Some(difference) => tests.push(difference),
                        None => tests.extend(drift(&known)),
                    }
                }
                Status::Deleted => tests.push(ValidationTest::failed(
                    "Set-Up",
                    "nothing is set up; `bootshift apply` does it",
                )),
                Status::Creating | Status::Editing | Status::Deleting => {
                    tests.extend(known.claim.iter().map(|claim| {
                        ValidationTest::failed("Set-Up", busy(claim).to_string())
                    }));
                }
                _ => tests.push(ValidationTest::failed(
                    "Set-Up",
                    "a run did not finish; the same command again does what is missing, and `bootshift remove` takes \
                     back what stands",
                )),
            }
            session.close().await;
            let mut outcome = Outcome { status, tests, changes: 0, end: End::Done };
            if outcome.failures().next().is_some() {
                outcome.end = End::Refused;
                if outcome.status == Status::Enabled {
                    outcome.status = Status::RecurringValidationError;
                }
            }
            outcome
        }
    }
}
