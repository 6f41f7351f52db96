//! The command line: a thin edge that reads files, the environment and standard input, and writes what the
//! core says.
//!
//! The commands see the world through one trait, `System`, only: the operating system, or, compiled to
//! WebAssembly (feature `wasm`), a JavaScript host.

mod args;
mod check;
mod exit;
#[cfg(target_family = "wasm")]
mod host;
mod log_commands;
#[cfg(not(target_family = "wasm"))]
mod lsp;
#[cfg(not(target_family = "wasm"))]
mod native;
mod reference;
#[cfg(not(target_family = "wasm"))]
mod replace;
mod request;
mod root;
#[cfg(feature = "native")]
mod runner;
mod script;
mod single;
mod source;
mod system;
mod terminal;
#[cfg(any(test, target_family = "wasm"))]
mod walk;

use std::ffi::OsString;
use std::panic::PanicHookInfo;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory as _, FromArgMatches as _};

use self::args::{Cli, Color, Command};
pub use self::exit::Exit;
#[cfg(target_family = "wasm")]
pub use self::host::{Host, run_command};
#[cfg(not(target_family = "wasm"))]
pub use self::native::main;
use self::system::System;
use self::terminal::Terminal;

/// The most values that an error lists.
const LONG_LIST: usize = 20;

/// Why a command ends early.
enum Failure {
    /// The arguments do not go together.
    Usage(ErrorKind, String),
    /// Something that can't be read or written.
    Message(String),
    /// All has been said.
    Silent(Exit),
}

/// Runs a command; the first of `args` is the program's name.
fn run<S: System>(system: &S, args: impl IntoIterator<Item = OsString>) -> Exit {
    let cli = match parse(system, args) {
        Ok(cli) => cli,
        Err(error) => return Terminal::new(system, Color::Auto).finish_with(&discreet(error)),
    };
    let mut terminal = Terminal::new(system, cli.color);
    match dispatch(&cli.command, &mut terminal) {
        Ok(exit) | Err(Failure::Silent(exit)) => terminal.finish(exit),
        Err(Failure::Message(message)) => {
            terminal.error(message);
            terminal.finish(Exit::Usage)
        }
        Err(Failure::Usage(kind, message)) => {
            terminal.finish_with(&usage_error(system, &cli.command, kind, &message))
        }
    }
}

fn dispatch<S: System>(command: &Command, terminal: &mut Terminal<'_, S>) -> Result<Exit, Failure> {
    match command {
        Command::Check(args) => check::run(args, terminal),
        Command::Script(args) => script::run(args, terminal),
        Command::Request(args) => request::run(args, terminal),
        Command::Redact(args) => request::redact(args, terminal),
        #[cfg(feature = "native")]
        Command::Apply(args) => runner::apply(args, terminal),
        #[cfg(feature = "native")]
        Command::Status(args) => runner::status(args, terminal),
        #[cfg(feature = "native")]
        Command::Remove(args) => runner::remove(args, terminal),
        #[cfg(feature = "native")]
        Command::Doctor(args) => runner::doctor(args, terminal),
        #[cfg(not(target_family = "wasm"))]
        Command::Lsp(args) => lsp::run(args, terminal),
        Command::Schema(args) => Ok(reference::schema(args, terminal)),
        Command::Explain(args) => Ok(reference::explain(args, terminal)),
        Command::Completions(args) => Ok(reference::completions(args, terminal)),
        Command::Man(args) => reference::man(args, terminal),
    }
}

fn parse<S: System>(system: &S, args: impl IntoIterator<Item = OsString>) -> Result<Cli, clap::Error> {
    let matches = definition(system).try_get_matches_from(args)?;
    Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut definition(system)))
}

/// What the command line may say, set for the width of the terminal.
fn definition<S: System>(system: &S) -> clap::Command {
    /// The widest lines, and those where there is no terminal.
    const WIDEST: usize = 100;
    let command = Cli::command();
    match system.columns() {
        None => command,
        Some(columns) => command.term_width(columns.clamp(1, WIDEST)),
    }
}

/// A usage error that clap cannot detect.
fn usage(kind: ErrorKind, message: &str) -> Failure {
    Failure::Usage(kind, message.to_owned())
}

/// The same with the usage of the command that was given.
fn usage_error<S: System>(system: &S, command: &Command, kind: ErrorKind, message: &str) -> clap::Error {
    let mut root = definition(system);
    root.build();
    match root.find_subcommand_mut(command.name()) {
        Some(subcommand) => subcommand.error(kind, message),
        None => root.error(kind, message),
    }
}

/// An internal error: a document without errors has a body.
fn internal() -> Failure {
    Failure::Message(
        "internal error: a checked payload is missing; this is a bug in Bootshift, please report it"
            .to_owned(),
    )
}

/// Hides values in an error that may be a secret or a payload in the wrong place.
fn discreet(mut error: clap::Error) -> clap::Error {
    let text = |error: &clap::Error, kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        _ => None,
    };
    let is_word = |text: &str| {
        text.len() <= 32 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte))
    };
    let hidden = || ContextValue::String("…".to_owned());
    let argument = text(&error, ContextKind::InvalidArg).unwrap_or_default();
    if error.kind() == ErrorKind::UnknownArgument && !argument.starts_with('-') {
        error.insert(ContextKind::InvalidArg, hidden());
    }
    if let Some(value) = text(&error, ContextKind::InvalidValue) {
        // A password may follow `script --password`, although that option takes a form.
        if !is_word(&value) || argument.contains("--password") {
            error.insert(ContextKind::InvalidValue, hidden());
        }
    }
    // A long list would hide the closest match; `explain` shows it.
    if matches!(error.get(ContextKind::ValidValue), Some(ContextValue::Strings(values)) if values.len() > LONG_LIST)
    {
        error.remove(ContextKind::ValidValue);
        let list = ContextValue::StyledStrs(vec!["`bootshift explain` lists the codes".into()]);
        error.insert(ContextKind::Suggested, list);
    }
    if let Some(name) = text(&error, ContextKind::InvalidSubcommand)
        && !is_word(&name)
    {
        error.insert(ContextKind::InvalidSubcommand, hidden());
    }
    error
}

/// The message for a panic. It has the location but not the text, which may contain a part of a payload.
fn last_words(panic: &PanicHookInfo<'_>) -> String {
    let place =
        panic.location().map(|place| format!(" at {}:{}", place.file(), place.line())).unwrap_or_default();
    let version = env!("CARGO_PKG_VERSION");
    format!(
        "error: internal error in Bootshift {version}{place}; this is a bug, please report this line (do not include your payload)\n"
    )
}
