//! What cargo-deny does not check: lock files of npm, and that all crates forbid `unsafe`.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The folders of what we publish that have a lock file of npm.
const NPM: [&str; 2] = ["pkg", "www"];

/// Licenses of npm packages that only build, test or measure, in addition to those that `deny.toml` allows.
const TOOLS: [&str; 5] = ["0BSD", "BSD-2-Clause", "BlueOak-1.0.0", "CC-BY-4.0", "MPL-2.0"];

fn read(path: impl AsRef<Path>) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What is wrong in a lock file: each package has a license that fits its use and a hash, and no address, which would bind
/// the lock file to one registry.
fn problems(lock: &str, allowed: &[&str]) -> Vec<String> {
    let lock: Value = serde_json::from_str(lock).expect("JSON");
    let mut problems = Vec::new();
    for (path, package) in lock["packages"].as_object().expect("packages") {
        // The folder itself, or a link to another folder of this checkout.
        if !path.contains("node_modules/") || package["link"] == true {
            continue;
        }
        let license = package["license"].as_str().unwrap_or_default();
        let is_tool = package["dev"] == true;
        let fits = |one: &str| {
            let one = one.trim_matches(['(', ')']);
            allowed.contains(&one) || (is_tool && TOOLS.contains(&one))
        };
        if !license.split(" OR ").any(|choice| choice.split(" AND ").all(fits)) {
            let used = if is_tool { "" } else { " and becomes part of the page" };
            problems.push(format!("{path} is under {license:?}{used}"));
        }
        if !package["integrity"].as_str().is_some_and(|hash| hash.starts_with("sha512-")) {
            problems.push(format!("{path} has no hash"));
        }
        if !package["resolved"].is_null() {
            problems.push(format!("{path} has an address"));
        }
    }
    problems
}

#[test]
fn npm_packages_have_permitted_licenses_and_hashes() {
    let deny = read("deny.toml");
    let (_, list) = deny.split_once("\nallow = [").expect("licenses");
    let allowed: Vec<&str> = list.split(']').next().expect("a list").split('"').skip(1).step_by(2).collect();
    assert!(allowed.contains(&"MIT"), "{allowed:?}");
    for folder in NPM {
        let problems = problems(&read(format!("{folder}/package-lock.json")), &allowed);
        assert!(problems.is_empty(), "{folder}: {problems:#?}");
    }
}

#[test]
fn all_crates_forbid_unsafe_code() {
    assert!(read("Cargo.toml").contains("\n[workspace.lints.rust]\nunsafe_code = \"forbid\"\n"));
    let crates = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates")).expect("the crates");
    let crates = crates.map(|entry| entry.expect("a folder").path());
    for folder in crates.chain([PathBuf::from("."), PathBuf::from("xtask")]) {
        assert!(
            read(folder.join("Cargo.toml")).contains("\n[lints]\nworkspace = true\n"),
            "{}",
            folder.display()
        );
    }
}

#[test]
fn published_npm_packages_have_stricter_licenses_than_tools() {
    let lock = r#"{"packages": {
        "": {"license": "Proprietary"},
        "../pkg": {"license": "MIT"},
        "node_modules/link": {"resolved": "../pkg", "link": true},
        "node_modules/tool": {"license": "(GPL-3.0-only OR MPL-2.0)", "integrity": "sha512-x", "dev": true},
        "node_modules/part": {"license": "MPL-2.0", "integrity": "sha512-x"},
        "node_modules/both": {"license": "MIT AND GPL-3.0-only", "integrity": "sha512-x"},
        "node_modules/bare": {"license": "MIT", "resolved": "there"}
    }}"#;
    assert_eq!(
        problems(lock, &["MIT"]),
        [
            "node_modules/part is under \"MPL-2.0\" and becomes part of the page",
            "node_modules/both is under \"MIT AND GPL-3.0-only\" and becomes part of the page",
            "node_modules/bare has no hash",
            "node_modules/bare has an address"
        ]
    );
}
