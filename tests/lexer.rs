//! The witness must be right before it can be called.

#[path = "support/lexer.rs"]
mod lexer;

use lexer::Token::{Body, Comment, Identifier, Literal, Number, Parameter, Semicolon, Symbol, Word};
use lexer::{Token, lex, statements, unfolded};

fn word(text: &str) -> Token {
    Word(text.to_owned())
}

fn literal(text: &str) -> Token {
    Literal(text.to_owned())
}

#[test]
fn literals_read_backslashes_and_doubled_quotes() {
    for (text, value) in [
        ("''", ""),
        ("'it''s'", "it's"),
        (r"'a\'b'", "a'b"),
        (r"'\\'", r"\"),
        (r"'\n\t\b\f\r'", "\n\t\u{8}\u{c}\r"),
        (r"'\101\0601'", "A01"),
        (r"'\q'", "q"),
        ("''''", "'"),
        ("'--'", "--"),
        ("'a\nb;c'", "a\nb;c"),
    ] {
        assert_eq!(lex(text), Ok(vec![literal(value)]), "{text}");
    }
}

#[test]
fn identifiers_know_no_backslash() {
    assert_eq!(lex(r#""a\""#), Ok(vec![Identifier(r"a\".to_owned())]));
    assert_eq!(lex(r#""a""b;--""#), Ok(vec![Identifier(r#"a"b;--"#.to_owned())]));
}

#[test]
fn dollar_quotes_end_at_their_own_tag() {
    assert_eq!(
        lex("$a$ x $b$ ' $$ $a$;$1"),
        Ok(vec![Body(" x $b$ ' $$ ".to_owned()), Semicolon, Parameter("$1".to_owned())])
    );
    assert_eq!(lex("$$a$$"), Ok(vec![Body("a".to_owned())]));
}

#[test]
fn comments_hide_everything_to_their_end() {
    assert_eq!(
        lex("a -- 'b;\nc /* ; ' */ 1.5"),
        Ok(vec![
            word("a"),
            Comment("-- 'b;".to_owned()),
            word("c"),
            Comment("/* ; ' */".to_owned()),
            Number("1.5".to_owned())
        ])
    );
}

#[test]
fn what_redshift_cannot_read_is_an_error() {
    for text in
        ["'a", r"'a\'", "\"a", "\"\"", "$a$ $b$", "/* a", "/* /* */ */", "E'a'", "U&\"a\" \0", "$ 1", "'a\0'"]
    {
        assert!(lex(text).is_err(), "{text:?}");
    }
}

#[test]
fn the_attack_on_naive_quoting_is_seen() {
    let attack = r"\'; DROP TABLE canary; --";
    let naive = format!("SELECT '{}';\n", attack.replace('\'', "''"));
    assert_ne!(lex(&naive), Ok(vec![word("SELECT"), literal(attack), Semicolon]));
    assert_eq!(statements(&lex(&naive).expect("it lexes: that is the trouble")).map(|s| s.len()), Ok(2));
    let right = format!("SELECT '{}';\n", attack.replace('\\', r"\\").replace('\'', "''"));
    assert_eq!(lex(&right), Ok(vec![word("SELECT"), literal(attack), Semicolon]));
}

#[test]
fn statements_need_their_semicolons_and_bodies_unfold() {
    assert!(statements(&lex("a; b").expect("tokens")).is_err());
    assert!(statements(&lex("a;; b;").expect("tokens")).is_err());
    let tokens = lex("AS $f$ SELECT 'x'; $f$").expect("tokens");
    assert_eq!(unfolded(&tokens), Ok(vec![word("AS"), word("SELECT"), literal("x"), Semicolon]));
    assert_eq!(lex("a=b"), Ok(vec![word("a"), Symbol('='), word("b")]));
}
