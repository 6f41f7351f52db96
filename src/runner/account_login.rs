//! Whether the system account logs in with the payload's password. Nothing in the catalog tells: it has to be tried.
//!
//! Since patch 204, Redshift locks an account after some failed log-ins in a row, five unless told otherwise
//! (<https://docs.aws.amazon.com/redshift/latest/mgmt/behavior-changes.html>). So a run tries once, where the answer
//! matters, and once more only after it has set the password itself.

use secrecy::{ExposeSecret as _, SecretString};

use super::error::ConnectError;
use super::facts::quoted;
use super::snapshot::Snapshot;
use super::plan::sets_password;
use super::response::{Phase, TestName, TestStatus, ValidationTest};
use super::session::Session;
use super::{Access, Target};
use crate::payload::{Authentication, Payload};
use crate::script::{Stage, StatementId};
use crate::sql::Identifier;

/// What is known of the account's password.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Password {
    /// It was not tried: there is no account yet, it has no password, or the run sets it whatever it is.
    #[default]
    Untested,
    /// It is the payload's.
    Valid,
    /// It is another one, or none.
    Invalid,
    /// It is over: `VALID UNTIL`.
    Expired,
    /// This run has set it, and the server refuses it all the same.
    RejectedAfterSet,
    /// It could not be tried; why.
    Unknown(String),
}

impl Password {
    /// Whether the account does not log in with the payload's password.
    pub(super) const fn fails_login(&self) -> bool {
        matches!(self, Self::Invalid | Self::Expired | Self::RejectedAfterSet)
    }
}

/// What the drift is called, as the statement that fixes it.
const DRIFT_TEST: TestName = Phase::Setup.of_statement(StatementId::SetPassword);
/// What a run cannot fix, or has found to be right.
const LOGIN_TEST: TestName = Phase::SystemAccount.test("Login With The Payload's Password");

/// Tries the account, where that tells something about the set-up, or about what the stages would change.
///
/// # Errors
/// The user has interrupted it.
pub(super) async fn test(
    target: &Target,
    session: &Session,
    snapshot: &Snapshot,
    stages: &[Stage],
) -> Result<Password, ConnectError> {
    let is_set = sets_password(stages);
    let is_used = if snapshot.made().user_created {
        // Passwords are not tried on an account that is not proven to be the set-up's.
        snapshot.proof().is_some()
    } else {
        // Immuta uses the credentials of an automatic set-up once, and does not store them.
        !target.payload.auto_bootstrap
            || target.access.user == target.payload.authentication.username().as_str()
    };
    if !snapshot.cluster.has_user || !is_used || (is_set && !snapshot.matches_payload()) {
        return Ok(Password::Untested);
    }
    match (&target.payload.authentication, target.old.as_ref().map(|old| &old.authentication)) {
        (Authentication::UserPassword { username, password }, _) => match password.resolve(&*target.env) {
            Ok(password) => log_in(target, session, snapshot, username, password).await,
            Err(error) => Ok(Password::Unknown(error.to_string())),
        },
        // The account is to have no password any more: the old one must not open anything.
        (Authentication::Okta(okta), Some(Authentication::UserPassword { password, .. })) if is_set => {
            let Ok(password) = password.resolve(&*target.env) else { return Ok(Password::Untested) };
            Ok(match log_in(target, session, snapshot, &okta.username, password).await? {
                Password::Invalid => Password::Valid,
                _ => Password::Untested,
            })
        }
        (Authentication::Okta(_), _) => Ok(Password::Untested),
    }
}

/// Tries the account after the run has set its password.
///
/// # Errors
/// As there.
pub(super) async fn verify(
    target: &Target,
    session: &Session,
    snapshot: &Snapshot,
) -> Result<Password, ConnectError> {
    let Authentication::UserPassword { username, password } = &target.payload.authentication else {
        return Ok(Password::Untested);
    };
    let Ok(password) = password.resolve(&*target.env) else { return Ok(Password::Untested) };
    Ok(match log_in(target, session, snapshot, username, password).await? {
        Password::Invalid => Password::RejectedAfterSet,
        password => password,
    })
}

async fn log_in(
    target: &Target,
    session: &Session,
    snapshot: &Snapshot,
    user: &Identifier,
    password: SecretString,
) -> Result<Password, ConnectError> {
    let Target { access, payload, .. } = target;
    let is_ours = |ours: &SecretString| ours.expose_secret() == password.expose_secret();
    if access.user == user.as_str() && access.password.as_ref().is_some_and(is_ours) {
        // This very run has logged in by it.
        return Ok(Password::Valid);
    }
    let Payload { database, initial_database, .. } = payload;
    let database = if snapshot.cluster.has_database { database } else { initial_database };
    let access = Access { user: user.as_str().to_owned(), password: Some(password), ..access.clone() };
    match Session::log_in(&access, &database.folded()).await {
        Ok(session) => {
            session.close().await;
            Ok(Password::Valid)
        }
        Err(ConnectError::WrongPassword(_)) if is_expired(session, user).await => Ok(Password::Expired),
        Err(ConnectError::WrongPassword(_)) => Ok(Password::Invalid),
        Err(ConnectError::Interrupted) => Err(ConnectError::Interrupted),
        Err(error) => Ok(Password::Unknown(error.to_string())),
    }
}

/// Whether the account's password is over; where that cannot be asked, it counts as one that is not.
async fn is_expired(session: &Session, user: &Identifier) -> bool {
    let query = format!(
        "SELECT 1 FROM pg_catalog.pg_user u WHERE u.usename = {} AND u.valuntil < GETDATE()",
        quoted(user.as_str())
    );
    session.rows(&query).await.is_ok_and(|rows| !rows.is_empty())
}

/// What is to be said of the account, beside what the plan says.
pub(super) fn tests(payload: &Payload, snapshot: &Snapshot) -> Option<ValidationTest> {
    let user = payload.authentication.username();
    let failed = |name, message| Some(ValidationTest::failed(name, message));
    match &snapshot.password {
        Password::Untested => None,
        Password::Valid => match payload.authentication {
            Authentication::UserPassword { .. } => Some(ValidationTest::passed(LOGIN_TEST)),
            Authentication::Okta(_) => None,
        },
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
