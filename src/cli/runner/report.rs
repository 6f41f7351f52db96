//! What a run says: for people, or JSON.

use serde_json::json;

use super::super::args::RunnerFormat;
use super::super::exit::Exit;
use super::super::system::System;
use super::Task;
use super::progress::Bars;
use super::work::Work;
use crate::payload::Payload;
use crate::report::human::printable;
use crate::runner::{End, Outcome, Prepared, Progress, Status, TestStatus};

impl<S: System> Work<'_, '_, S> {
    pub(super) fn show_plan(&mut self, name: &str, prepared: &Prepared) {
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

    pub(super) fn show_progress(&mut self, bars: &mut Bars, index: usize, event: &Progress) {
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

    pub(super) fn finish(&mut self, payloads: &[(String, Payload)], outcomes: &[Outcome]) -> Exit {
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
