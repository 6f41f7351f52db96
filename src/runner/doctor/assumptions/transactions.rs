//! The assumptions of how the runner sends statements.

use super::super::assumption::{Affects, Assumption, Needs, Step, expect, procedure, run};

pub(super) fn assumptions() -> [Assumption; 3] {
    [
        Assumption {
            id: "one-transaction",
            title: "CREATE SCHEMA, CREATE PROCEDURE, CALL and DROP SCHEMA CASCADE work in one transaction",
            meaning: "`apply`, `remove` and the scripts for a removal do not work: they use short-lived procedures to check \
                      and remove a setup",
            needs: Needs::Schemas,
            affects: Affects::Setup,
            steps: vec![
                run("CREATE SCHEMA {name}"),
                procedure("BEGIN RETURN; END;", ""),
                run("CALL {name}.p()"),
                run("DROP SCHEMA {name} CASCADE"),
                expect("SELECT COUNT(*) FROM pg_catalog.pg_namespace WHERE nspname = '{name}'", "0"),
            ],
        },
        Assumption {
            id: "several-statements",
            title: "several statements can be sent in one message",
            meaning: "`apply`, `status` and `remove` do not work: they send several statements in one message",
            needs: Needs::Schemas,
            affects: Affects::Setup,
            steps: vec![Step::ExpectTogether {
                statements: &[
                    "ROLLBACK",
                    "BEGIN",
                    "CREATE SCHEMA {name}",
                    "CREATE TABLE {name}.t (i INTEGER)",
                    "INSERT INTO {name}.t VALUES (7)",
                    "SELECT i FROM {name}.t",
                ],
                value: "7",
            }],
        },
        Assumption {
            id: "lock-table",
            title: "LOCK TABLE works in a transaction",
            meaning: "`apply` and `remove` do not work: they use it to prevent concurrent runs on the same setup",
            needs: Needs::Schemas,
            affects: Affects::Setup,
            steps: vec![
                run("CREATE SCHEMA {name}"),
                run("CREATE TABLE {name}.t (i INTEGER)"),
                run("LOCK TABLE {name}.t"),
            ],
        },
    ]
}
