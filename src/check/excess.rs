//! More diagnostics than are listed: the rest are counted, so that no text costs more than its size, and none passes
//! for better than it is.

use super::wording::joined;
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
    /// Counts more of a severity.
    pub(super) const fn add(&mut self, severity: Severity, count: usize) {
        match severity {
            Severity::Error => self.errors += count,
            Severity::Warning => self.warnings += count,
            Severity::Note => self.notes += count,
        }
    }

    /// Each severity with its count, the worst first.
    const fn counts(self) -> [(Severity, usize); 3] {
        [(Severity::Error, self.errors), (Severity::Warning, self.warnings), (Severity::Note, self.notes)]
    }

    fn of<'c>(documents: impl IntoIterator<Item = &'c Checked>) -> Self {
        let mut all = Self::default();
        for (severity, count) in documents.into_iter().flat_map(|document| document.left_out.counts()) {
            all.add(severity, count);
        }
        all
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
    for document in &mut *documents {
        document.diagnostics.retain(|found| found.code != Code::TooManyDiagnostics);
    }
    cut(documents, limit);
    let left_out = LeftOut::of(&*documents);
    let Some((worst, _)) = left_out.counts().into_iter().find(|(_, count)| *count > 0) else { return };
    let is_last = |document: &&mut Checked| !document.diagnostics.is_empty();
    let count = documents.iter().filter(|document| !document.diagnostics.is_empty()).count();
    let last = match count.checked_sub(1) {
        Some(last) => documents.iter_mut().filter(is_last).nth(last),
        None => documents.iter_mut().next(),
    };
    let Some(document) = last else { return };
    let span = document.diagnostics.last().map(|found| found.span).unwrap_or_default();
    let diagnostic = Diagnostic::new(Code::TooManyDiagnostics, "", span, message(left_out));
    document.diagnostics.push(
        diagnostic
            .with_severity(worst)
            .with_help("mend what is listed and check again, or raise the limit: `--max-diagnostics`"),
    );
}

/// Takes out what there is beyond the limit: the least severe, and of the same severity what comes last.
fn cut(documents: &mut [Checked], limit: usize) {
    let mut listed = LeftOut::default();
    for found in documents.iter().flat_map(|document| &document.diagnostics) {
        listed.add(found.severity, 1);
    }
    let mut left = limit;
    let mut room = listed.counts().map(|(severity, count)| {
        let count = count.min(left);
        left -= count;
        (severity, count)
    });
    for Checked { diagnostics, left_out, .. } in documents {
        diagnostics.retain(|found| {
            let room = room.iter_mut().find(|(severity, room)| *severity == found.severity && *room > 0);
            let is_listed = room.map(|(_, room)| *room -= 1).is_some();
            if !is_listed {
                left_out.add(found.severity, 1);
            }
            is_listed
        });
    }
}

/// `2 errors and 1 note more are left out`
fn message(left_out: LeftOut) -> String {
    let counts = left_out.counts().into_iter().filter(|(_, count)| *count > 0);
    let words = counts.map(|(severity, count)| {
        let plural = if count == 1 { "" } else { "s" };
        format!("{count} {}{plural}", severity.as_str())
    });
    format!("{} more are left out", joined(words, ", "))
}
