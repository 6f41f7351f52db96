//! Limits the number of diagnostics: the rest are counted, so that memory stays bounded and an invalid text never passes
//! as valid.

use std::fmt::Write as _;

use super::{Checked, Code, Diagnostic, Severity};
use crate::document::Limits;

/// How many diagnostics are not listed.
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

    /// Each severity with its count, the most severe first.
    const fn counts(self) -> [(Severity, usize); 3] {
        [(Severity::Error, self.errors), (Severity::Warning, self.warnings), (Severity::Note, self.notes)]
    }
}

/// Collects the diagnostics of a text, document by document, and keeps at most the limit.
pub(super) struct Listing {
    documents: Vec<Checked>,
    limit: usize,
    /// How many are listed so far. They are not cut after each document, which would be slow.
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

/// Keeps at most `limit` diagnostics of the documents of a text, and adds a last one that counts the rest.
/// [`check`](super::check) does so already; call this after removing documents or adding diagnostics.
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
    let (Some((worst, message)), Some(document)) = (describe(left_out), documents.get_mut(last)) else {
        return;
    };
    let span = document.diagnostics.last().map(|found| found.span).unwrap_or_default();
    let diagnostic = Diagnostic::new(Code::TooManyDiagnostics, "", span, message);
    document.diagnostics.push(diagnostic.with_severity(worst).with_help(
        "fix the listed problems and check again; or list more with `bootshift check --max-diagnostics N`",
    ));
}

/// Removes diagnostics beyond the limit: the least severe first, and of the same severity the last first.
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

/// The worst severity and the message: `not listed: 2 errors, 1 note`. `None` if everything is listed.
fn describe(left_out: LeftOut) -> Option<(Severity, String)> {
    let mut worst = None;
    let mut message = String::from("not listed: ");
    for (severity, count) in left_out.counts() {
        if count > 0 {
            let separator = if worst.is_some() { ", " } else { "" };
            let plural = if count == 1 { "" } else { "s" };
            let _ = write!(message, "{separator}{count} {}{plural}", severity.as_str());
            worst.get_or_insert(severity);
        }
    }
    worst.map(|worst| (worst, message))
}
