//! The validators of the schemas, and the only module that names the `jsonschema` crate.
//!
//! They are generated when Bootshift is compiled, so that nothing is compiled at run time and no regex engine is linked:
//! schemas do without `pattern`.

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{ErrorIterator, JsonType, validator};
use serde_json::Value;

use super::is_redshift;

use crate::document::{Node, NodeKind, Text};
use crate::operation::BodyKind;

/// One thing that a schema has against a document, free of the document's values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    /// The JSON pointer to the value that the schema keyword judged.
    pub(crate) pointer: Text,
    /// What is wrong.
    pub(crate) kind: Kind,
}

/// What a schema keyword says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The object lacks this key.
    Missing(String),
    /// The object has keys that the schema does not know.
    Unknown,
    /// The value may not stand here at all.
    Forbidden,
    /// The value has none of these types.
    Type(Vec<&'static str>),
    /// The value is none of these words.
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

macro_rules! validators {
    ($($name:ident = $schema:literal;)*) => {
        $(
            #[validator(
                schema = $schema,
                resources = { "bootshift:schemas" => { path = "schema/definitions.json" } },
                draft = Draft7,
                validate_formats = true,
                formats = {
                    "bare-host" => crate::schema::format::is_bare_host,
                    "redshift-identifier" => crate::schema::format::is_identifier,
                    "redshift-user" => crate::schema::format::is_user,
                    "redshift-group" => crate::schema::format::is_group,
                },
                methods = { is_valid = false, validate = false, iter_errors = true }
            )]
            struct $name;
        )*
    };
}

validators! {
    Payload = r#"{"$ref": "bootshift:schemas#/definitions/payload"}"#;
    Credentials = r#"{"$ref": "bootshift:schemas#/definitions/credentials"}"#;
    Integration = r#"{"$ref": "bootshift:schemas#/definitions/integration"}"#;
    OtherIntegration = r#"{"$ref": "bootshift:schemas#/definitions/otherIntegration"}"#;
    Status = r#"{"$ref": "bootshift:schemas#/definitions/integrationStatus"}"#;
    Error = r#"{"$ref": "bootshift:schemas#/definitions/error"}"#;
    ValidationTest = r#"{"$ref": "bootshift:schemas#/definitions/validationTest"}"#;
}

/// Everything that the schema of `body` has against a document; several violations may be one mistake.
///
/// The items of an array are validated one by one, so that no more than the errors of one are in memory.
pub(crate) fn violations(body: BodyKind, root: &Node) -> Vec<Violation> {
    let mut found = Vec::new();
    match (body, &root.kind) {
        (BodyKind::IntegrationList, NodeKind::Array(entries)) => {
            for (index, entry) in entries.iter().enumerate() {
                let iter_errors =
                    if is_redshift(entry) { Integration::iter_errors } else { OtherIntegration::iter_errors };
                object(iter_errors, entry, &format!("/{index}"), &mut found);
            }
        }
        (BodyKind::IntegrationList, _) => {
            found.push(Violation { pointer: "".into(), kind: Kind::Type(vec!["array"]) });
        }
        (BodyKind::Payload, _) => object(Payload::iter_errors, root, "", &mut found),
        (BodyKind::Credentials, _) => object(Credentials::iter_errors, root, "", &mut found),
        (BodyKind::Integration, _) => object(Integration::iter_errors, root, "", &mut found),
        (BodyKind::Status, _) => object(Status::iter_errors, root, "", &mut found),
        (BodyKind::Error, _) => object(Error::iter_errors, root, "", &mut found),
    }
    found
}

/// The method of a validator.
type IterErrors = for<'v> fn(&'v Value) -> ErrorIterator<'v>;

/// Validates the object at `pointer`, and the tests of its validation results for themselves.
fn object(iter_errors: IterErrors, node: &Node, pointer: &str, found: &mut Vec<Violation>) {
    let mut value = node.to_json();
    let tests = value.pointer_mut("/validationResults/validationTests").and_then(Value::as_array_mut);
    let tests = tests.map(std::mem::take).unwrap_or_default();
    collect(iter_errors(&value), pointer, found);
    for (index, test) in tests.iter().enumerate() {
        let pointer = format!("{pointer}/validationResults/validationTests/{index}");
        collect(ValidationTest::iter_errors(test), &pointer, found);
    }
}

fn collect(errors: ErrorIterator<'_>, around: &str, found: &mut Vec<Violation>) {
    for error in errors {
        let path = error.instance_path().as_str();
        let kind = Kind::from(error.kind());
        // The errors of a value, which mostly follow each other, share its pointer.
        let pointer = match found.last() {
            Some(last) if last.pointer.strip_prefix(around) == Some(path) => last.pointer.clone(),
            _ => Text::from(format!("{around}{path}")),
        };
        found.push(Violation { pointer, kind });
    }
}
