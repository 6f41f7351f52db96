//! The input of every script, and the stages of its statements.

use askama::Template;

use super::statement::StatementId::{Begin, Commit};
use super::{Place, ScriptError, Stage, Statement};
use crate::payload::Payload;
use crate::sql::{Identifier, Literal};

/// The impersonation group.
#[derive(Clone, Debug)]
pub(crate) struct Group<'a> {
    pub(super) name: &'a Identifier,
    /// The name as the catalog stores it.
    pub(super) folded: Literal,
    /// The name as an identifier, for dynamic SQL.
    pub(super) delimited: Literal,
}

/// The input of every stage.
#[derive(Clone, Debug)]
pub(super) struct Subject<'a> {
    pub(super) payload: &'a Payload,
    pub(super) user: &'a Identifier,
    pub(super) database: &'a Identifier,
    pub(super) existing_database: bool,
    pub(super) creates_user: bool,
    pub(super) user_literal: Literal,
    /// The name as the catalog stores it.
    pub(super) database_literal: Literal,
    /// The group's name as the catalog stores it, or an empty string.
    pub(super) group_literal: Literal,
    pub(super) group: Option<Group<'a>>,
}

impl<'a> Subject<'a> {
    pub(super) fn new(
        payload: &'a Payload,
        existing_database: bool,
        existing_user: bool,
    ) -> Result<Self, ScriptError> {
        let user = payload.authentication.username();
        let group = payload.impersonation_group();
        Ok(Self {
            payload,
            user,
            database: &payload.database,
            existing_database: existing_database || payload.same_database(),
            creates_user: !existing_user,
            user_literal: Literal::new(user.as_str())?,
            database_literal: Literal::new(&payload.database.folded())?,
            group_literal: Literal::new(&group.map(Identifier::folded).unwrap_or_default())?,
            group: group.map(Group::new).transpose()?,
        })
    }

    /// A stage that runs in `database`.
    pub(super) fn in_database(&self, name: &'static str, statements: Vec<Statement>) -> Stage {
        stage(name, Place::Database, &self.payload.database, statements)
    }

    /// A stage that runs in `initialDatabase`.
    pub(super) fn in_initial_database(&self, name: &'static str, statements: Vec<Statement>) -> Stage {
        stage(name, Place::InitialDatabase, &self.payload.initial_database, statements)
    }
}

impl<'a> Group<'a> {
    pub(crate) fn new(name: &'a Identifier) -> Result<Self, ScriptError> {
        Ok(Self { name, folded: Literal::new(&name.folded())?, delimited: Literal::new(&name.to_string())? })
    }
}

fn stage(name: &'static str, place: Place, database: &Identifier, statements: Vec<Statement>) -> Stage {
    // A server does not fold the name that a client connects to, so it must be the folded one.
    Stage { name, place, database: database.to_folded(), condition: None, statements }
}

pub(super) fn begin() -> Statement {
    Statement::new(Begin, "BEGIN")
}

pub(super) fn commit() -> Statement {
    Statement::new(Commit, "COMMIT")
}

/// The statements, with a heading above the first.
pub(super) fn under(
    heading: &'static str,
    statements: impl IntoIterator<Item = Statement>,
) -> impl Iterator<Item = Statement> {
    let mut heading = Some(heading);
    statements.into_iter().map(move |statement| match heading.take() {
        Some(heading) => statement.under(heading),
        None => statement,
    })
}

/// The text of a template. Errors of askama are not part of the crate's interface.
pub(crate) fn rendered(template: &impl Template) -> Result<String, ScriptError> {
    template.render().map_err(|_| ScriptError::Template)
}

/// A statement of one line. As in a template, only values that [`crate::sql`] has marked as safe compile. Each needs its
/// own `{}`; a name cannot be captured.
macro_rules! sql {
    ($text:literal $(, $value:expr)* $(,)?) => {
        // A string from another macro cannot capture names.
        format!(concat!($text, "") $(, $value.sql())*)
    };
}
pub(super) use sql;
