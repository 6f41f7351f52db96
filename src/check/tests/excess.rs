//! Tests for the limit of diagnostics.

use super::*;

fn limited(text: &str, diagnostics: usize) -> Documents<'_> {
    Documents::parse(text, None, &Limits { diagnostics, ..Limits::default() })
}

/// The first document of a text, with at most this many diagnostics.
fn first_limited(text: &str, diagnostics: usize) -> Checked {
    first_of(&limited(text, diagnostics), &Options::default())
}

/// The code and the severity of each diagnostic, and how many are not listed.
fn listed(checked: &Checked) -> (Vec<(Code, Severity)>, (usize, usize, usize)) {
    let LeftOut { errors, warnings, notes } = checked.left_out;
    let listed = checked.diagnostics.iter().map(|found| (found.code, found.severity)).collect();
    (listed, (errors, warnings, notes))
}

fn unknown_keys(count: usize) -> String {
    let keys: Vec<_> = (0..count).map(|at| format!("  k{at}: 1\n")).collect();
    let keys = keys.concat();
    with(USER_PASSWORD, "config:\n", &format!("config:\n{keys}"))
}

#[test]
fn first_diagnostics_are_listed_and_the_rest_counted() {
    for (count, all) in [(999, 999), (1000, 1000), (1001, 1001), (20_000, 1001)] {
        let checked = first(&unknown_keys(count), &Options::default());
        assert_eq!(checked.diagnostics.len(), all, "{count}");
        assert_eq!(checked.left_out.errors, count.saturating_sub(1000));
        assert!(!checked.is_valid() && checked.body.is_none());
        let keys = checked.diagnostics.iter().take(1000).enumerate();
        for (at, found) in keys {
            assert_eq!(found.pointer, format!("/config/k{at}"));
        }
        let last = checked.diagnostics.last().expect("one");
        assert_eq!(last.code == Code::TooManyDiagnostics, count > 1000);
    }
    let last = first(&unknown_keys(20_000), &Options::default()).diagnostics.pop().expect("one");
    assert_eq!(last.message, "not listed: 19000 errors");
    assert_eq!(
        last.help.as_deref(),
        Some(
            "fix the listed problems and check again; or list more with `bootshift check --max-diagnostics N`"
        )
    );
    assert_eq!(first_limited(&unknown_keys(20_000), usize::MAX).diagnostics.len(), 20_000);
}

#[test]
fn errors_are_listed_before_warnings_and_notes() {
    use Severity::{Error, Note, Warning};
    // A warning, an error and a note, in this order.
    let text = with(
        &with(USER_PASSWORD, "  database: immuta\n", "  database: Immuta\n  hots: 1\n"),
        "    enabled: false\n",
        "    enabled: false\n    role: r\n",
    );
    let all = listed(&first_limited(&text, 3));
    let (warning, error, note) =
        ((Code::FoldedIdentifier, Warning), (Code::UnknownProperty, Error), (Code::UnusedRole, Note));
    assert_eq!(all, (vec![warning, error, note], (0, 0, 0)));
    let many = |severity| (Code::TooManyDiagnostics, severity);
    assert_eq!(listed(&first_limited(&text, 2)), (vec![warning, error, many(Note)], (0, 0, 1)));
    assert_eq!(listed(&first_limited(&text, 1)), (vec![error, many(Warning)], (0, 1, 1)));
    assert_eq!(listed(&first_limited(&text, 0)), (vec![many(Error)], (1, 1, 1)));
    let message = |limit| first_limited(&text, limit).diagnostics.pop().expect("one").message;
    assert_eq!(message(1), "not listed: 1 warning, 1 note");
    // A valid text stays valid if notes are not listed.
    let right = with(&text, "  hots: 1\n", "");
    let checked = first_limited(&right, 1);
    assert_eq!(listed(&checked), (vec![warning, many(Note)], (0, 0, 1)));
    assert!(checked.is_valid() && checked.body.is_some());
}

#[test]
fn limit_applies_to_the_whole_stream() {
    let stream = format!("---\n{}", with(USER_PASSWORD, "config:\n", "config:\n  hots: 1\n")).repeat(30);
    let checked = check(&limited(&stream, 5), &Options::default());
    assert_eq!(checked.len(), 30);
    assert!(checked.iter().all(|document| !document.is_valid() && document.body.is_none()));
    let counts: Vec<_> = checked.iter().map(|document| document.diagnostics.len()).collect();
    assert_eq!(counts[..6], [1, 1, 1, 1, 2, 0]);
    assert_eq!(checked[4].diagnostics[1].message, "not listed: 25 errors");
    // Conflicts are added later.
    let stream = format!("---\n{USER_PASSWORD}").repeat(30);
    let mut checked = check(&limited(&stream, 5), &Options::default());
    assert!(checked.iter().all(Checked::is_valid));
    Conflicts::new(limited("", 5).limits()).add("a.yaml", &mut checked);
    let errors: usize = checked.iter().map(|document| document.left_out.errors).sum();
    let listed: usize = checked.iter().map(|document| document.diagnostics.len()).sum();
    assert_eq!((errors, listed), (24, 6));
    assert_eq!(checked.iter().filter(|document| document.is_valid()).count(), 1);
}

#[test]
fn ignored_documents_do_not_count_towards_the_limit() {
    let stream = format!("{}---\n{}", "---\nhots: 1\n".repeat(30), with(USER_PASSWORD, "  host:", "  hots:"));
    let is_ours = |document: &Checked| document.operation == Some(Operation::Create) && document.index == 30;
    let checked = check_those(&limited(&stream, 5), &Options::default(), &is_ours);
    assert_eq!(checked.len(), 1);
    assert_eq!((checked[0].index, checked[0].diagnostics[0].code), (30, Code::UnknownProperty));
    assert_eq!(checked[0].left_out, LeftOut::default());
}

#[test]
fn placeholder_that_is_not_listed_is_refused_too() {
    let text = with(USER_PASSWORD, "  database: immuta\n", "  database: Immuta\n");
    let text = with(&text, "username: ", "username: ${NAME}x");
    let mut checked = first_limited(&text, 1);
    assert_eq!(checked.diagnostics[0].code, Code::FoldedIdentifier);
    assert!(checked.is_valid() && checked.body.is_none());
    checked.refuse_placeholders();
    assert!(!checked.is_valid());
}

#[test]
fn duplicate_keys_beyond_the_limit_make_the_document_invalid() {
    let twice = with(USER_PASSWORD, "config:\n", "autoBootstrap: false\nconfig:\n");
    let stream = format!("---\n{twice}").repeat(120);
    let checked = check(&Documents::from(stream.as_str()), &Options::default());
    assert!(checked.iter().all(|document| !document.is_valid() && document.body.is_none()));
    assert_eq!(checked.iter().map(|document| document.left_out.errors).sum::<usize>(), 20);
}

#[test]
fn fixes_apply_beyond_the_limit() {
    let stream =
        format!("---\n{}", with(USER_PASSWORD, "autoBootstrap: false", "autoBootstrap: no")).repeat(30);
    let documents = limited(&stream, 5);
    let checked = check(&documents, &Options::default());
    let fixed = fix(&documents, &checked, &Options::default(), Applicability::Safe, &|_, checked| {
        vec![true; checked.len()]
    });
    let fixed = fixed.expect("fixes");
    assert_eq!((fixed.fixes, fixed.checked.iter().filter(|one| one.is_valid()).count()), (30, 30));
    assert_eq!(fixed.documents.text(), format!("---\n{USER_PASSWORD}").repeat(30));
}
