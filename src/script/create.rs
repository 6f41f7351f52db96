//! Script 2, run in `database`: schemas, tables, views, functions, procedures, grants, marker.

use askama::Template;

use super::stage::{Group, ListContains, Subject, body};
use super::{ScriptError, Stage};
use crate::sql::{DollarQuoted, Identifier, Literal};

#[derive(Template)]
#[template(path = "create.sql")]
struct Create<'a> {
    user: &'a Identifier,
    user_literal: &'a Literal,
    creates_user: bool,
    group: Option<&'a Group>,
    group_literal: &'a Literal,
    database_literal: &'a Literal,
    existing_database: bool,
    list_contains: DollarQuoted,
    version: Literal,
    mode: Literal,
}

pub(super) fn stages(subject: &Subject<'_>) -> Result<Vec<Stage>, ScriptError> {
    let template = Create {
        user: subject.user,
        user_literal: &subject.user_literal,
        creates_user: subject.creates_user,
        group: subject.group.as_ref(),
        group_literal: &subject.group_literal,
        database_literal: &subject.database_literal,
        existing_database: subject.existing_database,
        list_contains: body(&ListContains)?,
        version: Literal::new(env!("CARGO_PKG_VERSION"))?,
        mode: Literal::new(if subject.existing_database { "existing-database" } else { "new-database" })?,
    };
    Ok(vec![subject.in_database("create", &template)?])
}
