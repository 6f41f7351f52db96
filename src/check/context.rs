//! What is looked at to check one document.

use super::Options;
use super::fix_builder::FixBuilder;
use super::redaction::Redaction;
use crate::document::{Limits, Node, NodeKind, Syntax};
use crate::operation::Operation;

/// What the rules look at.
pub(super) struct Context<'c> {
    pub(super) text: &'c str,
    pub(super) limits: &'c Limits,
    pub(super) root: &'c Node,
    pub(super) operation: Operation,
    /// How the document was read.
    pub(super) syntax: Syntax,
    pub(super) options: &'c Options<'c>,
    pub(super) redaction: &'c Redaction<'c>,
    pub(super) fix_builder: FixBuilder<'c>,
}

impl Context<'_> {
    /// How the integration was made, where somebody says.
    pub(super) fn automatic(&self) -> Option<bool> {
        self.options.auto_bootstrap.or_else(|| self.options.old.map(|old| old.auto_bootstrap))
    }

    /// Whether the body says nothing.
    pub(super) fn is_empty(&self) -> bool {
        matches!(self.root.kind, NodeKind::Null) || self.root.is_empty_object()
    }

    /// Whether this is a `DELETE` without a body, or with an empty one for an integration that takes none.
    pub(super) fn is_delete_without_body(&self) -> bool {
        self.operation == Operation::Delete
            && (matches!(self.root.kind, NodeKind::Null)
                || (self.is_empty() && self.automatic() == Some(false)))
    }
}
