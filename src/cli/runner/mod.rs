//! `apply`, `status`, `remove` and `doctor`.

mod batch;
mod consent;
mod doctor;
mod events;
mod hosts;
mod interrupt;
mod login;
mod login_password;
mod payloads;
mod progress;
mod prompt;
mod report;
mod variables;

use std::io::{self, IsTerminal as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use clap::error::ErrorKind;
use rustls::ClientConfig;
use secrecy::SecretString;
use tokio::runtime::Runtime;

use self::batch::Batch;
pub(super) use self::doctor::doctor;
use self::hosts::Hosts;
use self::interrupt::Interrupt;
use self::login::Login;
use self::payloads::{Named, old_payload, payloads};
use self::variables::Variables;
use super::args::{ApplyArgs, ChangeArgs, ConnectionArgs, LoginArgs, RemoveArgs, StatusArgs};
use super::exit::Exit;
use super::system::System;
use super::terminal::Terminal;
use super::{Failure, usage};
use crate::payload::DEFAULT_PORT;
use crate::runner::{self, Access, Target, client_config};

/// The task for each payload.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Task {
    Apply,
    Status,
    Remove,
}

/// Whether changes are allowed and confirmed.
#[derive(Clone, Copy)]
struct Consent {
    dry_run: bool,
    yes: bool,
}

/// The invocation of a command.
struct Invocation<'a> {
    task: Task,
    connection: &'a ConnectionArgs,
    old: Option<&'a Path>,
    consent: Consent,
    /// How long to wait for another run, in seconds.
    lock_timeout: u64,
}

impl<'a> Invocation<'a> {
    fn of_change(
        task: Task,
        connection: &'a ConnectionArgs,
        old: Option<&'a Path>,
        change: &ChangeArgs,
    ) -> Self {
        let ChangeArgs { lock_timeout, dry_run, yes } = *change;
        Self { task, connection, old, consent: Consent { dry_run, yes }, lock_timeout }
    }
}

pub(super) fn apply<S: System>(args: &ApplyArgs, terminal: &mut Terminal<'_, S>) -> Result<Exit, Failure> {
    let invocation = Invocation::of_change(Task::Apply, &args.connection, args.old.as_deref(), &args.change);
    run(&invocation, terminal)
}

pub(super) fn status<S: System>(args: &StatusArgs, terminal: &mut Terminal<'_, S>) -> Result<Exit, Failure> {
    let invocation = Invocation {
        task: Task::Status,
        connection: &args.connection,
        old: None,
        consent: Consent { dry_run: true, yes: args.yes },
        lock_timeout: 0,
    };
    run(&invocation, terminal)
}

pub(super) fn remove<S: System>(args: &RemoveArgs, terminal: &mut Terminal<'_, S>) -> Result<Exit, Failure> {
    run(&Invocation::of_change(Task::Remove, &args.connection, None, &args.change), terminal)
}

fn run<S: System>(invocation: &Invocation<'_>, terminal: &mut Terminal<'_, S>) -> Result<Exit, Failure> {
    let Invocation { task, connection: args, old, consent, lock_timeout } = *invocation;
    let variables = variables(&args.login)?;
    let old = old.map(|path| old_payload(path, task, &args.login, &variables, terminal)).transpose()?;
    let payloads = payloads(task, args, &variables, old.as_ref(), terminal)?;
    if old.is_some() && payloads.len() > 1 {
        return Err(usage(ErrorKind::ArgumentConflict, "`--old` can only be used with a single payload"));
    }
    let is_terminal = io::stdin().is_terminal();
    if !consent.dry_run && !consent.yes && !is_terminal {
        return Err(usage(
            ErrorKind::MissingRequiredArgument,
            "confirmation required, but standard input is not a terminal; pass `--yes`, or preview with `--dry-run`",
        ));
    }
    let can_ask = is_terminal && args.path.as_os_str() != "-";
    let hosts = Hosts::of(&payloads, &args.login, consent.yes, can_ask)?;
    let tls = tls(&args.login)?;
    let (runtime, interrupt) = start()?;
    let exit = runtime.block_on(async {
        let login = Login::of(&args.login, can_ask, &interrupt, terminal).await?;
        let mut targets = Vec::new();
        for named in &payloads {
            let Named { name, payload, .. } = named;
            let (user, password) = login.of_payload(payload, name, &variables)?;
            terminal.eprint(&hosts::line(task, &args.login, named, old.as_ref(), &login));
            let server = (payload.host.clone(), payload.port.unwrap_or(DEFAULT_PORT));
            let lock_timeout = Duration::from_secs(lock_timeout);
            let access = access(&args.login, server, (user, password), lock_timeout, &tls, &interrupt);
            let options = args.existing.options();
            let variables = variables.clone();
            let env = Arc::new(move |name: &str| variables.get(name));
            targets.push(Target { payload: payload.clone(), old: old.clone(), access, options, env });
        }
        hosts.confirm(&interrupt, terminal).await?;
        let (format, jobs) = (args.format, usize::from(args.jobs));
        let (reports, not_started) = (Vec::new(), 0);
        Batch { task, format, jobs, payloads, interrupt, terminal, reports, not_started }
            .run(targets, consent)
            .await
    });
    // Does not wait for threads that are blocked on standard input or a name server.
    runtime.shutdown_background();
    exit
}

/// The variables that payloads can reference.
fn variables(args: &LoginArgs) -> Result<Variables, Failure> {
    if args.user.is_none() && args.password_file.is_some() {
        return Err(usage(ErrorKind::ArgumentConflict, "`--password-file` requires `--user`"));
    }
    Ok(Variables::of(args))
}

fn tls(args: &LoginArgs) -> Result<Arc<ClientConfig>, Failure> {
    client_config(args.sslmode, args.ca_file.as_deref()).map_err(Failure::Message)
}

/// How to log in to a host and port as a user with a password.
fn access(
    args: &LoginArgs,
    (host, port): (String, u16),
    (user, password): (String, Option<SecretString>),
    lock_timeout: Duration,
    tls: &Arc<ClientConfig>,
    interrupt: &Interrupt,
) -> Access {
    Access {
        host,
        port,
        user,
        password,
        sslmode: args.sslmode,
        allow_cleartext_password: args.allow_cleartext_password,
        tls: Arc::clone(tls),
        connect_timeout: Duration::from_secs(args.connect_timeout),
        statement_timeout: Duration::from_secs(args.statement_timeout),
        lock_timeout,
        interrupt: interrupt.receiver(),
    }
}

/// Starts the runtime and the handler of Ctrl-C.
fn start() -> Result<(Runtime, Interrupt), Failure> {
    try_start().map_err(|error| {
        let advice = runner::advice(&error).map(|advice| format!(": {advice}")).unwrap_or_default();
        Failure::Message(format!("cannot start ({error}){advice}"))
    })
}

fn try_start() -> io::Result<(Runtime, Interrupt)> {
    // The runtime panics if it cannot open the files that it needs. So test first whether as many can be opened.
    drop([io::pipe()?, io::pipe()?, io::pipe()?, io::pipe()?]);
    let runtime = Runtime::new()?;
    let interrupt = Interrupt::listen(&runtime)?;
    Ok((runtime, interrupt))
}
