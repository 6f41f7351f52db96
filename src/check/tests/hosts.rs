//! Tests for extracting a host from a text, and for which texts may be shown.

use crate::platform::redshift::{NameError, identifier_error, is_plausible_name};
use crate::schema::format::{HostNameError, host_error, is_plausible_host, may_hold_credentials};

#[test]
fn host_with_a_scheme_or_a_port_contains_no_credentials() {
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
fn any_other_part_may_be_a_password() {
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
        // Rests of `user:se://cret]:5439@host` that a comment cuts off.
        "user:se://cret",
        "user:cret]:5439",
    ] {
        assert!(may_hold_credentials(text), "{text}");
    }
}

#[test]
fn host_is_extracted_unless_it_may_be_part_of_a_password() {
    let table = [
        ("https://2001:db8::1/dev", Some("2001:db8::1")),
        ("https://[2001:db8::1]:5439/dev", Some("2001:db8::1")),
        ("a;b", Some("a")),
        ("x@a.example.com", Some("a.example.com")),
        // The password may be `x@a`.
        ("x@a.example?y", None),
        ("x?y@a.example", None),
        ("a\u{1}b", None),
        ("a b", None),
    ];
    for (text, bare) in table {
        assert_eq!(host_error(text), Some(HostNameError::NotBare(bare.map(str::to_owned))), "{text:?}");
    }
    for (text, bare) in [
        ("tcp:10.0.0.5:5439", Some("10.0.0.5")),
        ("tcp:a.example.com:5439", Some("a.example.com")),
        ("jdbc:redshift:a.example.com:5439/dev", Some("a.example.com")),
        ("jdbc:redshift:iam:a.example.com", Some("a.example.com")),
        ("JDBC:Redshift:IAM://a.example.com:5439", Some("a.example.com")),
        ("https:/a.example.com/x", Some("a.example.com")),
        (r"https:\\a.example.com\x", Some("a.example.com")),
        ("//a.example.com:5439/dev", Some("a.example.com")),
        ("a.example.com/", Some("a.example.com")),
        ("a.example.com;5439", Some("a.example.com")),
        ("a.example.com:abc", Some("a.example.com")),
        ("a:5439", Some("a")),
        ("a:5439/dev", Some("a")),
        ("a:", Some("a")),
        ("a.example.com:/dev", Some("a.example.com")),
        ("redshift:5439", Some("redshift")),
        ("redshift:a.eu-west-1.redshift.amazonaws.com:5439", Some("a.eu-west-1.redshift.amazonaws.com")),
        ("fe80::1%eth0", Some("fe80::1")),
        ("[fe80::1%25eth0]:5439", Some("fe80::1")),
        ("2001:db8::1%eth0:5439", Some("2001:db8::1")),
        ("[::1]:5439", Some("::1")),
        // A scheme is not a host, and the first part may be a user name.
        ("https:", None),
        ("jdbc:redshift:iam://", None),
        ("jdbc:redshift:", None),
        ("a:b", None),
        ("admin:secret.word", None),
        ("unix:/tmp/socket", None),
        ("user:/secret", None),
        (r"word:\path", None),
        ("word:?secret", None),
        ("redshift:secret.word", None),
        ("postgres:secret.word:5439", None),
        ("postgres://admin:secret", None),
        // The second part is the host.
        ("dev/a.example.com", None),
        // A page of the AWS console.
        ("https://eu-west-1.console.aws.amazon.com/redshiftv2/home", None),
    ] {
        assert_eq!(host_error(text), Some(HostNameError::NotBare(bare.map(str::to_owned))), "{text:?}");
    }
    for text in ["a!b", "a..b", "256.1.1.1"] {
        assert_eq!(host_error(text), Some(HostNameError::Malformed), "{text}");
    }
}

#[test]
fn other_identifiers_of_a_cluster_are_named() {
    for text in [
        "arn:aws:redshift:us-east-1:123456789012:cluster:examplecluster",
        "arn:aws:redshift-serverless:us-east-1:123456789012:workgroup/1-2-3",
        "arn:aws-cn:redshift:cn-north-1:123456789012:namespace:1-2-3",
        "ARN:AWS:redshift:…",
        " arn:aws:redshift:us-east-1::cluster:a\n",
    ] {
        assert_eq!(host_error(text), Some(HostNameError::Other("an ARN")), "{text:?}");
    }
    for text in [
        "jdbc:redshift:iam://examplecluster:us-west-2/dev",
        "jdbc:redshift:iam://examplecluster:us-gov-east-1",
        "examplecluster:eu-west-1",
    ] {
        let expected = HostNameError::Other("a cluster identifier with a region");
        assert_eq!(host_error(text), Some(expected), "{text:?}");
    }
    for text in
        ["arn:secret", "arn:aws@a.example.com", "a.example.com:us-west-2", "a:us-west", "a:b-c-d", "a:us--2"]
    {
        assert!(!matches!(host_error(text), Some(HostNameError::Other(_))), "{text:?}");
    }
}

#[test]
fn host_is_shown_if_it_contains_no_separator() {
    for text in [
        "a.example.com",
        "https://a.example.com/dev",
        "jdbc:redshift://a.example.com:5439",
        "[::1]:5439",
        "a_b.example.com.",
        "m\u{FC}nchen.example.com",
        " a.example.com\u{A0}",
        "\u{201C}a.example.com\u{201D}",
        "a\u{200B}.example.com",
        "${HOST}.example.com",
        "https://<host>:5439",
        "%HOST%",
        "{{ host }}",
    ] {
        assert!(is_plausible_host(text), "{text}");
    }
    for text in [
        "bob%3AHunter2abc%40a.example.com",
        "a.example.com Hunter2abc",
        "a.example.com\u{A0}Hunter2abc",
        "a.example.com\u{2028}Hunter2abc",
        "a.example.com|Hunter2abc",
        "a.example.com,Hunter2abc",
        "a.example.com!Hunter2abc",
        "a.example.com(Hunter2abc)",
        "a.example.com\u{FF5C}Hunter2abc",
        "bob\u{FF1A}Hunter2abc\u{FF20}a.example.com",
        "${HOST}|Hunter2abc",
        "bob:Hunter2abc@a.example.com",
    ] {
        assert!(!is_plausible_host(text), "{text}");
    }
}

#[test]
fn connection_string_is_not_a_name() {
    for text in [
        "redshift://bob:Hunter2abc@c.example.com:5439/dev",
        "jdbc:redshift://c.example.com:5439/dev",
        "dev?user=bob&password=Hunter2abc",
        "dev;PWD=Hunter2abc",
        "host=c.example.com user=bob password=Hunter2abc",
        "DbPassword = Hunter2abc",
        "bob:Hunter2abc@c.example.com",
        "bob%3AHunter2abc%40c.example.com",
        "c.example.com:5439/dev",
        "{{ user }}:Hunter2abc@c.example.com",
    ] {
        assert_eq!(identifier_error(text), Some(NameError::ConnectionString), "{text}");
        assert!(!is_plausible_name(text), "{text}");
    }
    for text in [
        "immuta",
        "bob@example.com",
        "IAM:bob@example.com",
        "IAMR:role",
        "arn:aws:iam::123456789012:role/immuta",
        "awsidc:bob@example.com",
        "a:b",
        "a/b",
        "a=",
        "=",
        "50% of a",
        "op://vault/item?attribute=name",
        "<%= @db %>",
    ] {
        assert!(is_plausible_name(text), "{text}");
    }
    for text in ["a=b", "x = y", "IAM:bob@example.com", "a:b"] {
        assert_eq!(identifier_error(text), None, "{text}");
    }
    assert!(!is_plausible_name("x=Hunter2abc"), "it may contain a secret");
}
