//! `okta-automatic`: Okta with automatic set-up.

use super::okta_deprecated::okta;
use crate::check::explanation::{Explanation, source};
use crate::check::values::Values;
use crate::check::{Code, Diagnostic};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "Okta with automatic set-up",
    what: "`authenticationType` is `okta` and `autoBootstrap` is `true`.",
    why: "The documentation contradicts itself: the page of the API shows just this, another page allows Okta \
          with manual set-up only.",
    fix: "If Immuta refuses it, set Redshift up by hand with `autoBootstrap: false` and the scripts.",
    wrong: "autoBootstrap: true\nconfig:\n  authenticationType: okta",
    right: "autoBootstrap: false\nconfig:\n  authenticationType: okta",
    sources: &[source::IMMUTA_API, source::IMMUTA_PRE_CONFIGURATION],
};

pub(super) fn check(values: &Values<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let automatic = values.boolean(&["autoBootstrap"]).filter(|automatic| automatic.value);
    if let Some(automatic) = automatic
        && okta(values).is_some()
        && !values.context.operation.is_script()
    {
        let message = "Immuta's documentation contradicts itself on Okta with automatic set-up: one page shows it, another \
                       allows Okta with manual set-up only";
        let help = "if Immuta refuses it, write `autoBootstrap: false` and run the scripts";
        diagnostics.push(automatic.diagnostic(Code::OktaAutomatic, message).with_help(help));
    }
}
