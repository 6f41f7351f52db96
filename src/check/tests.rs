//! Tests of the checks: each code with its exact location, and near misses.

mod agreement;
mod characters;
mod excess;
mod fixes;
mod hosts;
mod placeholders;
mod places;
mod scalars;
mod secrets;
mod values;

use super::*;
use crate::document::count::parses;
use crate::document::{Limits, LineIndex, OffsetEncoding};
use crate::payload::{Authentication, Payload, Secret, Unresolved, UnresolvedSecret};

pub(super) const USER_PASSWORD: &str = "\
type: Redshift
autoBootstrap: false
config:
  host: organization.aws.amazon.com
  database: immuta
  initialDatabase: analytics
  impersonation:
    enabled: false
  authenticationType: userPassword
  username: admin@example.com
  password: ${REDSHIFT_PASSWORD}
";

pub(super) const OKTA: &str = "\
type: Redshift
autoBootstrap: false
config:
  host: organization.aws.amazon.com
  database: immuta
  initialDatabase: analytics
  impersonation:
    enabled: true
    role: immuta_impersonation
  authenticationType: okta
  okta:
    username: admin@example.com
    password: ${OKTA_PASSWORD}
    appId: Okta
    idpHost: organization.okta.com
    role: admin
";

pub(super) const CREDENTIALS: &str = "\
authenticationType: userPassword
username: admin@example.com
password: ${REDSHIFT_PASSWORD}
";

pub(super) fn options(operation: Operation) -> Options<'static> {
    Options { operation: Some(operation), ..Options::default() }
}

pub(super) fn first(text: &str, options: &Options<'_>) -> Checked {
    first_of(&Documents::from(text), options)
}

pub(super) fn first_of(documents: &Documents<'_>, options: &Options<'_>) -> Checked {
    check(documents, options).into_iter().next().expect("a text has at least one document")
}

/// The text after the safe fixes of all its documents, and their number.
pub(super) fn fixed(text: &str, options: &Options<'_>) -> (String, usize) {
    fixed_of(&Documents::from(text), options, true)
}

/// The same for parsed documents, which are only fixed if `is_wanted`.
pub(super) fn fixed_of(documents: &Documents<'_>, options: &Options<'_>, is_wanted: bool) -> (String, usize) {
    let checked = check(documents, options);
    match fix(documents, &checked, options, Applicability::Safe, &|_, checked| vec![is_wanted; checked.len()])
    {
        Some(fixed) => (fixed.documents.text().to_owned(), fixed.fixes),
        None => (documents.text().to_owned(), 0),
    }
}

/// The diagnostics of the first document as `line:column code pointer`.
pub(super) fn found(text: &str, options: &Options<'_>) -> Vec<String> {
    let lines = LineIndex::new(text);
    first(text, options)
        .diagnostics
        .iter()
        .map(|diagnostic| {
            let start = lines.position(diagnostic.span.start, OffsetEncoding::Utf8);
            format!("{}:{} {} {}", start.line, start.column, diagnostic.code, diagnostic.pointer)
        })
        .collect()
}

/// The only diagnostic of the first document.
pub(super) fn only(text: &str, options: &Options<'_>) -> Diagnostic {
    let mut diagnostics = first(text, options).diagnostics;
    assert_eq!(diagnostics.len(), 1, "{diagnostics:#?}");
    diagnostics.remove(0)
}

/// `text` with one occurrence of `from` replaced.
pub(super) fn with(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from:?} is not in the text");
    text.replacen(from, to, 1)
}

pub(super) fn payload(text: &str) -> Payload {
    match first(text, &options(Operation::Create)).body {
        Some(Body::Payload(payload)) => payload,
        other => panic!("{other:?}"),
    }
}

/// The vendor's examples by name.
pub(super) fn vendor() -> serde_json::Map<String, serde_json::Value> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/vendor");
    std::fs::read_dir(folder)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| (path.file_stem().expect("a name").to_string_lossy().into_owned(), path))
        .filter(|(name, _)| name != "index")
        .map(|(name, path)| {
            (name, serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("JSON"))
        })
        .collect()
}

/// The operation that an example of the vendor is for.
pub(super) fn operation_of(name: &str) -> Operation {
    match name {
        "response-create-conflict" | "response-update-conflict" => Operation::Error,
        "response-list" => Operation::List,
        name if name.starts_with("response-get") => Operation::Get,
        name if name.starts_with("response-") => Operation::Status,
        name if name.starts_with("create-") => Operation::Create,
        name if name.starts_with("script-initial-create-") => Operation::ScriptInitialCreate,
        name if name.starts_with("script-create-") => Operation::ScriptCreate,
        name if name.starts_with("script-edit-") => Operation::ScriptEdit,
        name if name.starts_with("update-") => Operation::Update,
        _ => Operation::Delete,
    }
}

#[test]
fn valid_documents_result_in_typed_bodies() {
    let body = payload(&with(USER_PASSWORD, "config:", "config:\n  port: 5440.0"));
    assert!(!body.auto_bootstrap);
    assert_eq!((body.host.as_str(), body.port), ("organization.aws.amazon.com", Some(5440)));
    assert_eq!((body.database.as_str(), body.initial_database.as_str()), ("immuta", "analytics"));
    assert!(matches!(&body.authentication, Authentication::UserPassword { username, password }
        if username.as_str() == "admin@example.com" && password.variable() == Some("REDSHIFT_PASSWORD")));
    assert!(body.impersonation_group().is_none());

    let body = payload(&with(OKTA, "false", "true"));
    assert!(body.auto_bootstrap);
    assert_eq!(body.port, None);
    assert_eq!(body.impersonation_group().map(crate::sql::Identifier::as_str), Some("immuta_impersonation"));
    assert!(matches!(&body.authentication, Authentication::Okta(okta)
        if okta.app_id == "Okta" && okta.idp_host == "organization.okta.com" && okta.role == "admin"));

    let deleted = first(CREDENTIALS, &Options::default());
    assert_eq!(deleted.operation, Some(Operation::Delete));
    assert!(matches!(deleted.body, Some(Body::Credentials(_))), "{deleted:?}");
}

#[test]
fn vendor_examples_are_valid_with_and_without_their_operation() {
    let vendor = vendor();
    assert_eq!(vendor.len(), 20);
    for (name, document) in vendor {
        let operation = operation_of(&name);
        for text in [document.to_string(), format!("{document:#}")] {
            let checked = first(&text, &options(operation));
            assert!(checked.is_valid(), "{name}: {:#?}", checked.diagnostics);
            assert!(checked.body.is_some(), "{name}");
            let inferred = first(&text, &Options::default());
            assert!(inferred.is_valid(), "{name}: {:#?}", inferred.diagnostics);
            assert_eq!(inferred.operation.map(Operation::body_kind), Some(operation.body_kind()), "{name}");
        }
    }
}

#[test]
fn operation_is_inferred_from_the_keys() {
    let table = [
        ("config: {}", Some(Operation::Create)),
        ("conifg: {}", Some(Operation::Create)),
        ("type: Snowflake", Some(Operation::Create)),
        ("host: a\nauthenticationType: okta", Some(Operation::Create)),
        ("config: {}\nstatus: enabled\nvalidationResults: {}", Some(Operation::Get)),
        ("config: {}\nstatus: enabled", Some(Operation::Create)),
        ("config: {}\nvalidationResults: {}", Some(Operation::Create)),
        ("status: enabled\nvalidationResults: {}", Some(Operation::Status)),
        ("validationResult: {}", Some(Operation::Status)),
        ("authenticationType: okta", Some(Operation::Delete)),
        ("authenticationtype: okta", Some(Operation::Delete)),
        ("statusCode: 409", Some(Operation::Error)),
        ("statuscode: 409", Some(Operation::Error)),
        ("[]", Some(Operation::List)),
        ("username: a\npassword: b", None),
        ("", None),
        ("hello", None),
        ("{}", None),
    ];
    for (text, operation) in table {
        let checked = first(text, &Options::default());
        assert_eq!(checked.operation, operation, "{text}");
        if operation.is_none() {
            assert_eq!(checked.diagnostics.len(), 1, "{text}: {:#?}", checked.diagnostics);
            assert!(!checked.is_valid(), "{text}");
            assert!(checked.body.is_none(), "{text}");
        }
    }
}

#[test]
fn documents_of_a_stream_are_checked_separately() {
    let text = format!("{USER_PASSWORD}---\n{CREDENTIALS}---\nstatusCode: nine\n");
    let checked = check(&Documents::from(text.as_str()), &Options::default());
    let operations: Vec<_> = checked.iter().map(|document| document.operation).collect();
    assert_eq!(operations, [Some(Operation::Create), Some(Operation::Delete), Some(Operation::Error)]);
    assert_eq!(checked.iter().map(Checked::is_valid).collect::<Vec<_>>(), [true, true, false]);
    assert_eq!(checked.iter().map(|document| document.index).collect::<Vec<_>>(), [0, 1, 2]);
}

#[test]
fn conflicts_compare_hosts_like_dns() {
    let named = |host: &str| with(USER_PASSWORD, "organization.aws.amazon.com", host);
    let file = |path: &str, text: &str| (path.to_owned(), check(&Documents::from(text), &Options::default()));
    let mut files = vec![
        file("a.yaml", &named("Organization.aws.amazon.com")),
        file("b.yaml", &named("other.aws.amazon.com")),
        file("c.yaml", &named("organization.AWS.amazon.com.")),
        file("d.yaml", &format!("{}---\n{}", named("'::1'"), named("'0:0::1'"))),
        file("e.yaml", &named("'::1'")),
        file("f.yaml", CREDENTIALS),
        file("g.yaml", &with(&named("b.example.com"), "type: Redshift", "type: redshift")),
        file("h.yaml", &named("B.example.com")),
    ];
    conflicts(&mut files);
    let messages: Vec<(String, String)> = files
        .iter()
        .flat_map(|(path, documents)| documents.iter().map(move |document| (path, document)))
        .flat_map(|(path, document)| {
            document
                .diagnostics
                .iter()
                .filter(|diagnostic| diagnostic.code == Code::IntegrationConflict)
                .map(move |diagnostic| (path.clone(), diagnostic.message.clone()))
        })
        .collect();
    let expected = [
        ("c.yaml", "host `organization.AWS.amazon.com.` is already configured in `a.yaml`"),
        ("d.yaml", "host `0:0::1` is already configured in document 1 of this file"),
        ("e.yaml", "host `::1` is already configured in document 1 of `d.yaml`"),
        ("h.yaml", "host `B.example.com` is already configured in `g.yaml`"),
    ];
    let messages: Vec<(&str, &str)> = messages.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(messages, expected);

    let related = |file: usize, document: usize| {
        let found = files[file].1[document].diagnostics.iter();
        let [related] =
            &found.map(|found| &found.related).find(|related| !related.is_empty()).expect("one")[..]
        else {
            panic!("one place")
        };
        assert_eq!(related.message, "configured here");
        let start = related.place.range(OffsetEncoding::Utf8).start;
        (related.path.clone(), start.line, start.column)
    };
    assert_eq!(related(2, 0), (Some("a.yaml".to_owned()), 4, 9));
    assert_eq!(related(3, 1), (None, 4, 9));
    assert_eq!(related(4, 0), (Some("d.yaml".to_owned()), 4, 9));

    let (_, conflicting) = &files[2];
    let diagnostic = &conflicting[0].diagnostics[0];
    assert_eq!((diagnostic.pointer.as_str(), diagnostic.span.start), ("/config/host", 52));
    assert!(conflicting[0].body.is_none(), "a document with an error must not have a body");
}

#[test]
fn conflict_is_reported_at_the_host() {
    let text =
        with(USER_PASSWORD, "type: Redshift", "type: redshift").replace("enabled: false", "enabled: no");
    let file = |path: &str| (path.to_owned(), check(&Documents::from(text.as_str()), &Options::default()));
    let mut files = [file("a.yaml"), file("b.yaml")];
    conflicts(&mut files);
    let codes: Vec<Code> = files[1].1[0].diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    assert_eq!(codes, [Code::InvalidValue, Code::IntegrationConflict, Code::WrongType]);
}

/// Only payloads configure a host, and only a valid host can be compared.
#[test]
fn payload_has_a_host_despite_other_errors() {
    let host =
        |text: &str| first(text, &Options::default()).host.map(|(host, place)| (host, place.span().start));
    let organization = Some(("organization.aws.amazon.com".to_owned(), 52));
    assert_eq!(host(USER_PASSWORD), organization);
    assert_eq!(host(&with(USER_PASSWORD, "password:", "pasword:")), organization);
    for no_host in ["''", "https://organization.aws.amazon.com", "5", "a..b"] {
        assert_eq!(host(&with(USER_PASSWORD, "organization.aws.amazon.com", no_host)), None, "{no_host}");
    }
    assert_eq!(host(&vendor()["response-get-user-password"].to_string()), None);
}

#[test]
fn unknown_documents_are_reported_with_the_expected_keys() {
    let write = "write a payload with `type`, `autoBootstrap` and `config`, or name the operation";
    let table = [
        (
            "a: 1\nb: 2",
            0..1,
            Code::MissingProperty,
            "not an integrations API document: expected one of `config`, `authenticationType`, `status`, `statusCode`",
        ),
        ("# nothing", 0..0, Code::WrongType, "the document is empty"),
        ("hello", 0..5, Code::WrongType, "the document: expected an object, found a string"),
    ];
    for (text, place, code, message) in table {
        let diagnostic = only(text, &Options::default());
        let Span { start, end } = diagnostic.span;
        assert_eq!((diagnostic.code, diagnostic.message.as_str(), start..end), (code, message, place));
        assert_eq!(diagnostic.help.as_deref(), Some(write));
    }
}

/// Protects the speed of the editor and of runs: a text is parsed once for all queries.
#[test]
fn text_is_parsed_once() {
    let wrong = with(USER_PASSWORD, "  host:", "  Host:");
    let ((), parses) = parses(|| {
        let documents = Documents::from(wrong.as_str());
        let checked = check(&documents, &Options::default());
        assert!(!is_automatic(&documents) && !checked[0].is_valid());
        assert_eq!(recognize(&documents), [true]);
        let secret = UnresolvedSecret { variable: "MINE".to_owned(), reason: Unresolved::Unset };
        assert_eq!(unresolved_secret(&documents, &secret).diagnostics.len(), 1);
    });
    assert_eq!(parses, 1);
    // Fixing results in a new text, which is parsed again.
    let ((text, fixes), parses) = parses_of_fixing(&wrong);
    assert_eq!((text.as_str(), fixes, parses), (USER_PASSWORD, 1, 2));
}

fn parses_of_fixing(text: &str) -> ((String, usize), usize) {
    parses(|| fixed(text, &options(Operation::Create)))
}

#[test]
fn automatic_setup_is_determined_by_the_first_document() {
    let automatic = with(USER_PASSWORD, "false", "true");
    for (text, is) in [
        (automatic.clone(), true),
        (USER_PASSWORD.to_owned(), false),
        (format!("{USER_PASSWORD}---\n{automatic}"), false),
        (with(USER_PASSWORD, "autoBootstrap: false", "autoBootstrap: 'true'"), false),
        (CREDENTIALS.to_owned(), false),
        (String::new(), false),
    ] {
        assert_eq!(is_automatic(&Documents::from(text.as_str())), is, "{text}");
    }
}

#[test]
fn unset_variable_is_reported_at_the_password() {
    let secret = UnresolvedSecret { variable: "MINE".to_owned(), reason: Unresolved::Unset };
    for (text, pointer, value) in [
        (USER_PASSWORD, "/config/password", "${REDSHIFT_PASSWORD}"),
        (OKTA, "/config/okta/password", "${OKTA_PASSWORD}"),
    ] {
        let Checked { diagnostics, body, operation, .. } = unresolved_secret(&Documents::from(text), &secret);
        let [diagnostic] = &diagnostics[..] else { panic!("{diagnostics:#?}") };
        assert_eq!((diagnostic.code, diagnostic.pointer.as_str()), (Code::UnresolvedSecret, pointer));
        assert_eq!(&text[diagnostic.span.start..diagnostic.span.end], value);
        assert_eq!(diagnostic.message, "the environment variable `MINE` is not set");
        assert!(body.is_none());
        assert_eq!(operation, Some(Operation::Create));
    }
    let shown = |text: &str, syntax| -> Vec<String> {
        let visible = unresolved_secret(&Documents::parse(text, syntax, &Limits::default()), &secret)
            .visible
            .into_iter();
        visible.map(|span| text[span.start..span.end].to_owned()).collect()
    };
    // A payload is expected, which has no status, so its value is hidden.
    assert_eq!(
        shown("config: {}\nstatus: a\nvalidationResults: {}", None),
        ["config", "status", "validationResults"]
    );
    // The text is parsed in the given syntax; as JSON it is invalid.
    assert_eq!(shown("config: {}", Some(Syntax::Yaml)), ["config"]);
    assert_eq!(shown("config: {}", Some(Syntax::Json)), [""; 0]);
}

#[test]
fn update_is_compared_with_the_old_payload() {
    let old = payload(USER_PASSWORD);
    let update = Options { old: Some(&old), ..options(Operation::Update) };
    let changed = USER_PASSWORD
        .replace("autoBootstrap: false", "autoBootstrap: true")
        .replace("organization", "other")
        .replace("immuta", "immuta2")
        .replace("analytics", "sales");
    let expected = [
        "2:16 not-editable /autoBootstrap",
        "4:9 not-editable /config/host",
        "5:13 not-editable /config/database",
        "6:20 not-editable /config/initialDatabase",
    ];
    assert_eq!(found(&changed, &update), expected);
    let edit = Options { operation: Some(Operation::ScriptEdit), ..update.clone() };
    assert_eq!(found(&changed, &edit)[0], "2:16 bootstrap-mode /autoBootstrap");
    assert_eq!(found(&changed, &edit).len(), 4);
    let create = Options { operation: Some(Operation::Create), ..update.clone() };
    assert_eq!(found(&changed, &create), [""; 0], "only changes are compared with the old payload");

    let same = USER_PASSWORD
        .replace("organization.aws", "ORGANIZATION.aws")
        .replace(".com\n  database", ".com.\n  database")
        .replace("analytics", "Analytics")
        .replace("admin@example.com", "another_account");
    assert_eq!(
        found(&same, &update),
        [""; 0],
        "letter case is ignored by DNS and Redshift, and the account may change"
    );
}

#[test]
fn delete_body_depends_on_how_the_integration_was_set_up() {
    let manual = payload(USER_PASSWORD);
    let automatic = payload(&with(USER_PASSWORD, "false", "true"));
    let delete = |old, auto_bootstrap| Options { old, auto_bootstrap, ..options(Operation::Delete) };
    let none: [&str; 0] = [];
    assert_eq!(found(CREDENTIALS, &delete(None, None)), none);
    assert_eq!(found(CREDENTIALS, &delete(None, Some(true))), none);
    assert_eq!(found(CREDENTIALS, &delete(Some(&automatic), None)), none);
    assert_eq!(found(CREDENTIALS, &delete(None, Some(false))), ["1:1 credentials-not-allowed "]);
    assert_eq!(found(CREDENTIALS, &delete(Some(&manual), None)), ["1:1 credentials-not-allowed "]);
    assert_eq!(found("nonsense: 1", &delete(Some(&manual), None)), ["1:1 credentials-not-allowed "]);
    for empty in ["", "# nothing\n"] {
        assert_eq!(found(empty, &delete(None, None)), none);
        assert_eq!(found(empty, &delete(None, Some(false))), none);
        assert_eq!(found(empty, &delete(Some(&automatic), None)), ["1:1 credentials-required "]);
        let checked = first(empty, &delete(None, Some(false)));
        assert!(matches!(checked.body, Some(Body::Empty)));
    }
    assert_eq!(found("{}", &delete(None, Some(true))), ["1:1 credentials-required "]);
    assert_eq!(found("{}", &delete(None, None)), ["1:1 missing-property "]);
}

#[test]
fn codes_parse_from_their_names() {
    for code in Code::ALL {
        assert_eq!(code.as_str().parse(), Ok(*code));
    }
    let error = "unknown-propery".parse::<Code>().expect_err("misspelled");
    assert_eq!(error.to_string(), "unknown code `unknown-propery`; did you mean `unknown-property`?");
    assert_eq!("xyz".parse::<Code>().expect_err("unknown").suggestion, None);
}

#[test]
fn severities_have_the_names_of_reports() {
    let words = [Severity::Error, Severity::Warning, Severity::Note].map(Severity::as_str);
    assert_eq!(words, ["error", "warning", "note"]);
}

#[test]
fn every_code_has_an_explanation() {
    for code in Code::ALL {
        let text = explain(*code);
        for part in [text.title, text.what, text.why, text.fix, text.wrong, text.right] {
            assert!(!part.trim().is_empty(), "{code}");
            assert!(!part.contains("  ") || part == text.wrong || part == text.right, "{code}: {part}");
        }
        assert_ne!(text.wrong, text.right, "{code}");
        assert!(text.sources.iter().all(|source| source.starts_with("https://")), "{code}");
        assert!(!text.title.ends_with('.') && text.what.ends_with('.') && text.fix.ends_with('.'), "{code}");
        let read = Documents::parse(text.right, Some(Syntax::Yaml), &Limits::default());
        assert!(read.iter().all(|document| document.problems.is_empty()), "{code}");
    }
}

#[test]
fn every_code_has_a_rule_file_and_markdown() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/check/rules");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .expect("the rules")
        .map(|entry| entry.expect("a file").file_name().into_string().expect("a name"))
        .filter(|name| name != "mod.rs")
        .collect();
    let of_code = |code: &Code| ["md", "rs"].map(|end| format!("{}.{end}", code.as_str().replace('-', "_")));
    let mut expected: Vec<String> = Code::ALL.iter().flat_map(of_code).collect();
    files.sort_unstable();
    expected.sort_unstable();
    assert_eq!(files, expected);
}

#[test]
fn documented_http_errors_have_help() {
    let known = [
        (404, "No Integration found with ID 5."),
        (404, "No integration found with ID 5."),
        (
            400,
            "Credentials are not required for disable unless the integration was configured automatically. If you need \
             to update your integration credentials, use PUT to update the integration before disabling.",
        ),
        (
            400,
            "Integrations that are automatically configured require privileged credentials to disable. Please provide \
             them in your payload.",
        ),
        (
            400,
            "Credentials are not required to disable a Databricks integration. If you need to update your integration \
             credentials, use PUT to update the integration before disabling.",
        ),
        (
            400,
            "Credentials are not required to disable a Databricks Unity Catalog integration. If you need to update \
             your integration credentials, use PUT to update the integration before disabling.",
        ),
        (
            400,
            "Use PUT /integrations/1 endpoint to update connection information for Azure Synapse Analytics integration \
             on host organization.azure.com (id = 1) that previously failed to create.",
        ),
        (409, "Redshift integration already exists on host organization.aws.amazon.com (id = 123456789)"),
        (409, "Snowflake integration already exists on test-account.snowflakecomputing.com (id = 1)."),
        (422, "Validation of prerequisite setup failed. Unable to create integration."),
        (422, "Processing Error: Error trying to get the current metastore info."),
        (400, "Unable to edit integration due to changes of non-editable attribute(s)."),
        (400, "Unable to edit integration due to changes of non-editable attribute(s): host."),
        (409, "Unable to edit integration with ID 123456789 in current state editing."),
    ];
    for (status, message) in known {
        let help = explain_http(status, message).unwrap_or_else(|| panic!("{message}"));
        assert_eq!(help.status_code, status);
    }
    let on_host = explain_http(409, known[7].1).expect("documented");
    assert!(on_host.what.contains("one Redshift integration per host"), "{on_host:?}");
    for (status, message) in
        [(500, "No Integration found with ID 5."), (404, "No Integration found"), (409, "")]
    {
        assert_eq!(explain_http(status, message), None, "{status} {message}");
    }
}

#[test]
fn plaintext_secret_is_a_warning_in_files_and_a_note_elsewhere() {
    let text = with(CREDENTIALS, "${REDSHIFT_PASSWORD}", "Correct4Horse");
    let in_file = only(&text, &options(Operation::Delete));
    assert_eq!((in_file.code, in_file.severity), (Code::PlaintextSecret, Severity::Warning));
    assert!(in_file.help.is_some_and(|help| help.contains("${REDSHIFT_PASSWORD}")));
    let elsewhere = only(&text, &Options { origin: Origin::Text, ..options(Operation::Delete) });
    assert_eq!((elsewhere.code, elsewhere.severity), (Code::PlaintextSecret, Severity::Note));
    assert!(Secret::new("${REDSHIFT_PASSWORD}").variable().is_some());
}
