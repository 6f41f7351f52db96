//! The statements. The summary and the effect of a statement follow from its [`StatementId`]; its SQL also depends on the
//! payload, and is written where the statements are listed.

use std::fmt;

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

#[cfg(feature = "native")]
use super::effect::{Effect, Object};
use super::parts::{
    Closed, DefaultPrivilege, Function, OldPrivilege, Privilege, Procedure, Schema, ShortLived, Table, View,
};
use crate::sql::PasswordClause;
use crate::words::words;

/// A statement. Its JSON is that of [`Script::to_json`](super::Script::to_json).
#[derive(Clone)]
#[non_exhaustive]
pub struct Statement {
    pub(crate) id: StatementId,
    /// The heading of the group that this statement starts, for readers of the script.
    pub comment: Option<String>,
    /// The statement, without the closing semicolon.
    pub sql: String,
    /// The password or its hash, if `sql` contains one.
    pub password: Option<PasswordClause>,
    /// The SQL that repairs an existing object that was altered, if it differs from `sql`.
    pub replacement: Option<String>,
}

impl Statement {
    pub(super) fn new(id: StatementId, sql: impl Into<String>) -> Self {
        Self { id, comment: None, sql: sql.into(), password: None, replacement: None }
    }

    /// Marks a statement that contains the password of the system account.
    pub(super) fn with_password(self, password: &PasswordClause) -> Self {
        Self { password: Some(password.clone()).filter(PasswordClause::is_secret), ..self }
    }

    /// Starts a group with this heading.
    pub(super) fn under(self, heading: impl Into<String>) -> Self {
        Self { comment: Some(heading.into()), ..self }
    }

    /// A one-line description, without user text.
    #[must_use]
    pub fn summary(&self) -> &'static str {
        self.id.summary()
    }

    /// Whether `sql` contains a password or its hash.
    #[must_use]
    pub const fn is_secret(&self) -> bool {
        self.password.is_some()
    }

    /// Whether it can run in a transaction.
    #[must_use]
    pub const fn is_transactional(&self) -> bool {
        self.id.is_transactional()
    }
}

impl Serialize for Statement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Statement", 4)?;
        object.serialize_field("summary", self.summary())?;
        object.serialize_field("sql", &self.sql)?;
        object.serialize_field("transactional", &self.is_transactional())?;
        object.serialize_field("secret", &self.is_secret())?;
        object.end()
    }
}

/// Shows everything except the SQL of a secret statement.
impl fmt::Debug for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Statement")
            .field("summary", &self.summary())
            .field("sql", if self.is_secret() { &"<REDACTED>" } else { &self.sql })
            .field("transactional", &self.is_transactional())
            .field("secret", &self.is_secret())
            .finish_non_exhaustive()
    }
}

/// The identity of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum StatementId {
    Begin,
    Commit,

    CreateAccount,
    RenameAccount,
    SetPassword,
    /// Unlocks the system account, and sets its password.
    #[cfg(feature = "native")]
    UnlockAccount,
    DropAccount,
    CreateGroup,
    RenameGroup,
    DropGroup,
    CreateDatabase,
    DropDatabase,

    CreateSchema(Schema),
    DropSchemas,
    CreateTable(Table),
    /// The two tables of impersonation.
    DropImpersonationState,
    /// Drops the table of impersonation that had other columns in an earlier version.
    #[cfg(feature = "native")]
    DropImpersonationSessions,
    CreateView(View),
    /// Replaces the view by one with or without impersonation.
    ReplaceView {
        view: View,
        has_impersonation: bool,
    },
    CreateFunction(Function),
    CreateProcedure(Procedure),
    DropProcedure(Procedure),
    WriteMarker,
    UpdateMarker,
    /// Adds the version of the setup to a marker that has none.
    #[cfg(feature = "native")]
    UpgradeMarker,

    Grant(Privilege),
    /// Revokes the privileges of PUBLIC on it.
    Close(Closed),
    /// Revokes what the default privilege on procedures has granted to the system account.
    CloseToAccount,
    RevokeDatabase,
    #[cfg(feature = "native")]
    RevokeSchemas,
    RevokeFromOldAccount(OldPrivilege),
    GrantDefault(DefaultPrivilege),
    UndoDefault(DefaultPrivilege),
    UndoOldDefault(DefaultPrivilege),
    /// Restores the default privileges of the system account on its own tables.
    RestoreDefault,
    RestoreOldDefault,

    /// Drops an existing schema with the name of that of the short-lived procedure.
    DropLeftover(ShortLived),
    CreateShortLivedSchema(ShortLived),
    CreateShortLived(ShortLived),
    Call(ShortLived),
    DropShortLived(ShortLived),
}

impl StatementId {
    /// Whether it can run in a transaction.
    pub(crate) const fn is_transactional(self) -> bool {
        !matches!(self, Self::CreateDatabase | Self::DropDatabase)
    }

    /// A one-line description for people; its wording can change.
    pub(crate) fn summary(self) -> &'static str {
        words(match self {
            Self::Begin => "Begin the transaction",
            Self::Commit => "Commit the transaction",

            Self::CreateAccount => "Create the system account",
            Self::RenameAccount => "Rename the system account",
            Self::SetPassword => "Set the system account's password",
            #[cfg(feature = "native")]
            Self::UnlockAccount => "Unlock the system account, and set its password",
            Self::DropAccount => "Drop the system account",
            Self::CreateGroup => "Create the impersonation group",
            Self::RenameGroup => "Rename the impersonation group",
            Self::DropGroup => "Drop the impersonation group",
            Self::CreateDatabase => "Create the database",
            Self::DropDatabase => "Drop the database",

            Self::CreateSchema(Schema::System) => "Create the schema immuta_system",
            Self::CreateSchema(Schema::Functions) => "Create the schema immuta_functions",
            Self::CreateSchema(Schema::Procedures) => "Create the schema immuta_procedures",
            Self::DropSchemas => "Drop the schemas",
            Self::CreateTable(table) => table.summary(),
            Self::DropImpersonationState => "Drop the impersonation state",
            #[cfg(feature = "native")]
            Self::DropImpersonationSessions => "Drop the table impersonation_session",
            Self::CreateView(View::UserProfile) => "Create the view user_profile",
            Self::ReplaceView { view: View::UserProfile, has_impersonation: true } => {
                "Replace the view user_profile, with impersonation"
            }
            Self::ReplaceView { view: View::UserProfile, has_impersonation: false } => {
                "Replace the view user_profile, without impersonation"
            }
            Self::CreateFunction(Function::ListContains) => "Create the function list_contains",
            Self::CreateProcedure(Procedure::ImpersonateUser) => "Create the procedure impersonate_user",
            Self::CreateProcedure(Procedure::GrantImpersonation) => {
                "Create the procedure grant_impersonation"
            }
            Self::CreateProcedure(Procedure::RevokeImpersonation) => {
                "Create the procedure revoke_impersonation"
            }
            Self::DropProcedure(Procedure::ImpersonateUser) => "Drop the procedure impersonate_user",
            Self::DropProcedure(Procedure::GrantImpersonation) => "Drop the procedure grant_impersonation",
            Self::DropProcedure(Procedure::RevokeImpersonation) => "Drop the procedure revoke_impersonation",
            Self::WriteMarker => "Write the marker",
            Self::UpdateMarker => "Update the marker",
            #[cfg(feature = "native")]
            Self::UpgradeMarker => "Record the version of the setup in the marker",

            Self::Grant(privilege) => privilege.summary(),
            Self::Close(closed) => closed.summary(),
            Self::CloseToAccount => {
                "Revoke EXECUTE on impersonate_user, granted by the default privilege, from the system account"
            }
            Self::RevokeDatabase => "Revoke the system account's privileges on the database",
            #[cfg(feature = "native")]
            Self::RevokeSchemas => "Revoke the system account's privileges on the three schemas",
            Self::RevokeFromOldAccount(privilege) => privilege.summary(),
            Self::GrantDefault(DefaultPrivilege::Tables) => {
                "Grant SELECT on future views of the system account to PUBLIC"
            }
            Self::GrantDefault(DefaultPrivilege::Functions) => {
                "Grant EXECUTE on future functions of the system account to PUBLIC"
            }
            Self::GrantDefault(DefaultPrivilege::Procedures) => {
                "Grant EXECUTE on future procedures to the system account"
            }
            Self::UndoDefault(DefaultPrivilege::Tables) => "Revoke the default privilege on tables",
            Self::UndoDefault(DefaultPrivilege::Functions) => "Revoke the default privilege on functions",
            Self::UndoDefault(DefaultPrivilege::Procedures) => "Revoke the default privilege on procedures",
            Self::UndoOldDefault(DefaultPrivilege::Tables) => {
                "Revoke the old account's default privilege on tables"
            }
            Self::UndoOldDefault(DefaultPrivilege::Functions) => {
                "Revoke the old account's default privilege on functions"
            }
            Self::UndoOldDefault(DefaultPrivilege::Procedures) => {
                "Revoke the old account's default privilege on procedures"
            }

            Self::RestoreDefault => "Restore the account's default privileges on its own tables",
            Self::RestoreOldDefault => "Restore the old account's default privileges on its own tables",

            Self::DropLeftover(_) => "Drop any leftover short-lived schema",
            Self::CreateShortLivedSchema(ShortLived::CheckMarker | ShortLived::CheckDatabase) => {
                "Create a short-lived schema for the check"
            }
            Self::CreateShortLivedSchema(ShortLived::Remove) => "Create a short-lived schema for the removal",
            Self::CreateShortLived(ShortLived::CheckMarker | ShortLived::CheckDatabase) => {
                "Create the check procedure"
            }
            Self::CreateShortLived(ShortLived::Remove) => "Create the removal procedure",
            Self::Call(ShortLived::CheckMarker) => "Check the marker",
            Self::Call(ShortLived::CheckDatabase) => "Check the database",
            Self::Call(ShortLived::Remove) => "Remove what exists",
            Self::DropShortLived(ShortLived::CheckMarker | ShortLived::CheckDatabase) => {
                "Drop the check procedure"
            }
            Self::DropShortLived(ShortLived::Remove) => "Drop the removal procedure",
        })
    }

    /// Its effect.
    #[cfg(feature = "native")]
    pub(crate) const fn effect(self) -> Effect {
        match self {
            Self::Begin => Effect::Begins,
            Self::Commit => Effect::Commits,
            Self::CreateAccount => Effect::Creates(Object::Account),
            Self::RenameAccount | Self::SetPassword | Self::UnlockAccount => Effect::Alters(Object::Account),
            Self::DropAccount => Effect::Drops(Object::Account),
            Self::CreateGroup => Effect::Creates(Object::Group),
            Self::RenameGroup => Effect::Alters(Object::Group),
            Self::DropGroup => Effect::Drops(Object::Group),
            Self::CreateDatabase => Effect::Creates(Object::Database),
            Self::DropDatabase => Effect::Drops(Object::Database),
            Self::CreateSchema(_) => Effect::Creates(Object::Schemas),
            Self::DropSchemas => Effect::Drops(Object::Schemas),
            Self::CreateTable(table) => Effect::Creates(Object::Table(table)),
            Self::DropImpersonationState | Self::DropImpersonationSessions => {
                Effect::Drops(Object::ImpersonationState)
            }
            Self::CreateView(view) => Effect::Creates(Object::View(view)),
            Self::ReplaceView { view, .. } => Effect::Alters(Object::View(view)),
            Self::CreateFunction(function) => Effect::Creates(Object::Function(function)),
            Self::CreateProcedure(procedure) => Effect::Creates(Object::Procedure(procedure)),
            Self::DropProcedure(procedure) => Effect::Drops(Object::Procedure(procedure)),
            Self::WriteMarker | Self::UpdateMarker | Self::UpgradeMarker => Effect::WritesMarker,
            Self::Grant(privilege) => match privilege.closed_with() {
                Some(closed) => Effect::GrantsOn(closed),
                None => Effect::Grants,
            },
            Self::GrantDefault(_) | Self::RestoreDefault | Self::RestoreOldDefault => Effect::Grants,
            Self::Close(closed) => Effect::Closes(closed),
            Self::CloseToAccount
            | Self::RevokeDatabase
            | Self::RevokeSchemas
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
