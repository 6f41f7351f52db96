//! The arguments of `request` and `redact`.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

use super::operation;
use crate::operation::Operation;

/// Print the HTTP request for an operation
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    long_about = "Prints the HTTP request for an operation. Nothing is sent, and no secret is shown: the shell reads the API \
                  key from `IMMUTA_API_KEY`, and a password from the environment variable in the payload.",
    after_help = REQUEST_EXAMPLES
)]
pub(in crate::cli) struct RequestArgs {
    /// The operation
    #[arg(value_name = "OP", value_parser = operation(requests()), hide_possible_values = true,
        help = "create, script-initial-create, script-create, update, script-edit, delete, script-delete, \
                script-cleanup, get, list or status")]
    pub(in crate::cli) operation: Operation,
    /// The payload: a file, or `-` for standard input; not used by get, list and status, and not sent by script-delete
    #[arg(value_name = "PAYLOAD", value_hint = ValueHint::FilePath)]
    pub(in crate::cli) payload: Option<PathBuf>,
    /// URL of the Immuta tenant
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    pub(in crate::cli) url: Option<String>,
    /// ID of the integration
    #[arg(long, value_name = "ID")]
    pub(in crate::cli) id: Option<String>,
    /// Output format
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(in crate::cli) format: RequestFormat,
}

const REQUEST_EXAMPLES: &str = "\
Examples:
  bootshift request create payload.yaml --url https://immuta.example.com
  bootshift request update payload.yaml --id 1 --format http
  bootshift request delete --id 1
  bootshift request status --id 1 --url https://immuta.example.com | sh";

/// The output format of `request`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum RequestFormat {
    /// A curl command
    #[default]
    Curl,
    /// An HTTP message
    Http,
    /// JSON
    Json,
}

/// Show what GET returns for a payload
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    long_about = "Shows what `GET /integrations/{id}` returns after the payload has been applied: with defaults filled in and \
                  secrets redacted.",
    after_help = "Example:\n  bootshift redact payload.yaml"
)]
pub(in crate::cli) struct RedactArgs {
    /// The payload: a file, or `-` for standard input
    #[arg(value_name = "PAYLOAD", value_hint = ValueHint::FilePath)]
    pub(in crate::cli) payload: PathBuf,
}

/// The operations that are requests.
fn requests() -> Vec<Operation> {
    Operation::ALL.into_iter().filter(|operation| operation.method().is_some()).collect()
}
