//! Removes a setup that did not finish, whichever part of it exists.

use super::delete::drop_database;
use super::parts::ShortLived;
use super::stage::{Subject, begin, commit};
use super::{ScriptError, Stage, Statement, heading, short_lived};

pub(super) fn stages(subject: &Subject<'_>) -> Result<Vec<Stage>, ScriptError> {
    let check = transaction(heading::PROOF_OF_CLEANUP, ShortLived::CheckDatabase, subject)?;
    let check = subject.in_database("check", check);
    let removes = subject.existing_database || subject.group.is_some() || subject.creates_user;
    let removal =
        if removes { transaction(heading::CLEANUP, ShortLived::Remove, subject)? } else { Vec::new() };
    let mut stages = if subject.existing_database {
        vec![check, subject.in_database("cleanup", removal)]
    } else {
        let condition =
            format!("SELECT 1 FROM pg_catalog.pg_database WHERE datname = {}", subject.database_literal);
        let drop = vec![drop_database(subject).under(heading::CLEANUP_DATABASE)];
        let drop = subject.in_initial_database("drop-database", drop);
        let if_there = |stage| Stage { condition: Some(condition.clone()), ..stage };
        vec![if_there(check), if_there(drop), subject.in_initial_database("cleanup", removal)]
    };
    stages.retain(|stage| !stage.statements.is_empty());
    Ok(stages)
}

/// A transaction that creates a procedure and calls it.
fn transaction(
    heading: &str,
    procedure: ShortLived,
    subject: &Subject<'_>,
) -> Result<Vec<Statement>, ScriptError> {
    let mut statements = vec![begin().under(heading)];
    statements.extend(short_lived::statements(procedure, subject)?);
    statements.push(commit());
    Ok(statements)
}
