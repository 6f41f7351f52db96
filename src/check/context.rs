//! The input of the rules.

use super::Options;
use super::fix_builder::FixBuilder;
use super::redaction::Redaction;
use crate::document::{Limits, Node, NodeKind, Syntax};
use crate::operation::Operation;

/// A document with what the rules need to check it.
pub(super) struct Context<'c> {
    pub(super) text: &'c str,
    pub(super) limits: &'c Limits,
    pub(super) root: &'c Node,
    pub(super) operation: Operation,
    /// The syntax that the document was parsed as.
    pub(super) syntax: Syntax,
    pub(super) options: &'c Options<'c>,
    pub(super) redaction: &'c Redaction<'c>,
    pub(super) fix_builder: FixBuilder<'c>,
}

impl Context<'_> {
    /// Whether the integration was set up automatically, if known.
    pub(super) fn automatic(&self) -> Option<bool> {
        self.options.auto_bootstrap.or_else(|| self.options.old.map(|old| old.auto_bootstrap))
    }

    /// Whether the body is `null` or an empty object.
    pub(super) fn is_empty(&self) -> bool {
        matches!(self.root.kind, NodeKind::Null) || self.root.is_empty_object()
    }

    /// Whether this is a `DELETE` without a body, or with an empty one for an integration that allows none.
    pub(super) fn is_delete_without_body(&self) -> bool {
        self.operation == Operation::Delete
            && (matches!(self.root.kind, NodeKind::Null)
                || (self.is_empty() && self.automatic() == Some(false)))
    }
}
