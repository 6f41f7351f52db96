//! The whole check of any text for any operation, in every form of report.
#![no_main]

use bootshift::check::{Options, check};
use bootshift::document::OffsetEncoding;
use bootshift::operation::Operation;
use bootshift::report::human::Human;
use bootshift::report::{Input, Report};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &str)| {
    let (choice, text) = input;
    let operation = Operation::ALL.get(usize::from(choice)).copied();
    let options = Options { operation, ..Options::default() };
    let checked = check(text, &options);
    assert!(!checked.is_empty());
    for document in &checked {
        assert_eq!(document.body.is_some(), document.is_valid(), "a body, or an error: {document:?}");
        for pair in document.visible.windows(2) {
            assert!(pair[0].end <= pair[1].start, "what is visible is sorted and disjoint");
        }
    }
    let input = Input { path: "fuzz.yaml", text, checked: &checked };
    let mut human = String::new();
    Human::new(false).write(&input, &mut human);
    assert!(!human.contains('\u{1b}'), "no escape of the text's reaches a terminal");
    let mut report = Report::new(OffsetEncoding::Utf16);
    report.add(&input);
    for json in [report.to_json(), report.to_sarif()] {
        serde_json::from_str::<serde_json::Value>(&json).expect("JSON");
    }
    let _ = report.to_github();
});
