//! Names that are probably Redshift's own. What it refuses for sure (`PUBLIC`, `rdsdb`, groups that begin with `__`) is a
//! matter of their form: see [`crate::schema::format`].

use super::rules::Context;
use super::wording::name;
use super::{Code, Diagnostic, Severity};
use crate::document::Node;
use crate::operation::BodyKind;
use crate::schema::format::SUPERUSER;
use crate::text::pointer::pointer;
use crate::text::shown::show;

/// What the names of roles begin with that Redshift makes itself, and of those for datashares:
/// <https://docs.aws.amazon.com/redshift/latest/dg/r_roles-default.html>.
const PREFIXES: [&str; 2] = ["sys:", "ds:"];

/// Databases that nobody connects to for work: templates of new ones, and Redshift's own records.
const INNER_DATABASES: [&str; 4] = ["padb_harvest", "template0", "template1", "sys:internal"];

/// What there is to say of names that have no error yet.
pub(super) fn diagnose(context: &Context<'_>, found: &[Diagnostic]) -> Vec<Diagnostic> {
    let value = |keys: &[&str]| -> Option<(String, &Node, &str)> {
        let node = keys.iter().try_fold(context.root, |node, key| node.get(key))?;
        let pointer = pointer(keys);
        let is_right = found.iter().all(|diagnostic| diagnostic.pointer != pointer);
        Some((pointer, node, node.as_str()?)).filter(|_| is_right && context.visibility.shows(node))
    };
    let mut diagnostics = Vec::new();
    match context.operation.body_kind() {
        BodyKind::Payload => {
            diagnostics.extend(value(&["config", "username"]).and_then(user));
            diagnostics.extend(value(&["config", "okta", "username"]).and_then(user));
            diagnostics.extend(value(&["config", "initialDatabase"]).and_then(database));
            diagnostics.extend(value(&["config", "impersonation", "role"]).and_then(group));
        }
        BodyKind::Credentials => {
            diagnostics.extend(value(&["username"]).and_then(user));
            diagnostics.extend(value(&["okta", "username"]).and_then(user));
        }
        BodyKind::Integration | BodyKind::IntegrationList | BodyKind::Status | BodyKind::Error => {}
    }
    diagnostics
}

/// The name of a user keeps its letter case in quotes, so that another spelling is another user; without quotes it is
/// the same one.
fn user((pointer, node, user): (String, &Node, &str)) -> Option<Diagnostic> {
    if !user.eq_ignore_ascii_case(SUPERUSER) {
        return None;
    }
    let message =
        format!("{} differs from Redshift's own superuser `{SUPERUSER}` in letter case alone", show(user));
    let diagnostic = Diagnostic::new(Code::IdentifierInvalid, pointer, node.span, message);
    let help = "name another user, for example `immuta_system_account`";
    Some(diagnostic.with_severity(Severity::Warning).with_help(help))
}

/// Documented for roles; that Immuta's impersonation role is hit by it too is inferred.
fn group((pointer, node, group): (String, &Node, &str)) -> Option<Diagnostic> {
    let starts =
        |prefix: &&str| group.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    let prefix = PREFIXES.into_iter().find(|prefix| starts(prefix))?;
    let subject = name(&pointer);
    let message = format!("{subject} begins with `{prefix}`, which Redshift keeps for roles of its own");
    let diagnostic = Diagnostic::new(Code::IdentifierInvalid, pointer, node.span, message);
    let help = "name a group of your own, for example `immuta_impersonation`; that Immuta needs it to be no such role is \
                inferred";
    Some(diagnostic.with_severity(Severity::Warning).with_help(help))
}

/// That they exist is documented (<https://docs.aws.amazon.com/redshift/latest/dg/r_DROP_DATABASE.html>), that they are
/// nothing to work in is inferred.
fn database((pointer, node, database): (String, &Node, &str)) -> Option<Diagnostic> {
    let inner = INNER_DATABASES.into_iter().find(|inner| inner.eq_ignore_ascii_case(database))?;
    let subject = name(&pointer);
    let message = format!("{subject} is `{inner}`, a database of Redshift's own");
    let diagnostic = Diagnostic::new(Code::ReservedDatabase, pointer, node.span, message);
    let help =
        "name a database that is there to be used, for example `dev`; that this one is not is inferred";
    Some(diagnostic.with_severity(Severity::Warning).with_help(help))
}
