//! See the property.
#![no_main]

#[allow(dead_code)] // the tests use the rest
#[path = "../../tests/support/lexer.rs"]
mod lexer;
#[path = "../properties/emulator.rs"]
mod emulator;

libfuzzer_sys::fuzz_target!(|data: &[u8]| emulator::hold(data));
