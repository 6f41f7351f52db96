//! `weak-password`: a password that Redshift would reject.

use super::hashed_password::literal_password;
use crate::check::at_password::rejected;
use crate::check::characters::clean_password;
use crate::check::explanation::{Explanation, source};
use crate::check::values::Values;
use crate::check::{Checked, Code, Diagnostic};
use crate::document::Documents;
use crate::payload::WeakPassword;
use crate::sql::{PasswordError, StoredPassword};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "Redshift would reject the password",
    what: "The password violates a rule of Redshift. The message names the rule.",
    why: "A password in plain text must have 8 to 64 characters, with an upper-case letter, a lower-case letter and \
          a digit, in printable ASCII without `'`, `\"`, `\\`, `/`, `@` and space. It is a warning, because a \
          password that was set as a hash need not follow the rules, and an error with `--password plain`, because \
          Redshift would reject the statement. Scripts and `apply` check the value of a variable by the same rules: \
          Redshift cannot check a hash, and a line break at the end would become part of the password.",
    fix: "Choose a password that satisfies the rules.",
    wrong: "password: abc1234",
    right: "password: ${REDSHIFT_PASSWORD}",
    sources: &[source::REDSHIFT_CREATE_USER],
};

pub(super) fn check(values: &Values<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let password = literal_password(values).filter(|password| StoredPassword::of(password.value).is_none());
    let Some(password) = password else { return };
    let Some(error) = PasswordError::of(&clean_password(password.value)) else { return };
    let help = if error.is_around() {
        "write only the password, on the same line as its key"
    } else {
        "use 8 to 64 printable ASCII characters, with an upper-case letter, a lower-case letter and a digit, and \
         without `'`, `\"`, `\\`, `/`, `@` and space"
    };
    let message = format!("Redshift would reject this password: {error}");
    diagnostics.push(password.diagnostic(Code::WeakPassword, message).with_help(help));
}

/// The payload with `weak-password` as its only diagnostic, for a password that Redshift would reject.
#[must_use]
pub fn weak_password(documents: &Documents<'_>, password: &WeakPassword) -> Checked {
    rejected(documents, Code::WeakPassword, password.to_string(), password.help().as_ref())
}
