//! The removal of a set-up that did not finish, whatever part of it stands.

use askama::Template;

use super::stage::{Group, Subject, body};
use super::{ScriptError, Stage};
use crate::sql::{DollarQuoted, Identifier, Literal};

#[derive(Template)]
#[template(path = "procedures/check_database.sql")]
struct CheckDatabase<'a> {
    database_created: Literal,
    user_created: Literal,
    user: &'a Literal,
    group: &'a Literal,
    new_database: bool,
}

#[derive(Template)]
#[template(path = "cleanup_check.sql")]
struct CleanupCheck {
    check_database: DollarQuoted,
}

#[derive(Template)]
#[template(path = "cleanup_database.sql")]
struct CleanupDatabase<'a> {
    database: &'a Identifier,
}

#[derive(Template)]
#[template(path = "procedures/remove.sql")]
struct Remove<'a> {
    existing_database: bool,
    user: &'a Identifier,
    user_literal: &'a Literal,
    creates_user: bool,
    group: Option<&'a Group>,
    database: &'a Identifier,
}

#[derive(Template)]
#[template(path = "cleanup_account.sql")]
struct CleanupAccount<'a> {
    existing_database: bool,
    creates_user: bool,
    group: Option<&'a Group>,
    remove: DollarQuoted,
}

pub(super) fn stages(subject: &Subject<'_>) -> Result<Vec<Stage>, ScriptError> {
    let boolean = |value| Literal::new(if value { "TRUE" } else { "FALSE" });
    let check = CleanupCheck {
        check_database: body(&CheckDatabase {
            database_created: boolean(!subject.existing_database)?,
            user_created: boolean(subject.creates_user)?,
            user: &subject.user_literal,
            group: &subject.group_literal,
            new_database: !subject.existing_database,
        })?,
    };
    let account = CleanupAccount {
        existing_database: subject.existing_database,
        creates_user: subject.creates_user,
        group: subject.group.as_ref(),
        remove: body(&Remove {
            existing_database: subject.existing_database,
            user: subject.user,
            user_literal: &subject.user_literal,
            creates_user: subject.creates_user,
            group: subject.group.as_ref(),
            database: subject.database,
        })?,
    };
    let mut stages = vec![subject.in_database("check", &check)?];
    if subject.existing_database {
        stages.push(subject.in_database("cleanup", &account)?);
    } else {
        let condition =
            format!("SELECT 1 FROM pg_catalog.pg_database WHERE datname = {}", subject.database_literal);
        let drop = CleanupDatabase { database: subject.database };
        stages.push(subject.in_initial_database("drop-database", &drop)?);
        for stage in &mut stages {
            stage.condition = Some(condition.clone());
        }
        stages.push(subject.in_initial_database("cleanup", &account)?);
    }
    stages.retain(|stage| !stage.statements.is_empty());
    Ok(stages)
}
