//! `http-error`: a documented error of the API.

use crate::check::explanation::{Explanation, source};
use crate::check::http_help::explain_http;
use crate::check::values::Values;
use crate::check::{Code, Diagnostic};
use crate::document::NodeKind;

pub(super) const EXPLANATION: Explanation = Explanation {
    title: "documented API error",
    what: "The document is an error response of the API with a documented message.",
    why: "The message does not explain what to do.",
    fix: "Follow the help, then send the request again.",
    wrong: "statusCode: 404\nmessage: No Integration found with ID 1.",
    right: "id: '1'\nstatus: enabled",
    sources: &[source::IMMUTA_API],
};

pub(super) fn check(values: &Values<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let status = values.node(&["statusCode"]).and_then(|node| match &node.kind {
        NodeKind::Number(number) => u16::try_from(number.as_u64()?).ok(),
        _ => None,
    });
    let Some((status, message)) = status.zip(values.string(&["message"])) else { return };
    if let Some(help) = explain_http(status, message.value) {
        let what = format!("HTTP {status}: {}", help.what);
        diagnostics.push(message.diagnostic(Code::HttpError, what).with_help(help.fix));
    }
}
