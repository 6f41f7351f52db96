//! `okta-deprecated`: Okta is deprecated.

use crate::check::explanation::{Explanation, source};
use crate::check::values::{Field, Values};
use crate::check::{Code, Diagnostic};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "Okta is deprecated",
    what: "`authenticationType` is `okta`.",
    why: "According to Immuta's documentation, Okta for Redshift is deprecated as of 2024.3. Later versions no \
          longer list it.",
    fix: "Use `userPassword` if possible.",
    wrong: "authenticationType: okta",
    right: "authenticationType: userPassword",
    sources: &[source::IMMUTA_PRE_CONFIGURATION_2024_3],
};

pub(super) fn check(values: &Values<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(okta) = okta(values) else { return };
    let message = "Okta for Redshift is deprecated as of Immuta 2024.3";
    let help = "use `authenticationType: userPassword` if possible";
    diagnostics.push(okta.diagnostic(Code::OktaDeprecated, message).with_help(help));
}

/// The `authenticationType` of a payload that uses Okta.
pub(super) fn okta<'r>(values: &Values<'r>) -> Option<Field<'r, &'r str>> {
    values.string(&["config", "authenticationType"]).filter(|kind| kind.value == "okta")
}
