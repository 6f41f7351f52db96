//! Detects suspicious login passwords. The account exists already, so the rules for new passwords do not apply, and a
//! password that may be valid is sent.

use crate::characters::{is_unseen, may_surround};
use crate::placeholder::{in_password, is_certain};

/// Whether a text that looks like a placeholder may be a valid password: passwords that were set as a hash follow no
/// rules.
pub(super) fn may_be_valid(text: &str) -> bool {
    in_password(text).is_some() && !is_certain(text)
}

/// The typical damage to a password by a CI system or an editor, if there is any. The text does not contain the value.
pub(super) fn suspicion(password: &str) -> Option<&'static str> {
    let is_at_ends = |is: fn(char) -> bool| password.starts_with(is) || password.ends_with(is);
    let is_blank = |c: char| c.is_whitespace() || c.is_control() || is_unseen(c);
    let is_quote = |c: char| c == '`' || c == '\'' || c == '"' || may_surround(c);
    if password.trim_end_matches(['\r', '\n']).contains(['\r', '\n']) {
        Some("contains a line break")
    } else if is_at_ends(is_blank) {
        Some("starts or ends with whitespace or an invisible character")
    } else if password.len() > 1 && password.starts_with(is_quote) && password.ends_with(is_quote) {
        Some("starts and ends with a quote")
    } else if password.contains("\\n") || password.contains("\\r") {
        Some("contains a line break as an escape sequence")
    } else if in_password(password).is_some() {
        Some("looks like a placeholder that was not replaced")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_by_ci_systems_is_reported() {
        for (password, said) in [
            ("Correct4Horse\n", "starts or ends with whitespace or an invisible character"),
            ("Correct4Horse\r\n", "starts or ends with whitespace or an invisible character"),
            (" Correct4Horse", "starts or ends with whitespace or an invisible character"),
            ("Correct4Horse\t", "starts or ends with whitespace or an invisible character"),
            ("\u{FEFF}Correct4Horse", "starts or ends with whitespace or an invisible character"),
            ("Correct4Horse\u{A0}", "starts or ends with whitespace or an invisible character"),
            ("Correct4\nHorse", "contains a line break"),
            ("Correct4\r\nHorse\n", "contains a line break"),
            ("\"Correct4Horse\"", "starts and ends with a quote"),
            ("'Correct4Horse'", "starts and ends with a quote"),
            ("`Correct4Horse`", "starts and ends with a quote"),
            ("\u{201C}Correct4Horse\u{201D}", "starts and ends with a quote"),
            ("Correct4Horse\\n", "contains a line break as an escape sequence"),
        ] {
            assert_eq!(suspicion(password), Some(said), "{password:?}");
        }
    }

    #[test]
    fn possible_placeholder_may_be_valid() {
        for text in ["changeme", "<password>", "$password", "your_password"] {
            assert!(may_be_valid(text), "{text}");
            assert_eq!(suspicion(text), Some("looks like a placeholder that was not replaced"), "{text}");
        }
        for text in [
            "${PASSWORD}",
            "$(PASSWORD)",
            "{{ password }}",
            "<REDACTED>",
            "op://vault/item/field",
            "Correct4Horse",
        ] {
            assert!(!may_be_valid(text), "{text}");
        }
    }

    #[test]
    fn other_passwords_are_not_suspicious() {
        for password in
            ["Correct4Horse", "x", "\"", "it's", "\"a", "a b", "c'est", "\u{e9}t\u{e9}", "Temp/+Passw0rd="]
        {
            assert_eq!(suspicion(password), None, "{password:?}");
        }
    }
}
