//! Applies fixes to a text.
//!
//! Fixes are created together with their diagnostic (see [`super::fix_builder`]), from the tree and the text. They contain
//! no secrets: they only write keys, values of the schema, quotes, and names that the diagnostic shows too.

use super::{Checked, Code, LeftOut, Options, check, excess};
use crate::diagnostic::{Applicability, Fix, apply};
use crate::document::{Documents, Limits};

/// The maximum number of rounds: each may reveal problems that the next one fixes. In JSON that cannot be parsed, a round
/// fixes one error.
const MAX_ROUNDS: usize = 1000;

/// How many bytes to check in all rounds together: large texts get fewer rounds.
const MAX_CHECKED_BYTES: usize = 64 << 20;
const MIN_ROUNDS: usize = 10;

/// A text after fixes were applied.
#[derive(Debug)]
#[non_exhaustive]
pub struct Fixed {
    /// The parsed text. Fixes change no byte outside their edits.
    pub documents: Documents<'static>,
    /// How many fixes were applied.
    pub fixes: usize,
    /// The result of checking the fixed text.
    pub checked: Vec<Checked>,
}

/// Applies the fixes of a text, then those that this reveals, until there are none, or the limit of rounds is reached: the
/// safe ones, or with [`Applicability::Unsafe`] all. Of overlapping fixes only the first is applied; the next round considers
/// the others again. `checked` is the result of [`check`] for `documents`. `wanted` is called once per round and selects the
/// documents to fix. Returns `None` if there is nothing to fix.
#[must_use]
pub fn fix(
    documents: &Documents<'_>,
    checked: &[Checked],
    options: &Options<'_>,
    applicability: Applicability,
    wanted: &dyn Fn(&Documents<'_>, &[Checked]) -> Vec<bool>,
) -> Option<Fixed> {
    let limit = documents.limits().diagnostics;
    // Also fix the diagnostics that are not listed.
    let limits = Limits { diagnostics: usize::MAX, ..*documents.limits() };
    let is_complete = checked.iter().all(|document| document.left_out == LeftOut::default());
    let mut fixed = if is_complete {
        fix_once(documents, checked, &limits, options, applicability, wanted)?
    } else {
        let documents = documents.parse_again(documents.text(), &limits);
        let checked = check(&documents, options);
        fix_once(&documents, &checked, &limits, options, applicability, wanted)?
    };
    for _ in 1..rounds(documents.text().len()) {
        let next = fix_once(&fixed.documents, &fixed.checked, &limits, options, applicability, wanted);
        let Some(next) = next else { break };
        fixed = Fixed { fixes: fixed.fixes + next.fixes, ..next };
    }
    excess::list(&mut fixed.checked, limit);
    Some(fixed)
}

/// Applies the fixes, unless they break the text.
fn fix_once(
    documents: &Documents<'_>,
    checked: &[Checked],
    limits: &Limits,
    options: &Options<'_>,
    applicability: Applicability,
    wanted: &dyn Fn(&Documents<'_>, &[Checked]) -> Vec<bool>,
) -> Option<Fixed> {
    if !checked.iter().any(|document| document.has_fix(applicability)) {
        return None;
    }
    let fixes = compatible(
        checked
            .iter()
            .zip(wanted(documents, checked))
            .filter(|(_, is_wanted)| *is_wanted)
            .flat_map(|(document, _)| &document.diagnostics)
            .filter_map(|diagnostic| diagnostic.fix.as_ref())
            .filter(|fix| fix.applicability <= applicability),
    );
    if fixes.is_empty() {
        return None;
    }
    let after = documents.parse_again(apply(documents.text(), &fixes), limits);
    let checked_after = check(&after, options);
    // Fixes should never break a text. If one does so because of a bug, discard the result.
    let is_newly_broken = is_broken(&checked_after) && !is_broken(checked);
    (!is_newly_broken).then(|| Fixed { documents: after, fixes: fixes.len(), checked: checked_after })
}

/// The maximum number of rounds for a text of this size.
fn rounds(bytes: usize) -> usize {
    (MAX_CHECKED_BYTES / bytes.max(1)).clamp(MIN_ROUNDS, MAX_ROUNDS)
}

/// Whether the text has syntax errors or duplicate keys.
fn is_broken(checked: &[Checked]) -> bool {
    let is_syntax = |code| matches!(code, Code::Syntax | Code::DuplicateKey);
    checked.iter().flat_map(|document| &document.diagnostics).any(|diagnostic| is_syntax(diagnostic.code))
}

impl Checked {
    /// Whether a diagnostic has a safe fix.
    #[must_use]
    pub fn has_safe_fix(&self) -> bool {
        self.has_fix(Applicability::Safe)
    }

    /// Whether a diagnostic has a safe fix, or with [`Applicability::Unsafe`] any.
    fn has_fix(&self, applicability: Applicability) -> bool {
        let mut fixes = self.diagnostics.iter().filter_map(|diagnostic| diagnostic.fix.as_ref());
        fixes.any(|fix| fix.applicability <= applicability)
    }
}

/// The fixes that do not overlap an earlier one.
fn compatible<'m>(fixes: impl Iterator<Item = &'m Fix>) -> Vec<&'m Fix> {
    /// Overlapping fixes are near each other, because diagnostics are in the order of the text.
    const NEAR: usize = 64;
    let mut chosen: Vec<&Fix> = Vec::new();
    for fix in fixes {
        if !chosen.iter().rev().take(NEAR).any(|other| other.overlaps(fix)) {
            chosen.push(fix);
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Edit;
    use crate::document::Span;

    fn replaces(start: usize, end: usize) -> Fix {
        Fix::new(
            "Test",
            Applicability::Safe,
            vec![Edit { span: Span::new(start, end), text: "[".to_owned() }],
        )
    }

    #[test]
    fn fixes_that_share_a_byte_or_start_at_the_same_position_overlap() {
        for other in [(1, 3), (2, 5), (3, 4), (3, 3), (4, 9), (0, 9), (2, 2), (2, 9)] {
            assert!(replaces(2, 5).overlaps(&replaces(other.0, other.1)), "{other:?}");
        }
        for other in [(0, 2), (1, 1), (5, 6), (5, 5), (7, 8)] {
            assert!(!replaces(2, 5).overlaps(&replaces(other.0, other.1)), "{other:?}");
        }
    }

    #[test]
    fn large_texts_get_fewer_rounds() {
        assert_eq!([0, 1, 1 << 16, 1 << 20, 1 << 30].map(rounds), [1000, 1000, 1000, 64, 10]);
    }

    /// The fixes of Bootshift do not break a text, so the test makes one that does.
    #[test]
    fn fix_that_breaks_the_text_is_not_applied() {
        let text = "type: Redshift\n";
        let documents = Documents::from(text);
        let mut checked = check(&documents, &Options::default());
        checked[0].diagnostics[0].fix = Some(replaces(0, 0));
        let fixed = fix(&documents, &checked, &Options::default(), Applicability::Safe, &|_, checked| {
            vec![true; checked.len()]
        });
        assert!(fixed.is_none(), "{fixed:?}");
    }
}
