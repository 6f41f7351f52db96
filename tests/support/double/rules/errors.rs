//! PostgreSQL's errors in Redshift's words, where tests and clients may look at them.

use super::ServerError;

/// The error that Redshift would give for the statement.
pub(in super::super) fn as_redshift(sql: &str, mut error: ServerError) -> ServerError {
    let mut words = sql.split_whitespace().map(str::to_ascii_uppercase);
    let drops = match (words.next().as_deref(), words.next().as_deref()) {
        (Some("DROP"), Some("USER")) => Some("user"),
        (Some("DROP"), Some("GROUP")) => Some("group"),
        _ => None,
    };
    error.message = error.message.replace("role \"group ", "group \"").replace("role \"", "user \"");
    error.detail = error.detail.replace("role \"group ", "group \"").replace("role \"", "user \"");
    if let Some(kind) = drops
        && error.sqlstate == "2BP01"
    {
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
