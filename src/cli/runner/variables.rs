//! The environment variables that a payload can reference.
//!
//! A payload names a variable and a host, and the host learns the value of the variable, or a hash of it. So a payload
//! must not be able to reference every secret of this machine.

use std::sync::Arc;

use secrecy::SecretString;

use super::super::args::LoginArgs;
use super::super::native::variable;
use super::Task;
use crate::payload::{Authentication, Payload, Secret, Unresolved, UnresolvedSecret};

/// The variables that payloads can reference.
#[derive(Clone)]
pub(super) struct Variables {
    /// The names that the arguments allow in addition.
    allowed: Arc<[String]>,
}

impl Variables {
    pub(super) fn of(args: &LoginArgs) -> Self {
        Self { allowed: args.allow_env.as_slice().into() }
    }

    /// The value of a variable, if it is allowed.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        if self.allows(name) { variable(name) } else { None }
    }

    /// The password of a payload.
    ///
    /// # Errors
    /// Its variable cannot be resolved, or is not allowed.
    pub(super) fn resolve(&self, password: &Secret) -> Result<SecretString, UnresolvedSecret> {
        match self.not_allowed(password) {
            Some(secret) => Err(secret),
            None => password.resolve(&variable),
        }
    }

    /// The variable of a payload, if a run would read it and it is not allowed.
    pub(super) fn refused(
        &self,
        task: Task,
        args: &LoginArgs,
        payload: &Payload,
    ) -> Option<UnresolvedSecret> {
        self.not_allowed(read_password(task, args, payload)?)
    }

    fn not_allowed(&self, password: &Secret) -> Option<UnresolvedSecret> {
        let variable = password.variable().filter(|name| !self.allows(name))?;
        Some(UnresolvedSecret { variable: variable.to_owned(), reason: Unresolved::NotAllowed })
    }

    fn allows(&self, name: &str) -> bool {
        is_of_accounts(name) || self.allowed.iter().any(|allowed| allowed == name)
    }
}

/// The password of the payload, if a run may use it: to create the account, to log in with it, or to test the login.
pub(super) fn read_password<'p>(task: Task, args: &LoginArgs, payload: &'p Payload) -> Option<&'p Secret> {
    match &payload.authentication {
        // A removal does not need it.
        _ if task == Task::Remove && args.user.is_some() => None,
        Authentication::UserPassword { password, .. } => Some(password),
        Authentication::Okta(_) => None,
    }
}

/// Whether a variable is for passwords of payloads, by its name. `PGPASSWORD` is the password of `--user`. Names are
/// case-insensitive, as on Windows.
fn is_of_accounts(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    name.contains("PASSWORD") && name != "PGPASSWORD"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_password_variables_and_allowed_variables_are_read() {
        let variables = Variables { allowed: ["IMMUTA_SECRET".to_owned()].as_slice().into() };
        for allowed in ["REDSHIFT_PASSWORD", "PASSWORD", "PASSWORD_2", "db_password", "IMMUTA_SECRET"] {
            assert!(variables.allows(allowed), "{allowed}");
        }
        for refused in [
            "GITHUB_TOKEN",
            "AWS_SECRET_ACCESS_KEY",
            "PASSWD",
            "PASS_WORD",
            "PGPASSWORD",
            "PgPassword",
            "IMMUTA_SECRET_2",
            "immuta_secret",
            "SECRET",
            "",
        ] {
            assert!(!variables.allows(refused), "{refused}");
            assert_eq!(variables.get(refused), None, "{refused}");
        }
        assert!(variable("PATH").is_some() && variables.get("PATH").is_none());
    }
}
