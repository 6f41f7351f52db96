//! The command line as clap reads it.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, RangedU64ValueParser, TypedValueParser};
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::Shell;

use super::exit;
use crate::check::Code;
use crate::document::Limits;
use crate::operation::Operation;
use crate::script::{Flavor, PasswordForm, ScriptKind};

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
    /// When to use colours: auto, always or never
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
                          that bootstraps it. Nothing is sent anywhere.";
#[cfg(feature = "native")]
const LONG_ABOUT: &str = "Checks payloads that configure an Immuta integration for Amazon Redshift, writes the SQL that \
                          bootstraps it, and applies it. Only apply, status and remove connect to anything: to the \
                          cluster that the payload names.";

/// When to use colours.
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
            #[cfg(not(target_family = "wasm"))]
            Self::Lsp(_) => "lsp",
            Self::Schema(_) => "schema",
            Self::Explain(_) => "explain",
            Self::Completions(_) => "completions",
            Self::Man(_) => "man",
        }
    }
}

/// Check payloads, and the API's answers
#[derive(Debug, Args)]
#[command(
    long_about = "Checks payloads and the API's answers: syntax, schema, and the rules that no schema can say. \
                  Diagnostics go to standard output.\n\n\
                  Directories are searched for *.json, *.yaml and *.yml, in the order of their names; hidden files \
                  and those that a .gitignore names are left out, and so are documents that are none of the \
                  integrations API.",
    after_help = CHECK_EXAMPLES,
    after_long_help = CHECK_LONG
)]
pub(super) struct CheckArgs {
    /// Files, directories, or - for standard input
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(super) paths: Vec<PathBuf>,
    /// What the documents are for; told from each document unless given
    #[arg(long, value_name = "OP", value_parser = operation(Operation::ALL.to_vec()), hide_possible_values = true)]
    pub(super) operation: Option<Operation>,
    /// The payload that an update, script-edit or delete starts from; without --operation, update
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) old: Option<PathBuf>,
    /// For delete: whether the integration was set up automatically
    #[arg(long, value_name = "BOOL", value_parser = clap::value_parser!(bool))]
    pub(super) auto_bootstrap: Option<bool>,
    /// How to report
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: ReportFormat,
    /// What code scanning calls this report, where one commit has several
    #[arg(long, value_name = "NAME", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(super) sarif_category: Option<String>,
    /// Let warnings fail the run
    #[arg(long)]
    pub(super) deny_warnings: bool,
    /// Mend in the files what can mean one thing only, and report what is left
    #[arg(long)]
    pub(super) fix: bool,
    /// The name to show for standard input
    #[arg(long, value_name = "NAME")]
    pub(super) stdin_filename: Option<String>,
    /// Show errors only, and no closing line
    #[arg(short, long, action = ArgAction::SetTrue)]
    pub(super) quiet: bool,
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
    pub(super) fn limits(&self) -> Limits {
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

const CHECK_LONG: &str = "\
Operations:
  create, script-initial-create, script-create, update, script-edit, delete, script-delete,
  script-cleanup, get, list, status, error

What --fix mends:
  `yes` where `true` is due, a number in quotes or without, a key or a word of the API in the
  wrong letter case, upper case in `database`, a URL where the host alone belongs if it says
  nothing else, quotes around what YAML 1.1 takes for no string, a port with a zero before it, a
  comma behind the last value of JSON. Everything else in the file stays as it is.
  In directories it leaves alone what may not be a payload.

Examples:
  bootshift check payload.yaml
  bootshift check payloads/ --deny-warnings
  bootshift check payload.yaml --fix
  bootshift check new.yaml --old old.yaml
  bootshift check delete.json --operation delete --auto-bootstrap true
  bootshift check payloads/ --format sarif > bootshift.sarif
  bootshift check - < payload.json

Exit codes:
  0  fine; there may be warnings and notes
  1  a document has an error, or --deny-warnings and there is a warning
  2  usage, or a file that can't be read or, with --fix, written";

/// How `check` reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum ReportFormat {
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
pub(super) struct ScriptArgs {
    /// Which script
    #[arg(value_name = "KIND", value_parser = script_kind(), hide_possible_values = true,
        help = "initial-create, create, edit (needs --from), delete, cleanup, or all (initial-create and create)")]
    pub(super) kind: ScriptKind,
    /// The payload: a file, or - for standard input
    #[arg(value_name = "PAYLOAD", value_hint = ValueHint::FilePath)]
    pub(super) payload: PathBuf,
    /// The payload that an edit starts from
    #[arg(long, value_name = "OLD", value_hint = ValueHint::FilePath)]
    pub(super) from: Option<PathBuf>,
    /// Write to a file, or to a directory (one that exists, or ends with /) instead of standard output
    #[arg(short, long, value_name = "FILE|DIR", value_hint = ValueHint::AnyPath)]
    pub(super) output: Option<PathBuf>,
    /// The dialect of the text
    #[arg(long, value_enum, default_value_t, value_name = "FLAVOR")]
    pub(super) flavor: FlavorArg,
    /// How the password stands in the script; the password itself comes from the payload
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub(super) password: PasswordArg,
    /// `database` exists and is kept; implied where it equals `initialDatabase`
    #[arg(long)]
    pub(super) existing_database: bool,
    /// The system account exists and is kept
    #[arg(long)]
    pub(super) existing_user: bool,
    /// In an edit, set the password whether or not the payloads differ in it: after a rotation under one variable name
    #[arg(long, conflicts_with = "existing_user")]
    pub(super) set_password: bool,
    /// Text, or the statements as data
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: ScriptFormat,
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
pub(super) enum FlavorArg {
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
pub(super) enum PasswordArg {
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
pub(super) enum ScriptFormat {
    /// SQL, in the flavor asked for
    #[default]
    Text,
    /// JSON; `bootshift schema script` prints its schema
    Json,
}

/// Write the HTTP request that sends a payload
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    long_about = "Writes the HTTP request of an operation. Nothing is sent, and no secret is shown: the API key is \
                  read by the shell from IMMUTA_API_KEY, and a password from the variable that the payload names.",
    after_help = REQUEST_EXAMPLES
)]
pub(super) struct RequestArgs {
    /// The operation
    #[arg(value_name = "OP", value_parser = operation(requests()), hide_possible_values = true,
        help = "create, script-initial-create, script-create, update, script-edit, delete, script-delete, \
                script-cleanup, get, list or status")]
    pub(super) operation: Operation,
    /// The payload: a file, or - for standard input; none for get, list and status
    #[arg(value_name = "PAYLOAD", value_hint = ValueHint::FilePath)]
    pub(super) payload: Option<PathBuf>,
    /// The URL of the Immuta tenant
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    pub(super) url: Option<String>,
    /// The identifier of the integration
    #[arg(long, value_name = "ID")]
    pub(super) id: Option<String>,
    /// How to write it
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: RequestFormat,
}

const REQUEST_EXAMPLES: &str = "\
Examples:
  bootshift request create payload.yaml --url https://immuta.example.com
  bootshift request update payload.yaml --id 1 --format http
  bootshift request delete --id 1
  bootshift request status --id 1 --url https://immuta.example.com | sh";

/// How `request` writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum RequestFormat {
    /// A command for the shell
    #[default]
    Curl,
    /// The HTTP message
    Http,
    /// JSON
    Json,
}

/// Show what GET would return for a payload
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    long_about = "Shows what `GET /integrations/{id}` would return once the payload is in force: defaults filled in, \
                  secrets redacted.",
    after_help = "Example:\n  bootshift redact payload.yaml"
)]
pub(super) struct RedactArgs {
    /// The payload: a file, or - for standard input
    #[arg(value_name = "PAYLOAD", value_hint = ValueHint::FilePath)]
    pub(super) payload: PathBuf,
}

/// Serve an editor: diagnostics, hover, completion and mends
#[cfg(not(target_family = "wasm"))]
#[derive(Debug, Args)]
#[command(
    long_about = "Speaks the Language Server Protocol over standard input and output, for an editor to start. Payloads, files \
                  that have the name of one, such as immuta.yaml, and documents whose modeline or `$schema` names a schema \
                  of Bootshift's, get diagnostics, hover, completion and code actions; other documents get nothing. \
                  Nothing is logged.",
    after_help = "Example, for Helix, in languages.toml:\n  [language-server.bootshift]\n  command = \"bootshift\"\n  \
                  args = [\"lsp\"]\n\nExit codes:\n  0  the editor asked to shut down and to exit\n  1  it went away \
                  without that"
)]
pub(super) struct LspArgs {
    /// What many editors add; there is no other way
    #[arg(long)]
    stdio: bool,
}

/// Print a JSON Schema, for editors and validators
#[derive(Debug, Args)]
#[command(
    long_about = "Prints the JSON Schema of an operation's document, or of Bootshift's own JSON. Without a name, lists \
                  the names.",
    after_help = "Examples:\n  bootshift schema create > payload.schema.json\n  bootshift schema report"
)]
pub(super) struct SchemaArgs {
    /// An operation, `report` or `script`
    #[arg(value_name = "NAME", value_parser = PossibleValuesParser::new(crate::schemas::names()),
        hide_possible_values = true, help = "An operation, report or script")]
    pub(super) name: Option<String>,
}

/// Explain a diagnostic
#[derive(Debug, Args)]
#[command(
    long_about = "Explains a diagnostic by its code: what it means, why it is reported, how to mend it. Without a \
                  code, lists them all.",
    after_help = "Example:\n  bootshift explain host-not-bare"
)]
pub(super) struct ExplainArgs {
    /// The code, as it stands in square brackets
    #[arg(value_name = "CODE", hide_possible_values = true,
        value_parser = PossibleValuesParser::new(Code::ALL.iter().map(|code| code.as_str())))]
    pub(super) code: Option<String>,
}

/// Print completions for a shell
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Example:\n  bootshift completions bash > ~/.local/share/bash-completion/completions/bootshift"
)]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub(super) shell: Shell,
}

/// Print the manual page, or write one for each command
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bootshift man | man -l -\n  bootshift man --out ~/.local/share/man/man1"
)]
pub(super) struct ManArgs {
    /// Write the pages of all commands into a directory
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(super) out: Option<PathBuf>,
}

/// What `apply`, `status` and `remove` share: which cluster, who logs in, how to report.
#[cfg(feature = "native")]
#[derive(Debug, Args)]
pub(super) struct ConnectionArgs {
    /// The payload: a file, a directory of them, or - for standard input
    #[arg(value_name = "PAYLOAD|DIR", value_hint = ValueHint::AnyPath)]
    pub(super) path: PathBuf,
    /// The user to log in with; the password comes from PGPASSWORD, --password-file or a prompt. Without it, and
    /// with `autoBootstrap: true`, the payload's own
    #[arg(long, value_name = "NAME")]
    pub(super) user: Option<String>,
    /// A file, of its owner alone, whose first line is the password to log in with
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) password_file: Option<PathBuf>,
    /// How the connection is protected, as libpq has it: disable, allow, prefer, require, verify-ca or verify-full
    #[arg(long, value_name = "MODE", default_value = "verify-full", value_parser = sslmode(), hide_possible_values = true)]
    pub(super) sslmode: crate::runner::SslMode,
    /// Send the password in clear text to a server that asks for it, as some proxies do: whoever runs it then knows it.
    /// Over TLS alone, or with --sslmode disable
    #[arg(long)]
    pub(super) allow_cleartext_password: bool,
    /// Read the variable NAME for a payload's password too, beside those with PASSWORD in their name; may be repeated
    #[arg(long, value_name = "NAME", value_parser = variable_name)]
    pub(super) allow_env: Vec<String>,
    /// Log in to this host, and to none that is not named so; may be repeated
    #[arg(long, value_name = "HOST", value_parser = bare_host)]
    pub(super) allow_host: Vec<String>,
    /// Certificates of the authorities to trust, in PEM form, instead of the system's
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) ca_file: Option<PathBuf>,
    /// How long connecting may take, in seconds
    #[arg(long, value_name = "S", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(super) connect_timeout: u64,
    /// How long a statement may take, in seconds; then it is cancelled
    #[arg(long, value_name = "S", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(super) statement_timeout: u64,
    /// `database` exists and is kept; implied where it equals `initialDatabase`
    #[arg(long)]
    pub(super) existing_database: bool,
    /// The system account exists and is kept; implied where it is who logs in
    #[arg(long)]
    pub(super) existing_user: bool,
    /// How many payloads to work on at once
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub(super) jobs: u16,
    /// For people, or JSON: an object a line, the last of each payload as the API's GET answers
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: RunnerFormat,
}

/// Set Redshift up for a payload, or change it
#[cfg(feature = "native")]
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    long_about = "Sets Redshift up for a payload: runs the validation tests, shows what is missing, asks, and does it. \
                  What is there already is not done again, so after a failure the same command finishes the job. \
                  Objects that Bootshift did not make are never changed or dropped. With --old, what stands by the old \
                  payload is changed to the new one.",
    after_help = APPLY_EXAMPLES
)]
pub(super) struct ApplyArgs {
    #[command(flatten)]
    pub(super) connection: ConnectionArgs,
    /// The payload in force, for a change
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) old: Option<PathBuf>,
    /// How long to wait for another run on the same set-up to end, in seconds; 0 does not wait
    #[arg(long, value_name = "S", default_value_t = 10, value_parser = clap::value_parser!(u64).range(0..=86_400))]
    pub(super) lock_timeout: u64,
    /// Connect, look and show the plan, and change nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Do not ask, neither whether to log in to several hosts nor whether to do what is planned
    #[arg(short, long)]
    pub(super) yes: bool,
}

/// Show what is set up, and what has changed since
#[cfg(feature = "native")]
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    long_about = "Shows what is set up for a payload, as the API's GET answers, and what has changed since: objects \
                  that are gone or altered, privileges that are missing or too many. Changes nothing.",
    after_help = "Examples:\n  bootshift status payload.yaml\n  bootshift status payloads/ --user admin --yes --format json\n\n\
                  Exit codes:\n  0  it is set up, and whole\n  1  it is not, or the payload has an error\n  \
                  2  usage, or a file that can't be read\n  3  the cluster can't be asked"
)]
pub(super) struct StatusArgs {
    #[command(flatten)]
    pub(super) connection: ConnectionArgs,
    /// Do not ask whether to log in to several hosts
    #[arg(short, long)]
    pub(super) yes: bool,
}

/// Remove what was set up for a payload
#[cfg(feature = "native")]
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    long_about = "Removes what the marker, or the trace of an unfinished run, proves to be set up by Bootshift for this \
                  payload, and nothing else. After a failure the same command finishes the job.",
    after_help = "Examples:\n  bootshift remove payload.yaml --dry-run\n  bootshift remove payload.yaml --user admin --yes"
)]
pub(super) struct RemoveArgs {
    #[command(flatten)]
    pub(super) connection: ConnectionArgs,
    /// How long to wait for another run on the same set-up to end, in seconds; 0 does not wait
    #[arg(long, value_name = "S", default_value_t = 10, value_parser = clap::value_parser!(u64).range(0..=86_400))]
    pub(super) lock_timeout: u64,
    /// Connect, look and show the plan, and change nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Do not ask, neither whether to log in to several hosts nor whether to do what is planned
    #[arg(short, long)]
    pub(super) yes: bool,
}

#[cfg(feature = "native")]
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
#[cfg(feature = "native")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum RunnerFormat {
    /// For people
    #[default]
    Human,
    /// JSON, an object a line
    Json,
}

/// A mode by its name.
#[cfg(feature = "native")]
fn sslmode() -> impl TypedValueParser<Value = crate::runner::SslMode> {
    use crate::runner::SslMode;
    PossibleValuesParser::new(SslMode::ALL.map(SslMode::name))
        .try_map(|name| SslMode::ALL.into_iter().find(|mode| mode.name() == name).ok_or("no such mode"))
}

/// The name of an environment variable, as payloads refer to it.
#[cfg(feature = "native")]
fn variable_name(name: &str) -> Result<String, &'static str> {
    if crate::payload::Secret::is_reference(&format!("${{{name}}}")) {
        Ok(name.to_owned())
    } else {
        Err("expected the name of an environment variable: letters, digits and `_`")
    }
}

/// A host, as payloads have it.
#[cfg(feature = "native")]
fn bare_host(host: &str) -> Result<String, &'static str> {
    if !host.is_empty() && crate::schema::format::is_bare_host(host) {
        Ok(host.to_owned())
    } else {
        Err("expected a host, without scheme, port or path")
    }
}

/// An operation by its name, among `allowed`.
fn operation(allowed: Vec<Operation>) -> impl TypedValueParser<Value = Operation> {
    PossibleValuesParser::new(allowed.into_iter().map(Operation::name))
        .try_map(|name| name.parse::<Operation>())
}

/// The operations that are requests.
fn requests() -> Vec<Operation> {
    Operation::ALL.into_iter().filter(|operation| operation.method().is_some()).collect()
}

/// A script kind by its name.
fn script_kind() -> impl TypedValueParser<Value = ScriptKind> {
    PossibleValuesParser::new(ScriptKind::ALL.map(ScriptKind::name))
        .try_map(|name| ScriptKind::ALL.into_iter().find(|kind| kind.name() == name).ok_or("no such script"))
}
