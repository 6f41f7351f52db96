//! `unresolved-secret`: a password that cannot be read from its environment variable.

#[cfg(feature = "native")]
use crate::check::Diagnostic;
#[cfg(feature = "native")]
use crate::check::at_password::at_password;
use crate::check::at_password::rejected;
use crate::check::explanation::Explanation;
use crate::check::{Checked, Code};
use crate::document::Documents;
#[cfg(feature = "native")]
use crate::document::Node;
use crate::payload::UnresolvedSecret;

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "password cannot be read from its environment variable",
    what: "A password is `${NAME}`, but the environment variable NAME is not set, is empty or blank, is not valid \
           UTF-8, or contains an unresolved placeholder. Or the runner may not read it: it reads only variables \
           with `PASSWORD` in their name, except `PGPASSWORD`, and those allowed with `--allow-env`.",
    why: "Scripts and the runner need the password itself. CI systems set the variable of a secret that does not \
          exist to an empty value; an account created with it could not log in with the real password. The runner \
          sends the value to the host in the payload, which must not receive other secrets.",
    fix: "Set the variable to the password, or correct its name.",
    wrong: "password: ${REDSHIFT_PASWORD} # the variable is REDSHIFT_PASSWORD",
    right: "password: ${REDSHIFT_PASSWORD}",
    sources: &[],
};

/// The payload with `unresolved-secret` as its only diagnostic, for a password that cannot be read from its environment
/// variable.
#[must_use]
pub fn unresolved_secret(documents: &Documents<'_>, secret: &UnresolvedSecret) -> Checked {
    rejected(documents, Code::UnresolvedSecret, secret.to_string(), secret.help().as_ref())
}

/// The diagnostic without a [`Checked`], for a parsed document.
#[cfg(feature = "native")]
pub(crate) fn unresolved_secret_in(root: Option<&Node>, secret: &UnresolvedSecret) -> Diagnostic {
    at_password(root, Code::UnresolvedSecret, secret.to_string()).with_help(secret.help())
}
