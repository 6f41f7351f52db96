//! See the property.
#![no_main]

#[path = "../properties/check.rs"]
mod check;

libfuzzer_sys::fuzz_target!(|data: &[u8]| check::hold(data));
