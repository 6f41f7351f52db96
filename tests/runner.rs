//! `apply`, `status` and `remove` on the Redshift emulator, as their users run them.

#![allow(clippy::print_stdout, reason = "how much was tried is of interest")]

#[path = "runner/belief.rs"]
mod belief;
#[path = "runner/clusters.rs"]
mod clusters;
#[path = "runner/dependents.rs"]
mod dependents;
#[path = "runner/drift.rs"]
mod drift;
#[path = "support/emulator/mod.rs"]
mod emulator;
#[path = "runner/faults.rs"]
mod faults;
#[path = "runner/harness.rs"]
mod harness;
#[path = "runner/locks.rs"]
mod locks;
#[path = "runner/logins.rs"]
mod logins;
#[path = "runner/lost.rs"]
mod lost;
#[path = "runner/meanwhile.rs"]
mod meanwhile;
#[path = "runner/passwords.rs"]
mod passwords;
#[path = "runner/scenarios.rs"]
mod scenarios;
// `script` has other options on other systems.
#[path = "runner/setups.rs"]
mod setups;
#[path = "runner/takeover.rs"]
mod takeover;
#[cfg(target_os = "linux")]
#[path = "runner/terminal.rs"]
mod terminal;
#[path = "support/words.rs"]
mod words;
