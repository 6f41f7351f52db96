//! Who logs in.

use std::fs;
use std::path::Path;

use clap::error::ErrorKind;
use secrecy::SecretString;

use super::super::args::ConnectionArgs;
use super::super::exit::Exit;
use super::super::system::System;
use super::super::terminal::Terminal;
use super::super::{Failure, source, usage};
use super::interrupt::Interrupt;
use super::prompt::hidden_line;
use crate::payload::{Authentication, Payload};
use crate::report::human::printable;

/// Who logs in, as far as the arguments say.
pub(super) struct Login {
    user: Option<String>,
    password: Option<SecretString>,
}

impl Login {
    pub(super) async fn of<S: System>(
        args: &ConnectionArgs,
        is_terminal: bool,
        interrupt: &Interrupt,
        terminal: &mut Terminal<'_, S>,
    ) -> Result<Self, Failure> {
        let system = terminal.system();
        let password = match &args.password_file {
            Some(path) => Some(password_of(path)?),
            None => system.env("PGPASSWORD").filter(|password| !password.is_empty()).map(SecretString::from),
        };
        let password = match (&args.user, password) {
            (Some(user), None) if is_terminal && args.path.as_os_str() != "-" => {
                Some(asked_for(user, interrupt, terminal).await?)
            }
            (_, password) => password,
        };
        if args.user.is_none() && args.password_file.is_some() {
            return Err(usage(ErrorKind::ArgumentConflict, "--password-file goes with --user"));
        }
        Ok(Self { user: args.user.clone(), password })
    }

    /// The account for a payload: the one that the arguments name, or else the payload's own.
    pub(super) fn of_payload(
        &self,
        payload: &Payload,
        name: &str,
    ) -> Result<(String, Option<SecretString>), Failure> {
        if let Some(user) = &self.user {
            return Ok((user.clone(), self.password.clone()));
        }
        let name = printable(name);
        let missing = |why: &str| {
            let message = format!("{name}: {why}; name the user to log in with: --user NAME");
            usage(ErrorKind::MissingRequiredArgument, &message)
        };
        match &payload.authentication {
            _ if !payload.auto_bootstrap => Err(missing(
                "`autoBootstrap` is false, so the payload's account is not the one to set it up with",
            )),
            Authentication::Okta(_) => Err(missing(
                "okta accounts do not log in by password; get temporary credentials for one (`aws redshift \
                 get-cluster-credentials`)",
            )),
            Authentication::UserPassword { username, password } => {
                let password = password
                    .resolve(&|name| std::env::var(name).ok())
                    .map_err(|error| Failure::Message(format!("{name}: {error}")))?;
                Ok((username.as_str().to_owned(), Some(password)))
            }
        }
    }
}

/// The password that the user types.
async fn asked_for<S: System>(
    user: &str,
    interrupt: &Interrupt,
    terminal: &mut Terminal<'_, S>,
) -> Result<SecretString, Failure> {
    let prompt = format!("Password for {}: ", printable(user));
    let password = hidden_line(&prompt, interrupt)
        .await
        .map_err(|error| Failure::Message(format!("cannot read the password: {error}")))?;
    password.ok_or_else(|| {
        terminal.note_line("nothing was changed");
        Failure::Silent(Exit::Interrupted)
    })
}

/// The first line of a file.
fn password_of(path: &Path) -> Result<SecretString, Failure> {
    let text = fs::read_to_string(path).map_err(|error| {
        Failure::Message(format!("cannot read the password file: {}", source::reason(&error)))
    })?;
    match text.lines().next() {
        Some(line) if !line.is_empty() => Ok(SecretString::from(line)),
        _ => Err(Failure::Message("the password file is empty".to_owned())),
    }
}
