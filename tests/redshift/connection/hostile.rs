//! Hostile servers, and servers that are not Redshift: the command ends with a clear error, within limits of time and
//! memory.

use super::certificates::Authority;
use super::impostor::{
    Impostor, Then, closed_port, description, digest_request, message, request, row, welcome,
};
use super::{Bench, PASSWORD, by_name, connections, shown_in, start};
use redshift_emulator::{Auth, Hostile, Tls};

/// Short timeouts, for servers that do not respond.
const HASTE: [&str; 4] = ["--connect-timeout", "2", "--statement-timeout", "2"];

/// A server that accepts the login, and sends a hostile response to the first query.
#[test]
fn hostile_response_to_a_query_is_an_error() {
    let (emulator, bench) = (start(), Bench::new());
    emulator.with_tls(Tls::On(Authority::new("Good").good(rustls::ALL_VERSIONS)));
    for (hostile, reason) in [
        (Hostile::EndlessRows, "the server sent more than 4 MiB in response to one statement"),
        (Hostile::EndlessNotices, "the server sent more than 4 MiB in response to one statement"),
        (Hostile::GiantMessage, "the server sent an invalid protocol message"),
        (Hostile::Garbage, "the server sent an invalid protocol message"),
    ] {
        emulator.hostile(Some(hostile));
        for mode in ["disable", "require"] {
            emulator.reset_log();
            let output = bench.refused(by_name(&emulator), &["--sslmode", mode]);
            assert!(output.contains(reason), "{hostile:?}, {mode}: {output}");
            let connections = connections(&emulator);
            assert!(connections.iter().all(|c| c.ready && c.tls == (mode == "require")), "{connections:?}");
        }
    }
}

/// A server that accepts the login, and then does not respond.
#[test]
fn silent_server_ends_with_the_statement_timeout() {
    let (emulator, bench) = (start(), Bench::new());
    emulator.hostile(Some(Hostile::Silence));
    let output = bench.refused(by_name(&emulator), &["--sslmode", "disable", "--statement-timeout", "2"]);
    assert!(output.contains("no response within 2 s (see `--statement-timeout`)"), "{output}");
    assert!(emulator.log().cancels > 0, "the statement was to be cancelled");
}

/// A server that sends a hostile response to the TLS request or the startup message.
#[test]
fn hostile_response_to_the_first_packet_is_an_error() {
    let (emulator, bench) = (start(), Bench::new());
    for hostile in [Hostile::GiantMessageAtStartup, Hostile::GarbageAtStartup] {
        emulator.hostile(Some(hostile));
        for mode in ["disable", "allow", "prefer", "require", "verify-full"] {
            let output = bench.refused(by_name(&emulator), &["--sslmode", mode]);
            assert!(output.contains("the server is not Amazon Redshift"), "{hostile:?}, {mode}: {output}");
        }
    }
    emulator.hostile(Some(Hostile::SilenceAtStartup));
    for mode in ["disable", "verify-full"] {
        let output = bench.refused(by_name(&emulator), &[&["--sslmode", mode], HASTE.as_slice()].concat());
        assert!(output.contains("timed out after 2 s (see `--connect-timeout`)"), "{mode}: {output}");
    }
    assert!(emulator.log().connections.iter().all(|connection| connection.auth == Auth::None));
}

/// For a wrong host or port: a server that does not speak the PostgreSQL protocol is reported as such.
#[test]
fn server_that_is_not_redshift_is_reported() {
    let bench = Bench::new();
    let http = || vec![b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".to_vec()];
    let ssh = || vec![b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()];
    let no_redshift = "the server is not Amazon Redshift";
    let no_tls = "TLS handshake failed";
    let closed = "the server closed the connection during login";
    for (answers, then, mode, reason) in [
        (http(), Then::Close, "verify-full", no_redshift),
        (http(), Then::Listen, "disable", no_redshift),
        // Its first byte is the one that accepts TLS.
        (ssh(), Then::Listen, "verify-full", no_tls),
        (ssh(), Then::Close, "disable", no_redshift),
        (vec![], Then::Close, "verify-full", closed),
        (vec![], Then::Close, "disable", closed),
        (vec![vec![]], Then::Close, "verify-full", closed),
        (vec![vec![]], Then::Close, "disable", closed),
        (vec![b"S".to_vec()], Then::Close, "verify-full", "during the TLS handshake"),
        (vec![], Then::Listen, "verify-full", "timed out after 2 s (see `--connect-timeout`)"),
        (vec![b"S".to_vec()], Then::Listen, "verify-full", "timed out after 2 s (see `--connect-timeout`)"),
    ] {
        let is_silent = reason.contains("--connect-timeout");
        let impostor = Impostor::start(answers, then);
        let haste: &[&str] = if is_silent { &HASTE } else { &[] };
        let output = bench.refused(impostor.place(), &[&["--sslmode", mode], haste].concat());
        assert!(output.contains(reason), "{mode}, {then:?}: {output}");
        assert_eq!(shown_in(PASSWORD, &impostor.heard()), None, "{mode}");
    }
    let output = bench.refused(("127.0.0.1", closed_port()), &[]);
    assert!(output.contains("connection failed") && output.contains("check the host, the port"), "{output}");
}

/// A server must not get the password without TLS by requesting it after the digest, after a notice, or twice.
#[test]
fn indirect_requests_do_not_reveal_the_password() {
    let notice = message(b'N', b"SNOTICE\0C00000\0Mhello\0\0");
    let clear = || request(3, &[]);
    let md5 = || request(5, &[1, 2, 3, 4]);
    let bench = Bench::new();
    for (number, answers) in [
        vec![clear()],
        vec![digest_request(), clear()],
        vec![[digest_request(), clear()].concat()],
        vec![digest_request(), digest_request(), clear()],
        vec![md5(), clear()],
        vec![[md5(), clear()].concat()],
        vec![[notice.clone(), clear()].concat()],
        vec![notice.clone(), clear()],
        vec![[request(0, &[]), clear()].concat()],
        vec![message(b'v', &[0, 3, 0, 0, 0, 0, 0, 0]), clear()],
    ]
    .into_iter()
    .enumerate()
    {
        // The first option allows it only over TLS.
        for (mode, option) in [
            ("prefer", "--allow-cleartext-password"),
            ("allow", "--allow-cleartext-password"),
            ("disable", "--existing-database"),
        ] {
            // `prefer` requests TLS first, which the server refuses.
            let answers = if mode == "prefer" {
                [vec![b"N".to_vec()], answers.clone()].concat()
            } else {
                answers.clone()
            };
            let impostor = Impostor::start(answers, Then::Listen);
            let output = bench.refused(impostor.place(), &["--sslmode", mode, option]);
            let heard = impostor.heard();
            assert!(heard.contains(super::SUPERUSER), "case {number}, {mode}: no connection was made");
            assert_eq!(shown_in(PASSWORD, &heard), None, "case {number}, {mode}: {output}");
        }
    }
}

/// Messages with wrong lengths, counts, terminators and text.
#[test]
fn malformed_message_is_a_clear_error() {
    let bench = Bench::new();
    let complete = || message(b'C', b"SELECT\0");
    // The first message of a session has one statement that is not a query, and two queries.
    let done = || [complete(), complete(), message(b'Z', b"I")].concat();
    let asked = |answer: Vec<u8>| vec![welcome(), [complete(), answer].concat()];
    let endless = |message: Vec<u8>| message.repeat(5_000_000 / message.len());
    for (answers, reason) in [
        // Instead of an authentication request.
        (vec![request(13, &[0, 0, 0, 0])], "its request for a password is truncated"),
        (vec![request(13, &[0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff])], "its request for a password is truncated"),
        (vec![request(13, &[0, 0, 0, 1])], "a digest other than SHA-256"),
        (vec![request(14, &[])], "get-cluster-credentials"),
        (vec![request(7, &[])], "an authentication method that Redshift does not have"),
        (vec![request(5, &[1, 2])], ""),
        (vec![message(b'R', &[0, 0])], "its request for a password is truncated"),
        (vec![message(b'E', b"Mno end")], ""),
        (vec![message(b'E', b"")], ""),
        (vec![message(b'E', b"SFATAL\0C28000\0M\xff\xfe\x1b[31m\0\0")], ""),
        // Instead of the end of the login.
        (vec![[request(0, &[]), message(b'S', b"a\0")].concat()], ""),
        (vec![[request(0, &[]), message(b'K', &[0])].concat()], ""),
        (vec![[request(0, &[]), endless(message(b'S', b"a\0b\0"))].concat()], "more than 4 MiB"),
        // Instead of rows.
        (asked([description(1), row(&[b"\xff\xfe"]), done()].concat()), "not valid UTF-8"),
        (asked([description(2), row(&[b"a"]), done()].concat()), ""),
        (asked([description(1), row(&[b"a", b"b"]), done()].concat()), ""),
        (asked([row(&[b"a"]), done()].concat()), ""),
        (asked([description(0), row(&[]), done()].concat()), ""),
        (asked(done()), ""),
        (asked(message(b'Z', b"I")), ""),
        (asked(message(b'D', &[])), ""),
        (asked([description(1), message(b'D', &[0, 1, 0, 0, 0, 9, b'a'])].concat()), ""),
        (asked(message(b'T', &[0xff, 0xff])), ""),
        (asked(message(b'G', &[0, 0, 0])), ""),
        (asked(message(b'A', &[0])), ""),
        (asked([message(b'Z', b"I"), message(b'Z', b"I")].concat()), ""),
        // Many short messages take more memory than bytes on the wire.
        (asked([description(0), endless(row(&[]))].concat()), "more than 4 MiB"),
        (asked(endless(message(b'C', b"\0"))), "unexpected response from the server"),
        (asked(endless(description(1))), "more than 4 MiB"),
    ] {
        let shown: Vec<String> =
            answers.iter().map(|answer| answer[..answer.len().min(60)].escape_ascii().to_string()).collect();
        let impostor = Impostor::start(answers, Then::Listen);
        let output = bench.refused(impostor.place(), &["--sslmode", "disable"]);
        assert!(output.contains(reason), "{shown:?}: {output}");
    }
}
