//! Finds why an object prevents a user or a group from being dropped, and how to resolve it.

use std::cmp::Reverse;

use super::super::error::StatementError;
use super::super::facts::{Reader, quoted};
use super::super::privilege_list::{Entry, Grantee, delimited, display_name, entries, sql_of};
use super::super::run_lock::Action;
use super::object::{Kind, Object};
use super::{Dependent, Order, Principals, Remedy, SCHEMAS, Scope};
use crate::script::{Closed, Schema};

/// The database in which objects are checked.
pub(super) struct Location<'p> {
    pub(super) principals: &'p Principals,
    pub(super) database: &'p str,
    /// The login user, which objects can be transferred to.
    pub(super) login: &'p str,
}

impl Location<'_> {
    fn dependent(&self, object: &Object, fact: String, statement: String) -> Dependent {
        let Object { kind, schema, name, .. } = object;
        let database = (*kind != Kind::Database).then(|| self.database.to_owned());
        let (scope, container) = match kind {
            Kind::Database => (Scope::Database(name.clone()), 2),
            Kind::Schema => (Scope::Schema(name.clone()), 1),
            _ => (Scope::Schema(schema.clone()), 0),
        };
        let order = Order { is_not_another_setup: true, grant_depth: Reverse(0), container };
        Dependent { fact, database, remedy: Remedy::Statement(statement, None), order, scope }
    }

    pub(super) fn of_object(&self, object: &Object) -> Vec<Dependent> {
        let Object { kind, owner, privileges, .. } = object;
        if self.is_dropped_before(object) {
            return Vec::new();
        }
        let is_owner = self.principals.user.as_ref() == Some(owner);
        if let Kind::Defaults(objects) = kind {
            return self.of_defaults(object, objects, is_owner);
        }
        if is_owner && object.schema.starts_with("pg_temp_") {
            let fact = format!("the user `{owner}` has an open session that uses {}", object.display_name());
            let statement = format!(
                "SELECT pg_terminate_backend(process) FROM stv_sessions WHERE user_name = {}",
                quoted(owner)
            );
            return vec![self.dependent(object, fact, statement)];
        }
        if is_owner {
            let statement =
                format!("ALTER {} {} OWNER TO {}", kind.sql(), object.sql(), delimited(self.login));
            return vec![self.dependent(
                object,
                format!("the user `{owner}` owns {}", object.display_name()),
                statement,
            )];
        }
        let chains = self.chains(owner, privileges);
        let of_entry = |(Entry { grantee, grantor, .. }, grant_depth): (Entry<'_>, usize)| {
            let fact = if self.principals.is_dropped(&grantee) {
                format!("{} has privileges on {}", display_name(&grantee), object.display_name())
            } else if self.principals.user.as_ref() == Some(&grantor) {
                format!("the user `{grantor}` has granted privileges on {}", object.display_name())
            } else {
                let user = self.principals.user.as_deref().unwrap_or_default();
                format!(
                    "the user `{user}` has granted privileges on {}, and `{grantor}` has granted them to others",
                    object.display_name()
                )
            };
            // A removal from a database that is kept revokes this privilege itself.
            if *kind == Kind::Database
                && object.name == self.principals.database
                && self.principals.action == Action::Remove
                && matches!(grantee, Grantee::User(_))
            {
                return None;
            }
            let statement =
                format!("REVOKE ALL PRIVILEGES ON {} {} FROM {}", kind.sql(), object.sql(), sql_of(&grantee));
            let is_owners = owner.is_empty() || *owner == grantor;
            let mut dependent = self.dependent(object, fact, statement.clone());
            dependent.order.grant_depth = Reverse(grant_depth);
            dependent.remedy = Remedy::Statement(statement, (!is_owners).then_some(grantor));
            Some(dependent)
        };
        chains.into_iter().filter_map(of_entry).collect()
    }

    /// The access control list entries that must be revoked, each with its grant depth: those of the user or group,
    /// those that the user has granted, and those that were granted on from these.
    fn chains<'l>(&self, owner: &str, privileges: &'l str) -> Vec<(Entry<'l>, usize)> {
        let all: Vec<Entry<'l>> = entries(privileges).collect();
        let may_grant = |entry: &Entry<'_>, name: &str| {
            entry.privileges.contains('*') && entry.grantee == Grantee::User(name.to_owned())
        };
        let mut is_revoked: Vec<bool> = all
            .iter()
            .map(|entry| {
                self.principals.is_dropped(&entry.grantee)
                    || self.principals.user.as_ref() == Some(&entry.grantor)
            })
            .collect();
        // The distance from the owner, which is at most the number of entries.
        let mut depths: Vec<usize> = vec![0; all.len()];
        for _ in 0..all.len() {
            for at in 0..all.len() {
                let grantor = &all[at].grantor;
                if grantor == owner {
                    continue;
                }
                let sources = || (0..all.len()).filter(|&from| from != at && may_grant(&all[from], grantor));
                depths[at] = sources().map(|from| depths[from] + 1).max().unwrap_or(1).min(all.len());
                // A grantor that also has the privilege from another entry keeps it.
                is_revoked[at] |= sources().count() > 0 && sources().all(|from| is_revoked[from]);
            }
        }
        let entries = all.into_iter().zip(is_revoked.into_iter().zip(depths));
        entries.filter_map(|(entry, (is_revoked, depth))| is_revoked.then_some((entry, depth))).collect()
    }

    /// Whether the action drops the object, or the default privileges, before it drops the user or the group.
    fn is_dropped_before(&self, object: &Object) -> bool {
        let Principals { action, database, drops_database, .. } = self.principals;
        let is_ours = self.database == database;
        let Object { kind, schema, name, .. } = object;
        match (action, kind) {
            (Action::Remove, Kind::Database) => *drops_database && name == database,
            (Action::Remove, Kind::Schema) => is_ours && SCHEMAS.contains(&name.as_str()),
            (Action::Remove, _) => is_ours && SCHEMAS.contains(&schema.as_str()),
            (Action::Edit, Kind::Procedure | Kind::Function) => {
                is_ours && schema == Schema::Procedures.name()
            }
            (Action::Edit, Kind::Table) => {
                let tables = Closed::ImpersonationState.tables();
                is_ours && schema == Schema::System.name() && tables.iter().any(|table| table.name() == name)
            }
            _ => false,
        }
    }

    fn of_defaults(&self, object: &Object, objects: &str, is_owner: bool) -> Vec<Dependent> {
        let Object { schema, owner, privileges, .. } = object;
        let (place, within) = if schema.is_empty() {
            (String::new(), String::new())
        } else {
            (format!(" IN SCHEMA {}", delimited(schema)), format!(" in the schema `{schema}`"))
        };
        let head = format!("ALTER DEFAULT PRIVILEGES FOR USER {}{place}", delimited(owner));
        let on = format!("on {}{within}", objects.to_ascii_lowercase());
        // By default PUBLIC can execute new functions, so such an entry is the default itself.
        let is_open = objects == "FUNCTIONS" && schema.is_empty();
        let is_default = |entry: &Entry<'_>| {
            entry.grantee == Grantee::User(owner.clone())
                || (is_open && entry.grantee == Grantee::Public && entry.privileges == "X")
        };
        let mut others = entries(privileges).filter(|entry| !is_default(entry)).peekable();
        if is_owner && others.peek().is_none() {
            // An empty entry is left after default privileges were revoked; this is how to remove it:
            // https://github.com/awslabs/amazon-redshift-utils, src/AdminScripts/user_to_be_dropped_privs.sql
            let everybody = if is_open { ", PUBLIC" } else { "" };
            let statement =
                format!("{head} GRANT ALL PRIVILEGES ON {objects} TO {}{everybody}", delimited(owner));
            return vec![self.dependent(
                object,
                format!("the user `{owner}` has default privileges {on}"),
                statement,
            )];
        }
        let concerns = |entry: &Entry<'_>| {
            if is_owner { !self.is_undone(object, entry) } else { self.principals.is_dropped(&entry.grantee) }
        };
        let of_entry = |entry: Entry<'_>| {
            let is_setups = is_owner && is_of_a_setup(object, &entry);
            let Entry { grantee, .. } = entry;
            let fact = if is_owner {
                format!("the user `{owner}` has default privileges {on}")
            } else {
                format!("{} has default privileges {on} of `{owner}`", display_name(&grantee))
            };
            let statement = format!("{head} REVOKE ALL PRIVILEGES ON {objects} FROM {}", sql_of(&grantee));
            let dependent = self.dependent(object, fact, statement);
            if is_setups { Dependent { scope: Scope::Defaults, ..dependent } } else { dependent }
        };
        others.filter(concerns).map(of_entry).collect()
    }

    /// Whether it is the default privilege on tables that a setup creates, and its removal revokes.
    fn is_undone(&self, object: &Object, entry: &Entry<'_>) -> bool {
        self.principals.action == Action::Remove
            && self.database == self.principals.database
            && is_of_a_setup(object, entry)
    }

    pub(super) fn of_column(&self, row: &mut Reader<'_>) -> Result<Option<Dependent>, StatementError> {
        let (schema, name, column) = (row.text()?, row.text()?, row.text()?);
        let (privilege, grantee_kind, grantee) = (row.text()?, row.text()?, row.text()?);
        let grantee =
            if grantee_kind.trim_end() == "group" { Grantee::Group(grantee) } else { Grantee::User(grantee) };
        let (arguments, owner, privileges) = (String::new(), String::new(), String::new());
        let table = Object { kind: Kind::Table, schema, name, arguments, owner, privileges };
        if self.is_dropped_before(&table) {
            return Ok(None);
        }
        let fact = format!(
            "{} has a privilege on the column `{column}` of {}",
            display_name(&grantee),
            table.display_name()
        );
        let statement = format!(
            "REVOKE {} ({}) ON TABLE {} FROM {}",
            privilege.trim_end(),
            delimited(&column),
            table.sql(),
            sql_of(&grantee)
        );
        Ok(Some(self.dependent(&table, fact, statement)))
    }
}

/// Whether it is the default privilege on tables that a setup grants to PUBLIC.
fn is_of_a_setup(object: &Object, entry: &Entry<'_>) -> bool {
    object.kind == Kind::Defaults("TABLES")
        && object.schema.is_empty()
        && entry.grantee == Grantee::Public
        && entry.privileges == "r"
}
