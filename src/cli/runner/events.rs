//! What the work on a payload tells while it goes on.

use tokio::sync::mpsc::UnboundedSender;

use crate::runner::{Lost, Notice, Prepared, Progress, RunReport, Waiting};

/// Something that happened to a payload.
pub(super) enum Event {
    /// Its turn has come.
    Started,
    /// What is to be done for it.
    Plan(Plan),
    /// Another run is waited for.
    Lock(Waiting),
    /// A statement begins.
    Statement(Progress),
    /// This round of the work on it is over.
    Finished {
        result: RoundResult,
        /// Whether its turn came before an interrupt.
        is_started: bool,
    },
}

/// What came of a round.
pub(super) enum RoundResult {
    /// It is ready, if the user agrees.
    Ready(Box<Prepared>),
    /// Its end.
    Finished(RunReport),
}

/// What is to be done.
pub(super) struct Plan {
    /// For people.
    pub(super) text: String,
    /// The databases, and what each statement does.
    pub(super) statements: Vec<(String, String)>,
    /// What is dropped along that the set-up did not make.
    pub(super) lost: Lost,
}

impl Plan {
    pub(super) fn of(prepared: &Prepared) -> Self {
        let statements =
            prepared.statements().map(|(database, summary)| (database, summary.to_owned())).collect();
        Self { text: prepared.plan(), statements, lost: prepared.lost().clone() }
    }
}

/// Tells what happens to one payload.
#[derive(Clone)]
pub(super) struct EventSender {
    pub(super) index: usize,
    pub(super) events: UnboundedSender<(usize, Event)>,
}

impl EventSender {
    pub(super) fn send_notice(&self, notice: Notice) {
        self.send(match notice {
            Notice::Waiting(waiting) => Event::Lock(waiting),
            Notice::Statement(progress) => Event::Statement(progress),
        });
    }

    pub(super) fn send(&self, event: Event) {
        // Who does not listen any more does not want to know.
        let _ = self.events.send((self.index, event));
    }
}
