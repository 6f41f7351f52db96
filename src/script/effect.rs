//! What statements do, for who runs them.

use super::parts::{Closed, Function, Procedure, Table, View};

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
