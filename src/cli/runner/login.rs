//! The login user and password.

use std::path::Path;

use clap::error::ErrorKind;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret as _, SecretString};

use super::super::args::LoginArgs;
use super::super::exit::Exit;
use super::super::source::shown;
use super::super::system::System;
use super::super::terminal::Terminal;
use super::super::{Failure, usage};
use super::hosts::described;
use super::interrupt::Interrupt;
use super::login_password::{may_be_valid, suspicion};
use super::prompt::hidden_line;
use super::variables::Variables;
use crate::characters::is_blank;
use crate::payload::{Authentication, Payload, Secret, Unresolved};
use crate::text::printable;
use crate::{encoding, files};

/// The login from the arguments.
pub(super) struct Login {
    user: Option<String>,
    password: Option<SecretString>,
    /// The source of the password.
    source: &'static str,
}

impl Login {
    pub(super) async fn of<S: System>(
        args: &LoginArgs,
        can_ask: bool,
        interrupt: &Interrupt,
        terminal: &mut Terminal<'_, S>,
    ) -> Result<Self, Failure> {
        let Some(user) = &args.user else { return Ok(Self { user: None, password: None, source: "" }) };
        let mut source = "PGPASSWORD";
        let password = match &args.password_file {
            Some(path) => {
                if files::is_open_to_others(path) {
                    let path = shown(terminal.system(), path);
                    terminal.warning(format_args!(
                        "the password file is readable by other users: run `chmod 600 {path}`"
                    ));
                }
                source = "--password-file";
                let password = password_of(path, terminal)?;
                warn("the password in the file", &password, terminal);
                Some(password)
            }
            None => match Secret::new("${PGPASSWORD}").resolve(&|name| terminal.system().env(name)) {
                Ok(password) => {
                    warn("`PGPASSWORD`", &password, terminal);
                    Some(password)
                }
                Err(secret) => match secret.reason {
                    Unresolved::Unset | Unresolved::Empty if can_ask => {
                        source = "the prompt";
                        Some(prompt_for(user, interrupt, terminal).await?)
                    }
                    Unresolved::Unset => None,
                    // As in libpq.
                    Unresolved::Empty => {
                        terminal.warning("`PGPASSWORD` is empty, which counts as not set");
                        None
                    }
                    reason => {
                        let value = terminal.system().env(&secret.variable).map(SecretString::from);
                        let is_doubtful = |value: &SecretString| {
                            reason == Unresolved::Placeholder && may_be_valid(value.expose_secret())
                        };
                        let Some(password) = value.filter(is_doubtful) else {
                            return Err(Failure::Message(secret.to_string()));
                        };
                        warn("`PGPASSWORD`", &password, terminal);
                        Some(password)
                    }
                },
            },
        };
        Ok(Self { user: Some(user.clone()), password, source })
    }

    /// The login user for a payload, with the source of the password.
    pub(super) fn described(&self, payload: &Payload) -> String {
        match self.user {
            Some(_) => self.described_as_given(),
            None => described(payload, payload.authentication.password()),
        }
    }

    /// The login user of the arguments, with the source of the password.
    pub(super) fn described_as_given(&self) -> String {
        let user = printable(self.user.as_deref().unwrap_or_default());
        match self.password {
            Some(_) => format!("{user} (password from {})", self.source),
            None => format!("{user} (no password)"),
        }
    }

    /// The login of the arguments, which name a user.
    pub(super) fn given(&self) -> (String, Option<SecretString>) {
        (self.user.clone().unwrap_or_default(), self.password.clone())
    }

    /// The login for a payload: from the arguments, or else from the payload.
    pub(super) fn of_payload(
        &self,
        payload: &Payload,
        name: &str,
        variables: &Variables,
    ) -> Result<(String, Option<SecretString>), Failure> {
        if let Some(user) = &self.user {
            return Ok((user.clone(), self.password.clone()));
        }
        let name = printable(name);
        let missing = |why: &str| {
            let message = format!("{name}: {why}; pass the login user with `--user NAME`");
            usage(ErrorKind::MissingRequiredArgument, &message)
        };
        match &payload.authentication {
            _ if !payload.auto_bootstrap => Err(missing(
                "`autoBootstrap` is `false`, so the account of the payload is not used for login",
            )),
            Authentication::Okta(_) => Err(missing(
                "an Okta account cannot log in with a password; get temporary credentials (`aws redshift \
                 get-cluster-credentials`)",
            )),
            Authentication::UserPassword { username, password } => {
                let password = variables
                    .resolve(password)
                    .map_err(|error| Failure::Message(format!("{name}: {error}")))?;
                Ok((username.as_str().to_owned(), Some(password)))
            }
        }
    }
}

/// Warns about a suspicious password, which may still be valid.
fn warn<S: System>(subject: &str, password: &SecretString, terminal: &mut Terminal<'_, S>) {
    if let Some(suspicion) = suspicion(password.expose_secret()) {
        terminal.warning(format!("{subject} {suspicion}; it is used as it is"));
    }
}

/// Prompts for the password.
async fn prompt_for<S: System>(
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

/// The first line of a file, without byte order mark.
fn password_of<S: System>(path: &Path, terminal: &mut Terminal<'_, S>) -> Result<SecretString, Failure> {
    let failure = |message: &str| Failure::Message(message.to_owned());
    let bytes = files::read(path).map(Zeroizing::new).map_err(|error| {
        Failure::Message(format!("cannot read the password file: {}", files::reason(&error)))
    })?;
    if encoding::is_utf16(&bytes) {
        return Err(failure("the password file is UTF-16: save it as UTF-8"));
    }
    let text = std::str::from_utf8(encoding::without_mark(&bytes))
        .map_err(|_| failure("the password file is not UTF-8: save it as UTF-8"))?;
    let line = text.split(['\r', '\n']).next().unwrap_or_default();
    if Unresolved::of(line) == Some(Unresolved::Placeholder) && !may_be_valid(line) {
        Err(failure("the password file contains a placeholder: replace it with the password"))
    } else if !is_blank(line) {
        if !is_blank(&text[line.len()..]) {
            terminal.warning("the password file has more than one line; only the first is used");
        }
        Ok(SecretString::from(line))
    } else if is_blank(text) {
        Err(failure("the password file is empty"))
    } else {
        Err(failure("the first line of the password file is empty: put the password there"))
    }
}
