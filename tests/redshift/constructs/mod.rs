//! The constructs of SQL and of the protocol that are sent to Redshift: each has a row in `book/constructs.json`, which says who
//! has seen a cluster accept it, and each row is used.

mod extract;
mod runs;
mod scripts;

use std::collections::BTreeSet;

use crate::runner::harness::Bench;
use crate::support::rows::{Verdict, rows};
use extract::{Use, uses};
use redshift_emulator::{Kind, Options, Outcome};

/// Everything that is used: by scripts, and by the runner on an emulator.
fn used() -> BTreeSet<Use> {
    let mut all = BTreeSet::new();
    for script in scripts::all() {
        for stage in &script.stages {
            all.extend(stage.statements.iter().flat_map(|statement| uses(&statement.sql, true)));
            all.extend(stage.condition.iter().flat_map(|condition| uses(condition, false)));
        }
        all.extend(scripts::formats(&script));
    }
    all.extend(runs::all());
    all.extend(runs::in_sources());
    all
}

#[test]
fn every_construct_has_a_row_and_every_row_is_used() {
    let rows = rows();
    let listed: Vec<Use> =
        rows.iter().flat_map(|row| row.uses.iter().map(|used| (row.place, used.clone()))).collect();
    let once: BTreeSet<Use> = listed.iter().cloned().collect();
    assert_eq!(once.len(), listed.len(), "a construct has two rows");
    let used = used();
    let missing: Vec<_> = used.difference(&once).collect();
    let unused: Vec<_> = once.difference(&used).collect();
    assert!(
        missing.is_empty() && unused.is_empty(),
        "not in book/constructs.json: {missing:#?}\nin book/constructs.json, but not used: {unused:#?}"
    );
}

#[test]
fn constructs_are_found() {
    let found = |sql: &str, is_script| -> Vec<String> {
        uses(sql, is_script).into_iter().map(|(place, used)| format!("{place:?}: {used}")).collect()
    };
    for (sql, expected) in [
        ("GRANT ALL ON SCHEMA a, \"b\" TO GROUP \"C\"", "Statements: GRANT ALL ON SCHEMA n TO GROUP n"),
        ("ALTER USER \"a\" PASSWORD 'x'", "Statements: ALTER USER n PASSWORD '…'"),
        ("DROP PROCEDURE a.b(VARCHAR)", "Statements: DROP PROCEDURE n(VARCHAR)"),
    ] {
        assert_eq!(found(sql, true), [expected]);
    }
    for (sql, expected) in [
        ("SELECT SUBSTR(n.nspname, 1) FROM pg_catalog.pg_namespace n", "Runner: substr()"),
        ("SELECT SUBSTR(n.nspname, 1) FROM pg_catalog.pg_namespace n", "Runner: pg_namespace.nspname"),
        ("SELECT s.process FROM pg_catalog.stl_sessions s", "Runner: stl_sessions"),
        ("CREATE VIEW a.b AS SELECT 1 LIMIT 2", "View: LIMIT"),
        (
            "CREATE PROCEDURE a.b() AS $x$ BEGIN EXECUTE 'DROP ROLE c'; END; $x$",
            "Procedures: EXECUTE 'DROP ROLE n'",
        ),
        ("CREATE PROCEDURE a.b() AS $x$ BEGIN x := random(); END; $x$", "Procedures: random()"),
    ] {
        assert!(found(sql, true).iter().any(|used| used == expected), "{sql}: {:?}", found(sql, true));
    }
    assert_eq!(found("LOCK TABLE a.b", false), ["Runner: LOCK TABLE n"]);
}

/// What a test does not make the runner send is in a row too.
#[test]
fn every_system_relation_in_the_sources_of_the_runner_has_a_row() {
    let rows = rows();
    let relations = runs::relations_in_sources();
    assert!(relations.len() > 10, "{relations:?}");
    for (place, relation) in relations {
        assert!(rows.iter().any(|row| row.place == place && row.uses.contains(&relation)), "{relation}");
    }
}

/// Every row that is not attested in full says why, and every other one has a source.
#[test]
fn every_row_has_a_source_or_a_note() {
    for row in rows() {
        let is_complete = match row.verdict {
            Verdict::Attested => !row.sources.is_empty(),
            Verdict::InPart => !row.sources.is_empty() && !row.note.is_empty(),
            Verdict::NotAttested => row.sources.is_empty() && !row.note.is_empty(),
        };
        assert!(is_complete && !row.uses.is_empty(), "{row:#?}");
    }
}

/// Serverless and Multi-AZ refuse these relations, and other users see only a part of them.
#[test]
fn no_script_names_a_log_or_a_snapshot_of_the_cluster() {
    for script in scripts::all() {
        for stage in &script.stages {
            for sql in stage.statements.iter().map(|statement| &statement.sql).chain(&stage.condition) {
                assert_eq!(runs::restricted(sql), None, "{sql}");
            }
        }
    }
}

/// The queries of the runner that name such a relation, and what happens if it is refused.
const MAY_BE_REFUSED: [(&str, &str); 3] = [
    (
        "session_list.rs",
        "`sys_session_history` is queried instead; if that is refused too, sessions are not listed",
    ),
    ("dependents/location.rs", "only in a message, for the user"),
    ("doctor/cluster.rs", "the kind of the cluster, which follows from the refusal"),
];

#[test]
fn runner_needs_no_log_or_snapshot_of_the_cluster() {
    for (path, source) in runs::sources() {
        let code = source.split("#[cfg(test)]").next().unwrap_or_default().lines();
        let named: Vec<&str> =
            code.filter(|line| !line.trim_start().starts_with("//")).filter_map(runs::restricted).collect();
        let is_listed = MAY_BE_REFUSED.iter().any(|(listed, _)| path == *listed);
        assert_eq!(!named.is_empty(), is_listed, "{path}: {named:?}");
    }
    // Refused, they are tried, and everything works.
    for kind in [Kind::Serverless, Kind::MultiAz] {
        let bench = Bench::of(Options { kind, ..Options::default() });
        runs::whole_life(&bench);
        let statements = runs::statements(&bench.emulator);
        let restricted: Vec<_> =
            statements.iter().filter(|statement| runs::restricted(&statement.sql).is_some()).collect();
        assert!(!restricted.is_empty(), "{kind:?}");
        for statement in restricted {
            let Outcome::Failed(error) = &statement.outcome else { panic!("{kind:?}: {statement:?}") };
            assert_eq!(error.sqlstate, "42501", "{kind:?}: {statement:?}");
        }
    }
}

/// `ALL` includes `ALTER` and `DROP` today.
#[test]
fn system_account_gets_no_unnamed_privileges() {
    let mut own = 0;
    for script in scripts::all() {
        for stage in &script.stages {
            for statement in &stage.statements {
                for place in statement.sql.match_indices("GRANT ALL").map(|(at, _)| at) {
                    let before = &statement.sql[..place];
                    let owner =
                        before.rsplit_once("ALTER DEFAULT PRIVILEGES FOR USER ").map(|(_, user)| user.trim());
                    let grantee = statement.sql[place..].strip_prefix("GRANT ALL PRIVILEGES ON TABLES TO ");
                    let (Some(owner), Some(grantee)) = (owner, grantee) else { panic!("{}", statement.sql) };
                    assert!(grantee.starts_with(owner), "{}", statement.sql);
                    own += 1;
                }
            }
        }
    }
    assert!(own > 0, "the statements that remove empty default privileges are found");
}

/// <https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_BatchExecuteStatement.html>
#[test]
fn no_batch_has_more_than_40_statements() {
    let longest = scripts::all().iter().flat_map(scripts::batches).max();
    assert!(longest.is_some_and(|longest| (20..=40).contains(&longest)), "{longest:?}");
}
