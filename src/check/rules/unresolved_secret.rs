//! `unresolved-secret`: an environment variable that gives no password.

#[cfg(feature = "native")]
use crate::check::Diagnostic;
#[cfg(feature = "native")]
use crate::check::at_password::at_password;
use crate::check::at_password::refused;
use crate::check::explanation::Explanation;
use crate::check::{Checked, Code};
use crate::document::Documents;
#[cfg(feature = "native")]
use crate::document::Node;
use crate::payload::UnresolvedSecret;

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "an environment variable that gives no password",
    what: "A password is `${NAME}`, and the environment variable NAME is not set; or it is set but empty or \
           blank, is not valid UTF-8, or holds a placeholder that was not replaced. Or the runner may not \
           read it: it reads variables with `PASSWORD` in their name, except `PGPASSWORD`, and those that \
           `--allow-env` names.",
    why: "Scripts and requests need the password itself. A secret that a CI system does not know arrives as \
          an empty variable: an account made with it would not let in who has the password. The runner logs \
          in to the host that the payload names, which must not get a secret of another kind.",
    fix: "Set the variable to the password, or correct its name.",
    wrong: "password: ${REDSHIFT_PASWORD} # set is REDSHIFT_PASSWORD",
    right: "password: ${REDSHIFT_PASSWORD}",
    sources: &[],
};

/// The payload, found wrong for a variable that its password names and that gives no password: with `unresolved-secret`
/// at the password, and nothing else.
#[must_use]
pub fn unresolved_secret(documents: &Documents<'_>, secret: &UnresolvedSecret) -> Checked {
    refused(documents, Code::UnresolvedSecret, secret.to_string(), secret.help().as_ref())
}

/// The same for a document: the diagnostic by itself.
#[cfg(feature = "native")]
pub(crate) fn unresolved_secret_in(root: Option<&Node>, secret: &UnresolvedSecret) -> Diagnostic {
    at_password(root, Code::UnresolvedSecret, secret.to_string()).with_help(secret.help())
}
