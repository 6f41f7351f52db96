//! The structure of the source: modules have no circular imports, and files are short enough to read.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The files in `src`, except for tests.
fn files() -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("a source file");
                files.push((path, text));
            }
        }
    }
    files.retain(|(path, _)| !path.components().any(|part| part.as_os_str() == "tests"));
    files.retain(|(path, _)| path.file_name().is_none_or(|name| name != "tests.rs"));
    assert!(files.len() > 100, "only {} files", files.len());
    files
}

/// The code without comments and without the tests at the end.
fn code(text: &str) -> String {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let without_comment = |line: &str| line.split("//").next().unwrap_or_default().to_owned() + "\n";
    code.lines().map(without_comment).collect()
}

/// The module below the root of the crate that a file belongs to.
fn module(path: &Path) -> String {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let first = path.strip_prefix(src).expect("a file of src").components().next().expect("a name");
    first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
}

/// The modules that the code names after `crate::`.
fn named(code: &str) -> BTreeSet<String> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let words = |text: &str| text.split(|c: char| !is_word(c)).map(str::to_owned).collect::<Vec<_>>();
    code.split("crate::")
        .skip(1)
        .flat_map(|rest| match rest.strip_prefix('{') {
            Some(list) => words(list.split(';').next().unwrap_or_default()),
            None => words(rest).into_iter().take(1).collect(),
        })
        .collect()
}

/// A reader of a module needs to know only the modules that it imports.
#[test]
fn modules_have_no_circular_imports() {
    let mut imports: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, text) in files() {
        imports.entry(module(&path)).or_default().extend(named(&code(&text)));
    }
    let modules: BTreeSet<String> = imports.keys().cloned().collect();
    for (module, imported) in &mut imports {
        imported.retain(|name| name != module && modules.contains(name));
    }
    assert!(imports["check"].contains("document"), "{imports:?}");
    // A module that imports none of the remaining modules is not part of a cycle.
    while let Some(bottom) =
        imports.iter().find(|(_, imported)| imported.is_empty()).map(|(module, _)| module.clone())
    {
        imports.remove(&bottom);
        for imported in imports.values_mut() {
            imported.remove(&bottom);
        }
    }
    assert!(imports.is_empty(), "these import each other: {imports:?}");
}

/// A long file usually has several reasons to change.
#[test]
fn no_file_is_longer_than_500_lines() {
    for (path, text) in files() {
        let lines = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().lines().count();
        assert!(lines <= 500, "{} has {lines} lines: split it by what it does", path.display());
    }
}

/// A property is defined in the schemas, and everything else about it is derived from there.
#[test]
fn property_names_appear_in_few_files() {
    let naming: Vec<_> = files()
        .into_iter()
        .filter(|(_, text)| code(text).contains("idpHost"))
        .map(|(path, _)| path)
        .collect();
    assert!(naming.len() <= 3, "{naming:?}");
}
