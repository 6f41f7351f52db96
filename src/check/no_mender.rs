//! What stands in for the mends where they are not wanted: the module that browsers load would be larger by them,
//! and shows none.

use std::marker::PhantomData;

use super::characters::Replacement;
use crate::document::{Member, Node, Span};

/// A change to the text that mends one diagnostic; without the feature `mend` there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mend {}

/// The text that mends are for.
#[derive(Clone, Copy)]
pub(super) struct Mender<'t>(PhantomData<&'t str>);

#[expect(clippy::unused_self, reason = "they have the shape of those that mend")]
impl<'t> Mender<'t> {
    pub(super) const fn new(_: &'t str) -> Self {
        Self(PhantomData)
    }

    pub(super) const fn rename(self, _: &Member, _: &str) -> Option<Mend> {
        None
    }

    pub(super) const fn choose(self, _: &Node, _: &str) -> Option<Mend> {
        None
    }

    pub(super) const fn lower_case(self, _: &Node) -> Option<Mend> {
        None
    }

    pub(super) const fn truth(self, _: &Node, _: bool) -> Option<Mend> {
        None
    }

    pub(super) const fn opposite(self, _: &Node) -> Option<Mend> {
        None
    }

    pub(super) const fn number(self, _: &Node, _: i64, _: bool) -> Option<Mend> {
        None
    }

    pub(super) const fn quote(self, _: &Node) -> Option<Mend> {
        None
    }

    pub(super) const fn unquote(self, _: &Node) -> Option<Mend> {
        None
    }

    pub(super) const fn bare_host(self, _: &Node, _: &str, _: Option<&Node>) -> Option<Mend> {
        None
    }

    pub(super) const fn reference(self, _: &Node, _: &str) -> Option<Mend> {
        None
    }

    pub(super) const fn clean(self, _: &Node, _: &str, _: &[Replacement], _: bool) -> Option<Mend> {
        None
    }

    pub(super) const fn remove(self, _: &Member) -> Option<Mend> {
        None
    }
}

pub(crate) const fn without(_: Span, _: &str) -> Option<Mend> {
    None
}

pub(crate) const fn replaced(_: &[Replacement], _: bool) -> Option<Mend> {
    None
}

pub(crate) const fn json_word(_: &str, _: Span) -> Option<Mend> {
    None
}

pub(crate) const fn json_key(_: &str, _: Span) -> Option<Mend> {
    None
}
