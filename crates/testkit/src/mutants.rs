//! Typical wrong quoting functions, which the oracle must detect.

use bootshift::script::Script;

use redshift_lexer::{Kind, Token, lex};

/// Writes a token differently, or leaves it unchanged.
pub type Quoter = fn(&Token<'_>) -> Option<String>;

/// `'…'` with `'` doubled and the backslash unchanged.
pub fn doubles_quotes_only(token: &Token<'_>) -> Option<String> {
    (token.kind == Kind::Literal).then(|| format!("'{}'", token.value.replace('\'', "''")))
}

/// `'…'` with the backslash doubled and `'` unchanged.
pub fn doubles_backslashes_only(token: &Token<'_>) -> Option<String> {
    (token.kind == Kind::Literal).then(|| format!("'{}'", token.value.replace('\\', "\\\\")))
}

/// `'…'` with a backslash before `'` and other backslashes unchanged: correct only if there are none.
pub fn escapes_quotes_only(token: &Token<'_>) -> Option<String> {
    (token.kind == Kind::Literal && token.value.contains('\\'))
        .then(|| format!("'{}'", token.value.replace('\'', "\\'")))
}

/// `"…"` with nothing doubled.
pub fn leaves_identifiers(token: &Token<'_>) -> Option<String> {
    (token.kind == Kind::Identifier).then(|| format!("\"{}\"", token.value))
}

/// `"…"` with the backslash doubled, as if it were an escape character there too.
pub fn escapes_backslashes_in_identifiers(token: &Token<'_>) -> Option<String> {
    (token.kind == Kind::Identifier)
        .then(|| format!("\"{}\"", token.value.replace('"', "\"\"").replace('\\', "\\\\")))
}

/// Every body between the same tags: correct only if no body contains the tag.
pub fn has_one_tag(token: &Token<'_>) -> Option<String> {
    between(token, "$bootshift$")
}

/// Every body between `$$`.
pub fn has_no_tag(token: &Token<'_>) -> Option<String> {
    between(token, "$$")
}

fn between(token: &Token<'_>, tag: &str) -> Option<String> {
    (token.kind == Kind::Body && token.value.contains(tag)).then(|| format!("{tag}{}{tag}", token.value))
}

/// The script as the quoter would write it; `None` if the text is the same.
pub fn mutated(script: &Script, quoter: Quoter) -> Option<Script> {
    let mut mutant = script.clone();
    let mut is_other = false;
    for stage in &mut mutant.stages {
        let statements = stage.statements.iter_mut().map(|statement| &mut statement.sql);
        for sql in statements.chain(&mut stage.condition) {
            let other = rewritten(sql, quoter);
            is_other |= *sql != other;
            *sql = other;
        }
    }
    is_other.then_some(mutant)
}

fn rewritten(text: &str, quoter: Quoter) -> String {
    let mut out = String::new();
    let mut end = 0;
    for token in lex(text).expect("a script that the lexer reads") {
        out.push_str(&text[end..token.span.start]);
        end = token.span.end;
        match quoter(&token) {
            Some(other) => out.push_str(&other),
            None if token.kind == Kind::Body => {
                let tag = (token.raw.len() - token.value.len()) / 2;
                out.push_str(&token.raw[..tag]);
                out.push_str(&rewritten(&token.value, quoter));
                out.push_str(&token.raw[token.raw.len() - tag..]);
            }
            None => out.push_str(token.raw),
        }
    }
    out.push_str(&text[end..]);
    out
}
