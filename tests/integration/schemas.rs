//! The published JSON Schemas are self-contained, and generated from `schema/definitions.json`, which defines every
//! property once: for validators and editors, and that of a payload also for generators of code.
//!
//! `BOOTSHIFT_SCHEMAS=write cargo test --test integration schemas::` generates them.

use std::env;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

/// The published schemas, each with its definition.
const PUBLISHED: [(&str, &str); 6] = [
    ("payload", "payload"),
    ("credentials", "credentials"),
    ("integration", "integration"),
    ("integration-list", "integrationList"),
    ("status", "integrationStatus"),
    ("error", "error"),
];

const DRAFT: &str = "http://json-schema.org/draft-07/schema#";

fn definitions() -> Map<String, Value> {
    let source: Value = serde_json::from_str(include_str!("../../schema/definitions.json")).expect("JSON");
    source["definitions"].as_object().expect("an object of definitions").clone()
}

/// Adds the names of the definitions that a schema refers to, and of those that these refer to.
fn references(schema: &Value, definitions: &Map<String, Value>, found: &mut Vec<String>) {
    match schema {
        Value::Object(members) => {
            if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                let name = reference.strip_prefix("#/definitions/").expect("a reference to a definition");
                if !found.iter().any(|known| known == name) {
                    found.push(name.to_owned());
                    references(&definitions[name], definitions, found);
                }
            }
            members.values().for_each(|member| references(member, definitions, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, definitions, found)),
        _ => {}
    }
}

/// A definition as a self-contained schema, with the definitions that it needs in the order of the source.
fn published(name: &str, definitions: &Map<String, Value>) -> Value {
    let definitions: Map<String, Value> = definitions
        .iter()
        .map(|(name, schema)| (name.clone(), for_validators(schema, definitions)))
        .collect();
    let root = &definitions[name];
    let mut needed = Vec::new();
    references(root, &definitions, &mut needed);
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), json!(DRAFT));
    schema.extend(root.as_object().expect("an object").clone());
    let needed = definitions.iter().filter(|(name, _)| needed.contains(name));
    schema.insert(
        "definitions".to_owned(),
        needed.map(|(name, schema)| (name.clone(), schema.clone())).collect(),
    );
    Value::Object(schema)
}

/// A schema of the source in the form that validators and editors read best:
///
/// - without our formats: strict validators refuse a format that they do not know;
/// - with `anyOf` instead of several types, which Ajv's strict mode refuses;
/// - with conditions in place, because generators turn a definition of a condition into an open type, and editors report
///   its name.
fn for_validators(schema: &Value, definitions: &Map<String, Value>) -> Value {
    let Value::Object(members) = schema else { return schema.clone() };
    let mut out = Map::new();
    for (keyword, value) in members {
        let value = match (keyword.as_str(), value) {
            ("format", _) => continue,
            ("minLength", _) if members["type"].is_array() => continue,
            ("type", Value::Array(types)) => {
                out.insert("anyOf".to_owned(), types.iter().map(|of| alternative(of, members)).collect());
                continue;
            }
            ("properties", Value::Object(properties)) => properties
                .iter()
                .map(|(name, schema)| (name.clone(), for_validators(schema, definitions)))
                .collect(),
            ("allOf", Value::Array(conditions)) => {
                conditions.iter().map(|condition| resolve(condition, definitions).clone()).collect()
            }
            _ => value.clone(),
        };
        out.insert(keyword.clone(), value);
    }
    if let Some(properties) = out.get("properties").and_then(Value::as_object).cloned() {
        for then in consequences(&mut out) {
            complete(then, &properties);
        }
    }
    Value::Object(out)
}

/// One type of several, with the keywords that are about it.
fn alternative(of: &Value, members: &Map<String, Value>) -> Value {
    match members.get("minLength") {
        Some(length) if of == "string" => json!({ "type": of, "minLength": length }),
        _ => json!({ "type": of }),
    }
}

/// What the conditions of an object require: its own, and those in `allOf`.
fn consequences(object: &mut Map<String, Value>) -> Vec<&mut Map<String, Value>> {
    let mut found = Vec::new();
    for (keyword, value) in object {
        match (keyword.as_str(), value) {
            ("then", Value::Object(then)) => found.push(then),
            ("allOf", Value::Array(conditions)) => found.extend(
                conditions.iter_mut().filter_map(|condition| condition.get_mut("then")?.as_object_mut()),
            ),
            _ => {}
        }
    }
    found
}

/// Describes in a `then` the properties that it requires, which Ajv's strict mode demands, and after which editors offer them
/// first. It forbids properties by `patternProperties`: `check-jsonschema --fill-defaults` ends with a traceback at a property
/// that is `false`, and editors report `{"not": {}}` without the name of the property.
fn complete(then: &mut Map<String, Value>, properties: &Map<String, Value>) {
    let conditional = then.remove("properties");
    let is_forbidden = |schema: &Value| *schema == json!(false);
    let (forbidden, mut described): (Map<_, _>, Map<_, _>) = conditional
        .iter()
        .flat_map(|conditional| conditional.as_object().expect("properties"))
        .map(|(name, schema)| (name.clone(), schema.clone()))
        .partition(|(_, schema)| is_forbidden(schema));
    for name in then["required"].as_array().expect("a list of names") {
        let name = name.as_str().expect("a name");
        described.entry(name).or_insert_with(|| properties[name].clone());
    }
    then.insert("properties".to_owned(), Value::Object(described));
    if !forbidden.is_empty() {
        let patterns = forbidden.into_iter().map(|(name, schema)| (format!("^{name}$"), schema)).collect();
        then.insert("patternProperties".to_owned(), Value::Object(patterns));
    }
}

/// A schema, or the definition that it refers to.
fn resolve<'s>(schema: &'s Value, definitions: &'s Map<String, Value>) -> &'s Value {
    reference(schema).map_or(schema, |name| &definitions[name])
}

/// The name of the definition that a schema refers to.
fn reference(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix("#/definitions/")
}

/// The payload's schema for generators of code: closed objects without conditions, one for each value of a discriminator,
/// whose titles and names are those of types.
fn payload_types(definitions: &Map<String, Value>) -> Value {
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
        let reference = json!({ "$ref": format!("#/definitions/{name}") });
        let mut titled = Map::new();
        titled.insert("title".to_owned(), json!(name));
        titled.extend(generated.as_object().expect("a schema").clone());
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

/// Every published file, with its schema.
fn files() -> Vec<(String, Value)> {
    let definitions = definitions();
    let files =
        PUBLISHED.iter().map(|(file, name)| (format!("{file}.schema.json"), published(name, &definitions)));
    files.chain([("payload.types.schema.json".to_owned(), payload_types(&definitions))]).collect()
}

#[test]
fn published_schemas_match_the_definitions() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema");
    for (file, schema) in files() {
        let path = folder.join(&file);
        let text = serde_json::to_string_pretty(&schema).expect("JSON") + "\n";
        if env::var("BOOTSHIFT_SCHEMAS").as_deref() == Ok("write") {
            fs::write(&path, text).expect("the schema is written");
        } else {
            let written = fs::read_to_string(&path).expect("the schema");
            assert_eq!(
                written, text,
                "{file}: edit schema/definitions.json, then `BOOTSHIFT_SCHEMAS=write cargo test --test integration schemas::`"
            );
        }
    }
}

#[test]
fn every_definition_is_used() {
    let definitions = definitions();
    let mut used: Vec<String> = PUBLISHED.iter().map(|(_, definition)| (*definition).to_owned()).collect();
    for (_, definition) in PUBLISHED {
        references(&definitions[definition], &definitions, &mut used);
    }
    for name in definitions.keys() {
        assert!(used.contains(name), "no schema uses `{name}`");
    }
}
