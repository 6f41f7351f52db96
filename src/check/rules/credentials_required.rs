//! `credentials-required`: credentials are needed to delete this integration.

use crate::check::context::Context;
use crate::check::explanation::{Explanation, source};
use crate::check::schema_errors::first_key;
use crate::check::{Code, Diagnostic};
use crate::operation::Operation;

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "credentials are needed to delete this integration",
    what: "The `DELETE` has no body, and the integration was set up automatically.",
    why: "Immuta does not keep the credentials that set Redshift up, and needs them to clean up. The API \
          answers HTTP 400.",
    fix: "Send the credentials that configured the integration, flat, without `config`.",
    wrong: "# delete, automatic: an empty body",
    right: "authenticationType: userPassword\nusername: admin@example.com\npassword: ${REDSHIFT_PASSWORD}",
    sources: &[source::IMMUTA_API, source::IMMUTA_STATUS_CODES],
};

/// The one diagnostic of such a `DELETE`. Silent where nobody says how the integration was made.
pub(super) fn alone(context: &Context<'_>) -> Option<Diagnostic> {
    if context.operation != Operation::Delete {
        return None;
    }
    let is_wrong = context.automatic()? && context.is_empty();
    let message =
        "the integration was set up automatically, so deleting it takes the credentials that set it up";
    let diagnostic = Diagnostic::new(Code::CredentialsRequired, "", first_key(context.root), message);
    is_wrong.then(|| diagnostic.with_help("write `authenticationType`, `username` and `password`"))
}
