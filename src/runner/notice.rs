//! What a run tells while it goes on.

use std::time::Duration;

use tokio::time::Instant;

use super::holder::Holder;
use super::run_lock::RunLock;

/// Something that happens in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// The run waits for another one.
    Waiting(Waiting),
    /// A statement is about to run.
    Statement(Progress),
}

/// Who wants to know.
pub type Notify<'n> = &'n mut (dyn FnMut(Notice) + Send);

/// Another run that is waited for, which has the lock of the set-up.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Waiting {
    /// What it does: `apply`, `edit` or `remove`.
    pub action: &'static str,
    /// The user that it has logged in as.
    pub login: String,
    /// Since when it is connected, in UTC; empty where the server did not tell.
    pub since: String,
    /// Whether its session is seen to live; or else it may be over, and only that user and superusers can tell.
    pub is_seen: bool,
    /// How long it is waited for at most.
    pub timeout: Duration,
}

impl Waiting {
    pub(super) fn until(deadline: Instant, run_lock: &RunLock) -> Self {
        let RunLock { action, holder, .. } = run_lock;
        let Holder { login, since, .. } = holder;
        Self {
            action: action.name(),
            login: login.clone(),
            since: since.clone(),
            is_seen: holder.is_seen(),
            timeout: deadline.saturating_duration_since(Instant::now()),
        }
    }
}

/// A statement that is about to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Its number, from 1.
    pub number: usize,
    /// How many there are.
    pub total: usize,
    /// The database that it runs in.
    pub database: String,
    /// What it does.
    pub summary: String,
}
