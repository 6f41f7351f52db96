//! Objects that a removal, or a change that drops the impersonation group, also drops, although the setup did not create
//! them.
//!
//! `DROP DATABASE` drops everything in the database; `DROP SCHEMA … CASCADE` everything in the schemas, and views
//! elsewhere that depend on it (<https://docs.aws.amazon.com/redshift/latest/dg/r_DROP_SCHEMA.html>). Neither reports it,
//! so the plan lists these objects before the user confirms. A database that the setup created is dropped with its
//! content; in a database that is kept, objects of other users block the removal. Objects that the account of the setup
//! has created in the three schemas belong to Immuta.
//!
//! Dropping the group also drops memberships, and dropping the impersonation state also drops grants of impersonation.

use std::collections::BTreeMap;
use std::fmt;

use super::dependents::SCHEMAS;
use super::error::StatementError;
use super::facts::{Reader, quoted, unexpected_response};
use super::privilege_list::delimited;
use super::response::{Phase, TestName, TestStatus, ValidationTest};
use super::session::{Row, Session};
use super::snapshot::Snapshot;
use super::trust::{ADMISSIONS, Trust, TrustError, UNAVAILABLE};
use crate::script::{Effect, Function, Object, Schema, Stage, Statement, Table};
use crate::text::printable;

const TEST: TestName = Phase::RemovalValidation.test("No Unrelated Objects Are Dropped");

/// The maximum number of objects in JSON, and of blocking objects; the next run reports the next ones.
const LIMIT: usize = 500;
/// The maximum number of objects in the text of a plan.
const MAX_NAMED: usize = 5;

/// An object that the setup did not create.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DroppedObject {
    /// `schema`, `table`, `view`, `function` or `procedure`; `member`, of the impersonation group; or `impersonator`, a
    /// user that `grant_impersonation` has admitted.
    pub kind: String,
    /// Its schema; for a schema its own name, for a user empty.
    pub schema: String,
    /// Its name; for a function or procedure with the argument types.
    pub name: String,
    /// Its owner; empty if the owner was dropped, or for a user.
    pub owner: String,
}

impl DroppedObject {
    fn user(kind: &str, row: &Row) -> Result<Self, StatementError> {
        let (schema, name, owner) = (String::new(), Reader::new(row).text()?, String::new());
        Ok(Self { kind: kind.to_owned(), schema, name, owner })
    }

    fn read(row: &mut Reader<'_>) -> Result<Self, StatementError> {
        let (kind, schema, name, arguments) = (row.text()?, row.text()?, row.text()?, row.text()?);
        let is_routine = ["function", "procedure"].contains(&kind.as_str());
        let name = if is_routine { format!("{name}({arguments})") } else { name };
        Ok(Self { kind, schema, name, owner: row.text()? })
    }

    /// The first object in the database of the session.
    pub(super) async fn first(session: &Session) -> Result<Option<Self>, StatementError> {
        let query = format!("{}\nORDER BY schema_name, kind, name, arguments\nLIMIT 1", others(&[], None));
        session.rows(&query).await?.first().map(|row| Self::read(&mut Reader::new(row))).transpose()
    }

    /// The statement that drops it.
    pub(super) fn drop(&self) -> String {
        let Self { kind, schema, name, .. } = self;
        let kind = kind.to_ascii_uppercase();
        if kind == "SCHEMA" {
            return format!("DROP SCHEMA {} CASCADE", delimited(name));
        }
        // The argument types are not part of the delimited name.
        let (name, arguments) = match name.rfind('(') {
            Some(at) if ["FUNCTION", "PROCEDURE"].contains(&kind.as_str()) => name.split_at(at),
            _ => (name.as_str(), ""),
        };
        format!("DROP {kind} {}.{}{arguments}", delimited(schema), delimited(name))
    }
}

impl fmt::Display for DroppedObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, schema, name, owner } = self;
        match kind.as_str() {
            "schema" => write!(f, "the schema `{name}`")?,
            "member" => write!(f, "the membership of `{name}` in the impersonation group")?,
            "impersonator" => write!(f, "the right of `{name}` to impersonate")?,
            _ => write!(f, "the {kind} `{schema}.{name}`")?,
        }
        if owner.is_empty() { Ok(()) } else { write!(f, " of `{owner}`") }
    }
}

/// The objects that are also dropped with the database, the schemas, or the impersonation group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AlsoDropped {
    /// Their database; empty if it does not exist, and only users are affected.
    pub database: String,
    /// The number of objects.
    pub count: usize,
    /// The first of them.
    pub objects: Vec<DroppedObject>,
}

impl AlsoDropped {
    /// The text for the plan; `None` if there are no such objects.
    pub(super) fn text(&self) -> Option<String> {
        if self.count == 0 {
            return None;
        }
        let mut named: Vec<String> =
            self.objects.iter().take(MAX_NAMED).map(|object| printable(&object.to_string())).collect();
        if self.count > named.len() {
            named.push(format!("and {} more", self.count - named.len()));
        }
        let objects = if self.count == 1 { "1 object".to_owned() } else { format!("{} objects", self.count) };
        let place = if self.database.is_empty() {
            String::new()
        } else {
            format!(" in `{}`", printable(&self.database))
        };
        Some(format!(
            "Also dropped{place}, although not created by the setup: {objects}: {}\n",
            named.join(", ")
        ))
    }

    /// Adds users before the objects, of which there may be more than the limit.
    pub(super) fn add_users(&mut self, mut users: Vec<DroppedObject>) {
        self.count += users.len();
        users.append(&mut self.objects);
        users.truncate(LIMIT);
        self.objects = users;
    }
}

/// The members of a group.
pub(super) async fn members(session: &Session, group: &str) -> Result<Vec<DroppedObject>, StatementError> {
    let query = format!(
        "SELECT CAST(u.usename AS VARCHAR(127)) AS name FROM pg_catalog.pg_user u, pg_catalog.pg_group g\n\
         WHERE g.groname = {} AND u.usesysid = ANY (g.grolist) ORDER BY name",
        quoted(group)
    );
    session.rows(&query).await?.iter().map(|row| DroppedObject::user("member", row)).collect()
}

impl AffectedObjects {
    /// Adds the users that `grant_impersonation` has admitted. The session is in the database of the payload.
    pub(super) async fn add_impersonators(
        &mut self,
        session: &Session,
        snapshot: &Snapshot,
    ) -> Result<(), StatementError> {
        const QUERY: &str = "SELECT DISTINCT user_name FROM immuta_system.impersonation_grant ORDER BY user_name\nLIMIT 10000";
        if !snapshot.live.has_table(Table::ImpersonationGrant) {
            return Ok(());
        }
        if let Trust::Untrusted(trust_error) = ADMISSIONS.inspect(session).await? {
            self.unread = Some(trust_error);
            return Ok(());
        }
        let rows = match session.rows(QUERY).await {
            // A table that was modified, or that the login user cannot read, does not prevent a removal.
            Err(error) if error.sqlstate().is_some_and(|state| UNAVAILABLE.contains(&state)) => return Ok(()),
            rows => rows?,
        };
        let users = rows.iter().map(|row| DroppedObject::user("impersonator", row));
        self.also_dropped.add_users(users.collect::<Result<_, _>>()?);
        Ok(())
    }
}

/// An object that blocks a removal from a database that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BlockingObject {
    object: DroppedObject,
    database: String,
    /// Whether it is in one of the three schemas. Otherwise it depends on an object in them.
    is_inside: bool,
}

impl fmt::Display for BlockingObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { object, database, is_inside } = self;
        let why = if *is_inside {
            "is not part of the setup, and would be dropped with its schema"
        } else {
            "depends on objects of the setup, and would be dropped with them"
        };
        write!(
            f,
            "{object} in the database `{database}` {why}: save what you need from it, run `{}` there, and then run \
             this command again",
            object.drop()
        )
    }
}

/// The objects that are also dropped, and those that block the removal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct AffectedObjects {
    pub(super) also_dropped: AlsoDropped,
    pub(super) blocking: Vec<BlockingObject>,
    /// Why the users that were admitted to impersonation cannot be listed.
    unread: Option<TrustError>,
}

impl AffectedObjects {
    /// The blocking objects, as failed tests.
    pub(super) fn tests(&self) -> impl Iterator<Item = ValidationTest> {
        self.blocking.iter().map(|blocker| ValidationTest::failed(TEST, blocker.to_string()))
    }

    /// What could not be queried, as warnings.
    pub(super) fn warnings(&self) -> impl Iterator<Item = ValidationTest> {
        self.unread.iter().map(|trust_error| {
            let message = format!("cannot list the users that lose the right to impersonate: {trust_error}");
            ValidationTest::new(TEST, TestStatus::Warning, Some(message))
        })
    }

    /// Inspects the database of the payload, which the session is in.
    pub(super) async fn inspect(session: &Session, snapshot: &Snapshot) -> Result<Self, StatementError> {
        let marker = snapshot.marker();
        let database = marker.names.database.clone();
        if marker.database_created {
            let objects = others(&snapshot.setup, None);
            let (objects, count) = (limited(session, &objects).await?, count(session, &objects).await?);
            return Ok(Self { also_dropped: AlsoDropped { database, count, objects }, ..Self::default() });
        }
        let inside = limited(session, &others(&snapshot.setup, Some(&SCHEMAS))).await?;
        let dependent_views = DependentViews::inspect(session).await?;
        let is_owned_by_account =
            |object: &DroppedObject| marker.user_created && object.owner == marker.names.user;
        let (objects, others): (Vec<_>, Vec<_>) = inside.into_iter().partition(is_owned_by_account);
        let others = others.into_iter().map(|object| (object, true));
        let outside =
            dependent_views.views.values().filter(|(_, view)| !SCHEMAS.contains(&view.schema.as_str()));
        let outside = outside.map(|(_, view)| (view.clone(), false));
        let mut blocking: Vec<BlockingObject> = others
            .chain(outside)
            .map(|(object, is_inside)| BlockingObject { object, database: database.clone(), is_inside })
            .collect();
        // Dependent views come first, so that the statements succeed in this order.
        blocking.sort_by_key(|blocker| std::cmp::Reverse(dependent_views.depth_of(&blocker.object)));
        Ok(Self {
            also_dropped: AlsoDropped { database, count: objects.len(), objects },
            blocking,
            unread: None,
        })
    }
}

/// The views that depend on the three schemas, directly or through other views, by catalog ID: each with the length of its
/// longest chain of dependencies.
#[derive(Default)]
struct DependentViews {
    views: BTreeMap<String, (usize, DroppedObject)>,
}

impl DependentViews {
    async fn inspect(session: &Session) -> Result<Self, StatementError> {
        let mut dependent_views = Self::default();
        let mut from = format!(
            "d.refclassid = k.oid AND k.relname IN ('pg_class', 'pg_proc') AND d.refobjid IN (\n\
             SELECT c.oid FROM pg_catalog.pg_class c, pg_catalog.pg_namespace n WHERE n.oid = c.relnamespace AND n.nspname IN \
             ({0})\n\
             UNION ALL SELECT p.prooid FROM pg_catalog.pg_proc_info p, pg_catalog.pg_namespace n WHERE n.oid = p.pronamespace AND \
             n.nspname IN ({0}))",
            listed(&SCHEMAS)
        );
        // This terminates because views cannot be recursive.
        for depth in 1.. {
            let mut round = Vec::new();
            for row in session.rows(&readers(&from)).await? {
                let mut row = Reader::new(&row);
                let id = row.text()?;
                round.push(id.parse::<u32>().map_err(|_| unexpected_response())?.to_string());
                dependent_views.views.insert(id, (depth, DroppedObject::read(&mut row)?));
            }
            if round.is_empty() {
                break;
            }
            from = format!(
                "d.refclassid = k.oid AND k.relname = 'pg_class' AND d.refobjid IN ({})",
                round.join(", ")
            );
        }
        Ok(dependent_views)
    }

    /// The depth of an object; zero if it is not such a view.
    fn depth_of(&self, object: &DroppedObject) -> usize {
        let found = self.views.values().find(|(_, view)| view == object);
        found.map(|(depth, _)| *depth).unwrap_or_default()
    }
}

/// The query for views whose definition, which is a rule in the catalog, depends on certain objects.
fn readers(from: &str) -> String {
    format!(
        "SELECT DISTINCT v.oid, CAST('view' AS VARCHAR(16)), CAST(n.nspname AS VARCHAR(127)), CAST(v.relname AS VARCHAR(127)),\n\
         CAST('' AS VARCHAR(4096)), CAST(o.usename AS VARCHAR(127))\n\
         FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class k ON k.oid = d.refclassid\n\
         JOIN pg_catalog.pg_depend i ON i.objid = d.objid AND i.classid = d.classid AND i.deptype = 'i'\n\
         JOIN pg_catalog.pg_class v ON v.oid = i.refobjid AND v.relkind = 'v' AND v.oid <> d.refobjid\n\
         JOIN pg_catalog.pg_namespace n ON n.oid = v.relnamespace\n\
         LEFT JOIN pg_catalog.pg_user o ON o.usesysid = v.relowner\n\
         WHERE {from}"
    )
}

/// The query for objects that the setup does not create: in the given schemas, or else in all except system schemas.
fn others(setup: &[Stage], schemas: Option<&[&str]>) -> String {
    let of_schemas = schemas.map_or_else(
        || "n.nspname NOT IN ('information_schema', 'catalog_history') AND n.nspname NOT LIKE 'pg!_%' ESCAPE '!'".to_owned(),
        |schemas| format!("n.nspname IN ({})", listed(schemas)),
    );
    let mut queries = vec![
        format!(
            "SELECT CASE c.relkind WHEN 'v' THEN CAST('view' AS VARCHAR(16)) ELSE CAST('table' AS VARCHAR(16)) END AS kind,\n\
             CAST(n.nspname AS VARCHAR(127)) AS schema_name, CAST(c.relname AS VARCHAR(127)) AS name,\n\
             CAST('' AS VARCHAR(4096)) AS arguments, CAST(o.usename AS VARCHAR(127)) AS owner\n\
             FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace\n\
             LEFT JOIN pg_catalog.pg_user o ON o.usesysid = c.relowner\n\
             WHERE c.relkind IN ('r', 'v') AND {of_schemas}"
        ),
        format!(
            "SELECT CASE p.prokind WHEN 'p' THEN CAST('procedure' AS VARCHAR(16)) ELSE CAST('function' AS VARCHAR(16)) END,\n\
             CAST(n.nspname AS VARCHAR(127)), CAST(p.proname AS VARCHAR(127)),\n\
             CAST(pg_catalog.oidvectortypes(p.proargtypes) AS VARCHAR(4096)), CAST(o.usename AS VARCHAR(127))\n\
             FROM pg_catalog.pg_proc_info p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace\n\
             LEFT JOIN pg_catalog.pg_user o ON o.usesysid = p.proowner\n\
             WHERE {of_schemas}"
        ),
    ];
    if schemas.is_none() {
        queries.push(format!(
            "SELECT CAST('schema' AS VARCHAR(16)), CAST(n.nspname AS VARCHAR(127)), CAST(n.nspname AS VARCHAR(127)),\n\
             CAST('' AS VARCHAR(4096)), CAST(o.usename AS VARCHAR(127))\n\
             FROM pg_catalog.pg_namespace n LEFT JOIN pg_catalog.pg_user o ON o.usesysid = n.nspowner\n\
             WHERE n.nspname NOT IN ('public', {}) AND {of_schemas}",
            listed(&SCHEMAS)
        ));
    }
    let created: Vec<String> = setup
        .iter()
        .flat_map(|stage| &stage.statements)
        .filter_map(CatalogObject::created_by)
        .map(|CatalogObject { kind, schema, name, arguments }| {
            let [kind, schema, name, arguments] = [kind, schema.name(), name, arguments].map(quoted);
            format!("kind = {kind} AND schema_name = {schema} AND name = {name} AND arguments = {arguments}")
        })
        .collect();
    let created =
        if created.is_empty() { String::new() } else { format!("\nWHERE NOT ({})", created.join("\nOR ")) };
    format!("SELECT * FROM (\n{}\n) found{created}", queries.join("\nUNION ALL\n"))
}

async fn limited(session: &Session, query: &str) -> Result<Vec<DroppedObject>, StatementError> {
    let rows =
        session.rows(&format!("{query}\nORDER BY schema_name, kind, name, arguments\nLIMIT {LIMIT}")).await?;
    rows.iter().map(|row| DroppedObject::read(&mut Reader::new(row))).collect()
}

async fn count(session: &Session, query: &str) -> Result<usize, StatementError> {
    let rows = session.rows(&format!("SELECT COUNT(*) FROM (\n{query}\n) counted")).await?;
    let count = Reader::new(rows.first().ok_or_else(unexpected_response)?).count()?;
    usize::try_from(count).map_err(|_| unexpected_response())
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
}

/// What a statement of a setup creates, in terms of the catalog.
#[derive(Debug, PartialEq, Eq)]
struct CatalogObject {
    kind: &'static str,
    schema: Schema,
    name: &'static str,
    /// The argument types in the format of `oidvectortypes`.
    arguments: &'static str,
}

impl CatalogObject {
    fn created_by(statement: &Statement) -> Option<Self> {
        let Effect::Creates(object) = statement.id.effect() else { return None };
        let (kind, schema, name, arguments) = match object {
            Object::Table(table) => ("table", Schema::System, table.name(), ""),
            Object::View(view) => ("view", Schema::System, view.name(), ""),
            Object::Function(function) => match function {
                Function::ListContains => {
                    ("function", Schema::Functions, function.name(), "character varying, character varying")
                }
            },
            Object::Procedure(procedure) => {
                ("procedure", Schema::Procedures, procedure.name(), "character varying")
            }
            Object::Account
            | Object::Group
            | Object::Database
            | Object::Schemas
            | Object::ImpersonationState => return None,
        };
        Some(Self { kind, schema, name, arguments })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::tests::manual_okta;
    use crate::script::{ScriptKind, ScriptOptions, script};

    #[test]
    fn created_object_matches_the_text_of_the_statement() {
        let payload = manual_okta("Correct1horse");
        let script = script(ScriptKind::All, &payload, None, &ScriptOptions::default(), &|_| None).unwrap();
        let mut seen = 0;
        for statement in script.stages.iter().flat_map(|stage| &stage.statements) {
            let text = statement.sql.replace("OR REPLACE ", "");
            let Some(CatalogObject { kind, schema, name, arguments }) = CatalogObject::created_by(statement)
            else {
                let names_object = ["TABLE", "VIEW", "FUNCTION", "PROCEDURE"]
                    .iter()
                    .any(|kind| text.starts_with(&format!("CREATE {kind} ")));
                assert!(!names_object, "{text}");
                continue;
            };
            let start = format!("CREATE {} {}.{name}", kind.to_ascii_uppercase(), schema.name());
            let rest = text.strip_prefix(&start).unwrap_or_else(|| panic!("{start}: {text}"));
            let is_routine = ["function", "procedure"].contains(&kind);
            let written = rest.lines().next().filter(|_| is_routine).unwrap_or_default();
            assert_eq!(
                written.matches("VARCHAR(").count(),
                arguments.matches("character varying").count(),
                "{text}"
            );
            seen += 1;
        }
        assert_eq!(seen, 4 + 1 + 1 + 3);
    }
}
