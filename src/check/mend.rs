//! Changes to a text after which a diagnostic is gone.
//!
//! They are made where the diagnostic is (see [`super::mender`]), from the tree and the text, never from the words
//! of a help. A mend holds no secret: what it writes is a key, a value of the schema, a quote, or a name that the
//! diagnostic shows as well.

use super::{Checked, Code, LeftOut, Options, check, excess};
use crate::diagnostic::{Mend, apply};
use crate::document::{Documents, Limits};

/// The most rounds of mending: each may uncover what the next one mends. Of JSON that cannot be read, a round mends one
/// mistake.
const ROUNDS: usize = 1000;

/// How many bytes may be checked for the sake of mending, beyond a few rounds: a large text gets fewer.
const WORK: usize = 64 << 20;
const FEWEST_ROUNDS: usize = 10;

/// A text after its certain mends.
#[derive(Debug)]
#[non_exhaustive]
pub struct Mended {
    /// The text, read; every byte that no mend is about is as it was.
    pub documents: Documents<'static>,
    /// How many diagnostics were mended.
    pub mends: usize,
    /// What there is still to say.
    pub checked: Vec<Checked>,
}

/// Applies the certain mends of a text, then those that this uncovers, until there are none, or the text is too large
/// for more. Of mends that overlap the first is applied, and the rest are judged anew. `checked` is what [`check`] says of
/// `documents`; those that `wanted` refuses, asked once for all documents of a text, stay as they are. `None` if there is
/// nothing to mend.
#[must_use]
pub fn mend(
    documents: &Documents<'_>,
    checked: &[Checked],
    options: &Options<'_>,
    wanted: &dyn Fn(&Documents<'_>, &[Checked]) -> Vec<bool>,
) -> Option<Mended> {
    let limit = documents.limits().diagnostics;
    // What is not listed is mended, too.
    let limits = Limits { diagnostics: usize::MAX, ..*documents.limits() };
    let is_whole = checked.iter().all(|document| document.left_out == LeftOut::default());
    let mut mended = if is_whole {
        mend_once(documents, checked, &limits, options, wanted)?
    } else {
        let documents = documents.parse_again(documents.text(), &limits);
        let checked = check(&documents, options);
        mend_once(&documents, &checked, &limits, options, wanted)?
    };
    for _ in 1..rounds(documents.text().len()) {
        let Some(next) = mend_once(&mended.documents, &mended.checked, &limits, options, wanted) else {
            break;
        };
        mended = Mended { mends: mended.mends + next.mends, ..next };
    }
    excess::list(&mut mended.checked, limit);
    Some(mended)
}

/// Applies the certain mends, if there are some and they make the text no worse.
fn mend_once(
    documents: &Documents<'_>,
    checked: &[Checked],
    limits: &Limits,
    options: &Options<'_>,
    wanted: &dyn Fn(&Documents<'_>, &[Checked]) -> Vec<bool>,
) -> Option<Mended> {
    if !checked.iter().any(Checked::has_certain_mend) {
        return None;
    }
    let mends = compatible(
        checked
            .iter()
            .zip(wanted(documents, checked))
            .filter(|(_, is_wanted)| *is_wanted)
            .flat_map(|(document, _)| &document.diagnostics)
            .filter_map(|diagnostic| diagnostic.mend.as_ref())
            .filter(|mend| mend.is_certain()),
    );
    if mends.is_empty() {
        return None;
    }
    let after = documents.parse_again(apply(documents.text(), &mends), limits);
    let checked_after = check(&after, options);
    // A mend never makes a text worse; should one do so after all, what it came from stays.
    let is_worse = is_broken(&checked_after) && !is_broken(checked);
    (!is_worse).then(|| Mended { documents: after, mends: mends.len(), checked: checked_after })
}

/// How often a text of so many bytes is mended.
fn rounds(bytes: usize) -> usize {
    (WORK / bytes.max(1)).clamp(FEWEST_ROUNDS, ROUNDS)
}

/// Whether the text could not be read.
fn is_broken(checked: &[Checked]) -> bool {
    let is_syntax = |code| matches!(code, Code::Syntax | Code::DuplicateKey);
    checked.iter().flat_map(|document| &document.diagnostics).any(|diagnostic| is_syntax(diagnostic.code))
}

impl Checked {
    /// Whether a diagnostic has a mend that is certain.
    #[must_use]
    pub fn has_certain_mend(&self) -> bool {
        let mends = self.diagnostics.iter().filter_map(|diagnostic| diagnostic.mend.as_ref());
        mends.into_iter().any(Mend::is_certain)
    }
}

/// The mends that do not overlap one before them.
fn compatible<'m>(mends: impl Iterator<Item = &'m Mend>) -> Vec<&'m Mend> {
    /// Those that touch are near each other, for diagnostics come in the order of the text.
    const NEAR: usize = 64;
    let mut chosen: Vec<&Mend> = Vec::new();
    for mend in mends {
        if !chosen.iter().rev().take(NEAR).any(|other| other.overlaps(mend)) {
            chosen.push(mend);
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Certainty, Edit};
    use crate::document::Span;

    fn replaces(start: usize, end: usize) -> Mend {
        Mend::new(
            "Test",
            Certainty::Certain,
            vec![Edit { span: Span::new(start, end), text: "[".to_owned() }],
        )
    }

    #[test]
    fn mends_overlap_where_they_share_a_byte_or_begin_at_the_same_place() {
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
    fn a_mend_that_breaks_the_text_is_not_applied() {
        let text = "type: Redshift\n";
        let documents = Documents::from(text);
        let mut checked = check(&documents, &Options::default());
        checked[0].diagnostics[0].mend = Some(replaces(0, 0));
        let mended = mend(&documents, &checked, &Options::default(), &|_, checked| vec![true; checked.len()]);
        assert!(mended.is_none(), "{mended:?}");
    }
}
