//! A lexer for Redshift's SQL. It shares no code with Bootshift: the emulator reads statements with it, and the tests check that the
//! text of a script contains exactly what its data contains.
//!
//! The rules are those of PostgreSQL 8.0's scanner (`src/backend/parser/scan.l`), on which Redshift is built,
//! with what Amazon documents about Redshift:
//!
//! - in `'…'` a backslash is always an escape (according to AWS's JDBC driver: `escapeCatalogLiteral` in
//!   `RedshiftDatabaseMetaData.java`), and `E'…'` does not exist;
//! - in `"…"` a backslash is an ordinary character
//!   (<https://docs.aws.amazon.com/redshift/latest/dg/r_names.html>);
//! - words may contain any character outside ASCII, including Unicode white space.
//!
//! Syntax that is ambiguous, or that generated SQL does not need, is an error: nested comments, literals that are continued
//! on the next line, prefixed literals, control characters outside of quotes.

#![forbid(unsafe_code)]

use std::ops::Range;

/// The kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A keyword or a plain identifier.
    Word,
    /// `"…"`; in the value, doubled quotes are single.
    Identifier,
    /// `'…'`; the value is unescaped.
    Literal,
    /// `$tag$…$tag$`; the value is the body, verbatim.
    Body,
    /// Inserted by [`nested`] before the tokens of a body.
    BodyStart,
    /// Inserted by [`nested`] after the tokens of a body.
    BodyEnd,
    /// A number.
    Number,
    /// `$1`
    Parameter,
    /// An operator, or one character of punctuation.
    Operator,
    /// `;`
    Semicolon,
    /// A comment, with its delimiters.
    Comment,
    /// A psql command: from a backslash to the end of the line. Only for [`lex_psql`].
    Command,
}

/// A token of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// The kind.
    pub kind: Kind,
    /// The text of the token.
    pub raw: &'a str,
    /// The value that Redshift reads. For most kinds, it is the text.
    pub value: String,
    /// The position in bytes.
    pub span: Range<usize>,
}

/// A statement between two semicolons, without comments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement<'a> {
    /// Its tokens, at least one.
    pub tokens: Vec<Token<'a>>,
    /// From the first token to the last, in bytes.
    pub span: Range<usize>,
}

/// The tokens of SQL text.
///
/// # Errors
/// What the lexer does not read, and where; see the rules above.
pub fn lex(text: &str) -> Result<Vec<Token<'_>>, String> {
    Lexer { text, at: 0, psql: false }.tokens()
}

/// The tokens of a script for psql, whose commands are on separate lines or after a query. psql replaces `:name` outside of
/// quotes, so that is an error.
///
/// # Errors
/// What the lexer does not read, and where; see the rules above.
pub fn lex_psql(text: &str) -> Result<Vec<Token<'_>>, String> {
    Lexer { text, at: 0, psql: true }.tokens()
}

/// The tokens, where each body is replaced by its tokens between [`Kind::BodyStart`] and [`Kind::BodyEnd`]. Tags are not
/// tokens, because they depend on the body. Spans in a body count from its start.
///
/// # Errors
/// What the lexer does not read, and where; see the rules above.
pub fn nested<'a>(tokens: &[Token<'a>]) -> Result<Vec<Token<'a>>, String> {
    let mut all = Vec::new();
    for token in tokens {
        if token.kind == Kind::Body {
            let tag = (token.raw.len() - token.value.len()) / 2;
            let body = &token.raw[tag..token.raw.len() - tag];
            let bracket = |kind| Token { kind, raw: "", value: String::new(), span: token.span.clone() };
            all.push(bracket(Kind::BodyStart));
            all.extend(nested(&lex(body).map_err(|error| format!("in a body: {error}"))?)?);
            all.push(bracket(Kind::BodyEnd));
        } else {
            all.push(token.clone());
        }
    }
    Ok(all)
}

/// The tokens of `text` and of the bodies in it.
///
/// # Errors
/// What the lexer does not read, and where; see the rules above.
pub fn lex_nested(text: &str) -> Result<Vec<Token<'_>>, String> {
    nested(&lex(text)?)
}

/// The statements of a text. Text after the last semicolon and empty statements are errors.
///
/// # Errors
/// A statement without an end, or an empty one.
pub fn split_statements(text: &str) -> Result<Vec<Statement<'_>>, String> {
    statements(&lex(text)?)
}

/// The statements that consist of the tokens.
///
/// # Errors
/// A statement without an end, or an empty one.
pub fn statements<'a>(tokens: &[Token<'a>]) -> Result<Vec<Statement<'a>>, String> {
    let mut statements = Vec::new();
    let mut open: Vec<Token<'a>> = Vec::new();
    for token in tokens {
        match token.kind {
            Kind::Comment => {}
            Kind::Semicolon => {
                let (Some(first), Some(last)) = (open.first(), open.last()) else {
                    return Err(format!("an empty statement at {}", token.span.start));
                };
                let span = first.span.start..last.span.end;
                statements.push(Statement { tokens: std::mem::take(&mut open), span });
            }
            _ => open.push(token.clone()),
        }
    }
    match open.first() {
        Some(token) => Err(format!("a statement without its semicolon at {}", token.span.start)),
        None => Ok(statements),
    }
}

/// The comments of a text, in order.
#[must_use]
pub fn comments(tokens: &[Token<'_>]) -> Vec<String> {
    tokens.iter().filter(|token| token.kind == Kind::Comment).map(|token| token.raw.to_owned()).collect()
}

const OPERATORS: &str = "~!@#%^&|`?+-*/<>=";
const PUNCTUATION: &str = ",()[].:";
const SPACES: &str = " \t\n\r\u{c}";

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    psql: bool,
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
                return Err(format!("a literal right behind another at byte {start}: {raw}"));
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
            '\\' if self.psql => {
                self.skip(|c| c != '\n');
                Ok((Kind::Command, None))
            }
            ':' => self.colon(),
            c if c.is_ascii_digit() => {
                self.skip(|c| c.is_ascii_digit() || c == '.');
                Ok((Kind::Number, None))
            }
            c if begins_word(c) => self.word(),
            c if OPERATORS.contains(c) => {
                // An operator ends at a comment.
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

    fn colon(&mut self) -> Result<(Kind, Option<String>), String> {
        let two = ["::", ":="].iter().any(|operator| self.rest().starts_with(operator));
        self.take();
        if two {
            self.take();
        } else if self.psql
            && self.peek().is_some_and(|c| continues_word(c) || c == '\'' || c == '"' || c == '{')
        {
            return Err("a variable of psql's".to_owned());
        }
        Ok((Kind::Operator, None))
    }

    fn block_comment(&mut self) -> Result<(Kind, Option<String>), String> {
        self.at += 2;
        loop {
            if self.rest().starts_with("*/") {
                self.at += 2;
                return Ok((Kind::Comment, None));
            }
            if self.rest().starts_with("/*") {
                return Err("a comment in a comment, which not everybody reads alike,".to_owned());
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
        // Octal escapes are bytes, so the value is assembled from bytes.
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

    /// The byte of an octal escape, after its first digit.
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
