//! `apply`, `status` and `remove`.

mod login;
mod payloads;
mod progress;
mod report;
mod work;

use std::io::{self, IsTerminal as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use clap::error::ErrorKind;
use tokio::sync::watch;

use self::login::Login;
use self::payloads::{Named, old_payload, payloads};
use self::work::Work;
use super::args::{ApplyArgs, ConnectionArgs, RemoveArgs, StatusArgs};
use super::exit::Exit;
use super::system::System;
use super::terminal::Terminal;
use super::{Failure, usage};
use crate::payload::DEFAULT_PORT;
use crate::runner::{Access, ApplyOptions, Target, client_config};

/// What to do with each payload.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Task {
    Apply,
    Status,
    Remove,
}

/// How far to go.
struct Consent {
    dry_run: bool,
    yes: bool,
    /// How long to wait for another run, in seconds.
    lock_timeout: u64,
}

pub(super) fn apply<S: System>(args: &ApplyArgs, terminal: &mut Terminal<'_, S>) -> Result<Exit, Failure> {
    let consent = Consent { dry_run: args.dry_run, yes: args.yes, lock_timeout: args.lock_timeout };
    run(Task::Apply, &args.connection, args.old.as_deref(), &consent, terminal)
}

pub(super) fn status<S: System>(args: &StatusArgs, terminal: &mut Terminal<'_, S>) -> Result<Exit, Failure> {
    run(
        Task::Status,
        &args.connection,
        None,
        &Consent { dry_run: true, yes: false, lock_timeout: 0 },
        terminal,
    )
}

pub(super) fn remove<S: System>(args: &RemoveArgs, terminal: &mut Terminal<'_, S>) -> Result<Exit, Failure> {
    let consent = Consent { dry_run: args.dry_run, yes: args.yes, lock_timeout: args.lock_timeout };
    run(Task::Remove, &args.connection, None, &consent, terminal)
}

fn run<S: System>(
    task: Task,
    args: &ConnectionArgs,
    old: Option<&Path>,
    consent: &Consent,
    terminal: &mut Terminal<'_, S>,
) -> Result<Exit, Failure> {
    let old = old.map(|path| old_payload(path, terminal)).transpose()?;
    let payloads = payloads(args, old.as_ref(), terminal)?;
    if old.is_some() && payloads.len() > 1 {
        return Err(usage(ErrorKind::ArgumentConflict, "--old goes with one payload"));
    }
    let is_terminal = io::stdin().is_terminal();
    if !consent.dry_run && !consent.yes && !is_terminal {
        return Err(usage(
            ErrorKind::MissingRequiredArgument,
            "there is nobody to ask: standard input is no terminal. Add --yes, or look first with --dry-run",
        ));
    }
    let tls = client_config(args.sslmode, args.ca_file.as_deref()).map_err(Failure::Message)?;
    let login = Login::of(args, terminal.system(), is_terminal)?;
    let (interrupt, interrupted) = watch::channel(false);
    let mut targets = Vec::new();
    for Named { name, payload } in payloads {
        let (user, password) = login.of_payload(&payload, &name)?;
        let access = Access {
            host: payload.host.clone(),
            port: payload.port.unwrap_or(DEFAULT_PORT),
            user,
            password,
            sslmode: args.sslmode,
            tls: Arc::clone(&tls),
            connect_timeout: Duration::from_secs(args.connect_timeout),
            statement_timeout: Duration::from_secs(args.statement_timeout),
            lock_timeout: Duration::from_secs(consent.lock_timeout),
            interrupt: interrupted.clone(),
        };
        let options =
            ApplyOptions { existing_database: args.existing_database, existing_user: args.existing_user };
        let env = Arc::new(|name: &str| std::env::var(name).ok());
        targets.push((name, Target { payload, old: old.clone(), access, options, env }));
    }
    let runtime =
        tokio::runtime::Runtime::new().map_err(|error| Failure::Message(format!("cannot start: {error}")))?;
    runtime.spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            let _ = interrupt.send(true);
        }
        // The sender lives as long as the run, so that the others can wait for it.
        std::future::pending::<()>().await;
    });
    let work = Work { task, format: args.format, jobs: usize::from(args.jobs), terminal };
    let exit = runtime.block_on(work.run(targets, consent));
    // A thread that waits for standard input or a name server must not hold the end up.
    runtime.shutdown_background();
    exit
}
