//! What is found out about the password of a document after its check, when its value is used.

use super::redaction::Redaction;
use super::{Checked, Code, Diagnostic, Severity};
use crate::document::{Documents, Node, Span};
use crate::operation::{BodyKind, Operation};

/// What is found out about the password of a document after the check.
pub(super) fn at_password(root: Option<&Node>, code: Code, message: String) -> Diagnostic {
    let (pointer, span) = root.and_then(password).unwrap_or_default();
    Diagnostic::new(code, pointer, span, message).with_property("password")
}

/// The payload, found wrong for the value of its password, which is to be used: with one error there, and nothing else.
pub(super) fn refused(documents: &Documents<'_>, code: Code, message: String, help: &str) -> Checked {
    let diagnostic = at_password(documents.first_root(), code, message);
    only(documents, diagnostic.with_severity(Severity::Error).with_help(help))
}

/// The payload with one diagnostic and no other.
fn only(documents: &Documents<'_>, diagnostic: Diagnostic) -> Checked {
    let kind = Some(BodyKind::Payload);
    let visible = documents.first_root().map(|root| Redaction::of(root, kind).spans()).unwrap_or_default();
    let index = documents.iter().next().map(|document| document.index).unwrap_or_default();
    Checked { visible, ..Checked::of(index, Some(Operation::Create), vec![diagnostic]) }
}

/// The pointer to the password's value, and its place.
fn password(root: &Node) -> Option<(String, Span)> {
    let config = root.get("config")?;
    match config.get("okta").and_then(|okta| okta.get("password")) {
        Some(password) => Some(("/config/okta/password".to_owned(), password.span)),
        None => Some(("/config/password".to_owned(), config.get("password")?.span)),
    }
}
