//! The API's response for a payload.

use serde::Serialize;
use serde_json::Value;

use super::json::{ConfigJson, ImpersonationJson};
use super::{Authentication, DEFAULT_PORT, Impersonation, Payload};

/// The identifier that the vendor's examples show, for payloads of integrations that have none yet.
pub const EXAMPLE_ID: &str = "123456789";

const REDACTED: &str = "<REDACTED>";

/// The response of `GET /integrations/{id}`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Redacted<'p> {
    id: &'p str,
    status: &'static str,
    validation_results: ValidationResults,
    r#type: &'static str,
    auto_bootstrap: bool,
    config: ConfigJson<'p>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ValidationResults {
    status: &'static str,
    validation_tests: [ValidationTest; 2],
}

#[derive(Serialize)]
struct ValidationTest {
    name: &'static str,
    result: &'static [()],
    status: &'static str,
}

/// The response of `GET /integrations/{id}` for an active integration: status `enabled`, defaults filled in
/// (port 5439, impersonation off), and secrets as the vendor's page shows them: user name and password are
/// `<REDACTED>`, and with okta the password is omitted. `id` defaults to [`EXAMPLE_ID`].
///
/// The validation results are those of the vendor's example. Its page shows the example of an automatic
/// setup for manual ones too, so with `autoBootstrap: false` the names of the tests may differ.
#[must_use]
pub fn redact(payload: &Payload, id: Option<&str>) -> Value {
    serde_json::to_value(redacted(payload, id)).unwrap_or_default()
}

/// The same, for serialization.
#[must_use]
pub fn redacted<'p>(payload: &'p Payload, id: Option<&'p str>) -> Redacted<'p> {
    let config = ConfigJson {
        port: Some(payload.port.unwrap_or(DEFAULT_PORT)),
        impersonation: Some(
            payload
                .impersonation
                .as_ref()
                .map_or(ImpersonationJson { enabled: false, role: None }, Impersonation::json),
        ),
        ..account(&payload.authentication)
    };
    Redacted {
        id: id.unwrap_or(EXAMPLE_ID),
        status: "enabled",
        validation_results: ValidationResults {
            status: "passed",
            validation_tests: [
                ValidationTest {
                    name: "Initial Validation: Basic Connection Test",
                    result: &[()],
                    status: "passed",
                },
                ValidationTest {
                    name: "Validate Automatic Bootstrap: Immuta Database Does Not Exist",
                    result: &[],
                    status: "passed",
                },
            ],
        },
        r#type: "Redshift",
        auto_bootstrap: payload.auto_bootstrap,
        config: payload.connect(config),
    }
}

fn account(authentication: &Authentication) -> ConfigJson<'_> {
    let mut config = authentication.json_with(REDACTED);
    config.username = config.username.map(|_| REDACTED);
    if let Some(okta) = &mut config.okta {
        okta.username = REDACTED;
        okta.password = None;
    }
    config
}

#[cfg(test)]
mod tests;
