//! The assumptions of what policies read and call: the view and the function.

use super::super::assumption::{Affects, Assumption, Needs, Step, expect, run};
use crate::script::{Function, ScriptError, function_body};

pub(super) fn assumptions() -> Result<[Assumption; 3], ScriptError> {
    Ok([
        Assumption {
            id: "limit-in-view",
            title: "a view can have LIMIT 2147483647",
            meaning: "the view `immuta_system.user_profile` cannot be created",
            needs: Needs::Schemas,
            affects: Affects::Setup,
            steps: limit_steps("SELECT COUNT(*) FROM {name}.v"),
        },
        Assumption {
            id: "limit-protects-rows",
            title: "the predicates of a query are evaluated after the LIMIT of a view",
            meaning: "errors in a user's predicates can reveal values from the rows of other users",
            needs: Needs::Schemas,
            affects: Affects::Setup,
            steps: limit_steps("SELECT COUNT(*) FROM {name}.v WHERE 1 / LENGTH(word) > 0"),
        },
        Assumption {
            id: "qualified-chr",
            title: "a SQL function that calls pg_catalog.chr can be used in a query of a table",
            meaning: "policies cannot call `immuta_functions.list_contains`",
            needs: Needs::Schemas,
            affects: Affects::Setup,
            steps: vec![
                run("CREATE SCHEMA {name}"),
                run("CREATE TABLE {name}.t (list VARCHAR(65535))"),
                run("INSERT INTO {name}.t VALUES (chr(31) || 'a' || chr(31) || 'b' || chr(31))"),
                run(format!(
                    "CREATE FUNCTION {{name}}.f(VARCHAR(65535), VARCHAR(65535))\nRETURNS BOOLEAN\nIMMUTABLE\nAS {}\n\
                     LANGUAGE sql",
                    function_body(Function::ListContains)?
                )),
                expect(
                    "SELECT COUNT(*) FROM {name}.t WHERE {name}.f(list, 'b') AND NOT {name}.f(list, 'c')",
                    "1",
                ),
            ],
        },
    ])
}

/// A view over a table with a row that it hides.
fn limit_steps(query: &str) -> Vec<Step> {
    vec![
        run("CREATE SCHEMA {name}"),
        run("CREATE TABLE {name}.t (word VARCHAR(64))"),
        run("INSERT INTO {name}.t VALUES ('a'), ('')"),
        run("CREATE VIEW {name}.v AS SELECT t.word FROM {name}.t t WHERE t.word = 'a' LIMIT 2147483647"),
        expect(query, "1"),
    ]
}
