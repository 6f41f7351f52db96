//! Objects that a run would drop although the setup did not create them: they are listed in the plan, or block the run.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::harness::{Bench, Case, HOSTILE, ORDINARY, Run, SECRET, assert_same};
use redshift_emulator::{DATABASE, Fault, PASSWORD, SUPERUSER, What};

const ADMIN: (&str, &str) = (SUPERUSER, PASSWORD);

/// The objects in the plan that are also dropped.
fn also_dropped(run: &Run) -> Option<Value> {
    let events = run.stdout.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let plan = events.into_iter().find(|event| event["event"] == "plan").expect("a plan");
    plan.get("alsoDropped").cloned()
}

/// The statements in the messages of a failed run, in order.
fn advice(run: &Run) -> Vec<String> {
    let failures = run.failures();
    let named = failures.iter().filter_map(|failure| {
        let (statement, _) = failure.split_once("run `")?.1.split_once('`')?;
        Some(statement.to_owned())
    });
    named.collect()
}

/// Every object in a database that is dropped is listed.
#[test]
fn removal_lists_objects_dropped_with_the_database() {
    let bench = Bench::new();
    for case in [ORDINARY, HOSTILE, Case { group: None, ..ORDINARY }] {
        let database = case.database.to_ascii_lowercase();
        let path = bench.payload("payload", &case);
        let payload = path.to_str().expect("a path");
        bench.run(&["apply", payload, "--yes"]).expect(0);
        assert_eq!(also_dropped(&bench.run(&["remove", payload, "--dry-run"]).expect(0)), None);
        assert!(!bench.plan(&["remove", payload]).contains("Also dropped"));
        let statements = [
            "CREATE TABLE public.orders (a INTEGER)",
            "CREATE SCHEMA sales",
            "CREATE TABLE sales.profile (a INTEGER)",
            "CREATE VIEW immuta_system.recent AS SELECT a FROM public.orders",
            "CREATE FUNCTION immuta_functions.list_contains(VARCHAR) RETURNS INTEGER STABLE AS $$ SELECT 1 $$ LANGUAGE sql",
            "CREATE PROCEDURE immuta_procedures.impersonate_user() AS $$ BEGIN NULL; END $$ LANGUAGE plpgsql",
        ];
        bench.execute(ADMIN, &database, &statements).expect("what users make");
        let dropped =
            also_dropped(&bench.run(&["remove", payload, "--dry-run"]).expect(0)).expect("`alsoDropped`");
        assert_eq!(dropped["database"], database.as_str());
        assert_eq!(dropped["count"], 6, "{dropped:#}");
        let objects = dropped["objects"].as_array().expect("objects").iter();
        let mut names: Vec<String> = objects
            .map(|object| {
                format!("{} {}.{}", object["kind"], object["schema"], object["name"]).replace('"', "")
            })
            .collect();
        names.sort();
        assert_eq!(
            names,
            [
                "function immuta_functions.list_contains(character varying)",
                "procedure immuta_procedures.impersonate_user()",
                "schema sales.sales",
                "table public.orders",
                "table sales.profile",
                "view immuta_system.recent",
            ]
        );
        let text = bench.plan(&["remove", payload]);
        for part in ["6 objects: ", "the view `immuta_system.recent` of `awsuser`", "and 1 more"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        // Also with `--yes`.
        let run = bench.run(&["remove", payload, "--yes"]).expect(0);
        assert_eq!(also_dropped(&run), Some(dropped));
    }
}

/// In a kept database, objects of other users are not dropped: each blocks the removal, even with `--yes`, and the
/// statements in the messages, in order, drop them.
#[test]
fn unrelated_objects_in_a_kept_database_block_the_removal() {
    let bench = Bench::new();
    bench.admin(DATABASE, "CREATE DATABASE sales OWNER awsuser");
    let automatic = Case { user: SUPERUSER, password: PASSWORD, database: DATABASE, ..ORDINARY };
    for (case, mode) in [
        (Case { database: DATABASE, ..ORDINARY }, vec![]),
        (Case { database: "sales", ..ORDINARY }, vec!["--existing-database"]),
        (automatic, vec![]),
    ] {
        let before = bench.dump_of(&case);
        let path = bench.payload("payload", &case);
        let payload = path.to_str().expect("a path");
        let run = |arguments: &[&str]| bench.run(&[arguments, &mode[..]].concat());
        run(&["apply", payload, "--yes"]).expect(0);
        let statements = [
            "CREATE TABLE immuta_system.\"no\"\"tes\" (a INTEGER)",
            "CREATE VIEW immuta_functions.of_notes AS SELECT a FROM immuta_system.\"no\"\"tes\"",
            "CREATE VIEW public.of_view AS SELECT a FROM immuta_functions.of_notes",
            "CREATE VIEW public.mine AS SELECT immuta__userid AS who FROM immuta_system.user_profile",
            "CREATE VIEW public.of_mine AS SELECT who FROM public.mine",
            "CREATE VIEW public.checked AS SELECT immuta_functions.list_contains('a', 'b') AS has",
            "CREATE VIEW public.unconcerned AS SELECT 1 AS one",
            "CREATE FUNCTION immuta_functions.twice(INTEGER) RETURNS INTEGER STABLE AS $$ SELECT $1 $$ LANGUAGE sql",
            "CREATE PROCEDURE immuta_procedures.tidy() AS $$ BEGIN NULL; END $$ LANGUAGE plpgsql",
        ];
        bench.execute(ADMIN, case.database, &statements).expect("what users make");
        let stands = bench.dump_of(&case);
        bench.emulator.reset_log();
        for consent in ["--yes", "--dry-run"] {
            let refused = run(&["remove", payload, consent]).expect(3);
            let failures = refused.failures().join("\n");
            for part in [
                "the table `immuta_system.no\"tes` of `awsuser`",
                "the view `immuta_functions.of_notes`",
                "the view `public.of_view`",
                "the view `public.mine`",
                "the view `public.of_mine`",
                "the view `public.checked`",
                "the function `immuta_functions.twice(integer)`",
                "the procedure `immuta_procedures.tidy()`",
            ] {
                assert!(failures.contains(part), "{part}: {failures}");
            }
            assert_eq!(refused.failures().len(), 8, "{failures}");
        }
        assert_eq!(bench.writes(), [""; 0]);
        assert_same(&bench.dump_of(&case), &stands, "nothing is changed");
        let refused = run(&["remove", payload, "--yes"]).expect(3);
        for statement in advice(&refused) {
            bench.execute(ADMIN, case.database, &[&statement]).expect("in this order");
        }
        run(&["remove", payload, "--yes"]).expect(0);
        bench.execute(ADMIN, case.database, &["DROP VIEW public.unconcerned"]).expect("it is still there");
        // An existing account loses its privileges on the database.
        if case != automatic {
            assert_same(&bench.dump_of(&case), &before, &format!("{case:?}"));
        }
    }
}

/// Objects that Immuta creates in the three schemas with the account of the setup belong to it, and are listed.
#[test]
fn objects_of_the_account_are_also_dropped() {
    let bench = Bench::new();
    let case = Case { database: DATABASE, ..ORDINARY };
    let path = bench.payload("payload", &case);
    let payload = path.to_str().expect("a path");
    let before = bench.dump(DATABASE);
    bench.run(&["apply", payload, "--yes"]).expect(0);
    let function = "CREATE FUNCTION immuta_functions.mask(VARCHAR) RETURNS VARCHAR STABLE AS $$ SELECT $1 $$ LANGUAGE sql";
    bench.execute((ORDINARY.user, SECRET), DATABASE, &[function]).expect("a function of a policy");
    let run = bench.run(&["remove", payload, "--yes"]).expect(0);
    let dropped = also_dropped(&run).expect("`alsoDropped`");
    assert_eq!(dropped["objects"][0]["name"], "mask(character varying)", "{dropped:#}");
    assert_same(&bench.dump(DATABASE), &before, "all is gone");
}

/// Objects that are created between plan and removal were not confirmed.
#[test]
fn objects_created_after_the_plan_stop_the_removal() {
    let bench = Bench::new();
    for case in [ORDINARY, Case { database: DATABASE, ..ORDINARY }] {
        let path = bench.payload("payload", &case);
        let payload = path.to_str().expect("a path");
        bench.run(&["apply", payload, "--yes"]).expect(0);
        bench.emulator.reset_log();
        let claiming = "CREATE TABLE bootshift_lock.run";
        bench.emulator.inject(Fault::on(claiming, What::Delay(Duration::from_secs(3))));
        let removal = bench.start(&["remove", payload, "--yes"]);
        let deadline = Instant::now() + Duration::from_secs(60);
        while !bench.emulator.log().texts().iter().any(|sql| sql.contains(claiming)) {
            assert!(Instant::now() < deadline, "it does not begin");
            thread::sleep(Duration::from_millis(5));
        }
        bench.admin(case.database, "CREATE TABLE immuta_system.late (a INTEGER)");
        let run = Run::of(removal.wait_with_output().expect("an end")).expect(3);
        assert!(
            run.failures().join("\n").contains("the objects that are also dropped have changed"),
            "{run:#?}"
        );
        bench.admin(case.database, "SELECT * FROM immuta_system.late");
        assert_eq!(bench.run(&["status", payload]).expect(0).status(), "enabled", "no run is left");
        bench.admin(case.database, "DROP TABLE immuta_system.late");
        bench.run(&["remove", payload, "--yes"]).expect(0);
    }
}

/// Dropping the group drops memberships, and dropping the impersonation state drops grants of impersonation.
#[test]
fn group_members_and_impersonators_are_listed() {
    let bench = Bench::new();
    let without = bench.payload("without", &Case { group: None, ..ORDINARY });
    let without = without.to_str().expect("a path");
    let with = bench.payload("with", &ORDINARY);
    let with = with.to_str().expect("a path");
    let people =
        ["CREATE USER \"b'ob\" PASSWORD 'Bob-Passw0rd'", "CREATE USER carol PASSWORD 'Carol-Passw0rd'"];
    bench.execute(ADMIN, DATABASE, &people).expect("users");
    for command in [vec!["apply", without, "--old", with], vec!["remove", with]] {
        bench.run(&["apply", with, "--yes"]).expect(0);
        let admit = [
            "ALTER GROUP immuta_impersonation ADD USER carol",
            "CALL immuta_procedures.grant_impersonation('b''ob')",
        ];
        bench.execute(ADMIN, ORDINARY.database, &admit).expect("members");
        for consent in ["--dry-run", "--yes"] {
            let run = bench.run(&[&command[..], &[consent]].concat()).expect(0);
            let dropped = also_dropped(&run).expect("`alsoDropped`");
            assert_eq!(dropped["database"], ORDINARY.database);
            assert_eq!(dropped["count"], 3, "{dropped:#}");
            let objects = dropped["objects"].as_array().expect("objects").iter();
            let named: Vec<String> = objects.map(|it| format!("{} {}", it["kind"], it["name"])).collect();
            let wanted = ["\"member\" \"b'ob\"", "\"member\" \"carol\"", "\"impersonator\" \"b'ob\""];
            assert_eq!(named, wanted, "{command:?}");
        }
        if command[0] == "apply" {
            bench.run(&["remove", without, "--yes"]).expect(0);
        }
    }
    // The plan as text.
    bench.run(&["apply", with, "--yes"]).expect(0);
    bench.execute(ADMIN, DATABASE, &["ALTER GROUP immuta_impersonation ADD USER carol"]).expect("a member");
    let text = bench.plan(&["remove", with]);
    let wanted = "1 object: the membership of `carol` in the impersonation group";
    assert!(text.contains(wanted), "{text}");
}

/// The admitted users are not read from a table that others can write: reading it could run their code.
#[test]
fn impersonators_are_not_read_from_an_untrusted_table() {
    const READ: &str = "FROM immuta_system.impersonation_grant";
    let bench = Bench::new();
    let path = bench.payload("payload", &ORDINARY);
    let payload = path.to_str().expect("a path");
    bench.run(&["apply", payload, "--yes"]).expect(0);
    bench.execute(ADMIN, DATABASE, &["CREATE USER carol PASSWORD 'Carol-Passw0rd'"]).expect("a user");
    for (sql, is_read) in [
        ("GRANT INSERT ON immuta_system.impersonation_grant TO carol", false),
        ("REVOKE ALL ON immuta_system.impersonation_grant FROM carol", true),
    ] {
        bench.admin(ORDINARY.database, sql);
        bench.emulator.reset_log();
        let run = bench.run(&["remove", payload, "--yes", "--dry-run"]).expect(0);
        let expected = "cannot list the users that lose the right to impersonate: immuta_system.impersonation_grant is not \
                    trusted: the user `carol` can change it";
        assert_eq!(run.stdout.contains(expected), !is_read, "{run:#?}");
        assert_eq!(bench.emulator.log().texts().iter().any(|sql| sql.contains(READ)), is_read, "{sql}");
    }
}
