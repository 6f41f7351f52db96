//! The text of scripts: reviewed snapshots of whole scripts, and a table of edits.

use bootshift::payload::{Authentication, Impersonation, Okta, Payload, Secret, Unresolved};
use bootshift::script::{Flavor, PasswordForm, Script, ScriptError, ScriptKind, ScriptOptions, script};
use bootshift::sql::{Identifier, PasswordError, StoredPassword};
use serde_json::{Value, json};
use testkit::payload::minimal;

fn name(text: &str) -> Identifier {
    Identifier::new(text).expect("a valid identifier")
}

fn no_env(_: &str) -> Option<String> {
    None
}

fn user_password(user: &str, password: &str) -> Authentication {
    Authentication::UserPassword { username: name(user), password: Secret::new(password) }
}

fn okta(user: &str, role: &str) -> Authentication {
    Authentication::Okta(Okta {
        username: name(user),
        password: Secret::new("Okta-secret-1"),
        app_id: "0oa1".to_owned(),
        idp_host: "example.okta.com".to_owned(),
        role: role.to_owned(),
    })
}

fn payload(authentication: Authentication, group: Option<&str>) -> Payload {
    Payload {
        authentication,
        impersonation: group.map(|role| Impersonation::Enabled { role: name(role) }),
        ..minimal()
    }
}

fn user() -> Authentication {
    user_password("immuta_system_account", "Example-Passw0rd")
}

fn text(script: &Script, flavor: Flavor) -> String {
    use std::fmt::Write as _;
    script.render(flavor).iter().fold(String::new(), |mut text, file| {
        let _ = write!(text, "==> {}\n{}\n", file.name, file.text);
        text
    })
}

fn make(kind: ScriptKind, payload: &Payload, options: ScriptOptions) -> Script {
    script(kind, payload, None, &options, &no_env).expect("a script")
}

#[test]
fn plain_scripts_match_snapshots() {
    let new = ScriptOptions::default();
    let existing = ScriptOptions { existing_database: true, existing_user: true, ..new };
    for (mode, options) in [("new", new), ("existing", existing)] {
        for (impersonation, group) in [("off", None), ("on", Some("immuta_impersonation"))] {
            let payload = payload(user(), group);
            for kind in
                [ScriptKind::InitialCreate, ScriptKind::Create, ScriptKind::Delete, ScriptKind::Cleanup]
            {
                insta::assert_snapshot!(
                    format!("{}_{mode}_database_impersonation_{impersonation}", kind.name()),
                    text(&make(kind, &payload, options), Flavor::Plain)
                );
            }
        }
    }
}

#[test]
fn psql_and_data_api_scripts_match_snapshots() {
    let payload = payload(okta("immuta@example.com", "admin"), Some("immuta_impersonation"));
    let options = ScriptOptions::default();
    insta::assert_snapshot!("all_psql", text(&make(ScriptKind::All, &payload, options), Flavor::Psql));
    insta::assert_snapshot!(
        "cleanup_psql",
        text(&make(ScriptKind::Cleanup, &payload, options), Flavor::Psql)
    );
    insta::assert_snapshot!(
        "delete_data_api",
        text(&make(ScriptKind::Delete, &payload, options), Flavor::DataApi)
    );
    insta::assert_snapshot!(
        "initial_create_data_api",
        text(&make(ScriptKind::InitialCreate, &payload, options), Flavor::DataApi)
    );
}

/// Redshift folds names in SQL, but not in a connection: clients must connect to the database of
/// `CREATE DATABASE "Immuta_Up"` as `immuta_up`.
#[test]
fn clients_connect_with_folded_database_names() {
    // Only ASCII letters fold.
    for (database, initial_database, stored, initial_stored) in [
        ("Immuta_Up", "Dev", "immuta_up", "dev"),
        ("ÜNMUTA É", "IMMUTA", "Ünmuta É", "immuta"),
        ("immuta", "sales", "immuta", "sales"),
        ("A=B'\"C", "POSTGRES://X", "a=b'\"c", "postgres://x"),
    ] {
        let payload = Payload {
            database: name(database),
            initial_database: name(initial_database),
            ..payload(user(), None)
        };
        let (there, first) = (stored, initial_stored);
        for (kind, expected) in [
            (ScriptKind::InitialCreate, vec![first]),
            (ScriptKind::Create, vec![there]),
            (ScriptKind::All, vec![first, there]),
            (ScriptKind::Delete, vec![there, first]),
            // Its conditions are evaluated in initialDatabase.
            (ScriptKind::Cleanup, vec![first, there, first, first, first]),
        ] {
            let script = make(kind, &payload, ScriptOptions::default());
            let psql = text(&script, Flavor::Psql);
            let connected: Vec<String> = psql
                .lines()
                .filter(|line| line.starts_with("\\connect"))
                .map(|line| testkit::psql::connect_database(line).expect("a connection"))
                .collect();
            assert_eq!(connected, expected, "{kind:?}");

            let api: Value =
                serde_json::from_str(&script.render(Flavor::DataApi)[0].text).expect("the Data API's JSON");
            let mut named = Vec::new();
            for stage in api["stages"].as_array().expect("stages") {
                named.extend(stage.get("condition").map(|condition| condition["Database"].clone()));
                let requests = stage["requests"].as_array().expect("requests").iter();
                let mut databases: Vec<Value> =
                    requests.map(|request| request["parameters"]["Database"].clone()).collect();
                databases.dedup();
                named.append(&mut databases);
            }
            assert_eq!(named, expected, "{kind:?}");

            let json = script.to_json();
            let stages = json["stages"].as_array().expect("stages").iter();
            let databases: Vec<&Value> = stages.map(|stage| &stage["database"]).collect();
            let conditions = |stage: &&bootshift::script::Stage| stage.condition.is_none();
            let all: Vec<&str> = script.stages.iter().map(|stage| stage.database.as_str()).collect();
            assert_eq!(databases, all);
            assert!(
                script
                    .stages
                    .iter()
                    .filter(conditions)
                    .all(|stage| expected.contains(&stage.database.as_str()))
            );
        }
    }
}

/// psql treats some names as connection strings, which have their own quoting.
#[test]
fn psql_connects_to_a_database_of_any_name() {
    let table = [
        ("immuta", r#"\connect "immuta""#),
        ("Ünmuta x_1$-.@", r#"\connect "Ünmuta x_1$-.@""#),
        ("a=b", r#"\connect -reuse-previous=on "dbname='a=b'""#),
        ("postgres://a", r#"\connect -reuse-previous=on "dbname='postgres://a'""#),
        ("a\"b", r#"\connect -reuse-previous=on "dbname='a""b'""#),
        ("a'b\\c", r#"\connect -reuse-previous=on "dbname='a\'b\\c'""#),
    ];
    for (database, line) in table {
        let payload = Payload { database: name(database), ..payload(user(), None) };
        let text = text(&make(ScriptKind::Create, &payload, ScriptOptions::default()), Flavor::Psql);
        assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
    }
}

#[test]
fn json_has_the_documented_form() {
    let script = make(ScriptKind::InitialCreate, &payload(user(), None), ScriptOptions::default());
    let json = script.to_json();
    assert_eq!(json["version"], 1);
    assert_eq!(json["kind"], "initial-create");
    assert_eq!(json["stages"][0]["database"], "dev");
    assert_eq!(
        json["stages"][0]["statements"][1],
        serde_json::json!({
            "summary": "Create the system account",
            "sql": "CREATE USER \"immuta_system_account\" PASSWORD 'md52a2201bbaaaf233073012351b3edd6c4'",
            "transactional": true,
            "secret": true,
        })
    );
    let database = &json["stages"][0]["statements"][3];
    assert_eq!(database["sql"], "CREATE DATABASE \"immuta\"");
    assert_eq!(database["transactional"], false);
}

#[test]
fn all_contains_both_scripts_in_order() {
    let payload = payload(user(), Some("g"));
    let options = ScriptOptions::default();
    let all = make(ScriptKind::All, &payload, options).to_json();
    let first = make(ScriptKind::InitialCreate, &payload, options).to_json();
    let second = make(ScriptKind::Create, &payload, options).to_json();
    assert_eq!(all["stages"][0], first["stages"][0]);
    assert_eq!(all["stages"][1], second["stages"][0]);
    assert_eq!(all["stages"].as_array().map(Vec::len), Some(2));
}

#[test]
fn same_database_implies_existing_database_mode() {
    let mut payload = payload(user(), None);
    payload.database = name("DEV");
    for kind in ScriptKind::ALL.into_iter().filter(|kind| *kind != ScriptKind::Edit) {
        for stage in make(kind, &payload, ScriptOptions::default()).stages {
            for statement in stage.statements {
                assert!(!statement.sql.starts_with("CREATE DATABASE"), "{}", statement.sql);
                assert!(!statement.sql.starts_with("DROP DATABASE"), "{}", statement.sql);
            }
        }
    }
}

#[test]
fn only_statements_refused_in_transactions_are_outside_of_one() {
    let payload = payload(user(), Some("g"));
    for kind in ScriptKind::ALL.into_iter().filter(|kind| *kind != ScriptKind::Edit) {
        for stage in make(kind, &payload, ScriptOptions::default()).stages {
            let mut open = false;
            for statement in &stage.statements {
                match statement.sql.as_str() {
                    "BEGIN" => open = true,
                    "COMMIT" => open = false,
                    sql => {
                        let refused = sql.starts_with("CREATE DATABASE") || sql.starts_with("DROP DATABASE");
                        assert_eq!(statement.is_transactional(), !refused, "{sql}");
                        assert_eq!(open, !refused, "{sql}");
                    }
                }
            }
            assert!(!open, "{} ends within a transaction", stage.name);
        }
    }
}

#[test]
fn password_forms() {
    let payload = payload(user(), None);
    let create_user = |password| {
        let options = ScriptOptions { password, ..ScriptOptions::default() };
        let script = make(ScriptKind::InitialCreate, &payload, options);
        let warnings = script.warnings.len();
        (script.stages[0].statements[1].sql.clone(), warnings)
    };
    let (md5, warnings) = create_user(PasswordForm::Md5);
    assert!(md5.contains("PASSWORD 'md5") && warnings == 0, "{md5}");
    let (sha256, warnings) = create_user(PasswordForm::Sha256);
    assert!(sha256.contains("PASSWORD 'sha256|") && warnings == 1, "{sha256}");
    let (plain, warnings) = create_user(PasswordForm::Plain);
    assert!(plain.ends_with("PASSWORD 'Example-Passw0rd'") && warnings == 1, "{plain}");
    for sql in [md5, sha256] {
        assert!(!sql.contains("Passw0rd"));
    }
}

#[test]
fn okta_script_contains_no_secret() {
    let script =
        make(ScriptKind::InitialCreate, &payload(okta("okta_user", "admin"), None), ScriptOptions::default());
    let statement = &script.stages[0].statements[1];
    assert_eq!(statement.sql, "CREATE USER \"okta_user\" PASSWORD DISABLE");
    assert!(!statement.is_secret());
    assert!(script.render(Flavor::Plain).iter().all(|file| !file.secret));
}

#[test]
fn references_are_resolved_and_unset_ones_are_reported() {
    let payload = payload(user_password("u", "${REDSHIFT_PASSWORD}"), None);
    let options = ScriptOptions { password: PasswordForm::Plain, ..ScriptOptions::default() };
    let env = |name: &str| (name == "REDSHIFT_PASSWORD").then(|| "From-The-Env1".to_owned());
    let script_text = script(ScriptKind::InitialCreate, &payload, None, &options, &env).expect("a script");
    assert!(script_text.stages[0].statements[1].sql.ends_with("'From-The-Env1'"));

    let error = script(ScriptKind::InitialCreate, &payload, None, &options, &no_env).expect_err("unset");
    assert!(
        matches!(&error, ScriptError::UnresolvedSecret(e) if e.variable == "REDSHIFT_PASSWORD"),
        "{error:?}"
    );

    // A script without a password needs none.
    for kind in [ScriptKind::Create, ScriptKind::Delete, ScriptKind::Cleanup] {
        assert!(script(kind, &payload, None, &options, &no_env).is_ok(), "{kind:?}");
    }
    let existing_user = ScriptOptions { existing_user: true, ..options };
    assert!(script(ScriptKind::All, &payload, None, &existing_user, &no_env).is_ok());
}

/// An environment with one variable, `PASSWORD`.
fn set_to(value: &str) -> impl Fn(&str) -> Option<String> {
    let value = value.to_owned();
    move |name| (name == "PASSWORD").then(|| value.clone())
}

/// Protects accounts from an undefined CI secret: it is an empty variable, and its hash would lock out users with the
/// right password.
#[test]
fn variable_without_a_password_is_an_error() {
    let by_variable = payload(user_password("u", "${PASSWORD}"), None);
    let old = payload(user_password("u", "Old-Passw0rd"), None);
    let old_name = payload(user_password("v", "${PASSWORD}"), None);
    let from_okta = payload(okta("u", "admin"), None);
    for (value, reason) in [
        ("", Unresolved::Empty),
        ("\r\n", Unresolved::Blank),
        ("\u{FEFF}", Unresolved::Blank),
        ("Pass\u{FFFD}w0rd", Unresolved::NotUnicode),
        ("$(REDSHIFT_PASSWORD)", Unresolved::Placeholder),
    ] {
        for form in [PasswordForm::Md5, PasswordForm::Sha256, PasswordForm::Plain] {
            let options = ScriptOptions { password: form, ..ScriptOptions::default() };
            for (kind, old) in [
                (ScriptKind::InitialCreate, None),
                (ScriptKind::All, None),
                (ScriptKind::Edit, Some(&old)),
                (ScriptKind::Edit, Some(&old_name)),
                (ScriptKind::Edit, Some(&from_okta)),
            ] {
                let made = script(kind, &by_variable, old, &options, &set_to(value));
                let Err(ScriptError::UnresolvedSecret(error)) = made else { panic!("{kind:?}: {made:?}") };
                assert_eq!(
                    (error.variable.as_str(), error.reason),
                    ("PASSWORD", reason),
                    "{kind:?} {value:?}"
                );
            }
            // A script without a password needs none, whether unset or empty.
            let edit = |env: &dyn Fn(&str) -> Option<String>| {
                let other_group = payload(user_password("u", "${PASSWORD}"), Some("others"));
                [&by_variable, &other_group].map(|old| {
                    let made =
                        script(ScriptKind::Edit, &by_variable, Some(old), &options, env).expect("an edit");
                    (made.to_json().to_string(), made.warnings)
                })
            };
            assert_eq!(edit(&set_to(value)), edit(&no_env));
            for kind in [ScriptKind::Create, ScriptKind::Delete, ScriptKind::Cleanup] {
                assert!(script(kind, &by_variable, None, &options, &set_to(value)).is_ok(), "{kind:?}");
            }
            let kept = ScriptOptions { existing_user: true, ..options };
            for kind in [ScriptKind::InitialCreate, ScriptKind::All] {
                assert!(script(kind, &by_variable, None, &kept, &set_to(value)).is_ok(), "{kind:?}");
            }
        }
    }
}

/// The old password is unknown then, so the new one is set.
#[test]
fn unresolved_old_password_counts_as_changed() {
    let old = payload(user_password("u", "${PASSWORD}"), None);
    let new = payload(user_password("u", "New-Passw0rd"), None);
    let set = format!("ALTER USER \"u\" PASSWORD {MD5_OF_NEW_PASSWORD}");
    for value in ["", "\n", "\u{FFFD}", "${OTHER}"] {
        let made = script(ScriptKind::Edit, &new, Some(&old), &ScriptOptions::default(), &set_to(value));
        let made = made.expect("a script");
        let statements: Vec<&str> = made
            .stages
            .iter()
            .flat_map(|stage| &stage.statements)
            .map(|statement| statement.sql.as_str())
            .collect();
        assert_eq!(statements, ["BEGIN", &set, "COMMIT"], "{value:?}");
    }
}

/// Protects from a variable that includes the line break or the quotes of a file: Redshift does not check a hashed
/// password. The warning appears once, without the value, and only if the script contains the password.
#[test]
fn variable_values_are_checked_like_passwords() {
    let by_variable = payload(user_password("u", "${PASSWORD}"), None);
    let warnings = |kind, payload: &Payload, options, value: &str| {
        script(kind, payload, None, &options, &set_to(value)).expect("a script").warnings
    };
    let options = ScriptOptions::default();
    let long = "Abcdefgh1".repeat(8);
    for (value, part) in [
        ("Xyzzy7Plugh\n", "ends with a line break"),
        (" Xyzzy7Plugh", "whitespace"),
        ("Xyzzy7Plugh\u{A0}", "whitespace"),
        ("\u{FEFF}Xyzzy7Plugh", "byte order mark"),
        ("\"Xyzzy7Plugh\"", "quotes around it"),
        ("short", "fewer than 8"),
        (long.as_str(), "more than 64"),
        ("Xyzzy7\0Plugh", "control character"),
        ("Xyzzy7Plügh", "non-ASCII"),
        ("xyzzy7plugh", "upper-case"),
        ("XYZZY7PLUGH", "lower-case"),
        ("XyzzyPlugh", "digit"),
    ] {
        let found = warnings(ScriptKind::InitialCreate, &by_variable, options, value);
        let [warning] = &found[..] else { panic!("{value:?}: {found:?}") };
        assert!(warning.contains(part) && warning.contains("`PASSWORD`"), "{value:?}: {warning}");
        let lower = warning.to_ascii_lowercase();
        for piece in ["xyzzy", "plugh", "short", "abcdef"] {
            assert!(!lower.contains(piece), "{value:?}: {warning}");
        }
        assert_eq!(warnings(ScriptKind::All, &by_variable, options, value), found);
        for kind in [ScriptKind::Create, ScriptKind::Delete, ScriptKind::Cleanup] {
            assert_eq!(warnings(kind, &by_variable, options, value), [""; 0]);
        }
        let kept = ScriptOptions { existing_user: true, ..options };
        assert_eq!(warnings(ScriptKind::All, &by_variable, kept, value), [""; 0]);
        // A literal in the payload is reported by the check.
        let literal = payload(user_password("u", value), None);
        assert_eq!(warnings(ScriptKind::All, &literal, options, value), [""; 0]);
    }
    assert_eq!(warnings(ScriptKind::All, &by_variable, options, "Xyzzy7Plugh"), [""; 0]);
    let json =
        script(ScriptKind::All, &by_variable, None, &options, &set_to("short")).expect("a script").to_json();
    assert_eq!(json["warnings"].as_array().map(Vec::len), Some(1), "{json}");
}

/// Redshift treats such a text as the stored form of another password.
#[test]
fn hash_is_not_written_as_clear_text() {
    let digest = "821708135fcc42eb3afda85286dee0ed15c2c461d000291609f77eb113073ec2";
    for (value, form) in [
        ("md5153c434b4b77c89e6b94f12c5393af5b".to_owned(), StoredPassword::Md5),
        (format!("sha256|{digest}|{digest}"), StoredPassword::Sha256),
        ("sha256|Mypassword1".to_owned(), StoredPassword::Sha256OfRest),
    ] {
        let literal = payload(user_password("u", &value), None);
        let by_variable = payload(user_password("u", "${PASSWORD}"), None);
        let old = payload(user_password("u", "Old-Passw0rd"), None);
        for (payload, variable) in [(&literal, None), (&by_variable, Some("PASSWORD"))] {
            let write = |kind, form| {
                let options = ScriptOptions { password: form, ..ScriptOptions::default() };
                let old = (kind == ScriptKind::Edit).then_some(&old);
                script(kind, payload, old, &options, &set_to(&value))
            };
            for kind in [ScriptKind::InitialCreate, ScriptKind::All, ScriptKind::Edit] {
                let made = write(kind, PasswordForm::Plain);
                let Err(ScriptError::HashedPassword(error)) = made else { panic!("{kind:?}: {made:?}") };
                assert_eq!((error.variable.as_deref(), error.form), (variable, form));
                let said = format!("{error} {} {error:?}", error.help());
                assert!(
                    !said.contains("153c43") && !said.contains("821708") && !said.contains("Mypass"),
                    "{said}"
                );
                for form in [PasswordForm::Md5, PasswordForm::Sha256] {
                    let made = write(kind, form).expect("a script");
                    let named = made.warnings.iter().filter(|warning| warning.contains("`PASSWORD`")).count();
                    assert_eq!(named, usize::from(variable.is_some()), "{:?}", made.warnings);
                    assert!(!text(&made, Flavor::Plain).contains(&value), "it is hashed once more");
                }
            }
            // These contain no password.
            assert!(write(ScriptKind::Create, PasswordForm::Plain).is_ok());
        }
    }
}

#[test]
fn debug_shows_no_password_in_any_form() {
    for password in [PasswordForm::Plain, PasswordForm::Md5, PasswordForm::Sha256] {
        let options = ScriptOptions { password, ..ScriptOptions::default() };
        let shown = format!("{:?}", make(ScriptKind::All, &payload(user(), None), options));
        assert!(
            !shown.contains("Passw0rd") && !shown.contains("md5") && !shown.contains("sha256|"),
            "{shown}"
        );
    }
}

/// The statements of an edit, without `BEGIN` and `COMMIT`.
fn edit(old: &Payload, new: &Payload, options: ScriptOptions) -> Vec<String> {
    let script = script(ScriptKind::Edit, new, Some(old), &options, &no_env).expect("a script");
    let statements: Vec<_> = script.stages.iter().flat_map(|stage| &stage.statements).collect();
    if let (Some(first), Some(last)) = (statements.first(), statements.last()) {
        assert_eq!((first.sql.as_str(), last.sql.as_str()), ("BEGIN", "COMMIT"));
    }
    statements.iter().map(|s| s.sql.clone()).filter(|sql| sql != "BEGIN" && sql != "COMMIT").collect()
}

const MD5_OF_NEW_PASSWORD: &str = "'md576728866ea3ba7dcc6b944eae102e4be'";

#[test]
fn account_edits_have_expected_statements() {
    let set = format!("ALTER USER \"u\" PASSWORD {MD5_OF_NEW_PASSWORD}");
    let cases: Vec<(&str, Authentication, Authentication, Vec<&str>)> = vec![
        ("nothing", user_password("u", "Old-Passw0rd"), user_password("u", "Old-Passw0rd"), vec![]),
        ("the password", user_password("u", "Old-Passw0rd"), user_password("u", "New-Passw0rd"), vec![&set]),
        (
            "the same reference",
            user_password("u", "${REDSHIFT_PASSWORD}"),
            user_password("u", "${REDSHIFT_PASSWORD}"),
            vec![],
        ),
        (
            "an old reference that is no longer set",
            user_password("u", "${OLD_PASSWORD}"),
            user_password("u", "New-Passw0rd"),
            vec![&set],
        ),
        (
            "to okta",
            user_password("u", "Old-Passw0rd"),
            okta("u", "admin"),
            vec!["ALTER USER \"u\" PASSWORD DISABLE"],
        ),
        ("from okta", okta("u", "admin"), user_password("u", "New-Passw0rd"), vec![&set]),
        ("what okta alone knows", okta("u", "admin"), okta("u", "analyst"), vec![]),
        (
            "okta and the user",
            okta("v", "admin"),
            okta("u", "admin"),
            vec![
                "ALTER USER \"v\" RENAME TO \"u\"",
                "UPDATE immuta_system.bootstrap\nSET user_name = 'u',\n    group_name = '',\n    group_created = FALSE",
            ],
        ),
        (
            "the user, by case alone",
            user_password("U", "New-Passw0rd"),
            user_password("u", "New-Passw0rd"),
            vec![
                "ALTER USER \"U\" RENAME TO \"u\"",
                &set,
                "UPDATE immuta_system.bootstrap\nSET user_name = 'u',\n    group_name = '',\n    group_created = FALSE",
            ],
        ),
    ];
    for (what, old, new, expected) in cases {
        let statements = edit(&payload(old, None), &payload(new, None), ScriptOptions::default());
        assert_eq!(statements, expected, "{what}");
    }
}

#[test]
fn impersonation_edits_have_expected_statements() {
    let on = |group| payload(user(), Some(group));
    let off = payload(user(), None);
    let mut said_off = payload(user(), None);
    said_off.impersonation = Some(Impersonation::Disabled { role: Some("g".to_owned()) });
    let cases = [
        ("off_to_said_off", off.clone(), said_off.clone()),
        ("same_group_other_case", on("G"), on("g")),
        ("off_to_on", off.clone(), on("g")),
        ("on_to_off", on("g"), said_off),
        ("renamed", on("g"), on("h")),
        ("user_and_group", on("g"), payload(okta("other", "admin"), Some("h"))),
    ];
    for (what, old, new) in cases {
        insta::assert_snapshot!(
            format!("edit_{what}"),
            edit(&old, &new, ScriptOptions::default())
                .iter()
                .map(|sql| format!("{sql};"))
                .collect::<Vec<_>>()
                .join("\n")
        );
    }
}

#[test]
fn privileges_move_to_existing_user() {
    let options = ScriptOptions { existing_user: true, ..ScriptOptions::default() };
    let old = payload(user_password("old", "Old-Passw0rd"), Some("g"));
    let new = payload(user_password("new", "New-Passw0rd"), Some("g"));
    insta::assert_snapshot!(
        "edit_to_existing_user",
        edit(&old, &new, options).iter().map(|sql| format!("{sql};")).collect::<Vec<_>>().join("\n")
    );
    // It keeps its password.
    let changed = payload(user_password("old", "New-Passw0rd"), Some("g"));
    assert_eq!(edit(&old, &changed, options), Vec::<String>::new());
}

/// Privileges on procedures that the same edit creates or drops, or that do not exist, are not granted.
#[test]
fn procedures_are_granted_to_new_account_only_if_kept() {
    let options = ScriptOptions { existing_user: true, ..ScriptOptions::default() };
    let passes_on = |old_group, new_group| {
        let old = payload(user_password("old", "Old-Passw0rd"), old_group);
        let new = payload(user_password("new", "New-Passw0rd"), new_group);
        edit(&old, &new, options)
            .iter()
            .any(|sql| sql.starts_with("REVOKE") && sql.contains("grant_impersonation(VARCHAR) FROM \"old\""))
    };
    assert!(passes_on(Some("g"), Some("G")));
    assert!(!passes_on(None, None));
    assert!(!passes_on(Some("g"), None));
    assert!(!passes_on(None, Some("g")));
    assert!(!passes_on(Some("g"), Some("h")));
}

/// Several drivers reject a text without a statement.
#[test]
fn edit_without_change_has_no_files() {
    // The group would require a superuser if there were anything to do.
    let payload = payload(user(), Some("g"));
    let script = script(ScriptKind::Edit, &payload, Some(&payload), &ScriptOptions::default(), &no_env)
        .expect("a script");
    assert!(script.stages.is_empty());
    assert_eq!(script.warnings, Vec::<String>::new());
    for flavor in [Flavor::Plain, Flavor::Psql] {
        assert!(script.render(flavor).is_empty());
    }
    let [file] = &script.render(Flavor::DataApi)[..] else { panic!("one file") };
    let api: Value = serde_json::from_str(&file.text).expect("JSON");
    assert_eq!((&api["stages"], file.secret), (&json!([]), false));
    assert_eq!(script.to_json(), json!({ "version": 1, "kind": "edit", "warnings": [], "stages": [] }));
}

/// The warning and the statement for the password of an edit, by payloads and environment.
#[test]
fn edit_warns_if_password_change_is_undetectable() {
    #[derive(Debug, PartialEq)]
    enum Outcome {
        Nothing,
        Set,
        CannotTell,
        Unresolved,
    }
    use Outcome::{CannotTell, Nothing, Set, Unresolved};

    let env = |name: &str| match name {
        "NEW" | "SAME_AS_NEW" => Some("New-Passw0rd".to_owned()),
        "OLD" => Some("Old-Passw0rd".to_owned()),
        _ => None,
    };
    for (old, new, expected, expected_if_asked) in [
        ("Old-Passw0rd", "Old-Passw0rd", Nothing, Set),
        ("Old-Passw0rd", "New-Passw0rd", Set, Set),
        ("${NEW}", "${NEW}", CannotTell, Set),
        ("${UNSET}", "${UNSET}", CannotTell, Unresolved),
        // Two variables, or a variable and a literal, are compared by their values.
        ("${OLD}", "${NEW}", Set, Set),
        ("${SAME_AS_NEW}", "${NEW}", Nothing, Set),
        ("New-Passw0rd", "${NEW}", Nothing, Set),
        ("${NEW}", "New-Passw0rd", Nothing, Set),
        ("Old-Passw0rd", "${NEW}", Set, Set),
        // The old value is unknown, and setting the password does no harm.
        ("${UNSET}", "${NEW}", Set, Set),
        ("${UNSET}", "New-Passw0rd", Set, Set),
        ("${NEW}", "${UNSET}", Unresolved, Unresolved),
    ] {
        for (set_password, expected) in [(false, expected), (true, expected_if_asked)] {
            let options = ScriptOptions { set_password, ..ScriptOptions::default() };
            let [old_payload, new_payload] =
                [old, new].map(|password| payload(user_password("u", password), None));
            let outcome = match script(ScriptKind::Edit, &new_payload, Some(&old_payload), &options, &env) {
                Err(ScriptError::UnresolvedSecret(_)) => Unresolved,
                Err(error) => panic!("{error}"),
                Ok(script) => match (&script.warnings[..], &script.stages[..]) {
                    ([], []) => Nothing,
                    ([warning], []) => {
                        let name = new.strip_prefix('$').expect("a variable");
                        assert!(warning.contains(&format!("`${name}`")), "{warning}");
                        assert!(warning.contains("`--set-password`") && warning.contains("`setPassword`"));
                        CannotTell
                    }
                    ([], [stage]) => {
                        let [_, set, _] = &stage.statements[..] else { panic!("one statement") };
                        assert!(set.sql.starts_with("ALTER USER \"u\" PASSWORD 'md5") && set.is_secret());
                        Set
                    }
                    other => panic!("{other:?}"),
                },
            };
            assert_eq!(outcome, expected, "{old} to {new}, asked for: {set_password}");
        }
    }
}

/// If the password is set in any case, or must not be set, no warning is needed.
#[test]
fn other_edits_do_not_warn_about_password() {
    let env = |name: &str| (name == "P").then(|| "New-Passw0rd".to_owned());
    let make = |old: Authentication, new: Authentication, options: ScriptOptions| {
        let (old, new) = (payload(old, None), payload(new, None));
        script(ScriptKind::Edit, &new, Some(&old), &options, &env).expect("a script")
    };
    let passwords = |script: &Script| -> Vec<String> {
        let statements = script.stages.iter().flat_map(|stage| &stage.statements);
        statements.map(|s| s.sql.clone()).filter(|sql| sql.contains(" PASSWORD ")).collect()
    };
    let (none, asked) =
        (ScriptOptions::default(), ScriptOptions { set_password: true, ..ScriptOptions::default() });
    let existing = ScriptOptions { existing_user: true, ..none };
    let disabled = vec!["ALTER USER \"u\" PASSWORD DISABLE".to_owned()];

    let renamed = make(user_password("v", "${P}"), user_password("u", "${P}"), none);
    assert_eq!((passwords(&renamed).len(), renamed.warnings.len()), (1, 0), "the hash holds the name");
    let kept = make(user_password("u", "${P}"), user_password("u", "${P}"), existing);
    assert_eq!((passwords(&kept).len(), kept.warnings.len()), (0, 0), "an account that exists");
    let still = make(okta("u", "r"), okta("u", "r"), none);
    assert_eq!((passwords(&still).len(), still.warnings.len()), (0, 0), "an account at Okta");
    let shut = make(okta("u", "r"), okta("u", "r"), asked);
    assert_eq!((passwords(&shut), shut.warnings.len()), (disabled, 0), "what its payload asks for");
    let other = ScriptOptions { existing_user: true, ..asked };
    assert!(make(user_password("u", "${P}"), user_password("u", "${P}"), other).stages.is_empty());
}

/// Every combination of script kinds and options.
fn every_script(mut each: impl FnMut(&Script)) {
    let authentications = |user: &str| [user_password(user, "Old-Passw0rd"), okta(user, "admin")];
    let groups = [None, Some("g"), Some("h")];
    let mut options = Vec::new();
    for password in [PasswordForm::Md5, PasswordForm::Sha256, PasswordForm::Plain] {
        for flags in 0..8 {
            let [existing_database, existing_user, set_password] = [1, 2, 4].map(|bit| flags & bit != 0);
            options.push(ScriptOptions { password, existing_database, existing_user, set_password });
        }
    }
    for options in options {
        for new in
            authentications("u").into_iter().flat_map(|new| groups.map(|group| payload(new.clone(), group)))
        {
            for kind in ScriptKind::ALL.into_iter().filter(|kind| *kind != ScriptKind::Edit) {
                each(&make(kind, &new, options));
            }
            for old in ["u", "v"].into_iter().flat_map(authentications) {
                for group in groups {
                    let old = payload(old.clone(), group);
                    each(&script(ScriptKind::Edit, &new, Some(&old), &options, &no_env).expect("a script"));
                }
            }
        }
    }
}

/// Of the Data API: <https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_BatchExecuteStatement.html> has
/// the 40 statements, <https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html> the 100 KB of each. With
/// `AUTO_COMMIT` the statements after a failed check would run.
#[test]
fn scripts_are_within_data_api_limits() {
    let (mut scripts, mut largest) = (0, 0);
    every_script(|script| {
        let [file] = &script.render(Flavor::DataApi)[..] else { panic!("one file") };
        assert!(!file.text.contains("ExecutionMode") && !file.text.contains("AUTO_COMMIT"));
        let api: Value = serde_json::from_str(&file.text).expect("JSON");
        let mut sent = Vec::new();
        for request in api["stages"]
            .as_array()
            .expect("stages")
            .iter()
            .flat_map(|stage| stage["requests"].as_array().expect("requests"))
        {
            let parameters = &request["parameters"];
            let is_alone = |sql: &str| sql.starts_with("CREATE DATABASE") || sql.starts_with("DROP DATABASE");
            match request["action"].as_str().expect("an action") {
                "ExecuteStatement" => {
                    let sql = parameters["Sql"].as_str().expect("a statement");
                    assert!(is_alone(sql), "{sql} belongs into a transaction");
                    sent.push(sql.to_owned());
                }
                "BatchExecuteStatement" => {
                    let sqls = parameters["Sqls"].as_array().expect("statements");
                    assert!((1..=40).contains(&sqls.len()), "{} statements", sqls.len());
                    largest = largest.max(sqls.len());
                    for sql in sqls.iter().map(|sql| sql.as_str().expect("a statement")) {
                        assert!(!is_alone(sql), "{sql} in a transaction");
                        sent.push(sql.to_owned());
                    }
                }
                other => panic!("{other}"),
            }
        }
        // No statement is lost.
        let statements = script.stages.iter().flat_map(|stage| &stage.statements).map(|s| s.sql.clone());
        assert_eq!(sent, statements.filter(|sql| sql != "BEGIN" && sql != "COMMIT").collect::<Vec<_>>());
        scripts += 1;
    });
    assert!(scripts > 2000 && largest > 30, "{scripts} scripts, up to {largest} statements at once");

    // The longest names, of the character that takes the most space when quoted.
    let long = "\\".repeat(127);
    let payload =
        Payload { database: name(&long), ..payload(user_password(&long, &"\\".repeat(64)), Some(&long)) };
    for kind in ScriptKind::ALL.into_iter().filter(|kind| *kind != ScriptKind::Edit) {
        for statement in
            make(kind, &payload, ScriptOptions::default()).stages.iter().flat_map(|s| &s.statements)
        {
            assert!(statement.sql.len() <= 10_000, "{}: {} bytes", statement.summary(), statement.sql.len());
        }
    }
}

/// A file that is sent as one string is a transaction, in which only statements before its own `COMMIT` take effect.
#[test]
fn script_files_explain_how_to_run_and_continue() {
    every_script(|script| {
        for (file, stage) in script.render(Flavor::Plain).iter().zip(&script.stages) {
            let comments: Vec<&str> = file.text.lines().filter_map(|line| line.strip_prefix("-- ")).collect();
            let comments = comments.join(" ");
            assert!(
                comments.contains("Run the file statement by statement and stop at the first error"),
                "{comments}"
            );
            assert!(comments.contains("psql -X -v ON_ERROR_STOP=1 -f FILE"), "{comments}");
            let at = stage.statements.iter().position(|statement| !statement.is_transactional());
            let is_alone = stage.statements.len() == 1;
            assert_eq!(comments.contains("25001"), at.is_some() && !is_alone, "{}: {comments}", file.name);
            let has_taken_effect =
                comments.contains("the statements before it have taken effect: continue from here");
            assert_eq!(has_taken_effect, at.is_some_and(|at| at > 0), "{}: {comments}", file.name);
        }
    });
}

#[test]
fn edit_requires_the_old_payload() {
    let error = script(ScriptKind::Edit, &payload(user(), None), None, &ScriptOptions::default(), &no_env)
        .expect_err("no old");
    assert_eq!(error, ScriptError::OldRequired);
    assert_eq!(error.to_string(), "an edit script requires the current payload");
}

#[test]
fn script_warns_that_groups_require_superuser() {
    let warnings = |group| make(ScriptKind::All, &payload(user(), group), ScriptOptions::default()).warnings;
    assert_eq!(warnings(None), Vec::<String>::new());
    let [warning] = &warnings(Some("g"))[..] else { panic!("one warning") };
    assert!(warning.contains("superuser"), "{warning}");
}

#[test]
fn password_with_nul_is_rejected() {
    let options = ScriptOptions { password: PasswordForm::Plain, ..ScriptOptions::default() };
    let payload = payload(user_password("u", "Abcdefg1\0b"), None);
    let error = script(ScriptKind::All, &payload, None, &options, &no_env).expect_err("NUL");
    assert_eq!(error.to_string(), "Redshift would reject this password: it contains a control character");
}

/// Protects from a script that fails half-way: Redshift rejects the password in clear text, but accepts its hash.
#[test]
fn invalid_password_is_not_written_as_clear_text() {
    for (value, weakness) in [
        ("Abcdef1", PasswordError::TooShort),
        ("abcdefg1", PasswordError::NoUpperCase),
        ("Abcdefgh", PasswordError::NoDigit),
        ("Abcd@fgh1", PasswordError::Forbidden),
        ("Abcdefg1\n", PasswordError::LineBreak),
        ("\"Abcdefg1\"", PasswordError::Quoted),
        ("Äbcdefg1H", PasswordError::NotPrintableAscii),
    ] {
        let literal = payload(user_password("u", value), None);
        let by_variable = payload(user_password("u", "${PASSWORD}"), None);
        let old = payload(user_password("u", "Old-Passw0rd"), None);
        for (payload, variable) in [(&literal, None), (&by_variable, Some("PASSWORD"))] {
            let write = |kind, form| {
                let options = ScriptOptions { password: form, ..ScriptOptions::default() };
                let old = (kind == ScriptKind::Edit).then_some(&old);
                script(kind, payload, old, &options, &set_to(value))
            };
            for kind in [ScriptKind::InitialCreate, ScriptKind::All, ScriptKind::Edit] {
                let made = write(kind, PasswordForm::Plain);
                let Err(ScriptError::WeakPassword(error)) = made else { panic!("{kind:?}: {made:?}") };
                assert_eq!((error.variable.as_deref(), error.error), (variable, weakness));
                let said = format!("{error} {} {error:?}", error.help());
                assert!(!said.contains(value), "{said}");
                for form in [PasswordForm::Md5, PasswordForm::Sha256] {
                    assert!(write(kind, form).is_ok(), "{value:?}");
                }
            }
            // These contain no password.
            assert!(write(ScriptKind::Create, PasswordForm::Plain).is_ok());
        }
    }
}

#[test]
fn statements_use_only_supported_syntax() {
    // reference: the pages of CREATE USER, CREATE GROUP, CREATE DATABASE, DROP GROUP, DROP DATABASE and of
    // unsupported PostgreSQL features.
    let absent = [
        "CREATE USER IF NOT EXISTS",
        "CREATE GROUP IF NOT EXISTS",
        "CREATE DATABASE IF NOT EXISTS",
        "DROP DATABASE IF EXISTS",
        "DROP GROUP IF EXISTS",
        "DROP PROCEDURE IF EXISTS",
        "REASSIGN OWNED",
        "DROP OWNED",
        "DO $",
        "GRANT CONNECT",
        " SERIAL ",
        "CREATE INDEX",
        "PLPYTHONU",
        "NOW()",
        "CURRENT_TIMESTAMP",
        "CURRENT_SETTING",
        "SET_CONFIG",
        " E'",
    ];
    let payload = payload(user(), Some("g"));
    for kind in ScriptKind::ALL.into_iter().filter(|kind| *kind != ScriptKind::Edit) {
        for existing_database in [false, true] {
            let options = ScriptOptions { existing_database, ..ScriptOptions::default() };
            for file in make(kind, &payload, options).render(Flavor::Plain) {
                // The session variable of impersonation is the only setting.
                let upper = file.text.to_uppercase();
                let upper = upper
                    .replace("CURRENT_SETTING('IMMUTA.SESSION', FALSE)", "")
                    .replace("SET_CONFIG('IMMUTA.SESSION', ", "");
                for word in absent {
                    assert!(!upper.contains(word), "{}: {word}", file.name);
                }
            }
        }
    }
}

#[test]
fn templates_do_not_use_safe_filter() {
    fn walk(directory: &std::path::Path) {
        for entry in std::fs::read_dir(directory).expect("templates") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path);
            } else {
                let text = std::fs::read_to_string(&path).expect("a template");
                assert!(!text.replace(' ', "").contains("|safe"), "{}", path.display());
            }
        }
    }
    walk(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates"));
}
