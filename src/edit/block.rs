//! Edits of arrays and objects in YAML's block style, and of the root.

use serde_json::Value;

use super::line::is_blank;
use super::{Editor, write};
use crate::diagnostic::Edit;
use crate::document::{Member, Node, NodeKind, Span};

/// The end of a member without the comment after it.
pub(super) fn end_of(member: &Member) -> usize {
    member.key_span.end.max(member.value.span.end)
}

impl Editor<'_> {
    /// Adds a member to an object: after the last of the members that `order` has before it, or else before the first that
    /// `order` has after it, or else at the end.
    pub(super) fn insert(&self, node: &Node, key: &str, value: &Value, order: &[&str]) -> Vec<Edit> {
        let own = self.own(node);
        let rank = |name: &str| order.iter().position(|other| *other == name);
        let is_before =
            |member: &&&Member| rank(&member.key).is_some_and(|at| rank(key).is_some_and(|new| at < new));
        let is_after =
            |member: &&&Member| rank(&member.key).is_some_and(|at| rank(key).is_some_and(|new| at > new));
        let previous = own.iter().rfind(is_before).copied();
        let next = own.iter().find(is_after).copied().filter(|_| previous.is_none());
        let previous = previous.or_else(|| own.last().copied());
        if self.is_flow(node) {
            return self.insert_into_flow(node, previous, next, key, value);
        }
        let column = self.lines.column(node.span.start);
        let written = write::block_member(key, value, &self.layout, column);
        let line_break = self.layout.line_break;
        if let Some(next) = next {
            let start = next.key_span.start;
            let text = format!("{}{line_break}{}", written.trim_start_matches(' '), " ".repeat(column));
            return vec![Edit::new(start, start, text)];
        }
        let end = previous.map_or_else(|| self.lines.end(node.span.end), |member| self.end_of_lines(member));
        vec![Edit::new(end, end, format!("{line_break}{written}"))]
    }

    /// The end of the last line of a member, with the comments that are indented below it.
    fn end_of_lines(&self, member: &Member) -> usize {
        let lines = self.lines;
        let column = lines.column(member.key_span.start);
        let mut end = lines.end(end_of(member));
        // Blank lines after a block scalar may be a part of it.
        while self.keeps_breaks(&member.value) && lines.next(end) < self.text.len() {
            let next_end = lines.end(lines.next(end));
            if !is_blank(lines.between(lines.next(end), next_end)) {
                break;
            }
            end = next_end;
        }
        let mut line_end = end;
        while lines.next(line_end) > line_end {
            let start = lines.next(line_end);
            line_end = lines.end(start);
            let line = lines.between(start, line_end);
            let content = line.trim_start_matches(' ');
            if content.starts_with('#') && line.len() - content.len() > column {
                end = line_end;
            } else if !is_blank(line) {
                break;
            }
        }
        end
    }

    /// Whether a value ends with a block scalar that includes the line breaks after it (`|+`).
    fn keeps_breaks(&self, node: &Node) -> bool {
        match &node.kind {
            NodeKind::Array(items) => items.last().is_some_and(|item| self.keeps_breaks(item)),
            NodeKind::Object(_) => self.own(node).last().is_some_and(|last| self.keeps_breaks(&last.value)),
            _ => {
                let header = self.slice(node.span).split([' ', '\n', '\r']).next().unwrap_or_default();
                header.starts_with(['|', '>']) && header.contains('+')
            }
        }
    }

    /// Gives a member another value.
    pub(super) fn replace_member(&self, parent: &Node, member: &Member, value: &Value) -> Vec<Edit> {
        let lines = self.lines;
        let node = &member.value;
        let colon = lines.skip_space(member.key_span.end);
        let has_colon = lines.byte(colon) == Some(b':');
        let after_colon = if has_colon { colon + 1 } else { member.key_span.end };
        if self.is_flow(parent) {
            let written = self.flow_of(parent).value_in_place_of(self, node, value);
            return if is_absent(node) {
                let start = if has_colon { " " } else { ": " };
                vec![Edit::new(after_colon, after_colon, format!("{start}{written}"))]
            } else {
                let old = self.with_tag(after_colon, node.span);
                vec![Edit::new(old.start, old.end, written)]
            };
        }
        let is_below = self.is_block(node);
        if !write::is_nested(value) || self.is_flow(node) && !is_empty(node) {
            let written = if self.is_flow(node) {
                self.flow_of(node).value(value)
            } else {
                write::scalar(value, self.quote(node))
            };
            return self.inline(after_colon, node, &written);
        }
        let least = lines.column(member.key_span.start) + self.layout.unit.len();
        if is_below {
            let column = lines.column(node.span.start);
            let written = write::block(value, &self.layout, column.max(least));
            let written = written.get(column..).unwrap_or_default();
            return vec![Edit::new(node.span.start, node.span.end, written)];
        }
        let written = write::block(value, &self.layout, least);
        self.below(after_colon, node, &format!("{}{written}", self.layout.line_break))
    }

    /// Writes a value on the line of its key.
    fn inline(&self, after_colon: usize, node: &Node, written: &str) -> Vec<Edit> {
        let lines = self.lines;
        if is_absent(node) {
            let at = self.after_properties(after_colon);
            return vec![Edit::new(at, at, format!(" {written}"))];
        }
        if self.is_block(node) {
            // Comments between the key and the value stay where they are.
            let at = self.after_properties(after_colon);
            let before = lines.end_of_previous(lines.start(node.span.start));
            return if before <= at || is_blank(lines.between(at, before)) {
                vec![Edit::new(at, node.span.end, format!(" {written}"))]
            } else {
                vec![Edit::new(at, at, format!(" {written}")), Edit::new(before, node.span.end, "")]
            };
        }
        let old = self.with_tag(after_colon, node.span);
        let comment = self.header_comment(node);
        vec![Edit::new(old.start, old.end, format!("{written}{comment}"))]
    }

    /// Writes a value below the line of its key, instead of an absent one or one on that line.
    fn below(&self, after_colon: usize, node: &Node, written: &str) -> Vec<Edit> {
        let lines = self.lines;
        let old = if is_absent(node) { node.span } else { self.with_tag(after_colon, node.span) };
        let comment = self.header_comment(node);
        let start = lines.skip_back(old.start);
        let end = lines.end(old.end);
        if is_blank(lines.between(old.end, end)) {
            vec![Edit::new(start, end, format!("{comment}{written}"))]
        } else if start == old.end {
            vec![Edit::new(end, end, written)]
        } else {
            vec![Edit::new(start, old.end, ""), Edit::new(end, end, written)]
        }
    }

    /// Gives an item of an array another value.
    pub(super) fn replace_item(&self, array: &Node, item: &Node, value: &Value) -> Vec<Edit> {
        let Span { start, end } = item.span;
        if is_absent(item) {
            return vec![Edit::new(start, end, format!(" {}", self.flow_of(array).value(value)))];
        }
        if self.is_block(item) && write::is_nested(value) {
            let written = write::block(value, &self.layout, self.lines.column(start));
            return vec![Edit::new(start, end, written.trim_start_matches(' '))];
        }
        let written = if write::is_nested(value) || self.is_flow(item) || self.is_flow(array) {
            self.flow_of(if self.is_flow(item) { item } else { array }).value_in_place_of(self, item, value)
        } else {
            write::scalar(value, self.quote(item))
        };
        vec![Edit::new(start, end, format!("{written}{}", self.header_comment(item)))]
    }

    /// Gives the document another value.
    pub(super) fn replace_root(&self, value: &Value) -> Vec<Edit> {
        let lines = self.lines;
        let root = self.root;
        let Span { start, end } = root.span;
        let line_break = self.layout.line_break;
        if self.is_json() && self.is_empty() {
            let written = self.spread("").value(value);
            return vec![Edit::new(lines.base, self.text.len(), format!("{written}{line_break}"))];
        }
        if self.is_flow(root) && (self.is_json() || !is_empty(root)) {
            let written = if is_empty(root) { self.spread("") } else { self.flow_of(root) }.value(value);
            return vec![Edit::new(start, end, written)];
        }
        if self.is_json() {
            return vec![Edit::new(start, end, self.spread("").value(value))];
        }
        if self.is_empty() {
            let written = write::block(value, &self.layout, 0);
            // Only an explicit document has a place of its own; other texts without a value have nothing but comments.
            let is_explicit = lines.between(0, start).ends_with("---");
            let at = if is_explicit { lines.end(start) } else { self.text.len() };
            let is_at_start = at == lines.base || lines.between(0, at).ends_with(['\n', '\r']);
            let before = if is_at_start { "" } else { line_break };
            let after = if at == self.text.len() { line_break } else { "" };
            return vec![Edit::new(at, at, format!("{before}{written}{after}"))];
        }
        if lines.is_first(start) {
            let written = write::block(value, &self.layout, lines.column(start));
            return vec![Edit::new(start, end, written.trim_start_matches(' '))];
        }
        // It is on the line of `---`.
        let written = write::block(value, &self.layout, 0);
        let before = if write::is_nested(value) { line_break } else { " " };
        vec![Edit::new(lines.skip_back(start), end, format!("{before}{written}"))]
    }

    /// Removes a member with its lines.
    pub(super) fn remove_member(&self, parent: &Node, member: &Member) -> Vec<Edit> {
        if self.is_flow(parent) {
            return self.remove_from_flow(parent, member);
        }
        let lines = self.lines;
        let start = member.key_span.start;
        if lines.is_first(start) {
            return vec![Edit::new(lines.start(start), lines.next(self.end_of_lines(member)), "")];
        }
        // It is on the line of a dash: the next member takes its place.
        let next = self.own(parent).into_iter().find(|other| other.key_span.start > start);
        let end = next.map_or_else(|| end_of(member), |next| next.key_span.start);
        vec![Edit::new(start, end, "")]
    }

    /// The comment after the header of a block scalar, with a space before it; empty if there is none.
    fn header_comment(&self, node: &Node) -> String {
        let text = self.slice(node.span);
        let header = text.split(['\n', '\r']).next().unwrap_or_default();
        let is_block_scalar = text.starts_with(['|', '>']) && header.len() < text.len();
        let comment = header.find(" #").filter(|_| is_block_scalar).and_then(|at| header.get(at..));
        comment.unwrap_or_default().to_owned()
    }

    /// The quotation mark of a string.
    pub(super) fn quote(&self, node: &Node) -> Option<char> {
        self.slice(node.span).chars().next().filter(|first| matches!(first, '\'' | '"'))
    }

    /// The value with its tag, which determines its type. Without a tag, an anchor before the value is kept.
    fn with_tag(&self, after_colon: usize, value: Span) -> Span {
        let start = self.lines.skip_space(after_colon);
        let properties = self.lines.between(start, value.start);
        let has_tag = properties.split_whitespace().any(|word| word.starts_with('!'));
        if has_tag { Span::new(start, value.end) } else { value }
    }

    /// The position after the anchor and the tag on the line of a key.
    fn after_properties(&self, after_colon: usize) -> usize {
        let mut at = after_colon;
        loop {
            let next = self.lines.skip_blanks(at);
            if !matches!(self.lines.byte(next), Some(b'&' | b'!')) {
                return at;
            }
            let rest = self.text.get(next..).unwrap_or_default();
            at = next + rest.find([' ', '\t', '\n', '\r']).unwrap_or(rest.len());
        }
    }
}

/// Whether a value is not written, as after `key:`.
fn is_absent(node: &Node) -> bool {
    node.span.start == node.span.end
}

/// Whether it is `{}` or `[]`.
fn is_empty(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Array(items) => items.is_empty(),
        NodeKind::Object(members) => members.is_empty(),
        _ => false,
    }
}
