//! `unknown-property`: a key that nobody knows. The schema finds it.

use crate::check::explanation::{Explanation, source};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "a key that nobody knows",
    what: "The object has a key that the payload for Redshift does not have.",
    why: "It is misspelt, in the wrong place, or belongs to another platform. Its value is never shown, \
          since it may be a misspelt password.",
    fix: "Correct the spelling, move the key, or leave it out.",
    wrong: "config:\n  hots: organization.aws.amazon.com",
    right: "config:\n  host: organization.aws.amazon.com",
    sources: &[source::IMMUTA_API, source::IMMUTA_PAYLOAD],
};
