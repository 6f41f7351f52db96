//! The command line: a thin edge that reads files, the environment and standard input, and writes what the
//! core says.

mod args;
mod check;
mod exit;
mod reference;
mod request;
mod script;
mod single;
mod source;
mod terminal;

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory as _, Parser as _};

use self::args::{Cli, Command};
pub use self::exit::Exit;
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

/// Runs the command that the process was started with.
#[must_use]
pub fn main() -> ExitCode {
    std::panic::set_hook(Box::new(report_panic));
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return print(&discreet(error)).into(),
    };
    let mut terminal = Terminal::new(cli.color.into());
    let exit = match run(&cli.command, &mut terminal) {
        Ok(exit) | Err(Failure::Silent(exit)) => exit,
        Err(Failure::Message(message)) => {
            terminal.error(message);
            Exit::Usage
        }
        Err(Failure::Usage(kind, message)) => {
            terminal.finish(Exit::Usage);
            return print(&usage_error(&cli.command, kind, &message)).into();
        }
    };
    terminal.finish(exit).into()
}

fn run(command: &Command, terminal: &mut Terminal) -> Result<Exit, Failure> {
    match command {
        Command::Check(args) => check::run(args, terminal),
        Command::Script(args) => script::run(args, terminal),
        Command::Request(args) => request::run(args, terminal),
        Command::Redact(args) => request::redact(args, terminal),
        Command::Schema(args) => Ok(reference::schema(args, terminal)),
        Command::Explain(args) => Ok(reference::explain(args, terminal)),
        Command::Completions(args) => Ok(reference::completions(args, terminal)),
        Command::Man(args) => reference::man(args, terminal),
    }
}

/// Shows clap's message: help on standard output, mistakes on standard error.
fn print(error: &clap::Error) -> Exit {
    // A reader that has gone away is no failure.
    let _ = error.print();
    if error.use_stderr() { Exit::Usage } else { Exit::Fine }
}

/// A mistake in the arguments that clap itself cannot see.
fn usage(kind: ErrorKind, message: &str) -> Failure {
    Failure::Usage(kind, message.to_owned())
}

/// The same with the usage of the command that was given.
fn usage_error(command: &Command, kind: ErrorKind, message: &str) -> clap::Error {
    let mut root = Cli::command();
    root.build();
    match root.find_subcommand_mut(command.name()) {
        Some(subcommand) => subcommand.error(kind, message),
        None => root.error(kind, message),
    }
}

/// What cannot happen: a document without errors has a body.
fn internal() -> Failure {
    Failure::Message(
        "Bootshift has a defect: it lost a payload that it had checked; please report it".to_owned(),
    )
}

/// Takes out of an error what may be a secret or a payload in the wrong place.
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
        // It is easy to take `script --password` for the place of the password.
        if !is_word(&value) || argument.contains("--password") {
            error.insert(ContextKind::InvalidValue, hidden());
        }
    }
    // Of a long list only the nearest is of use; `explain` and `schema` show it.
    if matches!(error.get(ContextKind::ValidValue), Some(ContextValue::Strings(values)) if values.len() > LONG_LIST)
    {
        error.remove(ContextKind::ValidValue);
    }
    if let Some(name) = text(&error, ContextKind::InvalidSubcommand)
        && !is_word(&name)
    {
        error.insert(ContextKind::InvalidSubcommand, hidden());
    }
    error
}

/// Says where, not what: the text of a panic may hold a piece of a payload.
fn report_panic(panic: &std::panic::PanicHookInfo<'_>) {
    let place =
        panic.location().map(|place| format!(" at {}:{}", place.file(), place.line())).unwrap_or_default();
    let version = env!("CARGO_PKG_VERSION");
    terminal::last_words(&format!(
        "error: Bootshift {version} has a defect and stopped{place}; please report this line, without your payload\n"
    ));
}
