//! The nodes of a tree.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use super::Span;

/// A string of a document. Copies of a tree share their strings.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(Arc<str>);

impl Text {
    /// The string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

/// Shows only the type, like a [`Node`].
impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("string")
    }
}

/// A value with its position in the text.
#[derive(Clone)]
pub struct Node {
    /// Where the value is used: for a value that an alias repeats, the alias.
    pub span: Span,
    /// Where the value is defined: differs from `span` if an alias or a merge key inserted it here.
    pub origin: Span,
    /// The value.
    pub kind: NodeKind,
}

/// A value.
#[derive(Clone)]
pub enum NodeKind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number that JSON can represent.
    Number(serde_json::Number),
    /// YAML's `.inf`, `-.inf` and `.nan`, which JSON cannot represent, and numbers that are too large.
    NonFinite,
    /// A string.
    String {
        /// The value.
        value: Text,
        /// Whether it is unquoted (a YAML plain scalar).
        plain: bool,
    },
    /// An array.
    Array(Vec<Node>),
    /// An object with its members in the order of the text. Keys are unique: the first of a duplicate is kept.
    Object(Vec<Member>),
}

/// A member of an object.
#[derive(Clone)]
pub struct Member {
    /// The key; a key that is not a string is the text of its YAML plain scalar.
    pub key: Text,
    /// Where the key is used: for a key that an alias repeats, the alias.
    pub key_span: Span,
    /// Where the key is defined: differs from `key_span` as a value's `origin` differs from its `span`.
    pub key_origin: Span,
    /// The value.
    pub value: Node,
}

impl Node {
    /// The member's value under `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.member(key).map(|member| &member.value)
    }

    /// The member under `key`.
    #[must_use]
    pub fn member(&self, key: &str) -> Option<&Member> {
        self.members().iter().find(|member| member.key == key)
    }

    /// The members of an object; none for any other value.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        match &self.kind {
            NodeKind::Object(members) => members,
            _ => &[],
        }
    }

    /// Whether it is an object without members.
    #[must_use]
    pub fn is_empty_object(&self) -> bool {
        matches!(&self.kind, NodeKind::Object(members) if members.is_empty())
    }

    /// The string, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::String { value, .. } => Some(value),
            _ => None,
        }
    }

    /// The boolean, if it is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.kind {
            NodeKind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The JSON Schema name of the value's type.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self.kind {
            NodeKind::Null => "null",
            NodeKind::Bool(_) => "boolean",
            NodeKind::Number(_) | NodeKind::NonFinite => "number",
            NodeKind::String { .. } => "string",
            NodeKind::Array(_) => "array",
            NodeKind::Object(_) => "object",
        }
    }

    /// The same value without positions, for the JSON Schema validator. `.inf` and `.nan` become `null`.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value;
        match &self.kind {
            NodeKind::Null | NodeKind::NonFinite => Value::Null,
            NodeKind::Bool(value) => Value::Bool(*value),
            NodeKind::Number(value) => Value::Number(value.clone()),
            NodeKind::String { value, .. } => Value::String(value.as_str().to_owned()),
            NodeKind::Array(items) => Value::Array(items.iter().map(Self::to_json).collect()),
            NodeKind::Object(members) => Value::Object(
                members.iter().map(|m| (m.key.as_str().to_owned(), m.value.to_json())).collect(),
            ),
        }
    }
}

/// Shows only the type: any value, and any key inside one, may be a secret.
impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            NodeKind::Array(items) => write!(f, "array of {}", items.len()),
            NodeKind::Object(members) => write!(f, "object of {}", members.len()),
            _ => f.write_str(self.type_name()),
        }
    }
}
