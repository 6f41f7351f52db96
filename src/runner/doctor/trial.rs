//! Tries statements in a transaction that is rolled back.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};
use std::time::Duration;

use super::assumption::{NAME, Step};
use super::report::Details;
use crate::runner::error::{ConnectError, StatementError};
use crate::runner::execute::CONFLICT;
use crate::runner::session::{Access, Session, rows_of};
use crate::runner::view_definition::ViewDefinition;

/// The step of these statements, for messages.
const STEP: &str = "Try an assumption";

/// How a trial ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trial {
    /// All steps had the expected result.
    Held,
    /// A step had another one.
    Failed(Details),
    /// A conflict with a concurrent transaction, in each attempt.
    Conflicted(Details),
}

/// A session in which statements are tried.
pub(super) struct Trials<'a> {
    access: &'a Access,
    database: &'a str,
    session: Session,
    /// The number of conflicts with concurrent transactions.
    pub(super) conflicts: usize,
}

impl<'a> Trials<'a> {
    pub(super) async fn connect(access: &'a Access, database: &'a str) -> Result<Self, ConnectError> {
        let session = Session::connect(access, database).await?;
        Ok(Self { access, database, session, conflicts: 0 })
    }

    /// The session, outside of a transaction.
    pub(super) const fn session(&self) -> &Session {
        &self.session
    }

    /// Tries steps. After a conflict with a concurrent transaction, they are tried again.
    ///
    /// # Errors
    /// The user interrupts, or the connection is lost and cannot be opened again.
    pub(super) async fn try_steps(&mut self, steps: &[Step]) -> Result<Trial, ConnectError> {
        const ATTEMPTS: usize = 4;
        const PAUSE: Duration = Duration::from_millis(300);
        let mut attempt = 1;
        loop {
            // Another name each time: the value of a session variable may survive the rollback.
            let name = random_name();
            let result = self.attempt(steps, &name).await;
            self.roll_back(result.as_ref().err().is_some_and(|(_, error)| is_connection_unusable(error)))
                .await?;
            let (statement, error) = match result {
                Ok(None) => return Ok(Trial::Held),
                Ok(Some(details)) => return Ok(Trial::Failed(details.with_fixed_name(&name))),
                Err((_, StatementError::Interrupted { .. })) => return Err(ConnectError::Interrupted),
                Err(failed) => failed,
            };
            let sqlstate = error.sqlstate().map(str::to_owned);
            let is_conflict = error.is_one_of(&CONFLICT);
            let message = match error {
                StatementError::Server(error) => error.message,
                error => error.to_string(),
            };
            let details = Details { statement: Some(statement), sqlstate, message: Some(message) };
            let details = details.with_fixed_name(&name);
            if !is_conflict {
                return Ok(Trial::Failed(details));
            }
            self.conflicts += 1;
            if attempt == ATTEMPTS {
                return Ok(Trial::Conflicted(details));
            }
            attempt += 1;
            self.access.pause(PAUSE).await?;
        }
    }

    /// Runs the steps in a transaction, which stays open; returns the step with an unexpected value, if any.
    async fn attempt(&self, steps: &[Step], name: &str) -> Result<Option<Details>, (String, StatementError)> {
        let session = &self.session;
        session.step(STEP, &["BEGIN"]).await.map_err(|error| ("BEGIN".to_owned(), error))?;
        for step in steps {
            let sql = step.sql().replace(NAME, name);
            let failed = |error| (sql.clone(), error);
            let statements: Vec<String> =
                step.statements().iter().map(|statement| statement.replace(NAME, name)).collect();
            let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
            let messages = session.step(STEP, &statements).await.map_err(failed)?;
            let (value, explained_by) = match step {
                Step::Run(_) => continue,
                Step::ExpectView { view, .. } => {
                    let printed = first_value(&rows_of(&messages).map_err(failed)?).unwrap_or_default();
                    if ViewDefinition::of(&printed.replace(name, "immuta_system")) == *view {
                        continue;
                    }
                    let message = format!("not recognized: {printed}");
                    return Ok(Some(Details {
                        statement: Some(sql),
                        sqlstate: None,
                        message: Some(message),
                    }));
                }
                Step::Expect { value, explained_by, .. } => (value, explained_by.as_ref()),
                Step::ExpectTogether { value, .. } => (value, None),
            };
            let found = first_value(&rows_of(&messages).map_err(failed)?);
            if found.as_deref() == Some(*value) {
                continue;
            }
            let found = found.map_or_else(|| "NULL".to_owned(), |found| format!("`{found}`"));
            let mut message = format!("expected `{value}`, found {found}");
            if let Some(query) = explained_by {
                let rows = session.rows(&query.replace(NAME, name)).await.map_err(failed)?;
                let text = first_value(&rows).unwrap_or_default();
                message = format!("{message}; the catalog has: {text}");
            }
            return Ok(Some(Details { statement: Some(sql), sqlstate: None, message: Some(message) }));
        }
        Ok(None)
    }

    /// Rolls back the transaction, by closing the connection if there is no other way.
    async fn roll_back(&mut self, is_unusable: bool) -> Result<(), ConnectError> {
        if !is_unusable {
            match self.session.step(STEP, &["ROLLBACK"]).await {
                Ok(_) => return Ok(()),
                Err(StatementError::Interrupted { .. }) => return Err(ConnectError::Interrupted),
                Err(_) => {}
            }
        }
        self.session = Session::connect(self.access, self.database).await?;
        Ok(())
    }
}

impl Details {
    /// Omits the random number of the throwaway name, so that two reports can be compared.
    fn with_fixed_name(self, name: &str) -> Self {
        let fixed = |text: Option<String>| text.map(|text| text.replace(name, PREFIX));
        Self { statement: fixed(self.statement), message: fixed(self.message), ..self }
    }
}

/// The start of the throwaway name.
const PREFIX: &str = "bootshift_doctor";

/// Whether no other statement can be sent.
fn is_connection_unusable(error: &StatementError) -> bool {
    error.is_uncertain() && !matches!(error, StatementError::Interrupted { .. })
}

fn first_value(rows: &[Vec<Option<String>>]) -> Option<String> {
    rows.first()?.first()?.clone()
}

/// The name of the throwaway objects. It is random, so that two runs do not meet.
fn random_name() -> String {
    let number = RandomState::new().build_hasher().finish();
    format!("{PREFIX}_{number:016x}")
}
