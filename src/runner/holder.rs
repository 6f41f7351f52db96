//! The session that holds a run lock, and whether it is alive.

use std::fmt;

use super::error::StatementError;
use super::facts::{Cluster, Reader};
use super::session::{Row, Session, named_row, rows_of};
use super::session_list::{Listed, Which};

/// The session that holds a run lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Holder {
    pub(super) process: i64,
    pub(super) login: String,
    /// The start time of the session; empty if the server does not report it.
    pub(super) since: String,
    liveness: Liveness,
}

/// Whether the server lists a session as alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Liveness {
    Listed,
    /// It is not visible to the login user. Only superusers can see the sessions of other users.
    Unlisted,
    /// The server has no list, or it does not distinguish this session from a later one.
    Unknown,
}

impl Holder {
    /// Reads the columns of a run lock.
    pub(super) fn of(row: &mut Reader<'_>) -> Result<Self, StatementError> {
        Ok(Self {
            process: row.count()?,
            login: row.text()?,
            since: row.text()?,
            liveness: Liveness::Unknown,
        })
    }

    /// Queries which sessions are alive.
    pub(super) async fn inspect<'h>(
        session: &Session,
        holders: impl Iterator<Item = &'h mut Self>,
    ) -> Result<(), StatementError> {
        let mut holders: Vec<&mut Self> = holders.collect();
        let processes: Vec<i64> = holders.iter().map(|holder| holder.process).collect();
        let listed = Which::Processes(&processes).list(session).await?;
        for holder in &mut holders {
            holder.liveness = holder.liveness_in(listed.as_deref());
        }
        Ok(())
    }

    /// Whether the session is among those that the server lists, if it lists any.
    fn liveness_in(&self, listed: Option<&[Listed]>) -> Liveness {
        let Some(listed) = listed else {
            return if self.process == ENDED_PROCESS { Liveness::Unlisted } else { Liveness::Unknown };
        };
        match listed.iter().find(|session| session.process == self.process) {
            Some(_) if self.since.is_empty() => Liveness::Unknown,
            Some(session) if session.start == self.since => Liveness::Listed,
            _ => Liveness::Unlisted,
        }
    }

    /// Whether the session may be alive.
    pub(super) fn may_be_alive(&self, cluster: &Cluster) -> bool {
        match self.liveness {
            Liveness::Listed | Liveness::Unknown => true,
            Liveness::Unlisted => !(cluster.is_superuser || self.login == cluster.login),
        }
    }

    /// Whether the server lists the session as alive.
    pub(super) fn is_seen(&self) -> bool {
        self.liveness == Liveness::Listed
    }

    /// Whether this cluster does not report to any user if the session is alive.
    pub(super) fn is_unknown(&self) -> bool {
        self.liveness == Liveness::Unknown
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {} of `{}`", self.process, self.login)?;
        if self.since.is_empty() { Ok(()) } else { write!(f, ", connected since {}", self.since) }
    }
}

/// The session of this run, as recorded in the run lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OwnSession {
    pub(super) process: i64,
    /// When it started; empty if the server does not report it.
    pub(super) start: String,
}

impl OwnSession {
    const PROCESS: &str = "SELECT pg_catalog.pg_backend_pid()";

    /// Queries another session than that of the facts about the cluster.
    pub(super) async fn inspect(session: &Session) -> Result<Self, StatementError> {
        let [process, listed] = session.query_each([Self::PROCESS, &Which::Own.query()]).await;
        let listed = listed.and_then(|response| rows_of(&response));
        Self::of(session, &mut Reader::new(&named_row(&process?)?.1), listed).await
    }

    /// Reads its process from the next column, and its start from the response to the query for it.
    pub(super) async fn of(
        session: &Session,
        row: &mut Reader<'_>,
        listed: Result<Vec<Row>, StatementError>,
    ) -> Result<Self, StatementError> {
        let listed = Which::Own.list_after(session, listed).await?.unwrap_or_default();
        let start = listed.into_iter().next().map(|own| own.start);
        Ok(Self { process: row.count()?, start: start.unwrap_or_default() })
    }
}

/// The process number that users write into a run lock whose session has ended, if the server does not report that.
const ENDED_PROCESS: i64 = 0;
