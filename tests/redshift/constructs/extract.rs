//! The constructs that a text of SQL uses.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::support::rows::Place;
use redshift_lexer::{Kind, Token, lex, statements};

/// A construct and where it is used.
pub(crate) type Use = (Place, String);

/// Words that a parenthesis follows without a call.
const NOT_CALLED: [&str; 16] = [
    "ALL", "AND", "ANY", "AS", "BY", "EXISTS", "FROM", "IN", "NOT", "ON", "OR", "SELECT", "THEN", "VALUES",
    "WHEN", "WHERE",
];

/// How the columns of the catalog begin, and the relation that they belong to.
const COLUMNS: [(&str, &str); 12] = [
    ("att", "pg_attribute"),
    ("dat", "pg_database"),
    ("defacl", "pg_default_acl"),
    ("gro", "pg_group"),
    ("lan", "pg_language"),
    ("nsp", "pg_namespace"),
    ("prokind", "pg_proc_info"),
    ("prooid", "pg_proc_info"),
    ("pro", "pg_proc"),
    ("rel", "pg_class"),
    ("use", "pg_user"),
    ("valuntil", "pg_user"),
];

/// Other names that begin like such a column. Columns of the catalog have no underscores.
const OTHERS: [&str; 2] = ["process", "profile"];

/// The start of the names of system relations.
const SYSTEM: [&str; 7] = ["pg_", "stl_", "stv_", "svcs_", "svl_", "svv_", "sys_"];

/// What the statements of a text use. `is_script` is whether they are those of a script, and not of the runner.
pub(crate) fn uses(text: &str, is_script: bool) -> BTreeSet<Use> {
    let ended = format!("{};", text.trim_end_matches([';', ' ', '\n']));
    let tokens = lex(&ended).unwrap_or_else(|error| panic!("{error}: {text}"));
    let mut all = BTreeSet::new();
    for statement in statements(&tokens).unwrap_or_else(|error| panic!("{error}: {text}")) {
        let tokens = statement.tokens;
        let words: Vec<String> =
            tokens.iter().take(4).map(|token| token.value.to_ascii_uppercase()).collect();
        let words: Vec<&str> =
            words.iter().map(String::as_str).filter(|word| !["OR", "REPLACE"].contains(word)).collect();
        let of_script = if is_script { Place::Statements } else { Place::Runner };
        match words[..] {
            ["CREATE", "VIEW" | "FUNCTION", ..] => clauses(&tokens, Place::View, &mut all),
            ["CREATE", "PROCEDURE", ..] => clauses(&tokens, Place::Procedures, &mut all),
            ["CREATE", "TABLE", ..] | ["INSERT" | "UPDATE" | "DELETE", ..] => {
                clauses(&tokens, of_script, &mut all);
            }
            ["SELECT", ..] => clauses(&tokens, Place::Runner, &mut all),
            _ => {
                all.insert((of_script, skeleton(&tokens)));
            }
        }
    }
    all
}

/// The statement with `n` for each name and each list of names, `'…'` for a literal and `0` for a number.
fn skeleton(tokens: &[Token<'_>]) -> String {
    let mut text = String::new();
    let mut last = "";
    for (at, token) in tokens.iter().enumerate() {
        let follows_name = matches!(last, "n");
        let piece = match token.kind {
            Kind::Literal => "'…'",
            Kind::Number => "0",
            Kind::Word if is_keyword(token.raw) => token.raw,
            Kind::Word | Kind::Identifier => "n",
            _ => token.raw,
        };
        // A qualified name and a list of names are a name.
        let joins_names = |token: &Token<'_>| [".", ","].contains(&token.raw);
        let is_name_next = tokens.get(at + 1).is_some_and(|next| {
            next.kind == Kind::Identifier || (next.kind == Kind::Word && !is_keyword(next.raw))
        });
        if follows_name && joins_names(token) && is_name_next
            || follows_name && piece == "n" && joins_names(&tokens[at - 1])
        {
            continue;
        }
        let is_close = ["(", ")", ","].contains(&piece) || last == "(";
        if !text.is_empty() && !is_close {
            text.push(' ');
        }
        text.push_str(piece);
        last = piece;
    }
    text
}

/// Keywords are written in upper case.
fn is_keyword(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_') && word.len() > 1
}

/// The keywords, functions, types, operators, relations and columns of the catalog, of a statement and its body.
fn clauses(tokens: &[Token<'_>], place: Place, all: &mut BTreeSet<Use>) {
    let mut add = |text: String| {
        all.insert((place, text));
    };
    for (at, token) in tokens.iter().enumerate() {
        let next = tokens.get(at + 1).map_or("", |next| next.raw);
        let follows_dot = at > 0 && tokens[at - 1].raw == ".";
        match token.kind {
            Kind::Operator if !["(", ")", ",", ".", "[", "]"].contains(&token.raw) => {
                add(token.raw.to_owned());
            }
            Kind::Parameter => add("$1".to_owned()),
            Kind::Word => {
                let lower = token.raw.to_ascii_lowercase();
                let qualifier = if follows_dot && at > 1 { tokens[at - 2].raw } else { "" };
                let is_called = next == "(" && ["", "pg_catalog"].contains(&qualifier);
                let is_system = SYSTEM.iter().any(|start| lower.starts_with(start));
                let column = COLUMNS.iter().find(|(start, _)| lower.starts_with(start));
                if is_called && !NOT_CALLED.contains(&token.raw) && !names_a_relation(tokens, at) {
                    let prefix = if qualifier.is_empty() { "" } else { "pg_catalog." };
                    add(format!("{prefix}{lower}()"));
                } else if is_keyword(token.raw) {
                    add(token.raw.to_owned());
                } else if lower == "pg_catalog" {
                    // Its relation or function follows.
                } else if is_system {
                    add(lower);
                } else if let Some((_, relation)) = column
                    && !lower.contains('_')
                    && !OTHERS.contains(&lower.as_str())
                {
                    add(format!("{relation}.{lower}"));
                } else if lower == "search_path" {
                    add(lower);
                }
            }
            _ => {}
        }
    }
    for token in tokens.iter().filter(|token| token.kind == Kind::Body) {
        let tag = (token.raw.len() - token.value.len()) / 2;
        let body = &token.raw[tag..token.raw.len() - tag];
        let tokens: Vec<_> = lex(body)
            .unwrap_or_else(|error| panic!("{error}: {body}"))
            .into_iter()
            .filter(|token| token.kind != Kind::Comment)
            .collect();
        clauses(&tokens, place, all);
        for (at, _) in tokens.iter().enumerate().filter(|(_, token)| token.raw == "EXECUTE") {
            all.insert((place, executed(&tokens[at + 1..])));
        }
    }
}

/// Whether a name at this place, before a parenthesis, is that of a relation with its columns.
fn names_a_relation(tokens: &[Token<'_>], at: usize) -> bool {
    tokens[..at]
        .iter()
        .rev()
        .find(|token| token.raw != "." && token.kind == Kind::Word && is_keyword(token.raw))
        .is_some_and(|token| {
            ["INTO", "TABLE"].contains(&token.raw) && tokens[at - 1].raw != "(" && tokens[at - 1].raw != ","
        })
        && !tokens[at].raw.starts_with("VARCHAR")
}

/// What the `EXECUTE` before these tokens runs: the skeleton of a literal, or the keywords of a text that is put together.
fn executed(tokens: &[Token<'_>]) -> String {
    let end = tokens.iter().position(|token| token.kind == Kind::Semicolon).unwrap_or(tokens.len());
    let tokens = &tokens[..end];
    if let [literal] = tokens {
        let tokens = lex(&literal.value).unwrap_or_else(|error| panic!("{error}: {}", literal.value));
        return format!("EXECUTE '{}'", skeleton(&tokens));
    }
    let mut words = String::new();
    for token in tokens.iter().filter(|token| token.kind == Kind::Literal) {
        // Without the names in quotes.
        let unquoted: String = token.value.split('"').step_by(2).collect::<Vec<_>>().join(" ");
        for word in unquoted.split_whitespace().filter(|word| is_keyword(word)) {
            let _ = write!(words, " {word}");
        }
    }
    // What a query selects does not depend on the values of the payload.
    if words.starts_with(" SELECT ") {
        words.truncate(" SELECT".len());
    }
    format!("EXECUTE '{}' || …", words.trim_start())
}
