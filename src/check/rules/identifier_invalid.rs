//! `identifier-invalid`: a name that Redshift refuses.

use crate::check::explanation::{Explanation, source};
use crate::check::values::{Field, Keys, Values};
use crate::check::wording::name;
use crate::check::{Code, Diagnostic, Severity};
use crate::operation::BodyKind;
use crate::platform::redshift::{RESERVED_ROLE_PREFIXES, SUPERUSER};
use crate::text::shown::show;

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "a name that Redshift refuses",
    what: "The name holds a control character, is `PUBLIC` or `rdsdb` as a user, or is a group that begins with `__`; or a \
           connection string stands in its place.",
    why: "Redshift takes no such names: `PUBLIC` is everybody, `rdsdb` is the superuser that every cluster has for \
          itself, and groups that begin with `__` are its own. It is a warning where that is inferred: for `rdsdb` in \
          another letter case, which quotes alone keep apart, and for groups that begin with `sys:` or `ds:`, as \
          Redshift's own roles do. A connection string would become a name as it stands, with the password in it.",
    fix: "Choose another name; of a connection string, write the name alone.",
    wrong: "impersonation:\n  enabled: true\n  role: __impersonation",
    right: "impersonation:\n  enabled: true\n  role: immuta_impersonation",
    sources: &[
        source::REDSHIFT_CREATE_USER,
        source::REDSHIFT_CREATE_GROUP,
        source::REDSHIFT_USERS,
        source::REDSHIFT_ROLES,
    ],
};

/// Names that are probably Redshift's own. What it refuses for sure (`PUBLIC`, `rdsdb`, groups that begin with `__`) is a
/// matter of their form, which the schema asks for.
pub(super) fn check(values: &Values<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let users: [Keys; 2] = if values.context.operation.body_kind() == BodyKind::Credentials {
        [&["username"], &["okta", "username"]]
    } else {
        let group = values.visible(&["config", "impersonation", "role"]);
        diagnostics.extend(group.and_then(|group| inner_role(&group)));
        [&["config", "username"], &["config", "okta", "username"]]
    };
    let users = users.into_iter().filter_map(|keys| values.visible(keys));
    diagnostics.extend(users.filter_map(|user| superuser(&user)));
}

/// The name of a user keeps its letter case in quotes, so that another spelling is another user; without quotes it is
/// the same one.
fn superuser(user: &Field<'_, &str>) -> Option<Diagnostic> {
    if !user.value.eq_ignore_ascii_case(SUPERUSER) {
        return None;
    }
    let shown = show(user.value);
    let message = format!("{shown} differs from Redshift's own superuser `{SUPERUSER}` in letter case alone");
    let help = "name another user, for example `immuta_system_account`";
    let diagnostic = user.diagnostic(Code::IdentifierInvalid, message);
    Some(diagnostic.with_severity(Severity::Warning).with_help(help))
}

/// Documented for roles; that Immuta's impersonation role is hit by it too is inferred.
fn inner_role(group: &Field<'_, &str>) -> Option<Diagnostic> {
    let starts = |prefix: &&str| {
        group.value.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    let prefix = RESERVED_ROLE_PREFIXES.into_iter().find(|prefix| starts(prefix))?;
    let subject = name(&group.pointer());
    let message = format!("{subject} begins with `{prefix}`, which Redshift keeps for roles of its own");
    let help = "name a group of your own, for example `immuta_impersonation`; that Immuta needs it to be no such role is \
                inferred";
    let diagnostic = group.diagnostic(Code::IdentifierInvalid, message);
    Some(diagnostic.with_severity(Severity::Warning).with_help(help))
}
