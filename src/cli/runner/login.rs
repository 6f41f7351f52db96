//! Who logs in.

use std::fs;
use std::path::Path;

use clap::error::ErrorKind;
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

use super::super::args::ConnectionArgs;
use super::super::exit::Exit;
use super::super::system::System;
use super::super::terminal::Terminal;
use super::super::{Failure, source, usage};
use super::hosts::described;
use super::interrupt::Interrupt;
use super::prompt::hidden_line;
use super::variables::Variables;
use crate::encoding;
use crate::payload::{Authentication, Payload, Secret, Unresolved, is_blank};
use crate::report::human::printable;

/// Who logs in, as far as the arguments say.
pub(super) struct Login {
    user: Option<String>,
    password: Option<SecretString>,
    /// Where that comes from.
    source: &'static str,
}

impl Login {
    pub(super) async fn of<S: System>(
        args: &ConnectionArgs,
        is_terminal: bool,
        interrupt: &Interrupt,
        terminal: &mut Terminal<'_, S>,
    ) -> Result<Self, Failure> {
        let Some(user) = &args.user else { return Ok(Self { user: None, password: None, source: "" }) };
        let can_ask = is_terminal && args.path.as_os_str() != "-";
        let mut source = "PGPASSWORD";
        let password = match &args.password_file {
            Some(path) => {
                if is_open_to_others(path) {
                    let path = source::shown(terminal.system(), path);
                    terminal.warning(format_args!(
                        "the password file can be read by others than its owner: chmod 600 {path}"
                    ));
                }
                source = "--password-file";
                Some(password_of(path)?)
            }
            None => match Secret::new("${PGPASSWORD}").resolve(&|name| terminal.system().env(name)) {
                Ok(password) => Some(password),
                Err(secret) => match secret.reason {
                    Unresolved::Unset | Unresolved::Empty if can_ask => {
                        source = "the prompt";
                        Some(asked_for(user, interrupt, terminal).await?)
                    }
                    Unresolved::Unset => None,
                    // To libpq that is the same.
                    Unresolved::Empty => {
                        terminal.warning("PGPASSWORD is set but empty, which counts as not set");
                        None
                    }
                    _ => return Err(Failure::Message(secret.to_string())),
                },
            },
        };
        Ok(Self { user: Some(user.clone()), password, source })
    }

    /// Who logs in for a payload, with where the password comes from.
    pub(super) fn described(&self, payload: &Payload) -> String {
        let Some(user) = &self.user else { return described(payload, payload.authentication.password()) };
        match self.password {
            Some(_) => format!("{} (password from {})", printable(user), self.source),
            None => format!("{} (no password)", printable(user)),
        }
    }

    /// The account for a payload: the one that the arguments name, or else the payload's own.
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
                let password = variables
                    .resolve(password)
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

/// Whether others than its owner may read or write a file.
fn is_open_to_others(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::metadata(path).is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o077 != 0)
    }
    // Who may read a file stands in an access control list there.
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

/// The first line of a file, behind a byte order mark.
fn password_of(path: &Path) -> Result<SecretString, Failure> {
    let failure = |message: &str| Failure::Message(message.to_owned());
    let bytes = fs::read(path).map(Zeroizing::new).map_err(|error| {
        Failure::Message(format!("cannot read the password file: {}", source::reason(&error)))
    })?;
    if encoding::is_utf16(&bytes) {
        return Err(failure("the password file is UTF-16: save it as UTF-8"));
    }
    let text = std::str::from_utf8(encoding::without_mark(&bytes))
        .map_err(|_| failure("the password file is not UTF-8: save it as UTF-8"))?;
    let line = text.split(['\r', '\n']).next().unwrap_or_default();
    if Unresolved::of(line) == Some(Unresolved::Placeholder) {
        Err(failure(
            "the password file holds a placeholder that was not replaced: write the password itself there",
        ))
    } else if !is_blank(line) {
        Ok(SecretString::from(line))
    } else if is_blank(text) {
        Err(failure("the password file is empty"))
    } else {
        Err(failure("the first line of the password file is empty: write the password there"))
    }
}
