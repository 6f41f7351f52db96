//! `too-deep`: reported by [`crate::document`].

use crate::check::explanation::Explanation;

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "nesting too deep",
    what: "Arrays and objects are nested deeper than the limit, 128 by default.",
    why: "A payload has only a few levels; a text with more is broken or malicious.",
    fix: "Check that this is the intended file.",
    wrong: "config: [[[[[[[[…]]]]]]]]",
    right: "config:\n  host: organization.aws.amazon.com",
    sources: &[],
};
