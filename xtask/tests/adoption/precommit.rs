//! Tests of the hooks with the real pre-commit, in a temporary repository.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use crate::support::{Machine, Ran, block, built, given, native, read, root, tool};

const CHAPTER: &str = "pre-commit";
const CONFIG: &str = ".pre-commit-config.yaml";
const PAYLOAD: &str = "warehouse.bootshift.yaml";
/// The end of the simple configurations in the chapter.
const RUST: &str = "- id: bootshift\n```";
const SYSTEM: &str = "- id: bootshift-system\n```";

/// A user's repository, with local copies of what pre-commit would download.
struct Repository {
    machine: Machine,
    environment: Vec<(&'static str, OsString)>,
}

impl Repository {
    fn new(config: &str) -> Self {
        let machine = Machine::new();
        fs::create_dir_all(machine.path("repository")).expect("a folder");
        machine.git("repository", &["init", "--quiet", "--initial-branch=main"]);
        let repository = Self { machine, environment: Vec::new() };
        let sources = repository.machine.path("bootshift.git").display().to_string();
        repository.machine.write(
            "home/.gitconfig",
            &format!(
                "[user]\n\tname = somebody\n\temail = somebody@example.com\n\
                 [url \"{sources}\"]\n\tinsteadOf = https://github.com/bootshift/bootshift\n"
            ),
        );
        repository.write(CONFIG, config);
        repository
    }

    /// The repository that replaces Bootshift's URL: the work tree with uncommitted changes, as the commit with the tag of
    /// this version.
    fn publish(&self, folder: &Path) {
        let git = |arguments: &[&str]| {
            let mut git = self.machine.command(".", "git");
            git.env("GIT_DIR", self.machine.path("bootshift.git"))
                .env("GIT_WORK_TREE", folder)
                .current_dir(folder);
            Machine::succeed(git.args(arguments));
        };
        git(&["init", "--quiet"]);
        git(&["add", "--all"]);
        git(&["commit", "--quiet", "--message", "What is tried"]);
        git(&["tag", "v0.1.0"]);
    }

    fn with(mut self, variable: &'static str, value: impl Into<OsString>) -> Self {
        self.environment.push((variable, value.into()));
        self
    }

    fn write(&self, name: &str, text: &str) {
        self.machine.write(&format!("repository/{name}"), text);
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Ran {
        let mut command = if program == "git" {
            self.machine.command("repository", "git")
        } else {
            self.machine.command("repository", tool(program))
        };
        command
            .args(arguments)
            .env("PRE_COMMIT_HOME", self.machine.path("pre-commit"))
            .env("PRE_COMMIT_COLOR", "never");
        Machine::run(command.envs(self.environment.iter().map(|(name, value)| (name, value))))
    }

    /// Adds everything and commits.
    fn commit(&self) -> Ran {
        assert_eq!(self.run("git", &["add", "--all"]).code, 0);
        self.run("git", &["commit", "--message", "Change"])
    }

    fn install(&self) {
        let installed = self.run("pre-commit", &["install"]);
        assert_eq!(installed.code, 0, "{}", installed.output);
    }

    /// Checks that the hook refuses an invalid payload with the reason, and accepts a valid one.
    fn refuses_the_bad_and_lets_through_the_good(&self) {
        let bad = block(CHAPTER, PAYLOAD, "hots");
        self.install();
        self.write(PAYLOAD, &bad);
        self.write("unrelated.yaml", "a: 1\n");
        let refused = self.commit();
        assert_eq!(refused.code, 1, "{}", refused.output);
        let diagnostic = "error[unknown-property]: unknown property `hots` in `config`\n --> warehouse.bootshift.yaml:4:3\n";
        assert!(refused.output.contains(diagnostic), "{}", refused.output);
        assert!(refused.output.contains("1 document in 1 file: 1 error"), "{}", refused.output);
        assert!(!refused.output.contains("cluster.example.com"), "{}", refused.output);
        let log = self.run("git", &["log", "--oneline"]);
        assert_ne!(log.code, 0, "it was committed: {}", log.output);

        self.write(PAYLOAD, &bad.replace("hots", "host"));
        let accepted = self.commit();
        assert_eq!(accepted.code, 0, "{}", accepted.output);
        assert!(
            accepted.output.contains("bootshift check") && accepted.output.contains("Passed"),
            "{}",
            accepted.output
        );
        let files = self.run("git", &["ls-tree", "--name-only", "HEAD"]);
        assert_eq!(files.stdout, format!("{CONFIG}\nunrelated.yaml\n{PAYLOAD}\n"));
    }
}

/// A repository whose hooks come from this one and run the native command from the `PATH`.
fn with_system(config: &str) -> Repository {
    let repository = Repository::new(config);
    repository.publish(&root());
    let program = repository.machine.path("bin/bootshift");
    fs::copy(native(), program).expect("the native command");
    repository
}

/// The hook from source, which pre-commit clones and compiles. The dependencies were compiled for the wheel, so only the
/// crate is compiled.
#[test]
fn rust_hook_works() {
    let config = block(CHAPTER, CONFIG, RUST);
    let repository = Repository::new(&config)
        .with("CARGO_TARGET_DIR", given("BOOTSHIFT_TARGET"))
        .with("CARGO_ENCODED_RUSTFLAGS", given("BOOTSHIFT_RUSTFLAGS"));
    repository.publish(&root());
    repository.refuses_the_bad_and_lets_through_the_good();
}

#[test]
fn system_hook_works() {
    let config = block(CHAPTER, CONFIG, SYSTEM);
    with_system(&config).refuses_the_bad_and_lets_through_the_good();
}

#[test]
fn npm_hook_works() {
    let config = block(CHAPTER, CONFIG, "id: bootshift-npm");
    let tarball = given("BOOTSHIFT_TARBALL").display().to_string();
    let config = config.replace("bootshift@0.1.0", &tarball);
    assert!(config.contains(&tarball), "{config}");
    Repository::new(&config).refuses_the_bad_and_lets_through_the_good();
}

/// The folder where pip finds the wheel, and what it needs to build the empty package that pre-commit also installs.
fn wheels() -> OsString {
    let wheel = built(".whl");
    let seeds = "import virtualenv.seed.wheels.embed as seeds; print(seeds.__path__[0])";
    let embedded = Machine::succeed(Machine::new().command(".", tool("python")).args(["-c", seeds])).stdout;
    let folder = wheel.parent().expect("a folder").display();
    format!("{folder} {}", embedded.trim()).into()
}

#[test]
fn pypi_hook_works() {
    let config = block(CHAPTER, CONFIG, "id: bootshift-pypi");
    Repository::new(&config).with("PIP_FIND_LINKS", wheels()).refuses_the_bad_and_lets_through_the_good();
}

#[test]
fn mirror_works() {
    let config = block(CHAPTER, CONFIG, RUST);
    let repository = Repository::new(&config).with("PIP_FIND_LINKS", wheels());
    repository.publish(&root().join("xtask/packaging/pre-commit-mirror"));
    repository.refuses_the_bad_and_lets_through_the_good();
}

/// The chapter shows what `git commit` prints.
#[test]
fn book_shows_the_output_of_pre_commit() {
    let repository = with_system(&block(CHAPTER, CONFIG, SYSTEM));
    repository.install();
    repository.write(PAYLOAD, &block(CHAPTER, PAYLOAD, "hots"));
    let refused = repository.commit();
    let from = refused.output.find("bootshift check...").expect("the hook ran");
    let shown = format!("```text\n{}\n```", refused.output[from..].trim_end());
    assert!(read("book/src/pre-commit.md").contains(&shown), "{shown}");
}

/// The wheel's page on PyPI shows the tested configuration.
#[test]
fn pypi_page_shows_the_configuration_of_the_book() {
    let config = block(CHAPTER, CONFIG, "id: bootshift-pypi");
    let page = read("xtask/packaging/pypi.md");
    assert!(page.contains(&format!("```yaml\n{config}```\n")), "{page}");
}

/// Those of the files that pre-commit passes to a hook of the repository.
fn handed(names: &[&str]) -> Vec<String> {
    let repository = with_system(&block(CHAPTER, CONFIG, SYSTEM));
    for name in names {
        repository.write(name, "a: 1\n");
    }
    assert_eq!(repository.run("git", &["add", "--all"]).code, 0);
    let ran = repository.run("pre-commit", &["run", "--all-files"]);
    let mut files: Vec<String> = ran
        .stdout
        .lines()
        .filter_map(|line| Some(line.trim_start().strip_prefix("--> ")?.strip_suffix(":1:1")?.to_owned()))
        .collect();
    files.sort_unstable();
    files
}

/// Most YAML files of a repository are not payloads.
#[test]
fn hooks_select_files_by_name() {
    let taken = [
        "immuta-integration.yaml",
        "immuta-integrations/a.json",
        "immuta.json",
        "immuta.yml",
        "immuta/integrations/deep/b.yaml",
        "prod_immuta_integration.json",
        "redshift/immuta.yaml",
        "warehouse.bootshift.yml",
        "warehouse.immuta.json",
        "x/warehouse.bootshift.yaml",
    ];
    let not_taken = [
        "immuta-values.yaml",
        "immuta.yaml.txt",
        "immuta/integrations/notes.md",
        "immuta/policies/a.yaml",
        "immuta/values.yaml",
        "integration.yaml",
        "notimmuta.yaml",
        "package.json",
        "warehouse.yaml",
    ];
    assert_eq!(handed(&[&taken[..], &not_taken].concat()), taken);
}

/// A file in a commit cannot avoid the check by a name like an option.
#[test]
fn files_named_like_options_are_checked() {
    let names = [
        "--fix.bootshift.yaml",
        "--format=json.bootshift.yaml",
        "--help.bootshift.yaml",
        "--old=ok.bootshift.yaml",
        "--stdin-filename=x.bootshift.yaml",
        "-V.bootshift.yaml",
        "-q.bootshift.yaml",
    ];
    assert_eq!(handed(&names), names);
    // Such a file alone, next to the file in its name.
    let repository = with_system(&block(CHAPTER, CONFIG, SYSTEM));
    repository.install();
    let bad = block(CHAPTER, PAYLOAD, "hots");
    repository.write("ok.yaml", &bad.replace("hots", "host"));
    repository.write("--old=ok.bootshift.yaml", &bad);
    let refused = repository.commit();
    assert_eq!(refused.code, 1, "{}", refused.output);
    assert!(refused.output.contains("--> --old=ok.bootshift.yaml:4:3\n"), "{}", refused.output);
}

/// The tests of one hook apply to all hooks, because all select the same files.
#[test]
fn all_hooks_select_the_same_files() {
    let hooks = read(".pre-commit-hooks.yaml");
    let rest = |hook: &str| hook.split_once("  files: |\n").map(|(_, rest)| rest.to_owned()).expect("files");
    let without_comments = |text: &str| -> String {
        text.lines().filter(|line| !line.trim_start().starts_with('#')).collect::<Vec<_>>().join("\n")
    };
    let [_, compiled, system] = &hooks.split("- id: ").collect::<Vec<_>>()[..] else {
        panic!("two hooks: {hooks}")
    };
    let mirror = read("xtask/packaging/pre-commit-mirror/.pre-commit-hooks.yaml");
    assert_eq!(without_comments(&rest(compiled)).trim_end(), without_comments(&rest(system)).trim_end());
    assert_eq!(without_comments(&rest(&mirror)).trim_end(), without_comments(&rest(system)).trim_end());
}

/// Without file names, Bootshift itself finds the documents of the API, and detects conflicts.
#[test]
fn hook_can_check_the_whole_repository() {
    let repository = with_system(&block(CHAPTER, CONFIG, "args: [.]"));
    repository.install();
    // There is only a hidden YAML file, for which the hook does not run.
    let first = repository.commit();
    assert_eq!(first.code, 0, "{}", first.output);
    let good = block(CHAPTER, PAYLOAD, "hots").replace("hots", "host");
    repository.write("a/one.yaml", &good);
    repository.write("values.yaml", "a: 1\n");
    let good_alone = repository.commit();
    assert_eq!(good_alone.code, 0, "{}", good_alone.output);
    // The second conflicts with the first, which is not part of the commit.
    repository.write("b/two.yaml", &good);
    let conflict = repository.commit();
    assert_eq!(conflict.code, 1, "{}", conflict.output);
    assert!(conflict.output.contains("error[integration-conflict]"), "{}", conflict.output);
}

/// `files` and `entry` of the configuration have the effect that the chapter describes.
#[test]
fn hook_accepts_file_names_and_deny_warnings() {
    let repository = with_system(&block(CHAPTER, CONFIG, "--deny-warnings"));
    repository.install();
    let good = block(CHAPTER, PAYLOAD, "hots").replace("hots", "host");
    repository.write("redshift/a.yaml", &good.replace("${REDSHIFT_PASSWORD}", "Correct1horse"));
    let refused = repository.commit();
    assert_eq!(refused.code, 1, "{}", refused.output);
    assert!(refused.output.contains("warning[plaintext-secret]"), "{}", refused.output);
    assert!(!refused.output.contains("Correct1horse"), "{}", refused.output);
}
