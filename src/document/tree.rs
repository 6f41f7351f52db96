//! Builds a tree from the events of a parser, without recursion.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{LineIndex, Member, Node, NodeKind, OffsetEncoding, Span, Text};
use crate::diagnostic::{Code, Diagnostic, Related};
use crate::text::pointer::push;

/// Objects with more members than this get an index.
const SEARCHED_MEMBERS: usize = 16;

/// Limits on reported duplicate keys: hostile text could contain millions.
const REPORTED_DUPLICATES: usize = 100;
const REPORTED_POINTER_BYTES: usize = 1 << 20;

/// The maximum length of a key in a message, in characters.
const SHOWN_KEY: usize = 64;

/// How the value after a key is inserted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Insertion {
    Add,
    /// Replaces a member that a merge key inserted.
    Replace(usize),
    /// Drops the value: the key is a duplicate.
    Drop,
}

/// A key whose value has not been parsed yet.
struct Pending {
    key: Text,
    span: Span,
    origin: Span,
    insertion: Insertion,
}

impl Pending {
    /// Whether the key is an alias. It may repeat a secret, so no message shows it.
    fn is_alias(&self) -> bool {
        self.span != self.origin
    }
}

/// An object that is still open.
#[derive(Default)]
pub(super) struct OpenObject {
    members: Vec<Member>,
    index: Option<BTreeMap<Text, usize>>,
    pending: Option<Pending>,
    /// Which members a merge key inserted, by index; shorter than `members` if the rest were not.
    merged: Vec<bool>,
}

impl OpenObject {
    pub(super) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    fn find(&self, key: &str) -> Option<usize> {
        match &self.index {
            Some(index) => index.get(key).copied(),
            None => self.members.iter().position(|member| member.key == key),
        }
    }

    fn is_merged(&self, at: usize) -> bool {
        self.merged.get(at).copied().unwrap_or(false)
    }

    fn push(&mut self, member: Member) {
        if self.index.is_none() && self.members.len() == SEARCHED_MEMBERS {
            let mut index = BTreeMap::new();
            for (at, member) in self.members.iter().enumerate() {
                index.insert(member.key.clone(), at);
            }
            self.index = Some(index);
        }
        if let Some(index) = &mut self.index {
            index.insert(member.key.clone(), self.members.len());
        }
        self.members.push(member);
    }
}

/// The content of an open collection so far.
pub(super) enum Content {
    Array(Vec<Node>),
    Object(OpenObject),
}

/// An open collection.
pub(super) struct Frame {
    pub(super) content: Content,
    /// Where it starts; `None` until its first key is known.
    pub(super) start: Option<usize>,
    /// Where its last element ends.
    pub(super) end: usize,
    /// Whether it is in brackets (flow style).
    pub(super) flow: bool,
    /// Its anchor; 0 for none.
    pub(super) anchor: usize,
}

/// Where the next node goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    Root,
    Item,
    Key,
    Value,
}

/// The tree under construction, and its problems.
pub(super) struct Tree<'t> {
    text: &'t str,
    lines: Option<LineIndex<'t>>,
    frames: Vec<Frame>,
    root: Option<Node>,
    problems: Vec<Diagnostic>,
    /// The number of duplicate keys reported for the text, and the size of their pointers in bytes.
    duplicates: usize,
    pointer_bytes: usize,
    /// The number of duplicate keys of the document that are not reported.
    more_duplicates: usize,
}

impl<'t> Tree<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            lines: None,
            frames: Vec::new(),
            root: None,
            problems: Vec::new(),
            duplicates: 0,
            pointer_bytes: 0,
            more_duplicates: 0,
        }
    }

    /// Takes the tree, the problems and the number of unreported duplicate keys, and resets the tree for the next document.
    pub(super) fn take(&mut self) -> (Option<Node>, Vec<Diagnostic>, usize) {
        self.frames.clear();
        (self.root.take(), std::mem::take(&mut self.problems), std::mem::take(&mut self.more_duplicates))
    }

    /// Adds a problem after which the document has no tree.
    pub(super) fn fail(&mut self, problem: Diagnostic) {
        self.problems.push(problem);
        self.root = None;
        self.frames.clear();
    }

    pub(super) fn depth(&self) -> usize {
        self.frames.len()
    }

    pub(super) fn top(&self) -> Option<&Frame> {
        self.frames.last()
    }

    /// Where the outermost open collection in brackets starts.
    pub(super) fn outermost_bracket(&self) -> Option<usize> {
        self.frames.iter().find(|frame| frame.flow).and_then(|frame| frame.start)
    }

    pub(super) fn slot(&self) -> Slot {
        match self.frames.last().map(|frame| &frame.content) {
            None => Slot::Root,
            Some(Content::Array(_)) => Slot::Item,
            Some(Content::Object(object)) if object.pending.is_some() => Slot::Value,
            Some(Content::Object(_)) => Slot::Key,
        }
    }

    pub(super) fn open(&mut self, frame: Frame) {
        self.frames.push(frame);
    }

    /// Adds a key, which is defined at `origin`; the next node is its value.
    pub(super) fn key(&mut self, key: Text, span: Span, origin: Span) {
        let Some(Frame { content: Content::Object(object), start, end, .. }) = self.frames.last_mut() else {
            return;
        };
        start.get_or_insert(span.start);
        *end = span.end;
        // A merge key is not a key of the object.
        let insertion = match object.find(&key).filter(|_| !is_merge_key(self.text, &key, span)) {
            None => Insertion::Add,
            Some(at) if object.is_merged(at) => Insertion::Replace(at),
            Some(at) => {
                let first = object.members.get(at).map_or(span, |member| member.key_span);
                self.duplicate((span == origin).then_some(&key), span, first);
                Insertion::Drop
            }
        };
        if let Some(Frame { content: Content::Object(object), .. }) = self.frames.last_mut() {
            object.pending = Some(Pending { key, span, origin, insertion });
        }
    }

    /// Adds a value, an item or the root.
    pub(super) fn value(&mut self, node: Node) {
        let Some(frame) = self.frames.last_mut() else {
            self.root = Some(node);
            return;
        };
        frame.end = frame.end.max(node.span.end);
        match &mut frame.content {
            Content::Array(items) => items.push(node),
            Content::Object(object) => {
                let Some(Pending { key, span, origin, insertion }) = object.pending.take() else { return };
                let member = Member { key, key_span: span, key_origin: origin, value: node };
                match insertion {
                    Insertion::Add => object.push(member),
                    Insertion::Replace(at) => {
                        if let (Some(old), Some(merged)) =
                            (object.members.get_mut(at), object.merged.get_mut(at))
                        {
                            *old = member;
                            *merged = false;
                        }
                    }
                    Insertion::Drop => {}
                }
            }
        }
    }

    /// Inserts the members of a merge key instead of a value for the pending key. Existing keys are kept, and later keys
    /// override the inserted ones.
    pub(super) fn merge(&mut self, members: impl Iterator<Item = Member>, end: usize) {
        let Some(Frame { content: Content::Object(object), end: frame_end, .. }) = self.frames.last_mut()
        else {
            return;
        };
        *frame_end = end;
        object.pending = None;
        for member in members {
            if object.find(&member.key).is_none() {
                object.merged.resize(object.members.len(), false);
                object.push(member);
                object.merged.push(true);
            }
        }
    }

    /// The pending key and its span.
    pub(super) fn pending_key(&self) -> Option<(&str, Span)> {
        match &self.frames.last()?.content {
            Content::Object(object) => object.pending.as_ref().map(|p| (p.key.as_str(), p.span)),
            Content::Array(_) => None,
        }
    }

    /// Closes the innermost collection; `end` is where its bracket ends, if it has one.
    pub(super) fn close(&mut self, end: Option<usize>) -> Option<(Node, usize)> {
        let frame = self.frames.pop()?;
        let end = end.unwrap_or(frame.end);
        let span = Span::new(frame.start.unwrap_or(end).min(end), end);
        let kind = match frame.content {
            Content::Array(items) => NodeKind::Array(items),
            Content::Object(object) => NodeKind::Object(object.members),
        };
        Some((Node { span, origin: span, kind }, frame.anchor))
    }

    /// A syntax error at the position of the next node.
    pub(super) fn problem(&self, span: Span, message: &str) -> Diagnostic {
        Diagnostic::new(Code::Syntax, self.pointer(), span, message)
    }

    /// The JSON pointer to the next node, or to the closest parent that no alias key leads to.
    pub(super) fn pointer(&self) -> String {
        let mut pointer = String::new();
        for frame in &self.frames {
            match &frame.content {
                Content::Array(items) => {
                    let _ = write!(pointer, "/{}", items.len());
                }
                Content::Object(object) => {
                    if let Some(pending) = &object.pending {
                        if pending.is_alias() {
                            break;
                        }
                        push(&mut pointer, &pending.key);
                    }
                }
            }
        }
        pointer
    }

    /// The line of a byte offset, from 1.
    pub(super) fn line(&mut self, offset: usize) -> usize {
        self.lines().position(offset, OffsetEncoding::Utf8).line
    }

    fn lines(&mut self) -> &LineIndex<'t> {
        let text = self.text;
        self.lines.get_or_insert_with(|| LineIndex::new(text))
    }

    /// Reports a duplicate `key` at `span` that is first defined at `first`; `None` if the key must not be shown.
    fn duplicate(&mut self, key: Option<&Text>, span: Span, first: Span) {
        if self.duplicates >= REPORTED_DUPLICATES || self.pointer_bytes > REPORTED_POINTER_BYTES {
            self.more_duplicates += 1;
            return;
        }
        self.duplicates += 1;
        let mut pointer = self.pointer();
        let subject = match key {
            Some(key) => {
                push(&mut pointer, key);
                format!(" `{}`", shown_key(key))
            }
            None => String::new(),
        };
        self.pointer_bytes += pointer.len();
        let first = self.lines().locate(first);
        let line = first.range(OffsetEncoding::Utf8).start.line;
        let message = format!("duplicate key{subject} (first defined on line {line})");
        let problem = Diagnostic::new(Code::DuplicateKey, pointer, span, message);
        let related = Related::new(first, "first defined here");
        self.problems.push(problem.with_help("remove one of the two").with_related(related));
    }
}

/// Whether a key is a merge key: only as a plain scalar; `"<<"` is an ordinary key.
pub(super) fn is_merge_key(text: &str, key: &str, span: Span) -> bool {
    key == "<<" && text.get(span.start..span.end) == Some("<<")
}

/// A key for a one-line message: without control characters, and truncated if it is long.
fn shown_key(key: &str) -> String {
    let mut shown: String =
        key.chars().take(SHOWN_KEY).map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect();
    if shown.len() < key.len() && key.chars().count() > SHOWN_KEY {
        shown.push('…');
    }
    shown
}
