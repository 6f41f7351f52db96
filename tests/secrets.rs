//! No output of the library or the command contains six characters of a secret, whatever the document.

#[path = "support/leaks.rs"]
mod leaks;
#[cfg(feature = "cli")]
#[path = "support/program.rs"]
mod program;

use std::collections::HashMap;

use bootshift::check::{Body, Checked, Options, Origin, check, conflicts};
use bootshift::document::{Documents, Limits, Member, Node, NodeKind, OffsetEncoding};
use bootshift::operation::Operation;
use bootshift::payload::{Authentication, Credentials, Payload, redact};
use bootshift::report::{Input, Report};
use bootshift::request::Request;
use bootshift::script::{Flavor, PasswordForm, Script, ScriptKind, ScriptOptions, script};
use bootshift::sql::{Identifier, Literal, PasswordClause};
use leaks::{DOCUMENTS, Secret, document, secret, slips, with_slips};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{FileFailurePersistence, TestRunner};

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
struct Said(HashMap<String, String>);

impl Said {
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
fn say_tree(text: &str, secret: &Secret, said: &mut Said) {
    for document in &Documents::from(text) {
        // A tree has no schema, so it shows its keys, including a secret that is a key.
        if !document.root.as_ref().is_some_and(|root| has_key(root, secret)) {
            said.debug("Document", &document);
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
fn say(documents: &Documents<'_>, options: &Options<'_>, said: &mut Said) {
    let checked = check(documents, options);
    report(documents.text(), &checked, said);
    for document in &checked {
        match &document.body {
            Some(Body::Payload(payload)) => say_payload(payload, said),
            Some(Body::Credentials(credentials)) => {
                said.debug("Credentials", credentials);
                said.add("Credentials::to_json", credentials.to_json().to_string());
            }
            _ => {}
        }
        let operation = document.operation.unwrap_or(Operation::Create);
        if let Some(body) = &document.body
            && let Ok(request) = Request::new(operation, body, None, Some("1"))
        {
            say_request(&request, said);
        }
    }
}

/// Collects the output for the same payload in two files.
fn say_conflicts(documents: &Documents<'_>, options: &Options<'_>, said: &mut Said) {
    let text = documents.text();
    let file = |name: &str| (name.to_owned(), check(documents, options));
    let mut run = vec![file("a"), file("b")];
    conflicts(&mut run);
    for (_, checked) in &run {
        report(text, checked, said);
    }
}

fn report(text: &str, checked: &[Checked], said: &mut Said) {
    for document in checked {
        said.debug("Checked", document);
    }
    say_report(text, checked, said);
}

fn say_report(text: &str, checked: &[Checked], said: &mut Said) {
    // Everything that an excerpt can show.
    for span in checked.iter().flat_map(|document| &document.visible) {
        said.add("visible", &text[span.start..span.end]);
    }
    let input = Input { path: "payload.yaml", text, checked };
    let report = Report::of(&input, OffsetEncoding::Utf8);
    said.debug("Report", &report);
    said.add("JSON", report.to_json());
    said.add("SARIF", report.to_sarif());
    said.add("GitHub", report.to_github());
    #[cfg(feature = "cli")]
    {
        let mut out = String::new();
        bootshift::report::human::HumanReport::new(false).write(&input, &mut out);
        said.add("human", out);
    }
}

fn say_request(request: &Request, said: &mut Said) {
    said.debug("Request", request);
    said.add("curl", request.to_curl());
    said.add("http", request.to_http());
    said.add("Request::to_json", request.to_json().to_string());
    said.add("Request::body", format!("{:?}", request.body()));
    said.debug("the resolved body", &request.resolved_body(&|_| None));
}

fn say_payload(payload: &Payload, said: &mut Said) {
    said.debug("Payload", payload);
    said.add("Payload::to_json", payload.to_json().to_string());
    said.add("redact", redact(payload, None).to_string());
    let old = old_payload();
    for form in [PasswordForm::Md5, PasswordForm::Sha256, PasswordForm::Plain] {
        // The others contain no password, and `all` combines two of them.
        for kind in [ScriptKind::InitialCreate, ScriptKind::Edit] {
            let options = ScriptOptions { password: form, ..ScriptOptions::default() };
            say_script(&script(kind, payload, Some(&old), &options, &|_| None), form, said);
        }
    }
}

fn say_script<E: std::fmt::Debug + std::fmt::Display>(
    made: &Result<Script, E>,
    form: PasswordForm,
    said: &mut Said,
) {
    let script = match made {
        Ok(script) => script,
        Err(error) => {
            said.debug("ScriptError", error);
            return said.add("ScriptError", error.to_string());
        }
    };
    said.debug("Script", script);
    for statement in script.stages.iter().flat_map(|stage| &stage.statements) {
        said.debug("Statement", statement);
    }
    if form == PasswordForm::Plain {
        return;
    }
    for flavor in [Flavor::Plain, Flavor::Psql, Flavor::DataApi] {
        for file in script.render(flavor) {
            said.add(format!("script, {flavor:?}"), file.text);
        }
    }
    said.add("Script::to_json", script.to_json().to_string());
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

/// Every document, valid and invalid, for every kind of body and for a change.
#[test]
fn no_document_shows_its_secret() {
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
        let mut said = Said::default();
        say_tree(&text, &secret, &mut said);
        for operation in [
            None,
            Some(Operation::Create),
            Some(Operation::ScriptEdit),
            Some(Operation::Delete),
            Some(Operation::Get),
            Some(Operation::List),
            Some(Operation::Status),
            Some(Operation::Error),
        ] {
            let options = Options { operation, old: Some(&old), ..Options::default() };
            say(&text.as_str().into(), &options, &mut said);
        }
        if let Err(error) = said.assert_hides(&secret, &text) {
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
    fn nothing_that_the_library_says_shows_a_secret(
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
        let mut said = Said::default();
        say_tree(&text, &secret, &mut said);
        say(&documents, &options, &mut said);
        say_conflicts(&documents, &options, &mut said);
        said.assert_hides(&secret, &text)?;
    }
}

/// Every type that contains a secret.
#[test]
fn debug_shows_no_secret_of_any_type() {
    let mut runner = TestRunner::deterministic();
    let mut written = 0;
    for _ in 0..16 {
        let secret = secret().new_tree(&mut runner).expect("a secret").current();
        let text = secret.text();
        let user = Identifier::new("immuta_account").expect("a name");
        let payload = payload_of(&document(0, &secret));
        let mut said = Said::default();
        said.debug("Secret", &bootshift::payload::Secret::new(&text));
        said.debug("Literal", &Literal::new(&text));
        said.debug("PasswordClause", &PasswordClause::plain(&text));
        said.debug("PasswordClause", &PasswordClause::md5(&text, &user));
        said.debug("Authentication", &payload.authentication);
        said.debug("Credentials", &Credentials { authentication: payload.authentication.clone() });
        said.debug("Options", &Options { old: Some(&payload), ..Options::default() });
        said.debug("Body", &Body::Payload(payload.clone()));

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
                said.debug("Statement", plain);
                said.debug("Stage", &script.stages[0]);
                said.debug("Script", &script);
                written += 1;
            }
            Err(error) => said.debug("ScriptError", &error),
        }
        said.assert_hides(&secret, "").expect("nothing shown");
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
        let mut said = Said::default();
        say_report(&text, &check(&text.as_str().into(), &Options::default()), &mut said);
        said.assert_hides(&secret, &text).unwrap_or_else(|error| panic!("{error}"));
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

#[cfg(feature = "cli")]
mod command {
    use super::*;
    use std::path::Path;

    /// The output of the command on both streams, and whether it succeeded.
    fn run(directory: &Path, arguments: &[&str], env: &[(&str, &str)]) -> (bool, String) {
        let output = program::bootshift()
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
    fn say_all(new: &str, old: &str, env: &[(&str, &str)]) -> (usize, Said) {
        let directory = tempfile::tempdir().expect("a directory");
        for (name, text) in [("new.yaml", new), ("old.yaml", old)] {
            std::fs::write(directory.path().join(name), text).expect("a file");
        }
        let mut said = Said::default();
        let mut fine = 0;
        for arguments in commands() {
            let (is_fine, text) = run(directory.path(), &arguments, env);
            fine += usize::from(is_fine);
            said.add(arguments.join(" "), text);
        }
        (fine, said)
    }

    const OLD: &str = "{type: Redshift, autoBootstrap: false, config: {host: other.example.com, database: immuta, \
                       initialDatabase: dev_data, authenticationType: userPassword, username: former_account, password: \
                       '${FORMER_PASSWORD}'}}";

    #[test]
    fn valid_payloads_go_through_every_command_without_their_secret() {
        let mut runner = TestRunner::deterministic();
        let secret = secret().new_tree(&mut runner).expect("a secret").current();
        let literal = document(0, &secret).replace("cluster.example.com", "other.example.com");
        let reference = literal.replace(&secret.fill("\"@json@\""), "${NEW_PASSWORD}");
        assert!(!reference.contains(&secret.fill("@left@")));
        let text = secret.text();
        let env = [("NEW_PASSWORD", text.as_str()), ("FORMER_PASSWORD", text.as_str())];
        for (new, old) in [(&literal, OLD), (&reference, OLD), (&reference, literal.as_str())] {
            let (fine, said) = say_all(new, old, &env);
            // Checking both files finds the host in both, in every format.
            assert_eq!(fine, commands().len() - 4, "{new}{:?}", said.0.keys());
            said.assert_hides(&secret, new).unwrap_or_else(|error| panic!("{error}"));
        }
        // Without the variable there is only an error that names it.
        let (_, said) = say_all(&reference, OLD, &[]);
        assert!(said.0.keys().any(|text| text.contains("NEW_PASSWORD")));
    }

    proptest! {
        // Two dozen processes per case.
        #![proptest_config(config(16))]

        #[test]
        fn nothing_that_the_command_says_shows_a_secret(
            secret in secret(),
            number in 0..DOCUMENTS,
            slips in slips(),
        ) {
            let text = with_slips(&document(number, &secret), &secret, &slips);
            prop_assume!(!is_a_key_of_the_payload(&text, &secret));
            let (_, said) = say_all(&text, OLD, &[("FORMER_PASSWORD", "Lower-case0")]);
            said.assert_hides(&secret, &text)?;
        }
    }
}
