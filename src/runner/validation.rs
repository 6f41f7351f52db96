//! The validation tests: their names and conditions, and the report of a run that is stopped by one.

use std::time::Duration;

use super::error::{ConnectError, StatementError};
use super::facts::{Cluster, Marker};
use super::holder::Holder;
use super::inspect::INSUFFICIENT_PRIVILEGE;
use super::plan_error::{Object, PlanError};
use super::privilege_list::delimited;
use super::response::{Outcome, Phase, RunReport, Status, TestName, TestStatus, ValidationTest};
use super::run_lock::{Action, RunLock};
use super::snapshot::Snapshot;
use crate::script::{Privilege, Procedure, ScriptError, ShortLived, Stage, StatementId};
use crate::sql::Identifier;

pub(super) const CONNECTION_TEST: TestName = Phase::InitialValidation.test("Basic Connection Test");
pub(super) const SERVER_TEST: TestName = Phase::InitialValidation.test("Server Is Amazon Redshift");
pub(super) const CASE_TEST: TestName = Phase::InitialValidation.test("Identifiers Are Case-Insensitive");
pub(super) const DATABASE_TEST: TestName = Phase::BootstrapValidation.test("Immuta Database Does Not Exist");
pub(super) const USER_TEST: TestName = Phase::BootstrapValidation.test("System Account Does Not Exist");
pub(super) const GROUP_TEST: TestName = Phase::BootstrapValidation.test("Impersonation Group Does Not Exist");

/// Whether the marker, or an unfinished run, matches the payload.
pub(super) const MATCH_TEST: TestName = Phase::BootstrapValidation.test("Setup Matches The Payload");
/// Whether this version of Bootshift makes such a setup.
pub(super) const VERSION_TEST: TestName = Phase::Setup.test("Version");
/// Whether the marker and the run lock can only have been written by Bootshift.
pub(super) const TRUST_TEST: TestName = Phase::BootstrapValidation.test("Records Are Trusted");
const OTHER_RUNS_TEST: TestName = Phase::OtherSetups.test("No Unfinished Run");

/// Why a run ends before anything is changed.
pub(super) enum Stop {
    Connect(ConnectError),
    /// A database was dropped in the meantime.
    DatabaseDropped(ConnectError),
    Statement(StatementError),
    Script(ScriptError),
    PlanErrors(Vec<PlanError>),
    /// A test of the server failed, so the live state was not inspected.
    ServerCheckFailed,
}

impl From<ConnectError> for Stop {
    fn from(error: ConnectError) -> Self {
        Self::Connect(error)
    }
}

impl From<StatementError> for Stop {
    fn from(error: StatementError) -> Self {
        Self::Statement(error)
    }
}

impl From<ScriptError> for Stop {
    fn from(error: ScriptError) -> Self {
        Self::Script(error)
    }
}

pub(super) fn stopped(stop: Stop, action: Action, mut tests: Vec<ValidationTest>) -> RunReport {
    let mut outcome = Outcome::Refused;
    let mut status = None;
    match stop {
        Stop::ServerCheckFailed => {}
        Stop::Connect(error) | Stop::DatabaseDropped(error) => {
            if matches!(error, ConnectError::Interrupted) {
                outcome = Outcome::Interrupted;
            }
            tests.push(ValidationTest::failed(CONNECTION_TEST, error.to_string()));
        }
        Stop::Statement(error) => {
            if matches!(error, StatementError::Interrupted { .. }) {
                outcome = Outcome::Interrupted;
            }
            let help = if error.is_one_of(&[INSUFFICIENT_PRIVILEGE]) {
                ". Log in as a superuser, or as the user that created the setup"
            } else {
                ""
            };
            let name = Phase::InitialValidation.test("Catalog");
            tests.push(ValidationTest::failed(name, format!("{error}{help}")));
        }
        Stop::Script(error) => {
            tests.push(ValidationTest::failed(Phase::InitialValidation.test("Payload"), error.to_string()));
        }
        Stop::PlanErrors(errors) => {
            // The other run reports the status that it leaves.
            if !errors.iter().any(|error| matches!(error, PlanError::Locked(_))) {
                status = Some(error_status(action));
            }
            tests.extend(
                errors
                    .iter()
                    .map(|error| ValidationTest::failed(plan_error_test(error, action), error.to_string())),
            );
        }
    }
    RunReport { status, tests, changes: 0, pending: 0, outcome }
}

/// The phase of the tests before a change.
const fn phase(action: Action) -> Phase {
    match action {
        Action::Apply | Action::Edit => Phase::BootstrapValidation,
        Action::Remove => Phase::RemovalValidation,
    }
}

const fn plan_error_test(error: &PlanError, action: Action) -> TestName {
    let what = match error {
        PlanError::AlreadyExists(foreign) => match (&foreign.object, action) {
            (Object::Schema(_), _) => "Schema Does Not Exist",
            (Object::User(_), Action::Remove) => "System Account Was Created By The Setup",
            (Object::Group(_), Action::Remove) => "Impersonation Group Was Created By The Setup",
            (Object::Database(_), Action::Remove) => "Immuta Database Was Created By The Setup",
            (Object::Database(_), Action::Apply | Action::Edit) => return DATABASE_TEST,
            (Object::User(_), Action::Apply | Action::Edit) => return USER_TEST,
            (Object::Group(_), Action::Apply | Action::Edit) => return GROUP_TEST,
        },
        PlanError::NotFound(Object::Schema(_)) => "Schema Exists",
        PlanError::NotFound(Object::Database(_)) => "Immuta Database Exists",
        PlanError::NotFound(Object::User(_)) => "System Account Exists",
        PlanError::NotFound(Object::Group(_)) => "Impersonation Group Exists",
        PlanError::Mismatch(_) | PlanError::NotBootstrapped => "Setup Matches The Payload",
        PlanError::Untrusted(_) => "Records Are Trusted",
        PlanError::Drifted(_) => "Setup Can Be Repaired",
        PlanError::Outdated | PlanError::OfLaterVersion(_) => return VERSION_TEST,
        PlanError::Locked(_) => "No Other Run",
    };
    phase(action).test(what)
}

pub(super) const fn error_status(action: Action) -> Status {
    match action {
        Action::Apply => Status::CreateError,
        Action::Edit => Status::EditError,
        Action::Remove => Status::DeleteError,
    }
}

/// Warnings about groups that a removal does not drop, although an unfinished run created one of the same name.
pub(super) fn kept_group_tests(snapshot: &Snapshot) -> impl Iterator<Item = ValidationTest> {
    snapshot.kept_groups().map(|foreign| {
        let message = foreign.to_string();
        let test = plan_error_test(&PlanError::AlreadyExists(foreign), Action::Remove);
        ValidationTest::new(test, TestStatus::Warning, Some(message))
    })
}

pub(super) fn absence_tests(snapshot: &Snapshot) -> Vec<ValidationTest> {
    let Marker { database_created, user_created, group_created, .. } = snapshot.marker();
    let cluster = &snapshot.cluster;
    let test = |name: TestName, is_made: bool, is_there: bool, why: &str| match (is_made, is_there) {
        (false, _) => ValidationTest::new(name, TestStatus::Skipped, Some(why.to_owned())),
        (true, false) => ValidationTest::passed(name),
        (true, true) => {
            ValidationTest::new(name, TestStatus::Skipped, Some("created by an earlier run".to_owned()))
        }
    };
    vec![
        test(DATABASE_TEST, *database_created, cluster.has_database, "an existing database is used"),
        test(USER_TEST, *user_created, cluster.has_user, "an existing account is used"),
        test(GROUP_TEST, *group_created, cluster.has_group, "impersonation is disabled"),
    ]
}

/// Whether a statement creates, changes or drops the group, directly or in a procedure that it creates.
const fn concerns_group(id: StatementId, marker: &Marker) -> bool {
    match id {
        StatementId::CreateGroup
        | StatementId::RenameGroup
        | StatementId::DropGroup
        | StatementId::Grant(Privilege::Impersonate)
        | StatementId::CreateProcedure(Procedure::GrantImpersonation | Procedure::RevokeImpersonation) => {
            true
        }
        StatementId::Call(ShortLived::Remove) => marker.group_created,
        _ => false,
    }
}

/// Whether the login user has the privileges that the plan requires, as far as the catalog shows.
pub(super) fn privileges_tests(
    snapshot: &Snapshot,
    stages: &[Stage],
    action: Action,
    initial: &Identifier,
) -> Vec<ValidationTest> {
    let test = || phase(action).test("User Has The Required Privileges");
    let Cluster { login, is_superuser, may_create_databases, may_create_schemas, has_roles, .. } =
        &snapshot.cluster;
    let statements = || stages.iter().flat_map(|stage| &stage.statements);
    let concerns_group = statements().any(|statement| concerns_group(statement.id, snapshot.marker()));
    let makes_database = statements().any(|statement| statement.id == StatementId::CreateDatabase);
    let mut tests = Vec::new();
    if *is_superuser {
        return vec![ValidationTest::passed(test())];
    }
    if concerns_group {
        let message =
            format!("creating or dropping groups requires a superuser, and `{login}` is not a superuser");
        tests.push(ValidationTest::failed(test(), message));
    }
    // If there is a run lock to steal, its schema exists.
    if !may_create_schemas && snapshot.run_lock.is_none() {
        let (missing, database) =
            (format!("`{login}` does not have CREATE on the database"), initial.folded());
        let grant = format!("GRANT CREATE ON DATABASE {initial} TO {}", delimited(login));
        tests.push(if *has_roles {
            let message = format!(
                "{missing} `{database}`, which the run lock (`bootshift_lock.run`) requires; unless one of its roles \
                 grants it, the run will fail until a superuser runs `{grant}`"
            );
            ValidationTest::new(test(), TestStatus::Warning, Some(message))
        } else {
            let message = format!(
                "{missing} `{database}`, which the run lock (`bootshift_lock.run`) requires: run `{grant}` as a \
                 superuser"
            );
            ValidationTest::failed(test(), message)
        });
    }
    if makes_database && !may_create_databases {
        let message = format!(
            "`{login}` is not a superuser and does not have CREATEDB; unless one of its roles grants it, the run \
             will fail"
        );
        tests.push(ValidationTest::new(test(), TestStatus::Warning, Some(message)));
    }
    if tests.is_empty() {
        tests.push(ValidationTest::passed(test()));
    }
    tests
}

/// The error if another run still has the run lock after waiting.
///
/// `PG_TERMINATE_BACKEND` terminates a session; superusers can terminate those of other users:
/// <https://docs.aws.amazon.com/redshift/latest/dg/PG_TERMINATE_BACKEND.html>.
pub(super) fn still_locked(run_lock: &RunLock, waited: Duration) -> PlanError {
    let RunLock { action, holder, .. } = run_lock;
    let (action, process, login) = (action.name(), holder.process, &holder.login);
    let waited = match waited.as_secs() {
        0 => "and this run does not wait (`--lock-timeout 0`)".to_owned(),
        seconds => format!("and did not end within {seconds} s (see `--lock-timeout`)"),
    };
    PlanError::Locked(if holder.is_seen() {
        format!(
            "another run ({action}) is in progress: {holder}, {waited}. Run the same command again after it has ended, \
             or increase `--lock-timeout`. If it hangs, terminate its session: `SELECT pg_terminate_backend({process})`. \
             The next run then steals its lock"
        )
    } else if holder.is_unknown() {
        format!(
            "another run ({action}) holds the lock `bootshift_lock.run`: {holder}, {waited}. This cluster does not report \
             whether it is still in progress: run the same command again later. If you know that it has ended, run \
             `UPDATE bootshift_lock.run SET process = 0 WHERE process = {process}` in `initialDatabase`, and then the \
             same command again, which steals the lock"
        )
    } else {
        format!(
            "another run ({action}) holds the lock `bootshift_lock.run`: {holder}, {waited}. Only `{login}` and superusers \
             can see whether it is still in progress: run the same command as one of them, which steals the lock if \
             that session has ended, or run it again later"
        )
    })
}

fn liveness_help(holder: &Holder) -> String {
    if holder.is_unknown() {
        "This cluster does not report which: check whether that run has ended".to_owned()
    } else {
        format!("Only `{}` and superusers can see which: run this command as one of them", holder.login)
    }
}

pub(super) fn locked(run_lock: &RunLock) -> PlanError {
    let RunLock { action, holder, .. } = run_lock;
    let action = action.name();
    PlanError::Locked(if holder.is_seen() {
        format!(
            "another run ({action}) is in progress: {holder}. Run this command again after it has ended. If it hangs, \
             terminate its session: `SELECT pg_terminate_backend({})`",
            holder.process
        )
    } else {
        format!(
            "another run ({action}) holds the lock `bootshift_lock.run`: {holder}. It is in progress or did not finish. {}",
            liveness_help(holder)
        )
    })
}

/// The note about a run lock of another setup with the same `initialDatabase`.
pub(super) fn other_run(run_lock: &RunLock, cluster: &Cluster) -> ValidationTest {
    let (action, database) = (run_lock.action.name(), &run_lock.marker.names.database);
    let (status, message) = if run_lock.holder.is_seen() {
        // It may be a parallel run of this same command.
        (
            TestStatus::Skipped,
            format!("a run ({action}) of the setup in the database `{database}` is in progress"),
        )
    } else if run_lock.is_held(cluster) {
        (
            TestStatus::Warning,
            format!(
                "a run ({action}) of the setup in the database `{database}` is in progress or did not finish. {}",
                liveness_help(&run_lock.holder)
            ),
        )
    } else {
        (
            TestStatus::Warning,
            format!(
                "a run ({action}) of the setup in the database `{database}`, which is another setup, did not finish: with \
                 the payload of that setup, {}",
                run_lock.action.next_step()
            ),
        )
    };
    ValidationTest::new(OTHER_RUNS_TEST, status, Some(message))
}

pub(super) fn unreadable_runs(cluster: &Cluster) -> ValidationTest {
    let message = format!(
        "cannot detect unfinished runs: `{}` is not allowed to read `bootshift_lock.run`",
        cluster.login
    );
    ValidationTest::new(OTHER_RUNS_TEST, TestStatus::Warning, Some(message))
}

impl Snapshot {
    pub(super) fn difference_test(&self) -> Option<ValidationTest> {
        let error = self.difference(None)?;
        Some(ValidationTest::failed(MATCH_TEST, error.to_string()))
    }
}
