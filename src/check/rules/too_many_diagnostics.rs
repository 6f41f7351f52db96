//! `too-many-diagnostics`: reported by [`crate::check::excess`].

use crate::check::explanation::Explanation;

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "too many diagnostics",
    what: "The text has more diagnostics than the limit, 1,000 by default. The most severe ones are listed, in the \
           order of the text; the others are only counted.",
    why: "A longer list would not help, and would need much memory.",
    fix: "Fix the listed problems, then check again.",
    wrong: "# a payload with 2,000 unknown keys",
    right: "# a payload without them",
    sources: &[],
};
