//! Which operation a document is for, where nobody says.

use super::suggest::closest;
use crate::document::{Node, NodeKind};
use crate::operation::Operation;

/// Keys by which a full payload is known even if `config` is not there or not spelt so.
const PAYLOAD_KEYS: [&str; 5] = ["type", "autoBootstrap", "host", "database", "initialDatabase"];

/// Keys by which a document without any of the exact keys is known, if it has one spelt nearly so.
const TELLING_KEYS: [(&str, Operation); 4] = [
    ("config", Operation::Create),
    ("authenticationType", Operation::Delete),
    ("validationResults", Operation::Status),
    ("statusCode", Operation::Error),
];

/// The operation that the keys of the document tell.
pub(super) fn operation(root: &Node) -> Option<Operation> {
    if matches!(root.kind, NodeKind::Array(_)) {
        return Some(Operation::List);
    }
    let has = |key: &str| root.member(key).is_some();
    let is_response = has("status") && has("validationResults");
    if has("config") {
        Some(if is_response { Operation::Get } else { Operation::Create })
    } else if is_response {
        Some(Operation::Status)
    } else if has("statusCode") {
        Some(Operation::Error)
    } else if PAYLOAD_KEYS.into_iter().any(has) {
        Some(Operation::Create)
    } else if has("authenticationType") {
        Some(Operation::Delete)
    } else {
        let names = TELLING_KEYS.map(|(name, _)| name);
        let told = root.members().iter().find_map(|member| closest(&member.key, names))?;
        TELLING_KEYS.into_iter().find(|(name, _)| *name == told).map(|(_, operation)| operation)
    }
}
