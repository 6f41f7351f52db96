//! What a cluster is, and what the login user may do there.

use super::assumption::{expect, run};
use super::patch::patch_of;
use super::trial::{Trial, Trials};
use crate::runner::error::{ConnectError, StatementError};
use crate::runner::facts::{Reader, quoted, unexpected_response};
use crate::runner::session::{Row, Session};

/// The kind of cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A provisioned cluster in one availability zone.
    Provisioned,
    /// A Serverless workgroup.
    Serverless,
    /// A Multi-AZ cluster.
    MultiAz,
}

/// What the cluster is. `None` is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cluster {
    /// The version of Redshift.
    pub(crate) version: String,
    /// The patch that it belongs to.
    pub(crate) patch: Option<u16>,
    pub(crate) kind: Option<Kind>,
    /// The isolation level of the database.
    pub(crate) isolation: Option<String>,
    pub(crate) is_case_sensitive: Option<bool>,
    pub(crate) is_encrypted: bool,
    /// Whether consecutive failed logins lock a user.
    pub(crate) has_lockout: Option<bool>,
    /// The number of failed logins that lock a user.
    pub(crate) max_failed_logins: Option<u32>,
    /// Whether users who are not superusers see less of the catalog.
    pub(crate) has_metadata_security: Option<bool>,
    /// How many statements of the trials conflicted with a concurrent transaction.
    pub(crate) conflicts: usize,
}

/// What the login user may do. `None` is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct User {
    pub(crate) is_superuser: bool,
    pub(crate) may_create_databases: bool,
    pub(crate) may_create_schemas: Option<bool>,
    pub(crate) may_create_users: Option<bool>,
    pub(crate) may_create_groups: Option<bool>,
}

/// SQLSTATE `insufficient_privilege`.
const DENIED: &str = "42501";

impl Cluster {
    pub(super) async fn inspect(session: &Session, database: &str) -> Result<Self, StatementError> {
        let version = value(session, "SELECT pg_catalog.version()").await?.unwrap_or_default();
        let version = redshift_version(&version).unwrap_or_default();
        let shown = value(session, "SHOW enable_case_sensitive_identifier").await?;
        let lockout = outcome(session.rows("SHOW USER LOCKOUT").await)?;
        let limit = value(session, "SHOW max_failed_login_attempts").await?;
        Ok(Self {
            version: version.to_owned(),
            patch: patch_of(version),
            kind: Kind::inspect(session).await?,
            isolation: isolation(session, database).await?,
            is_case_sensitive: shown.map(|shown| shown == "on" || shown == "true"),
            is_encrypted: session.is_encrypted(),
            // Only superusers may run it. Clusters without it do not know the statement.
            has_lockout: Some(lockout.is_ok() || lockout == Err(DENIED.to_owned())),
            max_failed_logins: limit.and_then(|limit| limit.parse().ok()),
            has_metadata_security: None,
            conflicts: 0,
        })
    }
}

impl Kind {
    /// Determines the kind by the system tables that are denied
    /// (<https://docs.aws.amazon.com/redshift/latest/dg/cm_chap_system-tables.html>).
    async fn inspect(session: &Session) -> Result<Option<Self>, StatementError> {
        const STV: &str = "SELECT 1 FROM pg_catalog.stv_sessions LIMIT 1";
        const SVV: &str = "SELECT 1 FROM pg_catalog.svv_relation_privileges LIMIT 1";
        match outcome(session.rows(STV).await)? {
            Ok(_) => return Ok(Some(Self::Provisioned)),
            Err(state) if state == DENIED => {}
            Err(_) => return Ok(None),
        }
        Ok(match outcome(session.rows(SVV).await)? {
            Ok(_) => Some(Self::Serverless),
            Err(state) if state == DENIED => Some(Self::MultiAz),
            Err(_) => None,
        })
    }
}

impl User {
    /// Reads the attributes of the login user from the catalog, and tries what it may create.
    pub(super) async fn inspect(
        trials: &mut Trials<'_>,
    ) -> Result<Result<Self, StatementError>, ConnectError> {
        const QUERY: &str = "SELECT CASE WHEN u.usesuper THEN 1 ELSE 0 END, CASE WHEN u.usecreatedb THEN 1 ELSE 0 END\n\
                             FROM pg_catalog.pg_user u WHERE u.usename = CURRENT_USER";
        let (is_superuser, may_create_databases) =
            match trials.session().rows(QUERY).await.and_then(|rows| attributes(&rows)) {
                Ok(attributes) => attributes,
                Err(error) => return Ok(Err(error)),
            };
        Ok(Ok(Self {
            is_superuser,
            may_create_databases: is_superuser || may_create_databases,
            may_create_schemas: may(trials, "CREATE SCHEMA {name}").await?,
            may_create_users: may(trials, "CREATE USER {name} PASSWORD DISABLE").await?,
            may_create_groups: may(trials, "CREATE GROUP {name}").await?,
        }))
    }

    /// Whether users who are not superusers see less of the catalog. A superuser asks as a new user
    /// (<https://docs.aws.amazon.com/redshift/latest/dg/r_SET_SESSION_AUTHORIZATION.html>).
    pub(super) async fn metadata_security(
        self,
        trials: &mut Trials<'_>,
    ) -> Result<Option<bool>, ConnectError> {
        const OTHER_USERS: &str = "SELECT COUNT(*) FROM pg_catalog.pg_user u WHERE u.usename <> CURRENT_USER";
        let steps = if self.is_superuser {
            vec![
                run("CREATE SCHEMA {name}"),
                run("CREATE USER {name} PASSWORD DISABLE"),
                run("SET LOCAL SESSION AUTHORIZATION {name}"),
                // Hidden is either the other users or the closed schema.
                expect(
                    format!(
                        "SELECT ({OTHER_USERS})\n\
                         * (SELECT COUNT(*) FROM pg_catalog.pg_namespace n WHERE n.nspname = '{{name}}')"
                    ),
                    "0",
                ),
            ]
        } else {
            vec![expect(OTHER_USERS, "0")]
        };
        Ok(match trials.try_steps(&steps).await? {
            Trial::Held => Some(true),
            Trial::Failed(error) if error.sqlstate.is_none() => Some(false),
            Trial::Failed(_) | Trial::Conflicted(_) => None,
        })
    }
}

/// Whether the user may run a statement.
async fn may(trials: &mut Trials<'_>, sql: &str) -> Result<Option<bool>, ConnectError> {
    Ok(match trials.try_steps(&[run(sql)]).await? {
        Trial::Held => Some(true),
        Trial::Failed(error) if error.sqlstate.as_deref() == Some(DENIED) => Some(false),
        Trial::Failed(_) | Trial::Conflicted(_) => None,
    })
}

fn attributes(rows: &[Row]) -> Result<(bool, bool), StatementError> {
    let mut row = Reader::new(rows.first().ok_or_else(unexpected_response)?);
    Ok((row.count()? > 0, row.count()? > 0))
}

/// The isolation level of the database, or else that of the session.
async fn isolation(session: &Session, database: &str) -> Result<Option<String>, StatementError> {
    let query = format!(
        "SELECT database_isolation_level FROM pg_catalog.svv_redshift_databases WHERE database_name = {}",
        quoted(database)
    );
    let level = match value(session, &query).await? {
        Some(level) => Some(level),
        None => value(session, "SHOW TRANSACTION ISOLATION LEVEL").await?,
    };
    let is_level =
        |level: &String| level.bytes().all(|byte| byte.is_ascii_alphabetic() || b" _".contains(&byte));
    Ok(level.map(|level| level.trim().to_ascii_lowercase()).filter(is_level))
}

/// The first value of a query; `None` also if the server reports an error.
async fn value(session: &Session, sql: &str) -> Result<Option<String>, StatementError> {
    let rows = outcome(session.rows(sql).await)?;
    Ok(rows.ok().and_then(|rows| rows.first()?.first()?.clone()))
}

/// Separates errors of the server, as SQLSTATEs, from those of the connection.
fn outcome<T>(result: Result<T, StatementError>) -> Result<Result<T, String>, StatementError> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(StatementError::Server(error)) => Ok(Err(error.sqlstate)),
        Err(error) => Err(error),
    }
}

/// The number after `Redshift` in the version of the server.
fn redshift_version(version: &str) -> Option<&str> {
    let (_, rest) = version.split_once("Redshift")?;
    let is_number = |c: char| c.is_ascii_digit() || c == '.';
    rest.trim_start().split(|c| !is_number(c)).next()
}
