//! `out-of-range`: reported for schema violations.

use crate::check::explanation::{Explanation, source};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "number out of range",
    what: "The number is too small or too large.",
    why: "TCP ports range from 1 to 65535. The default port of Redshift is 5439.",
    fix: "Write a number within the range.",
    wrong: "port: 54390",
    right: "port: 5439",
    sources: &[source::IMMUTA_API],
};
