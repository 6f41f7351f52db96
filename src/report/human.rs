//! What people read.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use super::excerpt::{Excerpt, excerpt, is_disturbing};
use super::{Input, Summary};
use crate::check::{Diagnostic, Severity};
use crate::document::LineIndex;

const GUTTER: Style = AnsiColor::BrightBlue.on_default().bold();
const BOLD: Style = Style::new().bold();

/// Writes diagnostics for people, with the source line of each. The form is that of the Rust compiler.
#[derive(Clone, Copy, Debug)]
pub struct Human {
    is_coloured: bool,
    least: Severity,
}

impl Human {
    /// With colours (ANSI escape sequences) or without.
    #[must_use]
    pub const fn new(is_coloured: bool) -> Self {
        Self { is_coloured, least: Severity::Note }
    }

    /// The same, but silent on what is less bad than `least`.
    #[must_use]
    pub const fn at_least(mut self, least: Severity) -> Self {
        self.least = least;
        self
    }

    /// Adds a file's diagnostics to `out`, each followed by an empty line.
    pub fn write(self, input: &Input<'_>, out: &mut String) {
        let mut lines = None;
        let is_stream = input.checked.len() > 1 || input.checked.iter().any(|document| document.index > 0);
        let name = printable(input.path);
        for document in input.checked {
            for diagnostic in document.diagnostics.iter().filter(|one| one.severity >= self.least) {
                let lines = lines.get_or_insert_with(|| LineIndex::new(input.text));
                let excerpt = excerpt(input.text, lines, &document.visible, diagnostic.span);
                let number = is_stream.then_some(document.index + 1);
                self.diagnostic(out, &name, number, diagnostic, &excerpt);
            }
        }
    }

    fn diagnostic(
        self,
        out: &mut String,
        name: &str,
        document: Option<usize>,
        diagnostic: &Diagnostic,
        excerpt: &Excerpt,
    ) {
        let Diagnostic { code, severity, message, .. } = diagnostic;
        let Excerpt { line, column, text, caret } = excerpt;
        let level = match severity {
            Severity::Error => AnsiColor::BrightRed,
            Severity::Warning => AnsiColor::BrightYellow,
            Severity::Note => AnsiColor::BrightGreen,
        }
        .on_default()
        .bold();
        let title = format!("{}[{code}]", severity.as_str());
        let number = line.to_string();
        let margin = " ".repeat(number.len());
        let bar = self.paint(GUTTER, "|");

        let _ = writeln!(out, "{}{}", self.paint(level, &title), self.paint(BOLD, &format!(": {message}")));
        let document = document.map(|number| format!(" (document {number})")).unwrap_or_default();
        let _ = writeln!(out, "{margin}{} {name}:{line}:{column}{document}", self.paint(GUTTER, "-->"));
        let _ = writeln!(out, "{margin} {bar}");
        let gap = if text.is_empty() { "" } else { " " };
        let _ = writeln!(out, "{} {bar}{gap}{text}", self.paint(GUTTER, &number));
        let before = text.get(..caret.start).unwrap_or_default().width();
        let under = text.get(caret.clone()).unwrap_or_default().width().max(1);
        let carets = self.paint(level, &"^".repeat(under));
        let _ = writeln!(out, "{margin} {bar} {}{carets}", " ".repeat(before));
        if let Some(help) = &diagnostic.help {
            let _ =
                writeln!(out, "{margin} {} {}: {help}", self.paint(GUTTER, "="), self.paint(BOLD, "help"));
        }
        out.push('\n');
    }

    fn paint(self, style: Style, text: &str) -> String {
        if self.is_coloured { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

/// A path without control characters, which would disturb a terminal.
#[must_use]
pub fn printable(path: &str) -> String {
    path.chars()
        .flat_map(|c| {
            let escape = is_disturbing(c);
            let escaped = escape.then(|| c.escape_default());
            let plain = (!escape).then_some(c);
            escaped.into_iter().flatten().chain(plain)
        })
        .collect()
}

/// The closing line. `skipped` counts the files that hold no document of the API.
#[must_use]
pub fn tally(summary: &Summary, skipped: usize) -> String {
    let skipped_text = match skipped {
        0 => String::new(),
        1 => "; 1 file skipped: it holds no document of the integrations API".to_owned(),
        _ => format!("; {skipped} files skipped: they hold no document of the integrations API"),
    };
    if summary.documents == 0 {
        return format!("nothing to check{skipped_text}");
    }
    let counts: Vec<String> =
        [(summary.errors, "error"), (summary.warnings, "warning"), (summary.notes, "note")]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, noun)| plural(count, noun))
            .collect();
    let found = if counts.is_empty() { "no problems".to_owned() } else { counts.join(", ") };
    let (documents, files) = (plural(summary.documents, "document"), plural(summary.files, "file"));
    format!("{documents} in {files}: {found}{skipped_text}")
}

/// The count with its noun: `1 error`, `2 errors`.
pub(crate) fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
