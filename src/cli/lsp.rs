//! `lsp`.

use std::io;

use super::Failure;
use super::args::LspArgs;
use super::exit::Exit;
use super::system::System;
use super::terminal::Terminal;
use crate::lsp::{End, serve};

/// Serves the editor that has started the command, over its standard streams.
pub(super) fn run<S: System>(_: &LspArgs, _: &mut Terminal<'_, S>) -> Result<Exit, Failure> {
    match serve(io::BufReader::new(io::stdin()), io::stdout().lock()) {
        Ok(End::Orderly) => Ok(Exit::Fine),
        // The protocol asks for the code 1.
        Ok(End::Abrupt) => Err(Failure::Silent(Exit::Payload)),
        // The editor is gone.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Failure::Silent(Exit::Payload)),
        Err(error) => Err(Failure::Message(format!("cannot write to standard output: {error}"))),
    }
}
