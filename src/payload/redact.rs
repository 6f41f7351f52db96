//! What the API shows of a payload.

use serde_json::{Map, Value, json};

use super::{Authentication, DEFAULT_PORT, Impersonation, Payload};

/// The identifier that the vendor's examples show, for payloads of integrations that have none yet.
pub const EXAMPLE_ID: &str = "123456789";

const REDACTED: &str = "<REDACTED>";

/// What `GET /integrations/{id}` returns once the payload is in force: status `enabled`, defaults filled in
/// (port 5439, impersonation off), and secrets as the vendor's page shows them: user name and password are
/// `<REDACTED>`, and with okta the password is left out. `id` is [`EXAMPLE_ID`] unless given.
///
/// The validation results are those of the vendor's example. Its page shows the example of an automatic
/// set-up for manual ones too, so with `autoBootstrap: false` the names of the tests may differ.
#[must_use]
pub fn redact(payload: &Payload, id: Option<&str>) -> Value {
    let mut config = payload.config_head();
    config.insert("port".into(), payload.port.unwrap_or(DEFAULT_PORT).into());
    let impersonation =
        payload.impersonation.as_ref().map_or_else(|| json!({ "enabled": false }), Impersonation::to_json);
    config.insert("impersonation".into(), impersonation);
    insert_account(&mut config, &payload.authentication);

    json!({
        "id": id.unwrap_or(EXAMPLE_ID),
        "status": "enabled",
        "validationResults": {
            "status": "passed",
            "validationTests": [
                {
                    "name": "Initial Validation: Basic Connection Test",
                    "result": [null],
                    "status": "passed",
                },
                {
                    "name": "Validate Automatic Bootstrap: Immuta Database Does Not Exist",
                    "result": [],
                    "status": "passed",
                },
            ],
        },
        "type": "Redshift",
        "autoBootstrap": payload.auto_bootstrap,
        "config": config,
    })
}

fn insert_account(config: &mut Map<String, Value>, authentication: &Authentication) {
    config.insert("authenticationType".into(), authentication.type_name().into());
    match authentication {
        Authentication::UserPassword { .. } => {
            config.insert("username".into(), REDACTED.into());
            config.insert("password".into(), REDACTED.into());
        }
        Authentication::Okta(okta) => {
            let okta = json!({
                "username": REDACTED,
                "appId": okta.app_id,
                "idpHost": okta.idp_host,
                "role": okta.role,
            });
            config.insert("okta".into(), okta);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{manual_okta, user_password};
    use super::*;

    /// Both examples of the page, up to `config`.
    const HEAD: &str = r#"{
  "id": "123456789",
  "status": "enabled",
  "validationResults": {
    "status": "passed",
    "validationTests": [
      {
        "name": "Initial Validation: Basic Connection Test",
        "result": [
          null
        ],
        "status": "passed"
      },
      {
        "name": "Validate Automatic Bootstrap: Immuta Database Does Not Exist",
        "result": [],
        "status": "passed"
      }
    ]
  },
  "type": "Redshift",
  "autoBootstrap": true,
  "config": {
    "host": "organization.aws.amazon.com",
    "database": "immuta",
    "initialDatabase": "REDSHIFT_SAMPLE_DATA",
    "port": 5439,
"#;

    fn pretty(value: &Value) -> String {
        serde_json::to_string_pretty(value).expect("JSON")
    }

    #[test]
    fn user_password_as_on_the_page() {
        let expected = format!(
            "{HEAD}{}",
            r#"    "impersonation": {
      "enabled": false
    },
    "authenticationType": "userPassword",
    "username": "<REDACTED>",
    "password": "<REDACTED>"
  }
}"#
        );
        assert_eq!(pretty(&redact(&user_password("abc1234"), None)), expected);
    }

    #[test]
    fn okta_as_on_the_page() {
        let mut payload = manual_okta("abc1234");
        payload.auto_bootstrap = true;
        let expected = format!(
            "{HEAD}{}",
            r#"    "impersonation": {
      "enabled": true,
      "role": "immuta_impersonation"
    },
    "authenticationType": "okta",
    "okta": {
      "username": "<REDACTED>",
      "appId": "Okta",
      "idpHost": "organization.okta.com",
      "role": "admin"
    }
  }
}"#
        );
        assert_eq!(pretty(&redact(&payload, None)), expected);
    }

    #[test]
    fn what_the_payload_says_stays() {
        let mut payload = user_password("abc1234");
        payload.auto_bootstrap = false;
        payload.port = Some(5440);
        let answer = redact(&payload, Some("7"));
        assert_eq!(answer["id"], "7");
        assert_eq!(answer["autoBootstrap"], false);
        assert_eq!(answer["config"]["port"], 5440);
    }
}
