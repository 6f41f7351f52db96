//! What the project is made of, according to the lock files and manifests: where it comes from, under which
//! licence, for which Rust, and that no crate of ours contains `unsafe`. Part of `cargo xtask lint`, for it needs no
//! program but Cargo.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::Outcome;
use crate::command::{Error, cargo, output};

/// The one source of crates.
const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// The folders of what we give away that have a lock file of npm.
const NPM: [&str; 2] = ["pkg", "www"];

/// Licences of npm packages that only build, test or measure, beside those that `deny.toml` allows.
const TOOLS: [&str; 5] = ["0BSD", "BSD-2-Clause", "BlueOak-1.0.0", "CC-BY-4.0", "MPL-2.0"];

/// Says what is wrong, each on a line.
pub(crate) fn run(root: &Path) -> Result<Outcome, Error> {
    eprintln!("\n==> licences, sources, Rust versions, unsafe code");
    let findings = findings(root)?;
    for finding in &findings {
        eprintln!("error: {finding}");
    }
    Ok(if findings.is_empty() { Outcome::Green } else { Outcome::Red })
}

fn findings(root: &Path) -> Result<Vec<String>, Error> {
    let config = read(root, "deny.toml")?;
    let allowed = allowed(&config);
    let mut findings = Vec::new();
    if !lints(&read(root, "Cargo.toml")?, "workspace.lints.rust").contains(&"unsafe_code = \"forbid\"") {
        findings.push("Cargo.toml does not forbid unsafe code".to_owned());
    }
    let metadata = metadata(root)?;
    let rust = rust_version(&metadata)?;
    for package in packages(&metadata) {
        let name = format!("{} {}", text(package, "name"), text(package, "version"));
        match package["source"].as_str() {
            Some(CRATES_IO) => {}
            Some(source) => findings.push(format!("{name} does not come from crates.io, but from {source}")),
            None => {
                let manifest = text(package, "manifest_path");
                let manifest =
                    fs::read_to_string(manifest).map_err(|error| format!("{manifest}: {error}"))?;
                if !lints(&manifest, "lints").contains(&"workspace = true") {
                    findings.push(format!("{name} does not take the lints of the workspace"));
                }
            }
        }
        let license = text(package, "license");
        if !permitted(license, &|one| allowed.contains(&one)) {
            findings.push(format!("{name} is under {license:?}, which deny.toml does not allow"));
        }
        if let Some(needed) = package["rust_version"].as_str()
            && version(needed) > version(&rust)
        {
            findings.push(format!("{name} needs Rust {needed}, Bootshift promises {rust}"));
        }
    }
    for folder in NPM {
        let name = format!("{folder}/package-lock.json");
        let lock = serde_json::from_str(&read(root, &name)?).map_err(|error| format!("{name}: {error}"))?;
        findings
            .extend(npm_findings(&lock, &allowed).into_iter().map(|finding| format!("{name}: {finding}")));
    }
    Ok(findings)
}

/// What Cargo knows of the workspace and of all that it may depend on, on whatever platform.
pub(crate) fn metadata(root: &Path) -> Result<Value, Error> {
    let mut command = cargo(root, &["metadata", "--format-version", "1", "--locked", "--all-features"]);
    let json = output(&mut command).ok_or("`cargo metadata --locked` failed; is Cargo.lock up to date?")?;
    serde_json::from_str(&json).map_err(|error| format!("cargo metadata: {error}"))
}

/// The oldest Rust that the workspace promises to compile with.
pub(crate) fn rust_version(metadata: &Value) -> Result<String, Error> {
    let ours = packages(metadata).iter().find(|package| package["name"] == "bootshift");
    let version = ours.and_then(|package| package["rust_version"].as_str());
    version.map(str::to_owned).ok_or_else(|| "Cargo.toml states no rust-version".to_owned())
}

pub(crate) fn packages(metadata: &Value) -> &[Value] {
    metadata["packages"].as_array().map_or(&[], Vec::as_slice)
}

/// What is wrong in a lock file of npm: each package has a licence that fits its use and a hash, and no address, which
/// would bind the lock file to one registry.
fn npm_findings(lock: &Value, allowed: &[&str]) -> Vec<String> {
    let mut findings = Vec::new();
    for (path, package) in lock["packages"].as_object().into_iter().flatten() {
        // The folder itself, or a link to another folder of this checkout.
        if !path.contains("node_modules/") || package["link"] == true {
            continue;
        }
        let license = text(package, "license");
        let for_tools = package["dev"] == true;
        let fits = |one: &str| allowed.contains(&one) || (for_tools && TOOLS.contains(&one));
        if !permitted(license, &fits) {
            let used = if for_tools { "" } else { " and becomes part of the page" };
            findings.push(format!("{path} is under {license:?}{used}"));
        }
        if !text(package, "integrity").starts_with("sha512-") {
            findings.push(format!("{path} has no hash"));
        }
        if !package["resolved"].is_null() {
            findings.push(format!("{path} has an address"));
        }
    }
    findings
}

/// The lines of a table of a manifest.
fn lints<'t>(manifest: &'t str, table: &str) -> Vec<&'t str> {
    let header = format!("[{table}]");
    let lines = manifest.lines().map(str::trim).skip_while(|line| **line != header).skip(1);
    lines.take_while(|line| !line.starts_with('[')).collect()
}

/// The licences that `deny.toml` allows.
fn allowed(config: &str) -> Vec<&str> {
    let list = config.split_once("\nallow = [").and_then(|(_, rest)| Some(rest.split_once(']')?.0));
    list.unwrap_or_default().split('"').skip(1).step_by(2).collect()
}

/// Whether the licence expression leaves a choice of licences that all fit. An exception only adds to what its
/// licence permits.
pub(crate) fn permitted(expression: &str, fits: &impl Fn(&str) -> bool) -> bool {
    // The old way to write OR.
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    let fine = any(&mut words, fits);
    fine == Some(true) && words.next().is_none()
}

type Words<'w> = std::iter::Peekable<std::str::SplitWhitespace<'w>>;

fn any(words: &mut Words<'_>, fits: &impl Fn(&str) -> bool) -> Option<bool> {
    let mut fine = all(words, fits)?;
    while words.next_if_eq(&"OR").is_some() {
        fine |= all(words, fits)?;
    }
    Some(fine)
}

fn all(words: &mut Words<'_>, fits: &impl Fn(&str) -> bool) -> Option<bool> {
    let mut fine = one(words, fits)?;
    while words.next_if_eq(&"AND").is_some() {
        fine &= one(words, fits)?;
    }
    Some(fine)
}

fn one(words: &mut Words<'_>, fits: &impl Fn(&str) -> bool) -> Option<bool> {
    let word = words.next()?;
    if word == "(" {
        let fine = any(words, fits)?;
        return (words.next()? == ")").then_some(fine);
    }
    if words.next_if_eq(&"WITH").is_some() {
        words.next()?;
    }
    Some(fits(word))
}

/// `1.88` and `1.88.0` are the same.
fn version(text: &str) -> [u64; 3] {
    let mut numbers = text.split('.').map(|part| part.parse().unwrap_or(u64::MAX));
    std::array::from_fn(|_| numbers.next().unwrap_or(0))
}

pub(crate) fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

pub(crate) fn read(root: &Path, name: &str) -> Result<String, Error> {
    fs::read_to_string(root.join(name)).map_err(|error| format!("{name}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licence_expression_needs_an_allowed_choice() {
        let fits = |one: &str| ["MIT", "Apache-2.0", "Unicode-3.0"].contains(&one);
        for fine in [
            "MIT",
            "GPL-3.0-only OR MIT",
            "MIT/GPL-3.0-only",
            "(MIT OR GPL-3.0-only) AND Unicode-3.0",
            "MIT AND Apache-2.0 OR GPL-3.0-only",
            "Apache-2.0 WITH LLVM-exception",
        ] {
            assert!(permitted(fine, &fits), "{fine}");
        }
        for wrong in [
            "",
            "GPL-3.0-only",
            "MIT AND GPL-3.0-only",
            "GPL-3.0-only AND (MIT OR Apache-2.0)",
            "GPL-2.0-only WITH Classpath-exception-2.0",
            "MIT OR",
            "(MIT",
            "MIT MIT",
        ] {
            assert!(!permitted(wrong, &fits), "{wrong}");
        }
    }

    #[test]
    fn allowed_licences_are_read_from_the_configuration() {
        let config =
            "[licenses]\n# allow = [\"X\"]\nallow = [\n    \"MIT\",\n    \"ISC\",\n]\nother = [\"Y\"]\n";
        assert_eq!(allowed(config), ["MIT", "ISC"]);
    }

    #[test]
    fn rust_versions_are_compared_by_number() {
        assert!(version("1.9") < version("1.88"));
        assert_eq!(version("1.88"), version("1.88.0"));
        assert!(version("1.88.1") > version("1.88"));
    }

    #[test]
    fn shipped_npm_packages_have_stricter_licences_than_tools() {
        let lock: Value = serde_json::from_str(
            r#"{"packages": {
                "": {"license": "Proprietary"},
                "../pkg": {"license": "MIT"},
                "node_modules/link": {"resolved": "../pkg", "link": true},
                "node_modules/tool": {"license": "MPL-2.0", "integrity": "sha512-x", "dev": true},
                "node_modules/part": {"license": "MPL-2.0", "integrity": "sha512-x"},
                "node_modules/bare": {"license": "MIT", "resolved": "there"}
            }}"#,
        )
        .expect("JSON");
        assert_eq!(
            npm_findings(&lock, &["MIT"]),
            [
                "node_modules/part is under \"MPL-2.0\" and becomes part of the page",
                "node_modules/bare has no hash",
                "node_modules/bare has an address"
            ]
        );
    }

    #[test]
    fn lint_table_is_found_by_name() {
        let manifest = "[workspace.lints.rust]\nunsafe_code = \"forbid\"\n\n[lints]\nworkspace = true\n";
        assert_eq!(lints(manifest, "lints"), ["workspace = true"]);
        assert!(lints(manifest, "workspace.lints.rust").contains(&"unsafe_code = \"forbid\""));
        assert!(lints(manifest, "workspace.lints.clippy").is_empty());
    }
}
