//! Credentials that do not match `authenticationType`, the discriminator: those of the other method, none at all, or
//! nested in `config` where the body is flat.

use super::Findings;
use crate::check::{Code, Diagnostic};
use crate::document::{Member, Span};
use crate::operation::BodyKind;
use crate::schema::{Kind, Property};
use crate::text::pointer::join;
use crate::text::shown::enumerate;

/// The keys of credentials at the level of `authenticationType`.
pub(super) const FLAT: [&str; 2] = ["username", "password"];

impl Findings<'_> {
    /// `okta` with `authenticationType: userPassword`, or flat credentials with `okta`: one problem, whatever else is
    /// missing or wrong because of it.
    pub(super) fn misplaced_credentials(&mut self, pointer: &str) {
        let is_forbidden = |key: &&str| self.violations.has(&join(pointer, key), &Kind::Forbidden);
        let misplaced: Vec<&str> =
            ["username", "password", "okta"].into_iter().filter(is_forbidden).collect();
        let Some(location) = self.locate(pointer) else { return };
        let Some(first) =
            location.node.members().iter().find(|member| misplaced.contains(&member.key.as_str()))
        else {
            return;
        };
        let is_okta = !misplaced.contains(&"okta");
        let (message, help) = if is_okta {
            let has_okta = location.node.get("okta").is_some();
            let (are, them) = if misplaced.len() == 1 { ("is", "it") } else { ("are", "them") };
            (
                format!("{} {are} not allowed with `authenticationType: okta`", enumerate(&misplaced, "and")),
                if has_okta {
                    format!("remove {them}; with `authenticationType: okta`, credentials belong in `okta`")
                } else {
                    let mut others = self.required_keys(pointer, "okta");
                    others.retain(|key| !FLAT.contains(key));
                    format!(
                        "move {them} into an object `okta`, with {}; or write `authenticationType: userPassword`",
                        enumerate(&others, "and")
                    )
                },
            )
        } else {
            let has_flat = FLAT.into_iter().any(|key| location.node.get(key).is_some());
            (
                "`okta` is not allowed with `authenticationType: userPassword`".to_owned(),
                if has_flat {
                    "remove `okta`; `authenticationType: userPassword` uses only `username` and `password`"
                        .to_owned()
                } else {
                    "write `authenticationType: okta`; or remove `okta`, and add `username` and `password`"
                        .to_owned()
                },
            )
        };
        self.push(
            Diagnostic::new(Code::AuthenticationMismatch, join(pointer, &first.key), first.key_span, message)
                .with_help(help),
        );
        for key in &misplaced {
            self.suppress(join(pointer, key).into());
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
                format!("missing credentials in {container}: `authenticationType: okta` requires `okta`"),
                format!(
                    "add an object `okta` with {}",
                    enumerate(&self.required_keys(pointer, "okta"), "and")
                ),
            )
        } else {
            (
                format!(
                    "missing credentials in {container}: `authenticationType: userPassword` requires `username` and \
                     `password`"
                ),
                "add `username` and `password`".to_owned(),
            )
        };
        self.push(
            Diagnostic::new(Code::AuthenticationMismatch, pointer, span, message)
                .with_property(if okta { "okta" } else { "username" })
                .with_help(help),
        );
    }

    /// Credentials inside `config`, as in a payload, although the `DELETE` body is flat.
    pub(super) fn wrapped_credentials(&mut self, unknown: &mut Vec<&Member>) -> bool {
        if self.body != BodyKind::Credentials {
            return false;
        }
        let Some(config) = unknown.iter().copied().find(|member| member.key == "config") else {
            return false;
        };
        let message = "`config` is not allowed in the `DELETE` body";
        self.push(
            Diagnostic::new(Code::UnknownProperty, "/config", config.key_span, message)
                .with_property("config")
                .with_help(
                    "move `authenticationType` and the credentials to the top level, and remove everything else",
                ),
        );
        for property in Property::of(self.body).properties() {
            self.explain(join("", property.name));
        }
        true
    }
}
