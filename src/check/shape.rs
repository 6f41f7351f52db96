//! What the schemas say about the shape of a body, as a table: which keys stand where, and what is secret.
//!
//! A test derives the same table from the schema files, `writeOnly` marks included.

use crate::document::Node;
use crate::operation::BodyKind;

/// The shape of a value.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A value that is never shown.
    Secret,
    /// A string, number or truth value that may be shown.
    Scalar,
    /// A host: shown unless it may hold credentials.
    Host,
    /// An object with these keys.
    Object(&'static [(&'static str, Shape)]),
    /// An array of values of one shape.
    Array(&'static Shape),
    /// An integration of any platform: only Redshift's `config` is described.
    Entry,
    /// A value that the schema does not describe; hidden.
    Any,
}

use Shape::{Array, Host, Object, Scalar, Secret};

const OKTA: Shape = Object(&[
    ("username", Scalar),
    ("password", Secret),
    ("appId", Scalar),
    ("idpHost", Host),
    ("role", Scalar),
]);

const CONFIG: Shape = Object(&[
    ("host", Host),
    ("port", Scalar),
    ("database", Scalar),
    ("initialDatabase", Scalar),
    ("impersonation", Object(&[("enabled", Scalar), ("role", Scalar)])),
    ("authenticationType", Scalar),
    ("username", Scalar),
    ("password", Secret),
    ("okta", OKTA),
]);

const VALIDATION_RESULTS: Shape = Object(&[
    ("status", Scalar),
    (
        "validationTests",
        Array(&Object(&[
            ("name", Scalar),
            ("status", Scalar),
            ("result", Array(&Shape::Any)),
            ("message", Scalar),
        ])),
    ),
]);

static PAYLOAD: Shape = Object(&[("type", Scalar), ("autoBootstrap", Scalar), ("config", CONFIG)]);

static CREDENTIALS: Shape =
    Object(&[("authenticationType", Scalar), ("username", Scalar), ("password", Secret), ("okta", OKTA)]);

pub(super) static INTEGRATION: Shape = Object(&[
    ("id", Scalar),
    ("status", Scalar),
    ("validationResults", VALIDATION_RESULTS),
    ("type", Scalar),
    ("autoBootstrap", Scalar),
    ("config", CONFIG),
]);

pub(super) static OTHER_PLATFORM: Shape = Object(&[
    ("id", Scalar),
    ("status", Scalar),
    ("validationResults", VALIDATION_RESULTS),
    ("type", Scalar),
    ("autoBootstrap", Scalar),
]);

static LIST: Shape = Array(&Shape::Entry);

static STATUS: Shape =
    Object(&[("id", Scalar), ("status", Scalar), ("validationResults", VALIDATION_RESULTS)]);

static ERROR: Shape = Object(&[
    ("statusCode", Scalar),
    ("error", Scalar),
    ("message", Scalar),
    ("validationResults", VALIDATION_RESULTS),
]);

impl Shape {
    /// The shape of a body.
    pub(super) fn of(body: BodyKind) -> &'static Self {
        match body {
            BodyKind::Payload => &PAYLOAD,
            BodyKind::Credentials => &CREDENTIALS,
            BodyKind::Integration => &INTEGRATION,
            BodyKind::IntegrationList => &LIST,
            BodyKind::Status => &STATUS,
            BodyKind::Error => &ERROR,
        }
    }

    /// The same, with the shape of an [`Shape::Entry`] told from the entry.
    pub(super) fn resolve(&'static self, node: &Node) -> &'static Self {
        match self {
            Self::Entry if node.get("type").and_then(Node::as_str) == Some("Redshift") => &INTEGRATION,
            Self::Entry => &OTHER_PLATFORM,
            other => other,
        }
    }

    /// The keys of an object; none for any other shape.
    pub(super) fn keys(&'static self) -> &'static [(&'static str, Self)] {
        match self {
            Self::Object(keys) => keys,
            _ => &[],
        }
    }

    /// The shape under a key.
    pub(super) fn get(&'static self, key: &str) -> Option<&'static Self> {
        self.keys().iter().find(|(name, _)| *name == key).map(|(_, shape)| shape)
    }

    /// Whether an object has this key.
    pub(super) fn has(&'static self, key: &str) -> bool {
        self.get(key).is_some()
    }
}
