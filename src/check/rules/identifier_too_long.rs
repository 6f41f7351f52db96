//! `identifier-too-long`: reported for schema violations.

use crate::check::explanation::{Explanation, source};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "name is too long",
    what: "The name is longer than 127 bytes. Characters outside ASCII take two to four bytes each.",
    why: "Redshift limits names to 127 bytes and silently truncates some longer ones.",
    fix: "Shorten the name.",
    wrong: "database: immuta_metadata_of_the_whole_organization_… # 150 bytes",
    right: "database: immuta",
    sources: &[source::REDSHIFT_NAMES],
};
