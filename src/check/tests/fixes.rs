//! What the fixes write, and where there is none.

use super::*;

/// The fixes of a document in their order: the code, what the fix does, and the text after it.
fn fixes(text: &str, options: &Options<'_>) -> Vec<(Code, String, Applicability, String)> {
    let checked = first(text, options);
    let fixes = checked.diagnostics.iter().filter_map(|found| Some((found.code, found.fix.as_ref()?)));
    fixes
        .map(|(code, fix)| (code, fix.title.clone(), fix.applicability, super::super::apply(text, &[fix])))
        .collect()
}

/// A mistake in a payload with user name and password, and the same place without it.
#[track_caller]
fn safe(right: &str, wrong: &str, fixed_to: &str) {
    let text = with(USER_PASSWORD, right, wrong);
    assert_eq!(fixed(&text, &options(Operation::Create)), (with(USER_PASSWORD, right, fixed_to), 1));
}

/// The same where there is an unsafe fix.
#[track_caller]
fn likely(right: &str, wrong: &str, title: &str, fixed_to: &str) {
    let text = with(USER_PASSWORD, right, wrong);
    assert_eq!(fixed(&text, &options(Operation::Create)), (text.clone(), 0));
    let found = fixes(&text, &options(Operation::Create));
    let after = with(USER_PASSWORD, right, fixed_to);
    let is_it = |(_, name, applicability, text): &(_, String, _, String)| {
        name == title && *applicability == Applicability::Unsafe && *text == after
    };
    assert!(found.iter().any(is_it), "{found:#?}");
}

/// The same where nothing is known that could be written.
#[track_caller]
fn none(right: &str, wrong: &str) {
    let text = with(USER_PASSWORD, right, wrong);
    assert!(!first(&text, &options(Operation::Create)).diagnostics.is_empty(), "a mistake: {text}");
    assert_eq!(fixes(&text, &options(Operation::Create)), []);
}

#[test]
fn words_for_truth_values_and_numbers_in_quotes() {
    for (wrong, right) in [
        ("yes", "true"),
        ("On", "true"),
        ("n", "false"),
        ("\"no\"", "false"),
        ("'False'", "false"),
        ("\" True \"", "true"),
    ] {
        safe("autoBootstrap: false", &format!("autoBootstrap: {wrong}"), &format!("autoBootstrap: {right}"));
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
        safe("database: immuta", &wrong, "database: immuta\n  port: 5439 # the port");
    }
    likely("autoBootstrap: false", "autoBootstrap: 0", "Write `false`", "autoBootstrap: false");
    for wrong in ["2", "maybe", "\"\\x79es\\x21\"", "null"] {
        none("autoBootstrap: false", &format!("autoBootstrap: {wrong}"));
    }
    // To YAML 1.1 it is octal; to people, perhaps not.
    likely(
        "database: immuta",
        "database: immuta\n  port: \"02357\"",
        "Write `2357`",
        "database: immuta\n  port: 2357",
    );
    // A number that is no port may be anything.
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
        none("database: immuta", &format!("database: immuta\n  port: {port}"));
    }
}

#[test]
fn quotes_around_what_is_to_be_a_string() {
    for value in ["12345678", "0123", "1e5", "true", ".inf", "-0"] {
        safe("username: admin@example.com", &format!("username: {value}"), &format!("username: \"{value}\""));
    }
    // What belongs to a value would belong to the string, too; an alias is written elsewhere.
    for value in ["!!int 12", "&a 12", "!!int \"12\"", "&a\n    12"] {
        none("username: admin@example.com", &format!("username: {value}"));
    }
    let text = with(USER_PASSWORD, "immuta\n", "&a 2024\n");
    let text = with(&text, "analytics", "*a");
    assert_eq!(fixes(&text, &options(Operation::Create)), []);
}

#[test]
fn what_yaml_1_1_reads_otherwise() {
    for value in ["yes", "1:30", "12_345_678", "2024-01-01", "="] {
        safe(
            "username: admin@example.com",
            &format!("username: {value} # as is"),
            &format!("username: \"{value}\" # as is"),
        );
    }
    // What another fix leaves is looked at again.
    let text = with(USER_PASSWORD, "database: immuta", "database: YES");
    let after = with(USER_PASSWORD, "database: immuta", "database: \"yes\"");
    assert_eq!(fixed(&text, &options(Operation::Create)), (after, 2));
    safe("${REDSHIFT_PASSWORD}", "12_345_678", "\"12_345_678\"");
    let port = |port: &str| format!("database: immuta\n  port: {port} # the port");
    // Only one number can be meant by what the other version reads as a string.
    for wrong in ["05439", "0o12477", "5.439e3", "5_439", "0b1010100111111"] {
        safe("database: immuta", &port(wrong), &port("5439"));
    }
    likely("database: immuta", &port("02357"), "Write `2357`", &port("2357"));
    likely("database: immuta", &port("1:30:39"), "Write `5439`", &port("5439"));
    for wrong in ["0_0", "99_999", "!!int 02357"] {
        none("database: immuta", &port(wrong));
    }
    // What is on several lines stays as it is.
    none("username: admin@example.com", "username: 2024-01-01\n    10:00:00");
}

/// A fix of a secret is quotes, not the secret.
#[test]
fn a_fix_holds_no_secret() {
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
    safe("  host:", "  Host:", "  host:");
    safe("  host:", "  \"HOST\":", "  \"host\":");
    safe("autoBootstrap:", "autobootstrap:", "autoBootstrap:");
    safe("type: Redshift", "type: REDSHIFT", "type: Redshift");
    safe("type: Redshift", "type: 'redshift'", "type: 'Redshift'");
    safe("userPassword", "UserPassword # as ever", "userPassword # as ever");
    safe("database: immuta", "database: Immuta", "database: immuta");
    safe("database: immuta", "database: \"IMMUTA\"", "database: \"immuta\"");
    safe("database: immuta", "database: 'ÄIMMUTÄ'", "database: 'ÄimmutÄ'");
    likely("  host:", "  hots:", "Change to `host`", "  host:");
    likely("type: Redshift", "type: Redshit", "Write `Redshift`", "type: Redshift");
    // Of two keys for one, nobody knows which is meant.
    none("  database:", "  Host: b.example.com\n  database:");
    // With escape sequences, lower case would be another name.
    none("database: immuta", "database: \"I\\x4dMUTA\"");
    none("  host:", "  &key Host:");
    // What would need escape sequences is not written.
    none("database: immuta", "database: I'mmuta");
}

#[test]
fn what_goes_over_lines_or_is_written_elsewhere_stays() {
    none("password: ${REDSHIFT_PASSWORD}", "password: \"Correct1\n    horse\"");
    let text = with(USER_PASSWORD, "database: immuta", "database: &name immuta")
        .replace("enabled: false", "enabled: false\n    role: *name");
    assert_eq!(fixes(&text, &options(Operation::Create)), []);
}

#[test]
fn only_documents_that_are_wanted_are_fixed() {
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
fn a_key_of_json_that_is_a_word_gets_quotes() {
    let is_quoted = |text: &str, end| crate::document::fixes::json_key(text, Span::new(0, end)).is_some();
    for (text, end) in [("a: 1", 1), ("_a9: 1", 3), ("Z_ :1", 2)] {
        assert!(is_quoted(text, end), "{text}");
    }
    for (text, end) in [("1a: 1", 2), ("a-b: 1", 3), ("-a: 1", 2), ("a, 1", 1), ("ä: 1", 2)] {
        assert!(!is_quoted(text, end), "{text}");
    }
}

#[test]
fn a_host_that_says_nothing_else() {
    let host = "host: organization.aws.amazon.com";
    for wrong in [
        "https://organization.aws.amazon.com",
        "https://organization.aws.amazon.com/",
        "organization.aws.amazon.com:5439",
        "jdbc:redshift://organization.aws.amazon.com:5439/immuta",
        "redshift://organization.aws.amazon.com/analytics",
    ] {
        safe(host, &format!("host: {wrong}"), host);
    }
    safe(host, "host: ' organization.aws.amazon.com'", "host: 'organization.aws.amazon.com'");
    safe(host, "host: https://[2001:db8::1]:5439/", "host: \"2001:db8::1\"");
    safe(host, "host: https://true", "host: \"true\"");
    let port = format!("{host}\n  port: 5440");
    safe(host, &format!("{port}\n").replace(".com", ".com:5440"), &format!("{port}\n"));
    for wrong in [
        "organization.aws.amazon.com:5440",
        "https://organization.aws.amazon.com/sales",
        "https://admin@organization.aws.amazon.com",
    ] {
        likely(host, &format!("host: {wrong}"), "Write `organization.aws.amazon.com`", host);
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
fn guesses_are_for_somebody_to_look_at() {
    likely(
        "password: ${REDSHIFT_PASSWORD}",
        "password: Correct1horse",
        "Write `${REDSHIFT_PASSWORD}`",
        "password: ${REDSHIFT_PASSWORD}",
    );
    likely(
        "password: ${REDSHIFT_PASSWORD}",
        "password: '<REDACTED>'",
        "Write `${REDSHIFT_PASSWORD}`",
        "password: '${REDSHIFT_PASSWORD}'",
    );
    likely(
        "    enabled: false\n",
        "    enabled: false\n    role: r # why\n",
        "Remove `role`",
        "    enabled: false\n",
    );
    let manual = with(USER_PASSWORD, "autoBootstrap: false", "autoBootstrap: true");
    let found = fixes(&manual, &options(Operation::ScriptCreate));
    assert_eq!(
        found,
        [(Code::BootstrapMode, "Write `false`".to_owned(), Applicability::Unsafe, USER_PASSWORD.to_owned())]
    );
    // Between brackets a reference needs quotes.
    let flow = "{authenticationType: userPassword, username: u, password: Correct1horse}";
    let found = fixes(flow, &options(Operation::Delete));
    assert_eq!(found[0].3, flow.replace("Correct1horse", "\"${REDSHIFT_PASSWORD}\""));
}

#[test]
fn a_member_goes_with_its_comma() {
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
fn json_that_is_nearly_right() {
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
    // A comment would be lost, and what is missing is anybody's guess.
    for text in ["{ // why\n}", "{\"a\": 1 \"b\": 2}", "{\"a\": Tru}", "{a b: 1}"] {
        assert_eq!(fixed(text), (text.to_owned(), 0));
    }
}

/// Everything but the mistake stays: line breaks, byte order mark, comments, trailing blanks.
#[test]
fn all_else_stays_as_it_is() {
    let wrong = format!("\u{FEFF}{}", USER_PASSWORD.replace('\n', " # é 𝄞\r\n"));
    let wrong = wrong.replace("  host", "  HOST").replace("enabled: false", "enabled: off");
    let (text, count) = fixed(&wrong, &Options::default());
    assert_eq!((text, count), (wrong.replace("HOST", "host").replace("off", "false"), 2));
}

#[test]
fn what_a_fix_uncovers_is_fixed_too() {
    let wrong = with(USER_PASSWORD, "config:", "Config:");
    let wrong = with(&wrong, "enabled: false", "Enabled: no");
    assert_eq!(fixed(&wrong, &options(Operation::Create)), (USER_PASSWORD.to_owned(), 3));
}

#[test]
fn answers_of_the_api_are_not_fixed() {
    let answer =
        "id: 1\nstatus: enabled\nvalidationResults: {status: passed, validationTests: []}\nType: Redshift\n";
    let text = format!("{answer}autoBootstrap: yes\nconfig: {{}}\n");
    assert!(!first(&text, &Options::default()).is_valid());
    assert_eq!(fixes(&text, &Options::default()), []);
}

/// An editor or a run over a directory must not touch what belongs to another program.
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

/// SOPS counts values in plain text in, and of one stream of documents all.
#[test]
fn what_sops_has_sealed_is_not_fixed() {
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
    assert_eq!(fixed(&open, &Options::default()).1, 1, "what is not sealed is fixed");
}

/// Whatever fills names in, no sign of it is in a name that is fixed.
#[test]
fn only_plain_names_are_folded() {
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
