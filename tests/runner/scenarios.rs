//! What runs lead to.

use super::double::DATABASE;
use super::harness::{Bench, Case, HOSTILE, OTHER_SECRET, TAME, assert_same};

/// Sets a case up, looks, sets it up again, and removes it.
fn round_trip(bench: &Bench, case: &Case, mode: &[&str]) {
    let context = format!("{case:?} {mode:?}");
    let before = bench.dump(DATABASE);
    let path = bench.payload("payload", case);
    let payload = path.to_str().expect("a path");
    let with = |arguments: &[&str]| bench.run(&[arguments, mode].concat());

    let plan = with(&["apply", payload, "--dry-run"]).expect(0);
    assert_eq!(plan.status(), "deleted", "{context}");
    assert_same(&bench.dump(DATABASE), &before, &format!("{context}: a dry run"));

    assert_eq!(with(&["apply", payload, "--yes"]).expect(0).status(), "enabled", "{context}");
    assert_eq!(with(&["status", payload]).expect(0).status(), "enabled", "{context}");
    let stands = bench.dump_of(case);

    bench.double.reset_log();
    assert_eq!(with(&["apply", payload, "--yes"]).expect(0).status(), "enabled", "{context}");
    assert_eq!(bench.writes(), [""; 0], "{context}: there was nothing to do");
    assert_same(&bench.dump_of(case), &stands, &context);

    assert_eq!(with(&["remove", payload, "--yes"]).expect(0).status(), "deleted", "{context}");
    assert_same(&bench.dump(DATABASE), &before, &format!("{context}: removed"));
    assert_eq!(with(&["status", payload]).expect(1).status(), "deleted", "{context}");

    bench.double.reset_log();
    assert_eq!(with(&["remove", payload, "--yes"]).expect(0).status(), "deleted", "{context}");
    assert_eq!(bench.writes(), [""; 0], "{context}: there was nothing to remove");
}

#[test]
fn what_is_set_up_stands_once_and_goes_without_a_trace() {
    let bench = Bench::new();
    for names in [TAME, HOSTILE] {
        for okta in [false, true] {
            for group in [None, names.group] {
                let case = Case { okta, group, ..names };
                round_trip(&bench, &case, &[]);
                round_trip(&bench, &Case { database: DATABASE, ..case }, &[]);
            }
        }
    }
    // A database that exists, and is not the one to connect to first.
    bench.admin(DATABASE, "CREATE DATABASE sales OWNER awsuser");
    let case = Case { database: "sales", ..TAME };
    let path = bench.payload("payload", &case);
    let payload = path.to_str().expect("a path");
    let before = bench.dump("sales");
    let refused = bench.run(&["apply", payload, "--yes"]).expect(3);
    assert!(refused.failures().join("\n").contains("`sales` is there already"), "{refused:#?}");
    bench.run(&["apply", payload, "--yes", "--existing-database"]).expect(0);
    // The marker remembers the mode.
    bench.run(&["apply", payload, "--yes"]).expect(0);
    bench.run(&["status", payload]).expect(0);
    bench.run(&["remove", payload, "--yes"]).expect(0);
    assert_same(&bench.dump("sales"), &before, "an existing database is kept");
}

/// Every pairing of authentication, account and impersonation: the change leads to what the new payload makes.
#[test]
fn a_change_leads_to_what_the_new_payload_makes() {
    let bench = Bench::new();
    let before = bench.dump(DATABASE);
    let names = HOSTILE;
    let (other_user, other_group) = ("aD\"min'É\\", "other\\\"'");
    let mut runs = 0;
    for (old_okta, old_group) in [(false, None), (false, names.group), (true, None), (true, names.group)] {
        let old = Case { okta: old_okta, group: old_group, ..names };
        for user in [names.user, other_user] {
            for okta in [false, true] {
                for group in [None, names.group, Some(other_group)] {
                    let new = Case { user, okta, group, password: OTHER_SECRET, ..names };
                    let context = format!("{old:?} to {new:?}");
                    let [old_path, new_path] = [("old", &old), ("new", &new)]
                        .map(|(name, case)| bench.payload(name, case).display().to_string());
                    bench.run(&["apply", &new_path, "--yes"]).expect(0);
                    let wanted = bench.dump_of(&new);
                    bench.run(&["remove", &new_path, "--yes"]).expect(0);

                    bench.run(&["apply", &old_path, "--yes"]).expect(0);
                    let change = ["apply", new_path.as_str(), "--old", old_path.as_str(), "--yes"];
                    bench.run(&change).expect(0);
                    assert_same(&bench.dump_of(&new), &wanted, &context);
                    assert_eq!(bench.run(&["status", &new_path]).expect(0).status(), "enabled", "{context}");

                    bench.double.reset_log();
                    bench.run(&change).expect(0);
                    assert_eq!(bench.writes(), [""; 0], "{context}: the change is in force");
                    bench.run(&["remove", &new_path, "--yes"]).expect(0);
                    assert_same(&bench.dump(DATABASE), &before, &context);
                    runs += 1;
                }
            }
        }
    }
    println!("{runs} pairings");
    assert_eq!(runs, 48);
}

/// Whatever has one of our names and is not ours is named, and stays as it is.
#[test]
fn what_is_foreign_is_named_and_left_alone() {
    for (what, sql, undo) in [
        ("the database `immuta`", "CREATE DATABASE immuta", "DROP DATABASE immuta"),
        (
            "the user `immuta_system_account`",
            "CREATE ROLE immuta_system_account LOGIN",
            "DROP ROLE immuta_system_account",
        ),
        (
            "the group `immuta_impersonation`",
            "CREATE ROLE \"group immuta_impersonation\"",
            "DROP ROLE \"group immuta_impersonation\"",
        ),
        (
            "public.bootshift_run",
            "CREATE ROLE mallory LOGIN; CREATE TABLE public.bootshift_run (a int); ALTER TABLE public.bootshift_run OWNER TO mallory",
            "DROP TABLE public.bootshift_run; DROP ROLE mallory",
        ),
    ] {
        let bench = Bench::new();
        bench.admin(DATABASE, sql);
        let before = bench.dump(DATABASE);
        let path = bench.payload("foreign", &TAME);
        let payload = path.to_str().expect("a path");
        for command in ["apply", "remove"] {
            bench.double.reset_log();
            let run = bench.run(&[command, payload, "--yes"]).expect(3);
            assert!(run.failures().join("\n").contains(what), "{what}: {run:#?}");
            assert_eq!(bench.writes(), [""; 0], "{what}");
        }
        assert_same(&bench.dump(DATABASE), &before, what);
        for sql in undo.split("; ") {
            bench.admin(DATABASE, sql);
        }
    }
    // In an existing database: schemas of our names.
    let bench = Bench::new();
    let case = Case { database: DATABASE, ..TAME };
    let path = bench.payload("foreign", &case);
    let payload = path.to_str().expect("a path");
    bench.admin(DATABASE, "CREATE SCHEMA immuta_functions");
    for command in ["apply", "remove"] {
        let run = bench.run(&[command, payload, "--yes"]).expect(3);
        assert!(run.failures().join("\n").contains("the schema `immuta_functions`"), "{run:#?}");
    }
    bench.admin(DATABASE, "DROP SCHEMA immuta_functions");
}
