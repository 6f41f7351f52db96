//! The privileges of the system account and of PUBLIC that a setup grants, and that an edit transfers to another account.

use super::Statement;
use super::parts::{DefaultPrivilege, Privilege};
use super::stage::sql;
use super::statement::StatementId;
use crate::sql::Identifier;

pub(super) fn of_database(database: &Identifier, user: &Identifier) -> Statement {
    Statement::new(
        StatementId::Grant(Privilege::Database),
        sql!("GRANT ALL PRIVILEGES ON DATABASE {} TO {}", database, user),
    )
}

/// Privileges on the objects of the setup, and on future objects.
pub(super) fn of_objects(user: &Identifier) -> [Statement; 5] {
    [
        Statement::new(
            StatementId::Grant(Privilege::Schemas),
            sql!(
                "GRANT ALL PRIVILEGES ON SCHEMA immuta_system, immuta_functions, immuta_procedures TO {}",
                user
            ),
        ),
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
pub(super) fn undone_defaults(id: fn(DefaultPrivilege) -> StatementId, user: &Identifier) -> [Statement; 3] {
    [
        Statement::new(
            id(DefaultPrivilege::Tables),
            sql!("ALTER DEFAULT PRIVILEGES FOR USER {} REVOKE SELECT ON TABLES FROM PUBLIC", user),
        ),
        Statement::new(
            id(DefaultPrivilege::Functions),
            sql!(
                "ALTER DEFAULT PRIVILEGES FOR USER {} IN SCHEMA immuta_functions REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
                user
            ),
        ),
        Statement::new(
            id(DefaultPrivilege::Procedures),
            sql!(
                "ALTER DEFAULT PRIVILEGES IN SCHEMA immuta_procedures REVOKE EXECUTE ON PROCEDURES FROM {}",
                user
            ),
        ),
    ]
}
