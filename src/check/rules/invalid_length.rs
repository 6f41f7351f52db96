//! `invalid-length`: a value that is empty or too long. The schema finds it.

use crate::check::explanation::{Explanation, source};

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "a value that is empty or too long",
    what: "The string or list is shorter or longer than it may be, most often empty.",
    why: "A required value that is empty is as good as missing.",
    fix: "Write the value.",
    wrong: "host: \"\"",
    right: "host: organization.aws.amazon.com",
    sources: &[source::IMMUTA_API],
};
