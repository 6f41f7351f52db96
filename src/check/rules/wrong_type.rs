//! `wrong-type`: reported for schema violations.

use crate::check::explanation::{Explanation, source};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "wrong type",
    what: "The value does not have the expected type: for example, it is a string instead of a number.",
    why: "The API would reject it. Common causes in YAML: `yes` is a string in YAML 1.2, and a password of digits \
          without quotes is a number.",
    fix: "Write booleans as `true` or `false`, numbers without quotes, and strings that look like another type in \
          quotes.",
    wrong: "impersonation:\n  enabled: yes\nport: \"5439\"",
    right: "impersonation:\n  enabled: true\nport: 5439",
    sources: &[source::IMMUTA_API, source::IMMUTA_PAYLOAD],
};
