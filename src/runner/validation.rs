//! The validation tests: their names, what makes them fail, and the outcome of a run that ends by one.

use std::time::Duration;

use super::error::{ConnectError, StatementError};
use super::facts::{Cluster, Marker};
use super::holder::Holder;
use super::known::Known;
use super::obstacle::{Object, Obstacle};
use super::privilege_list::delimited;
use super::response::{End, Outcome, Phase, Status, TestName, TestStatus, ValidationTest};
use super::run_lock::{Claim, Work};
use crate::script::{Privilege, Procedure, ScriptError, ShortLived, Stage, StatementId};
use crate::sql::Identifier;

pub(super) const CONNECTION_TEST: TestName = Phase::InitialValidation.test("Basic Connection Test");
pub(super) const SERVER_TEST: TestName = Phase::InitialValidation.test("Server Is Amazon Redshift");
pub(super) const CASE_TEST: TestName = Phase::InitialValidation.test("Identifiers Are Case-Insensitive");
pub(super) const DATABASE_TEST: TestName = Phase::BootstrapValidation.test("Immuta Database Does Not Exist");
pub(super) const USER_TEST: TestName = Phase::BootstrapValidation.test("System Account Does Not Exist");
pub(super) const GROUP_TEST: TestName = Phase::BootstrapValidation.test("Impersonation Group Does Not Exist");

/// Whether the marker, or an unfinished run, is of the payload's set-up.
pub(super) const SAME_TEST: TestName = Phase::BootstrapValidation.test("Setup Matches The Payload");
/// Whether the marker and the run lock say what Bootshift wrote.
pub(super) const BELIEF_TEST: TestName = Phase::BootstrapValidation.test("Records Are Trusted");
const OTHER_RUNS_TEST: TestName = Phase::OtherSetUps.test("No Unfinished Run");

/// Why a run ends before anything is changed.
pub(super) enum Stop {
    Connect(ConnectError),
    /// A database is not there any more.
    Gone(ConnectError),
    Statement(StatementError),
    Script(ScriptError),
    Obstacles(Vec<Obstacle>),
    /// What stands was not asked; the tests say why.
    Unasked,
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

pub(super) fn stopped(stop: Stop, work: Work, mut tests: Vec<ValidationTest>) -> Outcome {
    let mut end = End::Refused;
    let mut status = None;
    match stop {
        Stop::Unasked => {}
        Stop::Connect(error) | Stop::Gone(error) => {
            if matches!(error, ConnectError::Interrupted) {
                end = End::Interrupted;
            }
            tests.push(ValidationTest::failed(CONNECTION_TEST, error.to_string()));
        }
        Stop::Statement(error) => {
            if matches!(error, StatementError::Interrupted { .. }) {
                end = End::Interrupted;
            }
            tests.push(ValidationTest::failed(Phase::InitialValidation.test("Catalog"), error.to_string()));
        }
        Stop::Script(error) => {
            tests.push(ValidationTest::failed(Phase::InitialValidation.test("Payload"), error.to_string()));
        }
        Stop::Obstacles(obstacles) => {
            // What another run leaves is its own to say.
            if !obstacles.iter().any(|obstacle| matches!(obstacle, Obstacle::Busy(_))) {
                status = Some(error_status(work));
            }
            tests.extend(
                obstacles.iter().map(|obstacle| {
                    ValidationTest::failed(obstacle_test(obstacle, work), obstacle.to_string())
                }),
            );
        }
    }
    Outcome { status, tests, changes: 0, due: 0, end }
}

/// When tests are made before anything is changed.
const fn phase(work: Work) -> Phase {
    match work {
        Work::Apply | Work::Edit => Phase::BootstrapValidation,
        Work::Remove => Phase::RemovalValidation,
    }
}

const fn obstacle_test(obstacle: &Obstacle, work: Work) -> TestName {
    let what = match obstacle {
        Obstacle::Foreign(foreign) => match (&foreign.object, work) {
            (Object::Schema(_), _) => "Schema Does Not Exist",
            (Object::User(_), Work::Remove) => "System Account Was Created By The Setup",
            (Object::Group(_), Work::Remove) => "Impersonation Group Was Created By The Setup",
            (Object::Database(_), Work::Remove) => "Immuta Database Was Created By The Setup",
            (Object::Database(_), Work::Apply | Work::Edit) => return DATABASE_TEST,
            (Object::User(_), Work::Apply | Work::Edit) => return USER_TEST,
            (Object::Group(_), Work::Apply | Work::Edit) => return GROUP_TEST,
        },
        Obstacle::Missing(Object::Schema(_)) => "Schema Exists",
        Obstacle::Missing(Object::Database(_)) => "Immuta Database Exists",
        Obstacle::Missing(Object::User(_)) => "System Account Exists",
        Obstacle::Missing(Object::Group(_)) => "Impersonation Group Exists",
        Obstacle::Other(_) | Obstacle::NotSetUp => "Setup Matches The Payload",
        Obstacle::Doubted(_) => "Records Are Trusted",
        Obstacle::Altered(_) => "Setup Can Be Repaired",
        Obstacle::Busy(_) => "No Other Run",
    };
    phase(work).test(what)
}

pub(super) const fn error_status(work: Work) -> Status {
    match work {
        Work::Apply => Status::CreateError,
        Work::Edit => Status::EditError,
        Work::Remove => Status::DeleteError,
    }
}

/// Of what a removal leaves alone, though an unfinished run made one of the same name.
pub(super) fn left_alone_tests(known: &Known) -> impl Iterator<Item = ValidationTest> {
    known.left_alone().map(|foreign| {
        let message = foreign.to_string();
        let test = obstacle_test(&Obstacle::Foreign(foreign), Work::Remove);
        ValidationTest::new(test, TestStatus::Warning, Some(message))
    })
}

pub(super) fn absence_tests(known: &Known) -> Vec<ValidationTest> {
    let Marker { database_created, user_created, group_created, .. } = known.made();
    let cluster = &known.cluster;
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

/// Whether a statement makes, changes or drops the group, now or by the procedure that it makes.
const fn concerns_group(id: StatementId, made: &Marker) -> bool {
    match id {
        StatementId::CreateGroup
        | StatementId::RenameGroup
        | StatementId::DropGroup
        | StatementId::Grant(Privilege::Impersonate)
        | StatementId::CreateProcedure(Procedure::GrantImpersonation | Procedure::RevokeImpersonation) => {
            true
        }
        StatementId::Call(ShortLived::Remove) => made.group_created,
        _ => false,
    }
}

/// Whether who logs in may do what there is to do, as far as can be told: what is missing, or that nothing is.
pub(super) fn privileges_tests(
    known: &Known,
    stages: &[Stage],
    work: Work,
    initial: &Identifier,
) -> Vec<ValidationTest> {
    let test = || phase(work).test("User Has The Required Privileges");
    let Cluster { login, is_superuser, may_create_databases, may_create_schemas, has_roles, .. } =
        &known.cluster;
    let statements = || stages.iter().flat_map(|stage| &stage.statements);
    let concerns_group = statements().any(|statement| concerns_group(statement.id, known.made()));
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
    // Who takes a run over finds the place of the lock.
    if !may_create_schemas && known.claim.is_none() {
        let (missing, database) = (format!("`{login}` is missing CREATE on the database"), initial.folded());
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
            "`{login}` is not a superuser and is missing CREATEDB; unless one of its roles grants it, the run will fail"
        );
        tests.push(ValidationTest::new(test(), TestStatus::Warning, Some(message)));
    }
    if tests.is_empty() {
        tests.push(ValidationTest::passed(test()));
    }
    tests
}

/// Another run is at work, and has been waited for.
///
/// `PG_TERMINATE_BACKEND` ends a session, another user's if a superuser asks:
/// <https://docs.aws.amazon.com/redshift/latest/dg/PG_TERMINATE_BACKEND.html>.
pub(super) fn still_busy(claim: &Claim, waited: Duration) -> Obstacle {
    let Claim { work, holder, .. } = claim;
    let (work, process, login) = (work.name(), holder.process, &holder.login);
    let waited = match waited.as_secs() {
        0 => "and this run does not wait (`--lock-timeout 0`)".to_owned(),
        seconds => format!("and did not end within {seconds} s (see `--lock-timeout`)"),
    };
    Obstacle::Busy(if holder.is_seen() {
        format!(
            "another run ({work}) is in progress: {holder}, {waited}. Run the same command again after it has ended, \
             or increase `--lock-timeout`; if it hangs, terminate its session \
             (`SELECT pg_terminate_backend({process})`): the next run takes over its lock"
        )
    } else if holder.is_untold() {
        format!(
            "another run ({work}) holds the lock `bootshift_lock.run`: {holder}, {waited}. This cluster does not report \
             whether it is still in progress: run the same command again later, or, if you know that it has ended, run \
             `UPDATE bootshift_lock.run SET process = 0 WHERE process = {process}` in `initialDatabase` and then the \
             same command again, which takes over the lock"
        )
    } else {
        format!(
            "another run ({work}) holds the lock `bootshift_lock.run`: {holder}, {waited}. Only `{login}` and superusers \
             can see whether it is still in progress: run the same command as one of them, which takes over the lock if \
             that session has ended, or run it again later"
        )
    })
}

fn who_can_tell(holder: &Holder) -> String {
    if holder.is_untold() {
        "this cluster does not report which; check whether that run has ended".to_owned()
    } else {
        format!("only `{}` and superusers can see which; run this command as one of them", holder.login)
    }
}

pub(super) fn busy(claim: &Claim) -> Obstacle {
    let Claim { work, holder, .. } = claim;
    let work = work.name();
    Obstacle::Busy(if holder.is_seen() {
        format!(
            "another run ({work}) is in progress: {holder}. Run this command again after it has ended; if it hangs, \
             terminate its session (`SELECT pg_terminate_backend({})`)",
            holder.process
        )
    } else {
        format!(
            "another run ({work}) holds the lock `bootshift_lock.run`: {holder}. It is in progress or did not finish; {}",
            who_can_tell(holder)
        )
    })
}

/// The note of a claim that is of another set-up with the same `initialDatabase`.
pub(super) fn other_run(claim: &Claim, cluster: &Cluster) -> ValidationTest {
    let (work, database) = (claim.work.name(), &claim.made.names.database);
    let (status, message) = if claim.holder.is_seen() {
        // It comes to its own end, and may be of this very command.
        (
            TestStatus::Skipped,
            format!("a run ({work}) of the setup in the database `{database}` is in progress"),
        )
    } else if claim.is_held(cluster) {
        (
            TestStatus::Warning,
            format!(
                "a run ({work}) of the setup in the database `{database}` is in progress or did not finish; {}",
                who_can_tell(&claim.holder)
            ),
        )
    } else {
        (
            TestStatus::Warning,
            format!(
                "a run ({work}) of the setup in the database `{database}`, which is another setup, did not finish: with \
                 the payload of that setup, {}",
                claim.work.ways_out()
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

impl Known {
    pub(super) fn difference_test(&self) -> Option<ValidationTest> {
        let obstacle = self.difference(None)?;
        Some(ValidationTest::failed(SAME_TEST, obstacle.to_string()))
    }
}
