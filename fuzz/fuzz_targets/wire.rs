//! See the property.
#![no_main]

#[path = "../../tests/support/payload.rs"]
mod payload;
#[path = "../properties/wire.rs"]
mod wire;

libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::hold(data));
