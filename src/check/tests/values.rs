//! Values that nobody can mean, keys that mean the same, and what stands beside a host.

use super::*;
use crate::check::Applicability;

const OKTA_PASSWORD: &str = "authenticationType: okta\nokta: {username: u, password: ";

/// The diagnostics without the one on plain text, which says nothing of the value.
fn of_value(text: &str, operation: Operation) -> Vec<Diagnostic> {
    let found = first(text, &options(operation)).diagnostics.into_iter();
    found.filter(|found| found.code != Code::PlaintextSecret).collect()
}

/// Protects accounts from a password that is none: a hash would be made of it.
#[test]
fn a_blank_password_is_an_error_wherever_it_stands() {
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
fn a_blank_name_is_an_error() {
    for (line, blank, pointer) in [
        ("database: immuta", "database: \"\\u00A0\"", "/config/database"),
        ("username: admin@example.com", "username: ' '", "/config/username"),
    ] {
        let found = only(&with(USER_PASSWORD, line, blank), &options(Operation::Create));
        assert_eq!((found.severity, found.pointer.as_str()), (Severity::Error, pointer));
        assert!(found.message.ends_with("is blank"), "{}", found.message);
    }
    // Where no string belongs, that is what is wrong.
    let found = only(
        &with(USER_PASSWORD, "database: immuta", "database: immuta\n  port: ' '"),
        &options(Operation::Create),
    );
    assert_eq!(found.code, Code::WrongType);
}

#[test]
fn the_port_beside_a_host_is_not_lost() {
    let table = [
        ("a.com:5439", "", "write `a.com`", true),
        ("a.com:5439", "5439", "write `a.com`", true),
        ("a.com:5440", "5440", "write `a.com`", true),
        ("a.com:5440", "\"5440\"", "write `a.com`", true),
        ("a.com:5440", "", "write `a.com`, and `5440` in `port`", false),
        ("a.com:5440", "5439", "write `a.com`, and the right one of 5439 and 5440 in `port`", false),
        ("a.com:443", "", "write `a.com`, and `443` in `port`", false),
        ("https://a.com:443", "", "write `a.com`", true),
        ("HTTPS://a.com:443/", "5440", "write `a.com`", true),
        ("http://a.com:80", "", "write `a.com`", true),
        ("http://a.com:443", "", "write `a.com`, and `443` in `port`", false),
        ("https://a.com:5440", "", "write `a.com`, and `5440` in `port`", false),
        ("a.com:5439/immuta", "", "write `a.com`", true),
        ("a.com:5439/other", "", "write `a.com`", false),
        ("a.com:5440/immuta", "", "write `a.com`, and `5440` in `port`", false),
        ("jdbc:redshift://a.com:5440/immuta", "", "write `a.com`, and `5440` in `port`", false),
        ("jdbc:redshift://redshift.a.com:5440/x", "", "write `redshift.a.com`, and `5440` in `port`", false),
        ("jdbc:redshift://a.com:5440/immuta", "5440", "write `a.com`", true),
        ("a.com:99999", "", "write `a.com`, and its port in `port`", false),
        ("a.com:0", "", "write `a.com`, and its port in `port`", false),
        ("a.com::5439", "", "write `a.com`, and its port in `port`", false),
        ("a.com;5439", "", "write `a.com`, and its port in `port`", false),
        ("https://a.com:5440:1", "", "write `a.com`, and its port in `port`", false),
        ("u@a.com:5440", "", "write `a.com`, and its port in `port`", false),
        ("u:Xyzzy1@a.com:5440", "5439", "write `a.com`, and its port in `port`", false),
        ("'[::1]:5439'", "", "write `::1`", true),
        ("'[::1]:5440'", "", "write `::1`, and `5440` in `port`", false),
        ("'[fe80::1%eth0]:5440'", "", "write `fe80::1`, and `5440` in `port`", false),
        ("'fe80::1%eth0:5440'", "", "write `fe80::1`, and `5440` in `port`", false),
    ];
    for (host, port, help, is_safe) in table {
        let port = if port.is_empty() { String::new() } else { format!("\n  port: {port}") };
        let text = with(USER_PASSWORD, "host: organization.aws.amazon.com", &format!("host: {host}{port}"));
        let found = of_value(&text, Operation::Create)
            .into_iter()
            .find(|found| found.code == Code::HostNotBare)
            .expect("a mistake");
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
    assert_eq!(other.help.as_deref(), Some("write `a.com`: there is no property for another port than 443"));
    assert_eq!(other.fix.map(|fix| fix.applicability), Some(Applicability::Unsafe));
}

/// Of what is no host, no piece is offered as one.
#[test]
fn what_is_no_host_gets_no_suggestion() {
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
        assert!(found.message.starts_with("expected "), "{host}: {}", found.message);
        assert!(found.message.contains(" host name or "), "{host}: {}", found.message);
        assert!(!found.help.as_deref().unwrap_or_default().contains("write `"), "{host}: {:?}", found.help);
        assert!(!format!("{found:?}").contains("Xyzzy1"), "{found:?}");
    }
}

/// Protects a value from being taken for the right one because its key comes first.
#[test]
fn of_two_keys_that_mean_the_same_none_is_chosen() {
    let safe = |text: &str| {
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
        assert_eq!(safe(&text), 0, "{text}");
        assert_eq!(of_value(&text, Operation::Create).len(), keys.len(), "nothing is missing: {text}");
    }
    let text = with(USER_PASSWORD, "database: immuta", "database: immuta\n  Database: other");
    let found = only(&text, &options(Operation::Create));
    assert_eq!(found.help.as_deref(), Some("`database` is set already; leave one of the two out"));
    // JSON, at the top level, and in an object within `config`.
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
    assert_eq!(safe(json), 0);
    // One alone is certainly meant.
    assert_eq!(safe(&with(USER_PASSWORD, "database: immuta", "Database: immuta")), 1);
}

#[test]
fn a_word_that_says_that_something_is_to_be_filled_in_is_no_value() {
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
        // Redshift takes them for passwords.
        ("password: ${REDSHIFT_PASSWORD}", "password: '[Correct4Horse]'"),
        ("password: ${REDSHIFT_PASSWORD}", "password: '!Correct4Horse!'"),
        ("password: ${REDSHIFT_PASSWORD}", "password: ChangeMe1"),
    ] {
        assert_eq!(of_value(&with(USER_PASSWORD, line, right), Operation::Create), [], "{right}");
    }
}

#[test]
fn the_help_for_a_port_in_quotes_writes_the_number() {
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

/// What is left without the characters may be wrong, too: the help is what makes it right.
#[test]
fn the_help_for_a_suspicious_character_leads_to_no_other_mistake() {
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
fn a_payload_is_no_list() {
    let indented = |text: &str| format!("- {}\n", text.trim_end().replace('\n', "\n  "));
    let remove = "a payload is no list; remove the `- `";
    for (text, operation, help) in [
        (indented(USER_PASSWORD), None, remove),
        (indented(USER_PASSWORD), Some(Operation::Create), remove),
        (indented(OKTA), Some(Operation::Update), remove),
        (indented(CREDENTIALS), Some(Operation::Delete), remove),
        (format!("# a\n---\n{}", indented(USER_PASSWORD)), None, remove),
        (
            r#"[{"type": "Redshift", "config": {}}]"#.to_owned(),
            None,
            "a payload is no list; remove the brackets around it",
        ),
        (
            indented(USER_PASSWORD).repeat(2),
            None,
            "a payload is no list; write each as a document of its own, with `---` between them",
        ),
        (
            r#"[{"type": "Redshift", "config": {}}, {"autoBootstrap": true}]"#.to_owned(),
            None,
            "a payload is no list; write each into a file of its own",
        ),
    ] {
        let found = only(&text, &Options { operation, ..Options::default() });
        assert_eq!((found.code, found.pointer.as_str()), (Code::WrongType, ""), "{text}");
        assert_eq!(found.message, "a payload must be an object, but this is a list");
        assert_eq!(found.help.as_deref(), Some(help), "{text}");
    }
    // What the API answers is one.
    let list = format!("[{}]", vendor()["response-get-user-password"]);
    assert_eq!(first(&list, &Options::default()).diagnostics, []);
    let wrong = first(&indented(USER_PASSWORD), &options(Operation::List)).diagnostics;
    assert!(
        wrong.iter().any(|found| found.pointer == "/0" && found.code == Code::MissingProperty),
        "{wrong:#?}"
    );
}

/// A value that is written is no key with nothing after it.
#[test]
fn of_a_null_that_is_written_nothing_is_said_about_empty_values() {
    for null in ["null", "~", "Null"] {
        let text = with(USER_PASSWORD, "database: immuta", &format!("database: {null}"));
        assert_eq!(only(&text, &options(Operation::Create)).help, None, "{null}");
    }
    let json = r#"{"authenticationType": "userPassword", "username": null, "password": "${P}"}"#;
    let found = only(json, &options(Operation::Delete));
    assert_eq!((found.code, found.help), (Code::WrongType, None));
}

#[test]
fn the_host_of_okta_has_an_example_of_its_own() {
    let okta = with(OKTA, "organization.okta.com", "'a?x@okta.com'");
    let found = of_value(&okta, Operation::Create);
    let help = found.iter().find_map(|found| found.help.clone().filter(|_| found.code == Code::HostNotBare));
    assert_eq!(help.as_deref(), Some("write the host alone, for example `organization.okta.com`"));
}

/// What is made gets the folded name; what is there has one, and users keep theirs.
#[test]
fn names_of_what_is_made_are_told_to_fold() {
    let text = with(&with(OKTA, "immuta_impersonation", "Imm_Imp"), "analytics", "ANALYTICS");
    let text = text.replace("admin@example.com", "Admin@example.com");
    let of_names = |text: &str| {
        let found = of_value(text, Operation::Create).into_iter();
        found.filter(|found| found.code != Code::OktaDeprecated).collect::<Vec<_>>()
    };
    let found = of_names(&text);
    let [found] = &found[..] else { panic!("{found:#?}") };
    assert_eq!((found.code, found.pointer.as_str()), (Code::FoldedIdentifier, "/config/impersonation/role"));
    assert_eq!(found.message, "Redshift folds `Imm_Imp` to lower case, quoted or not");
    let unused = with(&text, "enabled: true", "enabled: false");
    assert!(of_names(&unused).iter().all(|found| found.code == Code::UnusedRole));
}

/// What is not shown gets a help that says what a host looks like.
#[test]
fn a_host_that_is_not_shown_gets_an_example() {
    let text = with(USER_PASSWORD, "organization.aws.amazon.com", "bob%3Ax%40c.example.com");
    let found = only(&text, &options(Operation::Create));
    assert_eq!(
        found.help.as_deref(),
        Some("write the host alone, for example `organization.aws.amazon.com`")
    );
}
