//! The session that a claim is of, and whether it lives.

use std::fmt;

use super::error::StatementError;
use super::facts::{Cluster, Reader, unexpected_response};
use super::session::Session;
use super::trust::UNAVAILABLE;

/// The session that a claim is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Holder {
    pub(super) process: i64,
    pub(super) login: String,
    /// The start of the session; empty where the server did not tell.
    pub(super) since: String,
    liveness: Liveness,
}

/// What `stv_sessions` says of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Liveness {
    Listed,
    /// It is not listed to who asks. Only a superuser sees the sessions of others.
    Unlisted,
    /// The list is closed to everybody, or does not tell this session from a later one.
    Unknown,
}

impl Holder {
    /// Reads what a claim says.
    pub(super) fn of(row: &mut Reader<'_>) -> Result<Self, StatementError> {
        Ok(Self { process: row.count()?, login: row.text()?, since: row.text()?, liveness: Liveness::Unknown })
    }

    /// Finds out which of them live.
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

    /// Whether the session lives, for all that is known.
    pub(super) fn may_be_alive(&self, cluster: &Cluster) -> bool {
        match self.liveness {
            Liveness::Listed | Liveness::Unknown => true,
            Liveness::Unlisted => !(cluster.is_superuser || self.login == cluster.login),
        }
    }

    /// Whether the server says that the session lives.
    pub(super) fn is_seen(&self) -> bool {
        self.liveness == Liveness::Listed
    }

    /// Whether this cluster tells nobody if the session lives.
    pub(super) fn is_unavailable(&self) -> bool {
        self.liveness == Liveness::Unknown
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {} of `{}`", self.process, self.login)?;
        if self.since.is_empty() { Ok(()) } else { write!(f, ", connected since {}", self.since) }
    }
}

/// The session of this run, as the claim names it.
pub(super) struct OwnSession {
    pub(super) process: i64,
    /// Empty where the server does not tell.
    pub(super) start: String,
    pub(super) login: String,
}

impl OwnSession {
    pub(super) async fn ask(session: &Session) -> Result<Self, StatementError> {
        const LISTED: &str = "SELECT s.process, CAST(CURRENT_USER AS VARCHAR(127)), CAST(s.starttime AS VARCHAR(32))\n\
            FROM pg_catalog.stv_sessions s WHERE s.process = pg_catalog.pg_backend_pid()";
        const UNLISTED: &str = "SELECT pg_catalog.pg_backend_pid(), CAST(CURRENT_USER AS VARCHAR(127)), ''";
        let mut rows = match session.rows(LISTED).await {
            Err(error) if error.is_one_of(&UNAVAILABLE) => Vec::new(),
            result => result?,
        };
        if rows.is_empty() {
            rows = session.rows(UNLISTED).await?;
        }
        let mut row = Reader::new(rows.first().ok_or_else(unexpected_response)?);
        Ok(Self { process: row.count()?, login: row.text()?, start: row.text()? })
    }
}

/// The sessions of the cluster, as far as who asks sees them.
struct Sessions {
    /// Process numbers and starts; `None` where the list is closed.
    listed: Option<Vec<(i64, String)>>,
}

impl Sessions {
    async fn ask(session: &Session, processes: &[i64]) -> Result<Self, StatementError> {
        let processes: Vec<String> = processes.iter().map(i64::to_string).collect();
        let query = format!(
            "SELECT s.process, CAST(s.starttime AS VARCHAR(32)) FROM pg_catalog.stv_sessions s WHERE s.process IN ({})",
            processes.join(", ")
        );
        let rows = match session.rows(&query).await {
            Err(error) if error.is_one_of(&UNAVAILABLE) => return Ok(Self { listed: None }),
            result => result?,
        };
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

/// The process that people write into a claim where they know, and the server does not tell, that its session is over.
const ENDED_PROCESS: i64 = 0;
