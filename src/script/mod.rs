//! Turns a payload into the statements that set Redshift up, change the setup, and remove it.
//!
//! A [`Script`] is data: stages, each for one connection, of statements with the information that a runner
//! needs. The text forms ([`Script::render`]) and the runner use that data. The same payload and
//! options give the same script, byte for byte.
//!
//! Each kind of script is a file that lists its statements in order. A statement of one line is written in that list;
//! one of several lines is a template in `templates/objects`. Both accept only values that [`crate::sql`] has marked as
//! safe. The summary and the effect of a statement follow from its id.
//!
//! This is Bootshift's own SQL. Immuta does not publish its SQL, but its documentation lists the schemas, `profile`,
//! `user_profile`, `impersonate_user` and the grants
//! (<https://documentation.immuta.com/2024.2/data-and-integrations/redshift/reference-guides/redshift>).
//! The columns of `profile`, the signatures of the other procedures, the marker and everything about how
//! impersonation keeps its state are ours.
//!
//! # Threat model
//!
//! *Trusted*: superusers, the account that runs the scripts (it owns the objects), and the system account with respect to
//! `profile`: it decides what each user can see. *Not trusted*: every other user of the cluster, including members of the
//! impersonation group. They can set any session variable, create temporary tables and their own schemas with functions,
//! set `search_path`, and keep sessions open.
//!
//! | attack | defense |
//! | --- | --- |
//! | read `profile` or the state | the privileges of `PUBLIC` on every table are revoked after it is created, whatever the default privileges grant to `PUBLIC`; `user_profile` reads with the privileges of its owner and shows one row |
//! | read `profile` through the errors of a predicate on `user_profile` | the view has a `LIMIT`, below which a planner cannot move a predicate: it is evaluated only on the caller's own row |
//! | write the state | no privilege on it is granted: only the `SECURITY DEFINER` procedures can write it |
//! | forge an identity by a temporary table or `search_path` | every name that a user could shadow is qualified, and the procedures set `search_path` |
//! | forge an identity by the session variable `immuta.session` | the variable only selects a row, which applies only to the user that it was written for: the word of another user selects nothing, whether it is known or guessed |
//! | use an old word after a revocation | the row belongs to a grant that no longer exists |
//! | shadow what `list_contains` calls | it calls `pg_catalog.chr` by its qualified name, and `POSITION`, which is syntax |
//! | impersonate without being a member | only the group has `EXECUTE`, and the procedure looks up the *session* user in the group: a member that wraps the call in a `SECURITY DEFINER` procedure passes nothing on |
//! | add oneself to the group | only the system account can execute `grant_impersonation` |
//! | mislead a superuser that removes a setup, with functions in `public` | the short-lived procedures set `search_path` too |
//! | create a marker, or write to one through default privileges, so that a superuser drops other objects | the check verifies who owns the marker and its schema, and who can write to it |
//! | block a removal with a schema that has the name of the check's schema, or have another procedure called | the schema is dropped and created again in the transaction of the check |
//! | keep an identity after the session | the variable ends with the session. While the grant exists, a user can set it to one of their own earlier words, which has the same result as another call of `impersonate_user` |
//! | keep an identity after `revoke_impersonation` | the view checks the grant in each query; the revocation deletes it, and a new grant has a new ID |
//! | take another user's identity in that user's session | a row applies only to the user it was written for |
//! | break out through a name | identifiers, literals and bodies are quoted by type ([`crate::sql`]); no comment contains user text |
//!
//! `tests/redshift/attacks` runs these attacks, each also on a setup without the defense, where it must succeed.
//!
//! *Remaining risks*, which the scripts cannot remove:
//!
//! - Default privileges of the account that runs the scripts which name a user, a group or a role instead of
//!   `PUBLIC` apply to the objects of the scripts: `GRANT SELECT ON TABLES TO GROUP readers` exposes `profile`, `ALL`
//!   exposes the state, and with `EXECUTE ON PROCEDURES` users can add themselves to the group. A new database has no
//!   default privileges, but an existing one may: check `svv_default_privileges` before, or revoke what they granted
//!   afterwards.
//! - A transaction that is open during a revocation still reads the data from before it.
//! - `ALTER GROUP … DROP USER` by hand stops new impersonation at once, but the user keeps the identities taken before, in
//!   later sessions too: views cannot query the catalog of groups. Use `revoke_impersonation`.
//! - While the grant exists, a member can set the variable to one of their own earlier words, and has that identity again.
//! - A member added by `ALTER GROUP` gets a grant at the first impersonation. Under `SNAPSHOT` isolation, the default, a
//!   revocation at the same time can miss it; under `SERIALIZABLE` one of the two fails (error 1023).
//! - A connection pool that reuses a session also reuses its identity, which is in a variable of the session: call
//!   `impersonate_user(NULL)` first.
//! - If a member runs code of another user, that code can impersonate, as it can use any other privilege of the member.
//! - Tables and views that the system account creates from now on are readable by every user, as Immuta's
//!   documentation requires for its views; those of the scripts are not among them. The system account can execute
//!   procedures that the owner of these scripts later creates in `immuta_procedures`.
//! - In a database with the collation `CASE_INSENSITIVE` (an existing one; a new one is case-sensitive) user
//!   names that differ only in case share a row. In any database, so do names that differ only in trailing blanks,
//!   which Redshift ignores in comparisons.
//! - A `SECURITY DEFINER` procedure with its own `search_path` sets the session variable. It is inferred that the variable is
//!   still set after the call. If it is not, impersonation does not work. It is also inferred that no predicate is evaluated
//!   before the `LIMIT` of the view.

mod cleanup;
mod create;
mod delete;
mod edit;
#[cfg(feature = "native")]
mod effect;
mod heading;
mod initial_create;
mod objects;
mod parts;
mod privileges;
mod render;
mod short_lived;
mod stage;
mod statement;
#[cfg(feature = "native")]
mod upgrade;

use std::fmt;

use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize, Serializer};

pub use render::ScriptFile;
#[cfg(feature = "cli")]
pub(crate) use render::is_edit;

use crate::operation::Operation;
use crate::payload::{Authentication, HashedPassword, Payload, UnresolvedSecret, WeakPassword};
use crate::sql::{Identifier, LiteralError, PasswordClause, PasswordError, StoredPassword};
use stage::Subject;
pub use statement::Statement;

#[cfg(feature = "native")]
pub(crate) use {
    effect::{Effect, Object},
    objects::{function_body, procedure_body},
    parts::{Closed, DefaultPrivilege, Function, Privilege, Procedure, Schema, ShortLived, Table, View},
    stage::{Group, rendered},
    statement::StatementId,
};

/// The version of the objects that the scripts create, in the marker. It is raised when they change, so that the runner
/// upgrades earlier setups: see `upgrade.rs`.
pub(crate) const SETUP_VERSION: u32 = 2;

/// The kind of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum ScriptKind {
    /// The first script: account, group, database; run in `initialDatabase`.
    InitialCreate,
    /// The second script: schemas, tables, views, functions, procedures, grants; run in `database`.
    Create,
    /// From an old payload to a new one.
    Edit,
    /// Removes what the bootstrap created.
    Delete,
    /// The same after a bootstrap that did not finish.
    Cleanup,
    /// The whole setup: initial-create, then create.
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

    /// The operation that the payload is checked for before the script is written. The API's script endpoints refuse a
    /// payload for the automatic setup; its scripts can be written nevertheless.
    #[must_use]
    pub const fn operation(self, is_automatic: bool) -> Operation {
        match (self, is_automatic) {
            (Self::Edit, true) => Operation::Update,
            (_, true) => Operation::Create,
            (Self::InitialCreate | Self::All, false) => Operation::ScriptInitialCreate,
            (Self::Create, false) => Operation::ScriptCreate,
            (Self::Edit, false) => Operation::ScriptEdit,
            (Self::Delete, false) => Operation::ScriptDelete,
            (Self::Cleanup, false) => Operation::ScriptCleanup,
        }
    }
}

/// The form of the password in a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum PasswordForm {
    /// `md5` + md5(password ‖ user name): every client can log in.
    #[default]
    Md5,
    /// `sha256|digest|salt`: libpq clients cannot log in as such users.
    Sha256,
    /// Clear text.
    Plain,
}

/// The form of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Flavor {
    /// One plain SQL file per stage, for any client that runs it statement by statement.
    #[default]
    Plain,
    /// One file for psql, which connects to each database in turn and stops at the first error, whatever the user's
    /// `psqlrc` says.
    Psql,
    /// JSON requests for the Redshift Data API.
    DataApi,
}

/// What the payload does not specify.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct ScriptOptions {
    /// The form of the password in the script.
    pub password: PasswordForm,
    /// `database` exists and is kept: implied if it equals `initialDatabase`.
    pub existing_database: bool,
    /// The system account exists and is kept.
    pub existing_user: bool,
    /// An edit sets the account's password even if the payloads do not differ in it. No effect on an existing account,
    /// which keeps its password.
    pub set_password: bool,
}

/// Statements in stages.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Script {
    /// What it is for.
    pub kind: ScriptKind,
    /// The stages in the order in which to run them; empty if there is nothing to do.
    pub stages: Vec<Stage>,
    /// What to know before running it, one line each, without user text except delimited names and names of variables.
    pub warnings: Vec<String>,
}

/// The payload's name for a stage's database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// `config.initialDatabase`
    InitialDatabase,
    /// `config.database`
    Database,
}

/// The statements of one connection. The JSON is that of [`Script::to_json`].
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Stage {
    /// A short kebab-case name, which names the file: `initial-create`, `create`, `drop-database` …
    #[serde(skip)]
    pub name: &'static str,
    /// The property of the payload with that database.
    #[serde(skip)]
    pub place: Place,
    /// The database to connect to, under the name that Redshift stores: ASCII letters in lower case.
    #[serde(serialize_with = "name")]
    pub database: Identifier,
    /// The statements in order, including `BEGIN` and `COMMIT`.
    pub statements: Vec<Statement>,
    /// Run the stage only if this query, run in `initialDatabase`, returns a row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
}

fn name<S: Serializer>(identifier: &Identifier, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(identifier.as_str())
}

/// The error of a script that cannot be written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScriptError {
    /// A `${NAME}` cannot be resolved: the environment has no password for it.
    UnresolvedSecret(UnresolvedSecret),
    /// The password in clear text would be treated as a hash by Redshift.
    HashedPassword(HashedPassword),
    /// The password in clear text would be refused by Redshift.
    WeakPassword(WeakPassword),
    /// An edit without the old payload.
    OldRequired,
    /// A name or the password contains NUL, which is not allowed in literals.
    Nul,
    /// A template failed: a bug in Bootshift.
    Template,
}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnresolvedSecret(error) => error.fmt(f),
            Self::HashedPassword(error) => error.fmt(f),
            Self::WeakPassword(error) => error.fmt(f),
            Self::OldRequired => f.write_str("an edit script requires the current payload"),
            Self::Nul => f.write_str("the password contains NUL, which is not allowed in SQL literals"),
            Self::Template => f.write_str(
                "internal error: a template could not be rendered; this is a bug, please report it",
            ),
        }
    }
}

impl std::error::Error for ScriptError {}

impl From<UnresolvedSecret> for ScriptError {
    fn from(error: UnresolvedSecret) -> Self {
        Self::UnresolvedSecret(error)
    }
}

impl From<LiteralError> for ScriptError {
    fn from(_: LiteralError) -> Self {
        Self::Nul
    }
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
    let subject = Subject::new(payload, options.existing_database, options.existing_user)?;
    let password = || password_clause(payload, options.password, env);
    // An existing account keeps its password, so no secret is needed for it.
    let created_password = || if subject.creates_user { password() } else { Ok(PasswordClause::DISABLE) };
    let mut same_variable = None;
    let stages = match kind {
        ScriptKind::InitialCreate => initial_create::stages(&subject, &created_password()?),
        ScriptKind::Create => create::stages(&subject)?,
        ScriptKind::All => {
            let mut stages = initial_create::stages(&subject, &created_password()?);
            stages.append(&mut create::stages(&subject)?);
            stages
        }
        ScriptKind::Edit => {
            let old = old.ok_or(ScriptError::OldRequired)?;
            let (stages, variable) = edit::stages(&subject, old, options.set_password, env, &password)?;
            same_variable = variable;
            stages
        }
        ScriptKind::Delete => delete::stages(&subject)?,
        ScriptKind::Cleanup => cleanup::stages(&subject)?,
    };
    let warnings = warnings(&stages, payload, *options, same_variable, env);
    Ok(Script { kind, stages, warnings })
}

/// The stage that sets the system account's password to the payload's, and does nothing else; with
/// [`StatementId::UnlockAccount`], it also unlocks the account.
///
/// # Errors
/// See [`ScriptError`].
#[cfg(feature = "native")]
pub(crate) fn password_stage(
    payload: &Payload,
    id: StatementId,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Stage, ScriptError> {
    let subject = Subject::new(payload, false, false)?;
    Ok(edit::password_stage(&subject, id, &password_clause(payload, PasswordForm::default(), env)?))
}

/// The stage that upgrades the setup of a payload from version 1.
///
/// # Errors
/// See [`ScriptError`].
#[cfg(feature = "native")]
pub(crate) fn upgrade_stage(payload: &Payload, options: ScriptOptions) -> Result<Stage, ScriptError> {
    upgrade::stage(&Subject::new(payload, options.existing_database, options.existing_user)?)
}

/// Whether an [upgrade](upgrade_stage) sets the effect of this statement of a setup.
#[cfg(feature = "native")]
pub(crate) const fn is_upgraded(id: StatementId) -> bool {
    upgrade::sets_effect_of(id)
}

/// The password clause of the system account. Okta accounts do not log in by password.
fn password_clause(
    payload: &Payload,
    form: PasswordForm,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<PasswordClause, ScriptError> {
    let Authentication::UserPassword { username, password } = &payload.authentication else {
        return Ok(PasswordClause::DISABLE);
    };
    let value = password.resolve(env)?;
    let value = value.expose_secret();
    Ok(match form {
        PasswordForm::Md5 => PasswordClause::md5(value, username),
        PasswordForm::Sha256 => PasswordClause::sha256(value, username, &payload.host),
        PasswordForm::Plain => {
            let variable = password.variable().map(str::to_owned);
            if let Some(form) = StoredPassword::of(value) {
                return Err(ScriptError::HashedPassword(HashedPassword { variable, form }));
            }
            if let Some(error) = PasswordError::of(value) {
                return Err(ScriptError::WeakPassword(WeakPassword { variable, error }));
            }
            PasswordClause::plain(value)
        }
    }?)
}

/// The warning for the value of the password's environment variable, without the value; `None` if it is valid. The check
/// reports a password in the payload itself.
pub(crate) fn password_warning(
    authentication: &Authentication,
    env: &dyn Fn(&str) -> Option<String>,
) -> Option<String> {
    let Authentication::UserPassword { password, .. } = authentication else { return None };
    let variable = password.variable()?;
    let value = password.resolve(env).ok()?;
    let value = value.expose_secret();
    if let Some(form) = StoredPassword::of(value) {
        return Some(format!(
            "the value of `{variable}` looks like {form}; it is hashed again, so this text itself becomes the \
             password; set \
             `{variable}` to the password itself"
        ));
    }
    let error = PasswordError::of(value)?;
    let help = if error.is_around() {
        format!("set `{variable}` to the password only")
    } else {
        "see `bootshift explain weak-password` for the rules".to_owned()
    };
    Some(format!("Redshift would reject the password in `{variable}` in clear text: {error}; {help}"))
}

/// `same_variable` is the variable for the password before and after an edit.
fn warnings(
    stages: &[Stage],
    payload: &Payload,
    options: ScriptOptions,
    same_variable: Option<&str>,
    env: &dyn Fn(&str) -> Option<String>,
) -> Vec<String> {
    let mut warnings = Vec::new();
    if let Some(name) = same_variable {
        warnings.push(format!(
            "cannot determine whether the password has changed, because both payloads read it from `${{{name}}}`; \
             if it has, use `--set-password` (`setPassword` in JavaScript)"
        ));
    }
    let secret = stages.iter().flat_map(|stage| &stage.statements).any(Statement::is_secret);
    if secret && options.password == PasswordForm::Sha256 {
        warnings.push(
            "libpq clients (psql, and most drivers except Amazon's own) cannot log in with a password that is \
             stored as sha256"
                .to_owned(),
        );
    }
    if secret && options.password == PasswordForm::Plain {
        warnings.push("the script contains the password in plain text; Redshift may log it".to_owned());
    }
    if payload.impersonation_group().is_some() && !stages.is_empty() {
        warnings.push(
            "only a superuser can create, alter and drop groups: run the script as a superuser".to_owned(),
        );
    }
    if secret {
        warnings.extend(password_warning(&payload.authentication, env));
    }
    warnings
}
