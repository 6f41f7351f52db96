//! The output of a run, as text or JSON. No line of text starts with a path: programs that parse the output line by line
//! might interpret it as a command.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::args::RunnerFormat;
use super::super::exit::Exit;
use super::super::system::System;
use super::Task;
use super::batch::Batch;
use super::events::Plan;
use super::payloads::Named;
use super::progress::Bar;
use crate::payload::{DEFAULT_PORT, Payload};
use crate::runner::{
    AlsoDropped, InUse, OtherSession, Outcome, Phase, Progress, RunReport, Status, TestStatus, Waiting,
};
use crate::text::printable;

/// The maximum number of payloads in a notice of waiting.
const MAX_NAMED: usize = 3;

impl<S: System> Batch<'_, '_, S> {
    pub(super) fn show_plan(&mut self, index: usize, plan: &Plan) {
        match self.format {
            RunnerFormat::Human => {
                let name = printable(&self.payloads[index].name);
                self.terminal.print_text(&format!("plan for {name}:\n{}\n", plan.text.trim_end()));
                self.terminal.flush();
            }
            RunnerFormat::Json => {
                let statements: Vec<_> = plan
                    .statements
                    .iter()
                    .map(|(database, summary)| json!({ "database": database, "summary": summary }))
                    .collect();
                let mut more = json!({ "statements": statements });
                if plan.also_dropped.count > 0 {
                    more["alsoDropped"] = also_dropped_json(&plan.also_dropped);
                }
                self.event("plan", index, more);
            }
        }
    }

    pub(super) fn show_progress(&mut self, bar: &Bar, index: usize, progress: &Progress) {
        let Progress { number, total, database, summary } = progress;
        match self.format {
            RunnerFormat::Json => self.event(
                "statement",
                index,
                json!({ "number": number, "total": total, "database": database, "summary": summary }),
            ),
            RunnerFormat::Human if bar.shows(progress) => {}
            RunnerFormat::Human => {
                let payload = match self.payloads.as_slice() {
                    [_] => String::new(),
                    payloads => format!("{}: ", printable(&payloads[index].name)),
                };
                let database = printable(database);
                self.terminal.eprint(&format!("[{number}/{total}] {payload}{database}: {summary}\n"));
            }
        }
    }

    /// Shows that the run waits for another run.
    pub(super) fn show_lock(&mut self, index: usize, waiting: &Waiting) {
        let Waiting { action, login, since, is_seen, timeout, .. } = waiting;
        // Rounds up to seconds.
        let seconds = timeout.as_millis().div_ceil(1000);
        match self.format {
            RunnerFormat::Json => {
                let more = json!({
                    "work": action, "login": login, "since": since, "isSeen": is_seen,
                    "seconds": u64::try_from(seconds).unwrap_or(u64::MAX),
                });
                self.event("lock", index, more);
            }
            RunnerFormat::Human => {
                let name = printable(&self.payloads[index].name);
                let (login, since) = (printable(login), printable(since));
                let whose = if *is_seen {
                    format!("another run ({action}) of `{login}`")
                } else {
                    format!("the lock of a run ({action}) of `{login}`")
                };
                let since =
                    if since.is_empty() { String::new() } else { format!(", connected since {since}") };
                self.terminal.eprint(&format!(
                    "waiting up to {seconds} s (see `--lock-timeout`) for {whose}{since}: {name}\n"
                ));
            }
        }
    }

    /// Shows that the run waits for other sessions in the database that it drops.
    pub(super) fn show_sessions(&mut self, index: usize, in_use: &InUse) {
        let InUse { database, sessions, query, timeout, .. } = in_use;
        let seconds = timeout.as_millis().div_ceil(1000);
        match self.format {
            RunnerFormat::Json => {
                let of_session = |OtherSession { process, user, since, .. }: &OtherSession| json!({ "process": process, "user": user, "since": since });
                let more = json!({
                    "database": database,
                    "sessions": sessions.as_ref().map(|all| all.iter().map(of_session).collect::<Vec<_>>()),
                    "query": query,
                    "seconds": u64::try_from(seconds).unwrap_or(u64::MAX),
                });
                self.event("sessions", index, more);
            }
            RunnerFormat::Human => {
                let of_session = |OtherSession { process, user, since, .. }: &OtherSession| {
                    let (user, since) = (printable(user), printable(since));
                    format!("process {process} of `{user}`, connected since {since}")
                };
                let who = match sessions {
                    None => format!("not listed; a superuser finds them with `{}`", printable(query)),
                    Some(sessions) => {
                        let mut named: Vec<String> =
                            sessions.iter().take(MAX_NAMED).map(of_session).collect();
                        if sessions.len() > MAX_NAMED {
                            named.push(format!("{} more", sessions.len() - MAX_NAMED));
                        }
                        named.join("; ")
                    }
                };
                let (name, database) = (printable(&self.payloads[index].name), printable(database));
                self.terminal.eprint(&format!(
                    "waiting up to {seconds} s (see `--lock-timeout`) for sessions in `{database}` to end: {who}: {name}\n"
                ));
            }
        }
    }

    /// Shows what the run waits for, after `seconds` without events.
    pub(super) fn show_waiting(&mut self, started: &BTreeSet<usize>, seconds: u64) {
        let server = |payload: &Payload| format!("{}:{}", payload.host, payload.port.unwrap_or(DEFAULT_PORT));
        match self.format {
            RunnerFormat::Json => {
                for &index in started {
                    let server = server(&self.payloads[index].payload);
                    self.event("waiting", index, json!({ "server": server, "seconds": seconds }));
                }
            }
            RunnerFormat::Human if started.is_empty() => {}
            RunnerFormat::Human => {
                let name = |&index: &usize| {
                    let Named { name, payload, .. } = &self.payloads[index];
                    format!("{} ({})", printable(&server(payload)), printable(name))
                };
                let mut names: Vec<String> = started.iter().take(MAX_NAMED).map(name).collect();
                if started.len() > MAX_NAMED {
                    names.push(format!("{} more", started.len() - MAX_NAMED));
                }
                let number = match self.payloads.len() {
                    1 => String::new(),
                    total => format!("{} of {total}: ", started.len()),
                };
                self.terminal.eprint(&format!("waiting for {number}{}\n", names.join(", ")));
            }
        }
    }

    /// Shows the report of a payload. Payloads that were not started because of an interrupt are summarized in text by
    /// [`finish`](Self::finish).
    pub(super) fn show_outcome(&mut self, index: usize, report: &RunReport, is_started: bool) {
        match self.format {
            RunnerFormat::Human if is_started => self.write_report(index, report),
            RunnerFormat::Human => {}
            RunnerFormat::Json => {
                let response = report.to_json(&self.payloads[index].payload);
                self.event("outcome", index, json!({ "outcome": response }));
            }
        }
    }

    /// Writes the reports in the order of the payloads, and a summary.
    pub(super) fn finish(mut self) -> Exit {
        self.reports.sort_by_key(|(index, _)| *index);
        if self.format == RunnerFormat::Json {
            for (index, report) in std::mem::take(&mut self.reports) {
                let Named { path, payload, .. } = &self.payloads[index];
                let mut response = report.to_json(payload);
                response["path"] = path.as_str().into();
                response["payload"] = index.into();
                self.json(&response);
                self.reports.push((index, report));
            }
        }
        match (self.not_started, self.payloads.len()) {
            (0, _) => {}
            (_, 1) => self.terminal.note_line("interrupted: nothing was changed"),
            (rest, total) => {
                self.terminal.note_line(format_args!("interrupted: {rest} of {total} payloads not started"));
            }
        }
        self.reports.iter().map(|(_, report)| self.exit(report)).max().unwrap_or_default()
    }

    /// Writes an event of a payload as JSON: the common properties, and `more`.
    fn event(&mut self, event: &str, index: usize, more: Value) {
        let path = &self.payloads[index].path;
        let mut value = json!({ "event": event, "path": path, "payload": index });
        if let (Some(value), Value::Object(more)) = (value.as_object_mut(), more) {
            value.extend(more);
        }
        self.json(&value);
    }

    fn json(&mut self, value: &Value) {
        self.terminal.print_line(&value.to_string());
        self.terminal.flush();
    }

    fn exit(&self, report: &RunReport) -> Exit {
        match report.outcome {
            Outcome::Done => Exit::Fine,
            Outcome::Interrupted => Exit::Interrupted,
            // `status` inspected the cluster, and found errors.
            Outcome::Refused if self.task == Task::Status && was_inspected(report) => Exit::Payload,
            Outcome::Refused | Outcome::PartialFailure => Exit::PartWay,
        }
    }

    fn write_report(&mut self, index: usize, report: &RunReport) {
        let name = printable(&self.payloads[index].name);
        for test in &report.tests {
            let message = test.message.as_deref().unwrap_or_default();
            match test.status {
                TestStatus::Failed => self.terminal.error(format_args!("{name}: {}: {message}", test.name)),
                TestStatus::Warning => {
                    self.terminal.warning(format_args!("{name}: {}: {message}", test.name));
                }
                TestStatus::Passed | TestStatus::Skipped => {}
            }
        }
        // The API's status `deleted` implies that there was a setup.
        let status = match (self.task, report.status) {
            (Task::Apply | Task::Status, Some(Status::Deleted)) => "nothing is set up",
            (Task::Remove, Some(Status::Deleted)) if report.changes == 0 => "nothing is set up",
            (_, Some(status)) => status.name(),
            (_, None) => "unknown state",
        };
        let changes = match report.changes {
            0 => match report.pending {
                0 => "nothing was changed".to_owned(),
                1 => "nothing was changed, 1 statement is pending".to_owned(),
                pending => format!("nothing was changed, {pending} statements are pending"),
            },
            1 => "1 statement took effect".to_owned(),
            changes => format!("{changes} statements took effect"),
        };
        let line = match (self.task, report.outcome) {
            (Task::Status, Outcome::Done) => format!("{status}: {name}"),
            (Task::Status, _) if !was_inspected(report) => return,
            (Task::Status, _) if report.pending > 0 => {
                format!("{status}: {name}; run `bootshift apply` to repair it (never drops data)")
            }
            (Task::Status, _) => format!("{status}: {name}"),
            (_, Outcome::Refused) => format!("nothing was changed: {name}"),
            _ => format!("{status}: {name} ({changes})"),
        };
        self.terminal.print_text(&format!("{line}\n"));
        self.terminal.flush();
    }
}

fn also_dropped_json(also_dropped: &AlsoDropped) -> Value {
    let objects: Vec<Value> = also_dropped
        .objects
        .iter()
        .map(|object| {
            json!({ "kind": object.kind, "schema": object.schema, "name": object.name, "owner": object.owner })
        })
        .collect();
    json!({ "database": also_dropped.database, "count": also_dropped.count, "objects": objects })
}

/// Whether the cluster was inspected: no test failed before that.
fn was_inspected(report: &RunReport) -> bool {
    !report.failures().any(|test| test.phase == Phase::InitialValidation)
}
