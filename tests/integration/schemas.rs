//! The published JSON Schemas are self-contained, and generated from `schema/definitions.json`, which defines every
//! property once.
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
    let root = &definitions[name];
    let mut needed = Vec::new();
    references(root, definitions, &mut needed);
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), json!("http://json-schema.org/draft-07/schema#"));
    schema.extend(root.as_object().expect("an object").clone());
    let needed = definitions.iter().filter(|(name, _)| needed.contains(name));
    schema.insert(
        "definitions".to_owned(),
        needed.map(|(name, schema)| (name.clone(), schema.clone())).collect(),
    );
    Value::Object(schema)
}

#[test]
fn published_schemas_match_the_definitions() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema");
    let definitions = definitions();
    for (file, definition) in PUBLISHED {
        let path = folder.join(format!("{file}.schema.json"));
        let schema = published(definition, &definitions);
        let text = serde_json::to_string_pretty(&schema).expect("JSON") + "\n";
        if env::var("BOOTSHIFT_SCHEMAS").as_deref() == Ok("write") {
            fs::write(&path, text).expect("the schema is written");
        } else {
            let written = fs::read_to_string(&path).expect("the schema");
            assert_eq!(
                written, text,
                "{file}.schema.json: edit schema/definitions.json, then `BOOTSHIFT_SCHEMAS=write cargo test --test integration schemas::`"
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
