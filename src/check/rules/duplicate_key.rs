//! `duplicate-key`: reported by [`crate::document`].

use crate::check::explanation::{Explanation, source};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "duplicate key",
    what: "An object contains the same key more than once.",
    why: "Some parsers use the first value, others the last, so the payload is ambiguous.",
    fix: "Remove all but one.",
    wrong: "host: a.example.com\nhost: b.example.com",
    right: "host: a.example.com",
    sources: &[source::JSON_OBJECTS, source::YAML],
};
