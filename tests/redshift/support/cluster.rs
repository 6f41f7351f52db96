//! The kind of cluster that tests run on: `BOOTSHIFT_CLUSTER`, by default a provisioned cluster in one availability zone.
//! `cargo xtask test --whole` runs the tests on each kind.

use redshift_emulator::{Kind, Options};

/// The options of the emulator.
pub(crate) fn options() -> Options {
    let kind = match std::env::var("BOOTSHIFT_CLUSTER").as_deref() {
        Ok("serverless") => Kind::Serverless,
        Ok("multi-az") => Kind::MultiAz,
        Ok("provisioned") | Err(_) => Kind::Provisioned,
        Ok(other) => panic!("BOOTSHIFT_CLUSTER: there is no kind of cluster `{other}`"),
    };
    Options { kind, ..Options::default() }
}
