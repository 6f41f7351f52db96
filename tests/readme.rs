//! The README shows what the command says.

#![cfg(feature = "cli")]

#[path = "support/program.rs"]
mod program;

use std::path::Path;

/// The README, and what `bootshift` writes to its standard output when run in `directory`.
fn readme_and_output(directory: &str, arguments: &[&str]) -> (String, String) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).expect("the README");
    let output = program::bootshift()
        .current_dir(root.join(directory))
        .args(arguments)
        .output()
        .expect("the command runs");
    (readme, String::from_utf8(output.stdout).expect("UTF-8"))
}

#[test]
fn the_diagnostics_are_those_of_the_command() {
    let (readme, output) = readme_and_output("tests/fixtures/readme", &["check", "immuta.yaml"]);
    assert!(readme.contains(&format!("$ bootshift check immuta.yaml\n{output}```")), "{output}");
}

#[test]
fn the_script_is_that_of_the_command() {
    let (readme, output) =
        readme_and_output(".", &["script", "initial-create", "examples/manual-user-password.yaml"]);
    assert!(readme.contains(&format!("```sql\n{output}```")), "{output}");
}
