//! `host-not-bare`: reported for schema violations.

use crate::check::explanation::{Explanation, source};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "host is not a bare host name",
    what: "`host` or `okta.idpHost` contains a scheme, port, path, user or whitespace.",
    why: "All examples in the documentation show a bare host, and Immuta compares hosts to allow only one \
          integration per host.",
    fix: "Write only the DNS name or IP address. The port belongs in `port`.",
    wrong: "host: https://organization.aws.amazon.com:5439/dev",
    right: "host: organization.aws.amazon.com\nport: 5439",
    sources: &[source::IMMUTA_API],
};
