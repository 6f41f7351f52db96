//! The values of a request body for the rules: those that have the expected type and no error yet.

use super::context::Context;
use super::rules::placeholder::Placeholders;
use super::{Code, Diagnostic};
use crate::document::Node;
use crate::text::pointer::pointer;
use crate::text::shown::show;

/// The path from the root to a value; converted to a JSON pointer only for a diagnostic.
pub(super) type Keys = &'static [&'static str];

/// A body with the diagnostics so far.
pub(super) struct Values<'r> {
    pub(super) context: &'r Context<'r>,
    pub(super) placeholders: &'r Placeholders,
    /// The errors that were found before the rules run.
    pub(super) errors: &'r [Diagnostic],
}

/// A value with its location.
pub(super) struct Field<'r, T> {
    pub(super) keys: Keys,
    pub(super) node: &'r Node,
    pub(super) value: T,
}

impl<'r> Values<'r> {
    /// The value at `keys`, even if it has an error.
    pub(super) fn member(&self, keys: Keys) -> Option<&'r Node> {
        keys.iter().try_fold(self.context.root, |node, key| node.get(key))
    }

    /// The value at `keys`, unless it has an error or is a placeholder.
    pub(super) fn node(&self, keys: Keys) -> Option<&'r Node> {
        let node = self.member(keys)?;
        let is_usable = (self.errors.is_empty() && self.placeholders.values.is_empty()) || {
            let pointer = pointer(keys);
            self.errors.iter().all(|error| error.pointer != pointer) && !self.placeholders.has(&pointer)
        };
        is_usable.then_some(node)
    }

    /// The non-empty string at `keys`.
    pub(super) fn string(&self, keys: Keys) -> Option<Field<'r, &'r str>> {
        let node = self.node(keys)?;
        Some(Field { keys, node, value: node.as_str().filter(|text| !text.is_empty())? })
    }

    /// The non-empty string at `keys`, if a message may show it.
    pub(super) fn visible(&self, keys: Keys) -> Option<Field<'r, &'r str>> {
        self.string(keys).filter(|text| self.context.redaction.allows(text.node))
    }

    /// The boolean at `keys`.
    pub(super) fn boolean(&self, keys: Keys) -> Option<Field<'r, bool>> {
        let node = self.node(keys)?;
        Some(Field { keys, node, value: node.as_bool()? })
    }

    /// A name as a message shows it, or "this name" if the message must not.
    pub(super) fn shown(&self, name: &Field<'_, &str>) -> String {
        if self.context.redaction.allows(name.node) { show(name.value) } else { "this name".to_owned() }
    }
}

impl<T> Field<'_, T> {
    /// The JSON pointer to the value.
    pub(super) fn pointer(&self) -> String {
        pointer(self.keys)
    }

    /// A diagnostic for the value.
    pub(super) fn diagnostic(&self, code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(code, self.pointer(), self.node.span, message)
    }
}
