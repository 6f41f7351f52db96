//! The catalog queries.

use super::super::error::StatementError;
use super::super::facts::{Reader, quoted, unexpected_response};
use super::super::session::{Row, Session};
use super::{Dependents, LIMIT, Principals};

impl Principals {
    /// The condition that the user owns an object, or that its access control list may contain the user or group. The
    /// list is parsed on the client, because the server cannot compare the names in it.
    fn condition(&self, owner: &str, list: &str) -> String {
        let text = format!(
            "COALESCE(pg_catalog.chr(31) || REPLACE(pg_catalog.array_to_string({list}, pg_catalog.chr(31)), '\"', '') || pg_catalog.chr(31), '')"
        );
        let names = |before: &str, name: &str, after: &str| {
            let name = quoted(&name.replace('"', ""));
            format!("STRPOS({text}, {before} || {name} || {after}) > 0")
        };
        let mut conditions = Vec::new();
        if let Some(user) = &self.user {
            conditions.push(format!("{owner} = {}", quoted(user)));
            conditions.push(names("pg_catalog.chr(31)", user, "'='"));
            conditions.push(names("'/'", user, "pg_catalog.chr(31)"));
        }
        if let Some(group) = &self.group {
            conditions.push(names("pg_catalog.chr(31)", &format!("group {group}"), "'='"));
        }
        format!("({})", conditions.join("\n    OR "))
    }

    pub(super) fn objects_query(&self, is_first: bool) -> String {
        let mut queries = vec![
            format!(
                "SELECT 'schema' AS kind, CAST('' AS VARCHAR(127)) AS schema_name, CAST(n.nspname AS VARCHAR(127)) AS name,\n\
                 CAST('' AS VARCHAR(4096)) AS detail, CAST(o.usename AS VARCHAR(127)) AS owner,\n\
                 pg_catalog.array_to_string(n.nspacl, pg_catalog.chr(31)) AS list\n\
                 FROM pg_catalog.pg_namespace n LEFT JOIN pg_catalog.pg_user o ON o.usesysid = n.nspowner\n\
                 WHERE {}",
                self.condition("o.usename", "n.nspacl")
            ),
            format!(
                "SELECT CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END, CAST(n.nspname AS VARCHAR(127)),\n\
                 CAST(c.relname AS VARCHAR(127)), '', CAST(o.usename AS VARCHAR(127)), pg_catalog.array_to_string(c.relacl, pg_catalog.chr(31))\n\
                 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace\n\
                 LEFT JOIN pg_catalog.pg_user o ON o.usesysid = c.relowner\n\
                 WHERE c.relkind IN ('r', 'v') AND {}",
                self.condition("o.usename", "c.relacl")
            ),
        ];
        if is_first {
            queries.push(format!(
                "SELECT 'database', '', CAST(d.datname AS VARCHAR(127)), '', CAST(o.usename AS VARCHAR(127)),\n\
                 pg_catalog.array_to_string(d.datacl, pg_catalog.chr(31))\n\
                 FROM pg_catalog.pg_database d LEFT JOIN pg_catalog.pg_user o ON o.usesysid = d.datdba\n\
                 WHERE {}",
                self.condition("o.usename", "d.datacl")
            ));
        }
        united(&queries)
    }

    pub(super) fn routines_query(&self) -> String {
        united(&[
            format!(
                "SELECT CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END AS kind,\n\
                 CAST(n.nspname AS VARCHAR(127)) AS schema_name, CAST(p.proname AS VARCHAR(127)) AS name,\n\
                 CAST(pg_catalog.oidvectortypes(p.proargtypes) AS VARCHAR(4096)) AS detail, CAST(o.usename AS VARCHAR(127)) AS owner,\n\
                 pg_catalog.array_to_string(p.proacl, pg_catalog.chr(31)) AS list\n\
                 FROM pg_catalog.pg_proc_info p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace\n\
                 LEFT JOIN pg_catalog.pg_user o ON o.usesysid = p.proowner\n\
                 WHERE {}",
                self.condition("o.usename", "p.proacl")
            ),
            format!(
                "SELECT 'language', '', CAST(l.lanname AS VARCHAR(127)), '', '', pg_catalog.array_to_string(l.lanacl, pg_catalog.chr(31))\n\
                 FROM pg_catalog.pg_language l\n\
                 WHERE {}",
                self.condition("''", "l.lanacl")
            ),
            format!(
                "SELECT CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'p' THEN 'procedures' ELSE 'functions' END,\n\
                 CAST(n.nspname AS VARCHAR(127)), '', '', CAST(o.usename AS VARCHAR(127)),\n\
                 pg_catalog.array_to_string(d.defaclacl, pg_catalog.chr(31))\n\
                 FROM pg_catalog.pg_default_acl d LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace\n\
                 LEFT JOIN pg_catalog.pg_user o ON o.usesysid = d.defacluser\n\
                 WHERE {}",
                self.condition("o.usename", "d.defaclacl")
            ),
        ])
    }

    /// Column privileges have lists of their own, which the catalog of PostgreSQL 8.0 does not have
    /// (<https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_COLUMN_PRIVILEGES.html>).
    pub(super) fn columns_query(&self) -> String {
        let condition = |kind: &str, name: &Option<String>| {
            let name = quoted(name.as_ref()?);
            Some(format!("identity_type = '{kind}' AND identity_name = {name}"))
        };
        let conditions: Vec<String> =
            [condition("user", &self.user), condition("group", &self.group)].into_iter().flatten().collect();
        format!(
            "SELECT namespace_name, relation_name, column_name, privilege_type, identity_type, identity_name\n\
             FROM pg_catalog.svv_column_privileges\n\
             WHERE {}",
            conditions.join(" OR ")
        )
    }
}

fn united(queries: &[String]) -> String {
    format!("SELECT * FROM (\n{}\n) dependents", queries.join("\nUNION ALL\n"))
}

/// The first rows of a query; counts the rest.
pub(super) async fn limited(
    session: &Session,
    query: &str,
    dependents: &mut Dependents,
) -> Result<Vec<Row>, StatementError> {
    let rows = session.rows(&format!("{query}\nLIMIT {LIMIT}")).await?;
    if rows.len() == LIMIT {
        let counts = session.rows(&format!("SELECT COUNT(*) FROM (\n{query}\n) counted")).await?;
        let count = Reader::new(counts.first().ok_or_else(unexpected_response)?).count()?;
        dependents.more += usize::try_from(count).map_err(|_| unexpected_response())?.saturating_sub(LIMIT);
    }
    Ok(rows)
}
