//! Properties of the core that hold for any payload whatever.
//!
//! The safety of the SQL is shown by comparison: the script of a payload with hostile names must have the same
//! tokens as that of a payload with plain ones, and where a plain name stood, exactly the hostile one. So no
//! name changes the structure of the text, and each one is read back as it was written.

#[path = "support/lexer.rs"]
mod lexer;

use bootshift::check::{Body, Options, check};
use bootshift::operation::Operation;
use bootshift::payload::Payload;
use bootshift::script::{Flavor, PasswordForm, Script, ScriptKind, ScriptOptions, script};
use lexer::{Token, lex, statements, unfolded};
use md5::{Digest as _, Md5};
use proptest::prelude::*;
use serde_json::{Value, json};
use sha2::Sha256;

/// The parts of a payload that a script is made from.
#[derive(Clone, Debug)]
struct Names {
    database: String,
    initial_database: String,
    user: String,
    group: String,
    password: String,
}

/// What has the same shape in the plain payload and in the hostile one.
#[derive(Clone, Copy, Debug)]
struct Shape {
    okta: bool,
    impersonation: bool,
    same_database: bool,
}

impl Names {
    fn plain(tag: &str) -> Self {
        Self {
            database: "plain_database".to_owned(),
            initial_database: "plain_initial".to_owned(),
            user: format!("plain_user_{tag}"),
            group: format!("plain_group_{tag}"),
            password: format!("Plain0Password{tag}"),
        }
    }

    fn json(&self, shape: Shape) -> Value {
        let initial = if shape.same_database { &self.database } else { &self.initial_database };
        let mut config = json!({
            "host": "cluster.example.com",
            "database": self.database,
            "initialDatabase": initial,
            "impersonation": { "enabled": shape.impersonation },
        });
        if shape.impersonation {
            config["impersonation"]["role"] = json!(self.group);
        }
        if shape.okta {
            config["authenticationType"] = json!("okta");
            config["okta"] = json!({
                "username": self.user, "password": self.password,
                "appId": "a", "idpHost": "example.okta.com", "role": "r",
            });
        } else {
            config["authenticationType"] = json!("userPassword");
            config["username"] = json!(self.user);
            config["password"] = json!(self.password);
        }
        json!({ "type": "Redshift", "autoBootstrap": false, "config": config })
    }

    /// The payload, by way of text and check; `None` if the check refuses it.
    fn payload(&self, shape: Shape) -> Option<Payload> {
        let text = self.json(shape).to_string();
        let options = Options { operation: Some(Operation::Create), ..Options::default() };
        match check(&text, &options).pop()?.body? {
            Body::Payload(payload) => Some(payload),
            _ => None,
        }
    }
}

/// What a token of the plain script must have become in the hostile one.
fn expected(token: &Token, plain: &[&Names], hostile: &[&Names], form: PasswordForm) -> Token {
    for (plain, hostile) in plain.iter().zip(hostile) {
        let delimited_as_written = format!("\"{}\"", hostile.group.replace('"', "\"\""));
        match token {
            Token::Identifier(name) => {
                for (old, new) in [
                    (&plain.database, &hostile.database),
                    (&plain.initial_database, &hostile.initial_database),
                    (&plain.user, &hostile.user),
                    (&plain.group, &hostile.group),
                ] {
                    if name == old {
                        return Token::Identifier(new.clone());
                    }
                }
            }
            Token::Literal(value) => {
                if *value == plain.user {
                    return Token::Literal(hostile.user.clone());
                }
                for (old, new) in [(&plain.database, &hostile.database), (&plain.group, &hostile.group)] {
                    if value == old {
                        return Token::Literal(new.to_ascii_lowercase());
                    }
                }
                if *value == format!("\"{}\"", plain.group) {
                    return Token::Literal(delimited_as_written);
                }
                if *value == password(plain, form, None) {
                    return Token::Literal(password(hostile, form, None));
                }
            }
            _ => {}
        }
    }
    token.clone()
}

/// The password as the script must hold it, computed here anew. `salt` is the one that the script chose.
fn password(names: &Names, form: PasswordForm, salt: Option<&str>) -> String {
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    match form {
        PasswordForm::Plain => names.password.clone(),
        PasswordForm::Md5 => {
            format!("md5{}", hex(&Md5::digest(format!("{}{}", names.password, names.user).as_bytes())))
        }
        PasswordForm::Sha256 => {
            let Some(salt) = salt else { return "sha256".to_owned() };
            let mut hasher = Sha256::new();
            hasher.update(names.password.as_bytes());
            hasher.update(
                (0..salt.len())
                    .step_by(2)
                    .map(|at| u8::from_str_radix(&salt[at..at + 2], 16).expect("hex"))
                    .collect::<Vec<_>>(),
            );
            format!("sha256|{}|{salt}", hex(&hasher.finalize()))
        }
    }
}

/// Checks sha256 literals against the password, and takes what is different in each of them away.
fn settle_sha256(tokens: &mut [Token], names: &[&Names]) -> Result<(), String> {
    for token in tokens {
        if let Token::Literal(value) = token
            && value.starts_with("sha256|")
            && value.len() == "sha256||".len() + 128
        {
            let salt = value.rsplit('|').next().unwrap_or_default();
            if salt.len() != 64
                || !names.iter().any(|n| *value == password(n, PasswordForm::Sha256, Some(salt)))
            {
                return Err(format!("{value} is no hash of the password"));
            }
            *value = "sha256".to_owned();
        }
    }
    Ok(())
}

/// The oracle: nothing but names differs between the two texts, and each is read back exactly.
fn same_but_for_names(
    plain_text: &str,
    hostile_text: &str,
    plain: &[&Names],
    hostile: &[&Names],
    form: PasswordForm,
) -> Result<(), String> {
    let mut plain_tokens = unfolded(&lex(plain_text)?)?;
    let mut hostile_tokens = unfolded(&lex(hostile_text)?)?;
    if form == PasswordForm::Sha256 {
        settle_sha256(&mut plain_tokens, plain)?;
        settle_sha256(&mut hostile_tokens, hostile)?;
    }
    if plain_tokens.len() != hostile_tokens.len() {
        return Err(format!("{} tokens became {}", plain_tokens.len(), hostile_tokens.len()));
    }
    for (before, after) in plain_tokens.iter().zip(&hostile_tokens) {
        let wanted = expected(before, plain, hostile, form);
        if *after != wanted {
            return Err(format!("{before:?} became {after:?}, not {wanted:?}"));
        }
    }
    Ok(())
}

/// The text of each stage holds exactly its statements.
fn announces_its_statements(script: &Script) -> Result<(), String> {
    let files = script.render(Flavor::Plain);
    for (stage, file) in script.stages.iter().zip(&files) {
        let found = statements(&lex(&file.text)?)?;
        let announced = stage
            .statements
            .iter()
            .map(|statement| Ok(statements(&lex(&format!("{}\n;", statement.sql))?)?.concat()))
            .collect::<Result<Vec<_>, String>>()?;
        if found != announced {
            return Err(format!(
                "{}: {} statements found, {} announced",
                file.name,
                found.len(),
                announced.len()
            ));
        }
    }
    Ok(())
}

/// What `\connect` connects to, as psql reads its argument.
fn connected(line: &str) -> Option<String> {
    let (is_conninfo, argument) = match line.strip_prefix("\\connect -reuse-previous=on ") {
        Some(argument) => (true, argument),
        None => (false, line.strip_prefix("\\connect ")?),
    };
    let argument = argument.strip_prefix('"')?.strip_suffix('"')?.replace("\"\"", "\"");
    if !is_conninfo {
        // psql would take these for a connection string.
        assert!(!argument.contains('=') && !argument.contains("://"), "{argument}");
        return Some(argument);
    }
    let mut value = String::new();
    let mut chars = argument.strip_prefix("dbname='")?.chars();
    loop {
        match chars.next()? {
            '\\' => value.push(chars.next()?),
            '\'' => break,
            c => value.push(c),
        }
    }
    chars.next().is_none().then_some(value)
}

fn hostile_fragment() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-zA-Z0-9_ ]{1,6}",
        4 => prop::sample::select(vec![
            "'", "''", "\"", "\"\"", "\\", "\\\\", "\\'", "\\\"", "$", "$$", "$bootshift$", "$bootshift1$", "--", "/*",
            "*/", ";", "'; DROP TABLE canary; --", "\"; DROP TABLE canary; --", "$1", ":x", "%", "`", "{{ x }}", "{% x %}",
            "|safe", "=", "postgres://h/d", "\u{1F600}", "\u{2028}", "\u{301}", "É", "ß", "\u{A0}", "\u{FEFF}", "E'", "md5",
            "sha256|", "NULL", "{}", "<REDACTED", "immuta_system",
        ]).prop_map(str::to_owned),
        1 => any::<char>().prop_filter("control", |c| !c.is_control()).prop_map(String::from),
    ]
}

fn hostile_name() -> impl Strategy<Value = String> {
    prop::collection::vec(hostile_fragment(), 1..6)
        .prop_map(|parts| parts.concat())
        .prop_filter("127 bytes", |name| (1..=127).contains(&name.len()))
}

fn hostile_password() -> impl Strategy<Value = String> {
    prop_oneof![
        hostile_name(),
        prop::collection::vec(
            prop_oneof![hostile_fragment(), Just("\n\\connect x\n".to_owned()), Just("\r\t\u{1}".to_owned())],
            1..12
        )
        .prop_map(|parts| parts.concat()),
    ]
    .prop_filter("a reference", |text| !text.starts_with("${"))
}

fn hostile_names() -> impl Strategy<Value = Names> {
    (hostile_name(), hostile_name(), hostile_name(), hostile_name(), hostile_password()).prop_map(
        |(database, initial_database, user, group, password)| Names {
            database,
            initial_database,
            user,
            group,
            password,
        },
    )
}

fn shape() -> impl Strategy<Value = Shape> {
    (any::<bool>(), any::<bool>(), prop::bool::weighted(0.2))
        .prop_map(|(okta, impersonation, same_database)| Shape { okta, impersonation, same_database })
}

fn options() -> impl Strategy<Value = ScriptOptions> {
    (
        prop::sample::select(vec![PasswordForm::Md5, PasswordForm::Sha256, PasswordForm::Plain]),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(password, existing_database, existing_user)| ScriptOptions {
            password,
            existing_database,
            existing_user,
        })
}

fn write(
    kind: ScriptKind,
    names: [&Names; 2],
    shapes: [Shape; 2],
    options: &ScriptOptions,
) -> Option<Script> {
    let new = names[0].payload(shapes[0])?;
    let old = names[1].payload(shapes[1])?;
    Some(script(kind, &new, Some(&old), options, &|_| None).expect("a valid payload has a script"))
}

fn distinct(new: &Names, old: &Names) -> bool {
    let folded = |text: &str| text.to_ascii_lowercase();
    let names = [&new.database, &new.initial_database, &new.group, &old.group];
    let unlike = |a: &&String, b: &&String| folded(a) != folded(b);
    names.iter().enumerate().all(|(i, a)| names[i + 1..].iter().all(|b| unlike(a, b)))
        && new.user != old.user
        && new.password != old.password
}

fn cases(default: u32) -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(default);
    ProptestConfig {
        cases,
        max_global_rejects: cases * 16,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases(384))]

    #[test]
    fn names_never_change_the_structure_of_a_script(
        new in hostile_names(),
        mut old in hostile_names(),
        new_shape in shape(),
        old_shape in shape(),
        options in options(),
    ) {
        // An edit stays in its database.
        old.database.clone_from(&new.database);
        old.initial_database.clone_from(&new.initial_database);
        prop_assume!(distinct(&new, &old));
        let old_shape = Shape { same_database: new_shape.same_database, ..old_shape };
        let (plain_new, plain_old) = (Names::plain("new"), Names::plain("old"));
        for kind in ScriptKind::ALL {
            let shapes = [new_shape, old_shape];
            let hostile = write(kind, [&new, &old], shapes, &options);
            prop_assume!(hostile.is_some());
            let hostile = hostile.unwrap();
            let plain = write(kind, [&plain_new, &plain_old], shapes, &options).expect("plain names are valid");

            prop_assert_eq!(announces_its_statements(&hostile), Ok(()), "{:?}", kind);

            let (plain_files, hostile_files) = (plain.render(Flavor::Plain), hostile.render(Flavor::Plain));
            prop_assert_eq!(plain_files.len(), hostile_files.len());
            for (plain, hostile) in plain_files.iter().zip(&hostile_files) {
                prop_assert_eq!(&plain.name, &hostile.name);
                prop_assert_eq!(
                    same_but_for_names(
                        &plain.text, &hostile.text, &[&plain_new, &plain_old], &[&new, &old], options.password,
                    ),
                    Ok(()),
                    "{:?}", kind
                );
            }

            // The other forms hold the same statements.
            let announced: Vec<&str> =
                hostile.stages.iter().flat_map(|stage| &stage.statements).map(|s| s.sql.as_str()).collect();
            let data_api: Value = serde_json::from_str(&hostile.render(Flavor::DataApi)[0].text).expect("JSON");
            let mut sent = Vec::new();
            for request in data_api["stages"].as_array().into_iter().flatten().flat_map(|s| s["requests"].as_array().unwrap()) {
                let parameters = &request["parameters"];
                match parameters["Sqls"].as_array() {
                    Some(batch) => sent.extend(batch.iter().map(|sql| sql.as_str().unwrap())),
                    None => sent.push(parameters["Sql"].as_str().unwrap()),
                }
            }
            let without_control: Vec<&str> =
                announced.iter().copied().filter(|sql| !matches!(*sql, "BEGIN" | "COMMIT")).collect();
            prop_assert_eq!(sent, without_control);

            // Lines of a clear-text password may look like psql's own.
            if options.password != PasswordForm::Plain && !hostile.stages.is_empty() {
                let psql = &hostile.render(Flavor::Psql)[0].text;
                let sql: String = psql
                    .lines()
                    .filter(|line| !line.starts_with('\\') && !line.ends_with("\\gset"))
                    .flat_map(|line| [line, "\n"])
                    .collect();
                let found = statements(&lex(&sql).unwrap()).unwrap();
                prop_assert_eq!(found.len(), announced.len());
                let mut connections = psql.lines().filter_map(connected);
                for stage in &hostile.stages {
                    if stage.condition.is_some() {
                        let asked_in = connections.next();
                        prop_assert!(
                            asked_in == Some(new.initial_database.clone()) || asked_in == Some(new.database.clone())
                        );
                    }
                    let connected_to = connections.next();
                    prop_assert_eq!(connected_to.as_deref(), Some(stage.database.as_str()));
                }
                prop_assert_eq!(connections.next(), None);
            }
        }
    }

    #[test]
    fn the_same_payload_gives_the_same_bytes(names in hostile_names(), shape in shape(), options in options()) {
        for kind in [ScriptKind::All, ScriptKind::Delete, ScriptKind::Cleanup] {
            let Some(first) = write(kind, [&names, &names], [shape, shape], &options) else { continue };
            let second = write(kind, [&names, &names], [shape, shape], &options).unwrap();
            for flavor in [Flavor::Plain, Flavor::Psql, Flavor::DataApi] {
                let texts = |script: &Script| script.render(flavor).into_iter().map(|f| f.text).collect::<Vec<_>>();
                prop_assert_eq!(texts(&first), texts(&second));
            }
        }
        if let Some(edit) = write(ScriptKind::Edit, [&names, &names], [shape, shape], &options) {
            prop_assert!(edit.stages.is_empty(), "a payload against itself changes nothing");
        }
    }

    #[test]
    fn the_oracle_rejects_naive_quoting(names in hostile_names(), kind in prop::sample::select(vec![
        ScriptKind::InitialCreate, ScriptKind::Create, ScriptKind::Delete, ScriptKind::Cleanup,
    ])) {
        let shape = Shape { okta: false, impersonation: true, same_database: false };
        let options = ScriptOptions { password: PasswordForm::Plain, ..ScriptOptions::default() };
        prop_assume!(distinct(&names, &Names::plain("old")));
        let Some(hostile) = write(kind, [&names, &names], [shape, shape], &options) else {
            return Err(TestCaseError::reject("invalid"));
        };
        let plain_names = Names::plain("new");
        let plain = write(kind, [&plain_names, &plain_names], [shape, shape], &options).expect("valid");
        let text = |script: &Script| script.render(Flavor::Plain).into_iter().map(|f| f.text).collect::<String>();
        let judge = |text_of_hostile: &str| same_but_for_names(
            &text(&plain), text_of_hostile, &[&plain_names], &[&names], PasswordForm::Plain,
        );
        let right = text(&hostile);
        prop_assert_eq!(judge(&right), Ok(()));

        for value in [&names.user, &names.password, &names.database.to_ascii_lowercase(), &names.group.to_ascii_lowercase()] {
            let doubled = value.replace('\'', "''");
            let literal = format!("'{}'", doubled.replace('\\', "\\\\"));
            let quotes_alone = right.replace(&literal, &format!("'{doubled}'"));
            if quotes_alone != right {
                prop_assert!(judge(&quotes_alone).is_err(), "backslashes left single in {value:?}");
            }
        }
        for value in [&names.user, &names.database, &names.group] {
            let identifier = format!("\"{}\"", value.replace('"', "\"\""));
            let bare = right.replace(&identifier, &format!("\"{value}\""));
            if bare != right {
                prop_assert!(judge(&bare).is_err(), "double quotes left single in {value:?}");
            }
        }
        if kind == ScriptKind::Create && names.group.to_ascii_lowercase().contains("$bootshift$") {
            let fixed_tag = right.replace("$bootshift1$", "$bootshift$").replace("$bootshift2$", "$bootshift$");
            if fixed_tag != right {
                prop_assert!(judge(&fixed_tag).is_err(), "a tag that the body holds");
            }
        }
    }

    #[test]
    fn any_text_is_checked_without_panic(text in hostile_document(), operation in prop::option::of(
        prop::sample::select(Operation::ALL.to_vec())
    )) {
        for checked in check(&text, &Options { operation, ..Options::default() }) {
            prop_assert_eq!(checked.body.is_some(), checked.is_valid());
            for diagnostic in &checked.diagnostics {
                prop_assert!(text.get(diagnostic.span.start..diagnostic.span.end).is_some());
                prop_assert!(!diagnostic.message.contains('\n'));
            }
            for pair in checked.visible.windows(2) {
                prop_assert!(pair[0].end <= pair[1].start);
            }
        }
    }
}

/// Text near to payloads: pieces of JSON and YAML, and mutations of a whole payload.
fn hostile_document() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec![
            "type: Redshift\n", "autoBootstrap: false\n", "config:\n", "  host: a.b\n", "  okta: {", "}", "[", "]", "{", ",",
            ":", ": ", "- ", "&a ", "*a", "<<: *a\n", "---\n", "...\n", "\"", "'", "|\n", ">-\n", "#", "!!int ", "? ", "\t",
            "\r\n", "\u{FEFF}", "\"config\":", "\"password\":\"x\"", "null", "true", "1e999", ".inf", "0x1F", "\\u0000",
            "\\ud800", "password: ${X}\n", "  impersonation: {enabled: true}\n", "authenticationType: okta\n", "status: x\n",
            "statusCode: 409\n", "validationResults: {}\n", "port: 0\n",
        ]).prop_map(str::to_owned),
        1 => hostile_fragment(),
    ];
    let soup = prop::collection::vec(piece, 0..24).prop_map(|parts| parts.concat());
    let mutated = (
        hostile_names(),
        shape(),
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
        hostile_fragment(),
    )
        .prop_map(|(names, shape, from, length, insert)| {
            let text = serde_json::to_string_pretty(&names.json(shape)).expect("JSON");
            let chars: Vec<char> = text.chars().collect();
            let from = from.index(chars.len());
            let to = from + length.index((chars.len() - from).min(40) + 1);
            chars[..from]
                .iter()
                .chain(insert.chars().collect::<Vec<_>>().iter())
                .chain(&chars[to..])
                .collect::<String>()
        });
    prop_oneof![soup, mutated]
}
