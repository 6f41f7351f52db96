//! Translates errors of PostgreSQL to those of Redshift, if tests or clients depend on them.

use super::ServerError;

/// PostgreSQL's error for dropping a role, also in a procedure.
const HELD: &str = " cannot be dropped because some objects depend on it";

/// The error of Redshift.
pub(in super::super) fn as_redshift(mut error: ServerError) -> ServerError {
    error.message = error.message.replace("role \"group ", "group \"").replace("role \"", "user \"");
    error.detail = error.detail.replace("role \"group ", "group \"").replace("role \"", "user \"");
    error.detail = error.detail.replace(" belonging to role ", " belonging to user ");
    if error.sqlstate == "2BP01" && error.message.ends_with(HELD) {
        let kind = if error.message.starts_with("group ") { "group" } else { "user" };
        let name = error.message.split('"').nth(1).unwrap_or_default();
        let owns = error
            .detail
            .lines()
            .any(|line| line.starts_with("owner of ") && !line.starts_with("owner of default privileges"));
        let what = if owns { "owns some object" } else { "has a privilege on some object" };
        "55006".clone_into(&mut error.sqlstate);
        error.message = format!("{kind} \"{name}\" can't be dropped because the {kind} {what}");
    }
    error.message = error.message.replace("\"redshift.", "\"");
    error
}
