//! Each rule of the emulator, with statements that it rejects and accepts.

use super::{connect_to, log_in, rows};
use redshift_emulator::{DATABASE, Emulator, Options, PASSWORD, SUPERUSER};

/// The SQLSTATE of the error, if any.
pub(crate) async fn outcome(client: &tokio_postgres::Client, sql: &str) -> Option<String> {
    let error = client.simple_query(sql).await.err()?;
    Some(error.code().map_or_else(|| format!("{error:?}"), |code| code.code().to_owned()))
}

/// Statements that are rejected, with the SQLSTATE.
const REFUSED: &[(&str, &str)] = &[
    // escape-strings
    (r"SELECT E'a'", "42704"),
    // commands
    ("DO $$ BEGIN END $$", "42601"),
    ("REASSIGN OWNED BY awsuser TO awsuser", "42601"),
    ("LISTEN x", "42601"),
    ("SAVEPOINT a", "0A000"),
    ("CREATE INDEX i ON t (a)", "0A000"),
    ("CREATE SEQUENCE s", "0A000"),
    // if-exists
    ("CREATE USER IF NOT EXISTS u PASSWORD DISABLE", "42601"),
    ("CREATE GROUP IF NOT EXISTS g", "42601"),
    ("CREATE DATABASE IF NOT EXISTS d", "42601"),
    ("DROP DATABASE IF EXISTS d", "42601"),
    ("DROP GROUP IF EXISTS g", "42601"),
    ("DROP PROCEDURE IF EXISTS p()", "42601"),
    // databases
    ("CREATE DATABASE d TEMPLATE template0", "42601"),
    ("DROP DATABASE dev", "42501"),
    ("DROP DATABASE d WITH (FORCE)", "42601"),
    // users
    ("CREATE USER u", "42601"),
    ("CREATE USER u PASSWORD 'short'", "22023"),
    ("CREATE USER u LOGIN PASSWORD DISABLE", "42601"),
    ("CREATE USER u PASSWORD DISABLE SESSION TIMEOUT 5", "22023"),
    ("CREATE USER \"PUBLIC\" PASSWORD DISABLE", "42939"),
    // groups
    ("CREATE GROUP __g", "42939"),
    ("DROP GROUP a, b", "42601"),
    // privileges
    ("GRANT CONNECT ON DATABASE dev TO PUBLIC", "42601"),
    ("GRANT awsuser TO awsuser", "42601"),
    ("GRANT SELECT ON t TO GROUP g WITH GRANT OPTION", "0LP01"),
    ("GRANT USAGE ON SEQUENCE s TO PUBLIC", "42601"),
    ("ALTER DEFAULT PRIVILEGES FOR ROLE awsuser GRANT SELECT ON TABLES TO PUBLIC", "42601"),
    ("ALTER DEFAULT PRIVILEGES GRANT SELECT ON SEQUENCES TO PUBLIC", "42601"),
    // types
    ("CREATE TABLE t (a SERIAL)", "0A000"),
    ("CREATE TABLE t (a JSONB)", "0A000"),
    ("CREATE TABLE t (a INTEGER[])", "42601"),
    ("CREATE TABLE t (a VARCHAR(65536))", "22023"),
    ("CREATE TABLE t (a INTEGER CHECK (a > 0))", "0A000"),
    // reserved-words
    ("CREATE SCHEMA tag", "42601"),
    ("CREATE TABLE t (snapshot INTEGER)", "42601"),
    ("CREATE GROUP language", "42601"),
    // functions
    ("CREATE FUNCTION f(a INTEGER) RETURNS INTEGER STABLE AS $$ SELECT $1 $$ LANGUAGE sql", "42601"),
    ("CREATE FUNCTION f(INTEGER) RETURNS INTEGER AS $$ SELECT $1 $$ LANGUAGE sql", "42601"),
    ("CREATE FUNCTION f(INTEGER) RETURNS INTEGER STABLE AS $$ SELECT 1 FROM t $$ LANGUAGE sql", "0A000"),
    ("CREATE FUNCTION f(INTEGER) RETURNS INTEGER STABLE AS $$ 1 $$ LANGUAGE plpythonu", "0A000"),
    // procedures
    ("CREATE PROCEDURE p() NONATOMIC AS $$ BEGIN END $$ LANGUAGE plpgsql SECURITY DEFINER", "0A000"),
    ("CREATE PROCEDURE p() AS $$ BEGIN CREATE DATABASE d; END $$ LANGUAGE plpgsql", "0A000"),
    ("CREATE PROCEDURE p() AS $$ BEGIN SET LOCAL search_path TO a; END $$ LANGUAGE plpgsql", "0A000"),
    ("CREATE PROCEDURE p() AS $$ BEGIN EXECUTE 'SELECT $1' USING 1; END $$ LANGUAGE plpgsql", "42601"),
    // views
    ("CREATE VIEW v AS SELECT 1 AS a FROM t WITH NO SCHEMA BINDING", "42601"),
    // leader-node
    ("SELECT has_schema_privilege('awsuser', 'public', 'USAGE') FROM stv_sessions", "0A000"),
    ("SELECT now() FROM public.t", "0A000"),
    ("SELECT SUBSTR(a.a, 1) FROM public.t a", "0A000"),
    ("SELECT LOG(a.a) FROM public.t a", "0A000"),
    ("SELECT 1 FROM public.t a, pg_catalog.pg_group g WHERE a.a = ANY (g.grolist)", "0A000"),
    ("SELECT * FROM public.t a JOIN pg_catalog.pg_user u ON u.usename = a.a", "0A000"),
    ("SELECT c.relacl FROM public.t a JOIN pg_class c ON c.relname = a.a", "0A000"),
    ("SELECT 1 FROM public.t a JOIN pg_default_acl d ON d.defacluser = a.a", "0A000"),
    ("SELECT pg_get_viewdef(c.oid) FROM public.t a JOIN pg_class c ON c.relname = a.a", "0A000"),
    // catalogs
    ("SELECT 1 FROM pg_catalog.pg_authid", "42P01"),
    ("SELECT prokind FROM pg_catalog.pg_proc", "42703"),
    ("SELECT defaclrole FROM pg_catalog.pg_default_acl", "42703"),
    ("SELECT pg_advisory_lock(1)", "42883"),
    ("SELECT string_agg(usename, ',') FROM pg_user", "42883"),
    // manipulation
    ("INSERT INTO public.t VALUES (1) RETURNING 1", "42601"),
    ("LOCK TABLE public.t IN SHARE MODE", "42601"),
    // parameters
    ("SET standard_conforming_strings TO on", "42704"),
    ("SHOW standard_conforming_strings", "42704"),
    ("SET extra_float_digits TO 3", "22023"),
    ("SELECT current_setting('server_version_num')", "42704"),
    ("SHOW max_failed_login_attempts", "42704"),
    ("SHOW USER LOCKOUT", "42601"),
    ("DEALLOCATE ALL", "42601"),
    // session context variables
    ("SELECT current_setting('app.name')", "42704"),
    ("SELECT current_setting('app.' || 'user', FALSE)", "0A000"),
    ("SELECT set_config(usename, 'a', FALSE) FROM pg_user", "0A000"),
    ("SELECT current_setting('timezone', FALSE)", "0A000"),
    ("SELECT set_config('app.a.b', 'a', FALSE)", "42704"),
    ("SELECT set_config('emulator.kind', 'a', FALSE)", "42704"),
    ("SET \"app\".\"user\" TO 'a'", "42601"),
    // transactions
    ("SELECT 1; CREATE DATABASE d", "25001"),
    // lengths
    ("CREATE SCHEMA \"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg\"", "42622"),
];

/// The loser of a race for a table waits for the winner, and does not see its table; a later one does.
#[tokio::test]
async fn loser_of_a_race_for_a_table_gets_23505_or_42p07() {
    let emulator = Emulator::start(Options::default()).expect("an emulator");
    let (winner, loser) = (connect_to(&emulator, DATABASE).await, connect_to(&emulator, DATABASE).await);
    let create = "CREATE TABLE public.run AS SELECT 1 AS a";
    rows(&winner, "BEGIN").await;
    rows(&winner, create).await;
    let commit = async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        rows(&winner, "COMMIT").await
    };
    let (raced, _) = tokio::join!(outcome(&loser, create), commit);
    assert_eq!(raced.as_deref(), Some("23505"));
    assert_eq!(outcome(&loser, create).await.as_deref(), Some("42P07"));
}

#[tokio::test]
async fn unsupported_features_are_rejected() {
    let emulator = Emulator::start(Options::default()).expect("an emulator");
    let client = connect_to(&emulator, DATABASE).await;
    for (sql, sqlstate) in REFUSED {
        assert_eq!(outcome(&client, sql).await.as_deref(), Some(*sqlstate), "{sql}");
        // The error does not affect the session.
        assert_eq!(rows(&client, "SELECT 1").await, ["1"], "{sql}");
    }
}

/// Statements that run, with the result of a query afterwards.
const TRANSLATED: &[(&str, &str, &str)] = &[
    ("SELECT 1", r"SELECT '\\' || 'a\'b'", r"\a'b"),
    ("CREATE SCHEMA \"MiXed\"", "SELECT nspname FROM pg_namespace WHERE nspname = 'mixed'", "mixed"),
    (
        "CREATE USER \"MiXed\" PASSWORD DISABLE",
        "SELECT usename FROM pg_user WHERE usename = 'MiXed'",
        "MiXed",
    ),
    ("CREATE GROUP \"GrouP\" WITH USER \"MiXed\"", "SELECT groname FROM pg_group", "group"),
    ("ALTER GROUP \"group\" RENAME TO \"MiXed\"", "SELECT groname FROM pg_group", "mixed"),
    (
        "CREATE USER u PASSWORD 'Abcdefg1' NOCREATEDB NOCREATEUSER SYSLOG ACCESS RESTRICTED IN GROUP mixed \
         CONNECTION LIMIT UNLIMITED SESSION TIMEOUT 60",
        "SELECT useconnlimit FROM pg_user_info WHERE usename = 'u'",
        "UNLIMITED",
    ),
    (
        "CREATE DATABASE other OWNER u COLLATE CASE_SENSITIVE CONNECTION LIMIT 5 ISOLATION LEVEL SNAPSHOT",
        "SELECT datconnlimit FROM pg_database_info WHERE datname = 'other'",
        "5",
    ),
    (
        "REVOKE ALL ON DATABASE other FROM PUBLIC",
        "SELECT has_database_privilege('u', 'other', 'CREATE')",
        "t",
    ),
    (
        "DROP DATABASE other FORCE",
        "SELECT count(*) FROM svv_redshift_databases WHERE database_name = 'other'",
        "0",
    ),
    (
        "CREATE TABLE public.t (a BIGINT IDENTITY(5,2) ENCODE az64, b VARCHAR(MAX), c VARCHAR) BACKUP NO DISTSTYLE KEY \
         DISTKEY(a) COMPOUND SORTKEY(a)",
        "SELECT table_type FROM svv_redshift_tables WHERE table_name = 't'",
        "TABLE",
    ),
    ("INSERT INTO public.t (b) VALUES ('x')", "SELECT a FROM public.t", "5"),
    ("CREATE VIEW public.v AS SELECT b FROM public.t WITH NO SCHEMA BINDING", "SELECT b FROM public.v", "x"),
    (
        "CREATE PROCEDURE public.p(n VARCHAR) NONATOMIC AS $$ BEGIN EXECUTE 'ALTER GROUP \"MIXED\" ADD USER ' || n; END $$ \
         LANGUAGE plpgsql",
        "SELECT count(*) FROM svv_function_privileges WHERE function_name = 'p'",
        "0",
    ),
    (
        "CALL public.p('awsuser')",
        "SELECT count(*) FROM pg_user u, pg_group g WHERE u.usesysid = ANY (g.grolist)",
        "3",
    ),
    (
        "SELECT 1",
        "SELECT prosrc FROM pg_catalog.pg_proc WHERE proname = 'p'",
        " BEGIN EXECUTE 'ALTER GROUP \"MIXED\" ADD USER ' || n; END ",
    ),
    (
        "ALTER DEFAULT PRIVILEGES FOR USER \"MiXed\" GRANT EXECUTE ON PROCEDURES TO GROUP mixed",
        "SELECT grantee_type FROM svv_default_privileges",
        "group",
    ),
    ("SET enable_case_sensitive_identifier TO true", "SHOW enable_case_sensitive_identifier", "true"),
    ("CREATE SCHEMA \"KeptAsIs\"", "SELECT nspname FROM pg_namespace WHERE nspname = 'KeptAsIs'", "KeptAsIs"),
    ("RESET enable_case_sensitive_identifier", "SHOW enable_case_sensitive_identifier", "off"),
    ("SHOW query_group", "SELECT current_setting('query_group')", "unset"),
    ("SELECT 1", "SHOW server_version", "8.0.2"),
    ("SELECT 1", "SHOW TRANSACTION ISOLATION LEVEL", "serializable"),
    ("SELECT 1", "SELECT current_setting('app.name', FALSE)", "NULL"),
    ("SELECT set_config('app.name', 'ann', FALSE)", "SELECT current_setting('app.name', TRUE)", "ann"),
    ("SET app.name TO 'bob'", "SHOW app.name", "bob"),
    ("SELECT 1", "SELECT v.b FROM public.v WHERE v.b = current_setting('app.none', FALSE) OR v.b = 'x'", "x"),
    (
        "CREATE VIEW public.settings AS SELECT current_setting('app.one', FALSE) AS a, current_setting('app.two', TRUE) AS b",
        "SELECT REPLACE(pg_get_viewdef(oid), chr(10), '') FROM pg_class WHERE relname = 'settings'",
        " SELECT current_setting('app.one'::text, false) AS a,    current_setting('app.two'::text, true) AS b;",
    ),
    ("SELECT 1", "SELECT b.b FROM public.t b JOIN pg_catalog.pg_user u ON u.usename = CURRENT_USER", "x"),
    ("SELECT 1", "SELECT COUNT(*) FROM public.t b, pg_namespace n WHERE n.nspname = b.b", "0"),
    (
        "SELECT 1",
        "SELECT CASE WHEN sysdate > '2020-01-01' THEN sha2('', 256) END",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ),
];

#[tokio::test]
async fn redshift_syntax_is_translated_to_postgresql() {
    let emulator = Emulator::start(Options::default()).expect("an emulator");
    let client = connect_to(&emulator, DATABASE).await;
    for (sql, question, answer) in TRANSLATED {
        assert_eq!(outcome(&client, sql).await, None, "{sql}");
        assert_eq!(rows(&client, question).await, [*answer], "{question}");
    }
    // Redshift's messages for a user without a password, and for dropping a user with privileges.
    assert!(log_in(&emulator, "MiXed", "").await.is_err());
    let error = client.simple_query("DROP USER \"MiXed\"").await.expect_err("privileges");
    assert_eq!(error.code().map(tokio_postgres::error::SqlState::code), Some("55006"));
    assert!(log_in(&emulator, SUPERUSER, PASSWORD).await.is_ok());
}

#[tokio::test]
async fn rejected_statement_aborts_the_transaction() {
    let emulator = Emulator::start(Options::default()).expect("an emulator");
    let client = connect_to(&emulator, DATABASE).await;
    for sql in ["CREATE GROUP g", "CREATE SCHEMA s", "BEGIN"] {
        assert_eq!(outcome(&client, sql).await, None, "{sql}");
    }
    assert_eq!(outcome(&client, "GRANT USAGE ON SCHEMA s TO g").await.as_deref(), Some("42704"));
    assert_eq!(outcome(&client, "SELECT 1").await.as_deref(), Some("25P02"));
    assert_eq!(outcome(&client, "ROLLBACK").await, None);
    assert_eq!(outcome(&client, "BEGIN").await, None);
    assert_eq!(outcome(&client, "LISTEN x").await.as_deref(), Some("42601"));
    assert_eq!(outcome(&client, "SELECT 1").await.as_deref(), Some("25P02"));
}

/// Also in a procedure, where scripts drop users that may not exist.
#[tokio::test]
async fn user_with_dependents_is_not_dropped_in_a_procedure() {
    let emulator = Emulator::start(Options::default()).expect("an emulator");
    let client = connect_to(&emulator, DATABASE).await;
    for sql in [
        "CREATE USER \"MiXed\" PASSWORD DISABLE",
        "CREATE GROUP g",
        "CREATE TABLE public.t (a INTEGER)",
        "ALTER TABLE public.t OWNER TO \"MiXed\"",
        "GRANT SELECT ON public.t TO GROUP g",
        "CREATE PROCEDURE public.drop_user() AS $$ BEGIN DROP USER \"MiXed\"; END $$ LANGUAGE plpgsql",
        "CREATE PROCEDURE public.drop_group() AS $$ BEGIN DROP GROUP g; END $$ LANGUAGE plpgsql",
    ] {
        assert_eq!(outcome(&client, sql).await, None, "{sql}");
    }
    for (sql, message) in [
        ("CALL public.drop_user()", "user \"MiXed\" can't be dropped because the user owns some object"),
        (
            "CALL public.drop_group()",
            "group \"g\" can't be dropped because the group has a privilege on some object",
        ),
        ("DROP GROUP g", "group \"g\" can't be dropped because the group has a privilege on some object"),
    ] {
        let error = client.simple_query(sql).await.expect_err(sql);
        let error = error.as_db_error().expect("an answer");
        assert_eq!((error.code().code(), error.message()), ("55006", message), "{sql}");
    }
    // Dependencies between objects do not prevent dropping a user.
    assert_eq!(outcome(&client, "CREATE VIEW public.v AS SELECT a FROM public.t").await, None);
    assert_eq!(outcome(&client, "DROP TABLE public.t").await.as_deref(), Some("2BP01"));
}
