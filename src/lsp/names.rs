//! The file names of payloads.

/// The names of files that are treated as payloads, as globs: `*` matches anything within a name, `**/` any number of
/// folders, `{a,b}` one of the alternatives. A glob matches the end of a path, so that one without `/` matches the name.
///
/// The hooks for pre-commit, the entry for `SchemaStore` (`schema/catalog.json`) and the book have the same list; the
/// test `file_names` compares them.
pub const FILE_NAMES: [&str; 4] = [
    "immuta.{json,yaml,yml}",
    "*.{bootshift,immuta}.{json,yaml,yml}",
    "*immuta{-,_,}integration*.{json,yaml,yml}",
    "immuta{-,_,/}{integration,integrations}/**/*.{json,yaml,yml}",
];

/// Whether the path of a file, with `/` as separator, is that of a payload.
pub(super) fn is_payload(path: &str) -> bool {
    FILE_NAMES.iter().any(|glob| matches_any_suffix(glob, path))
}

/// Whether a glob matches a path, or the rest of it after some of its first folders.
fn matches_any_suffix(glob: &str, path: &str) -> bool {
    matches(glob, path) || path.match_indices('/').any(|(at, _)| matches(glob, &path[at + 1..]))
}

/// Whether a glob matches the whole of a path.
fn matches(glob: &str, path: &str) -> bool {
    if let Some(rest) = glob.strip_prefix("**/") {
        return matches_any_suffix(rest, path);
    }
    if let Some(rest) = glob.strip_prefix('*') {
        let name = path.split('/').next().unwrap_or_default();
        let ends = name.char_indices().map(|(at, _)| at).chain([name.len()]);
        return ends.into_iter().any(|end| matches(rest, &path[end..]));
    }
    if let Some((choices, rest)) = glob.strip_prefix('{').and_then(|glob| glob.split_once('}')) {
        let mut rests = choices.split(',').filter_map(|choice| path.strip_prefix(choice));
        return rests.any(|path| matches(rest, path));
    }
    let plain = glob.find(['*', '{']).unwrap_or(glob.len());
    let (plain, glob) = glob.split_at(plain);
    match path.strip_prefix(plain) {
        Some(path) if glob.is_empty() => path.is_empty(),
        Some(path) => matches(glob, path),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payloads_are_recognized_by_file_name() {
        for path in [
            "immuta.yaml",
            "/immuta.json",
            "a/b/immuta.yml",
            "a b.bootshift.yaml",
            ".bootshift.json",
            "\u{fc}[1].immuta.yml",
            "immuta-integration.yaml",
            "prod_immuta_integrations.prod.json",
            "immutaintegration.yml",
            "immuta/integrations/a.yaml",
            "/w/immuta/integration/deep/\u{fc}/a.json",
            "immuta-integrations/a.yml",
            "immuta_integrations/a.yml",
        ] {
            assert!(is_payload(path), "{path}");
        }
        for path in [
            "",
            "/",
            "immuta",
            "Immuta.yaml",
            "notimmuta.yaml",
            "immuta.yaml.txt",
            "immuta.yaml/a.yaml",
            "immuta-values.yaml",
            "bootshift.yaml",
            "a.bootshift.yaml/",
            "immuta/policies/a.yaml",
            "immuta/integrations",
            "immuta/integrations/notes.md",
            "notimmuta/integrations/a.yaml",
            "immutaintegrations/a.yaml",
            "immuta-integration/a",
            "immuta-integration.yaml/b.yaml",
        ] {
            assert!(!is_payload(path), "{path}");
        }
    }
}
