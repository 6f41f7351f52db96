//! `credentials-not-allowed`: a `DELETE` body for an integration that was set up manually.

use crate::check::context::Context;
use crate::check::explanation::{Explanation, source};
use crate::check::schema_errors::first_key;
use crate::check::{Code, Diagnostic};
use crate::operation::Operation;

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "credentials not allowed for this delete",
    what: "The `DELETE` has a body, but the integration was set up manually.",
    why: "The objects are then removed by a script, not by Immuta. The API responds with HTTP 400.",
    fix: "Run the script from `script-delete`, then send the `DELETE` without a body.",
    wrong: "# delete, manual\nauthenticationType: userPassword\nusername: admin@example.com",
    right: "# delete, manual: an empty body",
    sources: &[source::IMMUTA_API, source::IMMUTA_STATUS_CODES],
};

/// Reports nothing if it is unknown how the integration was set up.
pub(super) fn check(context: &Context<'_>) -> Option<Diagnostic> {
    if context.operation != Operation::Delete {
        return None;
    }
    let is_wrong = !context.automatic()? && !context.is_empty();
    let message = "`DELETE` body not allowed: the integration was set up manually";
    let diagnostic = Diagnostic::new(Code::CredentialsNotAllowed, "", first_key(context.root), message);
    is_wrong.then(|| diagnostic.with_help("send the `DELETE` without a body"))
}
