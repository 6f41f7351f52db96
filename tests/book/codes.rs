//! The page of codes: each with its explanation and with examples from `book/codes`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use bootshift::check::{Code, Severity, explain};

const HEAD: &str = "\
<!-- Written by tests/book.rs from src/check/rules and book/codes; see CONTRIBUTING.md. -->

# Every code

The code stands in square brackets behind the severity, as in `error[host-not-bare]`. A code keeps its meaning once it is
published. `bootshift explain CODE` prints the same text.

An *error* is something that the API or Redshift refuses; then `check` exits with 1, and no script is written. A *warning* is
probably a mistake, or a mistake only by inference. A *note* is worth knowing. Each code has a document that raises it,
what `bootshift check` says of it, and the same document without the mistake.
";

/// The page, with no output below its commands.
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
    let folder = root.join("book/codes").join(code.as_str());
    let help = explain(code);
    let severity = code.severity().as_str();
    let mut severity = severity.to_owned();
    severity[..1].make_ascii_uppercase();
    let _ = write!(
        page,
        "\n## {code}\n\n*{severity}: {}.*\n\n{}\n\n**Why.** {}\n\n**What to do.** {}\n",
        help.title, help.what, help.why, help.mend
    );
    if !help.sources.is_empty() {
        let sources: Vec<String> = help.sources.iter().map(|source| format!("<{source}>")).collect();
        let _ = writeln!(page, "\n**Sources.** {}", sources.join(", "));
    }
    let mut names: Vec<String> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("`{code}` needs examples in {}: {error}", folder.display()))
        .map(|entry| entry.expect("a file").file_name().into_string().expect("a name"))
        .collect();
    names.sort_unstable();
    let is_other = |name: &&String| !name.starts_with("wrong") && !name.starts_with("right");
    for name in names.iter().filter(is_other) {
        let _ = writeln!(page, "\nGiven `{name}`:");
        file(&folder, name, page);
    }
    for (title, stem) in [("Wrong", "wrong"), ("Right", "right")] {
        let yaml = format!("{stem}.yaml");
        if names.contains(&yaml) {
            let _ = writeln!(page, "\n{title}, `{yaml}`:");
            file(&folder, &yaml, page);
        } else {
            let _ = writeln!(page, "\n{title}:");
        }
        let command = fs::read_to_string(folder.join(format!("{stem}.command")))
            .unwrap_or_else(|_| format!("bootshift check {stem}.yaml\n"));
        if let Ok(typed) = fs::read_to_string(folder.join(format!("{stem}.typed"))) {
            let _ = write!(page, "\n<!-- typed: {} -->", typed.trim());
        }
        if stem == "wrong" && code.severity() == Severity::Error {
            page.push_str("\n<!-- exit: 1 -->\n```console\n");
        } else {
            page.push_str("\n```console\n");
        }
        for line in command.lines() {
            let _ = writeln!(page, "$ {line}");
        }
        page.push_str("```\n");
    }
}

fn file(folder: &Path, name: &str, page: &mut String) {
    let text = fs::read_to_string(folder.join(name)).expect("an example");
    let language = name.rsplit('.').next().unwrap_or_default();
    let _ = write!(page, "\n<!-- file: {name} -->\n```{language}\n{text}```\n");
}
