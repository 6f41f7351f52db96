//! Facts from the catalog: about the cluster, the database and the setup.
//!
//! Catalogs of the leader node, system tables and user tables are queried separately, because Redshift does not allow
//! to mix them (<https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_functions_leader_node_only.html>).

use std::collections::HashSet;

use super::error::StatementError;
use super::holder::OwnSession;
use super::identity::CatalogIds;
use super::response::{Phase, TestStatus, ValidationTest};
use super::session::{Row, Session, named_row, rows_of};
use super::session_list::Which;
use super::table_grant::TableGrant;
use super::trust::{MARKER, Trust, UNAVAILABLE};
use super::unlisted_grant::UnlistedGrant;
use super::view_definition::ViewDefinition;
use crate::payload::Payload;
use crate::script::{Effect, SETUP_VERSION, StatementId, Table, View, is_upgraded};
use crate::sql::{Identifier, Literal};

/// The names of the objects of a setup, as the catalog stores them.
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

/// A SQL literal of a name from a payload or the catalog, which contains no NUL.
pub(super) fn quoted(text: &str) -> String {
    Literal::new(text).map(|literal| literal.to_string()).unwrap_or_default()
}

/// A delimited name. If `enable_case_sensitive_identifier` is off, as Immuta requires, the server folds it
/// (<https://docs.aws.amazon.com/redshift/latest/dg/r_enable_case_sensitive_identifier.html>).
const CASE_PROBE: &str = "Version";

/// The facts about the cluster, queried in `initialDatabase`.
#[allow(clippy::struct_excessive_bools, reason = "each is a separate fact")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cluster {
    pub(super) version: String,
    pub(super) login: String,
    pub(super) is_superuser: bool,
    pub(super) may_create_databases: bool,
    /// Whether the login user can create schemas in `initialDatabase`, as the run lock requires.
    pub(super) may_create_schemas: bool,
    /// Whether the login user has roles, which may have privileges that are not in the catalog.
    pub(super) has_roles: bool,
    pub(super) has_database: bool,
    pub(super) has_user: bool,
    pub(super) has_group: bool,
    /// The catalog IDs of the objects that exist.
    pub(super) ids: CatalogIds,
    /// The owner of the database; empty if there is none.
    pub(super) database_owner: String,
    /// Whether the schema of the [run lock](super::run_lock) exists.
    pub(super) has_lock_schema: bool,
    pub(super) is_case_sensitive: bool,
    /// The session that queried them.
    pub(super) own: OwnSession,
}

impl Cluster {
    pub(super) async fn inspect(session: &Session, names: &Names) -> Result<Self, StatementError> {
        let [facts, listed] = session.query_each([&Self::query(names), &Which::Own.query()]).await;
        let listed = listed.and_then(|response| rows_of(&response));
        let (columns, row) = named_row(&facts?)?;
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
            ids: CatalogIds::of(&mut row)?,
            database_owner: row.text()?,
            has_lock_schema: row.count()? > 0,
            // Whether the server keeps the case of a delimited name.
            is_case_sensitive: columns.first().is_some_and(|name| name == CASE_PROBE),
            own: OwnSession::of(session, &mut row, listed).await?,
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
        let ids = CatalogIds::columns(names);
        format!(
            "SELECT pg_catalog.version() AS \"{CASE_PROBE}\", CAST(CURRENT_USER AS VARCHAR(127)),\n\
             (SELECT COUNT(*) FROM pg_catalog.pg_user u WHERE u.usename = CURRENT_USER AND u.usesuper),\n\
             (SELECT COUNT(*) FROM pg_catalog.pg_user u WHERE u.usename = CURRENT_USER AND u.usecreatedb),\n\
             CASE WHEN pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE') THEN 1 ELSE 0 END,\n\
             (SELECT COUNT(*) FROM pg_catalog.pg_database d WHERE d.datname = {database}),\n\
             (SELECT COUNT(*) FROM pg_catalog.pg_user u WHERE u.usename = {user}),\n\
             (SELECT COUNT(*) FROM pg_catalog.pg_group g WHERE g.groname = {group}),\n\
             {ids},\n\
             (SELECT CAST(o.usename AS VARCHAR(127)) FROM pg_catalog.pg_database d, pg_catalog.pg_user o\n\
             WHERE d.datname = {database} AND o.usesysid = d.datdba),\n\
             (SELECT COUNT(*) FROM pg_catalog.pg_namespace n WHERE n.nspname = 'bootshift_lock'),\n\
             pg_catalog.pg_backend_pid()"
        )
    }
}

/// The live state of the setup in `database`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct LiveState {
    /// The statements whose effect is present.
    effects: HashSet<StatementId>,
    /// The statements whose effect cannot be determined, and the error.
    unknown: Vec<(StatementId, String)>,
    /// The relations in `immuta_system`.
    relations: Vec<String>,
    /// The existing ones of the three schemas.
    pub(super) schemas: Vec<String>,
    /// The marker, if there is one and it is trusted.
    pub(super) marker: Option<Marker>,
    /// The [version](SETUP_VERSION) of the setup, if there is a marker.
    pub(super) version: Option<u32>,
    /// Whether the marker has the version of the setup.
    is_versioned: bool,
    /// Whether the marker is trusted.
    pub(super) trust: Trust,
    /// The privileges on the tables, if one of them has unexpected privileges.
    pub(super) table_grants: Vec<TableGrant>,
    /// Unexpected privileges that are not in access control lists.
    pub(super) unlisted_grants: Vec<UnlistedGrant>,
}

impl LiveState {
    /// Queries the effects of statements with their [probes](super::Probes), whether the view has its definition, and the
    /// marker.
    pub(super) async fn inspect(
        session: &Session,
        probes: &[(StatementId, String)],
        view: Option<&ViewDefinition>,
    ) -> Result<Self, StatementError> {
        let mut live = Self::default();
        let query = Self::queries(probes).join("\nUNION ALL\n");
        let queries = [&query, &MARKER.query(), ViewDefinition::QUERY];
        let [found, privileges, printed] = session.rows_of_each(queries).await;
        let (found, privileges) = match found {
            // A probe that fails must not hide the others.
            Err(StatementError::Server(_)) => (live.rows_of_each(session, probes).await?, privileges?),
            found => (found?, privileges?),
        };
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
                "versioned" => live.is_versioned = true,
                _ => live.schemas.push(value),
            }
        }
        if let Some(view) = view {
            live.compare_view(view, printed)?;
        }
        if live.has_table(Table::Bootstrap) {
            live.trust = MARKER.evaluate(&privileges)?;
        }
        if matches!(live.trust, Trust::Trusted { .. }) {
            // It is a table of a trusted user, so reading it is safe, even if other users can change it.
            let marker = Marker::query(live.is_versioned);
            let queries = [&marker, &MARKER.views_query(), UnlistedGrant::QUERY];
            let [marker, views, unlisted] = session.rows_of_each(queries).await;
            live.trust = MARKER.evaluate_views(&privileges, views)?;
            if matches!(live.trust, Trust::Trusted { .. }) {
                (live.marker, live.version) = Marker::read(&marker?)?.unzip();
                live.unlisted_grants = UnlistedGrant::read(unlisted)?;
            }
        }
        if live.is_outdated() {
            // What the upgrade changes is no drift.
            live.effects.extend(probes.iter().map(|(id, _)| *id).filter(|id| is_upgraded(*id)));
        }
        // Without a marker there are no tables yet, so no privileges on them.
        let is_open = |id| revoked_tables(id).is_some() && !live.has(id);
        if live.marker.is_some() && probes.iter().any(|(id, _)| is_open(*id)) {
            live.table_grants = TableGrant::inspect(session).await?;
        }
        Ok(live)
    }

    /// Compares the existing view with its definition.
    fn compare_view(
        &mut self,
        view: &ViewDefinition,
        printed: Result<Vec<Row>, StatementError>,
    ) -> Result<(), StatementError> {
        const ID: StatementId = StatementId::CreateView(View::UserProfile);
        if !self.effects.contains(&ID) {
            return Ok(());
        }
        let error = match printed {
            Err(StatementError::Server(error)) => error.to_string(),
            printed => match view.is_in(&printed?)? {
                Some(true) => return Ok(()),
                Some(false) => {
                    self.effects.remove(&ID);
                    return Ok(());
                }
                None => "the server does not print its definition".to_owned(),
            },
        };
        self.unknown.push((ID, error));
        Ok(())
    }

    /// Runs the queries one by one, and notes the probes that fail.
    async fn rows_of_each(
        &mut self,
        session: &Session,
        probes: &[(StatementId, String)],
    ) -> Result<Vec<Row>, StatementError> {
        let queries = Self::queries(probes);
        let (others, effects) = queries.split_at(queries.len() - probes.len());
        let mut rows = session.rows(&others.join("\nUNION ALL\n")).await?;
        for ((id, _), query) in probes.iter().zip(effects) {
            match session.rows(query).await {
                Err(StatementError::Server(error)) => self.unknown.push((*id, error.to_string())),
                result => rows.extend(result?),
            }
        }
        Ok(rows)
    }

    /// The queries for schemas, relations and effects, the effects last. Statements are identified by their index.
    fn queries(probes: &[(StatementId, String)]) -> Vec<String> {
        let mut queries = vec![
            "SELECT 'schema' AS kind, CAST(nspname AS VARCHAR(127)) AS fact FROM pg_catalog.pg_namespace\n\
             WHERE nspname IN ('immuta_system', 'immuta_functions', 'immuta_procedures')"
                .to_owned(),
            "SELECT 'versioned', CAST(a.attname AS VARCHAR(127))\n\
             FROM pg_catalog.pg_attribute a, pg_catalog.pg_class c, pg_catalog.pg_namespace n\n\
             WHERE c.oid = a.attrelid AND n.oid = c.relnamespace AND n.nspname = 'immuta_system' AND c.relname = 'bootstrap'\n\
             AND a.attname = 'setup_version'"
                .to_owned(),
            "SELECT 'relation', CAST(c.relname AS VARCHAR(127)) FROM pg_catalog.pg_class c, pg_catalog.pg_namespace n\n\
             WHERE n.oid = c.relnamespace AND n.nspname = 'immuta_system' AND c.relkind IN ('r', 'v')"
                .to_owned(),
        ];
        let effects = probes.iter().enumerate().map(|(number, (_, probe))| {
            format!("SELECT 'effect', CAST('{number}' AS VARCHAR(127)) FROM ({probe}) e{number}")
        });
        queries.extend(effects);
        queries
    }

    /// Whether the effect of a statement is present, or cannot be determined. For the row of the marker, this is the marker
    /// itself.
    pub(super) fn has(&self, id: StatementId) -> bool {
        if id == StatementId::WriteMarker {
            // An untrusted marker is reported separately.
            return self.marker.is_some() || matches!(self.trust, Trust::Untrusted(_));
        }
        self.effects.contains(&id) || self.unknown.iter().any(|(unknown, _)| *unknown == id)
    }

    /// The statements whose effect could not be determined, as warnings.
    pub(super) fn unknown_tests(&self) -> impl Iterator<Item = ValidationTest> {
        self.unknown.iter().map(|(id, error)| {
            let message = format!("cannot determine whether it is in effect: {error}");
            ValidationTest::new(Phase::Setup.of_statement(*id), TestStatus::Warning, Some(message))
        })
    }

    /// Whether an earlier version of Bootshift created the setup.
    pub(super) fn is_outdated(&self) -> bool {
        self.version.is_some_and(|version| version < SETUP_VERSION)
    }

    /// Whether a later version of Bootshift created the setup.
    pub(super) fn is_of_later_version(&self) -> bool {
        self.version.is_some_and(|version| version > SETUP_VERSION)
    }

    /// Whether a table, or another relation of its name, exists.
    pub(super) fn has_table(&self, table: Table) -> bool {
        self.relations.iter().any(|relation| relation == table.name())
    }

    /// The live state if the database does not exist: only what belongs to the whole cluster.
    pub(super) fn of_cluster(cluster: &Cluster) -> Self {
        let effects =
            [(cluster.has_user, StatementId::CreateAccount), (cluster.has_group, StatementId::CreateGroup)];
        let effects = effects.into_iter().filter_map(|(is_present, id)| is_present.then_some(id)).collect();
        Self { effects, ..Self::default() }
    }
}

/// The tables that a statement revokes all privileges on, if it is such a statement.
pub(super) fn revoked_tables(id: StatementId) -> Option<&'static [Table]> {
    match id.effect() {
        Effect::Closes(closed) => Some(closed.tables()).filter(|tables| !tables.is_empty()),
        _ => None,
    }
}

/// The names of a setup, and which of database, user and group it created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Marker {
    pub(super) names: Names,
    pub(super) database_created: bool,
    pub(super) user_created: bool,
    pub(super) group_created: bool,
}

impl Marker {
    /// The query for the marker, and the version of the setup: 1 if the marker has none.
    fn query(is_versioned: bool) -> String {
        let version = if is_versioned { "setup_version" } else { "1" };
        format!(
            "SELECT database_name, user_name, group_name,\n\
             CASE WHEN database_created THEN 1 ELSE 0 END,\n\
             CASE WHEN user_created THEN 1 ELSE 0 END,\n\
             CASE WHEN group_created THEN 1 ELSE 0 END,\n\
             {version}\n\
             FROM immuta_system.bootstrap LIMIT 2"
        )
    }

    fn read(rows: &[Row]) -> Result<Option<(Self, u32)>, StatementError> {
        let [row] = rows else { return Ok(None) };
        let mut row = Reader::new(row);
        let marker = Self::of(&mut row)?;
        let version = u32::try_from(row.count()?).map_err(|_| unexpected_response())?;
        Ok(Some((marker, version)))
    }

    /// Reads names and flags from a row.
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

    /// The next column as text; NULL is read as an empty string.
    pub(super) fn text(&mut self) -> Result<String, StatementError> {
        Ok(self.0.next().ok_or_else(unexpected_response)?.clone().unwrap_or_default())
    }

    pub(super) fn count(&mut self) -> Result<i64, StatementError> {
        self.text()?.parse().map_err(|_| unexpected_response())
    }
}

pub(super) fn unexpected_response() -> StatementError {
    StatementError::ConnectionLost("unexpected response from the server".to_owned())
}
