//! `--sslmode` and certificates.

use std::sync::Arc;

use rustls::ServerConfig;

use super::certificates::{self, Authority};
use super::{Bench, by_name, start};
use redshift_emulator::{Auth, AuthRequest, Emulator, Tls};

/// An emulator, and a file with the certificate of its CA.
struct Place {
    emulator: Emulator,
    bench: Bench,
    authority: Authority,
    ca_file: String,
}

impl Place {
    fn new() -> Self {
        let (authority, bench) = (Authority::new("Good"), Bench::new());
        let ca_file = bench.file("ca.pem", &authority.pem()).to_string_lossy().into_owned();
        Self { emulator: start(), bench, authority, ca_file }
    }

    fn serve(&self, config: &Arc<ServerConfig>) {
        self.emulator.with_tls(Tls::On(Arc::clone(config)));
        self.emulator.reset_log();
    }

    /// Connections to both names of the emulator succeed, over TLS only.
    fn passes(&self, arguments: &[&str]) {
        self.emulator.reset_log();
        for host in certificates::NAMES {
            self.bench.passes((host, self.emulator.port()), arguments);
        }
        let connections = self.emulator.log().connections;
        assert!(connections.iter().all(|c| c.tls && c.auth == Auth::Md5 && c.ready), "{connections:?}");
        assert!(connections.len() >= 2, "{connections:?}");
    }

    /// The connection fails with the reason, before anything except the TLS request is sent.
    fn refused(&self, arguments: &[&str], reason: &str) {
        self.emulator.reset_log();
        for host in certificates::NAMES {
            let output = self.bench.refused((host, self.emulator.port()), arguments);
            assert!(output.contains(reason), "{arguments:?}: {output}");
        }
        let connections = self.emulator.log().connections;
        assert!(connections.is_empty(), "login with {arguments:?}: {connections:?}");
    }

    /// Invalid certificates with the expected messages; the first one is only invalid because of its name.
    fn wrong(&self) -> Vec<(Arc<ServerConfig>, &'static str)> {
        let other = Authority::new("Other");
        // With the same name as the trusted CA, and another key.
        let namesake = Authority::new("Good");
        vec![
            (
                self.authority.issue(&certificates::named(&["cluster.example.com"])),
                "it was issued for another host",
            ),
            (self.authority.issue(&certificates::expired()), "it has expired"),
            (self.authority.issue(&certificates::not_yet_valid()), "it is not valid yet"),
            (certificates::self_signed(false), "--ca-file"),
            (certificates::self_signed(true), "as self-signed ones often are"),
            (other.good(rustls::ALL_VERSIONS), "--ca-file"),
            (namesake.good(rustls::ALL_VERSIONS), "invalid signature"),
        ]
    }
}

/// Without `--sslmode`, login data is only sent to a server with a valid certificate of a trusted CA for this host.
#[test]
fn verify_full_is_the_default_and_accepts_only_the_right_certificate() {
    let place = Place::new();
    let ca_file = ["--ca-file", &place.ca_file];
    for versions in [rustls::ALL_VERSIONS, &[&rustls::version::TLS12]] {
        place.serve(&place.authority.good(versions));
        place.passes(&ca_file);
    }
    for (config, reason) in place.wrong() {
        place.serve(&config);
        place.refused(&ca_file, reason);
    }
}

/// CA files that were saved or concatenated on Windows have byte order marks at the start of the file and of its parts.
#[test]
fn ca_file_may_have_byte_order_marks() {
    let place = Place::new();
    let (mark, good) = ("\u{FEFF}", place.authority.pem());
    let other = Authority::new("Other").pem();
    place.serve(&place.authority.good(rustls::ALL_VERSIONS));
    for text in [
        format!("{mark}{good}"),
        format!("{mark}{}", good.replace('\n', "\r\n")),
        format!("{mark}{good}{other}"),
        format!("{other}{mark}{good}"),
        format!("{mark}{other}{mark}{good}"),
    ] {
        let path = place.bench.file("marked.pem", &text).to_string_lossy().into_owned();
        place.passes(&["--ca-file", &path]);
    }
    place.emulator.reset_log();
    let path = place.bench.folder.path().join("utf16.pem");
    for (bytes_of, mark) in
        [(u16::to_le_bytes as fn(u16) -> [u8; 2], mark), (u16::to_be_bytes, mark), (u16::to_le_bytes, "")]
    {
        let bytes: Vec<u8> = format!("{mark}{good}").encode_utf16().flat_map(bytes_of).collect();
        std::fs::write(&path, bytes).expect("a file");
        let run =
            place.bench.run(by_name(&place.emulator), "status", &["--ca-file", &path.to_string_lossy()]);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(
            run.stderr.contains("utf16.pem is UTF-16") && run.stderr.contains("save it as UTF-8"),
            "{run:?}"
        );
    }
    // Paths that are not regular files are reported as such.
    for (path, reason) in [
        (place.bench.folder.path().to_string_lossy().into_owned(), "is a directory"),
        (
            place.bench.folder.path().join("none.pem").to_string_lossy().into_owned(),
            "no such file or directory",
        ),
        ("/dev/zero".to_owned(), "file is larger than 4194304 bytes"),
    ] {
        let run = place.bench.run(by_name(&place.emulator), "status", &["--ca-file", &path]);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.stderr.contains(&format!("cannot read {path}: {reason}\n")), "{run:?}");
    }
    assert!(place.emulator.log().connections.is_empty(), "no connection was made");
}

/// `verify-ca` is like `verify-full`, except that the host may be an alias that is not in the certificate.
#[test]
fn verify_ca_accepts_another_host_name_only() {
    let place = Place::new();
    let mut wrong = place.wrong().into_iter();
    let (other_name, _) = wrong.next().expect("the first");
    // `require` with a CA file is the same.
    for mode in ["verify-ca", "require"] {
        place.serve(&other_name);
        place.passes(&["--sslmode", mode, "--ca-file", &place.ca_file]);
    }
    for (config, reason) in wrong {
        place.serve(&config);
        place.refused(&["--sslmode", "verify-ca", "--ca-file", &place.ca_file], reason);
    }
    place.serve(&Authority::new("Other").good(rustls::ALL_VERSIONS));
    place.refused(&["--sslmode", "require", "--ca-file", &place.ca_file], "--ca-file");
}

/// `require` means TLS with any certificate.
#[test]
fn require_accepts_any_certificate() {
    let place = Place::new();
    let older = place.authority.good(&[&rustls::version::TLS12]);
    for config in place.wrong().into_iter().map(|(config, _)| config).chain([older]) {
        place.serve(&config);
        place.passes(&["--sslmode", "require"]);
    }
}

/// Without `--ca-file`, only the CAs of the system are trusted.
#[test]
fn system_ca_certificates_are_the_default() {
    let mut place = Place::new();
    place.serve(&place.authority.good(rustls::ALL_VERSIONS));
    let other = place.bench.file("other.pem", &Authority::new("Other").pem());
    place.bench.environment = vec![("SSL_CERT_FILE", other)];
    place.refused(&["--sslmode", "verify-full"], "--ca-file");
    place.bench.environment = vec![("SSL_CERT_FILE", place.ca_file.clone().into())];
    place.passes(&["--sslmode", "verify-full"]);
    // A CA file replaces those of the system.
    let other = place.bench.file("other.pem", &Authority::new("Other").pem()).to_string_lossy().into_owned();
    place.refused(&["--ca-file", &other], "unknown issuer");
}

/// A CA file without CA certificates is an error before anything is sent.
#[test]
fn ca_file_without_ca_certificates_is_rejected() {
    let place = Place::new();
    for (name, text) in [
        ("empty.pem", String::new()),
        ("key.pem", rcgen::KeyPair::generate().expect("a key").serialize_pem()),
        ("broken.pem", place.authority.pem().replace('M', "!")),
    ] {
        let file = place.bench.file(name, &text).to_string_lossy().into_owned();
        for file in [&file, "/nowhere/ca.pem"] {
            let run = place.bench.run(by_name(&place.emulator), "status", &["--ca-file", file]);
            assert_eq!(run.code, Some(2), "{run:?}");
            assert!(run.stderr.contains(file), "{run:?}");
        }
    }
    assert_eq!(place.emulator.log().connecting, 0);
}

/// An attacker in between may claim that the server has no TLS, respond in its place, or inject bytes before TLS
/// (CVE-2021-23222): all modes that require TLS fail.
#[test]
fn nothing_is_sent_if_tls_is_refused_or_tampered_with() {
    let place = Place::new();
    let good = place.authority.good(rustls::ALL_VERSIONS);
    for (tls, reason) in [
        (Tls::Refused, "--sslmode disable"),
        (Tls::Error, "--sslmode disable"),
        (Tls::Stuffed(good), "TLS handshake failed"),
    ] {
        place.emulator.with_tls(tls);
        for mode in ["require", "verify-ca", "verify-full"] {
            place.refused(&["--sslmode", mode, "--ca-file", &place.ca_file], reason);
        }
    }
    // `prefer` connects without TLS if the server has none, but not if the handshake fails.
    place.refused(&["--sslmode", "prefer"], "TLS handshake failed");
}

/// `prefer` uses TLS if the server has it, `allow` if the server requires it, `disable` never; and no mode repeats a
/// failed login without TLS.
#[test]
fn prefer_allow_and_disable_behave_as_in_libpq() {
    let Place { emulator, bench, authority, .. } = Place::new();
    let good = Tls::On(authority.good(rustls::ALL_VERSIONS));
    let cases = [
        ("prefer", &good, false, vec![(true, Auth::Md5)]),
        ("prefer", &good, true, vec![(true, Auth::Md5)]),
        ("prefer", &Tls::Refused, false, vec![(false, Auth::Md5)]),
        ("prefer", &Tls::Error, false, vec![(false, Auth::Md5)]),
        ("allow", &good, false, vec![(false, Auth::Md5)]),
        ("allow", &good, true, vec![(false, Auth::None), (true, Auth::Md5)]),
        ("allow", &Tls::Refused, false, vec![(false, Auth::Md5)]),
        ("disable", &good, false, vec![(false, Auth::Md5)]),
        ("disable", &Tls::Refused, false, vec![(false, Auth::Md5)]),
    ];
    let ways = || super::connections(&emulator).iter().map(|c| (c.tls, c.auth)).collect::<Vec<_>>();
    for (mode, tls, requires_tls, wanted) in cases {
        emulator.with_tls(tls.clone());
        emulator.require_tls(requires_tls);
        emulator.reset_log();
        bench.passes(by_name(&emulator), &["--sslmode", mode]);
        assert_eq!(ways(), wanted, "{mode}, {tls:?}, requires TLS: {requires_tls}");
    }
    emulator.with_tls(good);
    emulator.require_tls(true);
    for (mode, reason) in [("disable", "SSL off"), ("prefer", "password authentication failed")] {
        let bench = Bench::of(super::SUPERUSER, Some("Wv9-Tgkq-Ybn2"));
        emulator.reset_log();
        let output = bench.refused(by_name(&emulator), &["--sslmode", mode]);
        assert!(output.contains(reason), "{mode}: {output}");
        // Twice, because `refused` runs the command twice.
        let wanted = if mode == "prefer" { (true, Auth::Md5) } else { (false, Auth::None) };
        assert_eq!(ways(), [wanted; 2], "{mode}");
    }
    emulator.with_tls(Tls::Refused);
    emulator.require_tls(false);
    emulator.reset_log();
    let bench = Bench::of(super::SUPERUSER, Some("Wv9-Tgkq-Ybn2"));
    let output = bench.refused(by_name(&emulator), &["--sslmode", "allow"]);
    assert!(output.contains("password authentication failed"), "{output}");
    assert_eq!(ways(), [(false, Auth::Md5); 2]);
}

/// The password is only sent in clear text if the user allows it, and only over TLS or with `--sslmode disable`.
#[test]
fn clear_text_password_requires_tls_and_an_option() {
    let Place { emulator, bench, authority, ca_file } = Place::new();
    emulator.request_auth(AuthRequest::ClearText);
    emulator.with_tls(Tls::On(authority.good(rustls::ALL_VERSIONS)));
    // A valid certificate is not enough.
    let trust = ["--ca-file", ca_file.as_str()];
    for (mode, trust) in [
        ("disable", &[] as &[&str]),
        ("allow", &[]),
        ("prefer", &[]),
        ("require", &[]),
        ("verify-full", &trust),
    ] {
        emulator.reset_log();
        let output = bench.refused(by_name(&emulator), &[&["--sslmode", mode], trust].concat());
        assert!(output.contains("it was not sent"), "{mode}: {output}");
        assert!(output.contains("--allow-cleartext-password"), "{mode}: {output}");
        let connections = emulator.log().connections;
        assert!(connections.iter().all(|c| c.auth == Auth::None && !c.ready), "{mode}: {connections:?}");
        assert!(!connections.is_empty());
    }
    for (tls, modes) in [
        (Tls::Refused, ["prefer", "allow"].as_slice()),
        (Tls::Error, &["prefer"]),
        (Tls::On(authority.good(rustls::ALL_VERSIONS)), &["allow"]),
    ] {
        emulator.with_tls(tls);
        for mode in modes {
            emulator.reset_log();
            let output =
                bench.refused(by_name(&emulator), &["--sslmode", mode, "--allow-cleartext-password"]);
            assert!(
                output.contains("it was not sent. To require TLS, pass `--sslmode require`"),
                "{mode}: {output}"
            );
            let connections = emulator.log().connections;
            assert!(connections.iter().all(|c| c.auth == Auth::None && !c.ready), "{mode}: {connections:?}");
            assert!(!connections.is_empty());
        }
    }
    for (mode, tls, trust) in [
        ("disable", false, &[] as &[&str]),
        ("prefer", true, &[]),
        ("require", true, &[]),
        ("verify-full", true, &trust),
    ] {
        emulator.reset_log();
        let arguments = [&["--sslmode", mode, "--allow-cleartext-password"], trust].concat();
        bench.passes(by_name(&emulator), &arguments);
        let connections = emulator.log().connections;
        assert!(connections.iter().all(|c| (c.tls, c.auth) == (tls, Auth::ClearText)), "{connections:?}");
    }
}
