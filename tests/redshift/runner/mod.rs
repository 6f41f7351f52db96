//! Tests of `apply`, `status`, `remove` and `doctor` on the Redshift emulator.

#![allow(clippy::print_stdout, reason = "tests print how much they covered")]

mod also_dropped;
mod clusters;
mod concurrent;
mod dependents;
mod doctor;
mod drift;
mod faults;
pub(crate) mod harness;
mod kinds;
mod locks;
mod logins;
mod passwords;
mod races;
mod relaid;
mod reused_names;
mod scenarios;
mod setups;
// `script` has other options on other systems.
#[cfg(target_os = "linux")]
mod terminal;
mod trust;
mod upgrade;
