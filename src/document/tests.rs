//! Parsing of texts into trees, by example and by property.

use std::fmt::Write as _;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn read(text: &str, syntax: Syntax) -> Vec<Document> {
    parse(text, Some(syntax), &Limits::default())
}

/// The tree of `text`, which must be one document without problems.
fn tree(text: &str, syntax: Syntax) -> Node {
    let mut documents = read(text, syntax);
    assert_eq!(documents.len(), 1, "{text:?}");
    let document = documents.remove(0);
    assert_eq!(document.problems, [], "{text:?}");
    document.root.expect("a tree")
}

/// The text of every key and scalar, with its pointer.
fn spans(text: &str, node: &Node) -> String {
    fn walk(text: &str, pointer: &str, node: &Node, out: &mut String) {
        let slice = &text[node.span.start..node.span.end];
        match &node.kind {
            NodeKind::Array(items) => {
                let _ = writeln!(out, "{pointer} = {slice:?}");
                for (at, item) in items.iter().enumerate() {
                    walk(text, &format!("{pointer}/{at}"), item, out);
                }
            }
            NodeKind::Object(members) => {
                let _ = writeln!(out, "{pointer} = {slice:?}");
                for member in members {
                    let key = &text[member.key_span.start..member.key_span.end];
                    let pointer = format!("{pointer}/{}", member.key.as_str());
                    let _ = writeln!(out, "{pointer} @ {key:?}");
                    walk(text, &pointer, &member.value, out);
                }
            }
            _ => {
                let _ = writeln!(out, "{pointer} = {slice:?} at {}", node.span.start);
            }
        }
    }
    let mut out = String::new();
    walk(text, "", node, &mut out);
    out
}

fn problems(document: &Document) -> Vec<(Code, &str, Span, &str)> {
    document.problems.iter().map(|p| (p.code, p.pointer.as_str(), p.span, p.message.as_str())).collect()
}

#[test]
fn json_spans() {
    let text =
        "\u{FEFF}{\r\n  \"é𝄞\" : [ 1, -2.5e3 ,\"a\\\"\\ud834\\udd1e\"],\r\n\t\"b\": {\"c\":null} }\r\n";
    insta::assert_snapshot!(spans(text, &tree(text, Syntax::Json)), @r#"
     = "{\r\n  \"é𝄞\" : [ 1, -2.5e3 ,\"a\\\"\\ud834\\udd1e\"],\r\n\t\"b\": {\"c\":null} }"
    /é𝄞 @ "\"é𝄞\""
    /é𝄞 = "[ 1, -2.5e3 ,\"a\\\"\\ud834\\udd1e\"]"
    /é𝄞/0 = "1" at 21
    /é𝄞/1 = "-2.5e3" at 24
    /é𝄞/2 = "\"a\\\"\\ud834\\udd1e\"" at 32
    /b @ "\"b\""
    /b = "{\"c\":null}"
    /b/c @ "\"c\""
    /b/c = "null" at 64
    "#);
    assert_eq!(tree(text, Syntax::Json).to_json(), json!({"é𝄞": [1, -2500.0, "a\"𝄞"], "b": {"c": null}}));
}

#[test]
fn yaml_spans() {
    let text = "\u{FEFF}# 𝄞\r\nhost: a.b # note\r\n'é':   \"x\\\"𝄞\"   # c\r\nnone:\r\nlist:\r\n- 1\r\n-\r\n- - 𝄞 y\r\n  - 'it''s'\r\nflow: { a: [1, b c ] , d, e: }\r\nlines: one\r\n  two  \r\n\r\nlast: |  # h\r\n\r\n  𝄞\r\n   b\r\n\r\n";
    insta::assert_snapshot!(spans(text, &tree(text, Syntax::Yaml)), @r#"
     = "host: a.b # note\r\n'é':   \"x\\\"𝄞\"   # c\r\nnone:\r\nlist:\r\n- 1\r\n-\r\n- - 𝄞 y\r\n  - 'it''s'\r\nflow: { a: [1, b c ] , d, e: }\r\nlines: one\r\n  two  \r\n\r\nlast: |  # h\r\n\r\n  𝄞\r\n   b"
    /host @ "host"
    /host = "a.b" at 17
    /é @ "'é'"
    /é = "\"x\\\"𝄞\"" at 37
    /none @ "none"
    /none = "" at 59
    /list @ "list"
    /list = "- 1\r\n-\r\n- - 𝄞 y\r\n  - 'it''s'"
    /list/0 = "1" at 70
    /list/1 = "" at 74
    /list/2 = "- 𝄞 y\r\n  - 'it''s'"
    /list/2/0 = "𝄞 y" at 80
    /list/2/1 = "'it''s'" at 92
    /flow @ "flow"
    /flow = "{ a: [1, b c ] , d, e: }"
    /flow/a @ "a"
    /flow/a = "[1, b c ]"
    /flow/a/0 = "1" at 113
    /flow/a/1 = "b c" at 116
    /flow/d @ "d"
    /flow/d = "" at 125
    /flow/e @ "e"
    /flow/e = "" at 129
    /lines @ "lines"
    /lines = "one\r\n  two" at 140
    /last @ "last"
    /last = "|  # h\r\n\r\n  𝄞\r\n   b" at 162
    "#);
}

/// The parser counts bytes in directives, and characters everywhere else.
#[test]
fn yaml_spans_after_directives() {
    let text = "%x 各各 é\n%各\n---\nä: {b: é}\n...\n# é\n%y é\n--- # é\n- ü\n---\n[ö]\n...\n%z é\r--- {";
    let documents = read(text, Syntax::Yaml);
    let shown = |document: &Document| document.root.as_ref().map(|root| spans(text, root));
    let [first, second, third, _] = &documents.iter().map(shown).collect::<Vec<_>>()[..] else {
        panic!("{documents:#?}")
    };
    let mapping = " = \"ä: {b: é}\"\n/ä @ \"ä\"\n/ä = \"{b: é}\"\n/ä/b @ \"b\"\n/ä/b = \"é\" at 30\n";
    assert_eq!(first.as_deref(), Some(mapping));
    assert_eq!(second.as_deref(), Some(" = \"- ü\"\n/0 = \"ü\" at 60\n"));
    assert_eq!(third.as_deref(), Some(" = \"[ö]\"\n/0 = \"ö\" at 68\n"));
    for document in &documents {
        for problem in &document.problems {
            assert!(
                problem.span.end <= text.len() && text.is_char_boundary(problem.span.start),
                "{problem:?}"
            );
        }
    }
}

#[test]
fn yaml_spans_after_properties() {
    let text = "&r\na: !!str 12\nb: &x\n  - &y 'z'\n  - !!str\nc: &l !!seq\n- 1\nd: &t |-\n  text\n? &k e\n: *y\nf: !!map {g: &e }\n";
    insta::assert_snapshot!(spans(text, &tree(text, Syntax::Yaml)), @r#"
     = "a: !!str 12\nb: &x\n  - &y 'z'\n  - !!str\nc: &l !!seq\n- 1\nd: &t |-\n  text\n? &k e\n: *y\nf: !!map {g: &e }"
    /a @ "a"
    /a = "12" at 12
    /b @ "b"
    /b = "- &y 'z'\n  - !!str"
    /b/0 = "'z'" at 28
    /b/1 = "" at 41
    /c @ "c"
    /c = "- 1"
    /c/0 = "1" at 56
    /d @ "d"
    /d = "|-\n  text" at 64
    /e @ "e"
    /e = "*y" at 83
    /f @ "f"
    /f = "{g: &e }"
    /f/g @ "g"
    /f/g = "" at 101
    "#);
}

/// The text of the value of the first key.
fn first_value(text: &str) -> &str {
    let span = tree(text, Syntax::Yaml).members()[0].value.span;
    &text[span.start..span.end]
}

/// The parser marks a block sequence without an extent, and after a key at its first item.
#[test]
fn block_sequence_span_ends_at_last_item() {
    for (text, slice) in [
        ("a:\n- []", "- []"),
        ("a:\n- [b]\n- {}\n# c\n", "- [b]\n- {}"),
        ("a: &x\n- []\nb: *x", "- []"),
        ("a: !!seq\n- []\nb: c", "- []"),
        ("a: !!seq &x # y\n  - [b]\n", "- [b]"),
        (":\n- []", "- []"),
        ("? a\n:\n-   []\n", "-   []"),
        ("a:\n- {}\nb: c", "- {}"),
        ("a: &x [ b ]  # c", "[ b ]"),
        ("ä: !!seq &ö\n - [é] \n", "- [é]"),
    ] {
        assert_eq!(first_value(text), slice, "{text:?}");
    }
}

#[test]
fn span_in_brackets_ends_at_the_bracket_after_a_trailing_comma() {
    for (text, slice) in [
        ("a: [1,]", "[1,]"),
        ("a: [1 , # c\n ] # d\n", "[1 , # c\n ]"),
        ("a: {b: [1,\n] ,\n}\nc: d\n", "{b: [1,\n] ,\n}"),
    ] {
        assert_eq!(first_value(text), slice, "{text:?}");
    }
}

#[test]
fn block_scalar_span_starts_at_header() {
    for (text, slice) in [
        ("a: |\n  | x\n\n", "|\n  | x"),
        ("a: # x | y\n  |", "|"),
        ("a: # x | y\n  |+\n\n", "|+"),
        ("a: # x | y\n  >2-  # > z\n\n    b", ">2-  # > z\n\n    b"),
        ("a: |\nb: 1", "|"),
        ("a: |\n  x\n# c\nb: 1", "|\n  x"),
        ("\"a | b\": |\n  x", "|\n  x"),
        ("a: &k|x |\n  x", "|\n  x"),
    ] {
        assert_eq!(first_value(text), slice, "{text:?}");
    }
    let text = "--- >\n a\n";
    assert_eq!(tree(text, Syntax::Yaml).span, Span::new(4, 8));
}

#[test]
fn yaml_values() {
    let long = "a: >\n  folded\n  text\n\n  more\nb: |+\n  kept\n\nc: |-\n  cut\n";
    for (text, value) in [
        ("", json!(null)),
        ("\u{FEFF}", json!(null)),
        ("# only a comment\n", json!(null)),
        ("---\n...\n", json!(null)),
        ("  \n", json!(null)),
        ("text", json!("text")),
        ("enabled: yes", json!({"enabled": "yes"})),
        (
            "{a: True, b: ~, c: 0x1F, d: 0o17, e: 1e3, f: .5}",
            json!({"a": true, "b": null, "c": 31, "d": 15, "e": 1000.0, "f": 0.5}),
        ),
        ("a: '1'\nb: \"true\"\nc: |\n  1\n", json!({"a": "1", "b": "true", "c": "1\n"})),
        (long, json!({"a": "folded text\nmore\n", "b": "kept\n\n", "c": "cut\n".trim()})),
        ("1: a\n~: b\ntrue: c\n: d\n", json!({"1": "a", "~": "b", "true": "c", "": "d"})),
        (
            "a: !!str 1\nb: !!int '7'\nc: !!float 1\nd: !!bool 'true'\ne: !!null ''\nf: ! 12",
            json!({"a": "1", "b": 7, "c": 1.0, "d": true, "e": null, "f": "12"}),
        ),
        ("a: !<tag:yaml.org,2002:str> 1", json!({"a": "1"})),
        ("%YAML 1.2\n%TAG !e! tag:yaml.org,2002:\n---\na: !e!str 1\n", json!({"a": "1"})),
        ("[a: 1, b]", json!([{"a": 1}, "b"])),
        (
            "a: &x {b: 1}\nc: *x\nd: [*x, *x]\n",
            json!({"a": {"b": 1}, "c": {"b": 1}, "d": [{"b": 1}, {"b": 1}]}),
        ),
        ("&k a: 1\nb: *k\n*k : 2\n", json!({"a": 1, "b": "a"})),
        ("a: &x 1\nb: &x 2\nc: *x\n", json!({"a": 1, "b": 2, "c": 2})),
        (
            "a: &x {p: 1, q: 2}\nb:\n  q: 3\n  <<: *x\n  p: 4\n  r: 5\n",
            json!({"a": {"p": 1, "q": 2}, "b": {"q": 3, "p": 4, "r": 5}}),
        ),
        (
            "a: &x {p: 1}\nb: &y {p: 2, q: 3}\nc:\n  <<: [*x, *y, {z: 0}]\n",
            json!({"a": {"p": 1}, "b": {"p": 2, "q": 3}, "c": {"p": 1, "q": 3, "z": 0}}),
        ),
        ("a:\n  '<<': 1\n", json!({"a": {"<<": 1}})),
        ("'<<': 1\n<<: {a: 2}\n<<: {b: 3}\n", json!({"<<": 1, "a": 2, "b": 3})),
        ("a:\tb\nc: 'd:\te'\nf:\t \t-1\n", json!({"a": "b", "c": "d:\te", "f": -1})),
        ("\u{FEFF}a: &x\n  é:\tb\n---\nc:\t~", json!({"a": {"é": "b"}})),
        ("a: &x {b: &y {c: 1}}\nd: *y\n", json!({"a": {"b": {"c": 1}}, "d": {"c": 1}})),
    ] {
        let documents = read(text, Syntax::Yaml);
        if text.contains("*k :") {
            assert_eq!(
                documents[0].problems[0].code,
                Code::DuplicateKey,
                "an alias is the key that it repeats"
            );
        } else {
            assert_eq!(documents[0].problems, [], "{text:?}");
        }
        assert_eq!(documents[0].root.as_ref().map(Node::to_json), Some(value), "{text:?}");
    }
    let root = tree("[.inf, -.Inf, .nan, 1e999]", Syntax::Yaml);
    let NodeKind::Array(items) = &root.kind else { panic!("an array") };
    assert!(items.iter().all(|item| matches!(item.kind, NodeKind::NonFinite)));
    assert!(matches!(tree("1e999", Syntax::Json).kind, NodeKind::NonFinite));
}

#[test]
fn plain_scalars_are_flagged() {
    let root = tree("{a: b, c: 'd', e: \"f\", g: !!str h}", Syntax::Yaml);
    let plain = |key: &str| match &root.get(key).expect("the key").kind {
        NodeKind::String { plain, .. } => *plain,
        _ => panic!("a string"),
    };
    assert_eq!((plain("a"), plain("c"), plain("e"), plain("g")), (true, false, false, true));
}

#[test]
fn alias_nodes_have_span_of_alias_and_origin_of_anchor() {
    let text = "a: &x\n  b: {c: 1}\nd: *x\ne:\n  <<: *x\n  f: 2\n";
    let root = tree(text, Syntax::Yaml);
    let slice = |span: Span| &text[span.start..span.end];
    let d = root.get("d").expect("d");
    assert_eq!((slice(d.span), slice(d.origin)), ("*x", "b: {c: 1}"));
    let b = d.member("b").expect("b");
    assert_eq!((slice(b.key_span), slice(b.value.span), slice(b.value.origin)), ("*x", "*x", "{c: 1}"));
    let c = b.value.get("c").expect("c");
    assert_eq!((slice(c.span), slice(c.origin)), ("*x", "1"));
    let e = root.get("e").expect("e");
    let merged = e.member("b").expect("merged");
    assert_eq!((slice(merged.key_span), slice(merged.value.span)), ("<<", "*x"));
    assert_eq!((slice(merged.value.origin), slice(e.span)), ("{c: 1}", "<<: *x\n  f: 2"));
}

#[test]
fn streams() {
    let documents = read("a: 1\n---\nb: 2\n...\n# c\n---\n- c\n", Syntax::Yaml);
    let values: Vec<_> = documents.iter().map(|d| d.root.as_ref().map(Node::to_json)).collect();
    assert_eq!(values, [Some(json!({"a": 1})), Some(json!({"b": 2})), Some(json!(["c"]))]);
    assert_eq!(documents.iter().map(|d| d.index).collect::<Vec<_>>(), [0, 1, 2]);

    let documents = read("a: 1\n---\nb: [2\n---\nc: 3\n", Syntax::Yaml);
    assert_eq!(documents.len(), 2);
    assert_eq!(documents[0].root.as_ref().map(Node::to_json), Some(json!({"a": 1})));
    assert!(documents[0].problems.is_empty());
    assert!(documents[1].root.is_none());
    assert_eq!(documents[1].problems[0].code, Code::Syntax);

    let documents = read("a: &x 1\n---\nb: *x\n---\nc: 1", Syntax::Yaml);
    assert_eq!(
        problems(&documents[1]),
        [(Code::Syntax, "/b", Span::new(15, 17), "unknown anchor: not defined before this alias")]
    );
    assert_eq!(documents[2].root.as_ref().map(Node::to_json), Some(json!({"c": 1})));
}

#[test]
fn duplicate_keys() {
    for (text, syntax, span, line) in [
        ("{\"a\": {\"b~/\": 1,\n\"b~/\": 2}}", Syntax::Json, Span::new(17, 22), 1),
        ("a:\n  b~/: 1\n  \"b~/\": 2\n", Syntax::Yaml, Span::new(14, 19), 2),
        ("a: {b~/: 1, b~/: 2}\n", Syntax::Yaml, Span::new(12, 15), 1),
    ] {
        let documents = read(text, syntax);
        let message = format!("duplicate key `b~/` (first defined on line {line})");
        assert_eq!(problems(&documents[0]), [(Code::DuplicateKey, "/a/b~0~1", span, message.as_str())]);
        let [first] = &documents[0].problems[0].related[..] else { panic!("the first place") };
        let place = first.place.span();
        assert_eq!(text[place.start..place.end].trim_matches('"'), "b~/");
        assert!(place.end <= span.start);
        assert_eq!((first.message.as_str(), &first.path), ("first defined here", &None));
        let root = documents[0].root.as_ref().expect("a tree");
        assert_eq!(root.to_json(), json!({"a": {"b~/": 1}}), "the first stays");
    }
}

#[test]
fn duplicate_keys_of_large_object_are_limited() {
    let mut text = String::from("{");
    for n in 0..40_000 {
        let _ = write!(text, "\"k{}\":{n},", n % 20_000);
    }
    text.push_str("\"\\u0007\":1,\"\\u0007\":2}");
    let documents = read(&text, Syntax::Json);
    assert_eq!(documents[0].root.as_ref().map(|root| root.members().len()), Some(20_001));
    assert_eq!(documents[0].problems.len(), 100);

    let text = format!("{{\"{0}\":1,\"{0}\":2}}", "\\n".repeat(100));
    let message = &read(&text, Syntax::Json)[0].problems[0].message;
    assert!(!message.contains('\n') && message.chars().count() < 120, "{message:?}");
}

#[test]
fn json_escapes() {
    let text = r#""\"\\\/\b\f\n\r\t\u00e9\u2028\uD834\udd1e""#;
    assert_eq!(tree(text, Syntax::Json).to_json(), "\"\\/\u{8}\u{C}\n\r\té\u{2028}𝄞");
    for (wrong, at) in [(r#""a\x41""#, 2), (r#""\u12g4""#, 1), (r#""\u12""#, 1), (r#""\ud800\u12g4""#, 7)] {
        let document = read(wrong, Syntax::Json).remove(0);
        let found: Vec<_> =
            document.problems.iter().map(|problem| (problem.code, problem.span.start)).collect();
        assert_eq!(found, [(Code::Syntax, at)], "{wrong}");
    }
}

#[test]
fn json_syntax_errors() {
    let list: &[(&str, (usize, usize), &str)] = &[
        ("{\"a\": 1,}", (7, 8), "trailing comma"),
        ("[1,]", (2, 3), "trailing comma"),
        ("[,1]", (1, 2), "unexpected `,`: no value before it"),
        ("[1,,2]", (3, 4), "unexpected `,`: no value before it"),
        ("{,}", (1, 2), "unexpected `,`: no value before it"),
        ("{\"a\": 1 \"b\": 2}", (7, 7), "expected `,` after this value"),
        ("[1 2]", (2, 2), "expected `,` after this value"),
        ("{\"a\" 1}", (4, 4), "expected `:` after this key"),
        ("{\"a\":}", (5, 6), "expected a value"),
        ("{a: 1}", (1, 2), "object keys must be double-quoted strings"),
        ("{'a': 1}", (1, 2), "object keys must be double-quoted strings"),
        ("{1: 1}", (1, 2), "object keys must be double-quoted strings"),
        ("['a']", (1, 2), "single-quoted strings are not allowed in JSON"),
        ("[1] x", (4, 5), "unexpected text after the JSON value"),
        ("{} {}", (3, 4), "unexpected text after the JSON value"),
        ("[1 // x\n]", (3, 4), "comments are not allowed in JSON"),
        ("/* x */ 1", (0, 1), "comments are not allowed in JSON"),
        ("[1 /x]", (2, 2), "expected `,` after this value"),
        ("{/x: 1}", (1, 2), "object keys must be double-quoted strings"),
        ("[/x]", (1, 2), "expected a JSON value"),
        ("[True]", (1, 5), "expected a JSON value"),
        ("[nullx]", (1, 6), "expected a JSON value"),
        ("[𝄞]", (1, 5), "expected a JSON value"),
        ("[01]", (1, 3), "invalid JSON number"),
        ("[1.]", (1, 3), "invalid JSON number"),
        ("[-]", (1, 2), "invalid JSON number"),
        ("[+1]", (1, 2), "expected a JSON value"),
        ("[.5]", (1, 2), "expected a JSON value"),
        ("[0x1F]", (1, 5), "invalid JSON number"),
        ("[NaN]", (1, 4), "expected a JSON value"),
        ("[\"a\tb\"]", (3, 4), "unescaped line break, tab or other control character in a string"),
        ("[\"a\nb\"]", (3, 4), "unescaped line break, tab or other control character in a string"),
        ("[\"a]", (1, 2), "unterminated string"),
        ("[\"a\\", (1, 2), "unterminated string"),
        ("[\"é\\q\"]", (4, 6), "invalid JSON escape sequence"),
        ("[\"\\ud834\"]", (2, 4), "invalid JSON escape sequence"),
        ("[\"\\udd1e\"]", (2, 4), "invalid JSON escape sequence"),
        ("[\"\\u12\"]", (2, 4), "invalid JSON escape sequence"),
        ("{\"a\": [1\n", (6, 7), "unclosed `[`"),
        ("{\"a\"", (0, 1), "unclosed `{`"),
        ("{\"a\": [\"b\": 1}}", (10, 11), "unexpected key in an array"),
        ("[}", (1, 2), "expected `]`, found `}`"),
        ("{]", (1, 2), "expected `}`, found `]`"),
        ("]", (0, 1), "expected a value"),
        ("\u{A0}1", (0, 2), "U+00A0 no-break space in place of a space"),
        ("[1,\u{2028}2]", (3, 6), "U+2028 line separator in place of a line break"),
        ("[\u{FEFF}]", (1, 4), "U+FEFF byte order mark in the text"),
        ("[1,\u{C}2]", (3, 4), "U+000C form feed in place of a space"),
        ("[\"a\u{C}b\"]", (3, 4), "unescaped line break, tab or other control character in a string"),
        ("{\"a\"\u{FF1A}1}", (4, 7), "U+FF1A fullwidth form in place of `:`"),
        ("{\u{201C}a\u{201D}: 1}", (1, 4), "U+201C left double quotation mark in place of `\"`"),
        (
            "{\"a\": \u{201C}b\u{201D}, \"c\":\u{A0}1}",
            (6, 9),
            "U+201C left double quotation mark in place of `\"`",
        ),
        ("{\"a\": 1 \"b\": \"\u{A0}\"}", (7, 7), "expected `,` after this value"),
        ("{\"a\": {{ b }}}", (7, 8), "unrendered template: `{{` is not valid YAML or JSON"),
        (
            "{\"a\": \"${C}\", \"b\": {{ b }}}",
            (20, 21),
            "unrendered template: `{{` is not valid YAML or JSON",
        ),
        ("{% if b %}{\"a\": 1}{% endif %}", (1, 2), "unrendered template: `{%` is not valid YAML or JSON"),
        ("{\"a\": ${B}}", (6, 7), "unresolved placeholder: `${` must be quoted here"),
        ("{\"a\": $B}", (6, 7), "unresolved placeholder: `$` must be quoted here"),
        ("{\"a\": %B%}", (6, 7), "unresolved placeholder: `%` must be quoted here"),
        ("{\"a\": \"${B}\" \"c\": 1}", (12, 12), "expected `,` after this value"),
        ("{{\"a\": 1}: 2}", (1, 2), "object keys must be double-quoted strings"),
    ];
    for (text, (start, end), message) in list {
        let documents = read(text, Syntax::Json);
        let found: Vec<_> = documents[0].problems.iter().map(|p| (p.span, p.message.as_str())).collect();
        assert_eq!(found, [(Span::new(*start, *end), *message)], "{text:?}");
        assert!(documents[0].root.is_none(), "{text:?}");
        assert!(serde_json::from_str::<Value>(text).is_err(), "{text:?}");
    }
}

/// The text is parsed again for each tab between a colon and a value.
#[test]
fn reparsing_for_tabs_after_colons_is_bounded() {
    let keys = |count: usize| {
        let mut text = String::new();
        for n in 0..count {
            let _ = writeln!(text, "a{n}:\tb");
        }
        text
    };
    let few = read(&keys(100), Syntax::Yaml);
    assert_eq!(few[0].root.as_ref().map(|root| root.members().len()), Some(100));
    let many = read(&keys(100_000), Syntax::Yaml);
    assert_eq!(many[0].problems[0].message, "expected a space, found a tab");
}

/// A text, and the span and message of its only problem.
type Wrong = (&'static str, (usize, usize), &'static str);

fn only_problems(list: &[Wrong]) {
    for (text, (start, end), message) in list {
        let documents = read(text, Syntax::Yaml);
        let found: Vec<_> =
            documents[0].problems.iter().map(|p| (p.code, p.span, p.message.as_str())).collect();
        assert_eq!(found, [(Code::Syntax, Span::new(*start, *end), *message)], "{text:?}");
        assert!(documents[0].root.is_none(), "{text:?}");
    }
}

/// They may replace a space, or be superfluous.
#[test]
fn invisible_characters_are_named_in_syntax_errors() {
    only_problems(&[
        ("a: 1\nb:\u{200B}2", (7, 10), "U+200B zero width space in place of a space"),
        ("a: 1\nb:\u{200D}\u{200D}2", (7, 13), "U+200D zero width joiner in place of a space"),
        ("a: 1\nb:\u{202E}2", (7, 10), "U+202E right-to-left override in place of a space"),
        ("a: 1\nb:\u{FE0F}2", (7, 10), "U+FE0F variation selector in place of a space"),
        ("a: 1\nb:\u{FEFF}2", (7, 10), "U+FEFF byte order mark in place of a space"),
        ("a: 1\nb:\u{2028}2", (7, 10), "U+2028 line separator in place of a space"),
        ("a: 1\nb:\u{85}2", (7, 9), "U+0085 next line in place of a space"),
        ("a: 1\nb:\u{C}2", (7, 8), "U+000C form feed in place of a space"),
        ("a: 1\nb:\u{7F}2", (7, 8), "U+007F in place of a space"),
        ("a:\n  b: 1\n \u{AD}c: 2", (11, 13), "U+00AD soft hyphen in place of a space"),
        ("a:\n  b: 1\n \u{B}c: 2", (11, 12), "U+000B line tabulation in place of a space"),
        ("a:\n  b: 1\n\u{C}  c: 2\n  d: 3", (10, 11), "U+000C form feed in the text"),
        ("a:\n  b: 1\n\u{A0}  c: 2\n  d: 3", (10, 12), "U+00A0 no-break space in the text"),
        (
            "a:\n \u{C}b: 1\n \u{C}c: 2",
            (4, 5),
            "U+000C form feed in place of a space, in the indentation of 2 lines",
        ),
        ("a:\n \u{200B}b: 1\n \u{200B}c: 2", (4, 7), "U+200B zero width space in the indentation of 2 lines"),
        ("a: ${B\u{FEFF}C}", (6, 9), "U+FEFF byte order mark in the text"),
    ]);
}

#[test]
fn yaml_syntax_errors() {
    let list: &[Wrong] = &[
        ("a:\n\tb: 1", (3, 4), "tabs are not allowed in indentation"),
        ("a: b\n\tc: d", (5, 6), "tabs are not allowed in indentation"),
        ("a: b\tc\nd: |\n\te", (12, 13), "tabs are not allowed in indentation"),
        ("a:\tb: 1", (4, 5), "unexpected `: `: mapping values are not allowed here"),
        ("a:\t- b", (3, 4), "unexpected `- `: array items are not allowed here"),
        ("? a\n:\tb", (6, 7), "expected a space, found a tab"),
        ("[|a]", (1, 3), "a value cannot start with this character"),
        ("[?]", (1, 2), "a value cannot start with this character"),
        ("{a: 1, >: 2}", (7, 8), "a value cannot start with this character"),
        ("a: \"b\nc: d\"", (3, 4), "unterminated string on this line"),
        ("a:\n  - b: 1\nc:\n  ? d\n  e: [f\n", (26, 27), "unclosed `[`"),
        ("a:\n  b: [c,\n ]", (13, 14), "unclosed `[` or `{` above, or this line is not indented"),
        ("a: b: c", (4, 5), "unexpected `: `: mapping values are not allowed here"),
        ("a: 'b", (3, 4), "unterminated string"),
        ("a: \"b\\q\"", (3, 4), "unknown escape sequence in a double-quoted string"),
        ("a: 'b' c", (7, 8), "unexpected text after the closing quote"),
        ("a: @b", (3, 4), "a value cannot start with this character"),
        ("a: *b", (3, 4), "unknown anchor: not defined before this alias"),
        ("a: [1, 2", (3, 4), "unclosed `[`"),
        ("a: }", (3, 4), "unmatched closing bracket"),
        ("𝄞: 1\nb\nc: 2", (8, 9), "expected `:` after this key"),
        ("a: 1\nb:2  \n  # c: 3\n", (5, 8), "expected `:` after this key"),
        ("a: 1\nb:2", (5, 8), "expected `:` after this key"),
        ("a: 1\n  b: 2", (8, 9), "unexpected `: `: mapping values are not allowed here"),
        ("  a: 1\n b: 2", (8, 9), "unexpected text after the end of the document"),
        ("a: &x [*x]", (7, 9), "recursive alias: it is inside the value that it refers to"),
        ("? [a]\n: b", (2, 3), "a key cannot be an array or an object"),
        ("{{a: b}: c}", (1, 2), "a key cannot be an array or an object"),
        ("a: !secret b", (11, 12), "unsupported YAML tag"),
        ("a: !!int b", (9, 10), "the value does not match its tag: expected an integer"),
        ("a: !!map b", (9, 10), "the tag does not match the type of the value"),
        ("a: !!str [b]", (9, 10), "the tag does not match the type of the value"),
        ("a:\n  <<: 1", (9, 10), "`<<` expects an object or an array of objects"),
        ("a:\n  <<: [1]", (9, 12), "`<<` expects an object or an array of objects"),
        ("a: b\0c", (4, 5), "unexpected NUL character"),
        ("a\0:\0 \0b\0", (0, 0), "the text is UTF-16, not UTF-8"),
        ("\0a\0:\0 \0b", (0, 0), "the text is UTF-16, not UTF-8"),
        ("%YAML 1.2\na: 1\n", (10, 11), "missing `---` between the directives and the document"),
        ("%YAML 1.2\n# b\n\n{a: 1}\n", (15, 16), "missing `---` between the directives and the document"),
        // Misleading characters and placeholders are the cause of the parser's error.
        ("a: 1\nb:\u{A0}2", (7, 9), "U+00A0 no-break space in place of a space"),
        ("a:\u{A0}\n  b: 2", (2, 4), "U+00A0 no-break space in place of a space"),
        ("a:\u{A0}\u{A0}\n  b: 2", (2, 6), "U+00A0 no-break space in place of a space"),
        ("a:\u{A0}# x\n# y\n  b: 2", (2, 4), "U+00A0 no-break space in place of a space"),
        ("a: 1\nb:\u{3000}2", (7, 10), "U+3000 ideographic space in place of a space"),
        ("a: 1\nb\u{FF1A}2", (6, 9), "U+FF1A fullwidth form in place of `:`"),
        ("a: 1\nb\u{FF1A} 2", (6, 9), "U+FF1A fullwidth form in place of `:`"),
        ("a: 1\u{2028}b: 2", (4, 7), "U+2028 line separator in place of a line break"),
        ("a: \u{201C}b: c\u{201D}", (3, 6), "U+201C left double quotation mark in place of `\"`"),
        ("a: \u{2018}b: c\u{2019}", (3, 6), "U+2018 left single quotation mark in place of `'`"),
        ("a: b\u{FEFF}c", (4, 7), "U+FEFF byte order mark in the text"),
        ("a: \"x\u{A0}y\" z", (10, 11), "unexpected text after the closing quote"),
        ("a: \u{201C}b\u{201D}\nc", (11, 12), "expected `:` after this key"),
        ("a: {{ b }}", (4, 5), "unrendered template: `{{` is not valid YAML or JSON"),
        ("a: {{ b }}.{{ c }}", (4, 5), "unrendered template: `{{` is not valid YAML or JSON"),
        ("{{ a }}: b", (0, 1), "unrendered template: `{{` is not valid YAML or JSON"),
        ("a: 1\n{% if b %}\nc: 2", (6, 7), "unrendered template: `{%` is not valid YAML or JSON"),
        ("{{- if .b }}\nc: 2", (2, 3), "unrendered template: `{{` is not valid YAML or JSON"),
        ("{a: ${B}}", (5, 6), "unresolved placeholder: `${` must be quoted here"),
        ("{# a #}\nb: 2", (1, 2), "unrendered template: `{#` is not valid YAML or JSON"),
        ("b: 2\n{# a #}\nc: 2", (6, 7), "unrendered template: `{#` is not valid YAML or JSON"),
        ("{#\n  a\n#}\nb: 2", (1, 2), "unrendered template: `{#` is not valid YAML or JSON"),
        ("a: 1\n{%\n  if b\n%}\nc: 2", (6, 7), "unrendered template: `{%` is not valid YAML or JSON"),
        ("a: %B%", (3, 4), "unresolved placeholder: `%` must be quoted here"),
        ("a: @B@", (3, 4), "unresolved placeholder: `@` must be quoted here"),
        ("a: %Bc", (3, 4), "a value cannot start with this character"),
        ("a: \"${B}", (3, 4), "unterminated string"),
        ("a: ${B}\nc", (8, 9), "expected `:` after this key"),
        ("# {{ a }}\nb: c: d", (14, 15), "unexpected `: `: mapping values are not allowed here"),
    ];
    only_problems(list);
}

/// The parser notices the missing colon only at the next token, which may be lines below.
#[test]
fn missing_colon_is_reported_at_its_key() {
    for (text, line) in [
        ("a: 1\nconfig\n  b: 2\n", "config"),
        ("a: 1\nconfig\n  b\n  c\n  d: 2\n", "config"),
        ("a: 1\nconfig   # of what\n# b\n  c: 2\n", "config"),
        ("a: 1\r\nconfig\r\n\r\n\r\n  b: 2\r\n", "config"),
        ("a:\n  b: 1\nstray words\n  c: 2\n", "stray words"),
        ("a: 1\n'a config'\n  b: 2\n", "'a config'"),
        ("a: é\nkönfig\n  b: 2\n", "könfig"),
        ("a:\n  - b: 1\n    host\n      c: 2\n", "host"),
        ("a: |\n  text\nconfig\n  b: 2\n", "config"),
        ("---\na: 1\n---\nb: 2\nconfig\n  c: 3\n", "config"),
        // The parser reports an unexpected colon.
        ("config\nb: 2\n", "config"),
        ("\u{FEFF}config\n  b\n  c: 2\n", "config"),
        ("a:\n  host\n  port\n  b: 2\n", "host"),
        ("a:\n  host:b\n  c: 2\n", "host:b"),
        ("a:\n  - host\n    b: 2\n", "host"),
        // A comment ends the key, so that the parser reports the comment.
        ("a: 1\nconfig # of what\n  b: 2\n", "config"),
        ("a: 1\nconfig \t # of what\n  b: 2\n", "config"),
        ("a: 1\r\nconfig # of what\r\n  b: 2\r\n", "config"),
        ("a: 1\n'config' # of what\n  b: 2\n", "'config'"),
        ("type # x\nb: 2\n", "type"),
        ("a:\n  host # x\n  b: 2\n", "host"),
        ("a:\n  b: 1\n  c # x\n    d: 2\n", "c"),
        ("a:\n  - b\n  - c # x\n    d: 2\n", "c"),
        ("- c # x\n  d: 2\n", "c"),
        ("config # x\n  - a\n", "config"),
        ("a: 1\nconfig # x\n  - a\n", "config"),
        ("a: 1\nb # x\n", "b"),
        ("a: 1\nb # x", "b"),
        ("a:\n  b: 1\n c # x\n  d: 2\n", "c"),
        // The parser treats it as a value.
        ("a:\n  'host' # x\n  b: 2\n", "'host'"),
        ("a:\n  \"host\"\n\n  b: 2\n", "\"host\""),
        ("a:\n  - 'host'\n    b: 2\n", "'host'"),
        // Or the parser reports the intended value.
        ("a: 1\n\"b\" false\nc: 2\n", "\"b\""),
        ("a:\n  'host' 'x'\n  b: 2\n", "'host'"),
        ("'a' 1\nb: 2\n", "'a'"),
        ("- a: 1\n  \"b\" 2\n", "\"b\""),
    ] {
        let documents = read(text, Syntax::Yaml);
        let found: Vec<_> = documents.iter().flat_map(|document| &document.problems).collect();
        let [problem] = found[..] else { panic!("{text:?}: {found:?}") };
        assert_eq!(&text[problem.span.start..problem.span.end], line, "{text:?}");
        assert_eq!(problem.message, "expected `:` after this key", "{text:?}");
    }
    // A line that starts with a key has its colon: the next line is wrong.
    for text in ["a: b\n  c: d", "- a: b\n    c: d", "a: b # x\n  c: d"] {
        assert_eq!(
            read(text, Syntax::Yaml)[0].problems[0].message,
            "unexpected `: `: mapping values are not allowed here",
            "{text:?}"
        );
    }
    // Text after or below a quoted value is not part of a key.
    for text in ["a: 'b' c\nd: 1\n", "a:\n  'b' c\nd: 1\n", "a: 1\n'b'c: 2\n", "a:\n  - 'b' c\n"] {
        let message = "unexpected text after the closing quote";
        assert_eq!(read(text, Syntax::Yaml)[0].problems[0].message, message, "{text:?}");
    }
    for text in ["a: b # x\n  c\n", "a:\n  b # x\n  c\n", "- b # x\n  c\n", "a: b # x\n  c:d\n"] {
        let message = "unexpected comment inside multi-line text";
        assert_eq!(read(text, Syntax::Yaml)[0].problems[0].message, message, "{text:?}");
    }
}

/// The parser treats a line with too little indentation as the parent of the next one.
#[test]
fn wrong_indentation_is_reported_at_its_line() {
    let less = "this line is indented less than the lines before and after it";
    let unfit = "inconsistent indentation";
    let (item, key) =
        ("unexpected `- ` among the keys of an object", "unexpected key among the items of an array");
    let colon = "unexpected `: `: mapping values are not allowed here";
    for (text, line, message) in [
        ("a:\n  b: 1\nc: 2\n  d: 3\n", 3, less),
        ("a:\r\n  b: 1\r\nc: 2\r\n  d: 3\r\n", 3, less),
        ("a:\n  b: 1\nc: 2 # x\n  d: 3\n", 3, less),
        ("a:\n  b: 1\nc: \"x\"\n  d: 3\n", 3, less),
        ("a:\n  b: 1\nc: [x]\n  d: 3\n", 3, less),
        ("a:\n  b: 1\n# x\nc: 2\n\n  # y\n  d: 3\n", 4, less),
        ("a:\n  b:\n    c: 1\nd: 2\n  e: 3\n", 4, less),
        ("a:\n  b: 1\nc: 2\n  d:\n    e: 3\n", 3, less),
        ("a:\n  b:\n    c: 1\n  d: 2\n    e: 3\n", 4, less),
        ("a:\n  b: 1\nc: 2\nd: 3\n  e: 4\n  f: 5\n", 3, less),
        // More lines have the lower indentation than the higher one.
        ("a:\n  b: 1\nc: 2\nd: 3\n  e: 4\n", 5, colon),
        ("a: 1\n  b: 2\nc: 3\n", 2, colon),
        ("a:\n  b: 1\n    c: 2\n  d: 3\n", 3, colon),
        ("a:\n  b: \"x\"\n    c: 2\n", 3, unfit),
        ("a:\n  b: 1\n c: 2\n  d: 3\n", 3, unfit),
        ("a:\n  b:\n      c: 1\n    d: 2\n", 4, unfit),
        ("a:\n    - b\n  - c\n", 3, unfit),
        ("a:\n  - b: 1\n - c: 2\n", 3, unfit),
        ("a:\n  - b: 1\n    c: 2\n  d: 3\n    e: 4\n", 4, key),
        ("a:\n  - b: 1\n  # x\n  d: 3\n", 4, key),
        ("a:\n  - b\n  d: 3\n", 3, key),
        ("a:\n  b: 1\n  - c: 2\n  d: 3\n", 3, item),
        ("a:\n  b: 1\n  -\n    c: 2\n", 3, item),
        ("a: 1\n- b: 2\nc: 3\n", 2, item),
        ("a:\r\n  b: [1]\r\n  - c\r\n", 3, item),
        ("a:\n  b: |\n    text\n c: 1\nd: 2\n", 4, unfit),
        ("a:\n  b: |\n    text\n   c: 1\n", 4, unfit),
        ("a:\n  b: 1\n c: 2", 3, unfit),
    ] {
        let documents = read(text, Syntax::Yaml);
        let found: Vec<_> = documents.iter().flat_map(|document| &document.problems).collect();
        let [problem] = found[..] else { panic!("{text:?}: {found:?}") };
        let at = text[..problem.span.start].matches('\n').count() + 1;
        assert_eq!((at, problem.message.as_str()), (line, message), "{text:?}");
    }
}

#[test]
fn merge_conflict_is_reported_as_one_problem() {
    let ours = "<<<<<<< HEAD\n\"b\": 1,\n||||||| 1a2b3c\n\"b\": 0,\n=======\n\"b\": 2,\n>>>>>>> theirs\n";
    for text in [
        format!("{{\"a\": 1,\n{ours}\"c\": 3}}"),
        ours.to_owned(),
        "a: 1\n<<<<<<< HEAD\nb: 1\n||||||| 1a2b3c\nb: 0\n=======\nb: 2\n>>>>>>> theirs\nc: 3\n".to_owned(),
        "a:\r\n<<<<<<< HEAD\r\n- b\r\n|||||||\r\n=======\r\n- c\r\n>>>>>>> theirs\r\n".to_owned(),
        // Parsed without an error, but not as intended.
        "{a: \"1\n<<<<<<< HEAD\n2\n||||||| 1a2b3c\n=======\n3\n>>>>>>> theirs\n\"}\n".to_owned(),
        "{a: 1,\n<<<<<<< HEAD\nb: 1,\n|||||||\n=======\nb: 2,\n>>>>>>> theirs\n}\n".to_owned(),
        "<<<<<<< HEAD\na\n|||||||\n=======\nb\n>>>>>>> theirs\n".to_owned(),
    ] {
        for syntax in [None, Some(Syntax::Json), Some(Syntax::Yaml)] {
            let documents = parse(&text, syntax, &Limits::default());
            let [document] = &documents[..] else { panic!("{text:?}") };
            let [problem] = &document.problems[..] else { panic!("{text:?}: {:?}", document.problems) };
            assert!(document.root.is_none());
            assert_eq!(
                (problem.code, &text[problem.span.start..problem.span.end]),
                (Code::Syntax, "<<<<<<<")
            );
            assert_eq!(problem.message, "unresolved merge conflict: `<<<<<<<`");
            let related = problem.related.iter().map(|related| {
                let span = related.place.span();
                (&text[span.start..span.end], related.message.as_str())
            });
            assert_eq!(
                related.collect::<Vec<_>>(),
                [
                    ("|||||||", "the common ancestor begins here"),
                    ("=======", "the other side begins here"),
                    (">>>>>>>", "the conflict ends here"),
                ]
            );
        }
    }
}

#[test]
fn each_conflict_and_stray_marker_is_reported() {
    let markers = |text: &str| -> Vec<String> {
        let documents = read(text, Syntax::Yaml);
        let problems = documents.iter().flat_map(|document| &document.problems);
        problems.map(|problem| text[problem.span.start..problem.span.end].to_owned()).collect()
    };
    let conflict = "<<<<<<< a\nb: 1\n=======\nb: 2\n>>>>>>> c\n";
    assert_eq!(markers(&format!("a: 1\n{conflict}c: 3\n{conflict}")), ["<<<<<<<", "<<<<<<<"]);
    assert_eq!(markers("a: 1\n=======\nb: 2\n"), ["======="]);
    assert_eq!(markers("a: 1\n>>>>>>> c\nb: 2\n=======\n"), [">>>>>>>", "======="]);
    assert!(markers(&conflict.repeat(100_000)).len() <= 400, "hostile text");
    // Block scalars, comments and longer lines contain no markers.
    let block = "a: |\n  <<<<<<< a\n  =======\n  >>>>>>> c\n# =======\n";
    assert_eq!(markers(block), [""; 0]);
    for text in ["a: 1\n========\nb: 2\n", "a: 1\n=====\nb: 2\n", "a: 1\n<<<<<<<b\nb: 2\n"] {
        assert_eq!(
            read(text, Syntax::Yaml)[0].problems[0].message,
            "expected `:` after this key",
            "{text:?}"
        );
    }
}

#[test]
fn empty_documents_are_skipped() {
    for (text, places) in [
        ("a: 1\n---\n", &[0][..]),
        ("a: 1\n---", &[0]),
        ("---\n---\na: 1\n", &[0]),
        ("---\n# nothing\n--- # here\na: 1\n", &[0]),
        ("a: 1\n---\n\n# nothing\n---\nb: 2\n", &[0, 1]),
        ("a: 1\n...\n---\n...\n", &[0]),
        ("\r\n---\r\na: 1\r\n---\r\n", &[0]),
        ("%YAML 1.2\n---\n---\na: 1\n", &[0]),
        ("a: 1\n---\nb: [\n", &[0, 1]),
        // These are explicit.
        ("---\n--- null\n--- ~\n--- \"\"\n", &[0, 1, 2]),
        ("a: 1\n--- !!null\n--- !!null null\n--- &a\n--- !!str\n---\nNull\n", &[0, 1, 2, 3, 4, 5]),
        ("a: 1\n--- # !!null\n", &[0]),
        // An empty text is one document.
        ("", &[0]),
        ("# nothing\n", &[0]),
        ("---\n---\n---\n", &[0]),
        ("---\n...\n---\n", &[0]),
    ] {
        let found: Vec<usize> = read(text, Syntax::Yaml).iter().map(|document| document.index).collect();
        assert_eq!(found, places, "{text:?}");
    }
    for text in ["", "---\n---\n", "# nothing\n"] {
        assert_eq!(tree(text, Syntax::Yaml).to_json(), json!(null), "{text:?}");
    }
}

/// Each guess parses the whole text, so their number is limited, and each is made from a part of the text.
#[test]
fn cost_of_guesses_is_bounded() {
    for text in [
        format!("{}c: d: e\n", "a:\u{A0}b\n".repeat(40_000)),
        format!("a: {} b: c\n", "\u{A0}\u{200B}".repeat(100_000)),
        format!("a: {} b: c\n", "${".repeat(200_000)),
        format!("a: {} b: c\n", "{{ x }}".repeat(50_000)),
        "a: !x b\n---\n".repeat(9_999),
        format!("a: {} b: c\n", "{#".repeat(200_000)),
        format!("a: {} b: c\n", "\u{C}[\"".repeat(200_000)),
        format!("a: {}\nb: c\n", "[".repeat(50_000)),
    ] {
        let documents = read(&text, Syntax::Yaml);
        assert!(documents[0].root.is_none());
    }
    // Once the budget is spent, the other documents are not changed.
    let documents = read(&"a:\n\u{A0}b: 1\n---\n".repeat(9_999), Syntax::Yaml);
    assert!(documents[0].root.is_none() && documents[9_998].root.is_some());
}

#[test]
fn template_is_reported_in_each_document_of_a_stream() {
    let documents = read("a: {{ b }}\n---\nc: {{ d }}\n---\ne: 1\n", Syntax::Yaml);
    let found: Vec<_> =
        documents.iter().map(|one| one.problems.iter().map(|p| p.span.start).collect::<Vec<_>>()).collect();
    assert_eq!(found, [vec![4], vec![19], Vec::new()]);
    let message = "unrendered template: `{{` is not valid YAML or JSON";
    assert!(documents.iter().flat_map(|one| &one.problems).all(|problem| problem.message == message));
}

/// A quoted statement would become a string value.
#[test]
fn quoting_is_suggested_only_for_value_placeholders() {
    let quotes = "render the template first, then check the result; or put the placeholder in quotes";
    for (text, help) in [
        ("a: {{ b }}", quotes),
        ("a: {{ b }}.{{ c }}", quotes),
        ("a: 1\n{% if b %}\nc: 2", "render the template first, then check the result"),
        ("a: {% if b %}1{% endif %}", "render the template first, then check the result"),
        ("a: 1\n<% if b %>\nc: 2", "render the template first, then check the result"),
        ("{{- if .b }}\nc: 2", "render the template first, then check the result"),
        ("{# b #}\nc: 2", "render the template first, then check the result"),
        ("{#\nb\n#}\nc: 2", "render the template first, then check the result"),
        ("{\n{# b #}\n\"c\": 2}", "render the template first, then check the result"),
    ] {
        let documents = parse(text, None, &Limits::default());
        let [problem] = &documents[0].problems[..] else { panic!("{text}: {:?}", documents[0].problems) };
        assert!(problem.message.starts_with("unrendered template: "), "{text}: {}", problem.message);
        assert_eq!(problem.help.as_deref(), Some(help), "{text}");
    }
}

/// The parser reports an error only after the collection.
#[test]
fn unclosed_bracket_is_reported_at_the_bracket() {
    for (text, rest) in [
        ("a: [b\nc: d\n", "[b\nc"),
        ("a: [b # ]\nc: d\n", "[b # ]"),
        ("a: [b, 'c]'\nd: e\n", "[b, 'c]'"),
        ("a: {b: c, d: e\nf: g\n", "{b: c, d"),
        ("a: {\n  b: c\n  d: e\n", "{\n  b"),
        ("a:\n  b: [c,\n    d\n  e: f\n", "[c,"),
        ("a: [b, c\n", "[b, c"),
        ("a: [b, c", "[b, c"),
        ("a: [[b], {c: d\ne: f\n", "{c: d"),
        ("a: {b: [c, d: e}\nf: g\n", "[c"),
        ("a: [b\nc: [d]\ne: it's\nf: {g: h}\n", "[b\nc"),
        ("a: !!seq &b [c\nd: e\n", "[c"),
        ("- [b\n- c\n", "[b"),
        ("é: [ü\nc: d\n", "[ü"),
        ("a: [b\n---\nc: ]\n", "[b\n---"),
    ] {
        let documents = read(text, Syntax::Yaml);
        let found: Vec<_> = documents.iter().flat_map(|document| &document.problems).collect();
        let [problem] = found[..] else { panic!("{text:?}: {found:?}") };
        assert!(text[problem.span.start..].starts_with(rest), "{text:?}: {problem:?}");
        let (bracket, closer) = if rest.starts_with('[') { ('[', ']') } else { ('{', '}') };
        assert_eq!(problem.message, format!("unclosed `{bracket}`"), "{text:?}");
        assert_eq!(problem.help, Some(format!("add the closing `{closer}`")), "{text:?}");
    }
    // Here the cause is different.
    for text in [
        "a: {b: 1\n  c: 2}\nd: e\n",
        "a: [b, \"c]\nd: e\n",
        "a: [b}\nc: d\n",
        "a: b[c\n  d: e\n",
        "a: [@b, c\nd: e]\n",
        "a: [b\u{FF3D}\nc: d\n",
        "# [\na: b: c\n",
        "a: |\n  [\nb: c: d\n",
    ] {
        let documents = read(text, Syntax::Yaml);
        let problem = documents.iter().flat_map(|document| &document.problems).next().expect(text);
        assert!(
            !["unclosed `[`", "unclosed `{`"].contains(&problem.message.as_str()),
            "{text:?}: {problem:?}"
        );
    }
}

/// A fix is safe only if the text can be parsed with it, or the next error is another such character.
#[test]
fn fix_of_character_is_safe_only_if_text_can_be_parsed() {
    let fixed = |text: &str, syntax| {
        let mut text = text.to_owned();
        for _ in 0..4 {
            let documents = read(&text, syntax);
            let mut problems = documents.iter().flat_map(|document| &document.problems);
            let Some(fix) = problems.find_map(|problem| problem.fix.as_ref().filter(|fix| fix.is_safe()))
            else {
                break;
            };
            text = crate::check::apply(&text, &[fix]);
        }
        text
    };
    for (text, syntax, right) in [
        ("a:\n  b:\u{200B}c\n  d: e\n", Syntax::Yaml, "a:\n  b: c\n  d: e\n"),
        ("a:\n  b:\u{2028}c\n  d: e\n", Syntax::Yaml, "a:\n  b: c\n  d: e\n"),
        ("a:\n  b:\u{85}c\n  d: e\n", Syntax::Yaml, "a:\n  b: c\n  d: e\n"),
        ("a: b\u{2028}c: d\n", Syntax::Yaml, "a: b\nc: d\n"),
        ("a:\n \u{FEFF}b: c\n  d: e\n", Syntax::Yaml, "a:\n  b: c\n  d: e\n"),
        ("a:\n  b: c\n\u{C}  d: e\n  f: g\n", Syntax::Yaml, "a:\n  b: c\n  d: e\n  f: g\n"),
        ("x: 1\na:\u{A0}b\nc:\u{A0}d\ne:\u{200B}f\n", Syntax::Yaml, "x: 1\na: b\nc: d\ne: f\n"),
        ("a:\n\u{C}  b:\u{C}c\n  d: e\n", Syntax::Yaml, "a:\n  b: c\n  d: e\n"),
        ("a:\n \u{200B}b:\u{200B}c\n  d: e\n", Syntax::Yaml, "a:\n  b: c\n  d: e\n"),
        ("a:\u{2028}  b: 2\u{2028}  c: 3\u{2028}d: 4\n", Syntax::Yaml, "a:\n  b: 2\n  c: 3\nd: 4\n"),
        ("a: ${B\u{FEFF}C}\n", Syntax::Yaml, "a: ${BC}\n"),
        ("{\"a\":\u{200D}1,\u{FE0F}\"b\"\u{200B}: 2}", Syntax::Json, "{\"a\": 1, \"b\": 2}"),
    ] {
        assert_eq!(fixed(text, syntax), right, "{text:?}");
    }
    // The next line does not fit with a space, nor without the character.
    for text in [" \u{FEFF}a: b\nc: d\n", "a:\u{200B}b: c\n"] {
        assert_eq!(fixed(text, Syntax::Yaml), text);
    }
}

/// The text after a tag is not its value: it may be a name or a ciphertext.
#[test]
fn help_does_not_suggest_removing_tags_of_other_tools() {
    for tag in
        ["!Ref B", "!Sub \"${B}\"", "!secret b", "!ENV ${B}", "!reference [.b, c]", "!!binary Yg==", "!b {}"]
    {
        let text = format!("a: {tag}");
        let problem = read(&text, Syntax::Yaml)[0].problems[0].clone();
        assert_eq!((problem.pointer.as_str(), problem.code), ("/a", Code::Syntax), "{text}");
        assert_eq!(problem.message, "unsupported YAML tag", "{text}");
        let help = problem.help.unwrap_or_default();
        assert!(!help.contains("remove") && help.contains("(`${NAME}` for a password)"), "{text}: {help}");
    }
    for text in [
        "a: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6162\n",
        "a: !vault-encrypted \"$ANSIBLE_VAULT;1.1;AES256\\n6162\"",
    ] {
        let problem = read(text, Syntax::Yaml)[0].problems[0].clone();
        assert_eq!(problem.message, "the value is encrypted with Ansible Vault", "{text}");
        assert!(problem.help.is_some_and(|help| help.contains("`${NAME}`")), "{text}");
    }
}

#[test]
fn encrypted_text_is_reported_with_its_tool() {
    for (text, by) in [
        ("$ANSIBLE_VAULT;1.1;AES256\n6162\n6364\n", "Ansible Vault"),
        ("\u{FEFF}\r\n$ANSIBLE_VAULT;1.2;AES256;prod\r\n6162\r\n", "Ansible Vault"),
        ("-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----\n", "age"),
        ("age-encryption.org/v1\n-> X25519 a\n--- b\n\u{1}", "age"),
        ("-----BEGIN PGP MESSAGE-----\nVersion: 1\n\nhQ\n=ab\n-----END PGP MESSAGE-----\n", "PGP"),
    ] {
        for syntax in [None, Some(Syntax::Json), Some(Syntax::Yaml)] {
            let documents = parse(text, syntax, &Limits::default());
            let [document] = &documents[..] else { panic!("{text:?}") };
            let [problem] = &document.problems[..] else { panic!("{text:?}: {:?}", document.problems) };
            assert!(document.root.is_none(), "{text:?}");
            assert_eq!(
                (problem.code, problem.message.as_str()),
                (Code::Syntax, format!("the text is encrypted with {by}").as_str())
            );
        }
    }
    // A text that only contains such a text is not encrypted.
    assert!(read("a: |\n  $ANSIBLE_VAULT;1.1;AES256\n  6162\n", Syntax::Yaml)[0].root.is_some());
}

/// Otherwise each line would be a separate key with its own problem.
#[test]
fn indentation_with_other_spaces_is_one_problem() {
    for space in [
        "\u{A0}\u{A0}",
        "\u{2003}\u{2003}",
        "\u{3000}\u{3000}",
        "\u{1680}\u{1680}",
        "\u{2800}\u{2800}",
        "\u{A0} ",
        " \u{202F}",
    ] {
        for (text, count) in [
            ("a: 1\nb:\n__c: 2\n__d: 3\n", 2),
            ("a: 1\r\nb:\r\n__c: 2\r\n__d: 3\r\n", 2),
            ("a: 1\nb:\n__c:\n____d: 3\n__e: 4\n", 3),
            ("a: 1\nb:\n  c: 2\n__d: 3\n__e: 4\n", 2),
            ("a:\n__- b: 1\n__- c: 1\n", 2),
            ("a: 1\nb:\n__# c\n__d: 3\n", 2),
            ("{\n__\"a\": 1,\n__\"b\": [\n____\"c\"\n__]\n}", 4),
            ("{\n__a: 1,\n__b: 2}", 2),
            ("a:\n__b: 1\n", 1),
        ] {
            let (text, fixed) = (text.replace("__", space), text.replace("__", "  "));
            let documents = parse(&text, None, &Limits::default());
            let found: Vec<_> = documents.iter().flat_map(|document| &document.problems).collect();
            let [problem] = found[..] else { panic!("{text:?}: {found:?}") };
            let end = if count > 1 {
                format!("in place of a space, in the indentation of {count} lines")
            } else {
                "in place of a space".to_owned()
            };
            assert!(problem.message.ends_with(&end), "{text:?}: {}", problem.message);
            assert!(documents[0].root.is_none());
            {
                let fix = problem.fix.as_ref().expect("a fix");
                assert!(fix.is_safe());
                assert_eq!(crate::check::apply(&text, &[fix]), fixed, "{text:?}");
            }
            assert!(parse(&fixed, None, &Limits::default())[0].root.is_some(), "{fixed:?}");
        }
    }
    // Each document has its own problem; in strings and comments it is not indentation.
    let documents = read("a:\n\u{A0}b: 1\n\u{A0}c: 1\n---\nd: 1\n---\ne:\n\u{A0}f: 1\n", Syntax::Yaml);
    assert_eq!(documents.iter().map(|one| one.problems.len()).collect::<Vec<_>>(), [1, 0, 1]);
    for text in [
        "a: |\n  b\n  \u{A0}c: d\n",
        "a: \"b\n  \u{A0}c: d\"\n",
        "\u{A0}a: 1\nb: 2\n",
        "a: b\n# \u{A0}c: d\n",
    ] {
        assert!(read(text, Syntax::Yaml)[0].problems.is_empty(), "{text:?}");
    }
}

/// The text may be YAML or JSON; the hint is for the syntax in which the text parses without the placeholder.
#[test]
fn placeholder_in_flow_style_is_reported() {
    for text in ["{a: b, c: ${D}}", "{\n  a: b,\n  c: { d: ${E} }\n}"] {
        let problems = &parse(text, None, &Limits::default())[0].problems;
        let [problem] = &problems[..] else { panic!("{text}: {problems:?}") };
        assert_eq!(problem.message, "unresolved placeholder: `${` must be quoted here", "{text}");
    }
}

#[test]
fn syntax_is_detected_from_text() {
    let message = |text: &str| {
        let documents = parse(text, None, &Limits::default());
        documents[0].problems.first().map(|p| p.message.clone())
    };
    assert_eq!(message("\u{FEFF} \n{\"a\": 1}"), None);
    assert_eq!(message("{a: 1, }"), None, "YAML's flow style");
    assert_eq!(message("[1, 2] # note"), None, "YAML's comment");
    assert_eq!(message("{\"a\": 1 // note\n}").as_deref(), Some("comments are not allowed in JSON"));
    assert_eq!(message("{\"a\": /b/c, /d: e}"), None, "YAML's plain scalars");
    assert_eq!(message("{\"a\": \"b}").as_deref(), Some("unterminated string"));
    assert_eq!(message("a: 1"), None);
    assert_eq!(message(""), None);
    assert_eq!(parse("[1]\n---\n[2]", None, &Limits::default()).len(), 2);
    for text in ["", "\u{FEFF}", " \n"] {
        assert_eq!(tree(text, Syntax::Json).to_json(), json!(null));
    }
}

#[test]
fn messages_do_not_quote_the_text() {
    let secret = "S3cretHunter2";
    for wrap in [
        "a: @S3cretHunter2",
        "a: 'S3cretHunter2",
        "a: \"\\qS3cretHunter2\"",
        "a: S3cretHunter2: x",
        "*S3cretHunter2",
        "!S3cretHunter2! x",
        "%S3cretHunter2",
        "!S3cretHunter2 x",
        "a: !!int S3cretHunter2",
        "{\"a\": S3cretHunter2}",
        "{\"a\": \"S3cretHunter2",
        "[\"\\qS3cretHunter2\"]",
        "S3cretHunter2 }",
        "[S3cretHunter2",
        "- S3cretHunter2\na",
        "a: [b]S3cretHunter2",
        "a: |S3cretHunter2",
        "%TAG S3cretHunter2",
        "%YAML S3cretHunter2",
    ] {
        let mut said = false;
        for syntax in [Syntax::Json, Syntax::Yaml] {
            for problem in read(wrap, syntax).iter().flat_map(|document| &document.problems) {
                said = true;
                assert!(!format!("{problem:?}").contains(secret), "{problem:?}");
                assert!(!problem.message.contains('\n'));
            }
        }
        assert!(said, "{wrap}");
    }
}

fn codes(documents: &[Document]) -> Vec<Code> {
    documents.iter().flat_map(|d| &d.problems).map(|p| p.code).collect()
}

#[test]
fn limits() {
    let limits = Limits { bytes: 100, depth: 3, alias_nodes: 4, ..Limits::default() };
    let check = |text: &str, syntax| codes(&parse(text, Some(syntax), &limits));
    assert_eq!(check(&"a".repeat(101), Syntax::Yaml), [Code::TooLarge]);
    assert_eq!(check("[[[1]]]", Syntax::Json), []);
    assert_eq!(check("[[[[1]]]]", Syntax::Json), [Code::TooDeep]);
    assert_eq!(check("[[[1]]]", Syntax::Yaml), []);
    assert_eq!(check("[[[[1]]]]", Syntax::Yaml), [Code::TooDeep]);
    assert_eq!(check("- - - 1", Syntax::Yaml), []);
    assert_eq!(check("- - - a: 1", Syntax::Yaml), [Code::TooDeep]);
    assert_eq!(check("- &a [[1]]\n- *a\n", Syntax::Yaml), []);
    assert_eq!(check("- &a [[1]]\n- [*a]\n", Syntax::Yaml), [Code::TooDeep], "deeper by an alias");
    assert_eq!(check("- &a [1]\n- *a\n- *a\n", Syntax::Yaml), []);
    assert_eq!(check("- &a [1]\n- *a\n- *a\n- *a\n", Syntax::Yaml), [Code::AliasLimit]);
    assert_eq!(check("- &a [1,2,3,4]\n- 1\n", Syntax::Yaml), [], "an anchor alone costs nothing");
    assert_eq!(check("- &a [1,2,3,4]\n- *a\n", Syntax::Yaml), [Code::AliasLimit]);
    let unlimited = Limits { depth: usize::MAX, ..Limits::default() };
    let deep = "[".repeat(100_000);
    assert_eq!(codes(&parse(&deep, Some(Syntax::Json), &unlimited)), [Code::TooDeep]);
    let documents = parse("- &a [1,2,3,4]\n- *a\n--- 1\n", Some(Syntax::Yaml), &limits);
    assert_eq!(documents[0].problems[0].span, Span::new(17, 19));
    assert_eq!(documents[1].root.as_ref().map(Node::to_json), Some(json!(1)), "the next document is read");
}

#[test]
fn hostile_text_is_reported_as_one_error() {
    let n = 70_000;
    let mut laughs = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    let mut merges = String::from("a0: &a0 {k0: 1}\n");
    for i in 1..100 {
        let before = i - 1;
        let items = vec![format!("*a{before}"); 9].join(", ");
        let _ = writeln!(laughs, "a{i}: &a{i} [{items}]");
        let _ = writeln!(merges, "a{i}: &a{i} {{x: {{<<: [{items}]}}, y: {{<<: *a{before}}}}}");
    }
    let big = format!("a: &a \"{}\"\nb: [{}]\n", "x".repeat(300_000), vec!["*a"; 10_000].join(","));
    for (name, text, code) in [
        ("brackets", "[".repeat(n), Code::TooDeep),
        ("braces", "{\"a\":".repeat(n), Code::TooDeep),
        ("dashes", "- ".repeat(n), Code::TooDeep),
        ("question marks", "? ".repeat(n), Code::Syntax),
        ("laughs", laughs, Code::AliasLimit),
        ("merges", merges, Code::AliasLimit),
        ("big string", big, Code::AliasLimit),
        ("long tag", format!("%TAG !a! {}\n---\n{}", "x".repeat(n), "- !a!b c\n".repeat(n)), Code::Syntax),
    ] {
        let documents = read(&text, Syntax::Yaml);
        assert_eq!(codes(&documents), [code], "{name}");
        assert!(documents[0].root.is_none(), "{name}");
    }
    for text in ["[".repeat(n), "{\"a\":".repeat(n)] {
        assert_eq!(codes(&read(&text, Syntax::Json)), [Code::TooDeep]);
        assert_eq!(codes(&parse(&text, None, &Limits::default())), [Code::TooDeep]);
    }
}

#[test]
fn indicators_of_yaml_collection_are_limited() {
    let n = 200_000;
    for (start, piece) in [
        ("[", "1,"),
        ("[", "{},"),
        ("{", "a: "),
        ("[", "a: "),
        ("{", "a:\n "),
        ("{", "? a : "),
        ("{", "\"a\": b: "),
        ("{", "\"\":"),
        ("[", "''\n"),
        ("[", "!a "),
        ("[", ": "),
        ("[", "? "),
        ("- &a 1\n- {", "*a : "),
        ("[", "&a "),
        ("[", "a #\n"),
        ("[\n", "---\n"),
        ("[\n", "...\n"),
        ("[\n", "%a\n"),
        ("a: 1\n---\n# [\n\"b\":\n  - - [", "a: "),
    ] {
        let documents = read(&format!("{start}{}", piece.repeat(n)), Syntax::Yaml);
        assert_eq!(codes(&documents), [Code::TooLarge], "{start:?} {piece:?}");
    }
    // Collections that the parser emits one by one can have more.
    let text = "- {a: b, c: [d]}\n".repeat(40_000);
    assert_eq!(codes(&read(&text, Syntax::Yaml)), []);
}

#[test]
fn byte_order_marks_between_documents_do_not_shift_spans() {
    let text = "%é x\n---\na: 1\n...\n\u{FEFF}---\nb: é\n\u{FEFF}\u{FEFF}---\nc: 1\n--- é\n";
    let documents = read(text, Syntax::Yaml);
    let places: Vec<&str> = documents
        .iter()
        .map(|one| one.root.as_ref().map_or("", |root| &text[root.span.start..root.span.end]))
        .collect();
    assert_eq!(places, ["a: 1", "b: é", "c: 1", "é"]);
    // Searching the rest of the text for each `---` would take hours.
    let many = "\u{FEFF}---\na: é\n".repeat(9_000) + &"# é\n".repeat(1 << 20);
    let documents = read(&many, Syntax::Yaml);
    assert_eq!((documents.len(), codes(&documents)), (9_000, vec![]));
}

#[test]
fn repeated_values_count_towards_the_limit() {
    let one = format!("---\n- &a [{}]\n- *a\n- *a\n", vec!["1"; 450].join(","));
    // Two copies, the array itself, and the root.
    let values = 3 * 451 + 2;
    let check = |text: &str, values| {
        parse(text, Some(Syntax::Yaml), &Limits { alias_nodes: 1000, values, ..Limits::default() })
    };
    assert_eq!(codes(&check(&one, values + 2)), []);
    assert_eq!(codes(&check(&one, values - 2)), [Code::TooLarge]);
    let ten = check(&one.repeat(10), 10 * (values + 2));
    assert_eq!((ten.len(), codes(&ten)), (10, vec![]));
    let ten = check(&one.repeat(10), 9 * values);
    assert_eq!((ten.len(), codes(&ten)), (1, vec![Code::TooLarge]), "a truncated document is not checked");
}

#[test]
fn number_of_values_and_documents_is_limited() {
    let limits = Limits { values: 4, documents: 3, ..Limits::default() };
    let check = |text: &str, syntax| codes(&parse(text, Some(syntax), &limits));
    for (text, syntax, expected) in [
        ("[1,2,3]", Syntax::Json, vec![]),
        ("[1,2,3,4]", Syntax::Json, vec![Code::TooLarge]),
        ("[[],[],[]]", Syntax::Json, vec![]),
        ("[[],[],[[]]]", Syntax::Json, vec![Code::TooLarge]),
        (r#"{"a":1,"b":2,"c":3}"#, Syntax::Json, vec![]),
        (r#"{"a":1,"b":2,"c":{"d":3}}"#, Syntax::Json, vec![Code::TooLarge]),
        ("a: 1\nb: 2\nc: 3\n", Syntax::Yaml, vec![]),
        ("a: 1\nb: 2\nc:\n- 3\n", Syntax::Yaml, vec![Code::TooLarge]),
        ("- 1\n--- [1]\n", Syntax::Yaml, vec![]),
        ("- 1\n--- [1, 2]\n", Syntax::Yaml, vec![Code::TooLarge]),
        ("a\n--- b\n--- c\n", Syntax::Yaml, vec![]),
        ("a\n--- b\n--- c\n--- d\n", Syntax::Yaml, vec![Code::TooLarge]),
        ("---\n---\n---\n", Syntax::Yaml, vec![]),
        ("---\n---\n---\n---\n", Syntax::Yaml, vec![Code::TooLarge]),
    ] {
        assert_eq!(check(text, syntax), expected, "{text:?}");
    }
    // Duplicate keys have values too.
    let twice = codes(&parse("a: 1\na: 2\na: 3\na: 4\n", Some(Syntax::Yaml), &limits));
    assert_eq!(twice, [Code::TooLarge]);
    let documents = parse("a\n--- b\n--- c\n--- d\n", Some(Syntax::Yaml), &limits);
    assert_eq!((documents.len(), documents[0].problems[0].span), (1, Span::new(14, 15)));
    // An earlier error is reported.
    let tag = parse("--- !a b\n--- [1, 2, 3, 4]\n", Some(Syntax::Yaml), &limits);
    assert_eq!(codes(&tag), [Code::TooLarge]);
    let deep = parse(&"- ".repeat(1000), Some(Syntax::Yaml), &Limits { values: 500, ..Limits::default() });
    assert_eq!(codes(&deep), [Code::TooDeep]);
}

#[test]
fn unreported_duplicate_keys_are_counted() {
    let text = format!("---\na: 1\n{}---\nb: 1\nb: 2\n", "a: 2\n".repeat(150));
    let documents = read(&text, Syntax::Yaml);
    let counts: Vec<_> = documents.iter().map(|one| (one.problems.len(), one.more_duplicates)).collect();
    assert_eq!(counts, [(100, 50), (0, 1)]);
}

/// Checks the invariants of every tree.
fn check_tree(text: &str, node: &Node, parent: Span, depth: usize) {
    let on_boundary = |span: Span| {
        assert!(
            span.start <= span.end && text.is_char_boundary(span.start) && text.is_char_boundary(span.end)
        );
    };
    on_boundary(node.span);
    on_boundary(node.origin);
    assert!(depth <= Limits::default().depth);
    assert!(parent.contains(node.span), "{:?} in {parent:?} of {text:?}", node.span);
    let inside = if node.span == node.origin { node.span } else { Span::new(0, text.len()) };
    match &node.kind {
        NodeKind::Array(items) => items.iter().for_each(|item| check_tree(text, item, inside, depth + 1)),
        NodeKind::Object(members) => {
            for member in members {
                on_boundary(member.key_span);
                assert!(inside.contains(member.key_span), "{text:?}");
                check_tree(text, &member.value, inside, depth + 1);
            }
            let unique: std::collections::HashSet<_> = members.iter().map(|m| &m.key).collect();
            assert_eq!(unique.len(), members.len());
        }
        _ => {}
    }
}

fn check_documents(text: &str) {
    for syntax in [None, Some(Syntax::Json), Some(Syntax::Yaml)] {
        let documents = parse(text, syntax, &Limits::default());
        assert!(!documents.is_empty());
        assert!(documents.windows(2).all(|pair| pair[0].index < pair[1].index), "{text:?}");
        for document in &documents {
            assert!(document.root.is_some() || !document.problems.is_empty(), "{text:?}");
            if let Some(root) = &document.root {
                check_tree(text, root, Span::new(0, text.len()), 0);
            }
            let related = document.problems.iter().flat_map(|problem| &problem.related);
            let spans = document.problems.iter().map(|problem| problem.span);
            for span in spans.chain(related.map(|related| related.place.span())) {
                assert!(span.start <= span.end && span.end <= text.len(), "{text:?}");
                assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end));
            }
        }
    }
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        let documents = read(text, Syntax::Json);
        if !documents.iter().any(|d| d.problems.iter().any(|p| p.code == Code::TooDeep)) {
            assert_eq!(documents[0].root.as_ref().map(Node::to_json).map(last_wins), Some(last_wins(value)));
        }
    }
}

/// Objects with duplicate keys differ by design: ignore their values.
fn last_wins(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            Value::Array(members.into_iter().map(|(key, _)| Value::String(key)).collect())
        }
        other => other,
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let text =
        prop_oneof!["\\PC*", "[a-z\"'\\\\:#,\\[\\]{}&*!|>%@` \t\n\r\u{1}\u{7f}\u{85}\u{feff}𝄞é-]{0,12}"];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((text.clone(), inner), 0..6)
                .prop_map(|members| members.into_iter().collect()),
        ]
    })
}

/// Checks that JSON has the same value as YAML, except for YAML's limit of 1024 characters for keys and its line folding.
fn check_both(text: &str, value: &Value) {
    assert_eq!(&tree(text, Syntax::Json).to_json(), value, "{text}");
    let documents = read(text, Syntax::Yaml);
    if let Some(root) = &documents[0].root {
        assert_eq!(&root.to_json(), value, "{text}");
    } else {
        assert_eq!(codes(&documents), [Code::Syntax]);
        assert!(text.contains('\u{FEFF}') || text.contains("\\ud"), "{text:?} {:?}", documents[0].problems);
    }
}

/// Pieces of text with a meaning in YAML or JSON.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "b",
        "é",
        "𝄞",
        " ",
        "  ",
        "\n",
        "\r\n",
        "\r",
        "\t",
        ":",
        ": ",
        "- ",
        "? ",
        ",",
        ", ",
        "[",
        "]",
        "{",
        "}",
        "\"",
        "'",
        "|",
        ">",
        "|\n",
        ">-\n",
        "#",
        " # c",
        "&a ",
        "&b ",
        "*a",
        "*b",
        "!!str ",
        "!t ",
        "!",
        "%",
        "%TAG ",
        "---",
        "\n---\n",
        "\n...\n",
        "<<: ",
        "<<: *a",
        "~",
        "1",
        "-1.5",
        ".inf",
        "true",
        "\\",
        "\\u00e9",
        "\u{FEFF}",
        "\0",
        "@",
        "`",
        "\u{85}",
        "a: 1\n",
        "  b: 2\n",
        "- c\n",
        "{\"a\": 1}",
        "null",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_gives_consistent_documents(text in "\\PC*") {
        check_documents(&text);
    }

    #[test]
    fn any_markup_gives_consistent_documents(text in pieces()) {
        check_documents(&text);
    }

    #[test]
    fn serialized_json_round_trips(value in any_json()) {
        check_both(&serde_json::to_string(&value).expect("text"), &value);
        check_both(&serde_json::to_string_pretty(&value).expect("text"), &value);
    }
}
