//! Privileges that PostgreSQL does not have, and default privileges that remain.

use redshift_emulator::Options;
use tokio_postgres::Client;

use super::rules::outcome;
use super::{log_in, rows, run, start};

async fn user(emulator: &redshift_emulator::Emulator, name: &str) -> Client {
    log_in(emulator, name, "Abcdefg1").await.expect("a session")
}

#[tokio::test]
async fn all_on_a_schema_includes_renaming_and_dropping_it() {
    let (emulator, client) = start(Options::default()).await;
    run(
        &client,
        &[
            "CREATE USER \"Un\" PASSWORD 'Abcdefg1'",
            "CREATE GROUP g WITH USER \"Un\"",
            "GRANT CREATE ON DATABASE dev TO \"Un\"",
            "CREATE SCHEMA s",
            "CREATE TABLE s.t (a INTEGER)",
            "GRANT CREATE, USAGE ON SCHEMA s TO \"Un\"",
        ],
    )
    .await;
    let un = user(&emulator, "Un").await;
    let holds = "SELECT has_schema_privilege('Un', 's', 'drop') AND pg_catalog.has_schema_privilege(u.usename, n.nspname, 'ALTER') \
                 FROM pg_user u, pg_namespace n WHERE u.usename = 'Un' AND n.nspname = 's'";
    let privileges = "SELECT privilege_type FROM svv_schema_privileges WHERE namespace_name = 's' ORDER BY 1";
    for (grant, revoke) in [
        ("GRANT ALL ON SCHEMA s TO \"Un\"", "REVOKE ALL ON SCHEMA s FROM \"Un\""),
        (
            "GRANT ALL PRIVILEGES ON SCHEMA s TO GROUP g",
            "REVOKE DROP, ALTER, CREATE ON SCHEMA s FROM GROUP g",
        ),
        ("GRANT DROP, USAGE, ALTER ON SCHEMA s TO PUBLIC", "REVOKE ALL PRIVILEGES ON SCHEMA s FROM PUBLIC"),
        ("GRANT ALTER, DROP ON SCHEMA s TO \"Un\"", "REVOKE ALTER, DROP ON SCHEMA s FROM \"Un\""),
        ("CALL public.grant_all()", "CALL public.revoke_all()"),
        ("CALL public.grant_dynamic()", "CALL public.revoke_dynamic()"),
    ] {
        run(
            &client,
            &[
                "CREATE OR REPLACE PROCEDURE public.grant_all() AS $$ BEGIN GRANT ALL ON SCHEMA s TO \"Un\"; END $$ LANGUAGE plpgsql",
                "CREATE OR REPLACE PROCEDURE public.revoke_all() AS $$ BEGIN REVOKE ALL ON SCHEMA s FROM \"Un\"; END $$ LANGUAGE plpgsql",
                "CREATE OR REPLACE PROCEDURE public.grant_dynamic() AS $$ BEGIN EXECUTE 'GRANT ALL ON SCHEMA \"S\" TO \"Un\"'; END $$ LANGUAGE plpgsql",
                "CREATE OR REPLACE PROCEDURE public.revoke_dynamic() AS $$ BEGIN EXECUTE 'REVOKE ALL PRIVILEGES ON SCHEMA \"s\" FROM \"Un\"'; END $$ LANGUAGE plpgsql",
                "GRANT CREATE, USAGE ON SCHEMA s TO \"Un\"",
            ],
        )
        .await;
        for sql in ["ALTER SCHEMA s RENAME TO t", "DROP SCHEMA s CASCADE"] {
            assert_eq!(outcome(&un, sql).await.as_deref(), Some("42501"), "before {grant}: {sql}");
        }
        assert_eq!(rows(&client, holds).await, ["f"], "before {grant}");
        run(&client, &[grant]).await;
        assert_eq!(rows(&client, holds).await, ["t"], "{grant}");
        let shown = rows(&client, privileges).await.join(" ");
        assert!(shown.contains("ALTER") && shown.contains("DROP"), "{grant}: {shown}");
        run(
            &un,
            &[
                "ALTER SCHEMA s RENAME TO t",
                "ALTER SCHEMA t RENAME TO s",
                "BEGIN",
                "DROP SCHEMA s CASCADE",
                "ROLLBACK",
            ],
        )
        .await;
        let owner = "SELECT u.usename FROM pg_namespace n JOIN pg_user u ON u.usesysid = n.nspowner WHERE nspname = 's'";
        assert_eq!(rows(&client, owner).await, ["awsuser"], "{grant}");
        run(&client, &[revoke]).await;
        let shown = rows(&client, privileges).await.join(" ");
        assert!(!shown.contains("ALTER") && !shown.contains("DROP"), "{revoke}: {shown}");
    }
    run(&client, &["GRANT ALL ON SCHEMA s TO \"Un\""]).await;
    run(&un, &["DROP SCHEMA s CASCADE"]).await;
    assert!(rows(&client, "SELECT 1 FROM pg_namespace WHERE nspname = 's'").await.is_empty());
}

#[tokio::test]
async fn all_on_a_table_includes_altering_and_dropping_it() {
    let (emulator, client) = start(Options::default()).await;
    run(
        &client,
        &[
            "CREATE USER u PASSWORD 'Abcdefg1'",
            "CREATE TABLE public.t (a INTEGER)",
            "GRANT SELECT, TRUNCATE ON public.t TO u",
        ],
    )
    .await;
    let u = user(&emulator, "u").await;
    run(&u, &["TRUNCATE public.t"]).await;
    for sql in ["ALTER TABLE public.t ADD COLUMN b INTEGER", "DROP TABLE public.t"] {
        assert_eq!(outcome(&u, sql).await.as_deref(), Some("42501"), "{sql}");
    }
    run(&client, &["GRANT ALTER ON TABLE t TO u"]).await;
    run(&u, &["ALTER TABLE public.t ADD COLUMN b INTEGER"]).await;
    let holds = "SELECT has_table_privilege('public.t', 'ALTER') AND NOT has_table_privilege('u', 'public.t', 'DROP')";
    assert_eq!(rows(&u, holds).await, ["t"]);
    let error = outcome(&u, "SELECT has_table_privilege('public.none', 'ALTER')").await;
    assert_eq!(error.as_deref(), Some("42P01"));
    assert_eq!(outcome(&u, "DROP TABLE public.t").await.as_deref(), Some("42501"));
    run(&client, &["GRANT ALL ON ALL TABLES IN SCHEMA public TO u"]).await;
    run(&u, &["DROP TABLE public.t"]).await;
    // Accepted, though it has no effect here.
    run(
        &client,
        &[
            "GRANT ALTER ON DATABASE dev TO u",
            "GRANT USAGE, TEMP ON DATABASE dev TO u",
            "REVOKE ALTER ON DATABASE dev FROM u",
        ],
    )
    .await;
}

/// A user with revoked default privileges cannot be dropped until his own are granted back.
#[tokio::test]
async fn revoked_default_privileges_remain() {
    for default_privileges_remain in [false, true] {
        let (_emulator, client) = start(Options { default_privileges_remain, ..Options::default() }).await;
        let entries = "SELECT COUNT(*) FROM pg_default_acl WHERE array_to_string(defaclacl, ',') = ''";
        for (kind, remedy) in [
            ("SELECT ON TABLES", "GRANT ALL ON TABLES TO u"),
            ("EXECUTE ON FUNCTIONS", "GRANT ALL ON FUNCTIONS TO u, PUBLIC"),
        ] {
            for place in ["", "IN SCHEMA public "] {
                let alter = format!("ALTER DEFAULT PRIVILEGES FOR USER u {place}");
                let revoke = format!("{alter}REVOKE {kind} FROM GROUP \"g\"");
                run(
                    &client,
                    &[
                        "CREATE USER u PASSWORD DISABLE",
                        "CREATE GROUP g",
                        &format!("{alter}GRANT {kind} TO GROUP g"),
                        &format!("CREATE OR REPLACE PROCEDURE public.p() AS $$ BEGIN EXECUTE '{revoke}'; END $$ LANGUAGE plpgsql"),
                        "CALL public.p()",
                    ],
                )
                .await;
                if default_privileges_remain {
                    assert_eq!(rows(&client, entries).await, ["1"], "{revoke}");
                    let error = client.simple_query("DROP USER u").await.expect_err("default privileges");
                    let error = error.as_db_error().expect("an error of the server");
                    let detail = error.detail().unwrap_or_default();
                    assert_eq!(error.code().code(), "55006", "{revoke}");
                    assert!(detail.starts_with("owner of default privileges on new "), "{detail}");
                    assert!(detail.contains("belonging to user u"), "{detail}");
                    run(&client, &[&format!("{alter}{remedy}")]).await;
                }
                assert_eq!(rows(&client, "SELECT COUNT(*) FROM pg_default_acl").await, ["0"], "{revoke}");
                run(&client, &["DROP USER u", "DROP GROUP g"]).await;
            }
        }
    }
}
