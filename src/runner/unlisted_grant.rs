//! Unexpected privileges that are not in the access control lists of the catalog: those of roles, and scoped ones, on all
//! tables or functions of a schema.
//!
//! AWS recommends the system views for them
//! (<https://docs.aws.amazon.com/redshift/latest/mgmt/discovering-metadata-system-tables.html>).

use std::fmt;

use super::error::StatementError;
use super::facts::Reader;
use super::response::{Phase, TestName, ValidationTest};
use super::session::Row;
use super::trust::UNAVAILABLE;

const TEST: TestName = Phase::Setup.test("No Unexpected Privileges Of Roles Or On Whole Schemas");

/// A privilege of a role on an object, or of any grantee on all objects of a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct UnlistedGrant {
    /// `role`, `user` or `group`.
    grantee_type: String,
    grantee: String,
    privilege: String,
    /// What it is on, in words.
    object: String,
}

impl UnlistedGrant {
    /// The query for them, on the objects that only the system account, or the impersonation group, may use.
    pub(super) const QUERY: &str = "SELECT identity_type, identity_name, privilege_type, 'the table ' || namespace_name || '.' || relation_name\n\
        FROM pg_catalog.svv_relation_privileges\n\
        WHERE namespace_name = 'immuta_system' AND relation_name <> 'user_profile' AND identity_type = 'role'\n\
        UNION ALL\n\
        SELECT identity_type, identity_name, privilege_type, 'the procedure ' || namespace_name || '.' || function_name\n\
        FROM pg_catalog.svv_function_privileges\n\
        WHERE namespace_name = 'immuta_procedures' AND identity_type = 'role'\n\
        UNION ALL\n\
        SELECT identity_type, identity_name, privilege_type, 'the ' || LOWER(privilege_scope) || ' of the schema ' || namespace_name\n\
        FROM pg_catalog.svv_schema_privileges\n\
        WHERE namespace_name IN ('immuta_system', 'immuta_procedures') AND privilege_scope <> 'SCHEMA'";

    /// Reads the response. Empty if the cluster has no such views, or the login user cannot read them.
    pub(super) fn read(rows: Result<Vec<Row>, StatementError>) -> Result<Vec<Self>, StatementError> {
        let rows = match rows {
            Err(error) if error.is_one_of(&UNAVAILABLE) => return Ok(Vec::new()),
            result => result?,
        };
        let grants = rows.iter().map(|row| {
            let mut row = Reader::new(row);
            Ok(Self {
                grantee_type: row.text()?,
                grantee: row.text()?,
                privilege: row.text()?,
                object: row.text()?,
            })
        });
        grants.collect()
    }

    /// Reports it: `apply` does not revoke privileges that were granted by name.
    pub(super) fn test(&self) -> ValidationTest {
        ValidationTest::failed(TEST, self.to_string())
    }
}

impl fmt::Display for UnlistedGrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { grantee_type, grantee, privilege, object } = self;
        write!(f, "the {grantee_type} `{grantee}` has {privilege} on {object}: revoke it manually")
    }
}
