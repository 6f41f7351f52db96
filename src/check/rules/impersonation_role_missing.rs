//! `impersonation-role-missing`: reported for schema violations.

use crate::check::explanation::{Explanation, source};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "missing impersonation role",
    what: "`impersonation.enabled` is `true`, but `role` is missing.",
    why: "`role` is the Redshift group whose members may impersonate users. That it is required is inferred: all \
          documented examples with impersonation have it.",
    fix: "Add `role`, or disable impersonation.",
    wrong: "impersonation:\n  enabled: true",
    right: "impersonation:\n  enabled: true\n  role: immuta_impersonation",
    sources: &[source::IMMUTA_API, source::IMMUTA_IMPERSONATION],
};
