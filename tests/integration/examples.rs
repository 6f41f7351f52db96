//! The payloads in `examples/` are valid, and do what their names say.

use std::fs;
use std::path::{Path, PathBuf};

use bootshift::check::{Body, Checked, Options, Severity, check, conflicts};
use bootshift::script::{Flavor, ScriptKind, ScriptOptions, script};

const AUTHENTICATIONS: [&str; 2] = ["user-password", "okta"];
const MODES: [&str; 2] = ["manual", "automatic"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")
}

/// Every payload with its file name, in the order of the names.
fn examples() -> Vec<(String, String)> {
    let mut examples: Vec<_> = fs::read_dir(folder())
        .expect("the folder is there")
        .map(|entry| entry.expect("the entry is readable").path())
        .filter(|path| path.extension().is_some_and(|e| e == "yaml" || e == "json"))
        .map(|path| {
            let name = path.file_name().expect("a file").to_string_lossy().into_owned();
            (name, fs::read_to_string(path).expect("the file is readable"))
        })
        .collect();
    examples.sort();
    examples
}

fn checked() -> Vec<(String, Vec<Checked>)> {
    examples().into_iter().map(|(name, text)| (name, check(&text.into(), &Options::default()))).collect()
}

#[test]
fn every_authentication_and_mode_has_an_example() {
    let names: Vec<_> = examples().into_iter().map(|(name, _)| name).collect();
    for mode in MODES {
        for authentication in AUTHENTICATIONS {
            for end in [".yaml", ".json", "-impersonation.yaml", "-impersonation.json"] {
                let name = format!("{mode}-{authentication}{end}");
                assert!(names.contains(&name), "{name} is missing");
            }
        }
    }
}

#[test]
fn examples_are_valid_and_do_not_conflict() {
    let mut files = checked();
    conflicts(&mut files);
    for (name, documents) in &files {
        for document in documents {
            let errors: Vec<_> =
                document.diagnostics.iter().filter(|d| d.severity == Severity::Error).collect();
            assert!(errors.is_empty(), "{name}: {errors:?}");
            assert!(document.body.is_some(), "{name}");
        }
    }
}

#[test]
fn file_names_describe_the_examples() {
    for (name, documents) in checked() {
        let Some(Body::Payload(payload)) = &documents[0].body else {
            assert!(name.starts_with("delete-"), "{name}");
            continue;
        };
        assert_eq!(payload.auto_bootstrap, name.starts_with("automatic-"), "{name}");
        assert_eq!(payload.authentication.type_name() == "okta", name.contains("-okta"), "{name}");
        assert_eq!(payload.impersonation_group().is_some(), name.contains("-impersonation"), "{name}");
        assert_eq!(payload.same_database(), name.starts_with("existing-database"), "{name}");
    }
}

/// The README uses the example with the literal password, which must work without an environment variable.
#[test]
fn only_one_example_has_a_literal_password() {
    for (name, documents) in checked() {
        let warned = |code| documents[0].diagnostics.iter().any(|d| d.code.as_str() == code);
        assert_eq!(warned("plaintext-secret"), name == "manual-user-password.yaml", "{name}");
        assert!(!warned("weak-password"), "{name}");
    }
}

#[test]
fn manual_examples_result_in_scripts() {
    for (name, documents) in checked() {
        let Some(Body::Payload(payload)) = &documents[0].body else { continue };
        if payload.auto_bootstrap {
            continue;
        }
        let env = |variable: &str| {
            assert_eq!(variable, "REDSHIFT_PASSWORD", "{name}");
            (name != "manual-user-password.yaml").then(|| "Example-Passw0rd".to_owned())
        };
        for kind in [ScriptKind::InitialCreate, ScriptKind::Create, ScriptKind::Delete, ScriptKind::Cleanup] {
            let script = script(kind, payload, None, &ScriptOptions::default(), &env);
            let files = script.expect("the payload is valid").render(Flavor::Plain);
            assert!(files.iter().any(|file| file.text.contains("immuta")), "{name}");
        }
    }
}

/// The entry follows <https://json.schemastore.org/schema-catalog.json>, and the rule of SchemaStore that the patterns must
/// not match files of other programs.
#[test]
fn schemastore_entry_is_valid() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("schema/catalog.json")).expect("the catalog");
    let catalog: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let keys = |value: &serde_json::Value| -> Vec<String> {
        value.as_object().expect("an object").keys().cloned().collect()
    };
    assert_eq!(keys(&catalog), ["$schema", "version", "schemas"]);
    assert_eq!(catalog["$schema"], "https://json.schemastore.org/schema-catalog.json");
    assert_eq!(catalog["version"], 1);
    let entries = catalog["schemas"].as_array().expect("entries");
    assert_eq!(entries.len(), 1);
    let entry = &entries[0];
    assert_eq!(keys(entry), ["name", "description", "fileMatch", "url"]);
    let text = |key: &str| entry[key].as_str().expect("a text");
    // SchemaStore shows the name in lists, and does not allow "schema" in it.
    assert!(!text("name").to_lowercase().contains("schema") && text("description").len() < 150);
    let host =
        env!("CARGO_PKG_REPOSITORY").replace("https://github.com", "https://raw.githubusercontent.com");
    let path = text("url").strip_prefix(&format!("{host}/main/")).expect("a file of the repository");
    let schema = fs::read_to_string(root.join(path)).expect("the schema is there");
    let schema: serde_json::Value = serde_json::from_str(&schema).expect("JSON");
    assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
    let mut patterns: Vec<&str> = entry["fileMatch"]
        .as_array()
        .expect("patterns")
        .iter()
        .filter_map(serde_json::Value::as_str)
        .collect();
    let all = patterns.len();
    patterns.sort_unstable();
    patterns.dedup();
    assert_eq!(patterns.len(), all, "{patterns:?}");
    for pattern in patterns {
        assert!(
            pattern.contains("bootshift") || pattern.contains("immuta"),
            "{pattern} would match the files of other programs"
        );
        assert!(pattern.starts_with("**/") || !pattern.contains('/'), "{pattern}");
        let (_, extension) = pattern.rsplit_once('.').expect("an extension");
        assert!(["yaml", "yml", "json"].contains(&extension), "{pattern}");
    }
}
