//! `unsupported-type`: an integration of another platform.

use crate::check::context::Context;
use crate::check::explanation::{Explanation, source};
use crate::check::{Code, Diagnostic};
use crate::operation::BodyKind;
use crate::platform::Platform;

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "unsupported platform",
    what: "`type` is a platform other than Redshift.",
    why: "Immuta supports this platform, but its payloads are different. Bootshift supports only Redshift.",
    fix: "Exclude the document from the run, or correct `type`.",
    wrong: "type: Snowflake",
    right: "type: Redshift",
    sources: &[source::IMMUTA_API],
};

/// No other diagnostics are reported for another platform's document.
pub(super) fn check(context: &Context<'_>) -> Option<Diagnostic> {
    if !matches!(context.operation.body_kind(), BodyKind::Payload | BodyKind::Integration) {
        return None;
    }
    let node = context.root.get("type")?;
    let value = node.as_str()?;
    let platform = Platform::of_type(value)
        .filter(|platform| *platform != Platform::Redshift && context.redaction.allows(node))?
        .type_name();
    let message = format!("unsupported integration type `{platform}`; only `Redshift` is supported");
    let help = "exclude this document; or write `type: Redshift` if it is for Redshift";
    Some(Diagnostic::new(Code::UnsupportedType, "/type", node.span, message).with_help(help))
}
