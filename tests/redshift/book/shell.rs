//! Runs the commands of a page as a reader would: in one shell, in a separate folder with the examples.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use tokio_postgres::Config;

use super::page::{Action, Block};
use crate::support::data_api::DataApi;
use redshift_emulator::{Emulator, Options, PASSWORD, SUPERUSER};

/// The port on the pages. The emulator of the tests uses a free port instead.
const PORT: &str = "5439";

/// How a command ended.
#[derive(Clone, Debug)]
pub(crate) struct Ran {
    /// The line of its block.
    pub(crate) line: usize,
    pub(crate) command: super::page::Command,
    /// Its standard output and error, as a terminal shows them.
    pub(crate) output: Vec<String>,
    /// `None` if it was not run, or the shell could not parse it.
    pub(crate) exit: Option<i32>,
}

/// A folder with the examples, and programs.
struct Sandbox {
    folder: TempDir,
}

impl Sandbox {
    fn new(root: &Path) -> Self {
        let sandbox = Self { folder: tempfile::tempdir().expect("a folder") };
        for folder in ["bin", "home", "out", "work/examples"] {
            fs::create_dir_all(sandbox.path(folder)).expect("a folder");
        }
        for entry in fs::read_dir(root.join("examples")).expect("the examples") {
            let path = entry.expect("an example").path();
            if path.extension().is_some_and(|end| end != "rs") {
                let name = path.file_name().expect("a file");
                fs::copy(&path, sandbox.path("work/examples").join(name)).expect("a copy");
            }
        }
        symlink(env!("CARGO_BIN_EXE_bootshift"), sandbox.path("bin/bootshift")).expect("a link");
        // The command of the package passes the same tests as this one, so this one runs instead.
        let npx = sandbox.path("bin/npx");
        fs::write(&npx, "#!/bin/sh\nexec \"$@\"\n").expect("a program");
        fs::set_permissions(&npx, fs::Permissions::from_mode(0o755)).expect("a program");
        sandbox
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn shell(&self) -> Command {
        let path = std::env::var("PATH").unwrap_or_default();
        let mut shell = Command::new("bash");
        shell
            .arg(self.path("script"))
            .current_dir(self.path("work"))
            .env_clear()
            .env("PATH", format!("{}:{path}", self.path("bin").display()))
            .env("HOME", self.path("home"))
            .env("TMPDIR", self.folder.path())
            .env("LANG", "C.UTF-8")
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        shell
    }
}

/// Runs the commands of a page, one after the other.
pub(crate) fn run(root: &Path, blocks: &[Block]) -> Vec<Ran> {
    let sandbox = Sandbox::new(root);
    let starts = |action: &Action| blocks.iter().any(|block| block.action == *action);
    let has_data_api = starts(&Action::StartDataApi);
    let emulator = (has_data_api || starts(&Action::StartEmulator))
        .then(|| Emulator::start(Options::default()).expect("an emulator"));
    let data_api = emulator.as_ref().filter(|_| has_data_api).map(|emulator| {
        let mut cluster = Config::new();
        cluster.host(emulator.host()).port(emulator.port()).user(SUPERUSER).password(PASSWORD);
        DataApi::start(cluster).expect("a stub")
    });
    let port = emulator.as_ref().map_or_else(|| PORT.to_owned(), |emulator| emulator.port().to_string());
    let mut script = String::new();
    let mut all = Vec::new();
    for block in blocks {
        match &block.action {
            Action::Write(name) => {
                let number = all.len();
                let source = sandbox.path("out").join(format!("{number}-{}", block.line));
                let text = block.body.join("\n") + "\n";
                fs::write(&source, text.replace(PORT, &port)).expect("a file");
                let _ = writeln!(script, "mkdir -p -- \"$(dirname -- '{name}')\"");
                let _ = writeln!(script, "cp -- '{}' '{name}'", source.display());
            }
            Action::Run(commands) => {
                for command in commands {
                    let out = sandbox.path("out").join(all.len().to_string());
                    let text = command.text.replace(PORT, &port);
                    let typed = out.with_extension("typed");
                    let input = command.typed.as_ref().map_or(String::new(), |word| {
                        fs::write(&typed, format!("{word}\n")).expect("a file");
                        format!(" <'{}'", typed.display())
                    });
                    let _ = writeln!(script, "{{ {text}\n}} >'{out}' 2>&1{input}", out = out.display());
                    let _ = writeln!(script, "echo $? >'{}.exit'", out.display());
                    all.push((block.line, command.clone(), out));
                }
            }
            Action::Show | Action::StartEmulator | Action::StartDataApi => {}
        }
    }
    fs::write(sandbox.path("script"), script).expect("a script");
    let environment = data_api.as_ref().map(DataApi::environment).into_iter().flatten();
    let shell = sandbox.shell().envs(environment).output().expect("a shell");
    let complaint = String::from_utf8_lossy(&shell.stderr).into_owned();
    all.into_iter()
        .map(|(line, command, out)| {
            let exit = fs::read_to_string(out.with_extension("exit")).ok();
            let text = fs::read(&out).map_or_else(
                |_| complaint.clone(),
                |bytes| String::from_utf8_lossy(&bytes).replace(&port, PORT),
            );
            let mut output: Vec<String> = text.lines().map(|line| line.trim_end().to_owned()).collect();
            while output.last().is_some_and(String::is_empty) {
                output.pop();
            }
            Ran { line, command, output, exit: exit.and_then(|exit| exit.trim().parse().ok()) }
        })
        .collect()
}
