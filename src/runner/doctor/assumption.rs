//! An assumption of the scripts and the runner about a cluster, and how it is tried.

use crate::runner::view_definition::ViewDefinition;
use crate::sql::DollarQuoted;

/// In statements, the name of the throwaway schema, user or group.
pub(super) const NAME: &str = "{name}";

/// An assumption about the cluster.
pub(super) struct Assumption {
    /// Its identifier in JSON.
    pub(super) id: &'static str,
    /// What is assumed.
    pub(super) title: &'static str,
    /// What it means if it fails.
    pub(super) meaning: &'static str,
    /// What the login user must be allowed to do to try it.
    pub(super) needs: Needs,
    /// What does not work if it fails.
    pub(super) affects: Affects,
    pub(super) steps: Vec<Step>,
}

/// What the login user must be allowed to create to try an assumption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Needs {
    Nothing,
    Schemas,
    Users,
    Groups,
}

/// What does not work if an assumption fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Affects {
    Setup,
    /// Only setups with impersonation.
    Impersonation,
    /// The scripts do not depend on it.
    Nothing,
}

/// A step of a trial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A statement that must succeed.
    Run(String),
    /// Statements in one message, the last of which is a query, and the expected value of its first column.
    ExpectTogether { statements: &'static [&'static str], value: &'static str },
    /// A query for the text of the view of a setup, in the throwaway schema, with impersonation or without.
    ExpectView { sql: String, view: ViewDefinition },
    /// A query and the expected value of its first column.
    Expect {
        sql: String,
        value: &'static str,
        /// A query whose value explains another one.
        explained_by: Option<String>,
    },
}

impl Step {
    /// The statements of its message.
    pub(super) fn statements(&self) -> Vec<&str> {
        match self {
            Self::Run(sql) | Self::ExpectView { sql, .. } | Self::Expect { sql, .. } => vec![sql],
            Self::ExpectTogether { statements, .. } => statements.to_vec(),
        }
    }

    /// The text of its message.
    pub(super) fn sql(&self) -> String {
        self.statements().join(";\n")
    }
}

pub(super) fn run(sql: impl Into<String>) -> Step {
    Step::Run(sql.into())
}

pub(super) fn expect(sql: impl Into<String>, value: &'static str) -> Step {
    Step::Expect { sql: sql.into(), value, explained_by: None }
}

pub(super) fn expect_explained(sql: String, value: &'static str, explained_by: &str) -> Step {
    Step::Expect { sql, value, explained_by: Some(explained_by.to_owned()) }
}

/// A procedure `p` in the throwaway schema, with the clauses in the order of the scripts.
pub(super) fn procedure(body: &str, security: &str) -> Step {
    let body = DollarQuoted::new(body);
    run(format!(
        "CREATE PROCEDURE {{name}}.p()\nAS {body}\nLANGUAGE plpgsql{security}\nSET search_path TO pg_catalog"
    ))
}
