//! `duplicate-key`: a key stands twice in one object. `crate::document` finds it, which reads the text.

use crate::check::explanation::{Explanation, source};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "a key stands twice in one object",
    what: "The same key occurs more than once in one object.",
    why: "Parsers differ in which of the two they take, so nobody can tell what the payload means.",
    fix: "Remove one of them.",
    wrong: "host: a.example.com\nhost: b.example.com",
    right: "host: a.example.com",
    sources: &[source::JSON_OBJECTS, source::YAML],
};
