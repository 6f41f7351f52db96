//! Tests for blank values, keys with the same meaning, and hosts with additional parts.

use super::*;
use crate::check::Applicability;

const OKTA_PASSWORD: &str = "authenticationType: okta\nokta: {username: u, password: ";

/// The diagnostics except `plaintext-secret`.
fn of_value(text: &str, operation: Operation) -> Vec<Diagnostic> {
    let found = first(text, &options(operation)).diagnostics.into_iter();
    found.filter(|found| found.code != Code::PlaintextSecret).collect()
}

/// Protects accounts from a blank password, which scripts would hash.
#[test]
fn blank_password_is_an_error_everywhere() {
    for blank in [" ", "   ", "\\t", "\\n", "\\u00A0", "\\u2003\\u200B", "\\uFEFF", "\\u3164", "\\u0001"] {
        let flat = with(USER_PASSWORD, "${REDSHIFT_PASSWORD}", &format!("\"{blank}\""));
        let credentials =
            format!("authenticationType: userPassword\nusername: admin\npassword: \"{blank}\"\n");
        let nested = format!("{OKTA_PASSWORD}\"{blank}\", appId: a, idpHost: b.example.com, role: r}}\n");
        for (text, operation, pointer) in [
            (&flat, Operation::Create, "/config/password"),
            (&credentials, Operation::Delete, "/password"),
            (&nested, Operation::Delete, "/okta/password"),
        ] {
            let checked = first(text, &options(operation));
            let [found] = &checked.diagnostics[..] else { panic!("{:#?}", checked.diagnostics) };
            assert_eq!((found.severity, found.pointer.as_str()), (Severity::Error, pointer), "{text}");
            assert!(found.message.ends_with("password` is blank"), "{}", found.message);
            assert!(checked.body.is_none() && found.fix.is_none(), "{text}");
        }
    }
}

#[test]
fn blank_name_is_an_error() {
    for (line, blank, pointer) in [
        ("database: immuta", "database: \"\\u00A0\"", "/config/database"),
        ("username: admin@example.com", "username: ' '", "/config/username"),
    ] {
        let found = only(&with(USER_PASSWORD, line, blank), &options(Operation::Create));
        assert_eq!((found.severity, found.pointer.as_str()), (Severity::Error, pointer));
        assert!(found.message.ends_with("is blank"), "{}", found.message);
    }
    // Where no string is expected, the type is reported.
    let found = only(
        &with(USER_PASSWORD, "database: immuta", "database: immuta\n  port: ' '"),
        &options(Operation::Create),
    );
    assert_eq!(found.code, Code::WrongType);
}

#[test]
fn help_keeps_the_port_of_a_host() {
    let table = [
        ("a.com:5439", "", "write `a.com`", true),
        ("a.com:5439", "5439", "write `a.com`", true),
        ("a.com:5440", "5440", "write `a.com`", true),
        ("a.com:5440", "\"5440\"", "write `a.com`", true),
        ("a.com:5440", "", "write `a.com` and set `port` to 5440", false),
        ("a.com:5440", "5439", "write `a.com` and set `port` to 5439 or 5440, whichever is correct", false),
        ("a.com:443", "", "write `a.com` and set `port` to 443", false),
        ("https://a.com:443", "", "write `a.com`", true),
        ("HTTPS://a.com:443/", "5440", "write `a.com`", true),
        ("http://a.com:80", "", "write `a.com`", true),
        ("http://a.com:443", "", "write `a.com` and set `port` to 443", false),
        ("https://a.com:5440", "", "write `a.com` and set `port` to 5440", false),
        ("a.com:5439/immuta", "", "write `a.com`", true),
        ("a.com:5439/other", "", "write `a.com`", false),
        ("a.com:5440/immuta", "", "write `a.com` and set `port` to 5440", false),
        ("jdbc:redshift://a.com:5440/immuta", "", "write `a.com` and set `port` to 5440", false),
        ("jdbc:redshift://redshift.a.com:5440/x", "", "write `redshift.a.com` and set `port` to 5440", false),
        ("jdbc:redshift://a.com:5440/immuta", "5440", "write `a.com`", true),
        ("a.com:99999", "", "write `a.com` and move the port to `port`", false),
        ("a.com:0", "", "write `a.com` and move the port to `port`", false),
        ("a.com::5439", "", "write `a.com` and move the port to `port`", false),
        ("a.com;5439", "", "write `a.com` and move the port to `port`", false),
        ("https://a.com:5440:1", "", "write `a.com` and move the port to `port`", false),
        ("u@a.com:5440", "", "write `a.com` and move the port to `port`", false),
        ("u:Xyzzy1@a.com:5440", "5439", "write `a.com` and move the port to `port`", false),
        ("'[::1]:5439'", "", "write `::1`", true),
        ("'[::1]:5440'", "", "write `::1` and set `port` to 5440", false),
        ("'[fe80::1%eth0]:5440'", "", "write `fe80::1` and set `port` to 5440", false),
        ("'fe80::1%eth0:5440'", "", "write `fe80::1` and set `port` to 5440", false),
    ];
    for (host, port, help, is_safe) in table {
        let port = if port.is_empty() { String::new() } else { format!("\n  port: {port}") };
        let text = with(USER_PASSWORD, "host: organization.aws.amazon.com", &format!("host: {host}{port}"));
        let found = of_value(&text, Operation::Create)
            .into_iter()
            .find(|found| found.code == Code::HostNotBare)
            .expect("a diagnostic");
        assert_eq!(found.help.as_deref(), Some(help), "{text}");
        assert!(!format!("{found:?}").contains("Xyzzy1"), "{found:?}");
        let fix = found.fix.expect("a fix");
        assert_eq!(fix.applicability == Applicability::Safe, is_safe, "{text}");
    }
    let okta = |host: &str| {
        let text = format!("{OKTA_PASSWORD}\"${{P}}\", appId: a, idpHost: {host}, role: r}}\n");
        only(&text, &options(Operation::Delete))
    };
    assert_eq!(okta("\"a.com:443\"").help.as_deref(), Some("write `a.com`"));
    let other = okta("\"a.com:8443\"");
    assert_eq!(other.help.as_deref(), Some("write `a.com`; ports other than 443 are not supported"));
    assert_eq!(other.fix.map(|fix| fix.applicability), Some(Applicability::Unsafe));
}

/// The help must not suggest a part of a value that is not a host.
#[test]
fn value_without_a_host_has_no_suggestion() {
    for host in [
        r"c:\x",
        "C:/redshift/host",
        r"\\server\share",
        r"..\x",
        "/path",
        "/a.com/b",
        "./a.com",
        "~/a.com",
        "file:///a.com/x",
        "FILE:a.com",
        "urn:a.com:x",
        "mailto:a@b.com",
        "tel:+1.5",
        "data:text/a.com",
        "a.com;b.com",
        "a.com,b.com",
        "a.com, b.com",
        "a.com b.com",
        "a.com:5439,b.com:5439",
        "10.0.0.1,10.0.0.2",
        "s3://a.com/b",
        "user@host",
        "user:Xyzzy1@host",
    ] {
        let text = with(USER_PASSWORD, "host: organization.aws.amazon.com", &format!("host: '{host}'"));
        let found = only(&text, &options(Operation::Create));
        assert_eq!((found.code, &found.fix), (Code::HostNotBare, &None), "{host}");
        assert!(found.message.contains(" host name or "), "{host}: {}", found.message);
        assert!(!found.help.as_deref().unwrap_or_default().contains("write `"), "{host}: {:?}", found.help);
        assert!(!format!("{found:?}").contains("Xyzzy1"), "{found:?}");
    }
}

/// The first of two keys with the same meaning is not necessarily the right one.
#[test]
fn keys_with_the_same_meaning_have_no_fix() {
    let safe_fixes = |text: &str| {
        let options = options(Operation::Create);
        fixed(text, &options).1
    };
    let unknown = |text: &str| -> Vec<String> {
        let found = of_value(text, Operation::Create).into_iter();
        let unknown: Vec<Diagnostic> = found.filter(|found| found.code == Code::UnknownProperty).collect();
        assert!(unknown.iter().all(|found| found.fix.is_none()), "{unknown:#?}");
        unknown.into_iter().map(|found| found.pointer).collect()
    };
    for (from, to, keys) in [
        ("database: immuta", "DATABASE: immuta\n  Database: other", &["DATABASE", "Database"][..]),
        ("database: immuta", "Database: other\n  database: immuta", &["Database"]),
        ("database: immuta", "database: immuta\n  Database: other", &["Database"]),
        (
            "initialDatabase: analytics",
            "initial_database: analytics\n  InitialDatabase: b",
            &["initial_database", "InitialDatabase"],
        ),
        (
            "initialDatabase: analytics",
            "initialDatabase: analytics\n  initial-database: b",
            &["initial-database"],
        ),
        (
            "initialDatabase: analytics",
            "initialDatabas: analytics\n  InitialDatabase: b",
            &["initialDatabas", "InitialDatabase"],
        ),
    ] {
        let text = with(USER_PASSWORD, from, to);
        let expected: Vec<String> = keys.iter().map(|key| format!("/config/{key}")).collect();
        assert_eq!(unknown(&text), expected, "{text}");
        assert_eq!(safe_fixes(&text), 0, "{text}");
        assert_eq!(of_value(&text, Operation::Create).len(), keys.len(), "no property is missing: {text}");
    }
    let text = with(USER_PASSWORD, "database: immuta", "database: immuta\n  Database: other");
    let found = only(&text, &options(Operation::Create));
    assert_eq!(found.help.as_deref(), Some("`database` is already defined; remove one of the two"));
    // JSON, at the top level and in an object in `config`.
    let json = r#"{"type": "Redshift", "Type": "Redshift", "AutoBootstrap": true, "autobootstrap": false,
        "config": {"host": "a.com", "database": "a", "initialDatabase": "b",
        "impersonation": {"ENABLED": true, "Enabled": false},
        "authenticationType": "userPassword", "username": "u", "password": "${P}"}}"#;
    let expected = [
        "/Type",
        "/AutoBootstrap",
        "/autobootstrap",
        "/config/impersonation/ENABLED",
        "/config/impersonation/Enabled",
    ];
    assert_eq!(unknown(json), expected);
    assert_eq!(safe_fixes(json), 0);
    // A single key is unambiguous.
    assert_eq!(safe_fixes(&with(USER_PASSWORD, "database: immuta", "Database: immuta")), 1);
}

#[test]
fn fill_in_words_are_placeholders() {
    for word in ["'[DB]'", "'!DB!'", "CHANGE_ME", "TODO", "xxx", "your-database-here"] {
        for (line, key) in [
            ("host: organization.aws.amazon.com", "host"),
            ("database: immuta", "database"),
            ("username: admin@example.com", "username"),
            ("password: ${REDSHIFT_PASSWORD}", "password"),
        ] {
            let text = with(USER_PASSWORD, line, &format!("{key}: {word}"));
            let mut checked = first(&text, &options(Operation::Create));
            let [found] = &checked.diagnostics[..] else { panic!("{text}: {:#?}", checked.diagnostics) };
            assert_eq!((found.code, found.severity), (Code::Placeholder, Severity::Warning), "{text}");
            assert!(found.fix.is_none() && checked.body.is_none(), "{text}");
            checked.refuse_placeholders();
            assert!(!checked.is_valid(), "{text}");
        }
    }
    for (line, right) in [
        ("database: immuta", "database: todo_app"),
        ("database: immuta", "database: example"),
        ("host: organization.aws.amazon.com", "host: '::1'"),
        ("host: organization.aws.amazon.com", "host: your-company.example.com"),
        // Valid Redshift passwords.
        ("password: ${REDSHIFT_PASSWORD}", "password: '[Correct4Horse]'"),
        ("password: ${REDSHIFT_PASSWORD}", "password: '!Correct4Horse!'"),
        ("password: ${REDSHIFT_PASSWORD}", "password: ChangeMe1"),
    ] {
        assert_eq!(of_value(&with(USER_PASSWORD, line, right), Operation::Create), [], "{right}");
    }
}

#[test]
fn help_for_a_quoted_port_contains_the_number() {
    for (port, help) in [
        ("\"5439\"", "remove the quotes"),
        ("\"05439\"", "write `5439`"),
        ("\"5439 \"", "write `5439`"),
        ("\"+5439\"", "write `5439`"),
        ("\"5_439\"", "write `5439`"),
        ("\"0x153F\"", "write `5439`"),
        ("\"5439.0\"", "write `5439`"),
        ("\"5.439e3\"", "write `5439`"),
        ("5_439", "YAML 1.2 reads `5_439` as a string; write `5439`"),
        ("\"０５４３９\"", "write `5439`"),
        ("\u{201C}5439\u{201D}", "write `5439`"),
        ("\"5439\u{A0}\"", "write `5439`"),
    ] {
        let text = with(USER_PASSWORD, "database: immuta", &format!("database: immuta\n  port: {port}"));
        assert_eq!(only(&text, &options(Operation::Create)).help.as_deref(), Some(help), "{port}");
    }
}

/// Removing the character alone may leave an invalid value, so the help shows the valid one.
#[test]
fn help_for_a_suspicious_character_results_in_a_valid_value() {
    for (from, to, help, fixed) in [
        (
            "userPassword",
            "user\u{2013}Password",
            "did you mean `userPassword`?",
            Some("authenticationType: userPassword"),
        ),
        (
            "userPassword",
            "user\u{A0}Password",
            "did you mean `userPassword`?",
            Some("authenticationType: userPassword"),
        ),
        ("Redshift", "Redshift\u{A0}", "did you mean `Redshift`?", Some("type: Redshift\n")),
        (
            "autoBootstrap: false",
            "autoBootstrap: \u{201C}false\u{201D}",
            "write `false`",
            Some("autoBootstrap: false\n"),
        ),
        ("autoBootstrap: false", "autoBootstrap: no\u{A0}", "write `false`", Some("autoBootstrap: false\n")),
        ("autoBootstrap: false", "autoBootstrap: \u{A0}x", "remove it", None),
        ("aws.amazon", "aws\u{A0}amazon", "remove it", None),
        ("analytics", "analytics\u{A0}", "remove it", Some("initialDatabase: analytics\n")),
        ("analytics", "\u{2003}analytics", "remove it", Some("initialDatabase: analytics\n")),
        ("amazon.com", "amazon.com\u{A0}", "remove it", Some("host: organization.aws.amazon.com\n")),
    ] {
        let text = with(USER_PASSWORD, from, to);
        let found = only(&text, &options(Operation::Create));
        assert_eq!((found.code, found.help.as_deref()), (Code::SuspiciousCharacter, Some(help)), "{to:?}");
        let after = found.fix.map(|fix| super::super::apply(&text, &[&fix]));
        match (&after, fixed) {
            (Some(after), Some(fixed)) => {
                assert!(after.contains(fixed), "{after}");
                assert_eq!(of_value(after, Operation::Create), [], "{after}");
            }
            (after, fixed) => assert_eq!(after.as_deref(), fixed, "{to:?}"),
        }
    }
}

#[test]
fn list_of_payloads_is_an_error() {
    let indented = |text: &str| format!("- {}\n", text.trim_end().replace('\n', "\n  "));
    let remove = "remove the `- `";
    for (text, operation, help) in [
        (indented(USER_PASSWORD), None, remove),
        (indented(USER_PASSWORD), Some(Operation::Create), remove),
        (indented(OKTA), Some(Operation::Update), remove),
        (indented(CREDENTIALS), Some(Operation::Delete), remove),
        (format!("# a\n---\n{}", indented(USER_PASSWORD)), None, remove),
        (
            r#"[{"type": "Redshift", "config": {}}]"#.to_owned(),
            None,
            "remove the brackets around the payload",
        ),
        (
            indented(USER_PASSWORD).repeat(2),
            None,
            "write each payload as a document of its own, with `---` between them",
        ),
        (
            r#"[{"type": "Redshift", "config": {}}, {"autoBootstrap": true}]"#.to_owned(),
            None,
            "put each payload in a file of its own",
        ),
    ] {
        let found = only(&text, &Options { operation, ..Options::default() });
        assert_eq!((found.code, found.pointer.as_str()), (Code::WrongType, ""), "{text}");
        assert_eq!(found.message, "expected a payload object, found an array of payloads");
        assert_eq!(found.help.as_deref(), Some(help), "{text}");
    }
    // A list of integrations is a valid response.
    let list = format!("[{}]", vendor()["response-get-user-password"]);
    assert_eq!(first(&list, &Options::default()).diagnostics, []);
    let wrong = first(&indented(USER_PASSWORD), &options(Operation::List)).diagnostics;
    assert!(
        wrong.iter().any(|found| found.pointer == "/0" && found.code == Code::MissingProperty),
        "{wrong:#?}"
    );
}

/// The help about a missing value does not apply.
#[test]
fn explicit_null_has_no_help() {
    for null in ["null", "~", "Null"] {
        let text = with(USER_PASSWORD, "database: immuta", &format!("database: {null}"));
        assert_eq!(only(&text, &options(Operation::Create)).help, None, "{null}");
    }
    let json = r#"{"authenticationType": "userPassword", "username": null, "password": "${P}"}"#;
    let found = only(json, &options(Operation::Delete));
    assert_eq!((found.code, found.help), (Code::WrongType, None));
}

#[test]
fn help_for_the_okta_host_has_an_okta_example() {
    let okta = with(OKTA, "organization.okta.com", "'a?x@okta.com'");
    let found = of_value(&okta, Operation::Create);
    let help = found.iter().find_map(|found| found.help.clone().filter(|_| found.code == Code::HostNotBare));
    assert_eq!(help.as_deref(), Some("write only the host, for example `organization.okta.com`"));
}

/// Only created objects get the lower-case name; users keep their letter case.
#[test]
fn only_names_of_created_objects_are_reported_as_folded() {
    let text = with(&with(OKTA, "immuta_impersonation", "Imm_Imp"), "analytics", "ANALYTICS");
    let text = text.replace("admin@example.com", "Admin@example.com");
    let of_names = |text: &str| {
        let found = of_value(text, Operation::Create).into_iter();
        found.filter(|found| found.code != Code::OktaDeprecated).collect::<Vec<_>>()
    };
    let found = of_names(&text);
    let [found] = &found[..] else { panic!("{found:#?}") };
    assert_eq!((found.code, found.pointer.as_str()), (Code::FoldedIdentifier, "/config/impersonation/role"));
    assert_eq!(found.message, "Redshift converts `Imm_Imp` to lower case, even when quoted");
    let unused = with(&text, "enabled: true", "enabled: false");
    assert!(of_names(&unused).iter().all(|found| found.code == Code::UnusedRole));
}

#[test]
fn help_for_a_hidden_host_has_an_example() {
    let text = with(USER_PASSWORD, "organization.aws.amazon.com", "bob%3Ax%40c.example.com");
    let found = only(&text, &options(Operation::Create));
    assert_eq!(found.help.as_deref(), Some("write only the host, for example `organization.aws.amazon.com`"));
}
