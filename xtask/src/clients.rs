//! `cargo xtask clients`: drivers and a connection pooler run the scripts on the emulator.

use std::path::Path;
use std::process::Command;

use crate::Outcome;
use crate::command::{Error, cargo, require_crates, succeeds};
use crate::programs::PGBOUNCER;
use crate::tools::{install_clients, npm_ci};

/// Runs the tests.
pub(crate) fn run(root: &Path) -> Result<Outcome, Error> {
    require_crates(root)?;
    Ok(Outcome::from(succeeds(&mut tests(root)?)?))
}

/// The tests (`tests/integration/clients`), with the drivers in their pinned versions, which this installs once.
pub(crate) fn tests(root: &Path) -> Result<Command, Error> {
    npm_ci(&root.join("tests/integration/clients"))?;
    let drivers = install_clients()?;
    let mut command = cargo(
        root,
        "test --package bootshift --features native --test integration --no-fail-fast -- --ignored clients::",
    );
    command.env("BOOTSHIFT_CLIENTS", drivers).env("PGBOUNCER", PGBOUNCER.path()?);
    Ok(command)
}
