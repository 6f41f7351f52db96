//! The published packages: the crate, the npm package and the wheel.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::{Machine, Ran, built, given, native, read, root, tool};

/// Cargo in the checkout, offline, with the dependencies that the tests have compiled.
fn cargo(machine: &Machine, arguments: &[&str]) -> Ran {
    let mut cargo = machine.command(".", env!("CARGO"));
    cargo.current_dir(root()).env("CARGO_TARGET_DIR", given("BOOTSHIFT_TARGET"));
    Machine::run(cargo.args(arguments))
}

/// What Cargo knows of the crate.
fn crate_metadata() -> Value {
    let mut metadata = Machine::new().command(".", env!("CARGO"));
    metadata.current_dir(root()).args(["metadata", "--format-version", "1", "--no-deps", "--offline"]);
    let mut metadata: Value = serde_json::from_str(&Machine::succeed(&mut metadata).stdout).expect("JSON");
    let packages = metadata["packages"].as_array_mut().expect("packages");
    packages.iter_mut().find(|package| package["name"] == "bootshift").expect("the crate").take()
}

/// `xtask/artefacts.sh` on a file.
fn artefacts(file: &Path) -> Ran {
    Machine::run(Command::new(root().join("xtask/artefacts.sh")).arg(file))
}

/// Cargo packs the crate and compiles the packed files. The only warnings are that the tests and what needs the
/// emulator are not included. The crate could be published.
#[test]
fn crate_can_be_published() {
    let machine = Machine::new();
    let packed =
        cargo(&machine, &["package", "--package", "bootshift", "--locked", "--offline", "--allow-dirty"]);
    assert_eq!(packed.code, 0, "{}", packed.output);
    let left = [
        ("example", "latency", "benches/latency.rs"),
        ("test", "integration", "tests/integration/main.rs"),
        ("test", "redshift", "tests/redshift/main.rs"),
        ("test", "wasm", "tests/wasm.rs"),
    ]
    .map(|(kind, name, path)| {
        format!("warning: ignoring {kind} `{name}` as `{path}` is not included in the published package")
    });
    let warnings: Vec<&str> = packed.output.lines().filter(|line| line.starts_with("warning")).collect();
    assert_eq!(warnings, left, "{}", packed.output);

    let version = crate_metadata()["version"].as_str().expect("a version").to_owned();
    let file = given("BOOTSHIFT_TARGET").join(format!("package/bootshift-{version}.crate"));
    let looked_at = artefacts(&file);
    assert_eq!(looked_at.code, 0, "{}", looked_at.output);
}

/// docs.rs documents the feature `native`, but not the feature for JavaScript.
#[test]
fn docs_rs_documents_the_native_feature() {
    let docs = &crate_metadata()["metadata"]["docs"]["rs"];
    assert_eq!(docs["features"], serde_json::json!(["native"]));
    assert_eq!(docs["rustdoc-args"], serde_json::json!(["--cfg", "docsrs"]));
}

#[test]
fn npm_package_can_be_published() {
    let machine = Machine::new();
    let tarball = given("BOOTSHIFT_TARBALL").display().to_string();
    let mut npm = machine.command(".", "npm");
    let published =
        Machine::run(npm.args(["publish", "--dry-run", "--json", "--access", "public", &tarball]));
    assert_eq!(published.code, 0, "{}", published.output);
    // The only allowed warning is that npm is not logged in.
    let warnings: Vec<&str> = published.output.lines().filter(|line| line.starts_with("npm warn")).collect();
    let not_logged_in =
        |line: &&str| line.contains("requires you to be logged in") && line.ends_with("(dry-run)");
    assert!(warnings.iter().all(not_logged_in), "{warnings:?}");
    let looked_at = artefacts(Path::new(&tarball));
    assert_eq!(looked_at.code, 0, "{}", looked_at.output);
}

/// The wheel installs the command in an empty Python environment without network. It contains metadata, and the licences
/// of all compiled-in dependencies.
#[test]
fn wheel_installs_and_runs() {
    let machine = Machine::new();
    let wheel = built(".whl").display().to_string();
    let looked_at = artefacts(Path::new(&wheel));
    assert_eq!(looked_at.code, 0, "{}", looked_at.output);

    Machine::succeed(machine.command(".", tool("python")).args(["-m", "venv", "venv"]));
    let python = machine.path("venv/bin/python");
    Machine::succeed(machine.command(".", &python).args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-index",
        &wheel,
    ]));
    let command = machine.path("venv/bin/bootshift");
    let version = Machine::succeed(machine.command(".", &command).arg("--version"));
    let example = root().join("examples/manual-okta.yaml");
    let checked = Machine::succeed(machine.command(".", &command).arg("check").arg(example));
    assert!(checked.output.contains("1 document in 1 file"), "{}", checked.output);

    let script = "import json, importlib.metadata as m; d = m.distribution('bootshift'); \
                  print(json.dumps([d.metadata.json, [str(f) for f in d.files], d.metadata.get_all('License-File')]))";
    let told = Machine::succeed(machine.command(".", &python).args(["-c", script])).stdout;
    let told: Value = serde_json::from_str(&told).expect("JSON");
    let (metadata, files, licences) = (&told[0], &told[1], &told[2]);
    assert_eq!(format!("bootshift {}\n", metadata["version"].as_str().expect("a version")), version.stdout);
    assert_eq!(metadata["license_expression"], "MIT OR Apache-2.0");
    assert_eq!(*licences, serde_json::json!(["LICENSE-APACHE", "LICENSE-MIT", "licenses.txt"]));
    assert_eq!(metadata["requires_python"], ">=3.8");
    assert_eq!(
        metadata["description_content_type"].as_str().map(|text| text.contains("markdown")),
        Some(true)
    );
    assert_eq!(metadata["description"].as_str().map(str::trim), Some(read("xtask/packaging/pypi.md").trim()));
    assert!(!metadata["classifier"].as_array().expect("classifiers").is_empty());
    assert_eq!(metadata["project_url"].as_array().map(Vec::len), Some(4));
    let files: Vec<&str> = files.as_array().expect("files").iter().filter_map(Value::as_str).collect();
    let licences = files.iter().find(|file| file.ends_with("licenses/licenses.txt")).expect("the licences");
    let site = "import sysconfig; print(sysconfig.get_path('purelib'))";
    let site = Machine::succeed(machine.command(".", &python).args(["-c", site])).stdout;
    let licences = fs::read_to_string(Path::new(site.trim()).join(licences)).expect("the licences");
    assert!(licences.contains("serde_json"), "of the crates that are compiled in");
}

/// The archive is for machines without Python, Node.js and Rust: it contains the command with completions, manual page and
/// licences.
#[test]
fn archive_contains_command_licences_and_completions() {
    let machine = Machine::new();
    let archive = built(".tar.gz").display().to_string();
    let looked_at = artefacts(Path::new(&archive));
    assert_eq!(looked_at.code, 0, "{}", looked_at.output);
    Machine::succeed(machine.command(".", "tar").args(["-xzf", &archive, "--strip-components", "1"]));
    let says = |arguments: &[&str]| {
        Machine::succeed(machine.command(".", machine.path("bootshift")).args(arguments))
    };
    assert!(says(&["--version"]).stdout.starts_with("bootshift "));
    for (file, arguments) in [
        ("bootshift.1", &["man"] as &[&str]),
        ("completions/_bootshift", &["completions", "zsh"]),
        ("completions/_bootshift.ps1", &["completions", "powershell"]),
        ("completions/bootshift.bash", &["completions", "bash"]),
        ("completions/bootshift.fish", &["completions", "fish"]),
    ] {
        let text = fs::read_to_string(machine.path(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(text.trim(), says(arguments).stdout.trim(), "{file}");
    }
}

/// Debug builds, broken modules, paths of this machine and missing files are detected.
#[cfg(target_os = "linux")]
#[test]
fn artefacts_rejects_debug_builds_and_local_paths() {
    let machine = Machine::new();
    fs::create_dir_all(machine.path("package")).expect("a folder");
    fs::copy(native(), machine.path("package/bootshift")).expect("the native command");
    fs::write(machine.path("package/a.wasm"), b"\0asm\x01\0\0\0\0\x05\x04name").expect("a module");
    fs::write(machine.path("package/b.wasm"), b"\0asm\x01").expect("a module");
    fs::write(machine.path("package/c"), root().join("src").display().to_string()).expect("a file");
    Machine::succeed(machine.command(".", "tar").args(["-czf", "bootshift.tar.gz", "package"]));
    let looked_at = artefacts(&machine.path("bootshift.tar.gz"));
    assert_eq!(looked_at.code, 1, "{}", looked_at.output);
    for finding in [
        "has .debug_",
        "a.wasm has name",
        "b.wasm has invalid WebAssembly",
        "these files have paths of this machine",
        "is missing /licenses.txt",
        "is missing /LICENSE-MIT",
    ] {
        assert!(looked_at.output.contains(finding), "{finding}: {}", looked_at.output);
    }
}
