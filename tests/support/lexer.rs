//! A lexer of Redshift's rules, written for the tests and sharing no code with the crate: it is the witness
//! that the text of a script says what its data says, and nothing else.
//!
//! Rules: <https://docs.aws.amazon.com/redshift/latest/dg/r_names.html> for identifiers; in `'…'` a backslash
//! is always an escape, as PostgreSQL 8.0's scanner reads it and AWS's JDBC driver says of Redshift
//! (`escapeCatalogLiteral` in `RedshiftDatabaseMetaData.java`); `E'…'` does not exist. Comments that nest are an
//! error here, for nobody documents whether Redshift nests them.

/// What a token is, with its value as Redshift would read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// A word: keyword or plain identifier.
    Word(String),
    /// `"…"`, undoubled.
    Identifier(String),
    /// `'…'`, unescaped.
    Literal(String),
    /// `$tag$…$tag$`: the body, verbatim.
    Body(String),
    /// A number.
    Number(String),
    /// `$1`.
    Parameter(String),
    /// One character of punctuation or of an operator, but not `;`.
    Symbol(char),
    /// `;`
    Semicolon,
    /// A comment, with its marks.
    Comment(String),
}

/// Reads `text` to its end.
pub(crate) fn lex(text: &str) -> Result<Vec<Token>, String> {
    let chars: Vec<char> = text.chars().collect();
    let mut at = 0;
    let mut tokens = Vec::new();
    while at < chars.len() {
        let rest = &chars[at..];
        let (token, length) = match rest[0] {
            c if c.is_whitespace() => {
                at += 1;
                continue;
            }
            '-' if rest.get(1) == Some(&'-') => {
                let end = rest.iter().position(|c| *c == '\n' || *c == '\r').unwrap_or(rest.len());
                (Token::Comment(rest[..end].iter().collect()), end)
            }
            '/' if rest.get(1) == Some(&'*') => block_comment(rest)?,
            '\'' => literal(rest)?,
            '"' => identifier(rest)?,
            '$' => dollar(rest)?,
            ';' => (Token::Semicolon, 1),
            c if c.is_ascii_digit() => {
                let end = rest.iter().position(|c| !c.is_ascii_digit() && *c != '.').unwrap_or(rest.len());
                (Token::Number(rest[..end].iter().collect()), end)
            }
            c if is_word_start(c) => {
                let end = rest.iter().position(|c| !is_word(*c)).unwrap_or(rest.len());
                let word: String = rest[..end].iter().collect();
                if matches!(word.as_str(), "e" | "E" | "U" | "u" | "x" | "b" | "N" | "n")
                    && matches!(rest.get(end), Some('\''))
                {
                    return Err(format!("{word}'…' is no literal of Redshift's"));
                }
                (Token::Word(word), end)
            }
            c if c.is_control() => return Err(format!("control character {c:?} outside of quotes")),
            c if c.is_ascii() => (Token::Symbol(c), 1),
            c => return Err(format!("{c:?} outside of quotes")),
        };
        tokens.push(token);
        at += length;
    }
    Ok(tokens)
}

fn is_word_start(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || !c.is_ascii()
}

fn is_word(c: char) -> bool {
    is_word_start(c) || c.is_ascii_digit() || c == '$'
}

fn block_comment(rest: &[char]) -> Result<(Token, usize), String> {
    let mut at = 2;
    while at + 1 < rest.len() {
        match (rest[at], rest[at + 1]) {
            ('*', '/') => return Ok((Token::Comment(rest[..at + 2].iter().collect()), at + 2)),
            ('/', '*') => return Err("a comment within a comment".to_owned()),
            _ => at += 1,
        }
    }
    Err("unterminated comment".to_owned())
}

fn identifier(rest: &[char]) -> Result<(Token, usize), String> {
    let mut value = String::new();
    let mut at = 1;
    loop {
        match (rest.get(at), rest.get(at + 1)) {
            (None, _) => return Err("unterminated identifier".to_owned()),
            (Some('"'), Some('"')) => {
                value.push('"');
                at += 2;
            }
            (Some('"'), _) => break,
            (Some(c), _) => {
                value.push(*c);
                at += 1;
            }
        }
    }
    if value.is_empty() { Err("empty identifier".to_owned()) } else { Ok((Token::Identifier(value), at + 1)) }
}

fn literal(rest: &[char]) -> Result<(Token, usize), String> {
    let mut value = String::new();
    let mut at = 1;
    loop {
        match (rest.get(at), rest.get(at + 1)) {
            (None, _) => return Err("unterminated literal".to_owned()),
            (Some('\''), Some('\'')) => {
                value.push('\'');
                at += 2;
            }
            (Some('\''), _) => return Ok((Token::Literal(value), at + 1)),
            (Some('\\'), None) => return Err("unterminated literal".to_owned()),
            (Some('\\'), Some(escaped)) => {
                let digits: String =
                    rest[at + 1..].iter().take(3).take_while(|c| ('0'..='7').contains(*c)).collect();
                if let Ok(code) = u32::from_str_radix(&digits, 8) {
                    value.push(char::from_u32(code).ok_or("octal escape outside of Unicode")?);
                    at += 1 + digits.len();
                    continue;
                }
                value.push(match escaped {
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    other => *other,
                });
                at += 2;
            }
            (Some('\0'), _) => return Err("NUL in a literal".to_owned()),
            (Some(c), _) => {
                value.push(*c);
                at += 1;
            }
        }
    }
}

fn dollar(rest: &[char]) -> Result<(Token, usize), String> {
    let digits = rest[1..].iter().take_while(|c| c.is_ascii_digit()).count();
    if digits > 0 {
        return Ok((Token::Parameter(rest[..=digits].iter().collect()), digits + 1));
    }
    let tag_length = rest[1..].iter().take_while(|c| is_word(**c) && **c != '$').count();
    if rest.get(tag_length + 1) != Some(&'$') {
        return Err("a dollar sign that opens nothing".to_owned());
    }
    let tag = &rest[..tag_length + 2];
    let body = &rest[tag.len()..];
    let end = (0..body.len())
        .find(|at| body[*at..].starts_with(tag))
        .ok_or_else(|| "unterminated dollar quote".to_owned())?;
    Ok((Token::Body(body[..end].iter().collect()), end + 2 * tag.len()))
}

/// The tokens of each statement, without comments and semicolons. Text after the last semicolon is an error.
pub(crate) fn statements(tokens: &[Token]) -> Result<Vec<Vec<Token>>, String> {
    let mut statements = Vec::new();
    let mut statement = Vec::new();
    for token in tokens {
        match token {
            Token::Comment(_) => {}
            Token::Semicolon => statements.push(std::mem::take(&mut statement)),
            other => statement.push(other.clone()),
        }
    }
    if !statement.is_empty() {
        return Err(format!("a statement without its semicolon: {statement:?}"));
    }
    if statements.iter().any(Vec::is_empty) {
        return Err("an empty statement".to_owned());
    }
    Ok(statements)
}

/// The tokens with those of the bodies in place of the bodies.
pub(crate) fn unfolded(tokens: &[Token]) -> Result<Vec<Token>, String> {
    let mut all = Vec::new();
    for token in tokens {
        match token {
            Token::Body(body) => all.extend(unfolded(&lex(body)?)?),
            other => all.push(other.clone()),
        }
    }
    Ok(all)
}
