//! What a user or a group that is to be dropped still owns, or was granted.
//!
//! Redshift refuses to drop it then, and says "owns some object" or "has a privilege on some object": not which one,
//! and not before the statement, when the database is gone. It looks at the current database alone, and leaves what
//! the user owns in another without an owner (<https://docs.aws.amazon.com/redshift/latest/dg/r_DROP_USER.html>).
//!
//! The lists of privileges are read as Redshift's own administration scripts do
//! (<https://github.com/awslabs/amazon-redshift-utils>, `src/AdminViews`). What is granted to a role, and privileges
//! with a scope, are not in them.

mod object;
mod location;
mod queries;

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::fmt;

use super::error::StatementError;
use super::facts::{Names, Reader, quoted};
use super::snapshot::Snapshot;
use super::privilege_list::Grantee;
use super::response::{Phase, TestName, TestStatus, ValidationTest};
use super::run_lock::Action;
use super::session::{Row, Session};
use super::shared::OtherSetup;
use super::trust::UNAVAILABLE;
use crate::script::Schema;
use object::Object;
use location::Location;
use queries::limited;

const TEST: TestName = Phase::RemovalValidation.test("No Dependent Objects Or Privileges");

/// The schemas that go with a set-up.
pub(super) const SCHEMAS: [&str; 3] =
    [Schema::System.name(), Schema::Functions.name(), Schema::Procedures.name()];

/// The most objects that are asked for at once: after those, the next run names the next.
const LIMIT: usize = 500;

/// SQLSTATE `undefined_table`.
const UNDEFINED_TABLE: &str = "42P01";

/// The user and the group that a run drops, and what it drops before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Principals {
    user: Option<String>,
    group: Option<String>,
    action: Action,
    database: String,
    drops_database: bool,
    has_database: bool,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    dependents: Vec<Dependent>,
    /// Why some of it could not be asked.
    unasked: Vec<String>,
    /// How many answers there are beyond those that were asked for.
    more: usize,
    /// What is to be said of other set-ups.
    pub(super) warnings: Vec<ValidationTest>,
}

impl Found {
    /// Whether nothing keeps the user or the group from being dropped.
    pub(super) const fn is_free(&self) -> bool {
        self.dependents.is_empty()
    }

    /// Puts the statements into an order in which they work.
    pub(super) fn sort(&mut self) {
        self.dependents.sort_by_key(|dependent| dependent.order);
    }

    /// What is in the way, and what could not be asked.
    pub(super) fn tests(&self) -> impl Iterator<Item = ValidationTest> {
        let dependent = self.dependents.iter().map(|dependent| ValidationTest::failed(TEST, dependent.to_string()));
        let unasked = self.unasked.iter().map(|why| {
            ValidationTest::new(TEST, TestStatus::Warning, Some(format!("the list may be incomplete: {why}")))
        });
        let more = (self.more > 0).then(|| {
            let message = format!(
                "list truncated: {} more catalog entries are left, and the next run reports the next {LIMIT}",
                self.more
            );
            ValidationTest::new(TEST, TestStatus::Warning, Some(message))
        });
        dependent.chain(unasked).chain(more).chain(self.warnings.iter().cloned())
    }
}

/// An object that keeps a user or a group from being dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Dependent {
    /// What it is to whom.
    fact: String,
    /// The database to be in, where it matters.
    database: Option<String>,
    /// What frees it.
    remedy: Remedy,
    order: Order,
    /// The object that it is about, or the schema that this is in: what the set-up of a database may hold.
    scope: Scope,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Remedy {
    /// A statement, and who has to run it, where not anybody may.
    Statement(String, Option<String>),
    /// What to do about another set-up.
    Advice(String),
}

/// When a statement is to run: what others were granted on goes first, for as long as it is there its grantor keeps the
/// privilege; and a schema or a database last, for who has to run a statement in it may need that one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Order {
    is_not_another_setup: bool,
    /// How many hands a privilege has gone through.
    hands: Reverse<usize>,
    container: u8,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Scope {
    Database(String),
    Schema(String),
    /// The default privilege that every set-up makes.
    Defaults,
    Other,
}

impl fmt::Display for Dependent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { fact, database, remedy, .. } = self;
        write!(f, "{fact}")?;
        if let Some(database) = database {
            write!(f, " in the database `{database}`")?;
        }
        f.write_str(", and so cannot be dropped: ")?;
        let Remedy::Statement(statement, grantor) = remedy else {
            let Remedy::Advice(words) = remedy else { return Ok(()) };
            return f.write_str(words);
        };
        write!(f, "run `{statement}`")?;
        if database.is_some() {
            f.write_str(" there")?;
        }
        match grantor {
            Some(grantor) => write!(f, ", as `{grantor}` (the grantor)"),
            None => Ok(()),
        }
    }
}

impl Principals {
    /// Nothing if the work drops neither user nor group.
    pub(super) fn of(action: Action, snapshot: &Snapshot) -> Option<Self> {
        let made = snapshot.proof()?;
        let Names { database, user, group } = &made.names;
        let has_group = made.group_created && !group.is_empty();
        let (drops_user, drops_group) = match action {
            Action::Apply => (false, false),
            Action::Edit => (false, has_group && snapshot.wanted.names.group.is_empty()),
            Action::Remove => {
                (made.user_created && snapshot.cluster.has_user, has_group && snapshot.cluster.has_group)
            }
        };
        (drops_user || drops_group).then(|| Self {
            user: drops_user.then(|| user.clone()),
            group: drops_group.then(|| group.clone()),
            action,
            database: database.clone(),
            drops_database: action == Action::Remove && made.database_created,
            has_database: snapshot.cluster.has_database,
        })
    }

    /// The group that is dropped.
    pub(super) fn group(&self) -> Option<&str> {
        self.group.as_deref()
    }

    /// The payload's database, if it is there and stays.
    pub(super) fn kept_database(&self) -> Option<&str> {
        (self.has_database && !self.drops_database).then_some(&self.database)
    }

    /// The databases in which there may be another set-up: those on which something is granted, and the first.
    pub(super) fn other_databases(&self, first: &str, found: &Found) -> BTreeSet<String> {
        let named = found.dependents.iter().filter_map(|dependent| match &dependent.scope {
            Scope::Database(database) => Some(database.clone()),
            _ => None,
        });
        named.chain([first.to_owned()]).filter(|database| *database != self.database).collect()
    }

    /// Takes together what another set-up holds by the same account or group.
    pub(super) fn note_shared(&self, other: &OtherSetup, found: &mut Found) {
        let OtherSetup { database, user, group } = other;
        if *database == self.database {
            return;
        }
        let is_theirs = |dependent: &Dependent| match &dependent.scope {
            Scope::Database(name) => name == database,
            Scope::Schema(schema) => {
                dependent.database.as_ref() == Some(database) && SCHEMAS.contains(&schema.as_str())
            }
            Scope::Defaults => dependent.database.as_ref() == Some(database),
            Scope::Other => false,
        };
        let shared = [
            (self.user.as_ref(), user, "the user", "account", "user_created"),
            (self.group.as_ref(), group, "the group", "impersonation group", "group_created"),
        ];
        let shared = shared.into_iter().filter(|(principals, theirs, ..)| *principals == Some(theirs));
        let notes: Vec<Dependent> = shared
            .map(|(_, name, kind, role, column)| Dependent {
                fact: format!("{kind} `{name}` is the {role} of another setup, in the database `{database}`"),
                database: None,
                remedy: Remedy::Advice(format!(
                    "remove that setup first, with its own payload; or, to keep {kind}, run `UPDATE \
                     immuta_system.bootstrap SET {column} = FALSE` in the database `{}`, and then this command again",
                    self.database
                )),
                order: Order::default(),
                scope: Scope::Other,
            })
            .collect();
        if notes.is_empty() {
            return;
        }
        found.dependents.retain(|dependent| !is_theirs(dependent));
        found.dependents.extend(notes);
    }

    /// How one finds out what is where this does not look.
    pub(super) fn elsewhere_test(&self) -> ValidationTest {
        let names: Vec<String> = self.user.iter().chain(&self.group).map(|name| quoted(name)).collect();
        let names = names.join(" or ");
        let message = if self.user.is_none() {
            format!(
                "other databases were not checked, and Redshift does not check them either. To find the privileges of \
                 {names} in another database, filter `svv_relation_privileges`, `svv_schema_privileges` and \
                 `svv_function_privileges` by `identity_name`, and `svv_default_privileges` by `grantee_name`"
            )
        } else {
            format!(
                "other databases were not checked, and Redshift does not check them either: objects of a dropped user \
                 there are left without an owner. To find the objects and privileges of {names} in another database, \
                 filter `svv_relation_privileges`, `svv_schema_privileges` and `svv_function_privileges` by \
                 `identity_name`, `svv_default_privileges` by `grantee_name` and `owner_name`, and `pg_tables` by \
                 `tableowner`; for roles, see `svv_user_grants`"
            )
        };
        ValidationTest::new(TEST, TestStatus::Warning, Some(message))
    }

    /// What there is in the database of the session. What belongs to the whole cluster is asked in the first.
    pub(super) async fn inspect(
        &self,
        session: &Session,
        database: &str,
        login: &str,
        is_first: bool,
        found: &mut Found,
    ) -> Result<(), StatementError> {
        let location = Location { principals: self, database, login };
        for query in [self.objects_query(is_first), self.routines_query()] {
            for row in self.ask(session, &query, found).await? {
                found.dependents.extend(location.of_object(&Object::read(&mut Reader::new(&row))?));
            }
        }
        let columns = match limited(session, &self.columns_query(), found).await {
            // Not every cluster has the view.
            Err(error) if error.sqlstate() == Some(UNDEFINED_TABLE) => Vec::new(),
            result => result?,
        };
        for row in &columns {
            found.dependents.extend(location.of_column(&mut Reader::new(row))?);
        }
        Ok(())
    }

    /// What one kind of cluster does not tell, or not to everybody, is no reason to keep a set-up.
    async fn ask(
        &self,
        session: &Session,
        query: &str,
        found: &mut Found,
    ) -> Result<Vec<Row>, StatementError> {
        match limited(session, query, found).await {
            Err(error) if error.sqlstate().is_some_and(|state| UNAVAILABLE.contains(&state)) => {
                found.unasked.push(error.to_string());
                Ok(Vec::new())
            }
            result => result,
        }
    }

    fn is_dropped(&self, grantee: &Grantee) -> bool {
        match grantee {
            Grantee::Public => false,
            Grantee::User(name) => self.user.as_ref() == Some(name),
            Grantee::Group(name) => self.group.as_ref() == Some(name),
        }
    }
}
