//! `duplicate-key`: reported by [`crate::document`].

use crate::check::explanation::{Explanation, source};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "duplicate key",
    what: "An object contains the same key more than once.",
    why: "Some parsers use the first value and some the last, so the payload is ambiguous.",
    fix: "Remove one of them.",
    wrong: "host: a.example.com\nhost: b.example.com",
    right: "host: a.example.com",
    sources: &[source::JSON_OBJECTS, source::YAML],
};
