//! Recognizes documents of the integrations API, and infers the operation that they are for.
//!
//! There are three tests, from the cheapest to the strictest. [`may_be_ours`] searches the text for words, even if it
//! cannot be parsed: files in a directory without them are skipped. [`operation`] reads the keys of a document.
//! [`recognize`] requires keys that hardly any other document has; it decides whether a file may be changed and whether an
//! editor shows diagnostics.

use crate::document::{Documents, Node, NodeKind};
use crate::operation::Operation;
use crate::text::suggest::closest;

/// Words that identify a payload or an API response, even if it cannot be parsed.
const MARKER_WORDS: [&str; 5] =
    ["autoBootstrap", "authenticationType", "initialDatabase", "validationResults", "statusCode"];

/// Identifies a JSON Schema: one for payloads, such as ours, contains their words but is not a payload.
const META_SCHEMA: &str = "json-schema.org/";

/// Keys that identify a payload even if `config` is missing or misspelled.
const PAYLOAD_KEYS: [&str; 5] = ["type", "autoBootstrap", "host", "database", "initialDatabase"];

/// Keys that determine the operation of a document even if misspelled, if it has none of the exact keys.
const DISCRIMINATOR_KEYS: [(&str, Operation); 4] = [
    ("config", Operation::Create),
    ("authenticationType", Operation::Delete),
    ("validationResults", Operation::Status),
    ("statusCode", Operation::Error),
];

/// Whether a text contains a word that identifies a document of the integrations API.
#[must_use]
pub fn may_be_ours(text: &str) -> bool {
    MARKER_WORDS.iter().any(|word| text.contains(word)) && !text.contains(META_SCHEMA)
}

/// The operation that the keys of the document determine.
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
        let names = DISCRIMINATOR_KEYS.map(|(name, _)| name);
        let key = root.members().iter().find_map(|member| closest(&member.key, names))?;
        DISCRIMINATOR_KEYS.into_iter().find(|(name, _)| *name == key).map(|(_, operation)| operation)
    }
}

/// Keys that hardly any other document has.
const DISTINCTIVE_KEYS: [&str; 3] = ["autoBootstrap", "initialDatabase", "validationResults"];

/// For each document of a text, in order, whether it certainly belongs to the integrations API: other programs also use
/// keys such as `config`, `type` and `host`. A text that cannot be parsed is recognized by its words.
#[must_use]
pub fn recognize(documents: &Documents<'_>) -> Vec<bool> {
    let lower = documents.text().to_ascii_lowercase();
    let names_redshift = |line: &str| {
        let line = line.trim_start_matches([' ', '{', ',']).replace(['"', '\'', ' '], "");
        line.starts_with("type:redshift")
    };
    let is_delete =
        || lower.contains("authenticationtype") && (lower.contains("userpassword") || lower.contains("okta"));
    let has_word = || {
        DISTINCTIVE_KEYS.iter().any(|key| lower.contains(&key.to_ascii_lowercase()))
            || is_delete()
            || lower.lines().any(names_redshift)
    };
    documents.iter().map(|document| document.root.as_ref().map_or_else(has_word, is_ours)).collect()
}

/// Whether the operation of any document of a text can be inferred.
#[cfg(all(feature = "cli", not(target_family = "wasm")))]
pub(crate) fn tells_operation(documents: &Documents<'_>) -> bool {
    documents.iter().filter_map(|document| document.root.as_ref()).any(|root| operation(root).is_some())
}

/// Whether the keys of a document identify it as one of the integrations API.
fn is_ours(root: &Node) -> bool {
    if let NodeKind::Array(items) = &root.kind {
        return items.iter().any(|item| matches!(item.kind, NodeKind::Object(_)) && is_ours(item));
    }
    let has =
        |node: &Node, name: &str| node.members().iter().any(|member| member.key.eq_ignore_ascii_case(name));
    let config = root.members().iter().find(|member| member.key.eq_ignore_ascii_case("config"));
    let word = |key: &str| root.get(key).and_then(Node::as_str).unwrap_or_default();
    let others =
        root.members().iter().filter(|member| !INTEGRATION_KEYS.contains(&member.key.as_str())).count();
    // With the exact spelling, one unknown key is accepted: it may be misspelled, or still being typed.
    let is_redshift = match word("type") {
        "Redshift" => others <= 1,
        other => other.eq_ignore_ascii_case("Redshift") && others == 0,
    };
    let is_delete = ["userPassword", "okta"].contains(&word("authenticationType"))
        && (has(root, "username") || has(root, "okta"));
    is_redshift
        || is_delete
        || DISTINCTIVE_KEYS
            .iter()
            .any(|key| has(root, key) || config.is_some_and(|config| has(&config.value, key)))
}

/// The keys of an integration.
const INTEGRATION_KEYS: [&str; 6] = ["id", "status", "validationResults", "type", "autoBootstrap", "config"];
