//! What of a text that should be a host may be shown, and which host is told from it.

use crate::check::format::{HostFault, host_fault, may_hold_credentials};

#[test]
fn a_host_with_a_scheme_or_a_port_holds_no_credentials() {
    for text in [
        "a.example.com",
        "a.example.com:",
        "a.example.com:5439",
        "https://a.example.com",
        "https://a.example.com:443",
        "unknown://a.example.com",
        "jdbc:redshift://a.example.com:5439",
        "::1",
        "[::1]",
        "[::1]:5439",
        "https://[::1]:5439",
    ] {
        assert!(!may_hold_credentials(text), "{text}");
    }
}

#[test]
fn anything_beside_a_host_and_its_port_may_be_a_password() {
    for text in [
        "admin@a.example.com",
        "a.example.com?secret",
        "a.example.com#secret",
        "a.example.com;secret",
        "a.example.com&secret",
        "PWD=secret",
        "admin:secret",
        "admin:543900",
        "admin:54x",
        "[::1]secret",
        "[::1]:secret",
        // What a comment leaves of `user:se://cret]:5439@host`, in two lengths.
        "user:se://cret",
        "user:cret]:5439",
    ] {
        assert!(may_hold_credentials(text), "{text}");
    }
}

#[test]
fn the_host_is_told_where_no_password_can_be_mistaken_for_it() {
    let table = [
        ("https://2001:db8::1/dev", Some("2001:db8::1")),
        ("https://[2001:db8::1]:5439/dev", Some("2001:db8::1")),
        ("a;b", Some("a")),
        ("x@a.example.com", Some("a.example.com")),
        // The password may be `x@a`, and the host is elsewhere.
        ("x@a.example?y", None),
        ("x?y@a.example", None),
        ("a\u{1}b", None),
        ("a b", None),
    ];
    for (text, bare) in table {
        assert_eq!(host_fault(text), Some(HostFault::NotBare(bare.map(str::to_owned))), "{text:?}");
    }
    for text in ["a!b", "a..b", "256.1.1.1"] {
        assert_eq!(host_fault(text), Some(HostFault::Malformed), "{text}");
    }
}
