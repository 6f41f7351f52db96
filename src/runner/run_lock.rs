//! The run lock: excludes concurrent runs, and records what an unfinished run was about to create or remove.
//!
//! A setup creates a user, a group and a database before its marker can exist, and a removal drops the marker before the
//! user and the group. In between, the catalog does not distinguish the objects of the setup from other objects with the
//! same names. So each run first inserts a row into `bootshift_lock.run` in `initialDatabase`, with: the objects that did
//! not exist, which the run will create; the catalog IDs of those that it has created
//! ([`identity`](super::identity)); its process and session. At the end the run deletes the row, and drops table and
//! schema if it was the last row. A run that fails leaves its row, which the next run uses to complete it.
//!
//! A run lock belongs to one setup, identified by its database. It does not affect other setups with the same
//! `initialDatabase`.
//!
//! `remove` drops the objects that a run lock records as created. So other users must not be able to write one: schema
//! and table are created, restricted and checked in one transaction, and checked again before they are trusted
//! ([`trust`](super::trust)).
//!
//! Redshift has no advisory locks. Only one of two concurrent runs can create the schema; the other inserts its row
//! under `LOCK TABLE`, which serializes them (<https://docs.aws.amazon.com/redshift/latest/dg/r_LOCK.html>). If there is
//! already a row of the same setup, the run checks whether the session of that row is alive ([`holder`](super::holder)). Process
//! numbers are reused, so a session is identified by its start time as well. The run lock of a dead session is stolen,
//! under the same table lock.
//!
//! The lists of sessions are not available on every cluster, nor to every user. So they are queried separately, outside of
//! transactions, and may give no result. Then the start time, or whether the session is alive, is unknown.

use std::time::Duration;

use tokio::time::Instant;

use super::error::StatementError;
use super::facts::{Cluster, Marker, Names, Reader, quoted};
use super::holder::Holder;
use super::identity::{CatalogIds, Changes};
use super::session::{Response, Session, named_row, rows_of};
use super::trust::{RUN_LOCK, Trust, TrustError};

/// SQLSTATEs if another run has just created the table: `duplicate_schema`, `duplicate_table`; and if both create it at
/// the same time, `unique_violation` in the catalog (<https://github.com/treasure-data/digdag>,
/// `RedshiftConnection.java`), `duplicate_object`, of the row type that PostgreSQL creates with a table, or
/// `internal_error`, of a catalog row that both write.
const ALREADY_EXISTS: [&str; 5] = ["42P06", "42P07", "23505", "42710", CONCURRENT];
/// SQLSTATEs if the table does not exist, or not any more: `undefined_table`, `invalid_schema_name`, and
/// `internal_error` if it was dropped while waiting for the table lock.
const DOES_NOT_EXIST: [&str; 3] = ["42P01", "3F000", CONCURRENT];
/// SQLSTATE `internal_error`, which the server also reports for the slower of two changes to the same catalog row.
const CONCURRENT: &str = "XX000";

/// The steps, for messages.
const CREATE: &str = "Create bootshift_lock.run";
const STEAL: &str = "Steal bootshift_lock.run";
const WRITE: &str = "Write bootshift_lock.run";
pub(super) const UPDATE: &str = "Update bootshift_lock.run";
const RELEASE: &str = "Release bootshift_lock.run";

/// Serializes concurrent runs.
const LOCK: &str = "LOCK TABLE bootshift_lock.run";

/// Creates the table. Default privileges of individual users and groups are revoked separately.
const CREATE_TABLE: [&str; 5] = [
    "BEGIN",
    "CREATE SCHEMA bootshift_lock",
    "REVOKE ALL PRIVILEGES ON SCHEMA bootshift_lock FROM PUBLIC",
    "CREATE TABLE bootshift_lock.run (\
     work VARCHAR(16) NOT NULL, database_name VARCHAR(127) NOT NULL, database_created INTEGER NOT NULL, \
     user_name VARCHAR(127) NOT NULL, user_created INTEGER NOT NULL, group_name VARCHAR(127) NOT NULL, \
     group_created INTEGER NOT NULL, login VARCHAR(127) NOT NULL, process INTEGER NOT NULL, \
     session_start VARCHAR(32) NOT NULL, database_id BIGINT NOT NULL, user_id BIGINT NOT NULL, \
     group_id BIGINT NOT NULL)",
    "REVOKE ALL PRIVILEGES ON TABLE bootshift_lock.run FROM PUBLIC",
];

/// How often a run that waits checks the run lock.
const POLL_INTERVAL: Duration = Duration::from_millis(500);

/// The action of a run.
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

    /// How to continue after a run that did not finish, with its payload.
    pub(super) const fn next_step(self) -> &'static str {
        match self {
            Self::Apply => "run `bootshift apply` to complete it, or `bootshift remove` to undo it",
            Self::Edit => "run `bootshift apply` with the same `--old` to complete it",
            Self::Remove => "run `bootshift remove` to complete it",
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

/// A row of `bootshift_lock.run`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RunLock {
    pub(super) action: Action,
    /// The names of the setup, and which objects the run creates or removes.
    pub(super) marker: Marker,
    /// The catalog IDs of the objects that the run has created.
    pub(super) ids: CatalogIds,
    pub(super) holder: Holder,
}

/// The result of acquiring a run lock.
#[derive(Debug)]
pub(super) enum Acquisition {
    /// This run has the run lock.
    Acquired,
    /// Another run was faster.
    Contended,
    /// Another run has ended since the inspection, and has created or dropped something.
    Outdated,
    /// Another user can write the table.
    Untrusted(TrustError),
}

/// The result of writing a row.
enum Written {
    /// It is committed. The response to the last statement.
    Committed(Response),
    Contended,
    Untrusted(TrustError),
}

impl RunLock {
    /// Whether the run may still be in progress.
    pub(super) fn is_held(&self, cluster: &Cluster) -> bool {
        self.holder.may_be_alive(cluster)
    }

    /// Reads the run locks of all setups. The caller has checked that [`RUN_LOCK`] is trusted.
    pub(super) async fn read_all(session: &Session) -> Result<Vec<Self>, StatementError> {
        let mut run_locks = Self::rows(session).await?;
        if !run_locks.is_empty() {
            Holder::inspect(session, run_locks.iter_mut().map(|run_lock| &mut run_lock.holder)).await?;
        }
        Ok(run_locks)
    }

    /// Reads the rows, without the sessions.
    async fn rows(session: &Session) -> Result<Vec<Self>, StatementError> {
        const QUERY: &str = "SELECT database_name, user_name, group_name, database_created, user_created, group_created,\n\
            work, process, login, session_start, database_id, user_id, group_id FROM bootshift_lock.run ORDER BY database_name";
        let rows = match session.rows(QUERY).await {
            Err(error) if error.is_one_of(&DOES_NOT_EXIST) => return Ok(Vec::new()),
            result => result?,
        };
        rows.iter().map(|row| Self::of(&mut Reader::new(row))).collect()
    }

    fn of(row: &mut Reader<'_>) -> Result<Self, StatementError> {
        Ok(Self {
            marker: Marker::of(row)?,
            action: Action::named(&row.text()?),
            holder: Holder::of(row)?,
            ids: CatalogIds::of(row)?,
        })
    }

    /// Waits until no run holds the run lock any more. At the deadline, returns the run lock that is still held.
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
            match Self::read(session, &self.marker.names.database).await {
                Ok(Some(run_lock)) if run_lock.is_held(cluster) => self = run_lock,
                Ok(_) => return Ok(None),
                // The other run may be dropping the table concurrently.
                Err(StatementError::Server(_)) => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Reads the run lock of the setup of a database, if there is one and it is trusted. The trust is checked again: the
    /// table may have been dropped, and created by another user.
    pub(super) async fn read(session: &Session, database: &str) -> Result<Option<Self>, StatementError> {
        if !matches!(RUN_LOCK.inspect(session).await?, Trust::Trusted { .. }) {
            return Ok(None);
        }
        Ok(Self::read_all(session).await?.into_iter().find(|run_lock| run_lock.is_of(database)))
    }

    /// Whether it belongs to the setup of that database.
    pub(super) fn is_of(&self, database: &str) -> bool {
        self.marker.names.database == database
    }

    /// The marker with those objects that do not exist yet, or that have the recorded ID and so were created by the
    /// run. The caller determines whether a database [without a recorded ID](Self::may_own_database) was.
    pub(super) fn proven(&self, cluster: &Cluster, owns_database: bool) -> Marker {
        let (noted, found) = (&self.ids, &cluster.ids);
        let is_its = |noted, found| found == 0 || found == noted;
        let Marker { names, database_created, user_created, group_created } = self.marker.clone();
        Marker {
            names,
            database_created: database_created && (is_its(noted.database, found.database) || owns_database),
            user_created: user_created && is_its(noted.user, found.user),
            group_created: group_created && is_its(noted.group, found.group),
        }
    }

    /// Whether the run may have created the existing database, and was interrupted before it recorded the number. A
    /// removal records the catalog IDs of all existing objects first.
    pub(super) fn may_own_database(&self, cluster: &Cluster) -> bool {
        self.marker.database_created
            && self.action != Action::Remove
            && self.ids.database == 0
            && cluster.ids.database != 0
            && [&self.holder.login, &cluster.login].contains(&&cluster.database_owner)
    }

    /// The statement that records in the run lock of a setup what statements have created or dropped.
    pub(super) fn update(names: &Names, changes: Changes, ids: CatalogIds) -> String {
        format!(
            "UPDATE bootshift_lock.run SET {} WHERE database_name = {}",
            changes.assignments(ids),
            quoted(&names.database)
        )
    }

    /// Acquires the run lock of a setup, if there is none. What another run has done since the inspection is visible in the
    /// catalog IDs: they are queried after COMMIT, in the same message.
    pub(super) async fn acquire(session: &Session, new: &NewRow<'_>) -> Result<Acquisition, StatementError> {
        /// How often another run may concurrently create or drop the table.
        const ATTEMPTS: usize = 5;
        let (insertion, query) = (new.insertion(), CatalogIds::query(new.names));
        let statements = [&*insertion, "COMMIT", &query];
        let is_free = |rows: &[Self]| !rows.iter().any(|run_lock| run_lock.is_of(&new.marker.names.database));
        let mut refusal = None;
        for _ in 0..ATTEMPTS {
            match Self::create_table(session, statements).await {
                Err(error) if error.is_one_of(&ALREADY_EXISTS) => refusal = Some(error),
                result => return Self::checked(session, new, result?).await,
            }
            match Self::write(session, WRITE, is_free, &statements).await {
                Err(error) if error.is_one_of(&DOES_NOT_EXIST) => {}
                result => return Self::checked(session, new, result?).await,
            }
        }
        // The error may have another cause than a faster run.
        refusal.filter(|error| error.is_one_of(&[CONCURRENT])).map_or(Ok(Acquisition::Contended), Err)
    }

    /// Releases a new run lock if the response to the query after COMMIT shows other catalog IDs than the inspection.
    async fn checked(
        session: &Session,
        new: &NewRow<'_>,
        written: Written,
    ) -> Result<Acquisition, StatementError> {
        match written {
            Written::Committed(response) if CatalogIds::read(&response)? == new.cluster.ids => {
                Ok(Acquisition::Acquired)
            }
            Written::Committed(_) => {
                Self::release(session, &new.marker.names.database).await?;
                Ok(Acquisition::Outdated)
            }
            Written::Contended => Ok(Acquisition::Contended),
            Written::Untrusted(trust_error) => Ok(Acquisition::Untrusted(trust_error)),
        }
    }

    /// Creates the table with a row, which only becomes visible to others if they cannot access the table. Otherwise rolls
    /// back.
    async fn create_table(
        session: &Session,
        [insertion, commit, query]: [&str; 3],
    ) -> Result<Written, StatementError> {
        let making = async {
            let statements = [&CREATE_TABLE[..], &[insertion]].concat();
            Ok(match RUN_LOCK.make(session, CREATE, &statements).await? {
                Some(trust_error) => Written::Untrusted(trust_error),
                None => Written::Committed(session.step(CREATE, &[commit, query]).await?),
            })
        };
        let result = making.await;
        if matches!(result, Ok(Written::Untrusted(_)) | Err(StatementError::Server(_))) {
            session.roll_back().await;
        }
        result
    }

    /// Runs statements with COMMIT under the table lock, unless the rows of all setups show that another run was faster.
    async fn write(
        session: &Session,
        step: &'static str,
        may_write: impl Fn(&[Self]) -> bool,
        statements: &[&str],
    ) -> Result<Written, StatementError> {
        let writing = async {
            let response = session.step(step, &["BEGIN", LOCK, &RUN_LOCK.query()]).await?;
            if let Some(trust_error) = RUN_LOCK.trust_error(&rows_of(&response)?)? {
                return Ok(Written::Untrusted(trust_error));
            }
            if !may_write(&Self::rows(session).await?) {
                return Ok(Written::Contended);
            }
            session.step(step, statements).await.map(Written::Committed)
        };
        let result = writing.await;
        // If the connection is lost, that rolls back the transaction.
        if matches!(result, Ok(Written::Contended | Written::Untrusted(_)) | Err(StatementError::Server(_))) {
            session.roll_back().await;
        }
        result
    }

    /// Steals this run lock, which a dead session left, unless another run was faster. The row is replaced by one with the
    /// current state.
    pub(super) async fn steal(
        &self,
        session: &Session,
        new: &NewRow<'_>,
    ) -> Result<Acquisition, StatementError> {
        let is_unchanged = |run_lock: &Self| {
            let (one, other) = (&run_lock.holder, &self.holder);
            (&run_lock.marker, run_lock.ids) == (&self.marker, self.ids)
                && (one.process, &one.since) == (other.process, &other.since)
        };
        let may_steal = |rows: &[Self]| rows.iter().any(is_unchanged);
        match Self::write(
            session,
            STEAL,
            may_steal,
            &[&deletion(&self.marker.names.database), &new.insertion(), "COMMIT"],
        )
        .await
        {
            Err(error) if error.is_one_of(&DOES_NOT_EXIST) => Ok(Acquisition::Contended),
            result => Ok(match result? {
                // Another run would have stolen it too.
                Written::Committed(_) => Acquisition::Acquired,
                Written::Contended => Acquisition::Contended,
                Written::Untrusted(trust_error) => Acquisition::Untrusted(trust_error),
            }),
        }
    }

    /// Records that the setup of a database does not create an object, because another session has created it.
    pub(super) async fn unmark_created(
        session: &Session,
        database: &str,
        column: &str,
    ) -> Result<(), StatementError> {
        let database = quoted(database);
        let statement =
            format!("UPDATE bootshift_lock.run SET {column}_created = 0 WHERE database_name = {database}");
        session.step("Correct bootshift_lock.run", &[&statement]).await.map(drop)
    }

    /// Releases the run lock of the setup of a database; the last one drops the table.
    pub(super) async fn release(session: &Session, database: &str) -> Result<(), StatementError> {
        match Self::delete_row(session, database).await {
            Err(error) if error.is_one_of(&DOES_NOT_EXIST[..2]) => Ok(()),
            result => result,
        }
    }

    async fn delete_row(session: &Session, database: &str) -> Result<(), StatementError> {
        const COUNT: &str = "SELECT COUNT(*) FROM bootshift_lock.run";
        let ending = async {
            let response = session.step(RELEASE, &["BEGIN", LOCK, &deletion(database), COUNT]).await?;
            let (_, row) = named_row(&response)?;
            let end: &[&str] = if Reader::new(&row).count()? == 0 {
                &["DROP TABLE bootshift_lock.run", "DROP SCHEMA bootshift_lock", "COMMIT"]
            } else {
                &["COMMIT"]
            };
            session.step(RELEASE, end).await.map(drop)
        };
        let result = ending.await;
        if matches!(result, Err(StatementError::Server(_))) {
            session.roll_back().await;
        }
        result
    }
}

/// The statement that deletes the row of a setup.
fn deletion(database: &str) -> String {
    format!("DELETE FROM bootshift_lock.run WHERE database_name = {}", quoted(database))
}

/// The row of a new run.
pub(super) struct NewRow<'r> {
    pub(super) action: Action,
    pub(super) marker: &'r Marker,
    pub(super) ids: CatalogIds,
    pub(super) cluster: &'r Cluster,
    /// The names whose catalog IDs the facts about the cluster have.
    pub(super) names: &'r Names,
}

impl NewRow<'_> {
    /// The statement that inserts it.
    fn insertion(&self) -> String {
        let Self { action, marker, ids, cluster, .. } = self;
        let Marker { names: Names { database, user, group }, .. } = marker;
        format!(
            "INSERT INTO bootshift_lock.run (work, database_name, database_created, user_name, user_created,\n\
             group_name, group_created, login, process, session_start, database_id, user_id, group_id)\n\
             VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {})",
            quoted(action.name()),
            quoted(database),
            u8::from(marker.database_created),
            quoted(user),
            u8::from(marker.user_created),
            quoted(group),
            u8::from(marker.group_created),
            quoted(&cluster.login),
            cluster.own.process,
            quoted(&cluster.own.start),
            ids.database,
            ids.user,
            ids.group,
        )
    }
}
