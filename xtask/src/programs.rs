//! Programs that tasks need and Cargo does not install: found, or installed on Debian, or named in one message before the
//! task begins.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::command::{Error, output, succeeds};

/// A program of the machine.
#[derive(Clone, Copy)]
pub(crate) struct Program {
    /// What it is, and how to get it, for messages.
    name: &'static str,
    /// The names of its file.
    files: &'static [&'static str],
    /// An environment variable with its path.
    variable: &'static str,
    /// Arguments with which it succeeds if it is new enough and complete; none if any will do.
    test: &'static [&'static str],
    /// Its packages on Debian; none if those are too old.
    debian: &'static [&'static str],
}

pub(crate) const CHROMEDRIVER: Program = Program {
    name: "the driver of Chromium",
    files: &["chromedriver"],
    variable: "CHROMEDRIVER",
    test: &[],
    debian: &["chromium-driver"],
};
pub(crate) const CHROMIUM: Program = Program {
    name: "Chromium",
    files: &["chromium", "chromium-browser", "google-chrome"],
    variable: "CHROMIUM",
    test: &[],
    debian: &["chromium"],
};
pub(crate) const CURL: Program =
    Program { name: "curl", files: &["curl"], variable: "", test: &[], debian: &["curl"] };
pub(crate) const GIT: Program =
    Program { name: "git", files: &["git"], variable: "", test: &[], debian: &["git"] };
/// For the server, of which PGBIN names the folder.
pub(crate) const INITDB: Program = Program {
    name: "PostgreSQL 15 to 18, with initdb",
    files: &["initdb"],
    variable: "",
    test: &[],
    debian: &["postgresql"],
};
pub(crate) const NODE: Program = Program {
    name: "Node.js 20.19 or later (https://nodejs.org)",
    files: &["node"],
    variable: "",
    test: &[
        "-e",
        "const [a, b] = process.versions.node.split('.'); process.exit(a > 20 || a == 20 && b >= 19 ? 0 : 1)",
    ],
    debian: &[],
};
pub(crate) const NPM: Program =
    Program { name: "npm (https://nodejs.org)", files: &["npm"], variable: "", test: &[], debian: &[] };
pub(crate) const PGBOUNCER: Program = Program {
    name: "pgbouncer",
    files: &["pgbouncer"],
    variable: "PGBOUNCER",
    test: &[],
    debian: &["pgbouncer"],
};
pub(crate) const PSQL: Program =
    Program { name: "psql", files: &["psql"], variable: "", test: &[], debian: &["postgresql-client"] };
pub(crate) const PYTHON: Program = Program {
    name: "Python 3.11 or later, with venv",
    files: &["python3", "python"],
    variable: "",
    test: &["-c", "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))"],
    debian: &["python3-venv"],
};
pub(crate) const SCRIPT: Program = Program {
    name: "script from util-linux",
    files: &["script"],
    variable: "",
    test: &[],
    debian: &["bsdutils"],
};

impl Program {
    /// Its path.
    pub(crate) fn path(&self) -> Result<PathBuf, Error> {
        self.find().ok_or_else(|| missing(&[*self]))
    }

    fn find(&self) -> Option<PathBuf> {
        let named = env::var_os(self.variable).map(PathBuf::from);
        let folders = || {
            let path = env::var_os("PATH").unwrap_or_default();
            env::split_paths(&path).chain(other_folders()).collect::<Vec<_>>()
        };
        let found = self.files.iter().flat_map(|file| {
            folders()
                .into_iter()
                .map(move |folder| folder.join(file).with_extension(env::consts::EXE_EXTENSION))
        });
        named.into_iter().chain(found).find(|path| path.is_file() && self.works(path))
    }

    fn works(&self, path: &Path) -> bool {
        self.test.is_empty() || output(Command::new(path).args(self.test)).is_some()
    }
}

/// Folders of Debian that are not on the `PATH` of users, and that of PGBIN.
fn other_folders() -> impl Iterator<Item = PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = versions.map(|entry| entry.path().join("bin")).chain([PathBuf::from("/usr/sbin")]);
    env::var_os("PGBIN").map(PathBuf::from).into_iter().chain(debian)
}

/// Makes sure that there are all of these; on Debian, root installs them.
pub(crate) fn require(programs: &[Program]) -> Result<(), Error> {
    let absent =
        || -> Vec<Program> { programs.iter().copied().filter(|program| program.find().is_none()).collect() };
    let mut programs = absent();
    if !programs.is_empty() {
        install_on_debian(&programs);
        programs = absent();
    }
    if programs.is_empty() { Ok(()) } else { Err(missing(&programs)) }
}

/// A message that says what to install.
fn missing(programs: &[Program]) -> Error {
    let lines: Vec<String> = programs
        .iter()
        .map(|program| {
            let debian = match program.debian {
                [] => String::new(),
                packages => format!("; on Debian: `apt-get install {}`", packages.join(" ")),
            };
            let variable = match program.variable {
                "" => String::new(),
                variable => format!("; if it is installed, set {variable} to its path"),
            };
            format!("  {}{debian}{variable}", program.name)
        })
        .collect();
    format!("this needs programs that are not installed, or too old:\n{}", lines.join("\n"))
}

/// On Debian, root installs the packages; elsewhere nothing happens.
fn install_on_debian(programs: &[Program]) {
    let packages: Vec<&str> = programs.iter().flat_map(|program| program.debian).copied().collect();
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null());
        matches!(succeeds(&mut command), Ok(true))
    };
    let is_root = output(Command::new("id").arg("-u")).as_deref() == Some("0");
    if is_root && !packages.is_empty() && apt(&["update", "-qq"]) {
        apt(&[&["install", "-y", "-qq", "--no-install-recommends"], &packages[..]].concat());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_programs_are_named_with_their_packages() {
        assert_eq!(
            missing(&[NODE, PGBOUNCER]),
            "this needs programs that are not installed, or too old:\n  Node.js 20.19 or later (https://nodejs.org)\n  \
             pgbouncer; on Debian: `apt-get install pgbouncer`; if it is installed, set PGBOUNCER to its path"
        );
    }
}
