//! Reports and explanations on their way to JavaScript: a list of texts and a list of numbers, from which the package
//! makes the objects. With objects in the JSON text, `JSON.parse` takes five times as long, which is longer than the
//! check.

use super::{Explanation, Failure};
use crate::check::LeftOut;
use crate::document::Position;
use crate::operation::Operation;
use crate::report::{Finding, RelatedPlace, Report};

#[derive(Default)]
struct Rows<'r> {
    texts: Vec<&'r str>,
    numbers: Vec<usize>,
}

/// A report as JSON text. A document is its path and its operation, its index, how many findings of each severity are
/// left out, and how many follow; what is not there is the empty text. The rest of the report follows from these.
#[must_use]
pub fn report(report: &Report) -> String {
    let mut rows = Rows::default();
    for file in &report.files {
        rows.texts.extend([file.path.as_str(), file.operation.map_or("", Operation::name)]);
        let LeftOut { errors, warnings, notes, .. } = file.left_out;
        rows.numbers.extend([file.document, errors, warnings, notes, file.diagnostics.len()]);
        rows.findings(&file.diagnostics);
    }
    rows.text()
}

/// A failure as JSON text: its message, and its diagnostics as in a report.
#[must_use]
pub fn failure(failure: &Failure) -> String {
    let mut rows = Rows { texts: vec![&failure.message], numbers: vec![failure.diagnostics.len()] };
    rows.findings(&failure.diagnostics);
    rows.text()
}

/// The texts of an explanation, in the order of its fields.
#[must_use]
pub fn explanation(explanation: &Explanation) -> [&str; 8] {
    let Explanation { code, severity, title, what, why, mend, wrong, right } = explanation;
    [code.as_str(), severity.as_str(), title, what, why, mend, wrong, right]
}

impl<'r> Rows<'r> {
    fn findings(&mut self, findings: &'r [Finding]) {
        for Finding { code, severity, message, help, pointer, start, end, related, .. } in findings {
            let help = help.as_deref().unwrap_or_default();
            self.texts.extend([code.as_str(), severity.as_str(), message, help, pointer]);
            self.places(start, end);
            self.numbers.push(related.len());
            for RelatedPlace { message, path, start, end } in related {
                self.texts.extend([message.as_str(), path.as_deref().unwrap_or_default()]);
                self.places(start, end);
            }
        }
    }

    fn places(&mut self, start: &Position, end: &Position) {
        for place in [start, end] {
            self.numbers.extend([place.line, place.column, place.offset]);
        }
    }

    fn text(&self) -> String {
        serde_json::to_string(&(&self.texts, &self.numbers)).unwrap_or_default()
    }
}
