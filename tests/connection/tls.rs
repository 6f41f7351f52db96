//! `--sslmode`: whom the command talks to, and how.

use std::sync::Arc;

use rustls::ServerConfig;

use super::certificates::{self, Authority};
use super::emulator::{Auth, AuthRequest, Emulator, Tls};
use super::{Bench, by_name, start};

/// An emulator with an authority, whose certificate is in the file.
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

    /// Both of the emulator's names are let in, by TLS alone.
    fn passes(&self, arguments: &[&str]) {
        self.emulator.reset_log();
        for host in certificates::NAMES {
            self.bench.passes((host, self.emulator.port()), arguments);
        }
        let connections = self.emulator.log().connections;
        assert!(connections.iter().all(|c| c.tls && c.auth == Auth::Md5 && c.ready), "{connections:?}");
        assert!(connections.len() >= 2, "{connections:?}");
    }

    /// Refused for the reason, before anything is said but the wish for TLS.
    fn refused(&self, arguments: &[&str], reason: &str) {
        self.emulator.reset_log();
        for host in certificates::NAMES {
            let said = self.bench.refused((host, self.emulator.port()), arguments);
            assert!(said.contains(reason), "{arguments:?}: {said}");
        }
        let connections = self.emulator.log().connections;
        assert!(connections.is_empty(), "somebody logged in by {arguments:?}: {connections:?}");
    }

    /// The wrong certificates, with what there is to say of each; the first one only for its name.
    fn wrong(&self) -> Vec<(Arc<ServerConfig>, &'static str)> {
        let other = Authority::new("Other");
        // Of the same name as the one that is trusted, by another key.
        let namesake = Authority::new("Good");
        vec![
            (self.authority.issue(&certificates::named(&["cluster.example.com"])), "it is for another host"),
            (self.authority.issue(&certificates::expired()), "it has expired"),
            (self.authority.issue(&certificates::not_yet_valid()), "it is not valid yet"),
            (certificates::self_signed(false), "--ca-file"),
            (certificates::self_signed(true), "as self-signed ones often are"),
            (other.good(rustls::ALL_VERSIONS), "--ca-file"),
            (namesake.good(rustls::ALL_VERSIONS), "the trusted authority of that name has not issued it"),
        ]
    }
}

/// Protects against whoever answers in the cluster's place: without a word of `--sslmode`, only a valid certificate
/// for this very host, of an authority that is trusted, gets to hear who logs in.
#[test]
fn verify_full_is_the_default_and_takes_the_right_certificate_only() {
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

/// Protects those whose certificates were saved or put together on Windows: with a byte order mark at the head of the
/// file, and at that of a part.
#[test]
fn a_file_of_authorities_may_have_byte_order_marks() {
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
    // What is no file, or has no end, is called what it is.
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
    assert!(place.emulator.log().connections.is_empty(), "nobody was asked");
}

/// Protects as `verify-full` does where the host is an alias, which its certificate need not know.
#[test]
fn verify_ca_takes_another_name_and_nothing_else() {
    let place = Place::new();
    let mut wrong = place.wrong().into_iter();
    let (other_name, _) = wrong.next().expect("the first");
    // `require` is the same with a file of authorities.
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

/// Protects what `require` promises: TLS, though with anybody.
#[test]
fn require_takes_any_certificate() {
    let place = Place::new();
    let older = place.authority.good(&[&rustls::version::TLS12]);
    for config in place.wrong().into_iter().map(|(config, _)| config).chain([older]) {
        place.serve(&config);
        place.passes(&["--sslmode", "require"]);
    }
}

/// Protects those who name no file: the authorities are the system's then, and no others.
#[test]
fn without_a_file_the_authorities_are_the_systems() {
    let mut place = Place::new();
    place.serve(&place.authority.good(rustls::ALL_VERSIONS));
    let other = place.bench.file("other.pem", &Authority::new("Other").pem());
    place.bench.environment = vec![("SSL_CERT_FILE", other)];
    place.refused(&["--sslmode", "verify-full"], "--ca-file");
    place.bench.environment = vec![("SSL_CERT_FILE", place.ca_file.clone().into())];
    place.passes(&["--sslmode", "verify-full"]);
    // A file that is named stands in the system's stead.
    let other = place.bench.file("other.pem", &Authority::new("Other").pem()).to_string_lossy().into_owned();
    place.refused(&["--ca-file", &other], "no trusted authority has issued it");
}

/// Protects against a file of authorities that would check nothing: it is refused before anything is sent.
#[test]
fn a_file_without_authorities_is_refused() {
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

/// Protects against somebody in between who says that the server has no TLS, or answers in its place, before TLS or
/// into it (CVE-2021-23222): all modes that promise TLS end there.
#[test]
fn a_server_that_refuses_tls_or_mixes_into_it_hears_nothing() {
    let place = Place::new();
    let good = place.authority.good(rustls::ALL_VERSIONS);
    for (tls, reason) in [
        (Tls::Refused, "--sslmode disable"),
        (Tls::Error, "--sslmode disable"),
        (Tls::Stuffed(good), "there is no TLS connection to it"),
    ] {
        place.emulator.with_tls(tls);
        for mode in ["require", "verify-ca", "verify-full"] {
            place.refused(&["--sslmode", mode, "--ca-file", &place.ca_file], reason);
        }
    }
    // `prefer` does without TLS where there is none, but not where it breaks.
    place.refused(&["--sslmode", "prefer"], "there is no TLS connection to it");
}

/// Protects what the weaker modes promise: `prefer` uses TLS where it is, `allow` where it must, `disable` never; and
/// none of them tries again without TLS what was refused with it.
#[test]
fn prefer_allow_and_disable_do_what_they_say() {
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
    let ways = || emulator.log().connections.iter().map(|c| (c.tls, c.auth)).collect::<Vec<_>>();
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
        let said = bench.refused(by_name(&emulator), &["--sslmode", mode]);
        assert!(said.contains(reason), "{mode}: {said}");
        // Twice, for `refused` runs twice.
        let wanted = if mode == "prefer" { (true, Auth::Md5) } else { (false, Auth::None) };
        assert_eq!(ways(), [wanted; 2], "{mode}");
    }
    emulator.with_tls(Tls::Refused);
    emulator.require_tls(false);
    emulator.reset_log();
    let bench = Bench::of(super::SUPERUSER, Some("Wv9-Tgkq-Ybn2"));
    let said = bench.refused(by_name(&emulator), &["--sslmode", "allow"]);
    assert!(said.contains("password authentication failed"), "{said}");
    assert_eq!(ways(), [(false, Auth::Md5); 2]);
}

/// Protects the password itself, which a server may ask for in clear text: it is sent where the user allows it, and
/// then over TLS, or where the user has said that nothing is to be protected.
#[test]
fn a_password_in_clear_text_needs_tls_and_a_word_of_the_user() {
    let Place { emulator, bench, authority, ca_file } = Place::new();
    emulator.request_auth(AuthRequest::ClearText);
    emulator.with_tls(Tls::On(authority.good(rustls::ALL_VERSIONS)));
    // Nor is a certificate that is right a reason to send it.
    let trust = ["--ca-file", ca_file.as_str()];
    for (mode, trust) in [
        ("disable", &[] as &[&str]),
        ("allow", &[]),
        ("prefer", &[]),
        ("require", &[]),
        ("verify-full", &trust),
    ] {
        emulator.reset_log();
        let said = bench.refused(by_name(&emulator), &[&["--sslmode", mode], trust].concat());
        assert!(said.contains("it has not been sent"), "{mode}: {said}");
        assert!(said.contains("--allow-cleartext-password"), "{mode}: {said}");
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
            let said = bench.refused(by_name(&emulator), &["--sslmode", mode, "--allow-cleartext-password"]);
            assert!(said.contains("it has not been sent; --sslmode require"), "{mode}: {said}");
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
