//! `okta-automatic`: Okta with automatic setup.

use super::okta_deprecated::okta;
use crate::check::explanation::{Explanation, source};
use crate::check::values::Values;
use crate::check::{Code, Diagnostic};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "Okta with automatic setup",
    what: "`authenticationType` is `okta` and `autoBootstrap` is `true`.",
    why: "The documentation contradicts itself: the page about the API shows this combination, but another page \
          allows Okta with manual setup only.",
    fix: "If Immuta rejects it, set up Redshift manually: write `autoBootstrap: false` and run the scripts.",
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
        let message =
            "Okta may not be supported with automatic setup: Immuta's documentation contradicts itself";
        let help = "if Immuta rejects it, write `autoBootstrap: false` and run the scripts";
        diagnostics.push(automatic.diagnostic(Code::OktaAutomatic, message).with_help(help));
    }
}
