//! From what a schema has against a document to what its author did wrong: one diagnostic a mistake.
//!
//! A schema says too much (a misspelt required key is an unknown key and a missing one) and too little (it
//! knows no positions). This module joins what belongs together, with `authenticationType` as the
//! discriminator of the credentials, and finds the place of each mistake in the tree.

mod copied_response;
mod credentials;
mod missing_key;
mod unknown_key;
mod wrong_value;

pub(super) use wrong_value::{is_okta, known_port, port, truth};

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
use crate::schema::{ANY, Kind, Property, Shape, Violation};
use crate::text::pointer::segments;

/// The diagnostics for what the schema of `body` has against the document, except for the values that are placeholders
/// or `silenced`.
///
/// Of more than the limit the rest are counted alone, in `left_out`.
pub(super) fn diagnose(
    context: &Context<'_>,
    violations: &[Violation],
    placeholders: &Placeholders,
    silenced: &[String],
    left_out: &mut LeftOut,
) -> Vec<Diagnostic> {
    let refused = Refused::new(violations);
    let mut findings = Findings {
        root: context.root,
        body: context.operation.body_kind(),
        redaction: context.redaction,
        fix_builder: context.fix_builder,
        placeholders,
        refused: &refused,
        explained: Pointers::new(),
        silenced: Pointers::new(),
        diagnostics: Vec::new(),
        limit: context.limits.diagnostics,
        left_out: 0,
        trail: RefCell::default(),
    };
    for pointer in silenced.iter().chain(&placeholders.values) {
        findings.silence(pointer.as_str().into());
    }
    let forbidden = refused.values.iter().filter(|value| value.kinds.contains(&&Kind::Forbidden));
    let mut around: Vec<&str> =
        forbidden.filter_map(|value| value.pointer.rsplit_once('/')).map(|(around, _)| around).collect();
    around.dedup();
    for pointer in around {
        findings.misplaced_credentials(pointer);
    }
    for value in &refused.values {
        if value.kinds.contains(&&Kind::Unknown) {
            findings.unknown_keys(value.pointer);
        }
    }
    for value in &refused.values {
        findings.missing_keys(value.pointer, &value.kinds);
    }
    for value in &refused.values {
        findings.wrong_value(value.pointer, &value.kinds);
    }
    left_out.errors += findings.left_out;
    findings.diagnostics
}

/// The values that a schema has something against, in its order.
struct Refused<'d> {
    values: Vec<RefusedValue<'d>>,
    /// The place of each pointer among them.
    places: Pointers,
}

/// Pointers, with a place for each. A set would be another tree in the module that browsers load.
type Pointers = BTreeMap<Text, usize>;

struct RefusedValue<'d> {
    pointer: &'d str,
    kinds: Vec<&'d Kind>,
}

impl<'d> Refused<'d> {
    fn new(violations: &'d [Violation]) -> Self {
        let mut refused = Self { values: Vec::new(), places: Pointers::new() };
        for Violation { pointer, kind } in violations {
            let next = refused.values.len();
            let place = *refused.places.entry(pointer.clone()).or_insert(next);
            match refused.values.get_mut(place) {
                Some(value) => value.kinds.push(kind),
                None => refused.values.push(RefusedValue { pointer, kinds: vec![kind] }),
            }
        }
        refused
    }

    fn has(&self, pointer: &str, kind: &Kind) -> bool {
        let value = self.places.get(pointer).and_then(|&place| self.values.get(place));
        value.is_some_and(|value| value.kinds.contains(&kind))
    }
}

struct Findings<'d> {
    root: &'d Node,
    body: BodyKind,
    redaction: &'d Redaction<'d>,
    fix_builder: FixBuilder<'d>,
    placeholders: &'d Placeholders,
    refused: &'d Refused<'d>,
    /// Pointers to keys whose absence another diagnostic explains.
    explained: Pointers,
    /// Pointers to values below which nothing more is said.
    silenced: Pointers,
    diagnostics: Vec<Diagnostic>,
    /// The most of them that are listed, and how many more there are.
    limit: usize,
    left_out: usize,
    /// The way to the place that was looked up last, by the lengths of the pointers: the next is mostly near it, and to
    /// search large objects again and again would take too long.
    trail: RefCell<(String, Vec<(usize, Place<'d>)>)>,
}

/// A value with what surrounds it.
#[derive(Clone, Copy)]
pub(super) struct Place<'d> {
    /// The value.
    pub(super) node: &'d Node,
    /// What the schema says of it.
    pub(super) property: &'static Property,
    /// The member that holds the value, or the nearest one around it.
    pub(super) member: Option<&'d Member>,
    /// The array or object that holds the value.
    pub(super) around: Option<&'d Node>,
}

impl Place<'_> {
    /// The value under a key or an index.
    fn inner(self, segment: &str) -> Option<Self> {
        let property = self.property.resolve(self.node);
        if let NodeKind::Array(items) = &self.node.kind {
            let node = items.get(segment.parse::<usize>().ok()?)?;
            let Shape::Array(property) = &property.shape else { return None };
            return Some(Self { node, property, member: self.member, around: Some(self.node) });
        }
        let member = self.node.member(segment)?;
        let property = property.get(segment).unwrap_or(&ANY);
        Some(Self { node: &member.value, property, member: Some(member), around: Some(self.node) })
    }
}

impl<'d> Findings<'d> {
    fn place(&self, pointer: &str) -> Option<Place<'d>> {
        let mut trail = self.trail.borrow_mut();
        let (last, places) = &mut *trail;
        let is_above = |length: usize| {
            let rest = pointer.get(length..);
            last.get(..length) == pointer.get(..length)
                && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let known = places.iter().take_while(|(length, _)| is_above(*length)).count();
        places.truncate(known);
        pointer.clone_into(last);
        let root = Place { node: self.root, property: Property::of(self.body), member: None, around: None };
        let (mut length, mut place) = places.last().copied().unwrap_or((0, root));
        let rest = pointer.get(length..)?;
        for (raw, segment) in rest.split('/').skip(1).zip(segments(rest)) {
            place = place.inner(&segment)?;
            length += 1 + raw.len();
            places.push((length, place));
        }
        Some(place)
    }

    /// Takes a diagnostic, which is an error. Once there are too many, the first of them stay.
    fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
        if self.diagnostics.len() > self.limit.saturating_mul(2) {
            let mut all = super::in_order(std::mem::take(&mut self.diagnostics));
            self.left_out += all.len() - self.limit;
            all.truncate(self.limit);
            self.diagnostics = all;
        }
    }

    /// Where a missing key is reported: at the key of the object that lacks it, or where a document or an
    /// item of a list, which have no key, begins.
    fn around(place: &Place<'_>) -> Span {
        match place.member {
            Some(member) if std::ptr::eq(place.node, &raw const member.value) => member.key_span,
            _ => first_key(place.node),
        }
    }

    fn explain(&mut self, pointer: String) {
        self.explained.insert(pointer.into(), 0);
    }

    fn silence(&mut self, pointer: Text) {
        self.silenced.insert(pointer, 0);
    }

    fn container(&self, pointer: &str) -> String {
        match (pointer, self.body) {
            ("", BodyKind::Payload) => "the payload".to_owned(),
            ("", BodyKind::Credentials) => "the body of a `DELETE`".to_owned(),
            ("", _) => "the response".to_owned(),
            _ => name(pointer),
        }
    }

    fn is_silenced(&self, pointer: &str) -> bool {
        let ends = pointer.match_indices('/').map(|(at, _)| at).chain([pointer.len()]);
        ends.into_iter().any(|end| pointer.get(..end).is_some_and(|above| self.silenced.contains_key(above)))
    }
}

/// The span of the first key, or of the whole of what is no object with keys.
pub(super) fn first_key(root: &Node) -> Span {
    root.members().first().map_or(root.span, |member| member.key_span)
}
