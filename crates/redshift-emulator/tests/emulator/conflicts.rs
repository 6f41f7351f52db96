//! Conflicts with concurrent transactions.

use redshift_emulator::Options;

use super::rules::outcome;
use super::{rows, run, start};

#[tokio::test]
async fn next_changes_fail_with_a_conflict() {
    let (emulator, client) = start(Options { conflicts: 2, ..Options::default() }).await;
    let schemas = "SELECT nspname FROM pg_namespace WHERE nspname IN ('a', 'b')";
    // In a transaction that other statements have not changed, and at its end.
    run(&client, &["SELECT 1", "BEGIN"]).await;
    let error = client.simple_query("CREATE SCHEMA a").await.expect_err("a conflict");
    let error = error.as_db_error().expect("an error of the server");
    assert_eq!(
        (error.code().code(), error.message()),
        ("XX000", "could not complete because of conflict with concurrent transaction")
    );
    assert_eq!(outcome(&client, "SELECT 1").await.as_deref(), Some("25P02"));
    assert_eq!(outcome(&client, "COMMIT").await, None, "it is a rollback");
    emulator.conflicts(0);
    run(&client, &["BEGIN", "CREATE SCHEMA a"]).await;
    emulator.conflicts(1);
    assert_eq!(outcome(&client, "COMMIT").await.as_deref(), Some("XX000"));
    assert!(rows(&client, schemas).await.is_empty(), "the transaction is rolled back, and none is open");
    run(&client, &["BEGIN", "CREATE SCHEMA a", "COMMIT", "CREATE SCHEMA b"]).await;
    assert_eq!(rows(&client, schemas).await.len(), 2);
}
