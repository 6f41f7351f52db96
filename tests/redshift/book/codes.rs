//! The page of codes: each with its explanation, and the first two cases of the Markdown next to its rule, `Wrong` and
//! `Right`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use bootshift::check::{Code, Severity, explain};

use testkit::mdtest::cases;

const HEAD: &str = "\
<!-- Written by tests/redshift/book from src/check/rules; see CONTRIBUTING.md. -->

# Diagnostic codes

The code is in square brackets after the severity, as in `error[host-not-bare]`. The meaning of a published code never
changes. `bootshift explain CODE` prints the same text.

An *error* is something that the API or Redshift rejects: `check` exits with 1, and no script is written. A *warning* is
probably an error, or an error that is only inferred. A *note* is for information. Each code has a document with the problem,
the output of `bootshift check`, and the same document without the problem.
";

/// The page, without the output of its commands.
pub(crate) fn page(root: &Path) -> String {
    let mut page = format!("{HEAD}\n| code | severity | title |\n| --- | --- | --- |\n");
    for code in Code::ALL {
        let (severity, title) = (code.severity().as_str(), explain(*code).title);
        let _ = writeln!(page, "| [`{code}`](#{code}) | {severity} | {title} |");
    }
    for code in Code::ALL {
        section(root, *code, &mut page);
    }
    page
}

fn section(root: &Path, code: Code, page: &mut String) {
    let help = explain(code);
    let severity = code.severity().as_str();
    let mut severity = severity.to_owned();
    severity[..1].make_ascii_uppercase();
    let _ = write!(
        page,
        "\n## {code}\n\n*{severity}: {}.*\n\n{}\n\n**Why.** {}\n\n**What to do.** {}\n",
        help.title, help.what, help.why, help.fix
    );
    if !help.sources.is_empty() {
        let sources: Vec<String> = help.sources.iter().map(|source| format!("<{source}>")).collect();
        let _ = writeln!(page, "\n**Sources.** {}", sources.join(", "));
    }
    let path = root.join("src/check/rules").join(code.as_str().replace('-', "_")).with_extension("md");
    let markdown = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let cases = cases(&markdown);
    let [wrong, right, ..] = &cases[..] else { panic!("{}: no examples", path.display()) };
    assert_eq!([wrong.name.as_str(), right.name.as_str()], ["Wrong", "Right"], "{}", path.display());
    if let Some((name, text)) = wrong.beside() {
        let _ = writeln!(page, "\nGiven `{name}`:");
        file(name, text, page);
    }
    for (title, case) in [("Wrong", wrong), ("Right", right)] {
        let name = format!("{}.yaml", title.to_lowercase());
        if let Some(document) = case.document() {
            let _ = writeln!(page, "\n{title}, `{name}`:");
            file(&name, &document.text, page);
        } else {
            let _ = writeln!(page, "\n{title}:");
        }
        let console = case.block("console");
        let before = console.and_then(|block| markdown.lines().nth(block.lines.start.checked_sub(2)?));
        if let Some(comment) = before.filter(|line| line.starts_with("<!-- ")) {
            let _ = write!(page, "\n{comment}");
        }
        if title == "Wrong" && code.severity() == Severity::Error {
            page.push_str("\n<!-- exit: 1 -->\n```console\n");
        } else {
            page.push_str("\n```console\n");
        }
        let check = format!("$ bootshift check {name}\n");
        page.push_str(console.map_or(&check, |block| &block.text));
        page.push_str("```\n");
    }
}

fn file(name: &str, text: &str, page: &mut String) {
    let language = name.rsplit('.').next().unwrap_or_default();
    let _ = write!(page, "\n<!-- file: {name} -->\n```{language}\n{text}```\n");
}
