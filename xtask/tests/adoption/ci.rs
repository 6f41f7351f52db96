//! Bootshift in CI systems: the GitHub Action, the problem matcher, and the job for GitLab.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::mdtest::cases;
use crate::support::{Machine, Ran, block, given, native, read, root, tool};

const CHAPTER: &str = "ci";
const PAYLOAD: &str = "integrations/warehouse.yaml";
const WORKFLOW: &str = ".github/workflows/bootshift.yml";
const GITLAB: &str = ".gitlab-ci.yml";

/// Validates a file with a schema that is built into check-jsonschema.
fn obeys(machine: &Machine, schema: &str, file: &Path) {
    let mut check = machine.command(".", tool("check-jsonschema"));
    Machine::succeed(check.args(["--builtin-schema", schema]).arg(file));
}

/// A YAML file as data.
fn parsed(machine: &Machine, text: &str) -> Value {
    machine.write("parsed.yaml", text);
    let script = "import json, yaml; print(json.dumps(yaml.load(open('parsed.yaml'), yaml.BaseLoader)))";
    let json = Machine::succeed(machine.command(".", tool("python")).args(["-c", script])).stdout;
    serde_json::from_str(&json).expect("JSON")
}

/// The workflows and actions of the repository, by their names.
fn workflows() -> Vec<String> {
    let folder = fs::read_dir(root().join(".github/workflows")).expect("the workflows");
    let mut names: Vec<String> = folder
        .map(|entry| format!(".github/workflows/{}", entry.expect("a file").file_name().to_string_lossy()))
        .collect();
    names.sort_unstable();
    names
}

#[test]
fn github_and_gitlab_files_match_their_schemas() {
    let machine = Machine::new();
    obeys(&machine, "vendor.github-actions", &root().join("action.yml"));
    obeys(&machine, "vendor.dependabot", &root().join(".github/dependabot.yml"));
    for workflow in workflows() {
        obeys(&machine, "vendor.github-workflows", &root().join(workflow));
    }
    for part in ["upload-sarif: true", "paths: integrations\n```"] {
        machine.write("workflow.yml", &block(CHAPTER, WORKFLOW, part));
        obeys(&machine, "vendor.github-workflows", &machine.path("workflow.yml"));
    }
    machine.write("gitlab-ci.yml", &block(CHAPTER, GITLAB, "codequality"));
    obeys(&machine, "vendor.gitlab-ci", &machine.path("gitlab-ci.yml"));
}

/// zizmor finds security problems in workflows: unpinned actions, excessive permissions, script injection.
#[test]
fn zizmor_reports_no_findings() {
    let machine = Machine::new();
    let mut zizmor = machine.command(".", tool("zizmor"));
    let audited = Machine::run(
        zizmor.args(["--offline", "--no-progress", "--persona", "pedantic", "."]).current_dir(root()),
    );
    assert_eq!(audited.code, 0, "{}", audited.output);
    for file in workflows().iter().map(String::as_str).chain(["action.yml"]) {
        assert!(audited.output.contains(file), "{file} was not looked at: {}", audited.output);
    }
}

/// A tag can be moved to other code, so actions are pinned by commit, with the version in a comment.
#[test]
fn third_party_actions_are_pinned() {
    let mut texts: Vec<(String, String)> = workflows()
        .into_iter()
        .chain(["action.yml".to_owned()])
        .map(|name| (name.clone(), read(&name)))
        .collect();
    texts.push(("the chapter".to_owned(), read("book/src/ci.md")));
    let mut pins = BTreeSet::new();
    for (name, text) in texts {
        for line in text.lines() {
            let Some((_, uses)) = line.split_once("uses: ") else { continue };
            if uses.starts_with("./") || uses.starts_with("bootshift/bootshift@COMMIT # v") {
                continue;
            }
            let (action, rest) = uses.split_once('@').unwrap_or_else(|| panic!("{name}: {uses}"));
            let (commit, version) = rest.split_once(" # v").unwrap_or_else(|| panic!("{name}: {uses}"));
            assert!(
                commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()),
                "{name}: {uses}"
            );
            assert!(version.split('.').count() == 3, "{name}: {uses}");
            pins.insert((action.to_owned(), rest.to_owned()));
        }
    }
    let actions: BTreeSet<&String> = pins.iter().map(|(action, _)| action).collect();
    assert_eq!(actions.len(), pins.len(), "one action, two commits: {pins:?}");
    assert!(pins.len() > 5, "{pins:?}");
}

/// The annotations that GitHub's runner creates from a log.
fn annotations(machine: &Machine, log: &str) -> Value {
    machine.write("log.txt", log);
    let mut node = machine.command(".", "node");
    node.arg(root().join("xtask/tests/adoption/matcher.mjs"));
    node.arg(root().join(".github/bootshift-matcher.json")).arg("log.txt");
    serde_json::from_str(&Machine::succeed(&mut node).stdout).expect("JSON")
}

/// The matcher finds every diagnostic in the human-readable output of the command, at its position.
#[test]
fn problem_matcher_matches_every_diagnostic() {
    let machine = Machine::new();
    let (one, two) = ("type: Redshift\n", "autoBootstrap: maybe\nconfig: {}\n");
    machine.write("files/a stream: of two.yaml", &format!("{one}---\n{two}"));
    for entry in fs::read_dir(root().join("src/check/rules")).expect("the rules") {
        let path = entry.expect("a file").path();
        let Some(code) = path.file_stem().filter(|_| path.extension().is_some_and(|end| end == "md")) else {
            continue;
        };
        for case in cases(&fs::read_to_string(&path).expect("Markdown")) {
            if let Some(document) = case.document() {
                let name = format!("files/{}/{}.{}", code.display(), case.name, document.language);
                machine.write(&name, &document.text);
            }
        }
    }
    let check = |format: &str| {
        let mut check = machine.command("files", native());
        check
            .args(["check", "--format", format, "."])
            .arg(root().join("tests/raw"))
            .arg(root().join("tests/fixtures/vendor"));
        Machine::run(&mut check).stdout
    };
    let report: Value = serde_json::from_str(&check("json")).expect("JSON");
    let mut expected = Vec::new();
    for file in report["files"].as_array().expect("files") {
        for found in file["diagnostics"].as_array().expect("diagnostics") {
            let severity = found["severity"].as_str().expect("a severity");
            expected.push(json!({
                "severity": if severity == "note" { "notice" } else { severity },
                "code": found["code"],
                "message": found["message"],
                "file": file["path"],
                "line": found["start"]["line"].to_string(),
                "column": found["start"]["column"].to_string(),
                "owner": if severity == "note" { "bootshift-note" } else { "bootshift" },
            }));
        }
    }
    let found = annotations(&machine, &check("human"));
    assert_eq!(found.as_array().map(Vec::len), Some(expected.len()));
    for (found, expected) in found.as_array().into_iter().flatten().zip(&expected) {
        assert_eq!(found, expected);
    }
    for severity in ["error", "warning", "notice"] {
        assert!(expected.iter().any(|one| one["severity"] == severity), "there is no {severity}");
    }
    assert!(expected.iter().any(|one| one["file"] == "a stream: of two.yaml"));
}

/// The action, run as GitHub's runner does: the script of its step, with the inputs in the environment.
struct Action {
    machine: Machine,
    /// Names of variables and their values.
    environment: Vec<(String, String)>,
}

impl Action {
    /// With the defaults of `action.yml`, and the package that the tests have built.
    fn new() -> Self {
        let machine = Machine::new();
        let action = parsed(&machine, &read("action.yml"));
        let step = &action["runs"]["steps"][0];
        assert_eq!(step["run"], "bash \"$GITHUB_ACTION_PATH/.github/action/check.sh\"");
        let environment = step["env"].as_object().expect("variables").iter().map(|(variable, value)| {
            let value = value.as_str().expect("an expression");
            let input = value.strip_prefix("${{ inputs.").and_then(|rest| rest.strip_suffix(" }}"));
            let default = &action["inputs"][input.expect("an input")]["default"];
            (variable.clone(), default.as_str().expect("a default").to_owned())
        });
        let environment = environment.collect();
        machine.write(&format!("workspace/{PAYLOAD}"), &block(CHAPTER, PAYLOAD, "config"));
        machine.write("output", "");
        fs::create_dir_all(machine.path("temp")).expect("a folder");
        Self { machine, environment }.with("INPUT_VERSION", &given("BOOTSHIFT_TARBALL").display().to_string())
    }

    fn with(mut self, variable: &str, value: &str) -> Self {
        let found = self.environment.iter_mut().find(|(name, _)| name == variable);
        value.clone_into(&mut found.unwrap_or_else(|| panic!("action.yml has no {variable}")).1);
        self
    }

    fn run(&self) -> Ran {
        let mut script = self.machine.command("workspace", "bash");
        script
            .arg(root().join(".github/action/check.sh"))
            .env("GITHUB_ACTION_PATH", root())
            .env("GITHUB_OUTPUT", self.machine.path("output"))
            .env("RUNNER_TEMP", self.machine.path("temp"))
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
        Machine::run(&mut script)
    }

    /// The outputs of the script for later steps.
    fn output(&self, name: &str) -> String {
        let outputs = fs::read_to_string(self.machine.path("output")).expect("the outputs");
        let value = outputs.lines().find_map(|line| line.strip_prefix(&format!("{name}=")));
        value.unwrap_or_else(|| panic!("there is no output {name}: {outputs}")).to_owned()
    }

    fn sarif(&self) -> Value {
        let report = fs::read_to_string(self.output("sarif-file")).expect("the report");
        serde_json::from_str(&report).expect("JSON")
    }
}

#[test]
fn action_reports_to_the_log_and_to_sarif() {
    let action = Action::new().with("INPUT_SARIF", "true");
    let ran = action.run();
    // The step succeeds, so that the report can be uploaded. The last step exits with the code.
    assert_eq!(ran.code, 0, "{}", ran.output);
    assert_eq!(action.output("exit-code"), "1");
    let matcher = format!("::add-matcher::{}/.github/bootshift-matcher.json\n", root().display());
    let log = ran.stdout.split_once(&matcher).expect("the matcher is added").1;
    // Names and values from a pull request are not run as commands, and the token that ends this cannot be guessed.
    let (word, log) =
        log.strip_prefix("::stop-commands::").and_then(|log| log.split_once('\n')).expect("a word");
    assert!(word.len() == 32 && word.bytes().all(|byte| byte.is_ascii_hexdigit()), "{word}");
    let (log, rest) = log.split_once(&format!("::{word}::\n")).expect("the word");
    assert_eq!(rest, "::remove-matcher owner=bootshift::\n::remove-matcher owner=bootshift-note::\n");
    let found = annotations(&action.machine, log);
    let shown: Vec<String> = found
        .as_array()
        .into_iter()
        .flatten()
        .map(|one| {
            ["severity", "code", "file", "line"].map(|key| one[key].as_str().unwrap_or_default()).join(" ")
        })
        .collect();
    assert_eq!(
        shown,
        [
            "error host-not-bare integrations/warehouse.yaml 4",
            "warning folded-identifier integrations/warehouse.yaml 5"
        ]
    );
    let sarif = action.sarif();
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    let place = &results[0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], PAYLOAD);
    assert_eq!((results.len(), &results[0]["ruleId"]), (2, &json!("host-not-bare")));
    assert_eq!(sarif["runs"][0]["automationDetails"]["id"], "bootshift/");
}

/// A second check for SARIF runs only on request.
#[test]
fn action_writes_sarif_on_request() {
    let action = Action::new();
    assert_eq!(action.run().code, 0);
    assert_eq!((action.output("exit-code").as_str(), action.output("sarif-file").as_str()), ("1", ""));
    assert!(!action.machine.path("temp/bootshift/bootshift.sarif").exists());
    let action = Action::new().with("INPUT_UPLOAD_SARIF", "true");
    assert_eq!(action.run().code, 0);
    assert_eq!(action.sarif()["version"], "2.1.0");
}

#[test]
fn action_passes_on_its_inputs() {
    let good = "type: Redshift\nautoBootstrap: false\nconfig:\n  host: h.example.com\n  database: Immuta\n  \
                initialDatabase: dev\n  authenticationType: userPassword\n  username: u\n  password: ${P}\n";
    let code = |action: Action| {
        action.machine.write("workspace/a folder/good.yaml", good);
        let ran = action.run();
        assert_eq!(ran.code, 0, "{}", ran.output);
        (action.output("exit-code"), ran.output)
    };
    let good = || Action::new().with("INPUT_PATHS", "a folder/good.yaml\n\n");
    assert_eq!(code(good()).0, "0");
    assert_eq!(code(good().with("INPUT_DENY_WARNINGS", "true")).0, "1");
    assert_eq!(code(good().with("INPUT_OPERATION", "get")).0, "1");
    assert!(!code(good().with("INPUT_ANNOTATIONS", "false")).1.contains("matcher"));
    let ran = good().with("INPUT_VERSION", "./gone.tgz").run();
    assert_ne!(ran.code, 0);
    let word = ran.stdout.split_once("::stop-commands::").and_then(|(_, rest)| rest.lines().next());
    let end = format!("::{}::\n", word.expect("a word"));
    assert!(ran.stdout.ends_with(&end), "commands count again behind a failure: {}", ran.output);
    let (unreadable, said) = code(good().with("INPUT_PATHS", "no such.yaml"));
    assert_eq!(unreadable, "2");
    assert!(said.contains("cannot read no such.yaml"), "{said}");
    // An input that looks like an option is a path.
    assert_eq!(code(good().with("INPUT_PATHS", "--help")).0, "2");
    let bad = good().with("INPUT_PATHS", "--old=good.yaml");
    bad.machine.write("workspace/--old=good.yaml", "hots: 1\n");
    assert_eq!(code(bad).0, "1");
    // It is not accepted as an operation either.
    assert_eq!(code(good().with("INPUT_OPERATION", "--help")).0, "2");
}

/// The chapter has a row for each input, with its default.
#[test]
fn book_lists_every_input_of_the_action() {
    let machine = Machine::new();
    let action = parsed(&machine, &read("action.yml"));
    let chapter = read("book/src/ci.md");
    for (input, of) in action["inputs"].as_object().expect("inputs") {
        let default = of["default"].as_str().expect("a default");
        let row = chapter.lines().find(|line| line.starts_with(&format!("| `{input}` |")));
        let row = row.unwrap_or_else(|| panic!("the chapter has no {input}"));
        let told = match input.as_str() {
            "version" | "operation" => continue,
            _ => format!("| `{default}` |"),
        };
        assert!(row.contains(&told), "{row}");
    }
}

/// The script for GitLab writes a valid report, and exits with the code of the command.
#[test]
fn gitlab_job_writes_a_code_quality_report() {
    let machine = Machine::new();
    let job = parsed(&machine, &block(CHAPTER, GITLAB, "codequality"));
    let lines = job["bootshift"]["script"].as_array().expect("a script").iter();
    let script: Vec<&str> = lines.map(|line| line.as_str().expect("a line")).collect();
    let tarball = given("BOOTSHIFT_TARBALL").display().to_string();
    machine.write("script", &script.join("\n").replace("bootshift@0.1.0", &tarball));
    machine.write(&format!("project/{PAYLOAD}"), &block(CHAPTER, PAYLOAD, "config"));
    let run = || {
        let mut sh = machine.command("project", "sh");
        // In the image, npm installs globally into a folder on the PATH.
        sh.arg("-e").arg(machine.path("script")).env("npm_config_prefix", machine.path("."));
        Machine::run(&mut sh)
    };
    let ran = run();
    assert_eq!(ran.code, 1, "{}", ran.output);
    assert!(ran.output.contains("error[host-not-bare]"), "{}", ran.output);
    let report = || -> Value {
        let path = machine.path("project").join("gl-code-quality-report.json");
        serde_json::from_str(&fs::read_to_string(path).expect("the report")).expect("JSON")
    };
    let issues = report();
    let issues = issues.as_array().expect("issues");
    assert_eq!(issues.len(), 2);
    // The required format: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
    for (issue, (code, severity, line)) in
        issues.iter().zip([("host-not-bare", "major", 4), ("folded-identifier", "minor", 5)])
    {
        assert_eq!(issue["check_name"], code);
        assert_eq!(issue["severity"], severity);
        assert_eq!(issue["location"], json!({ "path": PAYLOAD, "lines": { "begin": line } }));
        assert!(!issue["description"].as_str().expect("text").is_empty());
        assert_eq!(issue["fingerprint"].as_str().map(str::len), Some(64));
    }
    assert_ne!(issues[0]["fingerprint"], issues[1]["fingerprint"]);

    let good = block(CHAPTER, PAYLOAD, "config").replace("https://", "").replace("Immuta", "immuta");
    machine.write(&format!("project/{PAYLOAD}"), &good);
    let ran = run();
    assert_eq!((ran.code, report()), (0, json!([])), "{}", ran.output);
}
