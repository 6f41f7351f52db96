//! `missing-property`: reported for schema violations.

use crate::check::explanation::{Explanation, source};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "missing required property",
    what: "The object is missing a required property.",
    why: "The API requires it. `type`, `autoBootstrap` and `config` are documented as required; for the properties \
          of `config`, this is inferred: all documented examples have them.",
    fix: "Add the property, or move it if it is in the wrong place.",
    wrong: "config:\n  database: immuta\n  initialDatabase: dev",
    right: "config:\n  host: organization.aws.amazon.com\n  database: immuta\n  initialDatabase: dev",
    sources: &[source::IMMUTA_API, source::IMMUTA_PAYLOAD],
};
