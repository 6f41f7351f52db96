//! Tests of the threat model in `book/src/threat-model.md`: every attack fails on the setup that the scripts create, and
//! succeeds on a setup without the protection.

mod objects;
mod table;
mod target;

use bootshift::script::ScriptKind;
use redshift_emulator::Emulator;
use table::{ATTACKS, Attack, Gain, REMAINING, Refusal};
use target::{Design, Outcome, Target, Who, add_users, removal_check};

/// Whether the attack failed in the expected way.
fn is_refused(refusal: Refusal, outcome: &Outcome) -> bool {
    match (refusal, outcome) {
        (Refusal::Denied, outcome) => outcome.is_denied(),
        (Refusal::Raises(text), Outcome::Refused { sqlstate, message }) => {
            sqlstate == "P0001" && message == text
        }
        (Refusal::Sees(rows), Outcome::Done(seen)) => seen == rows,
        _ => false,
    }
}

/// Whether the attack gained what was expected.
fn is_gained(gain: Gain, outcome: &Outcome) -> bool {
    match (gain, outcome) {
        (Gain::Done, outcome) => outcome.is_done(),
        (Gain::Sees(rows), Outcome::Done(seen)) => seen == rows,
        (Gain::Error(text), Outcome::Refused { message, .. }) => message.contains(text),
        _ => false,
    }
}

/// Creates a setup from the design, and attacks it.
async fn mount(emulator: &Emulator, attack: &Attack, design: Design) -> Outcome {
    let mut target = Target::build(emulator, design, attack.before_scripts).await;
    for (who, sql) in attack.prepared {
        target.must(*who, sql).await;
    }
    let outcome = target.attempt_all(attack.steps).await;
    // The only privilege of a weakened design that applies to the whole cluster.
    target.must(Who::Superuser, "ALTER USER mallory NOCREATEUSER").await;
    outcome
}

/// Each attack also runs without its protection: a test that passes either way would prove nothing.
#[tokio::test]
async fn attacks_fail_with_their_protection_and_succeed_without_it() {
    let emulator = Emulator::start(crate::support::cluster::options()).expect("an emulator");
    add_users(&emulator).await;
    let mut failures = Vec::new();
    for (index, attack) in ATTACKS.iter().enumerate() {
        let outcome = mount(&emulator, attack, Design::as_written(2 * index)).await;
        if !is_refused(attack.refusal, &outcome) {
            failures.push(format!("as written: {}: {outcome:?}", attack.name));
        }
        let outcome = mount(&emulator, attack, (attack.weaken)(Design::as_written(2 * index + 1))).await;
        if !is_gained(attack.gain, &outcome) {
            failures.push(format!("weakened: {}: {outcome:?}", attack.name));
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

/// The gaps that the book documents are still gaps.
#[tokio::test]
async fn known_gaps_are_still_open() {
    let emulator = Emulator::start(crate::support::cluster::options()).expect("an emulator");
    add_users(&emulator).await;
    for (index, attack) in REMAINING.iter().enumerate() {
        let outcome = mount(&emulator, attack, Design::as_written(index)).await;
        assert!(is_gained(attack.gain, &outcome), "{}: {outcome:?}", attack.name);
    }
}

/// Only the named users can use a table, although default privileges grant everything to `PUBLIC`: only the statements
/// of the scripts prevent it.
#[tokio::test]
async fn tables_are_closed_despite_default_privileges() {
    let emulator = Emulator::start(crate::support::cluster::options()).expect("an emulator");
    add_users(&emulator).await;
    let mut as_written = Target::build(&emulator, Design::as_written(0), &[]).await;
    let mut weakened =
        Target::build(&emulator, objects::without_revoked_privileges(Design::as_written(1)), &[]).await;
    let mut attacks = 0;
    for who in [Who::Mallory, Who::Mia, Who::Account] {
        for (table, verb, sql) in objects::TABLE_ACCESS {
            let is_allowed =
                who == Who::Account && (*table == "profile" || (*table == "bootstrap" && *verb == "SELECT"));
            let outcome = as_written.attempt(who, sql).await;
            assert_eq!(outcome.is_done(), is_allowed, "{who:?}: {sql}: {outcome:?}");
            assert!(is_allowed || outcome.is_denied(), "{who:?}: {sql}: {outcome:?}");
            weakened.must(who, sql).await;
            attacks += usize::from(!is_allowed);
        }
    }
    assert_eq!(attacks, 43);
}

/// Only the owner can replace, alter, give away or drop the objects that the scripts create, and only the system account
/// can create objects in the schemas.
#[tokio::test]
async fn only_the_owner_can_change_objects() {
    let emulator = Emulator::start(crate::support::cluster::options()).expect("an emulator");
    add_users(&emulator).await;
    let mut as_written = Target::run_scripts(&emulator, Design::as_written(0), &[]).await;
    for (number, who) in [Who::Mallory, Who::Mia, Who::Account].into_iter().enumerate() {
        let design = objects::owned_by(Design::as_written(number + 1), who);
        let mut weakened = Target::run_scripts(&emulator, design, &[]).await;
        for sql in objects::CHANGES {
            let outcome = as_written.attempt(who, sql).await;
            assert!(outcome.is_denied(), "{who:?}: {sql}: {outcome:?}");
            weakened.must(who, "BEGIN").await;
            weakened.must(who, sql).await;
            weakened.must(who, "ROLLBACK").await;
        }
        for sql in objects::ADDITIONS {
            let outcome = as_written.attempt(who, sql).await;
            assert!(outcome.is_denied() || who == Who::Account, "{who:?}: {sql}: {outcome:?}");
            weakened.must(who, sql).await;
        }
    }
}

/// A superuser that removes an incomplete setup calls no function of another user in `public`, which could hide that the
/// database contains something else.
#[tokio::test]
async fn check_before_removal_calls_no_function_in_public() {
    let emulator = Emulator::start(crate::support::cluster::options()).expect("an emulator");
    add_users(&emulator).await;
    let found = "the database contains schemas that the setup did not create";
    // Without the first protection, the function is called, but the check finds it. Without both, the attack succeeds.
    let cases = [
        (false, false, Some(found)),
        (true, false, Some("the schema public of the database is not empty")),
        (true, true, None),
    ];
    for (number, (opens_path, overlooks, said)) in cases.into_iter().enumerate() {
        let mut target = Target::run_scripts(
            &emulator,
            Design::with_first_script_only(number),
            objects::SUBSTRING_IN_PUBLIC,
        )
        .await;
        let mut outcome = Outcome::Done(Vec::new());
        for mut sql in removal_check(ScriptKind::Cleanup, number) {
            if opens_path {
                sql = sql.replace(objects::SEARCH_PATH, "");
            }
            if overlooks {
                sql = sql.replace(
                    "FROM pg_catalog.pg_proc p,",
                    "FROM pg_catalog.pg_proc p, (SELECT 1 WHERE 1 = 0) nothing,",
                );
            }
            outcome = target.attempt(Who::Superuser, &sql).await;
            if !outcome.is_done() {
                break;
            }
        }
        match said {
            Some(said) => assert!(is_refused(Refusal::Raises(said), &outcome), "{outcome:?}"),
            None => assert!(outcome.is_done(), "{outcome:?}"),
        }
    }
}

/// Runs the check before a removal, until a statement is refused.
async fn run_check(target: &mut Target<'_>, statements: &[String]) -> Outcome {
    let mut outcome = Outcome::Done(Vec::new());
    for sql in statements {
        outcome = target.attempt(Who::Superuser, sql).await;
        if !outcome.is_done() {
            target.must(Who::Superuser, "ROLLBACK").await;
            break;
        }
    }
    outcome
}

/// A user that creates a marker first, or can write to the marker of the setup, cannot make a superuser drop other
/// objects.
#[tokio::test]
async fn check_before_removal_rejects_marker_writable_by_others() {
    let emulator = Emulator::start(crate::support::cluster::options()).expect("an emulator");
    add_users(&emulator).await;
    let refusal = Refusal::Raises(objects::UNTRUSTED_MARKER);
    for (number, kind) in [ScriptKind::Delete, ScriptKind::Cleanup].into_iter().enumerate() {
        let check = |number| removal_check(kind, number);
        let without = |number| -> Vec<String> {
            let mut check = removal_check(kind, number);
            for sql in &mut check {
                *sql = sql.replace(&format!("RAISE EXCEPTION '{}';", objects::UNTRUSTED_MARKER), "NULL;");
            }
            check
        };
        // Before there is a setup.
        let planted = 3 * number;
        let design = Design::with_first_script_only(planted);
        let mut target = Target::run_scripts(&emulator, design, objects::FORGED_MARKER).await;
        let outcome = run_check(&mut target, &check(planted)).await;
        assert!(is_refused(refusal, &outcome), "{kind:?}: {outcome:?}");
        // The owner of the schema can replace a table of a superuser.
        target.must(Who::Superuser, "ALTER TABLE immuta_system.bootstrap OWNER TO awsuser").await;
        let outcome = run_check(&mut target, &check(planted)).await;
        assert!(is_refused(refusal, &outcome), "{kind:?}: {outcome:?}");
        let outcome = run_check(&mut target, &without(planted)).await;
        assert!(outcome.is_done(), "{kind:?}: {outcome:?}");
        // With default privileges that give a user or a group access to the tables.
        for (offset, open) in objects::MARKER_ACCESS.iter().enumerate() {
            let opened = planted + 1 + offset;
            let mut target = Target::run_scripts(&emulator, Design::as_written(opened), open).await;
            target.must(Who::Mallory, "UPDATE immuta_system.bootstrap SET database_created = TRUE").await;
            let outcome = run_check(&mut target, &check(opened)).await;
            assert!(is_refused(refusal, &outcome), "{kind:?}: {outcome:?}");
            let outcome = run_check(&mut target, &without(opened)).await;
            assert!(outcome.is_done(), "{kind:?}: {outcome:?}");
        }
    }
}

/// A user that creates the schema of the check first does not block the removal, and procedures in it are not called.
#[tokio::test]
async fn check_before_removal_replaces_existing_schema() {
    let emulator = Emulator::start(crate::support::cluster::options()).expect("an emulator");
    add_users(&emulator).await;
    for (number, kind) in [ScriptKind::Delete, ScriptKind::Cleanup].into_iter().enumerate() {
        let mut target =
            Target::run_scripts(&emulator, Design::as_written(number), objects::EXISTING_CHECK_SCHEMA).await;
        let check = removal_check(kind, number);
        let weakened: Vec<String> =
            check.iter().filter(|sql| !sql.starts_with("DROP SCHEMA IF EXISTS")).cloned().collect();
        assert_eq!(weakened.len() + 1, check.len(), "{kind:?}");
        let outcome = run_check(&mut target, &weakened).await;
        assert!(matches!(&outcome, Outcome::Refused { sqlstate, .. } if sqlstate == "42P06"), "{outcome:?}");
        // A script that used the existing schema would call the procedure of the user.
        let taken = weakened.iter().filter(|sql| !sql.starts_with("CREATE")).cloned().collect::<Vec<_>>();
        let outcome = run_check(&mut target, &taken).await;
        assert!(outcome.is_done(), "{kind:?}: {outcome:?}");
        for (who, sql) in objects::EXISTING_CHECK_SCHEMA {
            target.must(*who, sql).await;
        }
        let outcome = run_check(&mut target, &check).await;
        assert!(outcome.is_done(), "{kind:?}: {outcome:?}");
        // The same check fails for another setup.
        target.must(Who::Superuser, "UPDATE immuta_system.bootstrap SET user_name = 'somebody'").await;
        for (who, sql) in objects::EXISTING_CHECK_SCHEMA {
            target.must(*who, sql).await;
        }
        let outcome = run_check(&mut target, &check).await;
        assert!(matches!(&outcome, Outcome::Refused { sqlstate, .. } if sqlstate == "P0001"), "{outcome:?}");
    }
}

/// The intended use still works. Otherwise, refusing everything would pass these tests.
#[tokio::test]
async fn intended_use_is_not_refused() {
    let emulator = Emulator::start(crate::support::cluster::options()).expect("an emulator");
    add_users(&emulator).await;
    let mut target = Target::build(&emulator, Design::as_written(0), &[]).await;
    for (who, sql, rows) in objects::LEGITIMATE_USE {
        assert_eq!(target.must(*who, sql).await, *rows, "{who:?}: {sql}");
    }
}
