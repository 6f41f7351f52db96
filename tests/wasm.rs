//! The binding in a JavaScript engine: Node.js, and with `WASM_BINDGEN_USE_BROWSER` a real browser.

#![cfg(all(target_family = "wasm", feature = "wasm"))]

use bootshift::wasm::{Document, check_files, request, start};
use js_sys::{Array, Function, JSON, Object, Reflect};
use serde_json::Value;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

const PAYLOAD: &str = "\
type: Redshift
autoBootstrap: false
config:
  host: cluster.example.com
  database: immuta
  initialDatabase: sales
  authenticationType: userPassword
  username: immuta_service
  password: ${REDSHIFT_PASSWORD}
";

fn object(json: &str) -> JsValue {
    JSON::parse(json).expect("JSON")
}

fn value(text: Result<String, JsValue>) -> Value {
    serde_json::from_str(&text.expect("a result")).expect("JSON")
}

fn failure(result: Result<String, JsValue>) -> Value {
    let thrown = result.expect_err("a failure");
    serde_json::from_str(&thrown.as_string().expect("a text")).expect("JSON")
}

fn parsed(text: &str) -> Document {
    Document::parse(text.into(), &JsValue::UNDEFINED).expect("a document")
}

fn check(text: &str, options: &JsValue) -> Result<String, JsValue> {
    parsed(text).check(None, options, false)
}

#[wasm_bindgen_test]
fn a_report_counts_utf_16() {
    let text = PAYLOAD.replace("type: Redshift", "type: Redshift # 𝄞").replace("host:", "hots:");
    let report = value(check(&text, &JsValue::UNDEFINED));
    let found = &report["files"][0]["diagnostics"][0];
    assert_eq!((&found["code"], &found["pointer"]), (&"unknown-property".into(), &"/config/hots".into()));
    let offset = text.find("hots").expect("the key");
    assert_eq!(found["start"]["offset"], text[..offset].encode_utf16().count());
}

#[wasm_bindgen_test]
fn options_come_from_objects() {
    let options = object(r#"{"path": "a.json", "maxDiagnostics": 1}"#);
    let document = Document::parse(b"type: Redshift".to_vec(), &options).expect("a document");
    let report = value(document.check(None, &object(r#"{"operation": "status"}"#), false));
    let file = &report["files"][0];
    assert_eq!((&file["path"], &file["operation"]), (&"a.json".into(), &"status".into()));
    assert_eq!(file["diagnostics"][0]["code"], "syntax");
    let json = Document::parse(b"type: Redshift".to_vec(), &object(r#"{"syntax": "json"}"#));
    let report = value(json.expect("a document").check(None, &JsValue::NULL, false));
    assert_eq!(report["files"][0]["diagnostics"][0]["code"], "syntax");

    let other = parsed(&PAYLOAD.replace("cluster", "other"));
    let report = value(other.check(Some(parsed(PAYLOAD)), &JsValue::UNDEFINED, false));
    let file = &report["files"][0];
    assert_eq!(
        (&file["operation"], &file["diagnostics"][0]["code"]),
        (&"update".into(), &"not-editable".into())
    );
}

#[wasm_bindgen_test]
fn a_document_answers_again_and_again() {
    let document = parsed(PAYLOAD);
    let first = value(document.check(None, &JsValue::UNDEFINED, false));
    let shared = document.share();
    assert_eq!(
        value(shared.check(Some(document.share()), &JsValue::UNDEFINED, false))["summary"]["errors"],
        0
    );
    drop(shared);
    assert_eq!(value(document.check(None, &JsValue::UNDEFINED, false)), first);
}

#[wasm_bindgen_test]
fn files_are_compared() {
    let file = |path: &str| {
        let file = Object::new();
        Reflect::set(&file, &"path".into(), &path.into()).expect("a property");
        Reflect::set(&file, &"text".into(), &PAYLOAD.into()).expect("a property");
        file
    };
    let report = value(check_files(&Array::of2(&file("a.yaml"), &file("b.yaml")), None, &JsValue::NULL));
    assert_eq!(report["files"][1]["diagnostics"][0]["code"], "integration-conflict");
}

#[wasm_bindgen_test]
fn scripts_take_the_variables_from_the_options() {
    let document = parsed(PAYLOAD);
    let options = || object(r#"{"env": {"REDSHIFT_PASSWORD": "Correct1horse", "OTHER": null}}"#);
    let data = value(document.script("initial-create", None, &options()));
    assert_eq!(data["stages"][0]["database"], "sales");
    let files = document.script_files("initial-create", None, &options()).expect("files");
    let files: Value = serde_wasm_bindgen::from_value(files).expect("an array");
    assert_eq!(files[0]["name"], "1-initial-create.sql");
    assert!(files[0]["text"].as_str().is_some_and(|text| text.contains("CREATE DATABASE \"immuta\";")));
    let code = |failure: Value| failure["diagnostics"][0]["code"].clone();
    let missing = failure(document.script("initial-create", None, &JsValue::UNDEFINED));
    assert_eq!(code(missing), "unresolved-secret");
    for value in ["", "\\n", "\\ud800"] {
        let options = object(&format!(r#"{{"env": {{"REDSHIFT_PASSWORD": "{value}"}}}}"#));
        let failure = failure(document.script("initial-create", None, &options));
        assert_eq!(code(failure), "unresolved-secret", "{value}");
    }
    let options = object(r#"{"env": {"REDSHIFT_PASSWORD": "short"}}"#);
    let weak = value(document.script("initial-create", None, &options));
    assert_eq!(weak["warnings"].as_array().map(Vec::len), Some(1));
}

#[wasm_bindgen_test]
fn the_other_functions_answer() {
    let document = parsed(PAYLOAD);
    let options = object(r#"{"url": "https://immuta.example.com", "id": "7"}"#);
    let update = value(document.request("update", &options));
    assert_eq!(update["url"], "https://immuta.example.com/integrations/7");
    let curl = request("status", &object(r#"{"format": "curl"}"#)).expect("a command");
    assert!(curl.contains("curl -X 'GET'"), "{curl}");
    let redacted = value(document.redact(&object(r#"{"id": "7"}"#)));
    assert_eq!((&redacted["id"], &redacted["config"]["port"]), (&"7".into(), &5439.into()));
}

#[wasm_bindgen_test]
fn a_document_is_edited() {
    let document = parsed("config: # 𝄞\n  host: a\n");
    let edits = value(document.set("/config/port", "5439"));
    assert_eq!(edits[0]["text"], "\n  port: 5439");
    assert_eq!((&edits[0]["start"]["offset"], &edits[0]["start"]), (&22.into(), &edits[0]["end"]));
    assert_eq!(document.get("/config/host").expect("a pointer").as_deref(), Some("\"a\""));
    assert_eq!(document.get("/config/port").expect("a pointer"), None);
    assert_eq!(value(document.remove("/config/host"))[0]["text"], " {}");
    assert_eq!(document.convert("json").expect("JSON"), "{\n  \"config\": {\n    \"host\": \"a\"\n  }\n}\n");
    let misspelled = parsed(&PAYLOAD.replace("host:", "HOST:"));
    let fixed = value(misspelled.fix(None, &JsValue::UNDEFINED));
    assert_eq!((&fixed["text"], &fixed["applied"]), (&PAYLOAD.into(), &1.into()));
}

#[wasm_bindgen_test]
fn failures_repeat_nothing_that_was_given() {
    let secret = "Tr0ub4dor&3x";
    let found = [
        failure(parsed(PAYLOAD).script(secret, None, &JsValue::UNDEFINED)),
        failure(request(secret, &JsValue::UNDEFINED)),
        failure(check(PAYLOAD, &object(&format!(r#"{{"operation": "{secret}"}}"#)))),
        failure(
            Document::parse(PAYLOAD.into(), &object(&format!(r#"{{"syntax": "{secret}"}}"#)))
                .map(|_| String::new()),
        ),
        failure(Document::parse(vec![0xFF], &JsValue::UNDEFINED).map(|_| String::new())),
        failure(parsed(&PAYLOAD.replace("password: $", secret)).script("create", None, &JsValue::UNDEFINED)),
    ];
    for failure in found {
        assert!(!failure["message"].as_str().expect("a message").is_empty());
        assert!(!failure.to_string().contains(&secret[..6]), "{failure}");
    }
}

#[wasm_bindgen_test]
fn a_panic_is_a_thrown_error_that_says_where_and_not_what() {
    start();
    let closure = Closure::<dyn Fn()>::new(|| panic!("a secret"));
    let function: &Function = closure.as_ref().unchecked_ref();
    let thrown = function.call0(&JsValue::NULL).expect_err("an error");
    let error: &js_sys::Error = thrown.dyn_ref().expect("an error");
    let message = String::from(error.message());
    assert!(
        message.contains("internal error in Bootshift") && message.contains("tests/wasm.rs:"),
        "{message}"
    );
    assert!(!message.contains("secret"), "{message}");
}
