//! `too-deep`: the nesting is too deep. `crate::document` finds it, which reads the text.

use crate::check::explanation::Explanation;

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "the nesting is too deep",
    what: "Arrays and objects are nested beyond the limit, which is 128 by default.",
    why: "No payload is nested more than a few levels; such a text is broken or hostile.",
    fix: "Check that the file is the one that you meant.",
    wrong: "config: [[[[[[[[…]]]]]]]]",
    right: "config:\n  host: organization.aws.amazon.com",
    sources: &[],
};
