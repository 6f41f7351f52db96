//! Helpers: paths, a user's machine, and the blocks of the book.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// The checkout.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the checkout").to_owned()
}

/// A file of the checkout.
pub(crate) fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A path from the environment, where `cargo xtask test adoption` has put it.
pub(crate) fn given(variable: &str) -> PathBuf {
    env::var_os(variable)
        .unwrap_or_else(|| panic!("{variable} is not set: run `cargo xtask test adoption`"))
        .into()
}

/// The file with this ending that `xtask/archive.sh` has written.
pub(crate) fn built(ending: &str) -> PathBuf {
    let folder = fs::read_dir(given("BOOTSHIFT_TARGET").join("dist")).expect("a folder");
    let mut paths = folder.map(|entry| entry.expect("a file").path());
    paths
        .find(|path| path.to_string_lossy().ends_with(ending))
        .unwrap_or_else(|| panic!("there is no {ending}"))
}

/// A program from PyPI.
pub(crate) fn tool(name: &str) -> PathBuf {
    given("BOOTSHIFT_PACKAGING_TOOLS").join(name)
}

/// The native command, a debug build.
pub(crate) fn native() -> PathBuf {
    given("BOOTSHIFT_BIN")
}

/// The block of a chapter of the book that is the file `name` and contains `part`, with the closing fence as its last
/// line.
pub(crate) fn block(chapter: &str, name: &str, part: &str) -> String {
    let text = read(&format!("book/src/{chapter}.md"));
    let marker = format!("<!-- file: {name} -->\n```");
    let blocks: Vec<&str> = text
        .split(&marker)
        .skip(1)
        .filter_map(|rest| rest.split_once('\n')?.1.split_once("\n```\n"))
        .map(|(block, _)| block)
        .filter(|block| format!("{block}\n```").contains(part))
        .collect();
    let [block] = blocks[..] else { panic!("{chapter}: {} blocks {name} have {part:?}", blocks.len()) };
    format!("{block}\n")
}

/// The result of a program.
pub(crate) struct Ran {
    /// The exit code; -1 if it was killed.
    pub(crate) code: i32,
    /// The output on both streams.
    pub(crate) output: String,
    /// The output on standard output.
    pub(crate) stdout: String,
}

/// A user's machine with nothing except what the test puts there: no settings, no caches, no network.
pub(crate) struct Machine {
    folder: TempDir,
}

impl Machine {
    pub(crate) fn new() -> Self {
        let folder = TempDir::with_prefix("bootshift-adoption-").expect("a folder");
        let machine = Self { folder };
        fs::create_dir_all(machine.path("home")).expect("a home");
        fs::create_dir_all(machine.path("bin")).expect("a folder for programs");
        machine
    }

    /// A path on it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("it is on the machine")).expect("a folder");
        fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    /// A command to run in a folder of the machine.
    pub(crate) fn command(&self, folder: &str, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        let of_user = |variable: &str, folder: &str| {
            env::var_os(variable).map_or_else(|| env::home_dir().expect("a home").join(folder), PathBuf::from)
        };
        let path = env::var_os("PATH").unwrap_or_default();
        let path = env::join_paths([self.path("bin")].into_iter().chain(env::split_paths(&path)));
        command
            .current_dir(self.path(folder))
            .stdin(Stdio::null())
            .env_clear()
            .env("PATH", path.expect("a path"))
            .env("HOME", self.path("home"))
            .env("TMPDIR", self.folder.path())
            .env("LANG", "C.UTF-8")
            // The installed Rust, with the packages that were needed to compile this test.
            .env("CARGO_HOME", of_user("CARGO_HOME", ".cargo"))
            .env("RUSTUP_HOME", of_user("RUSTUP_HOME", ".rustup"))
            .env("CARGO_NET_OFFLINE", "true")
            .env("npm_config_offline", "true")
            .env("npm_config_update_notifier", "false")
            .env("PIP_NO_INDEX", "1")
            .env("PIP_DISABLE_PIP_VERSION_CHECK", "1")
            .env("GIT_ALLOW_PROTOCOL", "file")
            .env("GIT_CONFIG_NOSYSTEM", "1");
        for variable in ["RUSTUP_TOOLCHAIN", "RUSTC", "SYSTEMROOT"] {
            if let Some(value) = env::var_os(variable) {
                command.env(variable, value);
            }
        }
        command
    }

    /// Runs a command.
    pub(crate) fn run(command: &mut Command) -> Ran {
        let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let mut ran = Ran {
            code: output.status.code().unwrap_or(-1),
            output: String::new(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        };
        let _ = write!(ran.output, "{}{}", ran.stdout, String::from_utf8_lossy(&output.stderr));
        ran
    }

    /// Runs a command that must succeed.
    pub(crate) fn succeed(command: &mut Command) -> Ran {
        let ran = Self::run(command);
        assert_eq!(ran.code, 0, "{command:?}\n{}", ran.output);
        ran
    }

    /// Runs `git` in a folder.
    pub(crate) fn git(&self, folder: &str, arguments: &[&str]) -> Ran {
        Self::succeed(self.command(folder, "git").args(arguments))
    }
}
