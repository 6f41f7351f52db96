//! The arguments of `lsp`.

use clap::Args;

/// Serve an editor: diagnostics, hover, completion and fixes
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
pub(in crate::cli) struct LspArgs {
    /// What many editors add; there is no other way
    #[arg(long)]
    stdio: bool,
}
