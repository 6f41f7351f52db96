//! The `bootshift` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    bootshift::cli::main()
}
