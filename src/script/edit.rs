//! Changes a setup from an old payload to a new one: only the differences.
//!
//! `host`, `database` and `initialDatabase` identify the integration and cannot change (the check reports it);
//! the port and the identity provider in the `okta` object have no effect in Redshift.

use super::initial_create::create_group;
use super::parts::{OldPrivilege, Procedure};
use super::stage::{Group, Subject, begin, commit, sql, under};
use super::statement::StatementId;
use super::{ScriptError, Stage, Statement, heading, objects, privileges};
use crate::payload::{Authentication, Payload};
use crate::sql::{Identifier, PasswordClause};

/// The stages of the edit, empty if nothing changed; and the variable that both payloads take the password from, if
/// therefore a change cannot be detected. `new_password` creates the clause for the new payload, if it is needed.
pub(super) fn stages<'p>(
    subject: &Subject<'p>,
    old: &Payload,
    set_password: bool,
    env: &dyn Fn(&str) -> Option<String>,
    new_password: &dyn Fn() -> Result<PasswordClause, ScriptError>,
) -> Result<(Vec<Stage>, Option<&'p str>), ScriptError> {
    let new = subject.payload;
    let old_user = old.authentication.username();
    let other_user = (old_user != subject.user).then_some(old_user);
    let (renamed_from, replaced) = if subject.creates_user { (other_user, None) } else { (None, other_user) };

    // An account that Bootshift did not create keeps its password.
    let (password, same_variable) = if !subject.creates_user {
        (None, None)
    } else if set_password {
        (Some(new_password()?), None)
    } else {
        match change_of_password(old, new, env) {
            Change::None => (None, None),
            Change::Other => (Some(new_password()?), None),
            Change::Unknown(variable) => (None, Some(variable)),
        }
    };

    let (old_group, new_group) = (old.impersonation_group(), new.impersonation_group());
    let switched_on = old_group.is_none() && new_group.is_some();
    let switched_off = if new_group.is_none() { old_group } else { None };
    let group_renamed_from = match (old_group, new_group) {
        (Some(old), Some(new)) if old.folded() != new.folded() => Some(old),
        _ => None,
    };

    let marker_changes =
        other_user.is_some() || switched_on || switched_off.is_some() || group_renamed_from.is_some();
    if !marker_changes && password.is_none() {
        return Ok((Vec::new(), same_variable));
    }
    let mut statements = vec![begin().under(heading::EDIT)];
    if let Some(old) = renamed_from {
        let sql = sql!("ALTER USER {} RENAME TO {}", old, subject.user);
        statements.push(Statement::new(StatementId::RenameAccount, sql).under(heading::RENAMED_ACCOUNT));
    }
    if let Some(password) = password {
        statements.push(setting(subject.user, &password).under(heading::PASSWORD));
    }
    if let Some(old) = replaced {
        let keeps_procedures = old_group.is_some() && new_group.is_some() && group_renamed_from.is_none();
        statements.extend(under(heading::OTHER_ACCOUNT, other_account(subject, old, keeps_procedures)));
    }
    if let Some(group) = &subject.group {
        if switched_on {
            statements.extend(impersonation_on(subject, group)?);
        }
        if let Some(old) = group_renamed_from {
            let sql = sql!("ALTER GROUP {} RENAME TO {}", old, group.name);
            statements.push(Statement::new(StatementId::RenameGroup, sql).under(heading::RENAMED_GROUP));
            statements.extend(objects::procedures(subject.user, group)?);
        }
    }
    if let Some(old) = switched_off {
        statements.extend(impersonation_off(subject, old)?);
    }
    if marker_changes {
        let update = objects::updated_marker(subject, replaced.is_some())?;
        statements.push(update.under(heading::MARKER_UPDATE));
    }
    statements.push(commit());
    Ok((vec![subject.in_database("edit", statements)], same_variable))
}

fn setting(user: &Identifier, password: &PasswordClause) -> Statement {
    let sql = sql!("ALTER USER {} PASSWORD {}", user, password);
    Statement::new(StatementId::SetPassword, sql).with_password(password)
}

/// Transfers the privileges of the old account to another one.
fn other_account(subject: &Subject<'_>, old: &Identifier, keeps_procedures: bool) -> Vec<Statement> {
    let Subject { user, database, .. } = subject;
    let revoke = |privilege, sql| Statement::new(StatementId::RevokeFromOldAccount(privilege), sql);
    let mut statements = vec![privileges::of_database(database, user)];
    statements.extend(privileges::of_objects(user));
    statements.push(privileges::of_marker(user));
    statements.extend(privileges::undone_defaults(
        StatementId::UndoOldDefault,
        StatementId::RestoreOldDefault,
        old,
    ));
    statements.push(revoke(
        OldPrivilege::SystemTables,
        sql!("REVOKE ALL PRIVILEGES ON TABLE immuta_system.profile, immuta_system.bootstrap FROM {}", old),
    ));
    if keeps_procedures {
        statements.extend(privileges::impersonators(user));
        statements.extend([
            revoke(
                OldPrivilege::AdmitImpersonators,
                sql!("REVOKE ALL PRIVILEGES ON PROCEDURE immuta_procedures.grant_impersonation(VARCHAR) FROM {}", old),
            ),
            revoke(
                OldPrivilege::RemoveImpersonators,
                sql!("REVOKE ALL PRIVILEGES ON PROCEDURE immuta_procedures.revoke_impersonation(VARCHAR) FROM {}", old),
            ),
        ]);
    }
    statements.extend([
        revoke(
            OldPrivilege::Schemas,
            sql!(
                "REVOKE ALL PRIVILEGES ON SCHEMA immuta_system, immuta_functions, immuta_procedures FROM {}",
                old
            ),
        ),
        revoke(OldPrivilege::Database, sql!("REVOKE ALL PRIVILEGES ON DATABASE {} FROM {}", database, old)),
    ]);
    statements
}

fn impersonation_on(subject: &Subject<'_>, group: &Group<'_>) -> Result<Vec<Statement>, ScriptError> {
    let mut statements = vec![create_group(group.name).under(heading::IMPERSONATION_ON)];
    statements.extend(objects::impersonation_state()?);
    statements.push(
        objects::replaced_view(subject.group.is_some())?.under(heading::USER_PROFILE_WITH_IMPERSONATION),
    );
    statements.extend(under(heading::PROCEDURES_OF_EDIT, objects::procedures(subject.user, group)?));
    Ok(statements)
}

fn impersonation_off(subject: &Subject<'_>, old: &Identifier) -> Result<Vec<Statement>, ScriptError> {
    let mut statements =
        vec![objects::replaced_view(subject.group.is_some())?.under(heading::IMPERSONATION_OFF)];
    statements.extend(Procedure::ALL.map(|procedure| {
        let sql = format!("DROP PROCEDURE immuta_procedures.{}(VARCHAR)", procedure.name());
        Statement::new(StatementId::DropProcedure(procedure), sql)
    }));
    statements.extend([
        Statement::new(
            StatementId::DropImpersonationState,
            "DROP TABLE immuta_system.impersonation_session, immuta_system.impersonation_grant",
        ),
        Statement::new(StatementId::DropGroup, sql!("DROP GROUP {}", old)),
    ]);
    Ok(statements)
}

/// What an edit does to the password of the account.
#[derive(Clone, Copy, Debug)]
enum Change<'p> {
    None,
    /// It needs a new clause.
    Other,
    /// Both payloads take it from this variable, whose old value is unknown.
    Unknown(&'p str),
}

/// Compares the values as far as they are known. The old secret may be missing from the environment: then the new one is
/// set, to be safe.
fn change_of_password<'p>(
    old: &Payload,
    new: &'p Payload,
    env: &dyn Fn(&str) -> Option<String>,
) -> Change<'p> {
    use secrecy::ExposeSecret;
    let (old_password, new_password) = match (&old.authentication, &new.authentication) {
        (Authentication::Okta(_), Authentication::Okta(_)) => return Change::None,
        (
            Authentication::UserPassword { username: old_user, password: old },
            Authentication::UserPassword { username: new_user, password: new },
        ) if old_user == new_user => (old, new),
        // The hash depends on the user's name.
        _ => return Change::Other,
    };
    let variable = new_password.variable();
    if let Some(variable) = variable.filter(|_| old_password.variable() == variable) {
        return Change::Unknown(variable);
    }
    match (old_password.resolve(env), new_password.resolve(env)) {
        (Ok(old), Ok(new)) if old.expose_secret() == new.expose_secret() => Change::None,
        _ => Change::Other,
    }
}

/// The stage that only sets the account's password: accounts belong to the whole cluster.
#[cfg(feature = "native")]
pub(super) fn password_stage(subject: &Subject<'_>, id: StatementId, password: &PasswordClause) -> Stage {
    let set = if id == StatementId::UnlockAccount {
        let sql = sql!("ALTER USER {} LOGIN PASSWORD {}", subject.user, password);
        Statement::new(id, sql).with_password(password)
    } else {
        setting(subject.user, password)
    };
    let set = set.under(heading::PASSWORD);
    subject.in_initial_database("password", vec![begin().under(heading::EDIT), set, commit()])
}
