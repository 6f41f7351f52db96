//! Converts payloads to the JSON of the API, in the key order of the vendor's page, and from documents without errors.
//!
//! No value that is written here contains a password: it is `${NAME}`, or a placeholder for the caller to fill in.

use serde::Serialize;
use serde_json::Value;

use super::{Authentication, Body, Credentials, Impersonation, Okta, Payload, Secret};
use crate::document::{Node, NodeKind};
use crate::operation::BodyKind;
use crate::sql::Identifier;

/// The variable that replaces a literal `userPassword` password.
const REDSHIFT_PASSWORD: &str = "REDSHIFT_PASSWORD";
/// The variable that replaces a literal `okta` password.
const OKTA_PASSWORD: &str = "OKTA_PASSWORD";

/// The body of a request, or the `config` of a response: all properties of a connection and an account.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConfigJson<'p> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) host: Option<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) database: Option<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) initial_database: Option<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) port: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) impersonation: Option<ImpersonationJson<'p>>,
    pub(super) authentication_type: &'p str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) username: Option<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) password: Option<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) okta: Option<OktaJson<'p>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OktaJson<'p> {
    pub(super) username: &'p str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) password: Option<&'p str>,
    pub(super) app_id: &'p str,
    pub(super) idp_host: &'p str,
    pub(super) role: &'p str,
}

#[derive(Serialize)]
pub(crate) struct ImpersonationJson<'p> {
    pub(super) enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) role: Option<&'p str>,
}

/// The body of a request that configures an integration.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PayloadJson<'p> {
    r#type: &'static str,
    auto_bootstrap: bool,
    config: ConfigJson<'p>,
}

impl Payload {
    /// The payload as the body of a request. The password is a `${NAME}` reference, even if the payload contains a literal;
    /// see [`Authentication::password_variable`].
    #[must_use]
    pub fn to_json(&self) -> Value {
        value(&self.json_with(&self.authentication.placeholder()))
    }

    /// The same with `password` as the password.
    pub(crate) fn json_with<'p>(&'p self, password: &'p str) -> PayloadJson<'p> {
        let config = ConfigJson {
            impersonation: self.impersonation.as_ref().map(Impersonation::json),
            ..self.authentication.json_with(password)
        };
        PayloadJson {
            r#type: "Redshift",
            auto_bootstrap: self.auto_bootstrap,
            config: self.connect(ConfigJson { port: self.port, ..config }),
        }
    }

    /// Adds the connection to `config`.
    pub(super) fn connect<'p>(&'p self, config: ConfigJson<'p>) -> ConfigJson<'p> {
        ConfigJson {
            host: Some(&self.host),
            database: Some(self.database.as_str()),
            initial_database: Some(self.initial_database.as_str()),
            ..config
        }
    }
}

impl Credentials {
    /// The credentials as the body of a request, with the password as in [`Payload::to_json`].
    #[must_use]
    pub fn to_json(&self) -> Value {
        value(&self.authentication.json_with(&self.authentication.placeholder()))
    }
}

impl Authentication {
    /// The environment variable that replaces the password in outputs: the one that the payload references, otherwise
    /// `REDSHIFT_PASSWORD` or `OKTA_PASSWORD`, because no output shows a password.
    #[must_use]
    pub fn password_variable(&self) -> &str {
        self.password().variable().unwrap_or(match self {
            Self::UserPassword { .. } => REDSHIFT_PASSWORD,
            Self::Okta(_) => OKTA_PASSWORD,
        })
    }

    /// The placeholder for the password in outputs.
    pub(crate) fn placeholder(&self) -> String {
        format!("${{{}}}", self.password_variable())
    }

    /// The account with `password` as the password: the body of a `DELETE`.
    pub(crate) fn json_with<'p>(&'p self, password: &'p str) -> ConfigJson<'p> {
        let config = ConfigJson { authentication_type: self.type_name(), ..ConfigJson::default() };
        match self {
            Self::UserPassword { username, .. } => {
                ConfigJson { username: Some(username.as_str()), password: Some(password), ..config }
            }
            Self::Okta(okta) => {
                let okta = OktaJson {
                    username: okta.username.as_str(),
                    password: Some(password),
                    app_id: &okta.app_id,
                    idp_host: &okta.idp_host,
                    role: &okta.role,
                };
                ConfigJson { okta: Some(okta), ..config }
            }
        }
    }
}

impl Impersonation {
    /// The `impersonation` object.
    pub(super) fn json(&self) -> ImpersonationJson<'_> {
        match self {
            Self::Disabled { role } => ImpersonationJson { enabled: false, role: role.as_deref() },
            Self::Enabled { role } => ImpersonationJson { enabled: true, role: Some(role.as_str()) },
        }
    }
}

/// The JSON value.
fn value(json: &impl Serialize) -> Value {
    serde_json::to_value(json).unwrap_or_default()
}

impl Body {
    /// The typed body of a document without errors; `None` for any other.
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

/// Accepts `5439.0` as an integer, like JSON Schema.
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

#[cfg(test)]
mod tests;
