//! The options of the functions.

use std::collections::BTreeMap;

use serde::Deserialize;
use tsify::Tsify;

use crate::document::{Limits, Syntax};
use crate::operation::Operation;
use crate::script::{Flavor, PasswordForm};

/// How to read a text.
#[derive(Clone, Debug, Default, Deserialize, Tsify)]
#[serde(rename_all = "camelCase", default)]
pub struct ParseOptions {
    /// The syntax of the text. Defaults to that of `path`; without one, text that starts with `{` or `[` is JSON unless
    /// only YAML can read it, and any other text is YAML.
    #[tsify(optional)]
    pub syntax: Option<Syntax>,
    /// The file that the text comes from: the report names it, `.json` means JSON, and a literal password in it
    /// is a warning instead of a note.
    #[tsify(optional)]
    pub path: Option<String>,
    /// The maximum number of diagnostics listed for a text: the most severe, and of these the first. Defaults to 1,000.
    #[tsify(optional)]
    pub max_diagnostics: Option<usize>,
    /// The maximum number of documents in a text. Defaults to 10,000.
    #[tsify(optional)]
    pub max_documents: Option<usize>,
    /// The maximum number of values in a text. Defaults to 200,000.
    #[tsify(optional)]
    pub max_values: Option<usize>,
}

impl ParseOptions {
    /// The limits of a text.
    pub(super) fn limits(&self) -> Limits {
        let default = Limits::default();
        Limits {
            diagnostics: self.max_diagnostics.unwrap_or(default.diagnostics),
            documents: self.max_documents.unwrap_or(default.documents),
            values: self.max_values.unwrap_or(default.values),
            ..default
        }
    }
}

/// How to check.
#[derive(Clone, Debug, Default, Deserialize, Tsify)]
#[serde(rename_all = "camelCase", default)]
pub struct CheckOptions {
    /// The operation that the documents are for; inferred from each document if unspecified.
    #[tsify(optional)]
    pub operation: Option<Operation>,
    /// For `delete`: whether the integration was set up automatically.
    #[tsify(optional)]
    pub auto_bootstrap: Option<bool>,
}

/// How to fix.
#[derive(Clone, Debug, Default, Deserialize, Tsify)]
#[serde(default)]
pub struct FixOptions {
    /// How to check.
    #[serde(flatten)]
    pub check: CheckOptions,
    /// Whether to apply unsafe fixes too: those that are a guess, or remove something. Review the result.
    #[tsify(optional)]
    pub r#unsafe: bool,
}

/// A text and the name of its file.
#[derive(Clone, Debug, Deserialize, Tsify)]
pub struct InputFile {
    /// The name to show; `.json` means JSON, any other is YAML or JSON.
    pub path: String,
    /// The content.
    #[tsify(type = "string | Payload")]
    pub text: String,
}

/// How to write a script.
#[derive(Clone, Default, Deserialize, Tsify)]
#[serde(rename_all = "camelCase", default)]
pub struct ScriptOptions {
    /// The form of the password in the script. Defaults to `md5`.
    #[tsify(optional)]
    pub password: PasswordForm,
    /// `database` exists and is kept; implied if it equals `initialDatabase`.
    #[tsify(optional)]
    pub existing_database: bool,
    /// The system account exists and is kept.
    #[tsify(optional)]
    pub existing_user: bool,
    /// For `edit`: sets the password even if the payloads do not differ in it. If both take it from the same variable, a
    /// difference cannot be detected, and `warnings` reports that.
    #[tsify(optional)]
    pub set_password: bool,
    /// The variables for `${NAME}` passwords, for example `process.env` in Node.js. An empty variable is an error.
    #[tsify(optional, type = "Record<string, string | undefined>")]
    pub env: BTreeMap<String, String>,
}

/// How to write a script as text.
#[derive(Clone, Default, Deserialize, Tsify)]
#[serde(default)]
pub struct ScriptFilesOptions {
    /// The script.
    #[serde(flatten)]
    pub script: ScriptOptions,
    /// The dialect of the text. Defaults to `plain`.
    #[tsify(optional)]
    pub flavor: Flavor,
}

/// How to write a request.
#[derive(Clone, Debug, Default, Deserialize, Tsify)]
#[serde(default)]
pub struct RequestOptions {
    /// The URL of the Immuta tenant. Defaults to a placeholder.
    #[tsify(optional)]
    pub url: Option<String>,
    /// The identifier of the integration. Defaults to the placeholder `{id}`.
    #[tsify(optional)]
    pub id: Option<String>,
    /// `json` for the request as data, `curl` or `http` for its text. Defaults to `json`.
    #[tsify(optional)]
    pub format: RequestFormat,
}

/// The form of a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum RequestFormat {
    /// Data.
    #[default]
    Json,
    /// A command for the shell.
    Curl,
    /// The HTTP message.
    Http,
}

/// How to redact.
#[derive(Clone, Debug, Default, Deserialize, Tsify)]
#[serde(default)]
pub struct RedactOptions {
    /// The identifier of the integration. Defaults to the example of Immuta's documentation.
    #[tsify(optional)]
    pub id: Option<String>,
}
