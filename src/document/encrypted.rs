//! Texts that are encrypted as a whole.

use crate::diagnostic::{Code, Diagnostic};
use crate::placeholder::{SOPS, encrypts};
use crate::text::Span;

/// The help for encrypted text.
pub(crate) const DECRYPT: &str = "decrypt it first, then check the result";
pub(crate) const DECRYPT_SOPS: &str = "decrypt it first, with `sops --decrypt FILE`";

/// The problem of a text that is encrypted as a whole. `what` is its name in the message.
pub(crate) fn encrypted_text(text: &str, what: &str, span: Span) -> Option<Diagnostic> {
    let by = encrypts(text.trim_start()).or_else(|| is_settings_of_sops(text).then_some(SOPS))?;
    let help = if by == SOPS { DECRYPT_SOPS } else { DECRYPT };
    Some(Diagnostic::new(Code::Syntax, "", span, format!("{what} is encrypted with {by}")).with_help(help))
}

/// Whether the text is a dotenv or INI file whose values SOPS has encrypted, which is not a YAML document:
/// <https://getsops.io/docs/>.
fn is_settings_of_sops(text: &str) -> bool {
    let has_line = |is: fn(&str) -> bool| text.split(['\n', '\r']).any(is);
    has_line(|line| line.starts_with("sops_mac=ENC["))
        || has_line(|line| line.trim() == "[sops]") && has_line(is_code_of_ini)
}

/// Whether a line of an INI file is `mac = ENC[…]`.
fn is_code_of_ini(line: &str) -> bool {
    let setting = line.split_once('=');
    setting.is_some_and(|(key, value)| key.trim() == "mac" && value.trim_start().starts_with("ENC["))
}
