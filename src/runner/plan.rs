//! The plan: compares the payload with the live state. Pure, without input or output.

use std::fmt::Write as _;

use super::account_login::Password;
use super::facts::{LiveState, Marker, Names};
use super::plan_error::{ForeignObject, Object, PlanError};
use super::run_lock::Action;
use super::snapshot::Snapshot;
use super::{ApplyOptions, Environment};
use crate::payload::{Impersonation, Payload, UnresolvedSecret};
use crate::script::{
    self, Effect, Place, SETUP_VERSION, Schema, ScriptError, ScriptKind, ScriptOptions, Stage, Statement,
    StatementId, Table, password_stage, script, upgrade_stage,
};
use crate::text::printable;

/// The marker of the setup if nothing existed yet.
pub(super) fn new_marker(payload: &Payload, options: ApplyOptions, login: &str) -> Marker {
    let names = Names::of(payload);
    Marker {
        database_created: !(options.existing_database || payload.same_database()),
        // The login user exists, and is kept.
        user_created: !(options.existing_user || names.user == login),
        group_created: !names.group.is_empty(),
        names,
    }
}

/// The statements of a whole setup; and, if the variable of the password cannot be resolved, the reason. In that case
/// the statements contain a dummy password: they are used to inspect the live state, and must not run.
pub(super) fn setup(
    payload: &Payload,
    marker: &Marker,
    env: Environment<'_>,
) -> Result<(Vec<Stage>, Option<UnresolvedSecret>), ScriptError> {
    let stages = |env| Ok(script(ScriptKind::All, payload, None, &script_options(marker), env)?.stages);
    match stages(env) {
        Err(ScriptError::UnresolvedSecret(error)) => {
            Ok((stages(&|_| Some("unresolved".to_owned()))?, Some(error)))
        }
        result => Ok((result?, None)),
    }
}

fn script_options(marker: &Marker) -> ScriptOptions {
    ScriptOptions {
        existing_database: !marker.database_created,
        existing_user: !marker.user_created,
        ..ScriptOptions::default()
    }
}

/// The remaining steps of a setup. A setup of an earlier version is upgraded first.
pub(super) fn apply(
    snapshot: &Snapshot,
    payload: &Payload,
) -> Result<Result<Vec<Stage>, ScriptError>, Vec<PlanError>> {
    let mut errors = snapshot.general_errors();
    errors.extend(snapshot.difference(Some(Action::Apply)));
    errors.extend(snapshot.missing());
    if snapshot.live.marker.is_none() {
        errors.extend(snapshot.foreign(snapshot.proven.as_ref(), Action::Apply));
    } else {
        errors.extend(missing_statements(snapshot).filter_map(|statement| drifted(snapshot, statement)));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let is_repair = snapshot.live.marker.is_some();
    let mut stages = match upgrade(snapshot, payload).transpose() {
        Ok(stage) => Vec::from_iter(stage),
        Err(error) => return Ok(Err(error)),
    };
    let left = snapshot.setup.iter().map(|stage| left(stage, &snapshot.live, is_repair));
    stages.extend(left.filter(|stage| !stage.statements.is_empty()));
    Ok(Ok(stages))
}

/// The stage that upgrades a setup of an earlier version.
pub(super) fn upgrade(snapshot: &Snapshot, payload: &Payload) -> Option<Result<Stage, ScriptError>> {
    let marker = snapshot.live.marker.as_ref().filter(|_| snapshot.live.is_outdated())?;
    Some(upgrade_stage(payload, script_options(marker)))
}

/// An error if the effect of a statement is missing although its table exists: the table was modified.
fn drifted(snapshot: &Snapshot, statement: &Statement) -> Option<PlanError> {
    let Effect::Creates(script::Object::Table(table)) = statement.id.effect() else { return None };
    let name = match table {
        // The marker was read, so its table exists.
        Table::Bootstrap => "the marker table `immuta_system.bootstrap`".to_owned(),
        table if snapshot.live.has_table(table) => format!("the table {}", table.name()),
        _ => return None,
    };
    Some(PlanError::Drifted(name))
}

/// The statements whose effect is missing.
pub(super) fn missing_statements(snapshot: &Snapshot) -> impl Iterator<Item = &Statement> {
    missing(&snapshot.setup, &snapshot.live)
}

/// Like [`missing_statements`], for the statements of any setup.
pub(super) fn missing<'s>(setup: &'s [Stage], live: &'s LiveState) -> impl Iterator<Item = &'s Statement> {
    setup
        .iter()
        .flat_map(|stage| &stage.statements)
        .filter(|statement| boundary(statement).is_none() && !live.has(statement.id))
}

/// The remaining statements of a stage, in their transactions.
fn left(stage: &Stage, live: &LiveState, is_repair: bool) -> Stage {
    let is_missing = |statement: &Statement| boundary(statement).is_none() && !live.has(statement.id);
    let mut statements = Vec::new();
    for transaction in transactions(&stage.statements) {
        if !transaction.iter().any(is_missing) {
            continue;
        }
        // A statement that revokes all privileges on an object also revokes those of the later GRANTs.
        let is_revoked_again = |object| {
            let revokes = |statement: &&Statement| statement.id.effect() == Effect::Closes(object);
            transaction.iter().filter(revokes).any(is_missing)
        };
        let runs = |statement: &&Statement| match statement.id.effect() {
            Effect::Begins | Effect::Commits => true,
            Effect::GrantsOn(object) => is_missing(statement) || is_revoked_again(object),
            _ => is_missing(statement),
        };
        let runs = transaction.iter().filter(runs);
        statements
            .extend(runs.map(|statement| if is_repair { replacing(statement) } else { statement.clone() }));
    }
    Stage { statements, ..stage.clone() }
}

/// Splits the statements into transactions, and single statements outside of a transaction.
pub(super) fn transactions(statements: &[Statement]) -> impl Iterator<Item = &[Statement]> {
    let mut is_open = false;
    statements.chunk_by(move |before, _| {
        match boundary(before) {
            Some(Boundary::Begin) => is_open = true,
            Some(Boundary::Commit) => is_open = false,
            None => {}
        }
        is_open
    })
}

/// The start or end of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Boundary {
    Begin,
    Commit,
}

pub(super) fn boundary(statement: &Statement) -> Option<Boundary> {
    match statement.id.effect() {
        Effect::Begins => Some(Boundary::Begin),
        Effect::Commits => Some(Boundary::Commit),
        _ => None,
    }
}

/// The statement that repairs a modified object: views and functions are replaced, which keeps their grants.
fn replacing(statement: &Statement) -> Statement {
    let sql = statement.replacement.as_ref().unwrap_or(&statement.sql).clone();
    Statement { sql, ..statement.clone() }
}

/// The steps of a change.
pub(super) fn edit(
    snapshot: &Snapshot,
    old: &Payload,
    new: &Payload,
    env: Environment<'_>,
) -> Result<Result<Vec<Stage>, ScriptError>, Vec<PlanError>> {
    let mut errors = snapshot.general_errors();
    let (old_names, new_names) = (Names::of(old), &snapshot.new_marker.names);
    let Some(marker) = &snapshot.live.marker else {
        errors.push(match &snapshot.run_lock {
            Some(run_lock) => PlanError::Mismatch(format!(
                "an unfinished run ({}) left no setup that could be changed: with the payload of that run, {}",
                run_lock.action.name(),
                run_lock.action.next_step()
            )),
            None => PlanError::NotBootstrapped,
        });
        return Err(errors);
    };
    if snapshot.live.is_outdated() {
        errors.push(PlanError::Outdated);
    }
    let is_new = marker.names == *new_names;
    if !is_new && marker.names != old_names {
        errors.extend(snapshot.difference(Some(Action::Edit)));
    }
    if !is_new {
        if new_names.user != old_names.user && marker.user_created && snapshot.cluster.has_user {
            errors.push(PlanError::AlreadyExists(ForeignObject::new(
                Object::User(new_names.user.clone()),
                Action::Edit,
            )));
        }
        if new_names.user != old_names.user && !marker.user_created && !snapshot.cluster.has_user {
            errors.push(PlanError::NotFound(Object::User(new_names.user.clone())));
        }
        if new_names.group != old_names.group && snapshot.cluster.has_group {
            errors.push(PlanError::AlreadyExists(ForeignObject::new(
                Object::Group(new_names.group.clone()),
                Action::Edit,
            )));
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut stages = match script(ScriptKind::Edit, new, Some(old), &script_options(marker), env) {
        Ok(script) => script.stages,
        Err(error) => return Ok(Err(error)),
    };
    if is_new {
        // The marker proves everything but the password.
        retain(&mut stages, is_password);
    }
    Ok(Ok(stages))
}

/// Keeps the selected statements, and the transactions that contain one.
fn retain(stages: &mut Vec<Stage>, is_wanted: impl Fn(&Statement) -> bool) {
    for stage in &mut *stages {
        stage.statements.retain(|statement| boundary(statement).is_some() || is_wanted(statement));
    }
    stages.retain(|stage| stage.statements.iter().any(|statement| boundary(statement).is_none()));
}

/// Whether a statement sets the password of the system account.
fn is_password(statement: &Statement) -> bool {
    matches!(statement.id, StatementId::SetPassword | StatementId::UnlockAccount)
}

/// Whether the stages contain such a statement.
pub(super) fn sets_password(stages: &[Stage]) -> bool {
    stages.iter().flat_map(|stage| &stage.statements).any(is_password)
}

/// Adjusts the plan to the tested password: sets it if it is not valid and the setup created the account, and does not
/// set it again if it is valid.
pub(super) fn reconcile_password(
    stages: &mut Vec<Stage>,
    snapshot: &Snapshot,
    payload: &Payload,
    env: Environment<'_>,
) -> Result<(), ScriptError> {
    match snapshot.password {
        Password::Valid => retain(stages, |statement| !is_password(statement)),
        Password::Invalid if snapshot.needs_password_reset() && !sets_password(stages) => {
            stages.insert(0, password_stage(payload, StatementId::SetPassword, env)?);
        }
        Password::Locked if snapshot.needs_password_reset() => {
            retain(stages, |statement| !is_password(statement));
            stages.insert(0, password_stage(payload, StatementId::UnlockAccount, env)?);
        }
        _ => {}
    }
    Ok(())
}

/// The steps of a removal.
pub(super) fn remove(
    snapshot: &Snapshot,
    payload: &Payload,
    env: Environment<'_>,
) -> Result<Result<Vec<Stage>, ScriptError>, Vec<PlanError>> {
    let mut errors = snapshot.general_errors();
    errors.extend(snapshot.difference(Some(Action::Remove)));
    let Some(marker) = snapshot.proof() else {
        errors.extend(snapshot.foreign(None, Action::Remove));
        return if errors.is_empty() { Ok(Ok(Vec::new())) } else { Err(errors) };
    };
    // A database with the recorded ID is dropped with whatever it contains: its content proves nothing.
    let is_known = snapshot.live.marker.is_none()
        && marker.database_created
        && snapshot.run_lock.as_ref().is_some_and(|run_lock| run_lock.ids.database != 0);
    if snapshot.live.marker.is_none() {
        if !is_known {
            errors.extend(snapshot.foreign_schemas(Action::Remove));
        }
        let name_conflicts = snapshot.name_conflicts(Action::Remove).into_iter();
        errors.extend(
            name_conflicts
                .filter(|foreign| !matches!(foreign.object, Object::Group(_)))
                .map(PlanError::AlreadyExists),
        );
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let is_complete = snapshot.live.marker.is_some()
        && snapshot.cluster.has_user
        && (marker.names.group.is_empty() || snapshot.cluster.has_group)
        && snapshot.live.schemas.len() == Schema::ALL.len();
    let kind = if is_complete { ScriptKind::Delete } else { ScriptKind::Cleanup };
    let payload = if marker.group_created || marker.names.group.is_empty() {
        payload.clone()
    } else {
        Payload { impersonation: Some(Impersonation::Disabled { role: None }), ..payload.clone() }
    };
    let stages = match script(kind, &payload, None, &script_options(marker), env) {
        Ok(script) => script.stages,
        Err(error) => return Ok(Err(error)),
    };
    let runs = |stage: &Stage| {
        (stage.condition.is_none() || snapshot.cluster.has_database)
            && !(is_known && stage.place == Place::Database)
    };
    Ok(Ok(stages.into_iter().filter(runs).collect()))
}

/// The plan as text, for confirmation by the user.
pub(super) fn text(action: Action, snapshot: &Snapshot, stages: &[Stage]) -> String {
    let mut text = String::new();
    if let Some(version) = snapshot.live.version.filter(|_| snapshot.live.is_outdated())
        && action == Action::Apply
    {
        let _ = writeln!(
            text,
            "Upgrades the setup, created by an earlier version of Bootshift, from version {version} to version {SETUP_VERSION}:"
        );
    }
    for stage in stages {
        let place = match stage.place {
            Place::InitialDatabase => "`initialDatabase`",
            Place::Database => "`database`",
        };
        let _ = writeln!(text, "In `{}` ({place}):", printable(&stage.database.folded()));
        for statement in stage.statements.iter().filter(|statement| boundary(statement).is_none()) {
            let _ = writeln!(text, "  - {}", statement.summary());
        }
    }
    if action == Action::Remove && !stages.is_empty() {
        text.push_str(&provenance(snapshot).unwrap_or_default());
    }
    if stages.is_empty() {
        text.push_str(match action {
            Action::Apply | Action::Edit if snapshot.password.fails_login() => {
                "Nothing to do that a run can repair: only the login of the system account fails.\n"
            }
            Action::Apply => "Nothing to do: everything is set up.\n",
            Action::Edit => "Nothing to do: the change is already in place.\n",
            Action::Remove => "Nothing to do: nothing is set up.\n",
        });
    }
    text
}

/// The record that proves that the setup created the database, the user and the group, and its owner: a removal drops
/// them because of it.
fn provenance(snapshot: &Snapshot) -> Option<String> {
    let (marker, (record, owner)) = (snapshot.proof()?, snapshot.proof_record()?);
    let Marker { names, database_created, user_created, group_created } = marker;
    let dropped: Vec<String> = [
        (*database_created, Object::Database(names.database.clone())),
        (*user_created, Object::User(names.user.clone())),
        (*group_created, Object::Group(names.group.clone())),
    ]
    .into_iter()
    .filter_map(|(is_made, object)| is_made.then(|| printable(&object.to_string())))
    .collect();
    (!dropped.is_empty()).then(|| {
        format!(
            "Created by Bootshift according to {record} (owned by `{}`): {}.\n",
            printable(owner),
            listed(&dropped)
        )
    })
}

/// `a`, `a and b`, `a, b and c`.
fn listed(items: &[String]) -> String {
    match items {
        [before @ .., last] if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => items.concat(),
    }
}
