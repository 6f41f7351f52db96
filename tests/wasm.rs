//! The binding in a JavaScript engine: Node.js, and with `WASM_BINDGEN_USE_BROWSER` a real browser.

#![cfg(all(target_family = "wasm", feature = "wasm"))]

use bootshift::wasm::{
    check, check_files, explain, names, redact, request, schema, script, script_files, start,
};
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

#[wasm_bindgen_test]
fn a_report_counts_utf_16() {
    let text = PAYLOAD.replace("type: Redshift", "type: Redshift # 𝄞").replace("host:", "hots:");
    let report = value(check(text.as_bytes(), JsValue::UNDEFINED));
    assert_eq!((&report[0][2], &report[0][6]), (&"unknown-property".into(), &"/config/hots".into()));
    let offset = text.find("hots").expect("the key");
    assert_eq!(report[1][7], text[..offset].encode_utf16().count());
}

#[wasm_bindgen_test]
fn options_come_from_objects() {
    let report = value(check(b"{}", object(r#"{"operation": "status", "path": "a.json"}"#)));
    assert_eq!((&report[0][0], &report[0][1]), (&"a.json".into(), &"status".into()));

    let old = Object::new();
    Reflect::set(&old, &"old".into(), &PAYLOAD.into()).expect("a property");
    let report = value(check(PAYLOAD.replace("cluster", "other").as_bytes(), old.into()));
    assert_eq!((&report[0][1], &report[0][2]), (&"update".into(), &"not-editable".into()));
}

#[wasm_bindgen_test]
fn files_are_compared() {
    let file = |path: &str| {
        let file = Object::new();
        Reflect::set(&file, &"path".into(), &path.into()).expect("a property");
        Reflect::set(&file, &"text".into(), &PAYLOAD.into()).expect("a property");
        file
    };
    let report = value(check_files(&Array::of2(&file("a.yaml"), &file("b.yaml")), JsValue::NULL));
    assert_eq!(report[0][4], "integration-conflict");
}

#[wasm_bindgen_test]
fn scripts_take_the_variables_from_the_options() {
    let options = || object(r#"{"env": {"REDSHIFT_PASSWORD": "Correct1horse", "OTHER": null}}"#);
    let data = value(script("initial-create", PAYLOAD, options()));
    assert_eq!(data["stages"][0]["database"], "sales");
    let files = value(script_files("initial-create", PAYLOAD, options()));
    assert_eq!(files[0]["name"], "1-initial-create.sql");
    assert!(files[0]["text"].as_str().is_some_and(|text| text.contains("CREATE DATABASE \"immuta\";")));
    let missing = failure(script("initial-create", PAYLOAD, JsValue::UNDEFINED));
    assert_eq!(missing[0][1], "unresolved-secret");
    for value in ["", "\\n", "\\ud800"] {
        let options = object(&format!(r#"{{"env": {{"REDSHIFT_PASSWORD": "{value}"}}}}"#));
        assert_eq!(failure(script("initial-create", PAYLOAD, options))[0][1], "unresolved-secret", "{value}");
    }
    let weak = value(script("initial-create", PAYLOAD, object(r#"{"env": {"REDSHIFT_PASSWORD": "short"}}"#)));
    assert_eq!(weak["warnings"].as_array().map(Vec::len), Some(1));
}

#[wasm_bindgen_test]
fn the_other_verbs_answer() {
    let options = object(r#"{"url": "https://immuta.example.com", "id": "7"}"#);
    let update = value(request("update", Some(PAYLOAD.to_owned()), options));
    assert_eq!(update["url"], "https://immuta.example.com/integrations/7");
    let curl = request("status", None, object(r#"{"format": "curl"}"#)).expect("a command");
    assert!(curl.contains("curl -X 'GET'"), "{curl}");
    let redacted = value(redact(PAYLOAD, object(r#"{"id": "7"}"#)));
    assert_eq!((&redacted["id"], &redacted["config"]["port"]), (&"7".into(), &5439.into()));
    assert!(value(schema("create"))["title"].is_string());
    let explanation = explain("host-not-bare").expect("a code");
    assert_eq!(Array::from(&explanation).get(1).as_string().as_deref(), Some("error"));
    assert_eq!(names().lines().count(), 4);
}

#[wasm_bindgen_test]
fn failures_repeat_nothing_that_was_given() {
    let secret = "Tr0ub4dor&3x";
    let found = [
        failure(script(secret, PAYLOAD, JsValue::UNDEFINED)),
        failure(request(secret, None, JsValue::UNDEFINED)),
        failure(schema(secret).map(|_| String::new())),
        failure(explain(secret).map(|_| String::new())),
        failure(check(PAYLOAD.as_bytes(), object(&format!(r#"{{"operation": "{secret}"}}"#)))),
        failure(script("create", &PAYLOAD.replace("password: $", secret), JsValue::UNDEFINED)),
    ];
    for failure in found {
        assert!(!failure[0][0].as_str().expect("a message").is_empty());
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
    assert!(message.contains("has a defect") && message.contains("tests/wasm.rs:"), "{message}");
    assert!(!message.contains("secret"), "{message}");
}
