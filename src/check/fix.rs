//! Changes to a text after which a diagnostic is gone.
//!
//! They are made where the diagnostic is (see [`super::fix_builder`]), from the tree and the text, never from the words
//! of a help. A fix holds no secret: what it writes is a key, a value of the schema, a quote, or a name that the
//! diagnostic shows as well.

use super::{Checked, Code, LeftOut, Options, check, excess};
use crate::diagnostic::{Fix, apply};
use crate::document::{Documents, Limits};

/// The most rounds of fixing: each may uncover what the next one fixes. Of JSON that cannot be read, a round fixes one
/// mistake.
const ROUNDS: usize = 1000;

/// How many bytes may be checked for the sake of fixing, beyond a few rounds: a large text gets fewer.
const WORK: usize = 64 << 20;
const FEWEST_ROUNDS: usize = 10;

/// A text after its safe fixes.
#[derive(Debug)]
#[non_exhaustive]
pub struct Fixed {
    /// The text, read; every byte that no fix is about is as it was.
    pub documents: Documents<'static>,
    /// How many diagnostics were fixed.
    pub fixes: usize,
    /// What there is still to say.
    pub checked: Vec<Checked>,
}

/// Applies the safe fixes of a text, then those that this uncovers, until there are none, or the text is too large
/// for more. Of fixes that overlap the first is applied, and the rest are judged anew. `checked` is what [`check`] says of
/// `documents`; those that `wanted` refuses, asked once for all documents of a text, stay as they are. `None` if there is
/// nothing to fix.
#[must_use]
pub fn fix(
    documents: &Documents<'_>,
    checked: &[Checked],
    options: &Options<'_>,
    wanted: &dyn Fn(&Documents<'_>, &[Checked]) -> Vec<bool>,
) -> Option<Fixed> {
    let limit = documents.limits().diagnostics;
    // What is not listed is fixed, too.
    let limits = Limits { diagnostics: usize::MAX, ..*documents.limits() };
    let is_whole = checked.iter().all(|document| document.left_out == LeftOut::default());
    let mut fixed = if is_whole {
        fix_once(documents, checked, &limits, options, wanted)?
    } else {
        let documents = documents.parse_again(documents.text(), &limits);
        let checked = check(&documents, options);
        fix_once(&documents, &checked, &limits, options, wanted)?
    };
    for _ in 1..rounds(documents.text().len()) {
        let Some(next) = fix_once(&fixed.documents, &fixed.checked, &limits, options, wanted) else {
            break;
        };
        fixed = Fixed { fixes: fixed.fixes + next.fixes, ..next };
    }
    excess::list(&mut fixed.checked, limit);
    Some(fixed)
}

/// Applies the safe fixes, if there are some and they make the text no worse.
fn fix_once(
    documents: &Documents<'_>,
    checked: &[Checked],
    limits: &Limits,
    options: &Options<'_>,
    wanted: &dyn Fn(&Documents<'_>, &[Checked]) -> Vec<bool>,
) -> Option<Fixed> {
    if !checked.iter().any(Checked::has_safe_fix) {
        return None;
    }
    let fixes = compatible(
        checked
            .iter()
            .zip(wanted(documents, checked))
            .filter(|(_, is_wanted)| *is_wanted)
            .flat_map(|(document, _)| &document.diagnostics)
            .filter_map(|diagnostic| diagnostic.fix.as_ref())
            .filter(|fix| fix.is_safe()),
    );
    if fixes.is_empty() {
        return None;
    }
    let after = documents.parse_again(apply(documents.text(), &fixes), limits);
    let checked_after = check(&after, options);
    // A fix never makes a text worse; should one do so after all, what it came from stays.
    let is_worse = is_broken(&checked_after) && !is_broken(checked);
    (!is_worse).then(|| Fixed { documents: after, fixes: fixes.len(), checked: checked_after })
}

/// How often a text of so many bytes is fixed.
fn rounds(bytes: usize) -> usize {
    (WORK / bytes.max(1)).clamp(FEWEST_ROUNDS, ROUNDS)
}

/// Whether the text could not be read.
fn is_broken(checked: &[Checked]) -> bool {
    let is_syntax = |code| matches!(code, Code::Syntax | Code::DuplicateKey);
    checked.iter().flat_map(|document| &document.diagnostics).any(|diagnostic| is_syntax(diagnostic.code))
}

impl Checked {
    /// Whether a diagnostic has a safe fix.
    #[must_use]
    pub fn has_safe_fix(&self) -> bool {
        let fixes = self.diagnostics.iter().filter_map(|diagnostic| diagnostic.fix.as_ref());
        fixes.into_iter().any(Fix::is_safe)
    }
}

/// The fixes that do not overlap one before them.
fn compatible<'m>(fixes: impl Iterator<Item = &'m Fix>) -> Vec<&'m Fix> {
    /// Those that touch are near each other, for diagnostics come in the order of the text.
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
    use crate::diagnostic::{Applicability, Edit};
    use crate::document::Span;

    fn replaces(start: usize, end: usize) -> Fix {
        Fix::new(
            "Test",
            Applicability::Safe,
            vec![Edit { span: Span::new(start, end), text: "[".to_owned() }],
        )
    }

    #[test]
    fn fixes_overlap_where_they_share_a_byte_or_begin_at_the_same_place() {
        for other in [(1, 3), (2, 5), (3, 4), (3, 3), (4, 9), (0, 9), (2, 2), (2, 9)] {
            assert!(replaces(2, 5).overlaps(&replaces(other.0, other.1)), "{other:?}");
        }
        for other in [(0, 2), (1, 1), (5, 6), (5, 5), (7, 8)] {
            assert!(!replaces(2, 5).overlaps(&replaces(other.0, other.1)), "{other:?}");
        }
    }

    #[test]
    fn the_larger_a_text_the_fewer_rounds() {
        assert_eq!([0, 1, 1 << 16, 1 << 20, 1 << 30].map(rounds), [1000, 1000, 1000, 64, 10]);
    }

    /// None of ours does so.
    #[test]
    fn a_fix_that_breaks_the_text_is_not_applied() {
        let text = "type: Redshift\n";
        let documents = Documents::from(text);
        let mut checked = check(&documents, &Options::default());
        checked[0].diagnostics[0].fix = Some(replaces(0, 0));
        let fixed = fix(&documents, &checked, &Options::default(), &|_, checked| vec![true; checked.len()]);
        assert!(fixed.is_none(), "{fixed:?}");
    }
}
