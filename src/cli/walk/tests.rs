//! The walk finds what the `ignore` crate finds.

use std::fs;

use ignore::WalkBuilder;
use proptest::prelude::*;

use super::*;
use crate::cli::native::Native;

impl Tree for Native {
    fn list(&self, directory: &Path) -> io::Result<Vec<Entry>> {
        fs::read_dir(directory)?
            .map(|entry| {
                let entry = entry?;
                let name = entry.file_name().into_string().expect("UTF-8");
                Ok(Entry { name, is_directory: entry.file_type()?.is_dir() })
            })
            .collect()
    }

    fn content(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn home_dir(&self) -> Option<PathBuf> {
        std::env::home_dir()
    }
}

/// Makes files in a new directory; a path that ends with `/` is a directory.
fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    // Not hidden, as temporary directories are by default: a name of the walk's own is matched too.
    let folder = tempfile::Builder::new().prefix("walk").tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        if name.ends_with('/') {
            fs::create_dir_all(path).expect("a folder");
        } else {
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
    }
    folder
}

/// What the crate finds, and what is wrong.
fn expected(root: &Path) -> Vec<Result<PathBuf, String>> {
    WalkBuilder::new(root)
        .require_git(false)
        .sort_by_file_name(Ord::cmp)
        .build()
        .map(|entry| entry.map(ignore::DirEntry::into_path).map_err(|error| error.to_string()))
        .collect()
}

/// What this walk finds, and what is wrong.
fn found(root: &Path) -> Vec<Result<PathBuf, String>> {
    let mut all = Vec::new();
    walk(&Native, root, &mut |found| {
        all.push(found.map(Path::to_owned).map_err(|error| error.to_string()));
    });
    all
}

/// The names of the files that both find below `root`.
#[track_caller]
fn same(root: &Path) -> Vec<String> {
    let found = found(root);
    assert_eq!(found, expected(root), "{}", root.display());
    let files = found.iter().flatten().filter(|path| path.is_file());
    files.map(|path| path.strip_prefix(root).expect("below").display().to_string()).collect()
}

#[test]
fn nested_ignore_files_and_exceptions_apply() {
    let folder = folder(&[
        (".gitignore", b"*.log\n/top.yaml\nbuild/\n!keep.log\n# comment\n\\#odd\n"),
        ("#odd", b""),
        ("a.yaml", b""),
        ("top.yaml", b""),
        ("x.log", b""),
        ("keep.log", b""),
        ("build/in.yaml", b""),
        ("build.yaml/", b""),
        ("d/top.yaml", b""),
        ("d/build", b"a file of that name"),
        ("d/x.log", b""),
        ("d/.gitignore", b"!x.log\nbuild\n/e/*\n!/e/kept.yaml\r\n"),
        ("d/e/kept.yaml", b""),
        ("d/e/gone.yaml", b""),
        ("d/e/f/kept.yaml", b""),
        ("d/g/.ignore", b"*.yaml\n!.shown.yaml\n"),
        ("d/g/.gitignore", b"!*.yaml\n"),
        ("d/g/no.yaml", b""),
        ("d/g/.shown.yaml", b"an exception shows a hidden file"),
        ("d/g/.hidden.yaml", b""),
        ("\u{e4}.yaml", b""),
        ("Z.yaml", b""),
    ]);
    assert_eq!(
        same(folder.path()),
        [
            "Z.yaml",
            "a.yaml",
            "d/e/kept.yaml",
            "d/g/.shown.yaml",
            "d/top.yaml",
            "d/x.log",
            "keep.log",
            "\u{e4}.yaml"
        ]
    );
}

#[test]
fn ignore_files_of_parent_directories_apply() {
    let folder = folder(&[
        (".gitignore", b"*.json\n/d/e/one.yaml\n/e/two.yaml\nf/\n"),
        (".ignore", b"!three.json\n"),
        ("d/.gitignore", b"/e/four.yaml\n!five.json\n"),
        ("d/e/one.yaml", b""),
        ("d/e/two.yaml", b""),
        ("d/e/three.json", b""),
        ("d/e/four.yaml", b""),
        ("d/e/five.json", b""),
        ("d/e/six.json", b""),
        ("d/e/eight.json", b""),
        ("d/e/.gitignore", b"!eight.json\n"),
        ("d/e/f/seven.yaml", b""),
    ]);
    let inner = folder.path().join("d/e");
    assert_eq!(same(&inner), ["eight.json", "five.json", "three.json", "two.yaml"]);
    // The rules that hold do not depend on how the path is written.
    for path in ["d/e/", "d/./e", "d/e/../e", "d/../d/e"] {
        same(&folder.path().join(path));
    }
    #[cfg(unix)]
    for start in ["", "./"] {
        let here = std::env::current_dir().and_then(|path| path.canonicalize()).expect("a path");
        let up = "../".repeat(here.components().count() - 1);
        let inner = inner.canonicalize().expect("a path");
        let relative = format!("{start}{up}{}", inner.strip_prefix("/").expect("absolute").display());
        assert_eq!(same(Path::new(&relative)), ["eight.json", "five.json", "three.json", "two.yaml"]);
    }
}

#[test]
fn relative_roots_give_relative_paths() {
    // Tests run in the package's directory, whose own rules lie above these.
    for path in [".", "./", "src", "./src/", "tests/fixtures/../fixtures", "src/../templates"] {
        same(Path::new(path));
    }
    let own = found(Path::new("./src/cli"));
    assert!(own.contains(&Ok(PathBuf::from("./src/cli/walk/tests.rs"))), "{own:?}");
}

#[test]
fn git_info_exclude_applies() {
    let folder = folder(&[
        (".git/info/exclude", b"/private.yaml\nlocal/\n!x.yaml\n"),
        (".gitignore", b"x.yaml\n"),
        ("x.yaml", b""),
        ("private.yaml", b""),
        ("d/private.yaml", b""),
        ("d/local/a.yaml", b""),
        // A work tree that shares the directory of another repository.
        ("main/.git/info/exclude", b"shared.yaml\n"),
        ("main/.git/worktrees/w/commondir", b"../..\n"),
        ("broken/.git", b"gitdir: /nowhere\n"),
        ("broken/a.yaml", b""),
        ("w/shared.yaml", b""),
        ("w/own.yaml", b""),
    ]);
    let git = format!("gitdir: {}\n", folder.path().join("main/.git/worktrees/w").display());
    fs::write(folder.path().join("w/.git"), git).expect("a file");
    assert_eq!(same(folder.path()), ["broken/a.yaml", "d/private.yaml", "w/own.yaml"]);
    assert_eq!(same(&folder.path().join("w")), ["own.yaml"]);
}

#[test]
fn invalid_ignore_rules_are_reported() {
    let folder = folder(&[
        (".gitignore", b"a.yaml\n[z-a]\n{b\n*.log\n"),
        ("a.yaml", b""),
        ("b.yaml", b""),
        ("d/.gitignore", b"\xEF\xBB\xBFc.yaml\nd.yaml\n\xFF\ne.yaml\n"),
        ("d/c.yaml", b""),
        ("d/d.yaml", b""),
        ("d/e.yaml", b""),
        ("d/f/.ignore", b"**a[\n[9-0].yaml\n"),
        ("d/f/g/g.yaml", b""),
    ]);
    assert_eq!(same(folder.path()), ["b.yaml", "d/e.yaml", "d/f/g/g.yaml"]);
    // Errors in the rules of parent directories are reported.
    for below in ["d", "d/f/g"] {
        let found = found(&folder.path().join(below));
        assert!(found[0].as_ref().is_err_and(|error| error.contains("error parsing glob")), "{found:?}");
        same(&folder.path().join(below));
    }
}

#[cfg(unix)]
#[test]
fn links_to_directories_are_not_followed() {
    use std::os::unix::fs::symlink;

    let folder = folder(&[("d/a.yaml", b""), ("b.yaml", b""), (".gitignore", b"linked/\n")]);
    for (target, link) in [("d", "linked"), ("b.yaml", "c.yaml"), ("gone", "dangling.yaml"), (".", "d/round")]
    {
        symlink(target, folder.path().join(link)).expect("a link");
    }
    let found = same(folder.path());
    assert_eq!(found, ["b.yaml", "c.yaml", "d/a.yaml"]);
    // What is named is walked, be it a link.
    assert_eq!(same(&folder.path().join("linked")), ["a.yaml"]);
}

#[test]
fn missing_directory_is_an_error() {
    let folder = folder(&[]);
    let gone = folder.path().join("gone");
    let found = found(&gone);
    assert!(found.last().is_some_and(Result::is_err), "{found:?}");
    assert_eq!(found.last(), expected(&gone).last());
}

/// A few names, so that rules meet them.
fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "b", "ab", "a.yaml", "b.yaml", ".h", ".h.yaml", "A", "c d"])
        .prop_map(str::to_owned)
}

fn path() -> impl Strategy<Value = String> {
    prop::collection::vec(name(), 1..4).prop_map(|names| names.join("/"))
}

fn rule() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "a", "b", "*", "**", "?", "a*", "*.yaml", ".*", "[ab]", "[!a]", "\\a", "{a,b}", ".h", "c d", "c\\ d",
        "A",
    ]);
    let parts = prop::collection::vec(part, 1..4).prop_map(|parts| parts.join("/"));
    let mark = |marks: &[&'static str]| prop::sample::select(marks.to_vec());
    (mark(&["", "", "!"]), mark(&["", "", "/"]), parts, mark(&["", "", "/", " ", "\\ "]))
        .prop_map(|(not, start, parts, end)| format!("{not}{start}{parts}{end}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_rules_give_the_same_files_as_the_ignore_crate(
        files in prop::collection::vec(path(), 1..12),
        rules in prop::collection::vec(
            (prop::option::of(path()), prop::sample::select(vec![".gitignore", ".ignore", ".git/info/exclude"]),
             prop::collection::vec(rule(), 1..5)),
            0..5,
        ),
        below in prop::option::of(path()),
    ) {
        let folder = folder(&[]);
        let write = |path: PathBuf, text: &str| {
            // A path that is a file already cannot be a directory, and vice versa.
            let made = fs::create_dir_all(path.parent().expect("a parent"));
            let _ = made.and_then(|()| fs::write(&path, text));
        };
        for file in &files {
            write(folder.path().join(file), "");
        }
        for (directory, name, lines) in &rules {
            let directory = folder.path().join(directory.as_deref().unwrap_or_default());
            if directory.is_dir() {
                write(directory.join(name), &lines.join("\n"));
            }
        }
        let root = below.map(|below| folder.path().join(below)).filter(|root| root.is_dir());
        let root = root.as_deref().unwrap_or(folder.path());
        prop_assert_eq!(found(root), expected(root));
    }
}
