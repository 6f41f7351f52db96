//! The JSON Schemas of `schema/`, and the only module that knows the `jsonschema` crate.
//!
//! The validators are generated when Bootshift is compiled, so that nothing is compiled at run time and no
//! regex engine is linked.

use jsonschema::error::{TypeKind, ValidationErrorKind};
use serde_json::Value;

use crate::operation::BodyKind;

/// One thing that a schema has against a document, free of the document's values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Violation {
    /// The JSON pointer to the value that the schema keyword judged.
    pub(super) pointer: String,
    /// What is wrong.
    pub(super) kind: Kind,
}

/// What a schema keyword says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The object lacks this key.
    Missing(String),
    /// The object has keys that the schema does not know.
    Unknown,
    /// The value may not stand here at all.
    Forbidden,
    /// The value has none of these types.
    Type(Vec<&'static str>),
    /// The value is none of these.
    Choice(Vec<String>),
    /// The number is smaller than this.
    BelowMinimum(u64),
    /// The number is greater than this.
    AboveMaximum(u64),
    /// The string or array is shorter than this.
    TooShort(u64),
    /// The string or array is longer than this.
    TooLong(u64),
    /// The string is not of this format.
    Format(String),
    /// The value is one of those that `not` excludes: a redacted secret.
    Redacted,
    /// Another keyword, by its name. No schema of ours uses one.
    Other(String),
}

macro_rules! validators {
    ($($name:ident = $path:literal;)*) => {
        $(
            #[jsonschema::validator(
                path = $path,
                draft = Draft7,
                validate_formats = true,
                formats = {
                    "bare-host" => crate::check::format::is_bare_host,
                    "redshift-identifier" => crate::check::format::is_identifier,
                    "redshift-user" => crate::check::format::is_user,
                    "redshift-group" => crate::check::format::is_group,
                },
                methods = { is_valid = false, validate = false, iter_errors = true }
            )]
            struct $name;
        )*
    };
}

validators! {
    PayloadSchema = "schema/payload.schema.json";
    CredentialsSchema = "schema/credentials.schema.json";
    IntegrationSchema = "schema/integration.schema.json";
    IntegrationListSchema = "schema/integration-list.schema.json";
    StatusSchema = "schema/status.schema.json";
    ErrorSchema = "schema/error.schema.json";
}

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

/// Everything that the schema of `body` has against `instance`; several violations may be one mistake.
pub(super) fn violations(body: BodyKind, instance: &Value) -> Vec<Violation> {
    let errors = match body {
        BodyKind::Payload => PayloadSchema::iter_errors(instance),
        BodyKind::Credentials => CredentialsSchema::iter_errors(instance),
        BodyKind::Integration => IntegrationSchema::iter_errors(instance),
        BodyKind::IntegrationList => IntegrationListSchema::iter_errors(instance),
        BodyKind::Status => StatusSchema::iter_errors(instance),
        BodyKind::Error => ErrorSchema::iter_errors(instance),
    };
    errors
        .map(|error| Violation {
            pointer: error.instance_path().as_str().to_owned(),
            kind: Kind::of(error.kind()),
        })
        .collect()
}

impl Kind {
    fn of(kind: &ValidationErrorKind) -> Self {
        match kind {
            ValidationErrorKind::Required { property } => {
                Self::Missing(property.as_str().unwrap_or_default().to_owned())
            }
            ValidationErrorKind::AdditionalProperties { .. } => Self::Unknown,
            ValidationErrorKind::FalseSchema => Self::Forbidden,
            ValidationErrorKind::Type { kind: TypeKind::Single(expected) } => {
                Self::Type(vec![expected.as_str()])
            }
            ValidationErrorKind::Type { kind: TypeKind::Multiple(expected) } => {
                Self::Type(expected.iter().map(jsonschema::JsonType::as_str).collect())
            }
            ValidationErrorKind::Enum { options } => Self::Choice(
                options
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
                    .map(str::to_owned)
                    .collect(),
            ),
            ValidationErrorKind::Minimum { limit } => Self::BelowMinimum(limit.as_u64().unwrap_or_default()),
            ValidationErrorKind::Maximum { limit } => Self::AboveMaximum(limit.as_u64().unwrap_or_default()),
            ValidationErrorKind::MinLength { limit } => Self::TooShort(*limit),
            ValidationErrorKind::MaxLength { limit } => Self::TooLong(*limit),
            ValidationErrorKind::Format { format } => Self::Format(format.clone()),
            ValidationErrorKind::Not { .. } => Self::Redacted,
            other => Self::Other(other.keyword().to_owned()),
        }
    }
}
