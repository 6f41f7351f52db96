//! What is found out before anything is changed: what there is to do, and what stands in its way.

use std::collections::BTreeSet;

use tokio::time::Instant;

use super::Target;
use super::account_login;
use super::conclude::has_secret;
use super::dependents::{Found, Leaving};
use super::error::ConnectError;
use super::known::Known;
use super::look::{look, state, state_before};
use super::lost::{self, Lost};
use super::notice::{Notice, Notify, Waiting};
use super::obstacle::{Foreign, Obstacle};
use super::plan;
use super::response::{Status, TestStatus, ValidationTest};
use super::run_lock::{Claim, Work};
use super::session::Session;
use super::shared::{OtherSetUp, Others};
use super::validation::{Stop, absence_tests, left_alone_tests, privileges_tests, still_busy};
use crate::payload::Payload;
use crate::script::{ScriptError, Stage};

/// What a look at the cluster leads to.
pub(super) struct Ready {
    pub(super) session: Session,
    pub(super) known: Known,
    pub(super) stages: Vec<Stage>,
    pub(super) before: Status,
    /// What is taken along.
    pub(super) lost: Lost,
}

/// Looks, and finds out what there is to do, unless something is in the way of it.
pub(super) async fn try_prepare(
    target: &Target,
    work: Work,
    tests: &mut Vec<ValidationTest>,
    notify: Notify<'_>,
) -> Result<Ready, Stop> {
    let (session, mut known) = look_at_rest(target, tests, notify).await?;
    let env = &*target.env;
    let planned = match (work, &target.old) {
        (Work::Remove, _) => plan::remove(&known, &target.payload, env),
        (_, None) => plan::apply(&known).map(Ok),
        (_, Some(old)) => plan::edit(&known, old, &target.payload, env),
    };
    let mut stages = match planned {
        Ok(stages) => stages?,
        Err(mut obstacles) => {
            // It is for the message alone: where it cannot be found out, the obstacles are still told.
            tests.extend(name_set_ups(target, &session, &mut obstacles).await.unwrap_or_default());
            return Err(Stop::Obstacles(obstacles));
        }
    };
    if work != Work::Remove {
        known.password = account_login::look(target, &session, &known, &stages).await?;
        plan::settle_password(&mut stages, &known, &target.payload, env)?;
        if let Some(error) = known.unresolved.clone().filter(|_| has_secret(&stages)) {
            return Err(ScriptError::UnresolvedSecret(error).into());
        }
    }
    if work == Work::Apply {
        tests.extend(absence_tests(&known));
    }
    if work == Work::Remove {
        tests.extend(left_alone_tests(&known));
    }
    let mut lost = Lost::default();
    if !stages.is_empty() {
        let privileges = privileges_tests(&known, &stages, work, &target.payload.initial_database);
        let is_failed = privileges.iter().any(|test| test.status == TestStatus::Failed);
        tests.extend(privileges);
        if is_failed {
            return Err(Stop::Obstacles(Vec::new()));
        }
        let found = look_for_lost(target, &session, &known, work).await?;
        if !found.in_the_way.is_empty() {
            tests.extend(found.tests());
            return Err(Stop::Obstacles(Vec::new()));
        }
        tests.extend(found.warnings());
        lost = found.lost;
        if let Some(leaving) = Leaving::of(work, &known) {
            refuse_held(target, &session, &known, &leaving, tests).await?;
        }
    }
    let before = match &target.old {
        // Where all but the password is in force, and both payloads have the same, that is a fault of what stands.
        Some(old) if known.is_in_force() && is_same_password(old, &target.payload) => state(&known),
        Some(old) if !stages.is_empty() => state_before(target, &session, &known, old).await?,
        _ => state(&known),
    };
    Ok(Ready { session, known, stages, before, lost })
}

/// What a removal takes along, or a change that drops the impersonation group.
pub(super) async fn look_for_lost(
    target: &Target,
    session: &Session,
    known: &Known,
    work: Work,
) -> Result<lost::Found, Stop> {
    let leaving = Leaving::of(work, known);
    let group = leaving.as_ref().and_then(Leaving::group);
    let mut found = lost::Found::default();
    let mut users = Vec::new();
    if let Some(group) = group {
        users.extend(lost::members(session, group).await?);
    }
    if known.cluster.has_database && (work == Work::Remove || group.is_some()) {
        let own = if target.payload.same_database() {
            None
        } else {
            Some(Session::connect(&target.access, &target.payload.database.folded()).await?)
        };
        let session = own.as_ref().unwrap_or(session);
        if work == Work::Remove {
            found = lost::Found::look(session, known).await?;
        }
        found.add_impersonators(session, known).await?;
        found.lost.database = known.made().names.database.clone();
        if let Some(own) = own {
            own.close().await;
        }
    }
    found.lost.add_users(users);
    Ok(found)
}

/// Looks once no other run is at work on the set-up, for which it waits as long as it may.
async fn look_at_rest(
    target: &Target,
    tests: &mut Vec<ValidationTest>,
    notify: Notify<'_>,
) -> Result<(Session, Known), Stop> {
    let patience = target.access.lock_timeout;
    let deadline = Instant::now() + patience;
    loop {
        tests.clear();
        let (session, known) = look(target, tests).await?;
        let Some(claim) = known.claim.as_ref().filter(|claim| claim.is_held(&known.cluster)) else {
            return Ok((session, known));
        };
        tell_waiting(deadline, claim, notify);
        if let Some(holder) = claim.clone().wait(&session, &known.cluster, deadline).await? {
            return Err(Stop::Obstacles(vec![still_busy(&holder, patience)]));
        }
        session.close().await;
    }
}

/// Says who is waited for, if there is time to wait.
pub(super) fn tell_waiting(deadline: Instant, claim: &Claim, notify: Notify<'_>) {
    let waiting = Waiting::until(deadline, claim);
    if !waiting.longest.is_zero() {
        notify(Notice::Waiting(waiting));
    }
}

/// Whether two payloads have the same password, be it a literal or a variable.
fn is_same_password(one: &Payload, other: &Payload) -> bool {
    let (one, other) = (one.authentication.password(), other.authentication.password());
    (one.variable(), one.literal()) == (other.variable(), other.literal())
}

/// Stops a run that would drop a user or a group which owns or was granted something else, before anything is dropped.
async fn refuse_held(
    target: &Target,
    session: &Session,
    known: &Known,
    leaving: &Leaving,
    tests: &mut Vec<ValidationTest>,
) -> Result<(), Stop> {
    let found = look_for_dependents(target, session, known, leaving).await?;
    tests.extend(found.tests());
    if found.is_free() {
        return Ok(());
    }
    tests.push(leaving.elsewhere_test());
    Err(Stop::Obstacles(Vec::new()))
}

/// What a user or a group that is to be dropped owns or was granted, in `initialDatabase` and in a `database` that stays.
pub(super) async fn look_for_dependents(
    target: &Target,
    session: &Session,
    known: &Known,
    leaving: &Leaving,
) -> Result<Found, Stop> {
    let mut found = Found::default();
    let (login, initial) = (&known.cluster.login, target.payload.initial_database.folded());
    leaving.look(session, &initial, login, true, &mut found).await?;
    let others = other_set_ups(target, session, leaving.other_databases(&initial, &found)).await?;
    for other in &others.set_ups {
        leaving.note_shared(other, &mut found);
    }
    found.warnings = others.warnings;
    if let Some(database) = leaving.kept_database().filter(|database| **database != initial) {
        let session = Session::connect(&target.access, database).await?;
        leaving.look(&session, database, login, false, &mut found).await?;
        session.close().await;
    }
    found.sort();
    Ok(found)
}

/// The set-ups in these databases, and those that have not come to their end.
async fn other_set_ups(
    target: &Target,
    session: &Session,
    databases: BTreeSet<String>,
) -> Result<Others, Stop> {
    let mut others = Others { set_ups: OtherSetUp::claimed(session).await?, warnings: Vec::new() };
    let initial = target.payload.initial_database.folded();
    for database in databases {
        if others.set_ups.iter().any(|other| other.database == database) {
            continue;
        }
        if database == initial {
            others.add_of_database(session, &database).await?;
            continue;
        }
        match Session::connect(&target.access, &database).await {
            Ok(session) => others.add_of_database(&session, &database).await?,
            Err(ConnectError::Interrupted) => return Err(ConnectError::Interrupted.into()),
            // Where one cannot log in, one finds out nothing.
            Err(_) => {}
        }
    }
    Ok(others)
}

/// Says of a user or a group that is in the way which set-up it is of, if that is found; gives what is to be said of the
/// records that would tell.
async fn name_set_ups(
    target: &Target,
    session: &Session,
    obstacles: &mut [Obstacle],
) -> Result<Vec<ValidationTest>, Stop> {
    let mut foreign: Vec<&mut Foreign> = obstacles
        .iter_mut()
        .filter_map(|obstacle| match obstacle {
            Obstacle::Foreign(foreign) if foreign.object.is_of_cluster() => Some(foreign),
            _ => None,
        })
        .collect();
    if foreign.is_empty() {
        return Ok(Vec::new());
    }
    let (own, initial) = (target.payload.database.folded(), target.payload.initial_database.folded());
    let mut databases = OtherSetUp::possible_databases(session).await?;
    databases.insert(initial);
    databases.remove(&own);
    let others = other_set_ups(target, session, databases).await?;
    for foreign in &mut foreign {
        let mut set_ups = others.set_ups.iter();
        let other = set_ups.find(|other| other.database != own && foreign.object.is_used_by(other));
        foreign.set_up = other.map(|other| other.database.clone());
    }
    Ok(others.warnings)
}
