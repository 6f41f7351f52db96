//! `apply`, `status` and `remove`.

use std::fs;
use std::io::{self, BufRead as _, IsTerminal as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use clap::error::ErrorKind;
use indicatif::{ProgressBar, ProgressStyle};
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;
use serde_json::json;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::JoinSet;

use super::args::{ApplyArgs, ConnectionArgs, RemoveArgs, RunnerFormat, StatusArgs};
use super::exit::Exit;
use super::native::variable;
use super::single::Single;
use super::source;
use super::system::System;
use super::terminal::Terminal;
use super::{Failure, usage};
use crate::check::{self, Body, Checked, Code, Conflicts, Options};
use crate::document::Limits;
use crate::encoding;
use crate::operation::Operation;
use crate::payload::{Authentication, DEFAULT_PORT, Payload, Secret, Unresolved, is_blank};
use crate::report::Input;
use crate::report::human::{Human, printable};
use crate::runner::{
    self, Access, ApplyOptions, End, Outcome, Prepared, Progress, Status, Target, TestStatus, client_config,
};
use crate::script::{ScriptKind, password_warning};

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
}

pub(super) fn apply<S: System>(args: &ApplyArgs, terminal: &mut Terminal<'_, S>) -> Result<Exit, Failure> {
    let consent = Consent { dry_run: args.dry_run, yes: args.yes };
    run(Task::Apply, &args.connection, args.old.as_deref(), &consent, terminal)
}

pub(super) fn status<S: System>(args: &StatusArgs, terminal: &mut Terminal<'_, S>) -> Result<Exit, Failure> {
    run(Task::Status, &args.connection, None, &Consent { dry_run: true, yes: false }, terminal)
}

pub(super) fn remove<S: System>(args: &RemoveArgs, terminal: &mut Terminal<'_, S>) -> Result<Exit, Failure> {
    let consent = Consent { dry_run: args.dry_run, yes: args.yes };
    run(Task::Remove, &args.connection, None, &consent, terminal)
}

/// A payload with the name of where it stands.
struct Named {
    name: String,
    payload: Payload,
}

fn run<S: System>(
    task: Task,
    args: &ConnectionArgs,
    old: Option<&Path>,
    consent: &Consent,
    terminal: &mut Terminal<'_, S>,
) -> Result<Exit, Failure> {
    if args.user.is_none() && args.password_file.is_some() {
        return Err(usage(ErrorKind::ArgumentConflict, "--password-file goes with --user"));
    }
    let old = old.map(|path| old_payload(path, terminal)).transpose()?;
    let payloads = payloads(task, args, old.as_ref(), terminal)?;
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
    let login = Login::of(args, is_terminal, terminal)?;
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
            interrupt: interrupted.clone(),
        };
        let options =
            ApplyOptions { existing_database: args.existing_database, existing_user: args.existing_user };
        let env = Arc::new(variable);
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

/// The payload in force.
fn old_payload<S: System>(path: &Path, terminal: &mut Terminal<'_, S>) -> Result<Payload, Failure> {
    let single = Single::open(terminal.system(), path)?;
    let options = Options { operation: Some(Operation::Create), ..Options::default() };
    let checked = single.check(&options)?;
    let checked = if checked.is_valid() { checked } else { single.accept(&options, terminal)? };
    super::single::payload(checked).ok_or_else(super::internal)
}

/// The payloads that the arguments name; all of them are right, or nothing is done.
fn payloads<S: System>(
    task: Task,
    args: &ConnectionArgs,
    old: Option<&Payload>,
    terminal: &mut Terminal<'_, S>,
) -> Result<Vec<Named>, Failure> {
    let system = terminal.system();
    let (sources, errors) = source::collect(system, std::slice::from_ref(&args.path), None);
    if let Some(error) = errors.first() {
        return Err(Failure::Message(source::unreadable(system, &error.path, &error.message)));
    }
    let human = Human::new(terminal.err_coloured());
    let mut conflicts = Conflicts::default();
    let mut payloads = Vec::new();
    let mut is_valid = true;
    for source in &sources {
        let content = source
            .read(system, &Limits::default())
            .map_err(|error| Failure::Message(source.unreadable(system, &error)))?;
        let is_automatic = crate::check::is_automatic(&content.text, source.syntax());
        let kind = if old.is_some() { ScriptKind::Edit } else { ScriptKind::All };
        let operation = kind.operation(is_automatic);
        // What was found in a directory may be something else.
        let mut checked = if source.is_named {
            let options = Options { operation: Some(operation), old, ..Options::default() };
            source.check(&content, &options)
        } else {
            source.check(&content, &Options { old, ..Options::default() })
        };
        if !source.is_named {
            checked.retain(is_payload);
        }
        conflicts.add(&source.name, &mut checked);
        let mut warnings = Vec::new();
        for document in &mut checked {
            let Some(Body::Payload(payload)) = &document.body else { continue };
            if !needs_password(args, payload) {
                continue;
            }
            match payload.authentication.password().resolve(&variable) {
                Err(secret) => {
                    let (text, syntax) = (&content.text, source.syntax());
                    let found = check::unresolved_secret_in(text, syntax, document.index, &secret);
                    document.diagnostics.push(found);
                }
                // What is taken away has no use for it.
                Ok(_) if task == Task::Remove => {}
                Ok(_) => warnings.extend(password_warning(&payload.authentication, &variable)),
            }
        }
        let mut out = String::new();
        human.write(&Input { path: &source.name, text: &content.text, checked: &checked }, &mut out);
        terminal.eprint(&out);
        for warning in warnings {
            terminal.warning(format_args!("{}: {warning}", printable(&source.name)));
        }
        for document in checked {
            is_valid &= document.is_valid();
            if let Some(Body::Payload(payload)) = document.body {
                payloads.push(Named { name: source.name.clone(), payload });
            }
        }
    }
    if !is_valid {
        return Err(Failure::Silent(Exit::Payload));
    }
    if payloads.is_empty() {
        return Err(Failure::Message("there is no payload of a Redshift integration".to_owned()));
    }
    Ok(payloads)
}

/// Whether a run needs the payload's password: to make the account with it, or to log in.
fn needs_password(args: &ConnectionArgs, payload: &Payload) -> bool {
    let Authentication::UserPassword { username, .. } = &payload.authentication else { return false };
    match &args.user {
        // Who logs in is there, and keeps its password.
        Some(user) => !args.existing_user && user != username.as_str(),
        None => payload.auto_bootstrap,
    }
}

/// Whether a document found in a directory is a payload, be it a wrong one.
fn is_payload(document: &Checked) -> bool {
    let is_unreadable = document.diagnostics.iter().any(|diagnostic| diagnostic.code == Code::Syntax);
    match document.operation {
        Some(operation) => !matches!(
            operation,
            Operation::Get | Operation::List | Operation::Status | Operation::Error | Operation::Delete
        ),
        None => is_unreadable && document.body.is_some(),
    }
}

/// Who logs in, as far as the arguments say.
struct Login {
    user: Option<String>,
    password: Option<SecretString>,
}

impl Login {
    fn of<S: System>(
        args: &ConnectionArgs,
        is_terminal: bool,
        terminal: &mut Terminal<'_, S>,
    ) -> Result<Self, Failure> {
        let Some(user) = &args.user else { return Ok(Self { user: None, password: None }) };
        let can_ask = is_terminal && args.path.as_os_str() != "-";
        let password = match &args.password_file {
            Some(path) => Some(password_of(path)?),
            None => match Secret::new("${PGPASSWORD}").resolve(&|name| terminal.system().env(name)) {
                Ok(password) => Some(password),
                Err(secret) => match secret.reason {
                    Unresolved::Unset | Unresolved::Empty if can_ask => {
                        let prompt = format!("Password for {}: ", printable(user));
                        let password = rpassword::prompt_password(prompt).map_err(|error| {
                            Failure::Message(format!("cannot read the password: {error}"))
                        })?;
                        Some(SecretString::from(password))
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
        Ok(Self { user: Some(user.clone()), password })
    }

    /// The account for a payload: the one that the arguments name, or else the payload's own.
    fn of_payload(&self, payload: &Payload, name: &str) -> Result<(String, Option<SecretString>), Failure> {
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
                    .resolve(&variable)
                    .map_err(|error| Failure::Message(format!("{name}: {error}")))?;
                Ok((username.as_str().to_owned(), Some(password)))
            }
        }
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
    if !is_blank(line) {
        Ok(SecretString::from(line))
    } else if is_blank(text) {
        Err(failure("the password file is empty"))
    } else {
        Err(failure("the first line of the password file is empty: write the password there"))
    }
}

/// The run over all payloads.
struct Work<'w, 't, S> {
    task: Task,
    format: RunnerFormat,
    jobs: usize,
    terminal: &'w mut Terminal<'t, S>,
}

/// A payload that is ready, or came to its end.
type Ready = Result<Box<Prepared>, Outcome>;

impl<S: System> Work<'_, '_, S> {
    async fn run(mut self, targets: Vec<(String, Target)>, consent: &Consent) -> Result<Exit, Failure> {
        let payloads: Vec<(String, Payload)> =
            targets.iter().map(|(name, target)| (name.clone(), target.payload.clone())).collect();
        if self.task == Task::Status {
            let outcomes =
                self.each(targets, |(_, target), _| async move { runner::status(&target).await }).await;
            return Ok(self.finish(&payloads, &outcomes));
        }
        let task = self.task;
        let ready: Vec<Ready> = self
            .each(targets, move |(_, target), _| async move {
                let prepared = match task {
                    Task::Remove => runner::prepare_remove(target).await,
                    Task::Apply | Task::Status => runner::prepare_apply(target).await,
                };
                prepared.map(Box::new)
            })
            .await;
        for ((name, _), ready) in payloads.iter().zip(&ready) {
            if let Ok(prepared) = ready {
                self.show_plan(name, prepared);
            }
        }
        let is_idle = |ready: &Ready| ready.as_ref().map_or(true, |prepared| prepared.is_empty());
        let is_agreed = ready.iter().all(is_idle) || consent.yes || consent.dry_run || self.agrees()?;
        if consent.dry_run || !is_agreed {
            let outcomes: Vec<Outcome> = ready
                .into_iter()
                .map(|ready| ready.map_or_else(|outcome| outcome, |prepared| prepared.unchanged()))
                .collect();
            if !is_agreed {
                self.terminal.note_line("nothing was changed");
                return Ok(Exit::Interrupted);
            }
            return Ok(self.finish(&payloads, &outcomes));
        }
        let outcomes = self
            .each(ready, |ready, progress| async move {
                match ready {
                    Err(outcome) => outcome,
                    Ok(prepared) => {
                        prepared
                            .run(&mut |event| {
                                let _ = progress.send(event);
                            })
                            .await
                    }
                }
            })
            .await;
        Ok(self.finish(&payloads, &outcomes))
    }

    /// Works on all, so many at once; the results in the order of the payloads. Progress is shown as it comes.
    async fn each<T, R, F>(
        &mut self,
        items: Vec<T>,
        work: impl Fn(T, mpsc::UnboundedSender<Progress>) -> F,
    ) -> Vec<R>
    where
        F: Future<Output = R> + Send + 'static,
        R: Send + 'static,
    {
        let permits = Arc::new(Semaphore::new(self.jobs));
        let (sender, mut events) = mpsc::unbounded_channel();
        let mut tasks = JoinSet::new();
        let count = items.len();
        for (index, item) in items.into_iter().enumerate() {
            let permits = Arc::clone(&permits);
            let (progress, mut statements) = mpsc::unbounded_channel();
            let sender = sender.clone();
            tokio::spawn(async move {
                while let Some(event) = statements.recv().await {
                    let _ = sender.send((index, event));
                }
            });
            let future = work(item, progress);
            tasks.spawn(async move {
                let _permit = permits.acquire().await;
                (index, future.await)
            });
        }
        drop(sender);
        let mut bars = Bars::new(self.format, count);
        while let Some((index, event)) = events.recv().await {
            self.show_progress(&mut bars, index, &event);
        }
        let mut results: Vec<(usize, R)> = Vec::new();
        while let Some(result) = tasks.join_next().await {
            match result {
                Ok(result) => results.push(result),
                // A defect goes the way of all panics.
                Err(error) => std::panic::resume_unwind(error.into_panic()),
            }
        }
        bars.finish();
        results.sort_by_key(|(index, _)| *index);
        results.into_iter().map(|(_, result)| result).collect()
    }

    fn show_plan(&mut self, name: &str, prepared: &Prepared) {
        match self.format {
            RunnerFormat::Human => {
                self.terminal.print_line(&format!("{}:", printable(name)));
                self.terminal.print_line(&prepared.plan());
            }
            RunnerFormat::Json => {
                let plan: Vec<_> = prepared
                    .statements()
                    .map(|(database, summary)| json!({ "database": database, "summary": summary }))
                    .collect();
                self.json(&json!({ "event": "plan", "path": name, "statements": plan }));
            }
        }
    }

    fn show_progress(&mut self, bars: &mut Bars, index: usize, event: &Progress) {
        let Progress { number, total, database, summary } = event;
        match self.format {
            RunnerFormat::Json => self.json(&json!({
                "event": "statement", "payload": index, "number": number, "total": total,
                "database": database, "summary": summary,
            })),
            RunnerFormat::Human if bars.is_shown() => bars.show(event),
            RunnerFormat::Human => {
                self.terminal.eprint(&format!("[{number}/{total}] {}: {summary}\n", printable(database)));
            }
        }
    }

    fn json(&mut self, value: &serde_json::Value) {
        self.terminal.print_line(&value.to_string());
        self.terminal.flush();
    }

    /// Asks whether to go on.
    fn agrees(&mut self) -> Result<bool, Failure> {
        let question = match self.task {
            Task::Remove => "Remove this?",
            Task::Apply | Task::Status => "Do this?",
        };
        self.terminal.flush();
        self.terminal.eprint(&format!("{question} [y/N] "));
        let mut answer = String::new();
        io::stdin()
            .lock()
            .read_line(&mut answer)
            .map_err(|error| Failure::Message(format!("cannot read the answer: {error}")))?;
        Ok(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
    }

    fn finish(&mut self, payloads: &[(String, Payload)], outcomes: &[Outcome]) -> Exit {
        let mut exit = Exit::Fine;
        for ((name, payload), outcome) in payloads.iter().zip(outcomes) {
            match self.format {
                RunnerFormat::Json => self.json(&outcome.to_json(payload)),
                RunnerFormat::Human => self.report(name, outcome),
            }
            exit = exit.max(self.exit(outcome));
        }
        exit
    }

    fn exit(&self, outcome: &Outcome) -> Exit {
        match outcome.end {
            End::Done => Exit::Fine,
            End::Interrupted => Exit::Interrupted,
            // `status` could ask, and does not like the answer.
            End::Refused if self.task == Task::Status && is_answered(outcome) => Exit::Payload,
            End::Refused | End::PartWay => Exit::PartWay,
        }
    }

    fn report(&mut self, name: &str, outcome: &Outcome) {
        let name = printable(name);
        for test in &outcome.tests {
            let message = test.message.as_deref().unwrap_or_default();
            match test.status {
                TestStatus::Failed => self.terminal.error(format_args!("{name}: {}: {message}", test.name)),
                TestStatus::Warning => {
                    self.terminal.warning(format_args!("{name}: {}: {message}", test.name));
                }
                TestStatus::Passed | TestStatus::Skipped => {}
            }
        }
        // The API's word for it says that something was there.
        let status = match (self.task, outcome.status) {
            (Task::Apply | Task::Status, Status::Deleted) => "nothing is set up",
            (_, status) => status.name(),
        };
        let changes = match outcome.changes {
            0 => "nothing was changed".to_owned(),
            1 => "1 statement took effect".to_owned(),
            changes => format!("{changes} statements took effect"),
        };
        let line = match (self.task, outcome.end) {
            (Task::Status, End::Done) => format!("{name}: {status}"),
            (Task::Status, _) if !is_answered(outcome) => return,
            (Task::Status, _) if outcome.failures().any(|test| test.name.starts_with("Set-Up: ")) => {
                format!("{name}: {status}; `bootshift apply` mends what loses nothing by it")
            }
            (Task::Status, _) => format!("{name}: {status}"),
            (_, End::Refused) => format!("{name}: {changes}"),
            _ => format!("{name}: {status} ({changes})"),
        };
        self.terminal.print_line(&line);
    }
}

/// Whether the cluster said what stands: no failure came before that.
fn is_answered(outcome: &Outcome) -> bool {
    !outcome.failures().any(|test| test.name.starts_with("Initial Validation: "))
}

/// Progress on a terminal: one bar for one payload; several payloads get lines.
struct Bars(Option<ProgressBar>);

impl Bars {
    fn new(format: RunnerFormat, count: usize) -> Self {
        let is_shown = format == RunnerFormat::Human && count == 1 && io::stderr().is_terminal();
        Self(is_shown.then(|| {
            let style = ProgressStyle::with_template("{bar:24} {pos}/{len} {wide_msg}");
            ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        }))
    }

    const fn is_shown(&self) -> bool {
        self.0.is_some()
    }

    fn show(&self, event: &Progress) {
        if let Some(bar) = &self.0 {
            bar.set_length(event.total as u64);
            bar.set_position(event.number as u64 - 1);
            bar.set_message(event.summary.clone());
        }
    }

    fn finish(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
