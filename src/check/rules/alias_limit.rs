//! `alias-limit`: the aliases stand for too much. `crate::document` finds it, which reads the text.

use crate::check::explanation::Explanation;

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "the aliases stand for too much",
    what: "The document's aliases and merge keys expand to more values than allowed, 100,000 by default.",
    why: "A few lines of YAML can stand for billions of values.",
    fix: "Write the values out, or use fewer aliases.",
    wrong: "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n# and so on",
    right: "config: &config\n  host: organization.aws.amazon.com",
    sources: &[],
};
