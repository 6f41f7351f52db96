//! The objects of a setup, and the privileges on them.

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

/// A privilege that a `GRANT` grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Privilege {
    MakeTemporaryTables,
    Database,
    UseSchemas,
    Schemas,
    ReadUserProfile,
    CallListContains,
    Profile,
    ReadMarker,
    Impersonate,
    AdmitImpersonators,
    RemoveImpersonators,
}

/// An object whose privileges are revoked from PUBLIC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Closed {
    Database,
    Profile,
    ImpersonationState,
    Marker,
    Procedure(Procedure),
}

/// A privilege that an edit revokes from the old account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum OldPrivilege {
    SystemTables,
    AdmitImpersonators,
    RemoveImpersonators,
    Schemas,
    Database,
}

/// A default privilege, on future objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum DefaultPrivilege {
    Tables,
    Functions,
    Procedures,
}

/// A procedure that is created to be called once, in its own schema.
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

impl Table {
    pub(super) const fn summary(self) -> &'static str {
        match self {
            Self::Profile => "Create the table profile",
            Self::ImpersonationGrant => "Create the table impersonation_grant",
            Self::ImpersonationSession => "Create the table impersonation_session",
            Self::Bootstrap => "Create the marker table",
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
            Self::Remove => "remove_existing",
        }
    }
}

impl Privilege {
    pub(super) const fn summary(self) -> &'static str {
        match self {
            Self::MakeTemporaryTables => "Grant TEMPORARY on the database to PUBLIC",
            Self::Database => "Grant CREATE and TEMPORARY on the database to the system account",
            Self::UseSchemas => "Grant USAGE on the three schemas to PUBLIC",
            Self::Schemas => "Grant CREATE and USAGE on the three schemas to the system account",
            Self::ReadUserProfile => "Grant SELECT on user_profile to PUBLIC",
            Self::CallListContains => "Grant EXECUTE on list_contains to PUBLIC",
            Self::Profile => "Grant read and write access on profile to the system account",
            Self::ReadMarker => "Grant SELECT on the marker to the system account",
            Self::Impersonate => "Grant EXECUTE on impersonate_user to the group",
            Self::AdmitImpersonators => "Grant EXECUTE on grant_impersonation to the system account",
            Self::RemoveImpersonators => "Grant EXECUTE on revoke_impersonation to the system account",
        }
    }
}

impl Closed {
    pub(super) const fn summary(self) -> &'static str {
        match self {
            Self::Database => "Revoke all privileges on the database from PUBLIC",
            Self::Profile => "Revoke all privileges on profile from PUBLIC",
            Self::ImpersonationState => "Revoke all privileges on the impersonation state from PUBLIC",
            Self::Marker => "Revoke all privileges on the marker from PUBLIC",
            Self::Procedure(Procedure::ImpersonateUser) => {
                "Revoke all privileges on impersonate_user from PUBLIC"
            }
            Self::Procedure(Procedure::GrantImpersonation) => {
                "Revoke all privileges on grant_impersonation from PUBLIC"
            }
            Self::Procedure(Procedure::RevokeImpersonation) => {
                "Revoke all privileges on revoke_impersonation from PUBLIC"
            }
        }
    }
}

impl OldPrivilege {
    pub(super) const fn summary(self) -> &'static str {
        match self {
            Self::SystemTables => "Revoke the old account's privileges on the system tables",
            Self::AdmitImpersonators => "Revoke grant_impersonation from the old account",
            Self::RemoveImpersonators => "Revoke revoke_impersonation from the old account",
            Self::Schemas => "Revoke the old account's privileges on the schemas",
            Self::Database => "Revoke the old account's privileges on the database",
        }
    }
}

#[cfg(feature = "native")]
impl Privilege {
    /// The revocation from PUBLIC on the same object, which also removes this privilege.
    pub(super) const fn closed_with(self) -> Option<Closed> {
        match self {
            Self::MakeTemporaryTables | Self::Database => Some(Closed::Database),
            Self::Profile => Some(Closed::Profile),
            Self::ReadMarker => Some(Closed::Marker),
            Self::Impersonate => Some(Closed::Procedure(Procedure::ImpersonateUser)),
            Self::AdmitImpersonators => Some(Closed::Procedure(Procedure::GrantImpersonation)),
            Self::RemoveImpersonators => Some(Closed::Procedure(Procedure::RevokeImpersonation)),
            Self::UseSchemas | Self::Schemas | Self::ReadUserProfile | Self::CallListContains => None,
        }
    }
}

#[cfg(feature = "native")]
impl Closed {
    /// The tables whose privileges are revoked.
    pub(crate) const fn tables(self) -> &'static [Table] {
        match self {
            Self::Profile => &[Table::Profile],
            Self::ImpersonationState => &[Table::ImpersonationGrant, Table::ImpersonationSession],
            Self::Marker => &[Table::Bootstrap],
            Self::Database | Self::Procedure(_) => &[],
        }
    }
}

#[cfg(feature = "native")]
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

    /// The names of the columns.
    pub(crate) const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Profile => &[
                "immuta__userid",
                "immuta__groups",
                "immuta__attributes",
                "immuta__projects",
                "immuta__tables",
            ],
            Self::ImpersonationGrant => &["grant_id", "user_name"],
            Self::ImpersonationSession => &["session_word", "user_name", "grant_id", "target_userid"],
            Self::Bootstrap => &[
                "bootshift_version",
                "mode",
                "database_name",
                "database_created",
                "user_name",
                "user_created",
                "group_name",
                "group_created",
                "setup_version",
            ],
        }
    }
}

#[cfg(feature = "native")]
impl View {
    /// The name, in the schema `immuta_system`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::UserProfile => "user_profile",
        }
    }
}

#[cfg(feature = "native")]
impl Function {
    /// The name, in the schema `immuta_functions`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::ListContains => "list_contains",
        }
    }
}
