//! The responses of the server to the statements of a message.

use std::pin::Pin;

use futures_util::{Stream, TryStreamExt as _};
use tokio_postgres::{SimpleQueryMessage, SimpleQueryRow};

use super::error::StatementError;
use super::facts::unexpected_response;

/// A row of text; `None` is NULL.
pub(super) type Row = Vec<Option<String>>;

/// The messages of the server about one statement.
pub(super) type Response = Vec<SimpleQueryMessage>;

/// The responses to the statements of a message.
pub(super) struct Responses<S> {
    stream: Pin<Box<S>>,
    /// The messages about the current statement.
    current: Response,
    /// The number of statements that have not completed.
    left: usize,
    is_ended: bool,
}

/// Why a statement has no response.
pub(super) enum Unanswered {
    Failed(tokio_postgres::Error),
    /// There are not as many responses as statements. A server could send them without end.
    WrongNumber,
}

impl<S: Stream<Item = Result<SimpleQueryMessage, tokio_postgres::Error>>> Responses<S> {
    pub(super) fn new(stream: S, statements: usize) -> Self {
        Self { stream: Box::pin(stream), current: Vec::new(), left: statements, is_ended: false }
    }

    /// The next response; `None` after the last one, which is complete when the server is ready for the next message.
    pub(super) async fn next(&mut self) -> Result<Option<Response>, Unanswered> {
        while !self.is_ended {
            let Some(message) = self.stream.try_next().await.map_err(Unanswered::Failed)? else {
                self.is_ended = true;
                break;
            };
            let is_complete = matches!(message, SimpleQueryMessage::CommandComplete(_));
            self.current.push(message);
            if is_complete {
                self.left = self.left.checked_sub(1).ok_or(Unanswered::WrongNumber)?;
                if self.left > 0 {
                    return Ok(Some(std::mem::take(&mut self.current)));
                }
            }
        }
        if self.left > 0 {
            return Err(Unanswered::WrongNumber);
        }
        let last = std::mem::take(&mut self.current);
        Ok((!last.is_empty()).then_some(last))
    }
}

fn row_of(message: &SimpleQueryMessage) -> Option<&SimpleQueryRow> {
    match message {
        SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    }
}

/// The rows among the messages.
pub(super) fn rows_of(messages: &[SimpleQueryMessage]) -> Result<Vec<Row>, StatementError> {
    messages.iter().filter_map(row_of).map(values).collect()
}

/// The first row among the messages, with the names of its columns.
pub(super) fn named_row(messages: &[SimpleQueryMessage]) -> Result<(Vec<String>, Row), StatementError> {
    let row = messages.iter().find_map(row_of).ok_or_else(unexpected_response)?;
    Ok((row.columns().iter().map(|column| column.name().to_owned()).collect(), values(row)?))
}

fn values(row: &SimpleQueryRow) -> Result<Row, StatementError> {
    (0..row.len())
        .map(|column| match row.try_get(column) {
            Ok(value) => Ok(value.map(str::to_owned)),
            Err(_) => {
                Err(StatementError::ConnectionLost("the server sent text that is not valid UTF-8".to_owned()))
            }
        })
        .collect()
}
