//! `syntax`: the text is neither JSON nor YAML. `crate::document` finds it, which reads the text.

use crate::check::explanation::{Explanation, source};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "the text is neither JSON nor YAML",
    what: "The text could not be read.",
    why: "A document that cannot be read cannot be checked, and the API would refuse it too.",
    fix: "Look at the place and just before it: a missing quote, comma or brace, a tab in YAML's \
           indentation, or a value that begins with a character that means something to YAML.",
    wrong: "config:\n\thost: organization.aws.amazon.com",
    right: "config:\n  host: organization.aws.amazon.com",
    sources: &[source::YAML, source::JSON],
};
