//! The suite `reworded`: the tests of what people use, where every summary of a statement, message and help of a
//! diagnostic, title of a fix and name of a test is another one. Nothing may depend on words.

use std::env;
use std::fs;
use std::path::Path;

use crate::command::{Error, at, cargo, checkout_files, remove, target_folder};
use crate::npm;
use crate::page;
use crate::test_runs::{Tests, node_tests};

/// What `src/words.rs` is compiled with.
const CFG: &str = "--cfg=bootshift_reworded";

/// The tests of the runner and of the language server.
const NATIVE: &str =
    "test --package bootshift --test integration --test redshift --no-fail-fast -- runner:: lsp::";

/// A test of how many bytes the page has: other words take more.
const SIZE: &str = "www/test/size.test.js";

/// Runs them; what is compiled for them has folders of its own.
pub(crate) fn run(root: &Path, tests: &mut Tests) -> Result<(), Error> {
    let folder = target_folder()?.join("reworded");
    let flags = env::var("RUSTFLAGS").unwrap_or_default();
    let mut native = cargo(root, NATIVE);
    native.env("RUSTFLAGS", format!("{flags} {CFG}")).env("CARGO_TARGET_DIR", &folder);
    tests.run(&mut native)?;
    // A copy: a package with other words is not to be taken for the one that is given away.
    let copy = folder.join("checkout");
    remove(&copy)?;
    for name in checkout_files(root, ".")?.iter().filter(|name| *name != SIZE) {
        let target = copy.join(name);
        fs::create_dir_all(target.parent().expect("it lies in the copy")).map_err(at(&target))?;
        fs::copy(root.join(name), &target).map_err(at(&target))?;
    }
    npm::build(&copy, &[CFG])?;
    page::build(&copy)?;
    let mut page = node_tests(root, &copy.join("www"), false)?;
    let command = folder.join("debug").join("bootshift").with_extension(env::consts::EXE_EXTENSION);
    tests.run(page.env("BOOTSHIFT_BIN", command))
}
