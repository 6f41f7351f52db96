//! What the threat model of `bootshift::script` claims, tried out: every attack is refused by the setup as the
//! scripts make it, and succeeds where its protection has been taken away.

mod attacks {
    pub(crate) mod objects;
    pub(crate) mod table;
    pub(crate) mod target;
}
#[path = "support/payload.rs"]
mod payload;

use attacks::objects;
use attacks::table::{ATTACKS, Attack, Gain, REMAINING, Refusal};
use attacks::target::{Design, Outcome, Target, Who, add_users, removal_proof};
use bootshift::script::ScriptKind;
use redshift_emulator::{Emulator, Options};

/// Whether the attack failed in the way that the table tells.
fn is_refused(refusal: Refusal, outcome: &Outcome) -> bool {
    match (refusal, outcome) {
        (Refusal::Denied, outcome) => outcome.is_denied(),
        (Refusal::Says(text), Outcome::Refused { sqlstate, message }) => {
            sqlstate == "P0001" && message == text
        }
        (Refusal::Sees(rows), Outcome::Done(seen)) => seen == rows,
        _ => false,
    }
}

/// Whether the attack won what the table tells.
fn is_gained(gain: Gain, outcome: &Outcome) -> bool {
    match (gain, outcome) {
        (Gain::Done, outcome) => outcome.is_done(),
        (Gain::Sees(rows), Outcome::Done(seen)) => seen == rows,
        (Gain::Told(text), Outcome::Refused { message, .. }) => message.contains(text),
        _ => false,
    }
}

/// Attacks a setup made by this design.
async fn mount(emulator: &Emulator, attack: &Attack, design: Design) -> Outcome {
    let mut target = Target::build(emulator, design, attack.squatted).await;
    for (who, sql) in attack.prepared {
        target.must(*who, sql).await;
    }
    let outcome = target.attempt_all(attack.steps).await;
    // The one privilege that a weakened design gives in the whole cluster.
    target.must(Who::Superuser, "ALTER USER mallory NOCREATEUSER").await;
    outcome
}

/// The rows of the threat model, one by one: a test that cannot fail for want of its protection proves nothing.
#[tokio::test]
async fn every_attack_is_refused_as_long_as_its_protection_stands() {
    let emulator = Emulator::start(Options::default()).expect("an emulator");
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

/// The documentation says what is not closed: no less, or it would lie; no more, or it would frighten.
#[tokio::test]
async fn what_remains_is_what_is_documented() {
    let emulator = Emulator::start(Options::default()).expect("an emulator");
    add_users(&emulator).await;
    for (index, attack) in REMAINING.iter().enumerate() {
        let outcome = mount(&emulator, attack, Design::as_written(index)).await;
        assert!(is_gained(attack.gain, &outcome), "{}: {outcome:?}", attack.name);
    }
}

/// Every table is closed to everybody who is not named, for every verb, though default privileges open it to
/// `PUBLIC`: the statements that close it are all that does.
#[tokio::test]
async fn tables_are_closed_by_name() {
    let emulator = Emulator::start(Options::default()).expect("an emulator");
    add_users(&emulator).await;
    let mut as_written = Target::build(&emulator, Design::as_written(0), &[]).await;
    let mut weakened = Target::build(&emulator, objects::without_closing(Design::as_written(1)), &[]).await;
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

/// Only their owner replaces, changes, gives away or drops the objects of the scripts, and only the system account
/// adds to the schemas.
#[tokio::test]
async fn objects_belong_to_their_owner() {
    let emulator = Emulator::start(Options::default()).expect("an emulator");
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

/// A superuser who removes a incomplete setup runs no function that a user left in `public`: the proof that the
/// database holds nothing else would be the forger's.
#[tokio::test]
async fn the_proof_before_removal_asks_no_function_in_public() {
    let emulator = Emulator::start(Options::default()).expect("an emulator");
    add_users(&emulator).await;
    let found = "the database contains schemas that the setup did not create";
    // Without the first protection the function is called, and is found as what it is; without both it has its way.
    let cases = [
        (false, false, Some(found)),
        (true, false, Some("the schema public of the database is not empty")),
        (true, true, None),
    ];
    for (number, (opens_path, overlooks, said)) in cases.into_iter().enumerate() {
        let mut target =
            Target::run_scripts(&emulator, Design::half_made(number), objects::SUBSTRING_IN_PUBLIC).await;
        let mut outcome = Outcome::Done(Vec::new());
        for mut sql in removal_proof(ScriptKind::Cleanup, number) {
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
            Some(said) => assert!(is_refused(Refusal::Says(said), &outcome), "{outcome:?}"),
            None => assert!(outcome.is_done(), "{outcome:?}"),
        }
    }
}

/// Runs the proof before a removal, as it is written or without a protection.
async fn prove(target: &mut Target<'_>, statements: &[String]) -> Outcome {
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

/// A user who makes a marker first, or may write that of the setup, cannot make a superuser remove other objects.
#[tokio::test]
async fn the_proof_before_removal_believes_no_marker_that_others_may_write() {
    let emulator = Emulator::start(Options::default()).expect("an emulator");
    add_users(&emulator).await;
    let refusal = Refusal::Says(objects::DISBELIEF);
    for (number, kind) in [ScriptKind::Delete, ScriptKind::Cleanup].into_iter().enumerate() {
        let proof = |number| removal_proof(kind, number);
        let without = |number| -> Vec<String> {
            let mut proof = removal_proof(kind, number);
            for sql in &mut proof {
                *sql = sql.replace(&format!("RAISE EXCEPTION '{}';", objects::DISBELIEF), "NULL;");
            }
            proof
        };
        // Before there is a setup.
        let planted = 3 * number;
        let design = Design::half_made(planted);
        let mut target = Target::run_scripts(&emulator, design, objects::PLANTED_MARKER).await;
        let outcome = prove(&mut target, &proof(planted)).await;
        assert!(is_refused(refusal, &outcome), "{kind:?}: {outcome:?}");
        // As the owner of the schema she may put her table into the place of a superuser's.
        target.must(Who::Superuser, "ALTER TABLE immuta_system.bootstrap OWNER TO awsuser").await;
        let outcome = prove(&mut target, &proof(planted)).await;
        assert!(is_refused(refusal, &outcome), "{kind:?}: {outcome:?}");
        let outcome = prove(&mut target, &without(planted)).await;
        assert!(outcome.is_done(), "{kind:?}: {outcome:?}");
        // In one whose tables default privileges open, to her or to her group.
        for (offset, open) in objects::OPENED_MARKER.iter().enumerate() {
            let opened = planted + 1 + offset;
            let mut target = Target::run_scripts(&emulator, Design::as_written(opened), open).await;
            target.must(Who::Mallory, "UPDATE immuta_system.bootstrap SET database_created = TRUE").await;
            let outcome = prove(&mut target, &proof(opened)).await;
            assert!(is_refused(refusal, &outcome), "{kind:?}: {outcome:?}");
            let outcome = prove(&mut target, &without(opened)).await;
            assert!(outcome.is_done(), "{kind:?}: {outcome:?}");
        }
    }
}

/// A user who makes the schema of the proof first neither blocks it nor has her procedure called.
#[tokio::test]
async fn the_proof_before_removal_takes_its_name_back() {
    let emulator = Emulator::start(Options::default()).expect("an emulator");
    add_users(&emulator).await;
    for (number, kind) in [ScriptKind::Delete, ScriptKind::Cleanup].into_iter().enumerate() {
        let mut target =
            Target::run_scripts(&emulator, Design::as_written(number), objects::SQUATTED_PROOF).await;
        let proof = removal_proof(kind, number);
        let weakened: Vec<String> =
            proof.iter().filter(|sql| !sql.starts_with("DROP SCHEMA IF EXISTS")).cloned().collect();
        assert_eq!(weakened.len() + 1, proof.len(), "{kind:?}");
        let outcome = prove(&mut target, &weakened).await;
        assert!(matches!(&outcome, Outcome::Refused { sqlstate, .. } if sqlstate == "42P06"), "{outcome:?}");
        // A script that took the schema as it is would let her decide.
        let taken = weakened.iter().filter(|sql| !sql.starts_with("CREATE")).cloned().collect::<Vec<_>>();
        let outcome = prove(&mut target, &taken).await;
        assert!(outcome.is_done(), "{kind:?}: {outcome:?}");
        for (who, sql) in objects::SQUATTED_PROOF {
            target.must(*who, sql).await;
        }
        let outcome = prove(&mut target, &proof).await;
        assert!(outcome.is_done(), "{kind:?}: {outcome:?}");
        // The same check fails for another setup.
        target.must(Who::Superuser, "UPDATE immuta_system.bootstrap SET user_name = 'somebody'").await;
        for (who, sql) in objects::SQUATTED_PROOF {
            target.must(*who, sql).await;
        }
        let outcome = prove(&mut target, &proof).await;
        assert!(matches!(&outcome, Outcome::Refused { sqlstate, .. } if sqlstate == "P0001"), "{outcome:?}");
    }
}

/// The purpose of the setup still works; otherwise refusing everything would pass.
#[tokio::test]
async fn legitimate_use_works() {
    let emulator = Emulator::start(Options::default()).expect("an emulator");
    add_users(&emulator).await;
    let mut target = Target::build(&emulator, Design::as_written(0), &[]).await;
    for (who, sql, rows) in objects::LEGITIMATE_USE {
        assert_eq!(target.must(*who, sql).await, *rows, "{who:?}: {sql}");
    }
}
