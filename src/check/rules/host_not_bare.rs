//! `host-not-bare`: more than a host. The schema finds it.

use crate::check::explanation::{Explanation, source};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "more than a host",
    what: "`host` or `okta.idpHost` has a scheme, port, path, user or white space in it.",
    why: "Every example of the documentation shows a bare host, and Immuta compares hosts to keep to one \
          integration a host.",
    fix: "Write the DNS name or IP address alone. The port has a key of its own, `port`.",
    wrong: "host: https://organization.aws.amazon.com:5439/dev",
    right: "host: organization.aws.amazon.com\nport: 5439",
    sources: &[source::IMMUTA_API],
};
