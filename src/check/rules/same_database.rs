//! `same-database`: `database` is `initialDatabase`, which already exists.

use crate::check::explanation::{Explanation, source};
use crate::check::values::{Field, Values};
use crate::check::{Code, Diagnostic};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "database already exists",
    what: "`database` and `initialDatabase` are the same. Letter case is ignored, as in Redshift.",
    why: "Immuta's objects are then created in an existing database, next to its other objects. The database itself \
          is neither created nor dropped.",
    fix: "If this is intended, do nothing. Otherwise, choose another name for `database`.",
    wrong: "database: analytics\ninitialDatabase: analytics",
    right: "database: immuta\ninitialDatabase: analytics",
    sources: &[source::IMMUTA_API, source::REDSHIFT_NAMES],
};

pub(super) fn check(values: &Values<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(database) = values.string(&["config", "database"]) else { return };
    if is_initial(values, &database) {
        let message = "`database` is the same as `initialDatabase`: Immuta's objects are created in an existing database";
        diagnostics.push(database.diagnostic(Code::SameDatabase, message).with_help(
            "to use a separate database, choose another name for `database`; an existing database is never dropped",
        ));
    }
}

/// Whether `database` is the same as `initialDatabase`, so that it already exists.
pub(super) fn is_initial(values: &Values<'_>, database: &Field<'_, &str>) -> bool {
    let initial = values.string(&["config", "initialDatabase"]);
    initial.is_some_and(|initial| initial.value.eq_ignore_ascii_case(database.value))
}
