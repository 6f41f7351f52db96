//! `out-of-range`: a number outside its range. The schema finds it.

use crate::check::explanation::{Explanation, source};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "a number outside its range",
    what: "The number is too small or too large.",
    why: "TCP ports go from 1 to 65535. Redshift listens on 5439 unless told otherwise.",
    fix: "Write a number in the range.",
    wrong: "port: 54390",
    right: "port: 5439",
    sources: &[source::IMMUTA_API],
};
