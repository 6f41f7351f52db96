//! The published JSON Schemas are self-contained, and generated from `schema/definitions.json`, which defines every
//! property once: for validators and editors, and that of a payload also for generators of code.
//!
//! `BOOTSHIFT_SCHEMAS=write cargo test --test integration schemas::` generates them.

mod types;
mod verdicts;

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
            if let Some(name) = reference(schema)
                && !found.iter().any(|known| known == name)
            {
                found.push(name.to_owned());
                references(&definitions[name], definitions, found);
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
    let pointer = schema.get("$ref")?.as_str()?;
    Some(pointer.strip_prefix("#/definitions/").expect("a reference to a definition"))
}

/// Every published file, with its schema.
fn files() -> Vec<(String, Value)> {
    let definitions = definitions();
    let files =
        PUBLISHED.iter().map(|(file, name)| (format!("{file}.schema.json"), published(name, &definitions)));
    files.chain([("payload.types.schema.json".to_owned(), types::payload(&definitions))]).collect()
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
