//! The removal of a set-up that finished: what the marker proves, and nothing else.

use askama::Template;

use super::stage::{CheckMarker, Group, Subject, body};
use super::{ScriptError, Stage};
use crate::sql::{DollarQuoted, Identifier};

#[derive(Template)]
#[template(path = "delete_check.sql")]
struct DeleteCheck {
    check_marker: DollarQuoted,
}

#[derive(Template)]
#[template(path = "delete_new.sql")]
struct DeleteNew<'a> {
    user: &'a Identifier,
    creates_user: bool,
    group: Option<&'a Group>,
    database: &'a Identifier,
}

#[derive(Template)]
#[template(path = "delete_existing.sql")]
struct DeleteExisting<'a> {
    check_marker: DollarQuoted,
    user: &'a Identifier,
    creates_user: bool,
    group: Option<&'a Group>,
    database: &'a Identifier,
}

pub(super) fn stages(subject: &Subject<'_>) -> Result<Vec<Stage>, ScriptError> {
    let check_marker = body(&CheckMarker {
        database: &subject.database_literal,
        database_created: !subject.existing_database,
        user: &subject.user_literal,
        user_created: subject.creates_user,
        group: &subject.group_literal,
    })?;
    let (user, database) = (subject.user, subject.database);
    let (creates_user, group) = (subject.creates_user, subject.group.as_ref());
    if subject.existing_database {
        let template = DeleteExisting { check_marker, user, creates_user, group, database };
        Ok(vec![subject.in_database("delete", &template)?])
    } else {
        Ok(vec![
            subject.in_database("check", &DeleteCheck { check_marker })?,
            subject.in_initial_database("delete", &DeleteNew { user, creates_user, group, database })?,
        ])
    }
}
