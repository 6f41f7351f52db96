//! `syntax`: reported by [`crate::document`].

use crate::check::explanation::{Explanation, source};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "invalid JSON or YAML",
    what: "The text cannot be parsed as JSON or YAML.",
    why: "It cannot be checked, and the API would reject it.",
    fix: "Look for the cause at or just before the reported position: a missing quote, comma or brace, a tab in the \
           indentation of YAML, or a value that starts with a character that is special in YAML.",
    wrong: "config:\n\thost: organization.aws.amazon.com",
    right: "config:\n  host: organization.aws.amazon.com",
    sources: &[source::YAML, source::JSON],
};
