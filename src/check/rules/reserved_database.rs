//! `reserved-database`: a database of Redshift's own.

use super::same_database::is_initial;
use crate::check::explanation::{Explanation, source};
use crate::check::values::{Field, Values};
use crate::check::wording::name;
use crate::check::{Code, Diagnostic, Severity};
use crate::platform::redshift::RESERVED_DATABASES;

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "a database of Redshift's own",
    what: "`database` is `dev`, `padb_harvest`, `template0`, `template1` or `sys:internal`, or `initialDatabase` is \
           one of these but `dev`.",
    why: "Every cluster has them, so they can be neither created nor dropped. That all but `dev` are not meant to be \
          worked in is inferred, so for `initialDatabase` it is a warning.",
    fix: "Name a new database, for example `immuta`. To use an existing one, name it in \
           `initialDatabase` too.",
    wrong: "database: template1\ninitialDatabase: dev",
    right: "database: immuta\ninitialDatabase: dev",
    sources: &[source::REDSHIFT_DROP_DATABASE],
};

pub(super) fn check(values: &Values<'_>, diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.extend(reserved(values).map(|database| {
        let shown = values.shown(&database);
        let message = format!("{shown} is a database of Redshift's own and cannot be created");
        let diagnostic = database.diagnostic(Code::ReservedDatabase, message);
        diagnostic.with_help("give `database` another name, for example `immuta`")
    }));
    diagnostics.extend(initial(values));
}

/// The database that is to be created and cannot be.
pub(super) fn reserved<'r>(values: &Values<'r>) -> Option<Field<'r, &'r str>> {
    let database = values.string(&["config", "database"])?;
    let is_reserved = RESERVED_DATABASES.iter().any(|reserved| reserved.eq_ignore_ascii_case(database.value));
    (is_reserved && !is_initial(values, &database)).then_some(database)
}

/// That the others but `dev` are nothing to work in (templates of new databases, and Redshift's own records) is
/// inferred.
fn initial(values: &Values<'_>) -> Option<Diagnostic> {
    let database = values.visible(&["config", "initialDatabase"])?;
    let inner = RESERVED_DATABASES.into_iter().find(|inner| inner.eq_ignore_ascii_case(database.value))?;
    if inner == "dev" {
        return None;
    }
    let message = format!("{} is `{inner}`, a database of Redshift's own", name(&database.pointer()));
    let help =
        "name a database that is there to be used, for example `dev`; that this one is not is inferred";
    let diagnostic = database.diagnostic(Code::ReservedDatabase, message);
    Some(diagnostic.with_severity(Severity::Warning).with_help(help))
}
