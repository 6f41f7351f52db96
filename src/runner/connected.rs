//! The sessions that prevent a database from being dropped: `DROP DATABASE` fails, or waits, while there are connections
//! to it (<https://docs.aws.amazon.com/redshift/latest/dg/r_DROP_DATABASE.html>).

use std::collections::HashMap;

use super::error::StatementError;
use super::facts::{Reader, quoted};
use super::notice::OtherSession;
use super::response::{Phase, TestName, ValidationTest};
use super::session::Session;
use super::session_list::{Listed, ListedUser, Which, list};

const TEST: TestName = Phase::RemovalValidation.test("No Open Connections To The Database");

/// The sessions in another database than that of this session. `None` if the cluster does not list them, or not to the
/// login user.
pub(super) async fn sessions(
    session: &Session,
    database: &str,
) -> Result<Option<Vec<OtherSession>>, StatementError> {
    let Some(listed) = Which::Database(database).list(session).await? else { return Ok(None) };
    let names = names(session, &listed).await?;
    let of_listed = |Listed { process, start: since, user }| {
        let user = match user {
            ListedUser::Name(name) => name,
            ListedUser::Number(number) => names.get(&number).cloned().unwrap_or_else(|| number.to_string()),
        };
        OtherSession { process, user, since }
    };
    let sessions: Vec<_> = listed.into_iter().map(of_listed).collect();
    Ok((!sessions.is_empty()).then_some(sessions))
}

/// The names of the users that are listed by number.
async fn names(session: &Session, listed: &[Listed]) -> Result<HashMap<i64, String>, StatementError> {
    let number = |session: &Listed| match session.user {
        ListedUser::Name(_) => None,
        ListedUser::Number(number) => Some(number),
    };
    let numbers: Vec<i64> = listed.iter().filter_map(number).collect();
    if numbers.is_empty() {
        return Ok(HashMap::new());
    }
    let query = format!(
        "SELECT u.usesysid, CAST(u.usename AS VARCHAR(127)) FROM pg_catalog.pg_user u WHERE u.usesysid IN ({})",
        list(&numbers)
    );
    let of_row = |row| {
        let mut row = Reader::new(row);
        Ok((row.count()?, row.text()?))
    };
    session.rows(&query).await?.iter().map(of_row).collect()
}

/// The query with which a superuser finds the sessions in a database, on every kind of cluster.
pub(super) fn query(database: &str) -> String {
    format!(
        "SELECT session_id, user_id, start_time FROM sys_session_history WHERE status = 'active' AND database_name = {}",
        quoted(database)
    )
}

/// A failed test for each session, with the statement that terminates it, or one with the query that finds them.
pub(super) async fn tests(session: &Session, database: &str) -> Vec<ValidationTest> {
    // Failing to list the sessions is not another failure.
    let Some(sessions) = sessions(session, database).await.ok().flatten() else {
        return vec![ValidationTest::failed(
            TEST,
            format!(
                "no session in the database `{database}` is listed for this user; a superuser finds them with `{}`: close \
                 the connections, or run `SELECT pg_terminate_backend(…)` for each process",
                query(database)
            ),
        )];
    };
    let test = |OtherSession { process, user, since }| {
        ValidationTest::failed(
            TEST,
            format!(
                "process {process} of `{user}` has been connected to the database `{database}` since {since}: close the \
                 connection, or run `SELECT pg_terminate_backend({process})`"
            ),
        )
    };
    sessions.into_iter().map(test).collect()
}
