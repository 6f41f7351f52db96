//! Anchors, and the values that aliases repeat.

use super::{Reader, Result};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::tree::Slot;
use crate::document::{Node, NodeKind, Span, messages, too_deep};

/// The number of string bytes that count as one node when an alias repeats a value.
const NODE_BYTES: usize = 256;

/// The state of an anchor of the document.
pub(super) enum Anchor {
    /// Its value is not complete.
    Open,
    /// It has no alias.
    Unused,
    /// Its value is too large to repeat.
    TooLarge,
    Complete(Box<Repeatable>),
}

/// The anchors of a document by number, ascending.
#[derive(Default)]
pub(super) struct Anchors(Vec<(usize, Anchor)>);

impl Anchors {
    /// Clears all anchors, for the next document.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    fn get_mut(&mut self, id: usize) -> Option<&mut Anchor> {
        let place = self.0.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        self.0.get_mut(place).map(|(_, anchor)| anchor)
    }

    /// Sets an anchor. Its number exists already, or is greater than all others.
    pub(super) fn set(&mut self, id: usize, anchor: Anchor) {
        match self.get_mut(id) {
            Some(existing) => *existing = anchor,
            None => self.0.push((id, anchor)),
        }
    }
}

/// The value of an anchor.
pub(super) struct Repeatable {
    node: Node,
    size: Size,
    /// Whether the first repetition has been charged to the budget: it is when the value is stored.
    paid: bool,
}

#[derive(Clone, Copy)]
struct Size {
    /// The number of its nodes, plus the size of its strings.
    weight: usize,
    /// The levels of its arrays and objects.
    height: usize,
}

impl Reader<'_> {
    /// Stores a complete value if an alias repeats it.
    pub(super) fn complete(&mut self, anchor: usize, node: &Node) {
        if anchor == 0 {
            return;
        }
        let state = if self.aliased.get(anchor).copied().unwrap_or(false) {
            match measure(node, self.document_budget) {
                Some(size) => {
                    self.document_budget -= size.weight;
                    if !self.spend(size.weight) {
                        return self.exceed("values", self.limits.values, node.span.start);
                    }
                    Anchor::Complete(Box::new(Repeatable { node: node.clone(), size, paid: true }))
                }
                None => Anchor::TooLarge,
            }
        } else {
            Anchor::Unused
        };
        self.anchors.set(anchor, state);
    }

    pub(super) fn alias(&mut self, id: usize, span: Span) -> Result<()> {
        let Some(anchor) = self.anchors.get_mut(id) else {
            // The parser remembers anchors across documents; YAML does not.
            return Err(self.tree.problem(span, messages::UNKNOWN_ANCHOR).into());
        };
        let mut cost = 0;
        let repeatable = match anchor {
            Anchor::Open => {
                let message = "recursive alias: it is inside the value that it refers to";
                return Err(self.tree.problem(span, message).into());
            }
            Anchor::Unused | Anchor::TooLarge => None,
            Anchor::Complete(repeatable) => {
                if std::mem::take(&mut repeatable.paid) {
                    Some(repeatable)
                } else if repeatable.size.weight <= self.document_budget {
                    cost = repeatable.size.weight;
                    self.document_budget -= cost;
                    Some(repeatable)
                } else {
                    None
                }
            }
        };
        let Some(repeatable) = repeatable else {
            let message = format!("aliases expand to more than {} values", self.limits.alias_nodes);
            return Err(Box::new(Diagnostic::new(Code::AliasLimit, self.tree.pointer(), span, message)));
        };
        let Some(left) = self.values.checked_sub(cost) else {
            self.exceed("values", self.limits.values, span.start);
            return Ok(());
        };
        self.values = left;
        if self.tree.depth() + repeatable.size.height > self.limits.depth {
            return Err(Box::new(too_deep(self.tree.pointer(), span, self.limits)));
        }
        if self.tree.slot() == Slot::Key {
            let origin = repeatable.node.origin;
            let key = match &repeatable.node.kind {
                NodeKind::String { value, .. } => value.clone(),
                NodeKind::Array(_) | NodeKind::Object(_) => return Err(self.complex_key(span).into()),
                _ => self.text.get(origin.start..origin.end).unwrap_or_default().into(),
            };
            self.tree.key(key, span, origin);
            return Ok(());
        }
        let mut node = repeatable.node.clone();
        relocate(&mut node, span);
        self.deliver(node)
    }
}

/// The size of a node; `None` if it weighs more than `budget`.
fn measure(node: &Node, budget: usize) -> Option<Size> {
    let mut size = Size { weight: 0, height: 0 };
    let mut open = vec![(node, 0)];
    while let Some((node, level)) = open.pop() {
        let (weight, children) = match &node.kind {
            NodeKind::String { value, .. } => (1 + value.len() / NODE_BYTES, 0),
            NodeKind::Array(items) => (1, items.len()),
            NodeKind::Object(members) => {
                let keys: usize = members.iter().map(|member| member.key.len() / NODE_BYTES).sum();
                (1 + keys, members.len())
            }
            _ => (1, 0),
        };
        size.weight += weight;
        if size.weight.saturating_add(children) > budget {
            return None;
        }
        match &node.kind {
            NodeKind::Array(items) => open.extend(items.iter().map(|item| (item, level + 1))),
            NodeKind::Object(members) => open.extend(members.iter().map(|member| (&member.value, level + 1))),
            _ => continue,
        }
        size.height = size.height.max(level + 1);
    }
    Some(size)
}

/// Sets the position of a repeated value and everything in it to its alias. The tree is not deeper than the limit, so
/// recursion is safe.
fn relocate(node: &mut Node, span: Span) {
    node.span = span;
    match &mut node.kind {
        NodeKind::Array(items) => items.iter_mut().for_each(|item| relocate(item, span)),
        NodeKind::Object(members) => {
            for member in members {
                member.key_span = span;
                relocate(&mut member.value, span);
            }
        }
        _ => {}
    }
}
