//! `unknown-property`: reported for schema violations.

use crate::check::explanation::{Explanation, source};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "unknown property",
    what: "The object has a property that a Redshift payload does not have.",
    why: "The property is misspelled, is in the wrong place, or belongs to another platform. Its value is never \
          shown, because it may be the value of a misspelled `password`.",
    fix: "Correct the spelling, move the property, or remove it.",
    wrong: "config:\n  hots: organization.aws.amazon.com",
    right: "config:\n  host: organization.aws.amazon.com",
    sources: &[source::IMMUTA_API, source::IMMUTA_PAYLOAD],
};
