//! What the catalog says: of the cluster, of the database, of what a set-up there is.
//!
//! Catalogs of the leader node, system tables and user tables are asked in queries of their own, for Redshift refuses
//! to mix them (<https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_functions_leader_node_only.html>).

use std::collections::HashSet;

use super::error::StatementError;
use super::identity::Numbers;
use super::opening::Opening;
use super::session::{Row, Session};
use super::trust::{MARKER, Trust, UNAVAILABLE};
use crate::payload::Payload;
use crate::script::{Effect, StatementId, Table};
use crate::sql::{Identifier, Literal};

/// The names that a set-up is about, as the catalog stores them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Names {
    pub(super) database: String,
    pub(super) user: String,
    /// Empty without impersonation.
    pub(super) group: String,
}

impl Names {
    pub(super) fn of(payload: &Payload) -> Self {
        Self {
            database: payload.database.folded(),
            user: payload.authentication.username().as_str().to_owned(),
            group: payload.impersonation_group().map(Identifier::folded).unwrap_or_default(),
        }
    }
}

/// A literal of a name out of a payload or the catalog, which holds no NUL.
pub(super) fn quoted(text: &str) -> String {
    Literal::new(text).map(|literal| literal.to_string()).unwrap_or_default()
}

/// A delimited name. Where `enable_case_sensitive_identifier` is off, as Immuta needs it, the server folds it
/// (<https://docs.aws.amazon.com/redshift/latest/dg/r_enable_case_sensitive_identifier.html>).
const CASE_PROBE: &str = "Version";

/// What the cluster says in `initialDatabase`.
#[allow(clippy::struct_excessive_bools, reason = "each is an answer of the catalog's of its own")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cluster {
    pub(super) version: String,
    pub(super) login: String,
    pub(super) is_superuser: bool,
    pub(super) may_create_databases: bool,
    /// Whether it may make schemas in `initialDatabase`, as the run lock needs it.
    pub(super) may_create_schemas: bool,
    /// Whether it has roles, which may give rights of which the catalog does not tell.
    pub(super) has_roles: bool,
    pub(super) has_database: bool,
    pub(super) has_user: bool,
    pub(super) has_group: bool,
    /// Those of them that are there, by their numbers.
    pub(super) numbers: Numbers,
    /// Who owns the database; empty if that is nobody.
    pub(super) database_owner: String,
    /// Whether there is a schema for the run lock: see [`run_lock`](super::run_lock).
    pub(super) has_lock_schema: bool,
    pub(super) is_case_sensitive: bool,
}

impl Cluster {
    pub(super) async fn inspect(session: &Session, names: &Names) -> Result<Self, StatementError> {
        let (columns, row) = session.named_row(&Self::query(names)).await?.ok_or_else(unexpected_response)?;
        let mut row = Reader::new(&row);
        let mut cluster = Self {
            version: row.text()?,
            login: row.text()?,
            is_superuser: row.count()? > 0,
            may_create_databases: row.count()? > 0,
            may_create_schemas: row.count()? > 0,
            has_roles: false,
            has_database: row.count()? > 0,
            has_user: row.count()? > 0,
            has_group: row.count()? > 0,
            numbers: Numbers::of(&mut row)?,
            database_owner: row.text()?,
            has_lock_schema: row.count()? > 0,
            // The server's own account of it: a delimited name keeps its case, or does not.
            is_case_sensitive: columns.first().is_some_and(|name| name == CASE_PROBE),
        };
        if !cluster.is_superuser && !cluster.may_create_schemas {
            cluster.has_roles = Self::has_roles(session).await?;
        }
        Ok(cluster)
    }

    async fn has_roles(session: &Session) -> Result<bool, StatementError> {
        const QUERY: &str =
            "SELECT role_name FROM pg_catalog.svv_user_grants WHERE user_name = CURRENT_USER LIMIT 1";
        match session.rows(QUERY).await {
            // Not every cluster has roles.
            Err(error) if error.sqlstate().is_some_and(|state| UNAVAILABLE.contains(&state)) => Ok(false),
            rows => Ok(!rows?.is_empty()),
        }
    }

    fn query(names: &Names) -> String {
        let [database, user, group] = [&names.database, &names.user, &names.group].map(|name| quoted(name));
        let numbers = Numbers::columns(names);
        format!(
            "SELECT pg_catalog.version() AS \"{CASE_PROBE}\", CAST(CURRENT_USER AS VARCHAR(127)),\n\
             (SELECT COUNT(*) FROM pg_catalog.pg_user u WHERE u.usename = CURRENT_USER AND u.usesuper),\n\
             (SELECT COUNT(*) FROM pg_catalog.pg_user u WHERE u.usename = CURRENT_USER AND u.usecreatedb),\n\
             CASE WHEN pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE') THEN 1 ELSE 0 END,\n\
             (SELECT COUNT(*) FROM pg_catalog.pg_database d WHERE d.datname = {database}),\n\
             (SELECT COUNT(*) FROM pg_catalog.pg_user u WHERE u.usename = {user}),\n\
             (SELECT COUNT(*) FROM pg_catalog.pg_group g WHERE g.groname = {group}),\n\
             {numbers},\n\
             (SELECT CAST(o.usename AS VARCHAR(127)) FROM pg_catalog.pg_database d, pg_catalog.pg_user o\n\
             WHERE d.datname = {database} AND o.usesysid = d.datdba),\n\
             (SELECT COUNT(*) FROM pg_catalog.pg_namespace n WHERE n.nspname = 'bootshift_lock')"
        )
    }
}

/// What stands in `database`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct LiveState {
    /// The statements whose effect stands.
    effects: HashSet<StatementId>,
    /// The relations in `immuta_system`.
    relations: Vec<String>,
    /// Those of the three schemas that are there.
    pub(super) schemas: Vec<String>,
    /// What the marker says, if there is one that can be believed.
    pub(super) marker: Option<Marker>,
    /// What the marker is worth.
    pub(super) trust: Trust,
    /// Who may use the tables, where one is not closed.
    pub(super) openings: Vec<Opening>,
}

impl LiveState {
    /// Looks for the effects of statements by their [probes](super::Probes), and for the marker.
    pub(super) async fn inspect(
        session: &Session,
        probes: &[(StatementId, String)],
    ) -> Result<Self, StatementError> {
        let mut live = Self::default();
        let query = Self::query(probes);
        let (found, privileges) = session.rows_of_two(&query, &MARKER.query()).await?;
        for row in &found {
            let mut row = Reader::new(row);
            let (kind, value) = (row.text()?, row.text()?);
            match kind.trim_end() {
                "effect" => {
                    let number: usize = value.parse().map_err(|_| unexpected_response())?;
                    let (id, _) = probes.get(number).ok_or_else(unexpected_response)?;
                    live.effects.insert(*id);
                }
                "relation" => live.relations.push(value),
                _ => live.schemas.push(value),
            }
        }
        if live.has_table(Table::Bootstrap) {
            live.trust = MARKER.evaluate(session, &privileges).await?;
            if matches!(live.trust, Trust::Trusted { .. }) {
                live.marker = Marker::read(session).await?;
            }
        }
        // Of what is not there yet, nobody has anything.
        let is_open = |id| closes_tables(id).is_some() && !live.has(id);
        if live.marker.is_some() && probes.iter().any(|(id, _)| is_open(*id)) {
            live.openings = Opening::inspect(session).await?;
        }
        Ok(live)
    }

    /// A statement goes over, and comes back, by its number.
    fn query(probes: &[(StatementId, String)]) -> String {
        let mut queries = vec![
            "SELECT 'schema' AS kind, CAST(nspname AS VARCHAR(127)) AS fact FROM pg_catalog.pg_namespace\n\
             WHERE nspname IN ('immuta_system', 'immuta_functions', 'immuta_procedures')"
                .to_owned(),
            "SELECT 'relation', CAST(c.relname AS VARCHAR(127)) FROM pg_catalog.pg_class c, pg_catalog.pg_namespace n\n\
             WHERE n.oid = c.relnamespace AND n.nspname = 'immuta_system' AND c.relkind IN ('r', 'v')"
                .to_owned(),
        ];
        let effects = probes.iter().enumerate().map(|(number, (_, probe))| {
            format!("SELECT 'effect', CAST('{number}' AS VARCHAR(127)) FROM ({probe}) e{number}")
        });
        queries.extend(effects);
        queries.join("\nUNION ALL\n")
    }

    /// Whether the effect of a statement stands. Of the marker's row, the marker itself tells.
    pub(super) fn has(&self, id: StatementId) -> bool {
        if id == StatementId::WriteMarker {
            // Of one that is not believed, something else is said.
            return self.marker.is_some() || matches!(self.trust, Trust::Untrusted(_));
        }
        self.effects.contains(&id)
    }

    /// Whether a table, or something else of its name, is there.
    pub(super) fn has_table(&self, table: Table) -> bool {
        self.relations.iter().any(|relation| relation == table.name())
    }

    /// Notes what the cluster says, where the database is not there to ask.
    pub(super) fn of_cluster(cluster: &Cluster) -> Self {
        let stand =
            [(cluster.has_user, StatementId::CreateAccount), (cluster.has_group, StatementId::CreateGroup)];
        let effects = stand.into_iter().filter_map(|(stands, id)| stands.then_some(id)).collect();
        Self { effects, ..Self::default() }
    }
}

/// The tables that a statement closes to everybody, if it does.
pub(super) fn closes_tables(id: StatementId) -> Option<&'static [Table]> {
    match id.effect() {
        Effect::Closes(closed) => Some(closed.tables()).filter(|tables| !tables.is_empty()),
        _ => None,
    }
}

/// Which of database, user and group a set-up made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Marker {
    pub(super) names: Names,
    pub(super) database_created: bool,
    pub(super) user_created: bool,
    pub(super) group_created: bool,
}

impl Marker {
    async fn read(session: &Session) -> Result<Option<Self>, StatementError> {
        const QUERY: &str = "SELECT database_name, user_name, group_name,\n\
            CASE WHEN database_created THEN 1 ELSE 0 END,\n\
            CASE WHEN user_created THEN 1 ELSE 0 END,\n\
            CASE WHEN group_created THEN 1 ELSE 0 END\n\
            FROM immuta_system.bootstrap LIMIT 2";
        let rows = session.rows(QUERY).await?;
        let [row] = rows.as_slice() else { return Ok(None) };
        Self::of(&mut Reader::new(row)).map(Some)
    }

    /// Reads names and flags out of a row.
    pub(super) fn of(row: &mut Reader<'_>) -> Result<Self, StatementError> {
        Ok(Self {
            names: Names { database: row.text()?, user: row.text()?, group: row.text()? },
            database_created: row.count()? > 0,
            user_created: row.count()? > 0,
            group_created: row.count()? > 0,
        })
    }
}

/// Reads a row, column by column.
pub(super) struct Reader<'r>(std::slice::Iter<'r, Option<String>>);

impl<'r> Reader<'r> {
    pub(super) fn new(row: &'r Row) -> Self {
        Self(row.iter())
    }

    /// A text; NULL is an empty one.
    pub(super) fn text(&mut self) -> Result<String, StatementError> {
        Ok(self.0.next().ok_or_else(unexpected_response)?.clone().unwrap_or_default())
    }

    pub(super) fn count(&mut self) -> Result<i64, StatementError> {
        self.text()?.parse().map_err(|_| unexpected_response())
    }
}

pub(super) fn unexpected_response() -> StatementError {
    StatementError::Lost("unexpected response from the server".to_owned())
}
