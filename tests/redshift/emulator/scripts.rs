//! Runs every script, statement by statement, and compares the catalog before and after.

use bootshift::payload::{Authentication, Impersonation, Okta, Payload, Secret};
use bootshift::runner::Probes;
use bootshift::script::{Place, Script, ScriptKind, ScriptOptions, script};
use bootshift::sql::Identifier;

use super::{connect_to, rows};
use redshift_emulator::{DATABASE, Emulator, Options};
use testkit::payload::minimal;

/// The content of a payload, and the expected state.
#[derive(Clone, Copy, Debug)]
struct Case {
    names: Names,
    user: &'static str,
    okta: bool,
    group: Option<&'static str>,
}

#[derive(Clone, Copy, Debug)]
struct Names {
    database: &'static str,
    user: &'static str,
    other_user: &'static str,
    group: &'static str,
    other_group: &'static str,
}

const TAME: Names = Names {
    database: "immuta",
    user: "immuta_system_account",
    other_user: "other_account",
    group: "immuta_impersonation",
    other_group: "other_group",
};

const HOSTILE: Names = Names {
    database: "Im\"mu'ta\\'; DROP TABLE canary; --",
    user: "Ad\"min'@É\\'; -- /* $$ $a$",
    other_user: "aD\"min'@É\\",
    group: "Gr\"o'up\\'; */ $bootshift$ -- A",
    other_group: "PUBLIC\\\"'",
};

fn name(text: &str) -> Identifier {
    Identifier::new(text).expect("an identifier")
}

impl Case {
    const fn of(names: Names) -> Self {
        Self { names, user: names.user, okta: false, group: None }
    }

    fn payload(&self, is_existing: bool) -> Payload {
        let authentication = if self.okta {
            Authentication::Okta(Okta {
                username: name(self.user),
                password: Secret::new("Okta-Passw0rd"),
                app_id: "0oa1".to_owned(),
                idp_host: "example.okta.com".to_owned(),
                role: "admin".to_owned(),
            })
        } else {
            Authentication::UserPassword {
                username: name(self.user),
                password: Secret::new("Example-Passw0rd"),
            }
        };
        Payload {
            database: name(if is_existing { DATABASE } else { self.names.database }),
            initial_database: name("DEV"),
            authentication,
            impersonation: self.group.map(|group| Impersonation::Enabled { role: name(group) }),
            ..minimal()
        }
    }

    fn script(&self, kind: ScriptKind, is_existing: bool, old: Option<&Self>) -> (Script, Probes) {
        let options = ScriptOptions { existing_database: is_existing, ..ScriptOptions::default() };
        let old = old.map(|old| old.payload(is_existing));
        let payload = self.payload(is_existing);
        let script = script(kind, &payload, old.as_ref(), &options, &|_| None).expect("a script");
        (script, Probes::new(&payload).expect("queries"))
    }
}

/// Runs a script as a superuser; after each stage, checks its probes.
async fn run(emulator: &Emulator, (script, probes): &(Script, Probes), context: &str) {
    for stage in &script.stages {
        if let Some(condition) = &stage.condition {
            let client = connect_to(emulator, DATABASE).await;
            if rows(&client, condition).await.is_empty() {
                continue;
            }
        }
        let client = connect_to(emulator, &stage.database.folded()).await;
        for statement in &stage.statements {
            if let Err(error) = client.simple_query(&statement.sql).await {
                panic!("{context}, {}: {}: {error:?}", stage.name, statement.sql);
            }
        }
        for statement in &stage.statements {
            let Some(probe) = probes.of(statement).expect("a query") else { continue };
            assert_eq!(rows(&client, &probe).await.len(), 1, "{context}: {probe}");
        }
        assert!(matches!(stage.place, Place::Database | Place::InitialDatabase));
    }
}

/// Panics with the lines that differ.
fn assert_same(state: &str, wanted: &str, context: &str) {
    let only = |one: &str, other: &str| {
        one.lines()
            .filter(|line| !other.lines().any(|o| o == *line))
            .fold(String::new(), |all, line| all + "\n  " + line)
    };
    assert!(
        state == wanted,
        "{context}:\nonly found:{}\nonly wanted:{}",
        only(state, wanted),
        only(wanted, state)
    );
}

async fn state(emulator: &Emulator, is_existing: bool, case: &Case) -> String {
    let database = if is_existing { DATABASE.to_owned() } else { name(case.names.database).folded() };
    emulator.catalog_dump(&database, "immuta_system").await.expect("a dump")
}

#[tokio::test]
async fn setup_and_removal_restore_the_catalog() {
    let emulator = Emulator::start(Options::default()).expect("an emulator");
    let before = emulator.catalog_dump(DATABASE, "immuta_system").await.expect("a dump");
    let mut runs = 0;
    for names in [TAME, HOSTILE] {
        for is_existing in [false, true] {
            for okta in [false, true] {
                for group in [None, Some(names.group)] {
                    let case = Case { okta, group, ..Case::of(names) };
                    let context = format!("{case:?}, existing database: {is_existing}");
                    for removal in [ScriptKind::Delete, ScriptKind::Cleanup] {
                        run(&emulator, &case.script(ScriptKind::All, is_existing, None), &context).await;
                        let stands = emulator.catalog_dump(DATABASE, "immuta_system").await.expect("a dump");
                        assert_ne!(stands, before, "{context}");
                        run(&emulator, &case.script(removal, is_existing, None), &context).await;
                        let after = emulator.catalog_dump(DATABASE, "immuta_system").await.expect("a dump");
                        assert_same(&after, &before, &format!("{context}: {removal:?}"));
                        runs += 1;
                    }
                    // Unfinished setups, and ones that never started.
                    run(&emulator, &case.script(ScriptKind::InitialCreate, is_existing, None), &context)
                        .await;
                    for _ in 0..2 {
                        run(&emulator, &case.script(ScriptKind::Cleanup, is_existing, None), &context).await;
                        assert_same(
                            &emulator.catalog_dump(DATABASE, "immuta_system").await.expect("a dump"),
                            &before,
                            &context,
                        );
                        runs += 1;
                    }
                }
            }
        }
    }
    assert_eq!(runs, 64);
}

#[tokio::test]
async fn edit_results_in_the_setup_of_the_new_payload() {
    let emulator = Emulator::start(Options::default()).expect("an emulator");
    let before = emulator.catalog_dump(DATABASE, "immuta_system").await.expect("a dump");
    let mut runs = 0;
    // The tests of the runner also change new databases.
    for (names, is_existing) in [(HOSTILE, true)] {
        let old_cases = [false, true]
            .map(|okta| [None, Some(names.group)].map(|group| Case { okta, group, ..Case::of(names) }));
        for old in old_cases.into_iter().flatten() {
            for user in [names.user, names.other_user] {
                for okta in [false, true] {
                    for group in [None, Some(names.group), Some(names.other_group)] {
                        let new = Case { names, user, okta, group };
                        let context = format!("{old:?} to {new:?}, existing database: {is_existing}");
                        run(&emulator, &new.script(ScriptKind::All, is_existing, None), &context).await;
                        let wanted = state(&emulator, is_existing, &new).await;
                        run(&emulator, &new.script(ScriptKind::Delete, is_existing, None), &context).await;

                        run(&emulator, &old.script(ScriptKind::All, is_existing, None), &context).await;
                        run(&emulator, &new.script(ScriptKind::Edit, is_existing, Some(&old)), &context)
                            .await;
                        let found = state(&emulator, is_existing, &new).await;
                        assert_same(&found, &wanted, &context);
                        run(&emulator, &new.script(ScriptKind::Delete, is_existing, None), &context).await;
                        assert_same(
                            &emulator.catalog_dump(DATABASE, "immuta_system").await.expect("a dump"),
                            &before,
                            &context,
                        );
                        runs += 1;
                    }
                }
            }
        }
    }
    assert_eq!(runs, 48);
}
