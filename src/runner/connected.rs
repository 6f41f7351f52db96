//! The sessions that prevent a database from being dropped: `DROP DATABASE` fails, or waits, while there are connections
//! to it (<https://docs.aws.amazon.com/redshift/latest/dg/r_DROP_DATABASE.html>).

use super::error::StatementError;
use super::facts::{Reader, quoted};
use super::notice::OtherSession;
use super::response::{Phase, TestName, ValidationTest};
use super::session::Session;

const TEST: TestName = Phase::RemovalValidation.test("No Open Connections To The Database");

/// The maximum number of sessions to report.
const LIMIT: usize = 50;

/// The sessions in a database that the login user can see, other than this one.
pub(super) async fn sessions(session: &Session, database: &str) -> Result<Vec<OtherSession>, StatementError> {
    let query = format!(
        "SELECT s.process, CAST(s.user_name AS VARCHAR(127)), CAST(s.starttime AS VARCHAR(32))\n\
         FROM pg_catalog.stv_sessions s WHERE TRIM(s.db_name) = {} AND s.process <> pg_catalog.pg_backend_pid()\n\
         ORDER BY s.process LIMIT {LIMIT}",
        quoted(database)
    );
    let of_row = |row: &Vec<Option<String>>| {
        let mut row = Reader::new(row);
        let (process, user, since) = (row.count()?, row.text()?, row.text()?);
        Ok(OtherSession { process, user: user.trim_end().to_owned(), since })
    };
    session.rows(&query).await?.iter().map(of_row).collect()
}

/// A failed test for each session, with the statement that terminates it.
pub(super) async fn tests(session: &Session, database: &str) -> Result<Vec<ValidationTest>, StatementError> {
    let test = |OtherSession { process, user, since }| {
        ValidationTest::failed(
            TEST,
            format!(
                "process {process} of `{user}` has been connected to the database `{database}` since {since}: close the \
                 connection, or run `SELECT pg_terminate_backend({process})`"
            ),
        )
    };
    Ok(sessions(session, database).await?.into_iter().map(test).collect())
}
