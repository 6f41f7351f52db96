//! Inspects the cluster, and compares its state with the setup.

use std::time::Duration;

use super::Target;
use super::account_login::Password;
use super::also_dropped::DroppedObject;
use super::error::{ConnectError, StatementError};
use super::facts::{Cluster, LiveState, Marker, Names, revoked_tables};
use super::plan::{self, missing, missing_statements};
use super::probe::Probes;
use super::response::{Phase, Status, ValidationTest};
use super::run_lock::{Action, RunLock};
use super::session::{Opening, Session};
use super::snapshot::Snapshot;
use super::trust::{RUN_LOCK, Trust};
use super::unlisted_grant::UnlistedGrant;
use super::validation::{CASE_TEST, CONNECTION_TEST, SERVER_TEST, Stop, other_run, unreadable_runs};
use super::view_definition::ViewDefinition;
use crate::payload::Payload;
use crate::script::{Stage, Statement, Table};

/// Connects and inspects the cluster, with a session in `database` that may be opened already. Retries if another run
/// creates or drops something between two queries.
pub(super) async fn inspect(
    target: &Target,
    mut opening: Option<Opening>,
    tests: &mut Vec<ValidationTest>,
) -> Result<(Session, Snapshot), Stop> {
    const ATTEMPTS: usize = 5;
    const PAUSE: Duration = Duration::from_millis(400);
    let made = tests.len();
    for _ in 1..ATTEMPTS {
        match inspect_once(target, opening.take(), tests).await {
            Err(stop) if is_transient(&stop) => {}
            result => return result,
        }
        tests.truncate(made);
        target.access.pause(PAUSE).await?;
    }
    inspect_once(target, None, tests).await
}

/// SQLSTATEs of concurrent changes: `invalid_catalog_name`, of a database that has been dropped; `invalid_schema_name`,
/// `undefined_table`, `undefined_object`; `object_in_use` and `cannot_connect_now`, of a database that is being created or
/// dropped; `admin_shutdown`, of a session that was terminated with it; `serialization_failure` and `deadlock_detected`;
/// and `internal_error`, which both PostgreSQL and Redshift report for a dropped object or a conflict
/// (<https://docs.aws.amazon.com/redshift/latest/dg/c_serial_isolation-serializable-isolation-troubleshooting.html>).
const TRANSIENT: [&str; 10] =
    [INVALID_CATALOG_NAME, "3F000", "42P01", "42704", "55006", "57P03", "57P01", "40001", "40P01", "XX000"];
/// SQLSTATE `invalid_catalog_name`.
const INVALID_CATALOG_NAME: &str = "3D000";

/// Whether a retry may succeed.
pub(super) fn is_transient(stop: &Stop) -> bool {
    match stop {
        Stop::Statement(error) => error.sqlstate().is_some_and(|state| TRANSIENT.contains(&state)),
        // A missing `initialDatabase` is permanent. `database` is only connected to after it was seen.
        Stop::DatabaseDropped(_) => true,
        Stop::Connect(ConnectError::Refused(error)) => {
            error.sqlstate != INVALID_CATALOG_NAME && TRANSIENT.contains(&&*error.sqlstate)
        }
        _ => false,
    }
}

async fn inspect_once(
    target: &Target,
    opening: Option<Opening>,
    tests: &mut Vec<ValidationTest>,
) -> Result<(Session, Snapshot), Stop> {
    let payload = &target.payload;
    let names = Names::of(payload);
    let session = Session::connect(&target.access, &payload.initial_database.folded()).await?;
    // Without it, the error is reported when the session is needed.
    let own = async { opening?.finish().await.ok() };
    let (cluster, own) = tokio::join!(Cluster::inspect(&session, &names), own);
    let cluster = cluster?;
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
    let new_marker = plan::new_marker(payload, target.options, &cluster.login);
    let (setup, unresolved) = plan::setup(payload, &new_marker, &*target.env)?;
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
        new_marker,
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
    let own = own.as_ref();
    snapshot.live = live_state(target, payload, &session, own, &snapshot.cluster, &snapshot.setup).await?;
    // The marker, or the run lock, may be of another mode than the requested one.
    if *snapshot.marker() != snapshot.new_marker && snapshot.marker().names == snapshot.new_marker.names {
        (snapshot.setup, snapshot.unresolved) = plan::setup(payload, snapshot.marker(), &*target.env)?;
        snapshot.live =
            live_state(target, payload, &session, own, &snapshot.cluster, &snapshot.setup).await?;
    }
    tests.extend(snapshot.live.unknown_tests());
    Ok((session, snapshot))
}

/// The run lock of this setup, and whether run locks can be read. Adds notes about those of other setups with the same
/// `initialDatabase`.
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
        // Ordinary users can neither read nor write a run lock that a superuser left, so a run cannot start without it.
        Err(error) if error.sqlstate() == Some(INSUFFICIENT_PRIVILEGE) => {
            tests.push(unreadable_runs(cluster));
            Ok((None, false))
        }
        Err(error) => Err(error),
    }
}

/// SQLSTATE `insufficient_privilege`.
pub(super) const INSUFFICIENT_PRIVILEGE: &str = "42501";

/// The first object in `database`. If it is empty, an interrupted run may have just created it.
async fn first_object(target: &Target) -> Result<Option<DroppedObject>, Stop> {
    let session = connect(target).await?;
    let object = DroppedObject::first(&session).await?;
    session.close().await;
    Ok(object)
}

/// Logs in to `database`, which existed when the cluster was inspected.
pub(super) async fn connect(target: &Target) -> Result<Session, Stop> {
    match Session::connect(&target.access, &target.payload.database.folded()).await {
        Err(ConnectError::Refused(error)) if error.sqlstate == INVALID_CATALOG_NAME => {
            Err(Stop::DatabaseDropped(ConnectError::Refused(error)))
        }
        result => Ok(result?),
    }
}

/// The live state of the setup of a payload, queried in `database`, with a session in it if one is open.
pub(super) async fn live_state(
    target: &Target,
    payload: &Payload,
    session: &Session,
    own: Option<&Session>,
    cluster: &Cluster,
    setup: &[Stage],
) -> Result<LiveState, Stop> {
    let probes = Probes::new(payload)?.of_stages(setup)?;
    let view = ViewDefinition::of_stages(setup);
    let own = if target.payload.same_database() { Some(session) } else { own };
    if let Some(own) = own {
        return Ok(LiveState::inspect(own, &probes, view.as_ref()).await?);
    }
    if !cluster.has_database {
        return Ok(LiveState::of_cluster(cluster));
    }
    let session = connect(target).await?;
    let live = LiveState::inspect(&session, &probes, view.as_ref()).await?;
    session.close().await;
    Ok(live)
}

/// The statements whose effect is missing, and unexpected privileges, as failed tests.
pub(super) fn drift(snapshot: &Snapshot) -> Vec<ValidationTest> {
    let unlisted = snapshot.live.unlisted_grants.iter().map(UnlistedGrant::test);
    missing_statements(snapshot)
        .map(|statement| {
            let message = match revoked_tables(statement.id) {
                Some(tables) => unexpected_grants(snapshot, tables),
                None => "not in effect".to_owned(),
            };
            ValidationTest::failed(Phase::Setup.of_statement(statement.id), message)
        })
        .chain(unlisted)
        .collect()
}

/// The unexpected privileges on tables that are restricted.
fn unexpected_grants(snapshot: &Snapshot, tables: &[Table]) -> String {
    let account = &snapshot.marker().names.user;
    let table_grants = snapshot.live.table_grants.iter();
    let named: Vec<String> = table_grants
        .filter(|table_grant| table_grant.is_of(tables) && !table_grant.is_intended(account))
        .map(ToString::to_string)
        .collect();
    if named.is_empty() {
        return "unexpected privileges; revoke grants to individual roles, users or groups manually"
            .to_owned();
    }
    named.join("; ")
}

/// How many statements of the drift `apply` repairs: none if the plan has errors, and none for privileges that were
/// granted to a user or group by name.
pub(super) fn fixable(snapshot: &Snapshot, payload: &Payload) -> usize {
    if plan::apply(snapshot, payload).is_err() {
        return 0;
    }
    let upgrade = plan::upgrade(snapshot, payload).and_then(Result::ok);
    let upgrade = upgrade.iter().flat_map(|stage| &stage.statements);
    let upgrade = upgrade.filter(|statement| plan::boundary(statement).is_none());
    let fixes = |statement: &&Statement| {
        revoked_tables(statement.id).is_none_or(|tables| {
            snapshot
                .live
                .table_grants
                .iter()
                .any(|table_grant| table_grant.is_of(tables) && table_grant.is_public())
        })
    };
    upgrade.count()
        + missing_statements(snapshot).filter(fixes).count()
        + usize::from(snapshot.needs_password_reset())
}

/// The state of the setup.
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

/// The state of a setup before a change, compared with its old payload.
pub(super) async fn state_before(
    target: &Target,
    session: &Session,
    snapshot: &Snapshot,
    old: &Payload,
) -> Result<Status, Stop> {
    // An old password that cannot be resolved does not prevent a change.
    let Ok((setup, _)) = plan::setup(old, snapshot.marker(), &*target.env) else {
        return Ok(Status::Enabled);
    };
    let found = live_state(target, old, session, None, &snapshot.cluster, &setup).await?;
    let is_complete = missing(&setup, &found).next().is_none();
    Ok(if is_complete { Status::Enabled } else { Status::RecurringValidationError })
}

/// The marker of the setup after a change.
pub(super) fn edited(snapshot: &Snapshot) -> Marker {
    let before = snapshot.live.marker.as_ref().unwrap_or(&snapshot.new_marker);
    Marker {
        names: snapshot.new_marker.names.clone(),
        group_created: !snapshot.new_marker.names.group.is_empty(),
        ..before.clone()
    }
}
