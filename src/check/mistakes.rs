//! From what a schema has against a document to what its author did wrong: one diagnostic a mistake.
//!
//! A schema says too much (a misspelt required key is an unknown key and a missing one) and too little (it
//! knows no positions). This module joins what belongs together, with `authenticationType` as the
//! discriminator of the credentials, and finds the place of each mistake in the tree.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;

use super::judgement::{Judgement, judge};
use super::mender::Mender;
use super::placeholder::Placeholders;
use super::rules::Context;
use super::suggest::closest;
use super::visible::Visibility;
use super::wording::{enumerate, join, joined, name, pointer, segments, show};
use super::{Code, Diagnostic, LeftOut, Mend, characters};
use crate::document::{Member, Node, NodeKind, Span, Text};
use crate::operation::BodyKind;
use crate::placeholder;
use crate::schema::{ANY, Kind, Property, Shape, Violation};

/// The keys that hold credentials, flat and nested.
const FLAT: [&str; 2] = ["username", "password"];

/// Keys of other platforms' configurations, which get copied.
const FOREIGN_KEYS: [(&str, &str); 12] = [
    ("workspaces", "Snowflake"),
    ("audit", "Snowflake and Databricks"),
    ("lineage", "Snowflake"),
    ("warehouse", "Snowflake"),
    ("workspaceUrl", "Databricks"),
    ("httpPath", "Databricks"),
    ("token", "Databricks"),
    ("catalog", "Databricks"),
    ("schema", "Azure Synapse Analytics"),
    ("datasetSuffix", "Google BigQuery"),
    ("awsRegion", "Amazon S3"),
    ("awsAccountId", "Amazon S3"),
];

/// The keys of the AWS access key method, which goes with `authenticationType: accessKey`.
const ACCESS_KEY_KEYS: [&str; 4] = ["accessKeyId", "secretAccessKey", "awsAccessKeyId", "awsSecretAccessKey"];

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
        visibility: context.visibility,
        mender: context.mender,
        placeholders,
        refused: &refused,
        explained: Pointers::new(),
        silenced: Pointers::new(),
        diagnostics: Vec::new(),
        limit: context.options.limits.diagnostics,
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
    visibility: &'d Visibility<'d>,
    mender: Mender<'d>,
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

    /// `okta` beside `authenticationType: userPassword`, or flat credentials beside `okta`: one mistake,
    /// whatever else is missing or wrong because of it.
    fn misplaced_credentials(&mut self, pointer: &str) {
        let is_forbidden = |key: &&str| self.refused.has(&join(pointer, key), &Kind::Forbidden);
        let misplaced: Vec<&str> =
            ["username", "password", "okta"].into_iter().filter(is_forbidden).collect();
        let Some(place) = self.place(pointer) else { return };
        let Some(first) = place.node.members().iter().find(|member| misplaced.contains(&member.key.as_str()))
        else {
            return;
        };
        let is_okta = !misplaced.contains(&"okta");
        let (message, help) = if is_okta {
            let nested = place.node.get("okta").is_some();
            (
                format!(
                    "{} {} not go with `authenticationType: okta`",
                    joined(misplaced.iter().map(|key| format!("`{key}`")), " and "),
                    if misplaced.len() == 1 { "does" } else { "do" },
                ),
                if nested {
                    "because `authenticationType` is `okta`, the credentials stand in `okta` alone".to_owned()
                } else {
                    let mut others = self.required_keys(pointer, "okta");
                    others.retain(|key| !FLAT.contains(key));
                    format!(
                        "because `authenticationType` is `okta`, put them into an object `okta`, with {}; or write \
                         `authenticationType: userPassword`",
                        enumerate(&others, "and")
                    )
                },
            )
        } else {
            let flat = FLAT.into_iter().any(|key| place.node.get(key).is_some());
            (
                "`okta` does not go with `authenticationType: userPassword`".to_owned(),
                if flat {
                    "because `authenticationType` is `userPassword`, leave out `okta`".to_owned()
                } else {
                    "write `authenticationType: okta`; or leave out `okta` and give `username` and `password`"
                        .to_owned()
                },
            )
        };
        self.push(
            Diagnostic::new(Code::AuthenticationMismatch, join(pointer, &first.key), first.key_span, message)
                .with_help(help),
        );
        for key in &misplaced {
            self.silence(join(pointer, key).into());
        }
        for key in ["username", "password", "okta"] {
            self.explain(join(pointer, key));
        }
        if is_okta {
            let okta = join(pointer, "okta");
            for key in &misplaced {
                self.explain(join(&okta, key));
            }
        }
    }

    fn unknown_keys(&mut self, pointer: &str) {
        let Some(place) = self.place(pointer) else { return };
        let property = place.property.resolve(place.node);
        let is_unknown =
            |member: &&Member| !property.has(&member.key) && !self.is_explained_key(pointer, member);
        let mut unknown: Vec<&Member> = place.node.members().iter().filter(is_unknown).collect();
        if pointer.is_empty() {
            self.copied_response(&mut unknown);
            if self.wrapped_credentials(&mut unknown) {
                return;
            }
        }
        // Misspellings first: they tell which keys are not really missing.
        let (absent, present): (Vec<&str>, Vec<&str>) = property
            .properties()
            .iter()
            .map(|property| property.name)
            .partition(|key| place.node.get(key).is_none());
        let mut rest = Vec::new();
        let mut misspelt = Vec::new();
        let mut claims = BTreeMap::new();
        for member in unknown {
            let key = match characters::clean_key(&member.key) {
                Some((key, _)) => Cow::Owned(key),
                None => Cow::Borrowed(member.key.as_str()),
            };
            let elsewhere = self.belongs(&key, pointer);
            let is_key = |known: &&&str| is_same_key(&key, known);
            let meant = if let Some(known) = present.iter().find(is_key) {
                Some(*known)
            } else {
                closest(&key, absent.iter().copied()).filter(|_| elsewhere.is_empty())
            };
            match meant {
                Some(meant) => {
                    *claims.entry(meant).or_insert(0_usize) += 1;
                    if misspelt.len() < self.limit {
                        misspelt.push((member, meant));
                    } else {
                        self.left_out += 1;
                    }
                }
                // It will not be listed, and explains nothing.
                None if rest.len() >= self.limit
                    && elsewhere.is_empty()
                    && !ACCESS_KEY_KEYS.contains(&key.as_ref()) =>
                {
                    self.left_out += 1;
                }
                None => rest.push((member, elsewhere)),
            }
        }
        for (member, meant) in &misspelt {
            self.explain(join(pointer, meant));
            // Which of two values is the right one, nobody can tell.
            let is_set = present.contains(meant);
            let is_one = !is_set && claims.get(meant) == Some(&1);
            let mut help = if is_set {
                format!("`{meant}` is set already; leave one of the two out")
            } else {
                format!("did you mean `{meant}`?")
            };
            if !is_set && !is_one {
                help.push_str(" Another key may mean it too; keep one of them");
            }
            if let Some(said) = characters::of_word(&member.key, "this key") {
                help.push(' ');
                help.push_str(&said);
            }
            let mend = if is_one { self.mender.rename(member, meant) } else { None };
            self.unknown_key(pointer, member, Some(help), mend);
        }
        if pointer.is_empty() {
            self.flat_payload(&mut rest);
        }
        for (member, elsewhere) in rest {
            let character = characters::clean_key(&member.key);
            let key = character.as_ref().map_or(member.key.as_str(), |(key, _)| key);
            let help = self.help_for_unknown(pointer, place.node, key, &elsewhere);
            let help = match (help, &character) {
                (Some(Some(help)), Some((_, said))) => Some(Some(format!("{help}; {said}"))),
                (Some(None), Some((_, said))) => Some(Some(said.clone())),
                (help, _) => help,
            };
            match help {
                None => {}
                Some(help) => self.unknown_key(pointer, member, help, None),
            }
            for other in &elsewhere {
                self.explain(join(other, key));
            }
        }
    }

    /// Whether a diagnostic of another kind covers the unknown key: it is a placeholder, or belongs to SOPS.
    fn is_explained_key(&self, pointer: &str, member: &Member) -> bool {
        self.body.is_request()
            && (placeholder::is_key(&member.key)
                || pointer.is_empty() && self.placeholders.is_of_sops(&member.key, &member.value))
    }

    /// The help for a key that is no misspelling; no help inside means none, `None` that another diagnostic
    /// covers the key.
    #[allow(clippy::option_option)]
    fn help_for_unknown(
        &self,
        pointer: &str,
        node: &Node,
        key: &str,
        elsewhere: &[String],
    ) -> Option<Option<String>> {
        if ACCESS_KEY_KEYS.contains(&key)
            && node.get("authenticationType").and_then(Node::as_str) == Some("accessKey")
        {
            return None;
        }
        if !elsewhere.is_empty() {
            let places = elsewhere.iter().map(|other| place_name(other));
            return Some(Some(format!("{} belongs {}", show(key), joined(places, " or "))));
        }
        let foreign = FOREIGN_KEYS.iter().find(|(foreign, _)| *foreign == key);
        if let Some((_, platform)) = foreign.filter(|_| self.body == BodyKind::Payload) {
            return Some(Some(format!("{} is a key of {platform}; leave it out", show(key))));
        }
        let known: Vec<&str> = self
            .place(pointer)
            .map(|place| {
                let properties = place.property.resolve(place.node).properties();
                properties.iter().map(|property| property.name).collect()
            })
            .unwrap_or_default();
        Some((!known.is_empty()).then(|| format!("known are {}", enumerate(&known, "and"))))
    }

    /// The pointers to the other objects of a request body that have a property `key`.
    fn belongs(&self, key: &str, here: &str) -> Vec<String> {
        let mut found = Vec::new();
        if self.body.is_request() {
            objects_with(Property::of(self.body), &mut Vec::new(), key, &mut found);
            found.retain(|pointer| pointer != here);
            // An object that is not there is no place to send anybody to, if another one is.
            if found.iter().any(|pointer| self.place(pointer).is_some()) {
                found.retain(|pointer| self.place(pointer).is_some());
            }
        }
        found
    }

    fn unknown_key(&mut self, pointer: &str, member: &Member, help: Option<String>, mend: Option<Mend>) {
        let (subject, pointer_to_key) = if self.visibility.shows_key(member) {
            (show(&member.key), join(pointer, &member.key))
        } else {
            ("this key".to_owned(), pointer.to_owned())
        };
        let message = format!("{subject} is no property of {}", self.container(pointer));
        let diagnostic =
            Diagnostic::new(Code::UnknownProperty, pointer_to_key, member.key_span, message).with_mend(mend);
        self.push(match help {
            Some(help) => diagnostic.with_help(help),
            None => diagnostic,
        });
    }

    /// `id`, `status` and `validationResults` in a payload: a response was copied.
    fn copied_response(&mut self, unknown: &mut Vec<&Member>) {
        const OF_RESPONSES: [&str; 3] = ["id", "status", "validationResults"];
        let is_copied = |member: &&Member| OF_RESPONSES.contains(&member.key.as_str());
        if self.body != BodyKind::Payload || unknown.iter().filter(|member| is_copied(member)).count() < 2 {
            return;
        }
        if let Some(first) = unknown.iter().copied().find(is_copied) {
            let help = "this is a response: leave out `id`, `status` and `validationResults`";
            self.unknown_key("", first, Some(help.to_owned()), None);
        }
        unknown.retain(|member| !is_copied(member));
    }

    /// Credentials inside `config`, as in a payload, where `DELETE` takes them flat.
    fn wrapped_credentials(&mut self, unknown: &mut Vec<&Member>) -> bool {
        if self.body != BodyKind::Credentials {
            return false;
        }
        let Some(config) = unknown.iter().copied().find(|member| member.key == "config") else {
            return false;
        };
        let message = "`config` is no property of the body of a `DELETE`, which is flat";
        self.push(
            Diagnostic::new(Code::UnknownProperty, "/config", config.key_span, message).with_help(
                "write `authenticationType` and the credentials at the top level, and nothing else",
            ),
        );
        for property in Property::of(self.body).properties() {
            self.explain(join("", property.name));
        }
        true
    }

    /// The keys of `config` at the top level, without a `config`: one mistake, not one a key.
    fn flat_payload(&mut self, unknown: &mut Vec<(&Member, Vec<String>)>) {
        let of_config = |(member, _): &(&Member, Vec<String>)| {
            Property::of(BodyKind::Payload).get("config").is_some_and(|config| config.has(&member.key))
        };
        let lacks_config = self.body == BodyKind::Payload
            && self.root.get("config").is_none()
            && !self.explained.contains_key("/config");
        let keys: Vec<String> =
            unknown.iter().filter(|entry| of_config(entry)).map(|(member, _)| show(&member.key)).collect();
        let Some((first, _)) = unknown.iter().find(|entry| of_config(entry)).filter(|_| lacks_config) else {
            return;
        };
        self.push(
            Diagnostic::new(
                Code::MissingProperty,
                "",
                first.key_span,
                "the payload lacks `config`, the object that holds the connection",
            )
            .with_help(format!("put {} into `config`", joined(keys, ", "))),
        );
        self.explain("/config".to_owned());
        unknown.retain(|entry| !of_config(entry));
    }

    fn missing_keys(&mut self, pointer: &str, kinds: &[&Kind]) {
        if self.is_silenced(pointer) {
            return;
        }
        let Some(place) = self.place(pointer) else { return };
        // What is missing may be what a key that is a placeholder stands for.
        if self.body.is_request()
            && place.node.members().iter().any(|member| placeholder::is_key(&member.key))
        {
            return;
        }
        let mut missing: Vec<&str> = Vec::new();
        for kind in kinds {
            if let Kind::Missing(key) = kind
                && !missing.contains(&key.as_str())
            {
                missing.push(key);
            }
        }
        missing.retain(|key| !self.explained.contains_key(join(pointer, key).as_str()));
        if missing.is_empty() {
            return;
        }
        let span = Self::around(&place);
        let authentication = place.node.get("authenticationType").and_then(Node::as_str);
        let neither = self.body.is_request()
            && match authentication {
                Some("userPassword") => FLAT.iter().all(|key| missing.contains(key)),
                Some("okta") => missing.contains(&"okta"),
                _ => false,
            };
        if neither {
            self.no_credentials(pointer, span, authentication == Some("okta"));
            missing.retain(|key| !FLAT.contains(key) && *key != "okta");
        }
        for key in missing {
            self.missing_key(pointer, span, key, authentication);
        }
    }

    fn no_credentials(&mut self, pointer: &str, span: Span, okta: bool) {
        let container = self.container(pointer);
        let (message, help) = if okta {
            (
                format!("{container} has no credentials: `okta` is missing"),
                format!(
                    "because `authenticationType` is `okta`, add an object `okta` with {}",
                    enumerate(&self.required_keys(pointer, "okta"), "and")
                ),
            )
        } else {
            (
                format!("{container} has no credentials: `username` and `password` are missing"),
                "because `authenticationType` is `userPassword`, add `username` and `password`".to_owned(),
            )
        };
        self.push(Diagnostic::new(Code::AuthenticationMismatch, pointer, span, message).with_help(help));
    }

    /// The properties that an object at `key` of the object at `pointer` cannot do without.
    fn required_keys(&self, pointer: &str, key: &str) -> Vec<&'static str> {
        let around = self.place(pointer).map(|place| place.property.resolve(place.node));
        around.and_then(|around| around.get(key)).map(Property::required).unwrap_or_default()
    }

    fn missing_key(&mut self, pointer: &str, span: Span, key: &str, authentication: Option<&str>) {
        let container = self.container(pointer);
        if key == "role" && pointer.ends_with("/impersonation") {
            self.push(
                Diagnostic::new(
                    Code::ImpersonationRoleMissing,
                    pointer,
                    span,
                    format!("{container} lacks `role`, because `enabled` is `true`"),
                )
                .with_help(
                    "add `role`, the group whose members may impersonate, for example `immuta_impersonation`",
                ),
            );
            return;
        }
        let because = match authentication {
            Some(kind @ ("userPassword" | "okta")) if FLAT.contains(&key) || key == "okta" => {
                format!(", because `authenticationType` is `{kind}`")
            }
            _ => String::new(),
        };
        let diagnostic = Diagnostic::new(
            Code::MissingProperty,
            pointer,
            span,
            format!("{container} lacks `{key}`{because}"),
        );
        let property = self.place(pointer).and_then(|place| place.property.resolve(place.node).get(key));
        self.push(match property {
            Some(property) => diagnostic.with_help(format!("add `{key}`: {}", property.purpose())),
            None => diagnostic,
        });
    }

    /// At most one diagnostic for a value, the one that explains most.
    fn wrong_value(&mut self, pointer: &str, kinds: &[&Kind]) {
        if self.is_silenced(pointer) {
            return;
        }
        let rank = |kind: &Kind| match kind {
            Kind::Missing(_) | Kind::Unknown | Kind::Forbidden => None,
            Kind::Redacted => Some(0),
            Kind::Type(_) => Some(1),
            Kind::Choice(_) => Some(2),
            Kind::TooShort(_) => Some(3),
            Kind::Format(_) => Some(4),
            Kind::TooLong(_) => Some(5),
            Kind::BelowMinimum(_) | Kind::AboveMaximum(_) => Some(6),
            Kind::Other => Some(7),
        };
        let Some(kind) =
            kinds.iter().copied().filter(|kind| rank(kind).is_some()).min_by_key(|kind| rank(kind))
        else {
            return;
        };
        let Some(place) = self.place(pointer) else { return };
        let Judgement { code, message, help, mend } =
            judge(pointer, &place, kind, self.visibility, self.mender);
        let diagnostic = Diagnostic::new(code, pointer, place.node.span, message).with_mend(mend);
        self.push(match help {
            Some(help) => diagnostic.with_help(help),
            None => diagnostic,
        });
    }
}

/// Whether two keys differ in case alone, or in what parts their words.
fn is_same_key(key: &str, other: &str) -> bool {
    let letters = |key: &str| {
        key.chars().filter(|c| !"_- ".contains(*c)).map(|c| c.to_ascii_lowercase()).collect::<String>()
    };
    letters(key) == letters(other)
}

/// The span of the first key, or of the whole of what is no object with keys.
pub(super) fn first_key(root: &Node) -> Span {
    root.members().first().map_or(root.span, |member| member.key_span)
}

/// How a help says where a key belongs.
fn place_name(pointer: &str) -> String {
    match pointer {
        "" => "at the top level".to_owned(),
        other => format!("in {}", name(other)),
    }
}

fn objects_with(
    property: &'static Property,
    path: &mut Vec<&'static str>,
    key: &str,
    found: &mut Vec<String>,
) {
    if property.has(key) {
        found.push(pointer(path));
    }
    for below in property.properties() {
        path.push(below.name);
        objects_with(below, path, key, found);
        path.pop();
    }
}
