//! Whether the view in the catalog has the definition of the setup.
//!
//! Servers print a view differently: in upper or lower case, in one line or many, with more parentheses, with casts between
//! types of text (`(p.immuta__userid)::text`), with `AS`, with or without the names of schemas, and `CURRENT_USER` as the
//! function that it is (`"current_user"()`). None of that changes what the view shows, so both definitions are compared as
//! tokens without it. Everything else must be the same, in the same order.
//!
//! Parentheses do not matter because the only operators are `=` and AND, and the only subquery ends before the last comma:
//! no other position of them is valid. A cast that may shorten a name is not removed.

use super::error::StatementError;
use super::facts::Reader;
use super::session::Row;
use crate::script::{Stage, Statement, StatementId, View};

/// The significant tokens of a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ViewDefinition(Vec<String>);

/// The tables of the view, whose schema may be printed.
const TABLES: [&str; 3] = ["profile", "impersonation_session", "impersonation_grant"];
/// The alias of the table of the outer query. Its columns may be printed without it.
const ALIAS: &str = "p";
/// The start of the names of these columns.
const COLUMN: &str = "immuta__";
/// Types that a value can be cast to without changing it. A length must be at least [`MIN_LENGTH`].
const HARMLESS_TYPES: [&[&str]; 8] = [
    &["character", "varying"],
    &["varchar"],
    &["text"],
    &["name"],
    &["bigint"],
    &["integer"],
    &["boolean"],
    &["bool"],
];
/// The maximum length of a name.
const MIN_LENGTH: u32 = 127;

impl ViewDefinition {
    /// The query for the definition in the catalog.
    pub(super) const QUERY: &str = "SELECT pg_get_viewdef(c.oid) FROM pg_catalog.pg_class c, pg_catalog.pg_namespace n\n\
        WHERE n.oid = c.relnamespace AND n.nspname = 'immuta_system' AND c.relname = 'user_profile' AND c.relkind = 'v'";

    /// The definition that a setup creates.
    pub(super) fn of_stages(stages: &[Stage]) -> Option<Self> {
        let statements = stages.iter().flat_map(|stage| &stage.statements);
        let is_view = |statement: &&Statement| statement.id == StatementId::CreateView(View::UserProfile);
        statements.into_iter().find(is_view).map(|statement| Self::of(&statement.sql))
    }

    /// The definition that a statement creates, or that a server prints.
    pub(super) fn of(sql: &str) -> Self {
        let mut tokens = tokens(sql);
        let start = tokens.iter().position(|token| token == "select").unwrap_or_default();
        tokens.drain(..start);
        if tokens.last().is_some_and(|token| token == ";") {
            tokens.pop();
        }
        let mut significant: Vec<String> = Vec::with_capacity(tokens.len());
        let mut rest = tokens.as_slice();
        while let [token, after @ ..] = rest {
            let (skipped, is_kept) = Self::next(token, after, significant.last());
            if is_kept {
                significant.push(token.clone());
            }
            rest = &after[skipped..];
        }
        Self(significant)
    }

    /// The number of tokens to skip after a token, and whether it is significant itself.
    fn next(token: &str, after: &[String], last: Option<&String>) -> (usize, bool) {
        let follows = |at: usize, text: &str| after.get(at).is_some_and(|next| next == text);
        let is_qualifier = |of: &dyn Fn(&str) -> bool| {
            follows(0, ".")
                && after.get(1).is_some_and(|name| of(name))
                && last.is_none_or(|last| last != ".")
        };
        match token {
            "(" | ")" | "inner" => (0, false),
            "cast" if follows(0, "(") => (0, false),
            "::" => harmless_type(after).map_or((0, true), |length| (length, false)),
            "as" => match harmless_type(after) {
                Some(length) if follows(length, ")") => (length, false),
                // `p.immuta__userid AS immuta__userid`
                _ => (usize::from(last.is_some() && after.first() == last), false),
            },
            "immuta_system" if is_qualifier(&|name| TABLES.contains(&name)) => (1, false),
            "pg_catalog" if is_qualifier(&|_| true) => (1, false),
            ALIAS if is_qualifier(&|name| name.starts_with(COLUMN)) => (1, false),
            _ => (0, true),
        }
    }

    /// Whether the definition in the catalog, from the response to the [query](Self::QUERY), is this one; `None` if the
    /// server does not print it.
    pub(super) fn is_in(&self, rows: &[Row]) -> Result<Option<bool>, StatementError> {
        let Some(row) = rows.first() else { return Ok(None) };
        let printed = Reader::new(row).text()?;
        Ok((!printed.trim().is_empty()).then(|| Self::of(&printed) == *self))
    }
}

/// The length of a harmless type at the start of tokens, if there is one.
fn harmless_type(tokens: &[String]) -> Option<usize> {
    let words = HARMLESS_TYPES.iter().find(|words| {
        tokens.len() >= words.len() && words.iter().zip(tokens).all(|(word, token)| word == token)
    })?;
    match &tokens[words.len()..] {
        [open, length, close, ..] if open == "(" && close == ")" => {
            let is_long = length.parse::<u32>().is_ok_and(|length| length >= MIN_LENGTH);
            is_long.then_some(words.len() + 3)
        }
        _ => Some(words.len()),
    }
}

/// The tokens of a statement without comments: words in lower case, quoted names without quotes, strings as they are.
fn tokens(sql: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("--") {
            rest.find('\n').unwrap_or(rest.len())
        } else if first.is_whitespace() {
            first.len_utf8()
        } else if first == '\'' || first == '"' {
            let length = quoted_length(rest, first);
            let text = &rest[..length];
            // A quoted name that is also a function is not a column only if it is called.
            let is_name = first == '"' && (text != "\"current_user\"" || rest[length..].starts_with("()"));
            tokens.push(if is_name { text.trim_matches('"').to_owned() } else { text.to_owned() });
            length
        } else if is_of_word(first) {
            let length = rest.find(|c| !is_of_word(c)).unwrap_or(rest.len());
            tokens.push(rest[..length].to_ascii_lowercase());
            length
        } else {
            let length = if rest.starts_with("::") { 2 } else { first.len_utf8() };
            tokens.push(rest[..length].to_owned());
            length
        };
        rest = &rest[length..];
    }
    tokens
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// The length of a string or a quoted name, including the quotes. A quote in it is doubled.
fn quoted_length(text: &str, quote: char) -> usize {
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = characters.next() {
        if c == quote && characters.next_if(|(_, next)| *next == quote).is_none() {
            return at + 1;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::tests::{manual_okta, user_password};
    use crate::script::{ScriptKind, ScriptOptions, script};

    /// The definition of a setup, with impersonation or without.
    fn wanted(has_group: bool) -> ViewDefinition {
        let payload = if has_group { manual_okta("Correct1horse") } else { user_password("Correct1horse") };
        assert_eq!(payload.impersonation_group().is_some(), has_group);
        let script = script(ScriptKind::All, &payload, None, &ScriptOptions::default(), &|_| None).unwrap();
        ViewDefinition::of_stages(&script.stages).unwrap()
    }

    /// How PostgreSQL 15 prints it.
    const POSTGRESQL_15: &str = " SELECT p.immuta__userid,\n    p.immuta__groups,\n    p.immuta__attributes,\n    \
        p.immuta__projects,\n    p.immuta__tables\n   FROM immuta_system.profile p\n  WHERE ((p.immuta__userid)::text = \
        (COALESCE(( SELECT s.target_userid\n           FROM (immuta_system.impersonation_session s\n             JOIN \
        immuta_system.impersonation_grant g ON (((g.grant_id = s.grant_id) AND ((g.user_name)::text = \
        (s.user_name)::text))))\n          WHERE (((s.session_word)::text = current_setting('immuta.session'::text, \
        false)) AND ((s.user_name)::text = ((CURRENT_USER)::character varying(127))::text))), (CURRENT_USER)::character varying(127)))::text)\n \
        LIMIT 2147483647;";
    /// In the style of PostgreSQL 8.0, in one line.
    const POSTGRESQL_8: &str = "SELECT p.immuta__userid, p.immuta__groups, p.immuta__attributes, p.immuta__projects, \
        p.immuta__tables FROM immuta_system.profile p WHERE ((p.immuta__userid)::text = (COALESCE((SELECT s.target_userid \
        FROM (immuta_system.impersonation_session s JOIN immuta_system.impersonation_grant g ON (((g.grant_id = \
        s.grant_id) AND ((g.user_name)::text = (s.user_name)::text)))) WHERE (((s.session_word)::text = \
        current_setting('immuta.session'::text, false)) AND ((s.user_name)::text = (((\"current_user\"())::character \
        varying(127)))::text))), ((\"current_user\"())::character varying(127))))::text) LIMIT 2147483647::bigint;";
    /// As the statement has it, in upper case.
    const UPPER_CASE: &str = "SELECT P.IMMUTA__USERID AS \"immuta__userid\", P.IMMUTA__GROUPS, P.IMMUTA__ATTRIBUTES, \
        P.IMMUTA__PROJECTS, P.IMMUTA__TABLES FROM \"immuta_system\".\"profile\" AS P WHERE P.IMMUTA__USERID = \
        COALESCE((SELECT S.TARGET_USERID FROM IMMUTA_SYSTEM.IMPERSONATION_SESSION AS S INNER JOIN \
        IMMUTA_SYSTEM.IMPERSONATION_GRANT AS G ON G.GRANT_ID = S.GRANT_ID AND G.USER_NAME = S.USER_NAME WHERE \
        S.SESSION_WORD = PG_CATALOG.CURRENT_SETTING('immuta.session', FALSE) AND S.USER_NAME = CAST(CURRENT_USER AS \
        VARCHAR(127))), CAST(CURRENT_USER AS VARCHAR(127))) LIMIT 2147483647";
    /// With names that are in the search path.
    const UNQUALIFIED: &str = "SELECT immuta__userid, immuta__groups, immuta__attributes, immuta__projects, \
        immuta__tables FROM profile p WHERE immuta__userid::text = COALESCE((SELECT s.target_userid FROM \
        impersonation_session s JOIN impersonation_grant g ON g.grant_id = s.grant_id AND g.user_name::text = \
        s.user_name::text WHERE s.session_word::text = current_setting('immuta.session', false) AND s.user_name::text = \
        \"current_user\"()::varchar(127)::text), \"current_user\"()::varchar(127))::text LIMIT 2147483647;";
    /// Without impersonation.
    const PLAIN: [&str; 3] = [
        " SELECT p.immuta__userid,\n    p.immuta__groups,\n    p.immuta__attributes,\n    p.immuta__projects,\n    \
         p.immuta__tables\n   FROM immuta_system.profile p\n  WHERE ((p.immuta__userid)::text = \
         (CURRENT_USER)::text)\n LIMIT 2147483647;",
        "SELECT p.immuta__userid, p.immuta__groups, p.immuta__attributes, p.immuta__projects, p.immuta__tables FROM \
         immuta_system.profile p WHERE ((p.immuta__userid)::text = ((\"current_user\"())::character \
         varying(127))::text) LIMIT 2147483647;",
        "SELECT IMMUTA__USERID, IMMUTA__GROUPS, IMMUTA__ATTRIBUTES, IMMUTA__PROJECTS, IMMUTA__TABLES\nFROM PROFILE AS \
         P\nWHERE IMMUTA__USERID = CAST(CURRENT_USER AS VARCHAR(127))\nLIMIT 2147483647",
    ];

    #[test]
    fn every_printing_of_the_view_is_recognized() {
        let [plain, impersonation] = [false, true].map(wanted);
        assert_ne!(plain, impersonation);
        for printed in PLAIN {
            assert_eq!(ViewDefinition::of(printed), plain, "{printed}");
        }
        for printed in [POSTGRESQL_15, POSTGRESQL_8, UPPER_CASE, UNQUALIFIED] {
            assert_eq!(ViewDefinition::of(printed), impersonation, "{printed}");
            for relaid in
                [printed.replace(' ', "\n\t"), printed.replace('\n', " "), printed.replace("  ", "")]
            {
                assert_eq!(ViewDefinition::of(&relaid), impersonation, "{relaid}");
            }
        }
    }

    /// Each change, in every printing that has its place.
    #[test]
    fn changed_views_are_not_recognized() {
        const CHANGES: [(&str, &str); 27] = [
            // A condition is missing, or another one.
            ("((g.user_name)::text = (s.user_name)::text)", "true"),
            ("(g.grant_id = s.grant_id) AND ", ""),
            ("g.grant_id = s.grant_id", "s.grant_id = s.grant_id"),
            ("G.GRANT_ID = S.GRANT_ID AND ", ""),
            (" AND G.USER_NAME = S.USER_NAME", ""),
            ("((s.session_word)::text = current_setting('immuta.session'::text, false)) AND ", ""),
            ("S.SESSION_WORD = PG_CATALOG.CURRENT_SETTING('immuta.session', FALSE) AND ", ""),
            (" AND s.user_name::text = \"current_user\"()::varchar(127)::text", ""),
            (" AND ((s.user_name)::text = ((CURRENT_USER)::character varying(127))::text)", ""),
            ("WHERE", "WHERE NOT"),
            (" AND ", " OR "),
            (" = ", " <> "),
            // Another word, user or variable.
            ("CURRENT_USER", "SESSION_USER"),
            ("\"current_user\"()", "\"session_user\"()"),
            ("\"current_user\"()", "\"current_user\""),
            ("\"current_user\"()", "immuta_system.\"current_user\"()"),
            ("'immuta.session'", "'immuta.SESSION'"),
            ("false)", "true)"),
            ("current_setting(", "immuta_system.current_setting("),
            ("(127)", "(1)"),
            ("varying(127)", "varying(127)[]"),
            // Other tables or columns.
            ("immuta_system.profile", "public.profile"),
            ("immuta_system.impersonation_grant", "other.immuta_system.impersonation_grant"),
            (" JOIN", " LEFT JOIN"),
            ("p.immuta__groups", "p.immuta__tables AS immuta__groups"),
            ("p.immuta__groups", "g.immuta__groups"),
            ("LIMIT 2147483647", ""),
        ];
        let [plain, impersonation] = [false, true].map(wanted);
        for (before, after) in CHANGES {
            let printed = [POSTGRESQL_15, POSTGRESQL_8, UPPER_CASE, UNQUALIFIED].into_iter().chain(PLAIN);
            let changed: Vec<String> = printed
                .filter(|printed| printed.contains(before))
                .map(|printed| printed.replacen(before, after, 1))
                .collect();
            assert!(!changed.is_empty(), "{before}");
            for changed in changed {
                let found = ViewDefinition::of(&changed);
                assert!(found != plain && found != impersonation, "{before} → {after}: {changed}");
            }
        }
    }

    /// No token that is compared can be removed, doubled or replaced.
    #[test]
    fn every_token_matters() {
        for has_group in [false, true] {
            let wanted = wanted(has_group);
            for at in 0..wanted.0.len() {
                for other in [&[] as &[&str], &[&wanted.0[at], &wanted.0[at]], &["x"]] {
                    let mut changed = wanted.0.clone();
                    changed.splice(at..=at, other.iter().map(|token| (*token).to_owned()));
                    let text = changed.join(" ");
                    assert_ne!(ViewDefinition::of(&text), wanted, "{text}");
                }
            }
        }
    }

    #[test]
    fn definition_that_is_not_printed_is_unknown() {
        let view = wanted(true);
        assert_eq!(view.is_in(&[]), Ok(None));
        assert_eq!(view.is_in(&[vec![None]]), Ok(None));
        assert_eq!(view.is_in(&[vec![Some(POSTGRESQL_15.to_owned())]]), Ok(Some(true)));
        assert_eq!(view.is_in(&[vec![Some("SELECT 1".to_owned())]]), Ok(Some(false)));
    }

    #[test]
    fn unterminated_text_has_tokens() {
        for text in ["'", "\"", "'a", "\"a''", "''", "::", "--", "\"current_user\""] {
            assert!(tokens(text).len() <= 1, "{text}");
        }
    }
}
