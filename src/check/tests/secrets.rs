//! Tests that no message or excerpt shows a value that may be a secret.

use std::fmt::Write as _;

use super::*;

const SECRET: &str = "Xyzzy7Plugh9Frotz";

/// The visible spans of the document, and its diagnostics.
fn everything(text: &str, operation: Option<Operation>) -> String {
    let mut shown = String::new();
    for document in check(&Documents::from(text), &Options { operation, ..Options::default() }) {
        for span in &document.visible {
            shown.push_str(&text[span.start..span.end]);
            shown.push('\n');
        }
        for diagnostic in &document.diagnostics {
            writeln!(shown, "{diagnostic:?}").expect("writing to a string");
        }
        for pair in document.visible.windows(2) {
            assert!(pair[0].end <= pair[1].start, "not sorted and disjoint: {:?}", document.visible);
        }
    }
    shown
}

fn assert_hidden(text: &str, operation: Option<Operation>) {
    let shown = everything(text, operation);
    let letters: Vec<char> = SECRET.chars().collect();
    for piece in letters.windows(6) {
        let piece: String = piece.iter().collect();
        assert!(!shown.contains(&piece), "{piece} of the secret is shown:\n{shown}\nin:\n{text}");
    }
}

#[test]
fn values_that_are_not_secret_are_visible() {
    let shown = everything(USER_PASSWORD, None);
    for text in [
        "type",
        "Redshift",
        "organization.aws.amazon.com",
        "immuta",
        "enabled",
        "admin@example.com",
        "password",
    ] {
        assert!(shown.lines().any(|line| line == text), "{text} is not shown:\n{shown}");
    }
    assert!(!shown.contains("REDSHIFT_PASSWORD"), "a reference to a secret must be hidden");
    let list = format!("{:#}", vendor()["response-list"]);
    let shown = everything(&list, None);
    assert!(shown.contains("Metastore validation") && shown.contains("\"Snowflake\""));
    assert!(!shown.contains("SAMPLE_WAREHOUSE"), "unknown values must be hidden");
    let redshift = format!("[{}]", vendor()["response-get-user-password"]);
    assert!(
        everything(&redshift, None).contains("organization.aws.amazon.com"),
        "known values must be visible"
    );
}

#[test]
fn secrets_are_hidden_everywhere() {
    let base = USER_PASSWORD.replace("${REDSHIFT_PASSWORD}", SECRET);
    let okta = OKTA.replace("${OKTA_PASSWORD}", SECRET);
    let documents = [
        base.clone(),
        okta.clone(),
        base.replace("password:", "pasword:"),
        base.replace("password:", "hostt:"),
        base.replace("userPassword", "okta"),
        okta.replace("type: okta", "type: userPassword"),
        base.replace("config:", "conifg:"),
        base.replace("config:", "nonsense:"),
        base.replace("type: Redshift", "type: Snowflake"),
        base.replace(SECRET, &format!("[{SECRET}, {{{SECRET}: {SECRET}}}]")),
        base.replace(SECRET, &format!("{{a: {SECRET}, password: {SECRET}}}")),
        base.replace(SECRET, &format!("|\n    {SECRET}\n    {SECRET}")),
        base.replace(SECRET, &format!("\"{SECRET}\\n\"")),
        base.replace("  password", &format!("  password: {SECRET}\n  password")),
        base.replace("organization.aws.amazon.com", &format!("https://admin:{SECRET}@a.example.com:5439/x")),
        base.replace("organization.aws.amazon.com", &format!("admin:{SECRET}@a.example.com")),
        base.replace(
            "organization.aws.amazon.com",
            &format!("jdbc:redshift://a.example.com/dev?password={SECRET}"),
        ),
        base.replace("organization.aws.amazon.com", &format!("a.example.com;PWD={SECRET}")),
        okta.replace("organization.okta.com", &format!("https://x:{SECRET}@organization.okta.com")),
        base.replace("impersonation:\n    enabled: false", &format!("impersonation: {SECRET}")),
        base.replace("enabled: false", &format!("enabled: [{SECRET}]")),
        // The same text through an alias.
        base.replace("username: admin@example.com\n  password:", "password: &p")
            .replace("authenticationType: userPassword", "authenticationType: *p"),
        format!(
            "type: Redshift\nautoBootstrap: true\nconfig:\n  password: &p {SECRET}\n  database: *p\n  host: *p\n  \
                 username: *p\n  initialDatabase: *p\n  authenticationType: *p\n"
        ),
        format!("config:\n  database: &p {SECRET}\n  password: *p\n  host: *p\n"),
        format!("config:\n  host: &p {SECRET}.example.com:5439\n  password: *p\n"),
        format!("config:\n  password: &p {SECRET}.example.com:5439\n  host: *p\n"),
        format!("config:\n  host: &p x:{SECRET}@example.com\n  database: *p\n"),
        format!("config:\n  database: &p {SECRET}\n  password: [*p]\n"),
        format!("config:\n  database: &p {SECRET}\n  password: {{a: [{{b: *p}}]}}\n"),
        format!("type: &p {SECRET}\nconfig:\n  okta: {{<<: {{password: *p}}}}\n"),
        format!("config:\n  okta: &o\n    username: {SECRET}\n  password: *o\n"),
        format!("config: {SECRET}"),
        format!("- {SECRET}"),
        SECRET.to_owned(),
        format!("password: {SECRET}"),
        format!("a: {{b: {SECRET}}}"),
    ];
    for document in &documents {
        assert_hidden(document, None);
        for operation in Operation::ALL {
            if operation == Operation::Error && document.starts_with("type: &p") {
                continue;
            }
            assert_hidden(document, Some(operation));
        }
    }
}

/// `password:Secret: x` without a space is one unknown key that contains the secret.
#[test]
fn secret_in_a_key_is_hidden() {
    let base = USER_PASSWORD.replace("${REDSHIFT_PASSWORD}", "${PASSWORD}");
    for (from, to) in [
        ("password: ${PASSWORD}", format!("password:{SECRET}: x")),
        ("password: ${PASSWORD}", format!("\"password:{SECRET}\": {{a: b}}")),
        ("password: ${PASSWORD}", format!("? 'password: {SECRET}'\n  : [1, 1]")),
    ] {
        let text = base.replace(from, &to);
        assert_ne!(text, base, "{from}");
        assert_hidden(&text, None);
    }
}

/// If a comment cuts off a URL within its password, the rest looks like a scheme with a host.
#[test]
fn help_contains_no_host_that_may_be_part_of_a_password() {
    let (left, right) = SECRET.split_at(7);
    for host in [format!("user:{left}://{right}"), format!("{left}://{right}"), format!("user:{SECRET}//x")] {
        let text =
            USER_PASSWORD.replace("organization.aws.amazon.com", &format!("{host} #@cluster.example.com"));
        assert_ne!(text, USER_PASSWORD);
        for document in check(&Documents::from(text.as_str()), &Options::default()) {
            let helps = document.diagnostics.iter().filter_map(|diagnostic| diagnostic.help.as_deref());
            let shown: String = helps.collect();
            assert!(!shown.contains(right) && !shown.contains(left), "{shown}");
        }
    }
}

#[test]
fn secrets_of_other_platforms_are_hidden_in_a_list() {
    let list = format!("{:#}", vendor()["response-list"])
        .replace("\"REDACTED\"", &format!("\"{SECRET}\""))
        .replace("\"<REDACTED>\"", &format!("\"{SECRET}\""));
    assert_hidden(&list, None);
    assert_hidden(&list, Some(Operation::Get));
    assert_hidden(&list, Some(Operation::Create));
}

#[test]
fn secret_in_a_response_is_hidden() {
    let get = format!("{:#}", vendor()["response-get-user-password"])
        .replace("\"password\": \"<REDACTED>\"", &format!("\"password\": \"{SECRET}\""));
    assert!(get.contains(SECRET));
    assert_hidden(&get, None);
}

/// The keys in the pointer of a syntax error come from the text.
#[test]
fn pointer_ends_at_a_hidden_value() {
    let table = [
        (BodyKind::Payload, "", ""),
        (BodyKind::Payload, "/config/host", "/config/host"),
        (BodyKind::Payload, "/config/okta/idpHost", "/config/okta/idpHost"),
        (BodyKind::Payload, "/config/password", "/config/password"),
        (BodyKind::Payload, "/config/password/Secret1", "/config/password"),
        (BodyKind::Payload, "/config/password/abc", "/config/password"),
        (BodyKind::Payload, "/config/password/12345", "/config/password/12345"),
        (BodyKind::Payload, "/config/password/123456", "/config/password"),
        (BodyKind::Payload, "/config/password/0/Secret1", "/config/password/0"),
        (BodyKind::Payload, "/config/unknown", "/config/unknown"),
        (BodyKind::Payload, "/config/unknown/Secret1", "/config/unknown"),
        (BodyKind::Payload, "/config/password:Secret1", "/config"),
        (BodyKind::IntegrationList, "/123456/config/host", "/123456/config/host"),
        (BodyKind::IntegrationList, "/0/config/password/Secret1", "/0/config/password"),
        (BodyKind::IntegrationList, "/0/unknown/Secret1", "/0/unknown"),
        (BodyKind::IntegrationList, "/abc", ""),
    ];
    for (body, pointer, expected) in table {
        for (code, redacted) in [(Code::DuplicateKey, "duplicate key"), (Code::TooDeep, "`Secret1` is it")] {
            let mut problem = Diagnostic::new(code, pointer, Span::default(), "`Secret1` is it");
            redaction::redact_keys(&mut problem, body);
            assert_eq!(problem.pointer, expected, "{pointer}");
            let expected = if expected == pointer { "`Secret1` is it" } else { redacted };
            assert_eq!(problem.message, expected, "{pointer}");
        }
    }
}

#[test]
fn visible_spans_are_not_empty() {
    let text = with(USER_PASSWORD, "database: immuta", "database:");
    let checked = first(&text, &Options::default());
    assert!(checked.visible.iter().all(|span| span.start < span.end), "{:?}", checked.visible);
}

/// A value with more than a name or a host may contain a password, after any separator.
#[test]
fn value_with_more_than_a_name_or_a_host_is_hidden() {
    let strings = [
        format!("redshift://bob:{SECRET}@c.example.com:5439/dev"),
        format!("redshift://bob:{SECRET}@c.example.com:5439/${{DB}}"),
        format!("dev?user=bob&password={SECRET}"),
        format!("dev;PWD={SECRET}"),
        format!("Host=c.example.com Password={SECRET}"),
        format!("bob:{SECRET}@c.example.com"),
        format!("bob%3A{SECRET}%40c.example.com"),
        format!("redshift://bob:{SECRET}@c.example.com\u{200B}"),
    ];
    let names = [
        "immuta\n",
        "analytics",
        "admin@example.com",
        "immuta_impersonation",
        "admin\n",
        "Okta\n",
        "userPassword",
    ];
    for string in &strings {
        for name in names {
            let base = if USER_PASSWORD.contains(name) { USER_PASSWORD } else { OKTA };
            let line = if name.ends_with('\n') { "\n" } else { "" };
            let text = with(base, &format!(": {name}"), &format!(": '{string}'{line}"));
            assert_hidden(&text, None);
            assert!(
                first(&text, &Options::default()).diagnostics.iter().all(|found| found.fix.is_none()),
                "{text}"
            );
        }
    }
    let parted = [" ", "\u{A0}", "\u{2028}", "|", ",", "!", "(", "\u{FF20}", "\u{FF5C}", "\\", "\""]
        .map(|sign| format!("c.example.com{sign}{SECRET}"));
    for host in strings.iter().chain(&parted) {
        for (base, name) in [(USER_PASSWORD, "organization.aws.amazon.com"), (OKTA, "organization.okta.com")]
        {
            assert_hidden(&with(base, name, &format!("'{host}'")), None);
        }
    }
    let text = with(USER_PASSWORD, "database: immuta", "database: 'redshift://bob:x@c.example.com/dev'");
    let diagnostic = only(&text, &Options::default());
    assert_eq!(
        (diagnostic.code, diagnostic.message.as_str()),
        (Code::IdentifierInvalid, "`database`: expected a database name, found a connection string")
    );
    assert_eq!(diagnostic.help.as_deref(), Some("write only the name, for example `immuta`"));
}
