//! The arguments of `lsp`.

use clap::Args;

/// Run the language server for editors
#[derive(Debug, Args)]
#[command(
    long_about = "Runs a Language Server Protocol server over standard input and output; editors start it. It provides \
                  diagnostics, hover, completion and code actions for payloads: documents that look like one, files with \
                  the name of one, such as `immuta.yaml`, and documents whose modeline or `$schema` refers to a Bootshift schema. \
                  Other documents are ignored. Nothing is logged.",
    after_help = "Example, for Helix, in languages.toml:\n  [language-server.bootshift]\n  command = \"bootshift\"\n  \
                  args = [\"lsp\"]\n\nExit codes:\n  0  the editor sent `shutdown` and `exit`\n  1  the \
                  connection was closed without `shutdown`"
)]
pub(in crate::cli) struct LspArgs {
    /// Use standard input and output (the default; accepted for compatibility with editors)
    #[arg(long)]
    stdio: bool,
}
