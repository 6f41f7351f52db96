//! Bodies of stored procedures. The commands in them follow the same rules; the text of `EXECUTE` is translated at run
//! time, by a function of the emulator.

use super::cursor::{Cursor, is_any, is_operator, is_word};
use super::{Checked, Place, Session, Translation, commands, identifiers, lex, not_supported, queries};
use redshift_lexer::{Kind, Token};

/// Keywords after which a statement can start.
const OPENERS: &[&str] = &["BEGIN", "THEN", "ELSE", "LOOP"];

/// The body for PostgreSQL. Each replacement contains the original text, so that the catalog can show the original body.
pub(super) fn translate(body: &str, session: &Session) -> Checked<String> {
    let tokens = lex(body)?;
    let mut translation = Translation::new(Place::Body, session);
    for piece in tokens.split(|token| token.kind == Kind::Semicolon) {
        for start in starts(piece) {
            command(&piece[start..], &mut translation)?;
        }
        if !starts(piece)
            .any(|start| is_any(&piece[start], &["ALTER", "DROP", "GRANT", "REVOKE", "CREATE", "SET"]))
        {
            queries::query(piece, &mut translation)?;
        }
    }
    identifiers::fold(&tokens, &mut translation)?;
    Ok(translation.apply(body))
}

/// The positions where statements can start in a piece between semicolons.
fn starts<'s>(piece: &'s [Token<'_>]) -> impl Iterator<Item = usize> + 's {
    let after = piece.iter().enumerate().filter(|(_, token)| is_any(token, OPENERS)).map(|(at, _)| at + 1);
    std::iter::once(0).chain(after).filter(|start| *start < piece.len())
}

fn command(tokens: &[Token<'_>], translation: &mut Translation) -> Checked<()> {
    let cursor = Cursor::new(tokens);
    for absent in ["CREATE DATABASE", "DROP DATABASE", "PREPARE", "VACUUM", "SAVEPOINT", "CREATE EXTERNAL"] {
        if cursor.sees(absent) {
            return Err(not_supported(&format!("{absent} in a stored procedure")));
        }
    }
    if let Some(at) = dynamic(tokens) {
        return execute(&tokens[at..], translation);
    }
    let commands = [
        "ALTER", "COMMENT", "CREATE", "DROP", "GRANT", "INSERT", "LOCK", "RESET", "REVOKE", "SET",
        "TRUNCATE", "UPDATE", "DELETE",
    ];
    if tokens.first().is_some_and(|token| is_any(token, &commands)) {
        commands::command(tokens, translation)?;
    }
    Ok(())
}

/// The position of `EXECUTE`, at the start or after `FOR … IN`.
fn dynamic(tokens: &[Token<'_>]) -> Option<usize> {
    if tokens.first().is_some_and(|token| is_word(token, "EXECUTE")) {
        return Some(0);
    }
    (0..tokens.len()).find(|at| {
        *at > 0
            && is_word(&tokens[at - 1], "IN")
            && is_word(&tokens[*at], "EXECUTE")
            && is_word(&tokens[0], "FOR")
    })
}

fn execute(tokens: &[Token<'_>], translation: &mut Translation) -> Checked<()> {
    let mut depth = 0_usize;
    let mut end = 1;
    for token in &tokens[1..] {
        if is_operator(token, "(") {
            depth += 1;
        } else if is_operator(token, ")") {
            depth = depth.saturating_sub(1);
        } else if depth == 0 && is_word(token, "USING") {
            return Err(super::syntax_error(Some(token)));
        } else if depth == 0 && is_any(token, &["INTO", "LOOP"]) {
            break;
        }
        end += 1;
    }
    let (Some(first), Some(last)) = (tokens.get(1), tokens.get(end - 1)) else {
        return Err(super::syntax_error(None));
    };
    translation.insert(first.span.start, "pg_catalog.emulator_dynamic(");
    translation.insert(last.span.end, ")");
    Ok(())
}
