//! `unused-role`: a role although impersonation is disabled.

use crate::check::explanation::{Explanation, source};
use crate::check::values::{Keys, Values};
use crate::check::{Code, Diagnostic};
use crate::text::pointer::pointer;

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "unused impersonation role",
    what: "`impersonation` has a `role`, but `enabled` is `false`.",
    why: "The role has no effect. Perhaps `enabled` should be `true`.",
    fix: "Remove `role`, or write `enabled: true`.",
    wrong: "impersonation:\n  enabled: false\n  role: immuta_impersonation",
    right: "impersonation:\n  enabled: false",
    sources: &[source::IMMUTA_API, source::IMMUTA_IMPERSONATION],
};

pub(super) fn check(values: &Values<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let role: Keys = &["config", "impersonation", "role"];
    let enabled = values.boolean(&["config", "impersonation", "enabled"]);
    if enabled.is_none_or(|enabled| enabled.value) || values.node(role).is_none() {
        return;
    }
    let impersonation = values.member(&["config", "impersonation"]);
    if let Some(member) = impersonation.and_then(|impersonation| impersonation.member("role")) {
        let message = "unused `impersonation.role`: `enabled` is `false`";
        diagnostics.push(
            Diagnostic::new(Code::UnusedRole, pointer(role), member.key_span, message)
                .with_help("remove it, or write `enabled: true`")
                .with_fix(values.context.fix_builder.remove(member)),
        );
    }
}
