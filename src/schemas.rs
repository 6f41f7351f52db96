//! The published JSON Schemas by name: those of the API's documents, and those of Bootshift's own JSON.

use crate::operation::Operation;
use crate::schema;

/// The schemas of Bootshift's own JSON: name, what it describes, text.
pub const OWN: [(&str, &str, &str); 3] = [
    ("report", "output of `check --format json`", include_str!("../schema/report.schema.json")),
    ("script", "output of `script --format json`", include_str!("../schema/script.schema.json")),
    ("doctor", "output of `doctor --format json`", include_str!("../schema/doctor.schema.json")),
];

/// The names that [`text`] knows, in the order of the documentation.
pub fn names() -> impl Iterator<Item = &'static str> {
    Operation::ALL.into_iter().map(Operation::name).chain(OWN.map(|(name, ..)| name))
}

/// The schema of an operation's document, or of Bootshift's own JSON; `None` for any other name.
#[must_use]
pub fn text(name: &str) -> Option<&'static str> {
    let own = OWN.iter().find(|(own, ..)| *own == name).map(|(.., text)| *text);
    own.or_else(|| name.parse::<Operation>().ok().map(|operation| schema::text(operation.body_kind())))
}
