//! What the functions take beside the document.

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
    /// The syntax of the text. Unless given, that of `path`; else text that starts with `{` or `[` is JSON unless only
    /// YAML can read it, and any other text is YAML.
    #[tsify(optional)]
    pub syntax: Option<Syntax>,
    /// The file that the text comes from: the report names it, `.json` means JSON, and a literal password in it
    /// is a warning, where it is a note otherwise.
    #[tsify(optional)]
    pub path: Option<String>,
    /// The most diagnostics of a text that are listed, 1,000 unless given: the worst, and of these the first.
    #[tsify(optional)]
    pub max_diagnostics: Option<usize>,
    /// The most documents of a text that is read, 10,000 unless given.
    #[tsify(optional)]
    pub max_documents: Option<usize>,
    /// The most values of a text that is read, 200,000 unless given.
    #[tsify(optional)]
    pub max_values: Option<usize>,
}

impl ParseOptions {
    /// What a text may cost.
    pub(super) fn limits(&self) -> Limits {
        let usual = Limits::default();
        Limits {
            diagnostics: self.max_diagnostics.unwrap_or(usual.diagnostics),
            documents: self.max_documents.unwrap_or(usual.documents),
            values: self.max_values.unwrap_or(usual.values),
            ..usual
        }
    }
}

/// How to check.
#[derive(Clone, Debug, Default, Deserialize, Tsify)]
#[serde(rename_all = "camelCase", default)]
pub struct CheckOptions {
    /// The operation that the documents are for; told from each document unless given.
    #[tsify(optional)]
    pub operation: Option<Operation>,
    /// For `delete`: whether the integration was set up automatically.
    #[tsify(optional)]
    pub auto_bootstrap: Option<bool>,
}

/// A text with the name of its file.
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
    /// How the password stands in the script: `md5` unless given.
    #[tsify(optional)]
    pub password: PasswordForm,
    /// `database` exists and is kept; implied where it equals `initialDatabase`.
    #[tsify(optional)]
    pub existing_database: bool,
    /// The system account exists and is kept.
    #[tsify(optional)]
    pub existing_user: bool,
    /// For an `edit`: sets the password whether or not the payloads differ in it. Where both take it from one variable,
    /// that cannot be told, and `warnings` says so.
    #[tsify(optional)]
    pub set_password: bool,
    /// The variables that `${NAME}` passwords name. In Node, `process.env` will do. One that is empty gives no
    /// password.
    #[tsify(optional, type = "Record<string, string | undefined>")]
    pub env: BTreeMap<String, String>,
}

/// How to write a script as text.
#[derive(Clone, Default, Deserialize, Tsify)]
#[serde(default)]
pub struct ScriptFilesOptions {
    /// What the script is.
    #[serde(flatten)]
    pub script: ScriptOptions,
    /// The dialect of the text: `plain` unless given.
    #[tsify(optional)]
    pub flavor: Flavor,
}

/// How to write a request.
#[derive(Clone, Debug, Default, Deserialize, Tsify)]
#[serde(default)]
pub struct RequestOptions {
    /// The URL of the Immuta tenant; a placeholder unless given.
    #[tsify(optional)]
    pub url: Option<String>,
    /// The identifier of the integration; `{id}` stands in its place unless given.
    #[tsify(optional)]
    pub id: Option<String>,
    /// `json`, unless given, for the request as data; `curl` or `http` for its text.
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
    /// The identifier of the integration; the documentation's example unless given.
    #[tsify(optional)]
    pub id: Option<String>,
}
