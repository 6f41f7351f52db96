//! `folded-identifier`: an upper-case name that Redshift stores in lower case.

use super::reserved_database::reserved;
use crate::check::characters::clean_name;
use crate::check::explanation::{Explanation, source};
use crate::check::values::{Field, Values};
use crate::check::{Code, Diagnostic};
use crate::text::shown::show;

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "upper-case name is stored in lower case",
    what: "`database` or `impersonation.role` contains upper-case letters.",
    why: "Redshift converts the names of databases and groups to lower case, even when quoted, unless \
          `enable_case_sensitive_identifier` is on, which Immuta does not support. User names keep their \
          case. `initialDatabase` is not checked, because it already exists.",
    fix: "Write the name in lower case, as Redshift will show it.",
    wrong: "database: Immuta",
    right: "database: immuta",
    sources: &[source::REDSHIFT_NAMES, source::IMMUTA_PRE_CONFIGURATION],
};

/// Checks only names of objects that will be created, which get another name than the payload has. `initialDatabase`
/// already exists, and user names keep their case.
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
    let is_shown = values.context.redaction.allows(name.node);
    // Suspicious characters have their own code, whose fix comes first.
    let clean = clean_name(name.value);
    let help = if is_shown {
        format!("write {}", show(&clean.to_ascii_lowercase()))
    } else {
        "write it in lower case".to_owned()
    };
    let message = format!("Redshift converts {} to lower case, even when quoted", values.shown(name));
    let diagnostic = name.diagnostic(Code::FoldedIdentifier, message).with_help(help);
    // A name with other characters may be a template, which a change of case would break.
    let is_plain = |text: &str| text.chars().all(|c| c.is_alphanumeric() || "_-.@ ".contains(c));
    let is_fixable = is_shown && clean == name.value && is_plain(name.value);
    Some(if is_fixable {
        diagnostic.with_fix(values.context.fix_builder.lower_case(name.node))
    } else {
        diagnostic
    })
}
