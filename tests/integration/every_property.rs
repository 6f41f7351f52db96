//! Generates payloads with every property of the schema, and checks that all code that reads or writes payloads handles
//! every property.

use std::collections::BTreeMap;

use bootshift::check::{Body, Checked, Code, Options, check, schema_text};
use bootshift::document::{Documents, Limits};
use bootshift::operation::{BodyKind, Operation};
use bootshift::payload::{Payload, redact};
use bootshift::request::Request;
use bootshift::script::{ScriptKind, ScriptOptions, script};
use serde_json::{Map, Value, json};

/// A schema, and the root that its references are relative to.
#[derive(Clone, Copy)]
struct Schema<'s> {
    root: &'s Value,
    schema: &'s Value,
}

impl<'s> Schema<'s> {
    fn at(self, schema: &'s Value) -> Self {
        let reference = schema.get("$ref").and_then(Value::as_str);
        let target = reference.map(|reference| {
            self.root.pointer(reference.trim_start_matches('#')).expect("the target of a reference")
        });
        Self { schema: target.unwrap_or(schema), ..self }
    }

    fn properties(self) -> impl Iterator<Item = (&'s String, Self)> {
        let properties = self.schema["properties"].as_object().expect("an object");
        properties.iter().map(move |(name, schema)| (name, self.at(schema)))
    }

    /// A value with every property that is allowed with `method`, and no default values.
    fn sample(self, method: &str) -> Value {
        let schema = self.schema;
        let choices = schema["enum"].as_array();
        if let Some(choices) = choices {
            let selected = choices.iter().find(|choice| *choice == method);
            return selected.unwrap_or(&choices[0]).clone();
        }
        match schema["type"].as_str().expect("one type") {
            "object" => {
                let members = self.properties().map(|(name, inner)| (name.clone(), inner.sample(method)));
                let mut members: Map<String, Value> = members.collect();
                for name in self.forbidden(&members) {
                    members.remove(&name);
                }
                Value::Object(members)
            }
            "boolean" => json!(schema["default"] != json!(true)),
            "integer" => json!(schema["default"].as_u64().expect("a default") + 1),
            "string" => schema["examples"][0].clone(),
            other => panic!("unsupported type `{other}`"),
        }
    }

    /// The properties that the conditions of an object forbid, given the others.
    fn forbidden(self, members: &Map<String, Value>) -> Vec<String> {
        let mut forbidden = Vec::new();
        for schema in self.schema["allOf"].as_array().into_iter().flatten() {
            let tested = schema["if"]["properties"].as_object().expect("a condition on properties");
            if tested.iter().all(|(name, test)| members.get(name) == test.get("const")) {
                let patterns = schema["then"]["patternProperties"].as_object().expect("the consequence");
                forbidden.extend(patterns.keys().map(|pattern| pattern.trim_matches(['^', '$']).to_owned()));
            }
        }
        forbidden
    }
}

fn published(body: BodyKind) -> Value {
    serde_json::from_str(schema_text(body)).expect("a JSON schema")
}

/// The methods of authentication, each with a document that has every property that is allowed with it.
fn documents(body: BodyKind) -> BTreeMap<String, Value> {
    let root = published(body);
    let methods = root["definitions"]["authenticationType"]["enum"].as_array().expect("methods");
    let methods = methods.iter().map(|method| method.as_str().expect("a word").to_owned());
    methods.map(|method| (method.clone(), Schema { root: &root, schema: &root }.sample(&method))).collect()
}

/// Collects the pointers to all values that are not objects.
fn leaves(value: &Value, pointer: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                leaves(value, &format!("{pointer}/{name}"), found);
            }
        }
        _ => found.push(pointer.to_owned()),
    }
}

fn leaves_of(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    leaves(value, "", &mut found);
    found
}

fn checked(document: &Value, operation: Operation, old: Option<&Payload>) -> Checked {
    let options = Options { operation: Some(operation), old, ..Options::default() };
    let text = document.to_string();
    let documents = Documents::parse(&text, None, &Limits::default());
    check(&documents, &options).into_iter().next().expect("one document")
}

fn payload(document: &Value, operation: Operation) -> Payload {
    let checked = checked(document, operation, None);
    assert!(checked.is_valid(), "{document:#}: {:#?}", checked.diagnostics);
    match checked.body {
        Some(Body::Payload(payload)) => payload,
        other => panic!("a payload, not {other:?}"),
    }
}

#[test]
fn generated_documents_have_every_property() {
    for body in [BodyKind::Payload, BodyKind::Credentials] {
        let root = published(body);
        let mut open = vec![(String::new(), Schema { root: &root, schema: &root })];
        while let Some((pointer, schema)) = open.pop() {
            for (name, inner) in schema.properties() {
                let pointer = format!("{pointer}/{name}");
                let mut documents = documents(body).into_values();
                assert!(
                    documents.any(|document| document.pointer(&pointer).is_some()),
                    "{body:?}: {pointer}"
                );
                if inner.schema["type"] == "object" {
                    open.push((pointer, inner));
                }
            }
        }
    }
}

#[test]
fn request_contains_every_property() {
    for operation in Operation::ALL {
        let body = operation.body_kind();
        if !body.is_request() {
            continue;
        }
        for (method, mut document) in documents(body) {
            if operation.is_script() {
                document["autoBootstrap"] = json!(false);
            }
            let checked = checked(&document, operation, None);
            assert!(checked.is_valid(), "{operation}, {method}: {:#?}", checked.diagnostics);
            let content = checked.body.expect("a valid body");
            let request = Request::new(operation, &content, None, Some("7")).expect("a request");
            if let Some(sent) = request.body() {
                assert_eq!(sent, document, "{operation}, {method}");
            } else {
                assert_eq!(operation, Operation::ScriptDelete, "{method}");
            }
        }
    }
}

#[test]
fn response_contains_every_property_that_is_not_secret() {
    let schema = published(BodyKind::Integration);
    for (method, document) in documents(BodyKind::Payload) {
        let response = redact(&payload(&document, Operation::Create), None);
        let checked = checked(&response, Operation::Get, None);
        assert!(checked.is_valid(), "{method}: {:#?}", checked.diagnostics);
        for pointer in leaves_of(&document) {
            let mut described = Schema { root: &schema, schema: &schema };
            for name in pointer.split('/').skip(1) {
                described = described.at(&described.schema["properties"][name]);
            }
            let is_redacted = described.schema["examples"][0] == "<REDACTED>";
            match response.pointer(&pointer) {
                None => assert_eq!(described.schema["writeOnly"], json!(true), "{method}: {pointer}"),
                Some(value) if is_redacted => assert_eq!(value, "<REDACTED>", "{method}: {pointer}"),
                Some(value) => assert_eq!(Some(value), document.pointer(&pointer), "{method}: {pointer}"),
            }
        }
    }
}

#[test]
fn every_change_is_sent_or_rejected() {
    for (method, mut document) in documents(BodyKind::Payload) {
        document["autoBootstrap"] = json!(false);
        let old = payload(&document, Operation::ScriptCreate);
        for pointer in leaves_of(&document) {
            let mut new = document.clone();
            let value = new.pointer_mut(&pointer).expect("the value");
            *value = match &*value {
                Value::Bool(value) => json!(!value),
                Value::Number(number) => json!(number.as_u64().expect("a number") + 1),
                Value::String(text) if text.starts_with("${") => json!("${ANOTHER}"),
                Value::String(text) => json!(format!("x{text}")),
                other => panic!("unsupported value {other}"),
            };
            let checked = checked(&new, Operation::Update, Some(&old));
            let Some(Body::Payload(payload)) = checked.body else {
                let codes: Vec<Code> = checked.diagnostics.iter().map(|found| found.code).collect();
                let expected = [Code::NotEditable, Code::InvalidValue];
                assert!(expected.iter().any(|code| codes.contains(code)), "{method}: {pointer}: {codes:?}");
                continue;
            };
            assert_eq!(payload.to_json(), new, "{method}: {pointer}");
            let environment = |_: &str| Some("Correct1horse".to_owned());
            let edit =
                script(ScriptKind::Edit, &payload, Some(&old), &ScriptOptions::default(), &environment);
            assert!(edit.is_ok(), "{method}: {pointer}: {:?}", edit.err());
        }
    }
}

#[cfg(feature = "wasm")]
#[test]
fn js_types_have_every_property() {
    use bootshift::js::{Credentials, Integration, Payload as PackagePayload};

    fn assert_is<T: serde::de::DeserializeOwned + serde::Serialize>(value: &Value) {
        let typed: T = serde_json::from_value(value.clone()).expect("a value of the type");
        assert_eq!(&serde_json::to_value(typed).expect("a value"), value);
    }

    for document in documents(BodyKind::Payload).into_values() {
        assert_is::<PackagePayload>(&document);
        assert_is::<Integration>(&redact(&payload(&document, Operation::Create), None));
    }
    for document in documents(BodyKind::Credentials).into_values() {
        assert_is::<Credentials>(&document);
    }
}
