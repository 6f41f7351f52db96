//! Turns schema violations into diagnostics: one per problem.
//!
//! A schema reports too much (a misspelled required key is both unknown and missing) and too little (it has no
//! positions). This module merges related violations, with `authenticationType` as the discriminator of the
//! credentials, and locates each problem in the tree.

mod copied_response;
mod credentials;
mod missing_key;
mod unknown_key;
mod wrong_value;

pub(super) use wrong_value::{boolean, is_okta, known_port, noun, port};

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::context::Context;
use super::fix_builder::FixBuilder;
use super::redaction::Redaction;
use super::rules::placeholder::Placeholders;
use super::wording::name;
use super::{Diagnostic, LeftOut};
use crate::document::{Member, Node, NodeKind, Span, Text};
use crate::operation::BodyKind;
use crate::schema::{ANY, Kind, Property, ValueType, Violation};
use crate::text::pointer::segments;

/// The diagnostics for the violations, except at values that are placeholders or `suppressed`.
///
/// Diagnostics beyond the limit are only counted, in `left_out`.
pub(super) fn diagnose(
    context: &Context<'_>,
    violations: &[Violation],
    placeholders: &Placeholders,
    suppressed: &[String],
    left_out: &mut LeftOut,
) -> Vec<Diagnostic> {
    let by_pointer = ViolationsByPointer::new(violations);
    let mut findings = Findings {
        root: context.root,
        body: context.operation.body_kind(),
        redaction: context.redaction,
        fix_builder: context.fix_builder,
        placeholders,
        violations: &by_pointer,
        explained: Pointers::new(),
        suppressed: Pointers::new(),
        diagnostics: Vec::new(),
        limit: context.limits.diagnostics,
        left_out: 0,
        trail: RefCell::default(),
    };
    for pointer in suppressed.iter().chain(&placeholders.values) {
        findings.suppress(pointer.as_str().into());
    }
    let forbidden = by_pointer.values.iter().filter(|value| value.kinds.contains(&&Kind::Forbidden));
    let mut parents: Vec<&str> =
        forbidden.filter_map(|value| value.pointer.rsplit_once('/')).map(|(parent, _)| parent).collect();
    parents.dedup();
    for pointer in parents {
        findings.misplaced_credentials(pointer);
    }
    for value in &by_pointer.values {
        if value.kinds.contains(&&Kind::Unknown) {
            findings.unknown_keys(value.pointer);
        }
    }
    for value in &by_pointer.values {
        findings.missing_keys(value.pointer, &value.kinds);
    }
    for value in &by_pointer.values {
        findings.wrong_value(value.pointer, &value.kinds);
    }
    left_out.errors += findings.left_out;
    findings.diagnostics
}

/// The violations, grouped by the value that they are about, in the order of the schema.
struct ViolationsByPointer<'d> {
    values: Vec<ValueViolations<'d>>,
    /// The index of each pointer in `values`.
    indices: Pointers,
}

/// Pointers, each with an index. Also used as a set, because a `BTreeSet` would make the WebAssembly module larger.
type Pointers = BTreeMap<Text, usize>;

struct ValueViolations<'d> {
    pointer: &'d str,
    kinds: Vec<&'d Kind>,
}

impl<'d> ViolationsByPointer<'d> {
    fn new(violations: &'d [Violation]) -> Self {
        let mut grouped = Self { values: Vec::new(), indices: Pointers::new() };
        for Violation { pointer, kind } in violations {
            let next = grouped.values.len();
            let index = *grouped.indices.entry(pointer.clone()).or_insert(next);
            match grouped.values.get_mut(index) {
                Some(value) => value.kinds.push(kind),
                None => grouped.values.push(ValueViolations { pointer, kinds: vec![kind] }),
            }
        }
        grouped
    }

    fn has(&self, pointer: &str, kind: &Kind) -> bool {
        let value = self.indices.get(pointer).and_then(|&index| self.values.get(index));
        value.is_some_and(|value| value.kinds.contains(&kind))
    }
}

struct Findings<'d> {
    root: &'d Node,
    body: BodyKind,
    redaction: &'d Redaction<'d>,
    fix_builder: FixBuilder<'d>,
    placeholders: &'d Placeholders,
    violations: &'d ViolationsByPointer<'d>,
    /// Pointers to missing keys that another diagnostic already explains.
    explained: Pointers,
    /// Pointers to values at or below which no more diagnostics are reported.
    suppressed: Pointers,
    diagnostics: Vec<Diagnostic>,
    /// The maximum number of diagnostics to list.
    limit: usize,
    /// How many diagnostics are not listed.
    left_out: usize,
    /// The path to the location found last, by the lengths of the pointers. The next lookup is usually near it;
    /// searching large objects from the root each time would be slow.
    trail: RefCell<(String, Vec<(usize, Location<'d>)>)>,
}

/// A value in its context.
#[derive(Clone, Copy)]
pub(super) struct Location<'d> {
    pub(super) node: &'d Node,
    /// The schema of the value.
    pub(super) property: &'static Property,
    /// The member whose value this is, or the nearest enclosing one.
    pub(super) member: Option<&'d Member>,
    /// The array or object that contains the value.
    pub(super) parent: Option<&'d Node>,
}

impl Location<'_> {
    /// The value at a key or an index.
    fn child(self, segment: &str) -> Option<Self> {
        let property = self.property.resolve(self.node);
        if let NodeKind::Array(items) = &self.node.kind {
            let node = items.get(segment.parse::<usize>().ok()?)?;
            let ValueType::Array(property) = &property.value_type else { return None };
            return Some(Self { node, property, member: self.member, parent: Some(self.node) });
        }
        let member = self.node.member(segment)?;
        let property = property.get(segment).unwrap_or(&ANY);
        Some(Self { node: &member.value, property, member: Some(member), parent: Some(self.node) })
    }
}

impl<'d> Findings<'d> {
    fn locate(&self, pointer: &str) -> Option<Location<'d>> {
        let mut trail = self.trail.borrow_mut();
        let (last, locations) = &mut *trail;
        let is_above = |length: usize| {
            let rest = pointer.get(length..);
            last.get(..length) == pointer.get(..length)
                && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let known = locations.iter().take_while(|(length, _)| is_above(*length)).count();
        locations.truncate(known);
        pointer.clone_into(last);
        let root =
            Location { node: self.root, property: Property::of(self.body), member: None, parent: None };
        let (mut length, mut location) = locations.last().copied().unwrap_or((0, root));
        let rest = pointer.get(length..)?;
        for (raw, segment) in rest.split('/').skip(1).zip(segments(rest)) {
            location = location.child(&segment)?;
            length += 1 + raw.len();
            locations.push((length, location));
        }
        Some(location)
    }

    /// Adds an error. If there are too many, only the first in the order of the text are kept.
    fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
        if self.diagnostics.len() > self.limit.saturating_mul(2) {
            let mut all = super::in_order(std::mem::take(&mut self.diagnostics));
            self.left_out += all.len() - self.limit;
            all.truncate(self.limit);
            self.diagnostics = all;
        }
    }

    /// Where to report a missing key: at the key of the object that should have it. A document and a list item
    /// have no key, so it is reported at their first key.
    fn span_of_missing(location: &Location<'_>) -> Span {
        match location.member {
            Some(member) if std::ptr::eq(location.node, &raw const member.value) => member.key_span,
            _ => first_key(location.node),
        }
    }

    fn explain(&mut self, pointer: String) {
        self.explained.insert(pointer.into(), 0);
    }

    fn suppress(&mut self, pointer: Text) {
        self.suppressed.insert(pointer, 0);
    }

    fn container(&self, pointer: &str) -> String {
        match (pointer, self.body) {
            ("", BodyKind::Payload) => "the payload".to_owned(),
            ("", BodyKind::Credentials) => "the `DELETE` body".to_owned(),
            ("", _) => "the response".to_owned(),
            _ => name(pointer),
        }
    }

    /// Whether the value or one that contains it is suppressed.
    fn is_suppressed(&self, pointer: &str) -> bool {
        let ends = pointer.match_indices('/').map(|(at, _)| at).chain([pointer.len()]);
        ends.into_iter()
            .any(|end| pointer.get(..end).is_some_and(|above| self.suppressed.contains_key(above)))
    }
}

/// The span of the first key; of the whole value if it is not an object or is empty.
pub(super) fn first_key(root: &Node) -> Span {
    root.members().first().map_or(root.span, |member| member.key_span)
}
