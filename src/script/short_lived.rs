//! Procedures that are created to be called once, because Redshift has no `IF` outside of a procedure.

use askama::Template;

use super::objects::body;
use super::parts::ShortLived;
use super::privileges::{revoked_database, undone_defaults};
use super::stage::{Group, Subject, rendered, sql};
use super::statement::StatementId;
use super::{ScriptError, Statement};
use crate::sql::{DollarQuoted, Literal};

#[derive(Template)]
#[template(path = "objects/check_marker.sql")]
struct CheckMarker {
    body: DollarQuoted,
}

#[derive(Template)]
#[template(path = "objects/check_database.sql")]
struct CheckDatabase {
    body: DollarQuoted,
}

#[derive(Template)]
#[template(path = "objects/remove_existing.sql")]
struct RemoveExisting {
    body: DollarQuoted,
}

#[derive(Template)]
#[template(path = "bodies/check_marker.sql")]
struct CheckMarkerBody<'a> {
    database: &'a Literal,
    database_created: bool,
    user: &'a Literal,
    user_created: bool,
    group: &'a Literal,
}

#[derive(Template)]
#[template(path = "bodies/check_database.sql")]
struct CheckDatabaseBody<'a> {
    database_created: Literal,
    user_created: Literal,
    user: &'a Literal,
    group: &'a Literal,
    new_database: bool,
}

#[derive(Template)]
#[template(path = "bodies/remove_existing.sql")]
struct RemoveExistingBody<'a> {
    existing_database: bool,
    user: &'a Literal,
    /// Statements for `EXECUTE`.
    undo_default_tables: Literal,
    restore_default_tables: Literal,
    undo_default_functions: Literal,
    undo_default_procedures: Literal,
    revoke_database: Literal,
    group: Option<GroupToDrop<'a>>,
    drop_user: Option<Literal>,
}

struct GroupToDrop<'a> {
    /// The name as the catalog stores it.
    name: &'a Literal,
    drop: Literal,
}

/// Creates the procedure in its own schema, calls it, and drops both.
pub(super) fn statements(
    procedure: ShortLived,
    subject: &Subject<'_>,
) -> Result<[Statement; 5], ScriptError> {
    let (schema, name) = (procedure.schema(), procedure.name());
    Ok([
        Statement::new(
            StatementId::DropLeftover(procedure),
            format!("DROP SCHEMA IF EXISTS {schema} CASCADE"),
        ),
        Statement::new(StatementId::CreateShortLivedSchema(procedure), format!("CREATE SCHEMA {schema}")),
        Statement::new(StatementId::CreateShortLived(procedure), definition(procedure, subject)?),
        Statement::new(StatementId::Call(procedure), format!("CALL {schema}.{name}()")),
        Statement::new(StatementId::DropShortLived(procedure), format!("DROP SCHEMA {schema} CASCADE")),
    ])
}

fn definition(procedure: ShortLived, subject: &Subject<'_>) -> Result<String, ScriptError> {
    match procedure {
        ShortLived::CheckMarker => {
            let body = body(&CheckMarkerBody {
                database: &subject.database_literal,
                database_created: !subject.existing_database,
                user: &subject.user_literal,
                user_created: subject.creates_user,
                group: &subject.group_literal,
            })?;
            rendered(&CheckMarker { body })
        }
        ShortLived::CheckDatabase => {
            let boolean = |value| Literal::new(if value { "TRUE" } else { "FALSE" });
            let body = body(&CheckDatabaseBody {
                database_created: boolean(!subject.existing_database)?,
                user_created: boolean(subject.creates_user)?,
                user: &subject.user_literal,
                group: &subject.group_literal,
                new_database: !subject.existing_database,
            })?;
            rendered(&CheckDatabase { body })
        }
        ShortLived::Remove => {
            let Subject { user, database, group, .. } = subject;
            let [undo_tables, restore_tables, undo_functions, undo_procedures] =
                undone_defaults(StatementId::UndoDefault, StatementId::RestoreDefault, user)
                    .map(|statement| Literal::new(&statement.sql));
            let drop_group = |group: &'_ Group<'_>| Literal::new(&sql!("DROP GROUP {}", group.name));
            let body = body(&RemoveExistingBody {
                existing_database: subject.existing_database,
                user: &subject.user_literal,
                undo_default_tables: undo_tables?,
                restore_default_tables: restore_tables?,
                undo_default_functions: undo_functions?,
                undo_default_procedures: undo_procedures?,
                revoke_database: Literal::new(&revoked_database(database, user).sql)?,
                group: match group {
                    Some(group) => Some(GroupToDrop { name: &group.folded, drop: drop_group(group)? }),
                    None => None,
                },
                drop_user: if subject.creates_user {
                    Some(Literal::new(&sql!("DROP USER IF EXISTS {}", user))?)
                } else {
                    None
                },
            })?;
            rendered(&RemoveExisting { body })
        }
    }
}
