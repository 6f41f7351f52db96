//! Properties of fixes, for arbitrary texts and for payloads with fixable problems.

use bootshift::check::{Applicability, Checked, Code, Fixed, Options, check, fix};
use bootshift::document::{Documents, Limits, Node, NodeKind, Syntax};
use bootshift::operation::Operation;
use proptest::prelude::*;

use testkit::texts;

use super::{config, within_timeout};

/// The text after its safe fixes, their number, and the remaining diagnostics.
fn fixed(documents: &Documents<'_>, options: &Options<'_>) -> (String, usize, Vec<Checked>) {
    let checked = check(documents, options);
    match fix(documents, &checked, options, Applicability::Safe, &|_, checked| vec![true; checked.len()]) {
        Some(Fixed { documents, fixes, checked, .. }) => (documents.text().to_owned(), fixes, checked),
        None => (documents.text().to_owned(), 0, checked),
    }
}

fn has_safe_fix(checked: &[Checked]) -> bool {
    checked.iter().any(Checked::has_safe_fix)
}

/// Whether all documents could be parsed.
fn is_readable(documents: &Documents<'_>) -> bool {
    documents.iter().all(|document| document.root.is_some())
}

/// The number of values in a tree, which fixes must not change.
fn size(node: &Node) -> usize {
    match &node.kind {
        NodeKind::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        NodeKind::Object(members) => 1 + members.iter().map(|member| size(&member.value)).sum::<usize>(),
        _ => 1,
    }
}

/// The lines of a payload, each with variants that fixes turn into the correct one.
const LINES: [(&str, &[&str]); 9] = [
    ("type: Redshift", &["Type: Redshift", "type: redshift", "'TYPE': \"REDSHIFT\""]),
    (
        "autoBootstrap: false",
        &["autobootstrap: false", "autoBootstrap: no", "autoBootstrap: 'Off' # by hand"],
    ),
    ("config:", &["'config':", "\"config\":"]),
    (
        "  host: a.example.com",
        &["  HOST: a.example.com", "  host: https://a.example.com/", "  host: 'a.example.com:5439'"],
    ),
    ("  port: 5439", &["  port: \"5439\"", "  Port: ' 5439'"]),
    ("  database: immuta", &["  database: Immuta", "  dataBase: 'IMMUTA'"]),
    ("  initialDatabase: '2024'", &["  initialDatabase: 2024", "  initialdatabase: 2024"]),
    (
        "  authenticationType: userPassword",
        &["  authenticationType: userpassword", "  AuthenticationType: userPassword"],
    ),
    ("  username: immuta_system", &["  userName: immuta_system", "  \"Username\": immuta_system"]),
];

const SECRET: &str = "73114692085";

proptest! {
    #![proptest_config(config(192))]

    /// For any text: no safe fix is left, a second run changes nothing, and what could be parsed can still be parsed and
    /// has as many values.
    #[test]
    fn fixing_terminates_and_loses_no_values(
        text in texts::any_text(),
        syntax in prop::sample::select(vec![None, Some(Syntax::Json)]),
        operation in prop::sample::select(vec![None, Some(Operation::Create), Some(Operation::Delete)]),
    ) {
        within_timeout(text, move |text| {
            let options = Options { operation, ..Options::default() };
            let before = Documents::parse(text, syntax, &Limits::default());
            let (once, fixes, checked) = fixed(&before, &options);
            assert!(!has_safe_fix(&checked), "{text:?} became {once:?}");
            assert_eq!(fixes == 0, once == text);
            let after = Documents::parse(once.as_str(), syntax, &Limits::default());
            let (twice, fixes, _) = fixed(&after, &options);
            assert_eq!((fixes, &twice), (0, &once));
            if is_readable(&before) {
                let roots = |documents: &Documents<'_>| -> Vec<usize> {
                    documents.iter().filter_map(|document| document.root.as_ref()).map(size).collect()
                };
                assert_eq!(roots(&after), roots(&before), "{text:?} became {once:?}");
            }
        })?;
    }

    /// Fixes turn a payload with fixable problems into the correct one, except for quotes and comments.
    #[test]
    fn fixable_payload_becomes_the_intended_one(
        choices in prop::collection::vec(prop::option::of(any::<prop::sample::Index>()), LINES.len()),
        line_break in prop::sample::select(vec!["\n", "\r\n"]),
        mark in prop::sample::select(vec!["", "\u{FEFF}"]),
    ) {
        let mut text = mark.to_owned();
        for ((correct, variants), choice) in LINES.into_iter().zip(choices) {
            text.push_str(choice.map_or(correct, |choice| *choice.get(variants)));
            text.push_str(line_break);
        }
        text.push_str("  password: ");
        text.push_str(SECRET);
        text.push_str(line_break);
        let options = Options::default();
        let documents = Documents::from(text.as_str());
        let (fixed, _, checked) = fixed(&documents, &options);
        let codes: Vec<Code> = checked[0].diagnostics.iter().map(|found| found.code).collect();
        prop_assert_eq!(codes, [Code::WeakPassword, Code::PlaintextSecret], "{}", fixed);
        let shown = format!("{:?}", check(&documents, &options)[0].diagnostics);
        for piece in SECRET.as_bytes().windows(6) {
            prop_assert!(!shown.contains(std::str::from_utf8(piece).expect("digits")));
        }
        prop_assert!(fixed.starts_with(mark));
        let quoted = format!("\"{SECRET}\"{line_break}");
        prop_assert!(fixed.ends_with(&quoted));
        prop_assert_eq!(fixed.lines().count(), text.lines().count());
        let found = Documents::from(fixed.as_str());
        let root = found.first_root().expect("a tree");
        let intended = LINES.map(|(correct, _)| correct).join("\n");
        let intended = Documents::from(format!("{intended}\n  password: '{SECRET}'\n"));
        prop_assert_eq!(root.to_json(), intended.first_root().expect("a tree").to_json());
    }
}
