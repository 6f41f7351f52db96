//! The arguments of the reference commands: `schema`, `explain`, `completions`, `man`.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum, ValueHint};
use clap_complete::Shell;

use crate::check::Code;

/// Print a JSON Schema for editors and validators
#[derive(Debug, Args)]
#[command(
    long_about = "Prints the JSON Schema of an operation's document, of payloads for generators of code, or of Bootshift's own \
                  JSON output. Without NAME, lists the available schemas.",
    after_help = "Examples:\n  bootshift schema create > payload.schema.json\n  bootshift schema payload-types > \
                  payload.types.schema.json\n  bootshift schema report"
)]
pub(in crate::cli) struct SchemaArgs {
    /// An operation, `payload-types`, `report`, `script` or `doctor`
    #[arg(value_name = "NAME", value_parser = PossibleValuesParser::new(crate::schemas::names()),
        hide_possible_values = true, help = "An operation, `payload-types`, `report`, `script` or `doctor`")]
    pub(in crate::cli) name: Option<String>,
}

/// Explain a diagnostic
#[derive(Debug, Args)]
#[command(
    long_about = "Explains a diagnostic code: what it means, why it is reported, and how to fix it. Without CODE, \
                  lists all codes.",
    after_help = "Example:\n  bootshift explain host-not-bare"
)]
pub(in crate::cli) struct ExplainArgs {
    /// The code, as shown in square brackets in a diagnostic
    #[arg(value_name = "CODE", hide_possible_values = true,
        value_parser = PossibleValuesParser::new(Code::ALL.iter().map(|code| code.as_str())))]
    pub(in crate::cli) code: Option<String>,
    /// Output format
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(in crate::cli) format: ExplainFormat,
}

/// The output format of `explain`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ExplainFormat {
    /// Text
    #[default]
    Human,
    /// JSON: an object, or an array of all codes
    Json,
}

/// Print a completion script for a shell
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Example:\n  bootshift completions bash > ~/.local/share/bash-completion/completions/bootshift"
)]
pub(in crate::cli) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub(in crate::cli) shell: Shell,
}

/// Print the manual page, or write the pages of all commands
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bootshift man | man -l -\n  bootshift man --out ~/.local/share/man/man1"
)]
pub(in crate::cli) struct ManArgs {
    /// Write the pages of all commands to a directory
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(in crate::cli) out: Option<PathBuf>,
}
