//! `plaintext-secret`: a secret in plain text.

use crate::characters::is_blank;
use crate::check::explanation::Explanation;
use crate::check::values::{Keys, Values};
use crate::check::wording::name;
use crate::check::{Code, Diagnostic, Origin, Severity};
use crate::operation::BodyKind;
use crate::payload::Secret;
use crate::text::pointer::pointer;

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "secret in plain text",
    what: "The document contains a password in plain text.",
    why: "Files end up in version control, backups and logs. For text that is not from a file, this is only a note.",
    fix: "Write `${NAME}`, and set the environment variable NAME where you create scripts and requests. Change the \
          password if it was committed.",
    wrong: "password: Correct4Horse",
    right: "password: ${REDSHIFT_PASSWORD}",
    sources: &[],
};

pub(super) fn check(values: &Values<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let passwords: [(Keys, &str); 2] = match values.context.operation.body_kind() {
        BodyKind::Credentials => {
            [(&["password"], "REDSHIFT_PASSWORD"), (&["okta", "password"], "OKTA_PASSWORD")]
        }
        _ => [
            (&["config", "password"], "REDSHIFT_PASSWORD"),
            (&["config", "okta", "password"], "OKTA_PASSWORD"),
        ],
    };
    diagnostics.extend(passwords.into_iter().filter_map(|(keys, variable)| literal(values, keys, variable)));
}

/// Reported even if the value has another error.
fn literal(values: &Values<'_>, keys: Keys, variable: &str) -> Option<Diagnostic> {
    let node = values.member(keys)?;
    let text = node.as_str()?;
    if is_blank(text) || matches!(text, "REDACTED" | "<REDACTED>") || Secret::is_reference(text) {
        return None;
    }
    let severity = match values.context.options.origin {
        Origin::File => Severity::Warning,
        Origin::Text => Severity::Note,
    };
    let pointer = pointer(keys);
    if values.placeholders.has(&pointer) {
        return None;
    }
    let message = format!("{} is in plain text", name(&pointer));
    Some(
        Diagnostic::new(Code::PlaintextSecret, pointer, node.span, message)
            .with_severity(severity)
            .with_help(format!("write `${{{variable}}}` and set the environment variable `{variable}`"))
            .with_fix(values.context.fix_builder.reference(node, variable)),
    )
}
