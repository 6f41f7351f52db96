//! Credentials that do not go with `authenticationType`, the discriminator: of the other method, none at all, or in
//! `config` where they stand by themselves.

use super::Findings;
use crate::check::{Code, Diagnostic};
use crate::document::{Member, Span};
use crate::operation::BodyKind;
use crate::schema::{Kind, Property};
use crate::text::pointer::join;
use crate::text::shown::enumerate;

/// The keys that hold credentials, flat and nested.
pub(super) const FLAT: [&str; 2] = ["username", "password"];

impl Findings<'_> {
    /// `okta` beside `authenticationType: userPassword`, or flat credentials beside `okta`: one mistake,
    /// whatever else is missing or wrong because of it.
    pub(super) fn misplaced_credentials(&mut self, pointer: &str) {
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
                    misplaced.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" and "),
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

    pub(super) fn no_credentials(&mut self, pointer: &str, span: Span, okta: bool) {
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
        self.push(
            Diagnostic::new(Code::AuthenticationMismatch, pointer, span, message)
                .with_property(if okta { "okta" } else { "username" })
                .with_help(help),
        );
    }

    /// Credentials inside `config`, as in a payload, where `DELETE` takes them flat.
    pub(super) fn wrapped_credentials(&mut self, unknown: &mut Vec<&Member>) -> bool {
        if self.body != BodyKind::Credentials {
            return false;
        }
        let Some(config) = unknown.iter().copied().find(|member| member.key == "config") else {
            return false;
        };
        let message = "`config` is no property of the body of a `DELETE`, which is flat";
        self.push(
            Diagnostic::new(Code::UnknownProperty, "/config", config.key_span, message)
                .with_property("config")
                .with_help(
                    "write `authenticationType` and the credentials at the top level, and nothing else",
                ),
        );
        for property in Property::of(self.body).properties() {
            self.explain(join("", property.name));
        }
        true
    }
}
