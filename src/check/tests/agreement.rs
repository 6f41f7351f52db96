//! Compares the compiled validators with the source of the schemas, and with the published schemas.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::*;
use crate::schema::{Kind, definition, text, violations};

const BODIES: [BodyKind; 6] = [
    BodyKind::Payload,
    BodyKind::Credentials,
    BodyKind::Integration,
    BodyKind::IntegrationList,
    BodyKind::Status,
    BodyKind::Error,
];

fn published(body: BodyKind) -> Value {
    serde_json::from_str(text(body)).expect("a JSON schema")
}

const SOURCE: &str = include_str!("../../../schema/definitions.json");

/// A definition of the source, as a schema.
fn source(name: &str) -> Value {
    let source: Value = serde_json::from_str(SOURCE).expect("a JSON schema");
    json!({"$ref": format!("#/definitions/{name}"), "definitions": source["definitions"]})
}

/// A run-time validator, with our formats. It refuses other formats.
fn run_time(schema: &Value) -> jsonschema::Validator {
    jsonschema::draft7::options()
        .should_validate_formats(true)
        .should_ignore_unknown_formats(false)
        .with_format("bare-host", crate::schema::format::is_bare_host)
        .with_format("redshift-identifier", crate::platform::redshift::is_identifier)
        .with_format("redshift-user", crate::platform::redshift::is_user)
        .with_format("redshift-group", crate::platform::redshift::is_group)
        .build(schema)
        .expect("a valid schema")
}

/// The run-time validator of an editor, which does not know our formats.
fn editors(schema: &Value) -> jsonschema::Validator {
    let options = jsonschema::draft7::options().should_validate_formats(true);
    options.should_ignore_unknown_formats(false).build(schema).expect("a valid schema without formats")
}

fn node(value: &Value) -> Node {
    let documents = Documents::parse(value.to_string(), Some(Syntax::Json), &Limits::default());
    documents.first_root().cloned().expect("JSON")
}

/// Whether errors with this code are only reported for schema violations.
fn is_schema_code(code: Code) -> bool {
    matches!(
        code,
        Code::MissingProperty
            | Code::UnknownProperty
            | Code::WrongType
            | Code::InvalidValue
            | Code::OutOfRange
            | Code::InvalidLength
            | Code::InvalidFormat
            | Code::AuthenticationMismatch
            | Code::HostNotBare
            | Code::RedactedValue
            | Code::ImpersonationRoleMissing
            | Code::IdentifierTooLong
            | Code::IdentifierInvalid
            | Code::UnsupportedType
    )
}

/// All variants of `document` with one change: a value replaced, or a key removed, misspelled or added.
fn mutants(document: &Value) -> Vec<Value> {
    let long = "x".repeat(128);
    let values = [
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(5439),
        json!(5439.0),
        json!(5439.5),
        json!(-5439),
        json!(-0.0),
        json!(65535.5),
        json!(u64::MAX),
        json!(1e300),
        json!(65536),
        json!(""),
        json!("yes"),
        json!("okta"),
        json!("userPassword"),
        json!("accessKey"),
        json!("<REDACTED>"),
        json!("REDACTED"),
        json!(long),
        json!("ü".repeat(64)),
        json!("PUBLIC"),
        json!("rdsdb"),
        json!("__group"),
        json!("a b"),
        json!("https://a.example.com:5439/x"),
        json!("tab\there"),
        json!([]),
        json!({}),
        json!({"x": 1}),
    ];
    let mut mutants = vec![document.clone()];
    for pointer in pointers(document) {
        for value in &values {
            let mut mutant = document.clone();
            *mutant.pointer_mut(&pointer).expect("a value") = value.clone();
            mutants.push(mutant);
        }
        let Some(object) = document.pointer(&pointer).and_then(Value::as_object) else { continue };
        for key in object.keys().map(String::as_str).chain(["port", "okta", "username", "role", "nonsense"]) {
            for change in [None, Some(json!("x")), Some(json!({}))] {
                let mut mutant = document.clone();
                let object = mutant.pointer_mut(&pointer).and_then(Value::as_object_mut).expect("an object");
                let old = object.remove(key);
                if let Some(value) = change {
                    object.insert(format!("{key}x"), old.unwrap_or_else(|| value.clone()));
                    object.insert(key.to_owned(), value);
                }
                mutants.push(mutant);
            }
        }
    }
    mutants
}

fn pointers(value: &Value) -> Vec<String> {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect(),
        _ => Vec::new(),
    };
    let below = children
        .into_iter()
        .flat_map(|(key, value)| pointers(value).into_iter().map(move |pointer| format!("/{key}{pointer}")));
    std::iter::once(String::new()).chain(below).collect()
}

#[test]
fn compiled_and_run_time_validators_agree() {
    let mut checked_count = 0;
    let mut seeds: BTreeMap<String, (Operation, Value)> = BTreeMap::new();
    for (name, document) in vendor() {
        // Skip examples that differ only in the operation.
        if !name.starts_with("script-") && !name.starts_with("update-") {
            seeds.insert(document.to_string(), (operation_of(&name), document));
        }
    }
    for (operation, seed) in seeds.into_values() {
        let body = operation.body_kind();
        let ours = run_time(&source(definition(body)));
        let editors = editors(&published(body));
        for mutant in mutants(&seed) {
            checked_count += 1;
            let found = violations(body, &node(&mutant));
            let compiled: BTreeSet<String> =
                found.iter().map(|violation| violation.pointer.as_str().to_owned()).collect();
            let at_run_time: BTreeSet<String> =
                ours.iter_errors(&mutant).map(|error| error.instance_path().as_str().to_owned()).collect();
            assert_eq!(compiled, at_run_time, "{mutant:#}");
            let is_valid_in_editors = found.iter().all(|violation| matches!(violation.kind, Kind::Format(_)));
            assert_eq!(editors.is_valid(&mutant), is_valid_in_editors, "{mutant:#}");
            if operation == Operation::Delete && mutant.is_null() {
                continue;
            }
            let checked = first(&mutant.to_string(), &options(operation));
            let is_rejected = checked
                .diagnostics
                .iter()
                .any(|found| found.severity == Severity::Error && is_schema_code(found.code));
            assert_eq!(is_rejected, !compiled.is_empty(), "{mutant:#}: {:#?}", checked.diagnostics);
            assert_eq!(checked.body.is_some(), checked.is_valid(), "{mutant:#}: {:#?}", checked.diagnostics);
            for found in &checked.diagnostics {
                let twins = checked.diagnostics.iter().filter(|twin| {
                    twin.severity == Severity::Error
                        && twin.pointer == found.pointer
                        && twin.message == found.message
                });
                assert!(twins.count() <= 1, "{mutant:#}: {:#?}", checked.diagnostics);
            }
        }
    }
    assert!(checked_count > 3000, "{checked_count}");
}

#[test]
fn one_wrong_value_results_in_one_error() {
    for name in
        ["create-manual-user-password", "create-manual-okta-impersonation", "delete-automatic-user-password"]
    {
        let seed = vendor()[name].clone();
        for pointer in pointers(&seed) {
            for value in [json!(null), json!(7), json!("<REDACTED>"), json!("tab\there"), json!([1])] {
                let mut mutant = seed.clone();
                *mutant.pointer_mut(&pointer).expect("a value") = value;
                if mutant.is_null() && operation_of(name) == Operation::Delete {
                    continue;
                }
                let checked = first(&mutant.to_string(), &options(operation_of(name)));
                let errors =
                    checked.diagnostics.iter().filter(|found| found.severity == Severity::Error).count();
                assert!(errors <= 1, "{mutant:#}: {:#?}", checked.diagnostics);
            }
            let Some((parent, key)) = pointer.rsplit_once('/') else { continue };
            for misspelled in [None, Some(format!("{key}x"))] {
                let mut mutant = seed.clone();
                let object = mutant.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object");
                let old = object.remove(key).expect("a value");
                if let Some(misspelled) = misspelled {
                    object.insert(misspelled, old);
                }
                let checked = first(&mutant.to_string(), &options(operation_of(name)));
                let errors =
                    checked.diagnostics.iter().filter(|found| found.severity == Severity::Error).count();
                assert!(errors <= 1, "{mutant:#}: {:#?}", checked.diagnostics);
            }
        }
    }
}

/// The definitions that editors show.
fn described(schema: &Value) -> impl Iterator<Item = (&String, &Map<String, Value>)> {
    schema["definitions"]
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(name, definition)| Some((name, definition.as_object()?)))
}

/// The definitions with a default: Immuta is known or inferred to use it. For other values, there are only examples.
const DEFAULTS: [&str; 2] = ["port", "impersonationEnabled"];

#[test]
fn source_needs_no_regex_engine_and_conditions_require_their_key() {
    for keyword in ["\"pattern", "\"oneOf\"", "\"anyOf\""] {
        assert!(!SOURCE.contains(keyword), "{keyword}");
    }
    let source: Value = serde_json::from_str(SOURCE).expect("a JSON schema");
    for (name, definition) in source["definitions"].as_object().expect("definitions") {
        if let Some(tested) = definition["if"]["properties"].as_object() {
            for key in tested.keys() {
                let required = definition["if"]["required"].as_array().expect("required");
                assert!(required.contains(&json!(key)), "`if` of {name} passes without {key}");
            }
        }
    }
}

#[test]
fn schemas_are_self_contained_and_documented() {
    let mut shared: BTreeMap<String, Value> = BTreeMap::new();
    for body in BODIES {
        let schema = published(body);
        assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#", "{body:?}");
        assert!(jsonschema::meta::is_valid(&schema), "{body:?}");
        for keyword in ["\"format\"", "\"$ref\": \"http", "\"$ref\": \"."] {
            assert!(!text(body).contains(keyword), "{body:?} has {keyword}");
        }
        for key in ["title", "description", "examples"] {
            assert!(schema.get(key).is_some(), "{body:?} is missing {key}");
        }
        let validator = run_time(&source(definition(body)));
        for example in schema["examples"].as_array().into_iter().flatten() {
            assert!(validator.is_valid(example), "{body:?}: {example:#}");
        }
        let is_request = matches!(body, BodyKind::Payload | BodyKind::Credentials);
        for (name, definition) in described(&schema) {
            for key in ["title", "description"] {
                assert!(definition.contains_key(key), "{name} of {body:?} is missing {key}");
            }
            // Tools fill in defaults, and two equal values to choose from make editors insert none.
            let default = definition.get("default");
            assert_eq!(
                default.is_some(),
                DEFAULTS.contains(&name.as_str()),
                "the default of {name} of {body:?}"
            );
            let examples = definition.get("examples").and_then(Value::as_array);
            assert_ne!(
                examples.is_some(),
                default.is_some() || is_request && definition.contains_key("enum"),
                "{name} of {body:?}"
            );
            let validator = run_time(&source(name));
            for example in examples.into_iter().flatten().chain(default) {
                let is_response_secret = example == "<REDACTED>" && !is_request;
                assert!(is_response_secret || validator.is_valid(example), "{name} of {body:?}: {example:#}");
            }
        }
        for (name, definition) in schema["definitions"].as_object().expect("definitions") {
            let first = shared.entry(name.clone()).or_insert_with(|| definition.clone());
            assert_eq!(first, definition, "{name} differs in {body:?}");
        }
    }
}
