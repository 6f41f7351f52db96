//! Valid and reserved names of Redshift.
//!
//! The empty string is valid here; `minLength` of the schemas rejects it.

use crate::placeholder::{as_a_whole, core};
use crate::sql::{Identifier, IdentifierError};

/// Databases that exist in every cluster, and can be neither created nor dropped:
/// <https://docs.aws.amazon.com/redshift/latest/dg/r_DROP_DATABASE.html>.
pub(crate) const RESERVED_DATABASES: [&str; 5] =
    ["dev", "padb_harvest", "template0", "template1", "sys:internal"];

/// The prefixes of the names of system roles and of roles for datashares.
pub(crate) const RESERVED_ROLE_PREFIXES: [&str; 2] = ["sys:", "ds:"];

/// The superuser that exists in every cluster, number 1 in `pg_user`, whose password only AWS has:
/// <https://docs.aws.amazon.com/redshift/latest/dg/r_Users-creatingaltering-and-deleting-users.html>.
pub(crate) const SUPERUSER: &str = "rdsdb";

/// What is wrong with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameError {
    /// It is longer than 127 bytes; the length in bytes.
    TooLong(usize),
    /// It contains NUL or another control character.
    ControlCharacter,
    /// `PUBLIC` as a user: the keyword for all users.
    Public,
    /// Redshift's own superuser as a user.
    Superuser,
    /// A group that starts with `__`, which Redshift reserves.
    ReservedGroup,
    /// It is a connection string.
    ConnectionString,
}

/// Whether Redshift accepts `text` as a name.
pub(crate) fn is_identifier(text: &str) -> bool {
    identifier_error(text).is_none()
}

/// Whether Redshift accepts `text` as the name of a user.
pub(crate) fn is_user(text: &str) -> bool {
    user_error(text).is_none()
}

/// Whether Redshift accepts `text` as the name of a group.
pub(crate) fn is_group(text: &str) -> bool {
    group_error(text).is_none()
}

/// Why `text` is not a valid name; the empty string is ignored here.
pub(crate) fn identifier_error(text: &str) -> Option<NameError> {
    if is_connection_string(text) {
        return Some(NameError::ConnectionString);
    }
    match Identifier::error(text)? {
        IdentifierError::Empty => None,
        IdentifierError::TooLong(bytes) => Some(NameError::TooLong(bytes)),
        IdentifierError::ControlCharacter => Some(NameError::ControlCharacter),
    }
}

/// Why `text` is not a valid name of a user: <https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_USER.html>.
pub(crate) fn user_error(text: &str) -> Option<NameError> {
    identifier_error(text)
        .or_else(|| text.eq_ignore_ascii_case("PUBLIC").then_some(NameError::Public))
        .or_else(|| (text == SUPERUSER).then_some(NameError::Superuser))
}

/// Why `text` is not a valid name of a group: <https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_GROUP.html>.
pub(crate) fn group_error(text: &str) -> Option<NameError> {
    identifier_error(text).or_else(|| text.starts_with("__").then_some(NameError::ReservedGroup))
}

/// Suffixes of connection string parameters for the server or the account, in libpq, JDBC and ODBC.
const PARAMETER_NAMES: [&str; 12] = [
    "database", "dbname", "driver", "host", "passwd", "password", "port", "pwd", "server", "uid", "user",
    "username",
];

/// Whether `text`, which should be a name, is a connection string: a URL, `user:password@host`, or parameters as in
/// `host=a.example.com user=b`.
fn is_connection_string(text: &str) -> bool {
    let decoded = text.replace("%3A", ":").replace("%3a", ":").replace("%40", "@");
    let ends = |before: &str, name: &str| {
        let end = before.len().checked_sub(name.len()).and_then(|at| before.get(at..));
        end.is_some_and(|end| end.eq_ignore_ascii_case(name))
    };
    let is_parameter = |before: &str| PARAMETER_NAMES.iter().any(|name| ends(before.trim_end(), name));
    // No parameter name follows the last `=`.
    let mut before = text.rsplit('=').skip(1);
    has_location(&decoded) || before.any(is_parameter)
}

/// Whether a text has the scheme, the user or the path of a URL. ARNs and the names of users from identity providers have a
/// colon, too: <https://docs.aws.amazon.com/redshift/latest/mgmt/generating-iam-credentials-role-permissions.html>.
fn has_location(text: &str) -> bool {
    const NAMESPACES: [&str; 5] = ["ARN", "AWSIDC", "IAM", "IAMA", "IAMR"];
    let Some((before, after)) = text.split_once(':') else { return false };
    let is_namespace = NAMESPACES.iter().any(|namespace| namespace.eq_ignore_ascii_case(before));
    after.starts_with("//") || !is_namespace && after.contains(['@', '/'])
}

/// Whether a message can show a value that is neither a host nor a secret: a password could be next to the name.
pub(crate) fn is_plausible_name(text: &str) -> bool {
    let has_value = text.split_once('=').is_some_and(|(_, value)| !value.is_empty());
    !has_value && !is_connection_string(text) || as_a_whole(core(text)).is_some()
}
