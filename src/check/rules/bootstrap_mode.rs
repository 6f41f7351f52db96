//! `bootstrap-mode`: a script for an automatic integration.

use crate::check::explanation::{Explanation, source};
use crate::check::values::{Field, Values};
use crate::check::{Code, Diagnostic};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "a script for an automatic integration",
    what: "A script endpoint is given `autoBootstrap: true`.",
    why: "The scripts are for setting Redshift up by hand; with `autoBootstrap: true` Immuta does it itself.",
    fix: "Write `autoBootstrap: false`, in the payload that creates the integration too; or use no script.",
    wrong: "# script-create\nautoBootstrap: true",
    right: "# script-create\nautoBootstrap: false",
    sources: &[source::IMMUTA_API],
};

pub(super) fn check(values: &Values<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(automatic) = automatic_script(values) else { return };
    let message = "a script is for setting Redshift up by hand, so `autoBootstrap` must be `false`";
    diagnostics.push(
        automatic
            .diagnostic(Code::BootstrapMode, message)
            .with_help("write `autoBootstrap: false`, or create the integration without scripts")
            .with_fix(values.context.fix_builder.opposite(automatic.node)),
    );
}

/// The `autoBootstrap: true` of a payload for which a script is wanted.
pub(super) fn automatic_script<'r>(values: &Values<'r>) -> Option<Field<'r, bool>> {
    let is_script = values.context.operation.is_script();
    values.boolean(&["autoBootstrap"]).filter(|automatic| automatic.value && is_script)
}
