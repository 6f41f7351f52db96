//! What `check --fix` does to any text, and to payloads that are clumsily written.

use bootshift::check::{Checked, Code, Mended, Options, check, mend};
use bootshift::document::{Node, NodeKind, Syntax, parse};
use bootshift::operation::Operation;
use proptest::prelude::*;

use crate::{config, texts, within_patience};

fn mended(text: &str, options: &Options<'_>) -> Mended {
    mend(text, check(text, options), options, &|_, documents| vec![true; documents.len()])
}

fn has_certain_mend(checked: &[Checked]) -> bool {
    checked.iter().any(Checked::has_certain_mend)
}

/// Whether a text has a tree.
fn is_readable(text: &str, syntax: Option<Syntax>) -> bool {
    parse(text, syntax, &bootshift::document::Limits::default())
        .iter()
        .all(|document| document.root.is_some())
}

/// How many values a tree has: what a mend must not change.
fn size(node: &Node) -> usize {
    match &node.kind {
        NodeKind::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        NodeKind::Object(members) => 1 + members.iter().map(|member| size(&member.value)).sum::<usize>(),
        _ => 1,
    }
}

/// A payload as pieces, each with the ways to write it that mean the same to everybody but a parser.
const PIECES: [(&str, &[&str]); 9] = [
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

    /// Of any text: nothing certain is left, a second run changes nothing, what could be read can be read and has
    /// as many values, and no mend holds a secret.
    #[test]
    fn mending_ends_and_loses_nothing(
        text in texts::any_text(),
        syntax in prop::sample::select(vec![None, Some(Syntax::Json)]),
        operation in prop::sample::select(vec![None, Some(Operation::Create), Some(Operation::Delete)]),
    ) {
        within_patience(text, move |text| {
            let options = Options { operation, syntax, ..Options::default() };
            let once = mended(text, &options);
            assert!(!has_certain_mend(&once.checked), "{text:?} became {:?}", once.text);
            assert_eq!(once.mends == 0, once.text == text);
            let twice = mended(&once.text, &options);
            assert_eq!((twice.mends, &twice.text), (0, &once.text));
            if is_readable(text, syntax) {
                let roots = |text: &str| -> Vec<usize> {
                    let documents = parse(text, syntax, &options.limits);
                    documents.iter().filter_map(|document| document.root.as_ref()).map(size).collect()
                };
                assert_eq!(roots(&once.text), roots(text), "{text:?} became {:?}", once.text);
            }
        })?;
    }

    /// A payload that is written clumsily becomes the one that was meant, letter by letter but for quotes and comments.
    #[test]
    fn a_clumsy_payload_becomes_the_one_that_was_meant(
        choices in prop::collection::vec(prop::option::of(any::<prop::sample::Index>()), PIECES.len()),
        line_break in prop::sample::select(vec!["\n", "\r\n"]),
        mark in prop::sample::select(vec!["", "\u{FEFF}"]),
    ) {
        let mut text = mark.to_owned();
        for ((right, wrong), choice) in PIECES.into_iter().zip(choices) {
            text.push_str(choice.map_or(right, |choice| *choice.get(wrong)));
            text.push_str(line_break);
        }
        text.push_str("  password: ");
        text.push_str(SECRET);
        text.push_str(line_break);
        let options = Options::default();
        let mended = mended(&text, &options);
        let codes: Vec<Code> = mended.checked[0].diagnostics.iter().map(|found| found.code).collect();
        prop_assert_eq!(codes, [Code::WeakPassword, Code::PlaintextSecret], "{}", mended.text);
        let shown = format!("{:?}", check(&text, &options)[0].diagnostics);
        for piece in SECRET.as_bytes().windows(6) {
            prop_assert!(!shown.contains(std::str::from_utf8(piece).expect("digits")));
        }
        prop_assert!(mended.text.starts_with(mark));
        let quoted = format!("\"{SECRET}\"{line_break}");
        prop_assert!(mended.text.ends_with(&quoted));
        prop_assert_eq!(mended.text.lines().count(), text.lines().count());
        let found = parse(&mended.text, None, &options.limits);
        let root = found[0].root.as_ref().expect("a tree");
        let meant = PIECES.map(|(right, _)| right).join("\n");
        let meant = parse(&format!("{meant}\n  password: '{SECRET}'\n"), None, &options.limits);
        prop_assert_eq!(root.to_json(), meant[0].root.as_ref().expect("a tree").to_json());
    }
}
