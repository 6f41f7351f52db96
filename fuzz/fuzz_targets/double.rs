//! See the property.
#![no_main]

#[allow(dead_code)] // the tests use the rest
#[path = "../../tests/support/lexer.rs"]
mod lexer;
#[path = "../properties/double.rs"]
mod double;

libfuzzer_sys::fuzz_target!(|data: &[u8]| double::hold(data));
