//! `too-large`: reported by [`crate::document`].

use crate::check::explanation::Explanation;

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "text too large",
    what: "The text is larger than the limit, 16 MiB by default, or has more than 10,000 documents or 200,000 values.",
    why: "A payload has only a few kilobytes; a much larger text is probably not a payload.",
    fix: "Check that this is the intended file, or split it into several files.",
    wrong: "# a file of 20 MiB",
    right: "# a payload of 20 lines",
    sources: &[],
};
