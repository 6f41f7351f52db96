//! Script 1, run in `initialDatabase`: account, group, database.

use super::parts::{Closed, Privilege};
use super::privileges::of_database;
use super::stage::{Subject, begin, commit, sql};
use super::statement::StatementId;
use super::{Stage, Statement, heading};
use crate::sql::{Identifier, PasswordClause};

pub(super) fn stages(subject: &Subject<'_>, password: &PasswordClause) -> Vec<Stage> {
    let Subject { user, database, creates_user, existing_database, group, .. } = subject;
    let mut statements = Vec::new();
    if *creates_user || group.is_some() {
        statements.push(begin().under(match (creates_user, group) {
            (true, Some(_)) => heading::ACCOUNT_AND_GROUP,
            (true, None) => heading::ACCOUNT,
            (false, _) => heading::GROUP,
        }));
        if *creates_user {
            let sql = sql!("CREATE USER {} PASSWORD {}", user, password);
            statements.push(Statement::new(StatementId::CreateAccount, sql).with_password(password));
        }
        statements.extend(group.as_ref().map(|group| create_group(group.name)));
        statements.push(commit());
    }
    if *existing_database {
        statements.push(begin().under(heading::EXISTING_DATABASE));
    } else {
        let heading = heading::new_database(statements.is_empty());
        let create = Statement::new(StatementId::CreateDatabase, sql!("CREATE DATABASE {}", database));
        statements.extend([
            create.under(heading),
            begin().under(heading::NEW_DATABASE_PRIVILEGES),
            Statement::new(
                StatementId::Close(Closed::Database),
                sql!("REVOKE ALL PRIVILEGES ON DATABASE {} FROM PUBLIC", database),
            ),
        ]);
    }
    statements.extend([
        Statement::new(
            StatementId::Grant(Privilege::MakeTemporaryTables),
            sql!("GRANT TEMP ON DATABASE {} TO PUBLIC", database),
        ),
        of_database(database, user),
        commit(),
    ]);
    vec![subject.in_initial_database("initial-create", statements)]
}

pub(super) fn create_group(name: &Identifier) -> Statement {
    Statement::new(StatementId::CreateGroup, sql!("CREATE GROUP {}", name))
}
