//! Runs a task on a batch of payloads.

use std::collections::{BTreeSet, VecDeque};
use std::io::{self, IsTerminal as _};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::super::Failure;
use super::super::args::RunnerFormat;
use super::super::exit::Exit;
use super::super::system::System;
use super::super::terminal::Terminal;
use super::consent::{self, Answer};
use super::events::{Event, EventSender, Plan, RoundResult};
use super::interrupt::Interrupt;
use super::payloads::Named;
use super::progress::Bar;
use super::{Consent, Task};
use crate::runner::{self, Prepared, RunReport, Target};

/// A task on a batch of payloads.
pub(super) struct Batch<'w, 't, S> {
    pub(super) task: Task,
    pub(super) format: RunnerFormat,
    pub(super) jobs: usize,
    pub(super) payloads: Vec<Named>,
    pub(super) interrupt: Interrupt,
    pub(super) terminal: &'w mut Terminal<'t, S>,
    /// The reports of the finished payloads.
    pub(super) reports: Vec<(usize, RunReport)>,
    /// The number of payloads that were not started because of an interrupt.
    pub(super) not_started: usize,
}

impl<S: System> Batch<'_, '_, S> {
    pub(super) async fn run(mut self, targets: Vec<Target>, consent: Consent) -> Result<Exit, Failure> {
        let task = self.task;
        // Limits the connections that are kept open while waiting for confirmation to `--jobs`.
        let stays_connected = targets.len() <= self.jobs;
        let ready = self
            .each(targets.into_iter().enumerate(), |target, sender| {
                prepare(task, consent, stays_connected, target, sender)
            })
            .await;
        if ready.is_empty() {
            return Ok(self.finish());
        }
        let answer = if self.interrupt.is_interrupted() { Answer::Interrupted } else { self.ask().await? };
        if answer == Answer::Yes {
            self.each(ready.into_iter(), |prepared, sender| async move {
                RoundResult::Finished(execute(*prepared, &sender).await)
            })
            .await;
            return Ok(self.finish());
        }
        for (index, prepared) in ready {
            let report = match answer {
                Answer::Interrupted => prepared.interrupted(),
                Answer::Yes | Answer::No => prepared.unchanged(),
            };
            self.finished(index, report, false);
        }
        self.terminal.note_line("nothing was changed");
        let exit = if answer == Answer::Interrupted { Exit::Interrupted } else { Exit::PartWay };
        Ok(self.finish().max(exit))
    }

    /// Processes all items, `jobs` at once, and shows their events. Returns the prepared runs, in the order of the
    /// payloads.
    async fn each<T, F>(
        &mut self,
        items: impl Iterator<Item = (usize, T)>,
        work: impl Fn(T, EventSender) -> F,
    ) -> Vec<(usize, Box<Prepared>)>
    where
        F: Future<Output = RoundResult> + Send + 'static,
    {
        let (sender, mut events) = mpsc::unbounded_channel();
        let senders = items.map(|(index, item)| {
            let sender = EventSender { index, events: sender.clone() };
            (sender.clone(), work(item, sender))
        });
        // They start in the order of the payloads.
        let queue: VecDeque<(EventSender, F)> = senders.collect();
        drop(sender);
        let workers = self.jobs.min(queue.len());
        let queue = Arc::new(Mutex::new(queue));
        let mut tasks = JoinSet::new();
        for _ in 0..workers {
            let queue = Arc::clone(&queue);
            let interrupt = self.interrupt.clone();
            tasks.spawn(async move {
                while let Some((sender, work)) = take(&queue).await {
                    let is_started = !interrupt.is_interrupted();
                    if is_started {
                        sender.send(Event::Started);
                    }
                    // After an interrupt it ends immediately.
                    let result = work.await;
                    sender.send(Event::Finished { result, is_started });
                }
            });
        }

        let bar = Bar::new(self.format, self.payloads.len());
        let mut ready = Vec::new();
        let mut started = BTreeSet::new();
        let mut idle = IdleTimer::new();
        loop {
            let is_reporting = self.reports_idle() && !bar.is_drawn();
            let (index, event) = tokio::select! {
                event = events.recv() => match event {
                    Some(event) => event,
                    None => break,
                },
                () = tokio::time::sleep_until(idle.next_notice), if is_reporting => {
                    self.show_waiting(&started, idle.elapsed());
                    idle.schedule_next();
                    continue;
                }
            };
            idle = IdleTimer::new();
            match event {
                Event::Started => drop(started.insert(index)),
                Event::Plan(plan) => self.show_plan(index, &plan),
                Event::Lock(waiting) => self.show_lock(index, &waiting),
                Event::InUse(in_use) => self.show_sessions(index, &in_use),
                Event::Statement(progress) => self.show_progress(&bar, index, &progress),
                Event::Finished { result, is_started } => {
                    started.remove(&index);
                    self.not_started += usize::from(!is_started);
                    bar.finish();
                    match result {
                        RoundResult::Ready(prepared) => ready.push((index, prepared)),
                        RoundResult::Finished(report) => self.finished(index, report, is_started),
                    }
                }
            }
        }
        while let Some(result) = tasks.join_next().await {
            if let Err(error) = result {
                // Panics are propagated.
                std::panic::resume_unwind(error.into_panic());
            }
        }
        ready.sort_by_key(|(index, _)| *index);
        ready
    }

    /// A payload is finished.
    fn finished(&mut self, index: usize, report: RunReport, is_started: bool) {
        self.show_outcome(index, &report, is_started);
        self.reports.push((index, report));
    }

    /// Whether to report what the run waits for. In a log, this is redundant for a single payload.
    fn reports_idle(&self) -> bool {
        let is_terminal = || self.format == RunnerFormat::Human && io::stderr().is_terminal();
        self.payloads.len() > 1 || is_terminal()
    }

    /// Asks for confirmation.
    async fn ask(&mut self) -> Result<Answer, Failure> {
        let question = match self.task {
            Task::Remove => "Remove this setup?",
            Task::Apply | Task::Status => "Apply this plan?",
        };
        consent::ask(question, &self.interrupt, self.terminal).await
    }
}

async fn take<T>(queue: &Mutex<VecDeque<T>>) -> Option<T> {
    queue.lock().await.pop_front()
}

/// Prepares a run, and runs it if it needs no confirmation.
async fn prepare(
    task: Task,
    consent: Consent,
    stays_connected: bool,
    target: Target,
    sender: EventSender,
) -> RoundResult {
    let prepared = match task {
        Task::Status => return RoundResult::Finished(runner::status(&target).await),
        Task::Apply => runner::prepare_apply(target, &mut |notice| sender.send_notice(notice)).await,
        Task::Remove => runner::prepare_remove(target, &mut |notice| sender.send_notice(notice)).await,
    };
    let mut prepared = match prepared {
        Ok(prepared) => prepared,
        Err(report) => return RoundResult::Finished(report),
    };
    sender.send(Event::Plan(Plan::of(&prepared)));
    if consent.dry_run || prepared.is_empty() {
        return RoundResult::Finished(prepared.unchanged());
    }
    if consent.yes {
        return RoundResult::Finished(execute(prepared, &sender).await);
    }
    if !stays_connected {
        prepared.disconnect().await;
    }
    RoundResult::Ready(Box::new(prepared))
}

/// Runs the plan.
async fn execute(prepared: Prepared, sender: &EventSender) -> RunReport {
    prepared.run(&mut |notice| sender.send_notice(notice)).await
}

/// Measures a time without events. The interval between notices doubles each time.
struct IdleTimer {
    start: Instant,
    next_notice: Instant,
    interval: Duration,
}

impl IdleTimer {
    /// The time until the first notice.
    const FIRST: Duration = Duration::from_secs(3);

    fn new() -> Self {
        let start = Instant::now();
        Self { start, next_notice: start + Self::FIRST, interval: Self::FIRST * 2 }
    }

    /// The elapsed time in whole seconds.
    fn elapsed(&self) -> u64 {
        self.start.elapsed().as_secs()
    }

    fn schedule_next(&mut self) {
        self.next_notice += self.interval;
        self.interval *= 2;
    }
}
