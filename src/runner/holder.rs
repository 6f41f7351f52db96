//! The session that holds a run lock, and whether it is alive.
//!
//! `stv_sessions` is only available on provisioned clusters in one availability zone; elsewhere, `sys_session_history` is
//! (<https://docs.aws.amazon.com/redshift/latest/dg/cm_chap_system-tables.html>). No run depends on either.

use std::fmt;

use super::error::StatementError;
use super::facts::{Cluster, Reader};
use super::session::{Response, Row, Session, named_row, rows_of};
use super::trust::UNAVAILABLE;

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
        let sessions = Sessions::ask(session, &processes).await?;
        for holder in &mut holders {
            holder.liveness = sessions.liveness_of(holder);
        }
        Ok(())
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
    /// The query for its start, which is not available on every cluster.
    pub(super) const START: &str = "SELECT CAST(s.starttime AS VARCHAR(32))\n\
        FROM pg_catalog.stv_sessions s WHERE s.process = pg_catalog.pg_backend_pid()";
    /// The query on other clusters.
    const START_IN_HISTORY: &str = "SELECT CAST(h.start_time AS VARCHAR(32)) FROM pg_catalog.sys_session_history h\n\
        WHERE h.session_id = pg_catalog.pg_backend_pid() AND h.status = 'active'";

    /// Queries another session than that of the facts about the cluster.
    pub(super) async fn inspect(session: &Session) -> Result<Self, StatementError> {
        let [process, start] = session.query_each([Self::PROCESS, Self::START]).await;
        Self::of(session, &mut Reader::new(&named_row(&process?)?.1), start).await
    }

    /// Reads its process from the next column, and its start from the response to the query.
    pub(super) async fn of(
        session: &Session,
        row: &mut Reader<'_>,
        start: Result<Response, StatementError>,
    ) -> Result<Self, StatementError> {
        let start = match start {
            Err(error) if error.is_one_of(&UNAVAILABLE) => {
                if_available(session.rows(Self::START_IN_HISTORY).await)?.unwrap_or_default()
            }
            start => rows_of(&start?)?,
        };
        let start = start.first().map(|row| Reader::new(row).text()).transpose()?;
        Ok(Self { process: row.count()?, start: start.unwrap_or_default() })
    }
}

/// The sessions that the login user can see.
struct Sessions {
    /// Process numbers and start times; `None` if there is no list.
    listed: Option<Vec<(i64, String)>>,
}

impl Sessions {
    async fn ask(session: &Session, processes: &[i64]) -> Result<Self, StatementError> {
        let processes: Vec<String> = processes.iter().map(i64::to_string).collect();
        let processes = processes.join(", ");
        let sessions = format!(
            "SELECT s.process, CAST(s.starttime AS VARCHAR(32)) FROM pg_catalog.stv_sessions s WHERE s.process IN ({processes})"
        );
        let history = format!(
            "SELECT h.session_id, CAST(h.start_time AS VARCHAR(32)) FROM pg_catalog.sys_session_history h\n\
             WHERE h.session_id IN ({processes}) AND h.status = 'active'"
        );
        let mut rows = if_available(session.rows(&sessions).await)?;
        if rows.is_none() {
            rows = if_available(session.rows(&history).await)?;
        }
        let Some(rows) = rows else { return Ok(Self { listed: None }) };
        let sessions = rows.iter().map(|row| {
            let mut row = Reader::new(row);
            Ok((row.count()?, row.text()?))
        });
        Ok(Self { listed: Some(sessions.collect::<Result<_, StatementError>>()?) })
    }

    fn liveness_of(&self, holder: &Holder) -> Liveness {
        let Some(listed) = &self.listed else {
            return if holder.process == ENDED_PROCESS { Liveness::Unlisted } else { Liveness::Unknown };
        };
        let mut starts =
            listed.iter().filter(|(process, _)| *process == holder.process).map(|(_, start)| start);
        match starts.next() {
            Some(_) if holder.since.is_empty() => Liveness::Unknown,
            Some(start) if *start == holder.since => Liveness::Listed,
            _ => Liveness::Unlisted,
        }
    }
}

/// The rows of a system view; `None` if it is unavailable.
fn if_available(rows: Result<Vec<Row>, StatementError>) -> Result<Option<Vec<Row>>, StatementError> {
    match rows {
        Err(error) if error.is_one_of(&UNAVAILABLE) => Ok(None),
        rows => rows.map(Some),
    }
}

/// The process number that users write into a run lock whose session has ended, if the server does not report that.
const ENDED_PROCESS: i64 = 0;
