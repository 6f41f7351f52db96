//! The run over all payloads.

use std::io::{self, BufRead as _};
use std::sync::Arc;

use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use super::super::Failure;
use super::super::args::RunnerFormat;
use super::super::exit::Exit;
use super::super::system::System;
use super::super::terminal::Terminal;
use super::progress::Bars;
use super::{Consent, Task};
use crate::payload::Payload;
use crate::runner::{self, Outcome, Prepared, Progress, Target};

/// The run over all payloads.
pub(super) struct Work<'w, 't, S> {
    pub(super) task: Task,
    pub(super) format: RunnerFormat,
    pub(super) jobs: usize,
    pub(super) terminal: &'w mut Terminal<'t, S>,
}

/// A payload that is ready, or came to its end.
type Ready = Result<Box<Prepared>, Outcome>;

impl<S: System> Work<'_, '_, S> {
    pub(super) async fn run(
        mut self,
        targets: Vec<(String, Target)>,
        consent: &Consent,
    ) -> Result<Exit, Failure> {
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
}
