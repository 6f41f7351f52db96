//! `alias-limit`: reported by [`crate::document`].

use crate::check::explanation::Explanation;

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "alias expansion limit exceeded",
    what: "The aliases and merge keys of the document expand to more values than allowed, 100,000 by default.",
    why: "A few lines of YAML can expand to billions of values.",
    fix: "Write the values out, or use fewer aliases.",
    wrong: "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n# and so on",
    right: "config: &config\n  host: organization.aws.amazon.com",
    sources: &[],
};
