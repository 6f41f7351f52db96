//! The published JSON Schemas by name: those of the API's documents, that of payloads for generators of code, and those of
//! Bootshift's own JSON.

use crate::operation::Operation;
use crate::schema;

/// The schemas of Bootshift's own JSON: name, what it describes, text.
pub const OWN: [(&str, &str, &str); 3] = [
    ("report", "output of `check --format json`", include_str!("../schema/report.schema.json")),
    ("script", "output of `script --format json`", include_str!("../schema/script.schema.json")),
    ("doctor", "output of `doctor --format json`", include_str!("../schema/doctor.schema.json")),
];

/// The schema of payloads for generators of code: name, what it describes, text. It describes the same payloads by unions of
/// closed objects, without conditions.
pub const PAYLOAD_TYPES: (&str, &str, &str) =
    ("payload-types", "payload, for generators of code", include_str!("../schema/payload.types.schema.json"));

/// The names that [`text`] knows, in the order of the documentation.
pub fn names() -> impl Iterator<Item = &'static str> {
    Operation::ALL.into_iter().map(Operation::name).chain(others().map(|(name, ..)| name))
}

/// The schemas whose names are not those of operations.
fn others() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    [PAYLOAD_TYPES].into_iter().chain(OWN)
}

/// The schema of an operation's document or of another name in [`names`]; `None` for any other name.
#[must_use]
pub fn text(name: &str) -> Option<&'static str> {
    let other = others().find(|(other, ..)| *other == name).map(|(.., text)| text);
    other.or_else(|| name.parse::<Operation>().ok().map(|operation| schema::text(operation.body_kind())))
}
