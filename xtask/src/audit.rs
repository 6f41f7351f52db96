//! `cargo xtask audit`: what is known of all that the project is made of, and what its public API promises. It needs
//! tools that compile for minutes, and sources that not every machine reaches; what it cannot check it names.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Args;

use crate::Outcome;
use crate::command::{Error, WASM, output, succeeds, target_folder};
use crate::supply;
use crate::tools::Subcommand;

/// Where the advisories on crates come from.
const ADVISORIES: &str = "https://github.com/RustSec/advisory-db";
/// A variable with the folder of a clone of it.
const ADVISORIES_COPY: &str = "BOOTSHIFT_ADVISORIES";

/// What to compare with.
#[derive(Args)]
pub(crate) struct Options {
    /// The commit or tag that the public API has to stay compatible with; the newest release without it
    #[arg(long)]
    baseline: Option<String>,
}

/// What a check came to.
enum Verdict {
    Fine,
    Wrong,
    /// It could not be made, for this reason.
    Unchecked(String),
}

impl From<bool> for Verdict {
    fn from(success: bool) -> Self {
        if success { Self::Fine } else { Self::Wrong }
    }
}

/// Makes every check, whatever the others find, and closes with what each came to.
pub(crate) fn run(root: &Path, options: &Options) -> Result<Outcome, Error> {
    let checks = [
        ("licences, sources, Rust versions", (supply::run(root)? == Outcome::Green).into()),
        ("licences, sources (cargo-deny)", deny(root, &["licenses", "bans", "sources"])?),
        ("advisories on crates", advisories(root)?),
        ("unused dependencies", unused(root)?),
        ("the oldest Rust", oldest_rust(root)?),
        ("advisories on npm packages: the package", npm_audit(&root.join("pkg"))?),
        ("advisories on npm packages: the page", npm_audit(&root.join("www"))?),
        ("the public API", public_api(root, options)?),
    ];
    println!();
    for (what, verdict) in &checks {
        match verdict {
            Verdict::Fine => println!("{what}: fine"),
            Verdict::Wrong => println!("{what}: WRONG, see above"),
            Verdict::Unchecked(reason) => println!("{what}: NOT CHECKED, {reason}"),
        }
    }
    let wrong = checks.iter().any(|(_, verdict)| matches!(verdict, Verdict::Wrong));
    Ok(if wrong { Outcome::Red } else { Outcome::Green })
}

fn deny(root: &Path, checks: &[&str]) -> Result<Verdict, Error> {
    // Duplicate versions are listed with one line each; their trees are `cargo tree --duplicates`.
    let mut deny = Subcommand::DENY.command(root, &["--locked", "check", "--hide-inclusion-graph"])?;
    succeeds(deny.args(checks)).map(Verdict::from)
}

fn advisories(root: &Path) -> Result<Verdict, Error> {
    let copy = env::var_os(ADVISORIES_COPY).map(PathBuf::from);
    let mut ask = Command::new("git");
    ask.args(["ls-remote", ADVISORIES, "HEAD"]).env("GIT_TERMINAL_PROMPT", "0");
    if output(with_copy(&mut ask, copy.as_deref())).is_none() {
        return Ok(Verdict::Unchecked(match copy {
            Some(copy) => format!("{} is no clone of {ADVISORIES}", copy.display()),
            None => format!("{ADVISORIES} is out of reach; name a clone of it in {ADVISORIES_COPY}"),
        }));
    }
    if let Some(copy) = &copy {
        let date = output(Command::new("git").arg("-C").arg(copy).args(["log", "-1", "--format=%cs"]));
        eprintln!("\nadvisories up to {}", date.as_deref().unwrap_or("an unknown day"));
    }
    let mut deny = Subcommand::DENY.command(root, &["--locked", "check", "advisories"])?;
    succeeds(with_copy(&mut deny, copy.as_deref())).map(Verdict::from)
}

/// Has Git take the copy for the database itself.
fn with_copy<'c>(command: &'c mut Command, copy: Option<&Path>) -> &'c mut Command {
    if let Some(copy) = copy {
        command.env("GIT_CONFIG_COUNT", "1").env("GIT_CONFIG_VALUE_0", ADVISORIES);
        command.env("GIT_CONFIG_KEY_0", format!("url.{}.insteadOf", copy.display()));
    }
    command
}

fn unused(root: &Path) -> Result<Verdict, Error> {
    // With what Cargo knows, for the library of md-5 is called md5.
    let mut machete = Subcommand::MACHETE.command(root, &["--with-metadata", "--skip-target-dir", "."])?;
    succeeds(&mut machete).map(Verdict::from)
}

/// Compiles everything, tests too, with the oldest Rust that is promised.
fn oldest_rust(root: &Path) -> Result<Verdict, Error> {
    let version = supply::rust_version(&supply::metadata(root)?)?;
    let mut install = Command::new("rustup");
    install.args(["toolchain", "install", &version, "--profile", "minimal", "--target", WASM]);
    if !matches!(succeeds(install.stdin(Stdio::null())), Ok(true)) {
        return Ok(Verdict::Unchecked(format!("`rustup toolchain install {version}` did not work")));
    }
    let check = |selection: &[&str]| {
        let mut check = Command::new("rustup");
        check.args(["run", &version, "cargo", "check", "--locked"]).args(selection).current_dir(root);
        // This task runs in another toolchain, which Cargo passes on.
        check.env_remove("CARGO").env_remove("RUSTC").env_remove("RUSTUP_TOOLCHAIN").stdin(Stdio::null());
        succeeds(check.env("CARGO_TARGET_DIR", target_folder()?.join("oldest-rust")))
    };
    let host = check(&[
        "--workspace",
        "--all-targets",
        "--features",
        "bootshift/native,bootshift/lsp,bootshift/wasm",
    ])?;
    let module = ["--package", "bootshift", "--lib", "--no-default-features", "--target", WASM];
    let modules = check(&[&module[..], &["--features", "wasm"]].concat())?
        && check(&[&module[..], &["--features", "cli,wasm"]].concat())?;
    Ok((host && modules).into())
}

fn npm_audit(folder: &Path) -> Result<Verdict, Error> {
    let npm = |arguments: &[&str]| {
        let mut npm = Command::new("npm");
        npm.args(["audit", "--package-lock-only"]).args(arguments).current_dir(folder).stdin(Stdio::null());
        npm
    };
    // The report says whether the registry answered: its errors and its findings end npm alike.
    let report = npm(&["--json"]).output().map_err(|error| format!("npm: {error}"))?;
    let report: serde_json::Value = serde_json::from_slice(&report.stdout).unwrap_or_default();
    if report["vulnerabilities"].is_null() {
        let reason = report["message"].as_str().unwrap_or("npm gave no report");
        return Ok(Verdict::Unchecked(format!("the registry does not say: {reason}")));
    }
    succeeds(&mut npm(&["--audit-level=low"])).map(Verdict::from)
}

/// Compares with the last release; before the first, with the last commit, which a change of the API in between
/// shows up against.
fn public_api(root: &Path, options: &Options) -> Result<Verdict, Error> {
    let release = || {
        let mut describe = Command::new("git");
        output(describe.args(["describe", "--tags", "--abbrev=0", "--match", "v*"]).current_dir(root))
    };
    let baseline = options.baseline.clone().or_else(release).unwrap_or_else(|| "HEAD".to_owned());
    let mut check = Subcommand::SEMVER_CHECKS
        .command(root, &["--package", "bootshift", "--all-features", "--baseline-rev", &baseline])?;
    succeeds(&mut check).map(Verdict::from)
}
