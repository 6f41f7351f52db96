//! Both schemas of a payload accept the same documents, except for those that only `not` refuses: the schema for generators has
//! no `not`.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use bootshift::document::{Documents, Limits, Syntax};
use jsonschema::Validator;
use jsonschema::error::ValidationErrorKind;
use proptest::prelude::*;
use serde_json::{Value, json};
use testkit::mdtest;
use testkit::payloads::{hostile, plan};

use super::{definitions, published, types};

/// The documents that only the schema for validators refuses, all because a value is `<REDACTED>` or `REDACTED`: copied from a
/// response, which does not contain the secret.
const REDACTED: [&str; 6] = [
    "src/check/rules/placeholder.md: near-redacted",
    "src/check/rules/redacted_value.md: Wrong",
    "src/check/rules/redacted_value.md: bare-word",
    "src/check/rules/redacted_value.md: copied-get",
    "src/check/rules/redacted_value.md: okta-username",
    "tests/raw/redacted-value/both-forms.yaml",
];

/// The minimum number of documents.
const MIN_DOCUMENTS: usize = 600;

/// Compiled once for all cases.
static SCHEMAS: LazyLock<Schemas> = LazyLock::new(Schemas::new);

struct Schemas {
    validators: Validator,
    types: Validator,
}

/// How the verdicts on a document compare.
#[derive(Debug, PartialEq, Eq)]
enum Verdicts {
    Same,
    /// Only the schema for validators refuses it, and only by `not`.
    Redacted,
    Different(String),
}

impl Schemas {
    fn new() -> Self {
        let definitions = definitions();
        let compile = |schema: &Value| jsonschema::draft7::new(schema).expect("a schema");
        Self {
            validators: compile(&published("payload", &definitions)),
            types: compile(&types::payload(&definitions)),
        }
    }

    fn compare(&self, value: &Value) -> Verdicts {
        let errors: Vec<_> = self.validators.iter_errors(value).collect();
        let by_not = |error: &jsonschema::ValidationError<'_>| {
            let is_redacted = matches!(error.instance().as_str(), Some("<REDACTED>" | "REDACTED"));
            is_redacted && matches!(error.kind(), ValidationErrorKind::Not { .. })
        };
        if errors.is_empty() == self.types.is_valid(value) {
            Verdicts::Same
        } else if !errors.is_empty() && errors.iter().all(by_not) {
            Verdicts::Redacted
        } else {
            Verdicts::Different(format!("{value:#}: {errors:?}"))
        }
    }
}

/// The documents of the rules, fixtures and examples, by name.
fn corpus() -> Vec<(String, Value)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for path in ["src/check/rules", "tests/fixtures", "tests/raw", "examples"]
        .into_iter()
        .flat_map(|folder| files_below(&root.join(folder)))
    {
        // Some fixtures are not UTF-8.
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let name = path.strip_prefix(root).expect("a path of the checkout").display().to_string();
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("json") => read(&name, &text, Syntax::Json, &mut found),
            Some("yaml" | "yml") => read(&name, &text, Syntax::Yaml, &mut found),
            Some("md") if name.starts_with("src") => {
                for case in mdtest::cases(&text) {
                    for block in case.blocks.iter().filter(|block| block.is_document()) {
                        let syntax = if block.language == "json" { Syntax::Json } else { Syntax::Yaml };
                        read(&format!("{name}: {}", case.name), &block.text, syntax, &mut found);
                    }
                }
            }
            _ => {}
        }
    }
    found
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    entries.into_iter().flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

fn read(name: &str, text: &str, syntax: Syntax, found: &mut Vec<(String, Value)>) {
    let documents = Documents::parse(text, Some(syntax), &Limits::default());
    let values = documents
        .iter()
        .filter_map(|document| document.root.as_ref())
        .map(bootshift::document::Node::to_json);
    found.extend(values.map(|value| (name.to_owned(), value)));
}

#[test]
fn both_schemas_of_a_payload_agree_on_the_corpus() {
    let schemas = &*SCHEMAS;
    let corpus = corpus();
    assert!(corpus.len() >= MIN_DOCUMENTS, "{}", corpus.len());
    let mut redacted = Vec::new();
    for (name, value) in &corpus {
        match schemas.compare(value) {
            Verdicts::Same => {}
            Verdicts::Redacted => redacted.push(name.as_str()),
            Verdicts::Different(how) => panic!("{name}: {how}"),
        }
    }
    assert_eq!(redacted, REDACTED);
    let accepted = corpus.iter().filter(|(_, value)| schemas.types.is_valid(value)).count();
    assert!(accepted > corpus.len() / 4 && accepted < corpus.len() * 3 / 4, "{accepted}");
}

/// The pointers to all values.
fn pointers(value: &Value, pointer: &str, found: &mut Vec<String>) {
    found.push(pointer.to_owned());
    for (key, value) in value.as_object().into_iter().flatten() {
        pointers(value, &format!("{pointer}/{key}"), found);
    }
}

/// The value with each value replaced, each key removed, and keys added to each object.
fn mutated(value: &Value) -> Vec<Value> {
    let long = "x".repeat(128);
    let others = [
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(5439),
        json!(65536),
        json!(1.5),
        json!(""),
        json!("okta"),
        json!("userPassword"),
        json!("<REDACTED>"),
        json!(long),
        json!([]),
        json!({}),
        json!({ "enabled": true }),
    ];
    let mut found = Vec::new();
    let mut all = Vec::new();
    pointers(value, "", &mut all);
    for pointer in &all {
        for other in &others {
            let mut changed = value.clone();
            *changed.pointer_mut(pointer).expect("a value") = other.clone();
            found.push(changed);
        }
        let Some(members) = value.pointer(pointer).and_then(Value::as_object) else { continue };
        for key in members.keys() {
            let mut changed = value.clone();
            changed.pointer_mut(pointer).and_then(Value::as_object_mut).expect("an object").remove(key);
            found.push(changed);
        }
        for (key, added) in [
            ("hots", json!("a")),
            ("username", json!("a")),
            ("password", json!("a")),
            ("okta", json!({})),
            ("role", json!("a")),
            ("port", json!(5439)),
        ] {
            let mut changed = value.clone();
            let object = changed.pointer_mut(pointer).and_then(Value::as_object_mut).expect("an object");
            object.entry(key).or_insert(added);
            found.push(changed);
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn both_schemas_of_a_payload_agree_on_generated_payloads(plan in plan(), names in hostile()) {
        let schemas = &*SCHEMAS;
        let names = names.for_plan(&plan);
        let (payload, _) = plan.payloads(&names);
        let valid = payload.to_json();
        prop_assert!(schemas.types.is_valid(&valid), "{valid:#}");
        prop_assert_eq!(schemas.compare(&valid), Verdicts::Same);
        for mutant in mutated(&valid) {
            let verdicts = schemas.compare(&mutant);
            prop_assert!(!matches!(verdicts, Verdicts::Different(_)), "{:?}", verdicts);
        }
    }
}
