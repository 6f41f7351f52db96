//! Programs that tasks need and Cargo does not install: found, or installed on Debian, or named in one message before the
//! task begins.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{Error, output, succeeds};

/// A program of the machine.
#[derive(Clone, Copy)]
pub(crate) struct Program {
    /// What it is, and how to get it, for messages.
    name: &'static str,
    /// The names of its file.
    files: &'static [&'static str],
    /// An environment variable with its path; empty for none.
    variable: &'static str,
    /// Its package on Debian; empty if that is too old.
    debian: &'static str,
    /// Code for its option `-c`, or `-e`, that fails if it is too old or not complete; empty if any will do.
    test: (&'static str, &'static str),
}

const fn program(
    name: &'static str,
    files: &'static [&'static str],
    variable: &'static str,
    debian: &'static str,
) -> Program {
    Program { name, files, variable, debian, test: ("", "") }
}

pub(crate) const CHROMEDRIVER: Program =
    program("the driver of Chromium", &["chromedriver"], "CHROMEDRIVER", "chromium-driver");
pub(crate) const CHROMIUM: Program =
    program("Chromium", &["chromium", "chromium-browser", "google-chrome"], "CHROMIUM", "chromium");
pub(crate) const CURL: Program = program("curl", &["curl"], "", "curl");
pub(crate) const GIT: Program = program("git", &["git"], "", "git");
/// For the server, of which PGBIN names the folder.
pub(crate) const INITDB: Program = program(
    "PostgreSQL 15 to 18, with initdb; if it is installed, set PGBIN to the folder of its programs",
    &["initdb"],
    "",
    "postgresql",
);
pub(crate) const NODE: Program = Program {
    test: (
        "-e",
        "const [a, b] = process.versions.node.split('.'); process.exit(a > 20 || a == 20 && b >= 19 ? 0 : 1)",
    ),
    ..program("Node.js 20.19 or later (https://nodejs.org)", &["node"], "", "")
};
pub(crate) const NPM: Program = program("npm (https://nodejs.org)", &["npm"], "", "");
pub(crate) const PGBOUNCER: Program = program("pgbouncer", &["pgbouncer"], "PGBOUNCER", "pgbouncer");
pub(crate) const PSQL: Program = program("psql", &["psql"], "", "postgresql-client");
pub(crate) const PYTHON: Program = Program {
    test: ("-c", "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))"),
    ..program("Python 3.11 or later, with venv", &["python3", "python"], "", "python3-venv")
};
pub(crate) const SCRIPT: Program = program("script from util-linux", &["script"], "", "bsdutils");

impl Program {
    /// Its path.
    pub(crate) fn path(&self) -> Result<PathBuf, Error> {
        self.find().ok_or_else(|| missing(&[*self]))
    }

    fn find(&self) -> Option<PathBuf> {
        let folders: Vec<_> =
            env::split_paths(&env::var_os("PATH").unwrap_or_default()).chain(other_folders()).collect();
        let found = self.files.iter().flat_map(|file| folders.iter().map(move |folder| folder.join(file)));
        let found = found.map(|path| path.with_extension(env::consts::EXE_EXTENSION));
        let named = env::var_os(self.variable).map(PathBuf::from);
        named.into_iter().chain(found).find(|path| path.is_file() && self.works(path))
    }

    fn works(&self, path: &Path) -> bool {
        let (option, code) = self.test;
        code.is_empty() || output(Command::new(path).args([option, code])).is_some()
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
    let absent = || programs.iter().copied().filter(|program| program.find().is_none()).collect::<Vec<_>>();
    install_on_debian(&absent());
    let absent = absent();
    if absent.is_empty() { Ok(()) } else { Err(missing(&absent)) }
}

/// A message that says what to install.
fn missing(programs: &[Program]) -> Error {
    let hint = |text: &str, value: &str| {
        if value.is_empty() { String::new() } else { text.replace("VALUE", value) }
    };
    let line = |program: &Program| {
        let debian = hint("; on Debian: `apt-get install VALUE`", program.debian);
        let variable = hint("; if it is installed, set VALUE to its path", program.variable);
        format!("\n  {}{debian}{variable}", program.name)
    };
    let lines: String = programs.iter().map(line).collect();
    format!("this needs programs that are not installed, or too old:{lines}")
}

/// On Debian, root installs the packages; elsewhere nothing happens.
fn install_on_debian(programs: &[Program]) {
    let packages: Vec<_> =
        programs.iter().map(|program| program.debian).filter(|name| !name.is_empty()).collect();
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        matches!(succeeds(command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive")), Ok(true))
    };
    let is_root = || output(Command::new("id").arg("-u")).as_deref() == Some("0");
    let has_apt = || output(Command::new("apt-get").arg("--version")).is_some();
    if !packages.is_empty() && is_root() && has_apt() && apt(&["update", "-qq"]) {
        apt(&[&["install", "-y", "-qq", "--no-install-recommends"], &packages[..]].concat());
    }
}
