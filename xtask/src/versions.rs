//! `cargo xtask versions`: every file that names the version of Bootshift names the same.

use std::path::Path;

use crate::Outcome;
use crate::command::Error;
use crate::supply::{metadata, packages, read, text};

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

/// How a version is named in what users copy, each with what ends it.
const NAMED: [&str; 4] = ["bootshift@COMMIT # v", "bootshift@", "bootshift==", "rev: v"];

/// The files that users copy from.
const COPIED: [&str; 6] = [
    "README.md",
    "book/src/ci.md",
    "book/src/pre-commit.md",
    "xtask/packaging/pre-commit-mirror/README.md",
    "xtask/packaging/pre-commit-mirror/pyproject.toml",
    "xtask/packaging/pypi.md",
];

/// Compares the files with `Cargo.toml`, and a tag such as `v0.1.0`.
pub(crate) fn run(root: &Path, tag: Option<&str>) -> Result<Outcome, Error> {
    let metadata = metadata(root)?;
    let ours = packages(&metadata).iter().find(|package| package["name"] == "bootshift");
    let version = ours.map(|package| text(package, "version")).ok_or("Cargo knows no bootshift")?;
    let mut findings = Vec::new();
    if let Some(tag) = tag {
        if tag.strip_prefix('v') != Some(version) {
            findings.push(format!("the tag is {tag}, and Cargo.toml has {version}"));
        }
        if read(root, "CHANGELOG.md")?.contains(&format!("[Unreleased]: {version}")) {
            findings.push("CHANGELOG.md calls the version unreleased".to_owned());
        }
    }
    for (file, wanted) in PLACES {
        let wanted = wanted.replace("VERSION", version);
        if !read(root, file)?.contains(&wanted) {
            findings.push(format!("{file} is missing {:?}", wanted.trim_end()));
        }
    }
    for file in COPIED {
        for other in named(&read(root, file)?).filter(|other| *other != version) {
            findings.push(format!("{file} names {other}, and Cargo.toml has {version}"));
        }
    }
    for finding in &findings {
        eprintln!("error: {finding}");
    }
    if findings.is_empty() {
        println!("{version} everywhere");
    }
    Ok(if findings.is_empty() { Outcome::Green } else { Outcome::Red })
}

/// The versions of Bootshift that a text names.
fn named(text: &str) -> impl Iterator<Item = &str> {
    NAMED.into_iter().flat_map(move |before| {
        text.match_indices(before).filter_map(move |(at, _)| {
            let rest = &text[at + before.len()..];
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '.').unwrap_or(rest.len());
            let version = rest[..end].trim_end_matches('.');
            version.starts_with(|c: char| c.is_ascii_digit()).then_some(version)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_in_a_text_are_found() {
        let text = "bootshift@0.1.0\", bootshift/bootshift@COMMIT # v0.2.0\n rev: v0.3.0\npipx install bootshift==0.4.0.";
        let mut found: Vec<_> = named(text).collect();
        found.sort_unstable();
        assert_eq!(found, ["0.1.0", "0.2.0", "0.3.0", "0.4.0"]);
        assert_eq!(named("actions/checkout@v7, bootshift@latest").count(), 0);
    }
}
