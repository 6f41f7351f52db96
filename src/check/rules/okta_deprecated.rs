//! `okta-deprecated`: Okta is deprecated.

use crate::check::explanation::{Explanation, source};
use crate::check::values::{Field, Values};
use crate::check::{Code, Diagnostic};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "Okta is deprecated",
    what: "`authenticationType` is `okta`.",
    why: "Immuta's documentation calls Okta for Redshift deprecated since 2024.3, and later lists it no more.",
    fix: "Use `userPassword` where you can.",
    wrong: "authenticationType: okta",
    right: "authenticationType: userPassword",
    sources: &[source::IMMUTA_PRE_CONFIGURATION_2024_3],
};

pub(super) fn check(values: &Values<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(okta) = okta(values) else { return };
    let message = "Okta is deprecated for Redshift since Immuta 2024.3";
    let help = "write `authenticationType: userPassword` where you can";
    diagnostics.push(okta.diagnostic(Code::OktaDeprecated, message).with_help(help));
}

/// The `authenticationType` of a payload that logs in by Okta.
pub(super) fn okta<'r>(values: &Values<'r>) -> Option<Field<'r, &'r str>> {
    values.string(&["config", "authenticationType"]).filter(|kind| kind.value == "okta")
}
