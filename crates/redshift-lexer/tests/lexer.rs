//! Tests of the SQL lexer that other tests rely on.

use redshift_lexer::{
    Kind, Token, comments, lex, lex_nested, lex_psql, nested, split_statements, statements,
};

/// The kind and value of a token.
fn read<'t>(tokens: &'t [Token<'_>]) -> Vec<(Kind, &'t str)> {
    tokens.iter().map(|token| (token.kind, token.value.as_str())).collect()
}

/// Kind and value of every token of `text`.
fn tokens(text: &str) -> Vec<(Kind, String)> {
    let tokens = lex(text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    read(&tokens).into_iter().map(|(kind, value)| (kind, value.to_owned())).collect()
}

fn token(kind: Kind, value: &str) -> (Kind, String) {
    (kind, value.to_owned())
}

#[test]
fn literals_unescape_backslashes_and_doubled_quotes() {
    for (text, value) in [
        ("''", ""),
        ("''''", "'"),
        ("''''''", "''"),
        ("'it''s'", "it's"),
        (r"'a\'b'", "a'b"),
        (r"'a\''", "a'"),
        (r"'\\'", r"\"),
        (r"'\\'''", r"\'"),
        (r"'\n\t\b\f\r'", "\n\t\u{8}\u{c}\r"),
        (r"'\101\0601\7'", "A01\u{7}"),
        (r"'\303\251'", "é"),
        (r"'\q\x41\8'", "qx418"),
        ("'--/*$$;\"'", "--/*$$;\""),
        ("'a\nb;c'", "a\nb;c"),
        ("'\u{1F600}\u{2028}'", "\u{1F600}\u{2028}"),
    ] {
        assert_eq!(tokens(text), [token(Kind::Literal, value)], "{text}");
    }
}

#[test]
fn backslash_is_literal_in_identifiers() {
    for (text, value) in [
        ("\"a\\\"", "a\\"),
        ("\"a\"\"b\"", "a\"b"),
        ("\"a\"\"b;--\"", "a\"b;--"),
        ("\"\"\"\"", "\""),
        ("\"'\"", "'"),
        ("\"$$ /* \"", "$$ /* "),
    ] {
        assert_eq!(tokens(text), [token(Kind::Identifier, value)], "{text}");
    }
}

#[test]
fn dollar_quotes_end_at_their_own_tag() {
    let semicolon = token(Kind::Semicolon, ";");
    assert_eq!(
        tokens("$a$ x $b$ ' $$ $A$ $a$;$1"),
        [token(Kind::Body, " x $b$ ' $$ $A$ "), semicolon.clone(), token(Kind::Parameter, "$1")]
    );
    assert_eq!(
        tokens("$a$ $b$ $a$ $b$;$b$"),
        [token(Kind::Body, " $b$ "), token(Kind::Body, ";")],
        "the inner tag means nothing within"
    );
    assert_eq!(tokens("$$a$$;"), [token(Kind::Body, "a"), semicolon]);
    assert_eq!(tokens("$a$b$a$a$"), [token(Kind::Body, "b"), token(Kind::Word, "a$")]);
    assert_eq!(tokens("x$$y"), [token(Kind::Word, "x$$y")], "within a word it opens nothing");
}

#[test]
fn comments_are_skipped() {
    let text = "a -- 'b;\nc /* ; ' */ 1.5 =-- /*\n";
    assert_eq!(
        tokens(text),
        [
            token(Kind::Word, "a"),
            token(Kind::Comment, "-- 'b;"),
            token(Kind::Word, "c"),
            token(Kind::Comment, "/* ; ' */"),
            token(Kind::Number, "1.5"),
            token(Kind::Operator, "="),
            token(Kind::Comment, "-- /*"),
        ]
    );
    assert_eq!(comments(&lex(text).unwrap()), ["-- 'b;", "/* ; ' */", "-- /*"]);
}

#[test]
fn non_ascii_whitespace_is_part_of_a_word() {
    assert_eq!(tokens("a\u{a0}b \u{2028}"), [token(Kind::Word, "a\u{a0}b"), token(Kind::Word, "\u{2028}")]);
}

#[test]
fn operators_and_casts_are_single_tokens() {
    let read: Vec<String> = tokens("a:=b::c||d <> e.f(1,2)").into_iter().map(|(_, value)| value).collect();
    assert_eq!(read, ["a", ":=", "b", "::", "c", "||", "d", "<>", "e", ".", "f", "(", "1", ",", "2", ")"]);
}

#[test]
fn unsupported_syntax_is_an_error() {
    for text in [
        "'a",
        r"'a\'",
        r"'a\",
        "'a\0'",
        r"'\0'",
        r"'\400'",
        r"'\377'",
        "\"a",
        "\"\"",
        "\"a\0\"",
        "\"\"\"",
        "$a$ $b$",
        "$$",
        "$a$ \0 $a$",
        "$ 1",
        "/* a",
        "/* /* */ */",
        "E'a'",
        "e'a'",
        "B'1'",
        "N'a'",
        "U&'a'",
        "U&\"a\"",
        "'a'\n'b'",
        "\u{7}",
        "\\",
        "{",
    ] {
        assert!(lex(text).is_err(), "{text:?}: {:?}", lex(text));
    }
}

/// The attack on doubling only `'`, and the one that swallows the text after it.
#[test]
fn quoting_attacks_are_detected() {
    let attack = r"\'; DROP TABLE canary; --";
    let naive = format!("CREATE USER \"u\" PASSWORD '{}';\n", attack.replace('\'', "''"));
    assert_eq!(split_statements(&naive).unwrap().len(), 2, "it lexes: that is the trouble");
    let right =
        format!("CREATE USER \"u\" PASSWORD '{}';\n", attack.replace('\\', r"\\").replace('\'', "''"));
    let statements = split_statements(&right).unwrap();
    assert_eq!(statements.len(), 1);
    assert_eq!(statements[0].tokens.last().map(|last| last.value.as_str()), Some(attack));
    assert!(split_statements(r"SELECT 'ends in \'; DROP TABLE canary;").is_err());

    let attack = r#"u"; DROP TABLE canary; --"#;
    assert_eq!(split_statements(&format!("CREATE GROUP \"{attack}\";\n")).unwrap().len(), 2);
}

#[test]
fn statements_require_semicolons() {
    assert!(split_statements("a; b").is_err());
    assert!(split_statements("a;; b;").is_err());
    assert!(split_statements("; a;").is_err());
    assert!(split_statements("a; -- the end").unwrap().len() == 1);
    let text = "-- one;\nSELECT ';' ;\n/* two */ AS $x$ ; $x$;";
    let statements = split_statements(text).unwrap();
    let spans: Vec<&str> = statements.iter().map(|statement| &text[statement.span.clone()]).collect();
    assert_eq!(spans, ["SELECT ';'", "AS $x$ ; $x$"]);
}

#[test]
fn nested_bodies_are_parsed() {
    let tokens = lex_nested("AS $f$ SELECT 'x' $g$ \"y\" $g$; $f$").unwrap();
    assert_eq!(
        read(&tokens),
        [
            (Kind::Word, "AS"),
            (Kind::BodyStart, ""),
            (Kind::Word, "SELECT"),
            (Kind::Literal, "x"),
            (Kind::BodyStart, ""),
            (Kind::Identifier, "y"),
            (Kind::BodyEnd, ""),
            (Kind::Semicolon, ";"),
            (Kind::BodyEnd, ""),
        ]
    );
    assert!(lex_nested("$f$ ' $f$").is_err());
    assert_eq!(nested(&lex("a").unwrap()), lex("a"));
}

#[test]
fn psql_commands_and_variables_are_parsed() {
    let tokens = lex_psql("\\connect \"a;b'\"\nSELECT ':x', a::b \\gset\nc := 1;").unwrap();
    assert_eq!(read(&tokens)[..2], [(Kind::Command, "\\connect \"a;b'\""), (Kind::Word, "SELECT")]);
    assert_eq!(tokens.iter().filter(|token| token.kind == Kind::Command).count(), 2);
    assert_eq!(statements(&tokens).unwrap().len(), 1);
    for text in [":a", ":'a'", ":\"a\"", "x = :a"] {
        assert!(lex_psql(text).is_err(), "{text}");
        assert!(lex(text).is_ok(), "{text}");
    }
}

#[test]
fn spans_refer_to_raw_text() {
    let text = "SELECT 'é' , \"ü\" -- ö\n;";
    for token in lex(text).unwrap() {
        assert_eq!(&text[token.span.clone()], token.raw);
    }
}
