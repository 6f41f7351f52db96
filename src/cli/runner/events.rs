//! The events of a payload.

use tokio::sync::mpsc::UnboundedSender;

use crate::runner::{AlsoDropped, InUse, Notice, Prepared, Progress, RunReport, Waiting};

/// An event of a payload.
pub(super) enum Event {
    /// Its processing starts.
    Started,
    /// Its plan.
    Plan(Plan),
    /// It waits for another run.
    Lock(Waiting),
    /// It waits for other sessions.
    InUse(InUse),
    /// A statement starts.
    Statement(Progress),
    /// This round is finished.
    Finished {
        result: RoundResult,
        /// Whether it was started before an interrupt.
        is_started: bool,
    },
}

/// The result of a round.
pub(super) enum RoundResult {
    /// It waits for confirmation.
    Ready(Box<Prepared>),
    /// It is finished.
    Finished(RunReport),
}

/// A plan.
pub(super) struct Plan {
    /// The plan as text.
    pub(super) text: String,
    /// The database and summary of each statement.
    pub(super) statements: Vec<(String, String)>,
    /// The objects that are also dropped, although the setup did not create them.
    pub(super) also_dropped: AlsoDropped,
}

impl Plan {
    pub(super) fn of(prepared: &Prepared) -> Self {
        let statements =
            prepared.statements().map(|(database, summary)| (database, summary.to_owned())).collect();
        Self { text: prepared.plan(), statements, also_dropped: prepared.also_dropped().clone() }
    }
}

/// Sends the events of one payload.
#[derive(Clone)]
pub(super) struct EventSender {
    pub(super) index: usize,
    pub(super) events: UnboundedSender<(usize, Event)>,
}

impl EventSender {
    pub(super) fn send_notice(&self, notice: Notice) {
        self.send(match notice {
            Notice::Waiting(waiting) => Event::Lock(waiting),
            Notice::InUse(in_use) => Event::InUse(in_use),
            Notice::Statement(progress) => Event::Statement(progress),
        });
    }

    pub(super) fn send(&self, event: Event) {
        // The receiver may be closed already.
        let _ = self.events.send((self.index, event));
    }
}
