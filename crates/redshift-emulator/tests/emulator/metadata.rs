//! Metadata security.

use redshift_emulator::Options;

use super::{log_in, rows, run, start};

#[tokio::test]
async fn metadata_security_hides_objects_without_privileges() {
    for metadata_security in [false, true] {
        let (emulator, client) = start(Options { metadata_security, ..Options::default() }).await;
        run(
            &client,
            &[
                "CREATE USER u PASSWORD 'Abcdefg1'",
                "CREATE USER other PASSWORD DISABLE",
                "CREATE GROUP g WITH USER u",
                "CREATE SCHEMA closed",
                "CREATE TABLE closed.t (a INTEGER)",
                "CREATE SCHEMA opened",
                "GRANT USAGE ON SCHEMA opened TO GROUP g",
                "CREATE TABLE opened.t (a INTEGER)",
                "CREATE TABLE opened.granted (a INTEGER)",
                "GRANT SELECT ON opened.granted TO u",
                "CREATE PROCEDURE closed.p() AS $$ BEGIN END $$ LANGUAGE plpgsql",
                "CREATE DATABASE closed_database",
                "REVOKE ALL ON DATABASE closed_database FROM PUBLIC",
            ],
        )
        .await;
        let user = log_in(&emulator, "u", "Abcdefg1").await.expect("a session");
        for (query, all, own) in [
            ("SELECT usename FROM pg_user WHERE usename <> 'rdsdb' ORDER BY 1", "awsuser other u", "u"),
            (
                "SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname IN ('closed', 'opened') ORDER BY 1",
                "closed opened",
                "opened",
            ),
            (
                "SELECT schema_name FROM svv_redshift_schemas WHERE schema_name LIKE '%ed' ORDER BY 1",
                "closed opened",
                "opened",
            ),
            (
                "SELECT c.relname FROM pg_class c WHERE c.relname IN ('t', 'granted') ORDER BY 1",
                "granted t t",
                "granted",
            ),
            (
                "SELECT tablename FROM pg_tables WHERE tablename IN ('t', 'granted') ORDER BY 1",
                "granted t t",
                "granted",
            ),
            (
                "SELECT DISTINCT attname FROM pg_attribute WHERE attrelid IN (SELECT oid FROM pg_class WHERE relname = 't') AND attname = 'a'",
                "a",
                "",
            ),
            ("SELECT proname FROM pg_proc WHERE proname = 'p'", "p", ""),
            (
                "SELECT datname FROM pg_database WHERE datname IN ('dev', 'closed_database') ORDER BY 1",
                "closed_database dev",
                "dev",
            ),
        ] {
            assert_eq!(rows(&client, query).await.join(" "), all, "{query}");
            let expected = if metadata_security { own } else { all };
            assert_eq!(rows(&user, query).await.join(" "), expected, "{query}: {metadata_security}");
        }
    }
}
