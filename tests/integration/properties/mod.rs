//! Properties of every text and every payload, tested on random ones.
//!
//! `PROPTEST_CASES` sets the number of cases of each property. Cases that have failed are kept in
//! `properties.regressions`, and are tested first.

mod edits;
mod fixes;

use std::cell::Cell;
use std::io::Write as _;
use std::sync::mpsc;
use std::time::Duration;

use bootshift::check::{Body, Checked, Code, Diagnostic, Options, Origin, check, conflicts};
use bootshift::document::{Documents, Limits, OffsetEncoding, Span, Syntax};
use bootshift::operation::Operation;
use bootshift::payload::{Payload, Secret};
use bootshift::report::{Input, Report};
use bootshift::script::{Flavor, PasswordForm, Script, ScriptKind, ScriptOptions, Statement};
use bootshift::sql::{Identifier, PasswordClause, sha256_with_salt};
use proptest::prelude::*;
use proptest::test_runner::{FileFailurePersistence, RngAlgorithm, TestRng, TestRunner};

use testkit::mutants::{self, Quoter, mutated};
use testkit::oracle::{self, Tally, compare};
use testkit::payloads::{Change, Names, Plan, hostile, plan};
use testkit::texts;

/// A test case that takes longer counts as a hang, even on a slow machine.
const TIMEOUT: Duration = Duration::from_secs(60);

fn config(cases: u32) -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(cases);
    ProptestConfig {
        cases,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(
            "tests/integration/properties/regressions.txt",
        ))),
        ..ProptestConfig::default()
    }
}

/// Runs `work` on `text` in a separate thread, and fails if it panics. If it hangs, so would the search for a shorter
/// text, so the whole run is ended.
fn within_timeout(text: String, work: impl FnOnce(&str) + Send + 'static) -> Result<(), TestCaseError> {
    let (done, waiting) = mpsc::channel();
    let hanging = text.clone();
    let worker = std::thread::spawn(move || {
        work(&text);
        // After the timeout, there is no receiver.
        let _ = done.send(());
    });
    match waiting.recv_timeout(TIMEOUT) {
        Ok(()) => Ok(()),
        Err(mpsc::RecvTimeoutError::Timeout) => {
            // The test harness captures what a test prints until the test ends.
            let _ = writeln!(std::io::stderr(), "no result after {TIMEOUT:?} for {hanging:?}");
            std::process::exit(101)
        }
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            let panic = worker.join().expect_err("the worker has panicked");
            let message = panic.downcast_ref::<String>().cloned();
            let message = message.or_else(|| panic.downcast_ref::<&str>().map(|&text| text.to_owned()));
            Err(TestCaseError::fail(message.unwrap_or_else(|| "a panic without a message".to_owned())))
        }
    }
}

fn assert_span(text: &str, span: Span) {
    assert!(span.start <= span.end && span.end <= text.len(), "{span:?} in {} bytes", text.len());
    assert!(
        text.is_char_boundary(span.start) && text.is_char_boundary(span.end),
        "{span:?} splits a character"
    );
}

fn assert_sound(text: &str, operation: Option<Operation>, checked: &[Checked]) {
    assert!(!checked.is_empty(), "a text has at least one document");
    for (index, document) in checked.iter().enumerate() {
        assert_eq!(document.index, index);
        if operation.is_some() {
            assert_eq!(document.operation, operation);
        }
        let is_placeholder = |found: &Diagnostic| found.code == Code::Placeholder;
        let is_final = document.is_valid() && !document.diagnostics.iter().any(is_placeholder);
        assert_eq!(document.body.is_some(), is_final, "a body, an error or a placeholder: {document:?}");
        for diagnostic in &document.diagnostics {
            assert_span(text, diagnostic.span);
            assert!(!diagnostic.message.is_empty() && !diagnostic.message.contains('\n'), "{diagnostic:?}");
            assert!(diagnostic.pointer.is_empty() || diagnostic.pointer.starts_with('/'), "{diagnostic:?}");
        }
        let host = document.host.as_ref().map(|(_, place)| place.span());
        for span in document.visible.iter().copied().chain(host) {
            assert_span(text, span);
        }
        for pair in document.visible.windows(2) {
            assert!(pair[0].end <= pair[1].start, "sorted and disjoint: {pair:?}");
        }
    }
}

/// The diagnostics can be written in every format.
fn assert_reportable(text: &str, checked: &[Checked]) {
    let input = Input { path: "payload.yaml", text, checked };
    for offsets in [OffsetEncoding::Utf8, OffsetEncoding::Utf16] {
        let report = Report::of(&input, offsets);
        let value: serde_json::Value = serde_json::from_str(&report.to_json()).expect("JSON");
        let findings = checked.iter().map(|document| document.diagnostics.len()).sum::<usize>();
        let counted: usize = ["errors", "warnings", "notes"]
            .iter()
            .filter_map(|key| value["summary"][key].as_u64())
            .filter_map(|count| usize::try_from(count).ok())
            .sum();
        // Those that are not listed are counted, and not the diagnostic that reports how many they are.
        let all = checked.iter().flat_map(|document| &document.diagnostics);
        let summaries = all.filter(|found| found.code == Code::TooManyDiagnostics).count();
        let unlisted: usize = checked
            .iter()
            .map(|Checked { left_out, .. }| left_out.errors + left_out.warnings + left_out.notes)
            .sum();
        assert_eq!(counted, findings - summaries + unlisted);
        serde_json::from_str::<serde_json::Value>(&report.to_sarif()).expect("SARIF is JSON");
        assert_eq!(report.to_github().lines().count(), findings);
    }
    let mut out = String::new();
    bootshift::report::human::HumanReport::new(false).write(&input, &mut out);
    assert_eq!(out.is_empty(), checked.iter().all(|document| document.diagnostics.is_empty()));
}

fn old_payload() -> Payload {
    let text = include_str!("../../fixtures/vendor/create-manual-user-password.json");
    match check(&text.into(), &Options::default()).remove(0).body {
        Some(Body::Payload(payload)) => payload,
        other => panic!("a payload, not {other:?}"),
    }
}

proptest! {
    #![proptest_config(config(96))]

    #[test]
    fn any_text_is_checked_for_every_operation_without_panic_or_hang(
        text in texts::any_text(),
        syntax in prop::sample::select(vec![None, Some(Syntax::Json), Some(Syntax::Yaml)]),
        origin in prop::sample::select(vec![Origin::File, Origin::Text]),
        auto_bootstrap in prop::option::of(any::<bool>()),
        is_change in any::<bool>(),
    ) {
        within_timeout(text, move |text| {
            let old = is_change.then(old_payload);
            let documents = Documents::parse(text, syntax, &Limits::default());
            for operation in [None].into_iter().chain(Operation::ALL.map(Some)) {
                let options = Options { operation, origin, old: old.as_ref(), auto_bootstrap };
                let checked = check(&documents, &options);
                assert_sound(text, operation, &checked);
                assert_reportable(text, &checked);
                let mut run = vec![("a".to_owned(), checked), ("b".to_owned(), check(&documents, &options))];
                conflicts(&mut run);
                for (_, checked) in &run {
                    assert_sound(text, operation, checked);
                }
            }
        })?;
    }

    #[test]
    fn limits_hold_for_any_text(text in texts::any_text(), depth in 0..8_usize, alias_nodes in 0..8_usize) {
        within_timeout(text, move |text| {
            let limits = Limits { bytes: 4096, depth, alias_nodes, ..Limits::default() };
            for document in &Documents::parse(text, None, &limits) {
                if let Some(root) = &document.root {
                    assert!(nesting(root) <= depth, "{} levels in {text:?}", nesting(root));
                }
                assert!(document.root.is_some() || !document.problems.is_empty());
            }
        })?;
    }
}

fn nesting(node: &bootshift::document::Node) -> usize {
    use bootshift::document::NodeKind;
    match &node.kind {
        NodeKind::Array(items) => 1 + items.iter().map(nesting).max().unwrap_or(0),
        NodeKind::Object(members) => {
            1 + members.iter().map(|member| nesting(&member.value)).max().unwrap_or(0)
        }
        _ => 0,
    }
}

/// The oracle's comparison of the script for `names` with the script for tame names.
fn judged(plan: &Plan, names: &Names) -> Result<Tally, String> {
    let plan = plan.fitted(names);
    let (tame, names) = (Names::tame().for_plan(&plan), names.for_plan(&plan));
    let (tame_script, script) = (plan.script(&tame), plan.script(&names));
    let probes = |script: &Script, names| -> Vec<Option<String>> {
        let probes = bootshift::runner::Probes::new(&plan.payloads(names).0).expect("queries");
        let statements = script.stages.iter().flat_map(|stage| &stage.statements);
        statements.map(|statement| probes.of(statement).expect("a query")).collect()
    };
    let (tame_probes, probes) = (probes(&tame_script, &tame), probes(&script, &names));
    oracle::compare_probes(&plan, (&tame_probes, &tame), (&probes, &names))?;
    compare(&plan, (&tame_script, &tame), (&script, &names))
}

/// The oracle's comparison for the script that a wrong quoter would write; `None` if it is the same script.
fn judged_mutant(plan: &Plan, names: &Names, quoter: Quoter) -> Option<Result<Tally, String>> {
    let plan = plan.fitted(names);
    let (tame, names) = (Names::tame().for_plan(&plan), names.for_plan(&plan));
    let mutant = mutated(&plan.script(&names), quoter)?;
    Some(compare(&plan, (&plan.script(&tame), &tame), (&mutant, &names)))
}

proptest! {
    #![proptest_config(config(384))]

    #[test]
    fn names_and_passwords_do_not_change_statements(plan in plan(), names in hostile()) {
        judged(&plan, &names).map_err(TestCaseError::fail)?;
    }
}

proptest! {
    #![proptest_config(config(48))]

    #[test]
    fn same_payload_results_in_the_same_script(plan in plan(), names in hostile()) {
        let plan = plan.fitted(&names);
        let names = names.for_plan(&plan);
        let (first, second) = (plan.script(&names), plan.script(&names));
        for flavor in [Flavor::Plain, Flavor::Psql, Flavor::DataApi] {
            let texts = |script: &Script| -> Vec<String> {
                script.render(flavor).into_iter().flat_map(|file| [file.name, file.text]).collect()
            };
            prop_assert_eq!(texts(&first), texts(&second));
        }
        prop_assert_eq!(first.to_json().to_string(), second.to_json().to_string());
    }

    #[test]
    fn edit_to_the_same_payload_is_empty(plan in plan(), names in hostile()) {
        let plan = Plan {
            kind: ScriptKind::Edit,
            user: Change::Same,
            group: Change::Same,
            same_password: true,
            options: ScriptOptions { set_password: false, ..plan.options },
            old_okta: plan.okta,
            old_impersonation: plan.impersonation,
            ..plan
        };
        let names = names.for_plan(&plan);
        prop_assert!(plan.script(&names).stages.is_empty());
    }
}

/// Runs the quoter on `cases` payloads. The oracle must reject every script that differs from that of the crate, and there
/// must be at least one.
fn assert_refused(cases: u32, quoter: Quoter) {
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = TestRunner::new_with_rng(
        config,
        // The same cases in every run, so that the result does not depend on chance.
        TestRng::deterministic_rng(RngAlgorithm::ChaCha),
    );
    let refused = Cell::new(0_u32);
    let result = runner.run(&(plan(), hostile()), |(plan, names)| {
        if let Some(verdict) = judged_mutant(&plan, &names, quoter) {
            prop_assert!(verdict.is_err(), "the oracle accepts a wrong script");
            refused.set(refused.get() + 1);
        }
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    assert!(refused.get() > 0, "in none of the cases does the quoter differ from a correct one");
}

#[test]
fn literals_without_doubled_backslashes_are_detected() {
    assert_refused(48, mutants::doubles_quotes_only);
}

#[test]
fn literals_without_doubled_quotes_are_detected() {
    assert_refused(32, mutants::doubles_backslashes_only);
}

#[test]
fn literals_with_only_escaped_quotes_are_detected() {
    assert_refused(32, mutants::escapes_quotes_only);
}

#[test]
fn identifiers_without_doubled_quotes_are_detected() {
    assert_refused(32, mutants::leaves_identifiers);
}

#[test]
fn identifiers_with_doubled_backslashes_are_detected() {
    assert_refused(32, mutants::escapes_backslashes_in_identifiers);
}

#[test]
fn fixed_dollar_quote_tag_is_detected() {
    assert_refused(192, mutants::has_one_tag);
}

#[test]
fn dollar_quote_without_tag_is_detected() {
    assert_refused(192, mutants::has_no_tag);
}

fn simple_plan(kind: ScriptKind, password: PasswordForm) -> Plan {
    Plan {
        kind,
        options: ScriptOptions { password, ..ScriptOptions::default() },
        same_database: false,
        okta: false,
        old_okta: false,
        impersonation: true,
        old_impersonation: true,
        user: Change::Other,
        group: Change::Other,
        same_password: false,
        by_reference: false,
        yaml: false,
    }
}

/// A backslash before a quote ends a literal that a naive quoter has written.
#[test]
fn backslash_before_a_quote_does_not_end_a_literal() {
    let names = Names { user: r#"\'"; DROP TABLE canary; --"#.to_owned(), ..Names::tame() };
    let plan = simple_plan(ScriptKind::All, PasswordForm::Plain);
    let tally = judged(&plan, &names).expect("the crate's script is right");
    assert_eq!((tally.passwords, tally.literals > 0), (1, true));
    for quoter in [mutants::doubles_quotes_only as Quoter, mutants::leaves_identifiers] {
        let verdict = judged_mutant(&plan, &names, quoter).expect("another text");
        assert!(verdict.is_err(), "{verdict:?}");
    }
}

/// A password in clear text instead of its hash, a name in a comment, an additional statement, a wrong name: the oracle
/// detects each.
#[test]
fn oracle_detects_other_wrong_statements() {
    let plan = simple_plan(ScriptKind::All, PasswordForm::Md5);
    let (tame, names) = (Names::tame(), Names { user: "Mallory".to_owned(), ..Names::tame() });
    let right = plan.script(&names);
    let judge = |script| compare(&plan, (&plan.script(&tame), &tame), (&script, &names));
    assert!(judge(right.clone()).is_ok());

    let account = right.stages[0].statements.iter().position(Statement::is_secret).expect("an account");
    let mut script = right.clone();
    script.stages[0].statements[account].sql =
        format!("CREATE USER \"Mallory\" PASSWORD '{}'", names.password);
    assert!(judge(script).is_err(), "clear text");

    let mut script = right.clone();
    script.stages[0].statements[account].sql.push_str("; DROP TABLE canary");
    assert!(judge(script).is_err(), "two statements");

    let mut script = right.clone();
    let sql = &mut script.stages[0].statements[account].sql;
    *sql = sql.replace("Mallory", "mallory");
    assert!(judge(script).is_err(), "a folded user");

    let mut script = right.clone();
    script.stages[0].statements[account].comment = Some("The account Mallory".to_owned());
    assert!(judge(script).is_err(), "a name in a comment");

    let mut script = right.clone();
    script.stages[0].statements[account].password = None;
    assert!(judge(script).is_err(), "a secret that is not called one");

    let mut script = right;
    script.stages[1].database = Identifier::new("other").expect("a name");
    assert!(judge(script).is_err(), "another database");
}

/// The differential says nothing of names that no script holds, so they have to be there.
#[test]
fn scripts_contain_names_and_passwords() {
    for (kind, passwords, literals) in [
        (ScriptKind::InitialCreate, 1, 0),
        (ScriptKind::Create, 0, 1),
        (ScriptKind::Edit, 1, 1),
        (ScriptKind::Delete, 0, 1),
        (ScriptKind::Cleanup, 0, 1),
        (ScriptKind::All, 1, 1),
    ] {
        for form in [PasswordForm::Md5, PasswordForm::Sha256, PasswordForm::Plain] {
            let tally = judged(&simple_plan(kind, form), &Names::tame()).expect("a right script");
            assert_eq!(tally.passwords, passwords, "{kind:?}");
            assert!(tally.identifiers >= 2 && tally.literals >= literals, "{kind:?}: {tally:?}");
        }
    }
}

/// The vectors of <https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_USER.html>.
#[test]
fn hashes_match_the_documented_vectors() {
    let user = Identifier::new("user1").expect("a name");
    assert_eq!(
        PasswordClause::md5("ez", &user).expect("no NUL").to_string(),
        "'md5153c434b4b77c89e6b94f12c5393af5b'"
    );
    let salt = "c721bff5d9042cf541ff7b9d48fa8a6e545c19a763e3710151f9513038b0f6c6";
    let mut bytes = [0; 32];
    for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(&salt[at..at + 2], 16).expect("hex");
    }
    assert_eq!(
        sha256_with_salt("Mypassword1", &bytes),
        format!("sha256|821708135fcc42eb3afda85286dee0ed15c2c461d000291609f77eb113073ec2|{salt}")
    );
}

/// The script contains the hash of the documented vector.
#[test]
fn script_contains_the_documented_md5_hash() {
    let names = Names { user: "user1".to_owned(), password: "ez".to_owned(), ..Names::tame() };
    let script = simple_plan(ScriptKind::InitialCreate, PasswordForm::Md5).script(&names);
    let account =
        script.stages[0].statements.iter().find(|statement| statement.is_secret()).expect("an account");
    assert_eq!(account.sql, "CREATE USER \"user1\" PASSWORD 'md5153c434b4b77c89e6b94f12c5393af5b'");
    assert_eq!(format!("{:?}", Secret::new("ez")), "<REDACTED>");
}
