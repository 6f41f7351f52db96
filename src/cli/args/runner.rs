//! The arguments of `apply`, `status`, `remove` and `doctor`.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum, ValueHint};

use crate::payload::DEFAULT_PORT;
use crate::runner::ApplyOptions;

/// The arguments that `apply`, `status` and `remove` share.
#[derive(Debug, Args)]
pub(in crate::cli) struct ConnectionArgs {
    /// The payload: a file, a directory of payloads, or `-` for standard input
    #[arg(value_name = "PAYLOAD|DIR", value_hint = ValueHint::AnyPath)]
    pub(in crate::cli) path: PathBuf,
    #[command(flatten)]
    pub(in crate::cli) login: LoginArgs,
    #[command(flatten)]
    pub(in crate::cli) existing: ExistingArgs,
    /// Number of payloads to process at once
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub(in crate::cli) jobs: u16,
    /// Output format; the last JSON line of each payload has the form of the API's response to GET
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(in crate::cli) format: RunnerFormat,
}

/// What exists before the setup.
#[derive(Debug, Args)]
pub(in crate::cli) struct ExistingArgs {
    /// Use an existing `database` and keep it; implied if it equals `initialDatabase`
    #[arg(long)]
    pub(in crate::cli) existing_database: bool,
    /// Use an existing system account and keep it; implied if it is the login user
    #[arg(long)]
    pub(in crate::cli) existing_user: bool,
}

impl ExistingArgs {
    pub(in crate::cli) const fn options(&self) -> ApplyOptions {
        ApplyOptions { existing_database: self.existing_database, existing_user: self.existing_user }
    }
}

/// How to log in.
#[derive(Debug, Args)]
pub(in crate::cli) struct LoginArgs {
    /// The user to log in as, with the password from `PGPASSWORD`, `--password-file` or a prompt; with
    /// `autoBootstrap: true`, defaults to the user of the payload
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) user: Option<String>,
    /// A file whose first line is the login password; should be readable only by its owner
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(in crate::cli) password_file: Option<PathBuf>,
    /// The TLS mode, as in libpq: disable, allow, prefer, require, verify-ca or verify-full
    #[arg(long, value_name = "MODE", default_value = "verify-full", value_parser = sslmode(), hide_possible_values = true)]
    pub(in crate::cli) sslmode: crate::runner::SslMode,
    /// Send the password in clear text if the server requests it, as some proxies do; this reveals it to the operator of
    /// the server. Requires TLS, or `--sslmode disable`
    #[arg(long)]
    pub(in crate::cli) allow_cleartext_password: bool,
    /// Also allow payloads to read their password from the environment variable NAME; can be repeated. Names that contain
    /// `PASSWORD` are allowed by default
    #[arg(long, value_name = "NAME", value_parser = variable_name)]
    pub(in crate::cli) allow_env: Vec<String>,
    /// Only log in to this host; can be repeated
    #[arg(long, value_name = "HOST", value_parser = bare_host)]
    pub(in crate::cli) allow_host: Vec<String>,
    /// A PEM file of CA certificates to trust instead of the system's
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(in crate::cli) ca_file: Option<PathBuf>,
    /// Timeout of a connection attempt, in seconds
    #[arg(long, value_name = "S", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(in crate::cli) connect_timeout: u64,
    /// Timeout of a statement, in seconds
    #[arg(long, value_name = "S", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(in crate::cli) statement_timeout: u64,
}

/// The arguments that only `apply` and `remove` share.
#[derive(Debug, Args)]
pub(in crate::cli) struct ChangeArgs {
    /// How long to wait for another run on the same setup, or for sessions in a database to drop, in seconds; 0 does not
    /// wait
    #[arg(long, value_name = "S", default_value_t = 10, value_parser = clap::value_parser!(u64).range(0..=86_400))]
    pub(in crate::cli) lock_timeout: u64,
    /// Connect and show the plan, but change nothing
    #[arg(long)]
    pub(in crate::cli) dry_run: bool,
    /// Log in to several hosts and run the plan without confirmation
    #[arg(short, long)]
    pub(in crate::cli) yes: bool,
}

/// Set up Redshift for a payload, or change an existing setup
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    long_about = "Sets up Redshift for a payload: runs the validation tests, shows the plan, asks for confirmation, and \
                  runs the plan. Completed steps are skipped, so after a failure, the same command completes the rest. \
                  Objects that Bootshift did not create are never changed or dropped. With `--old`, the setup of \
                  the old payload is changed to that of the new one.",
    after_help = APPLY_EXAMPLES
)]
pub(in crate::cli) struct ApplyArgs {
    #[command(flatten)]
    pub(in crate::cli) connection: ConnectionArgs,
    /// The current payload, whose setup is changed
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(in crate::cli) old: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) change: ChangeArgs,
}

/// Show the state of a setup, and what has changed since it was applied
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    long_about = "Shows the state of the setup of a payload, as in the API's response to GET, and what has changed since: \
                  missing or modified objects, missing or unexpected privileges. Changes nothing.",
    after_help = "Examples:\n  bootshift status payload.yaml\n  bootshift status payloads/ --user admin --yes --format json\n\n\
                  Exit codes:\n  0  the setup is complete\n  1  it is missing or has changed, or the payload has an error\n  \
                  2  invalid usage, or a file that cannot be read\n  3  the cluster cannot be queried"
)]
pub(in crate::cli) struct StatusArgs {
    #[command(flatten)]
    pub(in crate::cli) connection: ConnectionArgs,
    /// Log in to several hosts without confirmation
    #[arg(short, long)]
    pub(in crate::cli) yes: bool,
}

/// Remove the setup of a payload
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    long_about = "Removes the objects that Bootshift created for this payload, according to the marker or to the record of an \
                  unfinished run, and nothing else. After a failure, the same command completes the rest.",
    after_help = "Examples:\n  bootshift remove payload.yaml --dry-run\n  bootshift remove payload.yaml --user admin --yes"
)]
pub(in crate::cli) struct RemoveArgs {
    #[command(flatten)]
    pub(in crate::cli) connection: ConnectionArgs,
    #[command(flatten)]
    pub(in crate::cli) change: ChangeArgs,
}

/// Examine a cluster: what it is, and whether the scripts work there
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    long_about = "Examines a cluster: what it is, what the login user may do there, and whether each assumption of the \
                  scripts and the runner holds. Each assumption is tried in a transaction that is rolled back, so nothing \
                  is changed. The JSON output contains no secret and no name, so it can be sent in a bug report.",
    after_help = "Examples:\n  bootshift doctor payload.yaml --user admin\n  bootshift doctor --host cluster.example.com --user admin\n  \
                  bootshift doctor payload.yaml --user admin --format json > report.json\n\n\
                  Exit codes:\n  0  nothing prevents a setup\n  1  something prevents a setup, or the payload has an error\n  \
                  2  invalid usage, or a file that cannot be read\n  3  the cluster cannot be queried"
)]
pub(in crate::cli) struct DoctorArgs {
    /// The payload of the setup to examine the cluster for: a file, or - for standard input
    #[arg(value_name = "PAYLOAD", value_hint = ValueHint::FilePath, required_unless_present = "host")]
    pub(in crate::cli) path: Option<PathBuf>,
    /// The host, without a payload
    #[arg(long, value_name = "HOST", value_parser = bare_host, conflicts_with_all = ["path", "allow_host"], requires = "user")]
    pub(in crate::cli) host: Option<String>,
    /// The port, without a payload
    #[arg(long, value_name = "PORT", default_value_t = DEFAULT_PORT, conflicts_with = "path")]
    pub(in crate::cli) port: u16,
    /// The database to connect to, without a payload
    #[arg(long, value_name = "NAME", default_value = "dev", conflicts_with = "path")]
    pub(in crate::cli) database: String,
    #[command(flatten)]
    pub(in crate::cli) login: LoginArgs,
    #[command(flatten)]
    pub(in crate::cli) existing: ExistingArgs,
    /// Output format
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(in crate::cli) format: DoctorFormat,
}

/// The output format of `doctor`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum DoctorFormat {
    /// Text
    #[default]
    Human,
    /// A JSON object
    Json,
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
    0  success
    1  the payload has an error, or an environment variable in it is unset or empty
    2  invalid usage, or a file that cannot be read
    3  failed or declined; the message reports what took effect
  130  interrupted; the message reports what took effect";

/// The output format of the runner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum RunnerFormat {
    /// Text
    #[default]
    Human,
    /// JSON lines
    Json,
}

/// Parses a TLS mode.
fn sslmode() -> impl TypedValueParser<Value = crate::runner::SslMode> {
    use crate::runner::SslMode;
    PossibleValuesParser::new(SslMode::ALL.map(SslMode::name))
        .try_map(|name| SslMode::ALL.into_iter().find(|mode| mode.name() == name).ok_or("unknown mode"))
}

/// Parses the name of an environment variable that payloads can reference.
fn variable_name(name: &str) -> Result<String, &'static str> {
    if crate::payload::Secret::is_reference(&format!("${{{name}}}")) {
        Ok(name.to_owned())
    } else {
        Err("expected the name of an environment variable: letters, digits and `_`")
    }
}

/// Parses a host name as in payloads.
fn bare_host(host: &str) -> Result<String, &'static str> {
    if !host.is_empty() && crate::schema::format::is_bare_host(host) {
        Ok(host.to_owned())
    } else {
        Err("expected a host name, without scheme, port or path")
    }
}
