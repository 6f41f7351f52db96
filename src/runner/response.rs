//! The report of a run, in the format of the API's response for an integration, with validation tests.
//!
//! Names and format are those of the vendor's documentation
//! (<https://documentation.immuta.com/2024.2/developer-guides/api-intro/integrations-api/reference-guides/integrations-api>):
//! two of the tests are from there, the others are named in the same style.

use serde_json::{Value, json};

use crate::payload::{DEFAULT_PORT, Payload, redact};
use crate::script::StatementId;
use crate::text::printable;
use crate::words::{text, words};

/// The status of a setup, as in the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The setup is complete.
    Enabled,
    /// A run is setting it up.
    Creating,
    /// A run that sets it up did not finish.
    CreateError,
    /// A run is changing it.
    Editing,
    /// A run that changes it did not finish.
    EditError,
    /// A run is removing it.
    Deleting,
    /// A run that removes it did not finish.
    DeleteError,
    /// Nothing is set up.
    Deleted,
    /// It was set up, and has changed since.
    RecurringValidationError,
}

impl Status {
    /// The name in the API.
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

/// The status of a validation test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestStatus {
    /// Passed.
    Passed,
    /// Failed.
    Failed,
    /// Passed with a warning.
    Warning,
    /// Not applicable.
    Skipped,
}

impl TestStatus {
    /// The name in the API.
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

/// The phase of a validation test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// Whether the cluster can be inspected. If one of these tests fails, the live state is unknown.
    InitialValidation,
    /// Whether a setup or a change can start.
    BootstrapValidation,
    /// Whether a removal can start.
    RemovalValidation,
    /// Other setups of the cluster.
    OtherSetups,
    /// Whether the setup is complete.
    Setup,
    /// Whether the system account can log in.
    SystemAccount,
    /// The statements of a run.
    Bootstrap,
}

impl Phase {
    /// The prefix of the names of its tests.
    fn name(self) -> &'static str {
        words(match self {
            Self::InitialValidation => "Initial Validation",
            Self::BootstrapValidation => "Validate Automatic Bootstrap",
            Self::RemovalValidation => "Validate Removal",
            Self::OtherSetups => "Other Setups",
            Self::Setup => "Setup",
            Self::SystemAccount => "System Account",
            Self::Bootstrap => "Bootstrap",
        })
    }

    /// A test of this phase.
    pub(super) const fn test(self, what: &'static str) -> TestName {
        TestName { phase: self, what: What::Words(what) }
    }

    /// The test of a statement: whether it ran, or whether its effect is present.
    pub(super) const fn of_statement(self, id: StatementId) -> TestName {
        TestName { phase: self, what: What::Statement(id) }
    }

    /// The test of the whole phase.
    pub(super) const fn whole(self) -> TestName {
        TestName { phase: self, what: What::Whole }
    }
}

/// The name of a test.
#[derive(Clone, Debug)]
pub(super) struct TestName {
    phase: Phase,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    Whole,
    Words(&'static str),
    Statement(StatementId),
    /// The connection to a database.
    Connection(String),
}

impl TestName {
    /// The test of a connection that a run needs to continue.
    pub(super) const fn connection(database: String) -> Self {
        Self { phase: Phase::Bootstrap, what: What::Connection(database) }
    }

    fn text(self) -> String {
        let phase = self.phase.name();
        match self.what {
            What::Whole => phase.to_owned(),
            What::Words(what) => format!("{phase}: {}", words(what)),
            What::Statement(id) => format!("{phase}: {}", id.summary()),
            What::Connection(database) => format!("{phase}: Connect to `{database}`"),
        }
    }
}

/// A validation test.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ValidationTest {
    /// Its phase.
    pub phase: Phase,
    /// Its name.
    pub name: String,
    /// Its status.
    pub status: TestStatus,
    /// Its message. Control characters in names from the server are escaped.
    pub message: Option<String>,
}

impl ValidationTest {
    pub(super) fn new(test: TestName, status: TestStatus, message: Option<String>) -> Self {
        let message = message.map(|message| text(printable(&message)));
        Self { phase: test.phase, name: test.text(), status, message }
    }

    pub(super) fn passed(test: TestName) -> Self {
        Self::new(test, TestStatus::Passed, None)
    }

    pub(super) fn failed(test: TestName, message: impl Into<String>) -> Self {
        Self::new(test, TestStatus::Failed, Some(message.into()))
    }
}

/// The report of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunReport {
    /// The status after the run; `None` if it is unknown, or determined by another run.
    pub status: Option<Status>,
    /// The validation tests, and failed statements.
    pub tests: Vec<ValidationTest>,
    /// The number of statements that took effect.
    pub changes: usize,
    /// The number of pending statements: of a plan that was not run, or those with which `apply` would repair the drift
    /// that `status` found.
    pub pending: usize,
    /// How the run ended.
    pub outcome: Outcome,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Successfully.
    Done,
    /// Nothing was changed because of an error.
    Refused,
    /// It failed after something may have been changed.
    PartialFailure,
    /// The user interrupted it.
    Interrupted,
}

impl RunReport {
    /// The failed tests.
    pub fn failures(&self) -> impl Iterator<Item = &ValidationTest> {
        self.tests.iter().filter(|test| test.status == TestStatus::Failed)
    }

    /// The report in the format of the response to `GET /integrations/{id}`; the identifier is `host:port/database`, and
    /// the status is null if it is unknown.
    #[must_use]
    pub fn to_json(&self, payload: &Payload) -> Value {
        let port = payload.port.unwrap_or(DEFAULT_PORT);
        let id = format!("{}:{port}/{}", payload.host, payload.database.folded());
        let mut response = redact(payload, Some(&id));
        let tests: Vec<Value> = self.tests.iter().map(test_json).collect();
        let has = |status| self.tests.iter().any(|test| test.status == status);
        let status = if has(TestStatus::Failed) {
            TestStatus::Failed
        } else if has(TestStatus::Warning) {
            TestStatus::Warning
        } else {
            TestStatus::Passed
        };
        response["status"] = self.status.map(Status::name).into();
        response["validationResults"] = json!({ "status": status.name(), "validationTests": tests });
        response
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

    /// A hostile server can send any name for the login user.
    #[test]
    fn control_characters_in_messages_are_escaped() {
        let test = ValidationTest::failed(Phase::Setup.whole(), "`\u{1b}[2J\u{202e}user` is not a superuser");
        assert_eq!(test.message.as_deref(), Some(r"`\u{1b}[2J\u{202e}user` is not a superuser"));
    }
}
