//! What the schemas say about the keys of a body.

use std::sync::OnceLock;

use serde_json::Value;

use crate::check::schema_text;
use crate::operation::BodyKind;

/// A key of an object, as a schema describes it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Property<'s> {
    pub(super) name: &'s str,
    schema: &'s Value,
    /// The whole that its references are about.
    root: &'s Value,
}

impl<'s> Property<'s> {
    /// The keys of an object.
    fn properties(root: &'s Value, schema: &'s Value) -> Vec<Self> {
        let Some(all) = schema.get("properties").and_then(Value::as_object) else { return Vec::new() };
        all.iter().map(|(name, schema)| Self { name, schema: resolve(root, schema), root }).collect()
    }

    /// A key of the object that the value is.
    pub(super) fn below(&self, name: &str) -> Option<Self> {
        Self::properties(self.root, self.schema).into_iter().find(|property| property.name == name)
    }

    fn text(&self, keyword: &str) -> &'s str {
        self.schema.get(keyword).and_then(Value::as_str).unwrap_or_default()
    }

    pub(super) fn title(&self) -> &'s str {
        self.text("title")
    }

    pub(super) fn description(&self) -> &'s str {
        self.text("description")
    }

    pub(super) fn default(&self) -> Option<&'s Value> {
        self.schema.get("default")
    }

    /// The values that may stand there, where they are few.
    pub(super) fn choices(&self) -> Vec<Value> {
        match self.schema.get("enum").and_then(Value::as_array) {
            Some(choices) => choices.clone(),
            None if self.text("type") == "boolean" => vec![Value::Bool(true), Value::Bool(false)],
            None => Vec::new(),
        }
    }

    /// Values that are written down as examples.
    pub(super) fn examples(&self) -> &'s [Value] {
        self.schema.get("examples").and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    pub(super) fn is_object(&self) -> bool {
        self.text("type") == "object"
    }

    pub(super) fn type_name(&self) -> &'s str {
        self.text("type")
    }
}

/// The keys of the object at `path` in a body; none where the schema describes no object.
pub(super) fn of(body: BodyKind, path: &[String]) -> Vec<Property<'static>> {
    object(body, path).map(|object| Property::properties(schema(body), object)).unwrap_or_default()
}

/// The last key of `path`.
pub(super) fn at(body: BodyKind, path: &[String]) -> Option<Property<'static>> {
    let (name, around) = path.split_last()?;
    of(body, around).into_iter().find(|property| property.name == name)
}

/// The schema of the value at `path`.
fn object(body: BodyKind, path: &[String]) -> Option<&'static Value> {
    let root = schema(body);
    path.iter().try_fold(root, |schema, key| {
        let is_index = key.bytes().all(|byte| byte.is_ascii_digit());
        if let Some(items) = schema.get("items").filter(|_| is_index) {
            let entry = resolve(root, items);
            return Some(entry.get("then").map_or(entry, |redshift| resolve(root, redshift)));
        }
        let mut properties = Property::properties(root, schema).into_iter();
        properties.find(|property| property.name == key).map(|property| property.schema)
    })
}

fn resolve<'s>(root: &'s Value, schema: &'s Value) -> &'s Value {
    let reference =
        schema.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix('#'));
    reference.and_then(|pointer| root.pointer(pointer)).unwrap_or(schema)
}

fn schema(body: BodyKind) -> &'static Value {
    static PAYLOAD: OnceLock<Value> = OnceLock::new();
    static CREDENTIALS: OnceLock<Value> = OnceLock::new();
    static INTEGRATION: OnceLock<Value> = OnceLock::new();
    static LIST: OnceLock<Value> = OnceLock::new();
    static STATUS: OnceLock<Value> = OnceLock::new();
    static ERROR: OnceLock<Value> = OnceLock::new();
    let cell = match body {
        BodyKind::Payload => &PAYLOAD,
        BodyKind::Credentials => &CREDENTIALS,
        BodyKind::Integration => &INTEGRATION,
        BodyKind::IntegrationList => &LIST,
        BodyKind::Status => &STATUS,
        BodyKind::Error => &ERROR,
    };
    cell.get_or_init(|| serde_json::from_str(schema_text(body)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_every_body_has_a_title_and_a_description() {
        let bodies = [
            BodyKind::Payload,
            BodyKind::Credentials,
            BodyKind::Integration,
            BodyKind::IntegrationList,
            BodyKind::Status,
            BodyKind::Error,
        ];
        for body in bodies {
            let mut open =
                vec![if body == BodyKind::IntegrationList { vec!["0".to_owned()] } else { Vec::new() }];
            let mut count = 0;
            while let Some(path) = open.pop() {
                for property in of(body, &path) {
                    let mut path = path.clone();
                    path.push(property.name.to_owned());
                    assert!(
                        !property.title().is_empty() && !property.description().is_empty(),
                        "{body:?} {path:?}"
                    );
                    assert_eq!(at(body, &path).expect("it is there").name, property.name);
                    count += 1;
                    open.push(path);
                }
            }
            assert!(count > 3, "{body:?} has {count} keys");
        }
        assert!(at(BodyKind::Payload, &["config".to_owned(), "hots".to_owned()]).is_none());
    }
}
