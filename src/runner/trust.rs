//! Whether the records of Bootshift can be trusted.
//!
//! A run drops what `immuta_system.bootstrap` or `bootshift_lock.run` records as created by Bootshift. So a record is
//! trusted only if its schema and table belong to a superuser or to the login user, and no other user can change the
//! table. A user with `CREATE` on the database may have created the schema first, and default privileges may have
//! granted access to the table.
//!
//! An untrusted record is not even read: reading a view runs code of its owner with the privileges of the reader.
//!
//! The access control lists in the catalog contain users and groups. Privileges of roles and on columns are only in
//! system views (<https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_RELATION_PRIVILEGES.html>), which not every
//! cluster has.

use std::fmt;

use super::error::StatementError;
use super::facts::Reader;
use super::privilege_list::{Grantee, display_name, entries, is_valid_list, sql_of};
use super::session::{Row, Session, rows_of};

/// SQLSTATEs of a system view that is unavailable: `feature_not_supported`, `insufficient_privilege`,
/// `undefined_column`, `undefined_function`, `undefined_table`.
pub(super) const UNAVAILABLE: [&str; 5] = ["0A000", "42501", "42703", "42883", "42P01"];

/// A table with records of Bootshift.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record {
    schema: &'static str,
    table: &'static str,
}

/// The marker: what a setup created.
pub(super) const MARKER: Record = Record { schema: "immuta_system", table: "bootstrap" };
/// The run lock: what a run is about to create or remove.
pub(super) const RUN_LOCK: Record = Record { schema: "bootshift_lock", table: "run" };
/// The users that `grant_impersonation` has admitted.
pub(super) const ADMISSIONS: Record = Record { schema: "immuta_system", table: "impersonation_grant" };

/// Whether a record is trusted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Trust {
    #[default]
    Absent,
    Trusted {
        owner: String,
    },
    Untrusted(TrustError),
}

/// Why a record is not trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TrustError {
    record: Record,
    reason: Reason,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Reason {
    /// It belongs to an ordinary user, or to one that was dropped.
    Owner { kind: Kind, owner: Option<String> },
    /// Another user or group has privileges that only the owner should have.
    Open { kind: Kind, to: Grantee },
    /// A role has such privileges.
    OpenToRole(String),
    /// Its access control list cannot be parsed.
    UnknownPrivileges(Kind),
    /// The schema of the run lock exists without its table.
    NoTable,
    /// It is a view, or another relation that is not a table.
    OtherRelation,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Schema,
    Table,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Schema => "schema",
            Self::Table => "table",
        }
    }

    const fn sql(self) -> &'static str {
        match self {
            Self::Schema => "SCHEMA",
            Self::Table => "TABLE",
        }
    }
}

/// The catalog entry of the schema or the table.
struct Object {
    kind: Kind,
    owner: Option<String>,
    /// Whether its owner is a superuser or the login user.
    is_trusted: bool,
    list: String,
    /// Whether it is a schema or table as expected; a view may have the name of the table.
    is_of_kind: bool,
}

/// The catalog entries of a record.
struct Facts {
    objects: Vec<Object>,
    /// Superusers and the login user.
    trusted: Vec<String>,
}

impl Record {
    /// Inspects whether the record exists and is trusted.
    pub(super) async fn inspect(self, session: &Session) -> Result<Trust, StatementError> {
        let rows = session.rows(&self.query()).await?;
        match self.evaluate(&rows)? {
            Trust::Trusted { .. } => self.evaluate_views(&rows, session.rows(&self.views_query()).await),
            trust => Ok(trust),
        }
    }

    /// Whether the record exists and is trusted, according to the rows of its [query](Self::query).
    pub(super) fn evaluate(self, rows: &[Row]) -> Result<Trust, StatementError> {
        let facts = Facts::read(rows)?;
        if let Some(reason) = self.reason(&facts) {
            return Ok(Trust::Untrusted(TrustError { record: self, reason }));
        }
        let owner = facts.of(Kind::Table).and_then(|table| table.owner.clone());
        Ok(owner.map_or(Trust::Absent, |owner| Trust::Trusted { owner }))
    }

    /// Like [`evaluate`](Self::evaluate), also with the rows of its [query of system views](Self::views_query).
    pub(super) fn evaluate_views(
        self,
        rows: &[Row],
        views: Result<Vec<Row>, StatementError>,
    ) -> Result<Trust, StatementError> {
        match Self::reason_in_views(&Facts::read(rows)?.trusted, views)? {
            Some(reason) => Ok(Trust::Untrusted(TrustError { record: self, reason })),
            None => self.evaluate(rows),
        }
    }

    /// Checks the owners and access control lists again in a transaction, from the rows of the [query](Self::query). The
    /// system views are not queried, because an error would abort the transaction.
    pub(super) fn trust_error(self, rows: &[Row]) -> Result<Option<TrustError>, StatementError> {
        Ok(self.reason(&Facts::read(rows)?).map(|reason| TrustError { record: self, reason }))
    }

    /// Creates the schema and the table with these statements, and revokes all privileges that default privileges have
    /// granted to others. Returns an error if some are left.
    pub(super) async fn make(
        self,
        session: &Session,
        step: &'static str,
        statements: &[&str],
    ) -> Result<Option<TrustError>, StatementError> {
        let opened = |facts: &Facts| -> Vec<(Kind, Grantee)> {
            facts.objects.iter().flat_map(|object| object.others("").map(|to| (object.kind, to))).collect()
        };
        let query = self.query();
        let response = session.step(step, &[statements, &[&query]].concat()).await?;
        let mut facts = Facts::read(&rows_of(&response)?)?;
        let revocations: Vec<String> =
            opened(&facts).iter().map(|(kind, to)| self.revocation(*kind, to)).collect();
        if !revocations.is_empty() {
            let revocations: Vec<&str> =
                revocations.iter().map(String::as_str).chain([query.as_str()]).collect();
            facts = Facts::read(&rows_of(&session.step(step, &revocations).await?)?)?;
        }
        let still_open = opened(&facts).into_iter().next().map(|(kind, to)| Reason::Open { kind, to });
        Ok(self.reason(&facts).or(still_open).map(|reason| TrustError { record: self, reason }))
    }

    /// The query for owners and privileges.
    pub(super) fn query(self) -> String {
        let Self { schema, table } = self;
        let trusted = "CASE WHEN o.usesuper OR o.usename = CURRENT_USER THEN 1 ELSE 0 END";
        format!(
            "SELECT 'schema' AS kind, CAST(o.usename AS VARCHAR(127)), {trusted}, pg_catalog.array_to_string(n.nspacl, pg_catalog.chr(31)), 1\n\
             FROM pg_catalog.pg_namespace n LEFT JOIN pg_catalog.pg_user o ON o.usesysid = n.nspowner\n\
             WHERE n.nspname = '{schema}'\n\
             UNION ALL\n\
             SELECT 'table', CAST(o.usename AS VARCHAR(127)), {trusted}, pg_catalog.array_to_string(c.relacl, pg_catalog.chr(31)),\n\
             CASE c.relkind WHEN 'r' THEN 1 ELSE 0 END\n\
             FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace\n\
             LEFT JOIN pg_catalog.pg_user o ON o.usesysid = c.relowner\n\
             WHERE n.nspname = '{schema}' AND c.relname = '{table}'\n\
             UNION ALL\n\
             SELECT 'user', CAST(o.usename AS VARCHAR(127)), 1, NULL, 1 FROM pg_catalog.pg_user o\n\
             WHERE o.usesuper OR o.usename = CURRENT_USER"
        )
    }

    /// Why the record is not trusted, according to its owners and access control lists.
    fn reason(self, facts: &Facts) -> Option<Reason> {
        let is_lock = self == RUN_LOCK;
        for object in &facts.objects {
            let kind = object.kind;
            // The schema of the marker also contains other tables, so others may have privileges on it.
            if kind == Kind::Schema && !is_lock && facts.of(Kind::Table).is_none() {
                continue;
            }
            if !object.is_trusted {
                return Some(Reason::Owner { kind, owner: object.owner.clone() });
            }
            if !object.is_of_kind {
                return Some(Reason::OtherRelation);
            }
            let harmless = match kind {
                Kind::Table => "r*",
                Kind::Schema if is_lock => "U*",
                Kind::Schema => continue,
            };
            if !is_valid_list(&object.list) {
                return Some(Reason::UnknownPrivileges(kind));
            }
            let is_trusted = |to: &Grantee| matches!(to, Grantee::User(name) if facts.trusted.contains(name));
            if let Some(to) = object.others(harmless).find(|to| !is_trusted(to)) {
                return Some(Reason::Open { kind, to });
            }
        }
        let has = |kind| facts.of(kind).is_some();
        (is_lock && has(Kind::Schema) && !has(Kind::Table)).then_some(Reason::NoTable)
    }

    /// The query for privileges that are not in the access control lists.
    pub(super) fn views_query(self) -> String {
        let Self { schema, table } = self;
        let place = format!("namespace_name = '{schema}' AND relation_name = '{table}'");
        format!(
            "SELECT identity_type, identity_name FROM pg_catalog.svv_relation_privileges\n\
             WHERE {place} AND identity_type = 'role' AND privilege_type <> 'SELECT'\n\
             UNION ALL\n\
             SELECT identity_type, identity_name FROM pg_catalog.svv_column_privileges\n\
             WHERE {place} AND privilege_type <> 'SELECT'"
        )
    }

    /// Why the record is not trusted, according to the system views, if this cluster has them.
    fn reason_in_views(
        trusted: &[String],
        rows: Result<Vec<Row>, StatementError>,
    ) -> Result<Option<Reason>, StatementError> {
        let rows = match rows {
            Err(error) if error.sqlstate().is_some_and(|state| UNAVAILABLE.contains(&state)) => {
                return Ok(None);
            }
            result => result?,
        };
        for row in &rows {
            let mut row = Reader::new(row);
            let (kind, name) = (row.text()?, row.text()?);
            let to = match kind.as_str() {
                "role" => return Ok(Some(Reason::OpenToRole(name))),
                "group" => Grantee::Group(name),
                "public" => Grantee::Public,
                _ if trusted.contains(&name) => continue,
                _ => Grantee::User(name),
            };
            return Ok(Some(Reason::Open { kind: Kind::Table, to }));
        }
        Ok(None)
    }

    fn revocation(self, kind: Kind, from: &Grantee) -> String {
        let Self { schema, table } = self;
        let object = if kind == Kind::Table { format!("{schema}.{table}") } else { schema.to_owned() };
        format!("REVOKE ALL PRIVILEGES ON {} {object} FROM {}", kind.sql(), sql_of(from))
    }
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.schema, self.table)
    }
}

impl Facts {
    fn read(rows: &[Row]) -> Result<Self, StatementError> {
        let mut facts = Self { objects: Vec::new(), trusted: Vec::new() };
        for row in rows {
            let mut row = Reader::new(row);
            let kind = match row.text()?.trim_end() {
                "schema" => Kind::Schema,
                "table" => Kind::Table,
                _ => {
                    facts.trusted.push(row.text()?);
                    continue;
                }
            };
            let owner = Some(row.text()?).filter(|owner| !owner.is_empty());
            let (is_trusted, list) = (row.count()? > 0, row.text()?);
            facts.objects.push(Object { kind, owner, is_trusted, list, is_of_kind: row.count()? > 0 });
        }
        Ok(facts)
    }

    fn of(&self, kind: Kind) -> Option<&Object> {
        self.objects.iter().find(|object| object.kind == kind)
    }
}

impl Object {
    /// The grantees other than the owner that have more than the harmless privileges.
    fn others(&self, harmless: &str) -> impl Iterator<Item = Grantee> {
        entries(&self.list)
            .filter(move |entry| entry.privileges.chars().any(|letter| !harmless.contains(letter)))
            .map(|entry| entry.grantee)
            .filter(|to| !matches!(to, Grantee::User(name) if Some(name) == self.owner.as_ref()))
    }
}

impl TrustError {
    /// Whether the untrusted record is the run lock.
    pub(super) fn is_of_run_lock(&self) -> bool {
        self.record == RUN_LOCK
    }
}

impl fmt::Display for TrustError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { record, reason } = self;
        let Record { schema, table } = record;
        write!(f, "{record} is not trusted: ")?;
        match reason {
            Reason::Owner { kind, owner } => {
                let name = if *kind == Kind::Schema { (*schema).to_owned() } else { record.to_string() };
                write!(f, "the {} `{name}` belongs to ", kind.name())?;
                match owner {
                    Some(owner) => write!(
                        f,
                        "the user `{owner}`, which is neither a superuser nor the login user, so its content may be \
                         forged. If `{owner}` has run Bootshift, run the same command as `{owner}`; otherwise"
                    )?,
                    None => f.write_str("a user that no longer exists. If you need nothing in it")?,
                }
                write!(
                    f,
                    ", drop it as a superuser (`DROP SCHEMA {schema} CASCADE`), and check which users can create \
                     schemas in this database"
                )
            }
            Reason::Open { kind, to } => write!(
                f,
                "{} can change it. Check that its content is correct (`SELECT * FROM {schema}.{table}`), revoke the \
                 privileges (`{}`), and run the same command again",
                display_name(to),
                record.revocation(*kind, to)
            ),
            Reason::OpenToRole(role) => write!(
                f,
                "the role `{role}` can change it. Check that its content is correct (`SELECT * FROM \
                 {schema}.{table}`), revoke the privileges of the role on it, on its schema or on the database, and \
                 run the same command again"
            ),
            Reason::UnknownPrivileges(kind) => {
                write!(f, "cannot parse the privileges on the {} in the catalog", kind.name())
            }
            Reason::NoTable => write!(
                f,
                "the schema `{schema}`, a reserved name, exists without the table `{table}`: rename the schema, or \
                 drop it"
            ),
            Reason::OtherRelation => write!(
                f,
                "it is not a table. Check what it is, have its owner drop it, and run the same command again"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(kind: Kind, list: &str) -> Facts {
        let object = |kind, list: &str| Object {
            kind,
            owner: Some("admin".to_owned()),
            is_trusted: true,
            list: list.to_owned(),
            is_of_kind: true,
        };
        let other = if kind == Kind::Table { Kind::Schema } else { Kind::Table };
        Facts { objects: vec![object(kind, list), object(other, "")], trusted: vec!["admin".to_owned()] }
    }

    /// Every privilege that is not known to be harmless, even an unknown one, makes a record untrusted; so does a list
    /// that cannot be parsed.
    #[test]
    fn unknown_privileges_and_malformed_lists_are_untrusted() {
        const HARMLESS: [(Kind, &str); 2] = [(Kind::Table, "r*"), (Kind::Schema, "U*")];
        for (kind, harmless) in HARMLESS {
            for letter in ('a'..='z').chain('A'..='Z') {
                for grantee in ["", "mallory", "\"group analysts\"", "group analysts", "\"admin \""] {
                    let facts = facts(kind, &format!("admin=arwdRxtUC/admin\u{1f}{grantee}={letter}/admin"));
                    let is_open = matches!(RUN_LOCK.reason(&facts), Some(Reason::Open { .. }));
                    assert_eq!(is_open, !harmless.contains(letter), "{kind:?}: {grantee}={letter}");
                }
            }
            for list in ["mallory", "mallory=w", "\"mallory=w/admin", "admin=r/admin\u{1f}", "\u{1f}=r/admin"]
            {
                let reason = RUN_LOCK.reason(&facts(kind, list));
                assert_eq!(reason, Some(Reason::UnknownPrivileges(kind)), "{list:?}");
            }
            assert_eq!(RUN_LOCK.reason(&facts(kind, "")), None);
        }
    }
}
