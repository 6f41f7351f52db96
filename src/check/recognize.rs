//! What a document is that nobody has named: whether it is Bootshift's at all, and which operation it is for.
//!
//! There are three answers, from the cheapest to the surest. [`may_be_ours`] looks for words in the text, be it broken:
//! no file of a folder that lacks them is reported. [`operation`] reads the keys of a document. [`recognize`] asks for keys
//! that hardly any other document has, before a file is changed or an editor shows anything.

use crate::document::{Documents, Node, NodeKind};
use crate::operation::Operation;
use crate::text::suggest::closest;

/// Words that a payload or an answer of the API is known by, even where it cannot be read.
const WORDS: [&str; 5] =
    ["autoBootstrap", "authenticationType", "initialDatabase", "validationResults", "statusCode"];

/// What a JSON Schema names: one that describes payloads, such as ours, has their words and is none.
const META_SCHEMA: &str = "json-schema.org/";

/// Keys by which a full payload is known even if `config` is not there or not spelt so.
const PAYLOAD_KEYS: [&str; 5] = ["type", "autoBootstrap", "host", "database", "initialDatabase"];

/// Keys by which a document without any of the exact keys is known, if it has one spelt nearly so.
const TELLING_KEYS: [(&str, Operation); 4] = [
    ("config", Operation::Create),
    ("authenticationType", Operation::Delete),
    ("validationResults", Operation::Status),
    ("statusCode", Operation::Error),
];

/// Whether a text has a word of the API's.
#[must_use]
pub fn may_be_ours(text: &str) -> bool {
    WORDS.iter().any(|word| text.contains(word)) && !text.contains(META_SCHEMA)
}

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

/// Keys that hardly any other document has.
const OWN_KEYS: [&str; 3] = ["autoBootstrap", "initialDatabase", "validationResults"];

/// For each document of a text, in their order, whether it is surely one of the integrations API: what is unnamed may belong
/// to any other program, whose keys `config`, `type` and `host` are too. A text that cannot be read is known by its
/// words.
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
        OWN_KEYS.iter().any(|key| lower.contains(&key.to_ascii_lowercase()))
            || is_delete()
            || lower.lines().any(names_redshift)
    };
    documents.iter().map(|document| document.root.as_ref().map_or_else(has_word, is_own)).collect()
}

/// Whether a document of a text tells its operation.
#[cfg(all(feature = "cli", not(target_family = "wasm")))]
pub(crate) fn tells_operation(documents: &Documents<'_>) -> bool {
    documents.iter().filter_map(|document| document.root.as_ref()).any(|root| operation(root).is_some())
}

/// Whether its keys make a document one of the integrations API.
fn is_own(root: &Node) -> bool {
    if let NodeKind::Array(items) = &root.kind {
        return items.iter().any(|item| matches!(item.kind, NodeKind::Object(_)) && is_own(item));
    }
    let has =
        |node: &Node, name: &str| node.members().iter().any(|member| member.key.eq_ignore_ascii_case(name));
    let config = root.members().iter().find(|member| member.key.eq_ignore_ascii_case("config"));
    let word = |key: &str| root.get(key).and_then(Node::as_str).unwrap_or_default();
    let others =
        root.members().iter().filter(|member| !INTEGRATION_KEYS.contains(&member.key.as_str())).count();
    // In the API's own spelling it is ours with a key that is being written, or is wrong.
    let is_redshift = match word("type") {
        "Redshift" => others <= 1,
        other => other.eq_ignore_ascii_case("Redshift") && others == 0,
    };
    let is_delete = ["userPassword", "okta"].contains(&word("authenticationType"))
        && (has(root, "username") || has(root, "okta"));
    is_redshift
        || is_delete
        || OWN_KEYS.iter().any(|key| has(root, key) || config.is_some_and(|config| has(&config.value, key)))
}

/// The keys of an integration.
const INTEGRATION_KEYS: [&str; 6] = ["id", "status", "validationResults", "type", "autoBootstrap", "config"];
