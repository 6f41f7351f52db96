//! `folded-identifier`: upper case that Redshift folds.

use super::reserved_database::reserved;
use crate::check::characters::clean_name;
use crate::check::explanation::{Explanation, source};
use crate::check::values::{Field, Values};
use crate::check::{Code, Diagnostic};
use crate::text::shown::show;

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "upper case that Redshift folds",
    what: "`database` or `impersonation.role` has upper-case letters.",
    why: "Redshift folds the names of databases and groups to lower case, quoted or not, unless \
          `enable_case_sensitive_identifier` is on, which Immuta does not support. User names keep their \
          case. Of `initialDatabase` nothing is said: it is there, and gets no name.",
    fix: "Write the name in lower case, so that it is what you will see in Redshift.",
    wrong: "database: Immuta",
    right: "database: immuta",
    sources: &[source::REDSHIFT_NAMES, source::IMMUTA_PRE_CONFIGURATION],
};

/// The names of what is made are told of, for it gets another name than the payload says. What `initialDatabase` names is
/// there, and user names keep their case.
pub(super) fn check(values: &Values<'_>, diagnostics: &mut Vec<Diagnostic>) {
    if let Some(database) = values.string(&["config", "database"])
        && reserved(values).is_none()
    {
        diagnostics.extend(folded(values, &database));
    }
    let enabled = values.boolean(&["config", "impersonation", "enabled"]);
    if enabled.is_some_and(|enabled| enabled.value)
        && let Some(role) = values.string(&["config", "impersonation", "role"])
    {
        diagnostics.extend(folded(values, &role));
    }
}

fn folded(values: &Values<'_>, name: &Field<'_, &str>) -> Option<Diagnostic> {
    if !name.value.bytes().any(|b| b.is_ascii_uppercase()) {
        return None;
    }
    let is_shown = values.context.redaction.shows(name.node);
    // What does not belong to the name is told by another code; the fix of that comes first.
    let clean = clean_name(name.value);
    let help = if is_shown {
        format!("write {}", show(&clean.to_ascii_lowercase()))
    } else {
        "write it in lower case".to_owned()
    };
    let message = format!("Redshift folds {} to lower case, quoted or not", values.shown(name));
    let diagnostic = name.diagnostic(Code::FoldedIdentifier, message).with_help(help);
    // Of a name with any other sign in it nobody knows whether it is one, or what fills it in.
    let is_plain = |text: &str| text.chars().all(|c| c.is_alphanumeric() || "_-.@ ".contains(c));
    let is_fixable = is_shown && clean == name.value && is_plain(name.value);
    Some(if is_fixable {
        diagnostic.with_fix(values.context.fix_builder.lower_case(name.node))
    } else {
        diagnostic
    })
}
