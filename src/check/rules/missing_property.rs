//! `missing-property`: a required key is missing. The schema finds it.

use crate::check::explanation::{Explanation, source};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "a required key is missing",
    what: "The object lacks a key that it must have.",
    why: "The API needs it. `type`, `autoBootstrap` and `config` are documented as required; the keys in \
          `config` are inferred to be, since every example of the documentation has them.",
    fix: "Add the key. If it stands elsewhere in the document, move it.",
    wrong: "config:\n  database: immuta\n  initialDatabase: dev",
    right: "config:\n  host: organization.aws.amazon.com\n  database: immuta\n  initialDatabase: dev",
    sources: &[source::IMMUTA_API, source::IMMUTA_PAYLOAD],
};
