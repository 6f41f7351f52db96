//! `not-editable`: a change of a property that cannot be changed.

use super::bootstrap_mode::automatic_script;
use crate::check::explanation::{Explanation, source};
use crate::check::values::{Field, Values};
use crate::check::wording::name;
use crate::check::{Code, Diagnostic};
use crate::schema::format::canonical_host;
use crate::text::shown::show;

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "property cannot be changed",
    what: "The update or edit changes `autoBootstrap`, `host`, `database` or `initialDatabase`.",
    why: "The API responds with HTTP 400, \"Unable to edit integration due to changes of non-editable \
          attribute(s).\" The documentation does not name these attributes for Redshift; they are inferred.",
    fix: "Restore the old value; or delete the integration and create a new one.",
    wrong: "# created with host a.example.com\nhost: b.example.com",
    right: "# created with host a.example.com\nhost: a.example.com",
    sources: &[source::IMMUTA_ERRORS],
};

/// A different letter case is not a change, because Redshift and DNS ignore it in the names of databases and hosts.
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
    new.diagnostic(Code::NotEditable, format!("{subject} cannot be changed after creation"))
        .with_help(format!("restore {}; or delete the integration and create a new one", show(old)))
}
