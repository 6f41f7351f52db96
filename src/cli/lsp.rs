//! `lsp`.

use std::io;

use super::Failure;
use super::args::LspArgs;
use super::exit::Exit;
use super::system::System;
use super::terminal::Terminal;
use crate::lsp::{ServerExit, serve};

/// Serves the editor that has started the command, over its standard streams.
pub(super) fn run<S: System>(_: &LspArgs, _: &mut Terminal<'_, S>) -> Result<Exit, Failure> {
    match serve(io::BufReader::new(io::stdin()), io::stdout().lock()) {
        Ok(ServerExit::AfterShutdown) => Ok(Exit::Fine),
        // The exit code that the protocol requires.
        Ok(ServerExit::WithoutShutdown) => Err(Failure::Silent(Exit::Payload)),
        // The editor is gone.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Failure::Silent(Exit::Payload)),
        Err(error) => Err(Failure::Message(format!("cannot write to standard output: {error}"))),
    }
}
