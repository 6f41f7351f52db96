//! Translates Redshift's SQL to PostgreSQL's, or rejects it. The rules are listed in the documentation of the parent
//! module.

mod body;
mod commands;
mod cursor;
mod errors;
mod identifiers;
pub(super) mod parameters;
mod queries;

use super::options::Options;
use super::protocol::ServerError;
use redshift_lexer::{Kind, Token};

pub(super) use commands::{Lock, is_change, is_commit, lock_change};
pub(super) use errors::as_redshift;
pub(super) use parameters::startup;

/// The state of a session that the rules depend on.
pub(super) struct Session {
    /// The options of the emulator.
    pub(super) options: Options,
    /// The failed logins, as rows of `VALUES`.
    pub(super) failed_logins: String,
    /// Whether delimited identifiers keep their case.
    pub(super) case_sensitive: bool,
    /// The status of `ReadyForQuery`.
    pub(super) status: u8,
}

impl Session {
    pub(super) const fn new(options: Options, case_sensitive: bool) -> Self {
        Self { options, failed_logins: String::new(), case_sensitive, status: b'I' }
    }
}

/// A rejected statement, with an error like that of Redshift.
type Checked<T> = Result<T, ServerError>;

fn syntax_error(token: Option<&Token<'_>>) -> ServerError {
    ServerError::new(
        "42601",
        match token {
            Some(token) => format!("syntax error at or near \"{}\"", token.raw),
            None => "syntax error at end of input".to_owned(),
        },
    )
}

fn not_supported(what: &str) -> ServerError {
    ServerError::new("0A000", format!("{what} is not supported"))
}

/// A feature that Redshift has and the emulator does not: the test must not use it here.
fn not_modelled(what: &str) -> ServerError {
    ServerError::new("0A000", format!("the emulator does not model {what}"))
}

/// The context of a statement.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Sent by a client.
    Message,
    /// In the body of a procedure.
    Body,
}

/// The translation of a message, or of a body.
struct Translation {
    place: Place,
    /// The options of the emulator.
    options: Options,
    /// The failed logins, as rows of `VALUES`.
    failed_logins: String,
    /// Whether delimited identifiers keep their case.
    case_sensitive: bool,
    /// Whether a transaction block is open.
    in_transaction: bool,
    /// Replacements by position in the text.
    edits: Vec<Edit>,
    /// Positions of identifiers that must not be folded: users, and replaced ones.
    settled: Vec<usize>,
}

struct Edit {
    start: usize,
    end: usize,
    text: String,
}

impl Translation {
    fn new(place: Place, session: &Session) -> Self {
        Self {
            place,
            options: session.options,
            failed_logins: session.failed_logins.clone(),
            case_sensitive: session.case_sensitive,
            in_transaction: session.status != b'I',
            edits: Vec::new(),
            settled: Vec::new(),
        }
    }

    /// Replaces the tokens by `text`.
    fn replace(&mut self, tokens: &[Token<'_>], text: impl Into<String>) {
        if let (Some(first), Some(last)) = (tokens.first(), tokens.last()) {
            self.settled.extend(tokens.iter().map(|token| token.span.start));
            self.edits.push(Edit { start: first.span.start, end: last.span.end, text: text.into() });
        }
    }

    fn replace_one(&mut self, token: &Token<'_>, text: impl Into<String>) {
        self.replace(std::slice::from_ref(token), text);
    }

    fn insert(&mut self, at: usize, text: impl Into<String>) {
        self.edits.push(Edit { start: at, end: at, text: text.into() });
    }

    /// Marks the token as the name of a user, which keeps its case.
    fn user(&mut self, token: &Token<'_>) {
        self.settled.push(token.span.start);
    }

    /// Marks the token as the name of a group. Redshift has a separate namespace for groups, but PostgreSQL has one for
    /// groups and users, so the emulator adds a prefix.
    fn group(&mut self, token: &Token<'_>) -> Checked<()> {
        let name = self.fold(token);
        if name.starts_with("__") {
            return Err(ServerError::new("42939", format!("group name \"{name}\" is reserved")));
        }
        identifiers::check_length(&name, "group ".len())?;
        self.replace_one(token, format!("\"group {}\"", name.replace('"', "\"\"")));
        Ok(())
    }

    /// The name as the catalog stores it, unless it is that of a user.
    fn fold(&self, token: &Token<'_>) -> String {
        if self.case_sensitive && token.kind == Kind::Identifier {
            token.value.clone()
        } else {
            token.value.to_ascii_lowercase()
        }
    }

    /// The text with the replacements. In a body, each contains the original text.
    fn apply(mut self, text: &str) -> String {
        self.edits.sort_by_key(|edit| (edit.start, edit.end));
        let mut result = String::new();
        let mut at = 0;
        for edit in &self.edits {
            result.push_str(&text[at..edit.start]);
            match self.place {
                Place::Message => result.push_str(&edit.text),
                Place::Body => {
                    let original = super::password::hex(&text.as_bytes()[edit.start..edit.end]);
                    result.extend(["/*~x", &original, "*/", &edit.text, "/*~*/"]);
                }
            }
            at = edit.end;
        }
        result + &text[at..]
    }
}

/// Translates a message to PostgreSQL's syntax, or returns an error.
pub(super) fn translate(sql: &str, session: &mut Session) -> Checked<String> {
    if sql.len() > 16 << 20 {
        return Err(ServerError::new(
            "54001",
            "Statement is too large. Statement Size: more than 16777216 bytes",
        ));
    }
    let tokens = lex(sql)?;
    let mut translation = Translation::new(Place::Message, session);
    for statement in tokens.split(|token| token.kind == Kind::Semicolon).filter(|tokens| !tokens.is_empty()) {
        commands::command(statement, &mut translation)?;
        queries::query(statement, &mut translation)?;
        parameters::remember(statement, session);
    }
    identifiers::fold(&tokens, &mut translation)?;
    Ok(translation.apply(sql))
}

/// The statements of a message. A message that cannot be parsed is one statement.
pub(super) fn split(sql: &str) -> Vec<String> {
    let Ok(tokens) = lex(sql) else { return vec![sql.to_owned()] };
    let statements = tokens.split(|token| token.kind == Kind::Semicolon);
    let text = |statement: &[Token<'_>]| {
        Some(sql[statement.first()?.span.start..statement.last()?.span.end].to_owned())
    };
    statements.filter_map(text).collect()
}

/// Whether a statement begins or ends a transaction.
pub(super) fn is_boundary(sql: &str) -> bool {
    let word = sql.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    ["BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT"]
        .iter()
        .any(|other| word.eq_ignore_ascii_case(other))
}

/// The tokens without the comments.
fn lex(text: &str) -> Checked<Vec<Token<'_>>> {
    let mut tokens = redshift_lexer::lex(text).map_err(|error| {
        let prefixed = error.contains("with the prefix e") || error.contains("with the prefix E");
        if prefixed {
            ServerError::new("42704", "type \"e\" does not exist")
        } else {
            ServerError::new("42601", format!("syntax error: {error}"))
        }
    })?;
    tokens.retain(|token| token.kind != Kind::Comment);
    Ok(tokens)
}
