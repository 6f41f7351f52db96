//! Tests for the location and the message of each diagnostic: one problem, one diagnostic, at one location.

use super::*;

/// The base text, the text to replace, its replacement, and the expected diagnostics.
type Case = (&'static str, &'static str, &'static str, &'static [&'static str]);

fn run(operation: Option<Operation>, cases: &[Case]) {
    for (base, from, to, expected) in cases {
        let text = with(base, from, to);
        let options = Options { operation, ..Options::default() };
        let diagnostics: Vec<String> =
            found(&text, &options).into_iter().filter(|line| !line.contains(" okta-deprecated ")).collect();
        assert_eq!(diagnostics, *expected, "{from:?} -> {to:?}");
    }
}

const FLAT: &str = "  username: admin@example.com\n  password: ${REDSHIFT_PASSWORD}\n";
const ROLE: &str = "    role: immuta_impersonation\n";

#[test]
fn missing_unknown_and_misplaced_keys() {
    run(
        None,
        &[
            (USER_PASSWORD, "type: Redshift\n", "", &["1:1 missing-property "]),
            (USER_PASSWORD, "autoBootstrap: false\n", "", &["1:1 missing-property "]),
            (USER_PASSWORD, "  host: organization.aws.amazon.com\n", "", &["3:1 missing-property /config"]),
            (USER_PASSWORD, "    enabled: false", "    {}", &["7:3 missing-property /config/impersonation"]),
            (USER_PASSWORD, "  authenticationType: userPassword\n", "", &["3:1 missing-property /config"]),
            (USER_PASSWORD, "  password: ${REDSHIFT_PASSWORD}\n", "", &["3:1 missing-property /config"]),
            (OKTA, "    appId: Okta\n", "", &["11:3 missing-property /config/okta"]),
            (OKTA, "    role: admin\n", "", &["11:3 missing-property /config/okta"]),
            // A misspelled key is unknown, but not also missing.
            (USER_PASSWORD, "type:", "tpye:", &["1:1 unknown-property /tpye"]),
            (USER_PASSWORD, "host:", "hots:", &["4:3 unknown-property /config/hots"]),
            (USER_PASSWORD, "config:", "conifg:", &["3:1 unknown-property /conifg"]),
            (USER_PASSWORD, "password:", "pasword:", &["11:3 unknown-property /config/pasword"]),
            (
                USER_PASSWORD,
                "authenticationType",
                "autenticationType",
                &["9:3 unknown-property /config/autenticationType"],
            ),
            (USER_PASSWORD, "enabled", "enable", &["8:5 unknown-property /config/impersonation/enable"]),
            (OKTA, "okta:", "otka:", &["11:3 unknown-property /config/otka"]),
            (OKTA, "idpHost:", "idphost:", &["15:5 unknown-property /config/okta/idphost"]),
            (USER_PASSWORD, "config:", "config:\n  a/b~c: 1", &["4:3 unknown-property /config/a~1b~0c"]),
            (
                USER_PASSWORD,
                FLAT,
                "  usrname: a\n  pasword: b\n",
                &["10:3 unknown-property /config/usrname", "11:3 unknown-property /config/pasword"],
            ),
            // A key in the wrong object is not also missing in the right one.
            (
                USER_PASSWORD,
                "config:\n  host: organization.aws.amazon.com\n",
                "host: organization.aws.amazon.com\nconfig:\n",
                &["3:1 unknown-property /host"],
            ),
            (
                USER_PASSWORD,
                "type: Redshift\nautoBootstrap: false\nconfig:\n",
                "autoBootstrap: false\nconfig:\n  type: Redshift\n",
                &["3:3 unknown-property /config/type"],
            ),
            (OKTA, ROLE, "  role: immuta_impersonation\n", &["9:3 unknown-property /config/role"]),
            // A flat payload without `config` has one problem.
            (
                "type: Redshift\nautoBootstrap: true\nhost: a\ndatabase: b\ninitialDatabase: c\n",
                "",
                "",
                &["3:1 missing-property "],
            ),
            ("type: Redshift\nautoBootstrap: true\n", "", "", &["1:1 missing-property "]),
        ],
    );
    let flat = "type: Redshift\nautoBootstrap: true\nhost: a\ndatabase: b\n";
    let help = only(flat, &Options::default()).help;
    assert_eq!(help.as_deref(), Some("move `host`, `database` into an object `config`"));
}

#[test]
fn credentials_that_do_not_match_the_method() {
    run(
        None,
        &[
            (USER_PASSWORD, FLAT, "", &["3:1 authentication-mismatch /config"]),
            (USER_PASSWORD, FLAT, "  okta: {username: a}\n", &["10:3 authentication-mismatch /config/okta"]),
            (
                USER_PASSWORD,
                "config:",
                "config:\n  okta: {username: a}",
                &["4:3 authentication-mismatch /config/okta"],
            ),
            (USER_PASSWORD, "config:", "config:\n  okta: 5", &["4:3 authentication-mismatch /config/okta"]),
            (USER_PASSWORD, "userPassword", "okta", &["10:3 authentication-mismatch /config/username"]),
            (OKTA, "config:", "config:\n  password: ${P}", &["4:3 authentication-mismatch /config/password"]),
            (
                OKTA,
                "  okta:\n    username: admin@example.com\n",
                "  username: admin@example.com\n  okta:\n",
                &["11:3 authentication-mismatch /config/username"],
            ),
            (
                OKTA,
                "authenticationType: okta",
                "authenticationType: userPassword",
                &["11:3 authentication-mismatch /config/okta"],
            ),
            (
                USER_PASSWORD,
                "userPassword",
                "userpassword",
                &["9:23 invalid-value /config/authenticationType"],
            ),
            (USER_PASSWORD, "userPassword", "accessKey", &["9:23 invalid-value /config/authenticationType"]),
            (
                USER_PASSWORD,
                "userPassword\n",
                "accessKey\n  awsAccessKeyId: a\n",
                &["9:23 invalid-value /config/authenticationType"],
            ),
            (
                USER_PASSWORD,
                "userPassword\n",
                "userPassword\n  awsAccessKeyId: a\n",
                &["10:3 unknown-property /config/awsAccessKeyId"],
            ),
        ],
    );
    let missing = with(OKTA, &OKTA[OKTA.find("  okta:").expect("there")..], "");
    assert_eq!(
        found(&missing, &Options::default()),
        ["3:1 authentication-mismatch /config", "10:23 okta-deprecated /config/authenticationType"]
    );
    run(
        Some(Operation::Delete),
        &[
            (CREDENTIALS, "userPassword", "okta", &["2:1 authentication-mismatch /username"]),
            (CREDENTIALS, "authenticationType: userPassword\n", "", &["1:1 missing-property "]),
            (CREDENTIALS, "password:", "pasword:", &["3:1 unknown-property /pasword"]),
            (
                CREDENTIALS,
                "username: admin@example.com\npassword: ${REDSHIFT_PASSWORD}\n",
                "",
                &["1:1 authentication-mismatch "],
            ),
            (USER_PASSWORD, "", "", &["3:1 unknown-property /config"]),
            ("config:\n  username: a\n", "", "", &["1:1 unknown-property /config"]),
            (
                "authenticationType: okta\nokta: {username: a, password: '${P}', appId: b, idpHost: c.d, role: e}",
                "",
                "",
                &[],
            ),
        ],
    );
}

#[test]
fn invalid_values() {
    run(
        None,
        &[
            (USER_PASSWORD, "config:", "config:\n  port: \"5439\"", &["4:9 wrong-type /config/port"]),
            (USER_PASSWORD, "config:", "config:\n  port: 5439.5", &["4:9 wrong-type /config/port"]),
            (USER_PASSWORD, "config:", "config:\n  port: .inf", &["4:9 wrong-type /config/port"]),
            (USER_PASSWORD, "config:", "config:\n  port: 0", &["4:9 out-of-range /config/port"]),
            (USER_PASSWORD, "config:", "config:\n  port: 65536", &["4:9 out-of-range /config/port"]),
            (USER_PASSWORD, "config:", "config:\n  port: 1", &[]),
            (USER_PASSWORD, "config:", "config:\n  port: 65535", &[]),
            (
                USER_PASSWORD,
                "enabled: false",
                "enabled: yes",
                &["8:14 wrong-type /config/impersonation/enabled"],
            ),
            (
                USER_PASSWORD,
                "enabled: false",
                "enabled: 'false'",
                &["8:14 wrong-type /config/impersonation/enabled"],
            ),
            (
                USER_PASSWORD,
                "enabled: false",
                "enabled: 0",
                &["8:14 wrong-type /config/impersonation/enabled"],
            ),
            (USER_PASSWORD, "${REDSHIFT_PASSWORD}", "12345678", &["11:13 wrong-type /config/password"]),
            (USER_PASSWORD, "database: immuta", "database: 2024", &["5:13 wrong-type /config/database"]),
            (USER_PASSWORD, "database: immuta", "database: '2024'", &[]),
            (USER_PASSWORD, "type: Redshift", "type: redshift", &["1:7 invalid-value /type"]),
            (USER_PASSWORD, "type: Redshift", "type: Redshfit", &["1:7 invalid-value /type"]),
            (USER_PASSWORD, "type: Redshift", "type: 5", &["1:7 wrong-type /type"]),
            (USER_PASSWORD, "type: Redshift", "type: Snowflake", &["1:7 unsupported-type /type"]),
            (USER_PASSWORD, "type: Redshift", "type: native s3", &["1:7 unsupported-type /type"]),
            ("type: Trino", "", "", &["1:7 unsupported-type /type"]),
            (USER_PASSWORD, "admin@example.com", "''", &["10:13 invalid-length /config/username"]),
            (USER_PASSWORD, "${REDSHIFT_PASSWORD}", "\"\"", &["11:13 invalid-length /config/password"]),
            (USER_PASSWORD, "organization.aws.amazon.com", "''", &["4:9 invalid-length /config/host"]),
            (USER_PASSWORD, "admin@example.com", "<REDACTED>", &["10:13 redacted-value /config/username"]),
            (USER_PASSWORD, "${REDSHIFT_PASSWORD}", "REDACTED", &["11:13 redacted-value /config/password"]),
            (
                USER_PASSWORD,
                "organization.aws.amazon.com",
                "<REDACTED>",
                &["4:9 redacted-value /config/host"],
            ),
            (USER_PASSWORD, "admin@example.com", "redacted", &[]),
            (OKTA, ROLE, "", &["7:3 impersonation-role-missing /config/impersonation"]),
            (OKTA, "enabled: true", "enabled: false", &["9:5 unused-role /config/impersonation/role"]),
            (
                "config: []",
                "",
                "",
                &["1:1 missing-property ", "1:1 missing-property ", "1:9 wrong-type /config"],
            ),
        ],
    );
    run(Some(Operation::Create), &[("[]", "", "", &["1:1 wrong-type "]), ("", "", "", &["1:1 wrong-type "])]);
}

#[test]
fn invalid_hosts() {
    for bare in [
        "organization.aws.amazon.com",
        "organization.aws.amazon.com.",
        "localhost",
        "10.0.0.1",
        "'::1'",
        "'2001:db8::1'",
        "a_b.example.com",
        "xn--bcher-kva.example",
    ] {
        let text = with(USER_PASSWORD, "organization.aws.amazon.com", bare);
        assert_eq!(found(&text, &Options::default()), [""; 0], "{bare}");
    }
    let table = [
        ("https://organization.aws.amazon.com", Some("organization.aws.amazon.com")),
        ("organization.aws.amazon.com:5439", Some("organization.aws.amazon.com")),
        ("organization.aws.amazon.com/dev", Some("organization.aws.amazon.com")),
        ("jdbc:redshift://a.example.com:5439/dev?user=x&password=hunter2hunter2", Some("a.example.com")),
        ("https://admin:hunter2hunter2@a.example.com/x", Some("a.example.com")),
        ("https://admin:hunter2@hunter2@a.example.com", Some("a.example.com")),
        ("https://admin:hunter2/hunter2@a.example.com", Some("a.example.com")),
        ("https://admin:hunter2?hunter2@a.example.com", None),
        ("https://a.example.com/?p=x@hunter2.hunter2", None),
        ("admin:pass@hunter2hunter2", None),
        ("' a.example.com '", Some("a.example.com")),
        ("'[::1]:5439'", Some("::1")),
        ("a.example.com b.example.com", None),
        ("'http://'", None),
    ];
    for (host, bare) in table {
        let text = with(USER_PASSWORD, "organization.aws.amazon.com", host);
        let diagnostic = only(&text, &Options::default());
        assert_eq!(
            (diagnostic.code, diagnostic.pointer.as_str()),
            (Code::HostNotBare, "/config/host"),
            "{host}"
        );
        let help = diagnostic.help.expect("help");
        match bare {
            Some(bare) => assert_eq!(help, format!("write `{bare}`"), "{host}"),
            None => assert!(help.contains("`organization.aws.amazon.com`"), "{host}: {help}"),
        }
        assert!(!diagnostic.message.contains("hunter2") && !help.contains("hunter2"), "{host}");
    }
    for malformed in ["a..b", "-a.example.com", "256.1.1.1", "bücher.example", "a!b"] {
        let text = with(USER_PASSWORD, "organization.aws.amazon.com", malformed);
        assert_eq!(found(&text, &Options::default()), ["4:9 invalid-format /config/host"], "{malformed}");
    }
    run(
        None,
        &[
            (
                OKTA,
                "organization.okta.com",
                "https://organization.okta.com",
                &["15:14 host-not-bare /config/okta/idpHost"],
            ),
            (OKTA, "organization.okta.com", "10.0.0.1", &[]),
        ],
    );
}

#[test]
fn invalid_names() {
    let long = "n".repeat(128);
    let umlauts = "ü".repeat(64);
    let places = [
        (USER_PASSWORD, "immuta", "5:13", "/config/database"),
        (USER_PASSWORD, "analytics", "6:20", "/config/initialDatabase"),
        (USER_PASSWORD, "admin@example.com", "10:13", "/config/username"),
        (OKTA, "admin@example.com", "12:15", "/config/okta/username"),
        (OKTA, "immuta_impersonation", "9:11", "/config/impersonation/role"),
    ];
    for (base, from, position, pointer) in places {
        let errors = |name: &str| -> Vec<String> {
            let mut found = found(&with(base, from, name), &Options::default());
            found.retain(|line| !line.contains(" okta-deprecated "));
            found
        };
        assert_eq!(errors(&long), [format!("{position} identifier-too-long {pointer}")]);
        assert_eq!(errors(&umlauts), [format!("{position} identifier-too-long {pointer}")]);
        assert_eq!(errors("\"a\\0b\""), [format!("{position} identifier-invalid {pointer}")]);
        assert_eq!(errors("\"a\\tb\""), [format!("{position} identifier-invalid {pointer}")]);
        for valid in [&long[..127], &umlauts[..126], "'a \"b\" c'", "_x"] {
            assert_eq!(errors(valid), [""; 0], "{valid}");
        }
        let is_user = pointer.ends_with("username");
        for public in ["PUBLIC", "public"] {
            let found = errors(public);
            let is_rejected = found.iter().any(|line| line.contains("identifier-invalid"));
            assert_eq!(is_rejected, is_user, "{pointer}: {found:?}");
        }
        let is_rejected = errors("__x").iter().any(|line| line.contains("identifier-invalid"));
        assert_eq!(is_rejected, pointer.ends_with("/impersonation/role"), "{pointer}");
    }
}

#[test]
fn rules_for_databases() {
    run(
        None,
        &[
            (
                USER_PASSWORD,
                "database: immuta",
                "database: dev",
                &["5:13 reserved-database /config/database"],
            ),
            (
                USER_PASSWORD,
                "database: immuta",
                "database: Template1",
                &["5:13 reserved-database /config/database"],
            ),
            (
                USER_PASSWORD,
                "database: immuta",
                "database: sys:internal",
                &["5:13 reserved-database /config/database"],
            ),
            (
                USER_PASSWORD,
                "database: immuta",
                "database: padb_harvest",
                &["5:13 reserved-database /config/database"],
            ),
            (USER_PASSWORD, "database: immuta", "database: developers", &[]),
            (USER_PASSWORD, "initialDatabase: analytics", "initialDatabase: dev", &[]),
            (
                USER_PASSWORD,
                "immuta\n  initialDatabase: analytics",
                "dev\n  initialDatabase: DEV",
                &["5:13 same-database /config/database"],
            ),
            (
                USER_PASSWORD,
                "database: immuta",
                "database: analytics",
                &["5:13 same-database /config/database"],
            ),
            (
                USER_PASSWORD,
                "database: immuta",
                "database: Immuta",
                &["5:13 folded-identifier /config/database"],
            ),
            (USER_PASSWORD, "database: immuta", "database: Ünmuta", &[]),
            (
                USER_PASSWORD,
                "database: immuta",
                "database: Analytics",
                &["5:13 same-database /config/database", "5:13 folded-identifier /config/database"],
            ),
            (USER_PASSWORD, "analytics", "ANALYTICS", &[]),
            (USER_PASSWORD, "admin@", "Admin@", &[]),
        ],
    );
}

#[test]
fn name_is_shown_unless_it_may_be_a_secret() {
    assert_eq!(
        message_and_help(&with(USER_PASSWORD, "database: immuta", "database: Immuta"), Operation::Create),
        (
            "Redshift converts `Immuta` to lower case, even when quoted".to_owned(),
            Some("write `immuta`".to_owned())
        )
    );
    let same = USER_PASSWORD
        .replace("database: immuta", "database: &name Abcd1234")
        .replace("${REDSHIFT_PASSWORD}", "*name");
    let diagnostics = first(&same, &options(Operation::Create)).diagnostics;
    let folded =
        diagnostics.iter().find(|diagnostic| diagnostic.code == Code::FoldedIdentifier).expect("folded");
    assert_eq!(folded.message, "Redshift converts this name to lower case, even when quoted");
    assert_eq!(folded.help.as_deref(), Some("write it in lower case"));
    let reserved =
        only(&with(USER_PASSWORD, "database: immuta", "database: dev"), &options(Operation::Create));
    assert_eq!(reserved.message, "`dev` is a reserved Redshift database and cannot be created");
}

#[test]
fn rules_for_passwords() {
    let weak = |password: &str| -> Option<String> {
        let text = with(USER_PASSWORD, "${REDSHIFT_PASSWORD}", password);
        let mut diagnostics = first(&text, &Options::default()).diagnostics;
        assert!(diagnostics.iter().all(|diagnostic| diagnostic.span.start == 241), "{diagnostics:#?}");
        assert!(diagnostics.iter().any(|diagnostic| diagnostic.code == Code::PlaintextSecret), "{password}");
        diagnostics.retain(|diagnostic| diagnostic.code == Code::WeakPassword);
        diagnostics.pop().map(|diagnostic| diagnostic.message)
    };
    let long = format!("Aa1{}", "x".repeat(62));
    let table = [
        ("Abc1234", "fewer than 8"),
        (long.as_str(), "more than 64"),
        ("abcd1234", "no upper-case"),
        ("ABCD1234", "no lower-case"),
        ("Abcdefgh", "no digit"),
        ("Abcd 1234", "a space"),
        ("Äbcd1234A", "non-ASCII"),
        ("Abcd@1234", "does not allow"),
        ("'Abcd/1234'", "does not allow"),
        ("'Abcd\"1234'", "does not allow"),
        ("\"Abcd'1234\"", "does not allow"),
        ("'Abcd\\1234'", "does not allow"),
    ];
    for (password, rule) in table {
        let message = weak(password).unwrap_or_else(|| panic!("{password}"));
        assert!(message.contains(rule), "{password}: {message}");
    }
    for strong in ["Abcd1234", &long[..64], "Abcd~!#1234"] {
        assert_eq!(weak(strong), None, "{strong}");
    }
    let okta = with(OKTA, "${OKTA_PASSWORD}", "abc");
    assert_eq!(
        found(&okta, &Options::default()),
        ["10:23 okta-deprecated /config/authenticationType", "13:15 plaintext-secret /config/okta/password"]
    );
    let delete = with(CREDENTIALS, "${REDSHIFT_PASSWORD}", "abc");
    assert_eq!(found(&delete, &Options::default()), ["3:11 plaintext-secret /password"]);
}

#[test]
fn rules_for_the_bootstrap_mode() {
    let automatic = with(USER_PASSWORD, "false", "true");
    for operation in Operation::ALL.into_iter().filter(|operation| operation.is_script()) {
        assert_eq!(
            found(&automatic, &options(operation)),
            ["2:16 bootstrap-mode /autoBootstrap"],
            "{operation}"
        );
        assert_eq!(found(USER_PASSWORD, &options(operation)), [""; 0], "{operation}");
    }
    assert_eq!(found(&automatic, &options(Operation::Create)), [""; 0]);
    assert_eq!(
        found(&with(OKTA, "false", "true"), &options(Operation::Create)),
        ["2:16 okta-automatic /autoBootstrap", "10:23 okta-deprecated /config/authenticationType"]
    );
    assert_eq!(
        found(OKTA, &options(Operation::Create)),
        ["10:23 okta-deprecated /config/authenticationType"]
    );
}

#[test]
fn invalid_responses() {
    let response = |name: &str| format!("{:#}", vendor()[name]);
    let get = response("response-get-user-password");
    let okta = response("response-get-okta");
    let list = response("response-list");
    let table = [
        (Operation::Get, with(&get, "\"enabled\",", "\"enabeld\","), vec!["3:13 invalid-value /status"]),
        (Operation::Get, with(&get, "5439", "\"5439\""), vec!["27:13 wrong-type /config/port"]),
        (Operation::Get, with(&get, "\"123456789\"", "123456789"), vec![]),
        (Operation::Get, with(&get, "\"123456789\"", "true"), vec!["2:9 wrong-type /id"]),
        (Operation::Get, with(&get, "\"id\"", "\"extra\": 1, \"id\""), vec![]),
        (Operation::Get, with(&get, "\"host\"", "\"hots\""), vec!["23:3 missing-property /config"]),
        (Operation::Get, with(&get, "\"Redshift\"", "\"Snowflake\""), vec!["21:11 unsupported-type /type"]),
        (Operation::Get, with(&okta, "\"okta\": {", "\"otka\": {"), vec!["23:3 missing-property /config"]),
        (
            Operation::Get,
            with(&get, "\"passed\"\n      }", "\"past\"\n      }"),
            vec!["12:19 invalid-value /validationResults/validationTests/0/status"],
        ),
        (Operation::List, with(&list, "\"id\": \"1\",", ""), vec!["4:5 missing-property /0"]),
        (Operation::List, with(&list, "\"port\": 443", "\"port\": []"), vec![]),
        (
            Operation::List,
            format!("[{}]", with(&get, "5439", "0")),
            vec!["27:13 out-of-range /0/config/port"],
        ),
        (
            Operation::Status,
            "id: 5\nstatus: gone\nvalidationResults: {status: passed}".to_owned(),
            vec!["2:9 invalid-value /status"],
        ),
        (Operation::Status, "id: 5\nstatus: deleted\n".to_owned(), vec!["1:1 missing-property "]),
        (
            Operation::Error,
            "statusCode: 200\nerror: OK\nmessage: fine".to_owned(),
            vec!["1:13 out-of-range /statusCode"],
        ),
        (Operation::Error, "statusCode: 404\nerror: Not found\nmessage: x\nextra: 1".to_owned(), vec![]),
    ];
    for (operation, text, expected) in table {
        assert_eq!(found(&text, &options(operation)), expected, "{text}");
    }
    let copied = first(&get, &options(Operation::Create)).diagnostics;
    let codes: Vec<(Code, &str)> =
        copied.iter().map(|diagnostic| (diagnostic.code, diagnostic.pointer.as_str())).collect();
    assert_eq!(
        codes,
        [
            (Code::UnknownProperty, "/id"),
            (Code::RedactedValue, "/config/username"),
            (Code::RedactedValue, "/config/password"),
        ]
    );
}

#[test]
fn messages_and_helps() {
    let table = [
        ("host:", "hots:", "unknown property `hots` in `config`", "did you mean `host`?"),
        (
            "enabled: false",
            "enabled: No",
            "`impersonation.enabled`: expected a boolean, found a string",
            "YAML 1.2 reads `No` as a string; write `false`",
        ),
        (
            "enabled: false",
            "enabled: 'true'",
            "`impersonation.enabled`: expected a boolean, found a string",
            "write `true` without quotes",
        ),
        (
            "${REDSHIFT_PASSWORD}",
            "12345678",
            "`password`: expected a string, found a number",
            "put it in quotes",
        ),
        (
            "config:",
            "config:\n  port: \"5439\"",
            "`port`: expected an integer, found a string",
            "remove the quotes",
        ),
        (
            "userPassword",
            "Okta",
            "`authenticationType`: expected `userPassword` or `okta`, found `Okta`",
            "did you mean `okta`?",
        ),
        (
            "userPassword",
            "accessKey",
            "unsupported `authenticationType`: `accessKey` is documented only for Immuta's user interface, not for the integrations API",
            "use `userPassword` or `okta`",
        ),
        (
            "type: Redshift",
            "type: redshift",
            "`type`: expected `Redshift`, found `redshift`",
            "did you mean `Redshift`?",
        ),
        (
            "type: Redshift",
            "type: Google BigQuery",
            "unsupported integration type `Google BigQuery`; only `Redshift` is supported",
            "exclude this document; or write `type: Redshift` if it is for Redshift",
        ),
        (
            "config:",
            "config:\n  audit: {}",
            "unknown property `audit` in `config`",
            "`audit` is a property of Snowflake and Databricks; remove it",
        ),
        (
            "config:",
            "config:\n  enabled: true",
            "unknown property `enabled` in `config`",
            "`enabled` belongs in `impersonation`",
        ),
        (
            "config:",
            "host: a\nconfig:",
            "unknown property `host` in the payload",
            "`host` belongs in `config`",
        ),
        (
            "  password: ${REDSHIFT_PASSWORD}\n",
            "",
            "missing required property `password` in `config`: `authenticationType: userPassword` requires it",
            "add `password`: the account's password, or `${NAME}` to read it from an environment variable",
        ),
    ];
    for (from, to, message, help) in table {
        let diagnostic = only(&with(USER_PASSWORD, from, to), &Options::default());
        assert_eq!((diagnostic.message.as_str(), diagnostic.help.as_deref()), (message, Some(help)));
    }
    let long = with(USER_PASSWORD, "type: Redshift", &format!("type: \"\\e[31m{}\"", "x".repeat(1000)));
    let message = only(&long, &Options::default()).message;
    assert!(message.chars().count() < 120 && !message.chars().any(char::is_control), "{message}");
    assert!(message.contains("\\u{1b}[31mxxx") && message.contains('…'), "{message}");
}

/// Message and help of the only diagnostic except `okta-deprecated`.
fn message_and_help(text: &str, operation: Operation) -> (String, Option<String>) {
    let mut diagnostics = first(text, &options(operation)).diagnostics;
    diagnostics.retain(|diagnostic| diagnostic.code != Code::OktaDeprecated);
    let [diagnostic] = &diagnostics[..] else { panic!("{diagnostics:#?} in {text}") };
    (diagnostic.message.clone(), diagnostic.help.clone())
}

#[test]
fn messages_for_credentials_of_the_other_method() {
    let into_okta = "move them into an object `okta`, with `appId`, `idpHost` and `role`; or write `authenticationType: \
                     userPassword`";
    let without_okta =
        "remove `okta`; `authenticationType: userPassword` uses only `username` and `password`";
    let other_method =
        "write `authenticationType: okta`; or remove `okta`, and add `username` and `password`";
    let table = [
        (
            with(OKTA, "config:", "config:\n  password: ${P}"),
            "`password` is not allowed with `authenticationType: okta`",
            "remove it; with `authenticationType: okta`, credentials belong in `okta`",
        ),
        (
            with(OKTA, "config:", "config:\n  username: a\n  password: ${P}"),
            "`username` and `password` are not allowed with `authenticationType: okta`",
            "remove them; with `authenticationType: okta`, credentials belong in `okta`",
        ),
        (
            with(USER_PASSWORD, "userPassword", "okta"),
            "`username` and `password` are not allowed with `authenticationType: okta`",
            into_okta,
        ),
        (
            with(USER_PASSWORD, "config:", "config:\n  okta: {username: a}"),
            "`okta` is not allowed with `authenticationType: userPassword`",
            without_okta,
        ),
        (
            with(USER_PASSWORD, FLAT, "  okta: {username: a}\n"),
            "`okta` is not allowed with `authenticationType: userPassword`",
            other_method,
        ),
    ];
    for (text, message, help) in table {
        assert_eq!(message_and_help(&text, Operation::Create), (message.to_owned(), Some(help.to_owned())));
    }
}

#[test]
fn messages_for_missing_credentials_name_the_method() {
    let okta_missing = with(OKTA, &OKTA[OKTA.find("  okta:").expect("there")..], "");
    let response = format!("{:#}", vendor()["response-get-okta"]);
    let table = [
        (
            okta_missing,
            Operation::Create,
            "missing credentials in `config`: `authenticationType: okta` requires `okta`",
            "add an object `okta` with `username`, `password`, `appId`, `idpHost` and `role`",
        ),
        (
            with(USER_PASSWORD, FLAT, ""),
            Operation::Create,
            "missing credentials in `config`: `authenticationType: userPassword` requires `username` and `password`",
            "add `username` and `password`",
        ),
        (
            with(&response, "\"okta\": {", "\"otka\": {"),
            Operation::Get,
            "missing required property `okta` in `config`: `authenticationType: okta` requires it",
            "add `okta`: the Okta account, without its password",
        ),
        // These properties are required for every method.
        (
            with(USER_PASSWORD, "  database: immuta\n", ""),
            Operation::Create,
            "missing required property `database` in `config`",
            "add `database`: the database that Immuta creates and manages",
        ),
        (
            with(CREDENTIALS, "authenticationType: userPassword\n", ""),
            Operation::Delete,
            "missing required property `authenticationType` in the `DELETE` body",
            "add `authenticationType`: `userPassword` or `okta`",
        ),
    ];
    for (text, operation, message, help) in table {
        assert_eq!(message_and_help(&text, operation), (message.to_owned(), Some(help.to_owned())));
    }
    let (message, _) = message_and_help("id: 5\nstatus: deleted\n", Operation::Status);
    assert_eq!(message, "missing required property `validationResults` in the response");
}

#[test]
fn help_for_a_missing_property_describes_it() {
    let table = [
        (USER_PASSWORD, "type: Redshift\n", "add `type`: `Redshift`"),
        (
            USER_PASSWORD,
            "autoBootstrap: false\n",
            "add `autoBootstrap`: `true` if Immuta sets up Redshift, `false` if you run the scripts",
        ),
        (
            USER_PASSWORD,
            "  host: organization.aws.amazon.com\n",
            "add `host`: the bare host name of the Redshift cluster",
        ),
        (
            USER_PASSWORD,
            "  initialDatabase: analytics\n",
            "add `initialDatabase`: an existing database to connect to first",
        ),
        (
            USER_PASSWORD,
            "  authenticationType: userPassword\n",
            "add `authenticationType`: `userPassword` or `okta`",
        ),
        (USER_PASSWORD, "  username: admin@example.com\n", "add `username`: the system account"),
        (OKTA, "    username: admin@example.com\n", "add `username`: the system account"),
        (OKTA, "    appId: Okta\n", "add `appId`: the identifier of the application in Okta"),
        (
            OKTA,
            "    idpHost: organization.okta.com\n",
            "add `idpHost`: the bare host name of the Okta organization",
        ),
        (OKTA, "    role: admin\n", "add `role`: the role that the account assumes"),
        (
            OKTA,
            ROLE,
            "add `role`: the group whose members may impersonate users, for example `immuta_impersonation`",
        ),
        (
            OKTA,
            "    enabled: true\n",
            "add `enabled`: `true` if users can query as other users, `false` if not",
        ),
    ];
    for (base, line, help) in table {
        let (_, found) = message_and_help(&with(base, line, ""), Operation::Create);
        assert_eq!(found.as_deref(), Some(help), "{line}");
    }
    let (message, help) = message_and_help("type: Redshift\nautoBootstrap: true\n", Operation::Create);
    assert_eq!(message, "missing required property `config` in the payload");
    assert_eq!(help.as_deref(), Some("add `config`: the connection, the account and the databases"));
}

#[test]
fn missing_property_of_an_item_is_reported_at_the_item() {
    let text =
        "id: 5\nstatus: deleted\nvalidationResults:\n  status: passed\n  validationTests:\n  - name: a\n";
    assert_eq!(
        found(text, &options(Operation::Status)),
        ["6:5 missing-property /validationResults/validationTests/0"]
    );
}

#[test]
fn copied_response_is_one_diagnostic() {
    let copied = "this looks like an API response; remove `id`, `status` and `validationResults`";
    let known = "expected one of `type`, `autoBootstrap`, `config`";
    for (keys, help) in [
        ("id: 5\n", known),
        ("id: 5\nstatus: enabled\n", copied),
        ("id: 5\nstatus: enabled\nvalidationResults: {}\n", copied),
    ] {
        let (message, found) = message_and_help(&format!("{keys}{USER_PASSWORD}"), Operation::Create);
        assert_eq!(message, "unknown property `id` in the payload");
        assert_eq!(found.as_deref(), Some(help), "{keys}");
    }
    // A `DELETE` body has no corresponding response.
    let text = format!("id: 5\nstatus: enabled\n{CREDENTIALS}");
    assert_eq!(
        found(&text, &options(Operation::Delete)),
        ["1:1 unknown-property /id", "2:1 unknown-property /status"]
    );
}

#[test]
fn messages_for_wrong_values_show_the_type_and_the_fix() {
    const IMPERSONATION: &str = "impersonation:\n    enabled: false";
    let empty = "in YAML, a key without a value is `null`";
    let indent = "in YAML, a key without a value is `null`; indent the lines below it";
    let table: [(&str, &str, &str, Option<&str>); 12] = [
        ("config:", "config:\n  port: 5439.5", "`port`: expected an integer, found a decimal number", None),
        ("config:", "config:\n  port: .inf", "`port`: expected an integer, found infinity or NaN", None),
        ("config:", "config:\n  port: 0", "`port` must be at least 1", None),
        ("config:", "config:\n  port: 65536", "`port` must be at most 65535", None),
        ("config:", "config:\n  port: '5439x'", "`port`: expected an integer, found a string", None),
        (
            "enabled: false",
            "enabled: 0",
            "`impersonation.enabled`: expected a boolean, found a number",
            Some("write `true` or `false`"),
        ),
        (
            "database: immuta",
            "database: true",
            "`database`: expected a string, found a boolean",
            Some("put it in quotes"),
        ),
        ("database: immuta", "database: []", "`database`: expected a string, found an array", None),
        ("database: immuta", "database:", "`database`: expected a string, found `null`", Some(empty)),
        (IMPERSONATION, "impersonation:", "`impersonation`: expected an object, found `null`", Some(indent)),
        (IMPERSONATION, "impersonation: 5", "`impersonation`: expected an object, found a number", None),
        (IMPERSONATION, "impersonation: '5'", "`impersonation`: expected an object, found a string", None),
    ];
    for (from, to, message, help) in table {
        let diagnostic = only(&with(USER_PASSWORD, from, to), &Options::default());
        assert_eq!((diagnostic.message.as_str(), diagnostic.help.as_deref()), (message, help), "{to}");
    }
    let empty = only("", &options(Operation::Create));
    assert_eq!(empty.message, "the document: expected an object, found nothing");
    assert_eq!(empty.help, None, "there is no key without a value");
}

#[test]
fn diagnostics_are_in_the_order_of_the_text() {
    let text = USER_PASSWORD
        .replace("type: Redshift", "type: redshift")
        .replace("host:", "hots:")
        .replace("immuta", "Immuta")
        .replace("enabled: false", "enabled: no")
        .replace("${REDSHIFT_PASSWORD}", "abc");
    assert_eq!(
        found(&text, &Options::default()),
        [
            "1:7 invalid-value /type",
            "4:3 unknown-property /config/hots",
            "5:13 folded-identifier /config/database",
            "8:14 wrong-type /config/impersonation/enabled",
            "11:13 weak-password /config/password",
            "11:13 plaintext-secret /config/password",
        ]
    );
    let json = r#"{"type": "Redshift", "autoBootstrap": false, "config": {"host": "a", "database": "b",
  "initialDatabase": "c", "authenticationType": "userPassword", "username": "d", "pasword": "e"}}"#;
    assert_eq!(found(json, &Options::default()), ["2:82 unknown-property /config/pasword"]);
}

#[test]
fn hostile_documents_take_linear_time() {
    let keys = (0..20_000).map(|at| format!("  k{at}: 1")).collect::<Vec<_>>().join("\n");
    let text = with(USER_PASSWORD, "config:\n", &format!("config:\n{keys}\n"));
    let all = |text: &str| {
        let checked = first(text, &Options::default());
        (checked.diagnostics.len(), checked.left_out.errors)
    };
    assert_eq!(all(&text), (1001, 19_000));
    let long = with(USER_PASSWORD, "config:\n", &format!("config:\n  {}: 1\n", "k".repeat(1000)));
    let diagnostic = only(&long, &Options::default());
    assert!(diagnostic.message.chars().count() < 120, "{}", diagnostic.message);
    let items = format!("[{}{{}}]", "{},".repeat(20_000));
    assert_eq!(all(&items), (1001, 4 * 20_001 - 1000));
    // After many keys, and with contradictory credentials.
    let tests = format!(
        "{{\"status\": \"x\", {}\"validationResults\": {{\"validationTests\": {items}}}}}",
        "\"k\": 1, ".repeat(3)
    );
    assert!(all(&tests).1 > 20_000);
    let item = "{\"type\": \"Redshift\", \"config\": {\"authenticationType\": \"okta\", \"username\": 1}},";
    assert!(all(&format!("[{}{{}}]", item.repeat(20_000))).1 > 20_000);
}

#[test]
fn plaintext_secret_is_reported_despite_other_errors() {
    let text = with(OKTA, "config:", "config:\n  password: Correct4Horse");
    let diagnostics = found(&text, &options(Operation::Create));
    assert_eq!(
        diagnostics,
        [
            "4:3 authentication-mismatch /config/password",
            "4:13 plaintext-secret /config/password",
            "11:23 okta-deprecated /config/authenticationType",
        ]
    );
}

/// Programs must not have to parse the message.
#[test]
fn property_is_the_missing_unknown_or_invalid_key() {
    use Code::{
        AuthenticationMismatch, ImpersonationRoleMissing, MissingProperty, UnknownProperty, WrongType,
    };
    let payload = |from: &str, to: &str| with(USER_PASSWORD, from, to);
    let okta = |from: &str, to: &str| with(OKTA, from, to);
    let (create, delete) = (Operation::Create, Operation::Delete);
    let table = [
        (create, payload("type: Redshift\n", ""), MissingProperty, Some("type")),
        (create, payload("  host: organization.aws.amazon.com\n", ""), MissingProperty, Some("host")),
        (create, payload("  password: ${REDSHIFT_PASSWORD}\n", ""), MissingProperty, Some("password")),
        (create, okta("    idpHost: organization.okta.com\n", ""), MissingProperty, Some("idpHost")),
        (create, okta("    role: immuta_impersonation\n", ""), ImpersonationRoleMissing, Some("role")),
        (create, payload("config:\n", "").replace("\n  ", "\n"), MissingProperty, Some("config")),
        (create, payload("  host:", "  hots:"), UnknownProperty, Some("hots")),
        (create, payload("  host:", "  a/b: 1\n  host:"), UnknownProperty, Some("a/b")),
        (create, payload("enabled: false", "enabled: 7"), WrongType, Some("enabled")),
        (create, payload("  host:", "  port: {}\n  host:"), WrongType, Some("port")),
        (create, USER_PASSWORD.replace("config:\n", "config: []\nx:\n"), WrongType, Some("config")),
        (create, okta("  okta:\n", "  other:\n"), AuthenticationMismatch, Some("okta")),
        (delete, "authenticationType: userPassword\n".to_owned(), AuthenticationMismatch, Some("username")),
        (
            delete,
            format!("config:\n  {}", CREDENTIALS.replace('\n', "\n  ")),
            UnknownProperty,
            Some("config"),
        ),
        (Operation::List, "- 7\n".to_owned(), WrongType, None),
        (create, "7".to_owned(), WrongType, None),
    ];
    for (operation, text, code, property) in table {
        let diagnostics = first(&text, &options(operation)).diagnostics;
        let found = diagnostics.iter().find(|found| found.code == code).unwrap_or_else(|| {
            panic!("{text}\n{diagnostics:#?}");
        });
        assert_eq!(found.property.as_deref(), property, "{text}");
    }
}

/// A program that shows diagnostics next to the fields of a form must not have to parse messages.
#[test]
fn diagnostics_of_all_stages_have_a_property() {
    for (from, to, code, property) in [
        ("host: organization.aws.amazon.com", "host: https://a.example", Code::HostNotBare, Some("host")),
        ("  host: organization.aws.amazon.com\n", "", Code::MissingProperty, Some("host")),
        ("host:", "hots:", Code::UnknownProperty, Some("hots")),
        ("  database: immuta\n", "  database: Immuta\n", Code::FoldedIdentifier, Some("database")),
        ("  initialDatabase: ", "  initialDatabase: immuta #", Code::SameDatabase, Some("database")),
        ("${REDSHIFT_PASSWORD}", "Correct1horse", Code::PlaintextSecret, Some("password")),
        ("${REDSHIFT_PASSWORD}", "{{ password }}", Code::Syntax, None),
        ("  username: ", "  username: \u{a0}", Code::SuspiciousCharacter, Some("username")),
        ("config:\n", "config:\n  database: a\n", Code::DuplicateKey, Some("database")),
    ] {
        let text = with(USER_PASSWORD, from, to);
        let documents = Documents::parse(&text, None, &Limits::default());
        let checked = check(&documents, &Options::default());
        let found =
            checked.iter().flat_map(|document| &document.diagnostics).find(|found| found.code == code);
        let found = found.unwrap_or_else(|| panic!("no {code} for {to:?}"));
        assert_eq!(found.property.as_deref(), property, "{to:?}");
    }
}
