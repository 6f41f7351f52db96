//! Missing required properties.

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
        if self.is_suppressed(pointer) {
            return;
        }
        let Some(location) = self.locate(pointer) else { return };
        // A key that is a placeholder may become the missing one.
        if self.body.is_request()
            && location.node.members().iter().any(|member| placeholder::is_key(&member.key))
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
        let span = Self::span_of_missing(&location);
        let authentication = location.node.get("authenticationType").and_then(Node::as_str);
        let has_none = self.body.is_request()
            && match authentication {
                Some("userPassword") => FLAT.iter().all(|key| missing.contains(key)),
                Some("okta") => missing.contains(&"okta"),
                _ => false,
            };
        if has_none {
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
                    format!(
                        "missing required property `role` in {container}: `enabled: true` requires it"
                    ),
                )
                .with_property(key)
                .with_help(
                    "add `role`: the group whose members may impersonate users, for example `immuta_impersonation`",
                ),
            );
            return;
        }
        let condition = match authentication {
            Some(kind @ ("userPassword" | "okta")) if FLAT.contains(&key) || key == "okta" => {
                format!(": `authenticationType: {kind}` requires it")
            }
            _ => String::new(),
        };
        let diagnostic = Diagnostic::new(
            Code::MissingProperty,
            pointer,
            span,
            format!("missing required property `{key}` in {container}{condition}"),
        )
        .with_property(key);
        let property =
            self.locate(pointer).and_then(|location| location.property.resolve(location.node).get(key));
        self.push(match property {
            Some(property) => diagnostic.with_help(format!("add `{key}`: {}", property.purpose())),
            None => diagnostic,
        });
    }

    /// The required properties of the object at `key` of the object at `pointer`.
    pub(super) fn required_keys(&self, pointer: &str, key: &str) -> Vec<&'static str> {
        let parent = self.locate(pointer).map(|location| location.property.resolve(location.node));
        parent.and_then(|parent| parent.get(key)).map(Property::required).unwrap_or_default()
    }

    /// The keys of `config` at the top level, without a `config`: one diagnostic, not one per key.
    pub(super) fn flat_payload(&mut self, unknown: &mut Vec<(&Member, Vec<String>)>) {
        let of_config = |(member, _): &(&Member, Vec<String>)| {
            Property::of(BodyKind::Payload).get("config").is_some_and(|config| config.has(&member.key))
        };
        let is_config_missing = self.body == BodyKind::Payload
            && self.root.get("config").is_none()
            && !self.explained.contains_key("/config");
        let keys: Vec<String> =
            unknown.iter().filter(|entry| of_config(entry)).map(|(member, _)| show(&member.key)).collect();
        let Some((first, _)) = unknown.iter().find(|entry| of_config(entry)).filter(|_| is_config_missing)
        else {
            return;
        };
        self.push(
            Diagnostic::new(
                Code::MissingProperty,
                "",
                first.key_span,
                "missing required property `config` in the payload",
            )
            .with_property("config")
            .with_help(format!("move {} into an object `config`", keys.join(", "))),
        );
        self.explain("/config".to_owned());
        unknown.retain(|entry| !of_config(entry));
    }
}
