//! The run lock: what a run is about to make or remove, written where the next one looks, and what keeps other runs
//! away.
//!
//! A set-up makes a user, a group and a database before there is a place for its marker, and a removal drops the
//! marker before the user and the group. In between, nothing in the catalog would tell our objects from somebody
//! else's of the same names. So a run writes a row into `bootshift_lock.run` in `initialDatabase` first, its claim: which
//! objects were not there then, and so are its own to make; by which numbers the catalog knows those that it has made
//! ([`identity`](super::identity)); which process and session it is. When all is done it deletes the
//! row, and drops table and schema with the last one. A run that fails leaves its row, and the next one finishes by it.
//!
//! A claim is of one set-up, which is known by its database. What it says is true of that set-up alone: it neither
//! decides the state of another that has the same `initialDatabase`, nor keeps a run on that one away, nor goes with it.
//!
//! What a claim calls its own, `remove` drops. So nobody else may write one: schema and table are made, closed and
//! looked at in one transaction, and are looked at again before they are believed ([`trust`](super::trust)).
//!
//! Redshift has no advisory locks. Making the schema is what only one of two runs can do; the other finds it, and adds
//! its own row under `LOCK TABLE`, which of two lets one look after the other
//! (<https://docs.aws.amazon.com/redshift/latest/dg/r_LOCK.html>). If there is a row of its set-up already, it asks
//! `stv_sessions` whether the session that wrote it still lives. A process number is used again, so the session is
//! known by its start as well. The claim of a dead session is taken over, under the same lock.
//!
//! Not every cluster opens `stv_sessions`, nor to everybody; so it is asked in queries of their own, outside of
//! transactions, and may give no answer. Then a claim has no start of its session, or a life that nobody can tell.

use std::time::Duration;

use tokio::time::Instant;

use super::error::StatementError;
use super::facts::{Cluster, Marker, Names, Reader, unexpected_response, quoted};
use super::holder::{Holder, OwnSession};
use super::identity::{Changes, Numbers};
use super::session::Session;
use super::trust::{TrustError, RUN_LOCK, Trust};

/// SQLSTATEs of what another run has just made: `duplicate_schema`, `duplicate_table`, and where both made it at the same
/// moment, `unique_violation` in the catalog (<https://github.com/treasure-data/digdag>, `RedshiftConnection.java`),
/// `duplicate_object`, of the row type that PostgreSQL makes beside a table, or `internal_error`, of a row of the catalog
/// that both write.
const TAKEN: [&str; 5] = ["42P06", "42P07", "23505", "42710", CONCURRENT];
/// SQLSTATEs of what is not there, or not any more: `undefined_table`, `invalid_schema_name`, and `internal_error` where
/// it went while the lock on it was waited for.
const GONE: [&str; 3] = ["42P01", "3F000", CONCURRENT];
/// SQLSTATE `internal_error`, by which the server also refuses the slower of two changes to one row of its catalog.
const CONCURRENT: &str = "XX000";

/// What several statements do together, for messages.
const MAKE: &str = "Create bootshift_lock.run";
const STEAL: &str = "Take over bootshift_lock.run";
const WRITE: &str = "Write bootshift_lock.run";
pub(super) const NOTE: &str = "Update bootshift_lock.run";
const END: &str = "Release bootshift_lock.run";

/// Lets one run look and write after the other.
const LOCK: &str = "LOCK TABLE bootshift_lock.run";

/// Makes the place of the claims. Who is not named in a default privilege is kept out by this alone.
const CREATE_TABLE: &str = "BEGIN; CREATE SCHEMA bootshift_lock; REVOKE ALL PRIVILEGES ON SCHEMA bootshift_lock FROM PUBLIC; \
    CREATE TABLE bootshift_lock.run (\
    work VARCHAR(16) NOT NULL, database_name VARCHAR(127) NOT NULL, database_created INTEGER NOT NULL, \
    user_name VARCHAR(127) NOT NULL, user_created INTEGER NOT NULL, group_name VARCHAR(127) NOT NULL, \
    group_created INTEGER NOT NULL, login VARCHAR(127) NOT NULL, process INTEGER NOT NULL, \
    session_start VARCHAR(32) NOT NULL, database_id BIGINT NOT NULL, user_id BIGINT NOT NULL, \
    group_id BIGINT NOT NULL); \
    REVOKE ALL PRIVILEGES ON TABLE bootshift_lock.run FROM PUBLIC";

/// How often the holder of a claim is looked for.
const POLL_INTERVAL: Duration = Duration::from_millis(500);

/// What a run does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Apply,
    Edit,
    Remove,
}

impl Action {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Apply => "apply",
            Self::Edit => "edit",
            Self::Remove => "remove",
        }
    }

    /// What becomes of a run that did not finish, by which command with its own payload.
    pub(super) const fn next_step(self) -> &'static str {
        match self {
            Self::Apply => "`bootshift apply` completes it, and `bootshift remove` undoes it",
            Self::Edit => "`bootshift apply` with the same `--old` completes it",
            Self::Remove => "`bootshift remove` completes it",
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
pub(super) struct RunLock {
    pub(super) action: Action,
    /// What the run makes or removes, and which of it is its own.
    pub(super) made: Marker,
    /// By which numbers the catalog knows what of it was made.
    pub(super) numbers: Numbers,
    pub(super) holder: Holder,
}

/// What came of writing a claim.
#[derive(Debug)]
pub(super) enum Acquisition {
    /// It is the first of its set-up.
    Done,
    /// Another run was faster.
    Taken,
    /// Somebody else may write there as well.
    Open(TrustError),
}

impl RunLock {
    /// Whether the run is still going on, for all that is known.
    pub(super) fn is_held(&self, cluster: &Cluster) -> bool {
        self.holder.may_be_alive(cluster)
    }

    /// Reads the claims of all set-ups, where the run lock is [believed](RUN_LOCK).
    pub(super) async fn read_all(session: &Session) -> Result<Vec<Self>, StatementError> {
        let mut run_locks = Self::rows(session).await?;
        if !run_locks.is_empty() {
            Holder::inspect(session, run_locks.iter_mut().map(|run_lock| &mut run_lock.holder)).await?;
        }
        Ok(run_locks)
    }

    /// The claims as they are written.
    async fn rows(session: &Session) -> Result<Vec<Self>, StatementError> {
        const QUERY: &str = "SELECT database_name, user_name, group_name, database_created, user_created, group_created,\n\
            work, process, login, session_start, database_id, user_id, group_id FROM bootshift_lock.run ORDER BY database_name";
        let rows = match session.rows(QUERY).await {
            Err(error) if error.is_one_of(&GONE) => return Ok(Vec::new()),
            result => result?,
        };
        rows.iter().map(|row| Self::of(&mut Reader::new(row))).collect()
    }

    fn of(row: &mut Reader<'_>) -> Result<Self, StatementError> {
        Ok(Self {
            made: Marker::of(row)?,
            action: Action::named(&row.text()?),
            holder: Holder::of(row)?,
            numbers: Numbers::of(row)?,
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
            session.pause(POLL_INTERVAL.min(left)).await?;
            match Self::read(session, &self.made.names.database).await {
                Ok(Some(run_lock)) if run_lock.is_held(cluster) => self = run_lock,
                Ok(_) => return Ok(None),
                // The other run may be dropping the table at this very moment.
                Err(StatementError::Server(_)) => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Reads the claim of the set-up of a database; `None` if there is none any more that is believed: another run may
    /// have dropped the run lock since it was looked at, and somebody else made one.
    pub(super) async fn read(session: &Session, database: &str) -> Result<Option<Self>, StatementError> {
        if !matches!(RUN_LOCK.inspect(session).await?, Trust::Trusted { .. }) {
            return Ok(None);
        }
        Ok(Self::read_all(session).await?.into_iter().find(|run_lock| run_lock.is_of(database)))
    }

    /// Whether it is of the set-up of that database.
    pub(super) fn is_of(&self, database: &str) -> bool {
        self.made.names.database == database
    }

    /// What of it is not there yet, or is what the run has made: what has its number. Whether a database is, of which
    /// [nothing was noted](Self::may_be_its_database), is for the caller to say.
    pub(super) fn proven(&self, cluster: &Cluster, owns_database: bool) -> Marker {
        let (noted, found) = (&self.numbers, &cluster.numbers);
        let is_its = |noted, found| found == 0 || found == noted;
        let Marker { names, database_created, user_created, group_created } = self.made.clone();
        Marker {
            names,
            database_created: database_created && (is_its(noted.database, found.database) || owns_database),
            user_created: user_created && is_its(noted.user, found.user),
            group_created: group_created && is_its(noted.group, found.group),
        }
    }

    /// Whether the run may have made the database that is there, and have been cut off before it noted that. A removal
    /// has noted what was there.
    pub(super) fn may_own_database(&self, cluster: &Cluster) -> bool {
        self.made.database_created
            && self.action != Action::Remove
            && self.numbers.database == 0
            && cluster.numbers.database != 0
            && [&self.holder.login, &cluster.login].contains(&&cluster.database_owner)
    }

    /// Notes in the claim of a set-up what statements have made or dropped.
    pub(super) async fn note(
        session: &Session,
        names: &Names,
        changes: Changes,
    ) -> Result<(), StatementError> {
        if changes.is_none() {
            return Ok(());
        }
        let assignments = changes.assignments(session, names).await?;
        let database = quoted(&names.database);
        let statement =
            format!("UPDATE bootshift_lock.run SET {assignments} WHERE database_name = {database}");
        session.step(NOTE, &statement).await.map(drop)
    }

    /// Writes the claim, if there is none of its set-up.
    pub(super) async fn write(
        session: &Session,
        action: Action,
        made: &Marker,
        numbers: Numbers,
    ) -> Result<Acquisition, StatementError> {
        /// How often another run may make or drop the place at the very moment.
        const ATTEMPTS: usize = 5;
        let own = OwnSession::ask(session).await?;
        let insertion = insertion(action, made, numbers, &own);
        let mut refusal = None;
        for _ in 0..ATTEMPTS {
            match Self::make(session, &insertion).await {
                Err(error) if error.is_one_of(&TAKEN) => refusal = Some(error),
                result => return Ok(result?.map_or(Acquisition::Done, Acquisition::Open)),
            }
            match in_transaction(session, WRITE, Self::add(session, &insertion, made)).await {
                Err(error) if error.is_one_of(&GONE) => {}
                result => return result,
            }
        }
        // It may be another trouble than a run that is faster each time.
        refusal.filter(|error| error.is_one_of(&[CONCURRENT])).map_or(Ok(Acquisition::Taken), Err)
    }

    /// Makes the place of the claims, with the claim in it; gives why that is open to somebody, and so is not made.
    async fn make(session: &Session, insertion: &str) -> Result<Option<TrustError>, StatementError> {
        let making = async {
            let trust_error = RUN_LOCK.make(session, MAKE, CREATE_TABLE).await?;
            if trust_error.is_none() {
                session.step(MAKE, &format!("{insertion}; COMMIT")).await?;
            }
            Ok(trust_error)
        };
        let result = making.await;
        if matches!(result, Ok(Some(_)) | Err(StatementError::Server(_))) {
            drop(session.run("ROLLBACK").await);
        }
        result
    }

    /// Adds the claim to those of other set-ups, unless there is one of its own.
    async fn add(session: &Session, insertion: &str, made: &Marker) -> Result<Acquisition, StatementError> {
        session.step(WRITE, LOCK).await?;
        if let Some(trust_error) = RUN_LOCK.trust_error(session).await? {
            return Ok(Acquisition::Open(trust_error));
        }
        if Self::rows(session).await?.iter().any(|run_lock| run_lock.is_of(&made.names.database)) {
            return Ok(Acquisition::Taken);
        }
        session.step(WRITE, insertion).await.map(|_| Acquisition::Done)
    }

    /// Takes over this claim, which a dead session left, for the given work, unless another run was faster. From then on
    /// it says what is known now.
    pub(super) async fn steal(
        &self,
        session: &Session,
        action: Action,
        made: &Marker,
        numbers: Numbers,
    ) -> Result<Acquisition, StatementError> {
        let own = OwnSession::ask(session).await?;
        let replacement = format!(
            "DELETE FROM bootshift_lock.run WHERE database_name = {}; {}",
            quoted(&self.made.names.database),
            insertion(action, made, numbers, &own)
        );
        let is_left = |run_lock: &Self| {
            let (one, other) = (&run_lock.holder, &self.holder);
            (&run_lock.made, run_lock.numbers) == (&self.made, self.numbers)
                && (one.process, &one.since) == (other.process, &other.since)
        };
        let taking = async {
            session.step(STEAL, LOCK).await?;
            if let Some(trust_error) = RUN_LOCK.trust_error(session).await? {
                return Ok(Acquisition::Open(trust_error));
            }
            if !Self::rows(session).await?.iter().any(is_left) {
                return Ok(Acquisition::Taken);
            }
            session.step(STEAL, &replacement).await.map(|_| Acquisition::Done)
        };
        match in_transaction(session, STEAL, taking).await {
            Err(error) if error.is_one_of(&GONE) => Ok(Acquisition::Taken),
            result => result,
        }
    }

    /// Takes back that the set-up of a database makes an object: another session was faster.
    pub(super) async fn unmark_created(
        session: &Session,
        database: &str,
        column: &str,
    ) -> Result<(), StatementError> {
        let database = quoted(database);
        let statement =
            format!("UPDATE bootshift_lock.run SET {column}_created = 0 WHERE database_name = {database}");
        session.step("Correct bootshift_lock.run", &statement).await.map(drop)
    }

    /// Ends the claim of the set-up of a database; with the last claim goes the place.
    pub(super) async fn drop(session: &Session, database: &str) -> Result<(), StatementError> {
        match Self::delete(session, database).await {
            Err(error) if error.is_one_of(&GONE[..2]) => Ok(()),
            result => result,
        }
    }

    /// In two messages: every set-up ends by this, however far its cluster is.
    async fn delete(session: &Session, database: &str) -> Result<(), StatementError> {
        let deletion = format!(
            "BEGIN; LOCK TABLE bootshift_lock.run; DELETE FROM bootshift_lock.run WHERE database_name = {}; SELECT COUNT(*) \
             FROM bootshift_lock.run",
            quoted(database)
        );
        let ending = async {
            let rows = session.rows(&deletion).await?;
            let left = Reader::new(rows.first().ok_or_else(unexpected_response)?).count()?;
            let end = if left == 0 {
                "DROP TABLE bootshift_lock.run; DROP SCHEMA bootshift_lock; COMMIT"
            } else {
                "COMMIT"
            };
            session.step(END, end).await.map(drop)
        };
        let result = ending.await;
        if matches!(result, Err(StatementError::Server(_))) {
            drop(session.run("ROLLBACK").await);
        }
        result
    }
}

/// The statement that writes a claim.
fn insertion(action: Action, made: &Marker, numbers: Numbers, own: &OwnSession) -> String {
    let Marker { names: Names { database, user, group }, .. } = made;
    format!(
        "INSERT INTO bootshift_lock.run (work, database_name, database_created, user_name, user_created,\n\
         group_name, group_created, login, process, session_start, database_id, user_id, group_id)\n\
         VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {})",
        quoted(action.name()),
        quoted(database),
        u8::from(made.database_created),
        quoted(user),
        u8::from(made.user_created),
        quoted(group),
        u8::from(made.group_created),
        quoted(&own.login),
        own.process,
        quoted(&own.start),
        numbers.database,
        numbers.user,
        numbers.group,
    )
}

/// Runs what belongs together in a transaction, of the step that messages name. After a refusal the session is as it was before.
async fn in_transaction<T>(
    session: &Session,
    step: &'static str,
    action: impl Future<Output = Result<T, StatementError>>,
) -> Result<T, StatementError> {
    session.step(step, "BEGIN").await?;
    let result = action.await;
    match &result {
        Ok(_) => session.step(step, "COMMIT").await.map(drop)?,
        Err(StatementError::Server(_)) => drop(session.run("ROLLBACK").await),
        // The connection goes, and the transaction with it.
        Err(_) => {}
    }
    result
}
