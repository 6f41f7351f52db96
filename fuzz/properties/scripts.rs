//! Every script for any names and any password: the independent lexer of the tests finds exactly the announced
//! statements, and in them no identifier but the payload's. Three bytes that choose (kind, password form, the rest as
//! flags), then database, initial database, user, password and group, each ended by NUL.

use bootshift::payload::{Authentication, Impersonation, Okta, Payload, Secret};
use bootshift::script::{Flavor, PasswordForm, ScriptKind, ScriptOptions, script};
use bootshift::sql::Identifier;

use redshift_lexer::{Kind, lex_nested, split_statements};
use testkit::payload::minimal;

const FORMS: [PasswordForm; 3] = [PasswordForm::Md5, PasswordForm::Sha256, PasswordForm::Plain];

pub(crate) fn hold(data: &[u8]) {
    let Some(([kind, form, flags], rest)) = data.split_first_chunk() else { return };
    let Ok(rest) = str::from_utf8(rest) else { return };
    let fields: Vec<&str> = rest.splitn(5, '\0').collect();
    let [database, initial_database, user, password, group] = fields[..] else { return };
    let flag = |bit: u8| flags & (1 << bit) != 0;
    let payload = || -> Option<Payload> {
        Some(Payload {
            auto_bootstrap: flag(3),
            database: Identifier::new(database).ok()?,
            initial_database: Identifier::new(initial_database).ok()?,
            authentication: authentication(user, password, flag(0))?,
            impersonation: match group {
                "" => None,
                role => Some(Impersonation::Enabled { role: Identifier::new(role).ok()? }),
            },
            ..minimal()
        })
    };
    let Some(payload) = payload() else { return };
    let old = Payload { impersonation: None, ..payload.clone() };
    let options = ScriptOptions {
        password: FORMS[usize::from(*form) % FORMS.len()],
        existing_database: flag(1),
        existing_user: flag(2),
        set_password: flag(5),
    };
    let kind = ScriptKind::ALL[usize::from(*kind) % ScriptKind::ALL.len()];
    let (new, old) = if flag(4) { (&old, &payload) } else { (&payload, &old) };
    let Ok(script) = script(kind, new, Some(old), &options, &|_| Some("Value1horse".to_owned())) else {
        return;
    };
    for (file, stage) in script.render(Flavor::Plain).iter().zip(&script.stages) {
        let found = split_statements(&file.text).expect("the lexer reads it");
        assert_eq!(found.len(), stage.statements.len(), "{}", file.name);
        for (statement, found) in stage.statements.iter().zip(&found) {
            assert_eq!(statement.sql, file.text[found.span.clone()]);
            for token in lex_nested(&statement.sql).expect("the lexer reads it") {
                if token.kind == Kind::Identifier {
                    let known = [database, initial_database, user, group];
                    assert!(
                        known.contains(&token.value.as_str()),
                        "an identifier out of nowhere: {}",
                        token.raw
                    );
                }
            }
        }
    }
    for flavor in [Flavor::Psql, Flavor::DataApi] {
        let _ = script.render(flavor);
    }
}

fn authentication(user: &str, password: &str, is_okta: bool) -> Option<Authentication> {
    let username = Identifier::new(user).ok()?;
    let password = Secret::new(password);
    Some(if is_okta {
        Authentication::Okta(Okta {
            username,
            password,
            app_id: "a".to_owned(),
            idp_host: "example.okta.com".to_owned(),
            role: "r".to_owned(),
        })
    } else {
        Authentication::UserPassword { username, password }
    })
}
