//! `bootstrap-mode`: a script endpoint with `autoBootstrap: true`.

use crate::check::explanation::{Explanation, source};
use crate::check::values::{Field, Values};
use crate::check::{Code, Diagnostic};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "scripts are not available with automatic setup",
    what: "The payload for a script endpoint has `autoBootstrap: true`.",
    why: "Scripts are for setting up Redshift manually. With `autoBootstrap: true`, Immuta sets it up itself.",
    fix: "Write `autoBootstrap: false`, also in the payload that creates the integration; or create the integration \
          without scripts.",
    wrong: "# script-create\nautoBootstrap: true",
    right: "# script-create\nautoBootstrap: false",
    sources: &[source::IMMUTA_API],
};

pub(super) fn check(values: &Values<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(automatic) = automatic_script(values) else { return };
    let message = "`autoBootstrap` must be `false`: scripts are for manual setup only";
    diagnostics.push(
        automatic
            .diagnostic(Code::BootstrapMode, message)
            .with_help("write `autoBootstrap: false`, or create the integration without scripts")
            .with_fix(values.context.fix_builder.negate(automatic.node)),
    );
}

/// The `autoBootstrap: true` of a payload for a script endpoint.
pub(super) fn automatic_script<'r>(values: &Values<'r>) -> Option<Field<'r, bool>> {
    let is_script = values.context.operation.is_script();
    values.boolean(&["autoBootstrap"]).filter(|automatic| automatic.value && is_script)
}
