//! Types for the documents of the API and for JSON output that have no type in the core. Tests check that they accept
//! exactly what the core reads or writes.

#![allow(clippy::struct_field_names, reason = "the names are the API's")]

use serde::{Deserialize, Serialize};
use tsify::Tsify;

use crate::operation::Operation;
use crate::script::ScriptKind;

/// The body of `POST /integrations`, `PUT /integrations/{id}` and the script endpoints. The request of `script-delete` has no
/// body.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Payload {
    /// The platform.
    pub r#type: Platform,
    /// Whether Immuta sets Redshift up (`true`), or you run the scripts (`false`).
    pub auto_bootstrap: bool,
    /// The connection, the databases and the account.
    pub config: Config,
}

/// The platform of an integration.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[allow(missing_docs, reason = "the word is all there is to say")]
pub enum Platform {
    Redshift,
}

/// The connection, the databases and the account.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(untagged)]
pub enum Config {
    /// With an account in Redshift.
    UserPassword(UserPasswordConfig),
    /// With an Okta account.
    Okta(OktaConfig),
}

/// A configuration with an account in Redshift.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
pub struct UserPasswordConfig {
    /// The connection.
    #[serde(flatten)]
    pub connection: Connection,
    /// The account.
    #[serde(flatten)]
    pub credentials: UserPasswordCredentials,
}

/// A configuration with an Okta account.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
pub struct OktaConfig {
    /// The connection.
    #[serde(flatten)]
    pub connection: Connection,
    /// The account.
    #[serde(flatten)]
    pub credentials: OktaCredentials,
}

/// The connection and the databases.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Connection {
    /// The bare host name, without scheme, port or path.
    pub host: String,
    /// The port. Defaults to 5439.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub port: Option<u16>,
    /// The database that Immuta manages: a new one, or an existing one if it equals `initialDatabase`.
    pub database: String,
    /// The existing database to connect to first.
    pub initial_database: String,
    /// Whether users can act as other users.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub impersonation: Option<Impersonation>,
}

/// Whether users can act as other users.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(untagged)]
pub enum Impersonation {
    /// Members of the group `role` can impersonate.
    Enabled {
        /// Always `true`.
        #[tsify(type = "true")]
        enabled: Only<true>,
        /// The Redshift group whose members can impersonate.
        role: String,
    },
    /// No user can impersonate.
    Disabled {
        /// Always `false`.
        #[tsify(type = "false")]
        enabled: Only<false>,
        /// A group, which has no effect.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[tsify(optional)]
        role: Option<String>,
    },
}

/// One of the two booleans.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "bool", into = "bool")]
pub struct Only<const VALUE: bool>;

impl<const VALUE: bool> TryFrom<bool> for Only<VALUE> {
    type Error = &'static str;

    fn try_from(value: bool) -> Result<Self, Self::Error> {
        if value == VALUE { Ok(Self) } else { Err("the other boolean") }
    }
}

impl<const VALUE: bool> From<Only<VALUE>> for bool {
    fn from(_: Only<VALUE>) -> Self {
        VALUE
    }
}

/// The body of `DELETE /integrations/{id}` for an automatic integration.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(untagged)]
pub enum Credentials {
    /// Those of an account in Redshift.
    UserPassword(UserPasswordCredentials),
    /// Those of an Okta account.
    Okta(OktaCredentials),
}

/// An account in Redshift.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct UserPasswordCredentials {
    /// User name and password.
    pub authentication_type: UserPasswordAuthentication,
    /// The system account.
    pub username: String,
    /// Its password, or `${NAME}` to read it from an environment variable.
    pub password: String,
}

/// User name and password.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the word is all there is to say")]
pub enum UserPasswordAuthentication {
    UserPassword,
}

/// An Okta account with its `authenticationType`.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct OktaCredentials {
    /// Okta.
    pub authentication_type: OktaAuthentication,
    /// The account.
    pub okta: Okta,
}

/// Okta.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the word is all there is to say")]
pub enum OktaAuthentication {
    Okta,
}

/// An Okta account.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Okta {
    /// The user.
    pub username: String,
    /// The user's password, or `${NAME}` to read it from an environment variable.
    pub password: String,
    /// The application's id.
    pub app_id: String,
    /// The identity provider's host.
    pub idp_host: String,
    /// The role.
    pub role: String,
}

/// The response of `GET /integrations/{id}`.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Integration {
    /// The identifier.
    #[tsify(type = "string | number")]
    pub id: serde_json::Value,
    /// The state.
    pub status: IntegrationStatus,
    /// The results of Immuta's tests.
    pub validation_results: ValidationResults,
    /// The platform.
    pub r#type: Platform,
    /// Whether Immuta set Redshift up.
    pub auto_bootstrap: bool,
    /// The connection, the databases and the account, without its secrets.
    pub config: RedactedConfig,
}

/// The configuration in a response.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(untagged)]
pub enum RedactedConfig {
    /// With an account in Redshift.
    UserPassword(RedactedUserPasswordConfig),
    /// With an Okta account.
    Okta(RedactedOktaConfig),
}

/// A configuration with an account in Redshift in a response.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct RedactedUserPasswordConfig {
    /// The connection.
    #[serde(flatten)]
    pub connection: Connection,
    /// User name and password.
    pub authentication_type: UserPasswordAuthentication,
    /// Redacted.
    #[tsify(type = "\"<REDACTED>\"")]
    pub username: String,
    /// Redacted.
    #[tsify(type = "\"<REDACTED>\"")]
    pub password: String,
}

/// A configuration with an Okta account in a response.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct RedactedOktaConfig {
    /// The connection.
    #[serde(flatten)]
    pub connection: Connection,
    /// Okta.
    pub authentication_type: OktaAuthentication,
    /// The account.
    pub okta: RedactedOkta,
}

/// An Okta account in a response, which omits the password.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct RedactedOkta {
    /// Redacted.
    #[tsify(type = "\"<REDACTED>\"")]
    pub username: String,
    /// The application's id.
    pub app_id: String,
    /// The identity provider's host.
    pub idp_host: String,
    /// The role.
    pub role: String,
}

/// The state of an integration.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the words are all that is documented")]
pub enum IntegrationStatus {
    Creating,
    CreateError,
    Enabled,
    Editing,
    EditError,
    Migrating,
    MigrateError,
    RecurringValidationError,
    Deleting,
    DeleteError,
    Deleted,
    Disabled,
}

/// The results of Immuta's tests of the connection and the setup.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct ValidationResults {
    /// The overall result.
    pub status: ValidationStatus,
    /// The individual tests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub validation_tests: Option<Vec<ValidationTest>>,
}

/// The result of one of Immuta's tests.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the words are all that is documented")]
pub enum ValidationStatus {
    Passed,
    Failed,
    Warning,
    Skipped,
}

/// One of Immuta's tests.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct ValidationTest {
    /// What it tests.
    pub name: String,
    /// Its result.
    pub status: ValidationStatus,
    /// What it returned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[tsify(optional, type = "unknown[]")]
    pub result: Option<Vec<serde_json::Value>>,
    /// What went wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub message: Option<String>,
}

/// A script as data.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
pub struct Script {
    /// The version of this format.
    #[tsify(type = "1")]
    pub version: u32,
    /// Its kind.
    pub kind: ScriptKind,
    /// The stages in the order in which to run them; empty if there is nothing to do.
    pub stages: Vec<Stage>,
    /// Warnings about the script, one line each, without secrets.
    pub warnings: Vec<String>,
}

/// The statements of one connection.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
pub struct Stage {
    /// The database to connect to, under the name that Redshift stores: ASCII letters in lower case.
    pub database: String,
    /// The statements in order, including `BEGIN` and `COMMIT`.
    pub statements: Vec<Statement>,
    /// Run the stage only if this query, run in the payload's `initialDatabase`, returns a row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub condition: Option<String>,
}

/// A statement.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
pub struct Statement {
    /// A one-line description.
    pub summary: String,
    /// The statement, without the closing semicolon.
    pub sql: String,
    /// Whether it can run in a transaction.
    pub transactional: bool,
    /// Whether `sql` contains a password or its hash.
    pub secret: bool,
}

/// A file of a script.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
pub struct ScriptFile {
    /// The file name, for example `1-initial-create.sql`.
    pub name: String,
    /// The content.
    pub text: String,
    /// Whether the text contains a password or its hash.
    pub secret: bool,
}

/// An HTTP request as data. It contains no secret: the API key is `$IMMUTA_API_KEY`, the password `${NAME}`.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
pub struct HttpRequest {
    /// The version of this format.
    #[tsify(type = "1")]
    pub version: u32,
    /// The operation.
    pub operation: Operation,
    /// The method.
    #[tsify(type = "\"GET\" | \"POST\" | \"PUT\" | \"DELETE\"")]
    pub method: String,
    /// The URL.
    pub url: String,
    /// The headers.
    #[tsify(type = "Record<string, string>")]
    pub headers: serde_json::Map<String, serde_json::Value>,
    /// The body; `null` if there is none.
    #[tsify(type = "Payload | Credentials | null")]
    pub body: Option<serde_json::Value>,
}

/// The explanation of a code.
#[derive(Clone, PartialEq, Serialize, Tsify)]
pub struct Explanation {
    /// The code.
    pub code: crate::check::Code,
    /// Its default severity, which may be lower in context.
    pub severity: crate::check::Severity,
    /// One line.
    pub title: &'static str,
    /// What was found.
    pub what: &'static str,
    /// Why it is reported, and what that is based on.
    pub why: &'static str,
    /// What to do.
    pub fix: &'static str,
    /// YAML with the error.
    pub wrong: &'static str,
    /// The same YAML without the error.
    pub right: &'static str,
}
