//! `identifier-invalid`: a name that Redshift rejects.

use crate::check::explanation::{Explanation, source};
use crate::check::values::{Field, Keys, Values};
use crate::check::wording::name;
use crate::check::{Code, Diagnostic, Severity};
use crate::operation::BodyKind;
use crate::platform::redshift::{RESERVED_ROLE_PREFIXES, SUPERUSER};
use crate::text::shown::show;

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "invalid Redshift name",
    what: "The name contains a control character, is the user `PUBLIC` or `rdsdb`, or is a group that starts with \
           `__`. Or the value is a connection string instead of a name.",
    why: "Redshift rejects such names: `PUBLIC` means all users, `rdsdb` is the internal superuser of every cluster, and \
          groups that start with `__` are reserved. It is a warning where this is inferred: for `rdsdb` in another \
          letter case, which is a different user only when quoted, and for groups that start with `sys:` or `ds:`, \
          the prefixes of Redshift's own roles. The whole connection string, including the password, would become \
          the name.",
    fix: "Choose another name. Instead of a connection string, write only the name.",
    wrong: "impersonation:\n  enabled: true\n  role: __impersonation",
    right: "impersonation:\n  enabled: true\n  role: immuta_impersonation",
    sources: &[
        source::REDSHIFT_CREATE_USER,
        source::REDSHIFT_CREATE_GROUP,
        source::REDSHIFT_USERS,
        source::REDSHIFT_ROLES,
    ],
};

/// Warns about names that Redshift probably reserves. The schema rejects those that it certainly does: `PUBLIC`, `rdsdb`,
/// and groups that start with `__`.
pub(super) fn check(values: &Values<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let users: [Keys; 2] = if values.context.operation.body_kind() == BodyKind::Credentials {
        [&["username"], &["okta", "username"]]
    } else {
        let group = values.visible(&["config", "impersonation", "role"]);
        diagnostics.extend(group.and_then(|group| reserved_prefix(&group)));
        [&["config", "username"], &["config", "okta", "username"]]
    };
    let users = users.into_iter().filter_map(|keys| values.visible(keys));
    diagnostics.extend(users.filter_map(|user| superuser(&user)));
}

/// A quoted user name keeps its letter case, so another spelling is another user; without quotes it is the superuser.
fn superuser(user: &Field<'_, &str>) -> Option<Diagnostic> {
    if !user.value.eq_ignore_ascii_case(SUPERUSER) {
        return None;
    }
    let shown = show(user.value);
    let message =
        format!("{shown} differs from Redshift's internal superuser `{SUPERUSER}` only in letter case");
    let help = "use another user, for example `immuta_system_account`";
    let diagnostic = user.diagnostic(Code::IdentifierInvalid, message);
    Some(diagnostic.with_severity(Severity::Warning).with_help(help))
}

/// Documented for roles; that it also applies to Immuta's impersonation role, a group, is inferred.
fn reserved_prefix(group: &Field<'_, &str>) -> Option<Diagnostic> {
    let starts = |prefix: &&str| {
        group.value.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    let prefix = RESERVED_ROLE_PREFIXES.into_iter().find(|prefix| starts(prefix))?;
    let subject = name(&group.pointer());
    let message =
        format!("{subject} starts with `{prefix}`: Redshift reserves this prefix for its own roles");
    let help = "use another group, for example `immuta_impersonation`; for groups, this restriction is inferred, \
                not documented";
    let diagnostic = group.diagnostic(Code::IdentifierInvalid, message);
    Some(diagnostic.with_severity(Severity::Warning).with_help(help))
}
