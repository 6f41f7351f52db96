//! Attacks on the run lock between an inspection and the next step of a run.

use std::thread;
use std::time::{Duration, Instant};

use super::harness::Run;
use super::trust::Fixture;
use redshift_emulator::{DATABASE, Fault, What};

/// Waits until a statement has arrived.
fn wait_for(fixture: &Fixture, text: &str, times: usize) {
    let deadline = Instant::now() + Duration::from_secs(60);
    let came = || fixture.bench.emulator.log().texts().iter().filter(|sql| sql.contains(text)).count();
    while came() < times {
        assert!(Instant::now() < deadline, "{text} never came");
        thread::sleep(Duration::from_millis(5));
    }
}

/// A run lock that another user can write by the time of stealing is not stolen.
#[test]
fn run_lock_that_becomes_writable_is_not_stolen() {
    /// Before the trust is checked again.
    const LOCK: &str = "LOCK TABLE bootshift_lock.run";
    for command in [&["apply", "--existing-database"] as &[&str], &["remove"]] {
        let fixture = Fixture::new();
        fixture.leave_a_run();
        fixture.bench.emulator.reset_log();
        fixture.bench.emulator.inject(Fault::on(LOCK, What::Delay(Duration::from_secs(3))));
        let run = fixture.bench.start(&[command, &[&fixture.payload, "--yes"]].concat());
        wait_for(&fixture, LOCK, 1);
        fixture.bench.admin(DATABASE, "GRANT UPDATE ON bootshift_lock.run TO mallory");
        let run = Run::of(run.wait_with_output().expect("an end")).expect(3);
        let failures = run.failures().join("\n");
        let expected = "bootshift_lock.run is not trusted: the user `mallory` can change it";
        assert!(failures.contains(expected), "{command:?}: {failures}");
        let log = fixture.bench.emulator.log();
        assert!(!log.texts().iter().any(|sql| sql.contains("DELETE FROM bootshift_lock.run")), "{command:?}");
        assert!(fixture.has_database(), "{command:?}");
    }
}

/// A run that waits for another one does not wait for a run lock that an ordinary user has created in the meantime.
#[test]
fn run_lock_created_while_a_run_waits_is_not_trusted() {
    let fixture = Fixture::new();
    fixture.bench.emulator.inject(Fault::on("CREATE TABLE immuta_system.profile", What::StallBefore));
    let mut first = fixture.bench.start(&["apply", &fixture.payload, "--yes", "--existing-database"]);
    wait_for(&fixture, "CREATE TABLE immuta_system.profile", 1);
    fixture.bench.emulator.reset_log();
    let second = fixture.bench.start(&["apply", &fixture.payload, "--yes", "--lock-timeout", "30"]);
    wait_for(&fixture, "FROM bootshift_lock.run", 2);
    fixture.bench.admin(
        DATABASE,
        "DROP SCHEMA bootshift_lock CASCADE; CREATE SCHEMA bootshift_lock AUTHORIZATION mallory; \
         CREATE TABLE bootshift_lock.run (database_name INTEGER); ALTER TABLE bootshift_lock.run OWNER TO mallory",
    );
    let second = Run::of(second.wait_with_output().expect("an end")).expect(3);
    let failures = second.failures().join("\n");
    assert!(failures.contains("the schema `bootshift_lock` belongs to the user `mallory`"), "{failures}");
    first.kill().expect("it is killed");
    first.wait().expect("an end");
}
