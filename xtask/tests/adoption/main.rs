//! Tests of the hooks, the action, the workflows and the packages as users install them, with pre-commit, npm, pip and
//! tools for workflows. `cargo xtask test` and `cargo xtask adoption` build and install everything before, and pass the
//! paths in the environment. Nothing here uses the network.

mod ci;
#[path = "../../../crates/testkit/src/mdtest.rs"]
mod mdtest;
mod packages;
mod precommit;
mod support;
