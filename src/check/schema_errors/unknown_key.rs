//! Unknown properties: misspelled, in the wrong object, or of another platform.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Findings;
use crate::check::wording::{alternatives, name};
use crate::check::{Code, Diagnostic, Fix, characters};
use crate::document::{Member, Node};
use crate::operation::BodyKind;
use crate::placeholder;
use crate::platform::Platform;
use crate::schema::Property;
use crate::text::pointer::{join, pointer};
use crate::text::shown::show;
use crate::text::suggest::closest;

/// The keys of the AWS access key method, `authenticationType: accessKey`.
const ACCESS_KEY_KEYS: [&str; 4] = ["accessKeyId", "secretAccessKey", "awsAccessKeyId", "awsSecretAccessKey"];

impl Findings<'_> {
    pub(super) fn unknown_keys(&mut self, pointer: &str) {
        let Some(location) = self.locate(pointer) else { return };
        let property = location.property.resolve(location.node);
        let is_unknown =
            |member: &&Member| !property.has(&member.key) && !self.is_explained_key(pointer, member);
        let mut unknown: Vec<&Member> = location.node.members().iter().filter(is_unknown).collect();
        if pointer.is_empty() {
            self.copied_response(&mut unknown);
            if self.wrapped_credentials(&mut unknown) {
                return;
            }
        }
        // Misspellings first: they explain some of the missing keys.
        let (absent, present): (Vec<&str>, Vec<&str>) = property
            .properties()
            .iter()
            .map(|property| property.name)
            .partition(|key| location.node.get(key).is_none());
        let mut rest = Vec::new();
        let mut misspelled = Vec::new();
        let mut candidates = BTreeMap::new();
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
                    *candidates.entry(meant).or_insert(0_usize) += 1;
                    if misspelled.len() < self.limit {
                        misspelled.push((member, meant));
                    } else {
                        self.left_out += 1;
                    }
                }
                // It would not be listed, and it explains no missing key.
                None if rest.len() >= self.limit
                    && elsewhere.is_empty()
                    && !ACCESS_KEY_KEYS.contains(&key.as_ref()) =>
                {
                    self.left_out += 1;
                }
                None => rest.push((member, elsewhere)),
            }
        }
        for (member, meant) in &misspelled {
            self.explain(join(pointer, meant));
            let is_set = present.contains(meant);
            // If there are two values, either may be the right one.
            let is_unique = !is_set && candidates.get(meant) == Some(&1);
            let mut help = if is_set {
                format!("`{meant}` is already defined; remove one of the two")
            } else {
                format!("did you mean `{meant}`?")
            };
            if !is_set && !is_unique {
                help.push_str(" Another key may mean the same; keep only one of them");
            }
            if let Some(character) = characters::of_word(&member.key, "this key") {
                help.push_str(if help.ends_with('?') { " " } else { "; " });
                help.push_str(&character);
            }
            let fix = if is_unique { self.fix_builder.rename(member, meant) } else { None };
            self.unknown_key(pointer, member, Some(help), fix);
        }
        if pointer.is_empty() {
            self.flat_payload(&mut rest);
        }
        for (member, elsewhere) in rest {
            let character = characters::clean_key(&member.key);
            let key = character.as_ref().map_or(member.key.as_str(), |(key, _)| key);
            let help = self.help_for_unknown(pointer, location.node, key, &elsewhere);
            let help = match (help, &character) {
                (Some(Some(help)), Some((_, character))) => Some(Some(format!("{help}; {character}"))),
                (Some(None), Some((_, character))) => Some(Some(character.clone())),
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

    /// The help for a key that is not misspelled: `Some(None)` if there is no help, `None` if another diagnostic covers
    /// the key.
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
            let places: Vec<String> = elsewhere.iter().map(|other| place_name(other)).collect();
            return Some(Some(format!("{} belongs {}", show(key), places.join(" or "))));
        }
        let platforms: Vec<&str> = Platform::with_foreign_key(key).map(Platform::name).collect();
        if !platforms.is_empty() && self.body == BodyKind::Payload {
            return Some(Some(format!(
                "{} is a property of {}; remove it",
                show(key),
                platforms.join(" and ")
            )));
        }
        let known: Vec<&str> = self
            .locate(pointer)
            .map(|location| {
                let properties = location.property.resolve(location.node).properties();
                properties.iter().map(|property| property.name).collect()
            })
            .unwrap_or_default();
        Some((!known.is_empty()).then(|| format!("expected {}", alternatives(&known))))
    }

    /// The pointers to the other objects of a request body whose schema has a property `key`.
    fn belongs(&self, key: &str, here: &str) -> Vec<String> {
        let mut found = Vec::new();
        if self.body.is_request() {
            objects_with(Property::of(self.body), &mut Vec::new(), key, &mut found);
            found.retain(|pointer| pointer != here);
            // Suggest objects that exist, if there are any.
            if found.iter().any(|pointer| self.locate(pointer).is_some()) {
                found.retain(|pointer| self.locate(pointer).is_some());
            }
        }
        found
    }

    pub(super) fn unknown_key(
        &mut self,
        pointer: &str,
        member: &Member,
        help: Option<String>,
        fix: Option<Fix>,
    ) {
        let is_shown = self.redaction.allows_key(member);
        let (subject, pointer_to_key) = if is_shown {
            (format!("unknown property {}", show(&member.key)), join(pointer, &member.key))
        } else {
            ("unknown property".to_owned(), pointer.to_owned())
        };
        let message = format!("{subject} in {}", self.container(pointer));
        let mut diagnostic =
            Diagnostic::new(Code::UnknownProperty, pointer_to_key, member.key_span, message).with_fix(fix);
        diagnostic.property = is_shown.then(|| member.key.as_str().to_owned());
        self.push(match help {
            Some(help) => diagnostic.with_help(help),
            None => diagnostic,
        });
    }
}

/// Whether two keys differ only in letter case or in the separators of their words.
fn is_same_key(key: &str, other: &str) -> bool {
    let letters = |key: &str| {
        key.chars().filter(|c| !"_- ".contains(*c)).map(|c| c.to_ascii_lowercase()).collect::<String>()
    };
    letters(key) == letters(other)
}

/// Where a key belongs, in the words of a help.
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
