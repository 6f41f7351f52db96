//! Writes values as JSON, and as YAML in block and flow style.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::document::is_plain_string;
use crate::document::yaml_1_1::{Reading, reading};
use crate::text::shown::is_disturbing;

/// How a text is laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// The line break.
    pub(super) line_break: &'static str,
    /// One level of indentation.
    pub(super) unit: String,
}

/// How a value in brackets is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flow<'l> {
    /// Whether every string is in double quotes, as in JSON.
    pub(super) quoted: bool,
    /// Whether there are no spaces after `:` and `,`.
    pub(super) tight: bool,
    /// Each member on a line of its own, below a line with this indentation; `None` for all on one line.
    pub(super) lines: Option<(&'l Layout, &'l str)>,
}

impl Flow<'_> {
    /// A value.
    pub(super) fn value(self, value: &Value) -> String {
        let mut out = String::new();
        self.write(&mut out, value, 1);
        out
    }

    /// A member of an object.
    pub(super) fn member(self, key: &str, value: &Value) -> String {
        let mut out = String::new();
        self.write_member(&mut out, key, value, 1);
        out
    }

    fn write(self, out: &mut String, value: &Value, depth: usize) {
        match value {
            Value::Object(members) if !members.is_empty() => {
                out.push('{');
                for (index, (key, value)) in members.iter().enumerate() {
                    self.separate(out, index, depth);
                    self.write_member(out, key, value, depth + 1);
                }
                self.break_line(out, depth - 1);
                out.push('}');
            }
            Value::Array(items) if !items.is_empty() => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    self.separate(out, index, depth);
                    self.write(out, item, depth + 1);
                }
                self.break_line(out, depth - 1);
                out.push(']');
            }
            Value::String(text) => out.push_str(&self.string(text)),
            other => out.push_str(&other.to_string()),
        }
    }

    fn write_member(self, out: &mut String, key: &str, value: &Value, depth: usize) {
        out.push_str(&self.string(key));
        out.push_str(if self.tight { ":" } else { ": " });
        self.write(out, value, depth);
    }

    /// What is before an element.
    fn separate(self, out: &mut String, index: usize, depth: usize) {
        if index > 0 {
            out.push(',');
            if self.lines.is_none() && !self.tight {
                out.push(' ');
            }
        }
        self.break_line(out, depth);
    }

    fn break_line(self, out: &mut String, depth: usize) {
        if let Some((layout, indentation)) = self.lines {
            out.push_str(layout.line_break);
            out.push_str(indentation);
            for _ in 0..depth {
                out.push_str(&layout.unit);
            }
        }
    }

    fn string(self, text: &str) -> String {
        if !self.quoted && is_plain(text) && !text.contains([',', '[', ']', '{', '}']) {
            text.to_owned()
        } else {
            double_quoted(text)
        }
    }
}

/// A value in block style below a line with `indentation` spaces less, without a line break at the end.
pub(super) fn block(value: &Value, layout: &Layout, indentation: usize) -> String {
    let mut out = String::new();
    write_block(&mut out, value, layout, indentation);
    out
}

/// A member of an object in block style.
pub(super) fn block_member(key: &str, value: &Value, layout: &Layout, indentation: usize) -> String {
    block(&Value::Object(Map::from_iter([(key.to_owned(), value.clone())])), layout, indentation)
}

fn write_block(out: &mut String, value: &Value, layout: &Layout, indentation: usize) {
    let margin = " ".repeat(indentation);
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (index, (key, value)) in members.iter().enumerate() {
                out.push_str(if index > 0 { layout.line_break } else { "" });
                out.push_str(&margin);
                out.push_str(&string(key, None));
                out.push(':');
                if is_nested(value) {
                    out.push_str(layout.line_break);
                    write_block(out, value, layout, indentation + layout.unit.len());
                } else {
                    out.push(' ');
                    out.push_str(&scalar(value, None));
                }
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { layout.line_break } else { "" });
                out.push_str(&margin);
                out.push_str("- ");
                let item = block(item, layout, indentation + 2);
                out.push_str(item.trim_start_matches(' '));
            }
        }
        other => {
            out.push_str(&margin);
            out.push_str(&scalar(other, None));
        }
    }
}

/// Whether a value needs lines of its own in block style.
pub(super) fn is_nested(value: &Value) -> bool {
    match value {
        Value::Object(members) => !members.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    }
}

/// A value without members or items in block style; a string keeps the `quote` of the old value if it can.
pub(super) fn scalar(value: &Value, quote: Option<char>) -> String {
    match value {
        Value::String(text) => string(text, quote),
        other => other.to_string(),
    }
}

fn string(text: &str, quote: Option<char>) -> String {
    match quote {
        Some('\'') if !text.contains(needs_escape) => format!("'{}'", text.replace('\'', "''")),
        None if is_plain(text) => text.to_owned(),
        _ => double_quoted(text),
    }
}

/// Whether a string needs no quotes in YAML's block style: neither version of YAML reads it as another value.
fn is_plain(text: &str) -> bool {
    const INDICATORS: &str = "-?:,[]{}#&*!|>'\"%@`";
    !text.starts_with(|c| INDICATORS.contains(c))
        && !text.starts_with("...")
        && text.trim_matches(' ').len() == text.len()
        && !text.contains(needs_escape)
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with(':')
        && is_plain_string(text)
        && reading(text) == Reading::String
}

/// A string in double quotes, as JSON and YAML both read it.
fn double_quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if needs_escape(c) => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Whether a character can only be written as an escape sequence: a control character, one that is not visible, or one that
/// YAML does not allow. All of them have four hexadecimal digits at most.
fn needs_escape(c: char) -> bool {
    is_disturbing(c) || matches!(c, '\u{A0}' | '\u{AD}' | '\u{FFFE}' | '\u{FFFF}')
}
