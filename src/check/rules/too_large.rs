//! `too-large`: the text is too large. `crate::document` finds it, which reads the text.

use crate::check::explanation::Explanation;

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "the text is too large",
    what: "The text is larger than the limit, which is 16 MiB by default, or has more than 10,000 documents or \
           200,000 values.",
    why: "No payload is larger than a few kilobytes; reading on would only cost memory.",
    fix: "Check that the file is the one that you meant, and divide it into several.",
    wrong: "# a file of 20 MiB",
    right: "# a payload of 20 lines",
    sources: &[],
};
