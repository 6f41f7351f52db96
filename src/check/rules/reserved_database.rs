//! `reserved-database`: a database that Redshift reserves.

use super::same_database::is_initial;
use crate::check::explanation::{Explanation, source};
use crate::check::values::{Field, Values};
use crate::check::wording::name;
use crate::check::{Code, Diagnostic, Severity};
use crate::platform::redshift::RESERVED_DATABASES;

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "reserved database",
    what: "`database` is `dev`, `padb_harvest`, `template0`, `template1` or `sys:internal`, or `initialDatabase` is \
           one of these except `dev`.",
    why: "Every cluster has these databases; they can be neither created nor dropped. For `initialDatabase`, it is \
          a warning: that only `dev` is meant for connections is inferred.",
    fix: "Use a new database, for example `immuta`. To use an existing one, also set `initialDatabase` to it.",
    wrong: "database: template1\ninitialDatabase: dev",
    right: "database: immuta\ninitialDatabase: dev",
    sources: &[source::REDSHIFT_DROP_DATABASE],
};

pub(super) fn check(values: &Values<'_>, diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.extend(reserved(values).map(|database| {
        let shown = values.shown(&database);
        let message = format!("{shown} is a reserved Redshift database and cannot be created");
        let diagnostic = database.diagnostic(Code::ReservedDatabase, message);
        diagnostic.with_help("choose another name for `database`, for example `immuta`")
    }));
    diagnostics.extend(initial(values));
}

/// The `database`, if it is reserved and therefore cannot be created.
pub(super) fn reserved<'r>(values: &Values<'r>) -> Option<Field<'r, &'r str>> {
    let database = values.string(&["config", "database"])?;
    let is_reserved = RESERVED_DATABASES.iter().any(|reserved| reserved.eq_ignore_ascii_case(database.value));
    (is_reserved && !is_initial(values, &database)).then_some(database)
}

/// That the reserved databases except `dev` are not meant for use is inferred: they are templates for new databases, or
/// internal to Redshift.
fn initial(values: &Values<'_>) -> Option<Diagnostic> {
    let database = values.visible(&["config", "initialDatabase"])?;
    let reserved = RESERVED_DATABASES.into_iter().find(|name| name.eq_ignore_ascii_case(database.value))?;
    if reserved == "dev" {
        return None;
    }
    let message = format!("{} is `{reserved}`, a reserved Redshift database", name(&database.pointer()));
    let help = "use another database, for example `dev`; this restriction is inferred, not documented";
    let diagnostic = database.diagnostic(Code::ReservedDatabase, message);
    Some(diagnostic.with_severity(Severity::Warning).with_help(help))
}
