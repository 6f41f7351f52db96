//! `cargo xtask site` and `cargo xtask serve`: the page.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;
use crate::command::{Error, step, succeeds};
use crate::npm;
use crate::tools::npm_ci;

/// Builds the page and the package under it.
pub(crate) fn site(root: &Path) -> Result<Outcome, Error> {
    npm::pack(root)?;
    println!("{}", build(root)?.display());
    Ok(Outcome::Green)
}

/// Serves the page on a port of the loopback until it is stopped; port 0 is a free one.
pub(crate) fn serve(root: &Path, port: u16) -> Result<Outcome, Error> {
    npm::pack(root)?;
    let mut server = Command::new("node");
    server.arg("serve.mjs").arg(build(root)?).arg(port.to_string()).current_dir(root.join("www"));
    Ok(Outcome::from(succeeds(&mut server)?))
}

/// Builds the page on the package that has been built; gives its folder, which works below any path.
pub(crate) fn build(root: &Path) -> Result<PathBuf, Error> {
    let folder = root.join("www");
    npm_ci(&folder)?;
    step(Command::new("npm").args(["run", "--silent", "build"]).current_dir(&folder))?;
    let dist = folder.join("dist");
    npm::notices(root)?.write(&dist)?;
    Ok(dist)
}
