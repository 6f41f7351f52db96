//! GitHub's workflow commands.
//!
//! Facts: <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-error-message>;
//! the escapes are those of the toolkit, `packages/core/src/command.ts` in <https://github.com/actions/toolkit>.

use std::fmt;

use super::{FileReport, Finding, RelatedPlace, Report};
use crate::check::Severity;
use crate::text::printable;

pub(super) fn annotations(report: &Report, out: &mut dyn fmt::Write) -> fmt::Result {
    for file in &report.files {
        for finding in &file.diagnostics {
            annotation(out, file, finding)?;
        }
    }
    Ok(())
}

fn annotation(out: &mut dyn fmt::Write, file: &FileReport, finding: &Finding) -> fmt::Result {
    let command = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let Finding { start, end, code, .. } = finding;
    write!(out, "::{command} file={},line={}", property(&file_name(&file.path)), start.line)?;
    // GitHub accepts columns only within one line.
    if start.line == end.line {
        write!(out, ",col={},endLine={},endColumn={}", start.column, end.line, end.column)?;
    } else {
        write!(out, ",endLine={}", end.line)?;
    }
    write!(out, ",title={code}::{}", data(&finding.message))?;
    if let Some(help) = &finding.help {
        write!(out, "%0Ahelp: {}", data(help))?;
    }
    for RelatedPlace { message, path, start, .. } in &finding.related {
        let path = data(&printable(path.as_ref().unwrap_or(&file.path)));
        write!(out, "%0Anote: {}: {path}:{}:{}", data(message), start.line, start.column)?;
    }
    out.write_char('\n')
}

/// The name of a file. GitHub finds the file by it, so line breaks are kept; other control characters are escaped.
fn file_name(path: &str) -> String {
    path.split_inclusive(LINE_BREAKS)
        .map(|line| {
            let text = line.trim_end_matches(LINE_BREAKS);
            printable(text) + &line[text.len()..]
        })
        .collect()
}

/// The characters that a workflow command can escape.
const LINE_BREAKS: [char; 2] = ['\r', '\n'];

/// A message, escaped.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, escaped.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaping_matches_the_actions_toolkit() {
        assert_eq!(data("100%\r\n::error::a,b"), "100%25%0D%0A::error::a,b");
        assert_eq!(property("a,b:c%\n.yaml"), "a%2Cb%3Ac%25%0A.yaml");
    }

    #[test]
    fn control_characters_in_file_names_are_escaped() {
        for (name, shown) in [
            ("a b,\u{e9}.yaml", "a b,\u{e9}.yaml"),
            ("\r\n\na\n", "\r\n\na\n"),
            ("a\u{1b}[31m\u{0}\n\u{b}\u{c}", "a\\u{1b}[31m\\u{0}\n\\u{b}\\u{c}"),
            ("\u{85}\u{2028}\u{2029}\u{202e}", "\\u{85}\\u{2028}\\u{2029}\\u{202e}"),
        ] {
            assert_eq!(file_name(name), shown, "{name:?}");
        }
    }
}
