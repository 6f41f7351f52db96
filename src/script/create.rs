//! Script 2, run in `database`: schemas, tables, views, functions, procedures, grants, marker.

use super::parts::{Closed, Function, Privilege, Schema, Table};
use super::stage::{Subject, begin, commit, under};
use super::statement::StatementId;
use super::{ScriptError, Stage, Statement, heading, objects, privileges};

pub(super) fn stages(subject: &Subject<'_>) -> Result<Vec<Stage>, ScriptError> {
    let Subject { user, group, .. } = subject;
    let mut statements = vec![begin().under(heading::CREATE)];
    statements.extend(schemas());
    statements.extend([
        objects::table(Table::Profile)?.under(heading::PROFILE),
        Statement::new(
            StatementId::Close(Closed::Profile),
            "REVOKE ALL PRIVILEGES ON TABLE immuta_system.profile FROM PUBLIC",
        ),
    ]);
    if group.is_some() {
        statements.extend(objects::impersonation_state()?);
    }
    statements.extend([
        objects::view(subject)?.under(heading::USER_PROFILE),
        Statement::new(
            StatementId::Grant(Privilege::ReadUserProfile),
            "GRANT SELECT ON immuta_system.user_profile TO PUBLIC",
        ),
        objects::function(Function::ListContains)?.under(heading::FUNCTIONS),
        privileges::to_call_list_contains(),
    ]);
    if let Some(group) = group {
        statements.extend(under(heading::PROCEDURES, objects::procedures(user, group)?));
    }
    statements.extend(under(heading::PRIVILEGES, privileges::of_objects(user)));
    statements.extend([
        objects::table(Table::Bootstrap)?.under(heading::MARKER),
        objects::marker(subject)?,
        Statement::new(
            StatementId::Close(Closed::Marker),
            "REVOKE ALL PRIVILEGES ON TABLE immuta_system.bootstrap FROM PUBLIC",
        ),
        privileges::of_marker(user),
        commit(),
    ]);
    Ok(vec![subject.in_database("create", statements)])
}

fn schemas() -> [Statement; 4] {
    let [system, functions, procedures] = Schema::ALL.map(|schema| {
        Statement::new(StatementId::CreateSchema(schema), format!("CREATE SCHEMA {}", schema.name()))
    });
    let open = Statement::new(
        StatementId::Grant(Privilege::UseSchemas),
        "GRANT USAGE ON SCHEMA immuta_system, immuta_functions, immuta_procedures TO PUBLIC",
    );
    [system.under(heading::SCHEMAS), functions, procedures, open]
}
