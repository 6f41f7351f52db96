//! An API response that is used as a payload.

use super::Findings;
use crate::document::Member;
use crate::operation::BodyKind;

impl Findings<'_> {
    /// `id`, `status` and `validationResults` in a payload: a response was copied.
    pub(super) fn copied_response(&mut self, unknown: &mut Vec<&Member>) {
        const OF_RESPONSES: [&str; 3] = ["id", "status", "validationResults"];
        let is_copied = |member: &&Member| OF_RESPONSES.contains(&member.key.as_str());
        if self.body != BodyKind::Payload || unknown.iter().filter(|member| is_copied(member)).count() < 2 {
            return;
        }
        if let Some(first) = unknown.iter().copied().find(is_copied) {
            let help = "this looks like an API response; remove `id`, `status` and `validationResults`";
            self.unknown_key("", first, Some(help.to_owned()), None);
        }
        unknown.retain(|member| !is_copied(member));
    }
}
