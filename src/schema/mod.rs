//! The JSON Schemas of the API's documents: validation, and information about their properties.
//!
//! All are generated from `schema/definitions.json`, which defines each property once.

pub(crate) mod format;
mod model;
mod validate;

pub(crate) use model::{ANY, Property, UNKNOWN_OBJECT, ValueType, is_property, may_be_secret, order};
pub(crate) use validate::{Kind, Violation, violations};

use crate::document::Node;
use crate::operation::BodyKind;

/// The published JSON Schema (draft-07) of a body, as text.
#[must_use]
pub const fn text(body: BodyKind) -> &'static str {
    match body {
        BodyKind::Payload => include_str!("../../schema/payload.schema.json"),
        BodyKind::Credentials => include_str!("../../schema/credentials.schema.json"),
        BodyKind::Integration => include_str!("../../schema/integration.schema.json"),
        BodyKind::IntegrationList => include_str!("../../schema/integration-list.schema.json"),
        BodyKind::Status => include_str!("../../schema/status.schema.json"),
        BodyKind::Error => include_str!("../../schema/error.schema.json"),
    }
}

/// The name of the definition of a body in `schema/definitions.json`.
pub(crate) const fn definition(body: BodyKind) -> &'static str {
    match body {
        BodyKind::Payload => "payload",
        BodyKind::Credentials => "credentials",
        BodyKind::Integration => "integration",
        BodyKind::IntegrationList => "integrationList",
        BodyKind::Status => "integrationStatus",
        BodyKind::Error => "error",
    }
}

/// Whether an entry of a list of integrations is fully described by the schemas. For other platforms they describe only
/// the common properties.
fn is_redshift(entry: &Node) -> bool {
    entry.get("type").and_then(Node::as_str) == Some("Redshift")
}
