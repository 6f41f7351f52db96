//! Unexpected privileges on restricted tables of the setup, with the statements that revoke them.
//!
//! The access control lists in the catalog contain users and groups, but not roles.

use std::fmt;

use super::error::StatementError;
use super::facts::Reader;
use super::privilege_list::{Grantee, display_name, entries, sql_of};
use super::session::Session;
use crate::script::Table;

/// A privilege on a table of a grantee that is neither its owner nor a superuser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TableGrant {
    /// The name of the table in `immuta_system`.
    table: String,
    grantee: Grantee,
    /// The letters of the access control list.
    privileges: String,
    /// The user that must revoke it, if not the owner.
    grantor: Option<String>,
}

impl TableGrant {
    /// Inspects the tables in `immuta_system`.
    pub(super) async fn inspect(session: &Session) -> Result<Vec<Self>, StatementError> {
        const TABLES: &str = "SELECT CAST(c.relname AS VARCHAR(127)), CAST(o.usename AS VARCHAR(127)),\n\
            pg_catalog.array_to_string(c.relacl, pg_catalog.chr(31))\n\
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace\n\
            LEFT JOIN pg_catalog.pg_user o ON o.usesysid = c.relowner\n\
            WHERE n.nspname = 'immuta_system' AND c.relkind = 'r' ORDER BY c.relname";
        const SUPERUSERS: &str =
            "SELECT CAST(u.usename AS VARCHAR(127)) FROM pg_catalog.pg_user u WHERE u.usesuper";
        let [tables, superusers] = session.rows_of_each([TABLES, SUPERUSERS]).await;
        let (tables, superusers) = (tables?, superusers?);
        let superusers: Vec<String> =
            superusers.iter().map(|row| Reader::new(row).text()).collect::<Result<_, _>>()?;
        let mut table_grants = Vec::new();
        for row in &tables {
            let mut row = Reader::new(row);
            let (table, owner, list) = (row.text()?, row.text()?, row.text()?);
            let others = entries(&list).filter(
                |entry| !matches!(&entry.grantee, Grantee::User(name) if *name == owner || superusers.contains(name)),
            );
            let of_table: Vec<Self> = others
                .map(|entry| Self {
                    table: table.clone(),
                    grantee: entry.grantee,
                    privileges: entry.privileges.to_owned(),
                    grantor: Some(entry.grantor).filter(|grantor| *grantor != owner),
                })
                .collect();
            // Privileges that a grantee granted on come later in the list, and must be revoked first.
            table_grants.extend(of_table.into_iter().rev());
        }
        Ok(table_grants)
    }

    /// Whether it is on one of these tables.
    pub(super) fn is_of(&self, tables: &[Table]) -> bool {
        tables.iter().any(|table| table.name() == self.table)
    }

    /// Whether the setup grants this to the system account.
    pub(super) fn is_intended(&self, account: &str) -> bool {
        let is_its = matches!(&self.grantee, Grantee::User(name) if name == account);
        is_its && (self.is_of(&[Table::Profile]) || self.is_of(&[Table::Bootstrap]) && self.privileges == "r")
    }

    /// Whether it is granted to PUBLIC, which the setup revokes.
    pub(super) fn is_public(&self) -> bool {
        self.grantee == Grantee::Public
    }
}

impl fmt::Display for TableGrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table, grantee, grantor, .. } = self;
        write!(
            f,
            "{} can access the table `immuta_system.{table}`: run `REVOKE ALL PRIVILEGES ON TABLE immuta_system.{table} \
             FROM {}`",
            display_name(grantee),
            sql_of(grantee)
        )?;
        match grantor {
            Some(grantor) => write!(f, ", as `{grantor}` (the grantor)"),
            None => Ok(()),
        }
    }
}
