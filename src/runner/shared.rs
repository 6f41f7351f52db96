//! Other setups with the same account or group. Their privileges are not revoked individually.

use std::collections::BTreeSet;

use super::error::StatementError;
use super::facts::Reader;
use super::response::{Phase, TestName, TestStatus, ValidationTest};
use super::run_lock::RunLock;
use super::session::Session;
use super::trust::{MARKER, RUN_LOCK, Trust};

const TEST: TestName = Phase::OtherSetups.test("Records Are Trusted");

/// SQLSTATEs of a table that does not exist, is not readable, or has other columns: `undefined_table`,
/// `invalid_schema_name`, `insufficient_privilege`, `undefined_column`.
const UNAVAILABLE: [&str; 4] = ["42P01", "3F000", "42501", "42703"];

fn is_unavailable(error: &StatementError) -> bool {
    error.sqlstate().is_some_and(|state| UNAVAILABLE.contains(&state))
}

/// A setup, with its database, account and group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OtherSetup {
    pub(super) database: String,
    pub(super) user: String,
    /// Empty without impersonation.
    pub(super) group: String,
}

/// The setups that were found, and warnings about records that are not trusted.
#[derive(Debug, Default)]
pub(super) struct Others {
    pub(super) setups: Vec<OtherSetup>,
    pub(super) warnings: Vec<ValidationTest>,
}

impl Others {
    /// Adds the setup in the database of the session, if its marker exists and can be read. This only improves messages,
    /// so an untrusted marker is a warning.
    pub(super) async fn add_of_database(
        &mut self,
        session: &Session,
        database: &str,
    ) -> Result<(), StatementError> {
        match MARKER.inspect(session).await? {
            Trust::Absent => {}
            Trust::Trusted { .. } => self.setups.extend(OtherSetup::by_marker(session, database).await?),
            Trust::Untrusted(trust_error) => self.warnings.push(ValidationTest::new(
                TEST,
                TestStatus::Warning,
                Some(format!(
                    "cannot detect whether the database `{database}` contains a setup, because its marker was not read: \
                     {trust_error}"
                )),
            )),
        }
        Ok(())
    }
}

impl OtherSetup {
    async fn by_marker(session: &Session, database: &str) -> Result<Option<Self>, StatementError> {
        const QUERY: &str = "SELECT user_name, group_name FROM immuta_system.bootstrap LIMIT 2";
        let rows = match session.rows(QUERY).await {
            Err(error) if is_unavailable(&error) => return Ok(None),
            result => result?,
        };
        let [row] = rows.as_slice() else { return Ok(None) };
        let mut row = Reader::new(row);
        Ok(Some(Self { database: database.to_owned(), user: row.text()?, group: row.text()? }))
    }

    /// The databases that may contain a setup: a setup revokes privileges of PUBLIC on its database, so the database has
    /// an access control list.
    pub(super) async fn possible_databases(session: &Session) -> Result<BTreeSet<String>, StatementError> {
        const QUERY: &str = "SELECT CAST(d.datname AS VARCHAR(127)) FROM pg_catalog.pg_database d\n\
            WHERE d.datallowconn AND d.datacl IS NOT NULL AND d.datname NOT LIKE 'template%'";
        session.rows(QUERY).await?.iter().map(|row| Reader::new(row).text()).collect()
    }

    /// The setups with unfinished runs.
    pub(super) async fn unfinished(session: &Session) -> Result<Vec<Self>, StatementError> {
        // An untrusted run lock is reported elsewhere.
        if !matches!(RUN_LOCK.inspect(session).await?, Trust::Trusted { .. }) {
            return Ok(Vec::new());
        }
        let run_locks = match RunLock::read_all(session).await {
            Err(error) if is_unavailable(&error) => return Ok(Vec::new()),
            result => result?,
        };
        let of = |run_lock: RunLock| Self {
            database: run_lock.marker.names.database,
            user: run_lock.marker.names.user,
            group: run_lock.marker.names.group,
        };
        Ok(run_locks.into_iter().map(of).collect())
    }
}
