//! `invalid-length`: reported for schema violations.

use crate::check::explanation::{Explanation, source};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "value is empty or too long",
    what: "The string or array is too short, in most cases empty, or too long.",
    why: "An empty required value is equivalent to a missing one.",
    fix: "Write a value of a valid length.",
    wrong: "host: \"\"",
    right: "host: organization.aws.amazon.com",
    sources: &[source::IMMUTA_API],
};
