//! What the schemas say of the properties: which object has which, in which order, what they are for, what is secret.
//!
//! Read once from each published schema, when somebody first asks.

use std::sync::OnceLock;

use serde_json::Value;

use super::{is_redshift, text};
use crate::document::Node;
use crate::operation::BodyKind;

/// A value that a schema describes: a property, or the whole of a body or an item of an array, which have no name.
#[derive(Debug)]
pub(crate) struct Property {
    /// The key.
    pub(crate) name: &'static str,
    /// The shape of the value.
    pub(crate) shape: Shape,
    /// What the schema says of it.
    schema: &'static Value,
}

/// The shape of a value.
#[derive(Debug)]
pub(crate) enum Shape {
    /// A value that is never shown: `writeOnly`.
    Secret,
    /// A string, number or truth value that may be shown.
    Scalar,
    /// A host: shown unless it may hold credentials.
    Host,
    /// An object with these properties.
    Object(Vec<Property>),
    /// An array of values of one shape.
    Array(Box<Property>),
    /// An integration of any platform: only Redshift's `config` is described.
    Entry {
        /// One of Redshift.
        redshift: Box<Property>,
        /// One of another platform.
        other: Box<Property>,
    },
    /// A value that the schema does not describe; hidden.
    Any,
}

/// The bodies, in an order in which the first holds what the others are asked for.
const BODIES: [BodyKind; 6] = [
    BodyKind::Payload,
    BodyKind::Credentials,
    BodyKind::Integration,
    BodyKind::IntegrationList,
    BodyKind::Status,
    BodyKind::Error,
];

/// What no schema describes.
pub(crate) static ANY: Property = Property::undescribed(Shape::Any);

/// An object of which no schema describes a property.
pub(crate) static UNKNOWN_OBJECT: Property = Property::undescribed(Shape::Object(Vec::new()));

impl Property {
    /// The whole of a body.
    pub(crate) fn of(body: BodyKind) -> &'static Self {
        static MODELS: [OnceLock<Property>; BODIES.len()] = [const { OnceLock::new() }; BODIES.len()];
        static SCHEMAS: [OnceLock<Value>; BODIES.len()] = [const { OnceLock::new() }; BODIES.len()];
        let index = body as usize;
        MODELS[index].get_or_init(|| {
            let root = SCHEMAS[index].get_or_init(|| serde_json::from_str(text(body)).unwrap_or_default());
            // Of a response no schema asks for the form of a host. What is one there is one in a payload.
            let is_host = |name: &str| !body.is_request() && Self::of(BodyKind::Payload).has_host(name);
            Self::read("", root, root, &is_host)
        })
    }

    fn read(
        name: &'static str,
        schema: &'static Value,
        root: &'static Value,
        is_host: &dyn Fn(&str) -> bool,
    ) -> Self {
        let reference = schema.get("$ref").and_then(Value::as_str).unwrap_or_default();
        let target = reference.strip_prefix('#').and_then(|pointer| root.pointer(pointer));
        let schema = target.unwrap_or(schema);
        let below =
            |keyword: &str| schema.get(keyword).map(|schema| Box::new(Self::read("", schema, root, is_host)));
        let word = |keyword: &str| schema.get(keyword).and_then(Value::as_str).unwrap_or_default();
        let properties = schema.get("properties").and_then(Value::as_object);
        let shape = if let (Some(redshift), Some(other)) = (below("then"), below("else")) {
            Shape::Entry { redshift, other }
        } else if schema.get("writeOnly").and_then(Value::as_bool) == Some(true) {
            Shape::Secret
        } else if word("type") == "object" {
            let properties = properties.into_iter().flatten();
            Shape::Object(properties.map(|(name, schema)| Self::read(name, schema, root, is_host)).collect())
        } else if word("type") == "array" {
            Shape::Array(below("items").unwrap_or_else(|| Box::new(Self::undescribed(Shape::Any))))
        } else if word("format") == "bare-host" || is_host(name) {
            Shape::Host
        } else {
            Shape::Scalar
        };
        Self { name, shape, schema }
    }

    const fn undescribed(shape: Shape) -> Self {
        Self { name: "", shape, schema: &Value::Null }
    }

    /// The same, or of an [`Shape::Entry`] what the entry is.
    pub(crate) fn resolve(&'static self, node: &Node) -> &'static Self {
        match &self.shape {
            Shape::Entry { redshift, .. } if is_redshift(node) => redshift,
            Shape::Entry { other, .. } => other,
            _ => self,
        }
    }

    /// The properties of an object; none of any other value.
    pub(crate) fn properties(&self) -> &[Self] {
        match &self.shape {
            Shape::Object(properties) => properties,
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

    /// Whether a host of this name is in it.
    fn has_host(&self, name: &str) -> bool {
        self.name == name && matches!(self.shape, Shape::Host)
            || self.properties().iter().any(|property| property.has_host(name))
    }

    /// Whether a property of this name is in it, at any depth, that is as `is_meant` asks.
    fn any_property(&self, name: &str, is_meant: &dyn Fn(&Self) -> bool) -> bool {
        self.name == name && !name.is_empty() && is_meant(self)
            || match &self.shape {
                Shape::Object(properties) => {
                    properties.iter().any(|property| property.any_property(name, is_meant))
                }
                Shape::Array(item) => item.any_property(name, is_meant),
                // Its properties are those of an integration.
                _ => false,
            }
    }

    /// What it is for, to go on with behind a colon: the words that may stand there, or else how its description begins.
    pub(crate) fn purpose(&self) -> String {
        let words = self.schema.get("enum").and_then(Value::as_array);
        let words: Vec<String> =
            words.into_iter().flatten().filter_map(Value::as_str).map(|word| format!("`{word}`")).collect();
        if let Some((last, rest)) = words.split_last() {
            return if rest.is_empty() { last.clone() } else { format!("{} or {last}", rest.join(", ")) };
        }
        let description = self.text("description");
        let sentence = description.split_once(". ").map_or(description, |(first, _)| first);
        let mut letters = sentence.trim_end_matches('.').chars();
        letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
    }

    /// The properties that an object cannot do without.
    pub(crate) fn required(&self) -> Vec<&'static str> {
        let required = self.schema.get("required").and_then(Value::as_array);
        required.into_iter().flatten().filter_map(Value::as_str).collect()
    }

    fn text(&self, keyword: &str) -> &'static str {
        self.schema.get(keyword).and_then(Value::as_str).unwrap_or_default()
    }
}

/// What an editor shows of a property.
#[cfg(all(feature = "cli", not(target_family = "wasm")))]
impl Property {
    /// The property, or the item of an array, that the keys and indices lead to. Of the entries of a list, those of
    /// Redshift are meant.
    pub(crate) fn at(&'static self, path: &[String]) -> Option<&'static Self> {
        path.iter().try_fold(self, |parent, key| {
            let Shape::Array(item) = &parent.shape else { return parent.get(key) };
            let is_index = key.bytes().all(|byte| byte.is_ascii_digit());
            let Shape::Entry { redshift, .. } = &item.shape else { return is_index.then_some(&**item) };
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

    /// Values that are written down as examples.
    pub(crate) fn examples(&self) -> &'static [Value] {
        self.schema.get("examples").and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// The values that may stand there, where they are few.
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
    let is_secret = |property: &Property| matches!(property.shape, Shape::Secret);
    body_with(name).is_none_or(|body| body.any_property(name, &is_secret))
}

#[cfg(test)]
mod tests;
