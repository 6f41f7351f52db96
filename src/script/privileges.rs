//! The privileges of the system account and of PUBLIC that a setup grants, and that an edit transfers to another account.

use super::Statement;
use super::parts::{DefaultPrivilege, Privilege};
use super::stage::sql;
use super::statement::StatementId;
use crate::sql::Identifier;

/// Creates schemas and temporary tables. `ALL` would also allow to alter the database
/// (<https://docs.aws.amazon.com/redshift/latest/dg/r_GRANT.html>).
pub(super) fn of_database(database: &Identifier, user: &Identifier) -> Statement {
    Statement::new(
        StatementId::Grant(Privilege::Database),
        sql!("GRANT CREATE, TEMP ON DATABASE {} TO {}", database, user),
    )
}

pub(super) fn revoked_database(database: &Identifier, user: &Identifier) -> Statement {
    Statement::new(
        StatementId::RevokeDatabase,
        sql!("REVOKE ALL PRIVILEGES ON DATABASE {} FROM {}", database, user),
    )
}

/// Creates objects in the schemas. `ALL` would also allow to rename and drop them.
pub(super) fn of_schemas(user: &Identifier) -> Statement {
    Statement::new(
        StatementId::Grant(Privilege::Schemas),
        sql!("GRANT CREATE, USAGE ON SCHEMA immuta_system, immuta_functions, immuta_procedures TO {}", user),
    )
}

/// Privileges on the objects of the setup, and on future objects.
pub(super) fn of_objects(user: &Identifier) -> [Statement; 5] {
    [
        of_schemas(user),
        Statement::new(
            StatementId::Grant(Privilege::Profile),
            sql!("GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE immuta_system.profile TO {}", user),
        ),
        Statement::new(
            StatementId::GrantDefault(DefaultPrivilege::Procedures),
            sql!(
                "ALTER DEFAULT PRIVILEGES IN SCHEMA immuta_procedures GRANT EXECUTE ON PROCEDURES TO {}",
                user
            ),
        ),
        Statement::new(
            StatementId::GrantDefault(DefaultPrivilege::Functions),
            sql!(
                "ALTER DEFAULT PRIVILEGES FOR USER {} IN SCHEMA immuta_functions GRANT EXECUTE ON FUNCTIONS TO PUBLIC",
                user
            ),
        ),
        Statement::new(
            StatementId::GrantDefault(DefaultPrivilege::Tables),
            sql!("ALTER DEFAULT PRIVILEGES FOR USER {} GRANT SELECT ON TABLES TO PUBLIC", user),
        ),
    ]
}

/// What every caller of a policy needs. It is the default, but a site can have changed that with default privileges.
pub(super) fn to_call_list_contains() -> Statement {
    Statement::new(
        StatementId::Grant(Privilege::CallListContains),
        "GRANT EXECUTE ON FUNCTION immuta_functions.list_contains(VARCHAR, VARCHAR) TO PUBLIC",
    )
}

pub(super) fn of_marker(user: &Identifier) -> Statement {
    Statement::new(
        StatementId::Grant(Privilege::ReadMarker),
        sql!("GRANT SELECT ON TABLE immuta_system.bootstrap TO {}", user),
    )
}

/// Lets the system account manage who can impersonate.
pub(super) fn impersonators(user: &Identifier) -> [Statement; 2] {
    [
        Statement::new(
            StatementId::Grant(Privilege::AdmitImpersonators),
            sql!("GRANT EXECUTE ON PROCEDURE immuta_procedures.grant_impersonation(VARCHAR) TO {}", user),
        ),
        Statement::new(
            StatementId::Grant(Privilege::RemoveImpersonators),
            sql!("GRANT EXECUTE ON PROCEDURE immuta_procedures.revoke_impersonation(VARCHAR) TO {}", user),
        ),
    ]
}

/// Revokes the default privileges of a user.
///
/// On Redshift, a revocation can leave an empty entry, because of which the user cannot be dropped. It disappears when the
/// user gets its own privileges back, which AWS recommends
/// (<https://github.com/awslabs/amazon-redshift-utils/blob/master/src/AdminScripts/user_to_be_dropped_privs.sql>). Where
/// there is no such entry, this changes nothing.
pub(super) fn undone_defaults(
    undo: fn(DefaultPrivilege) -> StatementId,
    restore: StatementId,
    user: &Identifier,
) -> [Statement; 4] {
    [
        Statement::new(
            undo(DefaultPrivilege::Tables),
            sql!("ALTER DEFAULT PRIVILEGES FOR USER {} REVOKE SELECT ON TABLES FROM PUBLIC", user),
        ),
        Statement::new(
            restore,
            sql!("ALTER DEFAULT PRIVILEGES FOR USER {} GRANT ALL PRIVILEGES ON TABLES TO {}", user, user),
        ),
        Statement::new(
            undo(DefaultPrivilege::Functions),
            sql!(
                "ALTER DEFAULT PRIVILEGES FOR USER {} IN SCHEMA immuta_functions REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
                user
            ),
        ),
        Statement::new(
            undo(DefaultPrivilege::Procedures),
            sql!(
                "ALTER DEFAULT PRIVILEGES IN SCHEMA immuta_procedures REVOKE EXECUTE ON PROCEDURES FROM {}",
                user
            ),
        ),
    ]
}
