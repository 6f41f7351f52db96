//! A payload to the statements that set Redshift up for it, change it, and take it down.
//!
//! A [`Script`] is data; the text forms and the runner are readers of it.

use std::fmt;

use serde::Serialize;

use crate::payload::{Payload, UnresolvedSecret};
use crate::sql::Identifier;

/// What a script is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScriptKind {
    /// The first script: account, group, database; run in `initialDatabase`.
    InitialCreate,
    /// The second script: schemas, tables, views, functions, procedures, grants; run in `database`.
    Create,
    /// From an old payload to a new one.
    Edit,
    /// Removes what the bootstrap made.
    Delete,
    /// The same after a bootstrap that did not finish.
    Cleanup,
    /// The whole set-up: initial-create, then create.
    All,
}

impl ScriptKind {
    /// All kinds, in the order of the documentation.
    pub const ALL: [Self; 6] =
        [Self::InitialCreate, Self::Create, Self::Edit, Self::Delete, Self::Cleanup, Self::All];

    /// The name on the command line and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::InitialCreate => "initial-create",
            Self::Create => "create",
            Self::Edit => "edit",
            Self::Delete => "delete",
            Self::Cleanup => "cleanup",
            Self::All => "all",
        }
    }
}

/// How a password stands in the script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PasswordForm {
    /// `md5` + md5(password ‖ user name): what every client can log in with.
    #[default]
    Md5,
    /// `sha256|digest|salt`: clients that speak only libpq cannot log in to such users.
    Sha256,
    /// Clear text.
    Plain,
}

/// The text form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Flavor {
    /// One plain SQL file a stage, for any client.
    #[default]
    Plain,
    /// One file for psql or RSQL, with `\connect` and `ON_ERROR_STOP`.
    Psql,
    /// JSON requests for the Redshift Data API.
    DataApi,
}

/// What the payload does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct ScriptOptions {
    /// How the password stands in the script.
    pub password: PasswordForm,
    /// `database` exists and is kept: implied where it equals `initialDatabase`.
    pub existing_database: bool,
    /// The system account exists and is kept.
    pub existing_user: bool,
}

/// Statements in stages.
#[derive(Clone, Debug)]
pub struct Script {
    /// What it is for.
    pub kind: ScriptKind,
    /// The stages in the order to run them. None where there is nothing to do.
    pub stages: Vec<Stage>,
    /// What the user should know before running it: one line each, no user text but delimited names.
    pub warnings: Vec<String>,
}

/// What runs in one connection.
#[derive(Clone, Debug)]
pub struct Stage {
    /// A short kebab-case name, which names the file: `initial-create`, `create`, `drop-database` …
    pub name: &'static str,
    /// The database to connect to.
    pub database: Identifier,
    /// Run the stage only if this query, asked in `initialDatabase`, gives a row.
    pub condition: Option<String>,
    /// The statements in order; `BEGIN` and `COMMIT` are among them.
    pub statements: Vec<Statement>,
}

/// One statement.
#[derive(Clone)]
pub struct Statement {
    /// The heading of the group that this statement opens: what and why, for the reader of the text.
    pub comment: Option<&'static str>,
    /// One line that says what it does; no user text.
    pub summary: &'static str,
    /// The statement, without the closing semicolon.
    pub sql: String,
    /// Whether it may run in a transaction.
    pub transactional: bool,
    /// Whether `sql` holds a password or its hash.
    pub secret: bool,
    /// A query that gives a row if the effect is there already.
    pub probe: Option<String>,
}

/// Shows everything but the text of a secret statement.
impl fmt::Debug for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Statement")
            .field("summary", &self.summary)
            .field("sql", if self.secret { &"<REDACTED>" } else { &self.sql })
            .field("transactional", &self.transactional)
            .field("secret", &self.secret)
            .finish_non_exhaustive()
    }
}

/// Why there is no script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScriptError {
    /// A `${NAME}` cannot be resolved.
    UnresolvedSecret(UnresolvedSecret),
    /// An edit without the old payload.
    OldRequired,
    /// The password cannot stand in a script: it holds NUL.
    Password,
}

/// Writes the script. `old` is the payload that an edit starts from; `env` looks up `${NAME}` references.
///
/// # Errors
/// See [`ScriptError`].
pub fn script(
    kind: ScriptKind,
    payload: &Payload,
    old: Option<&Payload>,
    options: &ScriptOptions,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Script, ScriptError> {
    let _ = (kind, payload, old, options, env);
    unimplemented!()
}

/// A file of a rendered script.
#[derive(Clone)]
pub struct ScriptFile {
    /// The file name: `1-initial-create.sql`, `bootstrap.psql.sql` …
    pub name: String,
    /// The content.
    pub text: String,
}

impl Script {
    /// The text in the given form: one file a stage for [`Flavor::Plain`], else one file.
    #[must_use]
    pub fn render(&self, flavor: Flavor) -> Vec<ScriptFile> {
        let _ = flavor;
        unimplemented!()
    }

    /// The script as the JSON of `--format json`.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        unimplemented!()
    }
}
