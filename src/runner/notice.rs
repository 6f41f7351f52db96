//! Notifications of a run in progress.

use std::time::Duration;

use tokio::time::Instant;

use super::holder::Holder;
use super::run_lock::RunLock;

/// An event of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// The run waits for another one.
    Waiting(Waiting),
    /// The run waits for the end of other sessions in the database that it drops.
    InUse(InUse),
    /// A statement is about to run.
    Statement(Progress),
}

/// A callback for notices.
pub type Notify<'n> = &'n mut (dyn FnMut(Notice) + Send);

/// Another run that has the lock of the setup, and is waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Waiting {
    /// Its action: `apply`, `edit` or `remove`.
    pub action: &'static str,
    /// The user that it is logged in as.
    pub login: String,
    /// When it connected, in UTC; empty if the server does not report it.
    pub since: String,
    /// Whether its session is listed as alive. Otherwise it may have ended, which only that user and superusers can see.
    pub is_seen: bool,
    /// The maximum time to wait for it.
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

/// A database that cannot be dropped while it has sessions, which are waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InUse {
    /// The database.
    pub database: String,
    /// The sessions that the login user can see; `None` if the cluster lists none.
    pub sessions: Option<Vec<OtherSession>>,
    /// The query with which a superuser finds them.
    pub query: String,
    /// The maximum time to wait for them.
    pub timeout: Duration,
}

/// A session of another client, or of a connection pooler.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OtherSession {
    /// Its process, for `pg_terminate_backend`.
    pub process: i64,
    /// Its user; its number if it has no name in the catalog.
    pub user: String,
    /// When it connected, in UTC.
    pub since: String,
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
