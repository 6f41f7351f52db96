//! See the property.
#![no_main]

#[path = "../properties/scripts.rs"]
mod scripts;

libfuzzer_sys::fuzz_target!(|data: &[u8]| scripts::hold(data));
