//! The hooks, the action, the workflows and the packages, tried as users meet them, with the programs that users have:
//! pre-commit, npm, pip, and what reads workflows. `cargo xtask test` and `cargo xtask adoption` build and install what
//! is tried, and name it in the environment; nothing here uses the network.

mod ci;
#[path = "../../../tests/support/mdtest.rs"]
mod mdtest;
mod packages;
mod precommit;
mod support;
