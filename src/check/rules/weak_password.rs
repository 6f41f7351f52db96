//! `weak-password`: a password that Redshift would refuse.

use super::hashed_password::literal_password;
use crate::check::at_password::refused;
use crate::check::characters::clean_password;
use crate::check::explanation::{Explanation, source};
use crate::check::values::Values;
use crate::check::{Checked, Code, Diagnostic};
use crate::document::Documents;
use crate::payload::WeakPassword;
use crate::sql::{PasswordError, StoredPassword};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "a password that Redshift would refuse",
    what: "The password breaks one of Redshift's rules; the message says which.",
    why: "A password in clear text has 8 to 64 characters, with an upper-case letter, a lower-case letter and \
          a digit, in printable ASCII without `'`, `\"`, `\\`, `/`, `@` and space. A warning, since an \
          account that exists may have another; an error with `--password plain`, whose script Redshift would \
          stop. Scripts and `apply` judge the value of a variable by the same \
          rules: of a hash Redshift cannot tell, and a line break at the end becomes a part of the password.",
    fix: "Choose a password that keeps the rules.",
    wrong: "password: abc1234",
    right: "password: ${REDSHIFT_PASSWORD}",
    sources: &[source::REDSHIFT_CREATE_USER],
};

pub(super) fn check(values: &Values<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let password = literal_password(values).filter(|password| StoredPassword::of(password.value).is_none());
    let Some(password) = password else { return };
    let Some(fault) = PasswordError::of(&clean_password(password.value)) else { return };
    let help = if fault.is_around() {
        "write the password alone, on the line of its key"
    } else {
        "Redshift asks for 8 to 64 printable ASCII characters with an upper-case letter, a lower-case letter and a digit, \
         and none of `'`, `\"`, `\\`, `/`, `@` and space"
    };
    let message = format!("Redshift would refuse this password: {fault}");
    diagnostics.push(password.diagnostic(Code::WeakPassword, message).with_help(help));
}

/// The payload, found wrong for a password that Redshift would refuse: with `weak-password` at the password, and nothing
/// else.
#[must_use]
pub fn weak_password(documents: &Documents<'_>, password: &WeakPassword) -> Checked {
    refused(documents, Code::WeakPassword, password.to_string(), password.help().as_ref())
}
