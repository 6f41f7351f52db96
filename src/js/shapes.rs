//! The documents of the API and the JSON of Bootshift that no type of the core spells out. Tests prove that each
//! takes exactly what the core takes or writes.

#![allow(clippy::struct_field_names, reason = "the names are the API's")]

use serde::{Deserialize, Serialize};
use tsify::Tsify;

use crate::operation::Operation;
use crate::script::ScriptKind;

/// The body of `POST /integrations`, `PUT /integrations/{id}` and the script endpoints.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Payload {
    /// The platform.
    pub r#type: Platform,
    /// Whether Immuta sets Redshift up (`true`), or somebody runs the scripts (`false`).
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
    /// With an account of the cluster.
    UserPassword(UserPasswordConfig),
    /// With an account at Okta.
    Okta(OktaConfig),
}

/// A configuration with an account of the cluster.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
pub struct UserPasswordConfig {
    /// The connection.
    #[serde(flatten)]
    pub connection: Connection,
    /// The account.
    #[serde(flatten)]
    pub credentials: UserPasswordCredentials,
}

/// A configuration with an account at Okta.
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
    /// The port; 5439 unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub port: Option<u16>,
    /// The database that Immuta manages: a new one, or an existing one if it equals `initialDatabase`.
    pub database: String,
    /// The database to connect to first; it exists.
    pub initial_database: String,
    /// Whether users may act as others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub impersonation: Option<Impersonation>,
}

/// Whether users may act as others.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(untagged)]
pub enum Impersonation {
    /// Members of `role` may.
    Enabled {
        /// On.
        #[tsify(type = "true")]
        enabled: Only<true>,
        /// The group.
        role: String,
    },
    /// Nobody may.
    Disabled {
        /// Off.
        #[tsify(type = "false")]
        enabled: Only<false>,
        /// A group without effect.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[tsify(optional)]
        role: Option<String>,
    },
}

/// One of the two truth values.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "bool", into = "bool")]
pub struct Only<const VALUE: bool>;

impl<const VALUE: bool> TryFrom<bool> for Only<VALUE> {
    type Error = &'static str;

    fn try_from(value: bool) -> Result<Self, Self::Error> {
        if value == VALUE { Ok(Self) } else { Err("the other truth value") }
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
    /// Of an account of the cluster.
    UserPassword(UserPasswordCredentials),
    /// Of an account at Okta.
    Okta(OktaCredentials),
}

/// An account of the cluster.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct UserPasswordCredentials {
    /// By user name and password.
    pub authentication_type: UserPasswordAuthentication,
    /// The system account.
    pub username: String,
    /// Its password, or `${NAME}` to take it from the environment.
    pub password: String,
}

/// By user name and password.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the word is all there is to say")]
pub enum UserPasswordAuthentication {
    UserPassword,
}

/// An account at Okta, and that it is one.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct OktaCredentials {
    /// By Okta.
    pub authentication_type: OktaAuthentication,
    /// The account.
    pub okta: Okta,
}

/// By Okta.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the word is all there is to say")]
pub enum OktaAuthentication {
    Okta,
}

/// An account at Okta.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Okta {
    /// The user.
    pub username: String,
    /// The user's password, or `${NAME}` to take it from the environment.
    pub password: String,
    /// The application's id.
    pub app_id: String,
    /// The identity provider's host.
    pub idp_host: String,
    /// The role.
    pub role: String,
}

/// What `GET /integrations/{id}` answers.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Integration {
    /// The identifier.
    #[tsify(type = "string | number")]
    pub id: serde_json::Value,
    /// The state.
    pub status: IntegrationStatus,
    /// What Immuta's tests said.
    pub validation_results: ValidationResults,
    /// The platform.
    pub r#type: Platform,
    /// Whether Immuta set Redshift up.
    pub auto_bootstrap: bool,
    /// The connection, the databases and the account, without its secrets.
    pub config: RedactedConfig,
}

/// The configuration in an answer.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(untagged)]
pub enum RedactedConfig {
    /// With an account of the cluster.
    UserPassword(RedactedUserPasswordConfig),
    /// With an account at Okta.
    Okta(RedactedOktaConfig),
}

/// A configuration with an account of the cluster in an answer.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct RedactedUserPasswordConfig {
    /// The connection.
    #[serde(flatten)]
    pub connection: Connection,
    /// By user name and password.
    pub authentication_type: UserPasswordAuthentication,
    /// Redacted.
    #[tsify(type = "\"<REDACTED>\"")]
    pub username: String,
    /// Redacted.
    #[tsify(type = "\"<REDACTED>\"")]
    pub password: String,
}

/// A configuration with an account at Okta in an answer.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct RedactedOktaConfig {
    /// The connection.
    #[serde(flatten)]
    pub connection: Connection,
    /// By Okta.
    pub authentication_type: OktaAuthentication,
    /// The account.
    pub okta: RedactedOkta,
}

/// An account at Okta in an answer, which leaves the password out.
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

/// What Immuta's tests of the connection and the set-up said.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct ValidationResults {
    /// All in all.
    pub status: ValidationStatus,
    /// Test by test.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub validation_tests: Option<Vec<ValidationTest>>,
}

/// How a test of Immuta's ended.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the words are all that is documented")]
pub enum ValidationStatus {
    Passed,
    Failed,
    Warning,
    Skipped,
}

/// A test of Immuta's.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct ValidationTest {
    /// What it tests.
    pub name: String,
    /// How it ended.
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
    /// The version of this shape.
    #[tsify(type = "1")]
    pub version: u32,
    /// What it is for.
    pub kind: ScriptKind,
    /// The stages in the order to run them; none where there is nothing to do.
    pub stages: Vec<Stage>,
    /// What to know before running it, one line each, without any secret.
    pub warnings: Vec<String>,
}

/// What runs in one connection.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
pub struct Stage {
    /// The database to connect to, under the name that Redshift stores: ASCII letters in lower case.
    pub database: String,
    /// The statements in order; `BEGIN` and `COMMIT` are among them.
    pub statements: Vec<Statement>,
    /// Run the stage only if this query, asked in the payload's `initialDatabase`, gives a row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub condition: Option<String>,
}

/// A statement.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
pub struct Statement {
    /// One line that says what it does.
    pub summary: String,
    /// The statement, without the closing semicolon.
    pub sql: String,
    /// Whether it may run in a transaction.
    pub transactional: bool,
    /// Whether `sql` holds a password or its hash.
    pub secret: bool,
}

/// A file of a script.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
pub struct ScriptFile {
    /// The file name, for example `1-initial-create.sql`.
    pub name: String,
    /// The content.
    pub text: String,
    /// Whether the text holds a password or its hash.
    pub secret: bool,
}

/// An HTTP request as data. It holds no secret: the API key is `$IMMUTA_API_KEY`, the password `${NAME}`.
#[derive(Clone, PartialEq, Serialize, Deserialize, Tsify)]
pub struct HttpRequest {
    /// The version of this shape.
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

/// A code, explained.
#[derive(Clone, PartialEq, Serialize, Tsify)]
pub struct Explanation {
    /// The code.
    pub code: crate::check::Code,
    /// How bad it is, where the circumstances do not lower it.
    pub severity: crate::check::Severity,
    /// One line.
    pub title: &'static str,
    /// What was found.
    pub what: &'static str,
    /// Why it is reported, and how well the reason is founded.
    pub why: &'static str,
    /// What to do.
    pub fix: &'static str,
    /// YAML that has the mistake.
    pub wrong: &'static str,
    /// The same without it.
    pub right: &'static str,
}
