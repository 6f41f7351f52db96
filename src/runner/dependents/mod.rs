//! The objects and privileges of a user or group that is to be dropped.
//!
//! Redshift does not drop a user or group with dependent objects. Its error only says "owns some object" or "has a
//! privilege on some object", and comes when the database is already dropped. It checks the current database only, and
//! leaves objects in other databases without an owner
//! (<https://docs.aws.amazon.com/redshift/latest/dg/r_DROP_USER.html>).
//!
//! Access control lists are read as in the administration scripts of AWS
//! (<https://github.com/awslabs/amazon-redshift-utils>, `src/AdminViews`). They do not contain privileges of roles, nor
//! scoped permissions.

mod location;
mod object;
mod queries;

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::fmt;

use super::error::StatementError;
use super::facts::{Names, Reader, quoted};
use super::privilege_list::Grantee;
use super::response::{Phase, TestName, TestStatus, ValidationTest};
use super::run_lock::Action;
use super::session::{Row, Session};
use super::shared::OtherSetup;
use super::snapshot::Snapshot;
use super::trust::UNAVAILABLE;
use crate::script::Schema;
use location::Location;
use object::Object;
use queries::limited;

const TEST: TestName = Phase::RemovalValidation.test("No Dependent Objects Or Privileges");

/// The schemas of a setup.
pub(super) const SCHEMAS: [&str; 3] =
    [Schema::System.name(), Schema::Functions.name(), Schema::Procedures.name()];

/// The maximum number of objects per query; the next run reports the next ones.
const LIMIT: usize = 500;

/// The user and the group that a run drops, and what it drops before them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Principals {
    user: Option<String>,
    group: Option<String>,
    action: Action,
    database: String,
    drops_database: bool,
    has_database: bool,
}

/// The dependents that were dependents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Dependents {
    objects: Vec<Dependent>,
    /// Errors of queries that failed.
    failed_queries: Vec<String>,
    /// The number of rows beyond the limit.
    more: usize,
    /// Warnings about other setups.
    pub(super) warnings: Vec<ValidationTest>,
}

impl Dependents {
    /// Whether nothing prevents the user and the group from being dropped.
    pub(super) const fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// Sorts the statements so that they succeed in order.
    pub(super) fn sort(&mut self) {
        self.objects.sort_by_key(|dependent| dependent.order);
    }

    /// The dependents as failed tests, and warnings about what is unknown.
    pub(super) fn tests(&self) -> impl Iterator<Item = ValidationTest> {
        let dependent =
            self.objects.iter().map(|dependent| ValidationTest::failed(TEST, dependent.to_string()));
        let failed_queries = self.failed_queries.iter().map(|why| {
            ValidationTest::new(TEST, TestStatus::Warning, Some(format!("the list may be incomplete: {why}")))
        });
        let more = (self.more > 0).then(|| {
            let message = format!(
                "list truncated: {} more catalog entries are left, and the next run reports the next {LIMIT}",
                self.more
            );
            ValidationTest::new(TEST, TestStatus::Warning, Some(message))
        });
        dependent.chain(failed_queries).chain(more).chain(self.warnings.iter().cloned())
    }
}

/// An object that prevents a user or a group from being dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Dependent {
    /// The relation between the object and the user or group.
    fact: String,
    /// The database to connect to, if it matters.
    database: Option<String>,
    /// How to resolve it.
    remedy: Remedy,
    order: Order,
    /// The database or schema that it is in, to detect whether it is part of another setup.
    scope: Scope,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Remedy {
    /// A statement, and the user that must run it, if not any superuser can.
    Statement(String, Option<String>),
    /// Advice about another setup.
    Advice(String),
}

/// The order of statements: privileges that were granted on by a grantee first, because the grantee cannot lose the
/// privilege before; schemas and databases last, because statements on objects in them may require privileges on them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Order {
    is_not_another_setup: bool,
    /// How often a privilege has been granted on.
    grant_depth: Reverse<usize>,
    container: u8,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Scope {
    Database(String),
    Schema(String),
    /// The default privilege that every setup creates.
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
    /// `None` if the action drops neither user nor group.
    pub(super) fn of(action: Action, snapshot: &Snapshot) -> Option<Self> {
        let marker = snapshot.proof()?;
        let Names { database, user, group } = &marker.names;
        let has_group = marker.group_created && !group.is_empty();
        let (drops_user, drops_group) = match action {
            Action::Apply => (false, false),
            Action::Edit => (false, has_group && snapshot.new_marker.names.group.is_empty()),
            Action::Remove => {
                (marker.user_created && snapshot.cluster.has_user, has_group && snapshot.cluster.has_group)
            }
        };
        (drops_user || drops_group).then(|| Self {
            user: drops_user.then(|| user.clone()),
            group: drops_group.then(|| group.clone()),
            action,
            database: database.clone(),
            drops_database: action == Action::Remove && marker.database_created,
            has_database: snapshot.cluster.has_database,
        })
    }

    /// The group that is dropped.
    pub(super) fn group(&self) -> Option<&str> {
        self.group.as_deref()
    }

    /// The database of the payload, if it exists and is kept.
    pub(super) fn kept_database(&self) -> Option<&str> {
        (self.has_database && !self.drops_database).then_some(&self.database)
    }

    /// The databases that may contain another setup: those with privileges of the user or group, and the first.
    pub(super) fn other_databases(&self, first: &str, dependents: &Dependents) -> BTreeSet<String> {
        let named = dependents.objects.iter().filter_map(|dependent| match &dependent.scope {
            Scope::Database(database) => Some(database.clone()),
            _ => None,
        });
        named.chain([first.to_owned()]).filter(|database| *database != self.database).collect()
    }

    /// Replaces the dependents of another setup with the same account or group by one note.
    pub(super) fn note_shared(&self, other: &OtherSetup, dependents: &mut Dependents) {
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
                    "remove that setup first, with its own payload. To keep {kind} instead, run `UPDATE \
                     immuta_system.bootstrap SET {column} = FALSE` in the database `{}`, and then run this command again",
                    self.database
                )),
                order: Order::default(),
                scope: Scope::Other,
            })
            .collect();
        if notes.is_empty() {
            return;
        }
        dependents.objects.retain(|dependent| !is_theirs(dependent));
        dependents.objects.extend(notes);
    }

    /// How to search the databases that are not checked.
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

    /// Finds dependents in the database of the session. Cluster-wide objects are queried in the first database only.
    pub(super) async fn inspect(
        &self,
        session: &Session,
        database: &str,
        login: &str,
        is_first: bool,
        dependents: &mut Dependents,
    ) -> Result<(), StatementError> {
        let location = Location { principals: self, database, login };
        for query in [self.objects_query(is_first), self.routines_query()] {
            for row in self.ask(session, &query, dependents).await? {
                dependents.objects.extend(location.of_object(&Object::read(&mut Reader::new(&row))?));
            }
        }
        let columns = match limited(session, &self.columns_query(), dependents).await {
            // Not every cluster has the view; Multi-AZ clusters deny it.
            Err(error) if error.is_one_of(&UNAVAILABLE) => Vec::new(),
            result => result?,
        };
        for row in &columns {
            dependents.objects.extend(location.of_column(&mut Reader::new(row))?);
        }
        Ok(())
    }

    /// Runs a query. A catalog table that is unavailable on this cluster, or for this user, does not prevent a removal.
    async fn ask(
        &self,
        session: &Session,
        query: &str,
        dependents: &mut Dependents,
    ) -> Result<Vec<Row>, StatementError> {
        match limited(session, query, dependents).await {
            Err(error) if error.sqlstate().is_some_and(|state| UNAVAILABLE.contains(&state)) => {
                dependents.failed_queries.push(error.to_string());
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
