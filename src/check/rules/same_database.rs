//! `same-database`: an existing database.

use crate::check::explanation::{Explanation, source};
use crate::check::values::{Field, Values};
use crate::check::{Code, Diagnostic};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "an existing database",
    what: "`database` and `initialDatabase` are the same; Redshift folds both to lower case.",
    why: "Immuta's objects then go into an existing database, among what is there already. It is not \
          created, and never dropped.",
    fix: "Nothing, if this is what you want. Otherwise give `database` a name of its own.",
    wrong: "database: analytics\ninitialDatabase: analytics",
    right: "database: immuta\ninitialDatabase: analytics",
    sources: &[source::IMMUTA_API, source::REDSHIFT_NAMES],
};

pub(super) fn check(values: &Values<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(database) = values.string(&["config", "database"]) else { return };
    if is_initial(values, &database) {
        let message =
            "`database` is the same as `initialDatabase`: Immuta's objects go into an existing database";
        diagnostics.push(database.diagnostic(Code::SameDatabase, message).with_help(
            "if Immuta is to have a database of its own, give `database` another name; an existing one is never \
             dropped",
        ));
    }
}

/// Whether `database` is the one that is there already.
pub(super) fn is_initial(values: &Values<'_>, database: &Field<'_, &str>) -> bool {
    let initial = values.string(&["config", "initialDatabase"]);
    initial.is_some_and(|initial| initial.value.eq_ignore_ascii_case(database.value))
}
