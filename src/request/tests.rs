use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use proptest::prelude::*;

use super::*;
use crate::payload::tests::{identifier, manual_okta, user_password};
use crate::payload::{Okta, Secret};

const KEY: &str = "846e9e43c86a4ct1be14290d95127d13f";

fn request(operation: Operation, body: &Body) -> Request {
    Request::new(operation, body, None, Some("123456789")).expect("a request")
}

fn create(password: &str) -> Request {
    request(Operation::Create, &Body::Payload(user_password(password)))
}

const ARGUMENTS: [&str; 9] = [
    "-X",
    "POST",
    "https://your-organization.immuta.example/integrations",
    "-H",
    "accept: application/json",
    "-H",
    "Content-Type: application/json",
    "--config",
    "-",
];

/// The arguments and the input of a `curl` that only records them.
struct Recorded {
    output: Output,
    arguments: Vec<String>,
    input: String,
}

/// Runs the command in a shell where `curl` is a recorder.
fn run(shell: &str, command: &str, env: &[(&str, &str)]) -> Recorded {
    let folder = tempfile::tempdir().expect("a folder");
    let fake = folder.path().join("curl");
    fs::write(&fake, "#!/bin/sh\nprintf '%s\\0' \"$@\" >\"$RECORD/arguments\"\ncat >\"$RECORD/input\"\n")
        .expect("the fake is written");
    fs::set_permissions(&fake, fs::Permissions::from_mode(0o755)).expect("the fake may run");
    let path = format!("{}:{}", folder.path().display(), std::env::var("PATH").expect("PATH"));
    let output = Command::new(shell)
        .args(["-c", command])
        .env_clear()
        .env("PATH", path)
        .env("RECORD", folder.path())
        .env("LC_ALL", "C.UTF-8")
        .envs(env.iter().copied())
        .current_dir(folder.path())
        .output()
        .expect("the shell runs");
    let read = |name: &str| read_or_empty(&folder.path().join(name));
    let arguments = read("arguments").split_terminator('\0').map(str::to_owned).collect();
    Recorded { output, arguments, input: read("input") }
}

fn read_or_empty(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

/// The value of `name = "…"` in a configuration file of curl, by the rules of its manual.
fn config_value(config: &str, name: &str) -> String {
    let line = config
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(" = \"")?.strip_suffix('"'))
        .unwrap_or_else(|| panic!("{name} in {config}"));
    let mut value = String::new();
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        value.push(match character {
            '\\' => match characters.next().expect("an escape") {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                other => other,
            },
            '"' => panic!("the value ends early: {line}"),
            other => other,
        });
    }
    value
}

/// Asserts that curl receives exactly the body in its configuration, in every shell.
fn assert_sends(command: &str, env: &[(&str, &str)], body: &Value) {
    for shell in ["sh", "bash"] {
        let recorded = run(shell, command, env);
        assert!(recorded.output.status.success(), "{shell}: {:?}\n{command}", recorded.output);
        assert!(recorded.output.stdout.is_empty() && recorded.output.stderr.is_empty(), "{shell}");
        assert_eq!(recorded.input.lines().count(), 2, "{}", recorded.input);
        let sent: Value = serde_json::from_str(&config_value(&recorded.input, "data")).expect("JSON");
        assert_eq!(&sent, body, "{shell}\n{command}");
        // The arguments are the fixed ones: neither key nor body is among them.
        assert_eq!(recorded.arguments, ARGUMENTS);
    }
}

#[test]
fn curl_command_as_text() {
    insta::assert_snapshot!(create("abc1234").to_curl());
}

#[test]
fn curl_command_without_body_or_id() {
    let request = Request::new(Operation::Status, &Body::Empty, None, None).expect("a request");
    insta::assert_snapshot!(request.to_curl());
}

#[test]
fn http_text() {
    let request = Request::new(
        Operation::ScriptEdit,
        &Body::Payload(manual_okta("abc1234")),
        Some("http://localhost:8080/immuta/"),
        None,
    )
    .expect("a request");
    insta::assert_snapshot!(request.to_http());
}

#[test]
fn json_form() {
    let credentials = Credentials { authentication: user_password("abc1234").authentication };
    insta::assert_snapshot!(pretty(&request(Operation::Delete, &Body::Credentials(credentials)).to_json()));
    let empty = request(Operation::Delete, &Body::Empty).to_json();
    assert!(empty["body"].is_null());
    assert_eq!(empty["url"], format!("{PLACEHOLDER_URL}/integrations/123456789"));
}

#[test]
fn every_operation_has_its_request() {
    let payload = Body::Payload(user_password("abc1234"));
    for operation in Operation::ALL {
        let body = if operation == Operation::Delete { &Body::Empty } else { &payload };
        match Request::new(operation, body, None, Some("5")) {
            Ok(request) => {
                let path = operation.path().expect("a path").replace("{id}", "5");
                assert_eq!(request.url(), format!("{PLACEHOLDER_URL}{path}"));
                let has_body =
                    operation.body_kind() == BodyKind::Payload && operation != Operation::ScriptDelete;
                assert_eq!(request.body().is_some(), has_body, "{operation}");
            }
            Err(error) => assert_eq!((operation, error), (Operation::Error, RequestError::NotARequest)),
        }
    }
}

#[test]
fn script_delete_sends_only_the_id() {
    let payload = Body::Payload(user_password("abc1234"));
    let [with, without] = [&payload, &Body::Empty].map(|body| {
        Request::new(Operation::ScriptDelete, body, None, Some("5")).expect("a request").to_http()
    });
    assert_eq!(with, without);
    assert!(
        with.starts_with("POST /integrations/5/scripts/delete HTTP/1.1\n") && with.ends_with("\n\n"),
        "{with}"
    );
}

#[test]
fn wrong_body_is_rejected() {
    let payload = Body::Payload(user_password("abc1234"));
    for (operation, body) in [
        (Operation::Delete, &payload),
        (Operation::Create, &Body::Empty),
        (Operation::Update, &Body::Response),
    ] {
        let error = Request::new(operation, body, None, None).expect_err("the wrong body");
        assert_eq!(error, RequestError::WrongBody { operation });
    }
}

#[test]
fn urls() {
    for (url, expected) in [
        ("https://immuta.example.com", "https://immuta.example.com/integrations"),
        ("https://immuta.example.com//", "https://immuta.example.com/integrations"),
        ("HTTPS://A.b:8443/im%20m/x~/", "https://A.b:8443/im%20m/x~/integrations"),
        ("http://[::1]:80", "http://[::1]:80/integrations"),
        ("http://10.0.0.1", "http://10.0.0.1/integrations"),
    ] {
        let request = Request::new(Operation::List, &Body::Empty, Some(url), None).expect(url);
        assert_eq!(request.url(), expected);
    }
    for (url, expected) in [
        ("immuta.example.com", UrlError::Scheme),
        ("file:///etc/passwd", UrlError::Scheme),
        ("ü", UrlError::Scheme),
        ("https://me:hunter22@a.b", UrlError::UserInfo),
        ("https://a.b?x=1", UrlError::QueryOrFragment),
        ("https://a.b/#x", UrlError::QueryOrFragment),
        ("https://", UrlError::Host),
        ("https:///x", UrlError::Host),
        ("https://a..b", UrlError::Host),
        ("https://a$(id).b", UrlError::Host),
        ("https://a'b", UrlError::Host),
        ("https://münchen.de", UrlError::Host),
        ("https://[::g]", UrlError::Host),
        ("https://[::1]x", UrlError::Host),
        ("https://a.b:", UrlError::Port),
        ("https://a.b:0", UrlError::Port),
        ("https://a.b:+80", UrlError::Port),
        ("https://a.b:65536", UrlError::Port),
        ("https://a.b/x y", UrlError::Path),
        ("https://a.b/%2", UrlError::Path),
        ("https://a.b/..", UrlError::Path),
        ("https://a.b/`id`", UrlError::Path),
        ("https://a.b/\n", UrlError::Path),
    ] {
        let error = Request::new(Operation::List, &Body::Empty, Some(url), None).expect_err(url);
        assert_eq!(error, RequestError::Url(expected), "{url}");
        assert!(!error.to_string().contains("hunter"));
    }
}

#[test]
fn ids() {
    for (id, expected) in [("7", "7"), ("a-b_c.d~", "a-b_c.d~"), ("a/../b'$é", "a%2F..%2Fb%27%24%C3%A9")] {
        let request = Request::new(Operation::Get, &Body::Empty, None, Some(id)).expect(id);
        assert_eq!(request.url(), format!("{PLACEHOLDER_URL}/integrations/{expected}"));
    }
    for id in ["", ".", "..", "a\nb", &"1".repeat(129)] {
        let error = Request::new(Operation::Get, &Body::Empty, None, Some(id)).expect_err(id);
        assert_eq!(error, RequestError::Id);
    }
}

#[test]
fn only_resolved_body_contains_password() {
    let secret = "Qx7-\"pa\\ss";
    let request = create(secret);
    let outputs = [
        request.to_curl(),
        request.to_http(),
        pretty(&request.to_json()),
        format!("{request:?}"),
        pretty(&crate::payload::redact(&user_password(secret), None)),
    ];
    for output in outputs {
        for start in 0..=secret.len() - 6 {
            assert!(!output.contains(&secret[start..start + 6]), "{output}");
        }
    }
    let body = request.resolved_body(&|_| None).expect("a literal").expect("a body");
    let sent: Value = serde_json::from_str(body.expose_secret()).expect("JSON");
    assert_eq!(sent["config"]["password"], secret);
    assert_eq!(sent, serde_json::to_value(user_password("").json_with(secret)).expect("JSON"));
}

#[test]
fn references_are_resolved_or_named() {
    let request = create("${PW}");
    let env = |name: &str| (name == "PW").then(|| "from env".to_owned());
    let body = request.resolved_body(&env).expect("set").expect("a body");
    assert!(body.expose_secret().contains(r#""password": "from env""#));
    let error = request.resolved_body(&|_| None).expect_err("unset");
    assert_eq!(error.variable, "PW");
    let none = super::tests::request(Operation::List, &Body::Empty).resolved_body(&|_| None);
    assert!(none.expect("no secret").is_none());
}

/// A value that looks like the password property is not mistaken for it.
#[test]
fn name_that_imitates_the_password_key_is_escaped() {
    let mut payload = user_password("abc1234");
    payload.database = identifier(r#""password": "","password": "#);
    let body = request(Operation::Create, &Body::Payload(payload.clone()));
    let body = body.resolved_body(&|_| None).expect("a literal").expect("a body");
    let sent: Value = serde_json::from_str(body.expose_secret()).expect("JSON");
    assert_eq!(sent, serde_json::to_value(payload.json_with("abc1234")).expect("JSON"));
}

#[test]
fn unset_variable_stops_the_curl_command() {
    let request = Request::new(Operation::Update, &Body::Payload(user_password("${PW}")), None, None);
    let command = request.expect("a request").to_curl();
    let all = [("IMMUTA_API_KEY", KEY), ("IMMUTA_INTEGRATION_ID", "5"), ("PW", "x")];
    for missing in 0..all.len() {
        let mut env = all.to_vec();
        let (name, _) = env.remove(missing);
        for shell in ["sh", "bash"] {
            let recorded = run(shell, &command, &env);
            assert!(!recorded.output.status.success());
            assert!(recorded.arguments.is_empty() && recorded.input.is_empty());
            let message = String::from_utf8_lossy(&recorded.output.stderr).into_owned();
            assert!(message.contains(name) && message.contains("set it to"), "{message}");
        }
    }
    let recorded = run("sh", &command, &all);
    assert!(recorded.arguments.contains(&format!("{PLACEHOLDER_URL}/integrations/5")));
}

#[test]
fn api_key_is_the_only_input_without_body() {
    for operation in [Operation::Get, Operation::Delete] {
        let recorded =
            run("sh", &request(operation, &Body::Empty).to_curl(), &[("IMMUTA_API_KEY", "a\"b\\$(id)")]);
        assert!(recorded.output.status.success());
        assert_eq!(recorded.input, "Authorization: a\"b\\$(id)\n");
        assert!(recorded.arguments.iter().all(|argument| !argument.contains("(id)")));
    }
}

#[test]
fn curl_command_leaves_no_variables() {
    let command = format!("{}echo \"${{body-}}${{rest-}}\"; type quoted", create("abc1234").to_curl());
    let recorded = run("sh", &command, &[("IMMUTA_API_KEY", KEY), ("REDSHIFT_PASSWORD", "x")]);
    assert!(recorded.output.stdout.starts_with(b"\n"), "{:?}", recorded.output);
    assert!(!recorded.output.status.success(), "the function is still there");
}

/// Uses the real curl, to verify how it reads its configuration.
#[test]
fn curl_command_sends_the_request() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let mut payload = manual_okta("${PW}");
    if let Authentication::Okta(okta) = &mut payload.authentication {
        okta.role = "a'b\"c\\d$(id)`id`\u{1}\n\té😀\u{202e}!!".to_owned();
    }
    let password = "p\"w\\n'$(id)\n\t\u{1}é";
    let request = Request::new(Operation::Create, &Body::Payload(payload.clone()), Some(&url), None);
    let command = request.expect("a request").to_curl();
    let client = std::thread::spawn(move || {
        Command::new("sh")
            .args(["-c", &command])
            .env("IMMUTA_API_KEY", "k\"e\\y")
            .env("PW", password)
            .env("NO_PROXY", "*")
            .output()
    });
    let (mut stream, _) = listener.accept().expect("a connection");
    let mut received = Vec::new();
    let mut buffer = [0; 4096];
    let text = loop {
        let count = stream.read(&mut buffer).expect("bytes");
        received.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&received).into_owned();
        if count == 0 || text.ends_with("\n}") {
            break text;
        }
    };
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").expect("an answer");
    client.join().expect("no panic").expect("curl runs");
    let (head, body) = text.split_once("\r\n\r\n").expect("a head");
    assert!(head.starts_with("POST /integrations HTTP/1.1\r\n"), "{head}");
    for header in ["accept: application/json", "Content-Type: application/json", "Authorization: k\"e\\y"] {
        assert!(head.lines().any(|line| line == header), "{header} in {head}");
    }
    let sent: Value = serde_json::from_str(body).expect("JSON");
    assert_eq!(sent, serde_json::to_value(payload.json_with(password)).expect("JSON"));
}

/// Text that consists mostly of special characters of shells, JSON and curl.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "'",
            "\"",
            "\\",
            "$",
            "`",
            "!",
            "$(touch x)",
            "${HOME}",
            "\\u0027",
            "\\n",
            "\nEOF\n",
            "\r",
            "\t",
            "\u{1}",
            "\u{7f}",
            "\u{85}",
            "\u{202e}",
            "*",
            "?",
            "[a]",
            "~",
            "#",
            ";",
            "&",
            "|",
            "<<EOF",
            " ",
            "%s",
            "%",
            "é",
            "😀",
            "\"password\": \"\"",
            "-",
            "@",
            "{a,b}",
            "'\\''",
            "\\\"",
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_filter("NUL is in no variable", |c| *c != '\0').prop_map(String::from),
    ];
    prop::collection::vec(piece, 1..12).prop_map(|pieces| pieces.concat())
}

fn name() -> impl Strategy<Value = crate::sql::Identifier> {
    hostile().prop_filter_map("an identifier", |text| {
        let text: String = text.chars().filter(|c| !c.is_control()).collect();
        crate::sql::Identifier::new(&text).ok()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn hostile_text_arrives_as_it_is(
        database in name(),
        username in name(),
        app_id in hostile(),
        role in hostile(),
        password in hostile(),
        literal in any::<bool>(),
    ) {
        let mut payload = manual_okta("");
        payload.database = database;
        payload.authentication = Authentication::Okta(Okta {
            username,
            password: Secret::new(if literal { "a literal" } else { "${body}" }),
            app_id,
            idp_host: "organization.okta.com".to_owned(),
            role,
        });
        let variable = payload.authentication.password_variable().to_owned();
        let expected = serde_json::to_value(payload.json_with(&password)).expect("JSON");
        let command = request(Operation::Create, &Body::Payload(payload)).to_curl();
        assert_sends(&command, &[("IMMUTA_API_KEY", KEY), (&variable, &password)], &expected);
    }
}
