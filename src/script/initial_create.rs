//! Script 1, run in `initialDatabase`: account, group, database.

use askama::Template;

use super::stage::{Group, Subject};
use super::{ScriptError, Stage};
use crate::sql::{Identifier, PasswordClause};

#[derive(Template)]
#[template(path = "initial_create.sql")]
struct InitialCreate<'a> {
    user: &'a Identifier,
    password: &'a PasswordClause,
    creates_user: bool,
    group: Option<&'a Group>,
    database: &'a Identifier,
    existing_database: bool,
}

pub(super) fn stages(subject: &Subject<'_>, password: &PasswordClause) -> Result<Vec<Stage>, ScriptError> {
    let template = InitialCreate {
        user: subject.user,
        password,
        creates_user: subject.creates_user,
        group: subject.group.as_ref(),
        database: subject.database,
        existing_database: subject.existing_database,
    };
    Ok(vec![subject.in_initial_database("initial-create", &template)?])
}
