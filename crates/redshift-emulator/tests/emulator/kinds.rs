//! Provisioned clusters, Multi-AZ clusters, and Serverless workgroups.

use redshift_emulator::{Kind, Options};

use super::rules::outcome;
use super::{log_in, rows, run, start};

/// System tables and views that only some kinds have: whether they exist on Serverless, and on Multi-AZ.
const RELATIONS: &[(&str, bool, bool)] = &[
    ("stv_sessions", false, false),
    ("pg_catalog.stv_slices", false, false),
    ("stl_query", false, false),
    ("svl_qlog", false, false),
    ("svcs_query_summary", false, false),
    ("svv_diskusage", false, false),
    ("pg_catalog.svv_relation_privileges", true, false),
    ("svv_user_grants", true, false),
    ("sys_session_history", true, true),
    ("pg_user", true, true),
];

#[tokio::test]
async fn system_tables_are_denied_where_they_do_not_exist() {
    for kind in [Kind::Provisioned, Kind::Serverless, Kind::MultiAz] {
        let (_emulator, client) = start(Options { kind, ..Options::default() }).await;
        for (relation, on_serverless, on_multi_az) in RELATIONS {
            let error = client.simple_query(&format!("SELECT 1 FROM {relation} LIMIT 1")).await.err();
            let denied = error.and_then(|error| {
                let error = error.as_db_error()?.clone();
                (error.code().code() == "42501").then(|| error.message().to_owned())
            });
            let exists = match kind {
                Kind::Provisioned => true,
                Kind::Serverless => *on_serverless,
                Kind::MultiAz => *on_multi_az,
            };
            let name = relation.trim_start_matches("pg_catalog.");
            let expected = (!exists).then(|| format!("permission denied for relation {name}"));
            assert_eq!(denied, expected, "{kind:?}: {relation}");
        }
        assert!(rows(&client, "SELECT version()").await[0].contains("Redshift 1.0."), "{kind:?}");
        assert_eq!(rows(&client, "SHOW enable_case_sensitive_identifier").await, ["off"], "{kind:?}");
    }
}

/// The superuser is denied too, in a view and in a procedure, which fails when it is called.
#[tokio::test]
async fn stv_sessions_is_denied_in_views_and_procedures_on_serverless() {
    let (_emulator, client) = start(Options { kind: Kind::Serverless, ..Options::default() }).await;
    run(
        &client,
        &[
            "CREATE PROCEDURE public.p() AS $$ DECLARE n INTEGER; BEGIN SELECT COUNT(*) INTO n FROM stv_sessions; END $$ \
             LANGUAGE plpgsql",
            "CREATE PROCEDURE public.q() AS $$ DECLARE n INTEGER; BEGIN EXECUTE 'SELECT 1 FROM stv_sessions' INTO n; END $$ \
             LANGUAGE plpgsql",
        ],
    )
    .await;
    for sql in
        ["CREATE VIEW public.v AS SELECT process FROM stv_sessions", "CALL public.p()", "CALL public.q()"]
    {
        assert_eq!(outcome(&client, sql).await.as_deref(), Some("42501"), "{sql}");
    }
}

#[tokio::test]
async fn session_history_shows_users_their_own_sessions() {
    for kind in [Kind::Provisioned, Kind::Serverless, Kind::MultiAz] {
        let (emulator, client) = start(Options { kind, ..Options::default() }).await;
        run(&client, &["CREATE USER u PASSWORD 'Abcdefg1'"]).await;
        let user = log_in(&emulator, "u", "Abcdefg1").await.expect("a session");
        let sessions =
            "SELECT session_id FROM sys_session_history WHERE status = 'active' AND start_time <= SYSDATE";
        assert_eq!(rows(&user, sessions).await, rows(&user, "SELECT pg_backend_pid()").await, "{kind:?}");
        let own = format!("{sessions} AND session_id = pg_backend_pid()");
        assert_eq!(rows(&client, &own).await.len(), 1, "{kind:?}");
        assert_eq!(rows(&client, sessions).await.len(), 2, "{kind:?}");
        let join = "SELECT COUNT(*) FROM sys_session_history s JOIN pg_user u ON u.usesysid = s.user_id";
        assert_eq!(rows(&client, join).await, ["2"], "{kind:?}");
    }
}
