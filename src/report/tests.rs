//! Redaction, and the position of the caret.

use super::excerpt::excerpt;
use super::*;
use crate::check::{Options, check};
use crate::document::{Documents, Limits, Span, Syntax};

fn human(text: &str, options: &Options<'_>) -> String {
    human_of(&Documents::from(text), options)
}

fn human_of(documents: &Documents<'_>, options: &Options<'_>) -> String {
    let text = documents.text();
    let checked = check(documents, options);
    let mut out = String::new();
    human::HumanReport::new(false).write(&Input { path: "p.yaml", text, checked: &checked }, &mut out);
    out
}

/// The line under test with the caret below it; `visible` are the words that can be shown, `at` is the position.
fn masked(text: &str, visible: &[&str], at: &str) -> (String, String) {
    let span = |word: &&str| {
        let start = text.find(*word).expect("a word of the text");
        Span::new(start, start + word.len())
    };
    let mut spans: Vec<Span> = visible.iter().map(span).collect();
    spans.sort_unstable();
    let excerpt = excerpt(text, &LineIndex::new(text), &spans, span(&at));
    let caret = excerpt.text[excerpt.caret].to_owned();
    (excerpt.text, caret)
}

fn assert_masked(text: &str, visible: &[&str], at: &str, line: &str, caret: &str) {
    assert_eq!(masked(text, visible, at), (line.to_owned(), caret.to_owned()), "{text}");
}

#[test]
fn values_are_redacted_and_comments_removed() {
    assert_masked(
        "  password: abc#12 # mine",
        &["password"],
        "abc#12",
        "  password: <REDACTED>",
        "<REDACTED>",
    );
    assert_masked("host: a # was b", &["host", "a"], "host", "host: a", "host");
    assert_masked("# only this\nhost: a", &[], "# only this", "", "");
    assert_masked("hots: 'it''s'", &["hots"], "hots", "hots: <REDACTED>", "hots");
    assert_masked("host: *p", &["host"], "*p", "host: …", "…");
}

#[test]
fn punctuation_is_kept() {
    assert_masked(
        r#"{"config": {"password": "a}b,c", "host": "h"}}"#,
        &["\"config\"", "\"password\"", "\"host\"", "\"h\""],
        "\"h\"",
        r#"{"config": {"password": <REDACTED>, "host": "h"}}"#,
        "\"h\"",
    );
    assert_masked(
        r#"  "password": "abc","#,
        &["\"password\""],
        "\"abc\"",
        r#"  "password": <REDACTED>,"#,
        "<REDACTED>",
    );
    assert_masked("{\"type\":1}", &["\"type\"", "1"], "1", "{\"type\":1}", "1");
    assert_masked("- - x: 1", &["x", "1"], "x", "- - x: 1", "x");
}

#[test]
fn punctuation_that_may_be_a_secret_is_redacted() {
    for (text, visible) in [
        ("password: ------", &["password"][..]),
        ("password: \"}}}}}}\"", &["password"]),
        ("password: \"a\\\"}}}}}}", &["password"]),
        ("password: x,,,,,,", &["password"]),
        ("password: |\n  ,,,,,,", &["password"]),
        ("password: |\n  ------", &["password"]),
        ("password: |\n  ::::::", &["password"]),
        ("password: \"a\n  }}}}}}\"", &["password"]),
    ] {
        let secret =
            ["------", "}}}}}}", ",,,,,,", "::::::"].into_iter().find(|one| text.contains(one)).expect("one");
        let (line, _) = masked(text, visible, secret);
        assert!(!line.contains(&secret[..4]), "{text:?} as {line:?}");
    }
}

#[test]
fn text_without_tree_shows_only_known_keys() {
    assert_masked("  password: \"abc", &[], "\"abc", "  password: <REDACTED>", "<REDACTED>");
    assert_masked("  - \"host\" : [abc", &[], "[abc", "  - \"host\" : […", "[…");
    assert_masked("  hots: abc", &[], "abc", "  …", "…");
    assert_masked("my host: abc", &[], "abc", "…", "…");
}

#[test]
fn control_characters_are_replaced() {
    let text = "host: \"a\u{1b}[31m\tb\u{202e}c\"";
    let (line, _) = masked(text, &["host", "\"a\u{1b}[31m\tb\u{202e}c\""], "host");
    assert_eq!(line, "host: \"a\u{FFFD}[31m b\u{FFFD}c\"");
}

#[test]
fn long_line_is_shortened_around_caret() {
    let filler = "x".repeat(5_000_000);
    let text = format!("{{\"{filler}\": 1, \"hots\": 2, \"{filler}b\": 3}}");
    let start = 1 + filler.len() + 2 + 5;
    let hots = Span::new(start, start + 6);
    assert_eq!(&text[hots.start..hots.end], "\"hots\"");
    let first = Span::new(1, filler.len() + 3);
    let second = Span::new(hots.end + 5, hots.end + 5 + filler.len() + 3);
    let excerpt = excerpt(&text, &LineIndex::new(&text), &[first, hots, second], hots);
    assert_eq!(&excerpt.text[excerpt.caret.clone()], "\"hots\"");
    assert_eq!(excerpt.column, start + 1);
    assert!(excerpt.text.starts_with("…xxx") && excerpt.text.ends_with("xxx…"), "{}", excerpt.text);
    assert_eq!(excerpt.text.chars().count(), 102);
}

#[test]
fn position_refers_to_original_text() {
    let text = "{\"password\": \"Abcdefgh1\", \"hots\": 1, \"config\": {}}";
    let out = human(text, &Options::default());
    let column = text.find("\"hots\"").expect("the key") + 1;
    assert!(out.contains(&format!("--> p.yaml:1:{column}")), "{out}");
    assert!(!out.contains("Abcdef"), "{out}");
}

#[test]
fn document_number_is_shown_for_streams() {
    let out = human("type: Redshift\nconfig: {}\n---\nconfig: 1\n", &Options::default());
    assert!(out.contains("--> p.yaml:4:") && out.contains("(document 2)"), "{out}");
}

#[test]
fn syntax_error_at_the_end_of_the_text_has_a_line() {
    let out = human("{\"config\": ", &Options::default());
    assert!(out.starts_with("error[syntax]: "), "{out}");
    assert!(out.contains("1 | {\"config\":\n"), "{out}");
}

#[test]
fn known_keys_are_those_of_the_schemas() {
    use crate::operation::Operation;
    use crate::schema::{is_property, may_be_secret};
    use std::collections::BTreeSet;

    fn keys(schema: &serde_json::Value, found: &mut BTreeSet<String>) {
        match schema {
            serde_json::Value::Object(members) => {
                for (key, value) in members {
                    if let ("properties", Some(properties)) = (key.as_str(), value.as_object()) {
                        found.extend(properties.keys().cloned());
                    }
                    keys(value, found);
                }
            }
            serde_json::Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
            _ => {}
        }
    }

    let mut found = BTreeSet::new();
    for operation in Operation::ALL {
        let text = crate::check::schema_text(operation.body_kind());
        keys(&serde_json::from_str(text).expect("JSON"), &mut found);
    }
    assert!(found.len() > 20, "{found:?}");
    for key in &found {
        assert!(is_property(key), "{key}");
        assert_eq!(may_be_secret(key), key == "password", "{key}");
        let near = format!("{key}s");
        assert!(!is_property(&near) && may_be_secret(&near), "{near}");
    }
}

#[test]
fn json_matches_the_documentation() {
    let text = "type: Redshift\nautoBootstrap: false\nconfig:\n  hots: x\n";
    let checked = check(&Documents::from(text), &Options::default());
    let report = Report::of(&Input { path: "a.yaml", text, checked: &checked }, OffsetEncoding::Utf8);
    let json: serde_json::Value = serde_json::from_str(&report.to_json()).expect("JSON");
    assert_eq!(json["version"], 1);
    assert_eq!(json["offsets"], "utf-8");
    let file = &json["files"][0];
    assert_eq!((file["path"].as_str(), file["document"].as_u64()), (Some("a.yaml"), Some(0)));
    assert_eq!((file["operation"].as_str(), file["valid"].as_bool()), (Some("create"), Some(false)));
    let hots = file["diagnostics"]
        .as_array()
        .and_then(|all| all.iter().find(|one| one["pointer"] == "/config/hots"))
        .expect("the unknown key");
    assert_eq!(hots["start"], serde_json::json!({ "line": 4, "column": 3, "offset": 46 }));
    assert_eq!(hots["end"], serde_json::json!({ "line": 4, "column": 7, "offset": 50 }));
    assert_eq!(hots["property"], "hots");
    let sarif: serde_json::Value = serde_json::from_str(&report.to_sarif()).expect("JSON");
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    assert!(results.iter().any(|result| {
        (&result["properties"]["pointer"], &result["properties"]["property"])
            == (&"/config/hots".into(), &"hots".into())
    }));
    assert_eq!(json["summary"]["files"], 1);
    assert_eq!(json["summary"]["errors"], file["diagnostics"].as_array().map_or(0, Vec::len));
}

#[test]
fn offsets_use_the_encoding_of_the_report() {
    let text = "type: Redshift\nautoBootstrap: false\nconfig: {\"😀\": 1}\n";
    let checked = check(&Documents::from(text), &Options::default());
    let input = Input { path: "a.yaml", text, checked: &checked };
    let end = |offsets| {
        let report = Report::of(&input, offsets);
        let findings = &report.files[0].diagnostics;
        findings.iter().find(|one| one.code == Code::UnknownProperty).expect("the key").end
    };
    let (utf8, utf16) = (end(OffsetEncoding::Utf8), end(OffsetEncoding::Utf16));
    assert_eq!((utf8.line, utf8.column), (utf16.line, utf16.column));
    assert_eq!(utf8.offset, utf16.offset + 2);
}

#[test]
fn multi_line_annotation_has_no_columns() {
    let text = "type: Redshift\nautoBootstrap: \n  - 1\n  - 2\nconfig: {}\n";
    let checked = check(&Documents::from(text), &Options::default());
    let out =
        Report::of(&Input { path: "a.yaml", text, checked: &checked }, OffsetEncoding::Utf8).to_github();
    let line = out.lines().find(|line| line.contains("wrong-type")).expect("the type");
    assert!(line.starts_with("::error file=a.yaml,line=3,endLine="), "{line}");
    assert!(!line.contains("col=") && !line.contains("endColumn="), "{line}");
}

const TWICE: &str = "\
type: Redshift
autoBootstrap: false
config:
  host: a.example.com
  port: 5439
  database: immuta
  initialDatabase: dev
  authenticationType: userPassword
  username: immuta_system
  host: b.example.com
  password: ${P}
";

#[test]
fn related_location_is_shown_with_its_line() {
    let out = human(TWICE, &Options::default());
    let expected = "\
error[duplicate-key]: duplicate key `host` (first defined on line 4)
  --> p.yaml:10:3
   |
10 |   host: …
   |   ^^^^
  ::: p.yaml:4:3
   |
4  |   host: a.example.com
   |   ---- first defined here
   = help: remove one of the two

";
    assert_eq!(out, expected);
    // The related location is in another document of the text.
    let one = TWICE.replace("  host: b.example.com\n", "");
    let out = human_of_files(&[("p.yaml", &format!("{one}---\n{one}"))]);
    assert!(
        out.contains(
            "  ::: p.yaml:4:9\n   |\n4  |   host: a.example.com\n   |         ------------- configured here\n"
        ),
        "{out}"
    );
    // There is no text of another file.
    let out = human_of_files(&[("p.yaml", &one), ("q.yaml", &format!("# moved\n{one}"))]);
    assert!(out.contains("--> q.yaml:5:9\n"), "{out}");
    assert!(out.ends_with("  = note: configured here: p.yaml:4:9\n\n"), "{out}");
}

fn human_of_files(files: &[(&str, &str)]) -> String {
    let mut out = String::new();
    let mut conflicts = crate::check::Conflicts::default();
    for (path, text) in files {
        let mut checked = check(&Documents::from(*text), &Options::default());
        conflicts.add(path, &mut checked);
        human::HumanReport::new(false).write(&Input { path, text, checked: &checked }, &mut out);
    }
    out
}

/// Neither a value next to a related location nor a key inside a secret is shown.
#[test]
fn related_location_shows_no_secret() {
    let text = "config:\n  password: Secret1word\n  host: a\n  password: Secret2word\n";
    let out = human(text, &Options::default());
    assert!(
        out.contains("first defined here") && !out.contains("ret1wo") && !out.contains("ret2wo"),
        "{out}"
    );
    let text = "config:\n  password:\n    Secret1word: 1\n    Secret1word: 2\n";
    let out = human(text, &Options::default());
    assert!(out.contains("first defined here") && !out.contains("ret1wo"), "{out}");
}

#[test]
fn related_locations_are_in_every_format() {
    let one = TWICE.replace("  host: b.example.com\n", "");
    let mut conflicts = crate::check::Conflicts::default();
    let mut report = Report::new(OffsetEncoding::Utf16);
    for (path, text) in [("a b.yaml", format!("# é𝄞\n{one}")), ("c.yaml", TWICE.to_owned())] {
        let mut checked = check(&Documents::from(text.as_str()), &Options::default());
        conflicts.add(path, &mut checked);
        report.add(&Input { path, text: &text, checked: &checked });
    }
    let json: serde_json::Value = serde_json::from_str(&report.to_json()).expect("JSON");
    assert_eq!(json["files"][0]["diagnostics"], serde_json::json!([]));
    let found = &json["files"][1]["diagnostics"];
    let related = |found: &serde_json::Value| found["related"].clone();
    assert_eq!(
        related(&found[0]),
        serde_json::json!([{
            "message": "configured here",
            "path": "a b.yaml",
            "start": { "line": 5, "column": 9, "offset": 52 + 6 },
            "end": { "line": 5, "column": 22, "offset": 65 + 6 },
        }])
    );
    assert_eq!(
        related(&found[1]),
        serde_json::json!([{
            "message": "first defined here",
            "start": { "line": 4, "column": 3, "offset": 46 },
            "end": { "line": 4, "column": 7, "offset": 50 },
        }])
    );

    let sarif: serde_json::Value = serde_json::from_str(&report.to_sarif()).expect("JSON");
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    let place = |result: &serde_json::Value| {
        let [related] = &result["relatedLocations"].as_array().expect("places")[..] else { panic!("one") };
        let uri = related["physicalLocation"]["artifactLocation"]["uri"].as_str().expect("a URI").to_owned();
        let region = related["physicalLocation"]["region"].clone();
        let message = related["message"]["text"].as_str().expect("a message").to_owned();
        let link = format!("[{message}]({})", related["id"]);
        assert!(result["message"]["text"].as_str().is_some_and(|text| text.ends_with(&link)), "{result}");
        (uri, message, region["startLine"].clone(), region["startColumn"].clone())
    };
    assert_eq!(place(&results[0]), ("a%20b.yaml".into(), "configured here".into(), 5.into(), 9.into()));
    assert_eq!(place(&results[1]), ("c.yaml".into(), "first defined here".into(), 4.into(), 3.into()));

    let github = report.to_github();
    let mut lines = github.lines();
    assert!(
        lines.next().is_some_and(|line| line.ends_with("%0Anote: configured here: a b.yaml:5:9")),
        "{github}"
    );
    assert!(
        lines.next().is_some_and(|line| line.ends_with("%0Anote: first defined here: c.yaml:4:3")),
        "{github}"
    );
}

#[test]
fn related_paths_in_annotations_are_escaped() {
    let one = TWICE.replace("  host: b.example.com\n", "");
    let mut conflicts = crate::check::Conflicts::default();
    let mut report = Report::new(OffsetEncoding::Utf8);
    for path in ["\u{1b}[31mred\u{202e}.yaml", "b.yaml"] {
        let mut checked = check(&Documents::from(one.as_str()), &Options::default());
        conflicts.add(path, &mut checked);
        report.add(&Input { path, text: &one, checked: &checked });
    }
    let github = report.to_github();
    assert!(github.ends_with("%0Anote: configured here: \\u{1b}[31mred\\u{202e}.yaml:4:9\n"), "{github}");
}

/// GitHub rejects a report with more than 25,000 results as a whole.
#[test]
fn sarif_omits_least_severe_results_over_the_limit() {
    // Each has an error, a warning and a note.
    let one = "type: Redshift\nautoBootstrap: false\nconfig:\n  hots: a.example.com\n  database: Immuta\n  \
               initialDatabase: dev\n  impersonation: {enabled: false, role: g}\n  authenticationType: userPassword\n  \
               username: u\n  password: ${P}\n";
    let checked = check(&Documents::from(one), &Options::default());
    let codes: Vec<Code> = checked[0].diagnostics.iter().map(|one| one.code).collect();
    assert_eq!(codes, [Code::UnknownProperty, Code::FoldedIdentifier, Code::UnusedRole]);
    let report = |documents: usize| {
        let mut report = Report::new(OffsetEncoding::Utf8);
        for number in 0..documents {
            report.add(&Input { path: &format!("{number}.yaml"), text: one, checked: &checked });
        }
        report
    };
    let sarif =
        |report: &Report| -> serde_json::Value { serde_json::from_str(&report.to_sarif()).expect("JSON") };
    let few = report(8333);
    assert_eq!(few.left_out_of_sarif(), None);
    let log = sarif(&few);
    assert_eq!(log["runs"][0]["results"].as_array().map(Vec::len), Some(24_999));
    assert_eq!(log["runs"][0]["invocations"], serde_json::Value::Null);

    let many = report(12_000);
    let log = sarif(&many);
    let results = log["runs"][0]["results"].as_array().expect("results");
    let count = |level: &str| results.iter().filter(|result| result["level"] == level).count();
    assert_eq!(results.len(), 24_999);
    assert_eq!([count("error"), count("warning"), count("note")], [12_000, 12_000, 999]);
    let notification = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"][0];
    let message = notification["message"]["text"].as_str().expect("a message");
    assert!(message.starts_with("11001 of 36000 results are omitted"), "{message}");
    assert_eq!(many.left_out_of_sarif().as_deref(), Some(message));
}

#[test]
fn sarif_run_has_category() {
    let report = Report::new(OffsetEncoding::Utf8);
    let id = |text: &str| {
        let log: serde_json::Value = serde_json::from_str(text).expect("JSON");
        log["runs"][0]["automationDetails"]["id"].as_str().expect("an id").to_owned()
    };
    assert_eq!(id(&report.to_sarif()), "bootshift/");
    assert_eq!(id(&report.to_sarif_in("payloads/eu")), "payloads/eu/");
    assert_eq!(id(&report.to_sarif_in("payloads/")), "payloads/");
}

#[test]
fn summary_counts_problems_documents_and_skipped_files() {
    let summary = Summary { files: 2, documents: 3, errors: 1, warnings: 2, notes: 0 };
    assert_eq!(human::summary_line(&summary, 0), "3 documents in 2 files: 1 error, 2 warnings");
    let clean = Summary { files: 1, documents: 1, ..Summary::default() };
    assert_eq!(human::summary_line(&clean, 0), "1 document in 1 file: no problems");
    assert_eq!(
        human::summary_line(&Summary::default(), 2),
        "nothing to check; 2 files skipped (not integrations API documents)"
    );
}

mod hiding {
    use proptest::prelude::*;

    use super::*;

    /// Characters with a meaning in YAML or JSON, and some that occur in no text of ours.
    fn secret() -> impl Strategy<Value = String> {
        let characters: Vec<char> = "QXZ9{}[],:-?#&*!|>'\"%@`\\~. ".chars().collect();
        proptest::collection::vec(proptest::sample::select(characters), 6..24)
            .prop_map(|characters| characters.into_iter().collect())
    }

    /// Valid and invalid ways to write a secret.
    fn written(secret: &str, form: usize) -> String {
        let quoted = serde_json::to_string(secret).expect("JSON");
        let single = secret.replace('\'', "''");
        match form {
            0 => format!("config:\n  host: h\n  password: {quoted} # {secret}\n  hots: {quoted}\n"),
            1 => format!("config:\n  host: h\n  password: '{single}'\n  passwrd: ['{single}', {quoted}]\n"),
            2 => format!("config:\n  host: h\n  password: {secret}\n  x: {secret}\n"),
            3 => format!("config:\n  password: |\n    {secret}\n    {secret}\n  x: >\n    {secret}\n"),
            4 => format!("{{\"config\": {{\"hots\": {quoted}, \"password\": {quoted}, \"host\": 1}}}}"),
            5 => format!("{{\"config\": {{\"password\": {quoted} \"host\": 1, }}}}"),
            6 => format!("config: {{password: {secret}, host: h, pass: {secret}}}\n"),
            7 => format!("config:\n  password: \"\n    {secret}\n    {secret}\n  hots: 1\n"),
            8 => format!("x: &a {quoted}\nconfig:\n  host: *a\n  password: *a\n  <<: {{pass: {quoted}}}\n"),
            9 => format!("config:\n  password: {quoted}\n  password: {quoted}\n  port: \"1\"x\n"),
            _ => format!("config:\n  - {secret}\n  - password: {secret}\n"),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        /// No six characters of a secret are shown, whatever errors surround it.
        #[test]
        fn no_piece_of_a_secret_is_shown(secret in secret(), form in 0..11_usize, cut in 0..40_usize, json: bool) {
            // Unquoted in a flow mapping, these would end the value and start a key, which can be shown.
            let secret = if form == 6 { secret.replace([',', '{', '}', '[', ']', ':'], "X") } else { secret };
            let mut text = written(&secret, form);
            // Some texts are truncated.
            let end = text.len().saturating_sub(cut / 2 * (cut % 2));
            text.truncate(end);
            let documents = Documents::parse(&text, json.then_some(Syntax::Json), &Limits::default());
            let out = human_of(&documents, &Options::default());
            let characters: Vec<char> = secret.chars().collect();
            for piece in characters.windows(6) {
                let words = piece.iter().filter(|c| !c.is_whitespace()).count();
                let piece: String = piece.iter().collect();
                prop_assert!(words < 4 || !out.contains(&piece), "{piece:?} of {text:?} in\n{out}");
            }
        }

        /// Any position in any text has an excerpt that contains the caret.
        #[test]
        fn every_place_has_an_excerpt(text in "[a-z:\"{} \n\r\u{e9}\u{65e5}\u{1F600}#]{0,60}", spans in proptest::collection::vec((0..80_usize, 0..9_usize), 0..6), at in 0..80_usize, length in 0..30_usize) {
            let mut visible: Vec<Span> = Vec::new();
            let mut starts = spans;
            starts.sort_unstable();
            for (start, length) in starts {
                let start = start.max(visible.last().map_or(0, |last| last.end)).min(text.len());
                let end = (start + length).min(text.len());
                if start < end && text.is_char_boundary(start) && text.is_char_boundary(end) {
                    visible.push(Span::new(start, end));
                }
            }
            let start = at.min(text.len());
            if text.is_char_boundary(start) {
                let excerpt = excerpt(&text, &LineIndex::new(&text), &visible, Span::new(start, start + length));
                prop_assert!(excerpt.text.get(excerpt.caret.clone()).is_some(), "{excerpt:?}");
                prop_assert!(!excerpt.text.contains(['\n', '\r']));
            }
        }
    }
}
