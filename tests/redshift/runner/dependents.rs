//! Objects and privileges of an account or group that is to be dropped.

use std::time::{Duration, Instant};

use super::harness::{Bench, Case, HOSTILE, ORDINARY, Run, SECRET, assert_same};
use redshift_emulator::{DATABASE, Fault, PASSWORD, SUPERUSER, What};

const ADMIN: (&str, &str) = (SUPERUSER, PASSWORD);
const BOB: (&str, &str) = ("bob", "Bob-Passw0rd");

/// Statements in `dev`, with `{user}` and `{group}` for the delimited names, and the expected messages.
const HELD: &[(&[&str], &[&str])] = &[
    (
        &["GRANT SELECT ON public.sales TO {user}"],
        &["has privileges on the table `public.sales` in the database `dev`"],
    ),
    (
        &["GRANT SELECT, INSERT ON public.sales TO GROUP {group}"],
        &["has privileges on the table `public.sales` in the database `dev`"],
    ),
    (&["GRANT SELECT ON public.recent TO {user}"], &["has privileges on the view `public.recent`"]),
    (&["GRANT USAGE ON SCHEMA \"odd \"\"name\" TO {user}"], &["has privileges on the schema `odd \"name`"]),
    (&["GRANT CREATE ON DATABASE dev TO {user}"], &["has privileges on the database `dev`"]),
    (&["GRANT TEMP ON DATABASE elsewhere TO GROUP {group}"], &["has privileges on the database `elsewhere`"]),
    (
        &["GRANT EXECUTE ON FUNCTION public.twice(INTEGER, VARCHAR) TO {user}"],
        &["has privileges on the function `public.twice(integer, character varying)`"],
    ),
    (
        &["GRANT EXECUTE ON PROCEDURE public.nothing() TO GROUP {group}"],
        &["has privileges on the procedure `public.nothing()`"],
    ),
    (&["GRANT USAGE ON LANGUAGE plpgsql TO {user}"], &["has privileges on the language `plpgsql`"]),
    (
        &["GRANT SELECT (a) ON public.sales TO {user}"],
        &["has a privilege on the column `a` of the table `public.sales`"],
    ),
    (
        &["ALTER TABLE public.sales OWNER TO {user}", "GRANT SELECT ON public.sales TO bob"],
        &["owns the table `public.sales` in the database `dev`"],
    ),
    (&["ALTER TABLE public.recent OWNER TO {user}"], &["owns the view `public.recent`"]),
    (&["ALTER SCHEMA \"odd \"\"name\" OWNER TO {user}"], &["owns the schema `odd \"name`"]),
    (
        &["ALTER FUNCTION public.twice(INTEGER, VARCHAR) OWNER TO {user}"],
        &["owns the function `public.twice(integer, character varying)`"],
    ),
    (&["ALTER PROCEDURE public.nothing() OWNER TO {user}"], &["owns the procedure `public.nothing()`"]),
    (&["ALTER DATABASE elsewhere OWNER TO {user}"], &["owns the database `elsewhere`"]),
    (
        &["ALTER DEFAULT PRIVILEGES FOR USER bob GRANT SELECT ON TABLES TO {user}"],
        &["has default privileges on tables of `bob` in the database `dev`"],
    ),
    (
        &["ALTER DEFAULT PRIVILEGES IN SCHEMA \"odd \"\"name\" GRANT EXECUTE ON FUNCTIONS TO GROUP {group}"],
        &["has default privileges on functions in the schema `odd \"name` of `awsuser`"],
    ),
    (
        &["ALTER DEFAULT PRIVILEGES FOR USER {user} GRANT INSERT ON TABLES TO GROUP readers"],
        &["has default privileges on tables in the database `dev`"],
    ),
    (
        &[
            "GRANT SELECT ON public.sales TO {user}",
            "GRANT SELECT ON public.sales TO GROUP {group}",
            "ALTER TABLE public.recent OWNER TO {user}",
        ],
        &["the table `public.sales`", "the group `", "the view `public.recent`"],
    ),
];

/// Creates objects that can be owned or granted.
fn furnish(bench: &Bench) {
    let statements = [
        format!("CREATE USER {} PASSWORD '{}'", BOB.0, BOB.1),
        "CREATE GROUP readers".to_owned(),
        "CREATE DATABASE elsewhere".to_owned(),
        "CREATE TABLE public.sales (a INTEGER)".to_owned(),
        "CREATE VIEW public.recent AS SELECT a FROM public.sales".to_owned(),
        "CREATE SCHEMA \"odd \"\"name\"".to_owned(),
        "CREATE FUNCTION public.twice(INTEGER, VARCHAR) RETURNS INTEGER STABLE AS $$ SELECT $1 $$ LANGUAGE sql"
            .to_owned(),
        "CREATE PROCEDURE public.nothing() AS $$ BEGIN NULL; END $$ LANGUAGE plpgsql".to_owned(),
    ];
    bench.execute(ADMIN, DATABASE, &statements.each_ref().map(String::as_str)).expect("furniture");
}

/// The statements in the messages of a failed run, with the user that must run them.
fn advice(run: &Run) -> Vec<(String, Option<String>)> {
    let failures = run.failures();
    let named = failures.iter().filter_map(|failure| {
        // No name in these tests contains back-ticks.
        let (statement, rest) = failure.split_once(": run `")?.1.split_once('`')?;
        let who = rest.split_once(", as `").and_then(|(_, rest)| rest.split_once('`'));
        Some((statement.to_owned(), who.map(|(who, _)| who.to_owned())))
    });
    named.collect()
}

/// Statements for the names of a case.
fn named(case: &Case, statements: &[&str]) -> Vec<String> {
    let delimited = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let (user, group) = (delimited(case.user), delimited(case.group.expect("a group")));
    statements.iter().map(|sql| sql.replace("{user}", &user).replace("{group}", &group)).collect()
}

/// The removal fails before anything is dropped, and reports each object with a statement; after these it succeeds.
fn every_holding(bench: &Bench, case: &Case, mode: &[&str]) {
    let before = bench.dump(DATABASE);
    let path = bench.payload("payload", case);
    let payload = path.to_str().expect("a path");
    let run = |arguments: &[&str]| bench.run(&[arguments, mode].concat());
    run(&["apply", payload, "--yes"]).expect(0);
    for (statements, facts) in HELD {
        let context = format!("{case:?}: {statements:?}");
        if case.database == DATABASE && statements[0].contains("ON DATABASE dev TO {user}") {
            // The removal from a kept database revokes this itself.
            continue;
        }
        let statements = named(case, statements);
        let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
        bench.execute(ADMIN, DATABASE, &statements).expect(&context);
        let before_run = bench.dump(DATABASE) + &bench.dump_of(case);

        bench.emulator.reset_log();
        let refused = run(&["remove", payload, "--yes"]).expect(3);
        let failures = refused.failures().join("\n");
        for fact in *facts {
            assert!(failures.contains(fact), "{context}: {failures}");
        }
        assert_eq!(bench.writes(), [""; 0], "{context}: nothing is dropped");
        assert_same(&(bench.dump(DATABASE) + &bench.dump_of(case)), &before_run, &context);

        let advice = advice(&refused);
        assert!(!advice.is_empty(), "{context}: {failures}");
        for (statement, who) in &advice {
            assert_eq!(*who, None, "{context}");
            bench.execute(ADMIN, DATABASE, &[statement]).unwrap_or_else(|error| panic!("{context}: {error}"));
        }
        run(&["remove", payload, "--dry-run"]).expect(0);
    }
    // The server also finds no dependents.
    run(&["remove", payload, "--yes"]).expect(0);
    bench
        .execute(ADMIN, DATABASE, &["REVOKE ALL PRIVILEGES ON TABLE public.sales FROM bob"])
        .expect("what was granted to another");
    assert_same(&bench.dump(DATABASE), &before, &format!("{case:?}"));
}

#[test]
fn removal_reports_dependents_before_it_drops_anything() {
    let bench = Bench::new();
    furnish(&bench);
    every_holding(&bench, &ORDINARY, &[]);
}

#[test]
fn quoted_names_are_found_in_access_control_lists() {
    let bench = Bench::new();
    furnish(&bench);
    every_holding(&bench, &HOSTILE, &[]);
}

#[test]
fn removal_from_a_kept_database_reports_dependents() {
    let bench = Bench::new();
    furnish(&bench);
    every_holding(&bench, &Case { database: DATABASE, ..ORDINARY }, &[]);
    // An existing database other than `initialDatabase`.
    every_holding(&bench, &Case { database: "elsewhere", ..ORDINARY }, &["--existing-database"]);
}

/// A grant must be revoked by its grantor, and privileges that were granted on must be revoked first.
#[test]
fn grantor_of_a_privilege_is_reported() {
    let bench = Bench::new();
    furnish(&bench);
    let path = bench.payload("payload", &ORDINARY);
    let payload = path.to_str().expect("a path");
    bench.run(&["apply", payload, "--yes"]).expect(0);
    bench
        .execute(ADMIN, DATABASE, &["GRANT SELECT ON public.sales TO bob WITH GRANT OPTION"])
        .expect("a grant option");
    let statement = format!("GRANT SELECT ON public.sales TO {}", ORDINARY.user);
    bench.execute(BOB, DATABASE, &[&statement]).expect("a grant");
    let refused = bench.run(&["remove", payload, "--yes"]).expect(3);
    let advice = advice(&refused);
    let [(statement, Some(who))] = advice.as_slice() else { panic!("{refused:#?}") };
    assert_eq!(who, BOB.0);
    bench.execute(BOB, DATABASE, &[statement]).expect("a revocation");
    bench.run(&["remove", payload, "--yes"]).expect(0);
}

/// A temporary table cannot change its owner: its session must end.
#[test]
fn session_with_a_temporary_table_is_reported() {
    let bench = Bench::new();
    let path = bench.payload("payload", &ORDINARY);
    let payload = path.to_str().expect("a path");
    bench.run(&["apply", payload, "--yes"]).expect(0);
    let session = bench.emulator.block_on(async {
        let session = bench.connect((ORDINARY.user, SECRET), DATABASE).await.expect("a session");
        session.batch_execute("CREATE TEMP TABLE mine (a INTEGER)").await.expect("a table");
        session
    });
    let refused = bench.run(&["remove", payload, "--yes"]).expect(3);
    let advice = advice(&refused);
    let [(statement, None)] = advice.as_slice() else { panic!("{refused:#?}") };
    bench.execute(ADMIN, DATABASE, &[statement]).expect(statement);
    let deadline = Instant::now() + Duration::from_secs(20);
    while bench.run(&["remove", payload, "--dry-run"]).exit != Some(0) {
        assert!(Instant::now() < deadline, "the session does not end");
    }
    bench.run(&["remove", payload, "--yes"]).expect(0);
    drop(session);
}

/// Users and groups with similar names are not confused with those of the setup.
#[test]
fn privileges_of_other_users_are_not_dependents() {
    let bench = Bench::new();
    furnish(&bench);
    let case = Case { user: "imm\"uta", ..ORDINARY };
    let path = bench.payload("payload", &case);
    let payload = path.to_str().expect("a path");
    bench.run(&["apply", payload, "--yes"]).expect(0);
    bench
        .execute(
            ADMIN,
            DATABASE,
            &[
                "CREATE USER immuta PASSWORD DISABLE",
                "CREATE USER \"immuta=r\" PASSWORD DISABLE",
                "CREATE USER \"x/immuta\" PASSWORD DISABLE",
                "CREATE GROUP immuta",
                "GRANT SELECT ON public.sales TO immuta, \"immuta=r\", \"x/immuta\", GROUP immuta",
                "ALTER TABLE public.recent OWNER TO immuta",
                "GRANT SELECT ON public.recent TO PUBLIC",
                "ALTER DEFAULT PRIVILEGES FOR USER immuta GRANT SELECT ON TABLES TO PUBLIC",
            ],
        )
        .expect("others");
    bench.run(&["remove", payload, "--yes"]).expect(0);
}

/// Dependents that are only detected by the failed drop: the message helps, and the same command completes the removal.
#[test]
fn failed_drop_reports_where_to_search() {
    let bench = Bench::new();
    furnish(&bench);
    bench.execute(ADMIN, "elsewhere", &["CREATE TABLE public.more (a INTEGER)"]).expect("a table");
    for (case, mode) in [(ORDINARY, vec![]), (Case { database: DATABASE, ..ORDINARY }, vec![])] {
        let before = bench.dump(DATABASE);
        let path = bench.payload("payload", &case);
        let payload = path.to_str().expect("a path");
        bench.run(&[&["apply", payload, "--yes"][..], &mode].concat()).expect(0);
        let statement = format!("GRANT SELECT ON public.more TO {}", case.user);
        bench.execute(ADMIN, "elsewhere", &[&statement]).expect("a grant");
        let remove = ["remove", payload, "--yes"];
        for _ in 0..2 {
            let run = bench.run(&remove).expect(3);
            let failures = run.failures().join("\n");
            assert!(failures.contains("has a privilege on some object"), "{failures}");
            assert!(!failures.contains("Run the same command again"), "{failures}");
            assert!(run.stdout.contains("svv_relation_privileges"), "{run:#?}");
        }
        let statement = format!("REVOKE SELECT ON public.more FROM {}", case.user);
        bench.execute(ADMIN, "elsewhere", &[&statement]).expect("a revocation");
        assert_eq!(bench.run(&remove).expect(0).status(), "deleted");
        assert_same(&bench.dump(DATABASE), &before, &format!("{case:?}"));
    }
}

/// A change that disables impersonation drops the group, which may also fail because of dependents.
#[test]
fn change_that_drops_the_group_reports_its_privileges() {
    let bench = Bench::new();
    furnish(&bench);
    let [old, new] = [("old", ORDINARY), ("new", Case { group: None, ..ORDINARY })]
        .map(|(name, case)| bench.payload(name, &case).display().to_string());
    bench.run(&["apply", &old, "--yes"]).expect(0);
    let grants = named(&ORDINARY, &["GRANT SELECT ON public.sales TO GROUP {group}"]);
    bench.execute(ADMIN, DATABASE, &[&grants[0]]).expect("a grant");
    let grants = named(&ORDINARY, &["GRANT USAGE ON SCHEMA immuta_system TO GROUP {group}"]);
    bench.execute(ADMIN, "immuta", &[&grants[0]]).expect("a grant");
    let change = ["apply", new.as_str(), "--old", &old, "--yes"];
    bench.emulator.reset_log();
    let refused = bench.run(&change).expect(3);
    assert_eq!(bench.writes(), [""; 0]);
    assert!(refused.stdout.contains("To find the privileges of 'immuta_impersonation'"), "{refused:#?}");
    assert!(!refused.stdout.contains("without an owner"), "a group owns nothing: {refused:#?}");
    let advice = advice(&refused);
    assert_eq!(advice.len(), 2, "{refused:#?}");
    for (statement, _) in &advice {
        let database = if statement.contains("immuta_system") { "immuta" } else { DATABASE };
        bench.execute(ADMIN, database, &[statement]).expect(statement);
    }
    assert_eq!(bench.run(&change).expect(0).status(), "enabled");
}

/// Redshift has no `REVOKE … CASCADE`: privileges that were granted on are revoked first, and grantees that also have
/// them from another grantor keep them.
#[test]
fn reported_statements_succeed_in_order() {
    const CAROL: (&str, &str) = ("carol", "Carol-Passw0rd");
    const ACCOUNT: (&str, &str) = (ORDINARY.user, SECRET);
    let bench = Bench::new();
    furnish(&bench);
    let path = bench.payload("payload", &ORDINARY);
    let payload = path.to_str().expect("a path");
    bench.run(&["apply", payload, "--yes"]).expect(0);
    let granted = |who, statements: &[&str]| {
        let statements = named(&ORDINARY, statements);
        bench
            .execute(who, DATABASE, &statements.iter().map(String::as_str).collect::<Vec<_>>())
            .expect("grants");
    };
    granted(
        ADMIN,
        &[
            "CREATE USER carol PASSWORD 'Carol-Passw0rd'",
            "CREATE SCHEMA closed",
            "CREATE TABLE closed.\"a b\" (a INTEGER)",
            "GRANT USAGE ON SCHEMA closed TO {user}, bob, carol",
            "GRANT SELECT, INSERT ON closed.\"a b\" TO {user} WITH GRANT OPTION",
            "GRANT SELECT ON public.sales TO {user} WITH GRANT OPTION",
            "GRANT SELECT ON public.sales TO bob WITH GRANT OPTION",
        ],
    );
    granted(
        ACCOUNT,
        &[
            "GRANT SELECT ON closed.\"a b\" TO bob WITH GRANT OPTION",
            "GRANT INSERT ON closed.\"a b\" TO GROUP readers",
            "GRANT SELECT ON public.sales TO bob WITH GRANT OPTION",
        ],
    );
    granted(BOB, &["GRANT SELECT ON closed.\"a b\" TO carol", "GRANT SELECT ON public.sales TO carol"]);
    let refused = bench.run(&["remove", payload, "--yes"]).expect(3);
    let advice = advice(&refused);
    assert_eq!(advice.len(), 7, "{refused:#?}");
    for (statement, who) in advice {
        let who = match who.as_deref() {
            None => ADMIN,
            Some("bob") => BOB,
            Some(_) => ACCOUNT,
        };
        bench.execute(who, DATABASE, &[&statement]).expect("in this order");
    }
    bench.run(&["remove", payload, "--yes"]).expect(0);
    bench
        .execute(CAROL, DATABASE, &["SELECT a FROM public.sales"])
        .expect("it did not come from the account alone");
}

/// Privileges of another setup with the same account are not revoked.
#[test]
fn setup_that_shares_the_account_is_reported() {
    for (other, is_whole) in [("other", true), ("other", false), (DATABASE, true)] {
        let bench = Bench::new();
        let first = Case { database: "first", ..ORDINARY };
        let other = Case { database: other, group: None, ..ORDINARY };
        let [a, b] =
            [("a", first), ("b", other)].map(|(name, case)| bench.payload(name, &case).display().to_string());
        bench.run(&["apply", &a, "--yes"]).expect(0);
        let apply = ["apply", b.as_str(), "--yes", "--existing-user"];
        if is_whole {
            bench.run(&apply).expect(0);
        } else {
            bench.emulator.inject(Fault::on("CREATE TABLE immuta_system.profile", What::CutBefore));
            bench.run(&apply).expect(3);
        }
        bench.emulator.reset_log();
        let refused = bench.run(&["remove", &a, "--yes"]).expect(3);
        assert_eq!(bench.writes(), [""; 0]);
        let failures = refused.failures();
        let [failure] = failures.as_slice() else { panic!("{failures:#?}") };
        for part in
            ["is the account of another setup, in the database `", other.database, "remove that setup first"]
        {
            assert!(failure.contains(part), "{part}: {failure}");
        }
        assert!(!failure.contains("REVOKE"), "{failure}");
        if !is_whole {
            bench.run(&[&apply[..], &["--lock-timeout", "60"]].concat()).expect(0);
        }
        // The other setup keeps the account.
        let (_, statement) = failure.split_once("run `").expect("a statement");
        let (statement, _) = statement.split_once('`').expect("its end");
        bench.execute(ADMIN, "first", &[statement]).expect(statement);
        bench.run(&["remove", &a, "--yes"]).expect(0);
        assert_eq!(bench.run(&["status", &b]).expect(0).status(), "enabled");
        bench.run(&["remove", &b, "--yes"]).expect(0);
        assert!(bench.dump(DATABASE).contains(ORDINARY.user), "the account stays");
    }
}

/// Beyond the limit of a query, the number of remaining objects is reported.
#[test]
fn truncated_list_reports_the_number_of_remaining_objects() {
    let bench = Bench::new();
    let path = bench.payload("payload", &ORDINARY);
    let payload = path.to_str().expect("a path");
    bench.run(&["apply", payload, "--yes"]).expect(0);
    let make = |from: usize, to: usize| {
        bench.admin(
            DATABASE,
            &format!(
                "DO $$ BEGIN FOR i IN {from}..{to} LOOP EXECUTE 'CREATE TABLE public.t' || i || ' (a INTEGER)'; \
                 EXECUTE 'ALTER TABLE public.t' || i || ' OWNER TO immuta_system_account'; END LOOP; END $$"
            ),
        );
    };
    make(1, 400);
    let run = bench.run(&["remove", payload, "--yes"]).expect(3);
    assert!(!run.stdout.contains("more catalog entries are left"), "{:?}", run.failures().len());
    make(401, 600);
    let run = bench.run(&["remove", payload, "--yes"]).expect(3);
    // Including the database, which also has privileges of the account.
    assert!(
        run.stdout.contains(" 101 more catalog entries are left, and the next run reports the next 500"),
        "{}",
        run.stdout
    );
}

/// If a database cannot be dropped, its sessions are reported with the statements that terminate them.
#[test]
fn open_connections_to_the_database_are_reported() {
    let bench = Bench::new();
    let path = bench.payload("payload", &ORDINARY);
    let payload = path.to_str().expect("a path");
    bench.run(&["apply", payload, "--yes"]).expect(0);
    let client = bench.emulator.block_on(bench.connect(ADMIN, ORDINARY.database)).expect("a session");
    let run = bench.run(&["remove", payload, "--yes", "--statement-timeout", "2"]).expect(3);
    let failures = run.failures().join("\n");
    assert!(
        failures.contains("of `awsuser` has been connected to the database `immuta` since"),
        "{failures}"
    );
    let statement = failures
        .split('`')
        .find(|part| part.starts_with("SELECT pg_terminate_backend"))
        .unwrap_or_else(|| panic!("{failures}"));
    bench.execute(ADMIN, DATABASE, &[statement]).expect(statement);
    bench.run(&["remove", payload, "--yes"]).expect(0);
    drop(client);
}
