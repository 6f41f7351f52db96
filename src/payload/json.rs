//! Payloads as the JSON that the API takes, in the key order of the vendor's page.
//!
//! No value here ever holds a password: it stands as `${NAME}`, or is left out for the caller to fill in.

use serde::Serialize;
use serde_json::Value;

use super::{Authentication, Credentials, Impersonation, Payload};

/// The variable that stands for a `userPassword` password that the payload spells out.
const REDSHIFT_PASSWORD: &str = "REDSHIFT_PASSWORD";
/// The variable that stands for an `okta` password that the payload spells out.
const OKTA_PASSWORD: &str = "OKTA_PASSWORD";

/// A request's body, or an answer's `config`: whatever the API's documents say of a connection and an account.
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
    /// The payload as a request's body. The password is a `${NAME}` reference, also where the payload spells
    /// it out; see [`Authentication::password_variable`].
    #[must_use]
    pub fn to_json(&self) -> Value {
        value(&self.json_with(&self.authentication.placeholder()))
    }

    /// The same with `password` in the password's place.
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

    /// `config` with what every configuration starts with.
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
    /// The credentials as a request's body, the password as in [`Payload::to_json`].
    #[must_use]
    pub fn to_json(&self) -> Value {
        value(&self.authentication.json_with(&self.authentication.placeholder()))
    }
}

impl Authentication {
    /// The environment variable that stands for the password in outputs: the one that the payload refers to,
    /// else `REDSHIFT_PASSWORD` or `OKTA_PASSWORD`, because no output shows a password.
    #[must_use]
    pub fn password_variable(&self) -> &str {
        self.password().variable().unwrap_or(match self {
            Self::UserPassword { .. } => REDSHIFT_PASSWORD,
            Self::Okta(_) => OKTA_PASSWORD,
        })
    }

    /// What stands for the password in outputs.
    pub(crate) fn placeholder(&self) -> String {
        format!("${{{}}}", self.password_variable())
    }

    /// The account with `password` in the password's place: the body of a `DELETE`.
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

/// The same as data.
fn value(json: &impl Serialize) -> Value {
    serde_json::to_value(json).unwrap_or_default()
}

#[cfg(test)]
mod tests;
