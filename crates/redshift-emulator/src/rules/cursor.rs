//! Parses a statement token by token.

use super::{Checked, syntax_error};
use redshift_lexer::{Kind, Token};

/// A position in the tokens of a statement.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'s, 't> {
    pub(super) tokens: &'s [Token<'t>],
    pub(super) at: usize,
}

/// Whether the token is this keyword.
pub(super) fn is_word(token: &Token<'_>, word: &str) -> bool {
    token.kind == Kind::Word && token.raw.eq_ignore_ascii_case(word)
}

pub(super) fn is_any(token: &Token<'_>, words: &[&str]) -> bool {
    words.iter().any(|word| is_word(token, word))
}

pub(super) fn is_operator(token: &Token<'_>, operator: &str) -> bool {
    token.kind == Kind::Operator && token.raw == operator
}

impl<'s, 't> Cursor<'s, 't> {
    pub(super) const fn new(tokens: &'s [Token<'t>]) -> Self {
        Self { tokens, at: 0 }
    }

    pub(super) fn peek(&self) -> Option<&'s Token<'t>> {
        self.tokens.get(self.at)
    }

    pub(super) fn next(&mut self) -> Option<&'s Token<'t>> {
        let token = self.peek();
        self.at += usize::from(token.is_some());
        token
    }

    pub(super) fn rest(&self) -> &'s [Token<'t>] {
        &self.tokens[self.at..]
    }

    pub(super) fn error(&self) -> super::ServerError {
        syntax_error(self.peek())
    }

    pub(super) fn sees(&self, words: &str) -> bool {
        let rest = self.rest();
        words.split(' ').enumerate().all(|(i, word)| rest.get(i).is_some_and(|token| is_word(token, word)))
    }

    /// Consumes the words if they come next.
    pub(super) fn eat(&mut self, words: &str) -> bool {
        let eats = self.sees(words);
        if eats {
            self.at += words.split(' ').count();
        }
        eats
    }

    pub(super) fn eat_operator(&mut self, operator: &str) -> bool {
        let eats = self.peek().is_some_and(|token| is_operator(token, operator));
        self.at += usize::from(eats);
        eats
    }

    pub(super) fn expect(&mut self, words: &str) -> Checked<()> {
        if self.eat(words) { Ok(()) } else { Err(self.error()) }
    }

    /// A name without a qualifier.
    pub(super) fn name(&mut self) -> Checked<&'s Token<'t>> {
        match self.peek() {
            Some(token) if matches!(token.kind, Kind::Word | Kind::Identifier) => {
                self.at += 1;
                Ok(token)
            }
            _ => Err(self.error()),
        }
    }

    /// A name with or without qualifiers.
    pub(super) fn qualified(&mut self) -> Checked<&'s [Token<'t>]> {
        let start = self.at;
        self.name()?;
        while self.eat_operator(".") {
            self.name()?;
        }
        Ok(&self.tokens[start..self.at])
    }

    pub(super) fn literal(&mut self) -> Checked<&'s Token<'t>> {
        match self.peek() {
            Some(token) if token.kind == Kind::Literal => {
                self.at += 1;
                Ok(token)
            }
            _ => Err(self.error()),
        }
    }

    pub(super) fn number(&mut self) -> Checked<&'s Token<'t>> {
        match self.peek() {
            Some(token) if token.kind == Kind::Number => {
                self.at += 1;
                Ok(token)
            }
            _ => Err(self.error()),
        }
    }

    pub(super) fn end(&self) -> Checked<()> {
        if self.peek().is_none() { Ok(()) } else { Err(self.error()) }
    }

    /// The tokens in the parentheses that come next.
    pub(super) fn parenthesized(&mut self) -> Checked<&'s [Token<'t>]> {
        if !self.eat_operator("(") {
            return Err(self.error());
        }
        let start = self.at;
        let mut depth = 1;
        while let Some(token) = self.next() {
            if is_operator(token, "(") {
                depth += 1;
            } else if is_operator(token, ")") {
                depth -= 1;
                if depth == 0 {
                    return Ok(&self.tokens[start..self.at - 1]);
                }
            }
        }
        Err(self.error())
    }

    /// Advances to the first of these words outside of parentheses, or to the end.
    pub(super) fn skip_to(&mut self, words: &[&str]) -> &'s [Token<'t>] {
        let start = self.at;
        let mut depth = 0_usize;
        while let Some(token) = self.peek() {
            if is_operator(token, "(") {
                depth += 1;
            } else if is_operator(token, ")") {
                depth = depth.saturating_sub(1);
            } else if depth == 0 && is_any(token, words) {
                break;
            }
            self.at += 1;
        }
        &self.tokens[start..self.at]
    }
}

/// The pieces between the commas outside of parentheses.
pub(super) fn split_commas<'s, 't>(tokens: &'s [Token<'t>]) -> Vec<&'s [Token<'t>]> {
    let mut pieces = Vec::new();
    let (mut start, mut depth) = (0, 0_usize);
    for (at, token) in tokens.iter().enumerate() {
        if is_operator(token, "(") {
            depth += 1;
        } else if is_operator(token, ")") {
            depth = depth.saturating_sub(1);
        } else if depth == 0 && is_operator(token, ",") {
            pieces.push(&tokens[start..at]);
            start = at + 1;
        }
    }
    pieces.push(&tokens[start..]);
    pieces
}
