//! The dependencies of the features: only the runner uses the network.

use std::collections::BTreeSet;
use std::process::Command;

/// Packages that use the network, or support those that do.
const NETWORK: [&str; 9] = [
    "hyper",
    "mio",
    "native-tls",
    "postgres-protocol",
    "reqwest",
    "rustls",
    "socket2",
    "tokio",
    "tokio-postgres",
];

/// The names of the packages in the library or the command with the given features. Not `--offline`, because Cargo also
/// resolves packages that this build did not need, and may have to download them first.
fn packages(features: &[&str]) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--package", "bootshift", "--edges", "normal", "--prefix", "none"])
        .args(["--format", "{p}"])
        .args(features)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

#[test]
fn only_the_native_feature_has_network_dependencies() {
    for features in [&["--no-default-features"] as &[&str], &[], &["--features", "wasm"]] {
        let packages = packages(features);
        assert!(packages.contains("jsonschema"), "{features:?}: {packages:?}");
        let network: Vec<_> = NETWORK.iter().filter(|name| packages.contains(**name)).collect();
        assert!(network.is_empty(), "{features:?} bring {network:?}");
    }
    assert!(
        packages(&["--features", "native"]).contains("tokio-postgres"),
        "the search finds a package that is there"
    );
}
