//! Queries that determine whether the effect of a statement is present.
//!
//! They only query the catalog, without features of newer PostgreSQL versions. If an object can be modified as well as
//! dropped, they check its definition, not only its existence. Only the definition of the view is read and compared by the
//! runner ([`view_definition`](super::view_definition)), because servers print it differently.

#![allow(clippy::ref_binding_to_reference, reason = "what askama derives for an enum has them")]

use askama::Template;
use askama::filters::Safe;
use md5::{Digest as _, Md5};

use crate::payload::Payload;
use crate::script::{
    Closed, DefaultPrivilege, Function, Group, Privilege, Procedure, ScriptError, Stage, Statement,
    StatementId, View, function_body, procedure_body, rendered,
};
use crate::sql::{Identifier, Literal, LiteralError, hex};

/// The queries for a setup.
#[derive(Clone, Debug)]
pub struct Probes {
    user: Literal,
    database: Literal,
    group: Option<OfGroup>,
    /// The start of the entry of the system account in an access control list with EXECUTE.
    user_entry: Literal,
    list_contains: Literal,
}

#[derive(Clone, Debug)]
struct OfGroup {
    name: Literal,
    /// The start of its entry in an access control list with EXECUTE.
    entry: Literal,
    impersonate_user: Literal,
    grant_impersonation: Literal,
    revoke_impersonation: Literal,
}

#[derive(Template)]
#[template(ext = "sql")]
enum Probe<'p> {
    #[template(path = "probes/account.sql")]
    Account { user: &'p Literal },
    #[template(path = "probes/group.sql")]
    Group { group: &'p Literal },
    #[template(path = "probes/database.sql")]
    Database { database: &'p Literal },
    #[template(path = "probes/database_closed.sql")]
    DatabaseClosed { database: &'p Literal },
    #[template(path = "probes/database_temporary.sql")]
    DatabaseTemporary { database: &'p Literal },
    #[template(path = "probes/database_granted.sql")]
    DatabaseGranted { database: &'p Literal, user: &'p Literal },
    #[template(path = "probes/schema.sql")]
    Schema { name: Literal },
    #[template(path = "probes/schemas_open.sql")]
    SchemasOpen,
    #[template(path = "probes/schemas_granted.sql")]
    SchemasGranted { user: &'p Literal },
    #[template(path = "probes/table.sql")]
    Table { name: Literal, columns: Vec<Literal>, count: Safe<usize> },
    #[template(path = "probes/profile_closed.sql")]
    ProfileClosed { user: &'p Literal },
    #[template(path = "probes/profile_granted.sql")]
    ProfileGranted { user: &'p Literal },
    #[template(path = "probes/state_closed.sql")]
    StateClosed,
    #[template(path = "probes/marker_closed.sql")]
    MarkerClosed { user: &'p Literal },
    #[template(path = "probes/marker_granted.sql")]
    MarkerGranted { user: &'p Literal },
    #[template(path = "probes/view.sql")]
    View,
    #[template(path = "probes/view_open.sql")]
    ViewOpen,
    #[template(path = "probes/function_open.sql")]
    FunctionOpen { name: Literal },
    #[template(path = "probes/function.sql")]
    Function { name: Literal, digest: &'p Literal },
    #[template(path = "probes/procedure.sql")]
    Procedure { name: Literal, digest: &'p Literal },
    #[template(path = "probes/procedure_closed.sql")]
    ProcedureClosed { name: Literal },
    #[template(path = "probes/procedure_withheld.sql")]
    ProcedureWithheld { name: Literal, entry: &'p Literal },
    #[template(path = "probes/procedure_granted.sql")]
    ProcedureGranted { name: Literal, entry: &'p Literal },
    #[template(path = "probes/default_tables.sql")]
    DefaultTables { user: &'p Literal },
    #[template(path = "probes/default_functions.sql")]
    DefaultFunctions { user: &'p Literal },
    #[template(path = "probes/default_procedures.sql")]
    DefaultProcedures { entry: &'p Literal },
}

impl Probes {
    /// The queries for the setup of a payload.
    ///
    /// # Errors
    /// A name contains NUL, or a template fails.
    pub fn new(payload: &Payload) -> Result<Self, ScriptError> {
        let user = payload.authentication.username().as_str();
        Ok(Self {
            user: Literal::new(user)?,
            database: Literal::new(&payload.database.folded())?,
            group: payload.impersonation_group().map(OfGroup::new).transpose()?,
            user_entry: entry("", user)?,
            list_contains: digest(function_body(Function::ListContains)?.body())?,
        })
    }

    /// A query that returns a row if the effect of the statement is present; for the view, if it exists. There is none for the statements of an edit
    /// or a removal, for BEGIN and COMMIT, and for the row of the marker, which the runner reads.
    ///
    /// # Errors
    /// A template fails.
    pub fn of(&self, statement: &Statement) -> Result<Option<String>, ScriptError> {
        self.probe(statement.id)?.map(|probe| rendered(&probe)).transpose()
    }

    /// The queries for all statements that have one.
    pub(super) fn of_stages(&self, stages: &[Stage]) -> Result<Vec<(StatementId, String)>, ScriptError> {
        let mut queries = Vec::new();
        for statement in stages.iter().flat_map(|stage| &stage.statements) {
            queries.extend(self.of(statement)?.map(|query| (statement.id, query)));
        }
        Ok(queries)
    }

    /// Without a group, statements about it have no query.
    fn probe(&self, id: StatementId) -> Result<Option<Probe<'_>>, ScriptError> {
        let Self { user, database, group, user_entry, list_contains } = self;
        let name = Literal::new;
        let probe = match id {
            StatementId::CreateAccount => Probe::Account { user },
            StatementId::CreateGroup => {
                let Some(group) = group else { return Ok(None) };
                Probe::Group { group: &group.name }
            }
            StatementId::CreateDatabase => Probe::Database { database },
            StatementId::CreateSchema(schema) => Probe::Schema { name: name(schema.name())? },
            StatementId::CreateTable(table) => {
                let columns = table.columns().iter().map(|column| name(column));
                let columns: Vec<Literal> = columns.collect::<Result<_, _>>()?;
                Probe::Table { name: name(table.name())?, count: Safe(columns.len()), columns }
            }
            StatementId::CreateView(View::UserProfile) => Probe::View,
            StatementId::CreateFunction(function @ Function::ListContains) => {
                Probe::Function { name: name(function.name())?, digest: list_contains }
            }
            StatementId::CreateProcedure(procedure) => {
                let Some(group) = group else { return Ok(None) };
                Probe::Procedure { name: name(procedure.name())?, digest: group.digest(procedure) }
            }

            StatementId::Grant(Privilege::MakeTemporaryTables) => Probe::DatabaseTemporary { database },
            StatementId::Grant(Privilege::Database) => Probe::DatabaseGranted { database, user },
            StatementId::Grant(Privilege::UseSchemas) => Probe::SchemasOpen,
            StatementId::Grant(Privilege::Schemas) => Probe::SchemasGranted { user },
            StatementId::Grant(Privilege::ReadUserProfile) => Probe::ViewOpen,
            StatementId::Grant(Privilege::CallListContains) => {
                Probe::FunctionOpen { name: name(Function::ListContains.name())? }
            }
            StatementId::Grant(Privilege::Profile) => Probe::ProfileGranted { user },
            StatementId::Grant(Privilege::ReadMarker) => Probe::MarkerGranted { user },
            StatementId::Grant(Privilege::Impersonate) => {
                let Some(group) = group else { return Ok(None) };
                let name = name(Procedure::ImpersonateUser.name())?;
                Probe::ProcedureGranted { name, entry: &group.entry }
            }
            StatementId::Grant(Privilege::AdmitImpersonators) => {
                let name = name(Procedure::GrantImpersonation.name())?;
                Probe::ProcedureGranted { name, entry: user_entry }
            }
            StatementId::Grant(Privilege::RemoveImpersonators) => {
                let name = name(Procedure::RevokeImpersonation.name())?;
                Probe::ProcedureGranted { name, entry: user_entry }
            }
            StatementId::GrantDefault(DefaultPrivilege::Tables) => Probe::DefaultTables { user },
            StatementId::GrantDefault(DefaultPrivilege::Functions) => Probe::DefaultFunctions { user },
            StatementId::GrantDefault(DefaultPrivilege::Procedures) => {
                Probe::DefaultProcedures { entry: user_entry }
            }

            StatementId::Close(Closed::Database) => Probe::DatabaseClosed { database },
            StatementId::Close(Closed::Profile) => Probe::ProfileClosed { user },
            StatementId::Close(Closed::ImpersonationState) => Probe::StateClosed,
            StatementId::Close(Closed::Marker) => Probe::MarkerClosed { user },
            StatementId::Close(Closed::Procedure(procedure)) => {
                Probe::ProcedureClosed { name: name(procedure.name())? }
            }
            StatementId::CloseToAccount => Probe::ProcedureWithheld {
                name: name(Procedure::ImpersonateUser.name())?,
                entry: user_entry,
            },

            StatementId::Begin
            | StatementId::Commit
            | StatementId::WriteMarker
            // Of an edit.
            | StatementId::RenameAccount
            | StatementId::SetPassword
            | StatementId::UnlockAccount
            | StatementId::RenameGroup
            | StatementId::ReplaceView { .. }
            | StatementId::DropProcedure(_)
            | StatementId::DropImpersonationState
            | StatementId::UpdateMarker
            | StatementId::RevokeFromOldAccount(_)
            | StatementId::UndoOldDefault(_)
            | StatementId::RestoreOldDefault
            // Of an upgrade.
            | StatementId::DropImpersonationSessions
            | StatementId::RevokeSchemas
            | StatementId::UpgradeMarker
            // Of a removal.
            | StatementId::DropAccount
            | StatementId::DropGroup
            | StatementId::DropDatabase
            | StatementId::DropSchemas
            | StatementId::RevokeDatabase
            | StatementId::UndoDefault(_)
            | StatementId::RestoreDefault
            | StatementId::DropLeftover(_)
            | StatementId::CreateShortLivedSchema(_)
            | StatementId::CreateShortLived(_)
            | StatementId::Call(_)
            | StatementId::DropShortLived(_) => return Ok(None),
        };
        Ok(Some(probe))
    }
}

impl OfGroup {
    fn new(name: &Identifier) -> Result<Self, ScriptError> {
        let group = Group::new(name)?;
        let digest = |procedure| Ok::<_, ScriptError>(digest(procedure_body(procedure, &group)?.body())?);
        Ok(Self {
            name: Literal::new(&name.folded())?,
            entry: entry("group ", &name.folded())?,
            impersonate_user: digest(Procedure::ImpersonateUser)?,
            grant_impersonation: digest(Procedure::GrantImpersonation)?,
            revoke_impersonation: digest(Procedure::RevokeImpersonation)?,
        })
    }

    const fn digest(&self, procedure: Procedure) -> &Literal {
        match procedure {
            Procedure::ImpersonateUser => &self.impersonate_user,
            Procedure::GrantImpersonation => &self.grant_impersonation,
            Procedure::RevokeImpersonation => &self.revoke_impersonation,
        }
    }
}

/// The start of an entry of an access control list with EXECUTE, without the quotes around some names.
fn entry(kind: &str, name: &str) -> Result<Literal, LiteralError> {
    Literal::new(&format!("{kind}{}=X", name.replace('"', "")))
}

/// The MD5 of a body in lower case and without whitespace: formatters of SQL change both.
pub(super) fn digest(body: &str) -> Result<Literal, LiteralError> {
    let digest = Md5::digest(body.replace(['\t', '\n', '\r', ' '], "").to_ascii_lowercase());
    Literal::new(&hex(&digest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::tests::{manual_okta, user_password};
    use crate::script::{ScriptKind, ScriptOptions, script};

    /// Statements without a query: BEGIN, COMMIT, and the row of the marker, which the runner reads.
    const WITHOUT: [StatementId; 3] = [StatementId::Begin, StatementId::Commit, StatementId::WriteMarker];

    #[test]
    fn every_statement_of_a_setup_has_a_probe() {
        for payload in [user_password("Correct1horse"), manual_okta("Correct1horse")] {
            let probes = Probes::new(&payload).unwrap();
            for existing_database in [false, true] {
                let options = ScriptOptions { existing_database, ..ScriptOptions::default() };
                let script = script(ScriptKind::All, &payload, None, &options, &|_| None).unwrap();
                for statement in script.stages.iter().flat_map(|stage| &stage.statements) {
                    let probe = probes.of(statement).unwrap();
                    assert_eq!(probe.is_none(), WITHOUT.contains(&statement.id), "{statement:?}");
                }
            }
        }
    }
}
