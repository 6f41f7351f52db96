//! Scripts that a formatter has changed, and views that a cluster prints in its own way: only what changes the meaning is
//! drift.

use serde_json::Value;

use super::harness::{Bench, Case, HOSTILE, ORDINARY, Run};
use redshift_emulator::{DATABASE, PASSWORD, SUPERUSER};
use redshift_lexer::{Kind, lex};

const ADMIN: (&str, &str) = (SUPERUSER, PASSWORD);

/// How a formatter changes letter case and blanks.
#[derive(Clone, Copy, Debug)]
enum Style {
    /// Lower case, with a line for each token.
    Long,
    /// Upper case, in one line.
    Wide,
}

impl Style {
    /// The same tokens in another layout, also in the bodies of functions and procedures.
    fn apply(self, sql: &str) -> String {
        let mut text = String::new();
        let mut end = 0;
        for token in lex(sql).unwrap_or_else(|error| panic!("{error}: {sql}")) {
            if token.span.start > end && !text.is_empty() {
                let is_after_comment = text.ends_with('\n');
                text.push_str(match self {
                    Self::Long => "\n\t ",
                    Self::Wide if is_after_comment => "",
                    Self::Wide => "  ",
                });
            }
            end = token.span.end;
            match (token.kind, self) {
                (Kind::Word, Self::Long) => text.push_str(&token.raw.to_ascii_lowercase()),
                (Kind::Word, Self::Wide) => text.push_str(&token.raw.to_ascii_uppercase()),
                (Kind::Comment, _) => text.extend([token.raw.trim_end(), "\n"]),
                (Kind::Body, _) => {
                    let tag = &token.raw[..(token.raw.len() - token.value.len()) / 2];
                    text.extend([tag, "\n", &self.apply(&token.value), "\n", tag]);
                }
                _ => text.push_str(token.raw),
            }
        }
        text
    }
}

/// The stages of the script of a payload: database and statements.
fn stages(payload: &str) -> Vec<(String, Vec<String>)> {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_bootshift"));
    let output = command.args(["script", "all", payload, "--format", "json"]).output().expect("the command");
    let run = Run { exit: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) };
    let script: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:#?}"));
    let list = |value: &Value| value.as_array().expect("a list").clone();
    let string = |value: &Value| value.as_str().expect("a text").to_owned();
    list(&script["stages"])
        .iter()
        .map(|stage| {
            let statements = list(&stage["statements"]);
            let statements = statements.iter().map(|statement| string(&statement["sql"]));
            (string(&stage["database"]), statements.collect())
        })
        .collect()
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("UTF-8")
}

#[test]
fn formatted_scripts_have_nothing_to_change() {
    let bench = Bench::new();
    for case in [
        ORDINARY,
        HOSTILE,
        Case { group: None, ..ORDINARY },
        Case { okta: true, ..ORDINARY },
        Case { database: DATABASE, ..ORDINARY },
    ] {
        let payload = bench.payload("payload", &case).display().to_string();
        for style in [Style::Long, Style::Wide] {
            let context = format!("{case:?}, {style:?}");
            for (database, statements) in stages(&payload) {
                let relaid: Vec<String> = statements.iter().map(|sql| style.apply(sql)).collect();
                assert_ne!(relaid, statements, "{context}");
                let relaid: Vec<&str> = relaid.iter().map(String::as_str).collect();
                bench.execute(ADMIN, &database, &relaid).unwrap_or_else(|error| panic!("{context}: {error}"));
            }
            assert_eq!(bench.run(&["status", &payload]).expect(0).status(), "enabled", "{context}");
            bench.emulator.reset_log();
            assert_eq!(bench.run(&["apply", &payload, "--yes"]).expect(0).status(), "enabled", "{context}");
            assert_eq!(bench.writes(), [""; 0], "{context}");
            bench.run(&["remove", &payload, "--yes"]).expect(0);
        }
    }
}

/// Makes the server print the view as a text, as far as the runner can see.
fn print(bench: &Bench, printed: &str) {
    bench.admin(
        ORDINARY.database,
        &format!(
            "CREATE OR REPLACE FUNCTION pg_catalog.pg_get_viewdef(oid) RETURNS text LANGUAGE sql STABLE AS \
             $printed$ SELECT CAST($view${printed}$view$ AS text) $printed$"
        ),
    );
}

/// How the emulator prints the view.
fn printed(bench: &Bench) -> String {
    let query = "SELECT pg_get_viewdef(CAST('immuta_system.user_profile' AS regclass))";
    let rows = bench.emulator.block_on(bench.emulator.admin(ORDINARY.database, query)).expect("a view");
    rows.into_iter().flatten().flatten().collect()
}

const DRIFT: &str = "Create the view user_profile: not in effect";

fn has_drift(bench: &Bench, payload: &str) -> bool {
    let run = bench.run(&["status", payload]);
    let is_drift = run.failures().iter().any(|failure| failure.contains(DRIFT));
    let expected = if is_drift { "recurringValidationError" } else { "enabled" };
    assert_eq!(run.status(), expected, "{run:#?}");
    is_drift
}

/// The print of a cluster may have another case, layout, casts, parentheses and qualifications.
#[test]
fn view_that_is_printed_differently_has_not_drifted() {
    for group in [ORDINARY.group, None] {
        let bench = Bench::new();
        let payload = bench.payload("payload", &Case { group, ..ORDINARY }).display().to_string();
        bench.run(&["apply", &payload, "--yes"]).expect(0);
        let found = printed(&bench);
        let old = found.replace("CURRENT_USER", "\"current_user\"()");
        for view in [
            found.clone(),
            found.split_whitespace().collect::<Vec<_>>().join(" "),
            found.replace(' ', "\n\t"),
            old.clone(),
            found.replace("::text", ""),
            old.replace("::text", "::character varying").replace("immuta_system.", ""),
            found.replace(" profile p", " profile AS p").replace("2147483647", "2147483647::bigint"),
            found.to_uppercase().replace("'IMMUTA.SESSION'", "'immuta.session'"),
        ] {
            print(&bench, &view);
            assert!(!has_drift(&bench, &payload), "{view}");
        }
        for view in [found.replace("CURRENT_USER", "SESSION_USER"), found.replace("WHERE", "WHERE NOT")] {
            print(&bench, &view);
            assert!(has_drift(&bench, &payload), "{view}");
        }
        // A server that does not print it gives no reason to replace it.
        print(&bench, "");
        let run = bench.run(&["status", &payload]).expect(0);
        assert_eq!(run.status(), "enabled", "{run:#?}");
        assert!(run.stdout.contains("the server does not print its definition"), "{run:#?}");
    }
}

/// Each condition of the view, and what it compares.
#[test]
fn changed_view_has_drifted() {
    const CHANGES: [(&str, &str); 14] = [
        (
            "JOIN immuta_system.impersonation_grant g ON g.grant_id = s.grant_id AND g.user_name = s.user_name",
            "",
        ),
        ("g.grant_id = s.grant_id AND ", ""),
        (" AND g.user_name = s.user_name", ""),
        ("g.grant_id = s.grant_id", "s.grant_id = s.grant_id"),
        ("s.session_word = CURRENT_SETTING('immuta.session', FALSE)\n            AND ", ""),
        ("\n            AND s.user_name = CAST(CURRENT_USER AS VARCHAR(127))", ""),
        (
            "s.user_name = CAST(CURRENT_USER AS VARCHAR(127))",
            "s.user_name = CAST(SESSION_USER AS VARCHAR(127))",
        ),
        ("'immuta.session'", "'immuta.other'"),
        ("CURRENT_SETTING('immuta.session', FALSE)", "'word'"),
        ("FALSE)", "TRUE)"),
        ("s.target_userid", "s.user_name"),
        (" JOIN ", " LEFT JOIN "),
        ("WHERE p.immuta__userid =", "WHERE p.immuta__userid <>"),
        ("LIMIT 2147483647", ""),
    ];
    let bench = Bench::new();
    let payload = bench.payload("payload", &ORDINARY).display().to_string();
    bench.run(&["apply", &payload, "--yes"]).expect(0);
    let statements = stages(&payload).into_iter().flat_map(|(_, statements)| statements);
    let view = statements.into_iter().find(|sql| sql.starts_with("CREATE VIEW")).expect("the view");
    let view = view.replacen("CREATE VIEW", "CREATE OR REPLACE VIEW", 1);
    let create = |sql: &str| bench.execute(ADMIN, ORDINARY.database, &[sql]);
    create(&view).expect("the view");
    assert!(!has_drift(&bench, &payload));
    for (before, after) in CHANGES {
        let changed = view.replacen(before, after, 1);
        assert_ne!(changed, view, "{before}");
        create(&changed).unwrap_or_else(|error| panic!("{before}: {error}"));
        assert!(has_drift(&bench, &payload), "{before} → {after}");
    }
    bench.run(&["apply", &payload, "--yes"]).expect(0);
    assert!(!has_drift(&bench, &payload));
}
