//! The effects of statements, for the runner.

use super::parts::{Closed, Function, Procedure, Table, View};

/// The effect of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Starts a transaction.
    Begins,
    /// Commits the transaction.
    Commits,
    Creates(Object),
    Alters(Object),
    Drops(Object),
    /// Grants a privilege that is lost when the privileges on its object are revoked from PUBLIC.
    GrantsOn(Closed),
    Grants,
    Closes(Closed),
    Revokes,
    WritesMarker,
    /// Creates or drops a short-lived object.
    Prepares,
    Checks,
    /// Drops the existing parts of an unfinished setup, the account and the group among them.
    Removes,
}

/// The object that a statement creates, alters or drops.
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
