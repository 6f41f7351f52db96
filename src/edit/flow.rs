//! Edits of arrays and objects in brackets: JSON, and YAML's flow style.

use serde_json::Value;

use super::block::end_of;
use super::line::is_blank;
use super::write::{Flow, is_nested};
use super::{Editor, is_alias};
use crate::diagnostic::Edit;
use crate::document::{Member, Node, Span};

impl Flow<'_> {
    /// A value that keeps the quotes of the old one.
    pub(super) fn value_in_place_of(self, editor: &Editor<'_>, old: &Node, value: &Value) -> String {
        match (value, editor.quote(old).filter(|_| !is_alias(old))) {
            (Value::String(_), Some(quote)) if !is_nested(value) => super::write::scalar(value, Some(quote)),
            _ => self.value(value),
        }
    }
}

impl Editor<'_> {
    /// A value in brackets on several lines.
    pub(super) fn spread<'l>(&'l self, indentation: &'l str) -> Flow<'l> {
        Flow { quoted: true, tight: false, lines: Some((&self.layout, indentation)) }
    }

    /// How the values in brackets are written.
    pub(super) fn flow_of<'l>(&'l self, node: &'l Node) -> Flow<'l> {
        let first = self.own(node).into_iter().next();
        let is_quoted = first.is_some_and(|first| self.slice(first.key_span).starts_with('"'));
        let is_tight = first.is_some_and(|first| {
            is_quoted && self.lines.between(first.key_span.end, first.value.span.start) == ":"
        });
        let lines = self.entries(node).filter(|_| self.is_json());
        Flow {
            quoted: self.is_json() || is_quoted,
            tight: is_tight,
            lines: lines.map(|indentation| (&self.layout, indentation)),
        }
    }

    /// The indentation of the elements of an array or object in brackets, if they are on lines of their own.
    fn entries<'n>(&'n self, node: &Node) -> Option<&'n str> {
        if !self.is_flow(node) {
            return None;
        }
        let first = self.lines.skip_space(node.span.start + 1);
        let is_spread = self.lines.between(node.span.start, first).contains(['\n', '\r']);
        is_spread.then(|| self.lines.indentation(first))
    }

    /// Adds a member to an object in brackets: before `next`, or else after `previous`, or else before all others.
    pub(super) fn insert_into_flow(
        &self,
        node: &Node,
        previous: Option<&Member>,
        next: Option<&Member>,
        key: &str,
        value: &Value,
    ) -> Vec<Edit> {
        let lines = self.lines;
        let flow = self.flow_of(node);
        let member = flow.member(key, value);
        let spread = self.entries(node);
        let gap = match spread {
            Some(indentation) => format!("{}{indentation}", self.layout.line_break),
            None if flow.tight => String::new(),
            None => " ".to_owned(),
        };
        let Some(previous) = previous.filter(|_| next.is_none()) else {
            let first = || lines.skip_space(node.span.start + 1);
            let at = next.map_or_else(first, |next| next.key_span.start);
            return vec![Edit::new(at, at, format!("{member},{gap}"))];
        };
        let end = end_of(previous);
        let comma = lines.skip_space(end);
        let has_comma = lines.byte(comma) == Some(b',');
        let after = if has_comma { comma + 1 } else { end };
        // After the comment about the previous member.
        let line_end = Some(lines.end(after)).filter(|_| spread.is_some() && lines.is_last(after));
        match (has_comma, line_end) {
            (true, line_end) => {
                let at = line_end.unwrap_or(after);
                vec![Edit::new(at, at, format!("{gap}{member},"))]
            }
            (false, Some(line_end)) if line_end > lines.skip_blanks(end) => {
                vec![Edit::new(end, end, ","), Edit::new(line_end, line_end, format!("{gap}{member}"))]
            }
            (false, _) => vec![Edit::new(end, end, format!(",{gap}{member}"))],
        }
    }

    /// Removes a member of an object in brackets, with one of the commas next to it.
    pub(super) fn remove_from_flow(&self, node: &Node, member: &Member) -> Vec<Edit> {
        let lines = self.lines;
        let (start, end) = (member.key_span.start, end_of(member));
        let next = lines.skip_space(end);
        let lines_of = |end: usize| {
            let is_alone = lines.is_first(start) && lines.is_last(end);
            is_alone.then(|| Span::new(lines.start(start), lines.next(lines.end(end))))
        };
        if lines.byte(next) == Some(b',') {
            let after = next + 1;
            let span = lines_of(after).unwrap_or_else(|| Span::new(start, lines.skip_blanks(after)));
            return vec![Edit::new(span.start, span.end, "")];
        }
        let previous = self.own(node).into_iter().rfind(|other| other.key_span.start < start);
        let comma = previous.map(|previous| lines.skip_space(end_of(previous)));
        match comma.filter(|comma| lines.byte(*comma) == Some(b',')) {
            Some(comma) if is_space(lines.between(comma + 1, start)) => vec![Edit::new(comma, end, "")],
            Some(comma) => {
                let span = lines_of(end).unwrap_or(Span::new(start, end));
                vec![Edit::new(comma, comma + 1, ""), Edit::new(span.start, span.end, "")]
            }
            None => {
                let (open, close) = (node.span.start + 1, node.span.end.saturating_sub(1));
                let is_only = is_space(lines.between(open, start)) && is_space(lines.between(end, close));
                let span = if is_only { Span::new(open, close) } else { Span::new(start, end) };
                vec![Edit::new(span.start, span.end, "")]
            }
        }
    }
}

/// Whether it is only whitespace and line breaks.
fn is_space(text: &str) -> bool {
    text.split(['\n', '\r']).all(is_blank)
}
