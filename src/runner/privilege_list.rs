//! Parses access control lists as the catalog prints them: `user=arwd/grantor`, `group g=r/grantor`, `=r/grantor` for
//! `PUBLIC`. Names are in double quotes unless they contain only letters, digits and underscores; a double quote in a
//! name is doubled (`putid` in PostgreSQL 8.0, `src/backend/utils/adt/acl.c`).

/// The separator with which queries join the entries; no name contains it.
const SEPARATOR: char = '\u{1f}';

/// The grantee of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Grantee {
    Public,
    User(String),
    Group(String),
}

/// An entry of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry<'l> {
    pub(super) grantee: Grantee,
    /// The letters of the privileges.
    pub(super) privileges: &'l str,
    /// The user that granted the privileges.
    pub(super) grantor: String,
}

/// The entries of a list; malformed ones are skipped.
pub(super) fn entries(list: &str) -> impl Iterator<Item = Entry<'_>> {
    list.split(SEPARATOR).filter_map(|entry| {
        let (name, rest) = name(entry);
        let (privileges, grantor) = rest.strip_prefix('=')?.split_once('/')?;
        let grantee = match name.strip_prefix("group ") {
            _ if name.is_empty() => Grantee::Public,
            Some(group) => Grantee::Group(group.to_owned()),
            None => Grantee::User(name),
        };
        Some(Entry { grantee, privileges, grantor: self::name(grantor).0 })
    })
}

/// The name of a grantee for messages.
pub(super) fn display_name(grantee: &Grantee) -> String {
    match grantee {
        Grantee::Public => "`PUBLIC` (all users)".to_owned(),
        Grantee::User(name) => format!("the user `{name}`"),
        Grantee::Group(name) => format!("the group `{name}`"),
    }
}

/// The name of a grantee in SQL.
pub(super) fn sql_of(grantee: &Grantee) -> String {
    match grantee {
        Grantee::Public => "PUBLIC".to_owned(),
        Grantee::User(name) => delimited(name),
        Grantee::Group(name) => format!("GROUP {}", delimited(name)),
    }
}

/// A name from the catalog as a delimited identifier, for statements in messages.
pub(super) fn delimited(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Whether a list has no malformed entries, for callers that must not miss one.
pub(super) fn is_valid_list(list: &str) -> bool {
    list.is_empty() || entries(list).count() == list.split(SEPARATOR).count()
}

/// The name at the start, without quotes, and the rest.
fn name(text: &str) -> (String, &str) {
    let mut name = String::new();
    let mut is_quoted = false;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' if is_quoted && characters.next_if(|(_, next)| *next == '"').is_some() => name.push('"'),
            '"' => is_quoted = !is_quoted,
            '=' if !is_quoted => return (name, &text[at..]),
            other => name.push(other),
        }
    }
    (name, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(name: &str) -> Grantee {
        Grantee::User(name.to_owned())
    }

    fn group(name: &str) -> Grantee {
        Grantee::Group(name.to_owned())
    }

    #[test]
    fn entries_are_parsed_as_the_catalog_prints_them() {
        for (text, grantee, privileges, grantor) in [
            ("immuta=arwd/awsuser", user("immuta"), "arwd", "awsuser"),
            ("=r/awsuser", Grantee::Public, "r", "awsuser"),
            ("group readers=r*/awsuser", group("readers"), "r*", "awsuser"),
            // Redshift quotes only the name, the emulator the whole.
            ("group \"the readers\"=r/\"IAM:x\"", group("the readers"), "r", "IAM:x"),
            ("\"group the readers\"=r/x", group("the readers"), "r", "x"),
            ("\"a\"\"b=c/d\"=U/\"/\"\"\"", user("a\"b=c/d"), "U", "/\""),
            ("\"\"\"\"=X/x", user("\""), "X", "x"),
            ("\"Ünïcode\"=X/x", user("Ünïcode"), "X", "x"),
        ] {
            let entry = Entry { grantee, privileges, grantor: grantor.to_owned() };
            assert_eq!(entries(text).collect::<Vec<_>>(), [entry], "{text}");
        }
    }

    #[test]
    fn malformed_entries_are_skipped() {
        for text in ["", "a", "a=r", "\"a=r/x", "/", "\u{1f}\u{1f}"] {
            assert_eq!(entries(text).count(), 0, "{text}");
        }
        assert_eq!(entries("a=r/x\u{1f}=U/x").count(), 2);
        for (list, whole) in
            [("", true), ("a=r/x\u{1f}=U/x", true), ("a=r/x\u{1f}b", false), ("\u{1f}", false)]
        {
            assert_eq!(is_valid_list(list), whole, "{list:?}");
        }
    }
}
