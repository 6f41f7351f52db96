//! Turns checked documents into reports.
//!
//! [`Report`] is the data of `--format json`, documented by `schema/report.schema.json`; SARIF and GitHub's annotations are
//! other forms of it. The report for people ([`human`]) also shows the source line, with secrets redacted: see
//! [`excerpt`].

pub mod excerpt;
mod github;
pub mod human;
mod placed;
mod sarif;
#[cfg(test)]
mod tests;

#[cfg(feature = "wasm")]
pub(crate) use placed::place_edits;
pub use placed::{Fix, TextEdit};

use std::{fmt, io};

use serde::Serialize;

use crate::check::{Checked, Code, Diagnostic, LeftOut, Related, Severity};
use crate::document::{LineIndex, OffsetEncoding, Position};
use crate::operation::Operation;

/// The default category of a SARIF report.
pub const SARIF_CATEGORY: &str = "bootshift";

/// The version of the report's format. It is incremented by breaking changes.
pub const VERSION: u32 = 1;

/// A text with its checked documents.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The name to show.
    pub path: &'a str,
    /// The text.
    pub text: &'a str,
    /// Its documents.
    pub checked: &'a [Checked],
}

/// The findings of one run.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[non_exhaustive]
pub struct Report {
    /// The version of this format.
    #[cfg_attr(feature = "wasm", tsify(type = "1"))]
    pub version: u32,
    /// What the offsets count.
    pub offsets: OffsetEncoding,
    /// The documents, in the order of the run.
    pub files: Vec<FileReport>,
    /// The counts.
    pub summary: Summary,
}

/// The findings in one document.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[non_exhaustive]
pub struct FileReport {
    /// The name of the file.
    pub path: String,
    /// The index among the documents of the text, from 0. An empty document next to others does not count.
    pub document: usize,
    /// The operation that it was checked for; `None` if the text determines none.
    #[cfg_attr(feature = "wasm", tsify(type = "Operation | null"))]
    pub operation: Option<Operation>,
    /// Whether there are no errors.
    pub valid: bool,
    /// The diagnostics, in the order of the text.
    pub diagnostics: Vec<Finding>,
    /// The diagnostics that are not listed; `summary` and `valid` include them.
    #[serde(skip)]
    pub left_out: LeftOut,
}

/// A [`Diagnostic`] with lines and columns.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[non_exhaustive]
pub struct Finding {
    /// The code.
    pub code: Code,
    /// The severity.
    pub severity: Severity,
    /// A one-line message.
    pub message: String,
    /// How to fix it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub help: Option<String>,
    /// The JSON pointer (RFC 6901); empty for the document.
    pub pointer: String,
    /// The key that is missing or unknown, or whose value is wrong, if it is known and can be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub property: Option<String>,
    /// The first character.
    pub start: Position,
    /// The character after the last.
    pub end: Position,
    /// Related places.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub related: Vec<RelatedPlace>,
    /// A fix.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub fix: Option<Fix>,
}

/// A related place of a diagnostic, such as the first of two duplicate keys.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[non_exhaustive]
pub struct RelatedPlace {
    /// A short message.
    pub message: String,
    /// The name of the file, if it differs from that of the diagnostic.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub path: Option<String>,
    /// The first character.
    pub start: Position,
    /// The character after the last.
    pub end: Position,
}

/// The counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[non_exhaustive]
pub struct Summary {
    /// Files with at least one document.
    pub files: usize,
    /// Documents.
    pub documents: usize,
    /// The number of errors, including those that are not listed.
    pub errors: usize,
    /// The number of warnings.
    pub warnings: usize,
    /// The number of notes.
    pub notes: usize,
}

impl Summary {
    /// Counts a file's documents and their diagnostics.
    pub fn count(&mut self, checked: &[Checked]) {
        self.files += usize::from(!checked.is_empty());
        self.documents += checked.len();
        for document in checked {
            let LeftOut { errors, warnings, notes, .. } = document.left_out;
            self.errors += errors;
            self.warnings += warnings;
            self.notes += notes;
            // The diagnostic about unlisted ones is not counted itself.
            let of_text = |found: &&Diagnostic| found.code != Code::TooManyDiagnostics;
            for diagnostic in document.diagnostics.iter().filter(of_text) {
                match diagnostic.severity {
                    Severity::Error => self.errors += 1,
                    Severity::Warning => self.warnings += 1,
                    Severity::Note => self.notes += 1,
                }
            }
        }
    }
}

impl Report {
    /// An empty report.
    #[must_use]
    pub const fn new(offsets: OffsetEncoding) -> Self {
        let summary = Summary { files: 0, documents: 0, errors: 0, warnings: 0, notes: 0 };
        Self { version: VERSION, offsets, files: Vec::new(), summary }
    }

    /// The report on one text.
    #[must_use]
    pub fn of(input: &Input<'_>, offsets: OffsetEncoding) -> Self {
        let mut report = Self::new(offsets);
        report.add(input);
        report
    }

    /// Adds a file's documents.
    pub fn add(&mut self, input: &Input<'_>) {
        self.summary.count(input.checked);
        let mut lines = None;
        for document in input.checked {
            let findings = document.diagnostics.iter().map(|diagnostic| {
                let lines = lines.get_or_insert_with(|| LineIndex::new(input.text));
                Finding::new(diagnostic, lines, self.offsets)
            });
            self.files.push(FileReport {
                path: input.path.to_owned(),
                document: document.index,
                operation: document.operation,
                valid: document.is_valid(),
                diagnostics: findings.collect(),
                left_out: document.left_out,
            });
        }
    }

    /// The report as JSON, indented.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// Writes [`Report::to_json`] to `out`.
    ///
    /// # Errors
    /// Writing to `out` fails.
    pub fn write_json(&self, out: &mut impl io::Write) -> io::Result<()> {
        Ok(serde_json::to_writer_pretty(out, self)?)
    }

    /// The report as SARIF 2.1.0, indented. If there are more results than code scanning accepts, the least severe are
    /// left out: see [`Report::left_out_of_sarif`].
    #[must_use]
    pub fn to_sarif(&self) -> String {
        self.to_sarif_in(SARIF_CATEGORY)
    }

    /// Like [`Report::to_sarif`], with a category, because code scanning keeps one report per category for each commit.
    #[must_use]
    pub fn to_sarif_in(&self, category: &str) -> String {
        serde_json::to_string_pretty(&sarif::Log::of(self, category)).unwrap_or_default()
    }

    /// Writes [`Report::to_sarif_in`] to `out`.
    ///
    /// # Errors
    /// Writing to `out` fails.
    pub fn write_sarif(&self, category: &str, out: &mut impl io::Write) -> io::Result<()> {
        Ok(serde_json::to_writer_pretty(out, &sarif::Log::of(self, category))?)
    }

    /// The message about results that are left out of SARIF, if there are any.
    #[must_use]
    pub fn left_out_of_sarif(&self) -> Option<String> {
        sarif::left_out(self)
    }

    /// The report as workflow commands, one per line. GitHub shows them next to the lines of a pull request.
    #[must_use]
    pub fn to_github(&self) -> String {
        let mut text = String::new();
        // A string takes everything.
        let _ = self.write_github(&mut text);
        text
    }

    /// Writes [`Report::to_github`] to `out`.
    ///
    /// # Errors
    /// Writing to `out` fails.
    pub fn write_github(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        github::annotations(self, out)
    }
}

impl Finding {
    fn new(diagnostic: &Diagnostic, lines: &LineIndex<'_>, offsets: OffsetEncoding) -> Self {
        let range = lines.range(diagnostic.span, offsets);
        Self {
            code: diagnostic.code,
            severity: diagnostic.severity,
            message: diagnostic.message.clone(),
            help: diagnostic.help.clone(),
            pointer: diagnostic.pointer.clone(),
            property: diagnostic.property.clone(),
            start: range.start,
            end: range.end,
            related: diagnostic.related.iter().map(|related| RelatedPlace::new(related, offsets)).collect(),
            fix: diagnostic.fix.as_ref().map(|fix| placed::place(fix, lines, offsets)),
        }
    }
}

impl RelatedPlace {
    fn new(related: &Related, offsets: OffsetEncoding) -> Self {
        let range = related.place.range(offsets);
        Self {
            message: related.message.clone(),
            path: related.path.clone(),
            start: range.start,
            end: range.end,
        }
    }
}
