//! How far a run came, and where and why it stopped.

use super::error::{ConnectError, StatementError};
use super::response::{Phase, TestName};
use super::run_lock::NOTE;
use crate::script::{Effect, Object, Statement};

/// How far a run has come.
#[derive(Default)]
pub(super) struct RunProgress {
    /// How many statements there are, without what begins and ends transactions.
    pub(super) total: usize,
    /// The number of the one that runs, among those.
    pub(super) shown: usize,
    /// The same among all.
    pub(super) number: usize,
    /// Statements whose effect is committed.
    pub(super) committed: usize,
    /// Statements since BEGIN, if there was one.
    pub(super) uncommitted: Option<usize>,
}

impl RunProgress {
    pub(super) fn done(&mut self, statement: &Statement) {
        match (statement.id.effect(), self.uncommitted) {
            (Effect::Begins, _) => self.uncommitted = Some(0),
            (Effect::Commits, uncommitted) => {
                self.committed += uncommitted.unwrap_or_default();
                self.uncommitted = None;
            }
            (_, Some(uncommitted)) => self.uncommitted = Some(uncommitted + 1),
            (_, None) => self.committed += 1,
        }
    }

    /// Goes back to where a transaction that was rolled back began.
    pub(super) const fn rewind(&mut self, (number, shown): (usize, usize)) {
        (self.number, self.shown) = (number, shown);
        self.uncommitted = None;
    }

    pub(super) const fn is_in_transaction(&self) -> bool {
        self.uncommitted.is_some()
    }

    pub(super) fn rolled_back(&self) -> usize {
        self.uncommitted.unwrap_or_default()
    }
}

/// SQLSTATEs of what is there already.
pub(super) const DUPLICATE: [&str; 2] = ["42710", "42P04"];

/// SQLSTATEs of a user or a group that cannot be dropped: `object_in_use`, as Redshift has it
/// (<https://docs.aws.amazon.com/redshift/latest/dg/r_DROP_USER.html>), and `dependent_objects_still_exist`.
const DEPENDENT_OBJECTS: [&str; 2] = [OBJECT_IN_USE, "2BP01"];
/// SQLSTATE `object_in_use`.
pub(super) const OBJECT_IN_USE: &str = "55006";

/// What keeps something from being dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Blocker {
    /// What the user or the group owns, or was granted.
    Objects,
    /// Who is connected to the database, perhaps.
    Sessions,
}

/// Where and why a run stopped.
pub(super) struct Failure {
    pub(super) test: TestName,
    pub(super) message: String,
    pub(super) is_uncertain: bool,
    pub(super) is_interrupted: bool,
    /// What keeps from being dropped what was to be.
    pub(super) blocked_by: Option<Blocker>,
    /// The column of the claim for an object that somebody else has made meanwhile.
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

    /// What the claim would say of what was done.
    pub(super) fn note(error: &StatementError) -> Self {
        Self {
            test: Phase::Bootstrap.test(NOTE),
            message: error.to_string(),
            is_uncertain: false,
            is_interrupted: matches!(error, StatementError::Interrupted { .. }),
            blocked_by: None,
            duplicate: None,
        }
    }

    pub(super) fn statement(statement: &Statement, error: &StatementError) -> Self {
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
        let ends_something = statement.is_transactional() && effect != Effect::Commits;
        Self {
            test: Phase::Bootstrap.of_statement(statement.id),
            message: error.to_string(),
            // In a transaction that was not committed, nothing took effect.
            is_uncertain: error.is_uncertain() && !ends_something,
            is_interrupted: matches!(error, StatementError::Interrupted { .. }),
            blocked_by,
            duplicate,
        }
    }
}
