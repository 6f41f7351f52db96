//! `invalid-value`: reported for schema violations.

use crate::check::explanation::{Explanation, source};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "invalid value",
    what: "The value is not one of the allowed values.",
    why: "The API compares values exactly, including letter case.",
    fix: "Write one of the values that the message lists.",
    wrong: "type: redshift",
    right: "type: Redshift",
    sources: &[source::IMMUTA_API, source::IMMUTA_PAYLOAD],
};
