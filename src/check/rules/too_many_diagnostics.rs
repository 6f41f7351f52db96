//! `too-many-diagnostics`: more is wrong than is listed. `crate::check::excess` makes it.

use crate::check::explanation::Explanation;

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "more is wrong than is listed",
    what: "The text has more diagnostics than are listed, which are 1,000 by default: the worst, and of these \
           the first. The rest count all the same.",
    why: "Nobody reads so many, and to list them would only cost memory.",
    fix: "Fix what is listed, and check again.",
    wrong: "# a payload with 2,000 unknown keys",
    right: "# a payload without them",
    sources: &[],
};
