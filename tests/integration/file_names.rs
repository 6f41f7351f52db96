//! The file names of payloads: the list `FILE_NAMES`, and its copies in the notation of other programs and in the book.

use std::fs;
use std::path::Path;

use bootshift::lsp::FILE_NAMES;

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Expands the alternatives of a glob.
fn expanded(glob: &str) -> Vec<String> {
    let Some((before, rest)) = glob.split_once('{') else { return vec![glob.to_owned()] };
    let (choices, behind) = rest.split_once('}').expect("an end of the choices");
    let behind = expanded(behind);
    let of_choice = |choice| behind.iter().map(move |behind| format!("{before}{choice}{behind}"));
    choices.split(',').flat_map(of_choice).collect()
}

/// `SchemaStore` requires `**/` before patterns with folders, and not all its readers support alternatives.
#[test]
fn schemastore_entry_lists_the_file_names() {
    let catalog: serde_json::Value = serde_json::from_str(&read("schema/catalog.json")).expect("JSON");
    let names = FILE_NAMES.iter().flat_map(|glob| expanded(glob));
    let expected: Vec<String> =
        names.map(|name| if name.contains('/') { format!("**/{name}") } else { name }).collect();
    assert_eq!(catalog["schemas"][0]["fileMatch"], serde_json::json!(expected));
    for name in
        ["immuta.yaml", "*.bootshift.json", "*immutaintegration*.yml", "**/immuta/integrations/**/*.yaml"]
    {
        assert!(expected.contains(&name.to_owned()), "{name} in {expected:?}");
    }
}

/// The regular expression with which pre-commit selects files: Python's, in verbose form.
fn files(indentation: usize) -> String {
    let regex = |glob: &str| {
        let glob = glob.replace('.', "\\.").replace(',', "|").replace('{', "(").replace('}', ")");
        let folders: Vec<String> = glob.split("**/").map(|part| part.replace('*', "[^/]*")).collect();
        folders.join("(.*/)?")
    };
    let names: Vec<String> = FILE_NAMES.iter().map(|glob| regex(glob)).collect();
    let lines = format!("(?x)(^|/)(\n  {}\n)$", names.join("\n  | "));
    let lines: Vec<String> = lines.lines().map(|line| format!("{:indentation$}{line}\n", "")).collect();
    lines.concat()
}

#[test]
fn every_hook_selects_the_file_names() {
    for (file, hook, indentation) in [
        (".pre-commit-hooks.yaml", "- id: ", 4),
        ("xtask/packaging/pre-commit-mirror/.pre-commit-hooks.yaml", "- id: ", 4),
        ("xtask/packaging/pypi.md", "additional_dependencies: ", 10),
        ("book/src/pre-commit.md", "additional_dependencies: ", 10),
    ] {
        let text = read(file);
        let expected = format!("files: |\n{}", files(indentation));
        let hooks = text.matches(hook).count();
        assert!(hooks > 0, "{file}");
        assert_eq!(
            text.matches(&expected).count(),
            hooks,
            "{file} does not have this for each hook:\n{expected}"
        );
    }
}

/// Without the end of the options, a file could avoid the check by its name: `--old=good.bootshift.yaml`.
#[test]
fn every_hook_ends_options_with_dashes() {
    for file in [
        ".pre-commit-hooks.yaml",
        "xtask/packaging/pre-commit-mirror/.pre-commit-hooks.yaml",
        "xtask/packaging/pypi.md",
        "book/src/pre-commit.md",
    ] {
        let text = read(file);
        let entries: Vec<&str> =
            text.lines().filter_map(|line| line.trim_start().strip_prefix("entry: ")).collect();
        assert!(!entries.is_empty(), "{file}");
        assert!(entries.iter().all(|entry| entry.ends_with(" --")), "{file}: {entries:?}");
    }
}

#[test]
fn book_lists_the_file_names() {
    let block = format!("```text\n{}\n```\n", FILE_NAMES.join("\n"));
    assert!(read("book/src/editors.md").contains(&block), "{block}");
}
