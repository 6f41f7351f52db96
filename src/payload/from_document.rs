//! A document without errors to the typed body.

use super::{Authentication, Body, Credentials, Impersonation, Okta, Payload, Secret};
use crate::document::{Node, NodeKind};
use crate::operation::BodyKind;
use crate::sql::Identifier;

impl Body {
    /// The typed body of a document in which no error was found; `None` of any other.
    pub(crate) fn from_document(root: &Node, kind: BodyKind) -> Option<Self> {
        match kind {
            BodyKind::Payload => payload(root).map(Self::Payload),
            BodyKind::Credentials if matches!(root.kind, NodeKind::Null) || root.is_empty_object() => {
                Some(Self::Empty)
            }
            BodyKind::Credentials => {
                authentication(root).map(|authentication| Self::Credentials(Credentials { authentication }))
            }
            BodyKind::Integration | BodyKind::IntegrationList | BodyKind::Status | BodyKind::Error => {
                Some(Self::Response)
            }
        }
    }
}

fn payload(root: &Node) -> Option<Payload> {
    let config = root.get("config")?;
    Some(Payload {
        auto_bootstrap: root.get("autoBootstrap")?.as_bool()?,
        host: text(config, "host")?,
        port: match config.get("port") {
            Some(node) => Some(port(&node.kind)?),
            None => None,
        },
        database: identifier(config, "database")?,
        initial_database: identifier(config, "initialDatabase")?,
        authentication: authentication(config)?,
        impersonation: match config.get("impersonation") {
            Some(node) => Some(impersonation(node)?),
            None => None,
        },
    })
}

fn authentication(node: &Node) -> Option<Authentication> {
    Some(match node.get("okta") {
        None => Authentication::UserPassword {
            username: identifier(node, "username")?,
            password: secret(node, "password")?,
        },
        Some(okta) => Authentication::Okta(Okta {
            username: identifier(okta, "username")?,
            password: secret(okta, "password")?,
            app_id: text(okta, "appId")?,
            idp_host: text(okta, "idpHost")?,
            role: text(okta, "role")?,
        }),
    })
}

fn impersonation(node: &Node) -> Option<Impersonation> {
    Some(if node.get("enabled")?.as_bool()? {
        Impersonation::Enabled { role: identifier(node, "role")? }
    } else {
        Impersonation::Disabled { role: text(node, "role") }
    })
}

/// JSON Schema takes `5439.0` for an integer, and so does this.
pub(crate) fn port(value: &NodeKind) -> Option<u16> {
    let NodeKind::Number(number) = value else { return None };
    match number.as_u64() {
        Some(port) => u16::try_from(port).ok(),
        None => (1..=u16::MAX).find(|port| number.as_f64() == Some(f64::from(*port))),
    }
}

fn text(node: &Node, key: &str) -> Option<String> {
    node.get(key)?.as_str().map(str::to_owned)
}

fn identifier(node: &Node, key: &str) -> Option<Identifier> {
    Identifier::new(node.get(key)?.as_str()?).ok()
}

fn secret(node: &Node, key: &str) -> Option<Secret> {
    node.get(key)?.as_str().map(Secret::new)
}
