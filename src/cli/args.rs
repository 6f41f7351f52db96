//! The command line as clap reads it.

mod check;
#[cfg(not(target_family = "wasm"))]
mod lsp;
mod reference;
mod request;
#[cfg(feature = "native")]
mod runner;
mod script;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand, ValueEnum};

pub(super) use self::check::{CheckArgs, ReportFormat};
#[cfg(not(target_family = "wasm"))]
pub(super) use self::lsp::LspArgs;
pub(super) use self::reference::{CompletionsArgs, ExplainArgs, ExplainFormat, ManArgs, SchemaArgs};
pub(super) use self::request::{RedactArgs, RequestArgs, RequestFormat};
#[cfg(feature = "native")]
pub(super) use self::runner::{
    ApplyArgs, ChangeArgs, ConnectionArgs, DoctorArgs, DoctorFormat, LoginArgs, RemoveArgs, RunnerFormat,
    StatusArgs,
};
pub(super) use self::script::{FlavorArg, ScriptArgs, ScriptFormat};
use super::exit;
use crate::operation::Operation;

/// Checks payloads that configure an Immuta integration for Amazon Redshift, and writes the SQL that bootstraps it.
#[derive(Debug, Parser)]
#[command(
    name = "bootshift",
    version,
    about = "Checks Immuta integration payloads for Amazon Redshift and writes the SQL that bootstraps them",
    long_about = LONG_ABOUT,
    after_help = "`bootshift help COMMAND` shows a command's options and examples.",
    after_long_help = exit::TABLE,
    max_term_width = 100,
    disable_help_subcommand = false
)]
pub(super) struct Cli {
    /// When to use color: auto, always or never
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "WHEN",
        hide_possible_values = true,
        display_order = 900
    )]
    pub(super) color: Color,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[cfg(not(feature = "native"))]
const LONG_ABOUT: &str = "Checks payloads that configure an Immuta integration for Amazon Redshift, and writes the SQL \
                          that bootstraps it. It never uses the network.";
#[cfg(feature = "native")]
const LONG_ABOUT: &str = "Checks payloads that configure an Immuta integration for Amazon Redshift, writes the SQL that \
                          bootstraps it, and applies it. Only `apply`, `status`, `remove` and `doctor` use the \
                          network: they connect to the cluster in the payload.";

/// When to use color.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Check(CheckArgs),
    Script(ScriptArgs),
    Request(RequestArgs),
    Redact(RedactArgs),
    #[cfg(feature = "native")]
    Apply(ApplyArgs),
    #[cfg(feature = "native")]
    Status(StatusArgs),
    #[cfg(feature = "native")]
    Remove(RemoveArgs),
    #[cfg(feature = "native")]
    Doctor(DoctorArgs),
    #[cfg(not(target_family = "wasm"))]
    Lsp(LspArgs),
    Schema(SchemaArgs),
    Explain(ExplainArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
}

impl Command {
    /// The name on the command line.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Check(_) => "check",
            Self::Script(_) => "script",
            Self::Request(_) => "request",
            Self::Redact(_) => "redact",
            #[cfg(feature = "native")]
            Self::Apply(_) => "apply",
            #[cfg(feature = "native")]
            Self::Status(_) => "status",
            #[cfg(feature = "native")]
            Self::Remove(_) => "remove",
            #[cfg(feature = "native")]
            Self::Doctor(_) => "doctor",
            #[cfg(not(target_family = "wasm"))]
            Self::Lsp(_) => "lsp",
            Self::Schema(_) => "schema",
            Self::Explain(_) => "explain",
            Self::Completions(_) => "completions",
            Self::Man(_) => "man",
        }
    }
}

/// An operation by its name, among `allowed`.
fn operation(allowed: Vec<Operation>) -> impl TypedValueParser<Value = Operation> {
    PossibleValuesParser::new(allowed.into_iter().map(Operation::name))
        .try_map(|name| name.parse::<Operation>())
}
