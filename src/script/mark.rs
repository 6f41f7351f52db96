//! How a template says where a statement begins and what it is.
//!
//! A template calls the methods of [`Mark`]; they write a mark between NUL characters, which neither an
//! identifier nor a literal can hold, so no user text can make one. [`statements`] reads the marks back.

use std::borrow::Borrow;
use std::fmt;

use askama::filters::Safe;

use super::Statement;

/// What templates call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark;

/// A mark on its way into the text.
#[derive(Clone, Copy, Debug)]
pub(super) enum Written<'a> {
    Heading(&'a str),
    Statement { summary: &'a str, transactional: bool, secret: bool },
    Probe,
}

const HEADING: char = 'h';
const STATEMENT: char = 's';
const SECRET: char = 'x';
const AUTONOMOUS: char = 'a';
const PROBE: char = 'p';

impl fmt::Display for Written<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Heading(text) => write!(f, "\0{HEADING}{text}\0"),
            Self::Statement { summary, transactional, secret } => {
                let kind = match (transactional, secret) {
                    (false, _) => AUTONOMOUS,
                    (true, true) => SECRET,
                    (true, false) => STATEMENT,
                };
                write!(f, "\0{kind}{summary}\0")
            }
            Self::Probe => write!(f, "\0{PROBE}\0"),
        }
    }
}

// askama calls methods on fields by reference.
#[allow(clippy::trivially_copy_pass_by_ref, clippy::unused_self)]
impl Mark {
    /// Opens a group: what it is and why, for who reads the text.
    pub(super) const fn heading<'a>(&self, text: &'a str) -> Safe<Written<'a>> {
        Safe(Written::Heading(text))
    }

    /// A statement that may run in a transaction.
    pub(super) const fn statement<'a>(&self, summary: &'a str) -> Safe<Written<'a>> {
        Safe(Written::Statement { summary, transactional: true, secret: false })
    }

    /// A statement with a password clause.
    pub(super) const fn password<'a>(&self, summary: &'a str, secret: bool) -> Safe<Written<'a>> {
        Safe(Written::Statement { summary, transactional: true, secret })
    }

    /// A statement that Redshift refuses in a transaction.
    pub(super) const fn autonomous<'a>(&self, summary: &'a str) -> Safe<Written<'a>> {
        Safe(Written::Statement { summary, transactional: false, secret: false })
    }

    /// The query that gives a row if the statement's effect is there already.
    pub(super) const fn probe(&self) -> Safe<Written<'static>> {
        Safe(Written::Probe)
    }

    /// `BEGIN`.
    pub(super) const fn begin(&self) -> Safe<&'static str> {
        Safe("\0sBegin the transaction\0BEGIN")
    }

    /// `COMMIT`.
    pub(super) const fn commit(&self) -> Safe<&'static str> {
        Safe("\0sCommit the transaction\0COMMIT")
    }

    /// `TRUE` or `FALSE`.
    pub(super) fn boolean(&self, value: impl Borrow<bool>) -> Safe<&'static str> {
        Safe(if *value.borrow() { "TRUE" } else { "FALSE" })
    }
}

/// Reads the statements out of a rendered template.
pub(super) fn statements(text: &str) -> Vec<Statement> {
    let mut statements: Vec<Statement> = Vec::new();
    let mut heading = None;
    let mut pieces = text.split('\0').skip(1);
    while let (Some(mark), Some(body)) = (pieces.next(), pieces.next()) {
        let mut rest = mark.chars();
        let kind = rest.next();
        let label = rest.as_str();
        let body = body.trim();
        match kind {
            Some(HEADING) => heading = Some(label.to_owned()),
            Some(PROBE) => {
                if let Some(last) = statements.last_mut() {
                    last.probe = Some(body.to_owned());
                }
            }
            _ => statements.push(Statement {
                comment: heading.take(),
                summary: label.to_owned(),
                sql: body.to_owned(),
                transactional: kind != Some(AUTONOMOUS),
                secret: kind == Some(SECRET),
                probe: None,
            }),
        }
    }
    statements
}
