//! `impersonation-role-missing`: impersonation without a group. The schema finds it.

use crate::check::explanation::{Explanation, source};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "impersonation without a group",
    what: "`impersonation.enabled` is `true`, but there is no `role`.",
    why: "`role` names the Redshift group whose members may impersonate. Every example with \
          impersonation has it, so it is inferred to be required.",
    fix: "Add `role`, or turn impersonation off.",
    wrong: "impersonation:\n  enabled: true",
    right: "impersonation:\n  enabled: true\n  role: immuta_impersonation",
    sources: &[source::IMMUTA_API, source::IMMUTA_IMPERSONATION],
};
