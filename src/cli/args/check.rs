//! The arguments of `check`.

use std::path::PathBuf;

use clap::builder::RangedU64ValueParser;
use clap::{ArgAction, Args, ValueEnum, ValueHint};

use super::operation;
use crate::document::Limits;
use crate::operation::Operation;

/// Check payloads, and the API's answers
#[derive(Debug, Args)]
#[command(
    long_about = "Checks payloads and the API's answers: syntax, schema, and the rules that no schema can say. \
                  Diagnostics go to standard output.\n\n\
                  Directories are searched for *.json, *.yaml and *.yml, in the order of their names; hidden files \
                  and those that a .gitignore names are left out, and so are documents that are none of the \
                  integrations API.",
    after_help = CHECK_EXAMPLES,
    after_long_help = format!("{CHECK_OPERATIONS}\n\n{CHECK_EXAMPLES}\n\n{CHECK_EXIT_CODES}")
)]
pub(in crate::cli) struct CheckArgs {
    /// Files, directories, or - for standard input
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(in crate::cli) paths: Vec<PathBuf>,
    /// What the documents are for; told from each document unless given
    #[arg(long, value_name = "OP", value_parser = operation(Operation::ALL.to_vec()), hide_possible_values = true)]
    pub(in crate::cli) operation: Option<Operation>,
    /// The payload that an update, script-edit or delete starts from; without --operation, update
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(in crate::cli) old: Option<PathBuf>,
    /// For delete: whether the integration was set up automatically
    #[arg(long, value_name = "BOOL", value_parser = clap::value_parser!(bool))]
    pub(in crate::cli) auto_bootstrap: Option<bool>,
    /// How to report
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(in crate::cli) format: ReportFormat,
    /// What code scanning calls this report, where one commit has several
    #[arg(long, value_name = "NAME", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(in crate::cli) sarif_category: Option<String>,
    /// Let warnings fail the run
    #[arg(long)]
    pub(in crate::cli) deny_warnings: bool,
    /// Fix in the files what can mean one thing only, and report what is left
    #[arg(long)]
    pub(in crate::cli) fix: bool,
    /// The name to show for standard input
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) stdin_filename: Option<String>,
    /// Show errors only, and no closing line
    #[arg(short, long, action = ArgAction::SetTrue)]
    pub(in crate::cli) quiet: bool,
    /// List so many diagnostics of a file: the worst, and of these the first; the rest count all the same
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = count())]
    max_diagnostics: u64,
    /// Read no file with more documents than so many
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = count())]
    max_documents: u64,
    /// Read no file with more values than so many
    #[arg(long, value_name = "N", default_value_t = 200_000, value_parser = count())]
    max_values: u64,
}

impl CheckArgs {
    /// What a file may cost.
    pub(in crate::cli) fn limits(&self) -> Limits {
        let limit = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        Limits {
            diagnostics: limit(self.max_diagnostics),
            documents: limit(self.max_documents),
            values: limit(self.max_values),
            ..Limits::default()
        }
    }
}

/// A number from 1.
fn count() -> RangedU64ValueParser {
    RangedU64ValueParser::new().range(1..)
}

const CHECK_EXAMPLES: &str = "\
Examples:
  bootshift check payload.yaml
  bootshift check payloads/ --deny-warnings
  bootshift check payload.yaml --fix
  bootshift check new.yaml --old old.yaml
  bootshift check delete.json --operation delete --auto-bootstrap true
  bootshift check payloads/ --format sarif > bootshift.sarif
  bootshift check - < payload.json";

const CHECK_OPERATIONS: &str = "\
Operations:
  create, script-initial-create, script-create, update, script-edit, delete, script-delete,
  script-cleanup, get, list, status, error

What --fix fixes:
  `yes` where `true` is due, a number in quotes or without, a key or a word of the API in the
  wrong letter case, upper case in `database`, a URL where the host alone belongs if it says
  nothing else, quotes around what YAML 1.1 takes for no string, a port with a zero before it, a
  comma behind the last value of JSON. Everything else in the file stays as it is.
  In directories it leaves alone what may not be a payload.";

const CHECK_EXIT_CODES: &str = "\
Exit codes:
  0  fine; there may be warnings and notes
  1  a document has an error, or --deny-warnings and there is a warning
  2  usage, or a file that can't be read or, with --fix, written";

/// How `check` reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ReportFormat {
    /// For people, with the source lines
    #[default]
    Human,
    /// JSON; `bootshift schema report` prints its schema
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Workflow commands, for annotations in GitHub
    Github,
}
