//! Code actions: the mends.

use std::collections::HashMap;

use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, DocumentChanges, OneOf,
    OptionalVersionedTextDocumentIdentifier, TextDocumentEdit, TextEdit, WorkspaceEdit,
};

use super::document::{Document, diagnostic};
use super::place::{Encoding, Places};
use crate::check::{Checked, Edit, Mend, mend};
use crate::document::Span;

/// All mends of a document that are certain.
pub(super) const FIX_ALL: &str = "source.fixAll.bootshift";

/// What the editor can apply.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Abilities {
    /// Edits that name the version that they are for.
    pub(super) versioned_edits: bool,
}

/// The actions that the client asks for.
pub(super) fn actions(
    document: &Document,
    params: &CodeActionParams,
    encoding: Encoding,
    abilities: Abilities,
) -> Vec<CodeActionOrCommand> {
    let places = Places::new(&document.text, encoding);
    let wanted = places.span(params.range);
    let asks_for =
        |kind: &str| params.context.only.as_ref().is_none_or(|only| only.iter().any(|one| covers(one, kind)));
    let mut actions = Vec::new();
    if asks_for(CodeActionKind::QUICKFIX.as_str()) {
        let found = document.analysis().checked.iter().flat_map(|document| &document.diagnostics);
        for found in found.filter(|found| touches(found.span, wanted)) {
            let Some(mend) = &found.mend else { continue };
            actions.push(CodeAction {
                title: mend.title.clone(),
                kind: Some(CodeActionKind::QUICKFIX),
                diagnostics: Some(vec![diagnostic(found, &places)]),
                edit: Some(workspace_edit(document, text_edits(mend, &places), abilities)),
                is_preferred: mend.is_certain().then_some(true),
                ..CodeAction::default()
            });
        }
    }
    if asks_for(FIX_ALL)
        && let Some(edit) = all(document, &places)
    {
        actions.push(CodeAction {
            title: "Mend all that can mean one thing only".to_owned(),
            kind: Some(CodeActionKind::new(FIX_ALL)),
            edit: Some(workspace_edit(document, vec![edit], abilities)),
            ..CodeAction::default()
        });
    }
    actions.into_iter().map(CodeActionOrCommand::CodeAction).collect()
}

/// Whether a client that asks for `asked` gets `kind`: kinds are hierarchical.
fn covers(asked: &CodeActionKind, kind: &str) -> bool {
    let asked = asked.as_str();
    kind.strip_prefix(asked).is_some_and(|rest| rest.is_empty() || rest.starts_with('.') || asked.is_empty())
}

/// Whether two spans share a byte or meet.
fn touches(one: Span, other: Span) -> bool {
    one.start <= other.end && other.start <= one.end
}

fn text_edits(mend: &Mend, places: &Places<'_>) -> Vec<TextEdit> {
    let edit = |Edit { span, text }: &Edit| TextEdit { range: places.range(*span), new_text: text.clone() };
    mend.edits.iter().map(edit).collect()
}

/// What `check --fix` would do, as one edit of the part that differs.
fn all(document: &Document, places: &Places<'_>) -> Option<TextEdit> {
    let checked = crate::check::check(&document.text, &document.options());
    let ours = |text: &str, checked: &[Checked]| {
        let is_ours = document.is_ours(text);
        checked.iter().map(|checked| is_ours.get(checked.index) == Some(&true)).collect()
    };
    let mended = mend(&document.text, checked, &document.options(), &ours);
    let (old, new) = (document.text.as_str(), mended.text.as_str());
    if mended.mends == 0 {
        return None;
    }
    let same = |(a, b): &(char, char)| a == b;
    let start: usize = old.chars().zip(new.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let (old_rest, new_rest) = (old.get(start..)?, new.get(start..)?);
    let end: usize =
        old_rest.chars().rev().zip(new_rest.chars().rev()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let range = places.range(Span::new(start, old.len() - end));
    Some(TextEdit { range, new_text: new.get(start..new.len() - end)?.to_owned() })
}

fn workspace_edit(document: &Document, edits: Vec<TextEdit>, abilities: Abilities) -> WorkspaceEdit {
    let uri = document.uri.clone();
    if abilities.versioned_edits {
        let edit = TextDocumentEdit {
            text_document: OptionalVersionedTextDocumentIdentifier { uri, version: Some(document.version) },
            edits: edits.into_iter().map(OneOf::Left).collect(),
        };
        return WorkspaceEdit {
            document_changes: Some(DocumentChanges::Edits(vec![edit])),
            ..WorkspaceEdit::default()
        };
    }
    WorkspaceEdit { changes: Some(HashMap::from([(uri, edits)])), ..WorkspaceEdit::default() }
}
