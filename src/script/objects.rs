//! Statements of several lines: each is a template in `templates/objects`, and the bodies of functions and procedures are
//! templates in `templates/bodies`.

use askama::Template;
use askama::filters::Safe;

use super::parts::{Closed, Function, Privilege, Procedure, Table, View};
use super::privileges::impersonators;
use super::stage::{Group, Subject, rendered, sql};
use super::statement::StatementId;
use super::{SETUP_VERSION, ScriptError, Statement, heading};
use crate::sql::{DollarQuoted, Identifier, Literal};

#[derive(Template)]
#[template(path = "objects/profile.sql")]
struct Profile;

#[derive(Template)]
#[template(path = "objects/impersonation_grant.sql")]
struct ImpersonationGrant;

#[derive(Template)]
#[template(path = "objects/impersonation_session.sql")]
struct ImpersonationSession;

#[derive(Template)]
#[template(path = "objects/bootstrap.sql")]
struct Bootstrap;

#[derive(Template)]
#[template(path = "objects/user_profile.sql")]
struct UserProfile {
    has_group: bool,
    replaces: bool,
}

#[derive(Template)]
#[template(path = "objects/list_contains.sql")]
struct ListContains<'a> {
    body: &'a DollarQuoted,
    replaces: bool,
}

#[derive(Template)]
#[template(path = "objects/impersonate_user.sql")]
struct ImpersonateUser {
    body: DollarQuoted,
}

#[derive(Template)]
#[template(path = "objects/grant_impersonation.sql")]
struct GrantImpersonation {
    body: DollarQuoted,
}

#[derive(Template)]
#[template(path = "objects/revoke_impersonation.sql")]
struct RevokeImpersonation {
    body: DollarQuoted,
}

#[derive(Template)]
#[template(path = "objects/marker.sql")]
struct Marker<'a> {
    version: Literal,
    setup_version: Safe<u32>,
    mode: Literal,
    database: &'a Literal,
    database_created: bool,
    user: &'a Literal,
    user_created: bool,
    group: &'a Literal,
    group_created: bool,
}

#[derive(Template)]
#[template(path = "objects/marker_update.sql")]
struct MarkerUpdate<'a> {
    user: &'a Literal,
    is_other_user: bool,
    group: &'a Literal,
    group_created: bool,
}

#[derive(Template)]
#[template(path = "bodies/list_contains.sql")]
struct ListContainsBody;

#[derive(Template)]
#[template(path = "bodies/impersonate_user.sql")]
struct ImpersonateUserBody<'a> {
    group: &'a Literal,
}

#[derive(Template)]
#[template(path = "bodies/grant_impersonation.sql")]
struct GrantImpersonationBody<'a> {
    group: &'a Literal,
    delimited_group: &'a Literal,
}

#[derive(Template)]
#[template(path = "bodies/revoke_impersonation.sql")]
struct RevokeImpersonationBody<'a> {
    group: &'a Literal,
    delimited_group: &'a Literal,
}

/// The body of a function.
pub(crate) fn function_body(function: Function) -> Result<DollarQuoted, ScriptError> {
    match function {
        Function::ListContains => body(&ListContainsBody),
    }
}

/// The body of a procedure.
pub(crate) fn procedure_body(procedure: Procedure, group: &Group<'_>) -> Result<DollarQuoted, ScriptError> {
    let Group { folded: group, delimited: delimited_group, .. } = group;
    match procedure {
        Procedure::ImpersonateUser => body(&ImpersonateUserBody { group }),
        Procedure::GrantImpersonation => body(&GrantImpersonationBody { group, delimited_group }),
        Procedure::RevokeImpersonation => body(&RevokeImpersonationBody { group, delimited_group }),
    }
}

/// Renders the body of a function or procedure.
pub(super) fn body(template: &impl Template) -> Result<DollarQuoted, ScriptError> {
    Ok(DollarQuoted::new(rendered(template)?))
}

pub(super) fn table(table: Table) -> Result<Statement, ScriptError> {
    let sql = match table {
        Table::Profile => rendered(&Profile),
        Table::ImpersonationGrant => rendered(&ImpersonationGrant),
        Table::ImpersonationSession => rendered(&ImpersonationSession),
        Table::Bootstrap => rendered(&Bootstrap),
    };
    Ok(Statement::new(StatementId::CreateTable(table), sql?))
}

/// The tables of impersonation, without privileges for PUBLIC.
pub(super) fn impersonation_state() -> Result<[Statement; 3], ScriptError> {
    Ok([
        table(Table::ImpersonationGrant)?.under(heading::IMPERSONATION_STATE),
        table(Table::ImpersonationSession)?,
        closed_impersonation_state(),
    ])
}

pub(super) fn closed_impersonation_state() -> Statement {
    Statement::new(
        StatementId::Close(Closed::ImpersonationState),
        "REVOKE ALL PRIVILEGES ON TABLE immuta_system.impersonation_grant, immuta_system.impersonation_session FROM PUBLIC",
    )
}

/// Creates the view.
pub(super) fn view(subject: &Subject<'_>) -> Result<Statement, ScriptError> {
    let sql = |replaces| rendered(&UserProfile { has_group: subject.group.is_some(), replaces });
    let statement = Statement::new(StatementId::CreateView(View::UserProfile), sql(false)?);
    Ok(Statement { replacement: Some(sql(true)?), ..statement })
}

/// Replaces the existing view.
pub(super) fn replaced_view(has_group: bool) -> Result<Statement, ScriptError> {
    let id = StatementId::ReplaceView { view: View::UserProfile, has_impersonation: has_group };
    Ok(Statement::new(id, rendered(&UserProfile { has_group, replaces: true })?))
}

pub(super) fn function(function: Function) -> Result<Statement, ScriptError> {
    let body = &function_body(function)?;
    let sql = |replaces| match function {
        Function::ListContains => rendered(&ListContains { body, replaces }),
    };
    let statement = Statement::new(StatementId::CreateFunction(function), sql(false)?);
    Ok(Statement { replacement: Some(sql(true)?), ..statement })
}

/// The three procedures and the privileges to call them.
pub(super) fn procedures(user: &Identifier, group: &Group<'_>) -> Result<Vec<Statement>, ScriptError> {
    let name = group.name;
    let mut statements = Vec::new();
    for procedure in Procedure::ALL {
        let body = procedure_body(procedure, group)?;
        let sql = match procedure {
            Procedure::ImpersonateUser => rendered(&ImpersonateUser { body }),
            Procedure::GrantImpersonation => rendered(&GrantImpersonation { body }),
            Procedure::RevokeImpersonation => rendered(&RevokeImpersonation { body }),
        };
        statements.push(Statement::new(StatementId::CreateProcedure(procedure), sql?));
    }
    statements.extend([
        Statement::new(
            StatementId::Close(Closed::Procedure(Procedure::ImpersonateUser)),
            "REVOKE ALL PRIVILEGES ON PROCEDURE immuta_procedures.impersonate_user(VARCHAR) FROM PUBLIC",
        ),
        Statement::new(
            StatementId::CloseToAccount,
            sql!(
                "REVOKE ALL PRIVILEGES ON PROCEDURE immuta_procedures.impersonate_user(VARCHAR) FROM {}",
                user
            ),
        ),
        Statement::new(
            StatementId::Close(Closed::Procedure(Procedure::GrantImpersonation)),
            "REVOKE ALL PRIVILEGES ON PROCEDURE immuta_procedures.grant_impersonation(VARCHAR) FROM PUBLIC",
        ),
        Statement::new(
            StatementId::Close(Closed::Procedure(Procedure::RevokeImpersonation)),
            "REVOKE ALL PRIVILEGES ON PROCEDURE immuta_procedures.revoke_impersonation(VARCHAR) FROM PUBLIC",
        ),
        Statement::new(
            StatementId::Grant(Privilege::Impersonate),
            sql!("GRANT EXECUTE ON PROCEDURE immuta_procedures.impersonate_user(VARCHAR) TO GROUP {}", name),
        ),
    ]);
    statements.extend(impersonators(user));
    Ok(statements)
}

/// The marker's row.
pub(super) fn marker(subject: &Subject<'_>) -> Result<Statement, ScriptError> {
    let mode = if subject.existing_database { "existing-database" } else { "new-database" };
    let sql = rendered(&Marker {
        version: Literal::new(env!("CARGO_PKG_VERSION"))?,
        setup_version: Safe(SETUP_VERSION),
        mode: Literal::new(mode)?,
        database: &subject.database_literal,
        database_created: !subject.existing_database,
        user: &subject.user_literal,
        user_created: subject.creates_user,
        group: &subject.group_literal,
        group_created: subject.group.is_some(),
    })?;
    Ok(Statement::new(StatementId::WriteMarker, sql))
}

/// The marker's row after an edit; it records that the setup did not create an account that replaced another.
pub(super) fn updated_marker(subject: &Subject<'_>, is_other_user: bool) -> Result<Statement, ScriptError> {
    let sql = rendered(&MarkerUpdate {
        user: &subject.user_literal,
        is_other_user,
        group: &subject.group_literal,
        group_created: subject.group.is_some(),
    })?;
    Ok(Statement::new(StatementId::UpdateMarker, sql))
}
