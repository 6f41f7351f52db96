//! What statements there are. What a statement is called, and what it does, follows from its [`StatementId`]; its SQL
//! follows from the payload as well, and is made where the lists of statements are.

use std::fmt;

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

use crate::sql::PasswordClause;
use crate::words::words;

/// One statement. The JSON is that of [`Script::to_json`](super::Script::to_json).
#[derive(Clone)]
#[non_exhaustive]
pub struct Statement {
    pub(crate) id: StatementId,
    /// The heading of the group that this statement opens: what and why, for the reader of the text.
    pub comment: Option<String>,
    /// The statement, without the closing semicolon.
    pub sql: String,
    /// The password or its hash, if `sql` holds one.
    pub password: Option<PasswordClause>,
    /// The SQL that puts right what is there already and was altered, where that is another.
    pub replacement: Option<String>,
}

impl Statement {
    pub(super) fn new(id: StatementId, sql: impl Into<String>) -> Self {
        Self { id, comment: None, sql: sql.into(), password: None, replacement: None }
    }

    /// Of a statement that says how the system account logs in.
    pub(super) fn with_password(self, password: &PasswordClause) -> Self {
        Self { password: Some(password.clone()).filter(PasswordClause::is_secret), ..self }
    }

    /// The same, opening a group.
    pub(super) fn under(self, heading: impl Into<String>) -> Self {
        Self { comment: Some(heading.into()), ..self }
    }

    /// One line that says what it does; no user text.
    #[must_use]
    pub fn summary(&self) -> &'static str {
        self.id.summary()
    }

    /// Whether `sql` holds a password or its hash.
    #[must_use]
    pub const fn is_secret(&self) -> bool {
        self.password.is_some()
    }

    /// Whether it may run in a transaction.
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

/// Shows everything but the text of a secret statement.
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

/// Which statement it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum StatementId {
    Begin,
    Commit,

    CreateAccount,
    RenameAccount,
    SetPassword,
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
    CreateView(View),
    ReplaceView(View),
    CreateFunction(Function),
    CreateProcedure(Procedure),
    DropProcedure(Procedure),
    WriteMarker,
    UpdateMarker,

    Grant(Privilege),
    /// Revokes what everybody may do with it.
    Close(Closed),
    /// What the default privilege on procedures has given.
    CloseToAccount,
    RevokeDatabase,
    RevokeFromOldAccount(OldPrivilege),
    GrantDefault(DefaultPrivilege),
    UndoDefault(DefaultPrivilege),
    UndoOldDefault(DefaultPrivilege),

    /// Whatever has the name of the schema of the short-lived procedure.
    DropLeftover(ShortLived),
    CreateShortLivedSchema(ShortLived),
    CreateShortLived(ShortLived),
    Call(ShortLived),
    DropShortLived(ShortLived),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Schema {
    System,
    Functions,
    Procedures,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Table {
    Profile,
    ImpersonationGrant,
    ImpersonationSession,
    /// The marker.
    Bootstrap,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum View {
    UserProfile,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Function {
    ListContains,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Procedure {
    ImpersonateUser,
    GrantImpersonation,
    RevokeImpersonation,
}

/// What a `GRANT` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Privilege {
    MakeTemporaryTables,
    Database,
    UseSchemas,
    Schemas,
    ReadUserProfile,
    Profile,
    ReadMarker,
    Impersonate,
    AdmitImpersonators,
    RemoveImpersonators,
}

/// What is closed to everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Closed {
    Database,
    Profile,
    ImpersonationState,
    Marker,
    Procedure(Procedure),
}

/// What the old account of an edit loses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum OldPrivilege {
    SystemTables,
    AdmitImpersonators,
    RemoveImpersonators,
    Schemas,
    Database,
}

/// A default privilege, on what is made later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum DefaultPrivilege {
    Tables,
    Functions,
    Procedures,
}

/// A procedure that is made to be called once, in a schema of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ShortLived {
    CheckMarker,
    CheckDatabase,
    Remove,
}

impl Schema {
    pub(crate) const ALL: [Self; 3] = [Self::System, Self::Functions, Self::Procedures];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::System => "immuta_system",
            Self::Functions => "immuta_functions",
            Self::Procedures => "immuta_procedures",
        }
    }
}

impl Procedure {
    pub(crate) const ALL: [Self; 3] =
        [Self::ImpersonateUser, Self::GrantImpersonation, Self::RevokeImpersonation];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::ImpersonateUser => "impersonate_user",
            Self::GrantImpersonation => "grant_impersonation",
            Self::RevokeImpersonation => "revoke_impersonation",
        }
    }
}

impl ShortLived {
    pub(super) const fn schema(self) -> &'static str {
        match self {
            Self::CheckMarker | Self::CheckDatabase => "bootshift_guard",
            Self::Remove => "bootshift_cleanup",
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::CheckMarker => "check_marker",
            Self::CheckDatabase => "check_database",
            Self::Remove => "remove_what_stands",
        }
    }
}

impl Privilege {
    const fn summary(self) -> &'static str {
        match self {
            Self::MakeTemporaryTables => "Let everybody make temporary tables in the database",
            Self::Database => "Give the system account all privileges on the database",
            Self::UseSchemas => "Let everybody use the three schemas",
            Self::Schemas => "Give the system account all privileges on the three schemas",
            Self::ReadUserProfile => "Let everybody read user_profile",
            Self::Profile => "Let the system account read and write profile",
            Self::ReadMarker => "Let the system account read the marker",
            Self::Impersonate => "Let the group impersonate",
            Self::AdmitImpersonators => "Let the system account admit impersonators",
            Self::RemoveImpersonators => "Let the system account remove impersonators",
        }
    }
}

impl Closed {
    const fn summary(self) -> &'static str {
        match self {
            Self::Database => "Revoke all privileges on the database from PUBLIC",
            Self::Profile => "Close profile to everybody",
            Self::ImpersonationState => "Close the state of impersonation to everybody",
            Self::Marker => "Close the marker to everybody",
            Self::Procedure(Procedure::ImpersonateUser) => "Close impersonate_user to everybody",
            Self::Procedure(Procedure::GrantImpersonation) => "Close grant_impersonation to everybody",
            Self::Procedure(Procedure::RevokeImpersonation) => "Close revoke_impersonation to everybody",
        }
    }
}

impl OldPrivilege {
    const fn summary(self) -> &'static str {
        match self {
            Self::SystemTables => "Revoke the old account's privileges on the system tables",
            Self::AdmitImpersonators => "Revoke grant_impersonation from the old account",
            Self::RemoveImpersonators => "Revoke revoke_impersonation from the old account",
            Self::Schemas => "Revoke the old account's privileges on the schemas",
            Self::Database => "Revoke the old account's privileges on the database",
        }
    }
}

impl StatementId {
    /// Whether it may run in a transaction.
    pub(crate) const fn is_transactional(self) -> bool {
        !matches!(self, Self::CreateDatabase | Self::DropDatabase)
    }

    /// One line that says what it does: for people alone, and free to be reworded.
    pub(crate) fn summary(self) -> &'static str {
        words(match self {
            Self::Begin => "Begin the transaction",
            Self::Commit => "Commit the transaction",

            Self::CreateAccount => "Create the system account",
            Self::RenameAccount => "Rename the system account",
            Self::SetPassword => "Set the system account's password",
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
            Self::CreateTable(Table::Profile) => "Create the table profile",
            Self::CreateTable(Table::ImpersonationGrant) => "Create the table impersonation_grant",
            Self::CreateTable(Table::ImpersonationSession) => "Create the table impersonation_session",
            Self::CreateTable(Table::Bootstrap) => "Create the marker table",
            Self::DropImpersonationState => "Drop the state of impersonation",
            Self::CreateView(View::UserProfile) => "Create the view user_profile",
            Self::ReplaceView(View::UserProfile) => "Replace the view user_profile",
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

            Self::Grant(privilege) => privilege.summary(),
            Self::Close(closed) => closed.summary(),
            Self::CloseToAccount => {
                "Close impersonate_user to the system account, which may call what is made later, but not this"
            }
            Self::RevokeDatabase => "Revoke the system account's privileges on the database",
            Self::RevokeFromOldAccount(privilege) => privilege.summary(),
            Self::GrantDefault(DefaultPrivilege::Tables) => {
                "Let everybody read the views that the system account makes later"
            }
            Self::GrantDefault(DefaultPrivilege::Functions) => {
                "Let everybody call functions that the system account makes later"
            }
            Self::GrantDefault(DefaultPrivilege::Procedures) => {
                "Let the system account call procedures made later"
            }
            Self::UndoDefault(DefaultPrivilege::Tables) => "Undo the default privilege on tables",
            Self::UndoDefault(DefaultPrivilege::Functions) => "Undo the default privilege on functions",
            Self::UndoDefault(DefaultPrivilege::Procedures) => "Undo the default privilege on procedures",
            Self::UndoOldDefault(DefaultPrivilege::Tables) => {
                "Undo the old account's default privilege on tables"
            }
            Self::UndoOldDefault(DefaultPrivilege::Functions) => {
                "Undo the old account's default privilege on functions"
            }
            Self::UndoOldDefault(DefaultPrivilege::Procedures) => {
                "Undo the old account's default privilege on procedures"
            }

            Self::DropLeftover(_) => "Drop what has the name of the short-lived schema",
            Self::CreateShortLivedSchema(ShortLived::CheckMarker | ShortLived::CheckDatabase) => {
                "Make a short-lived schema for the proof"
            }
            Self::CreateShortLivedSchema(ShortLived::Remove) => "Make a short-lived schema for the removal",
            Self::CreateShortLived(ShortLived::CheckMarker | ShortLived::CheckDatabase) => "Write the proof",
            Self::CreateShortLived(ShortLived::Remove) => "Write the removal",
            Self::Call(ShortLived::CheckMarker) => "Check the marker",
            Self::Call(ShortLived::CheckDatabase) => "Check the database",
            Self::Call(ShortLived::Remove) => "Remove what stands",
            Self::DropShortLived(ShortLived::CheckMarker | ShortLived::CheckDatabase) => "Drop the proof",
            Self::DropShortLived(ShortLived::Remove) => "Drop the removal",
        })
    }
}
