//! The sessions of a cluster, as far as it lists them.
//!
//! `stv_sessions` is only available on provisioned clusters in one availability zone. Elsewhere, `sys_session_history` is
//! (<https://docs.aws.amazon.com/redshift/latest/dg/cm_chap_system-tables.html>), which also has sessions that have ended.
//! A cluster may refuse both, and users who are not superusers see only their own sessions in either. So no run depends on
//! the list.

use super::error::StatementError;
use super::facts::{Reader, quoted, unexpected_response};
use super::session::{Row, Session};
use super::trust::UNAVAILABLE;

/// The maximum number of sessions of a database to list.
const LIMIT: usize = 50;

/// Which sessions to list.
#[derive(Clone, Copy, Debug)]
pub(super) enum Which<'w> {
    /// The session that runs the query.
    Own,
    /// Those with these process numbers.
    Processes(&'w [i64]),
    /// Those in a database.
    Database(&'w str),
}

/// A session of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) process: i64,
    /// When it connected, in UTC.
    pub(super) start: String,
    pub(super) user: ListedUser,
}

/// The user of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ListedUser {
    Name(String),
    /// Its number in `pg_user`.
    Number(i64),
}

impl Which<'_> {
    /// The query of `stv_sessions`.
    pub(super) fn query(self) -> String {
        format!(
            "SELECT s.process, CAST(s.starttime AS VARCHAR(32)), CAST(s.user_name AS VARCHAR(127))\n\
             FROM pg_catalog.stv_sessions s WHERE {}",
            self.condition("s.process", "s.db_name")
        )
    }

    /// The query of `sys_session_history`.
    fn history_query(self) -> String {
        format!(
            "SELECT h.session_id, CAST(h.start_time AS VARCHAR(32)), CAST(h.user_id AS VARCHAR(50))\n\
             FROM pg_catalog.sys_session_history h WHERE h.status = 'active' AND {}",
            self.condition("h.session_id", "h.database_name")
        )
    }

    /// The condition for the sessions, with the columns of their process and their database.
    fn condition(self, process: &str, database: &str) -> String {
        match self {
            Self::Own => format!("{process} = pg_catalog.pg_backend_pid()"),
            Self::Processes(processes) => format!("{process} IN ({})", list(processes)),
            Self::Database(name) => {
                format!("TRIM({database}) = {} ORDER BY {process} LIMIT {LIMIT}", quoted(name))
            }
        }
    }

    /// Lists the sessions; `None` if the cluster does not.
    pub(super) async fn list(self, session: &Session) -> Result<Option<Vec<Listed>>, StatementError> {
        let rows = session.rows(&self.query()).await;
        self.list_after(session, rows).await
    }

    /// Like [`list`](Self::list), from the response to the [query](Self::query), which was sent together with others.
    pub(super) async fn list_after(
        self,
        session: &Session,
        rows: Result<Vec<Row>, StatementError>,
    ) -> Result<Option<Vec<Listed>>, StatementError> {
        let (rows, is_history) = match if_available(rows)? {
            Some(rows) => (rows, false),
            None => match if_available(session.rows(&self.history_query()).await)? {
                Some(rows) => (rows, true),
                None => return Ok(None),
            },
        };
        let of_row = |row| {
            let mut row = Reader::new(row);
            let (process, start, user) = (row.count()?, row.text()?, row.text()?);
            let user = user.trim();
            let user = if is_history {
                ListedUser::Number(user.parse().map_err(|_| unexpected_response())?)
            } else {
                ListedUser::Name(user.to_owned())
            };
            Ok(Listed { process, start, user })
        };
        rows.iter().map(of_row).collect::<Result<_, _>>().map(Some)
    }
}

/// Numbers as a list in SQL.
pub(super) fn list(numbers: &[i64]) -> String {
    let numbers: Vec<String> = numbers.iter().map(i64::to_string).collect();
    numbers.join(", ")
}

/// The rows of a system view; `None` if it is unavailable.
fn if_available(rows: Result<Vec<Row>, StatementError>) -> Result<Option<Vec<Row>>, StatementError> {
    match rows {
        Err(error) if error.is_one_of(&UNAVAILABLE) => Ok(None),
        rows => rows.map(Some),
    }
}
