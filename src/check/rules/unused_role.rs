//! `unused-role`: a group without impersonation.

use crate::check::explanation::{Explanation, source};
use crate::check::values::{Keys, Values};
use crate::check::{Code, Diagnostic};
use crate::text::pointer::pointer;

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "a group without impersonation",
    what: "`impersonation` has a `role`, but `enabled` is `false`.",
    why: "The role then means nothing. Perhaps `enabled` should be `true`.",
    fix: "Leave `role` out, or write `enabled: true`.",
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
        let message = "`impersonation.role` is not used, because `enabled` is `false`";
        diagnostics.push(
            Diagnostic::new(Code::UnusedRole, pointer(role), member.key_span, message)
                .with_help("leave it out, or write `enabled: true`")
                .with_fix(values.context.fix_builder.remove(member)),
        );
    }
}
