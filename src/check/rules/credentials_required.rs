//! `credentials-required`: a `DELETE` without a body for an integration that was set up automatically.

use crate::check::context::Context;
use crate::check::explanation::{Explanation, source};
use crate::check::schema_errors::first_key;
use crate::check::{Code, Diagnostic};
use crate::operation::Operation;

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "credentials required for this delete",
    what: "The `DELETE` has no body, but the integration was set up automatically.",
    why: "Immuta does not store the credentials with which it set up Redshift, and needs them to clean up. The API \
          responds with HTTP 400.",
    fix: "Send the credentials that configured the integration, at the top level, not nested in `config`.",
    wrong: "# delete, automatic: an empty body",
    right: "authenticationType: userPassword\nusername: admin@example.com\npassword: ${REDSHIFT_PASSWORD}",
    sources: &[source::IMMUTA_API, source::IMMUTA_STATUS_CODES],
};

/// Reports nothing if it is unknown how the integration was set up.
pub(super) fn check(context: &Context<'_>) -> Option<Diagnostic> {
    if context.operation != Operation::Delete {
        return None;
    }
    let is_wrong = context.automatic()? && context.is_empty();
    let message = "missing credentials: the integration was set up automatically";
    let diagnostic = Diagnostic::new(Code::CredentialsRequired, "", first_key(context.root), message);
    is_wrong.then(|| {
        diagnostic
            .with_help("send the credentials that set it up: `authenticationType`, `username` and `password`")
    })
}
