//! The README shows what the command prints.

use std::path::Path;

#[test]
fn readme_shows_the_diagnostics_of_check() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).expect("the README");
    let output = crate::program::bootshift()
        .current_dir(root.join("tests/fixtures/readme"))
        .args(["check", "immuta.yaml"])
        .output()
        .expect("the command runs");
    let output = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(readme.contains(&format!("$ bootshift check immuta.yaml\n{output}```")), "{output}");
}
