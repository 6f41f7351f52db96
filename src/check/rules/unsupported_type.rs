//! `unsupported-type`: another platform.

use crate::check::context::Context;
use crate::check::explanation::{Explanation, source};
use crate::check::{Code, Diagnostic};
use crate::operation::BodyKind;
use crate::platform::Platform;

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "another platform",
    what: "`type` names a platform other than Redshift.",
    why: "Immuta knows it, but its payload is another one. Bootshift covers Redshift.",
    fix: "Leave the document out of the run, or correct `type`.",
    wrong: "type: Snowflake",
    right: "type: Redshift",
    sources: &[source::IMMUTA_API],
};

/// The diagnostic for another platform's document, of which nothing else is to be said.
pub(super) fn alone(context: &Context<'_>) -> Option<Diagnostic> {
    if !matches!(context.operation.body_kind(), BodyKind::Payload | BodyKind::Integration) {
        return None;
    }
    let node = context.root.get("type")?;
    let value = node.as_str()?;
    let platform = Platform::of_type(value)
        .filter(|platform| *platform != Platform::Redshift && context.redaction.shows(node))?
        .type_name();
    let message = format!("this configures {platform}; Bootshift covers Redshift");
    let help = "leave this document out, or write `type: Redshift` if it is meant for Redshift";
    Some(Diagnostic::new(Code::UnsupportedType, "/type", node.span, message).with_help(help))
}
