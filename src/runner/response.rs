//! What the runner reports: the answer that the API gives for an integration, with the validation tests that were made
//! and what is wrong.
//!
//! The names and shapes are those of the vendor's page
//! (<https://documentation.immuta.com/2024.2/developer-guides/api-intro/integrations-api/reference-guides/integrations-api>):
//! two of the tests are its own, the others are named in its manner.

use serde_json::{Value, json};

use crate::payload::{DEFAULT_PORT, Payload, redact};
use crate::script::StatementId;
use crate::text::printable;
use crate::words::{text, words};

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

/// When a validation test is made, and so what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// Whether the cluster can be asked: before that has gone well, it is not known what stands.
    InitialValidation,
    /// Whether a set-up or a change can begin.
    BootstrapValidation,
    /// Whether a removal can begin.
    RemovalValidation,
    /// What other set-ups of the cluster have to do with it.
    OtherSetups,
    /// Whether what was set up is as it should be.
    Setup,
    /// Whether the system account can log in.
    SystemAccount,
    /// What became of a run.
    Bootstrap,
}

impl Phase {
    /// What the names of its tests begin with.
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

    /// The test of a statement: whether it ran, or whether its effect stands.
    pub(super) const fn of_statement(self, id: StatementId) -> TestName {
        TestName { phase: self, what: What::Statement(id) }
    }

    /// The phase as a whole.
    pub(super) const fn whole(self) -> TestName {
        TestName { phase: self, what: What::Whole }
    }
}

/// What a test is called.
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
    /// The test of the connection that a run needs to go on.
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
    /// When it is made.
    pub phase: Phase,
    /// Its name.
    pub name: String,
    /// How it ended.
    pub status: TestStatus,
    /// What there is to say; of names that the server gave, what would disturb a terminal is escaped.
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

/// What came of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunReport {
    /// The state that it leaves; `None` where it could not be found out, or is another run's to say.
    pub status: Option<Status>,
    /// The tests, and what failed.
    pub tests: Vec<ValidationTest>,
    /// How many statements took effect.
    pub changes: usize,
    /// How many are due: of a run that was looked at alone or was not agreed to; or else by which `apply` would fix what
    /// `status` found.
    pub pending: usize,
    /// How it ended.
    pub outcome: Outcome,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As it should.
    Done,
    /// Nothing was changed, for something stands in the way or is not as it should be.
    Refused,
    /// Part-way: something may have been changed.
    PartialFailure,
    /// The user interrupted it.
    Interrupted,
}

impl RunReport {
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
        let test = ValidationTest::failed(Phase::Setup.whole(), "`\u{1b}[2J\u{202e}user` is not a superuser");
        assert_eq!(test.message.as_deref(), Some(r"`\u{1b}[2J\u{202e}user` is not a superuser"));
    }
}
