//! `credentials-not-allowed`: no credentials to delete this integration.

use crate::check::context::Context;
use crate::check::explanation::{Explanation, source};
use crate::check::schema_errors::first_key;
use crate::check::{Code, Diagnostic};
use crate::operation::Operation;

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "no credentials to delete this integration",
    what: "The `DELETE` has a body, and the integration was set up by hand.",
    why: "Cleaning up is then done by the removal script, not by Immuta. The API answers HTTP 400.",
    fix: "Send no body. Run the script of `script-delete` first.",
    wrong: "# delete, manual\nauthenticationType: userPassword\nusername: admin@example.com",
    right: "# delete, manual: an empty body",
    sources: &[source::IMMUTA_API, source::IMMUTA_STATUS_CODES],
};

/// The one diagnostic of such a `DELETE`. Silent where nobody says how the integration was made.
pub(super) fn alone(context: &Context<'_>) -> Option<Diagnostic> {
    if context.operation != Operation::Delete {
        return None;
    }
    let is_wrong = !context.automatic()? && !context.is_empty();
    let message = "the integration was set up by hand, so deleting it takes no body";
    let diagnostic = Diagnostic::new(Code::CredentialsNotAllowed, "", first_key(context.root), message);
    is_wrong.then(|| diagnostic.with_help("send the `DELETE` without a body"))
}
