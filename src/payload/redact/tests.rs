//! Redacted responses.

use super::*;
use crate::payload::tests::{manual_okta, user_password};

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
fn payload_values_are_kept() {
    let mut payload = user_password("abc1234");
    payload.auto_bootstrap = false;
    payload.port = Some(5440);
    let answer = redact(&payload, Some("7"));
    assert_eq!(answer["id"], "7");
    assert_eq!(answer["autoBootstrap"], false);
    assert_eq!(answer["config"]["port"], 5440);
}
