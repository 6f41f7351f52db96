//! `invalid-format`: a string of the wrong form. The schema finds it.

use crate::check::explanation::{Explanation, source};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "a string of the wrong form",
    what: "The string does not have the form that its place asks for; a host that is neither a DNS name \
           nor an IP address.",
    why: "No connection could be made with it.",
    fix: "Write a DNS name (letters, digits, `-`, `_` and dots) or an IP address.",
    wrong: "host: organization..com",
    right: "host: organization.aws.amazon.com",
    sources: &[source::IMMUTA_API],
};
