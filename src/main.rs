//! The `bootshift` command.
fn main() {}
