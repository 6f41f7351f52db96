//! `invalid-value`: a value that is not allowed here. The schema finds it.

use crate::check::explanation::{Explanation, source};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "a value that is not allowed here",
    what: "The value is none of those that may stand here.",
    why: "The API compares them to the letter, upper and lower case included.",
    fix: "Write one of the values that the message names.",
    wrong: "type: redshift",
    right: "type: Redshift",
    sources: &[source::IMMUTA_API, source::IMMUTA_PAYLOAD],
};
