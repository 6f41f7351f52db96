//! What the API's documented errors mean, and what to do.

/// A documented error message of the API, explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HttpHelp {
    /// The HTTP status.
    pub status_code: u16,
    /// The message as documented, with `…` where a name or number stands.
    pub message: &'static str,
    /// What it means.
    pub what: &'static str,
    /// What to do.
    pub fix: &'static str,
}

/// Explains an error of the API by its status and message, if it is a documented one.
#[must_use]
pub fn explain_http(status_code: u16, message: &str) -> Option<&'static HttpHelp> {
    HTTP_HELP.iter().find(|help| help.status_code == status_code && matches_template(help.message, message))
}

/// Whether `message` is `template` with something in place of each `…`; case, and a full stop at the end,
/// differ from page to page.
fn matches_template(template: &str, message: &str) -> bool {
    let template = template.trim_end_matches('.').to_lowercase();
    let message = message.trim().trim_end_matches('.').to_lowercase();
    let mut parts = template.split('…');
    let Some(mut rest) = parts.next().and_then(|start| message.strip_prefix(start)) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        let found = if parts.peek().is_none() {
            rest.strip_suffix(part).map(|gap| (gap, ""))
        } else {
            rest.split_once(part)
        };
        match found {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    true
}

/// The documented messages, those of one form once.
static HTTP_HELP: [HttpHelp; 11] = [
    HttpHelp {
        status_code: 404,
        message: "No Integration found with ID ….",
        what: "there is no integration with this identifier",
        fix: "list the integrations with `GET /integrations` and take the identifier from there",
    },
    HttpHelp {
        status_code: 400,
        message: "Credentials are not required for disable unless the integration was configured automatically. If \
                  you need to update your integration credentials, use PUT to update the integration before \
                  disabling.",
        what: "the integration was set up by hand, and the `DELETE` has credentials",
        fix: "send the `DELETE` without a body",
    },
    HttpHelp {
        status_code: 400,
        message: "Integrations that are automatically configured require privileged credentials to disable. Please \
                  provide them in your payload.",
        what: "the integration was set up automatically, and the `DELETE` has no credentials",
        fix: "send the credentials that configured it: `authenticationType`, `username` and `password`, without \
               `config`",
    },
    HttpHelp {
        status_code: 400,
        message: "Credentials are not required to disable a Databricks… integration. If you need to update your \
                  integration credentials, use PUT to update the integration before disabling.",
        what: "the integration is one for Databricks, which takes no credentials to be deleted",
        fix: "send the `DELETE` without a body, and check that the identifier is that of the Redshift integration",
    },
    HttpHelp {
        status_code: 400,
        message: "Use PUT /integrations/… endpoint to update connection information for … integration on host … (id \
                  = …) that previously failed to create.",
        what: "an earlier attempt to create the integration failed, and Immuta keeps it",
        fix: "repair it with `PUT` to the path in the message; do not create it again",
    },
    HttpHelp {
        status_code: 409,
        message: "… integration already exists on host … (id = …)",
        what: "Immuta allows one Redshift integration a host, and this host has one",
        fix: "update or delete the integration whose identifier the message shows",
    },
    HttpHelp {
        status_code: 409,
        message: "… integration already exists on … (id = …).",
        what: "an integration for this host exists already",
        fix: "update or delete the integration whose identifier the message shows",
    },
    HttpHelp {
        status_code: 422,
        message: "Validation of prerequisite setup failed. Unable to create integration.",
        what: "a validation test failed: the platform is not set up as Immuta needs it",
        fix: "read `validationResults` for the test that failed; with manual set-up, run both scripts first",
    },
    HttpHelp {
        status_code: 422,
        message: "Processing Error: Error trying to get the current metastore info.",
        what: "Databricks did not tell its metastore; Redshift has no such test",
        fix: "check that `type` is `Redshift`",
    },
    HttpHelp {
        status_code: 400,
        message: "Unable to edit integration due to changes of non-editable attribute(s)…",
        what: "the update changes something that cannot be changed; for Redshift it is inferred to be `type`, \
               `autoBootstrap`, `host`, `database` and `initialDatabase`",
        fix: "write the old values, or delete the integration and create it anew",
    },
    HttpHelp {
        status_code: 409,
        message: "Unable to edit integration with ID … in current state ….",
        what: "the integration is being changed or deleted at this moment",
        fix: "ask `GET /integrations/{id}/status` until the state is settled, then try again",
    },
];
