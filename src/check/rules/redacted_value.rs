//! `redacted-value`: a redacted value. The schema finds it.

use crate::check::explanation::{Explanation, source};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "a redacted value",
    what: "A value is `<REDACTED>` or `REDACTED`.",
    why: "This is what the API shows instead of a secret. Sent back, it would become the user name or \
          password. Inferred: the documentation does not say what the API does with it.",
    fix: "Write the value itself; for a password, `${NAME}` takes it from the environment.",
    wrong: "username: <REDACTED>",
    right: "username: admin@example.com",
    sources: &[source::IMMUTA_API],
};
