//! The connections of the emulator to its PostgreSQL server.

use std::path::Path;

use tokio::io::AsyncWriteExt as _;
use tokio::net::UnixStream;

use super::protocol::{self, Message, ServerError};

/// The option that makes PostgreSQL parse literals like Redshift.
const OPTIONS: &str = "-c standard_conforming_strings=off -c backslash_quote=on -c escape_string_warning=off";

/// A row of text.
pub type Row = Vec<Option<String>>;

/// An open connection that is ready for queries.
pub(super) struct Backend {
    pub(super) stream: UnixStream,
    /// The messages between the authentication and `ReadyForQuery`.
    pub(super) greeting: Vec<Message>,
}

impl Backend {
    /// Logs in. The server trusts every client of its socket.
    pub(super) async fn connect(
        socket: &Path,
        user: &str,
        database: &str,
        more: &[(String, String)],
    ) -> Result<Self, ServerError> {
        let lost = |error: std::io::Error| ServerError::new("08006", format!("PostgreSQL: {error}"));
        let mut stream = UnixStream::connect(socket).await.map_err(lost)?;
        let mut parameters = vec![
            ("user".to_owned(), user.to_owned()),
            ("database".to_owned(), database.to_owned()),
            ("client_encoding".to_owned(), "UTF8".to_owned()),
            ("options".to_owned(), OPTIONS.to_owned()),
        ];
        parameters.extend_from_slice(more);
        stream.write_all(&protocol::startup(&parameters)).await.map_err(lost)?;
        let mut greeting = Vec::new();
        loop {
            let message = protocol::read_message(&mut stream).await.map_err(lost)?;
            match message.tag {
                b'E' => return Err(message.as_error()),
                b'Z' => return Ok(Self { stream, greeting }),
                b'R' => {}
                _ => greeting.push(message),
            }
        }
    }

    /// Runs a query and returns its rows.
    pub(super) async fn query(&mut self, sql: &str) -> Result<Vec<Row>, ServerError> {
        let lost = |error: std::io::Error| ServerError::new("08006", format!("PostgreSQL: {error}"));
        self.stream.write_all(&Message::query(sql).encode()).await.map_err(lost)?;
        let mut rows = Vec::new();
        let mut failure = None;
        loop {
            let message = protocol::read_message(&mut self.stream).await.map_err(lost)?;
            match message.tag {
                b'D' => rows.push(row(&message.body)),
                b'E' => failure = Some(message.as_error()),
                b'Z' => return failure.map_or(Ok(rows), Err),
                _ => {}
            }
        }
    }
}

fn row(body: &[u8]) -> Row {
    let mut row = Vec::new();
    let mut rest = &body[2..];
    while let Some((length, tail)) = rest.split_first_chunk() {
        let Ok(length) = usize::try_from(i32::from_be_bytes(*length)) else {
            row.push(None);
            rest = tail;
            continue;
        };
        row.push(Some(String::from_utf8_lossy(&tail[..length]).into_owned()));
        rest = &tail[length..];
    }
    row
}
