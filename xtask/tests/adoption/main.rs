//! Tests of the hooks, the action, the workflows and the packages as users install them, with pre-commit, npm, pip and
//! tools for workflows. `cargo xtask test adoption` build and install everything before, and pass the
//! paths in the environment. Nothing here uses the network.

mod ci;
// As a dependency, it would compile the core.
#[allow(dead_code, unreachable_pub, clippy::must_use_candidate, reason = "the crate for tests uses the rest")]
#[path = "../../../crates/testkit/src/mdtest.rs"]
mod mdtest;
mod packages;
mod precommit;
mod support;
