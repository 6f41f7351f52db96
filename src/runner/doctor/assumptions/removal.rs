//! The assumptions of a removal: short-lived procedures that execute statements, and default privileges.

use super::super::assumption::{Affects, Assumption, Needs, expect, procedure, run};

pub(super) fn assumptions() -> [Assumption; 5] {
    [
        Assumption {
            id: "execute-default-privileges",
            title: "a procedure can EXECUTE ALTER DEFAULT PRIVILEGES",
            meaning: "a setup in an existing database cannot be removed after a failure",
            needs: Needs::Schemas,
            affects: Affects::Setup,
            steps: vec![
                run("CREATE SCHEMA {name}"),
                run("ALTER DEFAULT PRIVILEGES IN SCHEMA {name} GRANT EXECUTE ON FUNCTIONS TO PUBLIC"),
                procedure(
                    "BEGIN\n    EXECUTE 'ALTER DEFAULT PRIVILEGES IN SCHEMA {name} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC';\nEND;",
                    "",
                ),
                run("CALL {name}.p()"),
            ],
        },
        Assumption {
            id: "execute-revoke",
            title: "a procedure can EXECUTE REVOKE",
            meaning: "a setup in an existing database cannot be removed after a failure",
            needs: Needs::Schemas,
            affects: Affects::Setup,
            steps: vec![
                run("CREATE SCHEMA {name}"),
                run("GRANT USAGE ON SCHEMA {name} TO PUBLIC"),
                procedure(
                    "BEGIN\n    EXECUTE 'REVOKE ALL PRIVILEGES ON SCHEMA {name} FROM PUBLIC';\nEND;",
                    "",
                ),
                run("CALL {name}.p()"),
            ],
        },
        Assumption {
            id: "execute-drop-group",
            title: "a procedure can EXECUTE DROP GROUP",
            meaning: "a setup with impersonation cannot be removed after a failure",
            needs: Needs::Groups,
            affects: Affects::Impersonation,
            steps: vec![
                run("CREATE SCHEMA {name}"),
                run("CREATE GROUP \"{name}\""),
                procedure("BEGIN\n    EXECUTE 'DROP GROUP \"{name}\"';\nEND;", ""),
                run("CALL {name}.p()"),
                expect("SELECT COUNT(*) FROM pg_catalog.pg_group WHERE groname = '{name}'", "0"),
            ],
        },
        Assumption {
            id: "default-privileges-leave-no-entry",
            title: "revoked default privileges leave no entry in the catalog",
            meaning: "a user with such an entry cannot be dropped, so a removal first grants the user's own default privileges again",
            needs: Needs::Nothing,
            affects: Affects::Nothing,
            steps: vec![
                run("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC"),
                run("ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM PUBLIC"),
                expect(
                    "SELECT COUNT(*) FROM pg_catalog.pg_default_acl d, pg_catalog.pg_user u\n\
                     WHERE u.usesysid = d.defacluser AND u.usename = CURRENT_USER AND d.defaclnamespace = 0\n\
                     AND d.defaclobjtype = 'r' AND COALESCE(array_to_string(d.defaclacl, ','), '') = ''",
                    "0",
                ),
            ],
        },
        Assumption {
            id: "drop-user-after-default-privileges",
            title: "a user whose default privileges were revoked and granted again can be dropped",
            meaning: "a setup in an existing database cannot be removed, because its account cannot be dropped",
            needs: Needs::Users,
            affects: Affects::Setup,
            steps: vec![
                run("CREATE SCHEMA {name}"),
                run("CREATE USER {name} PASSWORD DISABLE"),
                run("GRANT CREATE, USAGE ON SCHEMA {name} TO {name}"),
                run(
                    "ALTER DEFAULT PRIVILEGES FOR USER {name} IN SCHEMA {name} GRANT EXECUTE ON FUNCTIONS TO PUBLIC",
                ),
                run("ALTER DEFAULT PRIVILEGES FOR USER {name} GRANT SELECT ON TABLES TO PUBLIC"),
                run("ALTER DEFAULT PRIVILEGES FOR USER {name} REVOKE SELECT ON TABLES FROM PUBLIC"),
                run("ALTER DEFAULT PRIVILEGES FOR USER {name} GRANT ALL PRIVILEGES ON TABLES TO {name}"),
                run(
                    "ALTER DEFAULT PRIVILEGES FOR USER {name} IN SCHEMA {name} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
                ),
                run("DROP SCHEMA {name} CASCADE"),
                run("DROP USER {name}"),
            ],
        },
    ]
}
