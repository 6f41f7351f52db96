//! Determines which parts of the text an excerpt or a message may show.

use std::cell::OnceCell;

use super::{Code, Diagnostic};
use crate::document::{Member, Node, NodeKind, Span};
use crate::operation::BodyKind;
use crate::platform::redshift;
use crate::schema::{ANY, Property, UNKNOWN_OBJECT, ValueType, format};

/// Determines which parts of a document may be shown.
///
/// Secrets are hidden, as are values that the schema does not describe (they may be a misspelled `password`) and every
/// place that refers to the same text through an alias or a merge key. Computed on first use, since most documents
/// need no excerpt.
pub(super) struct Redaction<'d> {
    root: &'d Node,
    body: Option<BodyKind>,
    parts: OnceCell<Parts>,
}

/// The parts of a document.
#[derive(Default)]
struct Parts {
    /// Secrets and possible secrets; sorted and disjoint.
    secret: Vec<Span>,
    /// Hosts and names that may contain credentials; sorted and disjoint.
    hosts: Vec<Span>,
    /// Parts to show; hidden spans are not yet removed.
    shown: Vec<Span>,
}

impl<'d> Redaction<'d> {
    /// The redaction of a body; without a known `body`, only the keys of the root are shown.
    pub(super) fn of(root: &'d Node, body: Option<BodyKind>) -> Self {
        Self { root, body, parts: OnceCell::new() }
    }

    /// Whether a message may show the value.
    pub(super) fn allows(&self, node: &Node) -> bool {
        let parts = self.parts();
        !parts.hides(node.span) && !parts.hides(node.origin)
    }

    /// Whether no part of the value may be shown, not even the host that it contains.
    pub(super) fn is_secret(&self, node: &Node) -> bool {
        let secret = &self.parts().secret;
        overlaps(secret, node.span) || overlaps(secret, node.origin)
    }

    /// The spans that an excerpt may show, sorted and disjoint.
    pub(super) fn spans(&self) -> Vec<Span> {
        let parts = self.parts();
        disjoint(parts.shown.iter().copied().filter(|span| !parts.hides(*span)))
    }

    /// Whether a message may show the key.
    pub(super) fn allows_key(&self, member: &Member) -> bool {
        !self.parts().hides(member.key_origin)
    }

    fn parts(&self) -> &Parts {
        self.parts.get_or_init(|| Parts::of(self.root, self.body))
    }
}

impl Parts {
    fn of(root: &Node, body: Option<BodyKind>) -> Self {
        let mut walk = Self::default();
        match body {
            Some(body) => walk.value(root, Property::of(body)),
            None => walk.members(root, &UNKNOWN_OBJECT),
        }
        walk.secret = disjoint(walk.secret);
        walk.hosts = disjoint(walk.hosts);
        walk
    }

    fn hides(&self, span: Span) -> bool {
        overlaps(&self.secret, span) || overlaps(&self.hosts, span)
    }

    fn value(&mut self, node: &Node, property: &'static Property) {
        let property = property.resolve(node);
        match (&property.value_type, &node.kind) {
            (ValueType::Object(_), NodeKind::Object(_)) => self.members(node, property),
            (ValueType::Array(item), NodeKind::Array(items)) => {
                for value in items {
                    self.value(value, item);
                }
            }
            (ValueType::Host, NodeKind::String { value, .. }) if !format::is_plausible_host(value) => {
                self.hosts.extend([node.span, node.origin]);
            }
            (ValueType::Scalar, NodeKind::String { value, .. }) if !redshift::is_plausible_name(value) => {
                self.hosts.extend([node.span, node.origin]);
            }
            (ValueType::Scalar | ValueType::Host, kind)
                if !matches!(kind, NodeKind::Array(_) | NodeKind::Object(_)) =>
            {
                self.shown.push(node.span);
            }
            _ => self.hide(node),
        }
    }

    fn members(&mut self, node: &Node, property: &'static Property) {
        for member in node.members() {
            self.shown.push(member.key_span);
            if let Some(property) = property.get(&member.key) {
                self.value(&member.value, property);
                continue;
            }
            if may_contain_value(&member.key) {
                self.secret.extend([member.key_span, member.key_origin]);
            }
            self.hide(&member.value);
        }
    }

    fn hide(&mut self, node: &Node) {
        self.secret.extend([node.span, node.origin]);
        match &node.kind {
            NodeKind::Array(items) => items.iter().for_each(|item| self.hide(item)),
            NodeKind::Object(members) => members.iter().for_each(|member| self.hide(&member.value)),
            _ => {}
        }
    }
}

/// Whether an unknown key may contain a value because of a missing space: `password:Secret1: x`. The colon may be a
/// full-width one.
fn may_contain_value(key: &str) -> bool {
    key.contains([':', '\u{FF1A}'])
}

/// Removes keys inside a hidden value from a diagnostic, for example those of a password that is an object. The pointer
/// then ends at the hidden value.
pub(super) fn redact_keys(problem: &mut Diagnostic, body: BodyKind) {
    let mut property = Property::of(body);
    let mut end = 0;
    for segment in problem.pointer.split('/').skip(1) {
        property = match &property.value_type {
            ValueType::Object(_) => match property.get(segment) {
                Some(inner) => inner,
                None if may_contain_value(segment) => break,
                None => &ANY,
            },
            ValueType::Array(item) if segment.bytes().all(|b| b.is_ascii_digit()) => item,
            ValueType::Entry { redshift, .. } => redshift.get(segment).unwrap_or(&ANY),
            // An index, or a key that is too short to be a secret.
            _ if segment.len() < 6 && segment.bytes().all(|b| b.is_ascii_digit()) => &ANY,
            _ => break,
        };
        end += 1 + segment.len();
    }
    if end < problem.pointer.len() {
        problem.pointer.truncate(end);
        if problem.code == Code::DuplicateKey {
            "duplicate key".clone_into(&mut problem.message);
        }
    }
}

/// Whether `span` shares a byte with any of `sorted`, which are disjoint.
fn overlaps(sorted: &[Span], span: Span) -> bool {
    let next = sorted.partition_point(|other| other.end <= span.start);
    sorted.get(next).is_some_and(|other| other.start < span.end)
}

/// The union of the spans, sorted.
fn disjoint(spans: impl IntoIterator<Item = Span>) -> Vec<Span> {
    let mut spans: Vec<Span> = spans.into_iter().filter(|span| span.start < span.end).collect();
    spans.sort_unstable();
    let mut union: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match union.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            _ => union.push(span),
        }
    }
    union
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_that_share_a_byte_overlap() {
        let span = |start, end| Span { start, end };
        let sorted = [span(2, 4), span(6, 8)];
        for shares in [span(0, 3), span(3, 4), span(3, 7), span(7, 9), span(0, 9)] {
            assert!(overlaps(&sorted, shares), "{shares:?}");
        }
        for apart in [span(0, 2), span(4, 6), span(8, 9), span(4, 4)] {
            assert!(!overlaps(&sorted, apart), "{apart:?}");
        }
    }

    #[test]
    fn disjoint_sorts_merges_and_drops_empty_spans() {
        let span = |start, end| Span { start, end };
        let spans = [span(6, 8), span(2, 4), span(3, 5), span(3, 4), span(8, 9), span(1, 1)];
        assert_eq!(disjoint(spans), [span(2, 5), span(6, 8), span(8, 9)]);
    }
}
