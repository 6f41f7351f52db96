//! The progress of a run, and where and why it failed.

use super::error::{ConnectError, StatementError};
use super::execute::Part;
use super::notice::{Notice, Notify, Progress};
use super::plan::boundary;
use super::response::{Phase, TestName};
use super::run_lock::UPDATE;
use crate::script::{Effect, Object, Statement};

/// The progress of a run.
#[derive(Default)]
pub(super) struct RunProgress {
    /// The number of statements, without BEGIN and COMMIT.
    pub(super) total: usize,
    /// The number of the current statement, without BEGIN and COMMIT.
    pub(super) shown: usize,
    /// The number of the current statement, with BEGIN and COMMIT.
    pub(super) number: usize,
    /// The number of statements whose effect is committed.
    pub(super) committed: usize,
    /// The number of statements since BEGIN, in a transaction.
    pub(super) uncommitted: Option<usize>,
}

impl RunProgress {
    /// Counts a statement that is about to run, and notifies of it.
    pub(super) fn begin(&mut self, part: &Part<'_>, database: &str, notify: Notify<'_>) {
        let statement = part.statement;
        if part.is_of_run_lock {
            return;
        }
        self.number += 1;
        if boundary(statement).is_none() {
            self.shown += 1;
            notify(Notice::Statement(Progress {
                number: self.shown,
                total: self.total,
                database: database.to_owned(),
                summary: statement.summary().to_owned(),
            }));
        }
    }

    /// Counts a statement that has run.
    pub(super) fn done(&mut self, part: &Part<'_>) {
        if part.is_of_run_lock {
            return;
        }
        match (part.statement.id.effect(), self.uncommitted) {
            (Effect::Begins, _) => self.uncommitted = Some(0),
            (Effect::Commits, uncommitted) => {
                self.committed += uncommitted.unwrap_or_default();
                self.uncommitted = None;
            }
            (_, Some(uncommitted)) => self.uncommitted = Some(uncommitted + 1),
            (_, None) => self.committed += 1,
        }
    }

    /// The position to go [back](Self::rewind) to.
    pub(super) const fn position(&self) -> (usize, usize) {
        (self.number, self.shown)
    }

    /// Goes back to the start of a transaction that was rolled back.
    pub(super) const fn rewind(&mut self, (number, shown): (usize, usize)) {
        (self.number, self.shown) = (number, shown);
        self.uncommitted = None;
    }

    pub(super) fn rolled_back(&self) -> usize {
        self.uncommitted.unwrap_or_default()
    }
}

/// SQLSTATEs of an object that already exists.
pub(super) const DUPLICATE: [&str; 2] = ["42710", "42P04"];

/// SQLSTATEs of a user or a group that cannot be dropped: `object_in_use`, as Redshift has it
/// (<https://docs.aws.amazon.com/redshift/latest/dg/r_DROP_USER.html>), and `dependent_objects_still_exist`.
const DEPENDENT_OBJECTS: [&str; 2] = [OBJECT_IN_USE, "2BP01"];
/// SQLSTATE `object_in_use`.
pub(super) const OBJECT_IN_USE: &str = "55006";

/// What prevents an object from being dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Blocker {
    /// Objects or privileges of the user or group.
    Objects,
    /// Possibly open connections to the database.
    Sessions,
}

/// Where and why a run failed.
pub(super) struct Failure {
    pub(super) test: TestName,
    pub(super) message: String,
    pub(super) is_uncertain: bool,
    pub(super) is_interrupted: bool,
    /// What prevented the drop, if the statement was one.
    pub(super) blocked_by: Option<Blocker>,
    /// The column of the run lock for an object that another session has created in the meantime.
    pub(super) duplicate: Option<&'static str>,
}

impl Failure {
    pub(super) fn connect(database: &str, error: &ConnectError) -> Self {
        Self {
            test: TestName::connection(database.to_owned()),
            message: error.to_string(),
            is_uncertain: false,
            is_interrupted: matches!(error, ConnectError::Interrupted),
            blocked_by: None,
            duplicate: None,
        }
    }

    /// The run lock could not be updated.
    pub(super) fn update_run_lock(error: &StatementError) -> Self {
        Self {
            test: Phase::Bootstrap.test(UPDATE),
            message: error.to_string(),
            is_uncertain: false,
            is_interrupted: matches!(error, StatementError::Interrupted { .. }),
            blocked_by: None,
            duplicate: None,
        }
    }

    pub(super) fn statement(statement: &Statement, error: &StatementError, is_uncertain: bool) -> Self {
        let effect = statement.id.effect();
        let duplicate = match effect {
            _ if !error.sqlstate().is_some_and(|state| DUPLICATE.contains(&state)) => None,
            Effect::Creates(Object::Account) => Some("user"),
            Effect::Creates(Object::Group) => Some("group"),
            Effect::Creates(Object::Database) => Some("database"),
            _ => None,
        };
        let is_one_of = |states: &[&str]| error.sqlstate().is_some_and(|state| states.contains(&state));
        let blocked_by = if effect == Effect::Drops(Object::Database) {
            let waits = matches!(error, StatementError::Timeout { .. }) || is_one_of(&[OBJECT_IN_USE]);
            waits.then_some(Blocker::Sessions)
        } else {
            is_one_of(&DEPENDENT_OBJECTS).then_some(Blocker::Objects)
        };
        Self {
            test: Phase::Bootstrap.of_statement(statement.id),
            message: error.to_string(),
            is_uncertain,
            is_interrupted: matches!(error, StatementError::Interrupted { .. }),
            blocked_by,
            duplicate,
        }
    }
}
