//! Users that failed logins lock.

use redshift_emulator::{Options, PASSWORD, SUPERUSER};

use super::rules::outcome;
use super::{log_in, rows, run, start};

#[tokio::test]
async fn consecutive_failed_logins_lock_a_user() {
    let (emulator, client) = start(Options::default()).await;
    run(&client, &["CREATE USER \"MiXed\" PASSWORD 'Abcdefg1'"]).await;
    let logs_in = async |password: &str| log_in(&emulator, "MiXed", password).await.is_ok();
    for _ in 0..9 {
        assert!(!logs_in("Wrong123").await);
    }
    assert!(logs_in("Abcdefg1").await, "without lockout, users are never locked");
    emulator.lock_out_after(2);
    for _ in 0..2 {
        assert!(!logs_in("Wrong123").await);
        assert!(logs_in("Abcdefg1").await, "a successful login resets the count");
    }
    assert!(!logs_in("Wrong123").await && !logs_in("Wrong123").await && !logs_in("Abcdefg1").await);
    run(&client, &["ALTER USER \"MiXed\" PASSWORD 'Abcdefg1'"]).await;
    assert!(!logs_in("Abcdefg1").await, "a new password alone does not unlock");
    run(&client, &["ALTER USER \"MiXed\" WITH LOGIN PASSWORD 'Abcdefg2'"]).await;
    assert!(logs_in("Abcdefg2").await);
}

#[tokio::test]
async fn lockout_is_shown_to_superusers() {
    let (emulator, client) = start(Options { lockout: Some(5), ..Options::default() }).await;
    run(&client, &["CREATE USER automatic PASSWORD 'Abcdefg1'", "CREATE USER manual PASSWORD 'Abcdefg1'"])
        .await;
    let user = log_in(&emulator, "manual", "Abcdefg1").await.expect("a session");
    for _ in 0..5 {
        for user in ["automatic", SUPERUSER, "nobody"] {
            assert!(log_in(&emulator, user, "Wrong123").await.is_err());
        }
    }
    run(&client, &["ALTER USER manual NOLOGIN"]).await;
    for user in ["automatic", "manual"] {
        assert!(log_in(&emulator, user, "Abcdefg1").await.is_err(), "{user}");
    }
    let messages = client.simple_query("SHOW USER LOCKOUT").await.expect("rows");
    let mut shown = Vec::new();
    for message in messages {
        if let tokio_postgres::SimpleQueryMessage::Row(row) = message {
            let get = |name| row.get(name).unwrap_or("-").to_owned();
            assert_eq!(get("is_locked") == "true", row.get("locked_at").is_some());
            let names = ["user_name", "is_locked", "lock_reason", "failed_login_attempts"];
            shown.push((names.map(get).join(" "), row.get("locked_by").is_some()));
        }
    }
    let expected =
        [("automatic true automatic 6", false), ("awsuser false - 5", false), ("manual true manual 1", true)];
    assert_eq!(shown, expected.map(|(row, by)| (row.to_owned(), by)));
    assert_eq!(outcome(&user, "SHOW USER LOCKOUT").await.as_deref(), Some("42501"));
    assert_eq!(rows(&client, "SHOW max_failed_login_attempts").await, ["5"]);
    assert!(log_in(&emulator, SUPERUSER, PASSWORD).await.is_ok(), "the admin user is not locked");
    run(&client, &["ALTER USER manual LOGIN PASSWORD 'Abcdefg1'"]).await;
    assert!(log_in(&emulator, "manual", "Abcdefg1").await.is_ok());
}
