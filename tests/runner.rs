//! Tests of `apply`, `status`, `remove` and `doctor` on the Redshift emulator.

#![allow(clippy::print_stdout, reason = "tests print how much they covered")]

#[path = "runner/clusters.rs"]
mod clusters;
#[path = "runner/concurrent.rs"]
mod concurrent;
#[path = "runner/dependents.rs"]
mod dependents;
#[path = "runner/doctor.rs"]
mod doctor;
#[path = "runner/drift.rs"]
mod drift;
#[path = "runner/faults.rs"]
mod faults;
#[path = "runner/harness.rs"]
mod harness;
#[path = "runner/kinds.rs"]
mod kinds;
#[path = "support/lexer.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod lexer;
#[path = "runner/locks.rs"]
mod locks;
#[path = "runner/logins.rs"]
mod logins;
#[path = "runner/lost.rs"]
mod lost;
#[path = "runner/passwords.rs"]
mod passwords;
#[path = "runner/races.rs"]
mod races;
#[path = "runner/relaid.rs"]
mod relaid;
#[path = "runner/reused_names.rs"]
mod reused_names;
#[path = "runner/scenarios.rs"]
mod scenarios;
#[path = "runner/setups.rs"]
mod setups;
// `script` has other options on other systems.
#[path = "support/cluster.rs"]
mod cluster;
#[cfg(target_os = "linux")]
#[path = "runner/terminal.rs"]
mod terminal;
#[path = "runner/trust.rs"]
mod trust;
#[path = "runner/upgrade.rs"]
mod upgrade;
#[path = "support/words.rs"]
mod words;

use redshift_emulator as emulator;
