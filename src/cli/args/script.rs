//! The arguments of `script`.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum, ValueHint};

use crate::script::{Flavor, PasswordForm, ScriptKind};

/// Write the SQL for a payload
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    long_about = "Writes the SQL for a payload, to be read and then run by a database administrator. It is \
                  Bootshift's own SQL, not Immuta's. A password stands in it as a hash; `${NAME}` in the payload is \
                  looked up in the environment.\n\n\
                  Run it statement by statement, and stop at the first error: `psql -X -v ON_ERROR_STOP=1 -f FILE` does, \
                  and the psql flavor sees to it by itself. A file sent as one string (`psql -c`, the `execute` of many \
                  drivers) is a transaction, and Redshift refuses CREATE DATABASE in one.",
    after_help = SCRIPT_EXAMPLES
)]
pub(in crate::cli) struct ScriptArgs {
    /// Which script
    #[arg(value_name = "KIND", value_parser = script_kind(), hide_possible_values = true,
        help = "initial-create, create, edit (needs --from), delete, cleanup, or all (initial-create and create)")]
    pub(in crate::cli) kind: ScriptKind,
    /// The payload: a file, or - for standard input
    #[arg(value_name = "PAYLOAD", value_hint = ValueHint::FilePath)]
    pub(in crate::cli) payload: PathBuf,
    /// The payload that an edit starts from
    #[arg(long, value_name = "OLD", value_hint = ValueHint::FilePath)]
    pub(in crate::cli) from: Option<PathBuf>,
    /// Write to a file, or to a directory (one that exists, or ends with /) instead of standard output
    #[arg(short, long, value_name = "FILE|DIR", value_hint = ValueHint::AnyPath)]
    pub(in crate::cli) output: Option<PathBuf>,
    /// The dialect of the text
    #[arg(long, value_enum, default_value_t, value_name = "FLAVOR")]
    pub(in crate::cli) flavor: FlavorArg,
    /// How the password stands in the script; the password itself comes from the payload
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub(in crate::cli) password: PasswordArg,
    /// `database` exists and is kept; implied where it equals `initialDatabase`
    #[arg(long)]
    pub(in crate::cli) existing_database: bool,
    /// The system account exists and is kept
    #[arg(long)]
    pub(in crate::cli) existing_user: bool,
    /// In an edit, set the password whether or not the payloads differ in it: after a rotation under one variable name
    #[arg(long, conflicts_with = "existing_user")]
    pub(in crate::cli) set_password: bool,
    /// Text, or the statements as data
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(in crate::cli) format: ScriptFormat,
}

const SCRIPT_EXAMPLES: &str = "\
Examples:
  bootshift script initial-create payload.yaml
  bootshift script all payload.yaml -o sql/
  bootshift script all payload.yaml --flavor psql | psql \"host=... dbname=dev\"
  bootshift script edit new.yaml --from old.yaml
  bootshift script edit payload.yaml --from payload.yaml --set-password
  bootshift script delete payload.yaml --format json

Exit codes:
  0  fine; warnings go to standard error
  1  the payload has an error, or a variable that it names is not set or empty
  2  usage, or a file that can't be read or written";

/// [`Flavor`] on the command line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum FlavorArg {
    /// One file a stage, for any client that runs it statement by statement
    #[default]
    Plain,
    /// One file for psql, which connects to each database in turn
    Psql,
    /// JSON requests for the Redshift Data API
    DataApi,
}

impl From<FlavorArg> for Flavor {
    fn from(flavor: FlavorArg) -> Self {
        match flavor {
            FlavorArg::Plain => Self::Plain,
            FlavorArg::Psql => Self::Psql,
            FlavorArg::DataApi => Self::DataApi,
        }
    }
}

/// [`PasswordForm`] on the command line.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(in crate::cli) enum PasswordArg {
    /// The md5 hash, which every client can log in with
    #[default]
    Md5,
    /// The sha256 hash; clients that speak only libpq's protocol cannot log in
    Sha256,
    /// Clear text
    Plain,
}

impl From<PasswordArg> for PasswordForm {
    fn from(form: PasswordArg) -> Self {
        match form {
            PasswordArg::Md5 => Self::Md5,
            PasswordArg::Sha256 => Self::Sha256,
            PasswordArg::Plain => Self::Plain,
        }
    }
}

/// What `script` writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ScriptFormat {
    /// SQL, in the flavor asked for
    #[default]
    Text,
    /// JSON; `bootshift schema script` prints its schema
    Json,
}

/// A script kind by its name.
fn script_kind() -> impl TypedValueParser<Value = ScriptKind> {
    PossibleValuesParser::new(ScriptKind::ALL.map(ScriptKind::name))
        .try_map(|name| ScriptKind::ALL.into_iter().find(|kind| kind.name() == name).ok_or("no such script"))
}
