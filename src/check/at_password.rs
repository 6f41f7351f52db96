//! Diagnostics for a password that turns out invalid after the check, when its value is used.

use super::redaction::Redaction;
use super::{Checked, Code, Diagnostic, Severity};
use crate::document::{Documents, Node, Span};
use crate::operation::{BodyKind, Operation};

/// A diagnostic at the password of a document.
pub(super) fn at_password(root: Option<&Node>, code: Code, message: String) -> Diagnostic {
    let (pointer, span) = root.and_then(password).unwrap_or_default();
    Diagnostic::new(code, pointer, span, message).with_property("password")
}

/// The payload with one error at its password and no other diagnostics.
pub(super) fn rejected(documents: &Documents<'_>, code: Code, message: String, help: &str) -> Checked {
    let diagnostic = at_password(documents.first_root(), code, message);
    only(documents, diagnostic.with_severity(Severity::Error).with_help(help))
}

/// The payload with this diagnostic only.
fn only(documents: &Documents<'_>, diagnostic: Diagnostic) -> Checked {
    let kind = Some(BodyKind::Payload);
    let visible = documents.first_root().map(|root| Redaction::of(root, kind).spans()).unwrap_or_default();
    let index = documents.iter().next().map(|document| document.index).unwrap_or_default();
    Checked { visible, ..Checked::of(index, Some(Operation::Create), vec![diagnostic]) }
}

/// The pointer to the password's value, and its span.
fn password(root: &Node) -> Option<(String, Span)> {
    let config = root.get("config")?;
    match config.get("okta").and_then(|okta| okta.get("password")) {
        Some(password) => Some(("/config/okta/password".to_owned(), password.span)),
        None => Some(("/config/password".to_owned(), config.get("password")?.span)),
    }
}
