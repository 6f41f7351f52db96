//! The assumptions of impersonation.

use super::super::assumption::{Affects, Assumption, Needs, expect, procedure, run};

pub(super) fn assumptions() -> [Assumption; 3] {
    [
        Assumption {
            id: "session-variable-survives-call",
            title: "a session variable that a SECURITY DEFINER procedure sets is still set after the call",
            meaning: "impersonation has no effect: users see their own data",
            needs: Needs::Schemas,
            affects: Affects::Impersonation,
            steps: vec![
                run("CREATE SCHEMA {name}"),
                procedure(
                    "DECLARE\n    word VARCHAR(64);\nBEGIN\n    word := 'set';\n    \
                     SELECT SET_CONFIG('bootshift.{name}', word, FALSE) INTO word;\nEND;",
                    "\nSECURITY DEFINER",
                ),
                run("CALL {name}.p()"),
                expect("SELECT CURRENT_SETTING('bootshift.{name}', FALSE)", "set"),
            ],
        },
        Assumption {
            id: "session-variable-in-view",
            title: "a view of a table can read session variables, and an undefined variable is NULL",
            meaning: "with impersonation, the view `immuta_system.user_profile` does not work",
            needs: Needs::Schemas,
            affects: Affects::Impersonation,
            steps: vec![
                run("CREATE SCHEMA {name}"),
                run("CREATE TABLE {name}.t (word VARCHAR(64))"),
                run("INSERT INTO {name}.t VALUES ('set'), ('')"),
                run(
                    "CREATE VIEW {name}.v AS SELECT t.word, CURRENT_SETTING('bootshift.{name}', FALSE) AS variable FROM {name}.t t\n\
                     WHERE t.word = CURRENT_SETTING('bootshift.{name}', FALSE) OR CURRENT_SETTING('bootshift.{name}', FALSE) IS NULL",
                ),
                expect("SELECT COUNT(*) FROM {name}.v WHERE variable IS NULL", "2"),
                run("SELECT SET_CONFIG('bootshift.{name}', 'set', FALSE)"),
                expect("SELECT COUNT(*) FROM {name}.v WHERE word = variable", "1"),
            ],
        },
        Assumption {
            id: "random-in-procedure",
            title: "RANDOM() and pg_backend_pid() work in a procedure",
            meaning: "impersonation does not work: a call of `impersonate_user` fails",
            needs: Needs::Schemas,
            affects: Affects::Impersonation,
            steps: vec![
                run("CREATE SCHEMA {name}"),
                run("CREATE TABLE {name}.t (session_word VARCHAR(64))"),
                procedure(
                    "DECLARE\n    word VARCHAR(64);\nBEGIN\n    word := CAST(pg_backend_pid() AS VARCHAR(16)) || '-'\n        \
                     || CAST(CAST(RANDOM() * 1000000000000000 AS BIGINT) AS VARCHAR(16));\n    \
                     INSERT INTO {name}.t (session_word) VALUES (word);\nEND;",
                    "\nSECURITY DEFINER",
                ),
                run("CALL {name}.p()"),
                expect("SELECT COUNT(*) FROM {name}.t WHERE POSITION('-' IN session_word) > 1", "1"),
            ],
        },
    ]
}
