//! The properties in the schemas: their objects, their order, their descriptions, and which are secret.
//!
//! Each published schema is read once, on first use.

#[cfg(all(feature = "cli", not(target_family = "wasm")))]
use std::slice;
use std::sync::OnceLock;

use serde_json::Value;

use super::{is_redshift, text};
use crate::document::Node;
use crate::operation::BodyKind;

/// A value that a schema describes: a property, or a whole body or an item of an array, which have no name.
#[derive(Debug)]
pub(crate) struct Property {
    /// The key.
    pub(crate) name: &'static str,
    /// The type of the value.
    pub(crate) value_type: ValueType,
    /// Its schema.
    schema: &'static Value,
}

/// The type of a value, as far as checks and reports distinguish it.
#[derive(Debug)]
pub(crate) enum ValueType {
    /// A value that is never shown: `writeOnly`.
    Secret,
    /// A string, number or boolean that can be shown.
    Scalar,
    /// A host: shown unless it may contain credentials.
    Host,
    /// An object with these properties.
    Object(Vec<Property>),
    /// An array of values of the same type.
    Array(Box<Property>),
    /// An integration of any platform: only Redshift's `config` is described.
    Entry {
        /// An integration of Redshift.
        redshift: Box<Property>,
        /// An integration of another platform.
        other: Box<Property>,
    },
    /// A value that the schema does not describe; not shown.
    Any,
}

/// The bodies, in the order in which they are searched for a property.
const BODIES: [BodyKind; 6] = [
    BodyKind::Payload,
    BodyKind::Credentials,
    BodyKind::Integration,
    BodyKind::IntegrationList,
    BodyKind::Status,
    BodyKind::Error,
];

/// Whether a property of this name is a host, in a request or a response. The published schemas have no formats that say so,
/// because strict validators refuse those that they do not know.
fn is_host(name: &str) -> bool {
    name == "host" || name.ends_with("Host")
}

/// A value that no schema describes.
pub(crate) static ANY: Property = Property::undescribed(ValueType::Any);

/// An object of which no schema describes a property.
pub(crate) static UNKNOWN_OBJECT: Property = Property::undescribed(ValueType::Object(Vec::new()));

impl Property {
    /// A whole body.
    pub(crate) fn of(body: BodyKind) -> &'static Self {
        static MODELS: [OnceLock<Property>; BODIES.len()] = [const { OnceLock::new() }; BODIES.len()];
        static SCHEMAS: [OnceLock<Value>; BODIES.len()] = [const { OnceLock::new() }; BODIES.len()];
        let index = body as usize;
        MODELS[index].get_or_init(|| {
            let root = SCHEMAS[index].get_or_init(|| serde_json::from_str(text(body)).unwrap_or_default());
            Self::read("", root, root)
        })
    }

    fn read(name: &'static str, schema: &'static Value, root: &'static Value) -> Self {
        let reference = schema.get("$ref").and_then(Value::as_str).unwrap_or_default();
        let target = reference.strip_prefix('#').and_then(|pointer| root.pointer(pointer));
        let schema = target.unwrap_or(schema);
        let below = |keyword: &str| schema.get(keyword).map(|schema| Box::new(Self::read("", schema, root)));
        let word = |keyword: &str| schema.get(keyword).and_then(Value::as_str).unwrap_or_default();
        let properties = schema.get("properties").and_then(Value::as_object);
        let value_type = if let (Some(redshift), Some(other)) = (below("then"), below("else")) {
            ValueType::Entry { redshift, other }
        } else if schema.get("writeOnly").and_then(Value::as_bool) == Some(true) {
            ValueType::Secret
        } else if word("type") == "object" {
            let properties = properties.into_iter().flatten();
            ValueType::Object(properties.map(|(name, schema)| Self::read(name, schema, root)).collect())
        } else if word("type") == "array" {
            ValueType::Array(below("items").unwrap_or_else(|| Box::new(Self::undescribed(ValueType::Any))))
        } else if is_host(name) {
            ValueType::Host
        } else {
            ValueType::Scalar
        };
        Self { name, value_type, schema }
    }

    const fn undescribed(value_type: ValueType) -> Self {
        Self { name: "", value_type, schema: &Value::Null }
    }

    /// The same property; for a [`ValueType::Entry`], the one of the entry's platform.
    pub(crate) fn resolve(&'static self, node: &Node) -> &'static Self {
        match &self.value_type {
            ValueType::Entry { redshift, .. } if is_redshift(node) => redshift,
            ValueType::Entry { other, .. } => other,
            _ => self,
        }
    }

    /// The properties of an object; empty for any other value.
    pub(crate) fn properties(&self) -> &[Self] {
        match &self.value_type {
            ValueType::Object(properties) => properties,
            _ => &[],
        }
    }

    /// The property of an object.
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        self.properties().iter().find(|property| property.name == name)
    }

    /// Whether an object has this property.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Whether it contains, at any depth, a property of this name for which `is_meant` is true.
    fn any_property(&self, name: &str, is_meant: &dyn Fn(&Self) -> bool) -> bool {
        self.name == name && !name.is_empty() && is_meant(self)
            || match &self.value_type {
                ValueType::Object(properties) => {
                    properties.iter().any(|property| property.any_property(name, is_meant))
                }
                ValueType::Array(item) => item.any_property(name, is_meant),
                // Its properties are those of an integration.
                _ => false,
            }
    }

    /// A short description to put after a colon: the allowed values, or else the start of its description.
    pub(crate) fn purpose(&self) -> String {
        let words = self.schema.get("enum").and_then(Value::as_array);
        let words: Vec<String> =
            words.into_iter().flatten().filter_map(Value::as_str).map(|word| format!("`{word}`")).collect();
        if let Some((last, rest)) = words.split_last() {
            return if rest.is_empty() { last.clone() } else { format!("{} or {last}", rest.join(", ")) };
        }
        let description = self.text("description");
        let sentence = description.split_once(". ").map_or(description, |(first, _)| first);
        let mut text = sentence.trim_end_matches('.').to_owned();
        if let Some(first) = text.get_mut(..1) {
            first.make_ascii_lowercase();
        }
        text
    }

    /// The required properties of an object.
    pub(crate) fn required(&self) -> Vec<&'static str> {
        let required = self.schema.get("required").and_then(Value::as_array);
        required.into_iter().flatten().filter_map(Value::as_str).collect()
    }

    fn text(&self, keyword: &str) -> &'static str {
        self.schema.get(keyword).and_then(Value::as_str).unwrap_or_default()
    }
}

/// Information about a property for an editor.
#[cfg(all(feature = "cli", not(target_family = "wasm")))]
impl Property {
    /// The property, or the item of an array, at the path of keys and indices. Entries of a list are assumed to be of
    /// Redshift.
    pub(crate) fn at(&'static self, path: &[String]) -> Option<&'static Self> {
        path.iter().try_fold(self, |parent, key| {
            let ValueType::Array(item) = &parent.value_type else { return parent.get(key) };
            let is_index = key.bytes().all(|byte| byte.is_ascii_digit());
            let ValueType::Entry { redshift, .. } = &item.value_type else {
                return is_index.then_some(&**item);
            };
            is_index.then_some(&**redshift)
        })
    }

    pub(crate) fn title(&self) -> &'static str {
        self.text("title")
    }

    pub(crate) fn description(&self) -> &'static str {
        self.text("description")
    }

    pub(crate) fn type_name(&self) -> &'static str {
        self.text("type")
    }

    pub(crate) fn is_object(&self) -> bool {
        self.type_name() == "object"
    }

    pub(crate) fn default(&self) -> Option<&'static Value> {
        self.schema.get("default")
    }

    /// The examples of the schema, or else its default.
    pub(crate) fn examples(&self) -> &'static [Value] {
        let examples = self.schema.get("examples").and_then(Value::as_array).map(Vec::as_slice);
        examples.or_else(|| self.default().map(slice::from_ref)).unwrap_or_default()
    }

    /// A value to start from for a property of this object: the one in the example of the object, or else the first of the
    /// property itself.
    pub(crate) fn example_of(&self, property: &Self) -> Option<&'static Value> {
        let of_object = self.examples().first().and_then(|example| example.get(property.name));
        of_object.or_else(|| property.examples().first())
    }

    /// The allowed values, if they are enumerated.
    pub(crate) fn choices(&self) -> Vec<Value> {
        match self.schema.get("enum").and_then(Value::as_array) {
            Some(choices) => choices.clone(),
            None if self.type_name() == "boolean" => vec![Value::Bool(true), Value::Bool(false)],
            None => Vec::new(),
        }
    }
}

/// The first body with a property of this name.
fn body_with(name: &str) -> Option<&'static Property> {
    BODIES.iter().map(|body| Property::of(*body)).find(|body| body.any_property(name, &|_| true))
}

/// Whether any body has a property of this name.
pub(crate) fn is_property(name: &str) -> bool {
    body_with(name).is_some()
}

/// Whether the value of a property of this name may be a secret: it is one, or the property is unknown.
pub(crate) fn may_be_secret(name: &str) -> bool {
    let is_secret = |property: &Property| matches!(property.value_type, ValueType::Secret);
    body_with(name).is_none_or(|body| body.any_property(name, &is_secret))
}

/// The properties of the object at a path, in the order of the schema. The path starts at the first body that has its first
/// key; for the body itself, that has `key`. Empty if no schema describes the object.
pub(crate) fn order(path: &[&str], key: &str) -> Vec<&'static str> {
    let first = path.first().copied().unwrap_or(key);
    let body = BODIES.iter().map(|body| Property::of(*body)).find(|body| body.has(first));
    let object = body.and_then(|body| path.iter().try_fold(body, |parent, key| parent.get(key)));
    object.map_or(&[][..], Property::properties).iter().map(|property| property.name).collect()
}

#[cfg(test)]
mod tests;
