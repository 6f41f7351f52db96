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
