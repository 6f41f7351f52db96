//! What the scripts and the runner assume about a cluster: one list.

mod catalog;
mod impersonation;
mod policies;
mod removal;
mod transactions;

use super::assumption::Assumption;
use crate::script::ScriptError;

/// All assumptions, in the order of the report.
///
/// # Errors
/// A template fails.
pub(super) fn all() -> Result<Vec<Assumption>, ScriptError> {
    let mut all = Vec::new();
    all.extend(transactions::assumptions());
    all.extend(catalog::assumptions()?);
    all.extend(policies::assumptions()?);
    all.extend(impersonation::assumptions());
    all.extend(removal::assumptions());
    Ok(all)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn assumptions_have_unique_ids_and_throwaway_names_only() {
        let all = all().unwrap();
        let ids: BTreeSet<_> = all.iter().map(|assumption| assumption.id).collect();
        assert_eq!(ids.len(), all.len());
        for step in all.iter().flat_map(|assumption| &assumption.steps) {
            let sql = step.sql();
            assert!(!sql.contains("immuta_system"), "{sql}");
            assert!(!sql.to_uppercase().contains("COMMIT"), "{sql}");
        }
    }
}
