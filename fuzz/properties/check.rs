//! The whole check of any text for any operation, in every form of report, and what fixes it. A byte that chooses, then
//! the text.

use bootshift::check::{Applicability, Checked, Code, Options, check, fix, recognize};
use bootshift::document::{Documents, OffsetEncoding};
use bootshift::operation::Operation;
use bootshift::report::human::HumanReport;
use bootshift::report::{Input, Report};

pub(crate) fn hold(data: &[u8]) {
    let Some((&choice, text)) = data.split_first() else { return };
    let Ok(text) = str::from_utf8(text) else { return };
    // From `A` on the operations; anything else leaves it to the text.
    let operation = Operation::ALL.get(usize::from(choice.wrapping_sub(b'A'))).copied();
    let options = Options { operation, ..Options::default() };
    let documents = Documents::from(text);
    let checked = check(&documents, &options);
    assert!(!checked.is_empty());
    for document in &checked {
        let has_placeholder = document.diagnostics.iter().any(|found| found.code == Code::Placeholder);
        let is_final = document.is_valid() && !has_placeholder;
        assert_eq!(document.body.is_some(), is_final, "a body, an error or a placeholder");
        for pair in document.visible.windows(2) {
            assert!(pair[0].end <= pair[1].start, "what is visible is sorted and disjoint");
        }
    }
    let input = Input { path: "fuzz.yaml", text, checked: &checked };
    let mut human = String::new();
    HumanReport::new(false).write(&input, &mut human);
    assert!(!human.contains('\u{1b}'), "no escape of the text's reaches a terminal");
    let mut report = Report::new(OffsetEncoding::Utf16);
    report.add(&input);
    let json = report.to_json();
    serde_json::from_str::<serde_json::Value>(&json).expect("JSON");
    let _ = report.to_github();
    // It describes every rule each time, which takes longer than all of the rest.
    if choice.is_ascii_lowercase() {
        serde_json::from_str::<serde_json::Value>(&report.to_sarif()).expect("JSON");
    }
    // By their place among the documents.
    assert_eq!(recognize(&documents).len(), checked.len());
    assert!(checked.iter().enumerate().all(|(index, document)| document.index == index));
    fixes(&documents, &checked, &options);
}

/// What could be read can be read, and nothing changes without a fix. What JSON takes for a comment is text to YAML,
/// and a fix may leave it as the first thing that is no JSON.
fn fixes(documents: &Documents<'_>, checked: &[Checked], options: &Options<'_>) {
    let readable =
        |documents: &Documents<'_>| documents.iter().filter(|document| document.root.is_some()).count();
    let all = |_: &Documents<'_>, checked: &[Checked]| vec![true; checked.len()];
    let Some(fixed) = fix(documents, checked, options, Applicability::Safe, &all) else { return };
    assert!(fixed.fixes > 0 && fixed.documents.text() != documents.text());
    let has_comment = ["//", "/*"].iter().any(|start| documents.text().contains(start));
    assert!(has_comment || readable(&fixed.documents) >= readable(documents));
}
