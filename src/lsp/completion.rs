//! Completion: missing keys, and allowed values.

use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionTextEdit, Documentation, InsertTextFormat, InsertTextMode,
    MarkupContent, MarkupKind, TextEdit,
};
use serde_json::{Map, Value};

use super::cursor::{self, Cursor, Expected, Style};
use super::document::Document;
use super::positions::{Encoding, PositionMap};
use crate::document::is_plain_string;
use crate::schema::Property;

/// What the client can show and insert.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Abilities {
    /// Snippets with tab stops.
    pub(super) snippets: bool,
    /// Markdown in the documentation of an item.
    pub(super) markdown: bool,
}

/// The completions at `offset`.
pub(super) fn completions(
    document: &Document,
    offset: usize,
    encoding: Encoding,
    abilities: Abilities,
) -> Vec<CompletionItem> {
    let Some(body) = document.body_at(offset) else { return Vec::new() };
    let Some(cursor) = cursor::at(&document.text, offset, document.is_json()) else { return Vec::new() };
    let mut candidates = Vec::new();
    match &cursor.expected {
        Expected::Key { has_colon, needs_comma } => {
            let object = Property::of(body).at(&cursor.path);
            for property in object.into_iter().flat_map(Property::properties) {
                if !is_ruled_out(property.name, &cursor) {
                    // Users write requests; responses are only read.
                    let example = object.filter(|_| body.is_request()).and_then(|it| it.example_of(property));
                    candidates.push(Candidate::key(
                        property,
                        example,
                        &cursor,
                        *has_colon,
                        *needs_comma,
                        abilities,
                    ));
                }
            }
        }
        Expected::Value(key) => {
            let path: Vec<String> = cursor.path.iter().chain([key]).cloned().collect();
            if let Some(property) = Property::of(body).at(&path).filter(|property| !property.is_object()) {
                candidates.extend(values(property, cursor.style));
            }
        }
    }
    let range = PositionMap::new(&document.text, encoding).range(cursor.span);
    let items = candidates.into_iter().enumerate();
    items.map(|(index, candidate)| candidate.item(index, range, abilities)).collect()
}

/// Whether a key exists already, or belongs to the other authentication type.
fn is_ruled_out(name: &str, cursor: &Cursor) -> bool {
    let has = |name: &str| cursor.members.iter().any(|(key, _)| key == name);
    let authentication = cursor.members.iter().find(|(key, _)| key == "authenticationType");
    let other: &[&str] = match authentication.map(|(_, value)| value.as_str()) {
        Some("okta") => &["username", "password"],
        Some("userPassword") => &["okta"],
        _ => &[],
    };
    has(name) || other.contains(&name)
}

/// A completion.
struct Candidate {
    label: String,
    kind: CompletionItemKind,
    detail: String,
    documentation: String,
    text: Snippet,
    /// The text that is matched with the typed text.
    filter: String,
}

impl Candidate {
    fn key(
        property: &Property,
        example: Option<&Value>,
        cursor: &Cursor,
        has_colon: bool,
        needs_comma: bool,
        abilities: Abilities,
    ) -> Self {
        let name = match cursor.style {
            Style::Json => format!("\"{}\"", property.name),
            Style::Block | Style::Flow => property.name.to_owned(),
        };
        let mut text = Snippet::new(abilities.snippets);
        text.plain(&name);
        if !has_colon {
            text.plain(":");
            text.member_value(property, example, cursor);
            if needs_comma {
                text.plain(",");
            }
        }
        Self {
            label: property.name.to_owned(),
            kind: CompletionItemKind::PROPERTY,
            detail: property.title().to_owned(),
            documentation: property.description().to_owned(),
            text,
            filter: name,
        }
    }

    fn item(self, index: usize, range: lsp_types::Range, abilities: Abilities) -> CompletionItem {
        let kind = if abilities.markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
        let is_snippet = self.text.has_marks && self.text.stops > 0;
        CompletionItem {
            label: self.label,
            kind: Some(self.kind),
            detail: Some(self.detail),
            documentation: Some(Documentation::MarkupContent(MarkupContent {
                kind,
                value: self.documentation,
            })),
            sort_text: Some(format!("{index:02}")),
            filter_text: Some(self.filter),
            insert_text_format: Some(if is_snippet {
                InsertTextFormat::SNIPPET
            } else {
                InsertTextFormat::PLAIN_TEXT
            }),
            insert_text_mode: Some(InsertTextMode::ADJUST_INDENTATION),
            text_edit: Some(CompletionTextEdit::Edit(TextEdit {
                range,
                new_text: self.text.finish(is_snippet),
            })),
            ..CompletionItem::default()
        }
    }
}

/// The allowed values of a property, or its examples.
fn values(property: &Property, style: Style) -> Vec<Candidate> {
    let choices = property.choices();
    let is_choice = !choices.is_empty();
    let values = if is_choice { choices } else { property.examples().to_vec() };
    let candidate = |value: Value| {
        let text = scalar(&value, style);
        let mut snippet = Snippet::new(false);
        snippet.plain(&text);
        Candidate {
            label: value.as_str().map_or_else(|| value.to_string(), str::to_owned),
            kind: if is_choice { CompletionItemKind::ENUM_MEMBER } else { CompletionItemKind::VALUE },
            detail: property.title().to_owned(),
            documentation: property.description().to_owned(),
            filter: text,
            text: snippet,
        }
    };
    values.into_iter().map(candidate).collect()
}

/// A value in the syntax of the text.
fn scalar(value: &Value, style: Style) -> String {
    let Some(text) = value.as_str().filter(|_| style != Style::Json) else { return value.to_string() };
    let is_word = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-@".contains(&byte));
    let is_reference = style == Style::Block && text.starts_with("${");
    if (is_word && !text.starts_with(['@', '-', '.']) && is_plain_string(text)) || is_reference {
        text.to_owned()
    } else {
        value.to_string()
    }
}

/// Text to insert, with tab stops.
struct Snippet {
    /// Whether tab stops are written as snippet syntax, or only their default text.
    has_marks: bool,
    parts: Vec<Part>,
    stops: usize,
}

enum Part {
    Plain(String),
    Stop(Vec<String>),
}

impl Snippet {
    const fn new(has_marks: bool) -> Self {
        Self { has_marks, parts: Vec::new(), stops: 0 }
    }

    fn plain(&mut self, text: &str) {
        self.parts.push(Part::Plain(text.to_owned()));
    }

    fn stop(&mut self, choices: Vec<String>) {
        self.stops += 1;
        self.parts.push(Part::Stop(choices));
    }

    /// The text after the colon of a key.
    fn member_value(&mut self, property: &Property, example: Option<&Value>, cursor: &Cursor) {
        if let Some(Value::Object(members)) = example {
            self.object(members, cursor, property, 1);
        } else {
            self.plain(" ");
            self.value(property, example, cursor.style);
        }
    }

    /// The members of an example, each on its own line; in YAML flow style on one line.
    fn object(&mut self, members: &Map<String, Value>, cursor: &Cursor, property: &Property, level: usize) {
        let indent = "  ".repeat(level);
        let (open, separator, close) = match cursor.style {
            Style::Block => (String::new(), format!("\n{indent}"), String::new()),
            Style::Flow => (" {".to_owned(), ", ".to_owned(), "}".to_owned()),
            Style::Json => {
                (" {".to_owned(), format!(",\n{indent}"), format!("\n{}}}", "  ".repeat(level - 1)))
            }
        };
        self.plain(&open);
        for (index, (key, value)) in members.iter().enumerate() {
            match (cursor.style, index) {
                (Style::Flow, 0) => {}
                (Style::Json, 0) => self.plain(&format!("\n{indent}")),
                _ => self.plain(&separator),
            }
            self.plain(&if cursor.style == Style::Json { format!("\"{key}\":") } else { format!("{key}:") });
            let below = property.get(key);
            match (value, below) {
                (Value::Object(members), Some(below)) => self.object(members, cursor, below, level + 1),
                (value, Some(below)) => {
                    self.plain(" ");
                    self.value(below, Some(value), cursor.style);
                }
                (value, None) => {
                    self.plain(" ");
                    self.stop(vec![scalar(value, cursor.style)]);
                }
            }
        }
        self.plain(&close);
    }

    /// A value to choose or to overwrite.
    fn value(&mut self, property: &Property, example: Option<&Value>, style: Style) {
        let mut choices = property.choices();
        match example {
            Some(example) if !choices.is_empty() => choices.sort_by_key(|choice| choice != example),
            Some(example) => choices = vec![example.clone()],
            None => {}
        }
        self.stop(choices.iter().map(|choice| scalar(choice, style)).collect());
    }

    /// The text, with or without snippet syntax.
    fn finish(self, with_marks: bool) -> String {
        let mut out = String::new();
        let mut number = 0;
        for part in self.parts {
            match part {
                Part::Plain(text) if with_marks => out.push_str(&escaped(&text, "")),
                Part::Plain(text) => out.push_str(&text),
                Part::Stop(choices) if with_marks => {
                    number += 1;
                    out.push_str(&stop(number, &choices));
                }
                Part::Stop(choices) => out.push_str(choices.first().map_or("", String::as_str)),
            }
        }
        out
    }
}

/// A tab stop: empty, with a placeholder, or with choices.
fn stop(number: usize, choices: &[String]) -> String {
    match choices {
        [] => format!("${number}"),
        [only] => format!("${{{number}:{}}}", escaped(only, "")),
        several => {
            let several: Vec<String> = several.iter().map(|choice| escaped(choice, ",|")).collect();
            format!("${{{number}|{}|}}", several.join(","))
        }
    }
}

/// Text in which snippet syntax is escaped.
fn escaped(text: &str, more: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '$' | '}') || more.contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
