//! A lexer with the rules of PostgreSQL 8.0's scanner (`src/backend/parser/scan.l`), on which Redshift is built, and with
//! what Amazon documents of Redshift:
//!
//! - in `'…'` a backslash is always an escape (AWS's JDBC driver says so of Redshift: `escapeCatalogLiteral` in
//!   `RedshiftDatabaseMetaData.java`), and `E'…'` does not exist;
//! - in `"…"` a backslash is a character like any other
//!   (<https://docs.aws.amazon.com/redshift/latest/dg/r_names.html>);
//! - any character outside ASCII can be part of a word, white space of Unicode too.
//!
//! What clients read in different ways is an error: comments in comments, literals that continue on the next line, prefixed
//! literals, control characters outside of quotes.

use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A keyword or a plain identifier.
    Word,
    /// `"…"`; the value is undoubled.
    Identifier,
    /// `'…'`; the value is unescaped.
    Literal,
    /// `$tag$…$tag$`; the value is the body, verbatim.
    Body,
    /// A number.
    Number,
    /// `$1`
    Parameter,
    /// An operator, or one character of punctuation.
    Operator,
    /// `;`
    Semicolon,
    /// A comment, with its marks.
    Comment,
}

/// A piece of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    /// What it is.
    pub(super) kind: Kind,
    /// How it is written.
    pub(super) raw: &'a str,
    /// What Redshift reads; for most kinds the same.
    pub(super) value: String,
    /// Its position in bytes.
    pub(super) span: Range<usize>,
}

/// The tokens of a text.
///
/// # Errors
/// The text cannot be read.
pub(super) fn lex(text: &str) -> Result<Vec<Token<'_>>, String> {
    Lexer { text, at: 0 }.tokens()
}

const OPERATORS: &str = "~!@#%^&|`?+-*/<>=";
const PUNCTUATION: &str = ",()[].:";
const SPACES: &str = " \t\n\r\u{c}";

struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    fn tokens(mut self) -> Result<Vec<Token<'a>>, String> {
        let mut tokens: Vec<Token<'a>> = Vec::new();
        loop {
            self.skip(|c| SPACES.contains(c));
            let start = self.at;
            let Some(first) = self.peek() else { return Ok(tokens) };
            let (kind, value) =
                self.token(first).map_err(|error| format!("{error} at byte {start} of {:?}", self.text))?;
            let raw = &self.text[start..self.at];
            if let Some(last) = tokens.last()
                && last.kind == Kind::Literal
                && kind == Kind::Literal
            {
                return Err(format!("a literal right after another at byte {start}: {raw}"));
            }
            tokens.push(Token {
                kind,
                raw,
                value: value.unwrap_or_else(|| raw.to_owned()),
                span: start..self.at,
            });
        }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn skip(&mut self, wanted: impl Fn(char) -> bool) {
        while self.peek().is_some_and(&wanted) {
            self.take();
        }
    }

    fn token(&mut self, first: char) -> Result<(Kind, Option<String>), String> {
        match first {
            '-' if self.rest().starts_with("--") => {
                self.skip(|c| c != '\n' && c != '\r');
                Ok((Kind::Comment, None))
            }
            '/' if self.rest().starts_with("/*") => self.block_comment(),
            '\'' => self.literal(),
            '"' => self.identifier(),
            '$' => self.dollar(),
            ';' => {
                self.take();
                Ok((Kind::Semicolon, None))
            }
            ':' => {
                let length =
                    if ["::", ":="].iter().any(|operator| self.rest().starts_with(operator)) { 2 } else { 1 };
                self.at += length;
                Ok((Kind::Operator, None))
            }
            c if c.is_ascii_digit() => {
                self.skip(|c| c.is_ascii_digit() || c == '.');
                Ok((Kind::Number, None))
            }
            c if begins_word(c) => self.word(),
            c if OPERATORS.contains(c) => {
                // An operator ends where a comment begins.
                while self.peek().is_some_and(|c| OPERATORS.contains(c))
                    && !self.rest().starts_with("--")
                    && !self.rest().starts_with("/*")
                {
                    self.take();
                }
                Ok((Kind::Operator, None))
            }
            c if PUNCTUATION.contains(c) => {
                self.take();
                Ok((Kind::Operator, None))
            }
            c => Err(format!("{c:?} outside of quotes")),
        }
    }

    fn word(&mut self) -> Result<(Kind, Option<String>), String> {
        let start = self.at;
        self.skip(continues_word);
        let word = &self.text[start..self.at];
        let is_prefix = match self.peek() {
            Some('\'') => ["e", "b", "x", "n"].iter().any(|prefix| word.eq_ignore_ascii_case(prefix)),
            Some('&') => word.eq_ignore_ascii_case("u") && self.rest()[1..].starts_with(['\'', '"']),
            _ => false,
        };
        if is_prefix { Err(format!("a literal with the prefix {word}")) } else { Ok((Kind::Word, None)) }
    }

    fn block_comment(&mut self) -> Result<(Kind, Option<String>), String> {
        self.at += 2;
        loop {
            if self.rest().starts_with("*/") {
                self.at += 2;
                return Ok((Kind::Comment, None));
            }
            if self.rest().starts_with("/*") {
                return Err("a comment in a comment, which clients read in different ways,".to_owned());
            }
            self.take().ok_or("unterminated comment")?;
        }
    }

    fn identifier(&mut self) -> Result<(Kind, Option<String>), String> {
        self.take();
        let mut value = String::new();
        loop {
            match self.take().ok_or("unterminated identifier")? {
                '\0' => return Err("NUL in an identifier".to_owned()),
                '"' if self.peek() != Some('"') => break,
                '"' => {
                    self.take();
                    value.push('"');
                }
                c => value.push(c),
            }
        }
        if value.is_empty() {
            Err("an empty identifier".to_owned())
        } else {
            Ok((Kind::Identifier, Some(value)))
        }
    }

    fn literal(&mut self) -> Result<(Kind, Option<String>), String> {
        self.take();
        // Octal escapes make bytes, so the value is put together from bytes.
        let mut value: Vec<u8> = Vec::new();
        loop {
            let c = match self.take().ok_or("unterminated literal")? {
                '\'' if self.peek() != Some('\'') => break,
                '\'' => {
                    self.take();
                    '\''
                }
                '\\' => match self.take().ok_or("unterminated literal")? {
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    digit if is_octal(digit) => {
                        value.push(self.octal()?);
                        continue;
                    }
                    other => other,
                },
                other => other,
            };
            value.extend(c.encode_utf8(&mut [0; 4]).bytes());
        }
        if value.contains(&0) {
            return Err("NUL in a literal".to_owned());
        }
        let value = String::from_utf8(value).map_err(|_| "a literal that is not UTF-8")?;
        Ok((Kind::Literal, Some(value)))
    }

    /// The byte of an escape whose first digit has been taken.
    fn octal(&mut self) -> Result<u8, String> {
        let start = self.at - 1;
        self.at += self.rest().chars().take(2).take_while(|c| is_octal(*c)).count();
        let code = u16::from_str_radix(&self.text[start..self.at], 8).map_err(|error| error.to_string())?;
        u8::try_from(code).map_err(|_| format!("an escape of more than a byte: {code:o}"))
    }

    fn dollar(&mut self) -> Result<(Kind, Option<String>), String> {
        let start = self.at;
        self.take();
        if self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.skip(|c| c.is_ascii_digit());
            return Ok((Kind::Parameter, None));
        }
        if self.peek().is_some_and(begins_word) {
            self.skip(|c| continues_word(c) && c != '$');
        }
        if self.take() != Some('$') {
            return Err("a dollar sign that opens nothing".to_owned());
        }
        let tag = &self.text[start..self.at];
        let length = self.rest().find(tag).ok_or("unterminated dollar quote")?;
        let body = &self.rest()[..length];
        self.at += length + tag.len();
        if body.contains('\0') {
            Err("NUL in a body".to_owned())
        } else {
            Ok((Kind::Body, Some(body.to_owned())))
        }
    }
}

fn is_octal(c: char) -> bool {
    ('0'..='7').contains(&c)
}

fn begins_word(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || !c.is_ascii()
}

fn continues_word(c: char) -> bool {
    begins_word(c) || c.is_ascii_digit() || c == '$'
}
