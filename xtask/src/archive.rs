//! `cargo xtask archive`: the command with all that belongs to it in one file, for those who download it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;
use crate::command::{Error, output, step, target_folder};
use crate::notices::Notices;
use crate::python::PackagingTools;
use crate::wheel;

/// The shells that the command writes completions for, each with the file that it looks for.
const COMPLETIONS: [(&str, &str); 4] = [
    ("bash", "completions/bootshift.bash"),
    ("fish", "completions/bootshift.fish"),
    ("powershell", "completions/_bootshift.ps1"),
    ("zsh", "completions/_bootshift"),
];

/// The texts that go with the command.
const TEXTS: [&str; 4] = ["CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "README.md"];

/// What is given away of the command for a target.
pub(crate) struct Built {
    /// The wheel.
    pub(crate) wheel: PathBuf,
    /// The archive with the same command.
    pub(crate) archive: PathBuf,
}

/// Builds both into one folder, which contains nothing else, and prints their paths.
pub(crate) fn run(root: &Path, options: &wheel::Options) -> Result<Outcome, Error> {
    let Built { wheel, archive } = build(root, options)?;
    println!("{}\n{}", wheel.display(), archive.display());
    Ok(Outcome::Green)
}

/// Builds the wheel, and packs the command that is in it.
pub(crate) fn build(root: &Path, options: &wheel::Options) -> Result<Built, Error> {
    let folder = target_folder()?.join("dist");
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    // What is in it is given away: nothing old may be.
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(failed)?;
    }
    let built = wheel::build(root, options)?;
    let archive = pack(root, &folder, &built, options.target.as_deref())?;
    let wheel = folder.join(built.file_name().unwrap_or_default());
    fs::copy(&built, &wheel).map_err(failed)?;
    Ok(Built { wheel, archive })
}

/// Packs the command of a wheel: one build, which runs on the same systems.
fn pack(root: &Path, dist: &Path, wheel: &Path, target: Option<&str>) -> Result<PathBuf, Error> {
    let host = host()?;
    let target = target.unwrap_or(&host);
    let unpacked = target_folder()?.join("wheels").join("unpacked");
    let mut unzip = PackagingTools::install()?.command("python");
    step(unzip.args(["-m", "zipfile", "-e"]).arg(wheel).arg(&unpacked))?;
    let name = if target.contains("windows") { "bootshift.exe" } else { "bootshift" };
    let program = program_in(&unpacked, name)?;
    let says = |arguments: &[&str]| {
        output(Command::new(&program).args(arguments))
            .ok_or_else(|| format!("{} does not run on this machine", program.display()))
    };
    // `bootshift 0.1.0`
    let title = format!("{}-{target}", says(&["--version"])?.replace(' ', "-"));
    let folder = dist.join(&title);
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    fs::create_dir_all(folder.join("completions")).map_err(failed)?;
    fs::copy(&program, folder.join(name)).map_err(failed)?;
    for text in TEXTS {
        fs::copy(root.join(text), folder.join(text)).map_err(failed)?;
    }
    Notices::of_crates(root, &[] as &[&str])?.write(&folder)?;
    for (shell, file) in COMPLETIONS {
        fs::write(folder.join(file), says(&["completions", shell])? + "\n").map_err(failed)?;
    }
    fs::write(folder.join("bootshift.1"), says(&["man"])? + "\n").map_err(failed)?;

    let archive = dist.join(format!("{title}.tar.gz"));
    let mut tar = Command::new("tar");
    // Relative names: some tars take `C:` for a machine.
    tar.arg("-czf").arg(archive.file_name().unwrap_or_default()).arg(&title).current_dir(dist);
    step(&mut tar)?;
    fs::remove_dir_all(&folder).map_err(failed)?;
    Ok(archive)
}

/// The program in an unpacked wheel, which may be run.
fn program_in(unpacked: &Path, name: &str) -> Result<PathBuf, Error> {
    let entries = fs::read_dir(unpacked).map_err(|error| format!("{}: {error}", unpacked.display()))?;
    let program = entries
        .flatten()
        .map(|entry| entry.path().join("scripts").join(name))
        .find(|path| path.is_file())
        .ok_or_else(|| format!("there is no {name} in {}", unpacked.display()))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755))
            .map_err(|error| format!("{}: {error}", program.display()))?;
    }
    Ok(program)
}

/// The target that is this machine.
fn host() -> Result<String, Error> {
    let version = output(Command::new("rustc").arg("-vV")).ok_or("`rustc -vV` failed")?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| "`rustc -vV` names no host".to_owned())
}
