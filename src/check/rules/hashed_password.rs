//! `hashed-password`: a hash in the password's place.

use crate::check::at_password::refused;
use crate::check::explanation::{Explanation, source};
use crate::check::values::{Field, Values};
use crate::check::{Checked, Code, Diagnostic};
use crate::document::Documents;
use crate::payload::{HashedPassword, Secret};
use crate::sql::StoredPassword;

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "a hash in the password's place",
    what: "The password is a form in which Redshift stores one: `md5` and 32 hexadecimal digits; or the SHA-256 \
           form, with digest and salt or with the password that is to be stored by it.",
    why: "Redshift takes such a text for what it is to store of another password (documented for CREATE \
          USER), and Immuta logs in by the text itself (inferred). A warning, since a script hashes it once \
          more, so that the text is the password; with `--password plain` it would be the hash of another, \
          and there it is an error.",
    fix: "Write the password itself, or `${NAME}`: scripts hash it.",
    wrong: "password: md5153c434b4b77c89e6b94f12c5393af5b",
    right: "password: ${REDSHIFT_PASSWORD}",
    sources: &[source::REDSHIFT_CREATE_USER],
};

pub(super) fn check(values: &Values<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(password) = literal_password(values) else { return };
    let Some(form) = StoredPassword::of(password.value) else { return };
    let message = format!("Redshift would take this password for {form}");
    let help = "write the password itself: Immuta logs in by what stands here, and scripts hash it";
    diagnostics.push(password.diagnostic(Code::HashedPassword, message).with_help(help));
}

/// The password of Redshift's user, unless a variable has it.
pub(super) fn literal_password<'r>(values: &Values<'r>) -> Option<Field<'r, &'r str>> {
    let kind = values.string(&["config", "authenticationType"])?;
    let password = values.string(&["config", "password"])?;
    (kind.value == "userPassword" && !Secret::is_reference(password.value)).then_some(password)
}

/// The payload, found wrong for a password that Redshift would take for the hash of another one: with
/// `hashed-password` at the password, and nothing else.
#[must_use]
pub fn hashed_password(documents: &Documents<'_>, password: &HashedPassword) -> Checked {
    refused(documents, Code::HashedPassword, password.to_string(), password.help().as_ref())
}
