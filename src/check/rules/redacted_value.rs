//! `redacted-value`: reported for schema violations.

use crate::check::explanation::{Explanation, source};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "redacted value",
    what: "A value is `<REDACTED>` or `REDACTED`.",
    why: "The API returns this instead of a secret. If you send it back, it becomes the user name or password. This \
          is \
          inferred: the documentation does not say how the API handles it.",
    fix: "Write the value itself. For a password, `${NAME}` reads it from an environment variable.",
    wrong: "username: <REDACTED>",
    right: "username: admin@example.com",
    sources: &[source::IMMUTA_API],
};
