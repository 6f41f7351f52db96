//! What the runner reports: the answer that the API gives for an integration, with the validation tests that were made
//! and what is wrong.
//!
//! The names and shapes are those of the vendor's page
//! (<https://documentation.immuta.com/2024.2/developer-guides/api-intro/integrations-api/reference-guides/integrations-api>):
//! two of the tests are its own, the others are named in its manner.

use serde_json::{Value, json};

use crate::payload::{DEFAULT_PORT, Payload, redact};
use crate::text::printable;

/// The state of a set-up, in the API's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Everything stands, as it should.
    Enabled,
    /// A run is setting it up.
    Creating,
    /// A run that set it up did not finish.
    CreateError,
    /// A run is changing it.
    Editing,
    /// A run that changed it did not finish.
    EditError,
    /// A run is removing it.
    Deleting,
    /// A run that removed it did not finish.
    DeleteError,
    /// Nothing is set up.
    Deleted,
    /// It was set up, and something has changed since.
    RecurringValidationError,
}

impl Status {
    /// The API's word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Creating => "creating",
            Self::CreateError => "createError",
            Self::Editing => "editing",
            Self::EditError => "editError",
            Self::Deleting => "deleting",
            Self::DeleteError => "deleteError",
            Self::Deleted => "deleted",
            Self::RecurringValidationError => "recurringValidationError",
        }
    }
}

/// How a validation test ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestStatus {
    /// As it should.
    Passed,
    /// Not as it should.
    Failed,
    /// Something to know.
    Warning,
    /// There was nothing to test.
    Skipped,
}

impl TestStatus {
    /// The API's word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Warning => "warning",
            Self::Skipped => "skipped",
        }
    }
}

/// A validation test.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ValidationTest {
    /// Its name.
    pub name: String,
    /// How it ended.
    pub status: TestStatus,
    /// What there is to say; of names that the server gave, what would disturb a terminal is escaped.
    pub message: Option<String>,
}

impl ValidationTest {
    pub(super) fn new(name: impl Into<String>, status: TestStatus, message: Option<String>) -> Self {
        Self { name: name.into(), status, message: message.map(|message| printable(&message)) }
    }

    pub(super) fn passed(name: &str) -> Self {
        Self::new(name, TestStatus::Passed, None)
    }

    pub(super) fn failed(name: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(name, TestStatus::Failed, Some(message.into()))
    }
}

/// What came of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// The state that it leaves; `None` where it could not be found out, or is another run's to say.
    pub status: Option<Status>,
    /// The tests, and what failed.
    pub tests: Vec<ValidationTest>,
    /// How many statements took effect.
    pub changes: usize,
    /// How many are due: of a run that was looked at alone or was not agreed to; or else by which `apply` would mend what
    /// `status` found.
    pub due: usize,
    /// How it ended.
    pub end: End,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// As it should.
    Done,
    /// Nothing was changed, for something stands in the way or is not as it should be.
    Refused,
    /// Part-way: something may have been changed.
    PartWay,
    /// The user interrupted it.
    Interrupted,
}

impl Outcome {
    /// What failed, each with its message.
    pub fn failures(&self) -> impl Iterator<Item = &ValidationTest> {
        self.tests.iter().filter(|test| test.status == TestStatus::Failed)
    }

    /// The answer of `GET /integrations/{id}` for it; the identifier is `host:port/database`, and the status null where it
    /// is not known.
    #[must_use]
    pub fn to_json(&self, payload: &Payload) -> Value {
        let port = payload.port.unwrap_or(DEFAULT_PORT);
        let id = format!("{}:{port}/{}", payload.host, payload.database.folded());
        let mut answer = redact(payload, Some(&id));
        let tests: Vec<Value> = self.tests.iter().map(test_json).collect();
        let has = |status| self.tests.iter().any(|test| test.status == status);
        let status = if has(TestStatus::Failed) {
            TestStatus::Failed
        } else if has(TestStatus::Warning) {
            TestStatus::Warning
        } else {
            TestStatus::Passed
        };
        answer["status"] = self.status.map(Status::name).into();
        answer["validationResults"] = json!({ "status": status.name(), "validationTests": tests });
        answer
    }
}

fn test_json(test: &ValidationTest) -> Value {
    let mut value = json!({ "name": test.name, "status": test.status.name(), "result": [null] });
    if let Some(message) = &test.message {
        value["message"] = message.as_str().into();
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server may call who logs in what it likes.
    #[test]
    fn what_a_server_names_disturbs_no_terminal() {
        let test = ValidationTest::failed("Login", "`\u{1b}[2J\u{202e}user` is no superuser");
        assert_eq!(test.message.as_deref(), Some(r"`\u{1b}[2J\u{202e}user` is no superuser"));
    }
}
