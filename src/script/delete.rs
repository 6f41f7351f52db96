//! Removes a setup that finished: only what the marker records.

use super::parts::ShortLived;
use super::privileges::{revoked_database, undone_defaults};
use super::stage::{Subject, begin, commit, sql, under};
use super::statement::StatementId;
use super::{ScriptError, Stage, Statement, heading, short_lived};

pub(super) fn stages(subject: &Subject<'_>) -> Result<Vec<Stage>, ScriptError> {
    let mut statements = vec![begin()];
    statements.extend(under(heading::PROOF, short_lived::statements(ShortLived::CheckMarker, subject)?));
    if subject.existing_database {
        statements.extend(schemas(subject));
        statements.extend(account(subject));
        statements.push(commit());
        return Ok(vec![subject.in_database("delete", statements)]);
    }
    statements.push(commit());
    Ok(vec![
        subject.in_database("check", statements),
        subject.in_initial_database("delete", database_and_account(subject)),
    ])
}

/// Drops the objects of a setup in a database that is kept.
fn schemas(subject: &Subject<'_>) -> Vec<Statement> {
    let Subject { user, database, .. } = subject;
    let mut statements: Vec<Statement> = under(
        heading::DROP_SCHEMAS,
        undone_defaults(StatementId::UndoDefault, StatementId::RestoreDefault, user),
    )
    .collect();
    statements.push(Statement::new(
        StatementId::DropSchemas,
        "DROP SCHEMA immuta_procedures, immuta_functions, immuta_system CASCADE",
    ));
    statements.push(revoked_database(database, user).under(heading::KEPT_DATABASE));
    statements
}

fn database_and_account(subject: &Subject<'_>) -> Vec<Statement> {
    let account: Vec<Statement> = account(subject).collect();
    let mut statements = vec![drop_database(subject).under(heading::drop_database(account.is_empty()))];
    if !account.is_empty() {
        statements.push(begin());
        statements.extend(account);
        statements.push(commit());
    }
    statements
}

pub(super) fn drop_database(subject: &Subject<'_>) -> Statement {
    Statement::new(StatementId::DropDatabase, sql!("DROP DATABASE {}", subject.database))
}

/// Drops the group and the account, if the setup created them.
fn account<'s>(subject: &'s Subject<'_>) -> impl Iterator<Item = Statement> + 's {
    let Subject { user, creates_user, group, .. } = subject;
    let drop_group =
        group.as_ref().map(|group| Statement::new(StatementId::DropGroup, sql!("DROP GROUP {}", group.name)));
    let drop_account =
        creates_user.then(|| Statement::new(StatementId::DropAccount, sql!("DROP USER {}", user)));
    under(heading::DROP_ACCOUNT, drop_group.into_iter().chain(drop_account))
}
