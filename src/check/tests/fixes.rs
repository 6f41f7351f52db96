//! Tests for fixes.

use super::*;

/// The fixes of a document in order: code, title, applicability, and the text after the fix.
fn fixes(text: &str, options: &Options<'_>) -> Vec<(Code, String, Applicability, String)> {
    let checked = first(text, options);
    let fixes = checked.diagnostics.iter().filter_map(|found| Some((found.code, found.fix.as_ref()?)));
    fixes
        .map(|(code, fix)| (code, fix.title.clone(), fix.applicability, super::super::apply(text, &[fix])))
        .collect()
}

/// Asserts that a problem in a payload has a safe fix.
#[track_caller]
fn assert_safe(right: &str, wrong: &str, fixed_to: &str) {
    let text = with(USER_PASSWORD, right, wrong);
    assert_eq!(fixed(&text, &options(Operation::Create)), (with(USER_PASSWORD, right, fixed_to), 1));
}

/// Asserts that a problem in a payload has an unsafe fix.
#[track_caller]
fn assert_unsafe(right: &str, wrong: &str, title: &str, fixed_to: &str) {
    let text = with(USER_PASSWORD, right, wrong);
    assert_eq!(fixed(&text, &options(Operation::Create)), (text.clone(), 0));
    let found = fixes(&text, &options(Operation::Create));
    let after = with(USER_PASSWORD, right, fixed_to);
    let is_expected = |(_, name, applicability, text): &(_, String, _, String)| {
        name == title && *applicability == Applicability::Unsafe && *text == after
    };
    assert!(found.iter().any(is_expected), "{found:#?}");
}

/// Asserts that a problem in a payload has no fix.
#[track_caller]
fn assert_none(right: &str, wrong: &str) {
    let text = with(USER_PASSWORD, right, wrong);
    assert!(!first(&text, &options(Operation::Create)).diagnostics.is_empty(), "no diagnostics: {text}");
    assert_eq!(fixes(&text, &options(Operation::Create)), []);
}

#[test]
fn boolean_words_and_quoted_numbers() {
    for (wrong, right) in [
        ("yes", "true"),
        ("On", "true"),
        ("n", "false"),
        ("\"no\"", "false"),
        ("'False'", "false"),
        ("\" True \"", "true"),
    ] {
        assert_safe(
            "autoBootstrap: false",
            &format!("autoBootstrap: {wrong}"),
            &format!("autoBootstrap: {right}"),
        );
    }
    for port in [
        "\"5439\"",
        "'5439'",
        "' 5439 '",
        "\"5439 \"",
        "\"05439\"",
        "\"+5439\"",
        "\"5_439\"",
        "\"0x153F\"",
        "\"5439.0\"",
        "\"5.439e3\"",
    ] {
        let wrong = format!("database: immuta\n  port: {port} # the port");
        assert_safe("database: immuta", &wrong, "database: immuta\n  port: 5439 # the port");
    }
    assert_unsafe("autoBootstrap: false", "autoBootstrap: 0", "Replace with `false`", "autoBootstrap: false");
    for wrong in ["2", "maybe", "\"\\x79es\\x21\"", "null"] {
        assert_none("autoBootstrap: false", &format!("autoBootstrap: {wrong}"));
    }
    // YAML 1.1 reads it as octal; the user may mean decimal.
    assert_unsafe(
        "database: immuta",
        "database: immuta\n  port: \"02357\"",
        "Replace with `2357`",
        "database: immuta\n  port: 2357",
    );
    // There is no fix for a number that is not a port.
    for port in [
        "\"99999\"",
        "\"0\"",
        "\"000\"",
        "\"-5439\"",
        "\"5439.5\"",
        "\"1e99\"",
        "\"0x\"",
        "\"++5439\"",
        "\"54 39\"",
        "\"54\\x33\\x39\"",
        "!!str 5439",
    ] {
        assert_none("database: immuta", &format!("database: immuta\n  port: {port}"));
    }
}

#[test]
fn strings_get_quotes() {
    for value in ["12345678", "0123", "1e5", "true", ".inf", "-0"] {
        assert_safe(
            "username: admin@example.com",
            &format!("username: {value}"),
            &format!("username: \"{value}\""),
        );
    }
    // Tags and anchors would apply to the string; the value of an alias is elsewhere.
    for value in ["!!int 12", "&a 12", "!!int \"12\"", "&a\n    12"] {
        assert_none("username: admin@example.com", &format!("username: {value}"));
    }
    let text = with(USER_PASSWORD, "immuta\n", "&a 2024\n");
    let text = with(&text, "analytics", "*a");
    assert_eq!(fixes(&text, &options(Operation::Create)), []);
}

#[test]
fn values_that_yaml_1_1_reads_differently() {
    for value in ["yes", "1:30", "12_345_678", "2024-01-01", "="] {
        assert_safe(
            "username: admin@example.com",
            &format!("username: {value} # as is"),
            &format!("username: \"{value}\" # as is"),
        );
    }
    // The result of one fix may need another one.
    let text = with(USER_PASSWORD, "database: immuta", "database: YES");
    let after = with(USER_PASSWORD, "database: immuta", "database: \"yes\"");
    assert_eq!(fixed(&text, &options(Operation::Create)), (after, 2));
    assert_safe("${REDSHIFT_PASSWORD}", "12_345_678", "\"12_345_678\"");
    let port = |port: &str| format!("database: immuta\n  port: {port} # the port");
    // Safe if YAML 1.1 reads a string, so that the number is unambiguous.
    for wrong in ["05439", "0o12477", "5.439e3", "5_439", "0b1010100111111"] {
        assert_safe("database: immuta", &port(wrong), &port("5439"));
    }
    assert_unsafe("database: immuta", &port("02357"), "Replace with `2357`", &port("2357"));
    assert_unsafe("database: immuta", &port("1:30:39"), "Replace with `5439`", &port("5439"));
    for wrong in ["0_0", "99_999", "!!int 02357"] {
        assert_none("database: immuta", &port(wrong));
    }
    // There is no fix for values on several lines.
    assert_none("username: admin@example.com", "username: 2024-01-01\n    10:00:00");
}

/// The fix inserts quotes and does not contain the secret.
#[test]
fn fix_contains_no_secret() {
    let text = with(USER_PASSWORD, "${REDSHIFT_PASSWORD}", "9876543210");
    let checked = first(&text, &options(Operation::Create));
    let fix = checked.diagnostics[0].fix.clone().expect("a fix");
    let at = text.find("9876543210").expect("the password");
    let quote = |at| Edit { span: Span::new(at, at), text: "\"".to_owned() };
    assert_eq!(fix.edits, [quote(at), quote(at + 10)]);
    assert!(!format!("{:?}", checked.diagnostics).contains("987654"));
}

#[test]
fn letter_case_of_keys_and_words() {
    assert_safe("  host:", "  Host:", "  host:");
    assert_safe("  host:", "  \"HOST\":", "  \"host\":");
    assert_safe("autoBootstrap:", "autobootstrap:", "autoBootstrap:");
    assert_safe("type: Redshift", "type: REDSHIFT", "type: Redshift");
    assert_safe("type: Redshift", "type: 'redshift'", "type: 'Redshift'");
    assert_safe("userPassword", "UserPassword # as ever", "userPassword # as ever");
    assert_safe("database: immuta", "database: Immuta", "database: immuta");
    assert_safe("database: immuta", "database: \"IMMUTA\"", "database: \"immuta\"");
    assert_safe("database: immuta", "database: 'ÄIMMUTÄ'", "database: 'ÄimmutÄ'");
    assert_unsafe("  host:", "  hots:", "Change to `host`", "  host:");
    assert_unsafe("type: Redshift", "type: Redshit", "Replace with `Redshift`", "type: Redshift");
    // There is no fix for two keys with the same meaning.
    assert_none("  database:", "  Host: b.example.com\n  database:");
    // A change of letter case would break escape sequences.
    assert_none("database: immuta", "database: \"I\\x4dMUTA\"");
    assert_none("  host:", "  &key Host:");
    // The result would need escape sequences.
    assert_none("database: immuta", "database: I'mmuta");
}

#[test]
fn multi_line_values_and_aliases_have_no_fix() {
    assert_none("password: ${REDSHIFT_PASSWORD}", "password: \"Correct1\n    horse\"");
    let text = with(USER_PASSWORD, "database: immuta", "database: &name immuta")
        .replace("enabled: false", "enabled: false\n    role: *name");
    assert_eq!(fixes(&text, &options(Operation::Create)), []);
}

#[test]
fn only_wanted_documents_are_fixed() {
    let text = with(USER_PASSWORD, "  host:", "  Host:");
    let is_fixed =
        |is_wanted| fixed_of(&Documents::from(text.as_str()), &options(Operation::Create), is_wanted).1;
    assert_eq!([true, false].map(is_fixed), [1, 0]);
}

#[test]
fn safe_and_unsafe_fixes_are_distinguished() {
    let has = |from, to| first(&with(USER_PASSWORD, from, to), &options(Operation::Create)).has_safe_fix();
    assert!(has("  host:", "  Host:"));
    assert!(!has("  host:", "  hots:"));
    assert!(!has("  host:", "  host:"));
}

#[test]
fn json_key_without_quotes_gets_them_if_it_is_a_word() {
    let is_quoted = |text: &str, end| crate::document::fixes::json_key(text, Span::new(0, end)).is_some();
    for (text, end) in [("a: 1", 1), ("_a9: 1", 3), ("Z_ :1", 2)] {
        assert!(is_quoted(text, end), "{text}");
    }
    for (text, end) in [("1a: 1", 2), ("a-b: 1", 3), ("-a: 1", 2), ("a, 1", 1), ("ä: 1", 2)] {
        assert!(!is_quoted(text, end), "{text}");
    }
}

#[test]
fn redundant_parts_of_a_host_are_removed() {
    let host = "host: organization.aws.amazon.com";
    for wrong in [
        "https://organization.aws.amazon.com",
        "https://organization.aws.amazon.com/",
        "organization.aws.amazon.com:5439",
        "jdbc:redshift://organization.aws.amazon.com:5439/immuta",
        "redshift://organization.aws.amazon.com/analytics",
    ] {
        assert_safe(host, &format!("host: {wrong}"), host);
    }
    assert_safe(host, "host: ' organization.aws.amazon.com'", "host: 'organization.aws.amazon.com'");
    assert_safe(host, "host: https://[2001:db8::1]:5439/", "host: \"2001:db8::1\"");
    assert_safe(host, "host: https://true", "host: \"true\"");
    let port = format!("{host}\n  port: 5440");
    assert_safe(host, &format!("{port}\n").replace(".com", ".com:5440"), &format!("{port}\n"));
    for wrong in [
        "organization.aws.amazon.com:5440",
        "https://organization.aws.amazon.com/sales",
        "https://admin@organization.aws.amazon.com",
    ] {
        assert_unsafe(host, &format!("host: {wrong}"), "Replace with `organization.aws.amazon.com`", host);
    }
    let idp = "idpHost: organization.okta.com";
    for wrong in
        ["https://organization.okta.com", "organization.okta.com:443", "https://organization.okta.com/"]
    {
        let text = with(OKTA, idp, &format!("idpHost: {wrong}"));
        assert_eq!(fixed(&text, &options(Operation::Create)), (OKTA.to_owned(), 1), "{wrong}");
    }
    let text = with(OKTA, idp, "idpHost: organization.okta.com/login");
    assert_eq!(fixed(&text, &options(Operation::Create)).1, 0);
}

#[test]
fn guesses_are_unsafe() {
    assert_unsafe(
        "password: ${REDSHIFT_PASSWORD}",
        "password: Correct1horse",
        "Replace with `${REDSHIFT_PASSWORD}`",
        "password: ${REDSHIFT_PASSWORD}",
    );
    assert_unsafe(
        "password: ${REDSHIFT_PASSWORD}",
        "password: '<REDACTED>'",
        "Replace with `${REDSHIFT_PASSWORD}`",
        "password: '${REDSHIFT_PASSWORD}'",
    );
    assert_unsafe(
        "    enabled: false\n",
        "    enabled: false\n    role: r # why\n",
        "Remove `role`",
        "    enabled: false\n",
    );
    let manual = with(USER_PASSWORD, "autoBootstrap: false", "autoBootstrap: true");
    let found = fixes(&manual, &options(Operation::ScriptCreate));
    assert_eq!(
        found,
        [(
            Code::BootstrapMode,
            "Replace with `false`".to_owned(),
            Applicability::Unsafe,
            USER_PASSWORD.to_owned()
        )]
    );
    // In brackets, a reference needs quotes.
    let flow = "{authenticationType: userPassword, username: u, password: Correct1horse}";
    let found = fixes(flow, &options(Operation::Delete));
    assert_eq!(found[0].3, flow.replace("Correct1horse", "\"${REDSHIFT_PASSWORD}\""));
}

#[test]
fn removed_member_includes_its_comma() {
    let json = |impersonation: &str| {
        format!(
            r#"{{"type": "Redshift", "autoBootstrap": false, "config": {{"host": "a.example.com", "database": "immuta",
  "initialDatabase": "sales", "impersonation": {impersonation}, "authenticationType": "userPassword",
  "username": "u", "password": "${{P}}"}}}}"#
        )
    };
    for (before, after) in [
        (r#"{"enabled": false, "role": "r"}"#, r#"{"enabled": false}"#),
        (r#"{"role": "r", "enabled": false}"#, r#"{ "enabled": false}"#),
        (r#"{"role": "r"  , "enabled": false}"#, r#"{ "enabled": false}"#),
        ("{\n  \"enabled\": false,\n  \"role\": \"r\"\n}", "{\n  \"enabled\": false\n}"),
    ] {
        let found = fixes(&json(before), &options(Operation::Create));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].3, json(after));
    }
}

#[test]
fn json_syntax_errors() {
    let options = options(Operation::Delete);
    let fixed = |text: &str| {
        let documents = Documents::parse(text, Some(Syntax::Json), &Limits::default());
        fixed_of(&documents, &options, true)
    };
    let right = r#"{"authenticationType": "userPassword", "username": "u", "password": "${P}"}"#;
    for (wrong, fixes) in [
        (right.replace('}', ",}").replace("${P,}", "${P}"), 1),
        (right.replace("\"username\"", "username"), 1),
        (right.replace("\"authenticationType\"", "AuthenticationType").replace("\"u\"", "\"u\" "), 2),
    ] {
        let (text, count) = fixed(&wrong);
        assert_eq!((text.replace("\"u\" ", "\"u\""), count), (right.to_owned(), fixes), "{wrong}");
    }
    let text = "{\"autoBootstrap\": True, \"x\": [1, 2,], }";
    assert_eq!(fixed(text), ("{\"autoBootstrap\": true, \"x\": [1, 2] }".to_owned(), 3));
    let many = format!("[{}]", "[1,],".repeat(300));
    assert_eq!(fixed(&many).1, 301);
    // A comment would be lost, and a missing token is ambiguous.
    for text in ["{ // why\n}", "{\"a\": 1 \"b\": 2}", "{\"a\": Tru}", "{a b: 1}"] {
        assert_eq!(fixed(text), (text.to_owned(), 0));
    }
}

/// Line breaks, byte order mark, comments and trailing blanks are kept.
#[test]
fn fix_changes_only_the_reported_span() {
    let wrong = format!("\u{FEFF}{}", USER_PASSWORD.replace('\n', " # é 𝄞\r\n"));
    let wrong = wrong.replace("  host", "  HOST").replace("enabled: false", "enabled: off");
    let (text, count) = fixed(&wrong, &Options::default());
    assert_eq!((text, count), (wrong.replace("HOST", "host").replace("off", "false"), 2));
}

#[test]
fn problems_revealed_by_a_fix_are_fixed() {
    let wrong = with(USER_PASSWORD, "config:", "Config:");
    let wrong = with(&wrong, "enabled: false", "Enabled: no");
    assert_eq!(fixed(&wrong, &options(Operation::Create)), (USER_PASSWORD.to_owned(), 3));
}

#[test]
fn responses_have_no_fixes() {
    let response =
        "id: 1\nstatus: enabled\nvalidationResults: {status: passed, validationTests: []}\nType: Redshift\n";
    let text = format!("{response}autoBootstrap: yes\nconfig: {{}}\n");
    assert!(!first(&text, &Options::default()).is_valid());
    assert_eq!(fixes(&text, &Options::default()), []);
}

/// An editor or a run over a directory must not change documents of other programs.
#[test]
fn other_programs_documents_are_not_recognized() {
    for text in [
        "",
        "services: {web: {image: nginx}}\n",
        "config:\n  Port: \"8080\"\n  host: a.example.com\n",
        "type: postgres\nhost: a.example.com\ndatabase: x\n",
        "authenticationType: basic\nusername: u\n",
        "type: redshift\nprofile: dbt\n",
        "type: Redshift\nthreads: 4\nprofile: dbt\n",
        "statusCode: 404\nmessage: no\n",
        "- a\n- config: {}\n",
        "a: [",
        "authenticationType: basic\na: [",
        "login: okta\na: [",
    ] {
        assert!(!recognize(&Documents::from(text)).contains(&true), "{text:?}");
    }
    for text in [
        USER_PASSWORD,
        OKTA,
        CREDENTIALS,
        "type: Redshift\n",
        "type: redshift\nau",
        "{\"type\": \"Redshift\", \"",
        "type: Redshift\nau: true\n",
        "{\"authenticationType\": \"okta\", }}",
        "autobootstrap: yes\n",
        "config: {initialDatabase: dev}\n",
        "config: [\ninitialDatabase: dev\n",
    ] {
        assert_eq!(recognize(&Documents::from(text)), [true], "{text:?}");
    }
    assert_eq!(recognize(&Documents::from(format!("kind: Pod\n---\n{CREDENTIALS}").as_str())), [false, true]);
}

/// The message authentication code of SOPS includes values in plain text, and all documents of a stream.
#[test]
fn documents_encrypted_by_sops_are_not_fixed() {
    let sealed = USER_PASSWORD
        .replace("database: immuta", "database: Immuta")
        .replace("${REDSHIFT_PASSWORD}", "ENC[AES256_GCM,data:abc=,iv:d=,tag:e=,type:str]")
        + "sops:\n  mac: ENC[AES256_GCM,data:f=,type:str]\n  version: 3.9.0\n";
    let json = r#"{"type": "redshift", "config": {"host": "https://c1.example.com", "password": "ENC[AES256_GCM,data:a=]"},
        "sops": {"mac": "x"}}"#;
    let open = USER_PASSWORD.replace("database: immuta", "database: Immuta");
    for text in [
        sealed.clone(),
        sealed.replace("  host", "\thost"),
        json.to_owned(),
        json.replace('"', "\u{201C}"),
        format!("{open}---\n{sealed}"),
        format!("{sealed}---\n{open}"),
    ] {
        let documents = check(&Documents::from(text.as_str()), &Options::default());
        let diagnostics: Vec<_> = documents.iter().flat_map(|document| &document.diagnostics).collect();
        assert!(diagnostics.len() > 1 || documents[0].body.is_none(), "{diagnostics:#?}");
        assert!(diagnostics.iter().all(|found| found.fix.is_none()), "{diagnostics:#?}");
        assert_eq!(fixed(&text, &Options::default()), (text, 0));
    }
    assert_eq!(fixed(&open, &Options::default()).1, 1, "a document without SOPS metadata must be fixed");
}

/// Names with special characters may be templates.
#[test]
fn only_plain_names_are_changed_to_lower_case() {
    for name in ["Immuta", "IMMUTA-Prod", "Immuta.Db_1"] {
        let (fixed, count) = fixed(
            &with(USER_PASSWORD, "database: immuta", &format!("database: {name}")),
            &options(Operation::Create),
        );
        assert_eq!(count, 1, "{name}");
        assert!(fixed.contains(&format!("database: {}\n", name.to_ascii_lowercase())), "{fixed}");
    }
    for name in ["../Immuta", "Immuta_:ENV", "Immuta_?ENV", "Immuta_=ENV", "Immuta~ENV", "Immuta\\\\ENV"] {
        let text = with(USER_PASSWORD, "database: immuta", &format!("database: \"{name}\""));
        assert_eq!(fixed(&text, &options(Operation::Create)), (text, 0));
    }
}
