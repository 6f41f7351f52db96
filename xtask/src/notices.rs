//! The licenses of crates that what we give away has to carry, for parts of their code are compiled into it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::command::{Error, at, cargo, output, read};

/// How the names of files with licenses begin.
const NAMES: [&str; 5] = ["COPYING", "LICENCE", "LICENSE", "NOTICE", "UNLICENSE"];

/// Rust's library is in everything, and no package of Cargo's.
const LIBRARY: &str = "the standard library of Rust, The Rust Project contributors (MIT OR Apache-2.0)";

/// Texts, each with those who give it.
pub(crate) struct Notices {
    /// The terms of MIT, for those who name the license and leave its text out.
    mit: String,
    texts: BTreeMap<String, BTreeSet<String>>,
}

impl Notices {
    /// Those of the crates that `cargo tree` finds with these arguments.
    pub(crate) fn of_crates(root: &Path, selection: &[&str]) -> Result<Self, Error> {
        let ours = read(root, "LICENSE-MIT")?;
        // After the title and the copyright.
        let mit = tidy(ours.splitn(3, "\n\n").nth(2).ok_or("LICENSE-MIT has no terms")?);
        let texts = BTreeMap::from([(mit.clone(), BTreeSet::from([LIBRARY.to_owned()]))]);
        let mut notices = Self { mit, texts };

        let mut tree = cargo(root, "tree --locked --package bootshift --prefix none");
        tree.args(["--edges", "normal,no-proc-macro", "--format", "{p}"]).args(selection);
        let tree = output(&mut tree).ok_or("`cargo tree` failed")?;
        // `name v1.2.3`, and perhaps more.
        let wanted: BTreeSet<String> =
            tree.lines().map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect();
        let metadata = output(&mut cargo(root, "metadata --format-version 1 --locked --all-features"));
        let metadata: Option<Value> = metadata.and_then(|json| serde_json::from_str(&json).ok());
        let metadata = metadata.ok_or("`cargo metadata --locked` failed; is Cargo.lock up to date?")?;
        for package in metadata["packages"].as_array().into_iter().flatten() {
            let (name, version) = (text(package, "name"), text(package, "version"));
            if wanted.contains(&format!("{name} v{version}")) && !package["source"].is_null() {
                let folder = Path::new(text(package, "manifest_path")).parent().unwrap_or(root);
                notices.add(&format!("{name} {version}"), text(package, "license"), folder)?;
            }
        }
        Ok(notices)
    }

    fn add(&mut self, name: &str, license: &str, folder: &Path) -> Result<(), Error> {
        let mut files = Vec::new();
        for entry in fs::read_dir(folder).map_err(at(folder))? {
            let path = entry.map_err(at(folder))?.path();
            let file = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
            if path.is_file() && NAMES.iter().any(|begin| file.starts_with(begin)) {
                files.push((file, fs::read_to_string(&path).map_err(at(&path))?));
            }
        }
        // Where MIT is one of several to choose from, it alone, which is the shortest. Some crates have `/` for OR.
        if !license.contains("AND") && license.split([' ', '/']).any(|one| one == "MIT") {
            if files.iter().any(|(file, _)| file.contains("MIT")) {
                files.retain(|(file, _)| file.contains("MIT") || file.starts_with("NOTICE"));
            } else if files.is_empty() {
                files.push((String::new(), self.mit.clone()));
            }
        }
        if files.is_empty() {
            return Err(format!("{name} is under {license} and comes without its text"));
        }
        for (_, text) in files {
            self.texts.entry(tidy(&text)).or_default().insert(format!("{name} ({license})"));
        }
        Ok(())
    }

    /// Writes them into a folder, each text once.
    pub(crate) fn write(&self, folder: &Path) -> Result<(), Error> {
        let begin = "Parts of the following are compiled into Bootshift, under licenses of their own.\n";
        let by_name: BTreeSet<_> = self.texts.iter().map(|(text, names)| (names, text)).collect();
        let parts = by_name.into_iter().map(|(names, text)| {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            format!("\n{}\n\n{}\n\n{text}\n", "=".repeat(80), names.join("\n"))
        });
        let file = [begin.to_owned()].into_iter().chain(parts).collect::<String>();
        let path = folder.join("licenses.txt");
        fs::write(&path, file).map_err(at(&path))
    }
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

/// The same for texts that differ in line ends and trailing blanks alone.
fn tidy(text: &str) -> String {
    let lines: Vec<_> = text.trim_start_matches('\u{feff}').lines().map(str::trim_end).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}
