//! `not-editable`: a change of what identifies the integration.

use super::bootstrap_mode::automatic_script;
use crate::check::explanation::{Explanation, source};
use crate::check::values::{Field, Values};
use crate::check::wording::name;
use crate::check::{Code, Diagnostic};
use crate::schema::format::canonical_host;
use crate::text::shown::show;

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "a change of what identifies the integration",
    what: "The update or edit changes `autoBootstrap`, `host`, `database` or `initialDatabase`.",
    why: "The API answers HTTP 400, \"Unable to edit integration due to changes of non-editable \
          attribute(s).\" It documents no list of them for Redshift; these are inferred.",
    fix: "Write the old value. To change it, delete the integration and create it anew.",
    wrong: "# created with host a.example.com\nhost: b.example.com",
    right: "# created with host a.example.com\nhost: a.example.com",
    sources: &[source::IMMUTA_ERRORS],
};

/// Redshift folds the names of databases, and DNS those of hosts: another spelling is no change.
pub(super) fn check(values: &Values<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(old) = values.context.options.old.filter(|_| values.context.operation.is_change()) else {
        return;
    };
    if let Some(new) = values.boolean(&["autoBootstrap"])
        && new.value != old.auto_bootstrap
        && automatic_script(values).is_none()
    {
        diagnostics.push(changed(&new, &old.auto_bootstrap.to_string()));
    }
    if let Some(new) = values.string(&["config", "host"])
        && canonical_host(new.value) != canonical_host(&old.host)
    {
        diagnostics.push(changed(&new, &old.host));
    }
    let databases = [
        (values.string(&["config", "database"]), &old.database),
        (values.string(&["config", "initialDatabase"]), &old.initial_database),
    ];
    for (new, old) in databases {
        if let Some(new) = new.filter(|new| new.value.to_ascii_lowercase() != old.folded()) {
            diagnostics.push(changed(&new, old.as_str()));
        }
    }
}

fn changed<T>(new: &Field<'_, T>, old: &str) -> Diagnostic {
    let subject = name(&new.pointer());
    new.diagnostic(Code::NotEditable, format!("{subject} of an integration cannot be changed"))
        .with_help(format!("it was {}; to change it, delete the integration and create it anew", show(old)))
}
