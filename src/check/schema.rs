//! The JSON Schemas of `schema/`, as validators of the `jsonschema` crate.
//!
//! The validators are generated when Bootshift is compiled, so that nothing is compiled at run time and no
//! regex engine is linked.

use jsonschema_crate::validator;

use super::runtime::value::Value;
use crate::document::{Documents, Limits, Node, NodeKind, Syntax, Text};
use crate::operation::BodyKind;

/// One thing that a schema has against a document, free of the document's values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Violation {
    /// The JSON pointer to the value that the schema keyword judged.
    pub(super) pointer: Text,
    /// What is wrong.
    pub(super) kind: Kind,
}

/// What a schema keyword says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The object lacks this key.
    Missing(&'static str),
    /// The object has keys that the schema does not know.
    Unknown,
    /// The value may not stand here at all.
    Forbidden,
    /// The value has none of these types.
    Type(Vec<&'static str>),
    /// The value is none of these: the array of the schema, as text.
    Choice(Text),
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
}

/// The words of a [`Kind::Choice`].
pub(super) fn words(choices: &str) -> Vec<String> {
    let documents = Documents::parse(choices, Some(Syntax::Json), &Limits::default());
    match documents.first_root().map(|root| &root.kind) {
        Some(NodeKind::Array(items)) => items.iter().filter_map(Node::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

macro_rules! validators {
    ($($name:ident = $path:literal;)*) => {
        $(
            #[validator(
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

/// Everything that the schema of `body` has against a document; several violations may be one mistake.
pub(super) fn violations(body: BodyKind, root: &Node) -> Vec<Violation> {
    let instance = &Value::from(root);
    let errors = match body {
        BodyKind::Payload => PayloadSchema::iter_errors(instance),
        BodyKind::Credentials => CredentialsSchema::iter_errors(instance),
        BodyKind::Integration => IntegrationSchema::iter_errors(instance),
        BodyKind::IntegrationList => IntegrationListSchema::iter_errors(instance),
        BodyKind::Status => StatusSchema::iter_errors(instance),
        BodyKind::Error => ErrorSchema::iter_errors(instance),
    };
    errors.into_iter().map(|error| *error.violation).collect()
}
