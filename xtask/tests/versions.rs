//! All files that name the version of Bootshift name the same. `just versions v0.1.0` also compares a tag, which the
//! environment names.

use std::env;
use std::fs;
use std::path::Path;

/// Texts that files must contain; `VERSION` is replaced with the version.
const PLACES: [(&str, &str); 8] = [
    ("pkg/package.json", "\"version\": \"VERSION\""),
    ("pkg/package-lock.json", "\"version\": \"VERSION\""),
    ("action.yml", "default: VERSION\n"),
    ("book/src/ci.md", "bootshift/bootshift@COMMIT # vVERSION\n"),
    ("book/src/pre-commit.md", "rev: vVERSION\n"),
    ("xtask/packaging/pre-commit-mirror/README.md", "rev: vVERSION\n"),
    ("xtask/packaging/pre-commit-mirror/pyproject.toml", "\"bootshift==VERSION\""),
    ("CHANGELOG.md", "VERSION\n"),
];

/// How a version is named in what users copy: the text before it.
const PREFIXES: [&str; 4] = ["bootshift@COMMIT # v", "bootshift@", "bootshift==", "rev: v"];

/// The files that users copy from.
const COPIED: [&str; 6] = [
    "README.md",
    "book/src/ci.md",
    "book/src/pre-commit.md",
    "xtask/packaging/pre-commit-mirror/README.md",
    "xtask/packaging/pre-commit-mirror/pyproject.toml",
    "xtask/packaging/pypi.md",
];

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The version in `Cargo.toml`.
fn version() -> String {
    let manifest = read("Cargo.toml");
    let version = manifest.lines().find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"'));
    version.expect("a version").to_owned()
}

/// The versions of Bootshift in a text.
fn named(text: &str) -> Vec<&str> {
    let after = PREFIXES.iter().flat_map(|prefix| text.split(prefix).skip(1));
    after
        .filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        .filter_map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '.').next())
        .map(|version| version.trim_end_matches('.'))
        .collect()
}

#[test]
fn all_files_name_the_version_of_the_crate() {
    let version = version();
    let places = PLACES.map(|(file, text)| (file, text.replace("VERSION", &version)));
    let missing = places
        .iter()
        .filter(|(file, text)| !read(file).contains(text))
        .map(|(file, text)| format!("{file} is missing {text:?}"));
    let others = COPIED.iter().flat_map(|file| {
        let text = read(file);
        let others = named(&text).into_iter().filter(|other| *other != version);
        others.map(|other| format!("{file} names {other}")).collect::<Vec<_>>()
    });
    let findings: Vec<String> = missing.chain(others).collect();
    assert!(findings.is_empty(), "the version is {version}:\n{}", findings.join("\n"));
}

#[test]
fn tag_is_the_version_of_the_crate() {
    let Ok(tag) = env::var("BOOTSHIFT_TAG") else { return };
    if tag.is_empty() {
        return;
    }
    let version = version();
    assert_eq!(tag, format!("v{version}"));
    assert!(!read("CHANGELOG.md").contains(&format!("[Unreleased]: {version}")), "CHANGELOG.md has no date");
}

#[test]
fn versions_in_a_text_are_found() {
    let text = "bootshift@0.1.0\", bootshift/bootshift@COMMIT # v0.2.0\n rev: v0.3.0\npipx install bootshift==0.4.0.";
    let mut found = named(text);
    found.sort_unstable();
    assert_eq!(found, ["0.1.0", "0.2.0", "0.3.0", "0.4.0"]);
    assert!(named("actions/checkout@v7, bootshift@latest").is_empty());
}
