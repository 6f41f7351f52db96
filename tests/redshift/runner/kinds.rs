//! The life cycle of a setup on every kind of cluster: creation, use, change and removal.

use super::harness::{Bench, Case, ORDINARY, OTHER_SECRET, assert_same};
use redshift_emulator::{DATABASE, Kind, Options, PASSWORD, SUPERUSER};

const MIA: (&str, &str) = ("mia", "Example-Passw0rd");

/// Each kind of cluster, without and with the behavior of recent patches of Redshift.
fn clusters() -> impl Iterator<Item = Options> {
    let recent = Options {
        lockout: Some(5),
        default_privileges_remain: true,
        metadata_security: true,
        ..Options::default()
    };
    [Kind::Provisioned, Kind::Serverless, Kind::MultiAz]
        .into_iter()
        .flat_map(move |kind| [Options { kind, ..Options::default() }, Options { kind, ..recent }])
}

/// Sets up a case, uses it, changes it, and removes it.
fn life_cycle(bench: &Bench, old: &Case, new: &Case, mode: &[&str]) {
    let before = bench.dump(DATABASE);
    let [old_path, new_path] =
        [("old", old), ("new", new)].map(|(name, case)| bench.payload(name, case).display().to_string());
    bench.emulator.conflicts(2);
    let run = |arguments: &[&str]| bench.run(&[arguments, mode].concat()).expect(0).status();
    assert_eq!(run(&["apply", &old_path, "--yes"]), "enabled");
    assert_eq!(run(&["apply", &old_path, "--yes"]), "enabled");
    assert_eq!(run(&["status", &old_path]), "enabled");

    let database = old.database;
    let see = |identity: &str| {
        format!("SELECT 1 / COUNT(*) FROM immuta_system.user_profile WHERE immuta__userid = '{identity}'")
    };
    let account = (old.user, old.password);
    let profile = "INSERT INTO immuta_system.profile (immuta__userid) VALUES ('mia'), ('vic')";
    bench.execute(account, database, &[profile]).expect("the profile");
    bench.execute(MIA, database, &[&see("mia")]).expect("mia sees herself");
    if old.group.is_some() {
        bench
            .execute(account, database, &["CALL immuta_procedures.grant_impersonation('mia')"])
            .expect("mia is admitted");
        bench.emulator.block_on(async {
            let mia = bench.connect(MIA, database).await.expect("mia logs in");
            mia.batch_execute("CALL immuta_procedures.impersonate_user('vic')")
                .await
                .expect("mia impersonates");
            mia.batch_execute(&see("vic")).await.expect("mia sees what vic sees");
            let system = bench.connect(account, database).await.expect("the account logs in");
            system
                .batch_execute("CALL immuta_procedures.revoke_impersonation('mia')")
                .await
                .expect("the end");
            mia.batch_execute(&see("mia")).await.expect("mia sees herself");
        });
    }

    assert_eq!(run(&["apply", &new_path, "--old", &old_path, "--yes"]), "enabled");
    assert_eq!(run(&["status", &new_path]), "enabled");
    assert_eq!(run(&["remove", &new_path, "--yes"]), "deleted");
    assert_same(&bench.dump(DATABASE), &before, "removed");
}

#[test]
fn setups_work_on_every_kind_of_cluster() {
    for options in clusters() {
        println!("{options:?}");
        let bench = Bench::of(options);
        bench
            .execute((SUPERUSER, PASSWORD), DATABASE, &["CREATE USER mia PASSWORD 'Example-Passw0rd'"])
            .expect("mia");
        let off = Case { group: None, ..ORDINARY };
        let other = Case { user: "other_account", password: OTHER_SECRET, ..ORDINARY };
        life_cycle(&bench, &ORDINARY, &other, &[]);
        life_cycle(&bench, &off, &ORDINARY, &[]);
        life_cycle(&bench, &ORDINARY, &off, &[]);
        // In a database that is kept, the default privileges of the account are granted again.
        for case in [ORDINARY, off] {
            let case = Case { database: DATABASE, ..case };
            life_cycle(&bench, &case, &Case { password: OTHER_SECRET, ..case }, &[]);
        }
    }
}
