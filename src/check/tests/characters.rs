//! Tests for suspicious characters.

use super::*;

/// The names whose characters are checked, with their pointers.
const NAMES: [(&str, &str, &str); 7] = [
    (USER_PASSWORD, "database: immuta", "/config/database"),
    (USER_PASSWORD, "initialDatabase: analytics", "/config/initialDatabase"),
    (USER_PASSWORD, "username: admin@example.com", "/config/username"),
    (OKTA, "role: immuta_impersonation", "/config/impersonation/role"),
    (OKTA, "appId: Okta", "/config/okta/appId"),
    (OKTA, "role: admin", "/config/okta/role"),
    (OKTA, "username: admin@example.com", "/config/okta/username"),
];

fn diagnostics(text: &str) -> Vec<Diagnostic> {
    let mut diagnostics = first(text, &options(Operation::Create)).diagnostics;
    diagnostics.retain(|found| found.code != Code::OktaDeprecated);
    diagnostics
}

#[track_caller]
fn single(text: &str) -> Diagnostic {
    let mut diagnostics = diagnostics(text);
    assert_eq!(diagnostics.len(), 1, "{text}\n{diagnostics:#?}");
    diagnostics.remove(0)
}

#[test]
fn message_names_the_character_and_its_position() {
    let table = [
        ("immuta\u{A0}", "\u{A0}", "U+00A0 no-break space at the end of"),
        ("\"immuta \"", " ", "U+0020 space at the end of"),
        ("\" immuta\"", " ", "U+0020 space at the beginning of"),
        ("immuta\u{200B}", "\u{200B}", "U+200B zero width space at the end of"),
        ("im\u{200B}muta", "\u{200B}", "U+200B zero width space in"),
        ("im\u{AD}muta", "\u{AD}", "U+00AD soft hyphen in"),
        ("im\u{2060}muta", "\u{2060}", "U+2060 word joiner in"),
        ("'im\u{A0}muta'", "\u{A0}", "U+00A0 no-break space in"),
        ("im\u{202F}muta", "\u{202F}", "U+202F narrow no-break space in"),
        ("immuta\u{202E}", "\u{202E}", "U+202E right-to-left override at the end of"),
        ("\u{2066}immuta", "\u{2066}", "U+2066 left-to-right isolate at the beginning of"),
        ("immuta\u{200D}", "\u{200D}", "U+200D zero width joiner at the end of"),
        ("im\u{200C}muta", "\u{200C}", "U+200C zero width non-joiner in"),
        ("im\u{2013}muta", "\u{2013}", "U+2013 en dash in"),
        ("im\u{2011}muta", "\u{2011}", "U+2011 non-breaking hyphen in"),
        ("im\u{FFFD}muta", "\u{FFFD}", "U+FFFD replacement character in"),
        ("immuta\u{3000}", "\u{3000}", "U+3000 ideographic space at the end of"),
        ("immuta\u{2003}", "\u{2003}", "U+2003 em space at the end of"),
        ("im\u{3000}muta", "\u{3000}", "U+3000 ideographic space in"),
        ("im\u{1680}muta", "\u{1680}", "U+1680 Ogham space mark in"),
        ("im\u{2800}muta", "\u{2800}", "U+2800 Braille pattern blank in"),
        ("im\u{FE0F}muta", "\u{FE0F}", "U+FE0F variation selector in"),
        ("immuta\u{E0101}", "\u{E0101}", "U+E0101 variation selector at the end of"),
        ("\u{180B}immuta", "\u{180B}", "U+180B variation selector at the beginning of"),
        ("mit \u{2764}\u{FE0F}\u{FE0F}", "\u{FE0F}", "U+FE0F variation selector at the end of"),
        ("'\"immuta'", "\"", "U+0022 quotation mark at the beginning of"),
        ("immuta`", "`", "U+0060 grave accent at the end of"),
    ];
    for (base, from, pointer) in NAMES {
        let (key, _) = from.split_once(':').expect("a key");
        for (value, character, message) in table {
            let text = with(base, from, &format!("{key}: {value}"));
            let found = single(&text);
            assert_eq!(
                (found.code, found.severity),
                (Code::SuspiciousCharacter, Severity::Warning),
                "{text}"
            );
            assert_eq!(found.pointer, pointer);
            assert!(found.message.starts_with(message), "{}", found.message);
            assert_eq!(&text[found.span.start..found.span.end], character, "{text}");
        }
    }
}

/// Every character with one of the Unicode 16 properties `Default_Ignorable_Code_Point` (except variation selectors) and
/// `White_Space` (except in ASCII).
#[test]
fn every_invisible_character_is_detected() {
    let ranges = [
        ('\u{85}', '\u{85}'),
        ('\u{A0}', '\u{A0}'),
        ('\u{AD}', '\u{AD}'),
        ('\u{34F}', '\u{34F}'),
        ('\u{61C}', '\u{61C}'),
        ('\u{115F}', '\u{1160}'),
        ('\u{1680}', '\u{1680}'),
        ('\u{17B4}', '\u{17B5}'),
        ('\u{180B}', '\u{180F}'),
        ('\u{2000}', '\u{200F}'),
        ('\u{2028}', '\u{202F}'),
        ('\u{205F}', '\u{206F}'),
        ('\u{3000}', '\u{3000}'),
        ('\u{3164}', '\u{3164}'),
        ('\u{FE00}', '\u{FE0F}'),
        ('\u{FEFF}', '\u{FEFF}'),
        ('\u{FFA0}', '\u{FFA0}'),
        ('\u{FFF0}', '\u{FFF8}'),
        ('\u{1BCA0}', '\u{1BCA3}'),
        ('\u{1D173}', '\u{1D17A}'),
        ('\u{E0000}', '\u{E0FFF}'),
    ];
    let (mut clean, mut unclean) = (0, 0);
    for c in ('\u{80}'..='\u{1FFFF}').chain('\u{E0000}'..='\u{E0FFF}') {
        let is_unseen = ranges.iter().any(|(first, last)| (*first..=*last).contains(&c));
        let cleaned = crate::check::characters::clean_name(&format!("im{c}muta"));
        if is_unseen {
            assert!(["immuta", "im muta"].contains(&cleaned.as_str()), "{c:?}");
            unclean += 1;
        } else if c.is_alphanumeric() {
            assert!(cleaned.contains(c), "{c:?}");
            clean += 1;
        }
    }
    assert!(unclean > 4000 && clean > 50_000, "{unclean} {clean}");
}

#[test]
fn quotes_around_a_name_are_suspicious_and_other_scripts_are_not() {
    let database = |value: &str| with(USER_PASSWORD, "database: immuta", &format!("database: {value}"));
    for value in ["“immuta”", "„immuta“", "‘immuta’", "«immuta»", "\"“immuta”\""] {
        let found = single(&database(value));
        assert_eq!(found.code, Code::SuspiciousCharacter, "{value}");
        assert!(found.message.ends_with(", and 1 other suspicious character"), "{}", found.message);
    }
    for value in
        ["'\"immuta\"'", "\"'immuta'\"", "'`immuta`'", "\"\\\"immuta\\\"\"", "\"''\"", "\" 'immuta'\""]
    {
        let found = single(&database(value));
        assert_eq!((found.code, found.severity), (Code::SuspiciousCharacter, Severity::Warning), "{value}");
    }
    let quoted = single(&database("'\"immuta\"'"));
    assert_eq!(quoted.help.as_deref(), Some("remove the quotes: they would be part of the name"));
    for value in [
        "immuta",
        "ümläut",
        "база",
        "中文",
        "中文\u{3000}名",
        "o’brien",
        "the users’",
        "süd – nord",
        "naïve–ü",
        "a b",
        "a  b",
        "بی\u{200C}نام",
        "क\u{200D}ष",
        "'❤️\u{200D}🔥'",
        "ｉｍｍｕｔａ",
        "'葛\u{E0100}城'",
        "\"the users'\"",
        "o'brien",
        "'o\"brien'",
        "\"'s gravenhage\"",
        "immuta-1_2",
    ] {
        assert_eq!(found(&database(value), &options(Operation::Create)), [""; 0], "{value}");
    }
}

/// If escape sequences, several lines or an alias hide the position, the whole value is reported.
#[test]
fn unknown_position_is_that_of_the_value() {
    for value in ["\"immuta\\u00a0\"", ">-\n    immuta\u{A0}", "\"immuta\n    x\u{A0}\""] {
        let text = with(USER_PASSWORD, "database: immuta", &format!("database: {value}"));
        let found = single(&text);
        assert!(text[found.span.start..].starts_with(value.lines().next().expect("a line")), "{value}");
        assert_eq!(found.fix, None, "{value}");
    }
}

#[test]
fn suspicious_character_is_an_error_if_the_value_is_unusable() {
    for (from, to, character, pointer) in [
        ("organization.aws", "organi\u{200B}zation.aws", "\u{200B}", "/config/host"),
        ("organization.aws", "\u{A0}organization.aws", "\u{A0}", "/config/host"),
        ("organization.aws", "https://organi\u{200B}zation.aws", "\u{200B}", "/config/host"),
        ("organization.aws", "organization\u{2013}x.aws", "\u{2013}", "/config/host"),
        ("organization.aws", "organization\u{FF0E}aws", "\u{FF0E}", "/config/host"),
        ("autoBootstrap: false", "autoBootstrap: false\u{A0}", "\u{A0}", "/autoBootstrap"),
        ("type: Redshift", "type: Redshift\u{200B}", "\u{200B}", "/type"),
        ("userPassword", "userPassword\u{A0}", "\u{A0}", "/config/authenticationType"),
        ("database: immuta", "database: immuta\n  port: 5439\u{A0}", "\u{A0}", "/config/port"),
    ] {
        let text = with(USER_PASSWORD, from, to);
        let found = single(&text);
        assert_eq!((found.code, found.severity), (Code::SuspiciousCharacter, Severity::Error), "{text}");
        assert_eq!((found.pointer.as_str(), &text[found.span.start..found.span.end]), (pointer, character));
        assert!(!found.help.expect("help").contains("xn--"));
    }
    // Ordinary whitespace and letters of other scripts have their own codes.
    for (to, code) in [
        ("\" organization.aws.amazon.com\"", Code::HostNotBare),
        ("organi zation.aws.amazon.com", Code::HostNotBare),
        ("örganization.aws.amazon.com", Code::InvalidFormat),
    ] {
        assert_eq!(single(&with(USER_PASSWORD, "organization.aws.amazon.com", to)).code, code, "{to}");
    }
    let control = single(&with(USER_PASSWORD, "database: immuta", "database: |\n    immuta"));
    assert_eq!(
        (control.code, control.help.as_deref()),
        (Code::IdentifierInvalid, Some("remove U+000A line feed"))
    );
}

/// A string in place of an object has the wrong type.
#[test]
fn characters_are_not_checked_where_an_object_is_expected() {
    let text = with(USER_PASSWORD, "impersonation:\n    enabled: false", "impersonation: off\u{A0}");
    assert_eq!(found(&text, &options(Operation::Create)), ["7:18 wrong-type /config/impersonation"]);
}

#[test]
fn suspicious_character_does_not_suppress_unrelated_errors() {
    let old = payload(USER_PASSWORD);
    let update = Options { old: Some(&old), ..options(Operation::Update) };
    let text = with(USER_PASSWORD, "database: immuta", "database: \"immuta \"");
    assert_eq!(
        found(&text, &update),
        ["5:13 not-editable /config/database", "5:20 suspicious-character /config/database"]
    );
    let long = "x".repeat(127);
    let text = with(USER_PASSWORD, "database: immuta", &format!("database: {long}\u{A0}"));
    let expected =
        ["5:13 identifier-too-long /config/database", "5:140 suspicious-character /config/database"];
    assert_eq!(found(&text, &options(Operation::Create)), expected);
}

/// A message about a password shows the character, but not its position.
#[test]
fn message_about_a_password_shows_only_the_character() {
    let table = [
        ("Correct4Horse\u{A0}", "U+00A0 no-break space at the end of `password`"),
        ("\"Correct4Horse \"", "U+0020 space at the end of `password`"),
        ("\"\\tCorrect4Horse\"", "U+0009 tab at the beginning of `password`"),
        ("|\n    Correct4Horse", "U+000A line feed at the end of `password`"),
        ("Corr\u{200B}ect4Horse", "U+200B zero width space in `password`"),
        (
            "“Correct4Horse”",
            "U+201C left double quotation mark at the beginning of `password`, and 1 other suspicious character",
        ),
    ];
    for (value, message) in table {
        let text = with(USER_PASSWORD, "${REDSHIFT_PASSWORD}", value);
        let diagnostics = diagnostics(&text);
        // `weak-password` would be redundant.
        let codes: Vec<Code> = diagnostics.iter().map(|found| found.code).collect();
        assert_eq!(codes, [Code::SuspiciousCharacter, Code::PlaintextSecret], "{text}");
        let found = &diagnostics[0];
        assert_eq!((found.message.as_str(), &found.fix), (message, &None));
        assert_eq!(found.span, diagnostics[1].span, "the whole value");
        assert!(!format!("{found:?}").contains("Horse") && !format!("{found:?}").contains("orr"));
    }
    let codes = |value: &str| -> Vec<Code> {
        diagnostics(&with(USER_PASSWORD, "${REDSHIFT_PASSWORD}", value))
            .iter()
            .map(|found| found.code)
            .collect()
    };
    assert_eq!(codes("\"Short1 \""), [Code::SuspiciousCharacter, Code::WeakPassword, Code::PlaintextSecret]);
    for value in ["Correct4–Horse", "Cörrect4Horse", "Correct 4Horse"] {
        assert_eq!(codes(value), [Code::WeakPassword, Code::PlaintextSecret], "{value}");
    }
}

/// Without the character, the reference would be resolved.
#[test]
fn help_for_an_invalid_reference_names_the_character() {
    for (value, expected) in [
        ("${REDSHIFT\u{200B}_PASSWORD}", "U+200B zero width space in `password`"),
        ("$\u{200B}{REDSHIFT_PASSWORD}", "U+200B zero width space in `password`"),
        ("${REDSHIFT_PASSWORD}\u{200B}", "U+200B zero width space at the end of `password`"),
        ("${REDSHIFT_PASSWORD\u{A0}}", "U+00A0 no-break space in `password`"),
        ("${REDSHIFT\u{2060}_PASSWORD:-x}", "U+2060 word joiner in `password`"),
    ] {
        let found = single(&with(USER_PASSWORD, "${REDSHIFT_PASSWORD}", value));
        assert_eq!(found.code, Code::Placeholder, "{value:?}");
        assert!(found.help.as_ref().is_some_and(|help| help.ends_with(expected)), "{found:?}");
    }
    let found = single(&with(USER_PASSWORD, "database: immuta", "database: ${IM\u{AD}MUTA}"));
    assert!(found.help.expect("help").ends_with("; U+00AD soft hyphen in `database`"));
}

#[test]
fn suggested_lower_case_name_has_no_suspicious_characters() {
    for (value, suggested) in [
        ("Immuta\u{A0}", "write `immuta`"),
        ("Im\u{200B}muta", "write `immuta`"),
        ("“Immuta”", "write `immuta`"),
        ("'\"Immuta\"'", "write `immuta`"),
        ("\"Immuta \"", "write `immuta`"),
        ("Im\u{2013}muta", "write `im-muta`"),
    ] {
        let found = diagnostics(&with(USER_PASSWORD, "database: immuta", &format!("database: {value}")));
        let folded = found.iter().find(|found| found.code == Code::FoldedIdentifier).expect("upper case");
        assert_eq!(
            (found.len(), folded.help.as_deref(), &folded.fix),
            (2, Some(suggested), &None),
            "{value}"
        );
    }
}

#[test]
fn position_is_hidden_if_the_name_is_an_alias_of_the_password() {
    let text = with(USER_PASSWORD, "database: immuta", "database: &p \"x \"");
    let text = with(&text, "${REDSHIFT_PASSWORD}", "*p");
    let found =
        diagnostics(&text).into_iter().find(|found| found.pointer == "/config/database").expect("the name");
    assert_eq!((&text[found.span.start..found.span.end], found.fix), ("\"x \"", None));
}

#[test]
fn help_for_an_unknown_key_names_the_character() {
    for (key, expected) in [
        ("host\u{A0}", "U+00A0 no-break space at the end of this key"),
        ("\u{200B}host", "U+200B zero width space at the beginning of this key"),
        ("\"host \"", "U+0020 space at the end of this key"),
        ("ho\u{AD}st", "U+00AD soft hyphen in this key"),
        (
            "“host”",
            "U+201C left double quotation mark at the beginning of this key, and 1 other suspicious character",
        ),
        (
            "\u{200B}\u{200B}\u{200B}\u{200B}host",
            "U+200B zero width space at the beginning of this key, and 3 other suspicious characters",
        ),
    ] {
        let found = single(&with(USER_PASSWORD, "host:", &format!("{key}:")));
        assert_eq!(found.code, Code::UnknownProperty, "{key}");
        assert_eq!(found.help, Some(format!("did you mean `host`? {expected}")));
    }
    // Letters that look like those of the word.
    for (key, expected) in [
        ("h\u{43E}st", "U+043E Cyrillic letter in this key"),
        ("\u{43D}ost", "U+043D Cyrillic letter at the beginning of this key"),
        ("h\u{3BF}st", "U+03BF Greek letter in this key"),
        ("\u{FF48}ost", "U+FF48 fullwidth form at the beginning of this key"),
        ("ho\u{455}t\u{A0}", "U+0455 Cyrillic letter in this key, and 1 other suspicious character"),
        ("h\u{F6}st", "U+00F6 non-ASCII character in this key"),
    ] {
        let found = single(&with(USER_PASSWORD, "host:", &format!("{key}:")));
        assert_eq!(found.code, Code::UnknownProperty, "{key}");
        assert_eq!(found.help, Some(format!("did you mean `host`? {expected}")));
        assert!(found.fix.is_some(), "{key}");
    }
    for (from, to, expected) in [
        ("type: Redshift", "type: R\u{435}dshift", "U+0435 Cyrillic letter in `type`"),
        ("userPassword", "userP\u{430}ssword", "U+0430 Cyrillic letter in `authenticationType`"),
        ("organization.aws", "organizati\u{43E}n.aws", "U+043E Cyrillic letter in `host`"),
    ] {
        let found = single(&with(USER_PASSWORD, from, to));
        assert!(found.help.as_ref().is_some_and(|help| help.ends_with(expected)), "{found:?}");
    }
    let found = single(&with(USER_PASSWORD, "config:", "config:\n  nothing\u{A0}: 1"));
    let help = found.help.expect("help");
    assert!(
        help.starts_with("expected one of ")
            && help.ends_with("; U+00A0 no-break space at the end of this key"),
        "{help}"
    );
    // A no-break space does not indent a key, so it is in the wrong place.
    let text =
        USER_PASSWORD.replace("  host", "\u{A0}\u{A0}host").replace("config:\n", "config:\n  port: 5439\n");
    assert!(
        first(&text, &options(Operation::Create)).diagnostics.iter().all(|found| found.code == Code::Syntax)
    );
    let found = single(&with(USER_PASSWORD, "type: Redshift", "type: Redshift\nsüß: 1"));
    assert_eq!(found.help.as_deref(), Some("expected one of `type`, `autoBootstrap`, `config`"));
}

/// A full-width colon does not end a key, so the password becomes part of the key.
#[test]
fn secret_after_a_full_width_colon_is_hidden() {
    let text = with(USER_PASSWORD, "password: ${REDSHIFT_PASSWORD}", "password\u{FF1A}Correct4Horse: x");
    let checked = first(&text, &options(Operation::Create));
    let visible: String = checked.visible.iter().map(|span| &text[span.start..span.end]).collect();
    assert!(!format!("{:?}{visible}", checked.diagnostics).contains("Horse"), "{:#?}", checked.diagnostics);
}

mod fixes {
    use super::*;

    fn fixed(text: &str) -> (String, usize) {
        let options = options(Operation::Create);
        super::fixed(text, &options)
    }

    #[test]
    fn invisible_characters_are_removed() {
        for (from, to) in [
            ("database: immuta", "database: immuta\u{A0}"),
            ("database: immuta", "database: \u{A0}\u{A0}immuta\u{A0}"),
            ("database: immuta", "database: im\u{200B}mu\u{AD}ta"),
            ("database: immuta", "database: im\u{FE0F}mu\u{E0041}ta"),
            ("host: organization", "host: organi\u{2060}zation"),
            ("autoBootstrap: false", "autoBootstrap: false\u{A0}"),
            ("type: Redshift", "type: Redshift\u{200B}"),
            ("  host:", "  host\u{A0}:"),
            ("  host:", "  “Host”:"),
            ("  database: immuta", "  database:\u{A0}immuta"),
            ("config:", "config:\u{200B}"),
        ] {
            assert_eq!(fixed(&with(USER_PASSWORD, from, to)), (USER_PASSWORD.to_owned(), 1), "{to:?}");
        }
        let text = with(USER_PASSWORD, "database: immuta", "database: 2024\u{A0}");
        assert_eq!(fixed(&text), (with(USER_PASSWORD, "database: immuta", "database: \"2024\""), 2));
    }

    #[test]
    fn fix_is_unsafe_if_the_character_may_be_intended() {
        for (value, after) in [
            ("\"immuta \"", Some("\"immuta\"")),
            ("im\u{A0}muta", None),
            ("'im\u{A0}muta'", Some("'im muta'")),
            ("im\u{2013}muta", Some("im-muta")),
            ("“immuta”", Some("immuta")),
            ("'\"immuta\"'", Some("'immuta'")),
            ("\"'immuta'\"", Some("\"immuta\"")),
            ("\"''\"", None),
            ("“- immuta”", None),
            ("\"immuta\\u00a0\"", None),
        ] {
            let text = with(USER_PASSWORD, "database: immuta", &format!("database: {value}"));
            assert_eq!(fixed(&text), (text.clone(), 0), "{value}");
            let found = single(&text);
            let offered = found.fix.map(|fix| {
                assert!(!fix.is_safe());
                crate::check::apply(&text, &[&fix])
            });
            let after =
                after.map(|after| with(USER_PASSWORD, "database: immuta", &format!("database: {after}")));
            assert_eq!(offered, after, "{value}");
        }
        for value in ["Correct4Horse\u{A0}", "\"Correct4Horse \""] {
            let text = with(USER_PASSWORD, "${REDSHIFT_PASSWORD}", value);
            assert_eq!(fixed(&text), (text, 0));
        }
    }
}
