//! YAML 1.2: builds trees from the events of `saphyr-parser`.
//!
//! The parser's marks count characters, include the properties before a node and the whitespace after it; an empty node
//! has no position. So the reader follows the text itself between the events.

mod anchors;
mod marks;
mod parser_errors;
mod spans;

use self::anchors::{Anchor, Anchors};
use self::marks::Marks;
use saphyr_parser::{Event, Parser, ScalarStyle, Span as MarkerSpan, Tag};

use super::tree::{Content, Frame, OpenObject, Slot, Tree, is_merge_key};
use super::{Document, Limits, Member, Node, NodeKind, Span, Syntax, character, crowded, messages, scalar};
use crate::diagnostic::{Code, Diagnostic};

/// The maximum length of a `%TAG` line: the parser copies the prefix to every node that uses it.
const TAG_DIRECTIVE_BYTES: usize = 1024;

/// The maximum number of bytes that are parsed again for tabs between colons and values.
const RESPACED_BYTES: usize = 4 << 20;

/// The documents of the text after its byte order mark of `base` bytes.
pub(super) fn parse(text: &str, base: usize, limits: &Limits) -> Vec<Document> {
    if let Some(problem) = refusal(text, base, limits) {
        return vec![Document::refused(Syntax::Yaml, problem)];
    }
    let mut again: Option<String> = None;
    let mut budget = RESPACED_BYTES;
    loop {
        let body = again.as_deref().or_else(|| text.get(base..)).unwrap_or_default();
        let (documents, tab) = read(text, base, body, limits);
        let respaced = tab.filter(|_| budget >= body.len()).and_then(|at| respaced(body, at - base));
        let Some(respaced) = respaced else { return documents };
        budget -= body.len();
        again = Some(respaced);
    }
}

/// The text with spaces instead of tabs between a key's colon and its value at `at`. YAML allows tabs there, the parser
/// does not. Before a nested key or a dash, YAML allows neither tabs nor spaces.
fn respaced(body: &str, at: usize) -> Option<String> {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let mut bytes = body.as_bytes().to_vec();
    let before = bytes.get_mut(..at)?;
    let colon = before.iter().rposition(|byte| !is_blank(byte))?;
    let (key, gap) = before.split_at_mut(colon + 1);
    // A colon at the start of its line may be followed by an object, which tabs must not indent.
    let starts = key.iter().rev().skip(1).find(|byte| !is_blank(byte)).is_none_or(|byte| *byte == b'\n');
    // Without a tab here the parser reports another one, and parsing the same text again would not help.
    if starts || !gap.contains(&b'\t') || !key.ends_with(b":") {
        return None;
    }
    gap.fill(b' ');
    String::from_utf8(bytes).ok()
}

/// The documents of the text, of which the parser gets the `body`; and the position of a value that the parser rejects
/// because of a tab before it.
fn read(text: &str, base: usize, body: &str, limits: &Limits) -> (Vec<Document>, Option<usize>) {
    let mut tab = None;
    let mut reader = Reader {
        text,
        marks: Marks::new(text, base),
        limits,
        tree: Tree::new(text),
        documents: Vec::new(),
        state: State::Between,
        previous: base,
        scalar: base,
        aliased: aliased(body, limits),
        anchors: Anchors::default(),
        document_budget: limits.alias_nodes,
        values: limits.values,
        excess: None,
    };
    let mut parser = Parser::new_from_str(body);
    while let Some(event) = parser.next_event() {
        match event {
            Ok((event, span)) => reader.event(event, span),
            Err(error) => {
                if messages::is_tab_after_colon(error.info()) {
                    tab = Some(reader.marks.byte(*error.marker()));
                }
                reader.scan_error(&error);
                break;
            }
        }
        if let Some(problem) = reader.excess.take() {
            // An earlier error takes precedence over the exceeded limit.
            if reader.state != State::Failed {
                return (vec![Document::refused(Syntax::Yaml, problem)], None);
            }
            reader.end_document();
            break;
        }
    }
    (reader.finish(), tab)
}

/// The problem of a text that would cost the parser far more than its size.
fn refusal(text: &str, base: usize, limits: &Limits) -> Option<Diagnostic> {
    if let Some(span) = long_tag_directive(text, base) {
        let message = format!("`%TAG` directive is longer than {TAG_DIRECTIVE_BYTES} bytes");
        return Some(Diagnostic::new(Code::Syntax, "", span, message));
    }
    let at = crowded::collection(text, base, limits)?;
    let message = format!(
        "too many indicators, such as `,` and `:`, in one YAML collection (limit: {})",
        crowded::INDICATORS
    );
    let problem = Diagnostic::new(Code::TooLarge, "", Span::new(at, at + 1), message);
    Some(problem.with_help("use JSON, or split the text into several files"))
}

/// The first line that could be a `%TAG` directive too long for [`TAG_DIRECTIVE_BYTES`].
fn long_tag_directive(text: &str, base: usize) -> Option<Span> {
    const NAME: &str = "%TAG";
    let mut at = base;
    while let Some(next) = text.get(at..)?.find(NAME) {
        at += next;
        let starts_line = at == base || matches!(text.as_bytes().get(at - 1), Some(b'\n' | b'\r'));
        let line = text.as_bytes().get(at..)?.iter().take(TAG_DIRECTIVE_BYTES + 1);
        if starts_line && line.take_while(|b| !matches!(b, b'\n' | b'\r')).count() > TAG_DIRECTIVE_BYTES {
            return Some(Span::new(at, at + NAME.len()));
        }
        at += NAME.len();
    }
    None
}

/// Which anchors have aliases, by the parser's number. Only their values are kept.
fn aliased(text: &str, limits: &Limits) -> Vec<bool> {
    let mut aliased = Vec::new();
    if text.contains('&') && text.contains('*') {
        let mut parser = Parser::new_from_str(text);
        // Text beyond the limit for values is not parsed. Keys and ends of collections are events too.
        let mut left = limits.values.saturating_mul(3);
        while let Some(Ok((event, _))) = parser.next_event() {
            if let Event::Alias(id) = event {
                aliased.resize(aliased.len().max(id + 1), false);
                if let Some(aliased) = aliased.get_mut(id) {
                    *aliased = true;
                }
            }
            let is_node = !matches!(event, Event::DocumentStart(_) | Event::DocumentEnd | Event::Nothing);
            match left.checked_sub(usize::from(is_node)) {
                Some(rest) => left = rest,
                None => break,
            }
        }
    }
    aliased
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Between,
    Document,
    /// The document has an error; its other events are ignored.
    Failed,
}

type Result<T> = std::result::Result<T, Box<Diagnostic>>;

struct Reader<'t> {
    text: &'t str,
    marks: Marks<'t>,
    limits: &'t Limits,
    tree: Tree<'t>,
    documents: Vec<Document>,
    state: State,
    /// Where the last node or indicator ends.
    previous: usize,
    /// Where the last scalar starts.
    scalar: usize,
    aliased: Vec<bool>,
    anchors: Anchors,
    document_budget: usize,
    /// The number of values that the text can still have.
    values: usize,
    /// The problem of a text that exceeds a limit.
    excess: Option<Diagnostic>,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, span: MarkerSpan) {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd => {}
            Event::DocumentStart(explicit) => {
                if self.documents.len() == self.limits.documents {
                    let at = self.marks.byte(span.start);
                    return self.exceed("documents", self.limits.documents, at);
                }
                self.previous = if explicit {
                    self.marks.document_start(span.end, self.previous)
                } else {
                    self.marks.byte(span.start)
                };
                self.anchors.clear();
                self.document_budget = self.limits.alias_nodes;
                self.state = State::Document;
            }
            Event::DocumentEnd => self.end_document(),
            event => {
                let is_end = matches!(event, Event::SequenceEnd | Event::MappingEnd);
                if !is_end && self.tree.slot() != Slot::Key && !self.spend(1) {
                    let at = self.marks.byte(span.start);
                    return self.exceed("values", self.limits.values, at);
                }
                if self.state == State::Failed {
                    return;
                }
                if let Err(problem) = self.node(event, span) {
                    self.tree.fail(*problem);
                    self.anchors.clear();
                    self.state = State::Failed;
                }
            }
        }
    }

    fn end_document(&mut self) {
        let (root, problems, more_duplicates) = self.tree.take();
        let index = self.documents.len();
        self.documents.push(Document { index, syntax: Syntax::Yaml, root, problems, more_duplicates });
        self.state = State::Between;
    }

    /// Counts values; `false` if they exceed the limit.
    fn spend(&mut self, values: usize) -> bool {
        let left = self.values.checked_sub(values);
        self.values = left.unwrap_or(self.values);
        left.is_some()
    }

    fn exceed(&mut self, what: &str, limit: usize, at: usize) {
        self.excess.get_or_insert_with(|| super::too_many(what, limit, character(self.text, at)));
    }

    fn finish(mut self) -> Vec<Document> {
        if self.documents.is_empty() {
            let at = self.marks.base;
            let span = Span::new(at, at);
            self.tree.value(Node { span, origin: span, kind: NodeKind::Null });
            self.end_document();
        }
        if self.documents.iter().all(is_empty) {
            self.documents.truncate(1);
        } else {
            self.documents.retain(|document| !is_empty(document));
        }
        for (index, document) in self.documents.iter_mut().enumerate() {
            document.index = index;
        }
        self.documents
    }

    fn node(&mut self, event: Event<'_>, span: MarkerSpan) -> Result<()> {
        match event {
            Event::SequenceEnd | Event::MappingEnd => {
                let flow = self.tree.top().is_some_and(|frame| frame.flow);
                let end = if flow { Some(self.bracket_end(span)) } else { None };
                let Some((node, anchor)) = self.tree.close(end) else { return Ok(()) };
                self.previous = self.previous.max(node.span.end);
                self.complete(anchor, &node);
                self.deliver(node)
            }
            event => {
                self.skip_indicators();
                match event {
                    Event::Alias(id) => {
                        let at = Span::new(self.marks.byte(span.start), self.marks.byte(span.end));
                        self.previous = at.end;
                        self.alias(id, at)
                    }
                    Event::Scalar(value, style, anchor, tag) => {
                        let properties = anchor != 0 || tag.is_some();
                        let at = self.scalar_span(&value, style, properties, span);
                        self.previous = at.end;
                        self.scalar = at.start;
                        self.scalar(&value, style, anchor, tag.as_deref(), at)
                    }
                    Event::SequenceStart(anchor, tag) => self.open(anchor, tag.as_deref(), span, false),
                    Event::MappingStart(anchor, tag) => self.open(anchor, tag.as_deref(), span, true),
                    _ => Ok(()),
                }
            }
        }
    }

    fn open(&mut self, anchor: usize, tag: Option<&Tag>, span: MarkerSpan, object: bool) -> Result<()> {
        let properties = anchor != 0 || tag.is_some();
        // Only brackets and properties have an extent; a bracket at a mark without one belongs to the first item.
        let has_extent = span.start.index() < span.end.index();
        let bracket = if object { b'{' } else { b'[' };
        let mut start = self.marks.byte(span.start);
        if !object && self.tree.slot() == Slot::Value && !(has_extent && self.byte(start) == Some(bracket)) {
            // The mark of a sequence that is not indented below its key is after its first dash.
            let next = self.skip_space(self.previous);
            if self.byte(next) == Some(b'-') || properties {
                start = next;
            }
        }
        if properties {
            start = self.skip_properties(start);
        }
        let here = character(self.text, start);
        if self.tree.slot() == Slot::Key {
            return Err(self.complex_key(here).into());
        }
        if let Some(tag) = tag {
            let suits = matches!(core_tag(tag), Some("map")) && object
                || matches!(core_tag(tag), Some("seq")) && !object;
            if !suits && !is_non_specific(tag) {
                return Err(self.tag_problem(tag, here).into());
            }
        }
        if self.tree.depth() >= self.limits.depth {
            return Err(Box::new(super::too_deep(self.tree.pointer(), here, self.limits)));
        }
        let flow = has_extent && self.byte(start) == Some(bracket);
        if anchor != 0 {
            self.anchors.set(anchor, Anchor::Open);
        }
        let content =
            if object { Content::Object(OpenObject::default()) } else { Content::Array(Vec::new()) };
        self.previous = if flow { start + 1 } else { start };
        let start = if object && !flow { None } else { Some(start) };
        self.tree.open(Frame { content, start, end: self.previous, flow, anchor });
        Ok(())
    }

    fn scalar(
        &mut self,
        value: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<()> {
        let plain = style == ScalarStyle::Plain;
        if plain && (value.starts_with(['|', '>']) || value == "?") {
            // Inside brackets the parser accepts them as plain text: <https://yaml.org/spec/1.2.2/#733-plain-style> does not.
            let (message, help) = messages::FIRST_CHARACTER;
            return Err(self.tree.problem(span, message).with_help(help).into());
        }
        if self.tree.slot() == Slot::Key && anchor == 0 && tag.is_none() {
            self.tree.key(value.into(), span, span);
            return Ok(());
        }
        let kind = match tag {
            None if plain => scalar::core(value),
            None => NodeKind::String { value: value.into(), plain },
            Some(tag) => self.tagged(value, plain, tag, span)?,
        };
        let node = Node { span, origin: span, kind };
        self.complete(anchor, &node);
        if self.tree.slot() == Slot::Key {
            self.tree.key(value.into(), span, span);
            return Ok(());
        }
        self.deliver(node)
    }

    fn tagged(&self, value: &str, plain: bool, tag: &Tag, span: Span) -> Result<NodeKind> {
        let string = || NodeKind::String { value: value.into(), plain };
        if is_non_specific(tag) {
            return Ok(string());
        }
        let (kind, what) = match core_tag(tag) {
            Some("str") => return Ok(string()),
            Some("null") => (scalar::null(value), "`null`"),
            Some("bool") => (scalar::boolean(value), "`true` or `false`"),
            Some("int") => (scalar::integer(value), "an integer"),
            Some("float") => (scalar::float(value), "a number"),
            _ => {
                let encrypted = super::encrypted::encrypted_text(value, "the value", span).map(|problem| {
                    Diagnostic { pointer: self.tree.pointer(), ..problem }.with_help(
                        "decrypt it first; or write `${NAME}` to read a password from an environment variable",
                    )
                });
                return Err(encrypted.unwrap_or_else(|| self.tag_problem(tag, span)).into());
            }
        };
        kind.ok_or_else(|| {
            let message = format!("the value does not match its tag: expected {what}");
            self.tree.problem(span, &message).into()
        })
    }

    fn tag_problem(&self, tag: &Tag, span: Span) -> Diagnostic {
        let known = matches!(core_tag(tag), Some("str" | "null" | "bool" | "int" | "float" | "map" | "seq"));
        if known {
            let problem = self.tree.problem(span, "the tag does not match the type of the value");
            return problem
                .with_help("remove the tag (`!…`), or put the value in quotes if it starts with `!`");
        }
        // Without its tag, a reference would be mistaken for the value itself.
        self.tree.problem(span, "unsupported YAML tag").with_help(
            "resolve the tag (`!…`) first, with the tool that defines it; or write the value itself (`${NAME}` for \
             a password), in quotes if it starts with `!`",
        )
    }

    fn complex_key(&self, span: Span) -> Diagnostic {
        let problem = self.tree.problem(span, "a key cannot be an array or an object");
        problem.with_help("put the key in quotes if it starts with a bracket")
    }

    /// Adds a complete node to its parent.
    fn deliver(&mut self, node: Node) -> Result<()> {
        let merge = match self.tree.pending_key() {
            Some((key, span)) if is_merge_key(self.text, key, span) => Some(span),
            _ => None,
        };
        if let Some(key) = merge {
            return self.merge(node, key);
        }
        self.tree.value(node);
        Ok(())
    }

    /// <https://yaml.org/type/merge.html>
    fn merge(&mut self, node: Node, key: Span) -> Result<()> {
        let span = node.span;
        let maps = match node.kind {
            NodeKind::Array(items) => items,
            _ => vec![node],
        };
        if !maps.iter().all(|map| matches!(map.kind, NodeKind::Object(_))) {
            let message = "`<<` expects an object or an array of objects";
            return Err(self.tree.problem(span, message).into());
        }
        let members = maps.into_iter().flat_map(|map| {
            let aliased = map.span != map.origin;
            let members = match map.kind {
                NodeKind::Object(members) => members,
                _ => Vec::new(),
            };
            members
                .into_iter()
                .map(move |member| Member { key_span: if aliased { key } else { member.key_span }, ..member })
        });
        self.tree.merge(members, span.end);
        Ok(())
    }
}

/// Whether the document contains only whitespace and comments. An explicit `null`, also as a tag such as `!!null`, is
/// content.
fn is_empty(document: &Document) -> bool {
    let is_nothing = |root: &Node| matches!(root.kind, NodeKind::Null) && root.span.start == root.span.end;
    document.problems.is_empty() && document.root.as_ref().is_some_and(is_nothing)
}

/// The name of a tag of the core schema, `str` for `!!str`.
fn core_tag(tag: &Tag) -> Option<&str> {
    const CORE: &str = "tag:yaml.org,2002:";
    if tag.handle == CORE {
        Some(&tag.suffix)
    } else if tag.handle.is_empty() {
        tag.suffix.strip_prefix(CORE)
    } else {
        None
    }
}

/// Whether the tag is a lone `!`, which makes a scalar a string.
fn is_non_specific(tag: &Tag) -> bool {
    tag.handle.is_empty() && tag.suffix == "!"
}

#[cfg(test)]
mod tests {
    use super::respaced;

    /// Otherwise the same text would be parsed thousands of times, until [`RESPACED_BYTES`](super::RESPACED_BYTES) are spent.
    #[test]
    fn text_without_tab_after_colon_is_not_parsed_again() {
        assert_eq!(respaced("a:\t b", 4).as_deref(), Some("a:  b"));
        assert_eq!(respaced("a:  b", 4), None);
        assert_eq!(respaced("a:b", 2), None);
    }
}
