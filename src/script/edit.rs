//! From an old payload to a new one: only what changed.
//!
//! `host`, `database` and `initialDatabase` identify the integration and do not change (the check says so);
//! the port and what the `okta` object says of the identity provider leave no trace in Redshift.

use askama::Template;

use super::stage::{Group, Subject};
use super::{ScriptError, Stage};
use crate::payload::{Authentication, Payload};
use crate::sql::{Identifier, Literal, PasswordClause};

#[derive(Template)]
#[template(path = "edit.sql")]
struct Edit<'a> {
    user: &'a Identifier,
    user_literal: &'a Literal,
    database: &'a Identifier,
    group: Option<&'a Group>,
    group_literal: &'a Literal,
    renamed_from: Option<&'a Identifier>,
    password: Option<PasswordClause>,
    replaced: Option<&'a Identifier>,
    keeps_procedures: bool,
    switched_on: bool,
    switched_off: Option<&'a Identifier>,
    group_renamed_from: Option<&'a Identifier>,
    marker_changes: bool,
}

/// The stages of the edit: none if nothing changed. With them the variable that both payloads take the password from,
/// if that leaves open whether it changed. `new_password` makes the clause for the new payload, if it comes to that.
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

    // An account that is not Bootshift's keeps its password.
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
    let template = Edit {
        user: subject.user,
        user_literal: &subject.user_literal,
        database: subject.database,
        group: subject.group.as_ref(),
        group_literal: &subject.group_literal,
        renamed_from,
        password,
        replaced,
        keeps_procedures: old_group.is_some() && new_group.is_some() && group_renamed_from.is_none(),
        switched_on,
        switched_off,
        group_renamed_from,
        marker_changes,
    };
    Ok((vec![subject.in_database("edit", &template)?], same_variable))
}

/// What an edit does to the password of the account.
#[derive(Clone, Copy, Debug)]
enum Change<'p> {
    None,
    /// It needs another clause.
    Other,
    /// Both payloads take it from this variable, whose value of old is not known any more.
    Unknown(&'p str),
}

/// Compares the values as far as they can be known. An old secret may be gone from the environment: then setting the
/// new one is the safe side, and whoever sets it asks for it.
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
        // A hash holds the user's name.
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

/// The stage that sets the account's password, and does nothing else: accounts belong to the whole cluster.
#[cfg(feature = "native")]
pub(super) fn password_stage(subject: &Subject<'_>, password: PasswordClause) -> Result<Stage, ScriptError> {
    let template = Edit {
        user: subject.user,
        user_literal: &subject.user_literal,
        database: subject.database,
        group: None,
        group_literal: &subject.group_literal,
        renamed_from: None,
        password: Some(password),
        replaced: None,
        keeps_procedures: false,
        switched_on: false,
        switched_off: None,
        group_renamed_from: None,
        marker_changes: false,
    };
    subject.in_initial_database("password", &template)
}
