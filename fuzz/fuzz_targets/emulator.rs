//! See the property.
#![no_main]

#[path = "../properties/emulator.rs"]
mod emulator;

libfuzzer_sys::fuzz_target!(|data: &[u8]| emulator::hold(data));
