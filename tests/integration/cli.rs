//! The command as its users run it.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use assert_cmd::Command;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{Edition, edition};

const GOOD: &str = "\
type: Redshift
autoBootstrap: false
config:
  host: cluster.example.com
  database: immuta
  initialDatabase: dev
  authenticationType: userPassword
  username: immuta_system
  password: ${BOOTSHIFT_TEST_PASSWORD}
";

const SECRET: &str = "Tr0ub4dor-and-3";

/// A payload with two errors and two warnings, and a secret beside a comment.
const BAD: &str = "\
type: Redshift
autoBootstrap: false
config:
  hots: cluster.example.com # not to be shown
  database: Immuta
  initialDatabase: dev
  authenticationType: userPasswrd
  username: immuta_system
  password: Tr0ub4dor-and-3 # nor this
";

struct Folder(TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().expect("a folder"));
        for (name, text) in files {
            folder.write(name, text.as_bytes());
        }
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }

    fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, "", &[])
    }

    fn run_with(&self, arguments: &[&str], stdin: &str, env: &[(&str, &str)]) -> Run {
        self.run_in(".", arguments, stdin, env)
    }

    /// The same in a folder below.
    fn run_in(&self, below: &str, arguments: &[&str], stdin: &str, env: &[(&str, &str)]) -> Run {
        let mut command = command();
        command.current_dir(self.path(below)).args(arguments).write_stdin(stdin).envs(env.iter().copied());
        Run::of(&command.output().expect("the command runs"))
    }
}

fn command() -> Command {
    let mut command = Command::from_std(crate::program::bootshift());
    let mine = [
        "NO_COLOR",
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "COLUMNS",
        "BOOTSHIFT_TEST_PASSWORD",
        "GITHUB_WORKSPACE",
        "CI",
        "TF_BUILD",
        "TEAMCITY_VERSION",
    ];
    for name in mine {
        command.env_remove(name);
    }
    command
}

struct Run {
    code: i32,
    out: String,
    err: String,
}

impl Run {
    fn of(output: &Output) -> Self {
        Self {
            code: output.status.code().expect("an exit code"),
            out: String::from_utf8(output.stdout.clone()).expect("UTF-8"),
            err: String::from_utf8(output.stderr.clone()).expect("UTF-8"),
        }
    }

    #[track_caller]
    fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.out).expect("JSON")
    }

    /// All that the user sees.
    fn all(&self) -> String {
        format!("{}--- stderr\n{}--- exit {}\n", self.out, self.err, self.code)
    }
}

fn paths(report: &Value) -> Vec<&str> {
    report["files"]
        .as_array()
        .expect("files")
        .iter()
        .map(|file| file["path"].as_str().expect("a path"))
        .collect()
}

fn codes(file: &Value) -> Vec<&str> {
    let diagnostics = file["diagnostics"].as_array().expect("diagnostics");
    diagnostics.iter().map(|one| one["code"].as_str().expect("a code")).collect()
}

fn assert_valid_by(schema: &str, instance: &Value) {
    let schema: Value = serde_json::from_str(schema).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let errors: Vec<String> = validator.iter_errors(instance).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

const REPORT_SCHEMA: &str = include_str!("../../schema/report.schema.json");
const SCRIPT_SCHEMA: &str = include_str!("../../schema/script.schema.json");

// --- check

#[test]
fn valid_payload_is_reported_without_problems() {
    let run = Folder::new(&[("good.yaml", GOOD)]).run(&["check", "good.yaml"]);
    insta::assert_snapshot!(run.all(), @r"
    1 document in 1 file: no problems
    --- stderr
    --- exit 0
    ");
}

#[test]
fn invalid_payload_is_reported_with_excerpts() {
    let run = Folder::new(&[("bad.yaml", BAD)]).run(&["check", "bad.yaml"]);
    insta::assert_snapshot!("check_bad", run.all());
}

#[test]
fn color_is_used_on_terminals_and_on_request() {
    let folder = Folder::new(&[("bad.yaml", BAD)]);
    let escape = "\u{1b}[";
    assert!(!folder.run(&["check", "bad.yaml"]).out.contains(escape));
    let colored = folder.run(&["check", "bad.yaml", "--color", "always"]).exits(1);
    assert!(colored.out.contains(escape));
    insta::assert_snapshot!("check_bad_colored", colored.out.lines().take(6).collect::<Vec<_>>().join("\n"));
    let forced = folder.run_with(&["check", "bad.yaml"], "", &[("CLICOLOR_FORCE", "1")]);
    assert!(forced.out.contains(escape));
    let refused = folder.run_with(&["check", "bad.yaml"], "", &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]);
    assert!(!refused.out.contains(escape));
    let never = folder.run_with(&["--color", "never", "check", "bad.yaml"], "", &[("CLICOLOR_FORCE", "1")]);
    assert!(!never.out.contains(escape));
}

#[test]
fn no_format_prints_secrets_or_comments() {
    let folder = Folder::new(&[("bad.yaml", BAD)]);
    for format in ["human", "json", "sarif", "github"] {
        for color in ["always", "never"] {
            let run = folder.run(&["check", "bad.yaml", "--format", format, "--color", color]).exits(1);
            let shown = run.all();
            for piece in SECRET.as_bytes().windows(6).map(|piece| std::str::from_utf8(piece).expect("ASCII"))
            {
                assert!(!shown.contains(piece), "{format} shows {piece}: {shown}");
            }
            assert!(!shown.contains("to be shown") && !shown.contains("nor this"), "{format}: {shown}");
        }
    }
}

#[test]
fn json_report_matches_its_schema() {
    let folder = Folder::new(&[("bad.yaml", BAD), ("good.yaml", GOOD), ("odd.json", "1")]);
    let run = folder.run(&["check", "bad.yaml", "good.yaml", "odd.json", "--format", "json"]).exits(1);
    let report = run.json();
    assert_valid_by(REPORT_SCHEMA, &report);
    assert_eq!(paths(&report), ["bad.yaml", "good.yaml", "odd.json"]);
    assert_eq!(
        codes(&report["files"][0]),
        ["unknown-property", "folded-identifier", "invalid-value", "plaintext-secret"]
    );
    assert_eq!(report["files"][1]["valid"], true);
    assert_eq!(report["files"][2]["operation"], Value::Null);
    assert_eq!(report["summary"]["documents"], 3);
    assert_eq!(report["summary"]["files"], 3);
    assert_eq!(report["summary"]["errors"], 3);
    assert_eq!(report["summary"]["warnings"], 2);
}

#[test]
fn sarif_log_has_the_structure_of_the_standard() {
    let folder = Folder::new(&[("a b.yaml", BAD)]);
    let log = folder.run(&["check", "./a b.yaml", "--format", "sarif"]).exits(1).json();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    let ids: Vec<&str> = rules.iter().map(|rule| rule["id"].as_str().expect("an id")).collect();
    let all: Vec<&str> = bootshift::check::Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(ids, all);
    for rule in rules {
        for property in ["shortDescription", "fullDescription", "help"] {
            assert!(rule[property]["text"].as_str().is_some_and(|text| !text.is_empty()), "{rule}");
        }
        let page = rule["helpUri"].as_str().and_then(|uri| uri.split_once("/src/")).expect("a page");
        assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(page.1).is_file(), "{rule}");
    }
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), 4);
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
        assert_eq!(result["ruleId"], rules[index]["id"]);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().expect("a level")));
        assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "a%20b.yaml");
    }
    let fix = serde_json::json!([{
        "description": { "text": "Change to `host`" },
        "artifactChanges": [{
            "artifactLocation": { "uri": "a%20b.yaml" },
            "replacements": [{
                "deletedRegion": { "startLine": 4, "startColumn": 3, "endLine": 4, "endColumn": 7 },
                "insertedContent": { "text": "host" },
            }],
        }],
    }]);
    assert_eq!(results[0]["fixes"], fix);
    let region = &results[0]["locations"][0]["physicalLocation"]["region"];
    assert_eq!(
        region,
        &serde_json::json!({ "startLine": 4, "startColumn": 3, "endLine": 4, "endColumn": 7 })
    );
}

#[test]
fn github_format_writes_annotations() {
    let folder = Folder::new(&[("dir/a,b.yaml", BAD)]);
    let absolute = folder.path("dir/a,b.yaml").canonicalize().expect("a path");
    let run = folder.run(&["check", absolute.to_str().expect("UTF-8"), "--format", "github"]).exits(1);
    let first = run.out.lines().next().expect("a line");
    assert_eq!(
        first,
        "::error file=dir/a%2Cb.yaml,line=4,col=3,endLine=4,endColumn=7,title=unknown-property::unknown \
         property `hots` in `config`%0Ahelp: did you mean `host`?"
    );
    assert!(run.out.lines().all(|line| line.starts_with("::")), "{}", run.out);
    let clean =
        Folder::new(&[("good.yaml", GOOD)]).run(&["check", "good.yaml", "--format", "github"]).exits(0);
    assert_eq!(clean.out, "");
}

/// The paths of the annotations, and of the results in SARIF, which are the same.
fn paths_on_github(
    folder: &Folder,
    below: &str,
    arguments: &[&str],
    workspace: Option<&Path>,
) -> Vec<String> {
    let workspace = workspace.map(|path| path.to_str().expect("UTF-8"));
    let env: Vec<_> = workspace.iter().map(|path| ("GITHUB_WORKSPACE", *path)).collect();
    let run = |format| {
        let arguments = [&["check", "--format", format], arguments].concat();
        folder.run_in(below, &arguments, "type: redshift\n", &env).exits(1)
    };
    let annotations = run("github").out;
    let file = |line: &str| line.split_once("file=")?.1.split_once(',').map(|(file, _)| file.to_owned());
    let mut annotated: Vec<String> = annotations.lines().filter_map(file).collect();
    annotated.dedup();
    let log = run("sarif").json();
    let results = log["runs"][0]["results"].as_array().expect("results").iter();
    let uris = results.map(|result| &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]);
    let decoded = |uri: &Value| {
        let uri = uri.as_str().expect("a URI").replace("%20", " ");
        uri.replace("%3C", "<").replace("%3E", ">")
    };
    let mut uris: Vec<String> = uris.map(decoded).collect();
    uris.dedup();
    assert_eq!(annotated, uris);
    annotated
}

#[test]
fn github_paths_are_relative_to_the_workspace() {
    let bad = "autoBootstrap: maybe\n";
    let folder =
        Folder::new(&[("repo/top.yaml", bad), ("repo/sub/a b.yaml", bad), ("repo/sub/d/c.yaml", bad)]);
    let repo = folder.path("repo").canonicalize().expect("a path");
    let absolute = repo.join("sub/d/c.yaml");
    let arguments = ["a b.yaml", "./d", "../top.yaml"];
    let below = ["sub/a b.yaml", "sub/d/c.yaml", "top.yaml"];
    assert_eq!(paths_on_github(&folder, "repo/sub", &arguments, Some(&repo)), below);
    let absolute = absolute.to_str().expect("UTF-8");
    assert_eq!(paths_on_github(&folder, "repo/sub", &[absolute], Some(&repo)), ["sub/d/c.yaml"]);
    assert_eq!(paths_on_github(&folder, ".", &[absolute], Some(&repo)), ["sub/d/c.yaml"]);
    let named = ["-", "--stdin-filename", "d/new.yaml"];
    assert_eq!(paths_on_github(&folder, "repo/sub", &named, Some(&repo)), ["sub/d/new.yaml"]);
    assert_eq!(paths_on_github(&folder, "repo/sub", &["-"], Some(&repo)), ["<stdin>"]);
    // Without the variable, or elsewhere, the working directory is the repository.
    assert_eq!(paths_on_github(&folder, "repo/sub", &["a b.yaml", absolute], None), ["a b.yaml", "d/c.yaml"]);
    let other = folder.path("other");
    assert_eq!(paths_on_github(&folder, "repo/sub", &["d/c.yaml"], Some(&other)), ["d/c.yaml"]);
    assert_eq!(paths_on_github(&folder, "repo/sub", &["d/c.yaml"], Some(Path::new(""))), ["d/c.yaml"]);
    // For people and programs, paths are as they were given.
    let workspace = [("GITHUB_WORKSPACE", repo.to_str().expect("UTF-8"))];
    let report = folder.run_in("repo/sub", &["check", "d", "--format", "json"], "", &workspace).exits(1);
    assert_eq!(paths(&report.json()), ["d/c.yaml"]);
}

#[cfg(unix)]
#[test]
fn github_paths_match_the_repository() {
    use std::os::unix::fs::symlink;
    let bad = "type: redshift\n";
    let folder = Folder::new(&[("repo/real/a.yaml", bad), ("outside/b.yaml", bad)]);
    let link = |to: &str, at: &str| symlink(to, folder.path(at)).expect("a link");
    link("repo", "link");
    link("real", "repo/shown");
    link("../outside/b.yaml", "repo/b.yaml");
    let [repo, linked] = ["repo", "link"].map(|name| folder.path(name));
    // The variable or the working directory may name the checkout by a link.
    for (below, workspace) in [("repo/real", &linked), ("link/real", &repo), ("link/real", &linked)] {
        assert_eq!(paths_on_github(&folder, below, &["a.yaml"], Some(workspace)), ["real/a.yaml"], "{below}");
    }
    // A link within the repository is read as the file that it leads to, one out of it as the link.
    assert_eq!(paths_on_github(&folder, "repo", &["shown/a.yaml"], Some(&repo)), ["real/a.yaml"]);
    assert_eq!(paths_on_github(&folder, "repo", &["b.yaml"], Some(&repo)), ["b.yaml"]);
}

#[test]
fn github_conflict_uses_the_repository_path_of_the_other_file() {
    let folder = Folder::new(&[("repo/sub/a.yaml", GOOD), ("repo/sub/b.yaml", GOOD)]);
    let repo = folder.path("repo").canonicalize().expect("a path");
    let workspace = [("GITHUB_WORKSPACE", repo.to_str().expect("UTF-8"))];
    let arguments = ["check", "a.yaml", "b.yaml", "--format", "sarif"];
    let log = folder.run_in("repo/sub", &arguments, "", &workspace).exits(1).json();
    let place = &log["runs"][0]["results"][0]["relatedLocations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "sub/a.yaml");
    assert_eq!(place["region"]["startLine"], 4);
}

#[test]
fn sarif_category_is_written() {
    let folder = Folder::new(&[("good.yaml", GOOD)]);
    let id = |arguments: &[&str]| {
        let arguments = [&["check", "good.yaml", "--format", "sarif"], arguments].concat();
        folder.run(&arguments).exits(0).json()["runs"][0]["automationDetails"]["id"].clone()
    };
    assert_eq!(id(&[]), "bootshift/");
    assert_eq!(id(&["--sarif-category", "payloads"]), "payloads/");
    let run = folder.run(&["check", "good.yaml", "--sarif-category", "payloads"]).exits(2);
    assert!(run.err.contains("`--sarif-category` requires `--format sarif`"), "{}", run.err);
}

/// A trailing `---` is written by tools and by people, and says nothing.
#[test]
fn every_command_skips_empty_documents_of_a_stream() {
    let good = GOOD.replace("${BOOTSHIFT_TEST_PASSWORD}", "${A}");
    let credentials = "authenticationType: userPassword\nusername: u\npassword: ${A}\n";
    let texts = [
        format!("{good}---\n"),
        format!("---\n---\n{good}"),
        format!("# first\n---\n# nothing\n---\n{good}...\n---\n# nothing\n"),
    ];
    for text in texts {
        let folder = Folder::new(&[
            ("d/p.yaml", &text),
            ("plain.yaml", &good),
            ("delete.yaml", &text.replace(&good, credentials)),
            ("renamed.yaml", &text.replace("immuta_system", "immuta_other")),
        ]);
        let same = |arguments: &[&str], file: &str| {
            let run = |name: &str| {
                let arguments = [arguments, &[name]].concat();
                folder.run_with(&arguments, "", &[("A", "Correct1horse")]).exits(0)
            };
            let (found, expected) = (run(file), run("plain.yaml"));
            assert_eq!((found.out, found.err), (expected.out, expected.err), "{arguments:?} {text:?}");
        };
        for arguments in [
            &["script", "initial-create"][..],
            &["script", "delete", "--format", "json"],
            &["script", "edit", "--from", "d/p.yaml"],
            &["redact"],
            &["request", "create"],
            &["check", "--old", "d/p.yaml", "--format", "github"],
        ] {
            same(arguments, "d/p.yaml");
        }
        for path in ["d/p.yaml", "d"] {
            let report = folder.run(&["check", path, "--format", "json"]).exits(0).json();
            let [file] = &report["files"].as_array().expect("files")[..] else { panic!("{report}") };
            assert_eq!((codes(file), &file["operation"]), (vec![], &Value::from("create")));
            assert_eq!(
                (&report["summary"]["files"], &report["summary"]["documents"]),
                (&1.into(), &1.into())
            );
        }
        folder.run(&["check", "renamed.yaml", "--old", "d/p.yaml"]).exits(0);
        folder.run(&["request", "delete", "delete.yaml"]).exits(0);
        folder.run(&["check", "delete.yaml", "--operation", "delete", "--auto-bootstrap", "true"]).exits(0);
    }
    // Nothing but empty documents is an empty body, which a payload is not.
    let folder = Folder::new(&[("empty.yaml", "---\n# nothing\n---\n"), ("nothing.yaml", "")]);
    for file in ["empty.yaml", "nothing.yaml"] {
        let run = folder.run(&["check", file, "--operation", "create", "--format", "json"]).exits(1);
        assert_eq!(codes(&run.json()["files"][0]), ["wrong-type"]);
        folder.run(&["check", file, "--operation", "delete"]).exits(0);
        folder.run(&["check", file, "--operation", "delete", "--auto-bootstrap", "false"]).exits(0);
        folder.run(&["request", "delete", file]).exits(0);
        folder.run(&["script", "create", file]).exits(1);
    }
}

#[test]
fn results_are_in_the_order_of_the_arguments() {
    let names: Vec<String> = (0..200).map(|number| format!("p{:03}.yaml", (number * 7) % 200)).collect();
    let folder = Folder::new(&[]);
    for (index, name) in names.iter().enumerate() {
        // Long and short texts, so that those that run beside each other finish out of order.
        let text = GOOD.replace("cluster", &format!("c{index}"));
        folder.write(name, format!("{}{text}", "# filler\n".repeat((index % 5) * 5000)).as_bytes());
    }
    let mut arguments = vec!["check", "--format", "json"];
    arguments.extend(names.iter().map(String::as_str));
    let report = folder.run(&arguments).exits(0).json();
    assert_eq!(paths(&report), names);
}

#[test]
fn duplicate_arguments_are_checked_once() {
    let folder = Folder::new(&[("dir/good.yaml", GOOD)]);
    let run =
        folder.run(&["check", "dir/good.yaml", "./dir/../dir/good.yaml", "dir", "--format", "json"]).exits(0);
    assert_eq!(paths(&run.json()), ["dir/good.yaml"]);
}

#[test]
fn directories_are_searched() {
    let folder = Folder::new(&[
        ("d/b.yaml", &GOOD.replace("cluster", "b")),
        ("d/a/z.YML", &GOOD.replace("cluster", "z")),
        ("d/a.json", "{\"name\": \"no payload\", \"version\": 1}"),
        ("d/tsconfig.json", "{ // comments are no JSON\n}"),
        ("d/compose.yaml", "services: {web: {image: nginx}}\n"),
        ("d/package.json", "{\"name\": \"something\", \"type\": \"module\"}"),
        ("d/playbook.yml", "- hosts: all\n  tasks: []\n"),
        ("d/database.yml", "host: localhost\ndatabase: app\n"),
        ("d/payload.schema.json", include_str!("../../schema/payload.schema.json")),
        ("d/text.txt", "not: looked at"),
        ("d/.hidden.yaml", BAD),
        ("d/ignored.yaml", BAD),
        ("d/build/ignored.yaml", BAD),
        ("d/.gitignore", "ignored.yaml\n"),
    ]);
    let run = folder.run(&["check", "d", "--format", "json"]).exits(0);
    assert_eq!(paths(&run.json()), ["d/a/z.YML", "d/b.yaml"]);
    let run = folder.run(&["check", "d"]).exits(0);
    insta::assert_snapshot!(run.out, @"2 documents in 2 files: no problems; 7 files skipped (not integrations API documents)");
    // What is named is checked, whatever it is.
    let run = folder.run(&["check", "d/ignored.yaml", "d/.hidden.yaml", "--format", "json"]).exits(1);
    assert_eq!(paths(&run.json()), ["d/ignored.yaml", "d/.hidden.yaml"]);
    let run = folder.run(&["check", "d", "d/a.json", "--format", "json"]).exits(1);
    assert_eq!(paths(&run.json()), ["d/a/z.YML", "d/a.json", "d/b.yaml"]);
    // With an operation every document is meant.
    let run = folder.run(&["check", "d", "--operation", "create", "--format", "json"]).exits(1);
    assert_eq!(run.json()["summary"]["files"], 9);
}

#[test]
fn ignore_files_are_respected() {
    let folder = Folder::new(&[
        ("home/.gitconfig", "[core]\n\texcludesFile = ~/mine\n"),
        ("home/mine", "mine.yaml\noverruled.yaml\n"),
        ("r/.gitignore", "*.json\n/d/top.yaml\nbuild/\n"),
        ("r/.git/info/exclude", "local.yaml\n"),
        ("r/d/.gitignore", "!kept.json\n!overruled.yaml\n"),
        ("r/d/.ignore", "e/*\n!e/shown.yaml\n!.dotted.yaml\n"),
        ("r/d/mine.yaml", GOOD),
        ("r/d/overruled.yaml", GOOD),
        ("r/d/top.yaml", GOOD),
        ("r/d/gone.json", "{}"),
        ("r/d/kept.json", "{}"),
        ("r/d/local.yaml", GOOD),
        ("r/d/build/a.yaml", GOOD),
        ("r/d/e/gone.yaml", GOOD),
        ("r/d/e/shown.yaml", GOOD),
        ("r/d/.dotted.yaml", GOOD),
        ("r/d/.hidden.yaml", GOOD),
        ("r/d/build.yaml", GOOD),
    ]);
    let home = folder.path("home");
    let env = [("HOME", home.to_str().expect("UTF-8")), ("XDG_CONFIG_HOME", ""), ("GIT_CONFIG_GLOBAL", "")];
    for directory in ["r/d", "r", "./r/d/"] {
        let arguments = ["check", directory, "--operation", "create", "--format", "json"];
        let report = folder.run_with(&arguments, "", &env).exits(1).json();
        let expected =
            ["r/d/.dotted.yaml", "r/d/build.yaml", "r/d/e/shown.yaml", "r/d/kept.json", "r/d/overruled.yaml"];
        assert_eq!(paths(&report), expected, "{directory}");
    }
}

#[cfg(unix)]
#[test]
fn links_are_checked_but_not_followed_into_directories() {
    let folder = Folder::new(&[("d/real.yaml", GOOD), ("other/x.yaml", BAD)]);
    for (target, link) in [("real.yaml", "d/a.yaml"), ("../other", "d/other"), ("gone", "d/gone.yaml")] {
        std::os::unix::fs::symlink(target, folder.path(link)).expect("a link");
    }
    let report = folder.run(&["check", "d", "--format", "json"]).exits(1).json();
    assert_eq!(paths(&report), ["d/a.yaml", "d/real.yaml"]);
    // The same file under two names, when both are named.
    let report = folder.run(&["check", "d/a.yaml", "d/real.yaml", "--format", "json"]).exits(0).json();
    assert_eq!(paths(&report), ["d/a.yaml"]);
}

#[cfg(unix)]
#[test]
fn invalid_ignore_rules_of_parent_directories_are_reported() {
    let folder = Folder::new(&[(".gitignore", "[z-a]\n"), ("d/good.yaml", GOOD)]);
    let run = folder.run(&["check", "d"]).exits(2);
    let rules = folder.path(".gitignore").canonicalize().expect("a path");
    let error = "error parsing glob '[z-a]': invalid range; 'z' > 'a'";
    assert_eq!(run.err, format!("error: cannot read {}: {error}\n", rules.display()));
    assert_eq!(run.out, "1 document in 1 file: no problems\n");
}

#[test]
fn paths_in_the_working_directory_have_no_dot() {
    let run = Folder::new(&[("a/good.yaml", GOOD)]).run(&["check", ".", "--format", "json"]).exits(0);
    assert_eq!(paths(&run.json()), ["a/good.yaml"]);
}

#[test]
fn invalid_payload_in_a_directory_is_reported() {
    let utf16: Vec<u8> =
        [0xFEFF].into_iter().chain(GOOD.encode_utf16()).flat_map(|unit: u16| unit.to_le_bytes()).collect();
    let folder = Folder::new(&[("d/broken.json", "{\"autoBootstrap\": true,,}")]);
    folder.write("d/utf16.yaml", &utf16);
    let report = folder.run(&["check", "d", "--format", "json"]).exits(1).json();
    assert_eq!(paths(&report), ["d/broken.json", "d/utf16.yaml"]);
    assert_eq!(codes(&report["files"][0]), ["syntax"]);
    assert_eq!(report["files"][1]["diagnostics"][0]["message"], "the text is UTF-16, not UTF-8");
    // Without its mark, and in the other order: that is UTF-8 with zeros in it.
    let utf16: Vec<u8> = GOOD.encode_utf16().flat_map(u16::to_be_bytes).collect();
    folder.write("d/utf16.yaml", &utf16);
    let report = folder.run(&["check", "d", "--format", "json"]).exits(1).json();
    assert_eq!(report["files"][1]["diagnostics"][0]["message"], "the text is UTF-16, not UTF-8");
}

#[test]
fn binary_file_is_reported_as_such() {
    let folder = Folder::new(&[]);
    for (bytes, message) in [
        (&b"\x1F\x8B\x08\0\0\0\0\0\0\x03"[..], "the file is compressed with gzip"),
        (b"\x85\x01\x0C\x03\xC4\x5E", "the file is encrypted with PGP"),
        (b"PK\x03\x04\x14\0\0\0\x08\0", "the file is an archive"),
        (b"\x7FELF\x02\x01\x01\0\xFF", "the file is binary, not text"),
        (b"host: caf\xE9\n", "the text is not UTF-8"),
    ] {
        folder.write("payload.yaml", bytes);
        let report = folder.run(&["check", "payload.yaml", "--format", "json"]).exits(1).json();
        assert_eq!(report["files"][0]["diagnostics"][0]["message"], message);
    }
}

/// Empty documents are neither checked nor counted.
#[test]
fn document_index_counts_checked_documents() {
    let stream = format!("---\n---\n{GOOD}---\n{}", GOOD.replace("Redshift", "redshift"));
    let folder = Folder::new(&[("stream.yaml", &stream)]);
    let report = folder.run(&["check", "stream.yaml", "--format", "json"]).exits(1).json();
    let numbers = [&report["files"][0]["document"], &report["files"][1]["document"]];
    assert_eq!((numbers, &report["summary"]["documents"]), ([&0.into(), &1.into()], &2.into()));
    let human = folder.run(&["check", "stream.yaml"]).exits(1).all();
    assert!(human.contains("(document 2)") && human.contains("2 documents in 1 file"), "{human}");
}

#[test]
fn directory_without_matching_files_is_an_error() {
    let folder = Folder::new(&[("d/readme.txt", "")]);
    insta::assert_snapshot!(folder.run(&["check", "d"]).all(), @r"
    --- stderr
    error: cannot read d: no `*.json`, `*.yaml` or `*.yml` files in this directory
    --- exit 2
    ");
}

#[test]
fn unreadable_file_does_not_stop_the_others() {
    let folder = Folder::new(&[("good.yaml", GOOD), ("bad.yaml", BAD)]);
    let run = folder.run(&["check", "gone.yaml", "good.yaml", "bad.yaml", "--format", "json"]).exits(2);
    assert_eq!(paths(&run.json()), ["good.yaml", "bad.yaml"]);
    assert_eq!(run.err, "error: cannot read gone.yaml: no such file or directory\n");
}

/// After `--`, every argument is a file, as hooks require.
#[test]
fn file_names_that_look_like_options_work_after_dashes() {
    let names = [
        "--fix",
        "--format=sarif",
        "--help.yaml",
        "--old=good.yaml",
        "--operation=get",
        "--quiet",
        "--stdin-filename=x.yaml",
        "-V.yaml",
        "-q",
    ];
    let files: Vec<(&str, &str)> =
        names.iter().map(|name| (*name, BAD)).chain([("good.yaml", GOOD)]).collect();
    let folder = Folder::new(&files);
    let check =
        |names: &[&str]| folder.run(&[&["check", "--format", "json", "--"], names].concat()).exits(1).json();
    assert_eq!(paths(&check(&names)), names);
    for name in names {
        assert_eq!(paths(&check(&[name])), [name]);
        assert_eq!(fs::read_to_string(folder.path(name)).expect("the file"), BAD);
    }
    // An option that comes too late is said to be one.
    let run = folder.run(&["check", "--", "--deny-warnings", "good.yaml"]).exits(2);
    assert_eq!(
        run.err,
        "error: cannot read --deny-warnings: no such file or directory; options must come before `--`\n"
    );
}

#[test]
fn invalid_utf8_is_a_diagnostic() {
    let folder = Folder::new(&[]);
    folder.write("latin1.yaml", b"type: Redshift\nautoBootstrap: false\nconfig:\n  database: M\xFCnchen\n");
    let run = folder.run(&["check", "latin1.yaml"]).exits(1);
    insta::assert_snapshot!(run.out, @r"
    error[syntax]: the text is not UTF-8
     --> latin1.yaml:4:14
      |
    4 |   database: …
      |             ^
      = help: save the file as UTF-8

    1 document in 1 file: 1 error
    ");
}

#[test]
fn too_large_file_is_a_diagnostic() {
    let folder = Folder::new(&[]);
    let big = " ".repeat(16 * 1024 * 1024 + 1);
    folder.write("big.yaml", big.as_bytes());
    let report = folder.run(&["check", "big.yaml", "--format", "json"]).exits(1).json();
    assert_eq!(codes(&report["files"][0]), ["too-large"]);
    assert_eq!(
        report["files"][0]["diagnostics"][0]["message"],
        "the file has 16777217 bytes; the limit is 16777216"
    );
    let run = folder.run_with(&["check", "-", "--format", "json"], &big, &[]).exits(1);
    assert_eq!(codes(&run.json()["files"][0]), ["too-large"]);
}

/// A large number of errors does not hide other errors.
#[test]
fn unlisted_diagnostics_are_counted() {
    let keys: Vec<String> = (0..1200).map(|at| format!("  k{at}: 1\n")).collect();
    let keys = keys.concat();
    let folder = Folder::new(&[("many.yaml", &GOOD.replace("config:\n", &format!("config:\n{keys}")))]);
    let check = |options: &[&str]| folder.run(&[&["check", "many.yaml"], options].concat()).exits(1);
    let report = check(&["--format", "json"]).json();
    let listed = codes(&report["files"][0]);
    assert_eq!((listed.len(), listed.last().copied()), (1001, Some("too-many-diagnostics")));
    assert_eq!((&report["summary"]["errors"], &report["files"][0]["valid"]), (&json!(1200), &json!(false)));
    let human = check(&["--max-diagnostics", "1"]).out;
    insta::assert_snapshot!(human, @r"
    error[unknown-property]: unknown property `k0` in `config`
     --> many.yaml:4:3
      |
    4 |   k0: <REDACTED>
      |   ^^
      = help: expected one of `host`, `port`, `database`, `initialDatabase`, `impersonation`, `authenticationType`, `username`, `password`, `okta`

    error[too-many-diagnostics]: not listed: 1199 errors
     --> many.yaml:4:3
      |
    4 |   k0: <REDACTED>
      |   ^^
      = help: fix the listed problems and check again; or list more with `bootshift check --max-diagnostics N`

    1 document in 1 file: 1200 errors
    ");
    let github = check(&["--format", "github", "--max-diagnostics", "1"]).out;
    assert_eq!(github.lines().count(), 2);
    let sarif = check(&["--format", "sarif", "--max-diagnostics", "5000"]).json();
    assert_eq!(sarif["runs"][0]["results"].as_array().map(Vec::len), Some(1200));
    for wrong in ["0", "-1", "x"] {
        folder.run(&["check", "many.yaml", &format!("--max-diagnostics={wrong}")]).exits(2);
    }
    // Warnings that are not listed fail a run that denies them.
    let folders = "database: Immuta";
    let doubtful = format!("---\n{}", GOOD.replace("database: immuta", folders).replace("cluster", "cN"));
    let stream: String = (0..3).map(|at| doubtful.replace("cN", &format!("c{at}"))).collect();
    folder.write("doubtful.yaml", stream.as_bytes());
    folder.run(&["check", "doubtful.yaml", "--max-diagnostics", "1"]).exits(0);
    folder.run(&["check", "doubtful.yaml", "--max-diagnostics", "1", "--deny-warnings"]).exits(1);
}

#[test]
fn limits_of_documents_and_values_are_enforced() {
    let two = format!("{GOOD}---\n{}", GOOD.replace("cluster", "other"));
    let folder = Folder::new(&[("two.yaml", &two)]);
    let check =
        |options: &[&str]| folder.run(&[&["check", "two.yaml", "--format", "json"], options].concat());
    check(&["--max-documents", "2", "--max-values", "20"]).exits(0);
    for options in [["--max-documents", "1"], ["--max-values", "19"]] {
        let report = check(&options).exits(1).json();
        assert_eq!(codes(&report["files"][0]), ["too-large"], "{options:?}");
        let help = report["files"][0]["diagnostics"][0]["help"].as_str().expect("a help").to_owned();
        assert!(help.contains(options[0]), "{help}");
    }
}

/// Documents of other programs do not count towards the limits.
#[test]
fn unrelated_documents_do_not_use_up_the_limits() {
    let others = "---\ntype: x\nautoBootstrap: 1\n".repeat(3);
    let stream = format!("{}---\nkind: List\n---\n{}", "---\nkind: List\n".repeat(30), BAD);
    let folder = Folder::new(&[("folder/stream.yaml", &stream), ("folder/others.yaml", &others)]);
    let report = folder.run(&["check", "folder/stream.yaml", "--format", "json"]).exits(1).json();
    assert_eq!(report["summary"]["documents"], 32);
    let run = folder.run(&["check", "folder", "--max-diagnostics", "2", "--format", "json"]).exits(1);
    let report = run.json();
    let files = report["files"].as_array().expect("files");
    let ours = files.iter().find(|file| file["path"] == "folder/stream.yaml").expect("the payload");
    assert_eq!((&ours["document"], codes(ours).len()), (&json!(31), 3));
}

#[test]
fn standard_input_is_checked() {
    let folder = Folder::new(&[("good.yaml", &GOOD.replace("cluster", "other"))]);
    let run = folder.run_with(&["check", "-", "good.yaml", "-", "--format", "json"], GOOD, &[]).exits(0);
    assert_eq!(paths(&run.json()), ["<stdin>", "good.yaml"]);
    let run = folder.run_with(&["check", "-", "--stdin-filename", "x/named.json"], GOOD, &[]).exits(1);
    assert!(run.out.contains("error[syntax]") && run.out.contains("--> x/named.json:1:1"), "{}", run.out);
    // Standard input is not a file that may be shared, so a secret in it is only a note.
    let literal = GOOD.replace("${BOOTSHIFT_TEST_PASSWORD}", "Abcdefgh1");
    let run = folder.run_with(&["check", "-", "--deny-warnings", "--format", "json"], &literal, &[]).exits(0);
    assert_eq!(run.json()["files"][0]["diagnostics"][0]["severity"], "note");
}

#[test]
fn warnings_can_be_denied() {
    let folder = Folder::new(&[("warn.yaml", &GOOD.replace("database: immuta\n", "database: Immuta\n"))]);
    folder.run(&["check", "warn.yaml"]).exits(0);
    folder.run(&["check", "warn.yaml", "--deny-warnings"]).exits(1);
    assert_eq!(folder.run(&["check", "warn.yaml", "--quiet"]).exits(0).out, "");
}

#[test]
fn conflicts_are_found_across_files() {
    let mut files = vec![("a.yaml".to_owned(), GOOD.to_owned())];
    // More than are held at once lie between the two.
    files.extend(
        (0..150).map(|number| (format!("b{number}.yaml"), GOOD.replace("cluster", &format!("c{number}")))),
    );
    files.push(("z.yaml".to_owned(), GOOD.replace("cluster", "CLUSTER")));
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let run = Folder::new(&files).run(&["check", "."]).exits(1);
    insta::assert_snapshot!(run.out, @r"
    error[integration-conflict]: host `CLUSTER.example.com` is already configured in `a.yaml`
     --> z.yaml:4:9
      |
    4 |   host: CLUSTER.example.com
      |         ^^^^^^^^^^^^^^^^^^^
      = help: Immuta allows one Redshift integration per host; update the existing one, or use another host
      = note: configured here: a.yaml:4:9

    152 documents in 152 files: 1 error
    ");
}

#[test]
fn documents_of_a_stream_are_named() {
    let stream = format!("{GOOD}---\n{}", GOOD.replace("host: cluster", "hots: second"));
    let run = Folder::new(&[("s.yaml", &stream)]).run(&["check", "s.yaml"]).exits(1);
    insta::assert_snapshot!(run.out, @r"
    error[unknown-property]: unknown property `hots` in `config`
      --> s.yaml:14:3 (document 2)
       |
    14 |   hots: <REDACTED>
       |   ^^^^
       = help: did you mean `host`?

    2 documents in 1 file: 1 error
    ");
}

#[test]
fn update_is_compared_with_the_old_payload() {
    let moved = GOOD.replace("database: immuta", "database: other");
    let folder = Folder::new(&[("old.yaml", GOOD), ("new.yaml", &moved), ("bad.yaml", BAD)]);
    let report = folder.run(&["check", "new.yaml", "--old", "old.yaml", "--format", "json"]).exits(1).json();
    assert_eq!(paths(&report), ["new.yaml"]);
    assert_eq!(report["files"][0]["operation"], "update");
    assert_eq!(codes(&report["files"][0]), ["not-editable"]);
    folder.run(&["check", "old.yaml", "--old", "old.yaml"]).exits(0);
    // Errors in the old payload are reported with its own path.
    let run = folder.run(&["check", "new.yaml", "--old", "bad.yaml", "--format", "json"]).exits(1);
    assert_eq!(paths(&run.json()), ["bad.yaml", "new.yaml"]);
    folder.run(&["check", "new.yaml", "--old", "gone.yaml"]).exits(2);
    let run = folder.run(&["check", "new.yaml", "--old", "old.yaml", "--operation", "create"]).exits(2);
    assert!(run.err.contains("`--old` requires"), "{}", run.err);
}

#[test]
fn delete_is_checked_against_auto_bootstrap() {
    let credentials = r#"{"authenticationType": "userPassword", "username": "u", "password": "${NAME}"}"#;
    let folder = Folder::new(&[("d.json", credentials), ("manual.yaml", GOOD)]);
    folder.run(&["check", "d.json", "--auto-bootstrap", "true"]).exits(0);
    let manual =
        ["check", "d.json", "--operation", "delete", "--auto-bootstrap", "false", "--format", "json"];
    assert_eq!(codes(&folder.run(&manual).exits(1).json()["files"][0]), ["credentials-not-allowed"]);
    let old = ["check", "d.json", "--operation", "delete", "--old", "manual.yaml", "--format", "json"];
    assert_eq!(codes(&folder.run(&old).exits(1).json()["files"][0]), ["credentials-not-allowed"]);
    let empty = ["check", "-", "--operation", "delete", "--auto-bootstrap", "true", "--format", "json"];
    assert_eq!(codes(&folder.run(&empty).exits(1).json()["files"][0]), ["credentials-required"]);
}

#[test]
fn api_error_is_explained() {
    let body = r#"{
  "statusCode": 400,
  "error": "Bad Request",
  "message": "Integrations that are automatically configured require privileged credentials to disable. Please provide them in your payload."
}"#;
    let folder = Folder::new(&[("error.json", body)]);
    insta::assert_snapshot!(
        "check_api_error",
        folder.run(&["check", "error.json", "--operation", "error"]).all()
    );
}

#[test]
fn check_requires_a_path() {
    insta::assert_snapshot!(Folder::new(&[]).run(&["check"]).all(), @r"
    --- stderr
    error: no files to check; pass files or directories, or `-` to read standard input

    Usage: bootshift check [OPTIONS] [PATH]...

    For more information, try '--help'.
    --- exit 2
    ");
}

#[test]
fn control_characters_in_paths_are_escaped() {
    let name = "a\u{1b}[31m\nb.yaml";
    let run = Folder::new(&[(name, BAD)]).run(&["check", name]).exits(1);
    assert!(run.out.contains("--> a\\u{1b}[31m\\nb.yaml:4:3\n"), "{}", run.out);
    // In every form that is read line by line, a name is in one line.
    let names =
        ["a\u{1b}[31m\n::error::b.yaml", "c\r::error::d.yaml", "e\u{b}\u{c}\u{85}\u{2028}::error::f.yaml"];
    for name in names {
        let folder = Folder::new(&[(name, BAD)]);
        let run = folder.run(&["check", "--format", "github", name]).exits(1);
        let lines: Vec<_> =
            run.out.split(|c: char| c.is_control() || "\u{2028}\u{2029}".contains(c)).collect();
        assert_eq!(lines.len(), run.out.lines().count() + 1, "{:?}", run.out);
        let starts = ["::error file=", "::warning file="];
        let is_ours = |line: &&str| line.is_empty() || starts.iter().any(|start| line.starts_with(start));
        assert!(lines.iter().all(is_ours), "{:?}", run.out);
        for format in ["json", "sarif"] {
            let run = folder.run(&["check", "--format", format, name]).exits(1);
            assert!(!run.out.contains(|c: char| c.is_ascii_control() && c != '\n'), "{:?}", run.out);
        }
    }
}

#[test]
fn closed_pipe_is_not_an_error() {
    let folder = Folder::new(&[]);
    for number in 0..3000 {
        folder.write(&format!("p{number}.yaml"), BAD.as_bytes());
    }
    let mut child = crate::program::bootshift()
        .args(["check", "."])
        .current_dir(folder.0.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command runs");
    let mut first = [0; 5];
    child.stdout.take().expect("a pipe").read_exact(&mut first).expect("five bytes");
    let mut err = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut err).expect("UTF-8");
    assert_eq!(&first, b"error");
    assert_eq!((child.wait().expect("an end").code(), err.as_str()), (Some(1), ""));
}

#[cfg(target_os = "linux")]
#[test]
fn full_disk_is_reported() {
    let output = crate::program::bootshift()
        .args(["schema", "create"])
        .stdout(fs::OpenOptions::new().write(true).open("/dev/full").expect("the device"))
        .output()
        .expect("the command runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("error: cannot write to standard output: "));
}

// --- script

fn with_password(folder: &Folder, arguments: &[&str]) -> Run {
    folder.run_with(arguments, "", &[("BOOTSHIFT_TEST_PASSWORD", SECRET)])
}

#[test]
fn every_script_is_written() {
    let changed = GOOD.replace("username: immuta_system", "username: another");
    let folder = Folder::new(&[("good.yaml", GOOD), ("new.yaml", &changed)]);
    for kind in ["initial-create", "create", "delete", "cleanup", "all"] {
        let run = with_password(&folder, &["script", kind, "good.yaml"]).exits(0);
        assert!(run.out.starts_with("-- Bootshift ") && run.out.ends_with('\n'), "{kind}: {}", run.out);
        assert!(!run.out.contains(SECRET));
        let json = with_password(&folder, &["script", kind, "good.yaml", "--format", "json"]).exits(0).json();
        assert_valid_by(SCRIPT_SCHEMA, &json);
        assert_eq!(json["kind"], kind);
    }
    let all = with_password(&folder, &["script", "all", "good.yaml"]).exits(0).out;
    let (first, second) =
        (all.find("CREATE DATABASE").expect("stage 1"), all.find("CREATE SCHEMA").expect("stage 2"));
    assert!(first < second);
    let edit = with_password(&folder, &["script", "edit", "new.yaml", "--from", "good.yaml"]).exits(0);
    assert!(edit.out.contains("\"another\""), "{}", edit.out);
    let psql = with_password(&folder, &["script", "all", "good.yaml", "--flavor", "psql"]).exits(0);
    // Of a text that begins with a backslash, `psql -c` runs nothing, and says nothing.
    assert!(psql.out.starts_with("-- Bootshift ") && psql.out.contains("\n\\set ON_ERROR_STOP on\n"));
    let api = with_password(&folder, &["script", "all", "good.yaml", "--flavor", "data-api"]).exits(0);
    assert!(api.json().is_object() || api.json().is_array());
}

#[test]
fn invalid_payload_has_no_script() {
    let folder = Folder::new(&[("bad.yaml", BAD)]);
    let run = folder.run(&["script", "all", "bad.yaml", "-o", "out/"]).exits(1);
    assert_eq!(run.out, "");
    assert!(run.err.contains("error[unknown-property]"), "{}", run.err);
    assert!(!run.err.contains(SECRET));
    assert!(!folder.path("out").exists());
}

#[test]
fn warnings_about_the_payload_go_to_standard_error() {
    let folder = Folder::new(&[("p.yaml", &GOOD.replace("${BOOTSHIFT_TEST_PASSWORD}", "Abcdefgh1"))]);
    let run = folder.run(&["script", "initial-create", "p.yaml"]).exits(0);
    assert!(run.err.contains("warning[plaintext-secret]"), "{}", run.err);
    assert!(run.out.starts_with("-- Bootshift"), "{}", run.out);
    let run = folder.run(&["script", "initial-create", "p.yaml", "--password", "sha256"]).exits(0);
    assert!(run.err.contains("warning: libpq clients"), "{}", run.err);
}

/// The script contains it once, as a literal, and no other form of it.
#[test]
fn plain_password_is_written_on_request() {
    let folder = Folder::new(&[("p.yaml", &GOOD.replace("${BOOTSHIFT_TEST_PASSWORD}", "Abcdefgh1"))]);
    let plain = folder.run(&["script", "initial-create", "p.yaml", "--password", "plain"]).exits(0);
    assert_eq!(plain.out.matches("PASSWORD 'Abcdefgh1';").count(), 1, "{}", plain.out);
    assert_eq!(plain.out.matches("Abcdefgh1").count(), 1, "{}", plain.out);
    let hashed = folder.run(&["script", "initial-create", "p.yaml"]).exits(0);
    assert!(!hashed.out.contains("Abcdefgh1"), "{}", hashed.out);
}

#[test]
fn conflicting_options_are_rejected() {
    let folder = Folder::new(&[("good.yaml", GOOD)]);
    for arguments in [
        &["script", "all", "good.yaml", "--format", "json", "--flavor", "psql"] as &[&str],
        &["script", "edit", "good.yaml", "--from", "good.yaml", "--format", "json", "--flavor", "psql"],
        &["script", "edit", "-", "--from", "-"],
        &["script", "all", "good.yaml", "--set-password"],
        &["script", "edit", "good.yaml", "--from", "good.yaml", "--set-password", "--existing-user"],
        &["check", "-", "--old", "-"],
    ] {
        let run = with_password(&folder, arguments).exits(2);
        assert_eq!(run.out, "", "{arguments:?}");
        assert!(run.err.contains("Usage:"), "{arguments:?}: {}", run.err);
    }
}

#[test]
fn unset_variable_is_an_error() {
    let folder = Folder::new(&[("good.yaml", GOOD)]);
    insta::assert_snapshot!(
        "script_unresolved",
        folder.run(&["script", "initial-create", "good.yaml"]).all()
    );
    // Nothing in this script needs the password.
    folder.run(&["script", "create", "good.yaml"]).exits(0);
}

/// What would be taken as it is: a database of that name, or the hash of that text.
const PLACEHOLDERS: [(&str, &str, &str); 7] = [
    ("database: immuta", "database: ${IMMUTA_DB}", "5:13"),
    ("username: immuta_system", "username: \"{{ user }}\"", "8:13"),
    ("autoBootstrap: false", "autoBootstrap: $AUTOMATIC", "2:16"),
    ("host: cluster.example.com", "host: <host>", "4:9"),
    ("${BOOTSHIFT_TEST_PASSWORD}", "$BOOTSHIFT_TEST_PASSWORD", "9:13"),
    ("${BOOTSHIFT_TEST_PASSWORD}", "|\n    ${BOOTSHIFT_TEST_PASSWORD}", "9:13"),
    ("${BOOTSHIFT_TEST_PASSWORD}", "ENC[AES256_GCM,data:dGVzdA==,type:str]", "9:13"),
];

#[test]
fn placeholder_is_a_warning_in_check_and_an_error_in_commands_that_use_values() {
    let mut uses = vec![
        vec!["script", "initial-create", "new.yaml", "-o", "out.sql"],
        vec!["script", "all", "new.yaml", "-o", "out"],
        vec!["script", "delete", "new.yaml"],
        vec!["script", "edit", "new.yaml", "--from", "good.yaml"],
        vec!["script", "edit", "good.yaml", "--from", "new.yaml"],
        vec!["check", "good.yaml", "--old", "new.yaml"],
        vec!["request", "create", "new.yaml"],
        vec!["request", "script-create", "new.yaml", "--format", "json"],
        vec!["redact", "new.yaml"],
    ];
    if edition() == Edition::Native {
        for command in ["apply", "remove"] {
            uses.push(vec![command, "new.yaml", "--yes", "--user", "nobody"]);
            uses.push(vec![command, ".", "--yes", "--user", "nobody"]);
        }
        uses.push(vec!["status", "new.yaml", "--user", "nobody"]);
    }
    for (from, to, place) in PLACEHOLDERS {
        assert!(GOOD.contains(from));
        let new = GOOD.replace(from, to);
        let folder = Folder::new(&[("good.yaml", GOOD), ("new.yaml", &new)]);
        let run = with_password(&folder, &["check", "new.yaml"]).exits(0);
        assert!(run.out.contains("warning[placeholder]"), "{}", run.out);
        assert!(run.out.contains(&format!("new.yaml:{place}\n")), "{}", run.out);
        with_password(&folder, &["check", "new.yaml", "--deny-warnings"]).exits(1);
        for arguments in &uses {
            let run = with_password(&folder, arguments).exits(1);
            let said = format!("{}{}", run.out, run.err);
            assert!(said.contains("error[placeholder]"), "{arguments:?}: {said}");
            assert!(said.contains(&format!("new.yaml:{place}\n")), "{arguments:?}: {said}");
            let names: Vec<_> = fs::read_dir(folder.0.path()).expect("the folder").collect();
            assert_eq!(names.len(), 2, "{arguments:?} writes nothing: {names:?}");
        }
        with_password(&folder, &["check", "new.yaml", "--fix"]).exits(0);
        assert_eq!(fs::read_to_string(folder.path("new.yaml")).expect("the file"), new);
    }
}

#[test]
fn fix_removes_invisible_characters() {
    let pasted = GOOD.replace("immuta\n", "immuta\u{A0}\n").replace("cluster", "clu\u{200B}ster");
    let folder = Folder::new(&[("a.yaml", &pasted)]);
    let run = folder.run(&["check", "a.yaml"]).exits(1);
    assert!(
        run.out.contains("error[suspicious-character]: U+200B zero width space in `host`"),
        "{}",
        run.out
    );
    assert!(
        run.out.contains("warning[suspicious-character]: U+00A0 no-break space at the end"),
        "{}",
        run.out
    );
    folder.run(&["check", "a.yaml", "--fix"]).exits(0);
    assert_eq!(fs::read_to_string(folder.path("a.yaml")).expect("the file"), GOOD);
}

/// Protects accounts from what CI systems make of a secret that they do not know.
#[test]
fn variable_without_a_usable_password_is_an_error() {
    let literal = GOOD.replace("${BOOTSHIFT_TEST_PASSWORD}", "Abcdefgh1");
    let folder = Folder::new(&[("good.yaml", GOOD), ("old.yaml", &literal)]);
    for (value, said) in [
        ("", "is set but empty"),
        ("\n", "is set but blank"),
        ("\u{FEFF}", "is set but blank"),
        ("Xyzzy7\u{FFFD}Plugh", "is not valid UTF-8"),
        ("${XYZZY_PLUGH}", "contains a placeholder that was not replaced"),
    ] {
        for arguments in [
            &["script", "initial-create", "good.yaml", "-o", "out/"] as &[&str],
            &["script", "initial-create", "good.yaml", "-o", "out.sql"],
            &["script", "all", "good.yaml", "--password", "plain", "--flavor", "psql", "-o", "out.sql"],
            &["script", "all", "good.yaml", "--password", "sha256", "--format", "json"],
            &["script", "edit", "good.yaml", "--from", "old.yaml", "-o", "out.sql"],
            &["script", "edit", "good.yaml", "--from", "good.yaml", "--set-password", "-o", "out.sql"],
        ] {
            let run = folder.run_with(arguments, "", &[("BOOTSHIFT_TEST_PASSWORD", value)]).exits(1);
            let message = format!(
                "error[unresolved-secret]: the environment variable `BOOTSHIFT_TEST_PASSWORD` {said}"
            );
            assert!(
                run.err.contains(&message) && run.err.contains("--> good.yaml:9:13"),
                "{value:?}: {}",
                run.err
            );
            assert_eq!(run.out, "");
            assert!(!run.err.to_ascii_lowercase().contains("xyzzy"), "{}", run.err);
            assert!(!folder.path("out").exists() && !folder.path("out.sql").exists());
        }
        let create =
            folder.run_with(&["script", "create", "good.yaml"], "", &[("BOOTSHIFT_TEST_PASSWORD", value)]);
        assert_eq!(create.exits(0).err, "");
        // No password is needed for it, and nothing depends on whether there is one.
        let edit = ["script", "edit", "good.yaml", "--from", "good.yaml"];
        let set = folder.run_with(&edit, "", &[("BOOTSHIFT_TEST_PASSWORD", value)]).exits(0);
        let unset = folder.run(&edit).exits(0);
        assert_eq!((set.out, set.err), (unset.out, unset.err), "{value:?}");
    }
    // What was in force before is gone; the new password is the one to set.
    let set = [("BOOTSHIFT_TEST_PASSWORD", "")];
    let edit = folder.run_with(&["script", "edit", "old.yaml", "--from", "good.yaml"], "", &set).exits(0);
    assert!(edit.out.contains("PASSWORD 'md5"), "{}", edit.out);
}

/// It is there, whatever its bytes are.
#[cfg(unix)]
#[test]
fn variable_with_invalid_utf8_is_not_reported_as_unset() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = Folder::new(&[("good.yaml", GOOD)]);
    for value in [&b"Abcdefgh1\xFF"[..], b"\xFF\xFEA", b"\xC3"] {
        let mut command = command();
        command.current_dir(folder.0.path()).args(["script", "all", "good.yaml"]);
        command.env("BOOTSHIFT_TEST_PASSWORD", std::ffi::OsStr::from_bytes(value));
        let run = Run::of(&command.output().expect("the command runs")).exits(1);
        assert!(run.err.contains("`BOOTSHIFT_TEST_PASSWORD` is not valid UTF-8"), "{}", run.err);
        assert!(!run.err.contains("Abcdef"), "{}", run.err);
    }
}

/// Protects those whose variable has a line break too many: a hash shows nothing of it.
#[test]
fn weak_password_from_a_variable_is_a_warning_on_standard_error() {
    let folder = Folder::new(&[("good.yaml", GOOD)]);
    let run = |value: &str, arguments: &[&str]| {
        let arguments = [&["script", "initial-create", "good.yaml"], arguments].concat();
        folder.run_with(&arguments, "", &[("BOOTSHIFT_TEST_PASSWORD", value)])
    };
    insta::assert_snapshot!(
        run("Xyzzy7Plugh\n", &[]).exits(0).err,
        @"warning: Redshift would reject the password in `BOOTSHIFT_TEST_PASSWORD` in clear text: it ends with a line break; set `BOOTSHIFT_TEST_PASSWORD` to the password only"
    );
    insta::assert_snapshot!(
        run("short", &[]).exits(0).err,
        @"warning: Redshift would reject the password in `BOOTSHIFT_TEST_PASSWORD` in clear text: it has fewer than 8 characters; see `bootshift explain weak-password` for the rules"
    );
    insta::assert_snapshot!(
        run("md5153c434b4b77c89e6b94f12c5393af5b", &[]).exits(0).err,
        @"warning: the value of `BOOTSHIFT_TEST_PASSWORD` looks like an MD5 hash; it is hashed again, so this text itself becomes the password; set `BOOTSHIFT_TEST_PASSWORD` to the password itself"
    );
    let json = run("short", &["--format", "json"]).exits(0);
    assert_valid_by(SCRIPT_SCHEMA, &json.json());
    assert_eq!(json.json()["warnings"].as_array().map(Vec::len), Some(1), "{}", json.out);
    assert!(json.err.starts_with("warning: "), "{}", json.err);
    assert_eq!(run(SECRET, &[]).exits(0).err, "");
}

/// Redshift would treat the clear text as a hash, and the account would have another password.
#[test]
fn password_hash_is_rejected_as_plain_password() {
    let hash = "md5153c434b4b77c89e6b94f12c5393af5b";
    let literal = GOOD.replace("${BOOTSHIFT_TEST_PASSWORD}", hash);
    let folder = Folder::new(&[("variable.yaml", GOOD), ("literal.yaml", &literal)]);
    for (file, subject) in
        [("variable.yaml", "the value of `BOOTSHIFT_TEST_PASSWORD`"), ("literal.yaml", "this password")]
    {
        let set = [("BOOTSHIFT_TEST_PASSWORD", hash)];
        let arguments = ["script", "all", file, "--password", "plain", "-o", "out/"];
        let run = folder.run_with(&arguments, "", &set).exits(1);
        let message = format!("error[hashed-password]: Redshift would treat {subject} as an MD5 hash");
        assert!(run.err.contains(&message) && run.err.contains(&format!("{file}:9:13")), "{}", run.err);
        // One mistake, told once.
        assert_eq!(run.err.matches("hashed-password").count(), 1, "{}", run.err);
        assert!(
            !run.err.contains("153c43") && run.out.is_empty() && !folder.path("out").exists(),
            "{}",
            run.err
        );
    }
    // Hashed once more, the text of the hash is the password: the check says what is wrong with that.
    let run = folder.run(&["script", "all", "literal.yaml"]).exits(0);
    assert_eq!(run.err.matches("warning[hashed-password]").count(), 1, "{}", run.err);
    assert!(!run.err.contains("weak-password") && !run.out.contains("153c43"), "{}", run.err);
}

/// Protects from a script that Redshift stops in the middle.
#[test]
fn invalid_plain_password_is_rejected() {
    let literal = GOOD.replace("${BOOTSHIFT_TEST_PASSWORD}", "xyzzyplugh");
    let folder = Folder::new(&[("variable.yaml", GOOD), ("literal.yaml", &literal)]);
    for (file, subject) in
        [("variable.yaml", "the password in `BOOTSHIFT_TEST_PASSWORD`"), ("literal.yaml", "this password")]
    {
        let set = [("BOOTSHIFT_TEST_PASSWORD", "xyzzyplugh")];
        let run =
            |form| folder.run_with(&["script", "all", file, "--password", form, "-o", "out/"], "", &set);
        let refused = run("plain").exits(1);
        let message =
            format!("error[weak-password]: Redshift would reject {subject}: it has no upper-case letter");
        assert!(refused.err.contains(&message), "{}", refused.err);
        assert!(refused.err.contains(&format!("{file}:9:13")), "{}", refused.err);
        // One mistake, told once.
        assert_eq!(refused.err.matches("Redshift would reject").count(), 1, "{}", refused.err);
        assert!(!refused.err.contains("xyzzy") && !folder.path("out").exists(), "{}", refused.err);
        run("md5").exits(0);
        std::fs::remove_dir_all(folder.path("out")).expect("the scripts");
    }
}

#[test]
fn edit_needs_only_the_new_password() {
    let old = GOOD.replace("BOOTSHIFT_TEST_PASSWORD", "BOOTSHIFT_TEST_OLD_PASSWORD");
    let folder = Folder::new(&[("old.yaml", &old), ("new.yaml", GOOD)]);
    let run = with_password(&folder, &["script", "edit", "new.yaml", "--from", "old.yaml"]).exits(0);
    assert!(run.out.contains("PASSWORD 'md5"), "{}", run.out);
    let run = folder.run(&["script", "edit", "new.yaml", "--from", "old.yaml"]).exits(1);
    assert!(
        run.err.contains("error[unresolved-secret]") && run.err.contains("--> new.yaml:9:13"),
        "{}",
        run.err
    );
}

/// Rotated under the name of one variable: the script may be empty, and the password in force another.
#[test]
fn edit_with_the_same_variable_suggests_set_password() {
    let folder = Folder::new(&[("good.yaml", GOOD)]);
    let edit = ["script", "edit", "good.yaml", "--from", "good.yaml"];
    let run = with_password(&folder, &edit).exits(0);
    insta::assert_snapshot!(run.all(), @r"
    --- stderr
    warning: cannot determine whether the password has changed, because both payloads read it from `${BOOTSHIFT_TEST_PASSWORD}`; if it has, use `--set-password` (`setPassword` in JavaScript)
    note: nothing to do: both payloads describe the same state in Redshift
    --- exit 0
    ");
    let json = with_password(&folder, &[&edit[..], &["--format", "json"]].concat()).exits(0).json();
    assert_valid_by(SCRIPT_SCHEMA, &json);
    assert!(
        json["warnings"][0].as_str().is_some_and(|warning| warning.contains("`--set-password`")),
        "{json}"
    );

    let asked = [&edit[..], &["--set-password"]].concat();
    let run = with_password(&folder, &asked).exits(0);
    assert_eq!(
        (run.out.matches("ALTER USER \"immuta_system\" PASSWORD 'md5").count(), run.err.as_str()),
        (1, "")
    );
    let run = folder.run(&asked).exits(1);
    assert!(run.err.contains("error[unresolved-secret]") && run.out.is_empty(), "{}", run.all());
}

/// Several drivers refuse a text without a statement; and what an earlier run left would be run for this one.
#[test]
fn edit_without_changes_writes_no_script() {
    let other = GOOD.replace("username: immuta_system", "username: another");
    let literal = |text: &str| text.replace("${BOOTSHIFT_TEST_PASSWORD}", "Abcdefgh1");
    let folder = Folder::new(&[("good.yaml", &literal(GOOD)), ("other.yaml", &literal(&other))]);
    let edit = |new: &str, rest: &[&str]| {
        let run = folder.run(&[&["script", "edit", new, "--from", "good.yaml"], rest].concat()).exits(0);
        let plain = run.err.lines().filter(|line| {
            !line.starts_with([' ', '|']) && line.starts_with(|c: char| c.is_ascii_lowercase())
        });
        let said: Vec<String> =
            plain.filter(|line| !line.contains("[plaintext-secret]")).map(str::to_owned).collect();
        (run.out, said.join("\n"))
    };
    let nothing = "note: nothing to do: both payloads describe the same state in Redshift";

    for flavor in ["plain", "psql"] {
        assert_eq!(edit("good.yaml", &["--flavor", flavor]), (String::new(), nothing.to_owned()));
    }
    // A list may be empty.
    for arguments in [["--flavor", "data-api"], ["--format", "json"]] {
        let (out, said) = edit("good.yaml", &arguments);
        let json: Value = serde_json::from_str(&out).expect("JSON");
        assert_eq!((&json["stages"], said.as_str()), (&json!([]), nothing));
    }

    // Nothing is made where there was nothing.
    for target in ["new/", "new.sql", "new/edit.sql"] {
        let said = format!("{nothing}\nnote: no files were written");
        assert_eq!(edit("good.yaml", &["-o", target]), (String::new(), said));
    }
    assert_eq!(listing(folder.0.path()), ["good.yaml", "other.yaml"]);

    // Scripts of an earlier change are removed.
    for (arguments, left) in [
        (&["-o", "sql/"] as &[&str], "sql/1-edit.sql"),
        (&["-o", "sql", "--flavor", "psql"], "sql/edit.psql"),
        (&["-o", "edit.sql"], "edit.sql"),
        (&["-o", "edit.psql", "--flavor", "psql"], "edit.psql"),
    ] {
        edit("other.yaml", arguments);
        assert!(folder.path(left).is_file(), "{left}");
        let (out, said) = edit("good.yaml", arguments);
        assert_eq!(out, "");
        assert_eq!(said, format!("{nothing}\nremoved {left}, the script of another change"));
        assert!(!folder.path(left).exists(), "{left}");
    }
    for arguments in [["-o", "list.json", "--flavor", "data-api"], ["-o", "list.json", "--format", "json"]] {
        edit("other.yaml", &arguments);
        assert_eq!(edit("good.yaml", &arguments).1, format!("{nothing}\nwrote list.json"));
        let list = fs::read_to_string(folder.path("list.json")).expect("a file");
        assert_eq!(serde_json::from_str::<Value>(&list).expect("JSON")["stages"], json!([]));
    }

    // Of other forms, nothing is removed that was not named, nor passed over in silence.
    edit("other.yaml", &["-o", "sql/", "--flavor", "psql"]);
    edit("other.yaml", &["-o", "sql/", "--flavor", "data-api"]);
    let as_well = |name: &str| {
        format!("warning: sql/{name} also exists and may be the script of another change; it was not changed")
    };
    let [psql, data_api] = ["edit.psql", "edit.data-api.json"].map(as_well);
    assert_eq!(
        edit("good.yaml", &["-o", "sql"]).1,
        format!("{nothing}\nnote: no files were written\n{psql}\n{data_api}")
    );
    let wrote = "wrote sql/edit.data-api.json";
    let said = edit("good.yaml", &["-o", "sql", "--flavor", "data-api"]).1;
    assert_eq!(said, format!("{nothing}\n{wrote}\n{psql}"));
    assert!(folder.path("sql/edit.psql").is_file());

    // Anything else stays: what is not Bootshift's, though it may speak of it, and scripts that are no edits.
    let initial = folder.run(&["script", "initial-create", "good.yaml"]).exits(0).out;
    for (name, text) in [
        ("mine.sql", "SELECT 1;\n"),
        ("notes.md", "# How\n-- Bootshift 0.1.0: edit, stage 1 of 1.\n"),
        ("create.sql", initial.as_str()),
        ("empty.sql", ""),
    ] {
        folder.write(name, text.as_bytes());
        let said = edit("good.yaml", &["-o", name]).1;
        let left = format!("{name} already exists and is not a Bootshift edit script; it was not changed");
        assert_eq!(said, format!("{nothing}\nwarning: {left}"));
        assert_eq!(fs::read_to_string(folder.path(name)).expect("the file"), text);
    }
}

/// A slip of the hand must not cost the payload.
#[test]
fn script_never_overwrites_its_payload() {
    let literal = GOOD.replace("${BOOTSHIFT_TEST_PASSWORD}", "Abcdefgh1");
    let other = literal.replace("username: immuta_system", "username: another");
    let folder = Folder::new(&[("old.yaml", &literal), ("new.yaml", &other)]);
    for target in ["old.yaml", "new.yaml", "./new.yaml"] {
        let run = folder.run(&["script", "edit", "new.yaml", "--from", "old.yaml", "-o", target]).exits(2);
        assert!(run.err.contains(&format!("`-o` would overwrite the payload {target}")), "{}", run.err);
    }
    folder.run(&["script", "initial-create", "old.yaml", "-o", "old.yaml"]).exits(2);
    assert_eq!(fs::read_to_string(folder.path("old.yaml")).expect("the file"), literal);
    assert_eq!(fs::read_to_string(folder.path("new.yaml")).expect("the file"), other);
}

#[cfg(unix)]
#[test]
fn only_readable_regular_scripts_are_removed() {
    let folder = Folder::new(&[("good.yaml", &GOOD.replace("${BOOTSHIFT_TEST_PASSWORD}", "Abcdefgh1"))]);
    let edit =
        |target: &str| folder.run(&["script", "edit", "good.yaml", "--from", "good.yaml", "-o", target]);
    // A link would be left to nothing.
    folder.write("old.sql", b"-- Bootshift 0.1.0: edit, stage 1 of 1.\n");
    std::os::unix::fs::symlink("old.sql", folder.path("link.sql")).expect("a link");
    let run = edit("link.sql").exits(2);
    assert!(run.err.contains("link.sql is a link to the script of another change"), "{}", run.err);
    assert!(folder.path("old.sql").is_file());
    // A device is none.
    edit("/dev/null").exits(0);
    assert!(!fs::metadata("/dev/null").expect("the device").is_file());
}

#[test]
fn automatic_payload_has_a_note() {
    let automatic = GOOD.replace("autoBootstrap: false", "autoBootstrap: true");
    let folder = Folder::new(&[("auto.yaml", &automatic), ("manual.yaml", GOOD)]);
    let run = with_password(&folder, &["script", "create", "auto.yaml"]).exits(0);
    insta::assert_snapshot!(run.err, @"note: `autoBootstrap` is `true`, which Immuta's own script endpoints do not accept; the script contains the statements of an automatic setup");
    let manual = with_password(&folder, &["script", "create", "manual.yaml"]).exits(0);
    assert_eq!((manual.err.as_str(), manual.out), ("", run.out));
    let changed = with_password(&folder, &["script", "edit", "auto.yaml", "--from", "manual.yaml"]).exits(1);
    assert!(changed.err.contains("error[not-editable]"), "{}", changed.err);
}

#[test]
fn edit_requires_the_old_payload() {
    let folder = Folder::new(&[("good.yaml", GOOD)]);
    insta::assert_snapshot!(folder.run(&["script", "edit", "good.yaml"]).all(), @r"
    --- stderr
    error: `script edit` requires the current payload; pass it with `--from OLD`

    Usage: bootshift script [OPTIONS] <KIND> <PAYLOAD>

    For more information, try '--help'.
    --- exit 2
    ");
    folder.run(&["script", "create", "good.yaml", "--from", "good.yaml"]).exits(2);
    folder.run_with(&["script", "edit", "-", "--from", "-"], GOOD, &[]).exits(2);
}

fn listing(path: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(path)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
        .collect();
    names.sort();
    names
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).expect("a file").permissions().mode() & 0o777
}

#[test]
fn scripts_are_written_to_files() {
    let folder = Folder::new(&[("good.yaml", GOOD), ("old.sql", "old")]);
    let run = with_password(&folder, &["script", "all", "good.yaml", "-o", "new/sql"]).exits(0);
    assert_eq!(
        (run.out.as_str(), run.err.as_str()),
        ("", "wrote new/sql/1-initial-create.sql\nwrote new/sql/2-create.sql\n")
    );
    assert_eq!(listing(&folder.path("new/sql")), ["1-initial-create.sql", "2-create.sql"]);

    let run = with_password(&folder, &["script", "create", "good.yaml", "-o", "old.sql"]).exits(0);
    assert_eq!(run.err, "wrote old.sql\n");
    let text = fs::read_to_string(folder.path("old.sql")).expect("a file");
    assert_eq!(text, with_password(&folder, &["script", "create", "good.yaml"]).out);

    with_password(&folder, &["script", "create", "good.yaml", "-o", "one/"]).exits(0);
    assert_eq!(listing(&folder.path("one")), ["1-create.sql"]);
    with_password(&folder, &["script", "create", "good.yaml", "-o", "one", "--format", "json"]).exits(0);
    assert_eq!(listing(&folder.path("one")), ["1-create.sql", "create.json"]);
    let run = with_password(&folder, &["script", "create", "good.yaml", "-o", "gone/x.sql"]).exits(2);
    assert_eq!(run.err, "error: cannot write gone/x.sql: no such directory\n");
    let run = with_password(&folder, &["script", "all", "good.yaml", "-o", "old.sql"]).exits(2);
    assert_eq!(
        run.err,
        "error: this script has 2 files, but old.sql is a file; pass a directory, or use `--flavor psql` to write a single file\n"
    );
    // No temporary file is left.
    assert_eq!(listing(folder.0.path()), ["good.yaml", "new", "old.sql", "one"]);
}

#[cfg(unix)]
#[test]
fn script_with_a_secret_is_readable_only_by_its_owner() {
    let folder = Folder::new(&[("good.yaml", GOOD), ("1-initial-create.sql", "readable by all")]);
    with_password(&folder, &["script", "all", "good.yaml", "-o", "."]).exits(0);
    assert_eq!(mode(&folder.path("1-initial-create.sql")), 0o600);
    // The other file has the default mode.
    fs::write(folder.path("plain"), "").expect("a file");
    assert_eq!(mode(&folder.path("2-create.sql")), mode(&folder.path("plain")));
    // A link stays one, and its file is replaced.
    std::os::unix::fs::symlink("2-create.sql", folder.path("link.sql")).expect("a link");
    with_password(&folder, &["script", "create", "good.yaml", "-o", "link.sql", "--format", "json"]).exits(0);
    assert!(folder.path("link.sql").is_symlink());
    assert!(fs::read_to_string(folder.path("2-create.sql")).expect("a file").starts_with('{'));
    // A device is written to, not replaced.
    with_password(&folder, &["script", "create", "good.yaml", "-o", "/dev/null"]).exits(0);
    assert!(!fs::metadata("/dev/null").expect("the device").is_file());
}

#[test]
fn write_errors_have_the_message_of_the_system() {
    let files = [("good.yaml", GOOD), ("d/2-create.sql/x", ""), ("d/1-initial-create.sql", "old")];
    let folder = Folder::new(&files);
    #[cfg(unix)]
    let changed = || {
        use std::os::unix::fs::MetadataExt as _;
        let metadata = fs::metadata(folder.path("d/1-initial-create.sql")).expect("a file");
        (metadata.ctime(), metadata.ctime_nsec())
    };
    #[cfg(unix)]
    let before = changed();
    let run = with_password(&folder, &["script", "all", "good.yaml", "-o", "d"]).exits(2);
    // All or none: the first file is not replaced before it is known that there is no place for the second.
    assert_eq!(fs::read_to_string(folder.path("d/1-initial-create.sql")).expect("a file"), "old");
    #[cfg(unix)]
    assert_eq!(changed(), before, "nor is it put back");
    #[cfg(unix)]
    assert_eq!(run.err, "error: cannot write d/2-create.sql: is a directory\n");
    assert!(run.err.starts_with("error: cannot write d"), "{}", run.err);
    assert!(listing(&folder.path("d")).iter().all(|name| !name.starts_with('.')));
    #[cfg(target_os = "linux")]
    for (target, reason) in [
        ("good.yaml/x.sql", "Not a directory (os error 20)"),
        ("good.yaml/x/", "Not a directory (os error 20)"),
        (&"x".repeat(300), "File name too long (os error 36)"),
    ] {
        let run = with_password(&folder, &["script", "create", "good.yaml", "-o", target]).exits(2);
        assert_eq!(run.err, format!("error: cannot write {target}: {reason}\n"));
    }
}

#[test]
fn stream_of_documents_has_no_script() {
    let folder = Folder::new(&[("s.yaml", &format!("{GOOD}---\n{GOOD}"))]);
    let run = folder.run(&["script", "create", "s.yaml"]).exits(2);
    assert!(run.err.starts_with("error: expected one document in s.yaml, found 2\n"), "{}", run.err);
}

// --- request, redact

#[test]
fn request_formats() {
    let folder = Folder::new(&[("good.yaml", GOOD)]);
    let json = folder
        .run(&[
            "request",
            "update",
            "good.yaml",
            "--id",
            "7",
            "--url",
            "https://immuta.example.com",
            "--format",
            "json",
        ])
        .exits(0)
        .json();
    assert_eq!(json["method"], "PUT");
    assert_eq!(json["url"], "https://immuta.example.com/integrations/7");
    assert_eq!(json["body"]["config"]["password"], "${BOOTSHIFT_TEST_PASSWORD}");
    let http = folder.run(&["request", "get", "--id", "7", "--format", "http"]).exits(0);
    assert!(http.out.starts_with("GET /integrations/7 HTTP/1.1\n"), "{}", http.out);
    for operation in ["list", "status", "delete"] {
        assert!(folder.run(&["request", operation]).exits(0).out.contains("curl"), "{operation}");
    }
    let piped = folder.run_with(&["request", "create", "-"], GOOD, &[]).exits(0);
    assert_eq!(piped.out, folder.run(&["request", "create", "good.yaml"]).exits(0).out);

    let run = folder.run(&["request", "create"]).exits(2);
    assert!(
        run.err.contains("`create` requires a payload") && run.err.contains("Usage: bootshift request"),
        "{}",
        run.err
    );
    folder.run(&["request", "list", "good.yaml"]).exits(2);
    folder.run(&["request", "error"]).exits(2);
    folder.run(&["request", "list", "--url", "ftp://x"]).exits(2);
    folder.run(&["request", "get", "--id", ".."]).exits(2);
    folder.write("bad.yaml", BAD.as_bytes());
    let run = folder.run(&["request", "create", "bad.yaml"]).exits(1);
    assert!(run.out.is_empty() && run.err.contains("error[unknown-property]"), "{}", run.err);
}

#[test]
fn redact_prints_the_response() {
    let literal = GOOD.replace("${BOOTSHIFT_TEST_PASSWORD}", SECRET);
    let folder = Folder::new(&[("good.yaml", GOOD), ("literal.yaml", &literal)]);
    let run = folder.run(&["redact", "literal.yaml"]).exits(0);
    assert!(!run.all().contains(SECRET));
    assert_eq!(run.json()["config"]["port"], 5439);
    assert_eq!(run.json()["config"]["password"], "<REDACTED>");
    folder.write("get.json", run.out.as_bytes());
    folder.run(&["check", "get.json", "--operation", "get"]).exits(0);
}

// --- reference

#[test]
fn schema_prints_and_lists() {
    let folder = Folder::new(&[]);
    insta::assert_snapshot!("schema_list", folder.run(&["schema"]).exits(0).out);
    for line in folder.run(&["schema"]).out.lines() {
        let name = line.split(' ').next().expect("a name");
        let schema = folder.run(&["schema", name]).exits(0).json();
        assert!(jsonschema::draft7::meta::is_valid(&schema), "{name}");
    }
    let run = folder.run(&["schema", "creat"]).exits(2);
    assert!(run.err.contains("a similar value exists: 'create'"), "{}", run.err);
}

#[test]
fn explain_prints_and_lists() {
    let folder = Folder::new(&[]);
    insta::assert_snapshot!("explain_list", folder.run(&["explain"]).exits(0).out);
    insta::assert_snapshot!("explain_one", folder.run(&["explain", "host-not-bare"]).exits(0).out);
    let mut explained = Vec::new();
    for code in bootshift::check::Code::ALL {
        let out = folder.run(&["explain", code.as_str()]).exits(0).out;
        let json = folder.run(&["explain", code.as_str(), "--format", "json"]).exits(0).json();
        assert_eq!(
            (&json["code"], &json["severity"]),
            (&code.as_str().into(), &code.severity().as_str().into())
        );
        assert!(out.contains(json["title"].as_str().expect("a title")), "{out}");
        explained.push(json);
        assert!(out.starts_with(&format!("{}[{code}]: ", code.severity().as_str())), "{out}");
    }
    let all = folder.run(&["explain", "--format", "json"]).exits(0).json();
    assert_eq!(all, Value::Array(explained));
    insta::assert_snapshot!(folder.run(&["explain", "syntx"]).all(), @r"
    --- stderr
    error: invalid value 'syntx' for '[CODE]'

      tip: a similar value exists: 'syntax'
      tip: `bootshift explain` lists the codes

    For more information, try '--help'.
    --- exit 2
    ");
}

/// The commands that have a help text of their own.
fn commands() -> Vec<&'static str> {
    let runner: &[&str] =
        if edition() == Edition::Native { &["apply", "status", "remove", "doctor"] } else { &[] };
    let server: &[&str] = if edition() == Edition::Npm { &[] } else { &["lsp"] };
    let first: &[&str] = &["check", "script", "request", "redact"];
    [first, runner, server, &["schema", "explain", "completions", "man"]].concat()
}

#[test]
fn completions_and_manual_pages() {
    let folder = Folder::new(&[]);
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let out = folder.run(&["completions", shell]).exits(0).out;
        assert!(out.contains("bootshift") && out.contains("deny-warnings"), "{shell}");
    }
    assert!(folder.run(&["man"]).exits(0).out.contains(".TH bootshift 1"));
    folder.run(&["man", "--out", "man/man1"]).exits(0);
    let mut pages: Vec<String> = commands()
        .iter()
        .map(|command| format!("bootshift-{command}.1"))
        .chain(["bootshift.1".to_owned()])
        .collect();
    pages.sort_unstable();
    assert_eq!(listing(&folder.path("man/man1")), pages);
}

#[test]
fn help_of_every_command() {
    let folder = Folder::new(&[]);
    // With the runner, or without the language server, the list of commands is another.
    let commands_of = match edition() {
        Edition::Npm => "_wasm",
        Edition::Native => "_native",
        Edition::Default => "",
    };
    for flag in ["-h", "--help"] {
        let name = format!("help_{}{commands_of}", flag.trim_start_matches('-'));
        insta::assert_snapshot!(name, folder.run(&[flag]).exits(0).out);
    }
    for command in commands() {
        let run = folder.run(&[command, "--help"]).exits(0);
        assert!(run.out.contains("Example"), "{}", run.out);
        insta::assert_snapshot!(format!("help_{command}"), run.out);
    }
    let bare = folder.run(&[]).exits(2);
    assert!(bare.err.contains("Usage: bootshift [OPTIONS] <COMMAND>"), "{}", bare.err);
}

#[test]
fn help_wraps_at_the_terminal_width() {
    let folder = Folder::new(&[]);
    for (columns, fewest, most) in [("60", 50, 60), ("500", 90, 100), ("wide", 90, 100)] {
        let run = folder.run_with(&["check", "--help"], "", &[("COLUMNS", columns)]).exits(0);
        // The examples are set as they are.
        let described = run.out.split("Operations:").next().expect("a text");
        let widest = described.lines().map(|line| line.chars().count()).max();
        assert!(
            widest.is_some_and(|widest| (fewest..=most).contains(&widest)),
            "{columns}: {widest:?}\n{}",
            run.out
        );
    }
}

#[test]
fn usage_errors_are_colored() {
    let folder = Folder::new(&[("good.yaml", GOOD)]);
    let escape = "\u{1b}[";
    // What clap finds, before it is known what `--color` says, and what it does not.
    let force = [("CLICOLOR_FORCE", "1")];
    assert!(folder.run_with(&["chekc"], "", &force).exits(2).err.contains(escape));
    assert!(folder.run_with(&["--help"], "", &force).exits(0).out.contains(escape));
    assert!(!folder.run(&["chekc"]).exits(2).err.contains(escape));
    let edit = ["script", "edit", "good.yaml", "--color"];
    assert!(folder.run(&[&edit[..], &["always"]].concat()).exits(2).err.contains(escape));
    assert!(!folder.run_with(&[&edit[..], &["never"]].concat(), "", &force).exits(2).err.contains(escape));
}

#[test]
fn possible_secrets_in_arguments_are_not_repeated() {
    let folder = Folder::new(&[("good.yaml", GOOD)]);
    let json = format!("{{\"config\": {{\"password\": \"{SECRET}\"}}}}");
    let yaml = format!("password: {SECRET}");
    for arguments in [
        &["check", &json][..],
        &["check", &yaml],
        &["script", "create", &json],
        &["script", &json, "create"],
        &["script", "create", "good.yaml", SECRET],
        &["script", "create", "good.yaml", "--password", SECRET],
        &["script", "create", "good.yaml", &format!("--password={SECRET}")],
        &["script", "edit", "good.yaml", "--from", &json],
        &["request", &json],
        &["request", "create", &json],
        &["request", "create", "good.yaml", SECRET],
        &["redact", &yaml],
        &["explain", &json],
        &["schema", &json],
        &["completions", &json],
        &["check", "good.yaml", "--operation", &json],
        &["check", "good.yaml", "--old", &json],
        &["check", "good.yaml", "--format", &json],
        &[&json],
    ] {
        let run = folder.run(arguments).exits(2);
        assert!(!run.all().contains(SECRET), "{arguments:?}: {}", run.all());
        assert!(run.err.starts_with("error: "), "{}", run.err);
    }
}

#[test]
fn delayed_standard_input_is_read_completely() {
    let mut child = crate::program::bootshift()
        .args(["check", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the command runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    for line in GOOD.lines() {
        stdin.write_all(line.as_bytes()).expect("a line");
        stdin.write_all(b"\n").expect("a line break");
        stdin.flush().expect("a flush");
    }
    drop(stdin);
    assert_eq!(child.wait_with_output().expect("an end").status.code(), Some(0));
}

// --- check --fix

/// What can mean one thing only, beside what cannot.
const CLUMSY: &str = "\
# Kept: \u{e9} \u{1d11e}\r
type: redshift\r
autoBootstrap: no   # by hand\r
config:\r
  Host: https://cluster.example.com:5439/\r
  port: \"5439\"\r
  database: Immuta\r
  initialDatabase: dev\r
  authenticationType: userpassword\r
  usrname: immuta_system\r
  password: 90210903146\r
";

#[test]
fn fix_applies_safe_fixes_and_reports_the_rest() {
    let folder = Folder::new(&[("clumsy.yaml", CLUMSY)]);
    let run = folder.run(&["check", "clumsy.yaml", "--fix"]);
    insta::assert_snapshot!(run.all(), @r#"
    error[unknown-property]: unknown property `usrname` in `config`
      --> clumsy.yaml:10:3
       |
    10 |   usrname: <REDACTED>
       |   ^^^^^^^
       = help: did you mean `username`?

    warning[weak-password]: Redshift would reject this password: it has no upper-case letter
      --> clumsy.yaml:11:13
       |
    11 |   password: <REDACTED>
       |             ^^^^^^^^^^
       = help: use 8 to 64 printable ASCII characters, with an upper-case letter, a lower-case letter and a digit, and without `'`, `"`, `\`, `/`, `@` and space

    warning[plaintext-secret]: `password` is in plain text
      --> clumsy.yaml:11:13
       |
    11 |   password: <REDACTED>
       |             ^^^^^^^^^^
       = help: write `${REDSHIFT_PASSWORD}` and set the environment variable `REDSHIFT_PASSWORD`

    fixed 8 problems in 1 file
    1 document in 1 file: 1 error, 2 warnings
    --- stderr
    --- exit 1
    "#);
    let text = fs::read_to_string(folder.path("clumsy.yaml")).expect("the file");
    let expected = CLUMSY
        .replace("redshift", "Redshift")
        .replace("no ", "false ")
        .replace("Host: https://cluster.example.com:5439/", "host: cluster.example.com")
        .replace("\"5439\"", "5439")
        .replace("Immuta\r", "immuta\r")
        .replace("userpassword", "userPassword")
        .replace("90210903146", "\"90210903146\"");
    assert_eq!(text, expected);
    let again = folder.run(&["check", "clumsy.yaml", "--fix"]).exits(1);
    assert!(again.out.contains("\nno problems fixed\n"), "{}", again.out);
    assert_eq!(fs::read_to_string(folder.path("clumsy.yaml")).expect("the file"), text);
}

#[test]
fn fix_works_with_every_format_and_prints_no_secret() {
    for format in ["json", "sarif", "github"] {
        let folder = Folder::new(&[("clumsy.yaml", CLUMSY)]);
        let run = folder.run(&["check", "clumsy.yaml", "--fix", "--format", format]).exits(1);
        assert_eq!(run.err, "note: fixed 8 problems in 1 file\n");
        assert!(!run.all().contains("902109"), "{format}: {}", run.all());
        if format == "json" {
            assert_valid_by(REPORT_SCHEMA, &run.json());
            assert_eq!(
                codes(&run.json()["files"][0]),
                ["unknown-property", "weak-password", "plaintext-secret"]
            );
        }
        let quiet =
            Folder::new(&[("a.yaml", CLUMSY)]).run(&["check", "a.yaml", "--fix", "-q", "--format", format]);
        assert_eq!(quiet.err, "");
    }
    let folder = Folder::new(&[("fine.yaml", &CLUMSY.replace("usrname", "username"))]);
    let run = folder.run(&["check", "fine.yaml", "--fix", "-q"]).exits(0);
    assert_eq!(run.all(), "--- stderr\n--- exit 0\n");
    folder.run(&["check", "fine.yaml", "--fix", "--deny-warnings", "-q"]).exits(1);
}

/// Nothing that may belong to another program is touched, unless it is named.
#[test]
fn fix_in_a_directory_does_not_change_other_documents() {
    let other = "config:\n  Host: a.example.com\n  port: \"8080\"\n";
    let loose = "{\"compilerOptions\": {\"strict\": true,},}\n";
    let files = [
        ("d/app.yaml", other),
        ("d/tsconfig.json", loose),
        ("d/two.yaml", &format!("{other}---\n{CLUMSY}")),
        ("d/payload.json", "{\"autoBootstrap\": true,}"),
    ];
    let folder = Folder::new(&files);
    let run = folder.run(&["check", "d", "--fix"]).exits(1);
    assert!(run.out.contains("\nfixed 9 problems in 2 files\n"), "{}", run.out);
    let read = |name| fs::read_to_string(folder.path(name)).expect("a file");
    assert_eq!(read("d/app.yaml"), other);
    assert_eq!(read("d/tsconfig.json"), loose);
    assert!(read("d/two.yaml").starts_with(other));
    assert_eq!(read("d/payload.json"), "{\"autoBootstrap\": true}");
    folder.run(&["check", "d/app.yaml", "--fix"]).exits(1);
    assert_eq!(read("d/app.yaml"), "config:\n  host: a.example.com\n  port: 8080\n");
}

#[test]
fn fix_requires_a_writable_file() {
    let folder = Folder::new(&[("clumsy.yaml", CLUMSY)]);
    let run = folder.run_with(&["check", "-", "--fix"], CLUMSY, &[]).exits(2);
    assert!(
        run.err.starts_with(
            "error: `--fix` cannot be used with standard input; pass a file name instead of `-`"
        )
    );
    assert_eq!(run.out, "");
    #[cfg(unix)]
    {
        // A device, and a file that is none of those: it is reported as it is.
        let run = folder.run_with(&["check", "/dev/stdin", "--fix"], CLUMSY, &[]).exits(2);
        assert!(run.err.contains("cannot write /dev/stdin: not a regular file"), "{}", run.err);
        assert!(run.out.contains("no problems fixed"), "{}", run.out);
        assert!(run.out.contains("error[host-not-bare]") || run.out.contains("`Host`"), "{}", run.out);
    }
    assert_eq!(fs::read_to_string(folder.path("clumsy.yaml")).expect("the file"), CLUMSY);
    let left: Vec<_> = fs::read_dir(folder.path(".")).expect("the folder").collect();
    assert_eq!(left.len(), 1);
}

#[cfg(unix)]
#[test]
fn fix_keeps_links_and_permissions() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = Folder::new(&[("d/clumsy.yaml", CLUMSY)]);
    let file = folder.path("d/clumsy.yaml");
    for mode in [0o640, 0o604, 0o600, 0o755] {
        fs::write(&file, CLUMSY).expect("the file");
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).expect("permissions");
        let link = folder.path(&format!("link-{mode:o}.yaml"));
        symlink("d/clumsy.yaml", &link).expect("a link");
        folder.run(&["check", &format!("link-{mode:o}.yaml"), "--fix", "-q"]).exits(1);
        assert!(fs::symlink_metadata(&link).expect("the link").is_symlink());
        assert!(fs::read_to_string(&file).expect("the file").contains("type: Redshift"));
        assert_eq!(fs::metadata(&file).expect("the file").permissions().mode() & 0o7777, mode);
    }
}

/// A link in a directory may lead out of it, for example to a file that a pull request chose.
#[cfg(unix)]
#[test]
fn fix_does_not_follow_links_found_in_directories() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new(&[("outside.yaml", CLUMSY), ("d/own.yaml", CLUMSY)]);
    symlink("../outside.yaml", folder.path("d/link.yaml")).expect("a link");
    for arguments in [["check", "--fix", "d"], ["check", "--fix", "d/."]] {
        let run = folder.run(&arguments).exits(1);
        assert_eq!(fs::read_to_string(folder.path("outside.yaml")).expect("a file"), CLUMSY);
        assert!(
            run.err.ends_with("link.yaml, a link; pass it by name to change its target\n"),
            "{}",
            run.err
        );
    }
    assert_ne!(fs::read_to_string(folder.path("d/own.yaml")).expect("a file"), CLUMSY);
    folder.run(&["check", "--fix", "d/link.yaml"]).exits(1);
    assert_ne!(fs::read_to_string(folder.path("outside.yaml")).expect("a file"), CLUMSY);
}

/// What a run that was killed has left may hold the hash of a password.
#[test]
fn temporary_files_of_killed_runs_are_removed() {
    // The native command and the one for Node.js know their own.
    let is_npm = edition() == Edition::Npm;
    let left = if is_npm { ".bootshift-npm-4194305-0" } else { ".bootshift-a1B2c3" };
    for target in ["d", "d/one.psql"] {
        let mine = [".bootshift-mine.yaml", ".bootshift-mine", ".bootshift-a1B2c3d", ".bootshift-npm-x-0"];
        let files: Vec<String> = mine.iter().map(|name| format!("d/{name}")).collect();
        let files: Vec<_> =
            files.iter().map(|name| (name.as_str(), "")).chain([("good.yaml", GOOD)]).collect();
        let folder = Folder::new(&files);
        folder.write(&format!("d/{left}"), b"md5");
        with_password(&folder, &["script", "all", "good.yaml", "--flavor", "psql", "-o", target]).exits(0);
        let names = listing(&folder.path("d"));
        assert!(!names.contains(&left.to_owned()), "{names:?}");
        assert!(mine.iter().all(|name| names.contains(&(*name).to_owned())), "{names:?}");
    }
    // A file that is fixed may hold the password itself.
    let fixable = GOOD.replace("autoBootstrap: false", "autoBootstrap: no");
    let another = fixable.replace("cluster.", "another.");
    let folder = Folder::new(&[("d/a.yaml", &fixable), ("d/b.yaml", &another)]);
    folder.write(&format!("d/{left}"), b"password");
    folder.run(&["check", "d", "--fix"]).exits(0);
    assert_eq!(listing(&folder.path("d")), ["a.yaml", "b.yaml"]);
}

/// The author of a pull request chooses names, keys and values, and CI systems run commands that they find in the log.
#[test]
fn output_contains_no_ci_log_commands() {
    let commands = ["::notice::x", "##[section]x", "##vso[task.debug]x", "##teamcity[progressMessage 'x']"];
    let is_command = |line: &str| {
        line.trim_start().starts_with("::")
            || ["##[", "##vso[", "##teamcity["].iter().any(|start| line.contains(start))
    };
    let answer = r#"{"statusCode": 409, "error": "Conflict",
"message": "Redshift integration already exists on host a.example.com (id = 1)"}"#;
    let error = r###"{"statusCode": 400, "error": "Bad Request", "message": "##vso[task.debug]x"}"###;
    for (index, command) in commands.iter().enumerate() {
        let key = BAD.replace("hots:", &format!("\"{command}\":"));
        let value = BAD.replace("userPasswrd", &format!("\"{command}\""));
        let names = [format!("{command}.json"), format!("{command}.yaml"), format!("{index}.yaml")];
        let files = [answer, key.as_str(), value.as_str()];
        let files: Vec<_> = names.iter().map(String::as_str).zip(files).collect();
        // Windows has no such file names.
        let files = if cfg!(windows) { &files[2..] } else { &files[..] };
        let folder = Folder::new(files);
        folder.write("error.json", error.as_bytes());
        for (variable, value) in [("CI", "true"), ("TF_BUILD", "True"), ("TEAMCITY_VERSION", "2026.1")] {
            let mut arguments = vec!["check", "--"];
            arguments.extend(files.iter().map(|(name, _)| *name));
            arguments.extend(["error.json", command, "gone\n::notice::x", "##vso[task.debug]"]);
            for arguments in [
                &arguments[..],
                &["script", "create", "--", arguments[2]],
                &["script", "create", "--", command],
                &["script", "create", "--", "0.yaml", command],
                &["explain", command],
                &[command],
            ] {
                let run = folder.run_with(arguments, "", &[(variable, value)]);
                let all = format!("{}\n{}", run.out, run.err);
                let found: Vec<_> = all.split(['\n', '\r']).filter(|line| is_command(line)).collect();
                assert!(found.is_empty(), "{found:?} of {arguments:?}:\n{all}");
            }
        }
        // Elsewhere a line of a payload is shown as it is.
        let run = folder.run(&["check", &format!("{index}.yaml")]).exits(1);
        assert!(run.out.contains(command), "{}", run.out);
    }
}

#[test]
fn url_passed_as_a_path_is_not_repeated() {
    let folder = Folder::new(&[("good.yaml", GOOD)]);
    for url in ["https://u:Tr0ub4dor-and-3@a.example.com/x.yaml", "s3:/bucket/x?token=Tr0ub4dor-and-3"] {
        for arguments in [
            &["check", url][..],
            &["check", "good.yaml", "--old", url],
            &["script", "create", url],
            &["request", "create", url],
            &["redact", url],
        ] {
            let run = folder.run(arguments).exits(2);
            assert!(run.err.contains("looks like a URL; download the file first"), "{}", run.err);
            assert!(!run.err.contains("Tr0ub4dor"), "{}", run.err);
        }
        let run = with_password(&folder, &["script", "create", "good.yaml", "-o", url]).exits(2);
        assert_eq!(run.err, "error: cannot write a path that looks like a URL: no such directory\n");
    }
    // A drive of Windows is none, nor is an `@` by itself.
    for path in ["C:/gone.yaml", "C:/a@b/gone.yaml", "a:b/c@d.yaml"] {
        let run = folder.run(&["check", path]).exits(2);
        assert_eq!(run.err, format!("error: cannot read {path}: no such file or directory\n"));
    }
}

/// Whatever describes a connection has its password somewhere.
#[test]
fn connection_string_passed_as_a_path_is_not_repeated() {
    let folder = Folder::new(&[("good.yaml", GOOD), ("a=b.yaml", BAD)]);
    for (given, shown) in [
        ("jdbc:redshift://h:5439/dev?user=u&password=Tr0ub4dor-and-3", None),
        ("jdbc:redshift:iam://u:Tr0ub4dor-and-3@h:5439/dev", None),
        ("<https://u:Tr0ub4dor-and-3@a.example.com>", None),
        ("./https://a.example.com/Tr0ub4dor-and-3", None),
        ("--x=https://u:Tr0ub4dor-and-3@a.example.com", None),
        ("//u:Tr0ub4dor-and-3@a.example.com/x.yaml", None),
        ("https:u:Tr0ub4dor-and-3@a.example.com", None),
        ("u:Tr0ub4dor-and-3@a.example.com", None),
        ("host=a.example.com password=Tr0ub4dor-and-3", Some("host=…")),
        ("PGPASSWORD=Tr0ub4dor-and-3", Some("PGPASSWORD=…")),
        ("a.example.com/x?token=Tr0ub4dor-and-3", Some("a.example.com/x?token=…")),
    ] {
        for arguments in [&["check", "--"][..], &["script", "create", "--"], &["request", "create", "--"]] {
            let run = folder.run(&[arguments, &[given]].concat()).exits(2);
            let said = shown.map_or_else(
                || "looks like a URL; download the file first".to_owned(),
                |shown| format!("cannot read {shown}: no such file or directory"),
            );
            assert!(run.err.contains(&said), "{given}: {}", run.err);
            assert!(!run.err.contains("Tr0ub4dor"), "{given}: {}", run.err);
        }
        let target = format!("gone/{given}");
        let run = with_password(&folder, &["script", "create", "good.yaml", "-o", &target]).exits(2);
        assert!(!run.err.contains("Tr0ub4dor"), "{given}: {}", run.err);
    }
    // What is there is shown.
    assert!(folder.run(&["check", "a=b.yaml"]).exits(1).out.contains("--> a=b.yaml:4:3"));
}

#[test]
fn http_url_is_a_warning() {
    let folder = Folder::new(&[("good.yaml", GOOD)]);
    for (url, is_clear) in [
        ("http://immuta.example.com", true),
        ("HTTP://localhost.example.com", true),
        ("https://immuta.example.com", false),
        ("http://localhost:8080", false),
        ("http://[::1]:80/immuta", false),
        ("http://127.0.0.1", false),
    ] {
        for operation in [&["create", "good.yaml"][..], &["list"]] {
            let arguments = [&["request"], operation, &["--url", url]].concat();
            let run = folder.run(&arguments).exits(0);
            assert_eq!(
                run.err.contains("warning: the URL starts with `http://`"),
                is_clear,
                "{url}: {}",
                run.err
            );
        }
    }
}
