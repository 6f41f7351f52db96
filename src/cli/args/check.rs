//! The arguments of `check`.

use std::path::PathBuf;

use clap::builder::RangedU64ValueParser;
use clap::{ArgAction, Args, ValueEnum, ValueHint};

use super::operation;
use crate::document::Limits;
use crate::operation::Operation;

/// Check payloads and API responses
#[derive(Debug, Args)]
#[command(
    long_about = "Checks payloads and API responses for syntax errors, schema errors, and problems that a schema cannot \
                  express. Diagnostics are written to standard output.\n\n\
                  Directories are searched for `*.json`, `*.yaml` and `*.yml` files in alphabetical order. Hidden files, files \
                  ignored by `.gitignore`, and documents that do not belong to the integrations API are skipped.",
    after_help = CHECK_EXAMPLES,
    after_long_help = format!("{CHECK_OPERATIONS}\n\n{CHECK_EXAMPLES}\n\n{CHECK_EXIT_CODES}")
)]
pub(in crate::cli) struct CheckArgs {
    /// Files, directories, or `-` for standard input
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(in crate::cli) paths: Vec<PathBuf>,
    /// The operation of the documents [default: detected from each document]
    #[arg(long, value_name = "OP", value_parser = operation(Operation::ALL.to_vec()), hide_possible_values = true)]
    pub(in crate::cli) operation: Option<Operation>,
    /// The current payload, before an update, script-edit or delete; implies `--operation update`
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(in crate::cli) old: Option<PathBuf>,
    /// For delete: whether the integration was created with `autoBootstrap: true`
    #[arg(long, value_name = "BOOL", value_parser = clap::value_parser!(bool))]
    pub(in crate::cli) auto_bootstrap: Option<bool>,
    /// Output format
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(in crate::cli) format: ReportFormat,
    /// Category of this SARIF report, if code scanning receives several for a commit
    #[arg(long, value_name = "NAME", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(in crate::cli) sarif_category: Option<String>,
    /// Exit with code 1 if there are warnings
    #[arg(long)]
    pub(in crate::cli) deny_warnings: bool,
    /// Apply safe fixes to the files, and report the remaining problems
    #[arg(long)]
    pub(in crate::cli) fix: bool,
    /// File name to report for standard input
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) stdin_filename: Option<String>,
    /// Show errors only, without the summary line
    #[arg(short, long, action = ArgAction::SetTrue)]
    pub(in crate::cli) quiet: bool,
    /// Maximum number of diagnostics to list per file, most severe first; the rest are only counted
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = count())]
    max_diagnostics: u64,
    /// Maximum number of documents in a file
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = count())]
    max_documents: u64,
    /// Maximum number of values in a file
    #[arg(long, value_name = "N", default_value_t = 200_000, value_parser = count())]
    max_values: u64,
}

impl CheckArgs {
    /// The limits for one file.
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

/// A number of at least 1.
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

Fixes that `--fix` applies:
  `yes` instead of `true`, a quoted number or an unquoted string, a key or an API value in the
  wrong case, upper case in `database`, a URL instead of a host name if nothing is lost, missing
  quotes around a string that YAML 1.1 reads as another type, a port with a leading zero, a
  trailing comma in JSON. Everything else in the file, including comments, is preserved.
  Documents found in directories are changed only if they are certainly payloads.";

const CHECK_EXIT_CODES: &str = "\
Exit codes:
  0  no errors; there may be warnings and notes
  1  a document has an error, or a warning with `--deny-warnings`
  2  invalid usage, or a file that cannot be read or, with `--fix`, written";

/// How `check` reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ReportFormat {
    /// Text with source excerpts
    #[default]
    Human,
    /// JSON; `bootshift schema report` prints its schema
    Json,
    /// SARIF 2.1.0 for code scanning
    Sarif,
    /// GitHub Actions annotations
    Github,
}
