//! More diagnostics than are listed: the rest are counted, so that no text costs more than its size, and none passes
//! for better than it is.

use std::fmt::Write as _;

use super::{Checked, Code, Diagnostic, Severity};
use crate::document::Limits;

/// How many diagnostics there are beside those that are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeftOut {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub notes: usize,
}

impl LeftOut {
    /// The count of a severity.
    const fn of(&mut self, severity: Severity) -> &mut usize {
        match severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
            Severity::Note => &mut self.notes,
        }
    }

    /// Each severity with its count, the worst first.
    const fn counts(self) -> [(Severity, usize); 3] {
        [(Severity::Error, self.errors), (Severity::Warning, self.warnings), (Severity::Note, self.notes)]
    }
}

/// The diagnostics of a text, document by document, of which no more than the limit are kept at the end.
pub(super) struct Listing {
    documents: Vec<Checked>,
    limit: usize,
    /// How many are listed so far: to cut them after each document would take too long.
    listed: usize,
}

impl Listing {
    pub(super) const fn new(limits: &Limits) -> Self {
        Self { documents: Vec::new(), limit: limits.diagnostics, listed: 0 }
    }

    pub(super) fn add(&mut self, document: Checked) {
        self.listed += document.diagnostics.len();
        self.documents.push(document);
        if self.listed > self.limit.saturating_mul(2) {
            cut(&mut self.documents, self.limit);
            self.listed = self.limit;
        }
    }

    pub(super) fn finish(mut self) -> Vec<Checked> {
        list(&mut self.documents, self.limit);
        self.documents
    }
}

/// Lists no more than `limit` diagnostics of the documents of a text, and says behind them how many there are beside.
/// [`check`](super::check) has done so: this is for documents that were taken away or to which diagnostics were added.
pub fn list(documents: &mut [Checked], limit: usize) {
    cut(documents, limit);
    let (mut left_out, mut last) = (LeftOut::default(), 0);
    for (at, document) in documents.iter().enumerate() {
        left_out.errors += document.left_out.errors;
        left_out.warnings += document.left_out.warnings;
        left_out.notes += document.left_out.notes;
        if !document.diagnostics.is_empty() {
            last = at;
        }
    }
    let (Some((worst, words)), Some(document)) = (described(left_out), documents.get_mut(last)) else {
        return;
    };
    let span = document.diagnostics.last().map(|found| found.span).unwrap_or_default();
    let diagnostic = Diagnostic::new(Code::TooManyDiagnostics, "", span, words);
    document.diagnostics.push(diagnostic.with_severity(worst).with_help(
        "fix what is listed and check again, or list more: `bootshift check --max-diagnostics N`",
    ));
}

/// Takes out what there is beyond the limit: the least severe, and of the same severity what comes last.
fn cut(documents: &mut [Checked], limit: usize) {
    let mut room = limit;
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        for Checked { diagnostics, left_out, .. } in &mut *documents {
            let left_out = left_out.of(severity);
            diagnostics.retain(|found| {
                if found.severity != severity || found.code == Code::TooManyDiagnostics {
                    return found.code != Code::TooManyDiagnostics;
                }
                let is_listed = room > 0;
                room -= usize::from(is_listed);
                *left_out += usize::from(!is_listed);
                is_listed
            });
        }
    }
}

/// The worst severity, and what is said: `left out: 2 errors, 1 note`. Nothing of nothing.
fn described(left_out: LeftOut) -> Option<(Severity, String)> {
    let mut worst = None;
    let mut words = String::from("left out: ");
    for (severity, count) in left_out.counts() {
        if count > 0 {
            let separator = if worst.is_some() { ", " } else { "" };
            let plural = if count == 1 { "" } else { "s" };
            let _ = write!(words, "{separator}{count} {}{plural}", severity.as_str());
            worst.get_or_insert(severity);
        }
    }
    worst.map(|worst| (worst, words))
}
