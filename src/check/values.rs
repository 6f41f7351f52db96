//! The values of a request's body as the rules see them: those of the right type that have no error yet.

use super::context::Context;
use super::rules::placeholder::Placeholders;
use super::{Code, Diagnostic};
use crate::document::Node;
use crate::text::pointer::pointer;
use crate::text::shown::show;

/// The way from the root to a value; a pointer is made of it only where there is something to say.
pub(super) type Keys = &'static [&'static str];

/// A body, with what has been said of it.
pub(super) struct Values<'r> {
    pub(super) context: &'r Context<'r>,
    pub(super) placeholders: &'r Placeholders,
    /// The errors that have been found before the rules are asked.
    pub(super) errors: &'r [Diagnostic],
}

/// A value with its place.
pub(super) struct Field<'r, T> {
    pub(super) keys: Keys,
    pub(super) node: &'r Node,
    pub(super) value: T,
}

impl<'r> Values<'r> {
    /// The value under `keys`, whatever has been said of it.
    pub(super) fn member(&self, keys: Keys) -> Option<&'r Node> {
        keys.iter().try_fold(self.context.root, |node, key| node.get(key))
    }

    /// The value under `keys`, unless something is wrong with it already or it is a placeholder.
    pub(super) fn node(&self, keys: Keys) -> Option<&'r Node> {
        let node = self.member(keys)?;
        let is_right = (self.errors.is_empty() && self.placeholders.values.is_empty()) || {
            let pointer = pointer(keys);
            self.errors.iter().all(|error| error.pointer != pointer) && !self.placeholders.has(&pointer)
        };
        is_right.then_some(node)
    }

    /// The string under `keys` that is not empty.
    pub(super) fn string(&self, keys: Keys) -> Option<Field<'r, &'r str>> {
        let node = self.node(keys)?;
        Some(Field { keys, node, value: node.as_str().filter(|text| !text.is_empty())? })
    }

    /// The same, if a message may show it.
    pub(super) fn visible(&self, keys: Keys) -> Option<Field<'r, &'r str>> {
        self.string(keys).filter(|text| self.context.redaction.shows(text.node))
    }

    /// The truth value under `keys`.
    pub(super) fn boolean(&self, keys: Keys) -> Option<Field<'r, bool>> {
        let node = self.node(keys)?;
        Some(Field { keys, node, value: node.as_bool()? })
    }

    /// A name, or a word for it where it may not be shown.
    pub(super) fn shown(&self, name: &Field<'_, &str>) -> String {
        if self.context.redaction.shows(name.node) { show(name.value) } else { "this name".to_owned() }
    }
}

impl<T> Field<'_, T> {
    /// The JSON pointer to it.
    pub(super) fn pointer(&self) -> String {
        pointer(self.keys)
    }

    /// A diagnostic at its place.
    pub(super) fn diagnostic(&self, code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(code, self.pointer(), self.node.span, message)
    }
}
