//! The arguments of `apply`, `status` and `remove`.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum, ValueHint};

/// What `apply`, `status` and `remove` share: which cluster, who logs in, how to report.
#[derive(Debug, Args)]
pub(in crate::cli) struct ConnectionArgs {
    /// The payload: a file, a directory of them, or - for standard input
    #[arg(value_name = "PAYLOAD|DIR", value_hint = ValueHint::AnyPath)]
    pub(in crate::cli) path: PathBuf,
    /// The user to log in with; the password comes from PGPASSWORD, --password-file or a prompt. Without it, and
    /// with `autoBootstrap: true`, the payload's own
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) user: Option<String>,
    /// A file, of its owner alone, whose first line is the password to log in with
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(in crate::cli) password_file: Option<PathBuf>,
    /// How the connection is protected, as libpq has it: disable, allow, prefer, require, verify-ca or verify-full
    #[arg(long, value_name = "MODE", default_value = "verify-full", value_parser = sslmode(), hide_possible_values = true)]
    pub(in crate::cli) sslmode: crate::runner::SslMode,
    /// Send the password in clear text to a server that asks for it, as some proxies do: whoever runs it then knows it.
    /// Over TLS alone, or with --sslmode disable
    #[arg(long)]
    pub(in crate::cli) allow_cleartext_password: bool,
    /// Read the variable NAME for a payload's password too, beside those with PASSWORD in their name; may be repeated
    #[arg(long, value_name = "NAME", value_parser = variable_name)]
    pub(in crate::cli) allow_env: Vec<String>,
    /// Log in to this host, and to none that is not named so; may be repeated
    #[arg(long, value_name = "HOST", value_parser = bare_host)]
    pub(in crate::cli) allow_host: Vec<String>,
    /// Certificates of the authorities to trust, in PEM form, instead of the system's
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(in crate::cli) ca_file: Option<PathBuf>,
    /// How long connecting may take, in seconds
    #[arg(long, value_name = "S", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(in crate::cli) connect_timeout: u64,
    /// How long a statement may take, in seconds; then it is cancelled
    #[arg(long, value_name = "S", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(in crate::cli) statement_timeout: u64,
    /// `database` exists and is kept; implied where it equals `initialDatabase`
    #[arg(long)]
    pub(in crate::cli) existing_database: bool,
    /// The system account exists and is kept; implied where it is who logs in
    #[arg(long)]
    pub(in crate::cli) existing_user: bool,
    /// How many payloads to work on at once
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub(in crate::cli) jobs: u16,
    /// For people, or JSON: an object a line, the last of each payload as the API's GET answers
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(in crate::cli) format: RunnerFormat,
}

/// What `apply` and `remove` share beside: how a change is made.
#[derive(Debug, Args)]
pub(in crate::cli) struct ChangeArgs {
    /// How long to wait for another run on the same set-up to end, in seconds; 0 does not wait
    #[arg(long, value_name = "S", default_value_t = 10, value_parser = clap::value_parser!(u64).range(0..=86_400))]
    pub(in crate::cli) lock_timeout: u64,
    /// Connect, look and show the plan, and change nothing
    #[arg(long)]
    pub(in crate::cli) dry_run: bool,
    /// Do not ask, neither whether to log in to several hosts nor whether to do what is planned
    #[arg(short, long)]
    pub(in crate::cli) yes: bool,
}

/// Set Redshift up for a payload, or change it
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    long_about = "Sets Redshift up for a payload: runs the validation tests, shows what is missing, asks, and does it. \
                  What is there already is not done again, so after a failure the same command finishes the job. \
                  Objects that Bootshift did not make are never changed or dropped. With --old, what stands by the old \
                  payload is changed to the new one.",
    after_help = APPLY_EXAMPLES
)]
pub(in crate::cli) struct ApplyArgs {
    #[command(flatten)]
    pub(in crate::cli) connection: ConnectionArgs,
    /// The payload in force, for a change
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(in crate::cli) old: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) change: ChangeArgs,
}

/// Show what is set up, and what has changed since
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    long_about = "Shows what is set up for a payload, as the API's GET answers, and what has changed since: objects \
                  that are gone or altered, privileges that are missing or too many. Changes nothing.",
    after_help = "Examples:\n  bootshift status payload.yaml\n  bootshift status payloads/ --user admin --yes --format json\n\n\
                  Exit codes:\n  0  it is set up, and whole\n  1  it is not, or the payload has an error\n  \
                  2  usage, or a file that can't be read\n  3  the cluster can't be asked"
)]
pub(in crate::cli) struct StatusArgs {
    #[command(flatten)]
    pub(in crate::cli) connection: ConnectionArgs,
    /// Do not ask whether to log in to several hosts
    #[arg(short, long)]
    pub(in crate::cli) yes: bool,
}

/// Remove what was set up for a payload
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    long_about = "Removes what the marker, or the trace of an unfinished run, proves to be set up by Bootshift for this \
                  payload, and nothing else. After a failure the same command finishes the job.",
    after_help = "Examples:\n  bootshift remove payload.yaml --dry-run\n  bootshift remove payload.yaml --user admin --yes"
)]
pub(in crate::cli) struct RemoveArgs {
    #[command(flatten)]
    pub(in crate::cli) connection: ConnectionArgs,
    #[command(flatten)]
    pub(in crate::cli) change: ChangeArgs,
}

const APPLY_EXAMPLES: &str = "\
Examples:
  bootshift apply payload.yaml --dry-run
  bootshift apply payload.yaml
  bootshift apply payload.yaml --user admin --password-file secret --yes
  bootshift apply new.yaml --old old.yaml
  bootshift apply payloads/ --user admin --yes --jobs 8
  bootshift apply payloads/ --user admin --yes --allow-host a.example.com --allow-host b.example.com

Exit codes:
    0  fine: everything stands
    1  the payload has an error, or a variable that it names is not set or empty
    2  usage, or a file that can't be read
    3  it failed or was declined; the message says what stands, and the same command does the rest
  130  interrupted; likewise";

/// How the runner reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum RunnerFormat {
    /// For people
    #[default]
    Human,
    /// JSON, an object a line
    Json,
}

/// A mode by its name.
fn sslmode() -> impl TypedValueParser<Value = crate::runner::SslMode> {
    use crate::runner::SslMode;
    PossibleValuesParser::new(SslMode::ALL.map(SslMode::name))
        .try_map(|name| SslMode::ALL.into_iter().find(|mode| mode.name() == name).ok_or("no such mode"))
}

/// The name of an environment variable, as payloads refer to it.
fn variable_name(name: &str) -> Result<String, &'static str> {
    if crate::payload::Secret::is_reference(&format!("${{{name}}}")) {
        Ok(name.to_owned())
    } else {
        Err("expected the name of an environment variable: letters, digits and `_`")
    }
}

/// A host, as payloads have it.
fn bare_host(host: &str) -> Result<String, &'static str> {
    if !host.is_empty() && crate::schema::format::is_bare_host(host) {
        Ok(host.to_owned())
    } else {
        Err("expected a host, without scheme, port or path")
    }
}
