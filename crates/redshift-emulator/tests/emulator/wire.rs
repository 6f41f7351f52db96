//! Startup, authentication, TLS, faults and the log.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::{config, connect_to, log_in, rows};
use redshift_emulator::{
    Auth, AuthRequest, DATABASE, Emulator, Fault, Hostile, Options, Outcome, PASSWORD, SUPERUSER, What,
};

#[tokio::test]
async fn emulator_reports_redshift_identity() {
    let emulator = Emulator::start(Options::default()).expect("an emulator");
    let (client, connection) =
        tokio_postgres::connect(&emulator.url(), tokio_postgres::NoTls).await.expect("a way in");
    for (name, value) in [("server_version", Some("8.0.2")), ("standard_conforming_strings", None)] {
        assert_eq!(connection.parameter(name), value);
    }
    assert!(connection.parameter("padb_version").is_some());
    tokio::spawn(connection);
    assert!(rows(&client, "SELECT version()").await[0].contains("Redshift"));
    // The extended protocol has the same rules.
    assert!(client.query("SELECT 1::int4", &[]).await.is_ok());
    assert!(client.query("SELECT E'a'", &[]).await.is_err());
    let refused = config(&emulator, SUPERUSER, PASSWORD, DATABASE)
        .options("-c standard_conforming_strings=on")
        .connect(tokio_postgres::NoTls)
        .await;
    assert_eq!(refused.err().and_then(|e| e.code().map(|c| c.code().to_owned())).as_deref(), Some("42704"));
}

/// What Amazon's Python driver sends in the startup packet, and a parameter that Redshift does not have.
#[tokio::test]
async fn parameters_of_drivers_are_accepted() {
    let emulator = Emulator::start(Options::default()).expect("an emulator");
    for (name, response) in [
        ("driver_discovery_version", b'R'),
        ("client_protocol_version", b'R'),
        ("driver_version", b'R'),
        ("os_version", b'R'),
        ("standard_conforming_strings", b'E'),
    ] {
        let mut body = 196_608_u32.to_be_bytes().to_vec();
        for text in ["user", SUPERUSER, "database", DATABASE, name, "1", ""] {
            body.extend(text.as_bytes());
            body.push(0);
        }
        let mut packet = u32::try_from(body.len() + 4).expect("a short packet").to_be_bytes().to_vec();
        packet.extend(body);
        let address = (emulator.host(), emulator.port());
        let mut stream = tokio::net::TcpStream::connect(address).await.expect("a connection");
        stream.write_all(&packet).await.expect("the startup packet is sent");
        assert_eq!(stream.read_u8().await.expect("a response"), response, "{name}");
    }
}

#[tokio::test]
async fn authentication_request_matches_the_stored_password() {
    let emulator = Emulator::start(Options::default()).expect("an emulator");
    let client = connect_to(&emulator, DATABASE).await;
    rows(&client, "CREATE USER five PASSWORD 'Abcdefg1'").await;
    rows(&client, "CREATE USER thirteen PASSWORD 'sha256|Abcdefg1'").await;
    assert!(log_in(&emulator, "five", "Abcdefg1").await.is_ok());
    assert!(log_in(&emulator, "five", "Abcdefg2").await.is_err());
    let error =
        log_in(&emulator, "thirteen", "Abcdefg1").await.expect_err("the driver does not support code 13");
    assert!(format!("{error:?}").contains("13"), "{error:?}");
    emulator.request_auth(AuthRequest::ClearText);
    assert!(log_in(&emulator, "thirteen", "Abcdefg1").await.is_ok());
    assert!(log_in(&emulator, "thirteen", "Abcdefg2").await.is_err());
    let auth: Vec<Auth> = emulator.log().connections.iter().map(|connection| connection.auth).collect();
    assert_eq!(auth, [Auth::Md5, Auth::Md5, Auth::Md5, Auth::None, Auth::ClearText, Auth::ClearText]);
    emulator.require_tls(true);
    assert!(log_in(&emulator, SUPERUSER, PASSWORD).await.is_err());
}

#[tokio::test]
async fn faults_are_injected_at_the_given_statement() {
    let emulator = Emulator::start(Options::default()).expect("an emulator");
    let error = What::Error { sqlstate: "XX000".to_owned(), message: "1023".to_owned() };
    for (number, (what, runs)) in [
        (What::CutBefore, false),
        (What::CutAfter, true),
        (What::DropAll, false),
        (error, false),
        (What::RestartBefore, false),
        (What::RestartAfter, true),
        (What::StallBefore, false),
        (What::StallAfter, true),
    ]
    .into_iter()
    .enumerate()
    {
        let client = connect_to(&emulator, DATABASE).await;
        emulator.reset_log();
        emulator.inject(Fault::at(2, what.clone()));
        rows(&client, "SELECT 1").await;
        let sql = format!("CREATE SCHEMA s{number}");
        let answer = tokio::time::timeout(Duration::from_secs(2), client.simple_query(&sql)).await;
        assert_eq!(answer.is_err(), matches!(what, What::StallBefore | What::StallAfter), "{what:?}");
        assert!(!answer.is_ok_and(|answer| answer.is_ok()), "{what:?}");
        drop(client);
        let log = emulator.log();
        assert_eq!(log.statements.len(), 2, "{what:?}");
        assert_eq!(log.statements[1].outcome == Outcome::Done, runs, "{what:?}");
        let client = connect_to(&emulator, DATABASE).await;
        let question = format!("SELECT 1 FROM pg_namespace WHERE nspname = 's{number}'");
        assert_eq!(!rows(&client, &question).await.is_empty(), runs, "{what:?}");
    }
}

/// The statements of a message are logged one by one, and are one transaction unless the message has BEGIN or COMMIT.
#[tokio::test]
async fn statements_of_a_message_are_one_transaction() {
    let emulator = Emulator::start(Options::default()).expect("an emulator");
    let schemas = async || {
        let client = connect_to(&emulator, DATABASE).await;
        rows(&client, "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'of!_%' ESCAPE '!' ORDER BY 1")
            .await
    };
    let error = What::Error { sqlstate: "58030".to_owned(), message: "stop".to_owned() };
    for (message, fault, created) in [
        ("CREATE SCHEMA of_a; CREATE SCHEMA of_b", None, &["of_a", "of_b"] as &[&str]),
        ("CREATE SCHEMA of_c; CREATE SCHEMA of_d", Some(("of_d", error.clone())), &[]),
        ("CREATE SCHEMA of_c; BEGIN; CREATE SCHEMA of_d; COMMIT", None, &["of_c", "of_d"]),
        ("BEGIN; CREATE SCHEMA of_e; COMMIT; CREATE SCHEMA of_f", Some(("of_f", error)), &["of_e"]),
        ("CREATE SCHEMA of_g; CREATE SCHEMA of_h", Some(("of_g", What::CutAfter)), &["of_g", "of_h"]),
        ("CREATE SCHEMA of_i; CREATE SCHEMA of_j", Some(("of_j", What::CutBefore)), &[]),
        ("CREATE SCHEMA of_k; CREATE DATABASE of_l", None, &[]),
    ] {
        let before = schemas().await;
        let client = connect_to(&emulator, DATABASE).await;
        emulator.reset_log();
        if let Some((at, what)) = &fault {
            emulator.inject(Fault::on(*at, what.clone()));
        }
        let is_done = client.simple_query(message).await.is_ok();
        assert_eq!(is_done, fault.is_none() && !message.contains("DATABASE"), "{message}");
        let log = emulator.log();
        assert_eq!(log.statements.len(), message.split(';').count(), "{message}: {log:?}");
        if is_done {
            assert_eq!(log.round_trips, 1, "{message}");
        }
        let new: Vec<String> =
            schemas().await.into_iter().filter(|schema| !before.contains(schema)).collect();
        assert_eq!(new, created, "{message}");
    }
}

#[tokio::test]
async fn latency_and_round_trips_are_counted() {
    let emulator = Emulator::start(Options::default()).expect("an emulator");
    let client = connect_to(&emulator, DATABASE).await;
    emulator.latency(Duration::from_millis(30));
    let start = Instant::now();
    for _ in 0..3 {
        rows(&client, "SELECT 1").await;
    }
    assert!(start.elapsed() >= Duration::from_millis(90));
    assert_eq!(emulator.log().round_trips, 3);
    emulator.latency(Duration::ZERO);
    for hostile in [Hostile::Garbage, Hostile::GarbageAtStartup] {
        emulator.hostile(Some(hostile));
        let Ok(client) = log_in(&emulator, SUPERUSER, PASSWORD).await else { continue };
        assert!(client.simple_query("SELECT 1").await.is_err());
    }
}

#[tokio::test]
async fn emulator_folder_is_removed_on_drop() {
    let emulator = Emulator::start(Options::default()).expect("an emulator");
    let folder = emulator.folder().to_owned();
    assert!(folder.is_dir());
    drop(emulator);
    assert!(!folder.exists());
}

/// A client can send a message before the response to the one before is complete.
#[tokio::test]
async fn pipelined_message_after_an_error_is_executed() {
    let emulator = Emulator::start(Options::default()).expect("an emulator");
    let client = connect_to(&emulator, DATABASE).await;
    for _ in 0..20 {
        let failing = client.simple_query("SELECT 1 FROM there_is_no_such_table");
        let several = client.simple_query("BEGIN; SELECT 7; COMMIT");
        let (failed, several) = tokio::join!(failing, several);
        assert!(failed.is_err());
        let messages = several.expect("three statements");
        let rows =
            messages.iter().filter(|message| matches!(message, tokio_postgres::SimpleQueryMessage::Row(_)));
        assert_eq!(rows.count(), 1, "{messages:?}");
    }
}
