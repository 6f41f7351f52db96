//! Part of `cargo xtask lint`: where crates and npm packages come from, under which license, and for which Rust; and that
//! no crate of ours may contain `unsafe`. `just deny` checks more, but its tool compiles for minutes.

use std::fs;
use std::path::Path;

use serde_json::Value;
use spdx::{Expression, ParseMode};

use crate::Outcome;
use crate::command::{Error, cargo, output};

/// The one source of crates.
const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// The folders of what we publish that have a lock file of npm.
const NPM: [&str; 2] = ["pkg", "www"];

/// Licenses of npm packages that only build, test or measure, in addition to those that `deny.toml` allows.
const TOOLS: [&str; 5] = ["0BSD", "BSD-2-Clause", "BlueOak-1.0.0", "CC-BY-4.0", "MPL-2.0"];

/// Prints each problem on a line.
pub(crate) fn run(root: &Path) -> Result<Outcome, Error> {
    eprintln!("\n==> licenses, sources, Rust versions, unsafe code");
    let problems = problems(root)?;
    for problem in &problems {
        eprintln!("error: {problem}");
    }
    Ok(Outcome::from(problems.is_empty()))
}

fn problems(root: &Path) -> Result<Vec<String>, Error> {
    let deny = toml(&root.join("deny.toml"))?;
    let allowed: Vec<&str> =
        deny["licenses"]["allow"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let workspace = toml(&root.join("Cargo.toml"))?;
    let rust = text(&workspace["workspace"]["package"], "rust-version");
    let mut problems = Vec::new();
    if workspace["workspace"]["lints"]["rust"]["unsafe_code"] != "forbid" {
        problems.push("Cargo.toml does not forbid unsafe code".to_owned());
    }
    for package in packages(&metadata(root)?) {
        let name = format!("{} {}", text(package, "name"), text(package, "version"));
        match package["source"].as_str() {
            Some(CRATES_IO) => {}
            Some(source) => problems.push(format!("{name} does not come from crates.io, but from {source}")),
            None if toml(Path::new(text(package, "manifest_path")))?["lints"]["workspace"] == true => {}
            None => problems.push(format!("{name} does not use the lints of the workspace")),
        }
        let license = text(package, "license");
        if !permitted(license, |one| allowed.contains(&one)) {
            problems.push(format!("{name} is under {license:?}, which deny.toml does not allow"));
        }
        if let Some(needed) = package["rust_version"].as_str()
            && version(needed) > version(rust)
        {
            problems.push(format!("{name} needs Rust {needed}, Bootshift promises {rust}"));
        }
    }
    for folder in NPM {
        let name = format!("{folder}/package-lock.json");
        let lock = serde_json::from_str(&read(root, &name)?).map_err(|error| format!("{name}: {error}"))?;
        problems.extend(npm_problems(&lock, &allowed).iter().map(|problem| format!("{name}: {problem}")));
    }
    Ok(problems)
}

/// What Cargo knows of the workspace and of all that it may depend on, on any platform.
pub(crate) fn metadata(root: &Path) -> Result<Value, Error> {
    let mut command = cargo(root, "metadata --format-version 1 --locked --all-features");
    let json = output(&mut command).ok_or("`cargo metadata --locked` failed; is Cargo.lock up to date?")?;
    serde_json::from_str(&json).map_err(|error| format!("cargo metadata: {error}"))
}

pub(crate) fn packages(metadata: &Value) -> &[Value] {
    metadata["packages"].as_array().map_or(&[], Vec::as_slice)
}

/// What is wrong in a lock file of npm: each package has a license that fits its use and a hash, and no address, which
/// would bind the lock file to one registry.
fn npm_problems(lock: &Value, allowed: &[&str]) -> Vec<String> {
    let mut problems = Vec::new();
    for (path, package) in lock["packages"].as_object().into_iter().flatten() {
        // The folder itself, or a link to another folder of this checkout.
        if !path.contains("node_modules/") || package["link"] == true {
            continue;
        }
        let license = text(package, "license");
        let is_tool = package["dev"] == true;
        if !permitted(license, |one| allowed.contains(&one) || (is_tool && TOOLS.contains(&one))) {
            let used = if is_tool { "" } else { " and becomes part of the page" };
            problems.push(format!("{path} is under {license:?}{used}"));
        }
        if !text(package, "integrity").starts_with("sha512-") {
            problems.push(format!("{path} has no hash"));
        }
        if !package["resolved"].is_null() {
            problems.push(format!("{path} has an address"));
        }
    }
    problems
}

/// Whether a license expression leaves a choice of licenses that all fit. An exception only adds to what its license
/// permits.
pub(crate) fn permitted(expression: &str, fits: impl Fn(&str) -> bool) -> bool {
    // Some crates have `/` for OR.
    Expression::parse_mode(expression, ParseMode::LAX)
        .is_ok_and(|expression| expression.evaluate(|one| one.license.id().is_some_and(|id| fits(id.name))))
}

/// `1.88` and `1.88.0` are the same.
fn version(text: &str) -> [u64; 3] {
    let mut numbers = text.split('.').map(|part| part.parse().unwrap_or(u64::MAX));
    std::array::from_fn(|_| numbers.next().unwrap_or(0))
}

fn toml(path: &Path) -> Result<Value, Error> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
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
    fn license_expression_needs_an_allowed_choice() {
        let fits = |one: &str| ["MIT", "Apache-2.0", "Unicode-3.0"].contains(&one);
        for fine in ["MIT", "MIT/GPL-3.0-only", "(MIT OR GPL-3.0-only) AND Unicode-3.0"] {
            assert!(permitted(fine, fits), "{fine}");
        }
        for wrong in ["", "GPL-3.0-only", "MIT AND GPL-3.0-only", "MIT OR", "LicenseRef-MIT"] {
            assert!(!permitted(wrong, fits), "{wrong}");
        }
    }

    #[test]
    fn rust_versions_are_compared_by_number() {
        assert!(version("1.9") < version("1.88"));
        assert_eq!(version("1.88"), version("1.88.0"));
        assert!(version("1.88.1") > version("1.88"));
    }

    #[test]
    fn published_npm_packages_have_stricter_licenses_than_tools() {
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
            npm_problems(&lock, &["MIT"]),
            [
                "node_modules/part is under \"MPL-2.0\" and becomes part of the page",
                "node_modules/bare has no hash",
                "node_modules/bare has an address"
            ]
        );
    }
}
