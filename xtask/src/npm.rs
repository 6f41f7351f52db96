//! `cargo xtask npm`: the npm package from a clean clone. `pkg/build.mjs` goes on from the compiled modules.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;
use crate::build::machine_independent;
use crate::command::{
    Error, WASM, at, cargo, checkout_files, is_newer, output, require_wasm_target, step, target_folder,
};
use crate::notices::Notices;
use crate::tools::{WasmBindgen, npm_ci};

/// A WebAssembly module of the package.
struct Module {
    /// Its name.
    name: &'static str,
    /// The name of its glue, which is the same for modules that the same JavaScript calls.
    glue: &'static str,
    /// The features of the crate.
    features: &'static str,
    /// The profile that compiles it.
    profile: &'static str,
}

/// What browsers load, the same for Node.js, and what the package's command runs.
const MODULES: [Module; 3] = [
    Module { name: "bootshift", glue: "bootshift", features: "wasm", profile: "wasm" },
    Module { name: "bootshift_node", glue: "bootshift", features: "wasm", profile: "wasm-fast" },
    Module { name: "bootshift_cli", glue: "bootshift_cli", features: "cli,wasm", profile: "wasm" },
];

/// What the types of the package are made from.
const SOURCES: &str =
    "Cargo.lock Cargo.toml schema src templates pkg/package.json pkg/src pkg/tsconfig.json pkg/types.mjs";

/// Builds the package and packs it.
pub(crate) fn run(root: &Path) -> Result<Outcome, Error> {
    let tarball = pack(root)?;
    println!("{}", tarball.display());
    Ok(Outcome::Green)
}

/// Builds the package; gives the path of its tarball.
pub(crate) fn pack(root: &Path) -> Result<PathBuf, Error> {
    let package = build(root, &[])?;
    let folder = target_folder()?.join("npm");
    fs::create_dir_all(&folder).map_err(at(&folder))?;
    let mut pack = Command::new("npm");
    pack.args(["pack", "--silent", "--ignore-scripts", "--pack-destination"]).arg(&folder);
    let packed = output(pack.current_dir(&package)).ok_or("`npm pack` failed")?;
    let name = packed.lines().last().ok_or("`npm pack` named no file")?;
    Ok(folder.join(name))
}

/// Builds the package; gives its folder. `flags` are rustc's, beside those of each build.
pub(crate) fn build(root: &Path, flags: &[&str]) -> Result<PathBuf, Error> {
    let package = root.join("pkg");
    npm_ci(&package)?;
    let mut rustflags = machine_independent(root)?;
    // SHA-256 has its rounds in a loop, which is smaller.
    for flag in ["--cfg=sha2_backend_soft=\"compact\""].iter().chain(flags) {
        rustflags.push("\u{1f}");
        rustflags.push(flag);
    }
    for module in &MODULES {
        let folder = package.join("build").join(module.name);
        compile(root, module, module.profile, Some(&rustflags), &folder)?;
    }
    step(Command::new("node").arg("build.mjs").current_dir(&package))?;
    notices(root)?.write(&package.join("dist"))?;
    Ok(package)
}

/// Makes the declarations of the package alone, from modules that are not optimized; nothing if they are there and newer than
/// what they are made from.
pub(crate) fn types(root: &Path) -> Result<(), Error> {
    let package = root.join("pkg");
    npm_ci(&package)?;
    let made = package.join("dist/index.d.ts");
    let sources = checkout_files(root, SOURCES)?;
    if sources.iter().all(|source| is_newer(&made, &root.join(source))) {
        return Ok(());
    }
    // Their glue stays out of the package.
    let folder = target_folder()?.join("types");
    for module in MODULES.iter().filter(|module| module.name == module.glue) {
        compile(root, module, "dev", None, &folder)?;
        let (file, build) = (format!("{}.d.ts", module.glue), package.join("build").join(module.name));
        fs::create_dir_all(&build).map_err(at(&build))?;
        fs::copy(folder.join(&file), build.join(&file)).map_err(at(&build))?;
    }
    step(Command::new("node").arg("types.mjs").current_dir(&package))
}

/// The licenses that the package has to carry: those of the largest module.
pub(crate) fn notices(root: &Path) -> Result<Notices, Error> {
    Notices::of_crates(root, &["--no-default-features", "--features", "cli,wasm", "--target", WASM])
}

/// Compiles a module, and writes it with its glue into a folder.
fn compile(
    root: &Path,
    module: &Module,
    profile: &str,
    rustflags: Option<&OsString>,
    folder: &Path,
) -> Result<(), Error> {
    require_wasm_target(root)?;
    // A dynamic library for JavaScript alone: for the host it would be linked in vain.
    let mut build = cargo(root, "rustc --package bootshift --lib --crate-type cdylib --no-default-features");
    build.args(["--features", module.features, "--profile", profile, "--target", WASM]);
    step(build.envs(rustflags.map(|flags| ("CARGO_ENCODED_RUSTFLAGS", flags))))?;
    let of_profile = if profile == "dev" { "debug" } else { profile };
    let mut bindings = Command::new(WasmBindgen::install(root)?.cli);
    bindings.args(["--target", "web", "--omit-default-module-path", "--experimental-reset-state-function"]);
    bindings.args(["--out-name", module.glue, "--out-dir"]).arg(folder);
    step(bindings.arg(target_folder()?.join(WASM).join(of_profile).join("bootshift.wasm")))
}
