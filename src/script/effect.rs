//! What statements do, for who runs them.

use super::statement::{Closed, Function, Privilege, Procedure, ShortLived, StatementId, Table, View};

/// What a statement does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Begins a transaction.
    Begins,
    /// Ends it, so that it takes effect.
    Commits,
    Creates(Object),
    Alters(Object),
    Drops(Object),
    /// Gives a privilege that is lost when its object is closed to everybody.
    GrantsOn(Closed),
    Grants,
    Closes(Closed),
    Revokes,
    WritesMarker,
    /// Makes or drops what is there for a moment.
    Prepares,
    Checks,
    /// Drops what stands of an unfinished set-up: account and group, and whatever else that is.
    Removes,
}

/// What a statement creates, alters or drops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Object {
    Account,
    Group,
    Database,
    Schemas,
    Table(Table),
    ImpersonationState,
    View(View),
    Function(Function),
    Procedure(Procedure),
}

impl StatementId {
    pub(crate) const fn effect(self) -> Effect {
        match self {
            Self::Begin => Effect::Begins,
            Self::Commit => Effect::Commits,
            Self::CreateAccount => Effect::Creates(Object::Account),
            Self::RenameAccount | Self::SetPassword => Effect::Alters(Object::Account),
            Self::DropAccount => Effect::Drops(Object::Account),
            Self::CreateGroup => Effect::Creates(Object::Group),
            Self::RenameGroup => Effect::Alters(Object::Group),
            Self::DropGroup => Effect::Drops(Object::Group),
            Self::CreateDatabase => Effect::Creates(Object::Database),
            Self::DropDatabase => Effect::Drops(Object::Database),
            Self::CreateSchema(_) => Effect::Creates(Object::Schemas),
            Self::DropSchemas => Effect::Drops(Object::Schemas),
            Self::CreateTable(table) => Effect::Creates(Object::Table(table)),
            Self::DropImpersonationState => Effect::Drops(Object::ImpersonationState),
            Self::CreateView(view) => Effect::Creates(Object::View(view)),
            Self::ReplaceView(view) => Effect::Alters(Object::View(view)),
            Self::CreateFunction(function) => Effect::Creates(Object::Function(function)),
            Self::CreateProcedure(procedure) => Effect::Creates(Object::Procedure(procedure)),
            Self::DropProcedure(procedure) => Effect::Drops(Object::Procedure(procedure)),
            Self::WriteMarker | Self::UpdateMarker => Effect::WritesMarker,
            Self::Grant(privilege) => match privilege.closed_with() {
                Some(closed) => Effect::GrantsOn(closed),
                None => Effect::Grants,
            },
            Self::GrantDefault(_) => Effect::Grants,
            Self::Close(closed) => Effect::Closes(closed),
            Self::CloseToAccount
            | Self::RevokeDatabase
            | Self::RevokeFromOldAccount(_)
            | Self::UndoDefault(_)
            | Self::UndoOldDefault(_) => Effect::Revokes,
            Self::DropLeftover(_)
            | Self::CreateShortLivedSchema(_)
            | Self::CreateShortLived(_)
            | Self::DropShortLived(_) => Effect::Prepares,
            Self::Call(ShortLived::CheckMarker | ShortLived::CheckDatabase) => Effect::Checks,
            Self::Call(ShortLived::Remove) => Effect::Removes,
        }
    }
}

impl Privilege {
    /// What closes its object to everybody, and takes it along.
    const fn closed_with(self) -> Option<Closed> {
        match self {
            Self::MakeTemporaryTables | Self::Database => Some(Closed::Database),
            Self::Profile => Some(Closed::Profile),
            Self::ReadMarker => Some(Closed::Marker),
            Self::Impersonate => Some(Closed::Procedure(Procedure::ImpersonateUser)),
            Self::AdmitImpersonators => Some(Closed::Procedure(Procedure::GrantImpersonation)),
            Self::RemoveImpersonators => Some(Closed::Procedure(Procedure::RevokeImpersonation)),
            Self::UseSchemas | Self::Schemas | Self::ReadUserProfile => None,
        }
    }
}

impl Closed {
    /// The tables that are closed.
    pub(crate) const fn tables(self) -> &'static [Table] {
        match self {
            Self::Profile => &[Table::Profile],
            Self::ImpersonationState => &[Table::ImpersonationGrant, Table::ImpersonationSession],
            Self::Marker => &[Table::Bootstrap],
            Self::Database | Self::Procedure(_) => &[],
        }
    }
}

impl Table {
    /// The name, in the schema `immuta_system`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::ImpersonationGrant => "impersonation_grant",
            Self::ImpersonationSession => "impersonation_session",
            Self::Bootstrap => "bootstrap",
        }
    }
}

impl View {
    /// The name, in the schema `immuta_system`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::UserProfile => "user_profile",
        }
    }
}

impl Function {
    /// The name, in the schema `immuta_functions`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::ListContains => "list_contains",
        }
    }
}
