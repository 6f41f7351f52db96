//! `cargo xtask npm`: the npm package from a clean clone.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;
use crate::build::machine_independent;
use crate::command::{Error, WASM, cargo, output, require_wasm_target, step, target_folder};
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
    /// The profile that compiles it, and no other: Cargo keeps one module a profile.
    profile: &'static str,
    /// How `wasm-opt` goes on.
    optimization: &'static [&'static str],
    /// Whether it is the core alone, which has no regex engine.
    is_core: bool,
}

/// Functions on their own and without shared subexpressions are more alike, and data in one piece is, so they compress
/// better.
const SMALL: [&str; 4] =
    ["-Oz", "--one-caller-inline-max-function-size=0", "--skip-pass=local-cse", "--skip-pass=memory-packing"];

/// A function that only errors need is not inlined into one that all calls need: engines compile functions when
/// they are first called.
const FAST: [&str; 2] = ["-O3", "--one-caller-inline-max-function-size=50"];

/// What browsers load, the same for Node.js, and what the package's command runs.
const MODULES: [Module; 3] = [
    Module {
        name: "bootshift",
        glue: "bootshift",
        features: "wasm",
        profile: "wasm",
        optimization: &SMALL,
        is_core: true,
    },
    Module {
        name: "bootshift_node",
        glue: "bootshift",
        features: "wasm",
        profile: "wasm-fast",
        optimization: &FAST,
        is_core: true,
    },
    Module {
        name: "bootshift_cli",
        glue: "bootshift_cli",
        features: "cli,wasm",
        profile: "wasm-cli",
        optimization: &SMALL,
        is_core: false,
    },
];

/// The crates that no symbol of the core may come from. The command line reads the rules of `.gitignore` with one.
const REGEX_ENGINES: [&str; 2] = ["regex_automata", "fancy_regex"];

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
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let packed = output(
        Command::new("npm")
            .args(["pack", "--silent", "--ignore-scripts", "--pack-destination"])
            .arg(&folder)
            .current_dir(&package),
    )
    .ok_or("`npm pack` failed")?;
    let name = packed.lines().last().ok_or("`npm pack` named no file")?;
    Ok(folder.join(name))
}

/// Builds the package; gives its folder. `flags` are rustc's, beside those of each build.
pub(crate) fn build(root: &Path, flags: &[&str]) -> Result<PathBuf, Error> {
    require_wasm_target(root)?;
    let bindgen = WasmBindgen::install(root)?;
    let package = root.join("pkg");
    npm_ci(&package)?;
    for module in &MODULES {
        build_module(root, &package, &bindgen, module, flags)?;
    }
    step(Command::new("node").arg("build.mjs").current_dir(&package))?;
    notices(root)?.write(&package.join("dist"))?;
    Ok(package)
}

/// The licences that the package has to carry: those of the largest module.
pub(crate) fn notices(root: &Path) -> Result<Notices, Error> {
    Notices::of_crates(root, &["--no-default-features", "--features", "cli,wasm", "--target", WASM])
}

/// Compiles a module, makes its glue, and makes it small.
fn build_module(
    root: &Path,
    package: &Path,
    bindgen: &WasmBindgen,
    module: &Module,
    flags: &[&str],
) -> Result<(), Error> {
    let Module { name, glue, features, profile, optimization, is_core } = module;
    // A dynamic library for JavaScript alone: for the host it would be linked in vain.
    let mut build = cargo(root, "rustc --package bootshift --lib --crate-type cdylib");
    build.args(["--no-default-features", "--features", features, "--profile", profile, "--target", WASM]);
    build.env("CARGO_ENCODED_RUSTFLAGS", rustflags(root, flags));
    step(&mut build)?;
    let compiled = target_folder()?.join(WASM).join(profile).join("bootshift.wasm");
    if *is_core {
        refuse_regex_engines(&compiled)?;
    }
    let folder = package.join("build").join(name);
    let finished = package.join("build").join(format!("{name}.wasm"));
    if is_newer(&finished, &compiled)
        && is_newer(&finished, &env::current_exe().map_err(|error| error.to_string())?)
    {
        return Ok(());
    }
    step(
        Command::new(&bindgen.cli)
            .args(["--target", "web", "--omit-default-module-path", "--experimental-reset-state-function"])
            .args(["--out-name", glue, "--out-dir"])
            .arg(&folder)
            .arg(&compiled),
    )?;
    step(
        Command::new("node")
            .arg("node_modules/binaryen/bin/wasm-opt")
            .args(*optimization)
            .args(["--converge", "--zero-filled-memory", "--low-memory-unused"])
            .args(["--strip-debug", "--strip-producers", "--strip-target-features"])
            .arg(folder.join(format!("{glue}_bg.wasm")))
            .arg("-o")
            .arg(finished)
            .current_dir(package),
    )
}

/// Whether a file was written after another.
fn is_newer(file: &Path, other: &Path) -> bool {
    let written = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified());
    matches!((written(file), written(other)), (Ok(file), Ok(other)) if file > other)
}

/// Fails if a regex engine is linked into a module. The jsonschema crate depends on two; they are more than half
/// of the size that the module would come to, and the linker drops them as long as no definition has a `pattern`.
fn refuse_regex_engines(module: &Path) -> Result<(), Error> {
    let bytes = fs::read(module).map_err(|error| format!("{}: {error}", module.display()))?;
    let mentions = |name: &str| bytes.windows(name.len()).any(|window| window == name.as_bytes());
    // Symbol names are in the file; if they were not, the engines could hide.
    if !mentions("bootshift") {
        return Err(format!("{} has no symbol names", module.display()));
    }
    match REGEX_ENGINES.into_iter().find(|engine| mentions(engine)) {
        Some(engine) => Err(format!("a regex engine is linked into the core: {engine}")),
        None => Ok(()),
    }
}

/// The flags of a module; SHA-256 has its rounds in a loop, which is smaller.
fn rustflags(root: &Path, more: &[&str]) -> OsString {
    let mut flags = machine_independent(root);
    for flag in ["--cfg=sha2_backend_soft=\"compact\""].iter().chain(more) {
        flags.push("\u{1f}");
        flags.push(flag);
    }
    flags
}
