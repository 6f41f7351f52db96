//! Scripts of every kind, with every combination of options.

use std::collections::BTreeSet;

use bootshift::payload::{Authentication, Impersonation, Okta, Payload, Secret};
use bootshift::script::{Flavor, PasswordForm, Script, ScriptKind, ScriptOptions, script};
use bootshift::sql::Identifier;
use serde_json::Value;

use super::extract::Use;
use crate::support::rows::Place;

fn name(text: &str) -> Identifier {
    Identifier::new(text).expect("a valid identifier")
}

/// Payloads with either kind of credentials, two users, and no group or one of two.
fn payloads() -> Vec<Payload> {
    let mut all = Vec::new();
    for is_okta in [false, true] {
        for (user, password) in [("first_user", "Example-Passw0rd"), ("second_user", "Other-Passw0rd")] {
            for group in [None, Some("first_group"), Some("second_group")] {
                let authentication = if is_okta {
                    Authentication::Okta(Okta {
                        username: name(user),
                        password: Secret::new(password),
                        app_id: "0oa1".to_owned(),
                        idp_host: "example.okta.com".to_owned(),
                        role: "admin".to_owned(),
                    })
                } else {
                    Authentication::UserPassword { username: name(user), password: Secret::new(password) }
                };
                all.push(Payload {
                    auto_bootstrap: false,
                    host: "cluster.example.com".to_owned(),
                    port: None,
                    database: name("immuta"),
                    initial_database: name("dev"),
                    authentication,
                    impersonation: group.map(|role| Impersonation::Enabled { role: name(role) }),
                });
            }
        }
    }
    all
}

/// Every combination of options.
fn options() -> Vec<ScriptOptions> {
    let mut all = Vec::new();
    for number in 0..8 {
        for password in [PasswordForm::Md5, PasswordForm::Sha256, PasswordForm::Plain] {
            all.push(ScriptOptions {
                password,
                existing_database: number & 1 > 0,
                existing_user: number & 2 > 0,
                set_password: number & 4 > 0,
            });
        }
    }
    all
}

/// The scripts of every kind, payload and combination of options, and the edits from every payload to every other.
pub(crate) fn all() -> Vec<Script> {
    let payloads = payloads();
    let mut all = Vec::new();
    for options in options() {
        for payload in &payloads {
            for kind in ScriptKind::ALL {
                let olds =
                    if kind == ScriptKind::Edit { &payloads[..] } else { std::slice::from_ref(payload) };
                for old in olds {
                    let written = script(kind, payload, Some(old), &options, &|_| None);
                    all.push(written.unwrap_or_else(|error| panic!("{kind:?}: {error}")));
                }
            }
        }
    }
    all
}

/// The number of statements of each batch for the Data API.
pub(crate) fn batches(script: &Script) -> Vec<usize> {
    let mut counts = Vec::new();
    for file in script.render(Flavor::DataApi) {
        let json: Value = serde_json::from_str(&file.text).expect("JSON");
        let stages = json["stages"].as_array().expect("stages");
        for request in stages.iter().flat_map(|stage| stage["requests"].as_array().expect("requests")) {
            counts.push(request["parameters"]["Sqls"].as_array().map_or(1, Vec::len));
        }
    }
    counts
}

/// The commands of psql, and the requests of the Data API with their keys.
pub(crate) fn formats(script: &Script) -> BTreeSet<Use> {
    let mut all = BTreeSet::new();
    let mut add = |text: &str| {
        all.insert((Place::Protocol, text.to_owned()));
    };
    for file in script.render(Flavor::Psql) {
        for line in file.text.lines() {
            match line.split_once('\\') {
                Some(("", command)) => {
                    let words: Vec<&str> = command.split_whitespace().collect();
                    let shown = if words[0] == "set" { words[..2].join(" ") } else { words[0].to_owned() };
                    add(&format!("\\{shown}"));
                }
                Some((before, command)) if before.starts_with("SELECT EXISTS") => {
                    add(&format!("\\{command}"));
                }
                _ => {}
            }
        }
    }
    for file in script.render(Flavor::DataApi) {
        let json: Value = serde_json::from_str(&file.text).expect("JSON");
        for stage in json["stages"].as_array().expect("stages") {
            for request in stage["requests"].as_array().expect("requests") {
                let action = request["action"].as_str().expect("an action");
                for key in request["parameters"].as_object().expect("parameters").keys() {
                    add(&format!("{action}: {key}"));
                }
            }
        }
    }
    all
}
