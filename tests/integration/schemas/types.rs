//! `payload.types.schema.json`: the payload for generators of code.

use serde_json::{Map, Value, json};

use super::{DRAFT, reference, resolve};

/// The payload's schema for generators of code: closed objects without conditions, one for each value of a discriminator,
/// whose titles and names are those of types.
pub(super) fn payload(definitions: &Map<String, Value>) -> Value {
    let mut types = Types { definitions, generated: Map::new() };
    let Value::Object(root) = types.object(&definitions["payload"], None) else { panic!("an object") };
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), json!(DRAFT));
    schema.insert("title".to_owned(), json!("RedshiftPayload"));
    schema.extend(root);
    schema.insert("definitions".to_owned(), Value::Object(types.generated));
    Value::Object(schema)
}

/// The types that an object needs.
struct Types<'d> {
    definitions: &'d Map<String, Value>,
    generated: Map<String, Value>,
}

/// A condition: if the property `key` is `value`, `then`.
struct Condition<'d> {
    key: &'d str,
    value: &'d Value,
    then: &'d Value,
}

impl<'d> Types<'d> {
    /// Generates the type of a definition of an object, or its variants and their union. Returns a reference to it.
    fn named(&mut self, definition: &str) -> Value {
        let schema = &self.definitions[definition];
        let name = in_pascal_case(definition);
        let conditions = self.conditions(schema);
        let generated = match conditions.first() {
            None => self.object(schema, None),
            Some(Condition { key, .. }) => {
                let discriminator = resolve(&schema["properties"][*key], self.definitions);
                let booleans = vec![json!(false), json!(true)];
                let values = discriminator["enum"].as_array().unwrap_or(&booleans);
                let mut union = Map::new();
                union.insert("description".to_owned(), schema["description"].clone());
                let variants = values.iter().map(|value| {
                    let prefix = match value {
                        Value::Bool(true) => "Enabled".to_owned(),
                        Value::Bool(false) => "Disabled".to_owned(),
                        value => in_pascal_case(value.as_str().expect("a word")),
                    };
                    let variant = self.object(schema, Some((*key, value)));
                    self.add(format!("{prefix}{name}"), variant)
                });
                let variants = variants.collect();
                union.insert("oneOf".to_owned(), variants);
                Value::Object(union)
            }
        };
        self.add(name, generated)
    }

    /// Adds a type, and returns a reference to it.
    fn add(&mut self, name: String, generated: Value) -> Value {
        let Value::Object(members) = generated else { panic!("a schema") };
        let reference = json!({ "$ref": format!("#/definitions/{name}") });
        let mut titled = Map::new();
        titled.insert("title".to_owned(), json!(name));
        titled.extend(members);
        self.generated.insert(name, Value::Object(titled));
        reference
    }

    /// The conditions of an object: its own, and those in `allOf`.
    fn conditions(&self, object: &'d Value) -> Vec<Condition<'d>> {
        let all_of = object["allOf"].as_array().into_iter().flatten();
        let parts = all_of.map(|part| resolve(part, self.definitions)).chain([object]);
        parts
            .filter_map(|part| {
                let (key, test) = part["if"]["properties"].as_object()?.iter().next()?;
                Some(Condition { key, value: &test["const"], then: &part["then"] })
            })
            .collect()
    }

    /// A closed object, as it is if the discriminator has a value.
    fn object(&mut self, schema: &'d Value, discriminator: Option<(&str, &Value)>) -> Value {
        let conditions = self.conditions(schema);
        let is_met = |condition: &&Condition<'_>| discriminator == Some((condition.key, condition.value));
        let thens: Vec<&Value> = conditions.iter().filter(is_met).map(|condition| condition.then).collect();
        let required = [schema].into_iter().chain(thens.iter().copied());
        let required: Vec<&Value> =
            required.flat_map(|part| part["required"].as_array().into_iter().flatten()).collect();
        let mut properties = Map::new();
        for (name, property) in schema["properties"].as_object().expect("properties") {
            if thens.iter().any(|then| then["properties"][name] == json!(false)) {
                continue;
            }
            let definition = reference(property).expect("a reference");
            let mut value = match &self.definitions[definition] {
                object if object["type"] == "object" => self.named(definition),
                scalar => in_types(scalar),
            };
            if let Some((_, constant)) = discriminator.filter(|(key, _)| key == name) {
                let members = value.as_object_mut().expect("a schema");
                members.remove("enum");
                members.insert("const".to_owned(), constant.clone());
            }
            properties.insert(name.clone(), value);
        }
        json!({
            "description": schema["description"],
            "type": "object",
            "required": required,
            "additionalProperties": false,
            "properties": properties,
        })
    }
}

/// A property that is not an object, without what generators do not know or would apply wrongly.
fn in_types(schema: &Value) -> Value {
    let mut out = Map::new();
    for (keyword, value) in schema.as_object().expect("a schema") {
        match (keyword.as_str(), value) {
            ("title" | "format" | "not" | "default" | "examples", _) => {}
            ("enum", Value::Array(choices)) if choices.len() == 1 => {
                out.insert("const".to_owned(), choices[0].clone());
            }
            ("writeOnly", _) => {
                out.insert("format".to_owned(), json!("password"));
                out.insert(keyword.clone(), value.clone());
            }
            _ => {
                out.insert(keyword.clone(), value.clone());
            }
        }
    }
    Value::Object(out)
}

fn in_pascal_case(name: &str) -> String {
    name[..1].to_ascii_uppercase() + &name[1..]
}
