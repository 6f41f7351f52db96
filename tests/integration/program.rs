//! The command that the tests run.

use std::process::Command;

/// Names another program than the one that Cargo built, so that the same tests hold it to the same behaviour: a
/// command and its first arguments, separated by blanks, such as `node /package/cli.mjs`. Tests run in directories
/// of their own, so paths in it are absolute.
const VARIABLE: &str = "BOOTSHIFT_COMMAND";

/// `bootshift`, in the environment of the tests.
pub(crate) fn bootshift() -> Command {
    let Ok(words) = std::env::var(VARIABLE) else {
        return Command::new(env!("CARGO_BIN_EXE_bootshift"));
    };
    let mut words = words.split_whitespace();
    let mut command = Command::new(words.next().expect("BOOTSHIFT_COMMAND names a command"));
    command.args(words);
    command
}

/// The ways in which the command is distributed, which differ in their commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edition {
    /// Compiled with the default features.
    Default,
    /// Compiled with the feature `native`: has the runner.
    Native,
    /// That of the npm package: has no language server.
    Npm,
}

/// What the command under test says that it is.
pub(crate) fn edition() -> Edition {
    let output = bootshift().arg("-h").output().expect("the command runs");
    let help = String::from_utf8(output.stdout).expect("UTF-8");
    let has = |command: &str| help.lines().any(|line| line.split_whitespace().next() == Some(command));
    match (has("apply"), has("lsp")) {
        (true, _) => Edition::Native,
        (false, true) => Edition::Default,
        (false, false) => Edition::Npm,
    }
}
