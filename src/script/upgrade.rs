//! Upgrades a setup that an earlier version of Bootshift created, in one transaction. `profile` and the grants are kept. The
//! impersonation of open sessions ends.
//!
//! | version | change |
//! | --- | --- |
//! | 1 | the first; its marker has no `setup_version` |
//! | 2 | impersonation by a session variable instead of `stv_sessions`; fewer privileges of the system account; `EXECUTE` on `list_contains` is granted to `PUBLIC` |

use super::parts::{Closed, Privilege, Table};
use super::stage::{Subject, begin, commit, sql, under};
use super::statement::StatementId;
use super::{SETUP_VERSION, ScriptError, Stage, Statement, heading, objects, privileges};

/// The stage that upgrades a setup of version 1.
pub(super) fn stage(subject: &Subject<'_>) -> Result<Stage, ScriptError> {
    let Subject { user, database, group, .. } = subject;
    let mut statements = vec![begin().under(heading::UPGRADE)];
    if let Some(group) = group {
        statements.extend([
            // No view may depend on the table that is dropped.
            objects::replaced_view(false)?.under(heading::UPGRADE_IMPERSONATION),
            Statement::new(
                StatementId::DropImpersonationSessions,
                "DROP TABLE immuta_system.impersonation_session",
            ),
            objects::table(Table::ImpersonationSession)?,
            objects::closed_impersonation_state(),
            objects::replaced_view(true)?,
        ]);
        statements.extend(objects::procedures(user, group)?);
    }
    let privileges = [
        Statement::new(
            StatementId::RevokeSchemas,
            sql!(
                "REVOKE ALL PRIVILEGES ON SCHEMA immuta_system, immuta_functions, immuta_procedures FROM {}",
                user
            ),
        ),
        privileges::of_schemas(user),
        privileges::revoked_database(database, user),
        privileges::of_database(database, user),
        privileges::to_call_list_contains(),
    ];
    statements.extend(under(heading::UPGRADE_PRIVILEGES, privileges));
    let add_version = format!(
        "ALTER TABLE immuta_system.bootstrap ADD COLUMN setup_version INTEGER NOT NULL DEFAULT {SETUP_VERSION}"
    );
    statements.extend([
        Statement::new(StatementId::UpgradeMarker, add_version).under(heading::MARKER_UPDATE),
        commit(),
    ]);
    Ok(subject.in_database("upgrade", statements))
}

/// Whether an upgrade includes the effect of this statement of a setup, so that a setup of version 1 may not have it.
pub(super) const fn sets_effect_of(id: StatementId) -> bool {
    match id {
        StatementId::CreateTable(Table::ImpersonationSession | Table::Bootstrap)
        | StatementId::CreateView(_)
        | StatementId::CreateProcedure(_)
        | StatementId::CloseToAccount => true,
        StatementId::Close(closed) => matches!(closed, Closed::ImpersonationState | Closed::Procedure(_)),
        StatementId::Grant(privilege) => matches!(
            privilege,
            Privilege::Schemas
                | Privilege::Database
                | Privilege::CallListContains
                | Privilege::Impersonate
                | Privilege::AdmitImpersonators
                | Privilege::RemoveImpersonators
        ),
        _ => false,
    }
}
