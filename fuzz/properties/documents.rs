//! Any text, read as either syntax: no panic, every position inside of the text and between two characters.

use bootshift::document::{Documents, Limits, Node, NodeKind, Span, Syntax};

pub(crate) fn hold(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let limits = Limits { bytes: 1 << 16, depth: 64, alias_nodes: 1_000, ..Limits::default() };
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let syntaxes: &[Option<Syntax>] = if start.starts_with(['{', '[']) {
        &[None, Some(Syntax::Json), Some(Syntax::Yaml)]
    } else {
        // Nothing begins as JSON does: it is read as YAML already.
        &[None, Some(Syntax::Json)]
    };
    for &syntax in syntaxes {
        let documents = Documents::parse(text, syntax, &limits);
        assert!(documents.iter().next().is_some());
        for document in &documents {
            for problem in &document.problems {
                assert_span(text, problem.span);
                problem.related.iter().for_each(|related| assert_span(text, related.place.span()));
            }
            if let Some(root) = &document.root {
                assert_node(text, root);
            }
        }
    }
    // What JSON readers accept is JSON here too, and means the same, but for what we refuse by choice.
    if let Ok(value) = serde_json::from_str::<serde_json::Value>(text) {
        let documents = Documents::parse(text, Some(Syntax::Json), &limits);
        let [document] = documents.iter().as_slice() else { panic!("JSON is one document") };
        if document.problems.is_empty() {
            let root = document.root.as_ref().expect("a document without a problem has a root");
            assert_eq!(root.to_json(), value);
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

fn assert_node(text: &str, node: &Node) {
    assert_span(text, node.span);
    for member in node.members() {
        assert_span(text, member.key_span);
        assert_node(text, &member.value);
    }
    if let NodeKind::Array(items) = &node.kind {
        for item in items {
            assert_node(text, item);
        }
    }
}
