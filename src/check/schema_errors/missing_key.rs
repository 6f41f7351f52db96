//! Keys that an object cannot do without.

use super::Findings;
use super::credentials::FLAT;
use crate::check::{Code, Diagnostic};
use crate::document::{Member, Node, Span};
use crate::operation::BodyKind;
use crate::placeholder;
use crate::schema::{Kind, Property};
use crate::text::pointer::join;
use crate::text::shown::show;

impl Findings<'_> {
    pub(super) fn missing_keys(&mut self, pointer: &str, kinds: &[&Kind]) {
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
                .with_property(key)
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
        )
        .with_property(key);
        let property = self.place(pointer).and_then(|place| place.property.resolve(place.node).get(key));
        self.push(match property {
            Some(property) => diagnostic.with_help(format!("add `{key}`: {}", property.purpose())),
            None => diagnostic,
        });
    }

    /// The properties that an object at `key` of the object at `pointer` cannot do without.
    pub(super) fn required_keys(&self, pointer: &str, key: &str) -> Vec<&'static str> {
        let around = self.place(pointer).map(|place| place.property.resolve(place.node));
        around.and_then(|around| around.get(key)).map(Property::required).unwrap_or_default()
    }

    /// The keys of `config` at the top level, without a `config`: one mistake, not one a key.
    pub(super) fn flat_payload(&mut self, unknown: &mut Vec<(&Member, Vec<String>)>) {
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
            .with_property("config")
            .with_help(format!("put {} into `config`", keys.join(", "))),
        );
        self.explain("/config".to_owned());
        unknown.retain(|entry| !of_config(entry));
    }
}
