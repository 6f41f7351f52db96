//! The run over all payloads.

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
use super::events::{Came, Event, Plan, Teller};
use super::interrupt::Interrupt;
use super::payloads::Named;
use super::progress::Bar;
use super::{Consent, Task};
use crate::runner::{self, Outcome, Prepared, Target};

/// The run over all payloads.
pub(super) struct Work<'w, 't, S> {
    pub(super) task: Task,
    pub(super) format: RunnerFormat,
    pub(super) jobs: usize,
    pub(super) payloads: Vec<Named>,
    pub(super) interrupt: Interrupt,
    pub(super) terminal: &'w mut Terminal<'t, S>,
    /// What came of the payloads that are through.
    pub(super) outcomes: Vec<(usize, Outcome)>,
    /// How many were not begun, for the user interrupted.
    pub(super) not_begun: usize,
}

impl<S: System> Work<'_, '_, S> {
    pub(super) async fn run(mut self, targets: Vec<Target>, consent: Consent) -> Result<Exit, Failure> {
        let task = self.task;
        // Those that wait for the answer do not all keep a connection, where that would be more than `--jobs`.
        let stays_connected = targets.len() <= self.jobs;
        let ready = self
            .each(targets.into_iter().enumerate(), |target, teller| {
                prepare(task, consent, stays_connected, target, teller)
            })
            .await;
        if ready.is_empty() {
            return Ok(self.finish());
        }
        let answer = if self.interrupt.has_come() { Answer::Interrupted } else { self.ask().await? };
        if answer == Answer::Yes {
            self.each(ready.into_iter(), |prepared, teller| async move {
                Came::End(go_on(*prepared, &teller).await)
            })
            .await;
            return Ok(self.finish());
        }
        for (index, prepared) in ready {
            let outcome = match answer {
                Answer::Interrupted => prepared.interrupted(),
                Answer::Yes | Answer::No => prepared.unchanged(),
            };
            self.end(index, outcome, false);
        }
        self.terminal.note_line("nothing was changed");
        let exit = if answer == Answer::Interrupted { Exit::Interrupted } else { Exit::PartWay };
        Ok(self.finish().max(exit))
    }

    /// Works on all, so many at once, and shows what happens as it does. Gives those that are ready, in the order of
    /// the payloads.
    async fn each<T, F>(
        &mut self,
        items: impl Iterator<Item = (usize, T)>,
        work: impl Fn(T, Teller) -> F,
    ) -> Vec<(usize, Box<Prepared>)>
    where
        F: Future<Output = Came> + Send + 'static,
    {
        let (sender, mut events) = mpsc::unbounded_channel();
        let tellers = items.map(|(index, item)| {
            let teller = Teller { index, events: sender.clone() };
            (teller.clone(), work(item, teller))
        });
        // They begin in the order of the payloads.
        let queue: VecDeque<(Teller, F)> = tellers.collect();
        drop(sender);
        let workers = self.jobs.min(queue.len());
        let queue = Arc::new(Mutex::new(queue));
        let mut tasks = JoinSet::new();
        for _ in 0..workers {
            let queue = Arc::clone(&queue);
            let interrupt = self.interrupt.clone();
            tasks.spawn(async move {
                while let Some((teller, work)) = take(&queue).await {
                    let is_begun = !interrupt.has_come();
                    if is_begun {
                        teller.tell(Event::Begun);
                    }
                    // After an interrupt it comes to its end at once.
                    let came = work.await;
                    teller.tell(Event::Over { came, is_begun });
                }
            });
        }

        let bar = Bar::new(self.format, self.payloads.len());
        let mut ready = Vec::new();
        let mut begun = BTreeSet::new();
        let mut silence = Silence::new();
        loop {
            let tells = self.tells_of_silence() && !bar.is_drawn();
            let (index, event) = tokio::select! {
                event = events.recv() => match event {
                    Some(event) => event,
                    None => break,
                },
                () = tokio::time::sleep_until(silence.end), if tells => {
                    self.show_waiting(&begun, silence.lasted());
                    silence.go_on();
                    continue;
                }
            };
            silence = Silence::new();
            match event {
                Event::Begun => drop(begun.insert(index)),
                Event::Plan(plan) => self.show_plan(index, &plan),
                Event::Lock(waiting) => self.show_lock(index, &waiting),
                Event::Statement(progress) => self.show_progress(&bar, index, &progress),
                Event::Over { came, is_begun } => {
                    begun.remove(&index);
                    self.not_begun += usize::from(!is_begun);
                    bar.finish();
                    match came {
                        Came::Ready(prepared) => ready.push((index, prepared)),
                        Came::End(outcome) => self.end(index, outcome, is_begun),
                    }
                }
            }
        }
        while let Some(result) = tasks.join_next().await {
            if let Err(error) = result {
                // A defect goes the way of all panics.
                std::panic::resume_unwind(error.into_panic());
            }
        }
        ready.sort_by_key(|(index, _)| *index);
        ready
    }

    /// A payload is through.
    fn end(&mut self, index: usize, outcome: Outcome, is_begun: bool) {
        self.show_outcome(index, &outcome, is_begun);
        self.outcomes.push((index, outcome));
    }

    /// Whether to say what is waited for. In a log, of a single payload it says nothing new.
    fn tells_of_silence(&self) -> bool {
        let is_terminal = || self.format == RunnerFormat::Human && io::stderr().is_terminal();
        self.payloads.len() > 1 || is_terminal()
    }

    /// Asks whether to go on.
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

/// Looks, and does what needs no answer.
async fn prepare(
    task: Task,
    consent: Consent,
    stays_connected: bool,
    target: Target,
    teller: Teller,
) -> Came {
    let prepared = match task {
        Task::Status => return Came::End(runner::status(&target).await),
        Task::Apply => runner::prepare_apply(target, &mut |notice| teller.tell_notice(notice)).await,
        Task::Remove => runner::prepare_remove(target, &mut |notice| teller.tell_notice(notice)).await,
    };
    let mut prepared = match prepared {
        Ok(prepared) => prepared,
        Err(outcome) => return Came::End(outcome),
    };
    teller.tell(Event::Plan(Plan::of(&prepared)));
    if consent.dry_run || prepared.is_empty() {
        return Came::End(prepared.unchanged());
    }
    if consent.yes {
        return Came::End(go_on(prepared, &teller).await);
    }
    if !stays_connected {
        prepared.disconnect().await;
    }
    Came::Ready(Box::new(prepared))
}

/// Does what is to be done.
async fn go_on(prepared: Prepared, teller: &Teller) -> Outcome {
    prepared.run(&mut |notice| teller.tell_notice(notice)).await
}

/// A time in which nothing happens: each notice of it is given after twice the time of the one before.
struct Silence {
    began: Instant,
    end: Instant,
    next: Duration,
}

impl Silence {
    /// When the first notice is due.
    const FIRST: Duration = Duration::from_secs(3);

    fn new() -> Self {
        let began = Instant::now();
        Self { began, end: began + Self::FIRST, next: Self::FIRST * 2 }
    }

    /// How long it has lasted, in whole seconds.
    fn lasted(&self) -> u64 {
        self.began.elapsed().as_secs()
    }

    fn go_on(&mut self) {
        self.end += self.next;
        self.next *= 2;
    }
}
