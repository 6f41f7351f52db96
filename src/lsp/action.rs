//! Code actions for fixes.

use lsp_types::{Diagnostic, TextEdit};
use serde::Serialize;
use serde_json::{Value, json};

use super::document::{Document, diagnostic};
use super::params::CodeAction;
use super::positions::{Encoding, PositionMap};
use crate::check::{Applicability, Checked, Edit, Fix, check, fix};
use crate::document::{Documents, Span};

/// The fix of one diagnostic.
pub(super) const QUICK_FIX: &str = "quickfix";

/// All safe fixes of a document.
pub(super) const FIX_ALL: &str = "source.fixAll.bootshift";

/// The edits that the client supports.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Abilities {
    /// Edits with the version that they apply to.
    pub(super) versioned_edits: bool,
}

/// A code action of the protocol.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Action {
    title: String,
    kind: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    diagnostics: Vec<Diagnostic>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    is_preferred: bool,
    edit: Value,
}

/// The requested actions.
pub(super) fn actions(
    document: &Document,
    params: &CodeAction,
    encoding: Encoding,
    abilities: Abilities,
) -> Vec<Action> {
    let places = PositionMap::new(&document.text, encoding);
    let wanted = places.span((&params.range).into());
    let kinds = params.context.kinds();
    let asks_for = |kind: &str| kinds.is_empty() || kinds.iter().any(|asked| covers(asked, kind));
    let mut actions = Vec::new();
    if asks_for(QUICK_FIX) {
        let found = document.analysis().checked.iter().flat_map(|document| &document.diagnostics);
        for found in found.filter(|found| touches(found.span, wanted)) {
            let Some(fix) = &found.fix else { continue };
            actions.push(Action {
                title: fix.title.clone(),
                kind: QUICK_FIX,
                diagnostics: vec![diagnostic(found, &places)],
                is_preferred: fix.is_safe(),
                edit: workspace_edit(document, &text_edits(fix, &places), abilities),
            });
        }
    }
    if asks_for(FIX_ALL)
        && let Some(edit) = all(document, &places)
    {
        actions.push(Action {
            title: "Fix all auto-fixable problems".to_owned(),
            kind: FIX_ALL,
            diagnostics: Vec::new(),
            is_preferred: false,
            edit: workspace_edit(document, &[edit], abilities),
        });
    }
    actions
}

/// Whether `asked` includes `kind`: kinds are hierarchical.
fn covers(asked: &str, kind: &str) -> bool {
    kind.strip_prefix(asked).is_some_and(|rest| rest.is_empty() || rest.starts_with('.') || asked.is_empty())
}

/// Whether two spans overlap or touch.
fn touches(one: Span, other: Span) -> bool {
    one.start <= other.end && other.start <= one.end
}

fn text_edits(fix: &Fix, places: &PositionMap<'_>) -> Vec<TextEdit> {
    let edit = |Edit { span, text }: &Edit| TextEdit { range: places.range(*span), new_text: text.clone() };
    fix.edits.iter().map(edit).collect()
}

/// The result of `check --fix`, as one edit of the part that differs.
fn all(document: &Document, places: &PositionMap<'_>) -> Option<TextEdit> {
    let documents = &document.analysis().documents;
    let options = document.options(documents);
    let checked = check(documents, &options);
    let ours = |documents: &Documents<'_>, checked: &[Checked]| {
        let is_ours = document.is_ours(documents);
        checked.iter().map(|checked| is_ours.get(checked.index) == Some(&true)).collect()
    };
    let fixed = fix(documents, &checked, &options, Applicability::Safe, &ours)?;
    let (old, new) = (document.text.as_str(), fixed.documents.text());
    let Edit { span, text } = Edit::between(old, new);
    Some(TextEdit { range: places.range(span), new_text: text })
}

fn workspace_edit(document: &Document, edits: &[TextEdit], abilities: Abilities) -> Value {
    let uri = &document.uri;
    if abilities.versioned_edits {
        let text_document = json!({ "uri": uri, "version": document.version });
        return json!({ "documentChanges": [{ "textDocument": text_document, "edits": edits }] });
    }
    json!({ "changes": { uri.as_str(): edits } })
}
