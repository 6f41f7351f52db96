//! What people read.

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};

use super::excerpt::{Excerpt, excerpt};
use super::{Input, Summary};
use crate::check::{Checked, Diagnostic, Severity};
use crate::document::LineIndex;

/// Writes diagnostics for people, with the source line of each.
#[derive(Clone, Debug)]
pub struct Human {
    renderer: Renderer,
    least: Severity,
}

impl Human {
    /// With colours or without.
    #[must_use]
    pub const fn new(is_coloured: bool) -> Self {
        let renderer = if is_coloured { Renderer::styled() } else { Renderer::plain() };
        Self { renderer, least: Severity::Note }
    }

    /// The same, but silent on what is less bad than `least`.
    #[must_use]
    pub const fn at_least(mut self, least: Severity) -> Self {
        self.least = least;
        self
    }

    /// Adds a file's diagnostics to `out`, each followed by an empty line.
    pub fn write(&self, input: &Input<'_>, out: &mut String) {
        let mut lines = None;
        let is_stream = input.checked.len() > 1 || input.checked.iter().any(|document| document.index > 0);
        for document in input.checked {
            for diagnostic in &document.diagnostics {
                if diagnostic.severity >= self.least {
                    let lines = lines.get_or_insert_with(|| LineIndex::new(input.text));
                    let excerpt = excerpt(input.text, lines, &document.visible, diagnostic.span);
                    let name = name(input.path, document, is_stream);
                    out.push_str(&self.render(&name, diagnostic, &excerpt));
                    out.push_str("\n\n");
                }
            }
        }
    }

    fn render(&self, name: &str, diagnostic: &Diagnostic, excerpt: &Excerpt) -> String {
        let level = match diagnostic.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Note => Level::NOTE,
        };
        let snippet = Snippet::source(excerpt.text.as_str())
            .line_start(excerpt.line)
            .fold(false)
            .annotation(AnnotationKind::Primary.span(excerpt.caret.clone()));
        let origin = Origin::path(name).line(excerpt.line).char_column(excerpt.column);
        let mut group = level
            .primary_title(diagnostic.message.as_str())
            .id(diagnostic.code.as_str())
            .element(origin)
            .element(snippet);
        if let Some(help) = &diagnostic.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        self.renderer.render(&[group])
    }
}

/// The file's name with the document's number in a stream.
fn name(path: &str, document: &Checked, is_stream: bool) -> String {
    let path = printable(path);
    if is_stream { format!("document {} of {path}", document.index + 1) } else { path }
}

/// A path without control characters, which would disturb a terminal.
#[must_use]
pub fn printable(path: &str) -> String {
    path.chars()
        .flat_map(|c| {
            let escape = c.is_control() || super::excerpt::is_disturbing(c);
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
    let counts: Vec<String> = [(summary.errors, "error"), (summary.warnings, "warning"), (summary.notes, "note")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, noun)| plural(count, noun))
        .collect();
    let found = if counts.is_empty() { "no problems".to_owned() } else { counts.join(", ") };
    let (documents, files) = (plural(summary.documents, "document"), plural(summary.files, "file"));
    format!("{documents} in {files}: {found}{skipped_text}")
}

fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
