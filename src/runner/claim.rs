//! The claim: what a run is about to make or remove, written where the next one looks, and the lock that keeps other
//! runs away.
//!
//! A set-up makes a user, a group and a database before there is a place for its marker, and a removal drops the
//! marker before the user and the group. In between, nothing in the catalog would tell our objects from somebody
//! else's of the same names. So a run writes a row into `public.bootshift_run` in `initialDatabase` first: which
//! objects were not there then, and so are its own; which process and session it is. When all is done it deletes the
//! row, and drops the table with the last one. A run that fails leaves its row, and the next one finishes by it.
//!
//! A claim is of one set-up, which is known by its database. What it says is true of that set-up alone: it neither
//! decides the state of another that has the same `initialDatabase`, nor keeps a run on that one away, nor goes with it.
//!
//! Redshift has no advisory locks. Making the table is what only one of two runs can do; the other finds it, and adds
//! its own row under `LOCK TABLE`, which of two lets one look after the other
//! (<https://docs.aws.amazon.com/redshift/latest/dg/r_LOCK.html>). If there is a row of its set-up already, it asks
//! `stv_sessions` whether the session that wrote it still lives. A process number is used again, so the session is
//! known by its start as well. The claim of a dead session is taken over, under the same lock.

use std::time::Duration;

use tokio::time::Instant;

use super::error::StatementError;
use super::facts::{Cluster, Marker, Names, Reader, nonsense, quoted};
use super::session::Session;

/// SQLSTATEs of a table that another run has just made: `duplicate_table`, and where both made it at the same moment,
/// `unique_violation` in the catalog (<https://github.com/treasure-data/digdag>, `RedshiftConnection.java`) or
/// `duplicate_object`, of the row type that PostgreSQL makes beside a table.
const TAKEN: [&str; 3] = ["42P07", "23505", "42710"];
/// SQLSTATE `undefined_table`.
const UNDEFINED_TABLE: &str = "42P01";

/// What several statements do together, for messages.
const TAKE_OVER: &str = "Take public.bootshift_run over";
const WRITE: &str = "Write public.bootshift_run";
const END: &str = "End the run in public.bootshift_run";

/// Lets one run look and write after the other.
const LOCK: &str = "LOCK TABLE public.bootshift_run";

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

    /// Reads the claims of all set-ups.
    pub(super) async fn read_all(session: &Session) -> Result<Vec<Self>, StatementError> {
        const QUERY: &str = "SELECT c.database_name, c.user_name, c.group_name,\n\
            c.database_created, c.user_created, c.group_created, c.work, c.process, c.login,\n\
            CAST(c.session_start AS VARCHAR(32)), CASE WHEN s.process IS NULL THEN 0 ELSE 1 END\n\
            FROM public.bootshift_run c LEFT JOIN pg_catalog.stv_sessions s\n\
            ON s.process = c.process AND s.starttime = c.session_start\n\
            ORDER BY c.database_name";
        let rows = match session.rows(QUERY).await {
            Err(error) if error.sqlstate() == Some(UNDEFINED_TABLE) => return Ok(Vec::new()),
            result => result?,
        };
        rows.iter().map(|row| Self::of(&mut Reader::new(row))).collect()
    }

    fn of(row: &mut Reader<'_>) -> Result<Self, StatementError> {
        Ok(Self {
            made: Marker::of(row)?,
            work: Work::named(&row.text()?),
            holder: Holder {
                process: row.count()?,
                login: row.text()?,
                since: row.text()?,
                is_listed: row.count()? > 0,
            },
        })
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
            match Self::read(session, &self.made.names.database).await {
                Ok(Some(claim)) if claim.is_held(cluster) => self = claim,
                Ok(_) => return Ok(None),
                // The other run may be dropping the table at this very moment.
                Err(StatementError::Server(_)) => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Reads the claim of the set-up of a database; `None` if there is none any more.
    pub(super) async fn read(session: &Session, database: &str) -> Result<Option<Self>, StatementError> {
        Ok(Self::read_all(session).await?.into_iter().find(|claim| claim.is_of(database)))
    }

    /// Whether it is of the set-up of that database.
    pub(super) fn is_of(&self, database: &str) -> bool {
        self.made.names.database == database
    }

    /// Writes the claim, and tells whether it was the first of its set-up to.
    pub(super) async fn write(session: &Session, work: Work, made: &Marker) -> Result<bool, StatementError> {
        /// How often another run may make or drop the table at the very moment.
        const ATTEMPTS: usize = 5;
        for _ in 0..ATTEMPTS {
            match Self::make_table(session, work, made).await {
                Err(error) if error.sqlstate().is_some_and(|state| TAKEN.contains(&state)) => {}
                result => return result.map(|()| true),
            }
            match in_transaction(session, WRITE, Self::add(session, work, made)).await {
                Err(error) if error.sqlstate() == Some(UNDEFINED_TABLE) => {}
                result => return result,
            }
        }
        Ok(false)
    }

    /// Makes the table with the claim in it.
    async fn make_table(session: &Session, work: Work, made: &Marker) -> Result<(), StatementError> {
        let Marker { names: Names { database, user, group }, .. } = made;
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
            u8::from(made.database_created),
            quoted(user),
            u8::from(made.user_created),
            quoted(group),
            u8::from(made.group_created),
        );
        session.step("Make public.bootshift_run", &statement).await.map(drop)
    }

    /// Adds the claim to those of other set-ups, unless there is one of its own.
    async fn add(session: &Session, work: Work, made: &Marker) -> Result<bool, StatementError> {
        let Marker { names: Names { database, user, group }, .. } = made;
        session.step(WRITE, LOCK).await?;
        if Self::read(session, database).await?.is_some() {
            return Ok(false);
        }
        let OwnSession { process, start, login } = OwnSession::ask(session).await?;
        let insertion = format!(
            "INSERT INTO public.bootshift_run (work, database_name, database_created, user_name, user_created,\n\
             group_name, group_created, login, process, session_start)\n\
             VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {process}, CAST({} AS TIMESTAMP))",
            quoted(work.name()),
            quoted(database),
            u8::from(made.database_created),
            quoted(user),
            u8::from(made.user_created),
            quoted(group),
            u8::from(made.group_created),
            quoted(&login),
            quoted(&start),
        );
        session.step(WRITE, &insertion).await.map(|_| true)
    }

    /// Takes over what a dead session left of the set-up of a database, for the given work; gives what is claimed
    /// now, or `None` if another run was faster.
    pub(super) async fn take_over(
        session: &Session,
        cluster: &Cluster,
        work: Work,
        database: &str,
    ) -> Result<Option<Self>, StatementError> {
        let taking = async {
            session.step(TAKE_OVER, LOCK).await?;
            let claim = Self::read(session, database).await?.filter(|claim| !claim.is_held(cluster));
            if claim.is_some() {
                // Not in one statement: a user table is asked apart from what the leader node knows.
                let OwnSession { process, start, login } = OwnSession::ask(session).await?;
                let update = format!(
                    "UPDATE public.bootshift_run SET work = {}, process = {process}, session_start = CAST({} AS \
                     TIMESTAMP), login = {} WHERE database_name = {}",
                    quoted(work.name()),
                    quoted(&start),
                    quoted(&login),
                    quoted(database),
                );
                session.step(TAKE_OVER, &update).await?;
            }
            Ok(claim)
        };
        in_transaction(session, TAKE_OVER, taking).await
    }

    /// Takes back that the set-up of a database makes an object: another session was faster.
    pub(super) async fn disclaim(
        session: &Session,
        database: &str,
        column: &str,
    ) -> Result<(), StatementError> {
        let database = quoted(database);
        let statement =
            format!("UPDATE public.bootshift_run SET {column}_created = 0 WHERE database_name = {database}");
        session.step("Correct public.bootshift_run", &statement).await.map(drop)
    }

    /// Ends the claim of the set-up of a database; with the last claim goes the table.
    pub(super) async fn drop(session: &Session, database: &str) -> Result<(), StatementError> {
        match Self::delete(session, database).await {
            Err(error) if error.sqlstate() == Some(UNDEFINED_TABLE) => Ok(()),
            result => result,
        }
    }

    /// In two messages: every set-up ends by this, however far its cluster is.
    async fn delete(session: &Session, database: &str) -> Result<(), StatementError> {
        let deletion = format!(
            "BEGIN; LOCK TABLE public.bootshift_run; DELETE FROM public.bootshift_run WHERE database_name = {}; SELECT \
             COUNT(*) FROM public.bootshift_run",
            quoted(database)
        );
        let ending = async {
            let rows = session.rows(&deletion).await?;
            let left = Reader::new(rows.first().ok_or_else(nonsense)?).count()?;
            let end = if left == 0 { "DROP TABLE public.bootshift_run; COMMIT" } else { "COMMIT" };
            session.step(END, end).await.map(drop)
        };
        let result = ending.await;
        if matches!(result, Err(StatementError::Server(_))) {
            drop(session.run("ROLLBACK").await);
        }
        result
    }
}

/// The session of this run, as the claim names it.
struct OwnSession {
    process: i64,
    start: String,
    login: String,
}

impl OwnSession {
    async fn ask(session: &Session) -> Result<Self, StatementError> {
        let rows = session
            .rows(
                "SELECT s.process, s.starttime, CAST(CURRENT_USER AS VARCHAR(127))\n\
                 FROM pg_catalog.stv_sessions s WHERE s.process = pg_backend_pid()",
            )
            .await?;
        let mut row = Reader::new(rows.first().ok_or_else(nonsense)?);
        Ok(Self { process: row.count()?, start: row.text()?, login: row.text()? })
    }
}

/// Runs what belongs together in a transaction, of the step that messages name. After a refusal the session is as it was before.
async fn in_transaction<T>(
    session: &Session,
    step: &'static str,
    work: impl Future<Output = Result<T, StatementError>>,
) -> Result<T, StatementError> {
    session.step(step, "BEGIN").await?;
    let result = work.await;
    match &result {
        Ok(_) => session.step(step, "COMMIT").await.map(drop)?,
        Err(StatementError::Server(_)) => drop(session.run("ROLLBACK").await),
        // The connection goes, and the transaction with it.
        Err(_) => {}
    }
    result
}
