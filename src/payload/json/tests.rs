//! The JSON of payloads.

use super::*;
use crate::payload::tests::{manual_okta, user_password};

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
fn port_and_unused_role_are_kept() {
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
fn reference_keeps_its_name() {
    let mut payload = manual_okta("x");
    if let Authentication::Okta(okta) = &mut payload.authentication {
        okta.password = Secret::new("${MY_OKTA}");
    }
    assert_eq!(payload.authentication.password_variable(), "MY_OKTA");
}
