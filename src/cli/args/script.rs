//! The arguments of `script`.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum, ValueHint};

use crate::script::{Flavor, PasswordForm, ScriptKind};

/// Write the SQL for a payload
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    long_about = "Writes the SQL for a payload, for a database administrator to review and run. It is Bootshift's own SQL, \
                  not Immuta's. Passwords are written as hashes; `${NAME}` in the payload is resolved from the \
                  environment.\n\n\
                  Run the script statement by statement and stop at the first error: `psql -X -v ON_ERROR_STOP=1 -f FILE` \
                  does so, and scripts of the psql flavor set it themselves. A file that is sent as a single string \
                  (`psql -c`, `execute` in many drivers) runs in a transaction, where Redshift rejects `CREATE DATABASE`.",
    after_help = SCRIPT_EXAMPLES
)]
pub(in crate::cli) struct ScriptArgs {
    /// Which script
    #[arg(value_name = "KIND", value_parser = script_kind(), hide_possible_values = true,
        help = "initial-create, create, edit (requires `--from`), delete, cleanup, or all (initial-create and create)")]
    pub(in crate::cli) kind: ScriptKind,
    /// The payload: a file, or `-` for standard input
    #[arg(value_name = "PAYLOAD", value_hint = ValueHint::FilePath)]
    pub(in crate::cli) payload: PathBuf,
    /// The current payload (edit only)
    #[arg(long, value_name = "OLD", value_hint = ValueHint::FilePath)]
    pub(in crate::cli) from: Option<PathBuf>,
    /// Write to a file instead of standard output; to a directory if the script has several files, or if the path is an
    /// existing directory or ends with `/`
    #[arg(short, long, value_name = "FILE|DIR", value_hint = ValueHint::AnyPath)]
    pub(in crate::cli) output: Option<PathBuf>,
    /// The client that runs the script
    #[arg(long, value_enum, default_value_t, value_name = "FLAVOR")]
    pub(in crate::cli) flavor: FlavorArg,
    /// How to write the password
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub(in crate::cli) password: PasswordArg,
    /// Use an existing `database` and keep it; implied if it equals `initialDatabase`
    #[arg(long)]
    pub(in crate::cli) existing_database: bool,
    /// Use an existing system account and keep it
    #[arg(long)]
    pub(in crate::cli) existing_user: bool,
    /// Set the password even if it is the same in both payloads, for example after the value of its environment variable
    /// has changed (edit only)
    #[arg(long, conflicts_with = "existing_user")]
    pub(in crate::cli) set_password: bool,
    /// Output format
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
  0  success; warnings are written to standard error
  1  the payload has an error, or an environment variable in it is unset or empty
  2  invalid usage, or a file that cannot be read or written";

/// [`Flavor`] on the command line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum FlavorArg {
    /// One file per stage, for any client that runs it statement by statement
    #[default]
    Plain,
    /// One file for psql that connects to each database in turn
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
    /// An md5 hash; works with all clients
    #[default]
    Md5,
    /// A sha256 hash; does not work with clients that support only libpq's protocol
    Sha256,
    /// Plain text
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

/// The output format of `script`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ScriptFormat {
    /// SQL in the selected flavor
    #[default]
    Text,
    /// JSON; `bootshift schema script` prints its schema
    Json,
}

/// A script kind by its name.
fn script_kind() -> impl TypedValueParser<Value = ScriptKind> {
    PossibleValuesParser::new(ScriptKind::ALL.map(ScriptKind::name))
        .try_map(|name| ScriptKind::ALL.into_iter().find(|kind| kind.name() == name).ok_or("unknown script"))
}
