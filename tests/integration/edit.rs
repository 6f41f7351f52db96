//! Edits of single values.

use bootshift::document::{Documents, Limits, Syntax};
use bootshift::edit::{self, EditError};
use serde_json::{Value, json};

fn set(text: &str, pointer: &str, value: &Value) -> Result<String, EditError> {
    edit::set(&text.into(), pointer, value).map(|edits| edit::apply(text, &edits))
}

/// The text after setting a value.
fn with(text: &str, pointer: &str, value: impl Into<Value>) -> String {
    set(text, pointer, &value.into()).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn without(text: &str, pointer: &str) -> String {
    match edit::remove(&text.into(), pointer) {
        Ok(edits) => edit::apply(text, &edits),
        Err(error) => panic!("{error}: {text}"),
    }
}

fn get(text: &str, pointer: &str) -> Option<Value> {
    let documents = Documents::from(text);
    edit::get(&documents, pointer).expect("a pointer").map(bootshift::document::Node::to_json)
}

fn convert(text: &str, syntax: Syntax) -> Result<String, EditError> {
    edit::convert(&text.into(), syntax)
}

const COMMENTED: &str = r#"# The payload.
type: Redshift # one platform

config: # the connection
  # The host.
  host: 'a.example' # keep me
  username:    bob

  database: "immuta"
# The end.
"#;

#[test]
fn replaced_value_keeps_its_place_and_quotes() {
    for (pointer, value, old, new) in [
        ("/config/host", "it's", "'a.example'", "'it''s'"),
        ("/config/host", "a\nb", "'a.example'", r#""a\nb""#),
        ("/config/username", "al", "bob", "al"),
        ("/config/username", "yes", "bob", "\"yes\""),
        ("/config/username", "5439", "bob", "\"5439\""),
        ("/config/username", "${NAME}", "bob", "${NAME}"),
        ("/config/database", "a\"b", "\"immuta\"", "\"a\\\"b\""),
    ] {
        assert_eq!(with(COMMENTED, pointer, value), COMMENTED.replace(old, new));
    }
    assert_eq!(with(COMMENTED, "/config/database", 7), COMMENTED.replace("\"immuta\"", "7"));
    assert_eq!(with(COMMENTED, "/config/database", "immuta"), COMMENTED);
}

#[test]
fn new_key_is_inserted_in_the_order_of_the_schema() {
    for (pointer, value, old, new) in [
        ("/config/port", json!(5439), "# keep me\n", "# keep me\n  port: 5439\n"),
        ("/autoBootstrap", json!(false), "# one platform\n", "# one platform\nautoBootstrap: false\n"),
        (
            "/config/impersonation/enabled",
            json!(true),
            "\"immuta\"\n",
            "\"immuta\"\n  impersonation:\n    enabled: true\n",
        ),
        ("/config/unknown", json!("x"), "\"immuta\"\n", "\"immuta\"\n  unknown: x\n"),
    ] {
        assert_eq!(with(COMMENTED, pointer, value), COMMENTED.replace(old, new));
    }
    assert_eq!(with("config: {}\n", "/type", "Redshift"), "type: Redshift\nconfig: {}\n");
    assert_eq!(
        with("username: a\n", "/authenticationType", "okta"),
        "authenticationType: okta\nusername: a\n"
    );
    assert_eq!(with("x: 1\nconfig: 2\n", "/autoBootstrap", true), "x: 1\nautoBootstrap: true\nconfig: 2\n");
    assert_eq!(with("{x: 1, config: 2}", "/type", "a"), "{x: 1, type: a, config: 2}");
    assert_eq!(with("x: 1\n", "/autoBootstrap", true), "x: 1\nautoBootstrap: true\n");
    assert_eq!(
        with("type: a\nconfig:\n  host: a\n  # about it\n\nx: 1\n", "/other", true),
        "type: a\nconfig:\n  host: a\n  # about it\n\nx: 1\nother: true\n"
    );
    assert_eq!(
        with("impersonation:\n    # deep\n    enabled: true\n    # end\nz: 1\n", "/impersonation/role", "r"),
        "impersonation:\n    # deep\n    enabled: true\n    role: r\n    # end\nz: 1\n"
    );
}

#[test]
fn removed_key_takes_its_lines_with_it() {
    assert_eq!(without(COMMENTED, "/config/username"), COMMENTED.replace("  username:    bob\n", ""));
    for (text, pointer, expected) in [
        ("a: 1\nb:\n  c: 2\nd: 3\n", "/b", "a: 1\nd: 3\n"),
        ("a: 1\r\nb: 2\r\n", "/a", "b: 2\r\n"),
        ("a: 1\nb: 2", "/b", "a: 1\n"),
        ("a: |\n  x\n  y\nb: 2\n", "/a", "b: 2\n"),
        ("a:\n  b: 1\n  # of b\nc: 2\n", "/a", "c: 2\n"),
        ("a:\n  b: 1\nc: 2\n", "/a/b", "a: {}\nc: 2\n"),
        ("a: # why\n  b: 1 # what\nc: 2\n", "/a/b", "a: {} # why # what\nc: 2\n"),
        ("a: 1\n", "/a", ""),
        ("# c\na: 1 # d\n# e\n", "/a", "# c\n# e\n"),
        ("--- # c\na: 1\n", "/a", "--- # c\n"),
        ("a: 1\n---\na: 1\n", "/a", "{}\n---\na: 1\n"),
        ("a: 1\n", "/b", "a: 1\n"),
        ("a: 1\n", "/a/b", "a: 1\n"),
        ("", "/a", ""),
        ("- a: 1\n  b: 2\n", "/0/a", "- b: 2\n"),
        (r#"{"a": 1, "b": 2}"#, "/b", r#"{"a": 1}"#),
        (r#"{"a": 1, "b": 2}"#, "/a", r#"{"b": 2}"#),
        (r#"{"a": 1}"#, "/a", "{}"),
        ("{\n  \"a\": 1\n}\n", "/a", "{}\n"),
        ("{\n  \"a\": 1,\n  \"b\": 2\n}\n", "/a", "{\n  \"b\": 2\n}\n"),
        ("{\n  \"a\": 1,\n  \"b\": 2\n}\n", "/b", "{\n  \"a\": 1\n}\n"),
        ("{a: 1, # one\n b: 2, # two\n}\n", "/b", "{a: 1, # one\n}\n"),
        (
            "x: {\n  a: 1, # one\n  # about b\n  b: 2 # two\n}\n",
            "/x/b",
            "x: {\n  a: 1 # one\n  # about b\n}\n",
        ),
        (
            "x: {\n  a: 1, # one\n  # about b\n  b: 2 # two\n}\n",
            "/x/a",
            "x: {\n  # about b\n  b: 2 # two\n}\n",
        ),
        ("base: &b {u: 1}\nx:\n  <<: *b\n  h: a\n", "/x/h", "base: &b {u: 1}\nx:\n  <<: *b\n"),
        ("o: &o {u: 1, v: 2}\nx: *o\n", "/x/u", "o: &o {u: 1, v: 2}\nx:\n  v: 2\n"),
    ] {
        assert_eq!(without(text, pointer), expected, "{text:?} {pointer}");
    }
}

#[test]
fn json_stays_json() {
    let on_one_line = r#"{"type": "x"}"#;
    assert_eq!(with(on_one_line, "/config/host", "h"), r#"{"type": "x", "config": {"host": "h"}}"#);
    assert_eq!(
        with(r#"{"type":"x","config":{}}"#, "/autoBootstrap", true),
        r#"{"type":"x","autoBootstrap":true,"config":{}}"#
    );
    let spread = "{\n  \"type\": \"x\",\n  \"config\": {\n    \"host\": \"a\"\n  }\n}\n";
    assert_eq!(with(spread, "/config/port", 1), spread.replace("\"a\"", "\"a\",\n    \"port\": 1"));
    assert_eq!(with(spread, "/config/host", "q\"\\"), spread.replace("\"a\"", r#""q\"\\""#));
    assert_eq!(
        with(spread, "/config/okta/role", "r"),
        spread.replace("\"a\"", "\"a\",\n    \"okta\": {\n      \"role\": \"r\"\n    }")
    );
    let tabs = "{\r\n\t\"type\": \"x\"\r\n}\r\n";
    assert_eq!(
        with(tabs, "/config/host", "h"),
        "{\r\n\t\"type\": \"x\",\r\n\t\"config\": {\r\n\t\t\"host\": \"h\"\r\n\t}\r\n}\r\n"
    );
    assert_eq!(with("{}", "/config/host", "h"), "{\n  \"config\": {\n    \"host\": \"h\"\n  }\n}");
    for text in ["", " \n", "null"] {
        let documents = Documents::parse(text, Some(Syntax::Json), &Limits::default());
        let edits = edit::set(&documents, "/config/host", &json!("h")).expect("edits");
        let written: Value = serde_json::from_str(&edit::apply(text, &edits)).expect("JSON");
        assert_eq!(written, json!({ "config": { "host": "h" } }));
    }
}

#[test]
fn flow_style_stays_flow_style() {
    for (text, pointer, value, expected) in [
        ("config: {host: a}\n", "/config/port", json!(1), "config: {host: a, port: 1}\n"),
        ("config: {database: a}\n", "/config/host", json!("b, c"), "config: {host: \"b, c\", database: a}\n"),
        (
            "config: {\"host\": \"a\"}",
            "/config/port",
            json!("b"),
            "config: {\"host\": \"a\", \"port\": \"b\"}",
        ),
        ("{host: a, port: 1}", "/database", json!("${X}"), "{host: a, port: 1, database: \"${X}\"}"),
        (
            "x: {\n  host: a, # the host\n}\n",
            "/x/port",
            json!(1),
            "x: {\n  host: a, # the host\n  port: 1,\n}\n",
        ),
        (
            "x: {\n  host: a # the host\n}\n",
            "/x/port",
            json!(1),
            "x: {\n  host: a, # the host\n  port: 1\n}\n",
        ),
        ("x: {host, port: 1}\n", "/x/host", json!("a"), "x: {host: a, port: 1}\n"),
        ("x: {host: , port: 1}\n", "/x/host", json!("a"), "x: {host: a , port: 1}\n"),
        (
            "c: {\n  i: {a: 1 ,\n  } , # i\n  }\n",
            "/c/o",
            json!(1),
            "c: {\n  i: {a: 1 ,\n  } , # i\n  o: 1,\n  }\n",
        ),
        ("x: [a, b]\n", "/x/1", json!("c"), "x: [a, c]\n"),
        ("x: [a, b]\n", "/x", json!(["c", 1]), "x: [c, 1]\n"),
    ] {
        assert_eq!(with(text, pointer, value), expected, "{text:?} {pointer}");
    }
}

#[test]
fn block_style_follows_the_indentation_of_the_text() {
    for (text, pointer, value, expected) in [
        ("a:\n    b: 1\n", "/config/host", json!("h"), "a:\n    b: 1\nconfig:\n    host: h\n"),
        ("config: # why\n", "/config/host", json!("h"), "config: # why\n  host: h\n"),
        ("config: {}\n", "/config/host", json!("h"), "config:\n  host: h\n"),
        ("config: ~ # c\n", "/config/host", json!("h"), "config: # c\n  host: h\n"),
        ("config:\r\n  host: a\r\n", "/config/port", json!(1), "config:\r\n  host: a\r\n  port: 1\r\n"),
        ("config:\n  host: a", "/config/port", json!(1), "config:\n  host: a\n  port: 1"),
        ("config: x\n", "/config", json!({"a": [1, {"b": 2}]}), "config:\n  a:\n    - 1\n    - b: 2\n"),
        ("config: # c\n  # d\n  host: a\n", "/config", json!("x"), "config: x # c\n  # d\n"),
        ("a: | # c\n  text\nb: 1\n", "/a", json!("x"), "a: x # c\nb: 1\n"),
        ("a:\n- b\n", "/a", json!({"c": 1}), "a:\n  c: 1\n"),
        ("a: !!str 5\n", "/a", json!(6), "a: 6\n"),
        ("a: &x 5\n", "/a", json!(6), "a: &x 6\n"),
        ("a: &x\nb: 1\n", "/a", json!({"c": 1}), "a: &x\n  c: 1\nb: 1\n"),
        ("- a\n- b: 1\n", "/1/c", json!(2), "- a\n- b: 1\n  c: 2\n"),
        ("a: |+\n  b\n\n\nz: 1\n", "/other", json!(2), "a: |+\n  b\n\n\nz: 1\nother: 2\n"),
        (
            "type: |+\n  b\n\nconfig: 1\n",
            "/autoBootstrap",
            json!(1),
            "type: |+\n  b\n\nautoBootstrap: 1\nconfig: 1\n",
        ),
        ("host: |+\n  b\n\n\nz: 1\n", "/x", json!(2), "host: |+\n  b\n\n\nz: 1\nx: 2\n"),
        ("z: 1\nhost: |+\n  b\n\n", "/x", json!(2), "z: 1\nhost: |+\n  b\n\nx: 2\n"),
        ("? a\n: b\n", "/a", json!("c"), "? a\n: c\n"),
    ] {
        assert_eq!(with(text, pointer, value), expected, "{text:?} {pointer}");
    }
}

#[test]
fn text_without_value_gets_one() {
    let config = "config:\n  host: h\n";
    for (text, expected) in [
        ("", config.to_owned()),
        ("\n", format!("\n{config}")),
        ("\u{FEFF}", format!("\u{FEFF}{config}")),
        ("# only a comment", format!("# only a comment\n{config}")),
        ("# only\r\n", "# only\r\nconfig:\r\n  host: h\r\n".to_owned()),
        ("---\n", "---\nconfig:\n  host: h\n".to_owned()),
        ("--- # c\n# d\n", "--- # c\nconfig:\n  host: h\n# d\n".to_owned()),
        ("%YAML 1.2\n---\n", "%YAML 1.2\n---\nconfig:\n  host: h\n".to_owned()),
        ("null\n", config.to_owned()),
        ("--- ~\n", "---\nconfig:\n  host: h\n".to_owned()),
    ] {
        assert_eq!(with(text, "/config/host", "h"), expected, "{text:?}");
    }
    // Brackets are JSON's.
    assert_eq!(with("{}\n", "/config/host", "h"), "{\n  \"config\": {\n    \"host\": \"h\"\n  }\n}\n");
}

#[test]
fn only_the_first_document_changes() {
    let text = "--- # one\ntype: a\n...\n---\ntype: a\n";
    assert_eq!(with(text, "/type", "b"), "--- # one\ntype: b\n...\n---\ntype: a\n");
    assert_eq!(
        with(text, "/autoBootstrap", true),
        "--- # one\ntype: a\nautoBootstrap: true\n...\n---\ntype: a\n"
    );
    assert_eq!(without("a: 1\nb: 2\n---\na: 1\n", "/b"), "a: 1\n---\na: 1\n");
}

#[test]
fn members_of_a_replaced_object_change_one_by_one() {
    let value = json!({ "host": "b", "database": "immuta", "port": 1 });
    let expected = COMMENTED
        .replace("'a.example' # keep me\n", "'b' # keep me\n  port: 1\n")
        .replace("  username:    bob\n", "");
    assert_eq!(with(COMMENTED, "/config", value), expected);
}

#[test]
fn aliases_and_merge_keys_are_resolved_and_not_corrupted() {
    let merged = "base: &base {username: b, okta: {role: r, appId: i}}\nconfig:\n  <<: *base\n  host: a\n";
    assert_eq!(get(merged, "/config/username"), Some(json!("b")));
    assert_eq!(get(merged, "/config/okta/role"), Some(json!("r")));
    assert_eq!(
        with(merged, "/config/username", "c"),
        merged.replace("host: a\n", "host: a\n  username: c\n")
    );
    let text = with(merged, "/config/okta/role", "s");
    assert_eq!(get(&text, "/config/okta"), Some(json!({ "role": "s", "appId": "i" })));
    assert_eq!(get(&text, "/base/okta/role"), Some(json!("r")));
    let message =
        |result: Result<_, EditError>| result.map(|_: String| ()).expect_err("an error").to_string();
    assert_eq!(
        message(edit::remove(&merged.into(), "/config/username").map(|_| String::new())),
        "the merge key `<<` on line 3 inserts the value; remove it there"
    );
    let aliased = "base: &h a\nconfig:\n  host: *h\n";
    assert_eq!(with(aliased, "/config/host", "x"), "base: &h a\nconfig:\n  host: x\n");
    assert_eq!(without(aliased, "/config/host"), "base: &h a\nconfig: {}\n");
    assert_eq!(
        message(set(aliased, "/base", &json!("secret"))),
        "the alias on line 3 repeats this value, so that it would change too; replace the alias by a value first"
    );
    assert_eq!(
        message(edit::remove(&"a: 1\na: 2\nb: 3\n".into(), "/a").map(|_| String::new())),
        "the text has a duplicate key; remove one of the two first"
    );
}

#[test]
fn value_that_is_not_an_object_is_not_overwritten_by_a_parent() {
    for (text, pointer, line) in [
        ("just text", "/type", 1),
        ("\"x\"", "/type", 1),
        ("type: a\nconfig: text\n", "/config/host", 2),
        ("config:\n  host:\n    - a\n", "/config/host/0/x", 3),
    ] {
        let message = set(text, pointer, &json!("xyzzy")).expect_err("an error").to_string();
        assert!(message.starts_with(&format!("the value on line {line} is not an object")), "{message}");
        assert!(!message.contains("xyzzy"));
    }
    let message = set("- a\n- b\n", "/type", &json!(1)).expect_err("an error").to_string();
    assert_eq!(message, "an array has no such item; set the whole array to add one");
    for text in ["a: [", "{\"a\": ]"] {
        for result in [
            set(text, "/a", &json!(1)),
            edit::remove(&text.into(), "/a").map(|_| String::new()),
            convert(text, Syntax::Json),
        ] {
            let message = result.expect_err("an error").to_string();
            assert_eq!(message, "the text cannot be parsed; fix its syntax errors first");
        }
        assert_eq!(get(text, "/a"), None);
    }
}

#[test]
fn pointers_are_those_of_rfc_6901() {
    let text = r#"{"a/b": [1, {"": 2}], "m~n": 3, "": 4}"#;
    for (pointer, value) in [
        ("/a~1b/0", Some(json!(1))),
        ("/a~1b/1/", Some(json!(2))),
        ("/m~0n", Some(json!(3))),
        ("/", Some(json!(4))),
        ("/a~1b/00", None),
        ("/a~1b/-", None),
        ("/a~1b/2", None),
        ("/x", None),
    ] {
        assert_eq!(get(text, pointer), value, "{pointer}");
    }
    assert_eq!(get(text, ""), serde_json::from_str(text).expect("JSON"));
    for pointer in ["a", "#/a", "/a~", "/a~2"] {
        assert!(edit::get(&text.into(), pointer).is_err(), "{pointer}");
    }
}

/// Places for a value, in every style.
const STYLES: [&str; 19] = [
    "config:\n  host: a\n",
    "config: {host: a, username: b}\n",
    "config: {\"host\": \"a\"}",
    "config:\n  host: |\n    block\n  username: b\n",
    "config:\n  host: >-\n    folded\n    text\n",
    "config:\n    host: 'a'   # four\n    username: b",
    "config:\n  host:\n  username: b\n",
    "config:\n",
    "config: {}\n",
    "config: # empty\n",
    "",
    "# only a comment",
    "---\nconfig:\n  username: b\n",
    "base: &base {username: b}\nconfig:\n  <<: *base\n  host: a\n",
    "base: &h a\nconfig:\n  host: *h\n",
    "config:\n  'host': \"a\\n\"\n",
    "{\"config\": {\"host\": \"a\"}}",
    "{\n  \"config\": {}\n}",
    "config:\n  host: |+\n    kept\n\n\n  username: b\n",
];

/// Strings that are written in different ways.
const STRINGS: [&str; 55] = [
    "plain",
    "",
    " lead",
    "a: b",
    "a #b",
    "- x",
    "yes",
    "null",
    "1",
    "1e3",
    "0x1",
    "~",
    "${X}",
    "'",
    "\"",
    "\\",
    "\n",
    "\t",
    "ü 🦀",
    "#",
    "{",
    "[",
    "*a",
    "&a",
    "!t",
    "@",
    "`",
    "%",
    "|",
    ">",
    "? a",
    "---",
    "...",
    "=",
    "<<",
    "a:",
    ":a",
    "a\n b\n",
    "\u{85}",
    "\u{2028}",
    "\u{FEFF}",
    "\u{0}",
    "\u{7f}",
    "\u{A0}",
    "\u{FFFF}",
    "1:30",
    "2001-12-14",
    "-",
    "?",
    ".",
    "a, b",
    "]",
    "trailing ",
    "\r\n",
    "\u{1b}[0m",
];

#[test]
fn any_value_reads_back_in_any_style() {
    let values: Vec<Value> = STRINGS
        .into_iter()
        .map(Value::from)
        .chain([
            json!(5439),
            json!(true),
            Value::Null,
            json!(1.5),
            json!(1e300),
            json!(-0.0),
            json!({}),
            json!([]),
        ])
        .chain([json!({ "a": { "b": [1, "x y"] } }), json!([{ "a: b": null }, []])])
        .collect();
    for text in STYLES {
        let before = get(text, "").unwrap_or_default();
        for value in &values {
            let written = with(text, "/config/host", value.clone());
            let mut expected = before.clone();
            if expected.is_null() {
                expected = json!({});
            }
            if expected["config"].is_null() {
                expected["config"] = json!({});
            }
            expected["config"]["host"] = value.clone();
            assert_eq!(get(&written, ""), Some(expected), "{text:?} {value} {written:?}");
            assert_eq!(get(&without(&written, "/config/host"), "/config/host"), None, "{written:?}");
        }
    }
}

#[test]
fn converted_text_has_the_same_values() {
    let yaml = "type: Redshift # c\nconfig:\n  host: &h a\n  x: [*h, {b: 'yes'}]\n  empty: {}\n";
    let json = convert(yaml, Syntax::Json).expect("JSON");
    assert!(
        json.starts_with("{\n  \"type\": \"Redshift\",\n  \"config\": {\n    \"host\": \"a\",\n"),
        "{json}"
    );
    assert_eq!(get(&json, ""), get(yaml, ""));
    let back = convert(&json, Syntax::Yaml).expect("YAML");
    assert_eq!(back, "type: Redshift\nconfig:\n  host: a\n  x:\n    - a\n    - b: \"yes\"\n  empty: {}\n");
    assert_eq!(convert(yaml, Syntax::Yaml).as_deref(), Ok(yaml));
    assert_eq!(convert("# c\n", Syntax::Json).as_deref(), Ok("# c\n"));
    assert_eq!(convert("a: 1\r\n---\nb: 1\n", Syntax::Json).as_deref(), Ok("{\r\n  \"a\": 1\r\n}\r\n"));
    for text in ["a: .inf\n", "a: 1\na: 2\n"] {
        assert!(convert(text, Syntax::Json).is_err());
    }
}
