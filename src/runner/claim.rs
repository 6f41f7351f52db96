//! The claim: what a run is about to make or remove, written where the next one looks, and the lock that keeps other
//! runs away.
//!
//! A set-up makes a user, a group and a database before there is a place for its marker, and a removal drops the
//! marker before the user and the group. In between, nothing in the catalog would tell our objects from somebody
//! else's of the same names. So a run writes a table `public.bootshift_run` in `initialDatabase` first: which objects
//! were not there then, and so are its own; which process and session it is. When all is done it drops the table.
//! A run that fails leaves it, and the next one finishes by it.
//!
//! Redshift has no advisory locks. Making the table is what only one of two runs can do; the other finds it, and asks
//! `stv_sessions` whether the session that made it still lives. A process number is used again, so the session is
//! known by its start as well. The claim of a dead session is taken over under `LOCK TABLE`, which of two takers lets
//! one look after the other (<https://docs.aws.amazon.com/redshift/latest/dg/r_LOCK.html>).

use std::time::Duration;

use tokio::time::Instant;

use super::error::StatementError;
use super::facts::{Cluster, Marker, Names, Reader, quoted};
use super::session::Session;

/// SQLSTATEs of a table that is there already: `duplicate_table`, and `unique_violation` in the catalog where two make
/// it at the same moment.
const TAKEN: [&str; 2] = ["42P07", "23505"];
/// SQLSTATE `undefined_table`.
const UNDEFINED_TABLE: &str = "42P01";

/// What several statements do together, for messages.
const TAKE_OVER: &str = "Take public.bootshift_run over";

/// How often the holder of a claim is looked for.
const POLL: Duration = Duration::from_millis(500);

/// What a run does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    Apply,
    Edit,
    Remove,
}

impl Work {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Apply => "apply",
            Self::Edit => "edit",
            Self::Remove => "remove",
        }
    }

    pub(super) fn named(name: &str) -> Self {
        match name {
            "edit" => Self::Edit,
            "remove" => Self::Remove,
            _ => Self::Apply,
        }
    }
}

/// A claim that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Claim {
    pub(super) work: Work,
    /// What the run makes or removes, and which of it is its own.
    pub(super) made: Marker,
    pub(super) holder: Holder,
}

/// The session that a claim is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Holder {
    pub(super) process: i64,
    pub(super) login: String,
    pub(super) since: String,
    is_listed: bool,
}

impl Holder {
    /// Whether the server says that the session lives, or else nothing is known of it.
    pub(super) const fn is_seen(&self) -> bool {
        self.is_listed
    }
}

impl Claim {
    /// Whether the run is still going on. Only a superuser sees the sessions of others.
    pub(super) fn is_held(&self, cluster: &Cluster) -> bool {
        self.holder.is_listed || !(cluster.is_superuser || self.holder.login == cluster.login)
    }

    /// Reads the claim; `None` if there is none any more.
    pub(super) async fn read(session: &Session) -> Result<Option<Self>, StatementError> {
        const QUERY: &str = "SELECT c.database_name, c.user_name, c.group_name,\n\
            c.database_created, c.user_created, c.group_created, c.work, c.process, c.login,\n\
            CAST(c.session_start AS VARCHAR(32)), CASE WHEN s.process IS NULL THEN 0 ELSE 1 END\n\
            FROM public.bootshift_run c LEFT JOIN pg_catalog.stv_sessions s\n\
            ON s.process = c.process AND s.starttime = c.session_start";
        let rows = match session.rows(QUERY).await {
            Err(error) if error.sqlstate() == Some(UNDEFINED_TABLE) => return Ok(None),
            result => result?,
        };
        let [row] = rows.as_slice() else { return Ok(None) };
        let mut row = Reader::new(row);
        Ok(Some(Self {
            made: Marker::of(&mut row)?,
            work: Work::named(&row.text()?),
            holder: Holder {
                process: row.count()?,
                login: row.text()?,
                since: row.text()?,
                is_listed: row.count()? > 0,
            },
        }))
    }

    /// Waits until no run holds the claim any more, or the time is up: then it gives who holds it.
    pub(super) async fn wait(
        mut self,
        session: &Session,
        cluster: &Cluster,
        deadline: Instant,
    ) -> Result<Option<Self>, StatementError> {
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(Some(self));
            }
            session.pause(POLL.min(left)).await?;
            match Self::read(session).await {
                Ok(Some(claim)) if claim.is_held(cluster) => self = claim,
                Ok(_) => return Ok(None),
                // The other run may be dropping the table at this very moment.
                Err(StatementError::Server(_)) => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Writes the claim, and tells whether it was the first to.
    pub(super) async fn write(session: &Session, work: Work, made: &Marker) -> Result<bool, StatementError> {
        let Marker { names: Names { database, user, group }, .. } = made;
        let flag = |flag: bool| u8::from(flag);
        let statement = format!(
            "CREATE TABLE public.bootshift_run AS SELECT\n\
             CAST({} AS VARCHAR(16)) AS work,\n\
             CAST({} AS VARCHAR(127)) AS database_name, {} AS database_created,\n\
             CAST({} AS VARCHAR(127)) AS user_name, {} AS user_created,\n\
             CAST({} AS VARCHAR(127)) AS group_name, {} AS group_created,\n\
             CAST(CURRENT_USER AS VARCHAR(127)) AS login, s.process AS process, s.starttime AS session_start\n\
             FROM pg_catalog.stv_sessions s WHERE s.process = pg_backend_pid()",
            quoted(work.name()),
            quoted(database),
            flag(made.database_created),
            quoted(user),
            flag(made.user_created),
            quoted(group),
            flag(made.group_created),
        );
        match session.step("Make public.bootshift_run", &statement).await {
            Ok(_) => Ok(true),
            Err(error) if error.sqlstate().is_some_and(|state| TAKEN.contains(&state)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Takes over what a dead session left, for the given work; gives what is claimed now, or `None` if another run
    /// was faster.
    pub(super) async fn take_over(
        session: &Session,
        cluster: &Cluster,
        work: Work,
    ) -> Result<Option<Self>, StatementError> {
        session.step(TAKE_OVER, "BEGIN").await?;
        session.step(TAKE_OVER, "LOCK TABLE public.bootshift_run").await?;
        let claim = Self::read(session).await?.filter(|claim| !claim.is_held(cluster));
        if claim.is_some() {
            // Not in one statement: a user table is asked apart from what the leader node knows.
            let rows = session
                .rows("SELECT s.process, s.starttime FROM pg_catalog.stv_sessions s WHERE s.process = pg_backend_pid()")
                .await?;
            let Some(row) = rows.first() else { return Err(super::facts::nonsense()) };
            let mut row = Reader::new(row);
            let (process, start) = (row.count()?, row.text()?);
            let update = format!(
                "UPDATE public.bootshift_run SET work = {}, process = {process}, session_start = CAST({} AS \
                 TIMESTAMP), login = {}",
                quoted(work.name()),
                quoted(&start),
                quoted(&cluster.login),
            );
            session.step(TAKE_OVER, &update).await?;
        }
        session.step(TAKE_OVER, "COMMIT").await?;
        Ok(claim)
    }

    /// Takes the word back that an object is our own: somebody else was faster.
    pub(super) async fn disclaim(session: &Session, column: &str) -> Result<(), StatementError> {
        let update = format!("UPDATE public.bootshift_run SET {column}_created = 0");
        session.step("Correct public.bootshift_run", &update).await.map(|_| ())
    }

    /// Ends the claim.
    pub(super) async fn drop(session: &Session) -> Result<(), StatementError> {
        match session.step("Drop public.bootshift_run", "DROP TABLE public.bootshift_run").await {
            Err(error) if error.sqlstate() == Some(UNDEFINED_TABLE) => Ok(()),
            result => result.map(|_| ()),
        }
    }
}
