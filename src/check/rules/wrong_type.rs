//! `wrong-type`: a value of the wrong type. The schema finds it.

use crate::check::explanation::{Explanation, source};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "a value of the wrong type",
    what: "The value is a string where a number is due, a number where a string is due, and so on.",
    why: "The API would refuse it. YAML makes it easy: `yes` is a string in YAML 1.2, and a password of \
          digits without quotes is a number.",
    fix: "Write `true` or `false` for truth values, numbers without quotes, and strings that look like \
           something else in quotes.",
    wrong: "impersonation:\n  enabled: yes\nport: \"5439\"",
    right: "impersonation:\n  enabled: true\nport: 5439",
    sources: &[source::IMMUTA_API, source::IMMUTA_PAYLOAD],
};
