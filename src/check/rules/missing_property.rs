//! `missing-property`: reported for schema violations.

use crate::check::explanation::{Explanation, source};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "missing required property",
    what: "The object is missing a required property.",
    why: "The API requires it. `type`, `autoBootstrap` and `config` are documented as required; the properties of \
          `config` are inferred to be required, because all examples in the documentation have them.",
    fix: "Add the property. If it is elsewhere in the document, move it.",
    wrong: "config:\n  database: immuta\n  initialDatabase: dev",
    right: "config:\n  host: organization.aws.amazon.com\n  database: immuta\n  initialDatabase: dev",
    sources: &[source::IMMUTA_API, source::IMMUTA_PAYLOAD],
};
