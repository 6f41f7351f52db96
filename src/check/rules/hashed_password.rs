//! `hashed-password`: a password hash instead of a password.

use crate::check::at_password::rejected;
use crate::check::explanation::{Explanation, source};
use crate::check::values::{Field, Values};
use crate::check::{Checked, Code, Diagnostic};
use crate::document::Documents;
use crate::payload::{HashedPassword, Secret};
use crate::sql::StoredPassword;

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "hash instead of a password",
    what: "The password looks like a hash in Redshift's format: `md5` with 32 hexadecimal digits, or the SHA-256 \
           form with a digest and a salt, or with a password.",
    why: "Redshift stores such a value as the hash of another password (documented for `CREATE USER`), but Immuta \
          logs in with the value itself (inferred). It is a warning, because scripts hash the value again, so that \
          the value itself becomes the password. It is an error with `--password plain`, which writes the value as \
          it is.",
    fix: "Write the password itself, or `${NAME}`. Scripts hash it for you.",
    wrong: "password: md5153c434b4b77c89e6b94f12c5393af5b",
    right: "password: ${REDSHIFT_PASSWORD}",
    sources: &[source::REDSHIFT_CREATE_USER],
};

pub(super) fn check(values: &Values<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(password) = literal_password(values) else { return };
    let Some(form) = StoredPassword::of(password.value) else { return };
    let message = format!("Redshift would treat this password as {form}");
    let help = "write the password itself: Immuta logs in with this value, and scripts hash it";
    diagnostics.push(password.diagnostic(Code::HashedPassword, message).with_help(help));
}

/// The password of the Redshift user, unless it is a reference to a variable.
pub(super) fn literal_password<'r>(values: &Values<'r>) -> Option<Field<'r, &'r str>> {
    let kind = values.string(&["config", "authenticationType"])?;
    let password = values.string(&["config", "password"])?;
    (kind.value == "userPassword" && !Secret::is_reference(password.value)).then_some(password)
}

/// The payload with `hashed-password` as its only diagnostic, for a password that Redshift would treat as the hash of
/// another one.
#[must_use]
pub fn hashed_password(documents: &Documents<'_>, password: &HashedPassword) -> Checked {
    rejected(documents, Code::HashedPassword, password.to_string(), password.help().as_ref())
}
