//! The commands of Redshift (<https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_commands.html>): other commands, and
//! additional syntax of PostgreSQL, are rejected.

use super::super::password::{self, Stored};
use super::super::quote::{identifier, literal};
use super::cursor::{Cursor, is_any, is_operator, is_word, split_commas};
use super::{
    Checked, Place, ServerError, Session, Translation, body, identifiers, not_modelled, not_supported,
    parameters, queries, syntax_error,
};
use redshift_lexer::{Kind, Token};

/// Databases of Redshift, which cannot be dropped or renamed.
const KEPT_DATABASES: &[&str] = &["dev", "padb_harvest", "template0", "template1", "sys:internal"];

/// Types that Redshift does not have
/// (<https://docs.aws.amazon.com/redshift/latest/dg/c_unsupported-postgresql-datatypes.html>).
const ABSENT_TYPES: &[&str] = &[
    "BIGSERIAL",
    "BIT",
    "BOX",
    "BYTEA",
    "CIDR",
    "CIRCLE",
    "CITEXT",
    "HSTORE",
    "INET",
    "JSON",
    "JSONB",
    "LINE",
    "LSEG",
    "MACADDR",
    "MONEY",
    "PATH",
    "POINT",
    "POLYGON",
    "SERIAL",
    "SMALLSERIAL",
    "TSQUERY",
    "TSVECTOR",
    "UUID",
    "XML",
];

/// Commands of Redshift that are not modelled.
const NOT_MODELLED: &[&str] = &["ATTACH", "CANCEL", "COPY", "DESC", "DETACH", "MERGE", "UNLOAD", "USE"];

/// Checks a statement and translates it to PostgreSQL's syntax.
pub(super) fn command(tokens: &[Token<'_>], translation: &mut Translation) -> Checked<()> {
    let mut cursor = Cursor::new(tokens);
    let first = cursor.next().ok_or_else(|| syntax_error(None))?;
    if first.kind != Kind::Word {
        return if is_operator(first, "(") { Ok(()) } else { Err(syntax_error(Some(first))) };
    }
    match first.raw.to_ascii_uppercase().as_str() {
        "CREATE" => create(cursor, translation),
        "ALTER" => alter(cursor, translation),
        "DROP" => drop_command(cursor, translation),
        "GRANT" => privileges(cursor, true, translation),
        "REVOKE" => privileges(cursor, false, translation),
        "SET" => parameters::set(cursor, translation),
        "SHOW" => parameters::show(cursor, false, translation),
        "RESET" => parameters::show(cursor, true, translation),
        "LOCK" => lock(cursor),
        "COMMENT" => comment(cursor),
        "INSERT" | "UPDATE" | "DELETE" => queries::manipulation(cursor),
        "DEALLOCATE" => deallocate(cursor),
        "ABORT" | "ANALYSE" | "ANALYZE" | "BEGIN" | "CALL" | "CLOSE" | "COMMIT" | "DECLARE" | "END"
        | "EXECUTE" | "EXPLAIN" | "FETCH" | "PREPARE" | "ROLLBACK" | "SELECT" | "START" | "TRUNCATE"
        | "VACUUM" | "WITH" => Ok(()),
        other if NOT_MODELLED.contains(&other) => Err(not_modelled(other)),
        "SAVEPOINT" | "RELEASE" => Err(not_supported("SAVEPOINT")),
        _ => Err(syntax_error(Some(first))),
    }
}

fn create(mut cursor: Cursor<'_, '_>, translation: &mut Translation) -> Checked<()> {
    let replace = cursor.eat("OR REPLACE");
    let temporary = cursor.eat("LOCAL") | cursor.eat("TEMP") | cursor.eat("TEMPORARY");
    if cursor.eat("TABLE") {
        return if replace { Err(cursor.error()) } else { table(cursor, translation) };
    }
    if temporary {
        return Err(cursor.error());
    }
    if cursor.eat("VIEW") {
        return view(cursor, translation);
    }
    if cursor.eat("FUNCTION") {
        return function(cursor, translation);
    }
    if cursor.eat("PROCEDURE") {
        return procedure(cursor, translation);
    }
    if replace {
        return Err(cursor.error());
    }
    if cursor.eat("DATABASE") {
        return create_database(cursor, translation);
    }
    if cursor.eat("USER") {
        return create_user(cursor, translation);
    }
    if cursor.eat("GROUP") {
        return create_group(cursor, translation);
    }
    if cursor.eat("SCHEMA") {
        return create_schema(cursor, translation);
    }
    for what in
        ["ROLE", "EXTERNAL", "MODEL", "DATASHARE", "LIBRARY", "RLS", "MASKING", "MATERIALIZED", "IDENTITY"]
    {
        if cursor.sees(what) {
            return Err(not_modelled(&format!("CREATE {what}")));
        }
    }
    for what in ["INDEX", "UNIQUE", "SEQUENCE", "TRIGGER", "RULE", "TYPE", "DOMAIN", "EXTENSION", "AGGREGATE"]
    {
        if cursor.sees(what) {
            return Err(not_supported(&format!("CREATE {what}")));
        }
    }
    Err(cursor.error())
}

fn alter(mut cursor: Cursor<'_, '_>, translation: &mut Translation) -> Checked<()> {
    if cursor.eat("DEFAULT PRIVILEGES") {
        return default_privileges(cursor, translation);
    }
    if cursor.eat("USER") {
        return alter_user(cursor, translation);
    }
    if cursor.eat("GROUP") {
        return alter_group(cursor, translation);
    }
    if cursor.eat("DATABASE") {
        return alter_database(cursor, translation);
    }
    if cursor.eat("SCHEMA") {
        cursor.name()?;
        if cursor.sees("QUOTA") {
            return Err(not_modelled("quotas"));
        }
        return owner_or_rename(cursor, translation);
    }
    if cursor.eat("TABLE") {
        return alter_table(cursor, translation);
    }
    if cursor.eat("PROCEDURE") || cursor.eat("FUNCTION") {
        cursor.qualified()?;
        cursor.parenthesized()?;
        return owner_or_rename(cursor, translation);
    }
    for what in ["ROLE", "DATASHARE", "EXTERNAL", "MATERIALIZED", "RLS", "MASKING", "IDENTITY", "SYSTEM"] {
        if cursor.sees(what) {
            return Err(not_modelled(&format!("ALTER {what}")));
        }
    }
    Err(cursor.error())
}

/// `RENAME TO name | OWNER TO user`
fn owner_or_rename(mut cursor: Cursor<'_, '_>, translation: &mut Translation) -> Checked<()> {
    if cursor.eat("OWNER TO") {
        translation.user(cursor.name()?);
    } else {
        cursor.expect("RENAME TO")?;
        identifiers::check_reserved(std::slice::from_ref(cursor.name()?))?;
    }
    cursor.end()
}

fn drop_command(mut cursor: Cursor<'_, '_>, translation: &mut Translation) -> Checked<()> {
    if cursor.eat("DATABASE") {
        return drop_database(cursor, translation);
    }
    if cursor.eat("USER") {
        let _ = cursor.eat("IF EXISTS");
        users(&mut cursor, translation)?;
        return cursor.end();
    }
    if cursor.eat("GROUP") {
        translation.group(cursor.name()?)?;
        return cursor.end();
    }
    if cursor.eat("SCHEMA") || cursor.eat("TABLE") || cursor.eat("VIEW") {
        let _ = cursor.eat("IF EXISTS");
        loop {
            cursor.qualified()?;
            if !cursor.eat_operator(",") {
                break;
            }
        }
        let _ = cursor.eat("CASCADE") || cursor.eat("RESTRICT");
        return cursor.end();
    }
    if cursor.eat("FUNCTION") || cursor.eat("PROCEDURE") {
        cursor.qualified()?;
        cursor.parenthesized()?;
        let _ = cursor.eat("CASCADE") || cursor.eat("RESTRICT");
        return cursor.end();
    }
    for what in
        ["ROLE", "DATASHARE", "EXTERNAL", "MODEL", "LIBRARY", "RLS", "MASKING", "MATERIALIZED", "IDENTITY"]
    {
        if cursor.sees(what) {
            return Err(not_modelled(&format!("DROP {what}")));
        }
    }
    Err(cursor.error())
}

/// Names of users, separated by commas.
fn users(cursor: &mut Cursor<'_, '_>, translation: &mut Translation) -> Checked<()> {
    loop {
        translation.user(cursor.name()?);
        if !cursor.eat_operator(",") {
            return Ok(());
        }
    }
}

// Databases.

#[allow(clippy::if_same_then_else)] // each branch is a clause of its own
fn create_database(mut cursor: Cursor<'_, '_>, translation: &mut Translation) -> Checked<()> {
    let name = cursor.name()?;
    if cursor.sees("NOT EXISTS") {
        return Err(cursor.error()); // `IF` was taken for the name.
    }
    identifiers::check_reserved(std::slice::from_ref(name))?;
    cursor.eat("WITH");
    while cursor.peek().is_some() {
        let start = cursor.at;
        if cursor.eat("OWNER") {
            cursor.eat_operator("=");
            translation.user(cursor.name()?);
        } else if cursor.eat("CONNECTION LIMIT") {
            connection_limit(&mut cursor, translation)?;
        } else if cursor.eat("COLLATE") {
            cursor.name()?;
            translation.replace(&cursor.tokens[start..cursor.at], "");
        } else if cursor.eat("ISOLATION LEVEL") {
            cursor.name()?;
            translation.replace(&cursor.tokens[start..cursor.at], "");
        } else {
            return Err(cursor.error());
        }
    }
    Ok(())
}

fn connection_limit(cursor: &mut Cursor<'_, '_>, translation: &mut Translation) -> Checked<()> {
    if cursor.eat("UNLIMITED") {
        translation.replace_one(&cursor.tokens[cursor.at - 1], "-1");
        Ok(())
    } else {
        cursor.number().map(drop)
    }
}

fn refuse_kept(token: &Token<'_>, translation: &Translation, what: &str) -> Checked<()> {
    let name = translation.fold(token);
    if KEPT_DATABASES.contains(&name.as_str()) {
        return Err(ServerError::new("42501", format!("database \"{name}\" cannot be {what}")));
    }
    Ok(())
}

fn alter_database(mut cursor: Cursor<'_, '_>, translation: &mut Translation) -> Checked<()> {
    let name = cursor.name()?;
    if cursor.eat("CONNECTION LIMIT") {
        connection_limit(&mut cursor, translation)?;
        return cursor.end();
    }
    if cursor.sees("COLLATE") || cursor.sees("ISOLATION") {
        return Err(not_modelled("collation and isolation of databases"));
    }
    if cursor.sees("RENAME") {
        refuse_kept(name, translation, "renamed")?;
    }
    owner_or_rename(cursor, translation)
}

fn drop_database(mut cursor: Cursor<'_, '_>, translation: &mut Translation) -> Checked<()> {
    let name = cursor.name()?;
    if cursor.eat("FORCE") {
        translation.replace_one(&cursor.tokens[cursor.at - 1], "WITH (FORCE)");
    }
    cursor.end()?;
    refuse_kept(name, translation, "dropped")
}

// Users and groups.

fn create_user(mut cursor: Cursor<'_, '_>, translation: &mut Translation) -> Checked<()> {
    let name = cursor.name()?;
    identifiers::check_reserved(std::slice::from_ref(name))?;
    translation.user(name);
    if name.value.eq_ignore_ascii_case("public") {
        return Err(ServerError::new("42939", "user name \"public\" is reserved"));
    }
    if cursor.sees("NOT EXISTS") {
        return Err(cursor.error());
    }
    let has_password = user_options(&mut cursor, &user_name(name), true, translation)?;
    if has_password { Ok(()) } else { Err(syntax_error(None)) }
}

/// The name as the catalog stores it.
fn user_name(token: &Token<'_>) -> String {
    if token.kind == Kind::Identifier { token.value.clone() } else { token.value.to_ascii_lowercase() }
}

/// Whether one of them is a password.
#[allow(clippy::if_same_then_else)] // each branch is a clause of its own
fn user_options(
    cursor: &mut Cursor<'_, '_>,
    user: &str,
    is_new: bool,
    translation: &mut Translation,
) -> Checked<bool> {
    cursor.eat("WITH");
    let mut has_password = false;
    while cursor.peek().is_some() {
        let start = cursor.at;
        if !is_new && cursor.eat("NOLOGIN") {
            if translation.options.lockout.is_none() {
                return Err(not_supported("NOLOGIN without user lockout"));
            }
            translation.replace_one(&cursor.tokens[start], "");
        } else if (!is_new && cursor.eat("LOGIN PASSWORD")) || cursor.eat("PASSWORD") {
            has_password = true;
            user_password(cursor, user, translation)?;
        } else if cursor.eat("CREATEDB") || cursor.eat("NOCREATEDB") {
        } else if cursor.eat("CREATEUSER") {
            translation.replace_one(&cursor.tokens[start], "SUPERUSER");
        } else if cursor.eat("NOCREATEUSER") {
            translation.replace_one(&cursor.tokens[start], "NOSUPERUSER");
        } else if cursor.eat("SYSLOG ACCESS RESTRICTED") || cursor.eat("SYSLOG ACCESS UNRESTRICTED") {
            translation.replace(&cursor.tokens[start..cursor.at], "");
        } else if is_new && cursor.eat("IN GROUP") {
            loop {
                translation.group(cursor.name()?)?;
                if !cursor.eat_operator(",") {
                    break;
                }
            }
        } else if cursor.eat("VALID UNTIL") {
            cursor.literal()?;
        } else if cursor.eat("CONNECTION LIMIT") {
            connection_limit(cursor, translation)?;
        } else if cursor.eat("SESSION TIMEOUT") {
            let seconds = cursor.number()?;
            if !seconds.raw.parse::<u32>().is_ok_and(|seconds| (60..=1_728_000).contains(&seconds)) {
                return Err(ServerError::new(
                    "22023",
                    "session timeout must be between 60 and 1728000 seconds",
                ));
            }
            translation.replace(&cursor.tokens[start..cursor.at], "");
        } else if cursor.eat("EXTERNALID") {
            cursor.next();
            translation.replace(&cursor.tokens[start..cursor.at], "");
        } else {
            return Err(cursor.error());
        }
    }
    Ok(has_password)
}

fn user_password(cursor: &mut Cursor<'_, '_>, user: &str, translation: &mut Translation) -> Checked<()> {
    if cursor.eat("DISABLE") {
        translation.replace_one(&cursor.tokens[cursor.at - 1], "NULL");
        return Ok(());
    }
    let token = cursor.literal()?;
    let stored = stored_password(&token.value, user)?;
    translation.replace_one(token, literal(&stored.write().unwrap_or_default()));
    Ok(())
}

/// How Redshift stores the text in `PASSWORD '…'`
/// (<https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_USER.html>).
fn stored_password(text: &str, user: &str) -> Checked<Stored> {
    if let Some(hash) = text.strip_prefix("md5")
        && hash.len() == 32
        && password::from_hex(hash).is_some()
    {
        return Ok(Stored::Md5(hash.to_ascii_lowercase()));
    }
    if let Some(rest) = text.strip_prefix("sha256|") {
        if let Some((digest, salt)) = rest.split_once('|')
            && let (64, 64, Some(digest), Some(salt)) =
                (digest.len(), salt.len(), password::from_hex(digest), password::from_hex(salt))
        {
            return Ok(Stored::Sha256 { digest, salt });
        }
        check_clear_text(rest)?;
        return Ok(Stored::sha256(rest, &password::random::<32>()));
    }
    check_clear_text(text)?;
    Ok(Stored::md5(text, user))
}

fn check_clear_text(password: &str) -> Checked<()> {
    let has = |wanted: fn(char) -> bool| password.chars().any(wanted);
    let rule = if !(8..=64).contains(&password.chars().count()) {
        "must be between 8 and 64 characters"
    } else if !has(|c| c.is_ascii_uppercase()) {
        "must contain an uppercase letter"
    } else if !has(|c| c.is_ascii_lowercase()) {
        "must contain a lowercase letter"
    } else if !has(|c| c.is_ascii_digit()) {
        "must contain a number"
    } else if has(|c| !c.is_ascii_graphic() || "'\"\\/@".contains(c)) {
        "must contain only printable ASCII characters, and none of ' \" \\ / @"
    } else {
        return Ok(());
    };
    Err(ServerError::new("22023", format!("password {rule}")))
}

fn alter_user(mut cursor: Cursor<'_, '_>, translation: &mut Translation) -> Checked<()> {
    let name = cursor.name()?;
    translation.user(name);
    if cursor.eat("RENAME TO") {
        let new = cursor.name()?;
        identifiers::check_reserved(std::slice::from_ref(new))?;
        translation.user(new);
        return cursor.end();
    }
    if cursor.eat("SET") {
        return parameters::assignment(&mut cursor, translation);
    }
    if cursor.eat("RESET SESSION TIMEOUT") {
        return Err(not_modelled("session timeouts"));
    }
    if cursor.eat("RESET") {
        return parameters::show(cursor, true, translation);
    }
    if cursor.peek().is_none() {
        return Err(cursor.error());
    }
    user_options(&mut cursor, &user_name(name), false, translation).map(drop)
}

/// A change of who is locked.
pub(in super::super) enum Lock {
    /// By `NOLOGIN`.
    Locked(String),
    /// By `LOGIN PASSWORD`.
    Unlocked(String),
}

/// Which user a statement locks or unlocks.
pub(in super::super) fn lock_change(sql: &str) -> Option<Lock> {
    let tokens = super::lex(sql).ok()?;
    let mut cursor = Cursor::new(&tokens);
    if !cursor.eat("ALTER USER") {
        return None;
    }
    let name = user_name(cursor.name().ok()?);
    let options = cursor.rest();
    if options.iter().any(|token| is_word(token, "NOLOGIN")) {
        Some(Lock::Locked(name))
    } else if options.iter().any(|token| is_word(token, "LOGIN")) {
        Some(Lock::Unlocked(name))
    } else {
        None
    }
}

/// Whether a message is a commit.
pub(in super::super) fn is_commit(sql: &str) -> bool {
    super::lex(sql).is_ok_and(|tokens| tokens.first().is_some_and(|first| is_any(first, &["COMMIT", "END"])))
}

/// Whether a message commits, or changes objects or privileges.
pub(in super::super) fn is_change(sql: &str) -> bool {
    const CHANGES: &[&str] = &["ALTER", "COMMIT", "CREATE", "DROP", "END", "GRANT", "REVOKE", "TRUNCATE"];
    super::lex(sql).is_ok_and(|tokens| {
        tokens
            .split(|token| token.kind == Kind::Semicolon)
            .filter_map(<[Token<'_>]>::first)
            .any(|first| is_any(first, CHANGES))
    })
}

fn create_group(mut cursor: Cursor<'_, '_>, translation: &mut Translation) -> Checked<()> {
    let name = cursor.name()?;
    if cursor.sees("NOT EXISTS") {
        return Err(cursor.error());
    }
    identifiers::check_reserved(std::slice::from_ref(name))?;
    translation.group(name)?;
    cursor.eat("WITH");
    if cursor.eat("USER") {
        users(&mut cursor, translation)?;
    }
    cursor.end()
}

fn alter_group(mut cursor: Cursor<'_, '_>, translation: &mut Translation) -> Checked<()> {
    translation.group(cursor.name()?)?;
    if cursor.eat("RENAME TO") {
        let new = cursor.name()?;
        identifiers::check_reserved(std::slice::from_ref(new))?;
        translation.group(new)?;
    } else if cursor.eat("ADD USER") || cursor.eat("DROP USER") {
        users(&mut cursor, translation)?;
    } else {
        return Err(cursor.error());
    }
    cursor.end()
}

// Privileges.

/// `TO` or `FROM` with the grantees.
fn grantees(
    cursor: &mut Cursor<'_, '_>,
    is_grant: bool,
    translation: &mut Translation,
) -> Checked<Vec<String>> {
    cursor.expect(if is_grant { "TO" } else { "FROM" })?;
    let mut names = Vec::new();
    let mut all_users = true;
    loop {
        if cursor.eat("GROUP") {
            all_users = false;
            let name = cursor.name()?;
            translation.group(name)?;
            names.push(format!("group {}", translation.fold(name)));
        } else if cursor.eat("PUBLIC") {
            all_users = false;
            names.push("public".to_owned());
        } else if cursor.sees("ROLE") {
            return Err(not_modelled("roles"));
        } else {
            let name = cursor.name()?;
            identifiers::check_reserved(std::slice::from_ref(name))?;
            translation.user(name);
            names.push(user_name(name));
        }
        if is_grant && cursor.eat("WITH GRANT OPTION") && !all_users {
            return Err(ServerError::new("0LP01", "grant options can only be granted to individual users"));
        }
        if !cursor.eat_operator(",") {
            break;
        }
    }
    if !is_grant {
        cursor.eat("RESTRICT");
    }
    cursor.end()?;
    Ok(names)
}

/// Checks that Redshift has the privileges for the type of object.
fn check_privileges(listed: &[Token<'_>], known: &[&str]) -> Checked<()> {
    for privilege in split_commas(listed) {
        let Some(first) = privilege.first() else { return Err(syntax_error(listed.first())) };
        if !is_word(first, "ALL") && !is_any(first, known) {
            return Err(syntax_error(Some(first)));
        }
    }
    Ok(())
}

fn privileges(mut cursor: Cursor<'_, '_>, is_grant: bool, translation: &mut Translation) -> Checked<()> {
    if !is_grant {
        cursor.eat("GRANT OPTION FOR");
    }
    for what in ["ROLE", "ASSUMEROLE", "ADMIN OPTION FOR"] {
        if cursor.sees(what) {
            return Err(not_modelled("roles"));
        }
    }
    let listed = cursor.skip_to(&["ON", "TO", "FROM", "FOR"]);
    if cursor.sees("FOR") {
        return Err(not_modelled("scoped permissions"));
    }
    cursor.expect("ON")?;
    let is_all = listed.first().is_some_and(|token| is_word(token, "ALL"));
    let mut kind = "";
    let known: &[&str] = if cursor.eat("DATABASE") {
        kind = "database";
        if is_all {
            // PostgreSQL's ALL includes CONNECT, which Redshift does not have: every user can connect.
            translation.replace(listed, "CREATE, TEMPORARY");
        }
        &["CREATE", "USAGE", "TEMP", "TEMPORARY", "ALTER"]
    } else if cursor.eat("SCHEMA") {
        kind = "schema";
        &["CREATE", "USAGE", "ALTER", "DROP"]
    } else if cursor.eat("FUNCTION") || cursor.eat("PROCEDURE") {
        &["EXECUTE"]
    } else if cursor.eat("LANGUAGE") {
        &["USAGE"]
    } else if cursor.eat("ALL FUNCTIONS IN SCHEMA") || cursor.eat("ALL PROCEDURES IN SCHEMA") {
        &["EXECUTE"]
    } else {
        for absent in ["SEQUENCE", "TYPE", "DOMAIN", "ROUTINE", "TABLESPACE", "FOREIGN", "LARGE", "PARAMETER"]
        {
            if cursor.sees(absent)
                && !cursor.rest().get(1).is_some_and(|token| is_any(token, &["TO", "FROM"]))
            {
                return Err(cursor.error());
            }
        }
        kind = if cursor.eat("ALL TABLES IN SCHEMA") { "schematables" } else { "table" };
        cursor.eat("TABLE");
        &["SELECT", "INSERT", "UPDATE", "DELETE", "REFERENCES", "DROP", "ALTER", "TRUNCATE"]
    };
    check_privileges(listed, known)?;
    let mut objects = Vec::new();
    loop {
        objects.push(cursor.qualified()?);
        if cursor.peek().is_some_and(|token| is_operator(token, "(")) {
            cursor.parenthesized()?;
        }
        if !cursor.eat_operator(",") {
            break;
        }
    }
    let keyword = cursor.at;
    let names = grantees(&mut cursor, is_grant, translation)?;
    let absent: &[&str] = match kind {
        "database" => &["ALTER", "USAGE"],
        "" => &[],
        _ => &["ALTER", "DROP"],
    };
    let privileges = split_commas(listed);
    let is_absent = |privilege: &[Token<'_>]| privilege.first().is_some_and(|first| is_any(first, absent));
    let native: Vec<_> = privileges.iter().filter(|privilege| !is_absent(privilege)).collect();
    if native.is_empty() {
        no_privilege(cursor.tokens, listed, keyword, (is_grant, kind), translation);
    } else if native.len() < privileges.len() {
        let text: Vec<String> = native
            .iter()
            .map(|privilege| privilege.iter().map(|token| token.raw).collect::<Vec<_>>().join(" "))
            .collect();
        translation.replace(listed, text.join(", "));
    }
    let noted: Vec<&str> = ["ALTER", "DROP"]
        .into_iter()
        .filter(|name| is_all || listed.iter().any(|token| is_word(token, name)))
        .collect();
    if !noted.is_empty() && ["schema", "schematables", "table"].contains(&kind) {
        note_privileges(&cursor, (is_grant, kind), &objects, &names, &noted, translation);
    }
    Ok(())
}

/// Makes a statement whose privileges PostgreSQL does not have one that changes nothing: it takes the grant option of a
/// privilege from a grantee that does not have it.
fn no_privilege(
    tokens: &[Token<'_>],
    listed: &[Token<'_>],
    keyword: usize,
    (is_grant, kind): (bool, &str),
    translation: &mut Translation,
) {
    let with_option = tokens.get(1).is_some_and(|token| is_word(token, "GRANT"));
    let any = if ["schema", "database"].contains(&kind) { "CREATE" } else { "REFERENCES" };
    translation.replace(listed, if with_option { any.to_owned() } else { format!("GRANT OPTION FOR {any}") });
    if is_grant {
        translation.replace_one(&tokens[0], "REVOKE");
        translation.replace_one(&tokens[keyword], "FROM");
        for at in keyword..tokens.len().saturating_sub(2) {
            if (Cursor { tokens, at }).sees("WITH GRANT OPTION") {
                translation.replace(&tokens[at..at + 3], "");
            }
        }
    }
}

/// Notes privileges that PostgreSQL does not have where the functions of the emulator find them.
fn note_privileges(
    cursor: &Cursor<'_, '_>,
    (is_grant, kind): (bool, &str),
    objects: &[&[Token<'_>]],
    grantees: &[String],
    privileges: &[&str],
    translation: &mut Translation,
) {
    let hex = |names: Vec<String>| {
        names.iter().map(|name| password::hex(name.as_bytes())).collect::<Vec<_>>().join(",")
    };
    let object = |tokens: &[Token<'_>]| {
        let names =
            tokens.iter().filter(|token| !is_operator(token, ".")).map(|token| translation.fold(token));
        if kind == "table" {
            names.map(|name| identifier(&name)).collect::<Vec<_>>().join(".")
        } else {
            names.collect()
        }
    };
    let note = [
        if is_grant { "G" } else { "R" },
        kind,
        &hex(objects.iter().map(|tokens| object(tokens)).collect()),
        &hex(grantees.to_vec()),
        &privileges.join(","),
    ]
    .join("|");
    let end = cursor.tokens.last().map_or(0, |token| token.span.end);
    translation.insert(
        end,
        match translation.place {
            Place::Message => format!(" /*~privileges {note}*/"),
            Place::Body => format!("; PERFORM pg_catalog.emulator_record('{note}')"),
        },
    );
}

fn default_privileges(mut cursor: Cursor<'_, '_>, translation: &mut Translation) -> Checked<()> {
    if cursor.eat("FOR USER") {
        users(&mut cursor, translation)?;
    }
    if cursor.eat("IN SCHEMA") {
        loop {
            cursor.name()?;
            if !cursor.eat_operator(",") {
                break;
            }
        }
    }
    let is_grant = cursor.eat("GRANT");
    if !is_grant {
        cursor.expect("REVOKE")?;
        cursor.eat("GRANT OPTION FOR");
    }
    let listed = cursor.skip_to(&["ON"]);
    cursor.expect("ON")?;
    let known: &[&str] = if cursor.eat("TABLES") {
        &["SELECT", "INSERT", "UPDATE", "DELETE", "REFERENCES", "DROP", "ALTER", "TRUNCATE"]
    } else if cursor.eat("FUNCTIONS") {
        &["EXECUTE"]
    } else if cursor.eat("PROCEDURES") {
        translation.replace_one(&cursor.tokens[cursor.at - 1], "ROUTINES");
        &["EXECUTE"]
    } else {
        return Err(cursor.error());
    };
    check_privileges(listed, known)?;
    if listed.iter().any(|token| is_any(token, &["DROP", "ALTER"])) {
        return Err(not_modelled("default privileges for DROP and ALTER"));
    }
    grantees(&mut cursor, is_grant, translation).map(drop)
}

// Schemas, tables, views.

fn create_schema(mut cursor: Cursor<'_, '_>, translation: &mut Translation) -> Checked<()> {
    cursor.eat("IF NOT EXISTS");
    if !cursor.sees("AUTHORIZATION") {
        identifiers::check_reserved(std::slice::from_ref(cursor.name()?))?;
    }
    if cursor.eat("AUTHORIZATION") {
        translation.user(cursor.name()?);
    }
    let quota = cursor.at;
    if cursor.eat("QUOTA") {
        if !cursor.eat("UNLIMITED") {
            cursor.number()?;
            let _ = cursor.eat("MB") || cursor.eat("GB") || cursor.eat("TB");
        }
        translation.replace(&cursor.tokens[quota..cursor.at], "");
    }
    cursor.end()
}

fn table(mut cursor: Cursor<'_, '_>, translation: &mut Translation) -> Checked<()> {
    cursor.eat("IF NOT EXISTS");
    identifiers::check_reserved(cursor.qualified()?)?;
    if cursor.peek().is_some_and(|token| is_operator(token, "(")) {
        let elements = cursor.parenthesized()?;
        for element in split_commas(elements) {
            column(element, translation)?;
        }
    }
    loop {
        let start = cursor.at;
        if cursor.eat("BACKUP") || cursor.eat("DISTSTYLE") {
            cursor.name()?;
        } else if cursor.eat("DISTKEY") {
            cursor.parenthesized()?;
        } else if cursor.eat("ENCODE AUTO") || cursor.eat("SORTKEY AUTO") {
        } else if cursor.eat("COMPOUND SORTKEY") || cursor.eat("INTERLEAVED SORTKEY") || cursor.eat("SORTKEY")
        {
            cursor.parenthesized()?;
        } else if cursor.peek().is_none() || cursor.sees("AS") {
            return Ok(());
        } else {
            return Err(cursor.error());
        }
        translation.replace(&cursor.tokens[start..cursor.at], "");
    }
}

/// A column, or a constraint of the table.
fn column(tokens: &[Token<'_>], translation: &mut Translation) -> Checked<()> {
    let mut cursor = Cursor::new(tokens);
    if cursor.sees("LIKE") {
        return Ok(());
    }
    let is_constraint =
        ["CONSTRAINT", "UNIQUE", "PRIMARY", "FOREIGN", "CHECK"].iter().any(|word| cursor.sees(word));
    if !is_constraint {
        let name = cursor.name()?;
        identifiers::check_reserved(std::slice::from_ref(name))?;
        data_type(&mut cursor, translation)?;
    }
    while let Some(token) = cursor.peek() {
        let start = cursor.at;
        if is_word(token, "CHECK") {
            return Err(not_supported("CHECK"));
        } else if cursor.eat("GENERATED ALWAYS AS") || is_operator(token, "[") {
            return Err(syntax_error(Some(token)));
        } else if cursor.eat("GENERATED BY DEFAULT AS IDENTITY") {
            identity(&mut cursor, start, "BY DEFAULT", translation)?;
        } else if cursor.eat("IDENTITY") {
            identity(&mut cursor, start, "ALWAYS", translation)?;
        } else if cursor.eat("ENCODE") {
            cursor.name()?;
            translation.replace(&cursor.tokens[start..cursor.at], "");
        } else if cursor.eat("DISTKEY") || cursor.eat("SORTKEY") {
            translation.replace(&cursor.tokens[start..cursor.at], "");
        } else {
            cursor.next();
        }
    }
    Ok(())
}

/// `IDENTITY(seed, step)`
fn identity(
    cursor: &mut Cursor<'_, '_>,
    start: usize,
    generated: &str,
    translation: &mut Translation,
) -> Checked<()> {
    let numbers = cursor.parenthesized()?;
    let [seed, _, step] = numbers else { return Err(syntax_error(numbers.first())) };
    let text =
        format!("GENERATED {generated} AS IDENTITY (START WITH {} INCREMENT BY {})", seed.raw, step.raw);
    translation.replace(&cursor.tokens[start..cursor.at], text);
    Ok(())
}

fn data_type(cursor: &mut Cursor<'_, '_>, translation: &mut Translation) -> Checked<()> {
    let name = cursor.peek().ok_or_else(|| syntax_error(None))?;
    if is_any(name, ABSENT_TYPES) {
        return Err(ServerError::new(
            "0A000",
            format!("type \"{}\" is not supported", name.raw.to_ascii_lowercase()),
        ));
    }
    if is_any(name, &["SUPER", "VARBYTE", "GEOMETRY", "GEOGRAPHY", "HLLSKETCH"]) {
        return Err(not_modelled(&format!("the type {}", name.raw)));
    }
    cursor.next();
    let is_varying = is_any(name, &["VARCHAR", "NVARCHAR"])
        || (is_any(name, &["CHARACTER", "CHAR"]) && cursor.eat("VARYING"));
    let limit = if is_varying { 65_535 } else { 4_096 };
    let is_text = is_varying || is_any(name, &["CHAR", "CHARACTER", "BPCHAR", "NCHAR"]);
    if is_text && cursor.peek().is_some_and(|token| is_operator(token, "(")) {
        if let [length] = cursor.parenthesized()? {
            if is_word(length, "MAX") {
                translation.replace_one(length, "65535");
            } else if length.raw.parse::<u32>().is_ok_and(|length| length > limit) {
                let message =
                    format!("length for type {} cannot exceed {limit}", name.raw.to_ascii_lowercase());
                return Err(ServerError::new("22023", message));
            }
        }
    } else if is_varying {
        // Redshift's VARCHAR without a length has 256 bytes; PostgreSQL's is unlimited.
        translation.insert(cursor.tokens[cursor.at - 1].span.end, "(256)");
    }
    Ok(())
}

fn alter_table(mut cursor: Cursor<'_, '_>, translation: &mut Translation) -> Checked<()> {
    if cursor.sees("IF EXISTS") || cursor.sees("ONLY") {
        return Err(cursor.error());
    }
    cursor.qualified()?;
    if cursor.eat("ALTER COLUMN") && translation.in_transaction {
        return Err(ServerError::new(
            "25001",
            "ALTER TABLE ALTER COLUMN cannot run inside a transaction block",
        ));
    }
    if cursor.sees("ROW LEVEL SECURITY") || cursor.sees("APPEND") || cursor.sees("ALTER") {
        return Err(not_modelled("this form of ALTER TABLE"));
    }
    for absent in ["ENABLE", "DISABLE", "INHERIT", "CLUSTER", "SET"] {
        if cursor.sees(absent) {
            return Err(cursor.error());
        }
    }
    if cursor.eat("OWNER TO") {
        translation.user(cursor.name()?);
        return cursor.end();
    }
    if cursor.eat("ADD COLUMN") || (cursor.sees("ADD") && !cursor.sees("ADD CONSTRAINT") && cursor.eat("ADD"))
    {
        return column(cursor.rest(), translation);
    }
    Ok(())
}

fn view(mut cursor: Cursor<'_, '_>, translation: &mut Translation) -> Checked<()> {
    identifiers::check_reserved(cursor.qualified()?)?;
    let tokens = cursor.tokens;
    let binding = tokens.len().saturating_sub(4);
    if (Cursor { tokens, at: binding }).sees("WITH NO SCHEMA BINDING") {
        let unqualified = tokens.windows(3).any(|window| {
            is_any(&window[0], &["FROM", "JOIN"])
                && matches!(window[1].kind, Kind::Word | Kind::Identifier)
                && !is_operator(&window[2], ".")
        });
        if unqualified {
            return Err(ServerError::new(
                "42601",
                "All the relation names inside should be qualified when creating VIEW WITH NO SCHEMA BINDING.",
            ));
        }
        translation.replace(&tokens[binding..], "");
    }
    Ok(())
}

// Functions and procedures.

fn function(mut cursor: Cursor<'_, '_>, translation: &mut Translation) -> Checked<()> {
    identifiers::check_reserved(cursor.qualified()?)?;
    for argument in split_commas(cursor.parenthesized()?).into_iter().filter(|argument| !argument.is_empty())
    {
        let mut argument = Cursor::new(argument);
        data_type(&mut argument, translation)?;
        argument.eat("PRECISION");
        if argument.peek().is_some_and(|token| is_operator(token, "(")) {
            argument.parenthesized()?;
        }
        // If there is a name, the type is after it.
        argument.end()?;
    }
    cursor.expect("RETURNS")?;
    if cursor.sees("SETOF") || cursor.sees("TABLE") || cursor.sees("TRIGGER") {
        return Err(cursor.error());
    }
    let clauses = cursor.rest();
    let body = clauses.iter().find(|token| token.kind == Kind::Body);
    let language = clauses.windows(2).find(|window| is_word(&window[0], "LANGUAGE")).map(|window| &window[1]);
    match language {
        Some(language) if is_word(language, "sql") => {}
        Some(language) if is_word(language, "plpythonu") => {
            return Err(not_supported("a new Python user-defined function"));
        }
        other => return Err(syntax_error(other)),
    }
    if !clauses.iter().any(|token| is_any(token, &["VOLATILE", "STABLE", "IMMUTABLE"])) {
        return Err(ServerError::new("42601", "a user-defined function needs VOLATILE, STABLE or IMMUTABLE"));
    }
    if let Some(token) = clauses.iter().find(|token| {
        is_any(token, &["SECURITY", "STRICT", "COST", "SET", "PARALLEL", "CALLED", "LEAKPROOF"])
    }) {
        return Err(syntax_error(Some(token)));
    }
    let Some(body) = body else { return Err(syntax_error(None)) };
    queries::function_body(&super::lex(&body.value)?)
}

fn procedure(mut cursor: Cursor<'_, '_>, translation: &mut Translation) -> Checked<()> {
    if translation.place == Place::Body {
        return Err(not_modelled("CREATE PROCEDURE in a procedure"));
    }
    identifiers::check_reserved(cursor.qualified()?)?;
    let arguments = split_commas(cursor.parenthesized()?);
    for argument in arguments.iter().filter(|argument| !argument.is_empty()) {
        if argument.iter().any(|token| is_word(token, "DEFAULT") || is_operator(token, "=")) {
            return Err(syntax_error(argument.last()));
        }
    }
    if arguments.len() > 64 {
        return Err(ServerError::new("54023", "procedures cannot have more than 32 arguments in and 32 out"));
    }
    let clauses = cursor.rest();
    let nonatomic = clauses.iter().find(|token| is_word(token, "NONATOMIC"));
    let definer =
        clauses.windows(2).any(|window| is_word(&window[0], "SECURITY") && is_word(&window[1], "DEFINER"));
    let set = clauses.iter().position(|token| is_word(token, "SET"));
    if let Some(token) = nonatomic {
        if definer || set.is_some() {
            return Err(ServerError::new("0A000", "NONATOMIC cannot be used with SECURITY DEFINER or SET"));
        }
        translation.replace_one(token, "");
    }
    if let Some(at) = set {
        parameters::assignment(&mut Cursor { tokens: clauses, at: at + 1 }, translation)?;
    }
    let language = clauses.windows(2).find(|window| is_word(&window[0], "LANGUAGE")).map(|window| &window[1]);
    if !language.is_some_and(|language| is_word(language, "plpgsql")) {
        return Err(syntax_error(language));
    }
    let body = clauses.iter().find(|token| token.kind == Kind::Body).ok_or_else(|| syntax_error(None))?;
    if body.value.len() > 2 << 20 {
        return Err(ServerError::new("54000", "the source of a procedure cannot exceed 2 MB"));
    }
    let mut session = Session::new(translation.options, translation.case_sensitive);
    session.status = b'T';
    let inner = body::translate(&body.value, &session)?;
    let tag = (body.raw.len() - body.value.len()) / 2;
    translation.replace_one(body, format!("{}{inner}{}", &body.raw[..tag], &body.raw[..tag]));
    Ok(())
}

// The rest.

/// Redshift has only the mode that also blocks readers, and no `NOWAIT`.
fn lock(mut cursor: Cursor<'_, '_>) -> Checked<()> {
    cursor.eat("TABLE");
    loop {
        cursor.qualified()?;
        if !cursor.eat_operator(",") {
            return cursor.end();
        }
    }
}

/// `DEALLOCATE [PREPARE] name`; there is no `ALL`.
fn deallocate(mut cursor: Cursor<'_, '_>) -> Checked<()> {
    cursor.eat("PREPARE");
    identifiers::check_reserved(std::slice::from_ref(cursor.name()?))?;
    cursor.end()
}

fn comment(mut cursor: Cursor<'_, '_>) -> Checked<()> {
    cursor.expect("ON")?;
    let known = ["TABLE", "COLUMN", "CONSTRAINT", "DATABASE", "VIEW"];
    if known.iter().any(|word| cursor.sees(word)) { Ok(()) } else { Err(cursor.error()) }
}
