//! How psql reads the argument of `\connect`, from `psqlscanslash.l`, `do_connect` in `command.c` and libpq's
//! `conninfo_parse`. Shares no code with the crate.

/// The database that a `\connect` line names. What the tests have no use for is an error: single quotes, back
/// quotes and variables outside of double quotes, other parameters than `dbname`.
pub fn connect_database(line: &str) -> Result<String, String> {
    let arguments = line.strip_prefix("\\connect ").ok_or_else(|| format!("no \\connect: {line}"))?;
    match arguments_of(arguments)?.as_slice() {
        [only] if !is_connection_string(only) => Ok(only.clone()),
        [reuse, only] if reuse == "-reuse-previous=on" && is_connection_string(only) => database_of(only),
        // Without -reuse-previous a connection string would lose host, port and user.
        other => Err(format!("{} arguments, or a connection string by itself: {other:?}", other.len())),
    }
}

/// The arguments of a command of psql's: white space parts them; in `"…"` all stands for itself but `""`.
fn arguments_of(text: &str) -> Result<Vec<String>, String> {
    let mut arguments = Vec::new();
    let mut argument: Option<String> = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            ' ' | '\t' | '\r' | '\n' => arguments.extend(argument.take()),
            '"' => {
                let value = argument.get_or_insert_default();
                loop {
                    match chars.next().ok_or("an unterminated argument")? {
                        '"' if chars.peek() == Some(&'"') => {
                            chars.next();
                            value.push('"');
                        }
                        '"' => break,
                        other => value.push(other),
                    }
                }
            }
            '\'' | '`' | ':' | '\\' => return Err(format!("{c:?} outside of double quotes")),
            other => argument.get_or_insert_default().push(other),
        }
    }
    arguments.extend(argument);
    Ok(arguments)
}

/// libpq's `recognized_connection_string`.
fn is_connection_string(text: &str) -> bool {
    text.starts_with("postgresql://") || text.starts_with("postgres://") || text.contains('=')
}

/// `dbname='…'`, where a backslash stands before `'` and `\`.
fn database_of(text: &str) -> Result<String, String> {
    let mut rest = text.strip_prefix("dbname='").ok_or_else(|| format!("no `dbname='…'`: {text}"))?.chars();
    let mut value = String::new();
    loop {
        match rest.next().ok_or("an unterminated value")? {
            '\'' if rest.as_str().is_empty() => return Ok(value),
            '\'' => return Err(format!("more than a database: {:?}", rest.as_str())),
            '\\' => value.push(rest.next().ok_or("an unterminated value")?),
            other => value.push(other),
        }
    }
}

#[test]
fn connect_arguments_are_read_as_psql_reads_them() {
    let read = connect_database;
    assert_eq!(read(r#"\connect "a b""#), Ok("a b".to_owned()));
    assert_eq!(read(r#"\connect "a""b\c`:d""#), Ok(r#"a"b\c`:d"#.to_owned()));
    assert_eq!(read(r#"\connect -reuse-previous=on "dbname='a=\'\\ ""'""#), Ok(r#"a='\ ""#.to_owned()));
    for line in [
        r#"\connect "a=b""#,
        r#"\connect "postgres://a""#,
        r#"\connect "a" "b""#,
        r#"\connect "a"#,
        r"\connect a\b",
        r"\connect `a`",
        r#"\connect -reuse-previous=on "a""#,
        r#"\connect -reuse-previous=on "dbname='a' host='b'""#,
        r#"\connect -reuse-previous=on "dbname='a\'""#,
        "\\c a",
    ] {
        assert!(read(line).is_err(), "{line}");
    }
}
