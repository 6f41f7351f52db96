//! `identifier-too-long`: a name that is too long. The schema finds it.

use crate::check::explanation::{Explanation, source};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "a name that is too long",
    what: "The name has more than 127 bytes. Letters outside ASCII take two to four bytes each.",
    why: "Redshift's names have at most 127 bytes; it cuts some longer ones silently.",
    fix: "Shorten the name.",
    wrong: "database: immuta_metadata_of_the_whole_organisation_… # 150 bytes",
    right: "database: immuta",
    sources: &[source::REDSHIFT_NAMES],
};
