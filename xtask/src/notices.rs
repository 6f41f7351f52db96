//! The licences of others that what we give away has to carry, for parts of their code are compiled into it.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::command::{Error, cargo, output};
use crate::supply::{metadata, packages, permitted, read, text};

/// The name of the file.
const FILE: &str = "licenses.txt";

/// How the names of files with licences begin.
const NAMES: [&str; 5] = ["COPYING", "LICENCE", "LICENSE", "NOTICE", "UNLICENSE"];

/// Rust's library is in everything, and no package of Cargo's.
const LIBRARY: &str = "the standard library of Rust, The Rust Project contributors (MIT OR Apache-2.0)";

/// Texts, each with those who give it.
#[derive(Default)]
pub(crate) struct Notices(BTreeMap<String, BTreeSet<String>>);

impl Notices {
    /// Those of the crates that `cargo tree` finds with these arguments.
    pub(crate) fn of_crates(root: &Path, selection: &[impl AsRef<OsStr>]) -> Result<Self, Error> {
        let mut tree = cargo(root, "tree --locked --package bootshift --prefix none");
        tree.args(["--edges", "normal,no-proc-macro", "--format", "{p}"]).args(selection);
        let tree = output(&mut tree).ok_or("`cargo tree` failed")?;
        // `name v1.2.3`, and perhaps more.
        let wanted: BTreeSet<_> = tree.lines().filter_map(|line| line.split_once(" v")).collect();
        let metadata = metadata(root)?;
        let mut notices = Self::default();
        notices.0.entry(mit(root)?).or_default().insert(LIBRARY.to_owned());
        for package in packages(&metadata).iter().filter(|package| !package["source"].is_null()) {
            let (name, version) = (text(package, "name"), text(package, "version"));
            let is_wanted = wanted
                .iter()
                .any(|(wanted, rest)| *wanted == name && rest.split(' ').next() == Some(version));
            if is_wanted {
                let folder = Path::new(text(package, "manifest_path")).parent().unwrap_or(root);
                notices.add(root, &format!("{name} {version}"), text(package, "license"), folder)?;
            }
        }
        Ok(notices)
    }

    /// Adds those of the npm packages that become part of the page.
    pub(crate) fn add_page(&mut self, root: &Path) -> Result<(), Error> {
        let lock: Value = serde_json::from_str(&read(root, "www/package-lock.json")?)
            .map_err(|error| format!("www/package-lock.json: {error}"))?;
        for (path, package) in lock["packages"].as_object().into_iter().flatten() {
            if let Some((_, name)) = path.rsplit_once("node_modules/")
                && path.starts_with("node_modules/")
                && package["dev"] != true
                && package["link"] != true
            {
                let name = format!("{name} {}", text(package, "version"));
                self.add(root, &name, text(package, "license"), &root.join("www").join(path))?;
            }
        }
        Ok(())
    }

    fn add(&mut self, root: &Path, name: &str, license: &str, folder: &Path) -> Result<(), Error> {
        let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
        let mut files = Vec::new();
        for entry in fs::read_dir(folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let file = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
            if path.is_file() && NAMES.iter().any(|begin| file.starts_with(begin)) {
                files.push((file, fs::read_to_string(&path).map_err(failed)?));
            }
        }
        // Where MIT is one of several to choose from, it alone, which is the shortest.
        if permitted(license, |one| one == "MIT") {
            if files.iter().any(|(file, _)| file.contains("MIT")) {
                files.retain(|(file, _)| file.contains("MIT") || file.starts_with("NOTICE"));
            } else if files.is_empty() {
                files.push((String::new(), mit(root)?));
            }
        }
        if files.is_empty() {
            return Err(format!("{name} is under {license} and comes without its text"));
        }
        for (_, text) in files {
            self.0.entry(tidy(&text)).or_default().insert(format!("{name} ({license})"));
        }
        Ok(())
    }

    /// Writes them into a folder.
    pub(crate) fn write(&self, folder: &Path) -> Result<(), Error> {
        let path = folder.join(FILE);
        fs::write(&path, self.text()).map_err(|error| format!("{}: {error}", path.display()))
    }

    fn text(&self) -> String {
        let mut by_name: Vec<_> = self.0.iter().map(|(text, names)| (names, text)).collect();
        by_name.sort_unstable();
        let mut lines = vec![
            "Parts of the following are compiled into Bootshift, under licences of their own.".to_owned(),
        ];
        for (names, text) in by_name {
            lines.push(format!("\n{}\n", "=".repeat(80)));
            lines.extend(names.iter().cloned());
            lines.push(format!("\n{text}"));
        }
        lines.push(String::new());
        lines.join("\n")
    }
}

/// The terms of MIT, for those who name the licence and leave its text out.
fn mit(root: &Path) -> Result<String, Error> {
    let ours = read(root, "LICENSE-MIT")?;
    let terms = ours.find("Permission is hereby granted").ok_or("LICENSE-MIT does not read as MIT does")?;
    Ok(tidy(&ours[terms..]))
}

/// The same for texts that differ in line ends and trailing blanks alone.
fn tidy(text: &str) -> String {
    let lines: Vec<_> = text.trim_start_matches('\u{feff}').lines().map(str::trim_end).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_licence_texts_appear_once() {
        let mut notices = Notices::default();
        for (name, text) in [("b 1", "Terms\r\n of \n"), ("a 2", "Terms\n of"), ("a 2", "More")] {
            notices.0.entry(tidy(text)).or_default().insert(name.to_owned());
        }
        let rule = "=".repeat(80);
        let expected = format!("\n{rule}\n\na 2\n\nMore\n\n{rule}\n\na 2\nb 1\n\nTerms\n of\n");
        let text = notices.text();
        assert!(text.ends_with(&expected), "{text}");
    }
}
