//! `too-many-diagnostics`: reported by [`crate::check::excess`].

use crate::check::explanation::Explanation;

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "too many diagnostics",
    what: "The text has more diagnostics than the limit, 1,000 by default. The most severe are listed, in the order of \
           the text. The rest are counted.",
    why: "More diagnostics would not be useful, and would waste memory.",
    fix: "Fix the listed problems, then check again.",
    wrong: "# a payload with 2,000 unknown keys",
    right: "# a payload without them",
    sources: &[],
};
