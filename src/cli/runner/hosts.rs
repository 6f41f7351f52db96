//! The hosts, users and passwords of a run. They are shown, and several hosts must be confirmed, before the first
//! connection.

use std::collections::BTreeSet;

use clap::error::ErrorKind;

use super::super::args::LoginArgs;
use super::super::exit::Exit;
use super::super::system::System;
use super::super::terminal::Terminal;
use super::super::{Failure, usage};
use super::Task;
use super::consent::{self, Answer};
use super::interrupt::Interrupt;
use super::login::Login;
use super::payloads::Named;
use super::variables::read_password;
use crate::payload::{DEFAULT_PORT, Payload, Secret};
use crate::schema::format::canonical_host;
use crate::text::printable;

/// Whether the user must confirm the hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hosts {
    /// There is only one, or the arguments confirm them.
    Confirmed,
    /// This number of hosts must be confirmed.
    Unconfirmed(usize),
}

impl Hosts {
    /// Checks the hosts of the payloads before anything is sent.
    ///
    /// # Errors
    /// A host is not allowed, or there are several, and the user cannot be asked.
    pub(super) fn of(
        payloads: &[Named],
        args: &LoginArgs,
        is_confirmed: bool,
        can_ask: bool,
    ) -> Result<Self, Failure> {
        let named: BTreeSet<String> = args.allow_host.iter().map(|host| canonical_host(host)).collect();
        let is_named = |payload: &Payload| named.contains(&canonical_host(&payload.host));
        if !named.is_empty() {
            return match payloads.iter().find(|named| !is_named(&named.payload)) {
                None => Ok(Self::Confirmed),
                Some(Named { name, payload, .. }) => Err(Failure::Message(format!(
                    "{}: the host `{}` is not allowed by `--allow-host`",
                    printable(name),
                    printable(&payload.host)
                ))),
            };
        }
        let servers: BTreeSet<String> = payloads.iter().map(|named| server(&named.payload)).collect();
        if servers.len() <= 1 || is_confirmed {
            return Ok(Self::Confirmed);
        }
        if can_ask {
            return Ok(Self::Unconfirmed(servers.len()));
        }
        let list: Vec<_> = servers.iter().map(|server| printable(server)).collect();
        Err(usage(
            ErrorKind::MissingRequiredArgument,
            &format!(
                "confirmation required to log in to {} hosts ({}): pass `--allow-host HOST` for each, or `--yes`",
                list.len(),
                list.join(", ")
            ),
        ))
    }

    /// Asks for confirmation, if needed.
    ///
    /// # Errors
    /// The user does not confirm.
    pub(super) async fn confirm<S: System>(
        self,
        interrupt: &Interrupt,
        terminal: &mut Terminal<'_, S>,
    ) -> Result<(), Failure> {
        let Self::Unconfirmed(count) = self else { return Ok(()) };
        let question = format!("Log in to these {count} hosts?");
        let exit = match consent::ask(&question, interrupt, terminal).await? {
            Answer::Yes => return Ok(()),
            Answer::No => Exit::PartWay,
            Answer::Interrupted => Exit::Interrupted,
        };
        terminal.note_line("nothing was changed");
        Err(Failure::Silent(exit))
    }
}

/// Host and port in canonical form.
fn server(payload: &Payload) -> String {
    format!("{}:{}", canonical_host(&payload.host), payload.port.unwrap_or(DEFAULT_PORT))
}

/// The line that shows host, users and sources of the passwords for a payload.
pub(super) fn line(
    task: Task,
    args: &LoginArgs,
    Named { name, payload, .. }: &Named,
    old: Option<&Payload>,
    login: &Login,
) -> String {
    let mut accounts = vec![login.described(payload)];
    for payload in [Some(payload), old].into_iter().flatten() {
        let account = read_password(task, args, payload).map(|password| described(payload, password));
        accounts.extend(account.filter(|account| !accounts.contains(account)));
    }
    let server = server(payload);
    format!("logging in to {} as {}, for {}\n", printable(&server), accounts.join(", "), printable(name))
}

/// The account of a payload, with the source of its password.
pub(super) fn described(payload: &Payload, password: &Secret) -> String {
    let source = password.variable().unwrap_or("the payload");
    format!("{} (password from {source})", printable(payload.authentication.username().as_str()))
}
