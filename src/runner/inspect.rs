//! What stands, held against what should.

use std::time::Duration;

use super::Target;
use super::account_login::Password;
use super::error::{ConnectError, StatementError};
use super::facts::{Cluster, Marker, Names, LiveState, closes_tables};
use super::snapshot::Snapshot;
use super::lost::LostObject;
use super::plan::{self, missing, missing_statements};
use super::probe::Probes;
use super::response::{Phase, Status, ValidationTest};
use super::run_lock::{RunLock, Action};
use super::session::Session;
use super::trust::{RUN_LOCK, Trust};
use super::validation::{CASE_TEST, CONNECTION_TEST, SERVER_TEST, Stop, other_run, unreadable_runs};
use crate::payload::Payload;
use crate::script::{Stage, Statement, Table};

/// Connects, and finds out what stands. If another run makes or drops something between two questions, it asks again.
pub(super) async fn inspect(target: &Target, tests: &mut Vec<ValidationTest>) -> Result<(Session, Snapshot), Stop> {
    const ATTEMPTS: usize = 5;
    const PAUSE: Duration = Duration::from_millis(400);
    let made = tests.len();
    for _ in 1..ATTEMPTS {
        match inspect_once(target, tests).await {
            Err(stop) if is_transient(&stop) => {}
            result => return result,
        }
        tests.truncate(made);
        target.access.pause(PAUSE).await?;
    }
    inspect_once(target, tests).await
}

/// SQLSTATEs of what changes while it is asked for: `invalid_catalog_name`, of a database that was dropped since it was seen;
/// `invalid_schema_name`, `undefined_table`, `undefined_object`; `object_in_use`, and `cannot_connect_now`, of a database that
/// is being made or dropped; `admin_shutdown`, of a session that was ended with it; `serialization_failure` and
/// `deadlock_detected`; and `internal_error`, by which both PostgreSQL and Redshift tell of an object that is gone, or of
/// a conflict (<https://docs.aws.amazon.com/redshift/latest/dg/c_serial_isolation-serializable-isolation-troubleshooting.html>).
const TRANSIENT: [&str; 10] =
    [INVALID_CATALOG_NAME, "3F000", "42P01", "42704", "55006", "57P03", "57P01", "40001", "40P01", "XX000"];
/// SQLSTATE `invalid_catalog_name`.
const INVALID_CATALOG_NAME: &str = "3D000";

/// Whether another look may find another answer.
fn is_transient(stop: &Stop) -> bool {
    match stop {
        Stop::Statement(error) => error.sqlstate().is_some_and(|state| TRANSIENT.contains(&state)),
        // That `initialDatabase` is not there is no matter of a moment. The other is asked for once it was seen.
        Stop::DatabaseDropped(_) => true,
        Stop::Connect(ConnectError::Refused(error)) => {
            error.sqlstate != INVALID_CATALOG_NAME && TRANSIENT.contains(&&*error.sqlstate)
        }
        _ => false,
    }
}

async fn inspect_once(target: &Target, tests: &mut Vec<ValidationTest>) -> Result<(Session, Snapshot), Stop> {
    let payload = &target.payload;
    let names = Names::of(payload);
    let session = Session::connect(&target.access, &payload.initial_database.folded()).await?;
    let cluster = Cluster::inspect(&session, &names).await?;
    tests.push(ValidationTest::passed(CONNECTION_TEST));
    if !cluster.version.contains("Redshift") {
        tests.push(ValidationTest::failed(SERVER_TEST, "the server does not identify itself as Redshift"));
        return Err(Stop::ServerCheckFailed);
    }
    tests.push(ValidationTest::passed(SERVER_TEST));
    if cluster.is_case_sensitive {
        tests.push(ValidationTest::failed(
            CASE_TEST,
            "`enable_case_sensitive_identifier` is on, but Immuta requires it to be off: turn it off in the parameter \
             group of the cluster, or for this user (`ALTER USER … SET enable_case_sensitive_identifier TO false`)",
        ));
        return Err(Stop::ServerCheckFailed);
    }
    tests.push(ValidationTest::passed(CASE_TEST));
    let lock = if cluster.has_lock_schema { RUN_LOCK.inspect(&session).await? } else { Trust::Absent };
    let (run_lock, can_read_run_locks) = match lock {
        Trust::Trusted { .. } => own_claim(&session, &cluster, &names, tests).await?,
        Trust::Absent | Trust::Untrusted(_) => (None, true),
    };
    let wanted = plan::wanted(payload, target.options, &cluster.login);
    let (setup, unresolved) = plan::setup(payload, &wanted, &*target.env)?;
    let mut snapshot = Snapshot {
        setup,
        unresolved,
        cluster,
        lock,
        run_lock,
        proven: None,
        content: None,
        can_read_run_locks,
        options: target.options,
        wanted,
        live: LiveState::default(),
        password: Password::default(),
    };
    if let Some(run_lock) = &snapshot.run_lock {
        let owns_database = if run_lock.may_own_database(&snapshot.cluster) {
            snapshot.content = first_object(target).await?;
            snapshot.content.is_none()
        } else {
            false
        };
        snapshot.proven = Some(run_lock.proven(&snapshot.cluster, owns_database));
    }
    snapshot.live = live_state(target, payload, &session, &snapshot.cluster, &snapshot.setup).await?;
    // The marker, or the claim, may tell of another mode than what was asked for.
    if *snapshot.made() != snapshot.wanted && snapshot.made().names == snapshot.wanted.names {
        (snapshot.setup, snapshot.unresolved) = plan::setup(payload, snapshot.made(), &*target.env)?;
        snapshot.live = live_state(target, payload, &session, &snapshot.cluster, &snapshot.setup).await?;
    }
    Ok((session, snapshot))
}

/// The claim of this set-up, and whether it could be asked for. Of those of others, which have the same
/// `initialDatabase`, there is a word to say.
async fn own_claim(
    session: &Session,
    cluster: &Cluster,
    names: &Names,
    tests: &mut Vec<ValidationTest>,
) -> Result<(Option<RunLock>, bool), StatementError> {
    match RunLock::read_all(session).await {
        Ok(run_locks) => {
            let (own, others): (Vec<_>, Vec<_>) =
                run_locks.into_iter().partition(|run_lock| run_lock.is_of(&names.database));
            tests.extend(others.iter().map(|run_lock| other_run(run_lock, cluster)));
            Ok((own.into_iter().next(), true))
        }
        // What a superuser has left is closed to ordinary users. They cannot write there either, so that nothing is
        // done on what is not known.
        Err(error) if error.sqlstate() == Some(INSUFFICIENT_PRIVILEGE) => {
            tests.push(unreadable_runs(cluster));
            Ok((None, false))
        }
        Err(error) => Err(error),
    }
}

/// SQLSTATE `insufficient_privilege`.
const INSUFFICIENT_PRIVILEGE: &str = "42501";

/// Something in `database`, which a set-up has made a moment ago if there is nothing.
async fn first_object(target: &Target) -> Result<Option<LostObject>, Stop> {
    let session = connect(target).await?;
    let object = LostObject::first(&session).await?;
    session.close().await;
    Ok(object)
}

/// Logs in to `database`, which was there a moment ago.
async fn connect(target: &Target) -> Result<Session, Stop> {
    match Session::connect(&target.access, &target.payload.database.folded()).await {
        Err(ConnectError::Refused(error)) if error.sqlstate == INVALID_CATALOG_NAME => {
            Err(Stop::DatabaseDropped(ConnectError::Refused(error)))
        }
        result => Ok(result?),
    }
}

/// What stands in `database` of the set-up of a payload, asked there.
pub(super) async fn live_state(
    target: &Target,
    payload: &Payload,
    session: &Session,
    cluster: &Cluster,
    setup: &[Stage],
) -> Result<LiveState, Stop> {
    let probes = Probes::new(payload)?.of_stages(setup)?;
    if target.payload.same_database() {
        return Ok(LiveState::inspect(session, &probes).await?);
    }
    if !cluster.has_database {
        return Ok(LiveState::of_cluster(cluster));
    }
    let session = connect(target).await?;
    let live = LiveState::inspect(&session, &probes).await?;
    session.close().await;
    Ok(live)
}

/// What is there and not as it should be.
pub(super) fn drift(snapshot: &Snapshot) -> Vec<ValidationTest> {
    missing_statements(snapshot)
        .map(|statement| {
            let message = match closes_tables(statement.id) {
                Some(tables) => opened(snapshot, tables),
                None => "not in effect".to_owned(),
            };
            ValidationTest::failed(Phase::Setup.of_statement(statement.id), message)
        })
        .collect()
}

/// Who may use tables that are to be closed.
fn opened(snapshot: &Snapshot, tables: &[Table]) -> String {
    let account = &snapshot.made().names.user;
    let openings = snapshot.live.openings.iter();
    let named: Vec<String> = openings
        .filter(|opening| opening.is_of(tables) && !opening.is_intended(account))
        .map(ToString::to_string)
        .collect();
    if named.is_empty() {
        return "unexpected privileges; revoke grants to individual roles, users or groups manually"
            .to_owned();
    }
    named.join("; ")
}

/// How much of the drift `apply` fixes: nothing where something is in its way, nor what somebody was granted by name.
pub(super) fn fixable(snapshot: &Snapshot) -> usize {
    if plan::apply(snapshot).is_err() {
        return 0;
    }
    let fixes = |statement: &&Statement| {
        closes_tables(statement.id).is_none_or(|tables| {
            snapshot.live.openings.iter().any(|opening| opening.is_of(tables) && opening.is_public())
        })
    };
    missing_statements(snapshot).filter(fixes).count() + usize::from(snapshot.needs_password_reset())
}

/// The state of what was found.
pub(super) fn state(snapshot: &Snapshot) -> Status {
    if let Some(run_lock) = &snapshot.run_lock {
        return match (run_lock.action, run_lock.is_held(&snapshot.cluster)) {
            (Action::Apply, true) => Status::Creating,
            (Action::Apply, false) => Status::CreateError,
            (Action::Edit, true) => Status::Editing,
            (Action::Edit, false) => Status::EditError,
            (Action::Remove, true) => Status::Deleting,
            (Action::Remove, false) => Status::DeleteError,
        };
    }
    let is_there = snapshot.live.marker.is_some() || snapshot.live.schemas.len() > 1;
    match (is_there, drift(snapshot).is_empty() && !snapshot.password.fails_login()) {
        (true, true) => Status::Enabled,
        (true, false) => Status::RecurringValidationError,
        (false, _) => Status::Deleted,
    }
}

/// The state of what a change is to change, held against the payload that was in force.
pub(super) async fn state_before(
    target: &Target,
    session: &Session,
    snapshot: &Snapshot,
    old: &Payload,
) -> Result<Status, Stop> {
    // An old password of which no statement can be made keeps nobody from changing it.
    let Ok((setup, _)) = plan::setup(old, snapshot.made(), &*target.env) else { return Ok(Status::Enabled) };
    let found = live_state(target, old, session, &snapshot.cluster, &setup).await?;
    let is_complete = missing(&setup, &found).next().is_none();
    Ok(if is_complete { Status::Enabled } else { Status::RecurringValidationError })
}

/// What the set-up is made of after a change.
pub(super) fn edited(snapshot: &Snapshot) -> Marker {
    let before = snapshot.live.marker.as_ref().unwrap_or(&snapshot.wanted);
    Marker {
        names: snapshot.wanted.names.clone(),
        group_created: !snapshot.wanted.names.group.is_empty(),
        ..before.clone()
    }
}
