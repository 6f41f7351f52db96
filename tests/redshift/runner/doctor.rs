//! `doctor` detects the kind and the settings of a cluster, changes nothing, and reports no names.

use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use bootshift::schemas;
use serde_json::{Value, json};

use super::harness::{Bench, Case, ORDINARY, Run, SECRET, assert_same};
use redshift_emulator::{DATABASE, Fault, Kind, Options, PASSWORD, SUPERUSER, What};

/// A user without any privilege, and one that may create schemas.
const PLAIN: &str = "plain_user";
const MAKER: &str = "maker_user";

/// The users that examine a cluster.
const USERS: [(&str, &str); 3] = [(SUPERUSER, PASSWORD), (PLAIN, SECRET), (MAKER, SECRET)];

fn bench(options: Options) -> Bench {
    let conflicts = options.conflicts;
    let bench = Bench::of(Options { conflicts: 0, ..options });
    bench
        .execute(
            (SUPERUSER, PASSWORD),
            DATABASE,
            &[
                &format!("CREATE USER {PLAIN} PASSWORD '{SECRET}'"),
                &format!("CREATE USER {MAKER} PASSWORD '{SECRET}'"),
                &format!("GRANT CREATE ON DATABASE {DATABASE} TO {MAKER}"),
            ],
        )
        .expect("users");
    bench.emulator.reset_log();
    bench.emulator.conflicts(conflicts);
    bench
}

fn command(bench: &Bench, user: (&str, &str), arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bootshift"));
    command
        .arg("doctor")
        .args(arguments)
        .args(["--user", user.0, "--sslmode", "disable"])
        .env("PGPASSWORD", user.1)
        .current_dir(bench.folder())
        .stdin(Stdio::null());
    command
}

fn run(bench: &Bench, user: (&str, &str), arguments: &[&str]) -> Run {
    Run::of(command(bench, user, arguments).output().expect("the command runs"))
}

/// Examines the cluster without a payload.
fn examine(bench: &Bench, user: (&str, &str)) -> (Run, Value) {
    let port = bench.emulator.port().to_string();
    let run = run(bench, user, &["--host", bench.emulator.host(), "--port", &port, "--format", "json"]);
    let report = json(&run);
    (run, report)
}

/// The report, which the published schema describes completely.
fn json(run: &Run) -> Value {
    let report: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:#?}"));
    let schema: Value = serde_json::from_str(schemas::text("doctor").expect("a schema")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{report:#}");
    let assumptions = report["assumptions"].as_array().expect("assumptions");
    let described = |object: &Value, schema: &Value| {
        for key in object.as_object().expect("an object").keys() {
            assert!(!schema["properties"][key].is_null(), "`{key}` is not in the schema");
        }
    };
    described(&report, &schema);
    let definitions = &schema["definitions"];
    described(&report["cluster"], &definitions["cluster"]);
    described(&report["user"], &definitions["user"]);
    for assumption in assumptions {
        described(assumption, &definitions["assumption"]);
    }
    report
}

fn status<'r>(report: &'r Value, id: &str) -> &'r str {
    finding(report, id)["status"].as_str().unwrap_or_else(|| panic!("no {id}: {report:#}"))
}

fn finding<'r>(report: &'r Value, id: &str) -> &'r Value {
    let findings = report["assumptions"].as_array().expect("assumptions");
    findings.iter().find(|finding| finding["id"] == id).unwrap_or_else(|| panic!("no {id}: {report:#}"))
}

/// The identifiers with a status.
fn with_status<'r>(report: &'r Value, status: &str) -> Vec<&'r str> {
    let findings = report["assumptions"].as_array().expect("assumptions").iter();
    findings
        .filter(|finding| finding["status"] == status)
        .filter_map(|finding| finding["id"].as_str())
        .collect()
}

const ENTRY: &str = "default-privileges-leave-no-entry";

#[test]
fn kind_and_settings_of_a_cluster_are_detected_by_any_user() {
    let default = Options::default();
    for (options, changed) in [
        (default, json!({})),
        (Options { kind: Kind::Serverless, ..default }, json!({ "kind": "serverless" })),
        (Options { kind: Kind::MultiAz, ..default }, json!({ "kind": "multiAz" })),
        (Options { lockout: Some(7), ..default }, json!({ "lockout": true, "maxFailedLogins": 7 })),
        (Options { metadata_security: true, ..default }, json!({ "metadataSecurity": true })),
        (Options { conflicts: 2, ..default }, json!({ "conflicts": 2 })),
        (Options { default_privileges_remain: true, ..default }, json!({})),
    ] {
        let bench = bench(options);
        for user in USERS {
            bench.emulator.conflicts(options.conflicts);
            let (run, report) = examine(&bench, user);
            let context = format!("{options:?} as {}: {run:#?}", user.0);
            let mut expected = json!({
                "version": "1.0.117891", "patch": 191, "kind": "provisioned", "isolation": "serializable", "caseSensitive": false,
                "tls": false, "lockout": false, "maxFailedLogins": null, "metadataSecurity": false, "conflicts": 0,
            });
            for (key, value) in changed.as_object().expect("an object") {
                expected[key] = value.clone();
            }
            assert_eq!(report["cluster"], expected, "{context}");
            let remains = if options.default_privileges_remain { "fails" } else { "holds" };
            assert_eq!(status(&report, ENTRY), remains, "{context}");
            let may_create = user.0 != PLAIN;
            assert_eq!(run.exit, Some(i32::from(!may_create)), "{context}");
            let mut failing = with_status(&report, "fails");
            failing.retain(|id| *id != ENTRY);
            let expected: &[&str] = if may_create { &[] } else { &["create-schemas"] };
            assert_eq!(failing, expected, "{context}");
            assert_eq!(report["blocking"], json!(expected), "{context}");
        }
    }
}

#[test]
fn privileges_of_the_user_decide_which_assumptions_are_tried() {
    let bench = bench(Options::default());
    let rights = |superuser, schemas| {
        json!({ "superuser": superuser, "createDatabases": superuser, "createSchemas": schemas,
            "createUsers": superuser, "createGroups": superuser })
    };
    let (_, report) = examine(&bench, (SUPERUSER, PASSWORD));
    assert_eq!(report["user"], rights(true, true));
    assert!(with_status(&report, "notTried").is_empty(), "{report:#}");
    let (_, report) = examine(&bench, (MAKER, SECRET));
    assert_eq!(report["user"], rights(false, true));
    assert_eq!(
        with_status(&report, "notTried"),
        ["execute-drop-group", "drop-user-after-default-privileges"]
    );
    assert_eq!(finding(&report, "execute-drop-group")["message"], "requires a superuser");
    let (_, report) = examine(&bench, (PLAIN, SECRET));
    assert_eq!(report["user"], rights(false, false));
    assert_eq!(finding(&report, "lock-table")["message"], "requires CREATE on the database");
    assert_eq!(with_status(&report, "holds"), ["case-insensitive-identifiers", ENTRY]);
}

#[test]
fn payload_adds_requirements_for_the_user() {
    let bench = bench(Options::default());
    let path = bench.payload("setup", &ORDINARY);
    let payload = path.to_str().expect("a path");
    let blocking = |user, arguments: &[&str]| {
        let run = run(&bench, user, &[&[payload, "--format", "json"], arguments].concat());
        let blocking = json(&run)["blocking"].clone();
        assert_eq!(run.exit, Some(i32::from(blocking != json!([]))), "{run:#?}");
        blocking
    };
    assert_eq!(blocking((SUPERUSER, PASSWORD), &[]), json!([]));
    let all = ["create-databases", "create-users", "create-groups", "superuser"];
    assert_eq!(blocking((MAKER, SECRET), &[]), json!(all));
    let existing = ["--existing-database", "--existing-user"];
    assert_eq!(blocking((MAKER, SECRET), &existing), json!(["create-groups", "superuser"]));
    let own = bench.payload("own", &Case { user: MAKER, group: None, ..ORDINARY });
    let own = own.to_str().expect("a path");
    let run = run(&bench, (MAKER, SECRET), &[own, "--existing-database", "--format", "json"]);
    assert_eq!(json(&run)["blocking"], json!([]), "{run:#?}");
    assert_eq!(run.exit, Some(0));
}

#[test]
fn case_sensitive_identifiers_prevent_a_setup() {
    let bench = bench(Options::default());
    bench.emulator.case_sensitive(true);
    let (run, report) = examine(&bench, (SUPERUSER, PASSWORD));
    assert_eq!(
        (&report["cluster"]["caseSensitive"], &report["blocking"]),
        (&json!(true), &json!(["case-insensitive-identifiers"]))
    );
    assert_eq!(run.exit, Some(1));
}

/// Also if the connection is lost.
#[test]
fn failed_assumption_does_not_hide_others() {
    let bench = bench(Options::default());
    let error = |sqlstate: &str, message: &str| What::Error {
        sqlstate: sqlstate.to_owned(),
        message: message.to_owned(),
    };
    bench
        .emulator
        .inject(Fault::on("LOCK TABLE", error("0A000", "LOCK is not supported in dev for awsuser")));
    bench.emulator.inject(Fault::on("RANDOM()", What::CutBefore));
    bench
        .emulator
        .inject(Fault::on("pg_get_viewdef", error("42883", "function pg_get_viewdef does not exist")));
    let (run, report) = examine(&bench, (SUPERUSER, PASSWORD));
    assert_eq!(run.exit, Some(1), "{run:#?}");
    assert_eq!(with_status(&report, "fails"), ["lock-table", "view-text", "random-in-procedure"]);
    assert_eq!(report["blocking"], json!(["lock-table", "view-text", "random-in-procedure"]));
    let lock = finding(&report, "lock-table");
    assert_eq!(lock["sqlstate"], "0A000");
    assert_eq!(lock["message"], "LOCK is not supported in <database> for <user>");
    assert!(lock["statement"].as_str().is_some_and(|sql| sql == "LOCK TABLE bootshift_doctor.t"), "{lock}");
    // An assumption of impersonation does not prevent a setup without it.
    bench.emulator.clear_faults();
    bench.emulator.inject(Fault::on("RANDOM()", error("0A000", "no")));
    let path = bench.payload("plain", &Case { group: None, ..ORDINARY });
    let run = self::run(&bench, (SUPERUSER, PASSWORD), &[path.to_str().expect("a path"), "--format", "json"]);
    assert_eq!(with_status(&json(&run), "fails"), ["random-in-procedure"]);
    assert_eq!((run.exit, &json(&run)["blocking"]), (Some(0), &json!([])));
}

#[test]
fn permanent_conflict_is_reported_as_not_tried() {
    let bench = bench(Options { conflicts: 1000, ..Options::default() });
    let (run, report) = examine(&bench, (SUPERUSER, PASSWORD));
    assert_eq!(report["user"]["createSchemas"], Value::Null, "{run:#?}");
    let lock = finding(&report, "lock-table");
    assert_eq!((&lock["status"], &lock["sqlstate"]), (&json!("notTried"), &json!("XX000")));
    assert_eq!(report["blocking"], json!([]));
}

/// The statements of a log in which something is written outside of a transaction, or committed.
fn lasting(bench: &Bench) -> Vec<String> {
    let log = bench.emulator.log();
    let mut is_open = std::collections::BTreeMap::new();
    let mut lasting = Vec::new();
    for statement in &log.statements {
        let is_open = is_open.entry(statement.connection).or_insert(false);
        // No body of a procedure has such a line.
        for sql in statement.sql.split(";\n") {
            let sql = sql.trim();
            match sql.split_whitespace().next().unwrap_or_default() {
                "BEGIN" => *is_open = true,
                "ROLLBACK" => *is_open = false,
                "SELECT" | "SHOW" => {}
                _ if sql == "SET search_path TO pg_catalog" => {}
                "COMMIT" | "END" if !statement.sql.starts_with("CREATE PROCEDURE") => {
                    *is_open = false;
                    lasting.push(sql.to_owned());
                }
                _ if *is_open => {}
                _ => lasting.push(sql.to_owned()),
            }
        }
    }
    lasting
}

#[test]
fn nothing_is_written_outside_of_transactions_that_are_rolled_back() {
    let bench = bench(Options::default());
    let before = bench.dump(DATABASE);
    for user in USERS {
        bench.emulator.reset_log();
        bench.emulator.conflicts(3);
        examine(&bench, user);
        assert_eq!(lasting(&bench), [""; 0], "{}", user.0);
        assert_same(&bench.dump(DATABASE), &before, user.0);
    }
    bench.emulator.reset_log();
    let many = ["BEGIN", "CREATE SCHEMA lasting", "COMMIT", "CREATE SCHEMA other"];
    bench.execute((SUPERUSER, PASSWORD), DATABASE, &many).expect("schemas");
    assert_eq!(lasting(&bench), ["COMMIT", "CREATE SCHEMA other"]);
}

#[test]
fn interrupted_or_killed_run_leaves_no_objects() {
    let bench = bench(Options::default());
    let before = bench.dump(DATABASE);
    let port = bench.emulator.port().to_string();
    for (at, signal) in [("DROP USER", "-INT"), ("pg_get_viewdef", "-INT"), ("LOCK TABLE", "-KILL")] {
        bench.emulator.reset_log();
        bench.emulator.inject(Fault::on(at, What::StallBefore));
        let arguments = ["--host", bench.emulator.host(), "--port", &port];
        let mut command = command(&bench, (SUPERUSER, PASSWORD), &arguments);
        let child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the command starts");
        let deadline = Instant::now() + Duration::from_secs(120);
        while !bench.emulator.log().texts().iter().any(|sql| sql.contains(at)) {
            assert!(Instant::now() < deadline, "{at} never came");
            thread::sleep(Duration::from_millis(5));
        }
        let sent = Command::new("kill").args([signal, &child.id().to_string()]).status();
        assert!(sent.expect("kill").success());
        let run = Run::of(child.wait_with_output().expect("an end"));
        let expected = if signal == "-INT" { Some(130) } else { None };
        assert_eq!(run.exit, expected, "{run:#?}");
        bench.wait_for_sessions(0);
        assert_same(&bench.dump(DATABASE), &before, at);
    }
}

#[test]
fn report_contains_no_names_of_host_user_or_payload() {
    let bench = bench(Options::default());
    let path = bench.payload("setup", &ORDINARY);
    let payload = path.to_str().expect("a path");
    for user in USERS {
        let run = run(&bench, user, &[payload, "--format", "json"]);
        let host = bench.emulator.host();
        for name in
            [user.0, host, DATABASE, ORDINARY.database, ORDINARY.user, ORDINARY.group.expect("a group")]
        {
            let is_part = |c: char| c.is_alphanumeric() || c == '_';
            let mut words = run.stdout.split(|c| !is_part(c));
            assert!(!words.any(|word| word == name) || name == "immuta", "{name}: {run:#?}");
        }
        assert!(run.stderr.starts_with(&format!("logging in to {host}:")), "{run:#?}");
    }
}

#[test]
fn exit_codes_distinguish_invalid_usage_and_unreachable_clusters() {
    let bench = bench(Options::default());
    let port = bench.emulator.port().to_string();
    let host = ["--host", bench.emulator.host(), "--port", &port];
    run(&bench, (SUPERUSER, SECRET), &host).expect(3);
    run(&bench, (SUPERUSER, PASSWORD), &[&host[..], &["--database", "nowhere"]].concat()).expect(3);
    run(&bench, (SUPERUSER, PASSWORD), &["--host", "127.0.0.1", "--port", "1"]).expect(3);
    run(&bench, (SUPERUSER, PASSWORD), &[]).expect(2);
    run(&bench, (SUPERUSER, PASSWORD), &["missing.yaml"]).expect(2);
    run(&bench, (SUPERUSER, PASSWORD), &["payload.yaml", "--host", "127.0.0.1"]).expect(2);
    run(&bench, (SUPERUSER, PASSWORD), &["payload.yaml", "--port", "5439"]).expect(2);
    std::fs::write(bench.folder().join("payload.yaml"), "type: Redshift\n").expect("a payload");
    run(&bench, (SUPERUSER, PASSWORD), &["payload.yaml"]).expect(1);
    assert_eq!(bench.logins(SUPERUSER).0, 0);
}

/// Without `--user`, the account of a payload with `autoBootstrap: true` logs in.
#[test]
fn account_of_an_automatic_payload_logs_in() {
    let bench = bench(Options::default());
    let path = bench.payload("automatic", &Case { user: MAKER, group: None, ..ORDINARY });
    let text = std::fs::read_to_string(&path).expect("a payload");
    let text = text
        .replace("\"autoBootstrap\": false", "\"autoBootstrap\": true")
        .replace(&format!("\"{SECRET}\""), "\"${MAKER_PASSWORD}\"");
    std::fs::write(&path, text).expect("a payload");
    let run = |password| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bootshift"));
        command
            .arg("doctor")
            .arg(&path)
            .args(["--sslmode", "disable", "--format", "json", "--existing-database"])
            .env("MAKER_PASSWORD", password)
            .env_remove("PGPASSWORD")
            .stdin(Stdio::null());
        Run::of(command.output().expect("the command runs"))
    };
    assert_eq!(json(&run(SECRET).expect(0))["blocking"], json!([]));
    let unset = run("").expect(1);
    assert!(unset.stderr.contains("error[unresolved-secret]"), "{unset:#?}");
}

/// The temporary objects of each run have a random name.
#[test]
fn concurrent_runs_do_not_conflict() {
    let bench = bench(Options::default());
    let port = bench.emulator.port().to_string();
    let arguments = ["--host", bench.emulator.host(), "--port", &port];
    let start = || {
        let mut command = command(&bench, (SUPERUSER, PASSWORD), &arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the command starts")
    };
    for child in [start(), start()] {
        let run = Run::of(child.wait_with_output().expect("an end")).expect(0);
        assert!(run.stdout.lines().any(|line| line.starts_with("ok  ")), "{run:#?}");
        assert!(
            !run.stdout.lines().any(|line| line.starts_with("fails") || line.starts_with("not tried")),
            "{run:#?}"
        );
    }
}

#[test]
fn unexpected_view_definition_is_reported_with_its_text() {
    let bench = bench(Options::default());
    bench.admin(
        DATABASE,
        "CREATE OR REPLACE FUNCTION pg_catalog.pg_get_viewdef(oid) RETURNS text LANGUAGE sql STABLE AS $$ SELECT \
         'SELECT other'::text $$",
    );
    let (run, report) = examine(&bench, (SUPERUSER, PASSWORD));
    assert_eq!(report["blocking"], json!(["view-text", "view-text-impersonation"]), "{run:#?}");
    let message = "not recognized: SELECT other";
    let view = finding(&report, "view-text");
    assert_eq!((&view["message"], &view["sqlstate"]), (&json!(message), &Value::Null));
}
