//! What Bootshift makes of many texts, for `tests/differential`: reads a JSON object a line, writes a JSON array a line.
//!
//! A request is `{"text": …, "syntax": "json" | "yaml" | null, "operation": … | null}`. The answer holds, for each
//! document of the text, `{"operation": …, "read": …, "tree": …, "problems": […], "codes": […], "errors": […]}`: the
//! operation that it was checked for, whether there is a tree, the tree, the codes of what is wrong with the text, all
//! codes of the check, and those of its errors.

use std::io::{self, BufRead as _, Write as _};

use bootshift::check::{Code, Diagnostic, Options, Severity, check};
use bootshift::document::{Documents, Limits, Node, NodeKind, Syntax};
use bootshift::operation::Operation;
use serde_json::{Value, json};

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let answer = answer(&serde_json::from_str(&line?)?);
        writeln!(out, "{answer}")?;
        // Whoever asks may wait for the answer before he asks again.
        out.flush()?;
    }
    Ok(())
}

fn answer(request: &Value) -> Value {
    let text = request["text"].as_str().expect("a text");
    let syntax = request["syntax"].as_str().map(|syntax| match syntax {
        "json" => Syntax::Json,
        _ => Syntax::Yaml,
    });
    let operation = request["operation"].as_str().map(|name| name.parse().expect("an operation"));
    let documents = Documents::parse(text, syntax, &Limits::default());
    let checked = check(&documents, &Options { operation, ..Options::default() });
    documents
        .iter()
        .zip(checked)
        .map(|(document, checked)| {
            json!({
                "operation": checked.operation.map(Operation::name),
                "read": document.root.is_some(),
                "tree": document.root.as_ref().map(tree),
                "problems": codes(&document.problems),
                "codes": codes(&checked.diagnostics),
                "errors": codes(checked.diagnostics.iter().filter(|found| found.severity == Severity::Error)),
            })
        })
        .collect()
}

fn codes<'d>(diagnostics: impl IntoIterator<Item = &'d Diagnostic>) -> Vec<&'static str> {
    diagnostics.into_iter().map(|diagnostic| Code::as_str(diagnostic.code)).collect()
}

/// A scalar as itself, a number that JSON has no word for as `["number"]`, an array as `["array", item…]`, an object
/// as `["object", [key, value]…]`: with the order of its keys, and without what JavaScript makes of `__proto__`.
fn tree(node: &Node) -> Value {
    match &node.kind {
        NodeKind::NonFinite => json!(["number"]),
        NodeKind::Array(items) => tagged("array", items.iter().map(tree)),
        NodeKind::Object(members) => {
            tagged("object", members.iter().map(|member| json!([&*member.key, tree(&member.value)])))
        }
        _ => node.to_json(),
    }
}

fn tagged(tag: &str, items: impl Iterator<Item = Value>) -> Value {
    std::iter::once(Value::from(tag)).chain(items).collect()
}
