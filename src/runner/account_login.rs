//! Whether the system account can log in with the password of the payload. The catalog does not show it, so the login is
//! tested.
//!
//! Since patch 204, Redshift locks an account after several failed logins in a row, five by default
//! (<https://docs.aws.amazon.com/redshift/latest/mgmt/behavior-changes.html>). So a run tests the login only once, if the
//! result matters, and once more only after it has set the password.

use secrecy::{ExposeSecret as _, SecretString};

use super::error::ConnectError;
use super::facts::{Cluster, quoted};
use super::plan::sets_password;
use super::response::{Phase, TestName, TestStatus, ValidationTest};
use super::session::{Opening, Row, Session};
use super::snapshot::Snapshot;
use super::{Access, Target};
use crate::payload::{Authentication, Payload};
use crate::script::{Stage, StatementId};
use crate::sql::Identifier;

/// The result of testing the password of the account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Password {
    /// It was not tested: there is no account yet, the account has no password, or the run sets it anyway.
    #[default]
    Untested,
    /// The password of the payload is valid.
    Valid,
    /// The account has another password, or none.
    Invalid,
    /// The account is locked, so that no password is valid.
    Locked,
    /// It has expired: `VALID UNTIL`.
    Expired,
    /// This run has set it, but the server rejects it.
    RejectedAfterSet,
    /// It could not be tested; why.
    Unknown(String),
}

impl Password {
    /// Whether the account cannot log in with the password of the payload.
    pub(super) const fn fails_login(&self) -> bool {
        matches!(self, Self::Invalid | Self::Locked | Self::Expired | Self::RejectedAfterSet)
    }
}

/// The test of a password that a run can repair: that of the statement that does so.
const DRIFT_TEST: TestName = Phase::Setup.of_statement(StatementId::SetPassword);
/// The test of a password that is valid, or that a run cannot repair.
const LOGIN_TEST: TestName = Phase::SystemAccount.test("Login With The Payload's Password");

/// Starts to log in as the account, to save time if the login will be tested.
pub(super) fn open(target: &Target) -> Option<Opening> {
    let Authentication::UserPassword { username, password } = &target.payload.authentication else {
        return None;
    };
    let access = access(target, username, password.resolve(&*target.env).ok()?)?;
    Some(Opening::start(&access, &target.payload.database.folded()))
}

/// Tests the login of the account, if the result matters for the setup or for the stages.
///
/// # Errors
/// The user has interrupted it.
pub(super) async fn test(
    target: &Target,
    session: &Session,
    snapshot: &Snapshot,
    stages: &[Stage],
    opening: Option<Opening>,
) -> Result<Password, ConnectError> {
    let is_set = sets_password(stages);
    let is_used = if snapshot.marker().user_created {
        // Passwords are not tested on an account that is not proven to be part of the setup.
        snapshot.proof().is_some()
    } else {
        // Immuta uses the credentials of an automatic setup once, and does not store them.
        !target.payload.auto_bootstrap
            || target.access.user == target.payload.authentication.username().as_str()
    };
    if !snapshot.cluster.has_user || !is_used || (is_set && !snapshot.matches_payload()) {
        return Ok(Password::Untested);
    }
    match (&target.payload.authentication, target.old.as_ref().map(|old| &old.authentication)) {
        (Authentication::UserPassword { username, password }, _) => match password.resolve(&*target.env) {
            Ok(password) => {
                let password = log_in(target, &snapshot.cluster, username, password, opening).await?;
                Ok(explained(session, username, password).await)
            }
            Err(error) => Ok(Password::Unknown(error.to_string())),
        },
        // The password is removed from the account, so the old one must not be valid any more.
        (Authentication::Okta(okta), Some(Authentication::UserPassword { password, .. })) if is_set => {
            let Ok(password) = password.resolve(&*target.env) else { return Ok(Password::Untested) };
            Ok(match log_in(target, &snapshot.cluster, &okta.username, password, None).await? {
                Password::Invalid => Password::Valid,
                _ => Password::Untested,
            })
        }
        (Authentication::Okta(_), _) => Ok(Password::Untested),
    }
}

/// Logs in as the account after the run has set its password.
///
/// # Errors
/// The user has interrupted it.
pub(super) async fn log_in_after_set(target: &Target, cluster: &Cluster) -> Result<Password, ConnectError> {
    let Authentication::UserPassword { username, password } = &target.payload.authentication else {
        return Ok(Password::Untested);
    };
    let Ok(password) = password.resolve(&*target.env) else { return Ok(Password::Untested) };
    log_in(target, cluster, username, password, None).await
}

/// What the result of [`log_in_after_set`] means.
pub(super) async fn after_set(target: &Target, session: &Session, password: Password) -> Password {
    match explained(session, target.payload.authentication.username(), password).await {
        Password::Invalid | Password::Locked => Password::RejectedAfterSet,
        password => password,
    }
}

async fn log_in(
    target: &Target,
    cluster: &Cluster,
    user: &Identifier,
    password: SecretString,
    opening: Option<Opening>,
) -> Result<Password, ConnectError> {
    let Some(access) = access(target, user, password) else { return Ok(Password::Valid) };
    let Payload { database, initial_database, .. } = &target.payload;
    let database = if cluster.has_database { database } else { initial_database };
    let connected = match opening {
        Some(opening) => opening.finish().await,
        None => Session::connect(&access, &database.folded()).await,
    };
    match connected {
        Ok(session) => {
            session.close().await;
            Ok(Password::Valid)
        }
        Err(ConnectError::WrongPassword(_)) => Ok(Password::Invalid),
        Err(ConnectError::Interrupted) => Err(ConnectError::Interrupted),
        Err(error) => Ok(Password::Unknown(error.to_string())),
    }
}

/// How to log in as the account; `None` if this run has already logged in as it.
fn access(target: &Target, user: &Identifier, password: SecretString) -> Option<Access> {
    let access = &target.access;
    let is_ours = |ours: &SecretString| ours.expose_secret() == password.expose_secret();
    if access.user == user.as_str() && access.password.as_ref().is_some_and(is_ours) {
        return None;
    }
    Some(Access { user: user.as_str().to_owned(), password: Some(password), ..access.clone() })
}

/// A password that is not valid may have expired, or the account may be locked.
async fn explained(session: &Session, user: &Identifier, password: Password) -> Password {
    match password {
        Password::Invalid if is_expired(session, user).await => Password::Expired,
        Password::Invalid if is_locked(session, user).await => Password::Locked,
        password => password,
    }
}

/// Whether the account is locked; `false` if that cannot be queried: only superusers can
/// (<https://docs.aws.amazon.com/redshift/latest/dg/r_SHOW_USER_LOCKOUT.html>).
async fn is_locked(session: &Session, user: &Identifier) -> bool {
    let is_it = |row: &Row| {
        let [Some(name), Some(is_locked), ..] = row.as_slice() else { return false };
        name == user.as_str() && ["t", "true"].contains(&is_locked.as_str())
    };
    session.rows("SHOW USER LOCKOUT").await.is_ok_and(|rows| rows.iter().any(is_it))
}

/// Whether the password of the account has expired; `false` if that cannot be queried.
async fn is_expired(session: &Session, user: &Identifier) -> bool {
    let query = format!(
        "SELECT 1 FROM pg_catalog.pg_user u WHERE u.usename = {} AND u.valuntil < GETDATE()",
        quoted(user.as_str())
    );
    session.rows(&query).await.is_ok_and(|rows| !rows.is_empty())
}

/// The test of the login of the account, in addition to the plan.
pub(super) fn tests(payload: &Payload, snapshot: &Snapshot) -> Option<ValidationTest> {
    let user = payload.authentication.username();
    let failed = |name, message| Some(ValidationTest::failed(name, message));
    match &snapshot.password {
        Password::Untested => None,
        Password::Valid => match payload.authentication {
            Authentication::UserPassword { .. } => Some(ValidationTest::passed(LOGIN_TEST)),
            Authentication::Okta(_) => None,
        },
        Password::Locked if snapshot.needs_password_reset() => failed(
            DRIFT_TEST,
            "the account is locked after several failed logins: `bootshift apply` unlocks it and sets the password"
                .to_owned(),
        ),
        Password::Locked => failed(
            LOGIN_TEST,
            format!(
                "the account `{0}` is locked after several failed logins. The password of an existing account is never \
                 changed: unlock it as a superuser with `ALTER USER {user} LOGIN PASSWORD '…'`",
                user.as_str()
            ),
        ),
        Password::Invalid if snapshot.needs_password_reset() => failed(
            DRIFT_TEST,
            "not in effect: login with the payload's password failed. Each run that detects this counts as a failed \
             login, and Redshift locks an account after several in a row"
                .to_owned(),
        ),
        Password::Invalid => failed(
            LOGIN_TEST,
            format!(
                "login of `{0}` with the payload's password failed. The password of an existing account is never \
                 changed: use its current password, or set it manually with `ALTER USER {user} PASSWORD '…'`",
                user.as_str()
            ),
        ),
        Password::Expired => failed(
            LOGIN_TEST,
            format!(
                "the password of `{0}` has expired (`VALID UNTIL`): set a new date with `ALTER USER {user} PASSWORD \
                 '…' VALID UNTIL '…'`",
                user.as_str()
            ),
        ),
        Password::RejectedAfterSet => failed(
            LOGIN_TEST,
            format!(
                "the password of `{0}` was set, but the server still rejects it. If the account is locked after too \
                 many failed logins (see `SHOW USER LOCKOUT`), unlock it as a superuser with `ALTER USER {user} LOGIN \
                 PASSWORD '…'`",
                user.as_str()
            ),
        ),
        Password::Unknown(why) => Some(ValidationTest::new(
            LOGIN_TEST,
            TestStatus::Warning,
            Some(format!("cannot check whether the account can log in with the payload's password: {why}")),
        )),
    }
}
