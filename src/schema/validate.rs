//! The validator of the schemas, and the only module that names the `jsonschema` crate.
//!
//! It is generated at compile time from `schema/definitions.json`, so that no schema is compiled at run time and no regex engine
//! is linked: the definitions do not use `pattern`.

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, validator};
use serde_json::Value;

use super::is_redshift;

use crate::document::{Node, NodeKind, Text};
use crate::operation::BodyKind;

/// A violation of a schema, without values of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    /// The JSON pointer to the invalid value.
    pub(crate) pointer: Text,
    /// What is wrong.
    pub(crate) kind: Kind,
}

/// The kind of a violation, by schema keyword.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The object is missing this key.
    Missing(String),
    /// The object has unknown keys.
    Unknown,
    /// The value is not allowed here.
    Forbidden,
    /// The value has none of these types.
    Type(Vec<&'static str>),
    /// The value is not one of these strings.
    Choice(Vec<String>),
    /// The number is smaller than this.
    BelowMinimum(u64),
    /// The number is greater than this.
    AboveMaximum(u64),
    /// The string or array is shorter than this.
    TooShort(u64),
    /// The string or array is longer than this.
    TooLong(u64),
    /// The string does not have this format.
    Format(String),
    /// The value is excluded by `not`: a redacted secret.
    Redacted,
    /// Another keyword. No schema uses one.
    Other,
}

impl From<&ValidationErrorKind> for Kind {
    fn from(kind: &ValidationErrorKind) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let number = |value: &Value| value.as_u64().unwrap_or_default();
        match kind {
            ValidationErrorKind::Required { property } => Self::Missing(text(property)),
            ValidationErrorKind::AdditionalProperties { .. } => Self::Unknown,
            ValidationErrorKind::FalseSchema => Self::Forbidden,
            ValidationErrorKind::Type { kind: TypeKind::Single(expected) } => {
                Self::Type(vec![expected.as_str()])
            }
            ValidationErrorKind::Type { kind: TypeKind::Multiple(expected) } => {
                Self::Type(expected.iter().map(JsonType::as_str).collect())
            }
            ValidationErrorKind::Enum { options } => {
                Self::Choice(options.as_array().into_iter().flatten().map(text).collect())
            }
            ValidationErrorKind::Minimum { limit } => Self::BelowMinimum(number(limit)),
            ValidationErrorKind::Maximum { limit } => Self::AboveMaximum(number(limit)),
            ValidationErrorKind::MinLength { limit } => Self::TooShort(*limit),
            ValidationErrorKind::MaxLength { limit } => Self::TooLong(*limit),
            ValidationErrorKind::Format { format } => Self::Format(format.clone()),
            ValidationErrorKind::Not { .. } => Self::Redacted,
            _ => Self::Other,
        }
    }
}

/// The validator of all documents, so that shared definitions are compiled once. It takes a document under the name of its
/// definition.
#[validator(
    path = "schema/definitions.json",
    draft = Draft7,
    validate_formats = true,
    formats = {
        "bare-host" => crate::schema::format::is_bare_host,
        "redshift-identifier" => crate::platform::redshift::is_identifier,
        "redshift-user" => crate::platform::redshift::is_user,
        "redshift-group" => crate::platform::redshift::is_group,
    },
    methods = { is_valid = false, validate = false, iter_errors = true }
)]
struct Definitions;

/// The violations of the schema of `body` in a document; several violations may have the same cause.
///
/// The items of an array are validated one by one, so that only the errors of one are in memory.
pub(crate) fn violations(body: BodyKind, root: &Node) -> Vec<Violation> {
    let mut found = Vec::new();
    if body == BodyKind::IntegrationList {
        entries(root, &mut found);
    } else {
        object(super::definition(body), root, "", &mut found);
    }
    found
}

/// Validates the entries of a list one by one.
fn entries(root: &Node, found: &mut Vec<Violation>) {
    let NodeKind::Array(entries) = &root.kind else {
        found.push(Violation { pointer: "".into(), kind: Kind::Type(vec!["array"]) });
        return;
    };
    for (index, entry) in entries.iter().enumerate() {
        let definition = if is_redshift(entry) { "integration" } else { "otherIntegration" };
        object(definition, entry, &format!("/{index}"), found);
    }
}

/// Validates the object at `pointer`, and the tests of its validation results one by one.
fn object(definition: &str, node: &Node, pointer: &str, found: &mut Vec<Violation>) {
    let mut value = node.to_json();
    let tests = value.pointer_mut("/validationResults/validationTests").and_then(Value::as_array_mut);
    let tests = tests.map(std::mem::take).unwrap_or_default();
    validate(definition, value, pointer, found);
    for (index, test) in tests.into_iter().enumerate() {
        let pointer = format!("{pointer}/validationResults/validationTests/{index}");
        validate("validationTest", test, &pointer, found);
    }
}

fn validate(definition: &str, value: Value, parent: &str, found: &mut Vec<Violation>) {
    let document = Value::Object([(definition.to_owned(), value)].into_iter().collect());
    for error in Definitions::iter_errors(&document) {
        let path = error.instance_path().as_str().get(1 + definition.len()..).unwrap_or_default();
        let kind = Kind::from(error.kind());
        // Errors of the same value, which are usually consecutive, share its pointer.
        let pointer = match found.last() {
            Some(last) if last.pointer.strip_prefix(parent) == Some(path) => last.pointer.clone(),
            _ => Text::from(format!("{parent}{path}")),
        };
        found.push(Violation { pointer, kind });
    }
}
