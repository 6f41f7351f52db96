//! Preparation of a run, which changes nothing: inspects the cluster, makes the plan and checks it.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::time::Instant;

use super::Target;
use super::account_login;
use super::also_dropped::{self, AffectedObjects, AlsoDropped};
use super::dependents::{Dependents, Principals};
use super::error::ConnectError;
use super::finish::has_secret;
use super::inspect::{connect, inspect, is_transient, state, state_before};
use super::notice::{Notice, Notify, Waiting};
use super::plan;
use super::plan_error::{ForeignObject, PlanError};
use super::response::{Status, TestStatus, ValidationTest};
use super::run_lock::{Action, RunLock};
use super::session::Session;
use super::shared::{OtherSetup, Others};
use super::snapshot::Snapshot;
use super::validation::{Stop, absence_tests, kept_group_tests, privileges_tests, still_locked};
use crate::payload::Payload;
use crate::script::{ScriptError, Stage};

/// The result of the preparation.
pub(super) struct Ready {
    pub(super) session: Session,
    pub(super) snapshot: Snapshot,
    pub(super) stages: Vec<Stage>,
    pub(super) before: Status,
    /// The objects that are also dropped.
    pub(super) also_dropped: AlsoDropped,
}

/// Inspects the cluster, makes the plan and checks it.
pub(super) async fn try_prepare(
    target: &Target,
    action: Action,
    tests: &mut Vec<ValidationTest>,
    notify: Notify<'_>,
) -> Result<Ready, Stop> {
    const ATTEMPTS: usize = 5;
    const PAUSE: Duration = Duration::from_millis(400);
    for _ in 1..ATTEMPTS {
        let (session, snapshot) = inspect_when_unlocked(target, tests, notify).await?;
        match plan(target, action, session, snapshot, tests).await {
            // Another run has created or dropped something in the meantime.
            Err(stop) if is_transient(&stop) => {}
            result => return result,
        }
        target.access.pause(PAUSE).await?;
    }
    let (session, snapshot) = inspect_when_unlocked(target, tests, notify).await?;
    plan(target, action, session, snapshot, tests).await
}

/// Makes the plan and checks it.
async fn plan(
    target: &Target,
    action: Action,
    session: Session,
    mut snapshot: Snapshot,
    tests: &mut Vec<ValidationTest>,
) -> Result<Ready, Stop> {
    let env = &*target.env;
    let planned = match (action, &target.old) {
        (Action::Remove, _) => plan::remove(&snapshot, &target.payload, env),
        (_, None) => plan::apply(&snapshot, &target.payload),
        (_, Some(old)) => plan::edit(&snapshot, old, &target.payload, env),
    };
    let mut stages = match planned {
        Ok(stages) => stages?,
        Err(mut errors) => {
            // This only improves the messages, so its errors are ignored.
            tests.extend(name_setups(target, &session, &mut errors).await.unwrap_or_default());
            return Err(Stop::PlanErrors(errors));
        }
    };
    if action != Action::Remove {
        snapshot.password = account_login::test(target, &session, &snapshot, &stages, None).await?;
        plan::reconcile_password(&mut stages, &snapshot, &target.payload, env)?;
        if let Some(error) = snapshot.unresolved.clone().filter(|_| has_secret(&stages)) {
            return Err(ScriptError::UnresolvedSecret(error).into());
        }
    }
    if action == Action::Apply {
        tests.extend(absence_tests(&snapshot));
    }
    if action == Action::Remove {
        tests.extend(kept_group_tests(&snapshot));
    }
    let mut also_dropped = AlsoDropped::default();
    if !stages.is_empty() {
        let privileges = privileges_tests(&snapshot, &stages, action, &target.payload.initial_database);
        let is_failed = privileges.iter().any(|test| test.status == TestStatus::Failed);
        tests.extend(privileges);
        if is_failed {
            return Err(Stop::PlanErrors(Vec::new()));
        }
        let found = find_affected_objects(target, &session, &snapshot, action).await?;
        if !found.blocking.is_empty() {
            tests.extend(found.tests());
            return Err(Stop::PlanErrors(Vec::new()));
        }
        tests.extend(found.warnings());
        also_dropped = found.also_dropped;
        if let Some(principals) = Principals::of(action, &snapshot) {
            check_dependents(target, &session, &snapshot, &principals, tests).await?;
        }
    }
    let before = match &target.old {
        // If everything but the password matches, and both payloads have the same password, the setup has drifted.
        Some(old) if snapshot.matches_payload() && is_same_password(old, &target.payload) => state(&snapshot),
        Some(old) if !stages.is_empty() => state_before(target, &session, &snapshot, old).await?,
        _ => state(&snapshot),
    };
    Ok(Ready { session, snapshot, stages, before, also_dropped })
}

/// The objects that a removal, or a change that drops the impersonation group, also drops, and those that block it.
pub(super) async fn find_affected_objects(
    target: &Target,
    session: &Session,
    snapshot: &Snapshot,
    action: Action,
) -> Result<AffectedObjects, Stop> {
    let principals = Principals::of(action, snapshot);
    let group = principals.as_ref().and_then(Principals::group);
    let mut found = AffectedObjects::default();
    let mut users = Vec::new();
    if let Some(group) = group {
        users.extend(also_dropped::members(session, group).await?);
    }
    if snapshot.cluster.has_database && (action == Action::Remove || group.is_some()) {
        let own = if target.payload.same_database() { None } else { Some(connect(target).await?) };
        let session = own.as_ref().unwrap_or(session);
        if action == Action::Remove {
            found = AffectedObjects::inspect(session, snapshot).await?;
        }
        found.add_impersonators(session, snapshot).await?;
        found.also_dropped.database = snapshot.marker().names.database.clone();
        if let Some(own) = own {
            own.close().await;
        }
    }
    found.also_dropped.add_users(users);
    Ok(found)
}

/// Inspects the cluster when no other run has the run lock, for which it waits up to the lock timeout.
async fn inspect_when_unlocked(
    target: &Target,
    tests: &mut Vec<ValidationTest>,
    notify: Notify<'_>,
) -> Result<(Session, Snapshot), Stop> {
    let lock_timeout = target.access.lock_timeout;
    let deadline = Instant::now() + lock_timeout;
    loop {
        tests.clear();
        let (session, snapshot) = inspect(target, None, tests).await?;
        let Some(run_lock) =
            snapshot.run_lock.as_ref().filter(|run_lock| run_lock.is_held(&snapshot.cluster))
        else {
            return Ok((session, snapshot));
        };
        notify_waiting(deadline, run_lock, notify);
        if let Some(holder) = run_lock.clone().wait(&session, &snapshot.cluster, deadline).await? {
            return Err(Stop::PlanErrors(vec![still_locked(&holder, lock_timeout)]));
        }
        session.close().await;
    }
}

/// Notifies of waiting for another run, if there is time to wait.
pub(super) fn notify_waiting(deadline: Instant, run_lock: &RunLock, notify: Notify<'_>) {
    let waiting = Waiting::until(deadline, run_lock);
    if !waiting.timeout.is_zero() {
        notify(Notice::Waiting(waiting));
    }
}

/// Whether two payloads have the same password, as a literal or as a variable.
fn is_same_password(one: &Payload, other: &Payload) -> bool {
    let (one, other) = (one.authentication.password(), other.authentication.password());
    (one.variable(), one.literal()) == (other.variable(), other.literal())
}

/// Stops a run, before anything is dropped, if the user or group to drop has dependent objects or privileges.
async fn check_dependents(
    target: &Target,
    session: &Session,
    snapshot: &Snapshot,
    principals: &Principals,
    tests: &mut Vec<ValidationTest>,
) -> Result<(), Stop> {
    let found = find_dependents(target, session, snapshot, principals).await?;
    tests.extend(found.tests());
    if found.is_empty() {
        return Ok(());
    }
    tests.push(principals.elsewhere_test());
    Err(Stop::PlanErrors(Vec::new()))
}

/// The objects and privileges of the user and group to drop, in `initialDatabase` and in a `database` that is kept.
pub(super) async fn find_dependents(
    target: &Target,
    session: &Session,
    snapshot: &Snapshot,
    principals: &Principals,
) -> Result<Dependents, Stop> {
    let mut found = Dependents::default();
    let (login, initial) = (&snapshot.cluster.login, target.payload.initial_database.folded());
    principals.inspect(session, &initial, login, true, &mut found).await?;
    let others = other_setups(target, session, principals.other_databases(&initial, &found)).await?;
    for other in &others.setups {
        principals.note_shared(other, &mut found);
    }
    found.warnings = others.warnings;
    if let Some(database) = principals.kept_database().filter(|database| **database != initial) {
        let session = Session::connect(&target.access, database).await?;
        principals.inspect(&session, database, login, false, &mut found).await?;
        session.close().await;
    }
    found.sort();
    Ok(found)
}

/// The setups in these databases, and the unfinished ones.
async fn other_setups(
    target: &Target,
    session: &Session,
    databases: BTreeSet<String>,
) -> Result<Others, Stop> {
    let mut others = Others { setups: OtherSetup::unfinished(session).await?, warnings: Vec::new() };
    let initial = target.payload.initial_database.folded();
    for database in databases {
        if others.setups.iter().any(|other| other.database == database) {
            continue;
        }
        if database == initial {
            others.add_of_database(session, &database).await?;
            continue;
        }
        match Session::connect(&target.access, &database).await {
            Ok(session) => others.add_of_database(&session, &database).await?,
            Err(ConnectError::Interrupted) => return Err(ConnectError::Interrupted.into()),
            // Databases without access are skipped.
            Err(_) => {}
        }
    }
    Ok(others)
}

/// Adds to each error about an existing user or group the setup that it belongs to, if found. Returns warnings about
/// records that are not trusted.
async fn name_setups(
    target: &Target,
    session: &Session,
    errors: &mut [PlanError],
) -> Result<Vec<ValidationTest>, Stop> {
    let mut foreign: Vec<&mut ForeignObject> = errors
        .iter_mut()
        .filter_map(|error| match error {
            PlanError::AlreadyExists(foreign) if foreign.object.is_cluster_wide() => Some(foreign),
            _ => None,
        })
        .collect();
    if foreign.is_empty() {
        return Ok(Vec::new());
    }
    let (own, initial) = (target.payload.database.folded(), target.payload.initial_database.folded());
    let mut databases = OtherSetup::possible_databases(session).await?;
    databases.insert(initial);
    databases.remove(&own);
    let others = other_setups(target, session, databases).await?;
    for foreign in &mut foreign {
        let mut setups = others.setups.iter();
        let other = setups.find(|other| other.database != own && foreign.object.is_used_by(other));
        foreign.setup = other.map(|other| other.database.clone());
    }
    Ok(others.warnings)
}
