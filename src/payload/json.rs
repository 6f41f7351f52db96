//! Payloads as the JSON that the API takes, in the key order of the vendor's page.
//!
//! No value here ever holds a password: it stands as `${NAME}`, or is left out for the caller to fill in.

use serde_json::{Map, Value};

use super::{Authentication, Credentials, Impersonation, Payload};

/// The variable that stands for a `userPassword` password that the payload spells out.
const REDSHIFT_PASSWORD: &str = "REDSHIFT_PASSWORD";
/// The variable that stands for an `okta` password that the payload spells out.
const OKTA_PASSWORD: &str = "OKTA_PASSWORD";

impl Payload {
    /// The payload as a request's body. The password is a `${NAME}` reference, also where the payload spells
    /// it out; see [`Authentication::password_variable`].
    #[must_use]
    pub fn to_json(&self) -> Value {
        self.json_with(&self.authentication.placeholder())
    }

    /// The same with `password` in the password's place.
    pub(crate) fn json_with(&self, password: &str) -> Value {
        let mut config = self.config_head();
        if let Some(port) = self.port {
            config.insert("port".into(), port.into());
        }
        if let Some(impersonation) = &self.impersonation {
            config.insert("impersonation".into(), impersonation.to_json());
        }
        self.authentication.insert_into(&mut config, password);

        let mut payload = Map::new();
        payload.insert("type".into(), "Redshift".into());
        payload.insert("autoBootstrap".into(), self.auto_bootstrap.into());
        payload.insert("config".into(), config.into());
        payload.into()
    }

    /// What every `config` starts with.
    pub(super) fn config_head(&self) -> Map<String, Value> {
        let mut config = Map::new();
        config.insert("host".into(), self.host.as_str().into());
        config.insert("database".into(), self.database.as_str().into());
        config.insert("initialDatabase".into(), self.initial_database.as_str().into());
        config
    }
}

impl Credentials {
    /// The credentials as a request's body, the password as in [`Payload::to_json`].
    #[must_use]
    pub fn to_json(&self) -> Value {
        self.json_with(&self.authentication.placeholder())
    }

    /// The same with `password` in the password's place.
    pub(crate) fn json_with(&self, password: &str) -> Value {
        let mut credentials = Map::new();
        self.authentication.insert_into(&mut credentials, password);
        credentials.into()
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

    fn placeholder(&self) -> String {
        format!("${{{}}}", self.password_variable())
    }

    fn insert_into(&self, object: &mut Map<String, Value>, password: &str) {
        object.insert("authenticationType".into(), self.type_name().into());
        match self {
            Self::UserPassword { username, .. } => {
                object.insert("username".into(), username.as_str().into());
                object.insert("password".into(), password.into());
            }
            Self::Okta(account) => {
                let mut okta = Map::new();
                okta.insert("username".into(), account.username.as_str().into());
                okta.insert("password".into(), password.into());
                okta.insert("appId".into(), account.app_id.as_str().into());
                okta.insert("idpHost".into(), account.idp_host.as_str().into());
                okta.insert("role".into(), account.role.as_str().into());
                object.insert("okta".into(), okta.into());
            }
        }
    }
}

impl Impersonation {
    /// The `impersonation` object.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let (enabled, role) = match self {
            Self::Disabled { role } => (false, role.as_deref()),
            Self::Enabled { role } => (true, Some(role.as_str())),
        };
        let mut object = Map::new();
        object.insert("enabled".into(), enabled.into());
        if let Some(role) = role {
            object.insert("role".into(), role.into());
        }
        object.into()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{manual_okta, user_password};
    use super::*;
    use crate::payload::Secret;

    #[test]
    fn user_password_in_the_order_of_the_page() {
        assert_eq!(
            serde_json::to_string(&user_password("abc1234").to_json()).expect("JSON"),
            r#"{"type":"Redshift","autoBootstrap":true,"config":{"host":"organization.aws.amazon.com","database":"immuta","initialDatabase":"REDSHIFT_SAMPLE_DATA","authenticationType":"userPassword","username":"admin@example.com","password":"${REDSHIFT_PASSWORD}"}}"#
        );
    }

    #[test]
    fn okta_in_the_order_of_the_page() {
        assert_eq!(
            serde_json::to_string(&manual_okta("abc1234").to_json()).expect("JSON"),
            r#"{"type":"Redshift","autoBootstrap":false,"config":{"host":"organization.aws.amazon.com","database":"immuta","initialDatabase":"REDSHIFT_SAMPLE_DATA","impersonation":{"enabled":true,"role":"immuta_impersonation"},"authenticationType":"okta","okta":{"username":"admin@example.com","password":"${OKTA_PASSWORD}","appId":"Okta","idpHost":"organization.okta.com","role":"admin"}}}"#
        );
    }

    #[test]
    fn port_and_unused_role_stand_where_the_payload_has_them() {
        let mut payload = user_password("${MINE}");
        payload.port = Some(5440);
        payload.impersonation = Some(Impersonation::Disabled { role: Some("r".to_owned()) });
        let text = serde_json::to_string(&payload.to_json()).expect("JSON");
        assert!(
            text.contains(
                r#""REDSHIFT_SAMPLE_DATA","port":5440,"impersonation":{"enabled":false,"role":"r"},"authenticationType""#
            ),
            "{text}"
        );
        assert!(text.contains(r#""password":"${MINE}""#), "{text}");
    }

    #[test]
    fn credentials_are_flat() {
        let credentials = Credentials { authentication: user_password("abc1234").authentication };
        assert_eq!(
            serde_json::to_string(&credentials.to_json()).expect("JSON"),
            r#"{"authenticationType":"userPassword","username":"admin@example.com","password":"${REDSHIFT_PASSWORD}"}"#
        );
    }

    #[test]
    fn a_reference_keeps_its_name() {
        let mut payload = manual_okta("x");
        if let Authentication::Okta(okta) = &mut payload.authentication {
            okta.password = Secret::new("${MY_OKTA}");
        }
        assert_eq!(payload.authentication.password_variable(), "MY_OKTA");
    }
}
