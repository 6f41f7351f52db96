//! The types behind the TypeScript declarations accept exactly what the core accepts and writes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use bootshift::check::{Code, Severity};
use bootshift::document::Syntax;
use bootshift::js::{
    self, CheckOptions, Credentials, Document, FixOptions, Given, GivenOptions, HttpRequest, InputFile,
    Integration, IntegrationStatus, ParseOptions, Payload, ReadOptions, RedactOptions, RequestFormat,
    RequestOptions, Script, ScriptFilesOptions, ScriptOptions, ValidationStatus,
};
use bootshift::operation::Operation;
use bootshift::schemas;
use bootshift::script::{Flavor, PasswordForm, ScriptKind};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// The examples of the vendor's page whose names start with `prefix`.
fn vendor(prefix: &str) -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/vendor");
    let mut found: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| {
            let value = serde_json::from_slice(&std::fs::read(&path).expect("a file")).expect("JSON");
            (path.file_stem().expect("a name").to_string_lossy().into_owned(), value)
        })
        .filter(|(name, _)| name.starts_with(prefix))
        .collect();
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    assert!(!found.is_empty(), "{prefix}");
    found
}

/// Asserts that a value round-trips through its type.
fn assert_is<T: DeserializeOwned + Serialize>(name: &str, value: &Value) {
    let typed: T = serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(&serde_json::to_value(typed).expect("a value"), value, "{name}");
}

fn full_payload() -> Value {
    json!({
        "type": "Redshift",
        "autoBootstrap": false,
        "config": {
            "host": "cluster.example.com",
            "port": 5440,
            "database": "immuta",
            "initialDatabase": "sales",
            "impersonation": { "enabled": true, "role": "immuta_impersonation" },
            "authenticationType": "userPassword",
            "username": "immuta_service",
            "password": "${REDSHIFT_PASSWORD}",
        },
    })
}

fn with_okta(mut payload: Value) -> Value {
    let config = payload["config"].as_object_mut().expect("an object");
    config.remove("username");
    config.remove("password");
    config["authenticationType"] = "okta".into();
    config.insert(
        "okta".to_owned(),
        json!({ "username": "a", "password": "b", "appId": "c", "idpHost": "d.example.com", "role": "e" }),
    );
    payload
}

#[test]
fn vendor_requests_are_payloads_and_credentials() {
    for prefix in ["create-", "update-", "script-"] {
        for (name, value) in vendor(prefix) {
            assert_is::<Payload>(&name, &value);
        }
    }
    for (name, value) in vendor("delete-") {
        if value != json!({}) && !value.is_null() {
            assert_is::<Credentials>(&name, &value);
        }
    }
}

#[test]
fn vendor_responses_are_integrations() {
    for (name, value) in vendor("response-get") {
        assert_is::<Integration>(&name, &value);
    }
}

#[test]
fn every_schema_property_is_declared() {
    let properties = |schema: &Value, pointer: &str| -> BTreeSet<String> {
        let found = schema.pointer(pointer).and_then(Value::as_object);
        found.unwrap_or_else(|| panic!("{pointer}")).keys().cloned().collect()
    };
    let keys = |value: &Value| -> BTreeSet<String> {
        let typed: Payload = serde_json::from_value(value.clone()).expect("a payload");
        let config = serde_json::to_value(typed).expect("a value")["config"].clone();
        config.as_object().expect("an object").keys().cloned().collect()
    };
    let schema: Value = serde_json::from_str(schemas::text("create").expect("a schema")).expect("JSON");
    let user = full_payload();
    let okta = with_okta(full_payload());
    let both: BTreeSet<_> = keys(&user).union(&keys(&okta)).cloned().collect();
    assert_eq!(both, properties(&schema, "/definitions/config/properties"));
    assert_is::<Payload>("user", &user);
    assert_is::<Payload>("okta", &okta);
    let mut off = user.clone();
    off["config"]["impersonation"] = json!({ "enabled": false, "role": "unused" });
    assert_is::<Payload>("off", &off);
    assert!(serde_json::from_value::<Payload>(user_without_role(user)).is_err());
}

/// Impersonation without its group, which the declarations reject.
fn user_without_role(mut payload: Value) -> Value {
    payload["config"]["impersonation"] = json!({ "enabled": true });
    payload
}

#[test]
fn enum_values_match_the_schema() {
    let schema: Value = serde_json::from_str(schemas::text("get").expect("a schema")).expect("JSON");
    let words = |pointer: &str| schema.pointer(pointer).and_then(Value::as_array).expect(pointer).clone();
    let statuses = words("/definitions/status/enum");
    assert_eq!(statuses.len(), 12);
    for word in statuses {
        assert_is::<IntegrationStatus>("status", &word);
    }
    for pointer in ["/definitions/validationStatus/enum", "/definitions/validationTestStatus/enum"] {
        for word in words(pointer) {
            assert_is::<ValidationStatus>(pointer, &word);
        }
    }
}

#[test]
fn scripts_and_requests_match_their_types() {
    let text = full_payload().to_string();
    let document = Document::from(&*text);
    let old = Document::from(&*text.replace("immuta_service", "immuta_old"));
    let env = BTreeMap::from([("REDSHIFT_PASSWORD".to_owned(), "Correct1horse".to_owned())]);
    for kind in ScriptKind::ALL {
        let from = (kind == ScriptKind::Edit).then_some(&old);
        let options = ScriptOptions { env: env.clone(), ..ScriptOptions::default() };
        let written =
            js::script(kind.name(), &document, from, &options).unwrap_or_else(|error| panic!("{error:?}"));
        assert_is::<Script>(kind.name(), &serde_json::to_value(written).expect("a value"));
    }
    for operation in Operation::ALL.into_iter().filter(|operation| operation.method().is_some()) {
        let sent = (operation.method() != Some("GET") && operation != Operation::Delete).then_some(&document);
        let written = js::request(operation.name(), sent, &RequestOptions::default()).expect("a request");
        assert_is::<HttpRequest>(operation.name(), &serde_json::from_str(&written).expect("JSON"));
    }
    let redacted = js::redact(&document, &RedactOptions::default()).expect("an integration");
    assert_is::<Integration>("redact", &serde_json::from_str(&redacted).expect("JSON"));
}

/// Functions that use the values reject placeholders.
#[test]
fn placeholder_is_a_warning_in_check_and_an_error_elsewhere() {
    let fine = full_payload().to_string();
    for (from, to) in [
        ("\"immuta\"", "\"${IMMUTA_DB}\""),
        ("5440", "\"{{ port }}\""),
        ("${REDSHIFT_PASSWORD}", "$REDSHIFT_PASSWORD"),
    ] {
        let text = fine.replace(from, to);
        assert_ne!(text, fine);
        let document = Document::from(&*text);
        let report = js::check(&document, None, &CheckOptions::default()).expect("a report");
        assert_eq!((report.summary.errors, report.summary.warnings), (0, 1), "{text}");
        let options = ScriptOptions::default();
        let failures = [
            js::script("create", &document, None, &options).map(drop),
            js::script("edit", &Document::from(&*fine), Some(&document), &options).map(drop),
            js::request("create", Some(&document), &RequestOptions::default()).map(drop),
            js::redact(&document, &RedactOptions::default()).map(drop),
        ];
        for failure in failures {
            let failure = failure.expect_err("a failure");
            let [found] = &failure.diagnostics[..] else { panic!("{failure:?}") };
            assert_eq!((found.code, found.severity), (Code::Placeholder, Severity::Error));
        }
    }
}

/// Protects accounts created by a program whose environment has no password: an undefined secret is often an empty
/// variable.
#[test]
fn variable_without_a_password_is_an_error() {
    let text = full_payload().to_string();
    let document = Document::from(&*text);
    let old = Document::from(&*text.replace("immuta_service", "immuta_old"));
    for (value, said) in [
        ("", "is set but empty"),
        (" \n", "is set but blank"),
        ("Xyzzy\u{FFFD}Plugh", "is not valid UTF-8"),
        ("{{ xyzzy_plugh }}", "contains a placeholder"),
    ] {
        let env = BTreeMap::from([("REDSHIFT_PASSWORD".to_owned(), value.to_owned())]);
        for kind in [ScriptKind::InitialCreate, ScriptKind::All, ScriptKind::Edit] {
            let from = (kind == ScriptKind::Edit).then_some(&old);
            let options = ScriptOptions { env: env.clone(), ..ScriptOptions::default() };
            let failure = js::script(kind.name(), &document, from, &options).expect_err("no script");
            let [found] = &failure.diagnostics[..] else { panic!("{failure:?}") };
            assert_eq!(
                (found.code.as_str(), found.pointer.as_str()),
                ("unresolved-secret", "/config/password")
            );
            assert!(found.message.contains(said) && failure.message.contains(said), "{failure:?}");
            assert!(!format!("{failure:?}").to_ascii_lowercase().contains("xyzzy"), "{failure:?}");
            let files = ScriptFilesOptions { script: options, ..ScriptFilesOptions::default() };
            assert_eq!(js::script_files(kind.name(), &document, from, &files).err(), Some(failure));
        }
    }
}

/// The warnings that the command prints to standard error are part of the script.
#[test]
fn script_includes_warnings() {
    let document = Document::from(&*full_payload().to_string());
    let make = |value: &str, password| {
        let env = BTreeMap::from([("REDSHIFT_PASSWORD".to_owned(), value.to_owned())]);
        let options = ScriptOptions { password, env, ..ScriptOptions::default() };
        let script = js::script("initial-create", &document, None, &options)?;
        let typed: Script = serde_json::from_value(script.to_json()).expect("a script");
        assert_eq!(typed.warnings, script.warnings);
        Ok::<_, js::Failure>(typed.warnings)
    };
    let hash = "md5153c434b4b77c89e6b94f12c5393af5b";
    let of_right = make("Correct1horse", PasswordForm::Md5).expect("a script");
    for value in ["short", "Correct1horse\n", hash] {
        let warnings = make(value, PasswordForm::Md5).expect("a script");
        assert_eq!(warnings.len(), of_right.len() + 1, "{warnings:?}");
        let said = warnings.concat();
        assert!(
            said.contains("`REDSHIFT_PASSWORD`") && !said.contains("Correct1") && !said.contains("153c43"),
            "{said}"
        );
    }
    let failure = make(hash, PasswordForm::Plain).expect_err("no script");
    let [found] = &failure.diagnostics[..] else { panic!("{failure:?}") };
    assert_eq!((found.code.as_str(), found.severity.as_str()), ("hashed-password", "error"));
    assert!(!format!("{failure:?}").contains("153c43"), "{failure:?}");
    let failure = make("xyzzyplugh", PasswordForm::Plain).expect_err("no script");
    let [found] = &failure.diagnostics[..] else { panic!("{failure:?}") };
    assert_eq!((found.code.as_str(), found.severity.as_str()), ("weak-password", "error"));
    assert!(!format!("{failure:?}").contains("xyzzy"), "{failure:?}");
}

#[test]
fn option_names_match_the_declarations() {
    let given = json!({ "path": "a.yaml", "syntax": "json", "maxValues": 7 });
    let options: ParseOptions = serde_json::from_value(given).expect("options");
    assert_eq!((options.path.as_deref(), options.syntax), (Some("a.yaml"), Some(Syntax::Json)));
    assert_eq!((options.max_values, options.max_documents), (Some(7), None));
    let given = json!({ "operation": "delete", "autoBootstrap": true });
    let options: CheckOptions = serde_json::from_value(given).expect("options");
    assert_eq!((options.operation, options.auto_bootstrap), (Some(Operation::Delete), Some(true)));
    let given =
        json!({ "password": "sha256", "existingDatabase": true, "existingUser": true, "env": { "A": "b" } });
    let options: ScriptOptions = serde_json::from_value(given).expect("options");
    assert!(options.existing_database && options.existing_user && !options.set_password);
    let options: ScriptOptions = serde_json::from_value(json!({ "setPassword": true })).expect("options");
    assert!(options.set_password);
    let options: RequestOptions = serde_json::from_value(json!({ "format": "http" })).expect("options");
    assert_eq!(options.format, RequestFormat::Http);
}

/// Reads options given as JSON.
fn read<T: ReadOptions>(given: Value) -> Result<T, String> {
    fn given_of(value: Value) -> Option<Given> {
        Some(match value {
            Value::Null => return None,
            Value::Bool(flag) => Given::Flag(flag),
            Value::Number(number) => Given::Number(number.as_f64()?),
            Value::String(text) => Given::Text(text),
            Value::Array(_) => Given::Other("an array"),
            Value::Object(members) => Given::Members(members_of(members)),
        })
    }
    fn members_of(members: serde_json::Map<String, Value>) -> BTreeMap<String, Given> {
        members.into_iter().filter_map(|(key, value)| Some((key, given_of(value)?))).collect()
    }
    let Value::Object(members) = given else { panic!("expected an object") };
    GivenOptions::new(members_of(members)).and("old").read().map_err(|failure| failure.message)
}

/// They are read as the declarations say.
#[test]
fn given_options_are_read() {
    let (check, parse): (CheckOptions, ParseOptions) = read(json!({
        "old": {}, "operation": "delete", "autoBootstrap": true, "syntax": "json", "path": "a", "maxValues": 7,
        "maxDocuments": null,
    }))
    .expect("options");
    assert_eq!((check.operation, check.auto_bootstrap), (Some(Operation::Delete), Some(true)));
    assert_eq!((parse.syntax, parse.path.as_deref()), (Some(Syntax::Json), Some("a")));
    assert_eq!((parse.max_values, parse.max_documents), (Some(7), None));
    let files: ScriptFilesOptions = read(json!({
        "password": "plain", "existingUser": true, "env": { "A": "b", "C": null }, "flavor": "data-api",
    }))
    .expect("options");
    assert_eq!((files.script.password, files.flavor), (PasswordForm::Plain, Flavor::DataApi));
    assert!(files.script.existing_user && !files.script.existing_database);
    assert_eq!(files.script.env, BTreeMap::from([("A".to_owned(), "b".to_owned())]));
    let fix: FixOptions = read(json!({ "unsafe": true, "operation": "create" })).expect("options");
    assert!(fix.r#unsafe && fix.check.operation == Some(Operation::Create));
    let request: RequestOptions = read(json!({ "format": "curl", "id": "7" })).expect("options");
    assert_eq!((request.format, request.id.as_deref()), (RequestFormat::Curl, Some("7")));
}

#[test]
fn wrong_options_are_named_without_secrets() {
    let check = |given| read::<CheckOptions>(given).expect_err("an error");
    let script = |given| read::<ScriptOptions>(given).map(drop).expect_err("an error");
    for (message, expected) in [
        (
            check(json!({ "operationn": 1 })),
            "unknown option `operationn`; did you mean `operation`? (expected `old`, `operation` or `autoBootstrap`)",
        ),
        (check(json!({ "xyz": 1 })), "unknown option `xyz`; expected `old`, `operation` or `autoBootstrap`"),
        (
            check(json!({ "autoBootstrap": "true" })),
            "invalid option `autoBootstrap`: expected `true` or `false`, found a string",
        ),
        (
            read::<ParseOptions>(json!({ "syntax": "jsn" })).expect_err("an error"),
            "invalid option `syntax`: expected `json` or `yaml`, found `jsn`; did you mean `json`?",
        ),
        (
            read::<ParseOptions>(json!({ "maxValues": 1.5 })).expect_err("an error"),
            "invalid option `maxValues`: expected an integer of at least 1, found another number",
        ),
        (
            read::<InputFile>(json!({ "text": "x" })).map(drop).expect_err("an error"),
            "missing `path` of a file",
        ),
        (
            script(json!({ "password": "hunter" })),
            "invalid option `password`: expected `md5`, `sha256` or `plain`, the form of the password",
        ),
        (
            script(json!({ "env": { "NAME": ["xyzzy"] } })),
            "invalid option `env`: expected an object of strings, found an array as `NAME`",
        ),
    ] {
        assert_eq!(message, expected);
    }
    let message = check(json!({ "operation": "Tr0ub4dor" }));
    assert!(message.ends_with(", found a string"), "{message}");
}

#[test]
fn fixes_are_applied_until_there_are_none() {
    let text = "type: redshift\nautoBootstrap: false\nconfig:\n  host: https://a.example.com/x\n";
    let document = Document::from(text);
    let fixed = js::fix(&document, None, &FixOptions::default()).expect("a text");
    assert_eq!((fixed.text.as_str(), fixed.applied), (text.replace("redshift", "Redshift").as_str(), 1));
    let all = FixOptions { r#unsafe: true, ..FixOptions::default() };
    let fixed = js::fix(&document, None, &all).expect("a text");
    let expected = text.replace("redshift", "Redshift").replace("https://a.example.com/x", "a.example.com");
    assert_eq!((fixed.text, fixed.applied), (expected, 2));
}

#[test]
fn report_has_the_fix_of_a_diagnostic() {
    let report =
        js::check(&"# 𝄞\ntype: redshift\n".into(), None, &CheckOptions::default()).expect("a report");
    let report = serde_json::to_value(report).expect("JSON");
    let found = report["files"][0]["diagnostics"].as_array().expect("an array");
    let fixes: Vec<&Value> = found.iter().filter_map(|found| found.get("fix")).collect();
    let expected = json!({
        "title": "Replace with `Redshift`",
        "applicability": "safe",
        "edits": [{
            "start": { "line": 2, "column": 7, "offset": 11 },
            "end": { "line": 2, "column": 15, "offset": 19 },
            "text": "Redshift",
        }],
    });
    assert_eq!(fixes, [&expected]);
}

#[test]
fn edits_count_utf_16() {
    let document = Document::from("# 𝄞\nconfig: {host: '𝄞'}\n");
    assert_eq!(js::get(&document, "/config/host"), Ok(Some(json!("𝄞"))));
    let edits = js::set(&document, "/config/host", &json!("b")).expect("edits");
    let [edit] = &edits[..] else { panic!("{edits:?}") };
    assert_eq!((edit.start.line, edit.start.column, edit.start.offset), (2, 16, 20));
    assert_eq!((edit.end.offset, edit.text.as_str()), (24, "'b'"));
    assert_eq!(js::remove(&document, "/config/host").expect("edits").len(), 1);
    assert!(js::set(&document, "config", &json!(1)).is_err());
    assert!(js::convert(&document, "json").expect("JSON").starts_with("{\n  \"config\""));
    assert!(js::convert(&document, "toml").is_err());
}

#[test]
fn incompatible_options_are_rejected() {
    let text = full_payload().to_string();
    let document = Document::from(&*text);
    let message = |old: &Document, options: &CheckOptions| {
        js::check(&document, Some(old), options).expect_err("a failure").message
    };
    let options = CheckOptions { operation: Some(Operation::Status), ..CheckOptions::default() };
    assert!(message(&document, &options).starts_with("`old` is only allowed with"));
    let options = CheckOptions::default();
    assert!(message(&Document::from("{}"), &options).starts_with("the current payload has an error"));

    let script = |kind: &str, from: Option<&Document>| {
        let written = js::script(kind, &document, from, &ScriptOptions::default());
        written.map(drop).expect_err("a failure").message
    };
    assert!(script("edit", None).starts_with("`edit` requires the current payload"));
    assert!(script("create", Some(&document)).starts_with("`from` is only allowed with"));
    let set_password = |kind: &str, from: Option<&Document>, existing_user| {
        let options = ScriptOptions { set_password: true, existing_user, ..ScriptOptions::default() };
        js::script(kind, &document, from, &options).map(drop).expect_err("a failure").message
    };
    assert_eq!(set_password("create", None, false), "`setPassword` is only allowed with `edit`");
    assert!(
        set_password("edit", Some(&document), true)
            .starts_with("`setPassword` cannot be used with `existingUser`")
    );
    assert_eq!(script("initialcreate", None), "unknown script; did you mean `initial-create`?");
    let request = |name: &str, document: Option<&Document>| {
        js::request(name, document, &RequestOptions::default()).expect_err("a failure").message
    };
    assert_eq!(request("create", None), "`create` requires a payload");
    assert_eq!(request("status", Some(&document)), "`status` does not take a payload");
    let two = Document::from(&*format!("---\n{text}\n---\n{text}\n"));
    let failure = js::redact(&two, &RedactOptions::default()).map(drop).expect_err("a failure");
    assert_eq!(failure.message, "expected one document in the payload, found 2");
}

#[test]
fn file_conflicts_are_reported_and_names_determine_syntax() {
    let file = |path: &str, text: String| InputFile { path: path.to_owned(), text };
    let yaml = "type: Redshift".to_owned();
    let files = [
        file("a.json", full_payload().to_string()),
        file("b.yaml", full_payload().to_string()),
        file("c.json", yaml),
    ];
    let report = js::check_files(files.into(), None, &ParseOptions::default(), &CheckOptions::default())
        .expect("a report");
    let codes: Vec<Vec<&str>> = report
        .files
        .iter()
        .map(|file| file.diagnostics.iter().map(|found| found.code.as_str()).collect())
        .collect();
    assert_eq!(codes, [vec![], vec!["integration-conflict"], vec!["syntax"]]);
}

#[test]
fn check_reports_all_problems_and_conflicts() {
    let codes = |text: &str| -> Vec<Vec<String>> {
        let report = js::check(&text.into(), None, &CheckOptions::default()).expect("a report");
        let documents = report.files.iter();
        documents
            .map(|document| document.diagnostics.iter().map(|found| found.code.to_string()).collect())
            .collect()
    };
    let payload = full_payload();
    assert_eq!(codes(&payload.to_string()), [[""; 0]]);
    assert_eq!(codes("type: Snowflake"), [["unsupported-type"]]);
    let [first, second] = &codes(&format!("---\n{payload}\n---\n{payload}\n"))[..] else {
        panic!("two documents")
    };
    assert_eq!(first, &[""; 0]);
    assert_eq!(second, &["integration-conflict"]);
}
