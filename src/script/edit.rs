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

/// The stages of the edit: none if nothing changed. `new_password` makes the clause for the new payload, if it
/// comes to that.
pub(super) fn stages(
    subject: &Subject<'_>,
    old: &Payload,
    env: &dyn Fn(&str) -> Option<String>,
    new_password: &dyn Fn() -> Result<PasswordClause, ScriptError>,
) -> Result<Vec<Stage>, ScriptError> {
    let new = subject.payload;
    let old_user = old.authentication.username();
    let other_user = (old_user != subject.user).then_some(old_user);
    let (renamed_from, replaced) = if subject.creates_user { (other_user, None) } else { (None, other_user) };

    // An account that is not Bootshift's keeps its password.
    let password =
        if subject.creates_user && password_changes(old, new, env) { Some(new_password()?) } else { None };

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
        return Ok(Vec::new());
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
    Ok(vec![subject.in_database("edit", &template)?])
}

/// Whether the account needs another password clause. The old secret may be gone from the environment: then
/// setting the new one is the safe side.
fn password_changes(old: &Payload, new: &Payload, env: &dyn Fn(&str) -> Option<String>) -> bool {
    use secrecy::ExposeSecret;
    match (&old.authentication, &new.authentication) {
        (Authentication::Okta(_), Authentication::Okta(_)) => false,
        (
            Authentication::UserPassword { username: old_user, password: old_password },
            Authentication::UserPassword { username: new_user, password: new_password },
        ) => {
            let same = match (old_password.resolve(env), new_password.resolve(env)) {
                (Ok(old), Ok(new)) => old.expose_secret() == new.expose_secret(),
                _ => old_password.variable().is_some() && old_password.variable() == new_password.variable(),
            };
            old_user != new_user || !same
        }
        _ => true,
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
