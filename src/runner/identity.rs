//! The catalog IDs of a database, a user and a group.
//!
//! A name does not identify an object, because it may be reused for another one. So a run lock contains the catalog
//! IDs of the objects that the run created: those of user and group are recorded in the transaction that creates
//! them, and that of the database, which cannot be created in a transaction, right after it.

use super::error::StatementError;
use super::facts::{Names, Reader, quoted, unexpected_response};
use super::session::{Response, rows_of};
use crate::script::{Effect, Object, Statement};

/// The catalog IDs of the objects of a setup; zero if there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct CatalogIds {
    pub(super) database: i64,
    pub(super) user: i64,
    pub(super) group: i64,
}

impl CatalogIds {
    /// The columns of a query for them.
    pub(super) fn columns(names: &Names) -> String {
        let [database, user, group] = [&names.database, &names.user, &names.group].map(|name| quoted(name));
        format!(
            "(SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = {database}),\n\
             (SELECT u.usesysid FROM pg_catalog.pg_user u WHERE u.usename = {user}),\n\
             (SELECT g.grosysid FROM pg_catalog.pg_group g WHERE g.groname = {group})"
        )
    }

    /// Reads those columns, or those of a run lock.
    pub(super) fn of(row: &mut Reader<'_>) -> Result<Self, StatementError> {
        Ok(Self { database: number(row)?, user: number(row)?, group: number(row)? })
    }

    /// The query for them.
    pub(super) fn query(names: &Names) -> String {
        format!("SELECT {}", Self::columns(names))
    }

    /// Reads the response to the query.
    pub(super) fn read(response: &Response) -> Result<Self, StatementError> {
        Self::of(&mut Reader::new(rows_of(response)?.first().ok_or_else(unexpected_response)?))
    }
}

fn number(row: &mut Reader<'_>) -> Result<i64, StatementError> {
    let text = row.text()?;
    if text.is_empty() { Ok(0) } else { text.parse().map_err(|_| unexpected_response()) }
}

/// How statements change the objects that have catalog IDs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    creates_database: bool,
    user: Change,
    group: Change,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Change {
    #[default]
    None,
    Created,
    Dropped,
}

impl Changes {
    pub(super) fn by(statements: &[Statement]) -> Self {
        let mut changes = Self::default();
        for statement in statements {
            match statement.id.effect() {
                // A dropped database is not recorded, because its ID is never reused.
                Effect::Creates(Object::Database) => changes.creates_database = true,
                Effect::Creates(Object::Account) => changes.user = Change::Created,
                Effect::Drops(Object::Account) => changes.user = Change::Dropped,
                Effect::Creates(Object::Group) => changes.group = Change::Created,
                Effect::Drops(Object::Group) => changes.group = Change::Dropped,
                Effect::Removes => (changes.user, changes.group) = (Change::Dropped, Change::Dropped),
                _ => {}
            }
        }
        changes
    }

    pub(super) fn is_none(self) -> bool {
        self == Self::default()
    }

    /// Whether objects are created, whose catalog IDs must be queried. Dropped objects are not queried: their name may have been
    /// reused.
    pub(super) fn needs_ids(self) -> bool {
        self.creates_database || [self.user, self.group].contains(&Change::Created)
    }

    /// The assignments to the columns of the run lock.
    pub(super) fn assignments(self, ids: CatalogIds) -> String {
        let database = self.creates_database.then(|| format!("database_id = {}", ids.database));
        let of_change = |change, column: &str, id: i64| match change {
            Change::None => None,
            Change::Created => Some(format!("{column} = {id}")),
            Change::Dropped => Some(format!("{column} = 0")),
        };
        let user = of_change(self.user, "user_id", ids.user);
        let group = of_change(self.group, "group_id", ids.group);
        [database, user, group].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}
