//! A payload to the statements that set Redshift up for it, change it, and take it down.
//!
//! A [`Script`] is data: stages, each for one connection, of statements with what a runner needs to know about
//! them. The text forms ([`Script::render`]) and the runner are readers of that data. The same payload and
//! options give the same script, byte for byte.
//!
//! Each kind of script is a file that lists its statements in order. A statement of one line is written in that list;
//! one with lines of its own is a template in `templates/objects`. Neither takes a value that [`crate::sql`] has not
//! marked as safe. What a statement is called and what it does follows from its id alone.
//!
//! This is Bootshift's own SQL. Immuta publishes none; what its own bootstrap makes is known from the prose of
//! its documentation, which lists the schemas, `profile`, `user_profile`, `impersonate_user` and the grants
//! (<https://documentation.immuta.com/2024.2/data-and-integrations/redshift/reference-guides/redshift>).
//! The columns of `profile`, the signatures of the other procedures, the marker and everything about how
//! impersonation keeps its state are ours.
//!
//! # Threat model
//!
//! *Whom we trust*: superusers, the account that runs the scripts (it owns what they make), and the system
//! account as far as `profile` goes: it decides what each user may see. *Whom we do not*: every other user of
//! the cluster, members of the impersonation group included. They can set any session variable, make temporary
//! tables and schemas of their own with functions in them, set `search_path`, and keep sessions open.
//!
//! | attack | what stands against it |
//! | --- | --- |
//! | read `profile` or the state | every table is closed to `PUBLIC` by name, after it is made and whatever default privileges give to `PUBLIC`; `user_profile` reads with its owner's rights and shows one row |
//! | read `profile` by the errors of a predicate on `user_profile` | the view has a `LIMIT`, below which no planner may move a predicate: it is asked of the caller's own row only |
//! | write the state | nobody is granted anything on it: only the `SECURITY DEFINER` procedures write |
//! | forge an identity by a session variable, a temporary table or `search_path` | none of them is asked: the state is two tables and `stv_sessions`, every name that a user could shadow is qualified, and the procedures fix `search_path` and read the clock in UTC |
//! | shadow what `list_contains` calls | it calls `pg_catalog.chr` by that name, and `POSITION`, which is grammar |
//! | impersonate without being a member | `EXECUTE` is granted to the group alone, and the procedure looks the *session* user up in the group: a member who wraps the call into a `SECURITY DEFINER` procedure of his own hands nothing on |
//! | admit oneself | `grant_impersonation` is executable by the system account alone |
//! | steer a superuser who removes a set-up by functions in `public` | the short-lived procedures fix `search_path` too |
//! | plant a marker, or write one that default privileges have opened, so that a superuser removes what is not ours | the proof asks who owns the marker and its schema, and who may write it |
//! | block a removal by a schema of the proof's name, or have a procedure of one's own called | the schema is dropped and made anew in the transaction of the proof |
//! | keep an identity after the session | a row counts for one process number *and* the start of its session, so a later session with the same number is another |
//! | keep an identity after `revoke_impersonation` | the view asks for the grant each time; the revocation deletes it, and a new grant has a new number |
//! | take another's identity in his session | a row counts for the user it was written for |
//! | break out through a name | identifiers, literals and bodies are quoted by type ([`crate::sql`]); no user text stands in a comment |
//!
//! `tests/attacks.rs` mounts these attacks, each also on a set-up without its protection, where it has to succeed.
//!
//! *What remains*, and is not ours to close:
//!
//! - Default privileges of the account that runs the scripts which name a user, a group or a role instead of
//!   `PUBLIC` hold for what the scripts make: `GRANT SELECT ON TABLES TO GROUP readers` opens `profile`, `ALL` opens
//!   the state, and `EXECUTE ON PROCEDURES` lets its holder admit himself. A new database has none, an existing one
//!   may: look at `svv_default_privileges` before, or revoke what they gave afterwards.
//! - A transaction that is open during a revocation reads the snapshot it began with: what it shows is what stood
//!   then, until it ends.
//! - `ALTER GROUP … DROP USER` by hand stops new impersonation at once, but a session that impersonates keeps
//!   its identity until it ends: views cannot ask the catalog of groups. Use `revoke_impersonation`.
//! - A member admitted by `ALTER GROUP` gets his grant when he first impersonates. Under `SNAPSHOT` isolation a
//!   revocation at that very moment can miss it; under `SERIALIZABLE` one of the two is refused (error 1023).
//! - A connection pool that hands a session on hands the identity on: call `impersonate_user(NULL)` first.
//! - A member who is made to run somebody else's code can be made to impersonate, as with any right he has.
//! - Tables and views that the system account makes from now on are readable by everybody, as Immuta's
//!   documentation asks for its views; ours are not among them. Procedures that the owner of these scripts later
//!   makes in `immuta_procedures` are executable by the system account.
//! - In a database with the collation `CASE_INSENSITIVE` (an existing one; a new one is case-sensitive) user
//!   names that differ in case alone share a row. In any database so do names that differ in trailing blanks alone,
//!   which Redshift leaves out of comparisons.
//! - That `CURRENT_USER` is the definer and `SESSION_USER` the caller inside a `SECURITY DEFINER` procedure is
//!   inferred from PostgreSQL, and nothing here has been tried on Redshift Serverless, whose `stv_sessions` may
//!   be closed to ordinary users.

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

/// What a script is for.
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

    /// What the payload is checked as before the script is written. The API's script endpoints refuse a payload
    /// that asks for the automatic set-up; what that set-up runs is written all the same.
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

/// How a password stands in the script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Flavor {
    /// One plain SQL file a stage, for any client that runs it statement by statement.
    #[default]
    Plain,
    /// One file for psql, which connects to each database in turn and stops at the first error, whatever the user's
    /// `psqlrc` says.
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
    /// An edit sets the account's password whether or not the payloads differ in it. Of no effect on an account that
    /// exists, which keeps its own.
    pub set_password: bool,
}

/// Statements in stages.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Script {
    /// What it is for.
    pub kind: ScriptKind,
    /// The stages in the order to run them. None where there is nothing to do.
    pub stages: Vec<Stage>,
    /// What the user should know before running it: one line each, no user text but delimited names and the names of
    /// variables.
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

/// What runs in one connection. The JSON is that of [`Script::to_json`].
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Stage {
    /// A short kebab-case name, which names the file: `initial-create`, `create`, `drop-database` …
    #[serde(skip)]
    pub name: &'static str,
    /// Which of the payload's databases that is.
    #[serde(skip)]
    pub place: Place,
    /// The database to connect to, under the name that Redshift stores: ASCII letters in lower case.
    #[serde(serialize_with = "name")]
    pub database: Identifier,
    /// The statements in order; `BEGIN` and `COMMIT` are among them.
    pub statements: Vec<Statement>,
    /// Run the stage only if this query, asked in `initialDatabase`, gives a row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
}

fn name<S: Serializer>(identifier: &Identifier, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(identifier.as_str())
}

/// Why there is no script.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScriptError {
    /// A `${NAME}` cannot be resolved: the user's environment has no password for it.
    UnresolvedSecret(UnresolvedSecret),
    /// The password is to stand in clear text, and Redshift would not take it for one.
    HashedPassword(HashedPassword),
    /// The password is to stand in clear text, and Redshift would refuse it.
    WeakPassword(WeakPassword),
    /// An edit without the old payload: the caller's omission.
    OldRequired,
    /// A name or the password holds NUL, which no literal can.
    Nul,
    /// A template failed: a defect of Bootshift.
    Template,
}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnresolvedSecret(error) => error.fmt(f),
            Self::HashedPassword(error) => error.fmt(f),
            Self::WeakPassword(error) => error.fmt(f),
            Self::OldRequired => f.write_str("an edit script requires the old payload"),
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
    // An account that exists keeps its password, so that no secret is needed for it.
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

/// The stage that sets the system account's password to the payload's, and does nothing else.
///
/// # Errors
/// See [`ScriptError`].
#[cfg(feature = "native")]
pub(crate) fn password_stage(
    payload: &Payload,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Stage, ScriptError> {
    let subject = Subject::new(payload, false, false)?;
    Ok(edit::password_stage(&subject, &password_clause(payload, PasswordForm::default(), env)?))
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
            if let Some(fault) = PasswordError::of(value) {
                return Err(ScriptError::WeakPassword(WeakPassword { variable, fault }));
            }
            PasswordClause::plain(value)
        }
    }?)
}

/// What there is to say of the value that a variable gives the system account's password, without any of it; `None`
/// where nothing is wrong, and of what the payload itself says, which the check judges.
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
            "Redshift would treat the value of `{variable}` as {form}; because the script hashes it, this text itself \
             becomes the password: set `{variable}` to the password itself"
        ));
    }
    let fault = PasswordError::of(value)?;
    let help = if fault.is_around() {
        format!("set `{variable}` to the password alone")
    } else {
        "see `bootshift explain weak-password` for the rules".to_owned()
    };
    Some(format!("Redshift would refuse the password in `{variable}` in clear text: {fault}; {help}"))
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
            "cannot determine whether the password has changed: both payloads take it from `${{{name}}}`; if it has, use \
             `--set-password` (`setPassword` in JavaScript), which always sets it"
        ));
    }
    let secret = stages.iter().flat_map(|stage| &stage.statements).any(Statement::is_secret);
    if secret && options.password == PasswordForm::Sha256 {
        warnings.push(
            "libpq clients (psql and most drivers except Amazon's own) cannot log in as \
             a user whose password is stored as sha256"
                .to_owned(),
        );
    }
    if secret && options.password == PasswordForm::Plain {
        warnings.push("the script contains the password in clear text; Redshift may log it".to_owned());
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
