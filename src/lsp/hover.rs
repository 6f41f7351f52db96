//! Hover: descriptions of keys and explanations of diagnostics.

use std::fmt::Write as _;

use lsp_types::{Hover, HoverContents, MarkupContent, MarkupKind};
use serde_json::Value;

use super::document::Document;
use super::positions::{Encoding, PositionMap};
use crate::check::{Code, explain};
use crate::document::{Node, NodeKind, Span};
use crate::schema::Property;

/// The hover at `offset`.
pub(super) fn hover(
    document: &Document,
    offset: usize,
    encoding: Encoding,
    is_markdown: bool,
) -> Option<Hover> {
    let analysis = document.analysis();
    let mut text = Text { out: String::new(), is_markdown };
    let mut span = None;
    let mut codes: Vec<Code> = Vec::new();
    for found in analysis.checked.iter().flat_map(|document| &document.diagnostics) {
        if contains_offset(found.span, offset) && !codes.contains(&found.code) {
            codes.push(found.code);
            text.code(found.code);
            span = Some(found.span);
        }
    }
    let is_ours = |index: &usize| analysis.checked.iter().any(|document| document.index == *index);
    let trees = analysis.documents.iter().filter(|tree| is_ours(&tree.index));
    let place = trees.filter_map(|tree| tree.root.as_ref()).find_map(|root| {
        let mut path = Vec::new();
        find(root, offset, &mut path).map(|span| (path, span))
    });
    if let Some((path, place)) = place
        && let Some(property) = document.body_at(offset).and_then(|body| Property::of(body).at(&path))
        && !property.name.is_empty()
    {
        text.property(property);
        span = Some(place);
    }
    let range = PositionMap::new(&document.text, encoding).range(span?);
    let kind = if is_markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
    let contents = HoverContents::Markup(MarkupContent { kind, value: text.out.trim_end().to_owned() });
    Some(Hover { contents, range: Some(range) })
}

/// Whether the cursor, which is before the byte at `offset`, is in the span.
fn contains_offset(span: Span, offset: usize) -> bool {
    span.start <= offset && (offset < span.end || span.start == span.end)
}

/// The keys that lead to the key or scalar at `offset`, and its span.
fn find(node: &Node, offset: usize, path: &mut Vec<String>) -> Option<Span> {
    match &node.kind {
        NodeKind::Object(members) => {
            for member in members {
                path.push(member.key.as_str().to_owned());
                if contains_offset(member.key_span, offset) {
                    return Some(member.key_span);
                }
                if contains_offset(member.value.span, offset) {
                    return find(&member.value, offset, path);
                }
                path.pop();
            }
            None
        }
        NodeKind::Array(items) => {
            let index = items.iter().position(|item| contains_offset(item.span, offset))?;
            path.push(index.to_string());
            find(items.get(index)?, offset, path)
        }
        _ => Some(node.span),
    }
}

/// The text of a hover, as Markdown or as plain text.
struct Text {
    out: String,
    is_markdown: bool,
}

impl Text {
    fn code(&mut self, code: Code) {
        let help = explain(code);
        let title = format!("{code}: {}", help.title);
        self.heading(&title);
        for paragraph in [help.what, help.why, help.fix] {
            let _ = write!(self.out, "{paragraph}\n\n");
        }
    }

    fn property(&mut self, property: &Property) {
        self.heading(property.title());
        let _ = write!(self.out, "{}\n\n", property.description());
        let choices = property.choices();
        let lines = [
            ("Type", if choices.is_empty() { property.type_name().to_owned() } else { String::new() }),
            ("Values", self.values(&choices)),
            (
                "Default",
                property
                    .default()
                    .filter(|_| !property.is_object())
                    .map_or_else(String::new, |value| self.value(value)),
            ),
            (
                "Examples",
                if choices.is_empty() && !property.is_object() {
                    self.values(property.examples())
                } else {
                    String::new()
                },
            ),
        ];
        for (name, values) in lines.into_iter().filter(|(_, values)| !values.is_empty()) {
            let _ = write!(self.out, "{name}: {values}\n\n");
        }
    }

    fn heading(&mut self, title: &str) {
        let _ = if self.is_markdown {
            write!(self.out, "**{title}**\n\n")
        } else {
            write!(self.out, "{title}\n\n")
        };
    }

    fn values(&self, values: &[Value]) -> String {
        values.iter().map(|value| self.value(value)).collect::<Vec<_>>().join(", ")
    }

    fn value(&self, value: &Value) -> String {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        if self.is_markdown { format!("`{text}`") } else { text }
    }
}
