//! The documented errors of the API: what they mean, and what to do.

/// A documented error message of the API, explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HttpHelp {
    /// The HTTP status.
    pub status_code: u16,
    /// The message as documented, with `…` in place of names and numbers.
    pub message: &'static str,
    /// What it means.
    pub what: &'static str,
    /// What to do.
    pub fix: &'static str,
}

/// Explains a documented error of the API by its status and message.
#[must_use]
pub fn explain_http(status_code: u16, message: &str) -> Option<&'static HttpHelp> {
    HTTP_HELP.iter().find(|help| help.status_code == status_code && matches_template(help.message, message))
}

/// Whether `message` matches `template`, in which `…` matches any text. Letter case and a final full stop are ignored,
/// since they differ between pages of the documentation.
fn matches_template(template: &str, message: &str) -> bool {
    let template = template.trim_end_matches('.').to_ascii_lowercase();
    let message = message.trim().trim_end_matches('.').to_ascii_lowercase();
    let mut parts = template.split('…');
    let Some(mut rest) = parts.next().and_then(|start| message.strip_prefix(start)) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        let found = if parts.peek().is_none() {
            rest.strip_suffix(part).map(|before| (before, ""))
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

/// The documented messages. Messages of the same form are listed once.
static HTTP_HELP: [HttpHelp; 11] = [
    HttpHelp {
        status_code: 404,
        message: "No Integration found with ID ….",
        what: "integration not found",
        fix: "list the integrations with `GET /integrations` to find the identifier",
    },
    HttpHelp {
        status_code: 400,
        message: "Credentials are not required for disable unless the integration was configured automatically. If \
                  you need to update your integration credentials, use PUT to update the integration before \
                  disabling.",
        what: "the integration was set up manually, but the `DELETE` has credentials",
        fix: "send the `DELETE` without a body",
    },
    HttpHelp {
        status_code: 400,
        message: "Integrations that are automatically configured require privileged credentials to disable. Please \
                  provide them in your payload.",
        what: "the integration was set up automatically, but the `DELETE` has no credentials",
        fix: "send the credentials that configured it: `authenticationType`, `username` and `password`, not nested in \
              `config`",
    },
    HttpHelp {
        status_code: 400,
        message: "Credentials are not required to disable a Databricks… integration. If you need to update your \
                  integration credentials, use PUT to update the integration before disabling.",
        what: "this is a Databricks integration; deleting it requires no credentials",
        fix: "send the `DELETE` without a body, and check that you have the identifier of the Redshift integration",
    },
    HttpHelp {
        status_code: 400,
        message: "Use PUT /integrations/… endpoint to update connection information for … integration on host … (id \
                  = …) that previously failed to create.",
        what: "the integration exists: an earlier attempt to create it has failed",
        fix: "repair it with a `PUT` to the path in the message; do not create it again",
    },
    HttpHelp {
        status_code: 409,
        message: "… integration already exists on host … (id = …)",
        what: "this host already has an integration; Immuta allows one Redshift integration per host",
        fix: "update or delete the integration with the identifier in the message",
    },
    HttpHelp {
        status_code: 409,
        message: "… integration already exists on … (id = …).",
        what: "this host already has an integration",
        fix: "update or delete the integration with the identifier in the message",
    },
    HttpHelp {
        status_code: 422,
        message: "Validation of prerequisite setup failed. Unable to create integration.",
        what: "a validation test failed: the platform is not set up as Immuta requires",
        fix: "find the failed test in `validationResults`; for manual setup, run both scripts first",
    },
    HttpHelp {
        status_code: 422,
        message: "Processing Error: Error trying to get the current metastore info.",
        what: "the metastore could not be read from Databricks; there is no such test for Redshift",
        fix: "check that `type` is `Redshift`",
    },
    HttpHelp {
        status_code: 400,
        message: "Unable to edit integration due to changes of non-editable attribute(s)…",
        what: "the update changes a property that cannot be changed; for Redshift, these are inferred to be `type`, \
               `autoBootstrap`, `host`, `database` and `initialDatabase`",
        fix: "restore the old values, or delete the integration and create a new one",
    },
    HttpHelp {
        status_code: 409,
        message: "Unable to edit integration with ID … in current state ….",
        what: "the integration is currently being changed or deleted",
        fix: "poll `GET /integrations/{id}/status` until the change is complete, then try again",
    },
];
