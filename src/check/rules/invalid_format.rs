//! `invalid-format`: reported for schema violations.

use crate::check::explanation::{Explanation, source};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "invalid format",
    what: "The string does not have the expected format, for example a host that is neither a DNS name nor an IP \
           address.",
    why: "A connection to it would fail.",
    fix: "Write a DNS name (letters, digits, `-`, `_` and dots) or an IP address.",
    wrong: "host: organization..com",
    right: "host: organization.aws.amazon.com",
    sources: &[source::IMMUTA_API],
};
