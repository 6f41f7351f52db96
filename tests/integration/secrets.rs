//! No output of the library or the command contains six characters of a secret, whatever the document.

use std::collections::HashMap;

use bootshift::check::{Body, Checked, Options, Origin, check, conflicts};
use bootshift::document::{Documents, Limits, Member, Node, NodeKind, OffsetEncoding};
use bootshift::operation::Operation;
use bootshift::payload::{Authentication, Credentials, Payload, redact};
use bootshift::report::{Input, Report};
use bootshift::request::Request;
use bootshift::script::{Flavor, PasswordForm, Script, ScriptKind, ScriptOptions, script};
use bootshift::sql::{Identifier, Literal, PasswordClause};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{FileFailurePersistence, TestRunner};
use testkit::leaks::{DOCUMENTS, Secret, document, secret, slips, with_slips};

/// Runs one in `share` of the cases of `PROPTEST_CASES`.
fn config(share: u32) -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(256_u32);
    ProptestConfig {
        cases: cases.div_ceil(share),
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        ..ProptestConfig::default()
    }
}

/// Outputs with their source, without duplicates.
#[derive(Default)]
struct Outputs(HashMap<String, String>);

impl Outputs {
    fn add(&mut self, by: impl Into<String>, text: impl Into<String>) {
        self.0.entry(text.into()).or_insert_with(|| by.into());
    }

    fn debug(&mut self, by: &str, value: &dyn std::fmt::Debug) {
        self.add(format!("Debug of {by}"), format!("{value:?}"));
    }

    fn assert_hides(&self, secret: &Secret, document: &str) -> Result<(), TestCaseError> {
        for (text, by) in &self.0 {
            if let Some(piece) = secret.shown_in(text) {
                return Err(TestCaseError::fail(format!(
                    "{by} shows {piece:?} of {:?}:\n{text}\n--- document:\n{document}",
                    secret.text()
                )));
            }
        }
        Ok(())
    }
}

/// Collects the debug output of the tree of a text.
fn collect_tree(text: &str, secret: &Secret, outputs: &mut Outputs) {
    for document in &Documents::from(text) {
        // A tree has no schema, so it shows its keys, including a secret that is a key.
        if !document.root.as_ref().is_some_and(|root| has_key(root, secret)) {
            outputs.debug("Document", &document);
        }
    }
}

/// Whether the secret or a part of it is a key.
fn has_key(node: &Node, secret: &Secret) -> bool {
    let below = |member: &Member| has_key(&member.value, secret) || secret.shown_in(&member.key).is_some();
    match &node.kind {
        NodeKind::Array(items) => items.iter().any(|item| has_key(item, secret)),
        _ => node.members().iter().any(below),
    }
}

/// Whether a mistake made a part of the secret a key of the payload: `password: |` with nothing below it, and
/// `secret: text` on the next line. Such a key is shown, because it is usually a typo.
fn is_a_key_of_the_payload(text: &str, secret: &Secret) -> bool {
    let shows = |node: &Node| node.members().iter().any(|member| secret.shown_in(&member.key).is_some());
    Documents::from(text).iter().filter_map(|document| document.root.as_ref()).any(|root| {
        let config = root.get("config");
        let inner = [Some(root), config].into_iter().flatten();
        let parts = inner.clone().flat_map(|node| [node.get("okta"), node.get("impersonation")]).flatten();
        inner.clone().chain(parts).any(shows)
    })
}

/// Collects all output of the library for a text, except its tree.
fn collect(documents: &Documents<'_>, options: &Options<'_>, outputs: &mut Outputs) {
    let checked = check(documents, options);
    report(documents.text(), &checked, outputs);
    for document in &checked {
        match &document.body {
            Some(Body::Payload(payload)) => collect_payload(payload, outputs),
            Some(Body::Credentials(credentials)) => {
                outputs.debug("Credentials", credentials);
                outputs.add("Credentials::to_json", credentials.to_json().to_string());
            }
            _ => {}
        }
        let operation = document.operation.unwrap_or(Operation::Create);
        if let Some(body) = &document.body
            && let Ok(request) = Request::new(operation, body, None, Some("1"))
        {
            collect_request(&request, outputs);
        }
    }
}

/// Collects the output for the same payload in two files.
fn collect_conflicts(documents: &Documents<'_>, options: &Options<'_>, outputs: &mut Outputs) {
    let text = documents.text();
    let file = |name: &str| (name.to_owned(), check(documents, options));
    let mut run = vec![file("a"), file("b")];
    conflicts(&mut run);
    for (_, checked) in &run {
        report(text, checked, outputs);
    }
}

fn report(text: &str, checked: &[Checked], outputs: &mut Outputs) {
    for document in checked {
        outputs.debug("Checked", document);
    }
    collect_report(text, checked, outputs);
}

fn collect_report(text: &str, checked: &[Checked], outputs: &mut Outputs) {
    // Everything that an excerpt can show.
    for span in checked.iter().flat_map(|document| &document.visible) {
        outputs.add("visible", &text[span.start..span.end]);
    }
    let input = Input { path: "payload.yaml", text, checked };
    let report = Report::of(&input, OffsetEncoding::Utf8);
    outputs.debug("Report", &report);
    outputs.add("JSON", report.to_json());
    outputs.add("SARIF", report.to_sarif());
    outputs.add("GitHub", report.to_github());
    let mut out = String::new();
    bootshift::report::human::HumanReport::new(false).write(&input, &mut out);
    outputs.add("human", out);
}

fn collect_request(request: &Request, outputs: &mut Outputs) {
    outputs.debug("Request", request);
    outputs.add("curl", request.to_curl());
    outputs.add("http", request.to_http());
    outputs.add("Request::to_json", request.to_json().to_string());
    outputs.add("Request::body", format!("{:?}", request.body()));
    outputs.debug("the resolved body", &request.resolved_body(&|_| None));
}

fn collect_payload(payload: &Payload, outputs: &mut Outputs) {
    outputs.debug("Payload", payload);
    outputs.add("Payload::to_json", payload.to_json().to_string());
    outputs.add("redact", redact(payload, None).to_string());
    let old = old_payload();
    for form in [PasswordForm::Md5, PasswordForm::Sha256, PasswordForm::Plain] {
        // The others contain no password, and `all` combines two of them.
        for kind in [ScriptKind::InitialCreate, ScriptKind::Edit] {
            let options = ScriptOptions { password: form, ..ScriptOptions::default() };
            collect_script(&script(kind, payload, Some(&old), &options, &|_| None), form, outputs);
        }
    }
}

fn collect_script<E: std::fmt::Debug + std::fmt::Display>(
    made: &Result<Script, E>,
    form: PasswordForm,
    outputs: &mut Outputs,
) {
    let script = match made {
        Ok(script) => script,
        Err(error) => {
            outputs.debug("ScriptError", error);
            return outputs.add("ScriptError", error.to_string());
        }
    };
    outputs.debug("Script", script);
    for statement in script.stages.iter().flat_map(|stage| &stage.statements) {
        outputs.debug("Statement", statement);
    }
    if form == PasswordForm::Plain {
        return;
    }
    for flavor in [Flavor::Plain, Flavor::Psql, Flavor::DataApi] {
        for file in script.render(flavor) {
            outputs.add(format!("script, {flavor:?}"), file.text);
        }
    }
    outputs.add("Script::to_json", script.to_json().to_string());
}

fn payload_of(text: &str) -> Payload {
    match check(&text.into(), &Options::default()).remove(0) {
        Checked { body: Some(Body::Payload(payload)), .. } => payload,
        other => panic!("a valid payload is refused: {:?}\n{text}", other.diagnostics),
    }
}

/// A payload like that of the documents, with another password.
fn old_payload() -> Payload {
    payload_of(
        "{type: Redshift, autoBootstrap: false, config: {host: other.example.com, database: other, initialDatabase: \
         dev_data, authenticationType: userPassword, username: former_account, password: Lower-case0}}",
    )
}

/// Operations of the other kinds of bodies, and a change.
const OTHERS: [Operation; 6] = [
    Operation::ScriptEdit,
    Operation::Delete,
    Operation::Get,
    Operation::List,
    Operation::Status,
    Operation::Error,
];

/// Every document, valid and invalid, as a payload and for another operation; with `BOOTSHIFT_WHOLE`, for all of them.
#[test]
fn output_for_every_document_contains_no_secret() {
    let whole = std::env::var_os("BOOTSHIFT_WHOLE").is_some();
    let mut runner = TestRunner::deterministic();
    let old = old_payload();
    let mut failures = Vec::new();
    let mut keys = 0;
    for number in 0..DOCUMENTS {
        let secret = secret().new_tree(&mut runner).expect("a secret").current();
        let text = document(number, &secret);
        if is_a_key_of_the_payload(&text, &secret) {
            keys += 1;
            continue;
        }
        let mut outputs = Outputs::default();
        collect_tree(&text, &secret, &mut outputs);
        let others = if whole { &OTHERS[..] } else { &OTHERS[number % OTHERS.len()..][..1] };
        for operation in [None, Some(Operation::Create)].into_iter().chain(others.iter().copied().map(Some)) {
            let options = Options { operation, old: Some(&old), ..Options::default() };
            collect(&text.as_str().into(), &options, &mut outputs);
        }
        if let Err(error) = outputs.assert_hides(&secret, &text) {
            failures.push(format!("document {number}: {error}"));
        }
    }
    assert!(keys * 20 < DOCUMENTS, "{keys} of {DOCUMENTS} documents have a piece of the secret as a key");
    assert!(
        failures.is_empty(),
        "{} documents show their secrets:\n{}",
        failures.len(),
        failures.join("\n\n")
    );
}

proptest! {
    #![proptest_config(config(1))]

    #[test]
    fn library_output_contains_no_secret(
        secret in secret(),
        number in 0..DOCUMENTS,
        slips in slips(),
        operation in prop::option::of(prop::sample::select(Operation::ALL.to_vec())),
        origin in prop::sample::select(vec![Origin::File, Origin::Text]),
        has_old in any::<bool>(),
        small in prop::bool::weighted(0.1),
    ) {
        let text = with_slips(&document(number, &secret), &secret, &slips);
        prop_assume!(!is_a_key_of_the_payload(&text, &secret));
        let old = has_old.then(old_payload);
        let few = Limits { bytes: 64, depth: 2, alias_nodes: 1, values: 8, documents: 1, diagnostics: 1 };
        let limits = if small { few } else { Limits::default() };
        let documents = Documents::parse(text.as_str(), None, &limits);
        let options = Options { operation, origin, old: old.as_ref(), ..Options::default() };
        let mut outputs = Outputs::default();
        collect_tree(&text, &secret, &mut outputs);
        collect(&documents, &options, &mut outputs);
        collect_conflicts(&documents, &options, &mut outputs);
        outputs.assert_hides(&secret, &text)?;
    }
}

/// Every type that contains a secret.
#[test]
fn debug_output_contains_no_secret() {
    let mut runner = TestRunner::deterministic();
    let mut written = 0;
    for _ in 0..16 {
        let secret = secret().new_tree(&mut runner).expect("a secret").current();
        let text = secret.text();
        let user = Identifier::new("immuta_account").expect("a name");
        let payload = payload_of(&document(0, &secret));
        let mut outputs = Outputs::default();
        outputs.debug("Secret", &bootshift::payload::Secret::new(&text));
        outputs.debug("Literal", &Literal::new(&text));
        outputs.debug("PasswordClause", &PasswordClause::plain(&text));
        outputs.debug("PasswordClause", &PasswordClause::md5(&text, &user));
        outputs.debug("Authentication", &payload.authentication);
        outputs.debug("Credentials", &Credentials { authentication: payload.authentication.clone() });
        outputs.debug("Options", &Options { old: Some(&payload), ..Options::default() });
        outputs.debug("Body", &Body::Payload(payload.clone()));

        let options = ScriptOptions { password: PasswordForm::Plain, ..ScriptOptions::default() };
        // Redshift requires a lower-case letter and a digit.
        let password = bootshift::payload::Secret::new(&format!("{text}a1"));
        let payload =
            Payload { authentication: Authentication::UserPassword { username: user, password }, ..payload };
        match script(ScriptKind::InitialCreate, &payload, None, &options, &|_| None) {
            Ok(script) => {
                let plain = script.stages[0]
                    .statements
                    .iter()
                    .find(|statement| statement.is_secret())
                    .expect("an account");
                assert!(secret.shown_in(&plain.sql).is_some(), "the statement itself holds it");
                outputs.debug("Statement", plain);
                outputs.debug("Stage", &script.stages[0]);
                outputs.debug("Script", &script);
                written += 1;
            }
            Err(error) => outputs.debug("ScriptError", &error),
        }
        outputs.assert_hides(&secret, "").expect("nothing shown");
    }
    assert!(written > 0, "no secret was fit to be written");
}

/// A password that is also the name of the group is in the scripts as that name, but no report shows it.
#[test]
fn reports_hide_secret_used_as_key_by_alias() {
    let mut runner = TestRunner::deterministic();
    for line in [
        "password: &p \"@json@\"\n  impersonation: {enabled: true, role: *p}",
        "password: &p \"@json@\"\n  impersonation: {enabled: false, role: *p}",
        "impersonation: {enabled: true, role: &p \"__@json@\"}\n  password: *p",
    ] {
        let secret = secret().new_tree(&mut runner).expect("a secret").current();
        let text = document(0, &secret).replace(&secret.fill("password: \"@json@\""), &secret.fill(line));
        assert!(text.contains("*p"), "{text}");
        let mut outputs = Outputs::default();
        collect_report(&text, &check(&text.as_str().into(), &Options::default()), &mut outputs);
        outputs.assert_hides(&secret, &text).unwrap_or_else(|error| panic!("{error}"));
    }
}

/// The search finds a whole secret, a part of it, in another case, inside a text.
#[test]
fn search_finds_parts_of_secrets() {
    let mut runner = TestRunner::deterministic();
    for _ in 0..16 {
        let secret = secret().new_tree(&mut runner).expect("a secret").current();
        for template in ["x@raw@x", "@left@", "@right@", "@digits@"] {
            assert!(secret.shown_in(&secret.fill(template)).is_some(), "{secret:?}");
            assert!(secret.shown_in(&secret.fill(template).to_ascii_lowercase()).is_some(), "{secret:?}");
        }
        let (piece, less) = (&secret.fill("@left@")[1..7], &secret.fill("@left@")[..5]);
        assert!(secret.shown_in(piece).is_some());
        assert!(secret.shown_in(less).is_none());
    }
}

mod command {
    use super::*;
    use std::path::Path;

    /// The output of the command on both streams, and whether it succeeded.
    fn run(directory: &Path, arguments: &[&str], env: &[(&str, &str)]) -> (bool, String) {
        let output = crate::program::bootshift()
            .current_dir(directory)
            .args(arguments)
            .envs(env.iter().copied())
            .output()
            .expect("the command runs");
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        (output.status.success(), text(&output.stdout) + &text(&output.stderr))
    }

    /// Every command that reads a payload, except those that write the clear text.
    fn commands() -> Vec<Vec<&'static str>> {
        let mut commands: Vec<Vec<&str>> = ["human", "json", "sarif", "github"]
            .iter()
            .map(|format| vec!["check", "new.yaml", "old.yaml", "--format", format])
            .collect();
        commands.push(vec!["check", "new.yaml", "--old", "old.yaml", "--operation", "script-edit"]);
        commands.push(vec!["check", "new.yaml", "--color", "always"]);
        for form in ["md5", "sha256"] {
            for flavor in ["plain", "psql", "data-api"] {
                commands.push(vec!["script", "all", "new.yaml", "--password", form, "--flavor", flavor]);
            }
            commands.push(vec!["script", "edit", "new.yaml", "--from", "old.yaml", "--password", form]);
            let same =
                ["script", "edit", "new.yaml", "--from", "new.yaml", "--set-password", "--password", form];
            commands.push(same.into());
            commands.push(vec![
                "script",
                "initial-create",
                "new.yaml",
                "--password",
                form,
                "--format",
                "json",
            ]);
        }
        for format in ["curl", "http", "json"] {
            commands.push(vec!["request", "script-create", "new.yaml", "--format", format]);
        }
        commands.push(vec!["redact", "new.yaml"]);
        commands
    }

    /// Runs all of them in a directory with the two files.
    fn collect_all(new: &str, old: &str, env: &[(&str, &str)]) -> (usize, Outputs) {
        let directory = tempfile::tempdir().expect("a directory");
        for (name, text) in [("new.yaml", new), ("old.yaml", old)] {
            std::fs::write(directory.path().join(name), text).expect("a file");
        }
        let mut outputs = Outputs::default();
        let mut fine = 0;
        for arguments in commands() {
            let (is_fine, text) = run(directory.path(), &arguments, env);
            fine += usize::from(is_fine);
            outputs.add(arguments.join(" "), text);
        }
        (fine, outputs)
    }

    const OLD: &str = "{type: Redshift, autoBootstrap: false, config: {host: other.example.com, database: immuta, \
                       initialDatabase: dev_data, authenticationType: userPassword, username: former_account, password: \
                       '${FORMER_PASSWORD}'}}";

    #[test]
    fn every_command_hides_the_secret_of_valid_payloads() {
        let mut runner = TestRunner::deterministic();
        let secret = secret().new_tree(&mut runner).expect("a secret").current();
        let literal = document(0, &secret).replace("cluster.example.com", "other.example.com");
        let reference = literal.replace(&secret.fill("\"@json@\""), "${NEW_PASSWORD}");
        assert!(!reference.contains(&secret.fill("@left@")));
        let text = secret.text();
        let env = [("NEW_PASSWORD", text.as_str()), ("FORMER_PASSWORD", text.as_str())];
        for (new, old) in [(&literal, OLD), (&reference, OLD), (&reference, literal.as_str())] {
            let (fine, outputs) = collect_all(new, old, &env);
            // Checking both files finds the host in both, in every format.
            assert_eq!(fine, commands().len() - 4, "{new}{:?}", outputs.0.keys());
            outputs.assert_hides(&secret, new).unwrap_or_else(|error| panic!("{error}"));
        }
        // Without the variable there is only an error that names it.
        let (_, outputs) = collect_all(&reference, OLD, &[]);
        assert!(outputs.0.keys().any(|text| text.contains("NEW_PASSWORD")));
    }

    proptest! {
        // Two dozen processes per case.
        #![proptest_config(config(16))]

        #[test]
        fn command_output_contains_no_secret(
            secret in secret(),
            number in 0..DOCUMENTS,
            slips in slips(),
        ) {
            let text = with_slips(&document(number, &secret), &secret, &slips);
            prop_assume!(!is_a_key_of_the_payload(&text, &secret));
            let (_, outputs) = collect_all(&text, OLD, &[("FORMER_PASSWORD", "Lower-case0")]);
            outputs.assert_hides(&secret, &text)?;
        }
    }
}
