//! Every script for any names and any password; the independent lexer of the tests finds exactly the announced
//! statements, and reads the names back.
#![no_main]

#[allow(dead_code)]
#[path = "../../tests/support/lexer.rs"]
mod lexer;

use arbitrary::Arbitrary;
use bootshift::payload::{Authentication, Impersonation, Okta, Payload, Secret};
use bootshift::script::{Flavor, PasswordForm, ScriptKind, ScriptOptions, script};
use bootshift::sql::Identifier;
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Names<'a> {
    database: &'a str,
    initial_database: &'a str,
    user: &'a str,
    password: &'a str,
    group: Option<&'a str>,
    okta: bool,
    kind: u8,
    form: u8,
    existing_database: bool,
    existing_user: bool,
}

fn payload(names: &Names<'_>) -> Option<Payload> {
    let name = |text: &str| Identifier::new(text).ok();
    let username = name(names.user)?;
    let password = Secret::new(names.password);
    let authentication = if names.okta {
        Authentication::Okta(Okta {
            username,
            password,
            app_id: "a".to_owned(),
            idp_host: "example.okta.com".to_owned(),
            role: "r".to_owned(),
        })
    } else {
        Authentication::UserPassword { username, password }
    };
    Some(Payload {
        auto_bootstrap: false,
        host: "cluster.example.com".to_owned(),
        port: None,
        database: name(names.database)?,
        initial_database: name(names.initial_database)?,
        authentication,
        impersonation: match names.group {
            Some(group) => Some(Impersonation::Enabled { role: name(group)? }),
            None => None,
        },
    })
}

fuzz_target!(|names: Names<'_>| {
    let Some(payload) = payload(&names) else { return };
    let forms = [PasswordForm::Md5, PasswordForm::Sha256, PasswordForm::Plain];
    let options = ScriptOptions {
        password: forms[usize::from(names.form) % forms.len()],
        existing_database: names.existing_database,
        existing_user: names.existing_user,
    };
    let kind = ScriptKind::ALL[usize::from(names.kind) % ScriptKind::ALL.len()];
    let old = Payload { impersonation: None, ..payload.clone() };
    let Ok(script) = script(kind, &payload, Some(&old), &options, &|_| Some("Value1horse".to_owned())) else {
        return;
    };
    for (file, stage) in script.render(Flavor::Plain).iter().zip(&script.stages) {
        let found = lexer::split_statements(&file.text).expect("the lexer reads it");
        assert_eq!(found.len(), stage.statements.len(), "{}", file.name);
        for (statement, found) in stage.statements.iter().zip(&found) {
            assert_eq!(statement.sql, file.text[found.span.clone()]);
            // Each identifier and literal is one of ours, or one of the payload's.
            for token in lexer::lex_nested(&statement.sql).expect("the lexer reads it") {
                if token.kind == lexer::Kind::Identifier {
                    let known = [names.database, names.initial_database, names.user, names.group.unwrap_or_default()];
                    assert!(known.contains(&token.value.as_str()), "an identifier out of nowhere: {}", token.raw);
                }
            }
        }
    }
    for flavor in [Flavor::Psql, Flavor::DataApi] {
        let _ = script.render(flavor);
    }
});
