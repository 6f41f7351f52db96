//! The report as text, for people.

use std::cell::OnceCell;
use std::fmt;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use super::excerpt::{Excerpt, excerpt};
use super::{Input, Summary};
use crate::check::{Diagnostic, Related, Severity};
use crate::document::{LineIndex, OffsetEncoding, Position, Span};
use crate::text::printable;

const GUTTER: Style = AnsiColor::BrightBlue.on_default().bold();
const BOLD: Style = Style::new().bold();

/// A diagnostic with its source lines.
struct Shown<'a> {
    name: &'a str,
    /// The number of the document, from 1, if the text contains several.
    document: Option<usize>,
    diagnostic: &'a Diagnostic,
    excerpt: Excerpt,
    /// The related places in the same text.
    related: Vec<(&'a Related, Excerpt)>,
}

/// Writes diagnostics for people, with the source line of each. The form is that of the Rust compiler.
#[derive(Clone, Copy, Debug)]
pub struct HumanReport {
    is_colored: bool,
    least: Severity,
}

impl HumanReport {
    /// With colors (ANSI escape sequences) or without.
    #[must_use]
    pub const fn new(is_colored: bool) -> Self {
        Self { is_colored, least: Severity::Note }
    }

    /// Omits diagnostics that are less severe than `least`.
    #[must_use]
    pub const fn at_least(mut self, least: Severity) -> Self {
        self.least = least;
        self
    }

    /// Adds a file's diagnostics to `out`, each followed by an empty line.
    pub fn write(self, input: &Input<'_>, out: &mut dyn fmt::Write) {
        let mut lines = None;
        let visible = OnceCell::new();
        let is_stream = input.checked.len() > 1 || input.checked.iter().any(|document| document.index > 0);
        let name = printable(input.path);
        for document in input.checked {
            for diagnostic in document.diagnostics.iter().filter(|one| one.severity >= self.least) {
                let lines = lines.get_or_insert_with(|| LineIndex::new(input.text));
                // A related place may be in another document of the text.
                let visible_anywhere =
                    || input.checked.iter().flat_map(|one| &one.visible).copied().collect();
                let is_here = |related: &&Related| related.path.is_none();
                let related = diagnostic.related.iter().filter(is_here).map(|related| {
                    let visible: &Vec<Span> = visible.get_or_init(visible_anywhere);
                    (related, excerpt(input.text, lines, visible, related.place.span()))
                });
                let shown = Shown {
                    name: &name,
                    document: is_stream.then_some(document.index + 1),
                    diagnostic,
                    excerpt: excerpt(input.text, lines, &document.visible, diagnostic.span),
                    related: related.collect(),
                };
                self.diagnostic(out, &shown);
            }
        }
    }

    fn diagnostic(self, out: &mut dyn fmt::Write, shown: &Shown<'_>) {
        let Shown { name, document, diagnostic, excerpt, related } = shown;
        let Diagnostic { code, severity, message, .. } = diagnostic;
        let Excerpt { line, column, .. } = excerpt;
        let level = match severity {
            Severity::Error => AnsiColor::BrightRed,
            Severity::Warning => AnsiColor::BrightYellow,
            Severity::Note => AnsiColor::BrightGreen,
        }
        .on_default()
        .bold();
        let title = format!("{}[{code}]", severity.as_str());
        let excerpts = || std::iter::once(excerpt).chain(related.iter().map(|(_, excerpt)| excerpt));
        let width = excerpts().map(|excerpt| excerpt.line.to_string().len()).max().unwrap_or_default();
        let margin = " ".repeat(width);

        let _ = writeln!(out, "{}{}", self.paint(level, &title), self.paint(BOLD, &format!(": {message}")));
        let document = document.map(|number| format!(" (document {number})")).unwrap_or_default();
        let _ = writeln!(out, "{margin}{} {name}:{line}:{column}{document}", self.paint(GUTTER, "-->"));
        self.excerpt(out, width, excerpt, ("^", level), "");
        for (related, excerpt) in related {
            let Excerpt { line, column, .. } = excerpt;
            let _ = writeln!(out, "{margin}{} {name}:{line}:{column}", self.paint(GUTTER, ":::"));
            self.excerpt(out, width, excerpt, ("-", GUTTER), &related.message);
        }
        let mut remark = |kind: &str, text: &str| {
            let _ = writeln!(out, "{margin} {} {}: {text}", self.paint(GUTTER, "="), self.paint(BOLD, kind));
        };
        if let Some(help) = &diagnostic.help {
            remark("help", help);
        }
        for Related { message, path, place, .. } in &diagnostic.related {
            if let Some(path) = path {
                let Position { line, column, .. } = place.range(OffsetEncoding::Utf8).start;
                remark("note", &format!("{message}: {}:{line}:{column}", printable(path)));
            }
        }
        let _ = out.write_char('\n');
    }

    /// A line of the text, with `mark` and a label below the span.
    fn excerpt(
        self,
        out: &mut dyn fmt::Write,
        width: usize,
        excerpt: &Excerpt,
        mark: (&str, Style),
        label: &str,
    ) {
        let Excerpt { line, text, caret, .. } = excerpt;
        let (margin, bar) = (" ".repeat(width), self.paint(GUTTER, "|"));
        let _ = writeln!(out, "{margin} {bar}");
        let gap = if text.is_empty() { "" } else { " " };
        let number = format!("{line:<width$}");
        let _ = writeln!(out, "{} {bar}{gap}{text}", self.paint(GUTTER, &number));
        let before = text.get(..caret.start).unwrap_or_default().width();
        let under = text.get(caret.clone()).unwrap_or_default().width().max(1);
        let (mark, style) = mark;
        let label = if label.is_empty() { String::new() } else { format!(" {label}") };
        let under = self.paint(style, &format!("{}{label}", mark.repeat(under)));
        let _ = writeln!(out, "{margin} {bar} {}{under}", " ".repeat(before));
    }

    fn paint(self, style: Style, text: &str) -> String {
        if self.is_colored { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

/// The summary line at the end of a report. `skipped` is the number of files without a document of the API.
#[must_use]
pub fn summary_line(summary: &Summary, skipped: usize) -> String {
    let skipped_text = match skipped {
        0 => String::new(),
        1 => "; 1 file skipped (not an integrations API document)".to_owned(),
        _ => format!("; {skipped} files skipped (not integrations API documents)"),
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
